"""Partitions wait on disk as they are; what a killed build left there is cleared away, what another one works on is not."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.store.frames import empty_frames
from pipeline.store.partitions.staged_partitions import staged_partitions
from schemas.tables import FINDINGS

FINDING = {"document_id": "a" * 16, "fiscal_year": 2024, "province": "CN", "finding": "other", "subject": "", "frequency": 1, "item": 1}


def tables() -> dict[str, pl.DataFrame]:
    empty = empty_frames()
    rows = pl.DataFrame([FINDING], schema_overrides=empty[FINDINGS.name].schema)
    return {**empty, FINDINGS.name: pl.concat([empty[FINDINGS.name], rows], how="diagonal")}


def test_tables_come_back_as_they_were(tmp_path: Path) -> None:
    with staged_partitions(tmp_path) as staged:
        staged.put((2024, "CN"), tables())
        staged.put((2023, "CN-SH"), empty_frames())
        assert list(staged) == [(2024, "CN"), (2023, "CN-SH")] and len(staged) == 2
        for partition, given in (((2024, "CN"), tables()), ((2023, "CN-SH"), empty_frames())):
            found = staged[partition]
            assert found.keys() == given.keys()
            assert all(found[name].equals(frame) and found[name].schema == frame.schema for name, frame in given.items())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_goes_and_what_another_works_on_stays(tmp_path: Path) -> None:
    (tmp_path / "left" / "2024-CN").mkdir(parents=True)
    with staged_partitions(tmp_path) as one:
        one.put((2024, "CN"), tables())
        with staged_partitions(tmp_path) as other:
            other.put((2024, "CN"), empty_frames())
            assert one[2024, "CN"][FINDINGS.name].height == 1
            assert len(list(tmp_path.iterdir())) == 2
