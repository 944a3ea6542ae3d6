"""The narrative of real documents: complete where it was checked by hand, in accord with the tables everywhere."""

from __future__ import annotations

import csv
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.inputs.sources import Hint
from pipeline.document.registry import read_content
from pipeline.document.text_dump import read_text
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.stages.reading import read_document
from pipeline.targets.target_reader import drop_project_amounts, read_targets

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SEEDS = {"hangzhou_2022": ("000_*.txt", 2022), "shanghai_2019": ("003_*.txt", 2019)}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not here")


def golden(table: str, doc: str) -> list[dict[str, str]]:
    with (SHARED / "golden" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["doc"] == doc]


def plain(text: object) -> str:
    return "".join(str(text or "").split()).translate(str.maketrans("（）：，＝“”／", '():,=""/'))


@pytest.fixture(scope="module", params=sorted(SEEDS))
def seed(request: pytest.FixtureRequest) -> tuple[str, SimpleNamespace]:
    pattern, year = SEEDS[request.param]
    (path,) = (SHARED / "seeds").glob(pattern)
    content = read_text(path.read_bytes())
    targets = read_targets(content, code_book())
    told = read_narrative(content, fiscal_year=year, book=code_book(), final=False)
    return request.param, SimpleNamespace(
        lines=told.lines,
        year_on_year=told.year_on_year,
        key_figures=told.key_figures,
        projects=targets.projects,
        performance_indicators=targets.indicators,
        held_back=drop_project_amounts(told.held_back, targets),
    )


def test_lines_are_the_golden_ones(seed: tuple[str, SimpleNamespace]) -> None:
    doc, told = seed

    def level(scheme: str, value: object) -> str:
        return str(value) if scheme in ("function", "department_economic") or str(value) == "0" else ""

    want = Counter(
        (r["statement"], r["flow"], r["scheme"], r["code"], r["level"], r["fund"], r["nature"], Decimal(r["amount"]))
        for r in golden("budget_lines", doc)
        if r["source"] == "narrative"
    )
    have = Counter((x.statement, x.flow, x.scheme, x.code or "", level(x.scheme, x.level), x.fund, x.nature, x.amount) for x in told.lines)
    assert want - have == Counter()
    assert have - want == Counter()
    assert not told.held_back


@pytest.mark.parametrize("table", ["year_on_year", "key_figures", "projects", "performance_indicators"])
def test_the_other_tables_contain_the_golden_rows(seed: tuple[str, SimpleNamespace], table: str) -> None:
    doc, told = seed
    numbers = {"change_amount", "change_pct", "value", "amount", "weight_pct"}

    def same(want: dict[str, str], row: dict[str, Any]) -> bool:
        return all(
            not text or (bool(row[name]) if name == "flat" else row[name] is not None and Decimal(row[name]) == Decimal(text))
            if name in numbers | {"flat"}
            else not text or plain(text) == plain(row[name])
            for name, text in want.items()
            if name != "doc"
        )

    missing = [want for want in golden(table, doc) if not any(same(want, row) for row in getattr(told, table))]
    assert not missing


@pytest.mark.parametrize("path", sorted((SHARED / "corpus").rglob("*.pdf")) if SHARED.is_dir() else [], ids=lambda p: p.parent.name)
def test_narrative_and_tables_agree(path: Path) -> None:
    """Of what a document's sentences and tables both state, nearly all is the same amount; a publisher may err now and then."""
    reading = read_document(path.read_bytes(), Hint())
    tried = [c for c in reading.checks if c["check_id"] == "N1" and c["outcome"] != "not_applicable"]
    failed = [(c["statement"], c["subject"], c["detail"]) for c in tried if c["outcome"] == "fail"]
    assert len(failed) <= max(3, 0.1 * len(tried)), failed
    assert all(c["severity"] == "warning" for c in reading.checks if c["check_id"] in ("N1", "N2"))


def test_reading_takes_a_few_milliseconds_a_page() -> None:
    contents = [read_content(path.read_bytes()) for path in sorted((SHARED / "corpus").rglob("*.pdf"))[::8]]
    start = time.process_time()
    for content in contents:
        read_narrative(content, fiscal_year=2026, book=code_book())
    spent = time.process_time() - start
    assert spent / sum(len(content.pages) for content in contents) < 0.01
