"""Readings on disk: whole or not at all, and only for the code that made them."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.document.sources import Hint
from pipeline.store.readings import ReadingStore, code_version, reading_key

FRAME = pl.DataFrame({"amount": ["1.00", "2.00"]}, schema={"amount": pl.String})
KEY = "ab" * 32


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    store = ReadingStore(tmp_path, "v1")
    store.write(KEY, {"budget_lines": FRAME, "checks": FRAME.clear()})
    kept = store.table(KEY, "budget_lines")
    assert kept is not None
    assert_frame_equal(kept, FRAME)
    assert store.table(KEY, "checks") is None
    assert store.table("cd" * 32, "budget_lines") is None


def test_another_version_of_the_code_knows_nothing(tmp_path: Path) -> None:
    ReadingStore(tmp_path, "v1").write(KEY, {"budget_lines": FRAME})
    assert ReadingStore(tmp_path, "v2").table(KEY, "budget_lines") is None


def test_a_damaged_reading_is_none(tmp_path: Path) -> None:
    store = ReadingStore(tmp_path, "v1")
    store.write(KEY, {"budget_lines": FRAME})
    file = next(path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:40])
    assert store.table(KEY, "budget_lines") is None


def test_old_versions_are_forgotten_the_latest_used_stay(tmp_path: Path) -> None:
    for version in ("v1", "v2", "v3", "v1", "v4"):
        store = ReadingStore(tmp_path, version)
        store.forget_old_versions()
        store.write(KEY, {"budget_lines": FRAME})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v1", "v3", "v4"]


def test_a_hint_makes_another_reading() -> None:
    assert reading_key(KEY, Hint()) == KEY
    keys = {reading_key(KEY, hint) for hint in (Hint(), Hint(fiscal_year=2019), Hint(fiscal_year=2020), Hint(department="2019"))}
    assert len(keys) == 4


def test_the_version_of_the_code_is_stable() -> None:
    assert code_version() == code_version()
    assert len(code_version()) == 16
