"""Where documents are taken through the stages: in worker processes of this machine, each document in its own.

A worker reads its one file and asks the parent for everything else: which results of its document are stored, for one of them, to keep one.
The parent works out the keys itself, so that a worker can speak of no document but its own, and proves what ends in the dataset.

Belongs here: what worker and parent ask and answer; this is the module that worker processes import. Archives are looked into likewise,
before it is known which documents there are. Another way to spread the work (a
cluster) is another function of the type `MapDocuments`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import Contents, archive_at, are_plausible, contents_of, is_inside
from pipeline.document.inputs.sources import Hint, Looked, LookInside, Source
from pipeline.document.media_types import MEDIA_TYPES, media_type
from pipeline.document.registry import load_readers
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.stages.reading import read_document
from pipeline.store.catalogue import MapDocuments, Task, TaskOutcome, document_of, facts_of, keep_summary
from pipeline.store.chain import Chain, Stage, key_of_stage
from pipeline.store.frames import proven_frames
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import Limits
from pipeline.store.processes.messages import LONGEST_FRAME
from pipeline.store.processes.worker_server import Desk
from pipeline.store.results import DamagedResult, ResultStore, TooLarge, hash_of_body, packed, unpacked
from pipeline.store.stopped import StoppedDocuments
from schemas.export import InvalidFrame

_LARGEST_UNPACKED = LONGEST_FRAME - (1 << 20)
"""Bytes of a document that a worker hands to its parent: as many as it may say at once."""

_TOO_LARGE = "More was read of the document than can be kept."


class Question(msgspec.Struct, frozen=True):
    """What a worker asks: the hash or the body of the stored result of a stage, to keep a body, to note the type of its bytes."""

    about: Literal["hash", "body", "keep", "type"]
    stage: str = ""
    body: bytes = b""


_QUESTION = msgspec.msgpack.Decoder(Question)
_encode = msgspec.msgpack.Encoder().encode


def in_processes(workers: int | None = None, *, limits: Limits | None = None, strict: bool = False, retry: bool = False) -> MapDocuments:
    """Return a way to do tasks in worker processes.

    Args:
        workers: at the same time; by default one per usable processor.
        limits: of a document.
        strict: read documents behind all walls or not at all (see `walls`).
        retry: read documents again that broke down on the same code with the same limits.
    """
    return partial(_run, workers=workers or None, limits=limits or Limits(), strict=strict, retry=retry)


def archives_in_processes(workers: int | None = None, *, limits: Limits | None = None, strict: bool = False) -> LookInside:
    """Return a way to look into archives in worker processes; arguments as for `in_processes`."""
    return partial(_look, workers=workers or None, limits=limits or Limits(), strict=strict)


def _look(files: Sequence[Source], workers: int | None, limits: Limits, strict: bool) -> Iterator[Looked]:
    for outcome in in_workers(list_archive, files, Contents, file_of=_path_of, limits=limits, workers=workers, strict=strict):
        if outcome.result is None:
            yield Looked(outcome.item, Contents(refused=outcome.failure), outcome.lasting)
        elif not are_plausible(outcome.result):
            yield Looked(outcome.item, Contents(refused="What the reader said of this archive is not valid."), lasting=False)
        else:
            yield Looked(outcome.item, outcome.result)


def _path_of(file: Source) -> Path | None:
    return file.path


def list_archive(file: Source, desk: Desk) -> Contents:
    """Return what a file holds that may be an archive, in a worker."""
    return contents_of(file.proven(desk.read()), desk.programs)


def bytes_of(source: Source, limits: Limits, *, strict: bool) -> bytes:
    """Return the bytes of an input, taken out of an archive by a worker where they are in one.

    Raises:
        UnreadableDocument: they cannot be had.
    """
    if source.path is None or not is_inside(source.path):
        return source.read()
    (outcome,) = in_workers(unpack, [source], bytes, file_of=_archive_of, limits=limits, workers=1, strict=strict)
    if outcome.result is None:
        raise UnreadableDocument(outcome.failure or "The document cannot be unpacked.")
    return outcome.result


def _archive_of(source: Source) -> Path | None:
    return None if source.path is None else archive_at(source.path)


def unpack(source: Source, desk: Desk) -> bytes:
    """Return the bytes of a document in an archive, in a worker."""
    data = source.proven(desk.read(), desk.programs)
    if len(data) > _LARGEST_UNPACKED:
        raise UnreadableDocument(f"A document of more than {_LARGEST_UNPACKED >> 20} MiB is not taken out of an archive: unpack it.")
    return data


def known_failure(task: Task, limits: Limits, *, retry: bool) -> TaskOutcome | None:
    """Return the outcome of a task whose document would be stopped again, as it was before; None of one that is to be done."""
    if retry or task.redo:
        return None
    before = StoppedDocuments(ResultStore(task.folder), task.versions, limits).reason_of(task.source)
    return None if before is None else TaskOutcome(task, failure=before.reason, media_type=before.media_type, known=True)


def prepare_worker() -> None:
    """Load the readers and read the embedded samples in the process that workers are forked from: none begins with empty caches."""
    load_readers()
    for path in sorted(SAMPLES.iterdir()):
        read_document(path.read_bytes(), Hint())


def _run(tasks: Sequence[Task], workers: int | None, limits: Limits, strict: bool, retry: bool) -> Iterator[TaskOutcome]:
    clerks: dict[int, _Clerk] = {}  # by the task itself: documents of equal bytes may be asked for twice
    new: list[Task] = []
    for task in tasks:
        known = known_failure(task, limits, retry=retry)
        if known is not None:
            yield known
        else:
            clerks[id(task)] = _Clerk(task)
            new.append(task)

    def answer(task: Task, question: bytes) -> bytes:
        return clerks[id(task)].answer(question)

    for outcome in in_workers(make_stages, new, None, file_of=_file_of, answer=answer, limits=limits, workers=workers, strict=strict):
        clerk = clerks.pop(id(outcome.item))
        failure = outcome.failure or clerk.incomplete()
        if failure and outcome.lasting:
            StoppedDocuments(clerk.store, clerk.task.versions, limits).note(clerk.task.source, failure, clerk.media_type)
        yield TaskOutcome(outcome.item, tuple(clerk.made), failure, clerk.media_type)


def _file_of(task: Task) -> Path | None:
    return None if task.source.path is None else archive_at(task.source.path)


def make_stages(task: Task, desk: Desk) -> None:
    """Make what is missing of one document: all that is done in a worker."""

    def read() -> bytes:
        data = task.source.proven(desk.read(), desk.programs)
        desk.ask(_encode(Question("type", media_type(data))))
        return data

    try:
        Chain(_AskedResults(desk), task.versions, document_of(task.source, read, desk.programs), task.redo).run(task.until)
    except TooLarge:
        raise UnreadableDocument(_TOO_LARGE) from None


@dataclass(frozen=True, slots=True)
class _AskedResults:
    """The stored results of the one document of a worker, which the parent has: versions and keys are the parent's to know."""

    desk: Desk

    def hash_of(self, stage: str, version: str, key: str) -> str | None:
        return self.desk.ask(_encode(Question("hash", stage))).decode() or None

    def get(self, stage: str, version: str, key: str) -> bytes:
        body = self.desk.ask(_encode(Question("body", stage)))
        if not body:
            raise DamagedResult(f"{stage} is not there")
        return unpacked(body)

    def put(self, stage: str, version: str, key: str, data: bytes) -> str:
        body = packed(data)
        self.desk.ask(_encode(Question("keep", stage, body)))
        return hash_of_body(body)

    def delete(self, stage: str, version: str, key: str) -> None:
        """Leave it: the parent overwrites it when it is made again."""


@dataclass(slots=True)
class _Clerk:
    """Answers the worker of one document, out of the store and into it.

    Attributes:
        task: whose document.
        made: stages that were made.
        media_type: of its bytes, as the worker said.
    """

    task: Task
    made: list[Stage] = field(default_factory=list)
    media_type: str | None = None
    _hashes: dict[Stage, str] = field(default_factory=dict)

    @property
    def store(self) -> ResultStore:
        return ResultStore(self.task.folder)

    def answer(self, said: bytes) -> bytes:
        """Answer a question.

        Raises:
            UnreadableDocument: it is no question, or none that this document's worker may ask: the document broke the reader.
        """
        try:
            question = _QUESTION.decode(said)
            if question.about == "type":
                self.media_type = question.stage if question.stage in MEDIA_TYPES else None
                return b""
            stage = Stage(question.stage)
            key = key_of_stage(stage, document_of(self.task.source), self._hashes)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, KeyError):
            raise UnreadableDocument("The reader asked what it cannot ask of this document, and was stopped.") from None
        version = self.task.versions[stage]
        match question.about:
            case "hash":
                found = self.store.hash_of(stage, version, key)
                if found is not None:
                    self._hashes[stage] = found
                return (found or "").encode()
            case "body":
                try:
                    return self.store.body(stage, version, key)
                except DamagedResult:
                    return b""
            case _:
                self._keep(stage, version, key, question.body)
                return b""

    def _keep(self, stage: Stage, version: str, key: str, body: bytes) -> None:
        if stage is Stage.CHECKING:
            try:
                proven_frames(unpacked(body), facts_of(self.task.source))
            except (DamagedResult, InvalidFrame) as error:
                raise UnreadableDocument(f"What was read of the document is not valid: {error}") from None
        self._hashes[stage] = self.store.put_body(stage, version, key, body)
        self.made.append(stage)

    def incomplete(self) -> str | None:
        """Return why a document is not done although its worker says so; None where it is. What the catalogue needs of it is kept."""
        if self.task.until not in self._hashes:
            return "The reader ended before it had read the document."
        try:
            keep_summary(self.task, self.made)
        except DamagedResult:
            return "What was made of the document could not be kept."
        return None
