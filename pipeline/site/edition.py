"""The edition of real figures that comes with the project: a published dataset without sentences, small enough for a repository.

What stays are facts: documents (office, place, year, kind, pages, hash, where the file was found), lines, changes, key figures, checks,
marts and dimensions. What a publisher wrote in sentences is left out: reasons of changes, of projects their basis and goal, performance
targets, clauses that findings quote. Documents whose grade is not among `GRADES` are left out whole, and dimensions and marts are made
again without them.

    python -m pipeline.site.edition DATASET FOLDER [--found CSV]

Belongs here: what an edition leaves out, and the page that says what is in it. What is known to be wrong in it is told in
`edition/README.md`.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.budget.codes.attestations import mentions_of_codes
from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.dimensions import LISTS, mined_dimensions
from pipeline.publish.outliers import cells_of
from pipeline.publish.versions.manifest import MANIFEST, File, file_of, read_manifest, write_manifest, write_text
from pipeline.site.tables import Tables
from schemas.tables import (
    BUDGET_LINES,
    CHECKS,
    DOCUMENTS,
    FINDINGS,
    PARTITIONED,
    PERFORMANCE_INDICATORS,
    PROJECTS,
    PUBLISHER_ERRORS,
    YEAR_ON_YEAR,
)

GRADES = ("A", "B")
"""Documents of these go in: identities were tried on them, and none fails that would prove the reading or the publisher wrong."""

FOLDER = Path(__file__).parents[2] / "edition" / "data"
"""Where the edition stands in a clone of the project."""

CONTENTS = "CONTENTS.md"
LARGEST = 6_000_000
"""Bytes that an edition may have: more does not belong into a repository."""

_SENTENCES: Mapping[str, tuple[str, ...]] = {YEAR_ON_YEAR.name: ("reason",), PROJECTS.name: ("basis", "goal", "period")}
_DETAILS = (CHECKS.name, FINDINGS.name, PUBLISHER_ERRORS.name)
_COMPRESSION_LEVEL = 19  # of zstd: written once, and carried by every clone
_QUOTES_NOTHING = "failed_identities"
_KEPT_BESIDE = ("CITATION.cff", "DICTIONARY.md", "DICTIONARY.zh.md", "LICENSES/")


class NoEdition(LookupError):
    """This installation has no edition; the message says where there is one."""


class TooLarge(ValueError):
    """The edition is larger than it may be."""


def folder_of_edition() -> Path:
    """Return the folder of the edition.

    Raises:
        NoEdition: the project was installed without it.
    """
    if not (FOLDER / MANIFEST).is_file():
        raise NoEdition(f"{FOLDER} holds no edition: it comes with a clone of the project, and `make edition` makes it")
    return FOLDER


def facts_of(tables: Tables, found: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Return the tables of an edition: rows of the documents that go in, without sentences.

    Args:
        tables: the dataset.
        found: by sha256 the address at which a file was found, for documents that name none.
    """
    frames = {table.name: tables.read(table) for table in PARTITIONED}
    documents = frames[DOCUMENTS.name].filter((pl.col("status") == "published") & pl.col("grade").is_in(GRADES))
    address = pl.col("sha256").replace_strict(dict(found), default=None, return_dtype=pl.String) if found else pl.lit(None, dtype=pl.String)
    documents = documents.with_columns(source_url=pl.coalesce("source_url", address))
    kept = documents.select("document_id").unique()
    facts = {name: frame.join(kept, on="document_id", how="semi", maintain_order="left") for name, frame in frames.items()}
    facts[DOCUMENTS.name] = documents
    for name, columns in _SENTENCES.items():
        facts[name] = facts[name].with_columns(pl.lit(None, dtype=facts[name].schema[column]).alias(column) for column in columns)
    for name in _DETAILS:
        facts[name] = facts[name].with_columns(detail=pl.lit(""))
    facts[PERFORMANCE_INDICATORS.name] = facts[PERFORMANCE_INDICATORS.name].clear()
    facts[FINDINGS.name] = facts[FINDINGS.name].filter(pl.col("finding") == _QUOTES_NOTHING)
    return facts


def write_edition(dataset: Path, folder: Path, found: Mapping[str, str] | None = None) -> tuple[File, ...]:
    """Write the edition of a dataset; what stood in its folder is replaced.

    Args:
        dataset: a published dataset.
        folder: where: a folder of its own. `CONTENTS.md` is written beside it.
        found: as for `facts_of`.

    Returns:
        Its files.

    Raises:
        TooLarge: it has more than `LARGEST` bytes; nothing is replaced then.
    """
    tables = Tables(dataset)
    facts = facts_of(tables, found or {})
    dimensions = {name: make() for name, make in LISTS.items()} | mined_dimensions(
        mentions_of_codes(facts[BUDGET_LINES.name]), facts[DOCUMENTS.name], cells_of(facts[BUDGET_LINES.name])
    )
    with tempfile.TemporaryDirectory() as scratch:
        draft = publish(Path(scratch) / "edition", split_by_partition(facts), dimensions).folder
        listed = read_manifest(draft)
        data = [_without_descriptions(draft, file) for file in listed.values() if file.table is not None]
        beside = [path for path, file in listed.items() if file.table is None and path.startswith(_KEPT_BESIDE)]
        for path in listed.keys() - {file.path for file in data} - set(beside):
            (draft / path).unlink()
        files = write_manifest(draft, data, beside)
        size = sum(file.bytes for file in (*files, file_of(draft, Path(MANIFEST))))
        if size > LARGEST:
            raise TooLarge(f"the edition has {size:,} bytes, more than {LARGEST:,}: leave more out")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(draft, folder)
    write_text(folder.parent / CONTENTS, contents(tables, facts, size))
    return files


def _without_descriptions(dataset: Path, file: File) -> File:
    """Write a Parquet file anew without the descriptions of its columns, which are most of a small one, and return its entry.

    They stand in the dictionary beside it.
    """
    path = dataset / file.path
    table = pq.read_table(path, partitioning=None)
    plain = pa.schema([field.remove_metadata() for field in table.schema], metadata=table.schema.metadata)
    pq.write_table(table.cast(plain), path, compression="zstd", compression_level=_COMPRESSION_LEVEL)
    return file_of(dataset, Path(file.path), file.table, file.rows)


def contents(tables: Tables, facts: Mapping[str, pl.DataFrame], size: int) -> str:
    """Return the page that says what is in an edition, what was left out and why, and which identities fail in it."""
    documents, everything = facts[DOCUMENTS.name], tables.read(DOCUMENTS)
    checks = facts[CHECKS.name]
    failed = Counter(checks.filter(pl.col("outcome") == "fail")["check_id"].to_list())
    by_grade = Counter(documents["grade"].to_list())
    left_out = everything.join(documents.select("document_id"), on="document_id", how="anti").sort("file_name")
    rows = [
        (row["file_name"], row["department"] or "–", _why(row["status"], row["grade"], row["reason"]))
        for row in left_out.iter_rows(named=True)
    ]
    years = documents["fiscal_year"].to_list()
    places = documents.group_by("region_name").len().sort("len", "region_name", descending=[True, False])
    parts = [
        "# What is in the edition",
        "",
        "Made by `make edition`; do not edit. What an edition is: [README.md](README.md).",
        "",
        f"{documents.height} documents of {documents['department_id'].n_unique()} bodies, fiscal years "
        f"{min(years)} to {max(years)}, {size:,} bytes. Grades: "
        + ", ".join(f"{by_grade[grade]} {grade}" for grade in GRADES)
        + ". Places: "
        + ", ".join(f"{name} {number}" for name, number in places.iter_rows())
        + ".",
        "",
        _table(("table", "rows"), ((name, f"{frame.height:,}") for name, frame in facts.items() if frame.height)),
        "",
        "## Left out",
        "",
        _table(("file", "body", "why"), rows) if rows else "Nothing.",
        "",
        "## Identities that fail",
        "",
        f"{checks.filter(pl.col('outcome') == 'pass').height:,} hold, {sum(failed.values()):,} fail, none of these with severity error:",
        "",
        _table(("identity", "fails"), ((check, str(number)) for check, number in sorted(failed.items()))),
        "",
    ]
    return "\n".join(parts)


def _why(status: str, grade: str | None, reason: str | None) -> str:
    return f"grade {grade}" if status == "published" else (reason or status)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def row(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    columns = list(head)
    return "\n".join([row(columns), row(["---"] * len(columns)), *map(row, rows)])


def addresses_in(path: Path) -> dict[str, str]:
    """Return by sha256 where files were found, from a CSV with `sha256` and either `url`, or `repository` and `commit` on GitHub."""
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return {
            row["sha256"]: row.get("url") or f"https://github.com/{row['repository']}/tree/{row['commit']}"
            for row in csv.DictReader(rows)
            if row.get("sha256")
        }


def main() -> None:
    """Write the edition of a dataset."""
    options = argparse.ArgumentParser(prog="python -m pipeline.site.edition", description="Write the edition of a dataset.")
    options.add_argument("dataset", type=Path)
    options.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    options.add_argument("--found", type=Path, metavar="CSV", help="where files were found: sha256 and url, or repository and commit")
    given = options.parse_args()
    files = write_edition(given.dataset, given.folder, addresses_in(given.found) if given.found else None)
    sys.stdout.write(f"{given.folder}: {len(files)} files, {sum(file.bytes for file in files):,} bytes\n")


if __name__ == "__main__":
    main()
