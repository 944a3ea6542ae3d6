"""One document, read whole: from its bytes to everything the dataset says of it.

Runs inside a worker process; knows nothing of sources, partitions or publication.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.characters import fold
from pipeline.checks.catalogue import run_checks
from pipeline.checks.contradictions import contradiction_checks
from pipeline.checks.narrative import check_narrative
from pipeline.codes.book import code_book
from pipeline.documents.identity import FINAL_ACCOUNT, Identity, identify
from pipeline.documents.sources import Hint, media_type
from pipeline.narrative.claims import Narrative
from pipeline.narrative.read import read_narrative
from pipeline.readers.ladder import read_pdf
from pipeline.readers.page import Content, UnreadableDocument
from pipeline.readers.text import read_text
from pipeline.statements.dumps import read_dump_statements
from pipeline.statements.grids import read_grid_statements
from pipeline.statements.line import Line
from pipeline.statements.statement import Statement, statement_kinds
from pipeline.statements.units import prove_units

_KIND_OF_FILE = {
    "application/x-empty": "The file is empty.",
    "text/html": "The file is a web page (HTML), not a document.",
}

_FEW_SENTENCES = 2
_LEAST_LOOSE = 4  # as many amounts as make a page look like a statement

Row = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What one document says.

    Attributes:
        document: columns of `documents` that come from the document itself (identity, status, reason, statements,
            counts, reader, pages); file name, source and hash are added by the caller.
        lines: budget lines, tables first, then narrative.
        year_on_year, key_figures, projects, performance_indicators, checks: rows of these tables without document keys.
        findings: rows of `findings`: unknown phrases, contradictions with the registry, amounts not captured.
    """

    document: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    year_on_year: list[Row] = field(default_factory=list)
    key_figures: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    performance_indicators: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)


def read_document(data: bytes, file_name: str, hint: Hint) -> Reading:
    """Read one document whole.

    Args:
        data: its bytes.
        file_name: as given; it decides nothing.
        hint: what a registry says of it.

    Raises:
        UnreadableDocument: the bytes are no document; the message is the reason in one sentence.
    """
    content = read_content(data)
    identity = identify(content, hint)
    if identity.unpublishable:
        return Reading(_document(content, identity, "quarantined", identity.unpublishable), findings=_contradictions(identity))
    final = identity.kind == FINAL_ACCOUNT
    narrative = read_narrative(content, fiscal_year=identity.fiscal_year, book=code_book(), final=final)
    statements = read_statements(content, identity)
    held = prove_units(statements, narrative.lines)
    lines = [line for s in statements for line in s.lines] + narrative.lines
    announced = [(s.number, s.kind, s.title) for s in statements]
    incomplete = {s.number for s in statements if len(s.lines) < s.amounts_printed}
    checks = run_checks(lines, announced, incomplete)
    checks += contradiction_checks(statements, checks) + check_narrative(lines, narrative)
    findings = [
        *_contradictions(identity),
        *_correction(identity),
        *(_finding("reader_warning", warning, detail=warning) for warning in content.warnings),
        *_not_understood(statements, held, narrative, lines),
        *_outside(content, lines),
    ]
    reason = _why_not(identity, lines, narrative)
    document = _document(content, identity, "quarantined" if reason else "published", reason)
    printed = sum(s.amounts_printed for s in statements)
    document["statements"] = statement_kinds(statements)
    document["amounts_printed"] = printed if statements else None
    document["amounts_captured"] = sum(min(len(s.lines), s.amounts_printed) for s in statements) if statements else None
    if reason:
        return Reading(document, findings=findings)
    return Reading(
        document,
        lines,
        narrative.year_on_year,
        narrative.key_figures,
        narrative.projects,
        narrative.performance_indicators,
        checks,
        findings,
    )


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
    return read(
        content, fiscal_year=identity.fiscal_year, kind=identity.kind, department=identity.department, book=code_book()
    )


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
    if not lines and not narrative.projects and not narrative.key_figures:
        return "The document is about a budget, but no amount of it could be read."
    return None


def _finding(kind: str, subject: str, *, detail: str, frequency: int = 1, page: int | None = None) -> Row:
    return {"finding": kind, "subject": subject[:200], "frequency": frequency, "page": page, "detail": detail}


def _contradictions(identity: Identity) -> list[Row]:
    return [_finding("registry_contradiction", sentence, detail=sentence) for sentence in identity.contradictions]


def _correction(identity: Identity) -> list[Row]:
    """Return the finding that lets a later version supersede an earlier one."""
    said = "The document says of itself that it corrects an earlier publication."
    return [_finding("correction", identity.department or "", detail=said)] if identity.correction else []


def _outside(content: Content, lines: Iterable[Line]) -> list[Row]:
    """List the amounts that a page of statements prints outside every grid, and that no sentence accounts for."""
    known = {fold(line.amount_text) for line in lines}
    found = []
    for page in content.pages:
        if sum(line.text.count("。") for line in page.lines) > _FEW_SENTENCES:
            continue
        loose = [w.text for w in page.loose_amounts if fold(w.text) not in known]
        if len(loose) >= _LEAST_LOOSE:
            detail = "Amounts of the page that stand in no table that could be read."
            found.append(_finding("amount_not_captured", " ".join(loose[:8]), detail=detail, frequency=len(loose), page=page.number))
    return found


def _not_understood(statements: list[Statement], held: list[Statement], narrative: Narrative, lines: Iterable[Line]) -> list[Row]:
    found = []
    for s in statements:
        where = f"statement {s.number} ({s.title or s.kind})"
        page = s.pages[0] if s.pages else None
        for phrase in s.unknown:
            found.append(_finding("unknown_phrase", phrase, detail=f"Header of {where} that is not in the vocabulary.", page=page))
        for conflict in s.conflicts:
            found.append(_finding("amount_not_captured", conflict, detail=f"No placing of the numbers of {where} meets this identity.", page=page))
        missing = s.amounts_printed - len(s.lines)
        if s in held:
            found.append(_finding("amount_not_captured", where, detail="Its unit is not printed and nothing proves it.", frequency=s.amounts_printed, page=page))
        elif missing > 0:
            found.append(_finding("amount_not_captured", where, detail="Numbers of the table that are in no line.", frequency=missing, page=page))
    for clause, why in narrative.held_back:
        found.append(_finding("amount_not_captured", clause, detail=why))
    unresolved: dict[str, tuple[int, int | None]] = {}
    for line in lines:
        if line.source == "table" and line.code is None and line.level and line.scheme in ("function", "department_economic", "government_economic"):
            unresolved[line.name] = (unresolved.get(line.name, (0, None))[0] + 1, line.page)
    for name, (count, page) in unresolved.items():
        found.append(_finding("unresolved_name", name, detail="A row without a printed code whose name gives no single code.", frequency=count, page=page))
    return found
