"""The tables of a partition: gathered document by document, in bounded memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.store.catalogue import CATALOGUE_SCHEMA
from pipeline.store.chain import Stage
from pipeline.store.frames import document_frames, pack
from pipeline.store.partitions import partition
from pipeline.store.partitions.partition import CheckedTables, partition_tables
from pipeline.store.results import ResultStore
from schemas.tables import BUDGET_LINES, DOCUMENTS
from tests.pipeline.publish.samples import facts, line, reading

MARKS = "abcdefg"


def stored(folder: Path) -> tuple[pl.DataFrame, ResultStore]:
    """Return seven documents, the third of which is quarantined, and what was checked of them."""
    store, rows = ResultStore(folder), []
    for mark in MARKS:
        made = reading(year=2024, lines=[line(n, f"{n}{ord(mark)}.00") for n in range(1, 4)])
        made.document.update(kind="budget", level="department", department=f"清风市{mark}局")
        if mark == "c":
            made.document.update(status="quarantined", reason="Nothing in it is readable.")
        frames = document_frames(made, facts(mark, f"{mark}.pdf"))
        store.put(Stage.CHECKING, "1", mark, pack(frames))
        further = {"published_at": None, "correction": False, "primary": True, "checked": mark, "content": mark}
        rows.append(frames["documents"].row(0, named=True) | further)
    return pl.DataFrame(rows, schema=dict(CATALOGUE_SCHEMA), orient="row"), store


@pytest.mark.parametrize("at_once", [1, 2, 3, 500])
def test_tables_do_not_tell_how_many_documents_were_held_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    catalogue, store = stored(tmp_path)
    province = catalogue["province"][0]
    monkeypatch.setattr(partition, "_DOCUMENTS_AT_ONCE", at_once)
    tables = partition_tables(catalogue, CheckedTables(store, "1"), 2024, province)
    assert tables[BUDGET_LINES.name].height == 3 * (len(MARKS) - 1)
    assert tables[DOCUMENTS.name].height == len(MARKS)
    monkeypatch.setattr(partition, "_KEPT_BYTES", 1)
    for name, frame in partition_tables(catalogue, CheckedTables(store, "1"), 2024, province).items():
        assert_frame_equal(frame, tables[name])


def test_a_result_is_fetched_once_while_there_is_room_and_again_when_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, store = stored(tmp_path)
    fetched: Counter[str] = Counter()
    get = ResultStore.get

    def counted(self: ResultStore, stage: str, version: str, key: str) -> bytes:
        fetched[key] += 1
        return get(self, stage, version, key)

    monkeypatch.setattr(ResultStore, "get", counted)
    checked = CheckedTables(store, "1")
    for mark in "aba":
        assert checked.table(mark, BUDGET_LINES).height == 3
    assert fetched == {"a": 1, "b": 1}
    monkeypatch.setattr(partition, "_KEPT_BYTES", 1)
    for mark in "cac":
        checked.table(mark, DOCUMENTS)
    assert fetched == {"a": 2, "b": 1, "c": 2}
