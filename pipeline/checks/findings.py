"""What was noticed and not understood: rows of `findings`, so that nothing is lost from sight."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from pipeline.budget.amounts import AMOUNT_ALONE
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.document.content import Box, Content, Page, Word
from pipeline.identity.identify import Identity
from pipeline.narrative.facts import Narrative
from pipeline.statements.statement_model import Statement

_FEW_SENTENCES = 2
_LEAST_LOOSE = 4  # as many amounts as make a page look like a statement
_SENTENCE = re.compile(r"[。；;，]|\d\s*(?:万|亿)?元|\d\s*[%％]|[:：]\s*\d")
"""What a line of words says that a row of a table does not: its numbers are the narrative's."""

_LONGEST_SUBJECT = 200
_IN_NO_TABLE = "Amounts of the page that stand in no table that could be read."
_NOT_UNDERSTOOD = "Numbers of the section's sentences that stand in no table of the dataset, the first: "
_PICTURES = "The page shows nothing but pictures: what they print could not be read."
_TWO_READINGS = "Held back: the text of the page has another number at this place than the one read in the cell."

Finding = dict[str, Any]


def of_identity(identity: Identity) -> list[Finding]:
    """List where the registry contradicts the document, or the document itself, and whether it corrects another."""
    corrects = "The document says of itself that it corrects an earlier publication."
    return [
        *([_finding("correction", identity.department or "", corrects)] if identity.correction else []),
        *(_finding("registry_contradiction", sentence, sentence) for sentence in identity.contradictions),
        *(_finding("identity_contradiction", sentence, sentence) for sentence in identity.doubts),
    ]


def of_reader(content: Content) -> list[Finding]:
    """List what the reader of the file noticed."""
    return [_finding("reader_warning", warning, warning) for warning in content.warnings]


def of_statements(statements: Sequence[Statement], without_unit: Collection[int], differing: Sequence[Line]) -> list[Finding]:
    """List unknown header phrases, contradictions, and numbers of statements that are in no line.

    Args:
        statements: of the document.
        without_unit: numbers of those that have no lines because nothing proves their unit of money.
        differing: lines held back, since the text layer has another number at their place.
    """
    found = [
        _finding("amount_not_captured", f"{line.statement} {line.name} {line.amount_text}", _TWO_READINGS, page=line.page)
        for line in differing
    ]
    held = Counter(line.statement_no for line in differing)
    for s in statements:
        where = f"statement {s.number} ({s.title or s.kind})"
        page = s.pages[0] if s.pages else None
        found += [
            _finding("unknown_phrase", phrase, f"Header of {where} that is not in the vocabulary.", page=page) for phrase in s.unknown
        ]
        if s.unknown_title is not None:
            detail = f"Words above {where} that announce no statement of the vocabulary."
            found.append(_finding("unknown_phrase", s.unknown_title, detail, page=page))
        found += [
            _finding("amount_not_captured", str(conflict), f"No placing of the numbers of {where} meets this identity.", page=page)
            for conflict in s.conflicts
        ]
        missing = s.amounts_printed - len(s.lines) - held[s.number]
        if s.number in without_unit:
            detail = "Its unit is not printed and nothing proves it."
            found.append(_finding("amount_not_captured", where, detail, frequency=s.amounts_printed - held[s.number], page=page))
        elif missing > 0:
            detail = "Numbers of the table that are in no line."
            found.append(_finding("amount_not_captured", where, detail, frequency=missing, page=page))
    return found


def of_narrative(narrative: Narrative) -> list[Finding]:
    """List the clauses whose amounts were held back, with the reason, and by section and page the numbers that nothing was made of."""
    return [
        *(_finding("amount_not_captured", clause, why) for clause, why in narrative.held_back),
        *(
            _finding("amount_not_captured", said.section, _NOT_UNDERSTOOD + said.numbers[0], frequency=len(said.numbers), page=said.page)
            for said in narrative.unread
        ),
    ]


def of_targets(unread: Sequence[tuple[int, int, int]]) -> list[Finding]:
    """List the tables of targets that have rows which gave no indicator and no project.

    Args:
        unread: page, number of the table on it (0: lines beside the tables), and how many such rows.
    """
    detail = "Rows that print a performance target or a project and gave none: its name, its target, or whose it is could not be told."
    return [
        _finding("target_not_captured", f"performance targets {_where(page, table)}", detail, frequency=rows, page=page)
        for page, table, rows in unread
    ]


def _where(page: int, table: int) -> str:
    return f"in table {table} of page {page}" if table else f"beside the tables of page {page}"


def of_lines(lines: Iterable[Line]) -> list[Finding]:
    """List the names of rows that could not be resolved to one code, and of revenue items of no known fund."""
    unresolved: dict[str, list[Line]] = defaultdict(list)
    unknown: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.source == "table" and line.code is None and line.level and line.scheme in CODED:
            unresolved[line.name].append(line)
        elif line.source == "table" and line.scheme == "revenue_item" and line.fund is None:
            unknown[line.name].append(line)
    no_code = "A row without a printed code whose name gives no single code."
    no_fund = "A revenue item whose name says no fund of the vocabulary."
    return [
        *(_finding("unresolved_name", name, no_code, frequency=len(rows), page=rows[0].page) for name, rows in unresolved.items()),
        *(_finding("unknown_phrase", name, no_fund, frequency=len(rows), page=rows[0].page) for name, rows in unknown.items()),
    ]


def of_pages(content: Content, statements: Sequence[Statement], lines: Iterable[Line]) -> list[Finding]:
    """List the amounts that a page without statements prints outside every table like a table's, and that no sentence accounts for."""
    known = {fold(line.amount_text) for line in lines}
    own = _pages_of(statements)
    found = []
    for page in content.pages:
        if page.number in own or sum(line.text.count("。") for line in page.lines) > _FEW_SENTENCES:
            continue
        loose = [w.text for w in page.loose_amounts if fold(w.text) not in known]
        if len(loose) >= _LEAST_LOOSE:
            found.append(_finding("amount_not_captured", " ".join(loose[:8]), _IN_NO_TABLE, frequency=len(loose), page=page.number))
    return found


def beside_statements(content: Content, statements: Sequence[Statement], lines: Sequence[Line]) -> list[Finding]:
    """List what the pages of statements print beside the tables that were read, and the pages of pictures among them.

    Each amount counts: it may be of a row below the last rule. What stands in a sentence is the narrative's.

    Args:
        content: pages of the document.
        statements: of the document.
        lines: of the document.
    """
    own = _pages_of(statements)
    found = []
    for page in content.pages:
        loose = [word.text for word in _beside_tables(page, lines)] if page.number in own else []
        if loose:
            found.append(_finding("amount_not_captured", " ".join(loose[:8]), _IN_NO_TABLE, frequency=len(loose), page=page.number))
        if page.pictured and own and min(own) < page.number < len(content.pages):
            found.append(_finding("amount_not_captured", "(pictures)", _PICTURES, page=page.number))
    return found


def _pages_of(statements: Sequence[Statement]) -> set[int]:
    return {page for statement in statements for page in statement.pages}


def _beside_tables(page: Page, lines: Sequence[Line]) -> Iterator[Word]:
    """Yield the amounts of a page's text layer that stand in no table, no sentence and no line of the dataset."""
    own = [line for line in lines if line.page == page.number and line.x0 is not None]
    for word in page.numbers or ():
        if not AMOUNT_ALONE.fullmatch(fold(word.text)) or any(_holds(grid.box, word.box) for grid in page.grids):
            continue
        around = [line.text for line in page.lines if line.box and not line.in_grid and _holds(line.box, word.box)]
        if any(map(_SENTENCE.search, around)):
            continue
        if not any(_holds(Box(line.x0 or 0, line.y0 or 0, line.x1 or 0, line.y1 or 0), word.box) for line in own):
            yield word


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def no_such_partition(column: str, value: object, filed: object) -> Finding:
    """Say that a document is of a year or province that the dataset has no place for."""
    return _finding("no_such_partition", column, f"The dataset has no place for {column} {value}; filed under {filed}.")


def _finding(kind: str, subject: str, detail: str, *, frequency: int = 1, page: int | None = None) -> Finding:
    return {"finding": kind, "subject": subject[:_LONGEST_SUBJECT], "frequency": frequency, "page": page, "detail": detail}
