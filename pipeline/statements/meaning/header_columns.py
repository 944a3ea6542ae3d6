"""From header rows to columns: which rows are header, which columns label the rows, and which hold amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise, takewhile

from msgspec.structs import replace

from pipeline.budget.amounts import is_blank, is_separated, parse_with_unit
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT
from pipeline.budget.sums import funds_within
from pipeline.statements.column_numbers import CODE_PARTS, is_column_numbers, own_texts
from pipeline.statements.meaning.header_attributes import (
    YEAR,
    counts,
    is_rate,
    names_years,
    read_header_text,
    says_nothing,
    set_column_attributes,
    without_year_and_unit,
)
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import LABEL_ROLES, Column, Table, TableRow
from schemas.statements import kind_of
from schemas.vocabulary import read_row_label
from schemas.vocabulary.phrases import meanings
from schemas.vocabulary.titles import TitleMeaning, names_a_part

_MOST_HEADER_ROWS = 12  # rows: headers of three storeys, each cut into up to four lines
_YEAR_DIGITS = 4  # a longer number in a row is an amount, no year of a header
_MANY_AMOUNTS = 0.5  # of a column's texts: so many amounts make one of amounts, if its header is silent
_MOSTLY_AMOUNTS = 0.8  # of its texts: so many make one of amounts though its header names labels
_MOSTLY_CODES = 0.6  # of a column's texts: names, totals and blanks stand between codes
_FEWEST_NAMES = 2  # a remark may stand alone
_NAME = re.compile(r"\D{2,}")  # of a code's part: 合 and 计 may stand in columns of their own
_LINE_NUMBER = re.compile(r"\d{1,3}")
_FEWEST_LINES = 4  # fewer numbers in a row may be amounts
_GOES_ON = ("、", ",", ")")  # no name begins so: it is the rest of the one above
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
    known = sum(1 for t in texts if read_header_text(t) or counts(t) or names_years(t))
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
        header = [text for n, text in enumerate(texts) if not n or fold(text) != fold(texts[n - 1])]
        column = _read_column(c, tuple(fold(t) for t in header), _column_texts(table.rows[body:], c), loose=c in loose)
        columns.append(replace(column, headers=tuple(map(without_spaces, header)), understood=column.understood and c not in unnamed))
    halves = meaning is not None and kind_of(meaning.statement).sides == "both"
    heads = {c for c in range(len(columns)) if _heads_half(columns, c, table.rows[body:], two_sided=halves)}
    columns = [replace(c, role="name") if c.index in heads else c for c in columns]
    columns = _inherited_schemes(_without_guessed_labels(columns, heads))
    columns = _numbered_blocks(_of_their_digits(_schemes_by_digits(columns, table.rows[body:]), table.rows[body:]))
    columns = _without_lost_groups(set_column_attributes(columns, meaning, fiscal_year=fiscal_year, kind=kind))
    return _without_torn_header(columns, table.rows[body:])


def _without_torn_header(columns: Sequence[Column], rows: Sequence[TableRow]) -> list[Column]:
    """Return the columns, no amounts understood where the header goes on in rows over the first amounts.

    Without rulings a heading over a group may stand over one column alone, and the names of all the group's columns below it are read
    as a row.
    """
    amounts = [c for c in columns if c.role == "amount"]
    above = list(takewhile(lambda row: not any(_prints(row, c) for c in amounts), rows))
    own = [row.cells[c.index] for row in above for c in amounts if row.top[c.index] and row.left[c.index]]
    texts = [cell.text for cell in own if cell is not None]
    if len(above) < len(rows) and any(read_header_text(fold(text)) for text in texts):
        return [replace(c, understood=False) if c.role == "amount" else c for c in columns]
    return list(columns)


def _prints(row: TableRow, column: Column) -> bool:
    """Tell whether an amount begins in a row's cell in a column."""
    cell = row.cells[column.index]
    return cell is not None and row.top[column.index] and row.left[column.index] and parse_with_unit(cell.text)[0] is not None


def _without_lost_groups(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, not understood where the heading over their group was lost, cut or laid over one of them alone.

    Where no ruling tells what a heading spans, a column must not claim what may be the name of its neighbours.
    """
    amounts = [c for c in columns if c.role == "amount"]
    lost = {
        c.index
        for n, c in enumerate(amounts)
        if _totals_what_another_does(amounts[:n], c)
        or _is_of_unknown_source(amounts, c)
        or _may_name_neighbours(amounts[max(n - 1, 0) : n + 2], c)
        or _shares_a_cut_name(amounts, c)
    }
    return [replace(c, understood=False) if c.index in lost else c for c in columns]


def _totals_what_another_does(before: Sequence[Column], column: Column) -> bool:
    """Tell whether a bare 小计 would be the total of all again: that of a group whose heading is lost."""
    if len(column.path) != 1 or "total" not in read_header_text(column.path[0]):
        return False
    return any(_meaning(c) == _meaning(column) and c.path and "total" in read_header_text(c.path[-1]) for c in before)


def _is_of_unknown_source(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether a column stands below a heading that may name a source of money, for nobody knows what it says.

    基本支出 below 横向课题款 is not the basic spending from all sources. Such a heading stands beside the name of a fund, or beside
    another that is divided in the same columns; of words that limit nothing (支出构成) it names no source beside a single column.
    """
    for n, text in enumerate(column.path[:-1]):
        if not says_nothing(text):
            continue
        for other in amounts:
            path = other.path
            if other.block != column.block or len(path) <= n or path[:n] != column.path[:n] or path[n] == text:
                continue
            is_fund, alike = "fund" in read_header_text(path[n]), path[n + 1 :] == column.path[n + 1 :]
            if (alike and (is_fund or says_nothing(path[n]))) or (is_fund and names_a_part(text)):
                return True
    return False


def _may_name_neighbours(beside: Sequence[Column], column: Column) -> bool:
    """Tell whether the name of a fund that has parts stands over one column, beside one without any name."""
    if len(column.path) != 1 or "fund" not in read_header_text(column.path[0]) or not funds_within(column.fund or ""):
        return False
    return any(not c.path and c.block == column.block for c in beside)


def _shares_a_cut_name(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether the name over the column is only the beginning of another column's: 上年结余 over 、结转 and 其他收入."""
    beside = [c for c in amounts if c.path and (c.block, c.path[:-1]) == (column.block, column.path[:-1])]
    return len(column.path) > 1 and any(c.index != column.index and c.path[-1].startswith(_GOES_ON) for c in beside)


def _meaning(column: Column) -> tuple[object, ...]:
    return column.block, column.fund, column.nature, column.measure, column.flow, column.item


def _header_texts(header: Sequence[TableRow], c: int) -> list[str]:
    """Return the texts of the header cells over a column, top to bottom."""
    return [cell.text for row in header if (cell := row.cells[c]) is not None and fold(cell.text)]


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


def _heads_half(columns: Sequence[Column], c: int, rows: Sequence[TableRow], *, two_sided: bool) -> bool:
    """Tell whether a column of texts names the rows of the amounts right of it, though its header does not say so.

    So does one that names a total, or any in a statement of two sides: the words left of it name the other side. Texts whose
    header says what they are (备注), and texts beside further names, do not.
    """
    column = columns[c]
    if column.role not in ("name", "text") or any("role" in read_header_text(text) for text in column.path):
        return False
    if not column.path or c + 1 == len(columns) or columns[c + 1].role != "amount":
        return False
    own = [cell.text for row in rows if (cell := row.cells[c]) is not None and row.top[c] and row.left[c] and not is_blank(cell.text)]
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
    """Right of departmental economic codes, whole classes of the governmental ones are these, whatever heading stands over them."""
    found, departmental = list(columns), False
    for n, column in enumerate(columns):
        if column.role != "code" or column.scheme != "department_economic":
            continue
        texts = [text for t in _column_texts(rows, column.index) if (text := fold(t)) not in CODE_PARTS]
        classes = {m[1] if (m := _CODE.fullmatch(text)) else "" for text in texts}
        departmental = departmental or classes == {"3"}
        if departmental and classes == {"5"}:
            found[n] = replace(column, scheme="government_economic", role="government_code")
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
