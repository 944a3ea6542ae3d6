"""Documents in an archive go through the stages as others do, and are found again by what the catalogue keeps of them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.document.inputs.collecting import collect, source_of
from pipeline.samples import DOCUMENTS
from pipeline.store.catalogue import Task, TaskOutcome, catalogue_of, run_stages, sources_of
from pipeline.store.chain import stage_versions
from pipeline.store.processes.limits import Limits
from pipeline.store.results import ResultStore
from pipeline.store.workers import archives_in_processes, bytes_of


def here(tasks: Sequence[Task]) -> Iterator[TaskOutcome]:
    for task in tasks:
        yield TaskOutcome(task, run_stages(task))


def test_an_archive_is_found_again_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are in a folder of their own."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "text")
    monkeypatch.chdir(tmp_path)
    for source in (*collect([Path("a.zip")], archives_in_processes(1)), source_of(Path("a.zip!/a.txt"), archives_in_processes(1))):
        assert bytes_of(source, Limits(), strict=False) == b"text"


def test_documents_of_an_archive_are_catalogued_and_opened_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(DOCUMENTS / "tables_2019.txt", "部门/tables.txt")
        archive.writestr("zeros.bin", bytes(20 << 20))
    catalogue = catalogue_of(
        collect([tmp_path], archives_in_processes(1)), ResultStore(tmp_path / "results"), stage_versions(), here, lambda *_: None
    ).frame
    rows = {row["file_name"]: (row["status"], row["fiscal_year"], row["reason"]) for row in catalogue.to_dicts()}
    assert rows == {
        "a.zip!/zeros.bin": ("quarantined", 0, "The file unpacks to more than 500 times its size."),
        "a.zip!/部门/tables.txt": ("published", 2019, None),
    }
    again = {source.file_name: source for source in sources_of(catalogue)}
    assert again["a.zip!/部门/tables.txt"].read() == (DOCUMENTS / "tables_2019.txt").read_bytes()
    assert again["a.zip!/zeros.bin"].unavailable == "The file unpacks to more than 500 times its size."
