"""Rows that a page break cuts: the rest of a wrapped name or number stands at the top of the next page, as a row of its own.

Belongs here: telling such a rest from a row. Does not belong here: which grids are one table (`stitching.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pipeline.budget.amounts import DIGITS, GROUPED, decimals, parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import ARABIC_NUMBER, HAN_NUMBER
from pipeline.statements.statement_model import TableRow
from schemas.vocabulary import read_row_label

_AMOUNT = re.compile(rf"[-(]*{DIGITS}\.\d+\)?|-?{GROUPED}")
_FRAGMENT = re.compile(r"[\d,]*\.?\d{1,6}\)?")
_CODE = re.compile(r"\d{2,12}")
_WHOLE_CODE = re.compile(r"[235]\d\d(?:\d\d){0,2}")
_NUMBERED = re.compile(rf"[(]?(?:{HAN_NUMBER}|{ARABIC_NUMBER})[)、.]|其中")
_FEWEST_ROWS = 4  # rows that show what a column usually prints
_MOSTLY = 0.8  # of the rows: what nearly all of them print


def joined(above: TableRow, rest: TableRow) -> TableRow:
    """Return the row that a page break cut: the text of `rest` after that of `above`, column by column."""
    cells = []
    for upper, lower, top in zip(above.cells, rest.cells, rest.top, strict=True):
        text = lower.text if lower is not None and top else ""
        cells.append(replace(upper, text=f"{upper.text}\n{text}") if upper is not None and text.strip() else upper)
    return replace(above, cells=tuple(cells))


def headed(above: TableRow, rest: TableRow) -> TableRow:
    """Return the row of which a page break cut the name off: that of `above` before that of `rest`, which has the amounts."""
    cells = []
    for upper, lower, top in zip(above.cells, rest.cells, above.top, strict=True):
        text = upper.text if upper is not None and top else ""
        if upper is not None and text.strip():
            lower = replace(lower, text=f"{text}\n{lower.text}") if lower is not None and lower.text.strip() else upper
        cells.append(lower)
    return replace(rest, cells=tuple(cells))


def is_head(rows: Sequence[TableRow], more: Sequence[TableRow]) -> bool:
    """Tell whether the last of `rows` is only the beginning of the name of the first of `more`, the rows of the next page.

    It prints words and no amount, while that row and all others of the table print amounts, and that row names nothing in a column
    where it does not go on.
    """
    texts, rest = _texts(rows[-1]), _texts(more[0])
    named = {n for n, text in rest.items() if not _is_amount(text)}
    if not texts or not named or not named <= texts.keys() or named == rest.keys() or not _goes_on(rest[n] for n in named):
        return False
    if any(_is_amount(text) or read_row_label(text) for text in texts.values()):
        return False
    return _all_print_amounts([*rows[:-1], *more])


def _goes_on(names: Iterable[str]) -> bool:
    """Tell whether texts may be the rest of names: they are no numbered rows, codes or totals of their own."""
    return not any(_NUMBERED.match(text) or text.isdigit() or read_row_label(text) for text in names)


def _all_print_amounts(rows: Sequence[TableRow]) -> bool:
    """Tell whether all rows of a table below its header print amounts; of too few none can tell what is usual."""
    printed = [any(map(_is_amount, own.values())) for own in map(_texts, rows) if own]
    body = printed[printed.index(True) :] if True in printed else []
    return len(body) >= _FEWEST_ROWS and all(body)


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text) is not None


def is_remainder(rows: Sequence[TableRow], row: TableRow, following: Sequence[TableRow] = ()) -> bool:
    """Tell whether `row`, the first of a page, only goes on with the last of `rows`, those of the pages before.

    Each of its texts stands below one of that row, and none is a whole amount. It must be shown by what it leaves out:
    the decimals that the number above it lacks, the code or the numbering that nearly all rows have, or the amounts that all
    rows have, those `following` on its page as well.
    """
    last = rows[-1]
    texts = _texts(row)
    above = _texts(last)
    if not texts or not texts.keys() < above.keys() or any(_AMOUNT.fullmatch(t) for t in texts.values()):
        return False
    if any(map(read_row_label, texts.values())):  # 上年结转 without an amount is a row
        return False
    body = [own for own in map(_texts, rows) if any(map(_AMOUNT.fullmatch, own.values()))]
    numbers = {n: t for n, t in texts.items() if any(c.isdigit() for c in t)}
    if numbers:
        usual = _usual_decimals(body)
        lone = len(texts) == 1
        return all(
            (_FRAGMENT.fullmatch(t) and _completes(above[n], t, usual)) or _completes_code(above[n], t, lone=lone)
            for n, t in numbers.items()
        )
    if not any(map(_is_amount, above.values())):
        return False
    usual = len(body) >= _FEWEST_ROWS
    columns = {n for own in body for n in own} if usual else set()
    coded = [n for n in columns if n not in texts and sum(bool(_CODE.fullmatch(own.get(n, ""))) for own in body) >= _MOSTLY * len(body)]
    numbered = [n for n in texts if usual and sum(bool(_NUMBERED.match(own.get(n, ""))) for own in body if n in own) >= _MOSTLY * len(body)]
    if coded or any(not _NUMBERED.match(texts[n]) for n in numbered):
        return True
    return _goes_on(texts.values()) and _all_print_amounts([*rows, *following])


def _texts(row: TableRow) -> dict[int, str]:
    """Return the folded texts that begin in a row, by column."""
    return {n: text for n, cell in enumerate(row.cells) if cell is not None and row.top[n] and (text := fold(cell.text))}


def _usual_decimals(body: Sequence[dict[int, str]]) -> int:
    counts = Counter(decimals(t) for own in body for t in own.values() if _AMOUNT.fullmatch(t))
    return counts.most_common(1)[0][0] if counts else 0


def _completes(above: str, rest: str, usual: int) -> bool:
    """Tell whether `rest` gives the number `above` it the decimals that the table's numbers have and it lacks."""
    whole = above + rest
    return usual > 0 and parse_amount(whole) is not None and decimals(above) < usual and decimals(whole) == usual


def _completes_code(above: str, rest: str, *, lone: bool) -> bool:
    """Tell whether `rest` makes a code of the digits `above` it; of a whole code (223 over 01) only if it stands alone."""
    return rest.isdigit() and _WHOLE_CODE.fullmatch(above + rest) is not None and (lone or not _WHOLE_CODE.fullmatch(above))
