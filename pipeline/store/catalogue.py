"""The catalogue of inputs: one row per input file with what its document says of itself.

Belongs here: which documents have to go through the stages (new bytes, new hint or new code), and where each file is filed. Does not
belong here: finding the files (`pipeline/document/inputs/collecting.py`), the stages, and judging versions (`superseded.py`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from pipeline.document.inputs.sources import Fetched, Hint, Source
from pipeline.document.media_types import EMPTY, OTHER
from pipeline.document.outside.conversion import CONVERTED
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.stages.checking import unreadable
from pipeline.stages.reading import STAGES, Stages
from pipeline.store.chain import Chain, Document, Stage
from pipeline.store.frames import SourceFacts, document_frames, unpack_table
from pipeline.store.processes.outside_programs import identity_of_office
from pipeline.store.results import DamagedResult, ResultStore
from schemas.export import polars_schema
from schemas.tables import DOCUMENTS, FINDINGS

CATALOGUE_SCHEMA: Mapping[str, pl.DataType] = {
    **polars_schema(DOCUMENTS),
    "published_at": pl.String(),
    "fetched_at": pl.String(),
    "gone": pl.String(),
    "correction": pl.Boolean(),
    "primary": pl.Boolean(),
    "checked": pl.String(),
    "content": pl.String(),
    "path": pl.Binary(),
    "hint": pl.String(),
}
"""Columns of `documents`; when the registry says that it was published, when it was fetched, why its address no longer gives it; whether
it says of itself that it corrects, or the page says so that led to it; whether the file stands for all files of its bytes; the key of
what was checked of it, and the hash of that (null where reading broke down); its file as the system names it (null where there is none)
and what the registry says of it (JSON), so that it can be opened again."""

CORRECTION = "correction"
"""Finding of a document that says of itself that it corrects an earlier one."""

_ROWS_AT_ONCE = 5_000
"""Rows of the catalogue that are Python values at the same time: each takes six times the memory of one in a frame."""

_SUMMARY = "documents"
"""What the catalogue needs of a checked document, kept beside it so that the whole need not be read."""

Progress = Callable[[int, int, str], None]
"""Called with the number of documents read, how many are to be read, and the name of the file just read."""

MapDocuments = Callable[[Sequence["Task"]], Iterable["TaskOutcome"]]
"""Takes documents through the stages, each contained, and gives each back, in any order: the seam between what is done and where."""


class ClusterGone(Exception):
    """The cluster that is to read documents cannot be reached, has no worker, or runs other code; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be taken through the stages, as it is sent to a worker.

    Attributes:
        source: where its bytes are.
        folder: of the store of results, or its URL.
        versions: of the stages.
        redo: stages to be made again though a stored result fits.
        until: the last stage that is wanted.
    """

    source: Source
    folder: Path | str
    versions: Mapping[Stage, str]
    redo: tuple[Stage, ...] = ()
    until: Stage = Stage.CHECKING


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What became of a task.

    Attributes:
        task: as it was given.
        made: the stages made.
        failure: the one-sentence reason why it broke down.
        media_type: what its bytes are, if that was found out before it broke down.
        known: whether it broke down in an earlier build already, and was not tried again.
    """

    task: Task
    made: tuple[Stage, ...] = ()
    failure: str | None = None
    media_type: str | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the catalogue keeps of a document.

    Attributes:
        document: its row of `documents`.
        correction: whether it says that it corrects an earlier one.
        office: that was there where a document was read that an office converts, empty where none was; None of other documents.
    """

    document: dict[str, Any]
    correction: bool
    office: str | None = None

    def may_be_read_by(self, office: str) -> bool:
        """Tell whether a document of which nothing could be read may be by the office that is here.

        What an office has read stays, whichever it was and whichever is here, so that machines with different ones, or none, may share
        a store: `documents.reader` names it. Only what none was there to read, or another could not, is read again.

        Args:
            office: that is here (`identity_of_office`); empty where none is.
        """
        return bool(office) and self.office not in (None, office) and self.document["reader"] is None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The inputs.

    Attributes:
        frame: with the columns of `CATALOGUE_SCHEMA`.
        made: per stage, of how many documents it was made now; what broke down counts as opened.
        kept: documents of which everything was stored.
    """

    frame: pl.DataFrame
    made: Mapping[Stage, int]
    kept: int


def run_stages(task: Task, stages: Stages = STAGES) -> tuple[Stage, ...]:
    """Make what is missing of one document in this process, and return the stages made: for documents that can be trusted.

    Args:
        task: whose document.
        stages: what each stage does.

    Raises:
        UnreadableDocument: its bytes cannot be had any more.
    """
    chain = _chain(task.source, ResultStore(task.folder), task.versions, task.redo, stages)
    chain.run(task.until)
    keep_summary(task, tuple(chain.made))
    return tuple(chain.made)


def keep_summary(task: Task, made: Collection[Stage]) -> None:
    """Keep what the catalogue needs of a document that went through all stages, where it is not kept or the stages were `made` now.

    Raises:
        DamagedResult: what was checked of it is not there.
    """
    if task.until is not Stage.CHECKING:
        return
    store, version = ResultStore(task.folder), task.versions[Stage.CHECKING]
    key = _chain(task.source, store, task.versions).checked_key()
    if key is None:
        raise DamagedResult("what was made of the document is not there")
    kept = _kept_summary(store, task.versions, key)
    if Stage.CHECKING in made or kept is None or (kept.office is not None and kept.may_be_read_by(identity_of_office())):
        checked = store.get(Stage.CHECKING, version, key)
        document, findings = unpack_table(checked, DOCUMENTS), unpack_table(checked, FINDINGS)
        row = document.row(0, named=True)
        summary = Summary(row, CORRECTION in findings["finding"], identity_of_office() if row["media_type"] in CONVERTED else None)
        store.put(_SUMMARY, version, key, msgspec.msgpack.encode(summary))


def catalogue_of(
    sources: Sequence[Source], store: ResultStore, versions: Mapping[Stage, str], run: MapDocuments, progress: Progress
) -> Catalogue:
    """Take what is new among `sources` through the stages, and list all of them.

    Args:
        sources: the inputs; their order does not matter.
        store: results of stages.
        versions: of the stages.
        run: takes documents through the stages.
        progress: is told of every document read.

    Returns:
        One row per input, sorted by its key. A document whose reading broke down (crash, limit) is quarantined.
    """
    named = sorted(_with_distinct_names(sources), key=_precedence)
    gathered, unread, kept, office = _Gathered(), list[tuple[list[Source], Task]](), 0, identity_of_office()
    for _, equal in groupby(named, key=_bytes_of):
        group = list(equal)
        stored = None if group[0].unavailable else _stored(group[0], store, versions)
        if not group[0].unavailable and (stored is None or stored[2].may_be_read_by(office)):
            unread.append((group, Task(group[0], store.folder, versions, () if stored is None else (Stage.EXTRACTION,))))
        else:
            gathered.add(group, stored)
            kept += stored is not None
    outcomes = _run([task for _, task in unread], run, progress)
    made: Counter[Stage] = Counter()
    for group, task in unread:
        outcome = outcomes.pop(_bytes_of(group[0]), None) or TaskOutcome(task)
        made.update(outcome.made if outcome.failure is None else () if outcome.known else (Stage.EXTRACTION,))
        gathered.add(group, None if outcome.failure else _stored(group[0], store, versions), outcome)
    return Catalogue(gathered.frame(), {stage: made[stage] for stage in Stage}, kept)


class _Gathered:
    """Rows of the catalogue, put into frames as they come: as dictionaries those of many documents would take all memory."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = [_frame(())]
        self._rows: list[dict[str, Any]] = []

    def add(self, group: Sequence[Source], stored: tuple[str, str, Summary] | None, outcome: TaskOutcome | None = None) -> None:
        """Add inputs of equal bytes, the first of which stands for all; what is not `stored` of them is quarantined."""
        first = group[0]
        if stored is None:
            reason = first.unavailable or (outcome and outcome.failure)
            quarantined = unreadable(reason or "What was read of the document could not be kept.")
            facts = facts_of(first, (outcome and outcome.media_type) or (OTHER if first.size else EMPTY))
            document = document_frames(quarantined, facts)[DOCUMENTS.name].row(0, named=True)
            key = content = None
            correction = False
        else:
            key, content, summary = stored
            document, correction = summary.document, summary.correction
        self._rows += [
            {
                **document,
                "file_name": source.file_name,
                "source_url": source.source_url,
                "published_at": source.hint.published_at,
                "fetched_at": source.fetched.at if source.fetched else None,
                "gone": source.fetched.gone if source.fetched else None,
                "correction": correction or bool(source.fetched and source.fetched.correction),
                "primary": source is first,
                "checked": key,
                "content": content,
                "path": None if source.path is None else os.fsencode(source.path),
                "hint": msgspec.json.encode(source.hint).decode(),
            }
            for source in group
        ]
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._frames.append(_frame(self._rows))
            self._rows = []

    def frame(self) -> pl.DataFrame:
        """Return all rows, in the order of their key."""
        return pl.concat([*self._frames, _frame(self._rows)]).sort(DOCUMENTS.key, nulls_last=True)


def _frame(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(CATALOGUE_SCHEMA), orient="row")


def sources_of(catalogue: pl.DataFrame) -> list[Source]:
    """Return the inputs that rows of the catalogue list, as they were found."""
    columns = ("path", "file_name", "source_url", "hint", "sha256", "bytes", "reason", "fetched_at", "correction", "gone")
    return [
        Source(
            None if path is None else Path(os.fsdecode(path)),
            file_name,
            source_url,
            msgspec.json.decode(hint, type=Hint),
            sha256,
            size,
            None if sha256 else reason,
            None if fetched_at is None else Fetched(fetched_at, correction, gone),
        )
        for path, file_name, source_url, hint, sha256, size, reason, fetched_at, correction, gone in catalogue.select(columns).rows()
    ]


def refreshed(catalogue: pl.DataFrame, store: ResultStore, versions: Mapping[Stage, str], run: MapDocuments | None = None) -> pl.DataFrame:
    """Return rows of the catalogue as the stored results say them now: somebody may have had a stage redone since they were listed.

    Args:
        catalogue: rows with the columns of `CATALOGUE_SCHEMA`; all rows of a document or none.
        store: results of stages.
        versions: of the stages.
        run: takes documents through the stages of which not everything is stored; without it such documents stay as they are listed.
    """
    sources = [source for source in sources_of(catalogue) if source.sha256]
    fresh = {source.sha256 for source in sources if _stored(source, store, versions) is not None}
    if run is not None:  # what was lost is made again; what broke down when it was listed is not tried at every turn
        fresh |= set(catalogue.filter(pl.col("checked").is_not_null())["sha256"])
    now = catalogue_of([source for source in sources if source.sha256 in fresh], store, versions, run or _nothing, lambda *_: None)
    others = catalogue.filter(~pl.col("sha256").is_in(list(fresh)))
    return pl.concat([others, now.frame]).sort(DOCUMENTS.key, nulls_last=True)


def _nothing(_: Sequence[Task]) -> Iterable[TaskOutcome]:
    return ()


def chain_of(source: Source, store: ResultStore, versions: Mapping[Stage, str]) -> Chain:
    """Return the way of an input through the stages, to look at its results."""
    return _chain(source, store, versions)


def facts_of(source: Source, media_type: str = OTHER) -> SourceFacts:
    """Return what is known of an input before it is read, and the type of its bytes if that was found out."""
    return SourceFacts(source.file_name, source.sha256, source.size, media_type, source.source_url)


def unreadable_frames(reason: str, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    """Return the rows of a document that could not be read, for the one-sentence `reason`: it is quarantined."""
    return document_frames(unreadable(reason), facts)


def _chain(
    source: Source, store: ResultStore, versions: Mapping[Stage, str], redo: Collection[Stage] = (), stages: Stages = STAGES
) -> Chain:
    return Chain(store, versions, document_of(source), redo, stages)


def document_of(source: Source, read: Callable[[], bytes] | None = None, programs: Programs = NO_PROGRAMS) -> Document:
    """Return an input as the stages take it; `read` gives its bytes where they are to be had in another way, `programs` may be run on them.

    It is unnamed, and without the date of publication: what is read must stay true of the same bytes under another name.
    """
    facts = SourceFacts("", source.sha256, source.size, OTHER)
    return Document(facts, replace(source.hint, published_at=None), read or source.read, programs)


def _run(tasks: Sequence[Task], run: MapDocuments, progress: Progress) -> dict[tuple[str, str], TaskOutcome]:
    outcomes = {}
    for done, outcome in enumerate(run(tasks) if tasks else (), start=1):
        outcomes[_bytes_of(outcome.task.source)] = outcome
        progress(done, len(tasks), outcome.task.source.file_name)
    return outcomes


def _stored(source: Source, store: ResultStore, versions: Mapping[Stage, str]) -> tuple[str, str, Summary] | None:
    """Return key, hash and summary of a document of which everything is stored, else None."""
    key = _chain(source, store, versions).checked_key()
    content = store.hash_of(Stage.CHECKING, versions[Stage.CHECKING], key) if key else None
    summary = _kept_summary(store, versions, key) if key else None
    return None if key is None or content is None or summary is None else (key, content, summary)


def _kept_summary(store: ResultStore, versions: Mapping[Stage, str], key: str) -> Summary | None:
    try:
        return _SUMMARIES.decode(store.get(_SUMMARY, versions[Stage.CHECKING], key))
    except (DamagedResult, msgspec.DecodeError):
        return None


_SUMMARIES = msgspec.msgpack.Decoder(Summary)


def _bytes_of(source: Source) -> tuple[str, str]:
    """Group files of equal bytes; an input without bytes is like no other."""
    return (source.sha256, "") if source.sha256 else ("", f"{source.file_name}\0{source.source_url or ''}")


def _precedence(source: Source) -> tuple[Any, ...]:
    """Order files of equal bytes: the one of which most is known stands for all, then the first by address and name."""
    known = sum(value not in (None, ()) for value in asdict(source.hint).values())
    return *_bytes_of(source), -known, source.source_url or "", source.file_name


def _with_distinct_names(sources: Sequence[Source]) -> list[Source]:
    """Name files of equal bytes and equal names by their whole path, so that each stays a row of its own."""
    names = Counter((source.sha256, source.file_name, source.source_url) for source in sources)
    return [
        replace(source, file_name=source.path.as_posix())
        if source.path is not None and names[source.sha256, source.file_name, source.source_url] > 1
        else source
        for source in sources
    ]
