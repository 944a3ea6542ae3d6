"""Disclosures: the files of one body, year, kind and level that belong together, and which of them each statement is taken from.

An office often publishes its explanation and its tables in two files; a statement may then stand in both. It is taken from the fullest:
the file with the most amounts of it in tables, then in sentences, then in all, then the first by `document_id`. A table states each
amount with its row and column, a sentence only some of them; and what a file holds less of may be an extract, while the versions of one
file were already resolved (`superseded.py`). What the other files print of it is compared (`D1`) and used for nothing else.

Belongs here: this choice, the table `disclosures`, and the comparison of totals between files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.sums import NATURES_OUTSIDE_THE_YEAR, step_of
from schemas.export import polars_schema
from schemas.marts import DISCLOSURES
from schemas.tables import CHECKS, DOCUMENT_KEYS

CHECK_ID = "D1"
"""One total, printed in several files of a disclosure."""

COLUMNS_COMPARED = (
    "document_id", "statement", "source", "flow", "scheme", "code", "level", "unit", "fund", "nature", "measure",
    "amount", "amount_text", "unit_text", "column_evidence",
)  # fmt: skip
"""Columns of `budget_lines` that the comparison looks at."""

_FILE = ("document_id", "disclosure_id")


def statement_files(documents: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return which files of a disclosure print each statement, the one that it is taken from first.

    Args:
        documents: the table `documents`; only published files are looked at.
        lines: the table `budget_lines` of the same.

    Returns:
        `disclosure_id`, `statement`, `document_id`, `in_tables` and `told` (amounts of it in tables and in sentences), `taken`; a file
        without disclosure stands alone.
    """
    files = _published(documents)
    counted = lines.group_by("document_id", "statement").agg(
        in_tables=(pl.col("source") == "table").sum(), told=(pl.col("source") == "narrative").sum()
    )
    empty = files.select("document_id", statement="statements").explode("statement").drop_nulls().unique()
    found = pl.concat([counted.select("document_id", "statement"), empty.cast({"statement": pl.String})]).unique()
    ranked = (
        found.join(counted, on=["document_id", "statement"], how="left")
        .join(files.select(*_FILE, "lines"), on="document_id", how="inner")
        .with_columns(pl.col("in_tables", "told").fill_null(0), disclosure=pl.coalesce("disclosure_id", "document_id"))
        .sort("disclosure", "statement", "in_tables", "told", "lines", "document_id", descending=[False, False, True, True, True, False])
    )
    first = pl.col("document_id") == pl.col("document_id").first().over("disclosure", "statement")
    return ranked.with_columns(taken=first).select("disclosure_id", "statement", "document_id", "in_tables", "told", "taken")


def disclosures_frame(documents: pl.DataFrame, lines: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """Return the table `disclosures`: one row per disclosure of which a document is published.

    Args:
        documents: the table `documents` of whole partitions.
        lines: the table `budget_lines` of the same.
        checks: the table `checks` of the same.
    """
    files = _published(documents).filter(pl.col("disclosure_id").is_not_null())
    sources = statement_files(documents, lines).filter(pl.col("disclosure_id").is_not_null())
    given = sources.filter("taken").group_by("disclosure_id", "document_id").agg(pl.col("statement"), tables=pl.col("in_tables").sum())
    order = files.join(given, on=["disclosure_id", "document_id"], how="left").sort(
        "disclosure_id", pl.col("tables").fill_null(0), "lines", "document_id", descending=[False, True, True, False]
    )
    differing = checks.filter(check_id=CHECK_ID, outcome="fail").group_by("document_id").len("differing")
    giving = pl.col("statement").is_not_null()
    rows = (
        order.join(differing, on="document_id", how="left", maintain_order="left")
        .group_by("disclosure_id", maintain_order=True)
        .agg(
            pl.col("fiscal_year", "province", "region_code", "department_id", "department", "level", "kind").first(),
            documents=pl.col("document_id"),
            # the worst of the files that give something: letters grow with the doubt
            grade=pl.coalesce(pl.col("grade").filter(giving).max(), pl.col("grade").max()),
            reconciled=pl.col("reconciled").filter(giving).min(),
            contradictions=pl.col("differing").sum().cast(pl.Int32),
        )
    )
    printed = sources.filter("taken").sort("disclosure_id", "statement").group_by("disclosure_id", maintain_order=True)
    told = printed.agg(statements=pl.col("statement"), taken_from=pl.col("document_id"))
    schema = polars_schema(DISCLOSURES)
    joined = rows.join(told, on="disclosure_id", how="left").with_columns(pl.col("statements", "taken_from").fill_null([]))
    return joined.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(DISCLOSURES.sort_order, nulls_last=True)


def disclosure_checks(documents: pl.DataFrame, lines: pl.DataFrame, numbered: Mapping[str, int]) -> pl.DataFrame:
    """Return the rows of `checks` that hold totals of a statement in one file against those in the file that it is taken from.

    Args:
        documents: the table `documents` of a partition.
        lines: of its published documents, at least `COLUMNS_COMPARED`.
        numbered: per document the number of its checks so far.
    """
    sources = statement_files(documents, lines).filter(pl.col("disclosure_id").is_not_null())
    several = sources.filter(pl.len().over("disclosure_id", "statement") > 1)
    shared = set(several["document_id"])
    keys = {row["document_id"]: row for row in _published(documents).select(DOCUMENT_KEYS).to_dicts() if row["document_id"] in shared}
    amounts = _totals(lines.filter(pl.col("document_id").is_in(list(shared)))) if shared else {}
    chosen = {
        (of, name): document for of, name, document in several.filter("taken").select("disclosure_id", "statement", "document_id").rows()
    }
    found, further = [], dict(numbered)
    for of, name, document in several.filter(~pl.col("taken")).select("disclosure_id", "statement", "document_id").rows():
        for check in _compared(name, amounts.get((document, name), {}), amounts.get((chosen[of, name], name), {}), chosen[of, name]):
            further[document] = further.get(document, 0) + 1
            found.append({**check, **keys[document], "item": further[document]})
    return pl.DataFrame(found, schema=polars_schema(CHECKS), orient="row")


def _published(documents: pl.DataFrame) -> pl.DataFrame:
    return documents.filter(pl.col("status") == "published").unique("document_id", keep="first", maintain_order=True)


_Totals = dict[tuple[str, ...], list[tuple[Decimal, Decimal, str]]]
"""Per flow, fund, nature and measure: amount, printed step and source of each total."""


def _totals(lines: pl.DataFrame) -> dict[tuple[str, str], _Totals]:
    """Return the totals that each document prints of a statement, its own and not those of its units."""
    whole = lines.filter(
        (pl.col("level") == 0) | (pl.col("code") == "total"),
        pl.col("unit").is_null(),
        pl.col("column_evidence") != "ambiguous",
    )
    found: dict[tuple[str, str], _Totals] = defaultdict(lambda: defaultdict(list))
    for row in whole.select(COLUMNS_COMPARED).iter_rows(named=True):
        about = (row["flow"], row["scheme"] if row["code"] else "", row["code"] or "", row["fund"], row["nature"], row["measure"])
        found[row["document_id"], row["statement"]][about].append(
            (row["amount"], step_of(row["unit_text"], row["amount_text"]), row["source"])
        )
    return found


def _compared(statement: str, totals: _Totals, others: _Totals, document: str) -> Iterator[Check]:
    """Yield a check per total that two files print: of several of one kind the nearest pair, or one that a carry-over explains."""
    for about in sorted(totals.keys() & others.keys(), key=str):
        pairs = [(one, other) for one in totals[about] for other in others[about]]
        (amount, step, source), (expected, other_step, other_source) = min(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]))
        tolerance = max(step, other_step)
        passes = abs(amount - expected) <= tolerance or _explained(abs(amount - expected), tolerance, (totals, others))
        flow, _, code, fund, nature, measure = about
        detail = f"{amount:,.2f} here, {expected:,.2f} in document {document}, which the statement is taken from"
        yield check_row(
            CHECK_ID, statement, " ".join(part for part in (flow, code, fund, nature, measure) if part),
            "pass" if passes else "fail", detail, severity="error" if source == other_source == "table" else "warning",
            expected=expected, actual=amount, tolerance=tolerance,
        )  # fmt: skip


def _explained(difference: Decimal, tolerance: Decimal, files: Sequence[_Totals]) -> bool:
    """Tell whether two totals differ by what one of the files says to be carried forward: 本年支出合计 and 支出总计."""
    outside = [amounts for totals in files for about, amounts in totals.items() if about[4] in NATURES_OUTSIDE_THE_YEAR]
    return any(abs(difference - abs(amount)) <= tolerance for amounts in outside for amount, _, _ in amounts)
