"""From header rows to columns: which rows are header, which columns label the rows, and which hold amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import groupby, pairwise

from msgspec.structs import replace

from pipeline.budget.amounts import is_blank, is_separated, parse_with_unit
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT
from pipeline.statements.column_numbers import CODE_PARTS, is_column_numbers, own_texts
from pipeline.statements.meaning.headers.header_attributes import set_column_attributes
from pipeline.statements.meaning.headers.header_texts import (
    YEAR,
    counts,
    is_rate,
    names_years,
    read_header_text,
    says_nothing,
    storeys_of,
    without_year_and_unit,
)
from pipeline.statements.meaning.headers.unclear_columns import without_lost_groups, without_torn_header
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import LABEL_ROLES, Column, Table, TableRow
from schemas.statements import kind_of
from schemas.vocabulary import read_row_label
from schemas.vocabulary.phrases import meanings
from schemas.vocabulary.titles import TitleMeaning

_MOST_HEADER_ROWS = 12  # rows: headers of three storeys, each cut into up to four lines
_YEAR_DIGITS = 4  # a longer number in a row is an amount, no year of a header
_MANY_AMOUNTS = 0.5  # of a column's texts: so many amounts make one of amounts, if its header is silent
_MOSTLY_AMOUNTS = 0.8  # of its texts: so many make one of amounts though its header names labels
_MOSTLY_CODES = 0.6  # of a column's texts: names, totals and blanks stand between codes
_FEWEST_NAMES = 2  # a remark may stand alone
_NAME = re.compile(r"\D{2,}")  # of a code's part: 合 and 计 may stand in columns of their own
_LINE_NUMBER = re.compile(r"\d{1,3}")
_FEWEST_LINES = 4  # fewer numbers in a row may be amounts
_FEWEST_DIGITS = 3  # columns: 元 beside 万元 heads amounts
_SMALL_CHANGE = {"角", "分"}  # in no unit that amounts are printed in
_STOREYS = 2  # rows of a header that spans columns
_CODE = re.compile(r"([235])\d\d(?:\d\d){0,2}")  # a 类 or a whole code of one of the three classifications
_DIGITS_OF_CODE, _DIGITS_UNDER_CODE = re.compile(r"\d{2,3}|\d{5}|\d{6,12}"), re.compile(r"\d{2,12}")
_LEVEL_OF_CODE, _LONG_CODE = re.compile(r"\d\d|[235]\d\d(?:\d\d){0,2}"), re.compile(r"\d{14,32}")
_CLASSIFIED = ("code", "name", "government_code", "government_name")


def header_depth(table: Table) -> tuple[int, int]:
    """Return how many leading rows are header, and how many rows (column numbers included) to skip before the body."""
    if table.headers is not None:
        return 0, 0
    rows = table.rows
    depth = 0
    for r, row in enumerate(rows[:_MOST_HEADER_ROWS]):
        if is_column_numbers(row) and r > 0:
            return r, r + 1
        if not _is_header_row(rows, r, depth):
            break
        depth = r + 1
    return depth, depth


def _is_header_row(rows: Sequence[TableRow], r: int, depth: int) -> bool:
    row = rows[r]
    texts = [fold(t) for t in own_texts(row)]
    if _prints_amount(texts):
        return False
    covered = any(cell is not None and not top and cell.text.strip() and depth == r for cell, top in zip(row.cells, row.top, strict=True))
    if not texts:
        return covered and depth == r
    if r and len(texts) <= 2 and all(read_row_label(without_year_and_unit(t)).get("total") for t in texts) and not covered:
        return False
    known = sum(1 for t in texts if read_header_text(t) or counts(t) or names_years(t) or _heads_digits(t))
    if covered and (known or _covering(row) > 1):
        return True
    if r == 0 and (any("role" in read_header_text(t) for t in texts) or _heads_a_header(rows)):
        return True
    if known * 2 < len(texts):
        return False
    # A first data row may hold a known word as a row label (一般公共预算 …): a header names a label column, too, or goes on.
    return r == 0 or (known == len(texts) and len(texts) > 1) or known > 2


def _heads_a_header(rows: Sequence[TableRow]) -> bool:
    """Tell whether the first row spans columns that the second one heads: what stands over a header is header, in whatever words."""
    if len(rows) < _STOREYS or not any(cell is not None and not left for cell, left in zip(rows[0].cells, rows[0].left, strict=True)):
        return False
    below = [fold(t) for t in own_texts(rows[1])]
    return not _prints_amount(below) and any("role" in read_header_text(t) for t in below)


def _prints_amount(texts: Sequence[str]) -> bool:
    return any(parse_with_unit(t)[0] is not None and (is_separated(t) or len(t) > _YEAR_DIGITS) for t in texts)


def _covering(row: TableRow) -> int:
    """Count the cells with text that reach down into a row from above."""
    return sum(
        cell is not None and not top and left and bool(cell.text.strip())
        for cell, top, left in zip(row.cells, row.top, row.left, strict=True)
    )


def read_columns(
    table: Table,
    depth: int,
    body: int,
    meaning: TitleMeaning | None,
    *,
    fiscal_year: int | None,
    kind: str,
) -> list[Column]:
    """Return what each column of a table holds.

    Args:
        table: the stitched table.
        depth: number of header rows (see `header_depth`).
        body: index of the first body row.
        meaning: what the title announces.
        fiscal_year: of the document, to tell its own year's columns from others.
        kind: `budget` or `final_account`.
    """
    columns = []
    unnamed = _unnamed_in_group(table.rows[:depth]) if table.headers is None else frozenset()
    loose = {c for row in table.rows for part in row.unplaced for c in part.columns}
    over = [_header_texts(table.rows[:depth], c) for c in range(len(table.edges))] if table.headers is None else table.headers
    for c, texts in enumerate(over):
        header = [part for n, text in enumerate(texts) if not n or fold(text) != fold(texts[n - 1]) for part in storeys_of(text)]
        column = _read_column(c, tuple(fold(t) for t in header), _column_texts(table.rows[body:], c), loose=c in loose)
        columns.append(replace(column, headers=tuple(map(without_spaces, header)), understood=column.understood and c not in unnamed))
    columns = _without_digits(columns)
    halves = meaning is not None and kind_of(meaning.statement).sides == "both"
    heads = _heads_of_halves(columns, table.rows[body:], two_sided=halves)
    columns = [replace(c, role="name") if c.index in heads else c for c in columns]
    columns = _inherited_schemes(_without_guessed_labels(columns, heads))
    columns = _numbered_blocks(_of_their_digits(_schemes_by_digits(columns, table.rows[body:]), table.rows[body:]))
    columns = without_lost_groups(set_column_attributes(columns, meaning, fiscal_year=fiscal_year, kind=kind))
    return without_torn_header(columns, table.rows[body:])


def _header_texts(header: Sequence[TableRow], c: int) -> list[str]:
    """Return the texts of the header cells over a column, top to bottom."""
    return [cell.text for row in header if (cell := row.cells[c]) is not None and fold(cell.text)]


def _heads_digits(text: str) -> bool:
    return bool(text) and all(sign in meanings("statement_words.csv", "place_of_digit") for sign in text)


def _without_digits(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, of no amounts where each holds one digit of an amount, as forms written by hand do (千 百 十 元 角 分).

    Without rulings the heads of the digits may be one text over one of them.
    """
    runs = [list(run) for digit, run in groupby(columns, lambda c: bool(c.path) and _heads_digits(c.path[-1])) if digit]
    digits = {c.index for run in runs if len({*"".join(c.path[-1] for c in run)} & _SMALL_CHANGE) > 1 for c in run}
    apart = {c.index for run in runs if len(run) >= _FEWEST_DIGITS and all(len(c.path[-1]) == 1 for c in run) for c in run}
    return [replace(c, role="digit") if c.index in digits | apart else c for c in columns]


def _unnamed_in_group(header: Sequence[TableRow]) -> frozenset[int]:
    """Return the columns of a group whose own name is not there, though the group's other columns have theirs.

    The name over the group is none of theirs: what a column holds below 财政拨款, beside 一般公共预算, only the sums tell. Of a group whose
    own name is not there, what its 小计 covers is not told either.
    """
    unnamed: set[int] = set()
    for r, row in enumerate(header[:-1]):
        for c, cell in enumerate(row.cells):
            if cell is None or not row.left[c]:
                continue
            group = [n for n in range(c, len(row.cells)) if row.cells[n] == cell]
            below = [[own for own in (later.cells[n] for later in header[r + 1 :]) if own is not None and own != cell] for n in group]
            if len(group) > 1 and not any(row.cells[n] == later.cells[n] for n in group for later in header[r + 1 :]):
                named = [any(own.text.strip() for own in cells) for cells in below]
                if not cell.text.strip():
                    totals = [any("total" in read_header_text(fold(own.text)) for own in cells) for cells in below]
                    unnamed.update(n for n, is_total in zip(group, totals, strict=True) if is_total)
                    continue
                unnamed.update(n for n, is_named, cells in zip(group, named, below, strict=True) if cells and not is_named and any(named))
    return frozenset(unnamed)


def _column_texts(rows: Sequence[TableRow], c: int) -> list[str]:
    return [cell.text for row in rows if (cell := row.cells[c]) is not None and row.top[c] and cell.text.strip()]


def _share_of_amounts(texts: Sequence[str], *, loose: bool = False) -> float:
    """Return how many of the texts are amounts, as a share: all, where `loose` numbers may stand in their column as well."""
    if loose:
        return 1.0
    filled = [t for t in texts if not is_blank(t)]
    return sum([parse_with_unit(t)[0] is not None for t in filled]) / len(filled) if filled else 0.0


def _scheme(path: tuple[str, ...]) -> str | None:
    joined = "".join(path)
    said = {scheme for word, scheme in meanings("statement_words.csv", "scheme").items() if word in joined}
    if {"government", "economic"} <= said:
        return "government_economic"
    if "economic" in said:
        return "department_economic"
    return "function" if "function" in said else None


def _read_column(c: int, path: tuple[str, ...], texts: list[str], *, loose: bool) -> Column:
    """Return what a column holds, by its folded header and the texts in it; `loose` numbers may stand in it as well."""
    role = next((says["role"] for text in reversed(path) if (says := read_header_text(text)).get("role")), None)
    bottom = read_header_text(path[-1]) if path else {}
    speaks = bool(set(bottom) - {"role"}) and "role" not in bottom
    scheme = _scheme(path)
    if is_rate(path) or any(counts(text) for text in path):
        return Column(c, "text", path=path)
    if _numbers_lines(texts):
        return Column(c, "serial", path=path)
    if role in ("count", "quantity", "year") and not speaks:
        return Column(c, "text" if role == "count" else role, path=path)
    if speaks or (role is None and _share_of_amounts(texts, loose=loose) > _MANY_AMOUNTS and not _looks_like_codes(texts)):
        wordy = texts and not any(char.isdigit() for text in texts for char in text)  # most columns of amounts are told by their first
        if wordy and _share_of_amounts(texts, loose=loose) == 0:
            return Column(c, "text" if speaks else "name", path=path, scheme=scheme)
        known = any(read_header_text(text) or YEAR.fullmatch(text) for text in path) and not _totals_something_unknown(path)
        return Column(c, "amount", path=path, understood=known)
    labels = role in ("name", "code", "group", "unit_name", "text")
    mostly_amounts = labels and _share_of_amounts(texts, loose=loose) > _MOSTLY_AMOUNTS
    if mostly_amounts and not _looks_like_codes(texts, headed=role == "code") and not _numbers_projects(texts):
        return Column(c, "amount", path=path, understood=False)
    if role in ("name", "government_name") and scheme and _are_codes(texts):
        role = "code"  # 功能科目 over codes alone, or over the digits of one level
    if role == "code" and len(texts) > 1 and all(_NAME.fullmatch(fold(text)) for text in texts):
        role = "name"  # 类, 款 and 项 in words
    if role is None:
        role = "code" if _looks_like_codes(texts) else "name" if texts else "text"
    if role in ("code", "name") and scheme == "government_economic":
        role = "government_" + role
    return Column(c, role, path=path, scheme=scheme)


def _totals_something_unknown(path: tuple[str, ...]) -> bool:
    """Tell whether a column is the 小计 of a group whose heading says nothing that is known: it is the total of that alone.

    The heading of a half (支出) over such a group says that the group is the whole half, however it is divided.
    """
    if len(path) < _STOREYS or "total" not in read_header_text(path[-1]):
        return False
    return says_nothing(path[-2]) and not any(set(read_header_text(text)) == {"flow"} for text in path[:-2])


def _numbers_lines(texts: Sequence[str]) -> bool:
    """Tell whether a column only numbers the lines, whatever its header says: each number follows on the one before."""
    numbers = len(texts) >= _FEWEST_LINES and all(_LINE_NUMBER.fullmatch(fold(t)) for t in texts)
    return numbers and all(int(b) - int(a) == 1 for a, b in pairwise(map(fold, texts)))


def _looks_like_codes(texts: Sequence[str], *, headed: bool = False) -> bool:
    """Tell whether texts are digits of codes; four alone (款项: `0505`) where the column is `headed` as one of codes."""
    digits = _DIGITS_UNDER_CODE if headed else _DIGITS_OF_CODE
    folded = [fold(t) for t in texts]
    return bool(folded) and sum(bool(digits.fullmatch(t)) for t in folded) > _MOSTLY_CODES * len(folded)


def _are_codes(texts: Sequence[str]) -> bool:
    """Tell whether texts are codes or digits of one level of them, but for totals and the name of the level (款)."""
    folded = [text for t in texts if (text := fold(t)) not in CODE_PARTS and not read_row_label(text).get("total")]
    return bool(folded) and all(_LEVEL_OF_CODE.fullmatch(t) for t in folded)


def _numbers_projects(texts: Sequence[str]) -> bool:
    """Tell whether texts are digits set without a point or comma that no amount has so many of: codes of projects."""
    return bool(texts) and all(_LONG_CODE.fullmatch(without_spaces(t)) for t in texts)


def _heads_of_halves(columns: Sequence[Column], rows: Sequence[TableRow], *, two_sided: bool) -> set[int]:
    """Return the columns of texts that name the rows of the amounts right of them, though their headers do not say so.

    Names with numbers before them (`1、人员经费`) count where each text beside amounts is such a name, or its header says what it is:
    otherwise the header is torn, and what is taken from the others would be lost.
    """
    alone = two_sided or not any(c.role in ("name", "code", "unit_name") for c in columns)
    may = [c for c in columns if _may_head_half(columns, c) or (alone and _is_only_label(columns, c))]
    heads = {c.index for c in may if _heads_half(_own_texts(c, rows), two_sided=alone)}
    if any(c.role == "name" and c.index not in heads for c in may):
        heads = {c for c in heads if not any(char.isdigit() for text in _own_texts(columns[c], rows) for char in text)}
    return heads


def _may_head_half(columns: Sequence[Column], column: Column) -> bool:
    """Tell whether a column is of texts of which no header says what they are, left of amounts."""
    if column.role not in ("name", "text") or not column.path or any("role" in read_header_text(text) for text in column.path):
        return False
    return column.index + 1 < len(columns) and columns[column.index + 1].role == "amount"


def _is_only_label(columns: Sequence[Column], column: Column) -> bool:
    """Tell whether texts that a header calls a remark (内容) stand alone before amounts: then nothing else names the half's rows."""
    alone = column.index == 0 or columns[column.index - 1].role == "amount"
    return column.role == "text" and alone and column.index + 1 < len(columns) and columns[column.index + 1].role == "amount"


def _own_texts(column: Column, rows: Sequence[TableRow]) -> list[str]:
    """Return the texts of the cells that begin in a column."""
    c = column.index
    return [cell.text for row in rows if (cell := row.cells[c]) is not None and row.top[c] and row.left[c] and not is_blank(cell.text)]


def _heads_half(own: Sequence[str], *, two_sided: bool) -> bool:
    """Tell whether a column of these texts names rows: one that names a total, or any in a statement of two sides.

    The words left of it name the other side. Texts with figures in their names do not.
    """
    if not own or any(char.isdigit() for text in own for char in clean_name(text)[0]):
        return False
    totals = any("total" in read_row_label(fold(text)) for text in own)
    return totals or (two_sided and len(own) >= _FEWEST_NAMES)


def _without_guessed_labels(columns: Sequence[Column], heads: Set[int]) -> list[Column]:
    """Beside a column whose header says that it names the rows, one of texts with an unknown header names nothing, if it heads no half."""
    named = {c.index for c in columns if c.role == "name" and (c.index in heads or any(read_header_text(t).get("role") for t in c.path))}
    return [
        replace(column, role="text") if named and column.path and column.role == "name" and column.index not in named else column
        for column in columns
    ]


def _inherited_schemes(columns: list[Column]) -> list[Column]:
    """A code column without a scheme of its own takes that of the name column right of it, or of the next part of its code."""
    for c in range(len(columns) - 2, -1, -1):
        column, right = columns[c], columns[c + 1]
        names, goes_on = right.role.endswith("name"), right.role.endswith("code") and _code_group(column) == _code_group(right)
        if column.role == "code" and column.scheme is None and right.role in _CLASSIFIED and (names or goes_on):
            role = "government_code" if right.role.startswith("government_") else column.role
            columns[c] = replace(column, scheme=right.scheme, role=role)
    return columns


def _code_group(column: Column) -> tuple[str, ...]:
    """Return the heading that the parts of a code have in common: 类, 款, 项 below 科目编码, or beside each other alone."""
    return column.path[:-1] if len(column.path) > 1 or column.path[-1:] in [(part,) for part in CODE_PARTS] else column.path


def _schemes_by_digits(columns: list[Column], rows: Sequence[TableRow]) -> list[Column]:
    """Of several groups of code columns, those whose heading does not say of which classification are told by their first digits."""
    groups: dict[tuple[str, ...], list[Column]] = {}
    for column in columns:
        if column.role == "code" and column.scheme is None and column.path:
            groups.setdefault(_code_group(column), []).append(column)
    said = {
        path: Counter(m[1] for text in _column_texts(rows, group[0].index) if (m := _CODE.fullmatch(fold(text)))).most_common(1)
        for path, group in groups.items()
    }
    schemes = {path: SCHEME_OF_DIGIT[most[0][0]] for path, most in said.items() if most}
    if len(set(schemes.values())) < 2:
        return columns

    def with_scheme(column: Column) -> Column:
        scheme = schemes.get(_code_group(column)) if column.role == "code" and column.scheme is None else None
        if scheme is None:
            return column
        return replace(column, scheme=scheme, role="government_code" if scheme == "government_economic" else "code")

    return [with_scheme(column) for column in columns]


def _of_their_digits(columns: list[Column], rows: Sequence[TableRow]) -> list[Column]:
    """Right of departmental economic codes, whole classes of the governmental ones are these, whatever heading stands over them.

    What follows them up to the first amount, more digits and the names, is of the governmental ones as well.
    """
    found, departmental, governmental = list(columns), False, False
    for n, column in enumerate(columns):
        if column.role == "code" and column.scheme == "department_economic" and not governmental:
            texts = [text for t in _column_texts(rows, column.index) if (text := fold(t)) not in CODE_PARTS]
            classes = {m[1] if (m := _CODE.fullmatch(text)) else "" for text in texts}
            departmental = departmental or classes == {"3"}
            governmental = departmental and classes == {"5"}
        governmental = governmental and column.role in _CLASSIFIED
        if governmental and column.role in ("code", "name"):
            found[n] = replace(column, scheme="government_economic", role=f"government_{column.role}")
    return found


def _numbered_blocks(columns: list[Column]) -> list[Column]:
    block, amounts = 0, False
    for n, column in enumerate(columns):
        if column.role in LABEL_ROLES and amounts and column.role != "group":
            block, amounts = block + 1, False
        columns[n] = replace(column, block=block)
        amounts = amounts or column.role == "amount"
    if not amounts and block:  # a trailing label column without amounts belongs to the block before it
        kept = {c.index for c in columns if c.role in ("unit_code", "unit_name") or (c.scheme and c.role in _CLASSIFIED)}
        columns = [replace(c, role=c.role if c.index in kept else "text", block=block - 1) if c.block == block else c for c in columns]
    government_only = {c.block for c in columns} - {
        c.block for c in columns if c.role in ("code", "name", "unit_name", "unit_code", "group")
    }
    return [replace(c, role=c.role.removeprefix("government_")) if c.block in government_only else c for c in columns]
