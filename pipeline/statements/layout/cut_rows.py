"""Rows that a page break cuts: the rest of a wrapped name or number stands at the top of the next page, as a row of its own.

Belongs here: telling such a rest from a row. Does not belong here: which grids are one table (`recognise.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.budget.amounts import DIGITS, GROUPED, decimals, parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import ARABIC_NUMBER, HAN_NUMBER
from pipeline.statements.model import TableRow
from schemas.vocabulary import read_row_label

_AMOUNT = re.compile(rf"[-(]*{DIGITS}\.\d+\)?|-?{GROUPED}")
_FRAGMENT = re.compile(r"[\d,]*\.?\d{1,6}\)?")
_CODE = re.compile(r"\d{2,12}")
_WHOLE_CODE = re.compile(r"[235]\d\d(?:\d\d){0,2}")
_NUMBERED = re.compile(rf"[(]?(?:{HAN_NUMBER}|{ARABIC_NUMBER})[)、.]|其中")
_FEWEST_ROWS = 4  # rows that show what a column usually prints
_MOST = 0.8  # of the rows: what nearly all of them print


def joined(above: TableRow, rest: TableRow) -> TableRow:
    """Return the row that a page break cut: the text of `rest` after that of `above`, column by column."""
    cells = []
    for upper, lower, top in zip(above.cells, rest.cells, rest.top, strict=True):
        text = lower.text if lower is not None and top else ""
        cells.append(replace(upper, text=f"{upper.text}\n{text}") if upper is not None and text.strip() else upper)
    return replace(above, cells=tuple(cells))


def is_rest(rows: Sequence[TableRow], row: TableRow) -> bool:
    """Tell whether `row`, the first of a page, only goes on with the last of `rows`, those of the pages before.

    Each of its texts stands below one of that row, and none is a whole amount. It must be shown by what it leaves out:
    the decimals that the number above it lacks, the code, or the numbering that nearly all rows have.
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
    if len(body) < _FEWEST_ROWS or not any(_AMOUNT.fullmatch(t) for t in above.values()):
        return False
    columns = {n for own in body for n in own}
    coded = [n for n in columns if n not in texts and sum(bool(_CODE.fullmatch(own.get(n, ""))) for own in body) >= _MOST * len(body)]
    numbered = [n for n in texts if sum(bool(_NUMBERED.match(own.get(n, ""))) for own in body if n in own) >= _MOST * len(body)]
    return bool(coded) or any(not _NUMBERED.match(texts[n]) for n in numbered)


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
