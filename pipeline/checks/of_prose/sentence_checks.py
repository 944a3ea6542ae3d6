"""Checks of sentences that speak of whole tables, of the year's execution and of counts: `E1`, `N3`, `N4`.

Belongs here: set phrases of these documents, found in the text as it is printed, whatever the narrative was understood to say.
All failures are warnings: prose may be read wrongly, and it may speak of something narrower than the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.amounts import YUAN_PER, decimals, parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.document.content import Content
from schemas.statements import statement_kinds
from schemas.vocabulary.narrative import section_phrases
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_WORDS = "statement_words.csv"
_NONE_OF = WordPattern(
    lambda: (
        rf"{any_of(_WORDS, 'none')}(?:使用)?(?:\d{{4}}年|当年|本年)?({any_of(_WORDS, 'said_empty')})"
        r"(?:收入|预算)?(?:财政)?(?:拨款)?(?:收入)?(?:安排的)?(?:支出|收支|预算|安排|,也没有)"
    )
)
_EXECUTED = re.compile(
    r"预算数?为?(?P<budget>\d[\d,.]*?)(?P<budget_unit>万?元)[,;](?:支出)?决算数?为?(?P<final>\d[\d,.]*?)(?P<final_unit>万?元)[,;]"
    r"(?:为|完成)(?:年初|全年|调整)?预算数?的?(?P<percent>\d+(?:\.\d+)?)%"
)
_HUNDRED = Decimal(100)
_COUNTED = ("budget_units_administrative", "budget_units_public_institution")
_COUNTED_APART = "budget_units_civil_service_managed"  # few documents tell them from the other institutions


def check_sentences(
    content: Content,
    lines: Sequence[Line],
    statements: Sequence[tuple[int, str, str | None]],
    figures: Sequence[Mapping[str, Any]],
    indicators: Sequence[Mapping[str, Any]],
) -> list[Check]:
    """Try `E1`, `N3` and `N4` on one document.

    Args:
        content: the document's text.
        lines: its budget lines.
        statements: (number, kind, title) of the recognised statements, empty ones too.
        figures: its key figures.
        indicators: its performance indicators.

    Returns:
        Rows of `checks` without document keys; what nothing speaks of is `not_applicable`.
    """
    none = meanings(_WORDS, "none")
    lines_read = (line for page in content.pages for line in page.lines)
    text = "".join(fold(line.text) for line in lines_read if not line.in_grid or any(word in line.text for word in none))
    return [*_said_empty(text, lines, statements), *_share_of_budget(text), *_counts(figures, indicators)]


def _said_empty(text: str, lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]]) -> list[Check]:
    funds = {phrase: value for phrase, attribute, value in section_phrases() if attribute == "fund"}
    without = {funds[match[1]] for match in _NONE_OF.finditer(text)}
    tables = [kind for kind in statement_kinds().values() if kind.often_empty]
    said = {kind.id for kind in tables if kind.fund in without}
    printed = {kind for _, kind, _ in statements}
    rows = []
    for kind in (table.id for table in tables):
        if kind in said and kind in printed:
            amounts = [
                line.amount for line in lines if line.statement == kind and line.source == "table" and line.measure in ("budget", "final")
            ]
            total = sum((abs(amount) for amount in amounts), Decimal(0))
            detail = f"said to be empty, prints {sum(map(bool, amounts))} amounts that are not zero"
            outcome = "fail" if total else "pass"
            rows.append(check_row("E1", kind, kind, outcome, detail, expected=Decimal(0), actual=total, tolerance=Decimal(0)))
        else:
            missing = "no sentence says that it is empty" if kind in printed else "the statement is not printed"
            rows.append(check_row("E1", kind, kind, "not_applicable", missing))
    return rows


def _share_of_budget(text: str) -> list[Check]:
    rows = []
    for match in _EXECUTED.finditer(text):
        budget, final = parse_amount(match["budget"]), parse_amount(match["final"])
        subject = f"{match['final']}{match['final_unit']} of {match['budget']}{match['budget_unit']}"
        if not budget or final is None:
            rows.append(check_row("N3", None, subject, "not_applicable", "the budget is zero"))
            continue
        percent = Decimal(match["percent"])
        half = Decimal(10) ** -decimals(match["percent"]) / 2
        scale = YUAN_PER[match["final_unit"]] / YUAN_PER[match["budget_unit"]]
        of_budget, of_final = (Decimal(10) ** -decimals(match[name]) / 2 for name in ("budget", "final"))
        low = (final - of_final) * scale / (budget + of_budget) * _HUNDRED - half
        high = (final + of_final) * scale / (budget - of_budget) * _HUNDRED + half
        outcome = "pass" if low <= percent <= high else "fail"
        detail = f"printed {percent}%, the printed numbers allow {low:.4f}% to {high:.4f}%"
        expected = (final * scale / budget * _HUNDRED).quantize(Decimal("0.0001"))
        tolerance = ((high - low) / 2).quantize(Decimal("0.0001"))
        rows.append(check_row("N3", None, subject, outcome, detail, expected=expected, actual=percent, tolerance=tolerance))
    return rows or [check_row("N3", None, "narrative", "not_applicable", "no sentence states budget, final account and their percentage")]


def _counts(figures: Sequence[Mapping[str, Any]], indicators: Sequence[Mapping[str, Any]]) -> list[Check]:
    stated = {f["indicator"]: Decimal(f["value"]) for f in figures if f["unit"] == "count"}
    rows = []
    beside = stated.get("budget_units_subordinate")
    units = stated.get("budget_units", None if beside is None else beside + 1)  # with the office itself
    if units is not None and all(name in stated for name in _COUNTED):
        expected = sum((stated[name] for name in _COUNTED), stated.get(_COUNTED_APART, Decimal(0)))
        rows.append(_count("budget_units", "=", units, expected, units == expected))
    projects = Decimal(len({(row["project"], row.get("project_no")) for row in indicators}))
    if projects and "performance_projects" in stated:
        rows.append(
            _count("performance_projects", "≥", stated["performance_projects"], projects, stated["performance_projects"] >= projects)
        )
    return rows or [check_row("N4", "key_figures", "counts", "not_applicable", "no count is stated beside what it counts")]


def _count(subject: str, sign: str, stated: Decimal, counted: Decimal, holds: bool) -> Check:
    outcome = "pass" if holds else "fail"
    detail = f"stated {stated} {sign} counted {counted}"
    return check_row("N4", "key_figures", subject, outcome, detail, expected=counted, actual=stated, tolerance=Decimal(0))
