"""Whether a dataset is what it says: proven again from the shipped files alone, by whoever is about to trust it.

Belongs here: the proofs. What a table must be is in `schemas`, what the identities are in `pipeline/accounting`, how marts are made in
`marts.py`: nothing is asserted here that is not said there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.accounting.identities import identity_checks
from pipeline.budget.line import Line
from pipeline.publish.marts.proofs import faults_against_print
from pipeline.publish.marts.wide_tables import make_marts
from pipeline.publish.outliers import cells_of, outliers
from pipeline.publish.parquet import partition_of
from pipeline.publish.versions.damaged_dataset import damage_of, strangers
from pipeline.publish.versions.manifest import DATABASE, MANIFEST, DamagedManifest, File, manifest_of, read_manifest, rows_per_table
from schemas.export import InvalidFrame, arrow_schema, empty_frame, polars_schema, validate
from schemas.marts import MARTS, PUBLISHED
from schemas.references import FOREIGN_KEYS, LISTS_OF_DOCUMENTS
from schemas.tables import BUDGET_LINES, CHECKS, CODES, DATASET_VERSION, DIMENSIONS, DOCUMENTS, OUTLIERS, Table

_SHOWN = 5
_LINE_FIELDS = list(Line.__struct_fields__)
_EMPTY_STATEMENTS_FROM = 10_000
_MAY_BE_EMPTY = (OUTLIERS,)
_COUNTED = {"pass": "checks_passed", "fail": "checks_failed", "not_applicable": "checks_not_applicable"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was proven, or was not.

    Attributes:
        name: what was looked at.
        tested: how many files, rows, keys or identities.
        faults: what is not so; empty if the proof holds.
    """

    name: str
    tested: int
    faults: tuple[str, ...] = ()


class NoDataset(ValueError):
    """There is no dataset to verify, or one of another major version."""


def verify(dataset: Path) -> Iterator[Proof]:
    """Prove a dataset from its files, one proof after the other.

    The later proofs read what the earlier ones have tested: after a fault in files or schemas they are not tried.

    Args:
        dataset: its folder.

    Raises:
        NoDataset: no manifest is there, or it is of a version that this code does not know.
    """
    if not (dataset / MANIFEST).is_file():
        raise NoDataset(f"{dataset} has no {MANIFEST}: name the folder of a dataset")
    try:
        manifest, files = manifest_of(dataset), read_manifest(dataset)
    except DamagedManifest as error:
        yield _proof("files and hashes", 0, [str(error)])
        return
    if str(manifest.get("version")).split(".")[0] != DATASET_VERSION.split(".")[0]:
        raise NoDataset(f"{dataset} is of version {manifest.get('version')}, this program verifies {DATASET_VERSION}")
    hashes = _hashes(dataset, files)
    yield hashes
    schemas = _schemas(dataset, files) if not hashes.faults else None
    if schemas:
        yield schemas
    if schemas is None or schemas.faults:
        return
    try:
        tables = {table.name: _read(dataset, table, files) for table in PUBLISHED.values()}
    except (pl.exceptions.PolarsError, OSError) as error:
        yield _proof("tables", len(PUBLISHED), [f"a table cannot be read: {error}"])
        return
    rest: tuple[Callable[[], Proof], ...] = (
        partial(_keys, tables),
        partial(_foreign_keys, tables),
        partial(_counts, tables, files, manifest),
        partial(_arithmetic, tables[CHECKS.name]),
        partial(_read_twice, tables),
        partial(_identities, tables),
        partial(_marts, tables),
        partial(_against_print, tables),
        *([partial(_database, dataset, tables)] if DATABASE in files else []),  # an edition has none
    )
    for proof in rest:
        yield proof()


def _proof(name: str, tested: int, faults: Sequence[str]) -> Proof:
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return Proof(name, tested, (*faults[:_SHOWN], *more))


def _hashes(dataset: Path, files: Mapping[str, File]) -> Proof:
    """Every listed file is there with its hash and size, none is there unlisted, and the snapshot is that of the files."""
    others = [f"{path} is not in the manifest" for path in strangers(dataset) if not path.endswith(".parquet")]
    return _proof("files and hashes", len(files), [*damage_of(dataset), *others])


def _schemas(dataset: Path, files: Mapping[str, File]) -> Proof:
    """Every Parquet file has exactly the declared schema and the listed number of rows."""
    faults = []
    parquet = [file for file in files.values() if file.table is not None]
    for file in parquet:
        table = PUBLISHED.get(file.table or "")
        if table is None:
            faults.append(f"{file.path}: there is no table {file.table}")
            continue
        try:
            read = pq.ParquetFile(dataset / file.path)
        except (pa.ArrowException, OSError) as error:
            faults.append(f"{file.path} is no Parquet file: {error}")
            continue
        if not read.schema_arrow.equals(arrow_schema(table)):
            faults.append(f"{file.path} does not have the schema of {table.name}")
        if read.metadata.num_rows != file.rows:
            faults.append(f"{file.path} has {read.metadata.num_rows} rows, the manifest says {file.rows}")
    missing = [name for name in PUBLISHED if name not in {file.table for file in parquet}]
    return _proof("schemas", len(parquet), faults + [f"{name} has no file" for name in missing])


def _read(dataset: Path, table: Table, files: Mapping[str, File]) -> pl.DataFrame:
    frames = [empty_frame(table)]
    for file in files.values():
        if file.table == table.name:
            frame = pl.read_parquet(dataset / file.path, hive_partitioning=False)
            if table.partitioned:
                year, province = partition_of(file.path)
                frame = frame.with_columns(pl.lit(year, dtype=pl.Int32).alias("fiscal_year"), pl.lit(province).alias("province"))
            frames.append(frame.select(list(polars_schema(table))))
    return pl.concat(frames)


def _keys(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """No key twice in the whole dataset, no value outside its list, every rule of every table holds."""
    faults = []
    for name, frame in tables.items():
        try:
            validate(frame, PUBLISHED[name])
        except InvalidFrame as error:
            faults.append(str(error))
    return _proof("keys, values and rules", sum(frame.height for frame in tables.values()), faults)


def _foreign_keys(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """What a row refers to is there: documents in the same partition, regions, codes, departments."""
    faults, tested = [], 0
    for reference in FOREIGN_KEYS:
        given = tables[reference.table].select(reference.columns).drop_nulls().unique()
        known = tables[reference.target].select(reference.keys).unique()
        lost = given.join(known, left_on=reference.columns, right_on=reference.keys, how="anti")
        tested += given.height
        columns = ", ".join(reference.columns)
        faults += [
            f"{reference.table}: {columns} = {', '.join(map(str, row))} is not in {reference.target}" for row in lost.sort(pl.all()).rows()
        ]
    for table, column in LISTS_OF_DOCUMENTS:
        listed = tables[table].select(document_id=pl.col(column).explode()).drop_nulls().unique()
        lost = listed.join(tables[DOCUMENTS.name], on="document_id", how="anti")
        tested += listed.height
        faults += [f"{table}: {column} lists {document}, which is not in documents" for document in lost["document_id"].sort()]
    return _proof("references", tested, faults)


def _counts(tables: Mapping[str, pl.DataFrame], files: Mapping[str, File], manifest: Mapping[str, Any]) -> Proof:
    """What documents and manifest count is what the tables hold."""
    published = tables[DOCUMENTS.name].filter(pl.col("status") == "published")
    lines = tables[BUDGET_LINES.name].group_by("document_id").agg(found=pl.len().cast(pl.Int32))
    counted = published.select("document_id", said="lines").join(lines, on="document_id", how="left")
    wrong = counted.filter(pl.col("said") != pl.col("found").fill_null(0))
    faults = [f"{i}: documents says {said} lines, there are {found or 0}" for i, said, found in wrong.rows()]
    outcome = pl.col("outcome")
    outcomes = (
        tables[CHECKS.name].group_by("document_id").agg((outcome == one).sum().cast(pl.Int32).alias(f"found_{one}") for one in _COUNTED)
    )
    checked = published.join(outcomes, on="document_id", how="left")
    for one, column in _COUNTED.items():
        wrong = checked.filter(pl.col(column) != pl.col(f"found_{one}").fill_null(0))
        faults += [f"{i}: {column} is not the number of checks that are {one}" for i in wrong["document_id"]]
    more = published.filter(pl.col("amounts_captured") > pl.col("amounts_printed"))
    faults += [f"{i}: more amounts captured than printed" for i in more["document_id"]]
    if published["lines"].sum():
        faults += [
            f"{table.name} is empty, although documents have lines"
            for table in DIMENSIONS
            if table not in _MAY_BE_EMPTY and not tables[table.name].height
        ]
    rows, said = rows_per_table(list(files.values())), manifest.get("rows") or {}
    faults += [f"{name}: the manifest says {said.get(name)} rows, there are {n}" for name, n in rows.items() if said.get(name) != n]
    return _proof("counts", published.height + len(rows), faults)


def _arithmetic(checks: pl.DataFrame) -> Proof:
    """The difference of a check is that of its sides."""
    compared = checks.filter(pl.col("expected").is_not_null() & pl.col("actual").is_not_null())
    wrong = compared.filter(pl.col("difference") != pl.col("actual") - pl.col("expected"))
    return _proof(
        "arithmetic of checks", compared.height, [f"{i}: {c} {s}" for i, c, s in wrong.select("document_id", "check_id", "subject").rows()]
    )


def _read_twice(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """Of documents with a text layer, every amount of a statement that has a place was read twice and equal."""
    published = tables[DOCUMENTS.name].filter(pl.col("status") == "published").select("document_id").unique()
    equal = tables[CHECKS.name].filter((pl.col("check_id") == "F1") & (pl.col("outcome") == "pass"))
    number = pl.col("subject").str.extract(r"^statement (\d+)$").cast(pl.Int16).alias("statement_no")
    said = equal.join(published, on="document_id", how="semi").select("document_id", number, said="actual")
    placed = tables[BUDGET_LINES.name].filter((pl.col("source") == "table") & pl.col("x0").is_not_null())
    placed = placed.join(said, on="document_id", how="semi")
    found = placed.group_by("document_id", "statement_no").agg(found=pl.len())
    both = said.join(found, on=["document_id", "statement_no"], how="full", coalesce=True)
    wrong = both.filter(pl.col("said").fill_null(0) != pl.col("found").fill_null(0)).sort("document_id", "statement_no")
    faults = [f"{i}: {count or 0} of {lines or 0} amounts of statement {n} read twice" for i, n, count, lines in wrong.rows()]
    return _proof("amounts read twice", placed.height, faults)


def _identities(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """The identities between a document's lines come out again as recorded, sides and outcome."""
    published = tables[DOCUMENTS.name].filter(pl.col("status") == "published").unique("document_id", maintain_order=True)
    lines = tables[BUDGET_LINES.name]
    of_document = lines.partition_by("document_id", as_dict=True)
    recorded = tables[CHECKS.name].partition_by("document_id", as_dict=True)
    faults, tested = [], 0
    for document_id, kinds in published.select("document_id", "statements").iter_rows():
        rows = of_document.get((document_id,), lines.clear())
        said = recorded.get((document_id,), tables[CHECKS.name].clear())
        missing, number = _not_reproduced(said, rows, kinds)
        tested += number
        faults += [f"{document_id}: {one}" for one in missing]
    return _proof("identities recomputed", tested, faults)


def _not_reproduced(said: pl.DataFrame, rows: pl.DataFrame, kinds: Sequence[str]) -> tuple[list[str], int]:
    """Return which recorded identities do not come out again from the lines `rows`, and how many there are."""
    lines = [Line(**row) for row in rows.select(_LINE_FIELDS).to_dicts()]
    announced = {line.statement_no: (line.statement_no, line.statement, line.statement_title) for line in lines if line.source == "table"}
    empty = Counter(kinds) - Counter(kind for _, kind, _ in announced.values())
    beside = [(_EMPTY_STATEMENTS_FROM + n, kind, None) for n, kind in enumerate(empty.elements())]
    again = Counter(map(_identity, identity_checks(lines, [*(announced[n] for n in sorted(announced)), *beside])))
    recomputed = {identity[0] for identity in again}
    recorded = Counter(_identity(row) for row in said.to_dicts() if row["check_id"] in recomputed and row["outcome"] != "not_applicable")
    return sorted(f"{check} {subject} {outcome}" for check, _, subject, *_, outcome in (recorded - again).elements()), recorded.total()


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("check_id", "statement", "subject", "expected", "actual", "outcome"))


def _marts(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """The marts made again from the tables are those that are shipped."""
    again = make_marts(tables, tables[CODES.name])
    faults = []
    for name, table in MARTS.items():
        order = [*table.key]
        if not again[name].sort(order, nulls_last=True).equals(tables[name].sort(order, nulls_last=True)):
            faults.append(f"{name} is not what the tables give")
    if not outliers(cells_of(tables[BUDGET_LINES.name]), tables[DOCUMENTS.name]).equals(tables[OUTLIERS.name]):
        faults.append(f"{OUTLIERS.name} is not what the tables give")
    return _proof("marts made again", sum(tables[name].height for name in (*MARTS, OUTLIERS.name)), faults)


def _against_print(tables: Mapping[str, pl.DataFrame]) -> Proof:
    """The marts have what the documents print, no part more than its whole, and one scale over the years."""
    tested, faults = faults_against_print(tables)
    return _proof("marts against print", tested, faults)


def _database(dataset: Path, tables: Mapping[str, pl.DataFrame]) -> Proof:
    """The database holds the same rows as the files."""
    faults = []
    try:
        with duckdb.connect(str(dataset / DATABASE), read_only=True) as connection:
            for name, table in PUBLISHED.items():
                held = connection.table(name).pl().sort(table.key, nulls_last=True)
                if not held.equals(tables[name].sort(table.key, nulls_last=True)):
                    faults.append(f"{name} is not that of the files")
    except duckdb.Error as error:
        faults.append(f"{DATABASE} cannot be read: {error}")
    return _proof(DATABASE, len(PUBLISHED), faults)
