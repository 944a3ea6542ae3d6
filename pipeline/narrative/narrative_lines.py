"""From a subject in its section to a budget line without its amount, or the reason why there is none.

Belongs here: what a section and a subject together fix (statement, scheme, level, fund, nature, code).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.codes.book import CodeList
from pipeline.budget.line import Line
from pipeline.budget.sums import FUND_TREE, funds_within
from pipeline.narrative.claims.open_classification import full_path
from pipeline.narrative.sections import SEVERAL_FUNDS, Section, read_heading, statement_of
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects
from schemas.statement_kind import ECONOMIC
from schemas.statements import THREE_PUBLIC, kind_of

_FUNDS_OF_APPROPRIATION = FUND_TREE["fiscal_appropriation"]
DIVIDED = ("fiscal_appropriation", "unit_funds")
"""Funds of the year of which sentences state the parts after the whole."""

_CARRIED_OVER = ("carryover", "carryover_fiscal_appropriation")  # the same of what is carried over
_DEEPEST = 3  # level of an item of revenue

_PARTS_OF_BASIC = ("basic", "basic_personnel", "basic_operating")
_THREE_PUBLIC_LEVELS = {"total": 0, "with_meetings_training": 0, "vehicle_purchase": 2, "vehicle_operation": 2}


class SubjectDoesNotFit(Exception):
    """The subject does not fit its section; the message says why the amount is held back."""


class OfAnotherBody(SubjectDoesNotFit):
    """The subject is another body's, or of another part of the document than its words say: so are the parts that it opens."""


@dataclass(slots=True)
class SubjectContext:
    """What the sentences around an amount fix.

    Attributes:
        section: the open section.
        nature: a nature that a phrase such as `公用经费：` sets for the list after it; empty for none.
        path: level → name, of the classification that headings have opened.
        three_public_fund: the fund of 三公 amounts in this section.
        incomes: statements and funds of the income that is a line already: parts of such a fund stand below it.
        is_numbered_part: whether numbers show that the amount is a part of an income that is divided.
        carried: whether the paragraph tells 本年收入 from what was carried over.
    """

    section: Section
    nature: str
    path: dict[int, str]
    three_public_fund: str
    incomes: frozenset[tuple[str, str]]
    is_numbered_part: bool = False
    carried: bool = False


def line_without_amount(meaning: SubjectMeaning, flow: str, measure: str, around: SubjectContext) -> Line:
    """Return the line of a total, a fund, a nature or a 三公 part.

    Args:
        meaning: of the subject, of any kind but `code`, `figure` and `bare`.
        flow: `revenue` or `expenditure`.
        measure: as in `budget_lines`.
        around: what the section and the sentences around fix.

    Raises:
        Misfit: where the subject does not fit its section.
    """
    if meaning.kind == "three_public":
        level = _THREE_PUBLIC_LEVELS.get(meaning.code or "", 1)
        line = blank_line(THREE_PUBLIC.id, "expenditure", "three_public", level, meaning.name, around.three_public_fund, "total", measure)
        return replace(line, code=meaning.code, code_source="printed" if meaning.code else None)
    section = _on_its_fund(around.section, meaning)
    fund = _of_year_or_carried(meaning, around) or _fund(meaning, section)
    nature = "total" if flow == "revenue" else meaning.nature or "total"
    if flow == "expenditure" and meaning.kind != "nature" and (section.nature or around.nature):
        raise SubjectDoesNotFit("a total in a section on one nature")
    own = meaning.fund if meaning.fund in ("fiscal_appropriation", *_FUNDS_OF_APPROPRIATION) else None
    scheme = "revenue_item" if flow == "revenue" else "function"
    level = int(flow == "revenue" and meaning.kind == "fund" and fund != section.fund)
    statement = statement_of(section, flow, own, level, scheme)
    if statement is None:
        raise SubjectDoesNotFit("a statement that cannot be told")
    if level:
        divided = (*DIVIDED, *_CARRIED_OVER) if section.fund is None else _CARRIED_OVER  # else the section is on the only one of the year
        above = sum((statement, whole) in around.incomes and fund in funds_within(whole) for whole in divided)
        level = min(level + max(above, int(around.is_numbered_part and section.fund is None)), _DEEPEST)
    kind = kind_of(statement)
    if kind.by_economic and kind.nature == "basic":
        scheme = "department_economic"
        if nature not in _PARTS_OF_BASIC:
            raise SubjectDoesNotFit("a nature that does not belong to its section")
    return blank_line(statement, flow, scheme, level, meaning.name, fund, nature, measure)


def _on_its_fund(section: Section, meaning: SubjectMeaning) -> Section:
    """Return a section, one on several funds as on the one that the subject names."""
    if section.fund != SEVERAL_FUNDS:
        return section
    if meaning.fund not in _FUNDS_OF_APPROPRIATION:
        raise SubjectDoesNotFit("a fund that does not belong to its section")
    return replace(section, fund=meaning.fund)


def _of_year_or_carried(meaning: SubjectMeaning, around: SubjectContext) -> str | None:
    """Return the fund of 本年收入 or of what was carried over in a section on one fund; None for all else."""
    fund = around.section.fund
    if fund not in _FUNDS_OF_APPROPRIATION:
        return None
    if meaning.kind == "current" and meaning.fund and fund != "general_public":  # whose income stands in the statement of all funds
        return meaning.fund if around.carried else fund
    return f"carryover_{fund}" if meaning.fund in ("carryover", f"carryover_{fund}") else None


def _fund(meaning: SubjectMeaning, section: Section) -> str:
    """Return the fund that the subject names, or its section."""
    if not section.fund or not meaning.fund or meaning.fund == section.fund:
        return meaning.fund or section.fund or "total"
    of_appropriation = section.fund == "general_public" and meaning.fund == "fiscal_appropriation"
    if of_appropriation and (meaning.kind == "nature" or read_heading(section.heading).fund == meaning.fund):
        return section.fund  # 财政拨款基本支出 under 一般公共预算财政拨款基本支出, and what an inner heading calls 财政拨款支出
    narrower = meaning.fund in _FUNDS_OF_APPROPRIATION or meaning.fund.startswith("carryover")
    if section.fund != "fiscal_appropriation" or not narrower:
        raise SubjectDoesNotFit("a fund that does not belong to its section")
    return meaning.fund


def draft_coded(
    meaning: SubjectMeaning, measure: str, around: SubjectContext, subjects: Subjects, book: CodeList, year: int | None
) -> Line:
    """Return the line of a classification.

    Args:
        meaning: of the subject, of kind `code`; without a code its path is resolved below the open headings.
        measure: as in `budget_lines`.
        around: what the section and the sentences around fix.
        subjects: resolves paths.
        book: gives the standard name.
        year: fiscal year.

    Raises:
        Misfit: where the classification is not known or does not fit its section.
    """
    section = _on_its_fund(around.section, meaning)
    if section.topic != "budget":
        raise SubjectDoesNotFit("a classification outside the sections on the budget")
    if section.aspect == "revenue" and not section.within_both:
        raise SubjectDoesNotFit("a classification in a section on revenue")
    code = meaning.code
    if code is None:
        path = full_path(meaning, around.path)
        code = subjects.resolve(path)
        known = [subjects.resolve(path[: i + 1]) for i in range(len(path) - 1)]
        if code is None and (path[0][0] != 1 or not known or not all(known)):
            raise SubjectDoesNotFit("a classification that is not known")
    statement = statement_of(section, "expenditure", meaning.fund or None, meaning.level, meaning.scheme)
    if statement is None:
        raise SubjectDoesNotFit("a statement that cannot be told")
    kind = kind_of(statement)
    if not kind.by_either and kind.by_economic != (meaning.scheme in ECONOMIC):
        raise SubjectDoesNotFit("a classification that does not belong to its section")
    nature = around.nature or section.nature or "total"
    line = blank_line(statement, "expenditure", meaning.scheme, meaning.level, meaning.name, _fund(meaning, section), nature, measure)
    if code is None:
        return line
    return replace(line, code=code, code_source=meaning.code_source or "name", standard_name=book.standard_name(meaning.scheme, code, year))


def blank_line(statement: str, flow: str, scheme: str, level: int, name: str, fund: str, nature: str, measure: str) -> Line:
    """Return a line of the narrative without its amount."""
    return Line(
        statement=statement, statement_no=0, source="narrative", flow=flow, scheme=scheme, level=level, name=name, fund=fund,
        nature=nature, amount=Decimal(0), amount_text="", unit_text="", row=0, column=1, measure=measure,
    )  # fmt: skip
