"""Amounts: from the printed text of a number to exact yuan, and back to the precision it was printed with."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.budget.characters import fold

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000)}
"""Units that statements are printed in, in yuan."""

AMOUNT = re.compile(r"(?<![\d.,])-?(?:\d{1,3}(?:,\d{3})+(?:\.\d{2,6})?|\d+\.\d{2,6})(?![\d.,%％])")
"""A printed amount inside other text: with thousands commas, or with two to six decimals (a bare integer may be anything)."""

LARGEST = Decimal(10) ** 16  # Decimal(18, 2) holds 16 digits before the point

_NUMBER = re.compile(r"(?P<sign>[-+△▲−]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?")
_DASHES = {"", "-", "--", "---", "----", "/", "*", "**"}


def parse_amount(text: str) -> Decimal | None:
    """Return the number that `text` is, or None if it is not one number alone.

    Full-width digits, white space and line breaks inside a wrapped number, thousands commas, `△`, a leading minus
    and accounting brackets are understood. A number of the shape `1,23` (broken thousands) is none.

    Args:
        text: one cell or token.

    Returns:
        The number in the printed unit, exact.
    """
    folded = fold(text)
    negative = False
    if len(folded) > 2 and folded[0] == "(" and folded[-1] == ")":
        folded, negative = folded[1:-1], True
    match = _NUMBER.fullmatch(folded)
    if not match:
        return None
    sign = match["sign"]
    value = Decimal(match["digits"].replace(",", "") + (match["fraction"] or ""))
    if value >= LARGEST:
        return None
    return -value if negative or sign not in ("", "+") else value


def is_blank(text: str) -> bool:
    """Tell whether a cell prints nothing: empty or only dashes (a printed `0` is not blank)."""
    return fold(text) in _DASHES


def decimals(text: str) -> int:
    """Return how many decimal places the printed number `text` shows."""
    return len(fold(text).rstrip(")").partition(".")[2])


def to_yuan(value: Decimal, unit: str) -> Decimal:
    """Return `value` of `unit` (元 or 万元) in yuan, rounded to 分 (0.01 yuan) where the print has more places."""
    return (value * YUAN_PER[unit]).quantize(Decimal("0.01"))
