"""Last stage: the identities judge what was read, failures get their causes, and the document its rows in every table.

Belongs here: the order of judging. What the checks are stands in `pipeline.checks` and `pipeline.accounting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.accounting.identities import check_rows
from pipeline.budget.filing import partition_of_document
from pipeline.budget.line import Line, by_id
from pipeline.checks import findings
from pipeline.checks.causes import cause_finding, publisher_error_rows, repair_finding, sentence_findings
from pipeline.checks.contradictions import contradiction_checks
from pipeline.checks.leaf_sums import check_leaves
from pipeline.checks.of_pages.clean_tables import doubts
from pipeline.checks.of_pages.completeness import check_completeness
from pipeline.checks.of_pages.counts_of_people import counts_of_people
from pipeline.checks.of_pages.damaged_pages import check_damage, of_damage
from pipeline.checks.of_pages.printed_numbers import check_fidelity, printed_numbers
from pipeline.checks.of_pages.printed_order import check_order
from pipeline.checks.of_pages.published_texts import PublishedText, PublishedTexts
from pipeline.checks.of_pages.recognised_numbers import RecognisedNumbers, doubtful, of_broken_tables, without
from pipeline.checks.of_pages.uncaptured import NOT_SAID_TO_BE_MONEY, uncaptured
from pipeline.checks.of_prose.narrative_checks import check_narrative, check_weights
from pipeline.checks.of_prose.sentence_checks import check_sentences
from pipeline.checks.of_prose.stated_again import PublishedAmounts
from pipeline.checks.repair import Judgement, evaluate_and_repair, no_others
from pipeline.document.content import Content
from pipeline.identity.identify import Identity
from pipeline.identity.same_body import same_body
from pipeline.narrative.claims.facts import KeyFigure, YearOnYear
from pipeline.stages.coding import Coded, incomplete
from pipeline.stages.extraction import Extracted
from pipeline.stages.recognition import Recognised
from pipeline.statements.statement_model import Statement, statement_kinds
from pipeline.targets.target_rows import Indicator, Project

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """All that one document adds to the dataset.

    Attributes:
        document: columns of `documents` that come from the document itself (identity, status, reason, statements, counts, reader,
            pages); file name, source and hash are added by the caller.
        lines: budget lines, tables first, then narrative.
        year_on_year, key_figures, projects, performance_indicators, checks: rows of these tables without document keys.
        findings: rows of `findings`: causes of failed identities, unknown phrases, contradictions, amounts not captured.
        publisher_errors: rows of `publisher_errors` without document keys.
        identity_evidence: rows of `identity_evidence` without document keys.
        beside: how many amounts pages of statements print outside every table, and sentences state, in no line and no key figure.
        unread_targets: how many rows of performance targets and projects are printed and gave nothing.
    """

    document: Row
    lines: tuple[Line, ...] = ()
    year_on_year: tuple[YearOnYear, ...] = ()
    key_figures: tuple[KeyFigure, ...] = ()
    projects: tuple[Project, ...] = ()
    performance_indicators: tuple[Indicator, ...] = ()
    checks: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    publisher_errors: tuple[Row, ...] = ()
    identity_evidence: tuple[Row, ...] = ()
    beside: int = 0
    unread_targets: int = 0


def check(extracted: Extracted, recognised: Recognised | None, coded: Coded | None) -> Checked:
    """Return all that a document adds to the dataset.

    Args:
        extracted: its pages.
        recognised: what it is.
        coded: what it says.
    """
    content = extracted.content
    if content is None or recognised is None:
        return unreadable(extracted.refused or "The document cannot be read.")
    identity = recognised.identity
    evidence = _evidence_rows(identity)
    if coded is None:
        row = _document(content, identity, identity.unpublishable)
        return file_under(Checked(row, findings=tuple(findings.of_identity(identity)), identity_evidence=evidence))
    narrative = coded.narrative
    judged, statements, held = _judged(content, coded)
    announced = _announced(statements)
    lines, known = list(judged.lines), by_id(judged.lines if judged.repairs or judged.causes else ())
    checks = check_rows(judged.tried)
    checks += contradiction_checks(statements, judged.tried)
    checks += check_narrative(lines, narrative) + check_weights(coded.indicators)
    figures = coded.key_figures
    values = set(_values(coded, figures))
    beside = uncaptured(content, statements, lines, values, PublishedTexts(_texts(coded, lines)))
    checks += check_completeness(statements, beside)
    checks += check_damage(content)
    checks += check_order(lines)
    checks += check_leaves(lines)
    checks += check_fidelity(content, lines, coded.differing)
    checks += check_sentences(content, lines, announced, narrative.key_figures, coded.indicators)
    unread = findings.of_narrative(
        narrative, PublishedAmounts([*((line.name, line.amount) for line in lines), *(("", value) for value in values)])
    )
    noticed = [
        *(repair_finding(repair, known) for repair in judged.repairs),
        *(cause_finding(cause, known) for cause in judged.causes),
        *sentence_findings(checks, narrative),
        *findings.of_identity(identity),
        *findings.of_reader(content),
        *of_damage(content),
        *findings.of_statements(statements, coded.without_unit, coded.differing, held, coded.contradicted),
        *unread,
        *findings.of_remarks(narrative),
        *findings.of_targets(coded.unread_targets, coded.projects_without_unit, coded.mixed_targets, coded.evaluated),
        *findings.of_splits(coded.differing_splits),
        *findings.of_lines(lines, identity.fiscal_year),
        *counts_of_people(content, lines),
        *beside,
    ]
    reason = _why_not(identity, lines, coded)
    document = _document(content, identity, reason)
    document["statements"] = statement_kinds(statements)
    document["amounts_printed"] = sum(s.amounts_printed for s in statements) if statements else None
    document["amounts_captured"] = sum(min(len(s.lines), s.amounts_printed) for s in statements) if statements else None
    if reason:
        return file_under(Checked(document, findings=tuple(noticed), identity_evidence=evidence))
    return file_under(
        Checked(
            document,
            tuple(lines),
            tuple(narrative.year_on_year),
            tuple(figures),
            coded.projects,
            coded.indicators,
            tuple(checks),
            tuple(noticed),
            tuple(row for cause in judged.causes for row in publisher_error_rows(cause, known)),
            evidence,
            sum(row["frequency"] for row in (*beside, *unread) if row["detail"] != NOT_SAID_TO_BE_MONEY),
            sum(rows for _, _, rows in coded.unread_targets),
        )
    )


def _judged(content: Content, coded: Coded) -> tuple[Judgement, list[Statement], list[Line]]:
    """Return what the identities say of a document, its statements, and the lines that are held back.

    These are numbers of pictures: without them the others are judged anew.
    """
    statements, lines = list(coded.statements), coded.lines
    recognised = RecognisedNumbers(content)
    held: list[Line] = []
    while True:
        judged = evaluate_and_repair(
            lines,
            _announced(statements),
            incomplete(statements),
            partial(printed_numbers, content, lines),
            doubts(content, statements, lines),
            recognised.others if recognised else no_others,
        )
        doubted = doubtful(judged.lines, recognised.is_unclear) or of_broken_tables(statements, judged.lines)
        if not doubted:
            return judged, statements, held
        held += doubted
        ids = {line.id for line in doubted}
        statements, lines = without(statements, doubted), [line for line in lines if line.id not in ids]


def _announced(statements: Sequence[Statement]) -> list[tuple[int, str, str | None]]:
    """Return the statements that were recognised. What prints numbers and has no line was not read: it is no empty one, of zero."""
    return [(s.number, s.kind, s.title) for s in statements if s.lines or not s.amounts_printed]


def _values(coded: Coded, figures: Sequence[KeyFigure]) -> Iterator[Decimal]:
    """Yield the amounts and values of all rows of a document that are no lines."""
    rows: tuple[Mapping[str, Any], ...] = (*coded.narrative.year_on_year, *figures, *coded.projects, *coded.indicators)
    for row in rows:
        yield from (value for value in row.values() if isinstance(value, Decimal))


def _texts(coded: Coded, lines: Sequence[Line]) -> Iterator[PublishedText]:
    """Yield the texts of all rows of a document, each with the page of its row."""
    rows: tuple[Mapping[str, Any], ...] = (*coded.projects, *coded.indicators)
    for row in rows:
        yield from ((row["page"], value) for value in row.values() if isinstance(value, str))
    yield from ((line.page, line.name) for line in lines)


def _evidence_rows(identity: Identity) -> tuple[Row, ...]:
    rows = []
    for attribute, value, place in identity.evidence:
        published = getattr(identity, attribute)
        same = same_body(value, published) if attribute == "department" and published else value == str(published)
        rows.append({"attribute": attribute, "value": value, "place": place, "is_published": same})
    return tuple(rows)


def unreadable(reason: str) -> Checked:
    """Return what a document adds to the dataset that cannot be read, for the one-sentence `reason`: its row, quarantined."""
    return file_under(Checked({"status": "quarantined", "reason": reason}))


def file_under(checked: Checked) -> Checked:
    """Return it filed under a year and province that the dataset has a place for, with a finding where the document says another."""
    own = {"fiscal_year": checked.document.get("fiscal_year"), "province": checked.document.get("province")}
    filed = dict(zip(own, partition_of_document(own["fiscal_year"], own["province"]), strict=True))
    misfits = tuple(findings.no_such_partition(name, value, filed[name]) for name, value in own.items() if value not in (None, filed[name]))
    return replace(checked, document={**checked.document, **filed}, findings=(*checked.findings, *misfits))


def _document(content: Content, identity: Identity, reason: str | None) -> Row:
    return {
        "pages": content.sheets,
        "reader": content.reader,
        "fiscal_year": identity.fiscal_year,
        "province": identity.province,
        "region_code": identity.region_code,
        "region_name": identity.region_name,
        "department": identity.department,
        "parent_department": identity.parent_department,
        "level": identity.level,
        "kind": identity.kind,
        "status": "quarantined" if reason else "published",
        "reason": reason,
    }


def _why_not(identity: Identity, lines: list[Line], coded: Coded) -> str | None:
    """Return why a document that is a budget by its words cannot be published, in one sentence."""
    if identity.fiscal_year is None:
        return "The document does not say which fiscal year it is of."
    if not (lines or coded.projects or coded.key_figures or coded.indicators):
        return "The document is about a budget, but no amount and no performance target of it could be read."
    return None
