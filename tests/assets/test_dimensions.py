"""What all documents together say: no code of a line without a row in `codes`, one row per department, kept partitions included."""

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from schemas.classification.code_lists import code_rows
from tests.assets.conftest import Build, document
from tests.assets.test_samples import yusuan

Table = Callable[..., pl.DataFrame]
ROOT = Path(__file__).parents[2]


def dimension(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet")


def codes_without_a_row(folder: Path) -> pl.DataFrame:
    """Return the codes of classifications in `budget_lines` that `codes` does not have."""
    lines = pl.read_parquet(folder / "budget_lines" / "**" / "*.parquet", hive_partitioning=True)
    codes = dimension(folder, "codes").select("scheme", "code").unique()
    own = lines.filter(pl.col("scheme").is_in(["function", "department_economic", "government_economic", "three_public"]))
    used = [own.select("scheme", "code")]
    for column, scheme in (("department_economic_code", "department_economic"), ("government_economic_code", "government_economic")):
        used.append(lines.select(pl.lit(scheme).alias("scheme"), pl.col(column).alias("code")))
    return pl.concat(used).drop_nulls().unique().join(codes, on=["scheme", "code"], how="anti")


def test_every_code_of_a_line_is_in_codes(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "a").write_bytes(document(amounts={"201": 100, "2019701": 70, "3010203": 5}))
    build()
    assert codes_without_a_row(tmp_path / "out").is_empty()
    codes = dimension(tmp_path / "out", "codes")
    unknown = codes.filter(pl.col("code") == "2019701").to_dicts()[0]
    assert (unknown["name"], unknown["parent"], unknown["evidence"]) == ("科目2019701", "201", "single")
    parents = codes.filter(pl.col("parent").is_not_null()).select("scheme", pl.col("parent").alias("code"))
    assert parents.join(codes, on=["scheme", "code"], how="anti").is_empty()


def test_codes_and_departments_of_kept_partitions_stay(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "old").write_bytes(document(2018, department="上海市甲局", amounts={"2019701": 70}))
    build()
    (inputs / "new").write_bytes(document(2019, department="甲局", amounts={"2019702": 70}))
    build(wanted=lambda year, province: year == 2019)
    codes = dimension(tmp_path / "out", "codes")
    assert {"2019701", "2019702"} <= set(codes["code"])
    assert codes_without_a_row(tmp_path / "out").is_empty()
    [department] = dimension(tmp_path / "out", "departments").to_dicts()
    assert department["names"] == ["上海市甲局", "甲局"]
    assert (department["first_year"], department["last_year"], department["documents"]) == (2018, 2019, 2)
    documents = pl.read_parquet(tmp_path / "out" / "documents" / "**" / "*.parquet", hive_partitioning=True)
    assert set(documents["department_id"]) == {department["department_id"]}


def test_what_is_gone_attests_nothing(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "old").write_bytes(document(2018, amounts={"2019701": 70}))
    (inputs / "new").write_bytes(document(2019))
    build()
    (inputs / "old").unlink()
    build(acknowledged={"documents": "withdrawn"})
    assert dimension(tmp_path / "out", "codes").filter(~pl.col("scheme").is_in(["three_public", "revenue_item"])).height == len(code_rows())


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    built = yusuan(folder, "build")
    assert built.returncode == 0, built.stderr
    return folder / "dataset"


def test_the_samples_reference_codes(samples: Path) -> None:
    assert codes_without_a_row(samples).is_empty()
    pairs = dimension(samples, "code_attestations")
    assert pairs.filter((pl.col("code") == "2010301") & (pl.col("name") == "行政运行"))["documents"].to_list() == [1]
    assert pairs["conflict"].null_count() == pairs.height


def answers(samples: Path, page: str, mark: str) -> list[tuple[object, ...]]:
    """Return what the SQL of a page that holds `mark` answers on the samples."""
    [query] = [sql for sql in re.findall(r"```sql\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL) if mark in sql]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{samples / 'dataset.duckdb'}' AS yusuan (READ_ONLY)")
        return connection.sql(query).fetchall()


def test_spending_by_division_as_the_readme_asks(samples: Path) -> None:
    rows = {(row[0], row[2]): row[3] for row in answers(samples, "README.md", "yusuan.cofog")}
    assert {year for _, year in rows} == {2019, 2022, 2024}
    assert rows["01", 2019] == 26_494_265 + 133_340_000  # 2010301 and 2010302
    assert rows["07", 2019] == 1_612_116 + 30_000  # 2101101 and 2109901


@pytest.mark.parametrize("page", ["README.md", "docs/codes.md"])
def test_one_code_through_a_rename_as_the_pages_ask(samples: Path, page: str) -> None:
    rows = answers(samples, page, "c.series = '20805'")
    names = {row[0]: row[3] for row in rows}
    assert names[2019] == "行政事业单位离退休"
    assert names[2024] == "行政事业单位养老支出"


def test_there_is_nothing_to_decide_about_the_samples(samples: Path) -> None:
    assert answers(samples, "docs/codes.md", "decision IS NULL") == []
