"""The cookbook's snippets, run as they are printed, on the dataset of the embedded samples: all give the same answer."""

import ast
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.publish.dataset import publish
from schemas.marts import SPENDING_BY_FUNCTION
from tests.pipeline.publish.samples import sample_dimensions, sample_partitions

ROOT = Path(__file__).parents[2]
COOKBOOK = ROOT / "docs" / "cookbook"
CARDS = ROOT / "pipeline" / "publish" / "description" / "cards"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset in it."""
    where = tmp_path_factory.mktemp("cookbook")
    publish(where / "dataset", sample_partitions(), sample_dimensions())
    return where


def snippets(page: str, language: str, folder: Path = COOKBOOK) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (folder / page).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def answer(folder: Path) -> list[tuple[str, str, Decimal]]:
    """The answer, added up from the long table by its own rule: the leaves of the one general public statement of 2019."""
    query = """
        SELECT left(code, 3) AS class, sum(amount) FROM read_parquet(?, hive_partitioning = true)
        WHERE fiscal_year = 2019 AND statement = 'general_public_by_function' AND source = 'table' AND unit IS NULL
          AND measure = 'budget' AND nature = 'total' AND is_leaf GROUP BY ALL ORDER BY class"""
    with duckdb.connect() as connection:
        rows = connection.execute(query, [f"{folder}/dataset/budget_lines/**/*.parquet"]).fetchall()
        in_force = "2019 BETWEEN first_year AND coalesce(last_year, 9999)"
        of_year = f"SELECT code, name FROM read_parquet(?) WHERE scheme = 'function' AND {in_force}"
        names = connection.execute(of_year, [f"{folder}/dataset/codes.parquet"])
        name = dict(names.fetchall())
    assert len(rows) > 1
    return [(code, name[code], amount) for code, amount in rows]


@pytest.mark.parametrize("page", ["polars.md", "pandas.md", "pyarrow.md", "superset-metabase.md"])
def test_python_snippets_answer_the_question(page: str, folder: Path, answer: list[tuple[str, str, Decimal]]) -> None:
    if page == "superset-metabase.md":
        pytest.importorskip("duckdb_engine")
    (code,) = snippets(page, "python")
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    said = run.stdout.replace("Decimal(", "(")
    assert [(c, n, Decimal(a)) for c, n, a in ast.literal_eval(said)] == answer


def test_sql_snippets_answer_the_question(folder: Path, answer: list[tuple[str, str, Decimal]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for snippet in snippets("duckdb.md", "sql"):
        with duckdb.connect() as connection:
            *before, last = [statement for statement in snippet.split(";") if statement.strip()]
            for statement in before:
                connection.execute(statement)
            assert connection.execute(last).fetchall() == answer


def test_the_version_is_held_as_the_cookbook_says(folder: Path) -> None:
    (code,) = snippets("README.md", "python")
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"


def test_the_cookbook_names_columns_that_there_are() -> None:
    for page in ("power-bi.md", "r.md", "excel.md"):
        text = (COOKBOOK / page).read_text(encoding="utf-8")
        assert "general_public_budget" in text
        assert set(re.findall(r"\b(?:general_public|expenditure)_\w+", text)) <= set(SPENDING_BY_FUNCTION.names)


def test_each_of_the_ten_questions_is_answered_by_one_query(folder: Path) -> None:
    queries = snippets("questions_en.md", "sql", CARDS)
    assert len(queries) == 10
    with duckdb.connect(str(folder / "dataset" / "dataset.duckdb"), read_only=True) as connection:
        answers = [connection.execute(query).fetchall() for query in queries]
    assert [bool(answer) for answer in answers].count(True) >= 6
    assert answers[0][0][2] == max(row[2] for row in answers[0] if row[2] is not None)


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6, 7])
def test_no_ranking_mixes_departments_and_units_without_saying_so(number: int) -> None:
    query = snippets("questions_en.md", "sql", CARDS)[number - 1]
    assert "level" in query
