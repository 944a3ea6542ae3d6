"""What changed from one version of a dataset to another: the release notes, made from the two datasets.

Belongs here: the comparison and its text. Which versions are kept is in `versions.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipeline.publish.versions.manifest import File, read_manifest, rows_per_table, snapshot_of
from schemas.export import empty_frame
from schemas.marts import PUBLISHED
from schemas.tables import BUDGET_LINES, CHECKS, DATASET_NAME, DATASET_VERSION, DOCUMENTS, Table

_SHOWN = 50
_ROWS_TOGETHER = 500_000
"""Rows of all tables of partitions that are compared at a time."""

_MARKUP = re.compile(r"[\\`*\[\]<>#|&~!]")
_DOCUMENT = ("document_id", "file_name", "source_url")
_LINE = ("statement", "unit", "code", "name", "fund", "nature", "measure")
_LINES_SHOWN = 20
"""Lines of a correction that the notes list: a person who needs all of them compares the two documents."""


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """One line that two versions of a document state otherwise; None where one of them does not have it."""

    what: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A document that another one superseded, and the lines in which they differ."""

    name: str
    by: str
    lines: tuple[CorrectedLine, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed.

    Attributes:
        old, new: snapshots; `old` is None for a first version.
        added, removed: documents that only one of them has, as `department, year, file`.
        became: documents of both whose status changed, per new status.
        corrections: documents that were published and are superseded now, with the lines that differ.
        lines_added, lines_removed, lines_changed: of documents in both, lines by key.
        checks: outcome before, another outcome after, how many identities of documents in both.
        rows: per table its rows before and after.
    """

    old: str | None
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    became: Mapping[str, tuple[str, ...]]
    corrections: tuple[Correction, ...]
    lines_added: int
    lines_removed: int
    lines_changed: int
    checks: Mapping[tuple[str, str], int]
    rows: Mapping[str, tuple[int, int]]


def compare(old: Path | None, new: Path) -> Changes:
    """Compare two datasets; without an old one everything is new.

    Only files that are not the same in both are read, and the documents of their partitions: what stands in the others has not changed.
    """
    files = [read_manifest(dataset) if dataset else {} for dataset in (old, new)]
    same_files = {path for path, file in files[1].items() if path in files[0] and files[0][path].sha256 == file.sha256}
    changed_folders = {_partition_folder(path) for listed in files for path in listed if path not in same_files}
    read = [
        {
            path
            for path in listed
            if path not in same_files or (path.startswith(f"{DOCUMENTS.name}/") and _partition_folder(path) in changed_folders)
        }
        for listed in files
    ]
    sides = tuple({path: dataset / path for path in paths} if dataset else {} for dataset, paths in zip((old, new), read, strict=True))
    before, after = (_table(side, DOCUMENTS) for side in sides)
    both = before.join(after, on=list(_DOCUMENT), how="inner", nulls_equal=True)
    changed = both.filter(pl.col("status") != pl.col("status_right"))
    became = {
        status: _named(changed.filter(pl.col("status_right") == status)) for status in sorted(changed["status_right"].unique().to_list())
    }
    lines, outcomes = Counter[str](), Counter[tuple[str, str]]()
    for batch in _batches(both, files):
        of_batch = [{path: file for path, file in side.items() if _partition_folder(path) in batch.folders} for side in sides]
        lines.update(_changed_lines(of_batch, batch.documents))
        outcomes.update(_outcomes(of_batch, batch.documents))
    rows = [rows_per_table(list(listed.values())) for listed in files]
    return Changes(
        old=snapshot_of(files[0].values()) if old else None,
        new=snapshot_of(files[1].values()),
        added=_named(after.join(before, on=list(_DOCUMENT), how="anti", nulls_equal=True)),
        removed=_named(before.join(after, on=list(_DOCUMENT), how="anti", nulls_equal=True)),
        became=became,
        corrections=tuple(_corrections(sides, changed.filter(pl.col("status_right") == "superseded"))),
        lines_added=lines["added"],
        lines_removed=lines["removed"],
        lines_changed=lines["changed"],
        checks=outcomes,
        rows={name: (rows[0][name], rows[1][name]) for name in PUBLISHED},
    )


def release_notes(changes: Changes) -> str:
    """Return the changes as Markdown."""
    since = f"since `{changes.old}`" if changes.old else "first version"
    lines = [f"# {DATASET_NAME} {DATASET_VERSION}, `{changes.new}`", "", f"What changed, {since}.", ""]
    lines += _listed("Documents added", changes.added) + _listed("Documents removed", changes.removed)
    for status, names in changes.became.items():
        lines += _listed(f"Documents that became {status}", names)
    for correction in changes.corrections:
        lines += _corrected(correction)
    counted = [("added", changes.lines_added), ("removed", changes.lines_removed), ("changed", changes.lines_changed)]
    lines += ["## Lines of documents in both", "", ", ".join(f"{count:,} {what}" for what, count in counted) + ".", ""]
    lines += ["## Checks of documents in both", ""]
    lines += [f"* {before} → {after}: {count:,}" for (before, after), count in sorted(changes.checks.items())] or ["No outcome changed."]
    lines += ["", "## Rows", "", "| table | before | after |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {before:,} | {after:,} |" for name, (before, after) in changes.rows.items()]
    return "\n".join(lines) + "\n"


def _corrections(sides: Sequence[Mapping[str, Path]], superseded: pl.DataFrame) -> Iterator[Correction]:
    """Yield the documents that were published before and are superseded now, each with the lines in which its successor differs."""
    rows = superseded.filter((pl.col("status") == "published") & pl.col("superseded_by_right").is_not_null())
    if rows.is_empty():
        return
    folders = {f"fiscal_year={year}/province={province}" for year, province in rows.select("fiscal_year", "province").iter_rows()}
    of_rows = [{path: file for path, file in side.items() if _partition_folder(path) in folders} for side in sides]
    before, after = (_table(side, BUDGET_LINES).select("document_id", *_LINE, "amount").unique(maintain_order=True) for side in of_rows)
    for row in rows.sort("fiscal_year", "province", "department", "file_name", nulls_last=True).iter_rows(named=True):
        old = before.filter(pl.col("document_id") == row["document_id"]).drop("document_id")
        new = after.filter(pl.col("document_id") == row["superseded_by_right"]).drop("document_id")
        only_old, only_new = (one.join(other, on=one.columns, how="anti", nulls_equal=True) for one, other in ((old, new), (new, old)))
        numbered = (one.with_columns(again=pl.int_range(pl.len()).over(_LINE)) for one in (only_old, only_new))
        joined = next(numbered).join(next(numbered), on=[*_LINE, "again"], how="full", nulls_equal=True, coalesce=True)
        lines = tuple(
            CorrectedLine(_line_named(line), line["amount"], line["amount_right"])
            for line in joined.sort(*_LINE, nulls_last=True, maintain_order=True).iter_rows(named=True)
        )
        yield Correction(_named(rows.filter(pl.col("document_id") == row["document_id"]))[0], row["superseded_by_right"], lines)


def _line_named(line: Mapping[str, str | None]) -> str:
    parts = [line["statement"], line["unit"], line["code"], line["name"], line["fund"], line["nature"], line["measure"]]
    return _literal(", ".join(part for part in parts if part))


def _corrected(correction: Correction) -> list[str]:
    """Return one correction as Markdown."""
    lines = [f"## Corrected: {correction.name}", "", f"Superseded by document {correction.by}; {len(correction.lines):,} lines differ.", ""]
    for line in correction.lines[:_LINES_SHOWN]:
        before, after = ("–" if amount is None else f"{amount:,}" for amount in (line.before, line.after))
        lines.append(f"* {line.what}: {before} → {after}")
    if len(correction.lines) > _LINES_SHOWN:
        lines.append(f"* and {len(correction.lines) - _LINES_SHOWN:,} more")
    return [*lines, ""]


def _table(files: Mapping[str, Path], table: Table) -> pl.DataFrame:
    """Return the rows of a table in those of `files` (by their paths in the dataset) that are its own.

    Columns that the version of those files did not have yet are null.
    """
    own, empty = _files_of(files, table), empty_frame(table)
    if not own:
        return empty
    known = _columns(files, table)
    columns = [pl.col(name).cast(dtype) if name in known else pl.lit(None, dtype).alias(name) for name, dtype in empty.schema.items()]
    return pl.read_parquet(own, hive_partitioning=True).select(columns)


def _partition_folder(path: str) -> str:
    """Return the folder of a partition in which a file stands, without its table: `fiscal_year=2024/province=CN-ZJ`."""
    return "/".join(path.split("/")[1:-1])


def _files_of(files: Mapping[str, Path], table: Table) -> list[Path]:
    return [path for name, path in files.items() if name.startswith(f"{table.name}/")]


def _columns(files: Mapping[str, Path], table: Table) -> set[str]:
    """Return the columns that the files of a table have, those of their paths included; all of the table's where it has no file."""
    own = _files_of(files, table)
    return {*pl.read_parquet_schema(own[0]), "fiscal_year", "province"} if own else set(empty_frame(table).columns)


def _named(documents: pl.DataFrame) -> tuple[str, ...]:
    ordered = documents.sort("fiscal_year", "province", "department", "file_name", nulls_last=True)
    rows = ordered.select("department", "fiscal_year", "file_name").iter_rows()
    named = ((_literal(department or "unknown department"), year or "unknown year", _literal(name)) for department, year, name in rows)
    return tuple(f"{department}, {year} ({name})" for department, year, name in named)


def _literal(text: str) -> str:
    """Return text of a document or a file name so that Markdown shows it as it stands: no markup, no line breaks, no control characters."""
    shown = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
    return _MARKUP.sub(r"\\\g<0>", shown)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Documents of both datasets, and the folders of partitions in which their rows stand."""

    documents: pl.DataFrame
    folders: frozenset[str]


def _batches(both: pl.DataFrame, files: Sequence[Mapping[str, File]]) -> Iterator[_Batch]:
    """Yield the documents of both datasets in groups of whole partitions, so that few rows are in memory at a time."""
    rows = Counter[str]()
    for listed in files:
        for path, file in listed.items():
            rows[_partition_folder(path)] += file.rows or 0
    folder = [
        pl.format("fiscal_year={}/province={}", f"fiscal_year{side}", f"province{side}").alias(f"folder{side}") for side in ("", "_right")
    ]
    where = both.select("document_id", *folder).unique().sort("folder", "document_id")
    waiting: list[pl.DataFrame] = []
    together = 0
    for (name,), documents in where.partition_by("folder", as_dict=True, maintain_order=True).items():
        waiting.append(documents)
        together += rows[str(name)]
        if together >= _ROWS_TOGETHER:
            yield _batch(waiting)
            waiting, together = [], 0
    if waiting:
        yield _batch(waiting)


def _batch(parts: Sequence[pl.DataFrame]) -> _Batch:
    documents = pl.concat(parts)
    return _Batch(documents.select("document_id").unique(), frozenset({*documents["folder"], *documents["folder_right"]}))


def _changed_lines(sides: Sequence[Mapping[str, Path]], documents: pl.DataFrame) -> dict[str, int]:
    """Return how many lines of documents of both sides were added, removed and changed."""
    lines = [_table(side, BUDGET_LINES).join(documents, on="document_id", how="semi") for side in sides]
    kept = lines[0].join(lines[1], on=list(BUDGET_LINES.key), how="inner").height
    columns = [name for name in lines[0].columns if all(name in _columns(side, BUDGET_LINES) for side in sides)]
    same = lines[0].join(lines[1], on=columns, how="semi", nulls_equal=True).height
    return {"added": lines[1].height - kept, "removed": lines[0].height - kept, "changed": kept - same}


def _outcomes(sides: Sequence[Mapping[str, Path]], documents: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return how many identities have another outcome than before; an identity of one side only is `none` on the other."""
    identity = ["document_id", "check_id", "statement", "subject"]
    numbered = []
    for side in sides:
        checks = _table(side, CHECKS).join(documents, on="document_id", how="semi")
        numbered.append(checks.with_columns(again=pl.int_range(pl.len()).over(identity)).select(*identity, "again", "outcome"))
    joined = numbered[0].join(numbered[1], on=[*identity, "again"], how="full", nulls_equal=True)
    counted = joined.group_by(pl.col("outcome").fill_null("none"), pl.col("outcome_right").fill_null("none")).len()
    return {(before, after): count for before, after, count in counted.iter_rows() if before != after}


def _listed(title: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = [f"* and {len(names) - _SHOWN:,} more"] if len(names) > _SHOWN else []
    return [f"## {title}: {len(names):,}", "", *(f"* {name}" for name in names[:_SHOWN]), *more, ""]
