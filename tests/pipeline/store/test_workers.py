"""Documents in worker processes: the same rows as in this process, whatever was read before; and nothing that a worker may not say."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import Contents, Listed, are_plausible
from pipeline.document.inputs.collecting import collect, source_of
from pipeline.document.inputs.sources import Source, look_here
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.store import workers
from pipeline.store.catalogue import MapDocuments, Task, TaskOutcome, catalogue_of, run_stages
from pipeline.store.chain import Chain, Stage, key_of_stage, stage_versions
from pipeline.store.frames import pack, proven_frames
from pipeline.store.processes.limits import Limits
from pipeline.store.results import LARGEST_UNPACKED, ResultStore, packed
from pipeline.store.workers import Question, archives_in_processes, bytes_of, in_processes
from schemas.export import InvalidFrame, empty_frame
from schemas.tables import BUDGET_LINES

QUICK = ("narrative_2022.txt", "tables_2019.txt")


def sources() -> list[Source]:
    return [source_of(SAMPLES / name, look_here) for name in QUICK]


def nothing(done: int, total: int, name: str) -> None:
    """Show nothing."""


def here(tasks: Sequence[Task]) -> Iterator[TaskOutcome]:
    for task in tasks:
        yield TaskOutcome(task, run_stages(task))


def rows(folder: Path, run: MapDocuments, given: list[Source]) -> pl.DataFrame:
    return catalogue_of(given, ResultStore(folder), stage_versions(), run, nothing).frame


def test_workers_make_what_this_process_makes(tmp_path: Path) -> None:
    made = rows(tmp_path / "workers", in_processes(2), sources())
    assert made["status"].to_list() == ["published"] * 2
    assert made["media_type"].to_list() == ["text/plain"] * 2
    assert made.equals(rows(tmp_path / "here", here, sources()))


def test_what_a_limit_stopped_is_not_read_again_until_asked_or_the_limits_change(tmp_path: Path) -> None:
    one = sources()[:1]
    task = Task(one[0], tmp_path, stage_versions())
    little = Limits(memory=1)
    (first,) = in_processes(1, limits=little)([task])
    assert first.failure is not None and "memory" in first.failure
    (again,) = in_processes(1, limits=little)([task])
    assert (again.failure, again.known, again.media_type) == (first.failure, True, first.media_type)
    (asked,) = in_processes(1, limits=little, retry=True)([task])
    assert asked.failure is not None and "memory" in asked.failure and not asked.known
    frame = rows(tmp_path, in_processes(1, limits=little), one)
    assert (frame["status"].item(), frame["reason"].item()) == ("quarantined", asked.failure)
    (enough,) = in_processes(1)([task])
    assert enough.failure is None and Stage.CHECKING in enough.made


def test_a_file_that_has_gone_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes((SAMPLES / QUICK[0]).read_bytes())
    task = Task(source_of(file, look_here), tmp_path / "results", stage_versions())
    content = file.read_bytes()
    file.unlink()
    (gone,) = in_processes(1)([task])
    assert gone.failure == "The file cannot be read: No such file or directory."
    file.write_bytes(content + b" ")
    (other,) = in_processes(1)([task])
    assert other.failure == "The file changed while it was being processed."
    file.write_bytes(content)
    (back,) = in_processes(1)([task])
    assert back.failure is None


def checked(folder: Path, source: Source) -> dict[str, pl.DataFrame]:
    versions = stage_versions()
    return Chain(ResultStore(folder), versions, workers.document_of(source)).frames()


def asked(clerk: workers._Clerk, about: str, stage: str = "", body: bytes = b"") -> bytes:
    return clerk.answer(workers._encode(Question(about, stage, body)))  # type: ignore[arg-type]


def test_a_worker_speaks_of_its_own_document_only(tmp_path: Path) -> None:
    """Whatever a worker in a document's hands says: what is not provably of its own document is refused, and nothing of it is kept."""
    own, other = sources()
    store = ResultStore(tmp_path / "kept")
    clerk = workers._Clerk(Task(own, store.folder, stage_versions()))
    whole = checked(tmp_path / "own", own)
    for stage in (Stage.EXTRACTION, Stage.RECOGNITION, Stage.CODING):
        asked(clerk, "keep", stage, packed(b"made up"))
    more = {**whole, BUDGET_LINES.name: whole[BUDGET_LINES.name].head(3)}
    renamed = {**whole, "findings": whole["checks"]}
    for frames in (
        checked(tmp_path / "other", other),
        {
            name: frame.with_columns(document_id=pl.lit("0" * 16)) if "document_id" in frame.columns else frame
            for name, frame in whole.items()
        },
        more,
        renamed,
        {"documents": whole["documents"].head(0)},
        {**whole, "documents": whole["documents"].with_columns(status=pl.lit("superseded"))},
        {**whole, "documents": whole["documents"].with_columns(bytes=pl.lit(1, pl.Int64))},
    ):
        with pytest.raises(UnreadableDocument, match="not valid"):
            asked(clerk, "keep", Stage.CHECKING, packed(pack(frames)))
    for body in (b"", b"\xff" * 40, (LARGEST_UNPACKED + 1).to_bytes(8, "big") + b"x", packed(b"no tables"), packed(pack(whole))[:-7]):
        with pytest.raises(UnreadableDocument, match="not valid"):
            asked(clerk, "keep", Stage.CHECKING, body)
    assert (
        store.hash_of(
            Stage.CHECKING, clerk.task.versions[Stage.CHECKING], key_of_stage(Stage.CHECKING, workers.document_of(own), clerk._hashes)
        )
        is None
    )
    assert clerk.incomplete() == "The reader ended before it had read the document."
    asked(clerk, "keep", Stage.CHECKING, packed(pack(whole)))
    assert clerk.incomplete() is None


def test_questions_that_no_worker_asks_are_refused(tmp_path: Path) -> None:
    clerk = workers._Clerk(Task(sources()[0], tmp_path, stage_versions()))
    for said in (b"", b"\x00" * 50, workers._encode({"about": "delete"}), workers._encode({"about": "hash", "stage": "../../etc"})):
        with pytest.raises(UnreadableDocument, match="cannot ask"):
            clerk.answer(said)
    with pytest.raises(UnreadableDocument, match="cannot ask"):
        asked(clerk, "keep", Stage.CODING, packed(b""))  # before what it is made from
    asked(clerk, "type", "application/x-made-up")
    assert clerk.media_type is None
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_tables_with_damaged_insides_are_refused(tmp_path: Path) -> None:
    own = sources()[0]
    whole = pack(checked(tmp_path, own))
    facts = workers.facts_of(own)
    assert proven_frames(whole, facts)["documents"].height == 1
    for place in range(40, len(whole), max(1, len(whole) // 150)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x41
        try:
            frames = proven_frames(bytes(damaged), facts)
        except InvalidFrame:
            continue
        assert all(frame.schema == empty_frame(table).schema for table in (BUDGET_LINES,) for frame in (frames[table.name],))


def test_an_empty_file_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    frame = rows(tmp_path / "results", in_processes(1), [source_of(tmp_path / "a.pdf", look_here)])
    assert frame.select("status", "reason", "media_type").row(0) == ("quarantined", "The file is empty.", "application/x-empty")


def test_a_hint_is_part_of_what_was_stopped(tmp_path: Path) -> None:
    own = sources()[0]
    known = workers.StoppedDocuments(ResultStore(tmp_path), stage_versions(), Limits())
    known.note(own, "It is too long.", None)
    assert known.reason_of(own) is not None
    assert known.reason_of(replace(own, hint=replace(own.hint, fiscal_year=2020))) is None


def test_archives_are_looked_into_by_workers_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"text")
        archive.writestr("large.bin", os.urandom(1 << 20) * 200)
    with zipfile.ZipFile(tmp_path / "package.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:40])
    expected = collect([tmp_path], look_here)
    with monkeypatch.context() as walls:
        walls.setattr("pipeline.document.inputs.archives.zipfile.ZipFile", None)  # nothing is unpacked in this process
        assert collect([tmp_path], archives_in_processes(1)) == expected
        assert source_of(tmp_path / "a.zip!/a.txt", archives_in_processes(1)).sha256 == hashlib.sha256(b"text").hexdigest()
        assert bytes_of(source_of(tmp_path / "a.zip!/a.txt", archives_in_processes(1)), Limits(), strict=False) == b"text"
        with pytest.raises(UnreadableDocument, match="more than 39 MiB is not taken out of an archive"):
            bytes_of(next(source for source in expected if source.file_name.endswith("large.bin")), Limits(), strict=False)
        (small,) = collect([tmp_path / "a.zip"], archives_in_processes(1, limits=Limits(memory=64 << 20)))
    assert small.unavailable == "Reading needs more than 0.0625 GiB of memory."


@pytest.mark.parametrize(
    "listed",
    [
        Listed("../outside", "a" * 64),
        Listed("a.txt", "no hash"),
        Listed("a.txt"),
        Listed("a\x1b[2J.txt", "a" * 64),
        Listed("a.txt!/../b.txt", "a" * 64),
        Listed("a.txt", "a" * 64, unavailable="both"),
    ],
)
def test_what_a_worker_cannot_have_seen_in_an_archive_is_refused(listed: Listed) -> None:
    assert are_plausible(Contents((Listed("预算/a.txt", "a" * 64), Listed("b.zip!/c.txt", unavailable="It is damaged."))))
    assert not are_plausible(Contents((listed,)))
    assert not are_plausible(Contents((Listed("a.txt", "a" * 64), Listed("a.txt", "b" * 64))))
