"""The tables of one partition: the rows of its documents, gathered from what was checked of each.

Belongs here: which documents' rows a table holds, and that they are as many as the documents claim. What the rows say was decided in
the stages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipeline.store.chain import Stage
from pipeline.store.frames import OUTCOMES, unpack_table
from pipeline.store.partitions.contents_compared import Row, TableOf
from pipeline.store.partitions.disclosure_rows import disclosure_checks
from pipeline.store.partitions.input_fingerprints import files_of_partition
from pipeline.store.partitions.previous_year import previous_year_checks
from pipeline.store.partitions.superseded import GONE, OTHER_VERSION, contested_versions, resolve_versions
from pipeline.store.results import DamagedResult, ResultStore
from schemas.export import empty_frame, polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENT_KEYS, DOCUMENTS, FINDINGS, PARTITIONED, Table

EXPLAINED_WHEN_QUARANTINED = frozenset({CHECKS.name, FINDINGS.name})
"""Tables that also speak of quarantined documents: they say what is wrong with them."""

GATHERED: tuple[Table, ...] = tuple(table for table in PARTITIONED if table is not DOCUMENTS)
"""Tables whose rows come from the documents one by one."""


class MissingRows(Exception):
    """Tables hold another number of rows than their documents claim: nothing of this partition may be published."""


_KEPT_BYTES = 8 << 20
"""Bytes of stored results that are kept to be asked again: versions of one document, of a megabyte at most, are compared pair by pair."""

_DOCUMENTS_AT_ONCE = 500
"""Documents whose frames are held before they become one of each table: a frame takes some kilobytes beside its rows."""


@dataclass(slots=True)
class CheckedTables:
    """What was checked of documents, by key; each result that is read is proven against its hash.

    Attributes:
        store: results of stages.
        version: of the last stage.
    """

    store: ResultStore
    version: str
    _packed: dict[str, bytes] = field(default_factory=dict)
    _bytes: int = 0

    def table(self, key: str, table: Table) -> pl.DataFrame:
        """Return what a document adds to a table.

        Raises:
            DamagedResult: its result is missing or is not what was written; the document has to be read again.
        """
        return unpack_table(self._result(key), table)

    def tables(self, key: str, tables: Iterable[Table]) -> dict[str, pl.DataFrame]:
        """Return what a document adds to tables, by name; it is read once.

        Raises:
            DamagedResult: as `table` does.
        """
        packed = self._result(key)
        return {table.name: unpack_table(packed, table) for table in tables}

    def _result(self, key: str) -> bytes:
        packed = self._packed.get(key)
        if packed is None:
            packed = self.store.get(Stage.CHECKING, self.version, key)
            self._packed[key] = packed
            self._bytes += len(packed)
            while self._bytes > _KEPT_BYTES and len(self._packed) > 1:
                self._bytes -= len(self._packed.pop(next(iter(self._packed))))
        return packed

    def is_intact(self, key: str) -> bool:
        """Tell whether a result is there, and is what was written; a damaged one is deleted."""
        try:
            self.table(key, DOCUMENTS)
        except DamagedResult:
            self.store.delete(Stage.CHECKING, self.version, key)
            return False
        return True


def partition_tables(catalogue: pl.DataFrame, checked: CheckedTables, year: int, province: str) -> dict[str, pl.DataFrame]:
    """Return all tables of a partition, sorted in their order.

    Args:
        catalogue: all inputs (see `CATALOGUE_SCHEMA`); the year before is compared with this one.
        checked: of their documents.
        year: of the partition.
        province: of the partition.

    Raises:
        DamagedResult: what was checked of a document is missing or damaged.
        MissingRows: the tables do not hold what the documents claim.
    """
    further = previous_year_checks(catalogue, checked, year, province)
    inputs = files_of_partition(catalogue, year, province)
    documents, found = _resolved(inputs, checked)
    tables = {DOCUMENTS.name: _with_outcomes(documents, further).sort(DOCUMENTS.sort_order, nulls_last=True, maintain_order=True)}
    tables |= _gathered(inputs, documents, checked, {FINDINGS.name: found, CHECKS.name: further})
    _add_disclosure_checks(tables)
    verify_counts(tables)
    return tables


def _resolved(inputs: pl.DataFrame, checked: CheckedTables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `documents` of the files of a partition (published, duplicate, superseded), and what they show only beside one another."""
    rows = resolve_versions(inputs.to_dicts(), _tables_of(checked))
    return pl.DataFrame(rows, schema=inputs.schema).select(polars_schema(DOCUMENTS).keys()), _version_findings(rows, checked)


def _gathered(
    inputs: pl.DataFrame, documents: pl.DataFrame, checked: CheckedTables, further: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return the `GATHERED` tables of a partition.

    Args:
        inputs: files of the partition.
        documents: what was decided of them.
        checked: what their documents add.
        further: per table, rows that are added where their document is in it.
    """
    status = documents.filter(pl.col("status").is_in(["published", "quarantined"])).select("document_id", "status").unique()
    read = inputs.filter(pl.col("primary") & pl.col("checked").is_not_null()).select("document_id", "checked")
    wanted = read.join(status, on="document_id").sort("document_id")
    gathered = {table.name: [empty_frame(table)] for table in GATHERED}
    for some in wanted.iter_slices(_DOCUMENTS_AT_ONCE):
        found: dict[str, list[pl.DataFrame]] = defaultdict(list)
        for key, said in some.select("checked", "status").rows():
            holders = GATHERED if said == "published" else [table for table in GATHERED if table.name in EXPLAINED_WHEN_QUARANTINED]
            for name, frame in checked.tables(key, holders).items():
                if frame.height:
                    found[name].append(frame)
        for name, frames in found.items():
            gathered[name].append(pl.concat(frames, rechunk=True))
    for name, rows in further.items():
        gathered[name].append(rows.join(wanted, on="document_id", how="semi"))
    return {
        table.name: pl.concat(gathered.pop(table.name)).sort(table.sort_order, nulls_last=True, maintain_order=True) for table in GATHERED
    }


def verify_counts(tables: Mapping[str, pl.DataFrame]) -> None:
    """Prove that lines and checks are as many as the published documents claim.

    Raises:
        MissingRows: they are not.
    """
    published = tables[DOCUMENTS.name].filter(pl.col("status") == "published")
    claimed = published.select("document_id", "lines", checks=pl.sum_horizontal(*OUTCOMES.values()))
    for table, column in ((BUDGET_LINES, "lines"), (CHECKS, "checks")):
        counted = tables[table.name].group_by("document_id").len("rows")
        wrong = claimed.join(counted, on="document_id", how="left").filter(pl.col(column) != pl.col("rows").fill_null(0))
        if wrong.height:
            row = wrong.sort("document_id").row(0, named=True)
            raise MissingRows(
                f"{table.name} has {row['rows'] or 0} rows of document {row['document_id']}, which claims {row[column]}: "
                "nothing of its partition is published; delete the folder of stage results and build again"
            )


def _add_disclosure_checks(tables: dict[str, pl.DataFrame]) -> None:
    """Add to a partition's `checks`, and to what `documents` counts of them, those between the files of a disclosure."""
    numbered = dict(tables[CHECKS.name].group_by("document_id").agg(pl.col("item").max()).rows())
    between = disclosure_checks(tables[DOCUMENTS.name], tables[BUDGET_LINES.name], numbered)
    if between.height:
        tables[CHECKS.name] = pl.concat([tables[CHECKS.name], between]).sort(CHECKS.sort_order, nulls_last=True, maintain_order=True)
        tables[DOCUMENTS.name] = _with_outcomes(tables[DOCUMENTS.name], between)


def _tables_of(checked: CheckedTables) -> TableOf:
    return lambda row, table: checked.table(str(row["checked"]), table)


def _version_findings(resolved: Sequence[Row], checked: CheckedTables) -> pl.DataFrame:
    """Return what shows beside other documents alone: versions of one another, documents gone from where they were published."""
    found: list[dict[str, object]] = []
    further: Counter[str] = Counter()

    def add(row: Row, finding: str, subject: str, why: str) -> None:
        key = row["document_id"]
        further[key] += 1
        item = checked.table(str(row["checked"]), FINDINGS).height + further[key]
        keys = {name: row[name] for name in DOCUMENT_KEYS}
        found.append({**keys, "finding": finding, "subject": subject, "frequency": 1, "detail": why, "item": item})

    for earlier, later, why in contested_versions(resolved, _tables_of(checked)):
        add(earlier, OTHER_VERSION, later["document_id"], why)
        add(later, OTHER_VERSION, earlier["document_id"], why)
    for row in resolved:
        if row["gone"] and row["checked"] and row["status"] == "published":
            add(row, GONE, row["source_url"] or row["file_name"], row["gone"])
    return pl.DataFrame(found, schema=polars_schema(FINDINGS), orient="row")


def _with_outcomes(documents: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """Return `documents` with further checks counted, for the files that stand for the documents."""
    counted = checks.group_by("document_id").agg(
        (pl.col("outcome") == outcome).sum().alias(f"{name}_more") for outcome, name in OUTCOMES.items()
    )
    joined = documents.join(counted, on="document_id", how="left", maintain_order="left")
    more = [
        pl.when(pl.col("status") == "published")
        .then(pl.col(name) + pl.col(f"{name}_more").fill_null(0))
        .otherwise(pl.col(name))
        .cast(pl.Int32)
        for name in OUTCOMES.values()
    ]
    return joined.with_columns(more).select(documents.columns)
