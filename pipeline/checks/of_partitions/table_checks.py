"""What must hold of the tables of every partition: declared once, for the build and for the asset checks.

Belongs here: verdicts on whole tables. The identities themselves were tried when the documents were read; here each of them gives one
verdict. A check that applies to nothing says so: its verdict counts nothing and names the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from schemas import columns
from schemas.export import InvalidFrame, validate
from schemas.tables import CHECKS, DOCUMENTS, PARTITIONED, Table

Severity = Literal["ERROR", "WARN"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    Attributes:
        passed: whether it holds.
        numbers: what was counted.
        rows: those that do not hold, for people.
        severity: counts only if it did not pass.
        not_applicable: why there was nothing to judge; None where there was. Such a verdict passes.
    """

    passed: bool
    numbers: Mapping[str, Any]
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    severity: Severity = "ERROR"
    not_applicable: str | None = None


@dataclass(frozen=True, slots=True)
class TableCheck:
    """A check of one table's partition."""

    name: str
    description: str
    judge: Callable[[pl.DataFrame], Verdict]


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check of a table that did not pass: its table, its name, the partition's key, and its severity."""

    table: str
    check: str
    partition: str
    severity: str


def not_applicable(reason: str) -> Verdict:
    """Return the verdict of a check that has nothing to judge, for the `reason` in one clause."""
    return Verdict(True, {}, not_applicable=reason)


def checks_of(table: Table) -> tuple[TableCheck, ...]:
    """Return the checks of a table: those of every table, and its own."""
    own: tuple[TableCheck, ...] = ()
    if table is CHECKS:
        own = tuple(_identity(check_id, meaning) for check_id, meaning in columns.CHECK_ID.values.items())
    elif table is DOCUMENTS:
        own = (
            TableCheck("complete", "Every amount printed in a statement is in the dataset.", _complete),
            TableCheck("none_quarantined", "Every document could be published.", _none_quarantined),
            TableCheck("reconciled", "No document fails an accounting identity.", _reconciled),
        )
    return (_declared(table), _unique(table), *own)


def failed_checks(tables: Mapping[str, pl.DataFrame], partition: str) -> list[FailedCheck]:
    """Try all checks on the tables of one partition, and return those that did not pass."""
    return [
        FailedCheck(table, check.name, partition, verdict.severity)
        for table, checks in TABLE_CHECKS.items()
        for check in checks
        if not (verdict := check.judge(tables[table])).passed
    ]


def _declared(table: Table) -> TableCheck:
    def judge(frame: pl.DataFrame) -> Verdict:
        try:
            validate(frame, table)
        except InvalidFrame as error:
            return Verdict(False, {"error": str(error)})
        return Verdict(True, {"rows": frame.height})

    return TableCheck("as_declared", "Columns, types, values, nulls and rules are those that the table declares.", judge)


def _unique(table: Table) -> TableCheck:
    def judge(frame: pl.DataFrame) -> Verdict:
        twice = frame.select(table.key).filter(pl.struct(table.key).is_duplicated())
        return Verdict(twice.is_empty(), {"rows_sharing_a_key": twice.height}, twice)

    return TableCheck("key_unique", f"No two rows share {', '.join(table.key)}.", judge)


def _identity(check_id: str, meaning: str) -> TableCheck:
    def judge(frame: pl.DataFrame) -> Verdict:
        tried = frame.filter(pl.col("check_id") == check_id)
        passed = tried.filter(pl.col("outcome") == "pass").height
        failed = tried.filter(pl.col("outcome") == "fail")
        if not passed + failed.height:
            return not_applicable("no document of this partition prints what the identity compares")
        numbers = {
            "passed": passed,
            "failed": failed.height,
            "not_applicable": tried.height - passed - failed.height,
            "pass_rate": passed / (passed + failed.height),
        }
        shown = failed.select("document_id", "statement", "subject", "expected", "actual", "difference", "severity", "detail")
        errors = failed.filter(pl.col("severity") == "error").height
        return Verdict(failed.is_empty(), numbers, shown, "ERROR" if errors else "WARN")

    return TableCheck(f"identity_{check_id}", meaning, judge)


def _complete(documents: pl.DataFrame) -> Verdict:
    counted = documents.filter((pl.col("status") == "published") & (pl.col("amounts_printed") > 0))
    if counted.is_empty():
        return not_applicable("no published document prints amounts in tables")
    printed, captured = int(counted["amounts_printed"].sum()), int(counted["amounts_captured"].fill_null(0).sum())
    lacking = counted.filter(pl.col("amounts_captured").fill_null(0) < pl.col("amounts_printed"))
    return Verdict(
        lacking.is_empty(),
        {"amounts_printed": printed, "amounts_captured": captured, "captured_rate": captured / printed},
        lacking.select("document_id", "file_name", "amounts_printed", "amounts_captured"),
        "WARN",
    )


def _none_quarantined(documents: pl.DataFrame) -> Verdict:
    held = documents.filter(pl.col("status") == "quarantined")
    return Verdict(held.is_empty(), {"quarantined": held.height}, held.select("document_id", "file_name", "reason"), "WARN")


def _reconciled(documents: pl.DataFrame) -> Verdict:
    judged = documents.filter((pl.col("status") == "published") & pl.col("reconciled").is_not_null())
    if judged.is_empty():
        return not_applicable("no identity applies to a published document")
    failed = judged.filter(~pl.col("reconciled"))
    return Verdict(
        failed.is_empty(),
        {"reconciled": judged.height - failed.height, "reconciled_rate": 1 - failed.height / judged.height},
        failed.select("document_id", "file_name", "checks_failed"),
    )


TABLE_CHECKS: Mapping[str, tuple[TableCheck, ...]] = {table.name: checks_of(table) for table in PARTITIONED}
"""All checks, by table."""
