"""The catalogue of inputs: one row per input file with what its document says of itself, every document read once.

Belongs here: which documents must be read (new bytes, new hint or new code) and where each file is filed. Does not belong
here: finding the files (`sources.py`), reading them (`pipeline/reading.py`) and judging versions (`versions.py`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

import polars as pl

from pipeline.budget.filing import filed_under
from pipeline.document.model import UnreadableDocument
from pipeline.document.sources import Hint, Source
from pipeline.reading import Reading
from pipeline.store.frames import SourceFacts, document_frames
from pipeline.store.readings import ReadingStore, reading_key
from schemas.export import polars_schema
from schemas.tables import DOCUMENTS, FINDINGS

CATALOGUE_SCHEMA: Mapping[str, pl.DataType] = {
    **polars_schema(DOCUMENTS),
    "published_at": pl.String(),
    "correction": pl.Boolean(),
    "primary": pl.Boolean(),
    "reading": pl.String(),
}
"""Columns of `documents`; when the registry says that it was published; whether it says of itself that it corrects; whether the
file stands for all files of its bytes; and the key of its reading (null where reading broke down)."""

CORRECTION = "correction"
"""Finding of a document that says of itself that it corrects an earlier one."""

NO_INPUTS = "none"
"""Fingerprint of a partition without inputs."""

Progress = Callable[[int, int, str], None]
"""Called with the number of documents read, how many are to be read, and the name of the file just read."""

Read = Callable[[bytes, str, Hint], Reading]
"""Reads one document: bytes, file name, hint."""

Run = Callable[[Sequence["Task"]], Iterable[tuple["Task", str | None]]]
"""Does tasks, each contained, and gives each back, in any order, with the one-sentence reason why it broke down, or None."""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be read into the store, as it is sent to a worker process."""

    key: str
    source: Source
    store: ReadingStore


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The inputs: `frame` has the columns of `CATALOGUE_SCHEMA`; `read` documents were read now, `kept` had been read before."""

    frame: pl.DataFrame
    read: int
    kept: int


def read_into_store(task: Task, read: Read) -> None:
    """Read one document and keep what it says: the part of the work that is done in a worker process.

    A document that cannot be read is kept as quarantined, with the reason.
    """
    source = task.source
    try:
        reading = read(source.read(), "", source.hint)  # unnamed: what is read must stay true of the same bytes under another name
    except UnreadableDocument as error:
        reading = _quarantined(str(error))
    task.store.write(task.key, document_frames(_filed(reading), facts_of(source)))


def facts_of(source: Source) -> SourceFacts:
    """Return what is known of an input before it is read."""
    return SourceFacts(source.file_name, source.sha256, source.size, source.media_type, source.source_url)


def unread(reason: str, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    """Return the rows of a document that could not be read, for the one-sentence `reason`: it is quarantined."""
    return document_frames(_quarantined(reason), facts)


def catalogue_of(sources: Sequence[Source], store: ReadingStore, run: Run, progress: Progress) -> Catalogue:
    """Read what is new among `sources` into `store`, and list all of them.

    Args:
        sources: the inputs; their order does not matter.
        store: readings of this version of the code.
        run: reads documents into the store.
        progress: is told of every document read.

    Returns:
        One row per input, sorted by its key. A document whose reading broke down (crash, limit) is quarantined, and read again next time.
    """
    named = sorted(_named_apart(sources), key=_standing)
    groups = [list(group) for _, group in groupby(named, key=_bytes_of)]
    keys = [reading_key(group[0].sha256, group[0].hint) for group in groups]
    documents = {key: store.table(key, DOCUMENTS.name) for group, key in zip(groups, keys, strict=True) if not group[0].unavailable}
    tasks = [Task(key, group[0], store) for group, key in zip(groups, keys, strict=True) if key in documents and documents[key] is None]
    broken: dict[str, str] = {}
    for done, (task, reason) in enumerate(run(tasks) if tasks else (), start=1):
        if reason is not None:
            broken[task.key] = reason
        progress(done, len(tasks), task.source.file_name)
    rows: list[dict[str, Any]] = []
    for group, key in zip(groups, keys, strict=True):
        reason = group[0].unavailable or broken.get(key)
        frame = None if reason else store.table(key, DOCUMENTS.name)
        if frame is None:
            frames = unread(reason or "What was read of the document could not be kept.", facts_of(group[0]))
            document = frames[DOCUMENTS.name].row(0, named=True)
            correction = False
        else:
            document = frame.row(0, named=True)
            findings = store.table(key, FINDINGS.name)
            correction = findings is not None and CORRECTION in findings["finding"]
        rows += [
            {
                **document,
                "file_name": source.file_name,
                "source_url": source.source_url,
                "published_at": source.hint.published_at,
                "correction": correction,
                "primary": source is group[0],
                "reading": key if frame is not None else None,
            }
            for source in group
        ]
    frame = pl.DataFrame(rows, schema=dict(CATALOGUE_SCHEMA), orient="row").sort(DOCUMENTS.key, nulls_last=True)
    return Catalogue(frame, read=len(tasks), kept=len(documents) - len(tasks))


def digest_of(sources: Iterable[Source], version: str) -> str:
    """Return a hash over all that decides what the catalogue says: bytes, names and hints of the inputs, version of the code."""
    facts = sorted(repr((source.sha256, source.file_name, source.source_url, source.hint, source.unavailable)) for source in sources)
    return _hash([version, *facts])


def fingerprint_of(catalogue: pl.DataFrame, version: str, year: int, province: str) -> str:
    """Return a hash over all that the tables of a partition are made from.

    These are its rows of the catalogue, those of the year before (which are compared with them), and the version of the code.
    """
    inputs, before = files_of_partition(catalogue, year, province), files_of_partition(catalogue, year - 1, province)
    if inputs.is_empty():
        return NO_INPUTS
    columns = ("document_id", "file_name", "source_url", "published_at", "reading", "status", "reason")
    rows, last = (frame.select(columns).sort(columns, nulls_last=True).rows() for frame in (inputs, before))
    return _hash([version, *(repr(row) for row in rows), *(f"last year {row!r}" for row in last)])


def fingerprints(catalogue: pl.DataFrame, version: str) -> dict[tuple[int, str], str]:
    """Return the fingerprint of each fiscal year and province that has inputs, in order."""
    found = catalogue.select("fiscal_year", "province").unique().sort("fiscal_year", "province")
    return {(year, province): fingerprint_of(catalogue, version, year, province) for year, province in found.rows()}


def _filed(reading: Reading) -> Reading:
    """Return the reading filed under a year and province that the dataset has a place for, with a finding where it says another."""
    own = {"fiscal_year": reading.document.get("fiscal_year"), "province": reading.document.get("province")}
    filed = dict(zip(own, filed_under(own["fiscal_year"], own["province"]), strict=True))
    misfits = [
        {
            "finding": "no_such_partition",
            "subject": name,
            "frequency": 1,
            "detail": f"The dataset has no place for {name} {value}; filed under {filed[name]}.",
        }
        for name, value in own.items()
        if value not in (None, filed[name])
    ]
    return replace(reading, document={**reading.document, **filed}, findings=[*reading.findings, *misfits])


def _quarantined(reason: str) -> Reading:
    return Reading(document={"status": "quarantined", "reason": reason})


def _bytes_of(source: Source) -> tuple[str, str]:
    """Group files of equal bytes; an input without bytes is like no other."""
    return (source.sha256, "") if source.sha256 else ("", f"{source.file_name}\0{source.source_url or ''}")


def _standing(source: Source) -> tuple[Any, ...]:
    """Order files of equal bytes: the one of which most is known stands for all, then the first by address and name."""
    known = sum(value not in (None, ()) for value in asdict(source.hint).values())
    return *_bytes_of(source), -known, source.source_url or "", source.file_name


def _named_apart(sources: Sequence[Source]) -> list[Source]:
    """Name files of equal bytes and equal names by their whole path, so that each stays a row of its own."""
    names = Counter((source.sha256, source.file_name, source.source_url) for source in sources)
    return [
        replace(source, file_name=source.path.as_posix())
        if source.path is not None and names[source.sha256, source.file_name, source.source_url] > 1
        else source
        for source in sources
    ]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def files_of_partition(catalogue: pl.DataFrame, year: int, province: str) -> pl.DataFrame:
    """Return the inputs that are filed under a fiscal year and province."""
    return catalogue.filter((pl.col("fiscal_year") == year) & (pl.col("province") == province))
