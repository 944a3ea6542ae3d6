"""Release notes: what one version changed against the one before, counted by hand."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.description.release_notes import _literal, compare, release_notes
from pipeline.publish.versions.kept_versions import notes_of
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import check, facts, line, reading, sample_dimensions

DIMENSIONS = sample_dimensions(5)


def published(folder: Path, *documents: tuple[str, Checked]) -> Path:
    frames = [document_frames(one, facts(mark, f"{mark}.pdf")) for mark, one in documents]
    whole = {table.name: pl.concat([f[table.name] for f in frames]) for table in PARTITIONED}
    return publish(folder, split_by_partition(whole), DIMENSIONS).folder


def one(lines: list[Any], outcome: str = "pass", **changes: Any) -> Checked:
    made = reading(lines=lines, checks=[check(outcome)])
    return Checked(document={**made.document, **changes}, lines=made.lines, checks=made.checks)


def test_documents_lines_and_checks_are_told(tmp_path: Path) -> None:
    kept, gone = [line(1), line(2, "5"), line(3)], reading(2024, "CN-ZJ", "旧局")
    old = published(tmp_path / "old", ("a", one(kept)), ("b", gone), ("c", one([line(1)], department="另局")))
    later = [line(1), line(2, "6"), line(4), line(5)]
    superseded = one([line(1)], department="另局", status="superseded", superseded_by="d" * 16)
    new = published(tmp_path / "new", ("a", one(later, "fail")), ("c", superseded), ("d", reading(2025, "CN-SH", "新局")))
    found = compare(old, new)
    assert found.added == ("新局, 2025 (d.pdf)",)
    assert found.removed == ("旧局, 2024 (b.pdf)",)
    assert found.became == {"superseded": ("另局, 2024 (c.pdf)",)}
    assert (found.lines_added, found.lines_removed, found.lines_changed) == (2, 1, 1)
    assert found.checks == {("pass", "fail"): 1}
    assert found.rows["documents"] == (3, 3)
    notes = release_notes(found)
    assert "2 added, 1 removed, 1 changed." in notes
    assert "* pass → fail: 1" in notes
    assert f"`{found.old}`" in notes


def test_the_lines_in_which_a_correction_differs_are_listed(tmp_path: Path) -> None:
    before = [line(1), line(2, "5", code="2010302", name="机关服务"), line(3, "7", code="2010350", name="事业运行")]
    after = [line(1), line(2, "6.50", code="2010302", name="机关服务"), line(3, "8", code="2010399", name="其他支出")]
    old = published(tmp_path / "old", ("a", one(before)))
    superseded = one([], status="superseded", superseded_by="d" * 16)
    new = published(tmp_path / "new", ("a", superseded), ("d", one(after)))
    (correction,) = compare(old, new).corrections
    assert correction.by == "d" * 16
    assert {(each.what.split(", ")[2], each.before, each.after) for each in correction.lines} == {
        ("机关服务", Decimal("5.00"), Decimal("6.50")),
        ("事业运行", Decimal("7.00"), None),
        ("其他支出", None, Decimal("8.00")),
    }
    notes = release_notes(compare(old, new))
    assert "## Corrected: 某局, 2024 (a.pdf)" in notes and "3 lines differ" in notes
    assert "机关服务, general_public, total, budget: 5.00 → 6.50" in notes


def test_notes_are_kept_with_the_version_and_not_in_the_dataset(tmp_path: Path) -> None:
    folder = published(tmp_path / "dataset", ("a", reading()))
    first = notes_of(folder)
    assert first is not None
    assert "first version" in first.read_text()
    published(tmp_path / "dataset", ("a", reading()), ("b", reading(2025, "CN-SH", "新局")))
    second = notes_of(folder)
    assert second is not None
    assert "## Documents added: 1" in second.read_text()
    assert not list(folder.glob("*NOTES*"))
    published(tmp_path / "dataset", ("a", reading()), ("b", reading(2025, "CN-SH", "新局")))
    again = notes_of(folder)
    assert again == second
    assert "## Documents added: 1" in second.read_text()


def test_names_are_shown_as_they_stand() -> None:
    """Neither a heading nor a picture nor an escape of the terminal can come from a file's name."""
    hostile = "a\x1b]0;title\x07\n# Forged heading\n<img src=x onerror=y> [link](http://x) \u202efdp.exe"
    shown = _literal(hostile)
    assert shown.isprintable()
    assert shown.startswith(r"a\\x1b\]0;title\\x07\\n\# Forged heading")
    assert not re.search(r"(?<!\\)[<>#\[\]`*]", shown)
    assert _literal("上海市_某局（本级） 2024.pdf") == "上海市_某局（本级） 2024.pdf"


def test_a_version_without_some_of_the_columns_is_compared_by_those_that_it_has(tmp_path: Path) -> None:
    """An upgrade adds columns: the first build after it meets a dataset that lacks them."""
    old = published(tmp_path / "old", ("a", one([line(1), line(2, "5")])))
    new = published(tmp_path / "new", ("a", one([line(1), line(2, "6")])))
    for path in (old / "budget_lines").rglob("*.parquet"):
        frame = pl.read_parquet(path, hive_partitioning=False)
        frame.drop("unit_evidence", "function_code", "cell").write_parquet(path)
    found = compare(old, new)
    assert (found.lines_added, found.lines_removed, found.lines_changed) == (0, 0, 1)
