"""What was noticed and not understood: rows of `findings`, so that nothing is lost from sight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from pipeline.budget.codes.book import code_book
from pipeline.budget.codes.misprinted_codes import is_misnamed, numbered_serially
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.checks.of_pages.recognised_numbers import CLEAR
from pipeline.checks.of_prose.stated_again import PublishedAmounts
from pipeline.document.content import Content
from pipeline.identity.identify import Identity
from pipeline.narrative.claims.facts import NOT_PLACED, Narrative
from pipeline.narrative.text.quotations import shortened
from pipeline.statements.statement_model import Statement

_LONGEST_SUBJECT = 200
_NOT_UNDERSTOOD = "Numbers of the section's sentences that stand in no table of the dataset, the first: "
_CONTRADICTED = (
    "Held back: another place of the document prints the same amounts in another unit of money, or they are too small or too large for it."
)
_PROJECTS_WITHOUT_UNIT = "Amounts of projects whose unit is not printed, or is one in which none are published."
_TWO_READINGS = "Held back: the text of the page has another number at this place than the one read in the cell."
_OPEN_CLASS = "The economic class beside a purchase, by a name that gives no single code."
_MIXED = "A goal, a name or a target that cannot be told from another text beside or below it: held back."
_EVALUATED = "What a form that evaluates a project says was spent, achieved or scored: the dataset has a column for what was planned alone."

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


def of_statements(
    statements: Sequence[Statement],
    without_unit: Collection[int],
    differing: Sequence[Line],
    doubtful: Sequence[Line] = (),
    contradicted: Collection[int] = (),
) -> list[Finding]:
    """List unknown header phrases, contradictions, and numbers of statements that are in no line.

    Args:
        statements: of the document.
        without_unit: numbers of those that have no lines because nothing proves their unit of money.
        differing: lines held back, since the text layer has another number at their place.
        doubtful: lines held back, since they were recognised in a picture with little confidence.
        contradicted: numbers of statements that have no lines because the document contradicts their unit of money.
    """
    found = [
        _finding("amount_not_captured", f"{line.statement} {line.name} {line.amount_text}", _TWO_READINGS, page=line.page)
        for line in differing
    ]
    found += [
        _finding("amount_not_captured", f"{line.statement} {line.name} {line.amount_text}", _why_doubtful(line), page=line.page)
        for line in doubtful
    ]
    held = Counter(line.statement_no for line in (*differing, *doubtful))
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
        found += [
            _finding("unresolved_name", name, _OPEN_CLASS, frequency=rows, page=page) for name, rows in Counter(s.open_classes).items()
        ]
        missing = s.amounts_printed - len(s.lines) - held[s.number]
        if s.number in without_unit or s.number in contradicted:
            detail = _CONTRADICTED if s.number in contradicted else _without_unit(s)
            found.append(_finding("amount_not_captured", where, detail, frequency=s.amounts_printed - held[s.number], page=page))
        elif missing > 0:
            detail = "Numbers of the table that are in no line."
            found += [_finding("amount_not_captured", where, detail, frequency=n, page=on) for on, n in _missing_on(s, missing)]
    return found


def _missing_on(statement: Statement, missing: int) -> list[tuple[int | None, int]]:
    """Return on which pages a statement's missing numbers are printed, and how many; its first page where the pages do not tell."""
    captured = Counter(line.page for line in statement.lines)
    lacking = [(page, printed - captured[page]) for page, printed in statement.printed_on if printed > captured[page]]
    if sum(number for _, number in lacking) == missing:
        return [*lacking]
    return [(statement.pages[0] if statement.pages else None, missing)]


def _without_unit(statement: Statement) -> str:
    """Tell why a statement has no unit of money."""
    if len(statement.money_units) > 1:
        return f"Two units of money are printed for it ({', '.join(statement.money_units)}), and nothing proves either."
    if statement.money_units:
        return f"Its unit of money is {statement.money_units[0]}, in which no amounts are published."
    return "Its unit is not printed and nothing proves it."


def _why_doubtful(line: Line) -> str:
    if is_misnamed(line, code_book()):
        return f"Held back: recognised in a picture, and the row's code {line.code} has another name."
    if not line.contradictions and (line.confidence or 0.0) >= CLEAR:
        return "Held back: recognised in a picture, and its row's name, its decimal point or the columns around it are not sure."
    against = "sums contradict it" if line.contradictions else "nothing proves it"
    return f"Held back: recognised in a picture with a confidence of {line.confidence or 0:.2f}, and {against}."


def of_narrative(narrative: Narrative, published: PublishedAmounts) -> list[Finding]:
    """List the clauses whose amounts were held back, with the reason, and by section and page the numbers that nothing was made of.

    An amount whose place no words say, but which some row of the dataset has, is not missing there.

    Args:
        narrative: of the document.
        published: the amounts of all rows of the document.
    """
    missed = [(said, [number for number in said.numbers if not published.state(number)]) for said in narrative.unread]
    return [
        *(
            _finding("amount_not_captured", clause, why, page=page)
            for clause, why, page in narrative.held_back
            if why not in NOT_PLACED or not published.state(clause)
        ),
        *(
            _finding("amount_not_captured", said.section, _NOT_UNDERSTOOD + numbers[0], frequency=len(numbers), page=said.page)
            for said, numbers in missed
            if numbers
        ),
    ]


def of_remarks(narrative: Narrative) -> list[Finding]:
    """List the counts, marks and reasons of the narrative that no table holds."""
    said = Counter(narrative.remarks)
    return [_finding("remark_not_captured", clause, why, frequency=count, page=page) for (clause, page, why), count in said.items()]


def of_targets(
    unread: Sequence[tuple[int, int, int]],
    without_unit: Sequence[tuple[int, int]],
    mixed: Sequence[tuple[int, int, int]] = (),
    evaluated: Sequence[tuple[int, int]] = (),
) -> list[Finding]:
    """List the tables of targets with rows that gave nothing, and the pages that evaluate projects or have projects whose amount is open.

    Args:
        unread: page, number of the table on it (0: lines beside the tables), and how many such rows.
        without_unit: page, and how many projects have an amount there whose unit of money nothing says.
        mixed: as `unread`, of rows of which a goal, a name or a target is held back.
        evaluated: page, and how many of its cells say what was spent, achieved or scored.
    """
    detail = "Rows that print a performance target or a project and gave none: its name, its target, or whose it is could not be told."
    return [
        *(
            _finding("target_not_captured", f"performance targets {_where(page, table)}", detail, frequency=rows, page=page)
            for page, table, rows in unread
        ),
        *(
            _finding("target_not_captured", f"performance targets {_where(page, table)}", _MIXED, frequency=rows, page=page)
            for page, table, rows in mixed
        ),
        *(
            _finding("amount_not_captured", f"projects of page {page}", _PROJECTS_WITHOUT_UNIT, frequency=count, page=page)
            for page, count in without_unit
        ),
        *(
            _finding("amount_not_captured", f"evaluation on page {page}", _EVALUATED, frequency=cells, page=page)
            for page, cells in evaluated
        ),
    ]


def of_splits(differing: Sequence[tuple[str, int | None, tuple[Decimal, ...]]]) -> list[Finding]:
    """List the parts of projects' amounts that do not add up to them: name of the project, its page, and the parts, in yuan."""
    detail = "Held back: the parts of the project's amount that were read do not add up to it."
    return [
        _finding("amount_not_captured", f"{name}: {' + '.join(f'{part:,.2f}' for part in parts)}", detail, frequency=len(parts), page=page)
        for name, page, parts in differing
    ]


def _where(page: int, table: int) -> str:
    return f"in table {table} of page {page}" if table else f"beside the tables of page {page}"


def of_lines(lines: Sequence[Line], fiscal_year: int | None = None) -> list[Finding]:
    """List the names of rows that could not be resolved to one code or have another, and of revenue items of no known fund.

    Args:
        lines: of a document.
        fiscal_year: of the document, for the names of codes.
    """
    book = code_book()
    unresolved: dict[tuple[str, str | None], list[Line]] = defaultdict(list)
    unknown: dict[str, list[Line]] = defaultdict(list)
    misnamed: dict[tuple[str, str], list[Line]] = defaultdict(list)
    other_name = "The row prints a code that has another name, {}: one of the two is misprinted or misread. Both are as printed."
    unlisted = (
        "The row prints a code that no list has, and a name that other codes have: one of the two may be misprinted or misread. "
        "Both are as printed."
    )
    row_number = (
        "The rows of the class are numbered one after another where codes stand: this number is the code of {}. Both are as printed."
    )
    numbers = numbered_serially(lines, book)
    above: Line | None = None
    for line in lines:
        numbered = bool(numbers) and line.id in numbers
        if line.source == "table" and line.code and (numbered or is_misnamed(line, book)):
            own = book.standard_name(line.scheme, line.code, fiscal_year) or ""
            detail = row_number if numbered else other_name if own else unlisted
            misnamed[f"{line.code} {line.name}", detail.format(own)].append(line)
        if line.source == "table" and line.scheme in CODED and line.level:
            if line.code is None:
                unresolved[line.name, above.code if above and _repeats(line, above) else None].append(line)
            else:
                above = line
        if line.source == "table" and line.scheme == "revenue_item" and line.fund is None:
            unknown[line.name].append(line)
    no_code = "A row without a printed code whose name gives no single code."
    of_parent = (
        "A row with the name of the row above it, and no digits but that row's code {}: it stands below it; its own code is not printed."
    )
    no_fund = "A revenue item whose name says no fund of the vocabulary."
    return [
        *(
            _finding("code_of_another_name", row, detail, frequency=len(rows), page=rows[0].page)
            for (row, detail), rows in misnamed.items()
        ),
        *(
            _finding("unresolved_name", name, of_parent.format(code) if code else no_code, frequency=len(rows), page=rows[0].page)
            for (name, code), rows in unresolved.items()
        ),
        *(_finding("unknown_phrase", name, no_fund, frequency=len(rows), page=rows[0].page) for name, rows in unknown.items()),
    ]


def _repeats(line: Line, above: Line) -> bool:
    """Tell whether a row without a code has the name of the coded row right above it, of which it is the child."""
    same = (line.statement_no, line.unit, line.scheme, line.name) == (above.statement_no, above.unit, above.scheme, above.name)
    return same and line.row == above.row + 1 and line.level == above.level + 1


def no_such_partition(column: str, value: object, filed: object) -> Finding:
    """Say that a document is of a year or province that the dataset has no place for."""
    return _finding("no_such_partition", column, f"The dataset has no place for {column} {value}; filed under {filed}.")


def _finding(kind: str, subject: str, detail: str, *, frequency: int = 1, page: int | None = None) -> Finding:
    return {"finding": kind, "subject": shortened(subject, _LONGEST_SUBJECT), "frequency": frequency, "page": page, "detail": detail}
