"""What changed from one version of a dataset to another: the release notes, made from the two datasets.

Belongs here: the comparison and its text. Which versions are kept is in `versions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.publish.versions.manifest import read_manifest, rows_per_table, snapshot_of
from schemas.export import empty_frame
from schemas.marts import PUBLISHED
from schemas.tables import BUDGET_LINES, CHECKS, DATASET_NAME, DATASET_VERSION, DOCUMENTS, Table

_SHOWN = 50
_MARKUP = re.compile(r"[\\`*\[\]<>#|&~!]")
_DOCUMENT = ("document_id", "file_name", "source_url")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed.

    Attributes:
        old, new: snapshots; `old` is None for a first version.
        added, removed: documents that only one of them has, as `department, year, file`.
        became: documents of both whose status changed, per new status.
        lines_added, lines_removed, lines_changed: of documents in both, lines by key.
        checks: outcome before, another outcome after, how many identities of documents in both.
        rows: per table its rows before and after.
    """

    old: str | None
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    became: Mapping[str, tuple[str, ...]]
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
    common = both.select("document_id").unique()
    changed = both.filter(pl.col("status") != pl.col("status_right"))
    became = {
        status: _named(changed.filter(pl.col("status_right") == status)) for status in sorted(changed["status_right"].unique().to_list())
    }
    lines = [_table(side, BUDGET_LINES).join(common, on="document_id", how="semi") for side in sides]
    key = list(BUDGET_LINES.key)
    kept = lines[0].join(lines[1], on=key, how="inner")
    columns = [name for name in lines[0].columns if all(name in _columns(side, BUDGET_LINES) for side in sides)]
    same = lines[0].join(lines[1], on=columns, how="semi", nulls_equal=True)
    rows = [rows_per_table(list(listed.values())) for listed in files]
    return Changes(
        old=snapshot_of(files[0].values()) if old else None,
        new=snapshot_of(files[1].values()),
        added=_named(after.join(before, on=list(_DOCUMENT), how="anti", nulls_equal=True)),
        removed=_named(before.join(after, on=list(_DOCUMENT), how="anti", nulls_equal=True)),
        became=became,
        lines_added=lines[1].height - kept.height,
        lines_removed=lines[0].height - kept.height,
        lines_changed=kept.height - same.height,
        checks=_outcomes(sides, common),
        rows={name: (rows[0][name], rows[1][name]) for name in PUBLISHED},
    )


def release_notes(changes: Changes) -> str:
    """Return the changes as Markdown."""
    since = f"since `{changes.old}`" if changes.old else "first version"
    lines = [f"# {DATASET_NAME} {DATASET_VERSION}, `{changes.new}`", "", f"What changed, {since}.", ""]
    lines += _listed("Documents added", changes.added) + _listed("Documents removed", changes.removed)
    for status, names in changes.became.items():
        lines += _listed(f"Documents that became {status}", names)
    counted = [("added", changes.lines_added), ("removed", changes.lines_removed), ("changed", changes.lines_changed)]
    lines += ["## Lines of documents in both", "", ", ".join(f"{count:,} {what}" for what, count in counted) + ".", ""]
    lines += ["## Checks of documents in both", ""]
    lines += [f"* {before} → {after}: {count:,}" for (before, after), count in sorted(changes.checks.items())] or ["No outcome changed."]
    lines += ["", "## Rows", "", "| table | before | after |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {before:,} | {after:,} |" for name, (before, after) in changes.rows.items()]
    return "\n".join(lines) + "\n"


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


def _outcomes(files: Sequence[Mapping[str, Path]], common: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return how many identities have another outcome than before; an identity of one side only is `none` on the other."""
    identity = ["document_id", "check_id", "statement", "subject"]
    sides = []
    for side in files:
        checks = _table(side, CHECKS).join(common, on="document_id", how="semi")
        sides.append(checks.with_columns(again=pl.int_range(pl.len()).over(identity)).select(*identity, "again", "outcome"))
    joined = sides[0].join(sides[1], on=[*identity, "again"], how="full", nulls_equal=True)
    counted = joined.group_by(pl.col("outcome").fill_null("none"), pl.col("outcome_right").fill_null("none")).len()
    return {(before, after): count for before, after, count in counted.sort("outcome", "outcome_right").iter_rows() if before != after}


def _listed(title: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = [f"* and {len(names) - _SHOWN:,} more"] if len(names) > _SHOWN else []
    return [f"## {title}: {len(names):,}", "", *(f"* {name}" for name in names[:_SHOWN]), *more, ""]
