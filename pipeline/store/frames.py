"""From what was checked to validated frames: one document's rows of every table, with the document keys and exact types.

Belongs here: what the tables add to what was read (keys, numbering, counts), and the last gate before anything is stored.
Does not belong here: which documents count (`pipeline/store/partitions/superseded.py`) and files (`parquet.py`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import msgspec
import polars as pl
import pyarrow as pa
import pyarrow.ipc

from pipeline.budget.filing import UNKNOWN_PROVINCE, UNKNOWN_YEAR
from pipeline.checks.grades import grade_of, is_reconciled
from pipeline.identity.departments import department_id
from pipeline.identity.disclosures import disclosure_id
from pipeline.stages.checking import Checked
from schemas.export import InvalidFrame, empty_frame, polars_schema, validate
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENT_KEYS, DOCUMENTS, FINDINGS, IDENTITY_EVIDENCE, PARTITIONED, PUBLISHER_ERRORS, Table

DOCUMENT_ID_LENGTH = 16

OUTCOMES: Mapping[str, str] = {"pass": "checks_passed", "fail": "checks_failed", "not_applicable": "checks_not_applicable"}
"""Outcome of a check → the column of `documents` that counts it."""


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a file before it is read.

    Attributes:
        file_name: as it was given; empty where only the bytes are known, which may have several names.
        sha256: hash of its bytes, in hex.
        bytes: its size.
        media_type: by its content.
        source_url: where it was published, if known.
    """

    file_name: str
    sha256: str
    bytes: int
    media_type: str
    source_url: str | None = None

    @property
    def document_id(self) -> str:
        """The document's identity in all tables."""
        return self.sha256[:DOCUMENT_ID_LENGTH]


def document_frames(checked: Checked, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    """Return all rows that one document adds to the dataset, a frame for every partitioned table (also where it adds none).

    A reading whose rows are not valid (an unknown fund, a key twice, an amount out of range…) is not published: its document
    comes back quarantined with the reason, so that one bad reading stops nothing else.

    Args:
        checked: what was read and judged.
        facts: of the file it was read from.

    Returns:
        Frames with the full schema of each table, partition columns included, sorted in the table's order.
    """
    try:
        return _frames(checked, facts)
    except InvalidFrame as error:
        reason = f"What was read is not valid: {error}"
    known = {**checked.document, "status": "quarantined", "reason": reason}
    try:
        return _frames(Checked(document=known), facts)
    except InvalidFrame:
        return _frames(Checked(document={"status": "quarantined", "reason": reason}), facts)


def pack(frames: Mapping[str, pl.DataFrame]) -> bytes:
    """Return frames as bytes; tables without rows are left out."""
    packed: dict[str, bytes] = {}
    for name, frame in frames.items():
        if frame.height:
            buffer = io.BytesIO()
            frame.write_ipc(buffer)
            packed[name] = buffer.getvalue()
    return msgspec.msgpack.encode(packed)


def proven_frames(packed: bytes, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    """Return the frames of `pack` that came from a process that may have been in the hands of the document, if they are what they must be.

    Args:
        packed: as it came.
        facts: of the document.

    Raises:
        InvalidFrame: a table is not whole, not as declared, of another document, or not of the length that the document claims.
    """
    try:
        found = msgspec.msgpack.decode(packed, type=dict[str, bytes])
        read = {name: pa.ipc.open_file(data).read_all() for name, data in found.items()}
        for table in read.values():
            table.validate(full=True)
    except (msgspec.DecodeError, pa.ArrowException, OSError, ValueError) as error:
        raise InvalidFrame(f"what was checked is no tables: {error}") from None
    if strangers := read.keys() - {table.name for table in PARTITIONED}:
        raise InvalidFrame(f"there are no tables {sorted(strangers)}")
    try:
        frames = {
            table.name: validate(pl.DataFrame(pl.from_arrow(read[table.name])), table) if table.name in read else _empties()[table.name]
            for table in PARTITIONED
        }
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise InvalidFrame(f"what was checked is no tables: {error}") from None
    _prove_own(frames, facts)
    return frames


def _prove_own(frames: Mapping[str, pl.DataFrame], facts: SourceFacts) -> None:
    """Prove that all rows are of one document, and as many as it claims."""
    documents = frames[DOCUMENTS.name]
    if documents.height != 1:
        raise InvalidFrame(f"{documents.height} rows of documents for one document")
    row = documents.row(0, named=True)
    if (row["document_id"], row["sha256"], row["bytes"]) != (facts.document_id, facts.sha256, facts.bytes):
        raise InvalidFrame("the row of documents is of another document")
    if row["status"] not in ("published", "quarantined") or (row["status"] == "quarantined" and not row["reason"]):
        raise InvalidFrame("a document is published, or quarantined with a reason, before it is compared with others")
    keys = {name: row[name] for name in DOCUMENT_KEYS}
    for name, frame in frames.items():
        if frame.height and frame.select(list(keys)).unique().rows(named=True) != [keys]:
            raise InvalidFrame(f"{name} has rows of another document")
    claimed = {BUDGET_LINES.name: row["lines"], CHECKS.name: sum(row[column] for column in OUTCOMES.values())}
    for name, rows in claimed.items():
        if frames[name].height != rows:
            raise InvalidFrame(f"{name} has {frames[name].height} rows of a document that claims {rows}")


def unpack(packed: bytes) -> dict[str, pl.DataFrame]:
    """Return the frames of `pack`, a frame for every partitioned table."""
    return {table.name: unpack_table(packed, table) for table in PARTITIONED}


def unpack_table(packed: bytes, table: Table) -> pl.DataFrame:
    """Return one of the frames of `pack`."""
    found = msgspec.msgpack.decode(packed, type=dict[str, msgspec.Raw])
    if table.name not in found:
        return _empties()[table.name]
    return pl.read_ipc(io.BytesIO(msgspec.msgpack.decode(found[table.name], type=bytes)))


@cache
def _empties() -> Mapping[str, pl.DataFrame]:
    return {table.name: empty_frame(table) for table in PARTITIONED}


def empty_frames() -> dict[str, pl.DataFrame]:
    """Return a frame without rows for every partitioned table."""
    return {table.name: empty_frame(table) for table in PARTITIONED}


def _frames(checked: Checked, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    document = _document_row(checked, facts)
    keys = {name: document.get(name) for name in DOCUMENT_KEYS}
    rows: dict[str, Sequence[Row]] = {
        "year_on_year": checked.year_on_year,
        "key_figures": checked.key_figures,
        "projects": checked.projects,
        "performance_indicators": checked.performance_indicators,
        CHECKS.name: checked.checks,
        FINDINGS.name: _merged_findings(checked.findings),
        PUBLISHER_ERRORS.name: checked.publisher_errors,
        IDENTITY_EVIDENCE.name: checked.identity_evidence,
    }
    frames = {
        DOCUMENTS.name: _frame(DOCUMENTS, [document], {}),
        BUDGET_LINES.name: _frame(BUDGET_LINES, list(map(msgspec.structs.asdict, checked.lines)), keys),
    }
    for table in PARTITIONED:
        if table.name in rows:
            numbered = [{**row, "item": number} for number, row in enumerate(rows[table.name], start=1)]
            frames[table.name] = _frame(table, numbered, keys)
    return {table.name: validate(frames[table.name], table).sort(table.sort_order) for table in PARTITIONED}


def _document_row(checked: Checked, facts: SourceFacts) -> dict[str, Any]:
    outcomes = [row.get("outcome") for row in checked.checks]
    document = checked.document
    body = department_id(document.get("department"), document.get("region_code"))
    year = document.get("fiscal_year") or UNKNOWN_YEAR
    return {
        "fiscal_year": UNKNOWN_YEAR,
        "province": UNKNOWN_PROVINCE,
        "statements": [],
        **{name: value for name, value in document.items() if value is not None},
        "document_id": facts.document_id,
        "sha256": facts.sha256,
        "file_name": facts.file_name,
        "source_url": facts.source_url,
        "media_type": facts.media_type,
        "bytes": facts.bytes,
        "lines": len(checked.lines),
        "checks_passed": outcomes.count("pass"),
        "checks_failed": outcomes.count("fail"),
        "checks_not_applicable": outcomes.count("not_applicable"),
        "reconciled": is_reconciled(checked.checks),
        "grade": grade_of(
            checked.lines,
            checked.checks,
            document.get("amounts_printed"),
            document.get("amounts_captured"),
            checked.beside,
            checked.unread_targets,
        )
        if document.get("status") == "published"
        else None,
        "department_id": body,
        "disclosure_id": disclosure_id(body, year, document.get("kind"), document.get("level")),
    }


def _merged_findings(findings: Sequence[Row]) -> list[dict[str, Any]]:
    """Return each finding once, in order of first occurrence, with how often it occurs."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in findings:
        identity = tuple(row.get(name) for name in ("finding", "subject", "page", "detail"))
        seen = merged.setdefault(identity, {**row, "frequency": 0})
        seen["frequency"] += row.get("frequency", 1)
    return list(merged.values())


def _frame(table: Table, rows: Sequence[Row], keys: Row) -> pl.DataFrame:
    """Return `rows` with `keys` added as a frame of `table`; a missing value is null.

    Raises:
        InvalidFrame: a row has a field that the table does not declare, or a value of another type.
    """
    schema = polars_schema(table)
    unknown = {name for row in rows for name in row if name not in schema}
    if unknown:
        raise InvalidFrame(f"{table.name} has no columns {sorted(unknown)}")
    columns = []
    for name, dtype in schema.items():
        values = [keys[name]] * len(rows) if name in keys else [row.get(name) for row in rows]
        if isinstance(dtype, pl.Decimal):
            values = [_exact(value, dtype, table.name, name) for value in values]
        try:
            columns.append(pl.Series(name, values, dtype=dtype, strict=True))
        except (TypeError, OverflowError, ValueError, pl.exceptions.PolarsError) as error:
            raise InvalidFrame(f"{table.name}.{name} is not {dtype}: {error}") from error
    return pl.DataFrame(columns)


def _exact(value: Any, dtype: pl.Decimal, table: str, column: str) -> Decimal | None:
    """Return `value` with the decimals of `dtype`, refusing binary fractions and numbers that do not fit."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise InvalidFrame(f"{table}.{column} is {value!r}, not an exact number")
    try:
        exact = Decimal(value).quantize(Decimal(1).scaleb(-dtype.scale))
    except InvalidOperation as error:
        raise InvalidFrame(f"{table}.{column} is {value}, out of range") from error
    if dtype.precision is not None and abs(exact) >= Decimal(10) ** (dtype.precision - dtype.scale):
        raise InvalidFrame(f"{table}.{column} is {value}, out of range for {dtype}")
    return exact
