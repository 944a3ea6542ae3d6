"""One document, read whole: from its bytes to everything the dataset says of it.

Runs inside a worker process; knows nothing of sources, partitions or publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.accounting.identities import check_rows
from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line, by_id
from pipeline.checks import findings
from pipeline.checks.causes import cause_finding, publisher_error_rows, repair_finding
from pipeline.checks.completeness import check_completeness
from pipeline.checks.contradictions import contradiction_checks
from pipeline.checks.narrative_checks import check_narrative
from pipeline.checks.printed_order import check_order
from pipeline.checks.repair import judge
from pipeline.checks.sentence_checks import check_sentences
from pipeline.document.model import Box, Content, UnreadableDocument
from pipeline.document.pdf.pdf_reader import read_pdf
from pipeline.document.pdf.reread import printed_at
from pipeline.document.sources import Hint, media_type
from pipeline.document.text_dump import read_text
from pipeline.identity.identify import Identity, identify
from pipeline.narrative.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.statements.inference.contradicted_columns import hold_contradicted
from pipeline.statements.inference.unit_of_money import prove_units
from pipeline.statements.model import Statement, statement_kinds
from pipeline.statements.table_reader import read_grid_statements
from pipeline.statements.text_dumps.dump_statements import read_dump_statements

_KIND_OF_FILE = {
    "application/x-empty": "The file is empty.",
    "text/html": "The file is a web page (HTML), not a document.",
}

Row = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What one document says.

    Attributes:
        document: columns of `documents` that come from the document itself (identity, status, reason, statements,
            counts, reader, pages); file name, source and hash are added by the caller.
        lines: budget lines, tables first, then narrative.
        year_on_year, key_figures, projects, performance_indicators, checks: rows of these tables without document keys.
        findings: rows of `findings`: causes of failed identities, unknown phrases, contradictions, amounts not captured.
        publisher_errors: rows of `publisher_errors` without document keys.
    """

    document: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    year_on_year: list[Row] = field(default_factory=list)
    key_figures: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    performance_indicators: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    publisher_errors: list[Row] = field(default_factory=list)


def read_document(data: bytes, _file_name: str, hint: Hint) -> Reading:
    """Read one document whole.

    Args:
        data: its bytes.
        _file_name: as given; it decides nothing.
        hint: what a registry says of it.

    Raises:
        UnreadableDocument: the bytes are no document; the message is the reason in one sentence.
    """
    content = read_content(data)
    identity = identify(content, hint)
    if identity.unpublishable:
        return Reading(_document(content, identity, "quarantined", identity.unpublishable), findings=findings.of_identity(identity))
    final = identity.kind == "final_account"
    narrative = read_narrative(content, fiscal_year=identity.fiscal_year, book=code_book(), final=final)
    statements = read_statements(content, identity)
    held = prove_units(statements, narrative.lines)
    incomplete = {s.number for s in statements if len(s.lines) < s.amounts_printed}
    statements = hold_contradicted(statements, incomplete)
    lines = [line for s in statements for line in s.lines] + narrative.lines
    announced = [(s.number, s.kind, s.title) for s in statements]
    judged = judge(lines, announced, incomplete, partial(printed_on_pages, data, content))
    lines, known = list(judged.lines), by_id(judged.lines)
    checks = check_rows(judged.tried)
    checks += contradiction_checks(statements, judged.tried) + check_narrative(lines, narrative) + check_completeness(statements)
    checks += check_order(lines)
    checks += check_sentences(content, lines, announced, narrative.key_figures, narrative.performance_indicators)
    noticed = [
        *(repair_finding(repair, known) for repair in judged.repairs),
        *(cause_finding(cause, known) for cause in judged.causes),
        *findings.of_identity(identity),
        *findings.of_reader(content),
        *findings.of_statements(statements, held),
        *findings.of_narrative(narrative),
        *findings.of_lines(lines),
        *findings.of_pages(content, lines),
    ]
    reason = _why_not(identity, lines, narrative)
    document = _document(content, identity, "quarantined" if reason else "published", reason)
    printed = sum(s.amounts_printed for s in statements)
    document["statements"] = statement_kinds(statements)
    document["amounts_printed"] = printed if statements else None
    document["amounts_captured"] = sum(min(len(s.lines), s.amounts_printed) for s in statements) if statements else None
    if reason:
        return Reading(document, findings=noticed)
    return Reading(
        document,
        lines,
        narrative.year_on_year,
        narrative.key_figures,
        narrative.projects,
        narrative.performance_indicators,
        checks,
        noticed,
        [row for cause in judged.causes for row in publisher_error_rows(cause, known)],
    )


def printed_on_pages(data: bytes, content: Content, lines: Sequence[Line]) -> list[str | None]:
    """Return what the pages print where lines stand; nothing can be asked of a text dump."""
    if content.media_type != "application/pdf":
        return [None] * len(lines)
    places = [
        (line.page, Box(line.x0, line.y0, line.x1, line.y1))
        for line in lines
        if line.page and line.x0 is not None and line.y0 is not None and line.x1 is not None and line.y1 is not None
    ]
    return printed_at(data, places) if len(places) == len(lines) else [None] * len(lines)


def read_content(data: bytes) -> Content:
    """Return the pages of a document, by whichever reader its bytes ask for."""
    kind = media_type(data)
    if kind == "application/pdf":
        return read_pdf(data)
    if kind == "text/plain":
        return read_text(data)
    raise UnreadableDocument(_KIND_OF_FILE.get(kind, f"The file is no PDF and no text: its content is {kind}."))


def read_statements(content: Content, identity: Identity) -> list[Statement]:
    """Return the statements of a document, from its grids or, in a text dump, from its lines."""
    read = read_grid_statements if content.media_type == "application/pdf" else read_dump_statements
    return read(content, fiscal_year=identity.fiscal_year, kind=identity.kind, department=identity.department, book=code_book())


def _document(content: Content, identity: Identity, status: str, reason: str | None) -> Row:
    return {
        "pages": len(content.pages) if content.media_type == "application/pdf" else None,
        "reader": content.reader,
        "fiscal_year": identity.fiscal_year,
        "province": identity.province,
        "region_code": identity.region_code,
        "region_name": identity.region_name,
        "department": identity.department,
        "parent_department": identity.parent_department,
        "level": identity.level,
        "kind": identity.kind,
        "status": status,
        "reason": reason,
    }


def _why_not(identity: Identity, lines: list[Line], narrative: Narrative) -> str | None:
    """Return why a document that is a budget by its words cannot be published, in one sentence."""
    if identity.fiscal_year is None:
        return "The document does not say which fiscal year it is of."
    if not (lines or narrative.projects or narrative.key_figures or narrative.performance_indicators):
        return "The document is about a budget, but no amount and no performance target of it could be read."
    return None
