"""The gate: what counts as a fall of the pass rate, and reading back what was published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.gate import pass_rate_fall, published_partition
from pipeline.store.frames import document_frames
from schemas.export import empty_frame
from schemas.tables import DIMENSIONS
from tests.pipeline.publish.samples import check, facts, reading


def checks(passed: int, failed: int, warned: int = 0, idle: int = 0) -> pl.DataFrame:
    rows = (
        [("pass", "error")] * passed
        + [("fail", "error")] * failed
        + [("fail", "warning")] * warned
        + [("not_applicable", "warning")] * idle
    )
    return pl.DataFrame(rows, schema=["outcome", "severity"], orient="row")


@pytest.mark.parametrize(
    ("before", "now", "falls"),
    [
        (checks(10, 0), checks(10, 0), False),
        (checks(10, 0), checks(9, 1), True),
        (checks(9, 1), checks(90, 10), False),
        (checks(9, 1), checks(10, 0), False),
        (checks(10, 0), checks(10, 0, warned=5), False),
        (checks(10, 0), checks(5, 0, idle=5), False),
        (checks(10, 0), checks(0, 0, idle=5), False),
        (checks(0, 0), checks(0, 5), False),
        (None, checks(0, 5), False),
    ],
)
def test_only_a_greater_share_of_errors_is_a_fall(before: pl.DataFrame | None, now: pl.DataFrame, falls: bool) -> None:
    assert (pass_rate_fall(before, now) is not None) is falls


def test_a_fall_is_said_in_numbers() -> None:
    assert (
        str(pass_rate_fall(checks(10, 0), checks(9, 1))) == "its pass rate falls from 100.000 % (0 of 10 fail) to 90.000 % (1 of 10 fail)"
    )


def test_a_published_partition_is_read_back_as_it_was(tmp_path: Path) -> None:
    frames = document_frames(reading(checks=[check(), check("fail")]), facts())
    publish(tmp_path / "d", split_by_partition(frames), {table.name: empty_frame(table) for table in DIMENSIONS})
    found = published_partition(tmp_path / "d", (2024, "CN-ZJ"))
    assert found is not None
    assert all(found[name].equals(frames[name]) for name in frames)
    assert published_partition(tmp_path / "d", (2023, "CN-ZJ")) is None
    assert published_partition(tmp_path / "none", (2024, "CN-ZJ")) is None
