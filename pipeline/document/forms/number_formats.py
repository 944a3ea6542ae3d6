"""How a spreadsheet shows numbers: from a stored number and its format to the text of an amount, exact.

Belongs here: number formats as far as they say how many places, separators, percent and zeros are shown. A number is never rounded to
what its format shows: the stored value is the amount, the format only adds places and separators. Does not belong here: where numbers
stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

from pipeline.budget.amounts import YUAN_PER

MOST_DECIMALS = 6
"""Places of an amount in 万元 down to the smallest coin, 0.01 yuan: what a stored number has behind them is noise of its arithmetic."""

_DIGITS = 15
"""Significant digits that a spreadsheet stores and shows of a number."""

_QUOTED = re.compile(r'"[^"]{0,255}"|[\\!].|_.|\*.|\[[^\]]{0,255}\]')  # a format has at most 255 characters
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_LITERAL_POINT = re.compile(r'[0#?](?:"\."|[\\!]\.)([0#?]+)')  # 0\.0, shows ten-thousands with one place: a point that is but printed
_SCALED = re.compile(r"[0#?](,+)(?![0#?,])")  # commas behind the last digit: each shows a thousandth
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")
_PLACES = re.compile(r"[0#?]")
_DECIMALS = re.compile(r"\.([0?]*)")
_CODE = re.compile(r"0{2,}")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What of a number's format bears on its text.

    Attributes:
        decimals: places shown at least.
        separators: whether thousands are separated.
        percent: whether a hundred times the number is shown, with %.
        digits: digits shown at least, with zeros in front (codes stored as numbers).
        zero: text shown in place of zero; None where zero is shown as other numbers are.
        scale: power of ten by which the stored number is larger than the one shown (元 shown as 万元).
        behind: words shown behind the number: its unit.
        hidden: whether nothing is shown of a number that is not zero: the format `;;;` hides what stands in a cell.
    """

    decimals: int = 0
    separators: bool = False
    percent: bool = False
    digits: int = 0
    zero: str | None = None
    scale: int = 0
    behind: str = ""
    hidden: bool = False

    def text(self, value: float | int) -> str:
        """Return the text of a stored number: its digits exact, as far as a spreadsheet shows any."""
        if value == 0 and self.zero is not None:
            return self.zero
        if self.hidden:
            return ""
        exact = decimal_of(value, self.scale - 2 if self.percent else self.scale)
        places = max(self.decimals, -int(exact.as_tuple().exponent))
        if self.digits:
            return f"{exact:f}".zfill(self.digits)
        shown = f"{exact:,.{places}f}" if self.separators else f"{exact:.{places}f}"
        return (f"{shown}%" if self.percent else shown) + self.behind


GENERAL = NumberFormat()
"""The format of cells that have none of their own."""

_BUILT_IN = {
    "2": NumberFormat(decimals=2),
    "3": NumberFormat(separators=True),
    "4": NumberFormat(2, separators=True),
    "9": NumberFormat(percent=True),
    "10": NumberFormat(2, percent=True),
    "37": NumberFormat(separators=True),
    "38": NumberFormat(separators=True),
    "39": NumberFormat(2, separators=True),
    "40": NumberFormat(2, separators=True),
    "41": NumberFormat(separators=True, zero="-"),
    "42": NumberFormat(separators=True, zero="-"),
    "43": NumberFormat(2, separators=True, zero="-"),
    "44": NumberFormat(2, separators=True, zero="-"),
}


def built_in(number: str) -> NumberFormat:
    """Return a format that workbooks name by number alone."""
    return _BUILT_IN.get(number, GENERAL)


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """Return what a format's code says: `#,##0.00_);(#,##0.00);"-"`. Unknown signs say nothing."""
    sections = _sections(code)
    if len(sections) > 1 and not sections[0]:
        return NumberFormat(zero="" if len(sections) > 2 and not sections[2] else None, hidden=True)
    sections[0] = re.sub(r"^(.{0,20})General(?=.)", r"\g<1>0", sections[0])  # General"万元"
    first = _QUOTED.sub("", sections[0])
    places = _PLACES.search(first)
    zero = None
    if len(sections) > 2 and not re.search(r"[0#]", _QUOTED.sub("", sections[2])):
        zero = "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(sections[2])).strip()
        zero = zero or _QUOTED.sub("", sections[2]).replace("?", "").strip()
    if places is None:
        return GENERAL if zero is None else NumberFormat(zero=zero)
    decimals = _DECIMALS.search(first)
    whole = first.split(".")[0]
    point = None if decimals else _LITERAL_POINT.search(sections[0])
    scaled = _SCALED.search(first)
    places_shown = len(decimals[1]) if decimals else len(point[1]) if point else 0
    found = NumberFormat(
        decimals=min(places_shown, MOST_DECIMALS),
        separators="," in whole.rstrip(", ") and "," in whole,
        percent="%" in first,
        digits=len(first) if _CODE.fullmatch(first) and not point else 0,
        zero=zero,
        scale=(3 * len(scaled[1]) if scaled else 0) + (len(point[1]) if point else 0),
        behind=_behind(sections[0]),
    )
    return GENERAL if found == GENERAL else found


def _behind(section: str) -> str:
    """Return the words that a section shows behind its digits; 万 alone is 万元, since amounts are of money."""
    literals = "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(section[section.rfind("0") + 1 :]))
    match = _IDEOGRAPHS.search(literals)
    if match is None:
        return ""
    return next((unit for unit in YUAN_PER if unit[:-1] == match[0]), match[0])


def decimal_of(value: float | int, scale: int = 0) -> Decimal:
    """Return a stored number, divided by a power of ten, as a decimal: 15 significant digits, at most six places, no zeros behind."""
    with localcontext() as context:
        context.prec = 64
        exact = (Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_DIGITS}g}")).scaleb(-scale)
        return _shortest(round(exact, MOST_DECIMALS))


def _shortest(value: Decimal) -> Decimal:
    """Return a number without zeros behind its point."""
    shortest = value.normalize()
    return shortest if int(shortest.as_tuple().exponent) <= 0 else shortest.quantize(Decimal(1))


def _sections(code: str) -> list[str]:
    """Return the sections of a code (positive; negative; zero; text), parted by semicolons outside quotes."""
    sections, start, quoted = [], 0, False
    for n, char in enumerate(code):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            sections.append(code[start:n])
            start = n + 1
    return [*sections, code[start:]]
