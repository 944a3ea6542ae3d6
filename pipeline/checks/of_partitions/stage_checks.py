"""What must hold after each stage of the documents of a partition: declared once, for the build and for the asset checks.

Belongs here: verdicts on the indexes of stages (`schemas.stage_index_columns`), each on the stage that it judges. What must hold of
the tables made from them is in `table_checks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.checks.of_partitions.table_checks import TableCheck, Verdict, not_applicable
from schemas.stage_index_columns import CHECKED_LINES, CODED_LINES, EXTRACTED_TABLES, RECOGNISED_STATEMENTS

_NAMED = ("document_id", "file_name")


def _opened(index: pl.DataFrame) -> Verdict:
    if index.is_empty():
        return not_applicable("the partition has no document")
    closed = index.filter(pl.col("failure").is_not_null())
    return Verdict(closed.is_empty(), {"documents": index.height, "unreadable": closed.height}, closed.select(*_NAMED, "failure"), "WARN")


def _numbers_in_cells(index: pl.DataFrame) -> Verdict:
    drawn = index.filter(pl.col("grids") > 0)
    lacking = index.filter(pl.col("pages_with_loose_amounts") > 0)
    if drawn.is_empty() and lacking.is_empty():
        return not_applicable("no document has grids of cells (text dumps have none)")
    numbers = {"amounts_in_cells": _sum(index, "amounts_in_cells"), "amounts_outside": _sum(index, "amounts_outside")}
    return Verdict(
        lacking.is_empty(),
        {**numbers, "pages_with_loose_amounts": _sum(index, "pages_with_loose_amounts")},
        lacking.select(*_NAMED, "pages_with_loose_amounts", "amounts_in_cells", "amounts_outside"),
        "WARN",
    )


def _identified(index: pl.DataFrame) -> Verdict:
    budgets = index.filter(pl.col("result").is_not_null() & pl.col("unpublishable").is_null() & pl.col("contradictions").is_not_null())
    if budgets.is_empty():
        return not_applicable("the partition has no budget and no final account")
    said = ("fiscal_year", "province", "department", "kind")
    lacking = budgets.filter(pl.any_horizontal(pl.col(name).is_null() for name in said))
    numbers = {"documents": budgets.height, "contradicted_by_registry": _sum(budgets, "contradictions")}
    return Verdict(lacking.is_empty(), numbers, lacking.select(*_NAMED, *said), "WARN")


def _understood(unknown: str, shown: str) -> TableCheck:
    names = {"titles_unknown": "titles_understood", "headers_unknown": "columns_understood", "statements_without_unit": "units_understood"}
    meanings = {
        "titles_unknown": "Every title above a table announces a statement of the vocabulary.",
        "headers_unknown": "Every phrase of the column headers is in the vocabulary.",
        "statements_without_unit": "Every statement has a unit of money, printed or proven.",
    }

    def judge(index: pl.DataFrame) -> Verdict:
        if not _sum(index, "statements"):
            return not_applicable("no document has a statement")
        open_ones = index.filter(pl.col(unknown) > 0)
        numbers = {"statements": _sum(index, "statements"), unknown: _sum(index, unknown)}
        rows = open_ones.select(*_NAMED, unknown, pl.col(shown).list.eval(pl.element().fill_null("?")).list.join(", "))
        return Verdict(open_ones.is_empty(), numbers, rows, "WARN")

    return TableCheck(names[unknown], meanings[unknown], judge)


def _resolved(index: pl.DataFrame) -> Verdict:
    coded, uncoded = _sum(index, "lines_coded"), _sum(index, "lines_uncoded")
    if not coded + uncoded:
        return not_applicable("no table has lines in a code hierarchy")
    lacking = index.filter(pl.col("lines_uncoded") > 0)
    numbers = {"lines_coded": coded, "lines_uncoded": uncoded, "resolved_rate": coded / (coded + uncoded)}
    return Verdict(lacking.is_empty(), numbers, lacking.select(*_NAMED, "lines_coded", "lines_uncoded"), "WARN")


def _parents_exist(index: pl.DataFrame) -> Verdict:
    if not _sum(index, "lines_coded"):
        return not_applicable("no line has a code")
    lacking = index.filter(pl.col("codes_without_parent") > 0)
    numbers = {"codes_without_parent": _sum(index, "codes_without_parent")}
    return Verdict(lacking.is_empty(), numbers, lacking.select(*_NAMED, "codes_without_parent"), "WARN")


def _identities_hold(index: pl.DataFrame) -> Verdict:
    judged = index.filter(pl.col("reconciled").is_not_null())
    if judged.is_empty():
        return not_applicable("no identity applies to a document")
    failed = judged.filter(~pl.col("reconciled"))
    passed, tried = _sum(judged, "checks_passed"), _sum(judged, "checks_passed") + _sum(judged, "checks_failed")
    numbers = {"identities_passed": passed, "identities_failed": tried - passed, "documents_reconciled": judged.height - failed.height}
    return Verdict(failed.is_empty(), numbers, failed.select(*_NAMED, "checks_passed", "checks_failed", "grade"), "WARN")


def _amounts_captured(index: pl.DataFrame) -> Verdict:
    counted = index.filter((pl.col("status") == "published") & (pl.col("amounts_printed") > 0))
    if counted.is_empty():
        return not_applicable("no document prints amounts in tables")
    printed, captured = _sum(counted, "amounts_printed"), _sum(counted, "amounts_captured")
    lacking = counted.filter(pl.col("amounts_captured").fill_null(0) < pl.col("amounts_printed"))
    numbers = {"amounts_printed": printed, "amounts_captured": captured, "captured_rate": captured / printed}
    return Verdict(lacking.is_empty(), numbers, lacking.select(*_NAMED, "amounts_printed", "amounts_captured"), "WARN")


def _sum(index: pl.DataFrame, column: str) -> int:
    return int(index[column].fill_null(0).sum())


STAGE_CHECKS: Mapping[str, tuple[TableCheck, ...]] = {
    EXTRACTED_TABLES.name: (
        TableCheck("opened", "Every file could be opened as a document.", _opened),
        TableCheck(
            "numbers_in_cells",
            "Each amount that the text layer prints in a table stands in exactly one cell: no page without sentences has loose ones.",
            _numbers_in_cells,
        ),
    ),
    RECOGNISED_STATEMENTS.name: (
        TableCheck("identified", "Every budget says whose it is, of which year and place.", _identified),
        _understood("titles_unknown", "titles"),
        _understood("headers_unknown", "kinds"),
        _understood("statements_without_unit", "titles"),
    ),
    CODED_LINES.name: (
        TableCheck("resolved", "Every row of a table in a code hierarchy has one code.", _resolved),
        TableCheck("parents_exist", "The parent of every code is in a list of codes.", _parents_exist),
    ),
    CHECKED_LINES.name: (
        TableCheck("identities_hold", "No document fails an accounting identity.", _identities_hold),
        TableCheck("amounts_captured", "Every amount printed in a statement is in a line.", _amounts_captured),
    ),
}
"""All checks, by stage."""
