"""Amounts: what a printed number looks like, from its text to exact yuan, and back to the precision it was printed with.

Belongs here: every pattern that says what the digits of an amount look like, beside what makes a value of them. Does not
belong here: where amounts stand, what the words around them mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from pipeline.budget.characters import REMEMBERED, fold, in_one_form

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000)}
"""Units that statements are printed in, in yuan."""

GROUPED = (
    r"(?:\d{1,3}(?:[,，]\d{3})+"  # 1,234,567
    r"|\d{4,}[,，]\d{3}"  # 128138,600: one comma, before the last three
    r"|\d{1,2}(?:[,，]\d{2})+[,，]\d{3}"  # 1,23,456
    r"|\d{1,3}(?:['’＇]\d{3})+)(?!\d)"  # 2'277
)
"""Digits with separators of thousands. The last group has three digits, always: `12,50` may be a decimal comma and is none of
these; nor are groups of more than three between others (`2,132,53680,068`), two numbers that ran into one."""

DIGITS = rf"(?:{GROUPED}|\d+)"
"""The digits of a number before its point, separated or not."""

SIGN = r"[-−–△▲(（]?[¥￥]?"
"""What may stand before an amount, with an opening bracket that makes it negative."""

_POINT = r"(?:\.|(?<=[０-９])．(?=[０-９]))"  # 4．2023年 is numbering, １２．５０ a number: all of it is as wide

AMOUNT = re.compile(rf"(?<![\d.,])(?<![０-９][，．])-?(?:{GROUPED}(?:{_POINT}\d{{2,6}})?|\d+{_POINT}\d{{2,6}})(?![\d.,%％])(?!．[０-９])")
"""A printed amount inside other text: with thousands commas, or with two to six decimals (a bare integer may be anything)."""

HINT_OF_AMOUNT = re.compile(r"\d[.．,，'’＇]\d")
"""Digits around one separator, as each of these amounts has: looked for first, in a tenth of the time on a line of words and years."""

_AMOUNT_ALONE = re.compile(rf"{SIGN}(?:{GROUPED}(?:[.．]\d+)?|\d+[.．]\d{{2,6}})[)）]?")
"""A text that is such an amount and nothing else, by `fullmatch`."""

LARGEST = Decimal(10) ** 16  # Decimal(18, 2) holds 16 digits before the point

_DIGITS_OF_LARGEST = 16  # before the point: a number of fewer characters is smaller
_CENT = Decimal("0.01")
_NUMBER = re.compile(rf"(?:¥?(?P<sign>[-+△▲−])?|(?P<before>[-+△▲−])¥)(?P<digits>{DIGITS}(?:\.\d+)?)")
_SEPARATOR = re.compile("[,，'’＇]")
_SEPARATED = re.compile(r"[-△−]?¥?\d+(?:[,']\d+)+(?:\.\d+)?")
_FRACTION = re.compile(r"\.(\d*)")
_UNIT = re.compile("万?元$")
_YEAR_NAMED = re.compile(r"20\d\d年")  # 2023年预算数 has the digits of no amount
_DASHES = {"", "-", "--", "---", "----", "/", "*", "**"}


@lru_cache(maxsize=REMEMBERED)
def parse_amount(text: str) -> Decimal | None:
    """Return the number that `text` is, or None if it is not one number alone.

    Full-width digits, white space and line breaks inside a wrapped number, separators of thousands (`GROUPED`), `¥`, `△`, a
    leading minus and accounting brackets are understood. A number of the shape `1,23` (a decimal comma, or broken thousands)
    is none.

    Args:
        text: one cell or token.

    Returns:
        The number in the printed unit, exact: its digits are those of the text, in their order.
    """
    folded = fold(text)
    negative = False
    if len(folded) > 2 and folded[0] == "(" and folded[-1] == ")":
        folded, negative = folded[1:-1], True
    match = _NUMBER.fullmatch(folded)
    if not match:
        return None
    before, behind, digits = match.group("before", "sign", "digits")
    value = value_of(digits)
    if len(digits) > _DIGITS_OF_LARGEST and value >= LARGEST:
        return None
    return -value if negative or (before or behind or "+") != "+" else value


@lru_cache(maxsize=REMEMBERED)  # each text of a table is asked five times
def is_amount_alone(text: str) -> bool:
    """Tell whether a text is an amount by its looks and nothing else."""
    return _AMOUNT_ALONE.fullmatch(text) is not None


def value_of(digits: str) -> Decimal:
    """Return the value of digits that a pattern of this module has matched: a minus, `DIGITS`, a point and decimals."""
    return Decimal(_SEPARATOR.sub("", digits.replace(",", "")))  # the comma is the separator of nearly all


def is_separated(text: str) -> bool:
    """Tell whether a text prints a point or a comma, as amounts have and codes, years and counts have not."""
    folded = fold(text)
    return "." in folded or "," in folded


def split_unit(text: str) -> tuple[str, str | None]:
    """Return a folded text without the unit (元, 万元) that it ends in, and that unit: `580.00万元`; None where it ends in none."""
    folded = fold(text)
    match = _UNIT.search(folded) if folded.endswith("元") else None
    return (folded[: match.start()], match[0]) if match else (folded, None)


@lru_cache(maxsize=REMEMBERED)  # a cell is asked in recognition, coding and checking, nine times in all
def parse_with_unit(text: str) -> tuple[Decimal | None, str | None]:
    """Return the number that `text` is, and the unit printed behind it in the same cell.

    Returns:
        The number in that unit, or None if the text is not one number; the unit, or None where the text prints none.
    """
    number, unit = split_unit(text)
    return parse_amount(number), unit


def is_unread(text: str) -> bool:
    """Tell whether a text has digits but is no number that `parse_with_unit` understands."""
    return any(char.isdecimal() for char in text) and parse_with_unit(text)[0] is None


def is_misfit(text: str) -> bool:
    """Tell whether a word is a number that no column can take: of broken thousands, or with a unit of its own."""
    number, unit = split_unit(text)
    value = parse_amount(number)
    return _SEPARATED.fullmatch(number) is not None if value is None else unit is not None


@lru_cache(maxsize=REMEMBERED)
def is_blank(text: str) -> bool:
    """Tell whether a cell prints nothing: empty or only dashes (a printed `0` is not blank)."""
    return fold(text) in _DASHES


def decimals(text: str) -> int:
    """Return how many decimal places the printed number `text` shows."""
    match = _FRACTION.search(fold(text))
    return len(match[1]) if match else 0


def to_yuan(value: Decimal, unit: str) -> Decimal:
    """Return `value` of `unit` (元 or 万元) in yuan, rounded to 分 (0.01 yuan) where the print has more places."""
    return (value * YUAN_PER[unit]).quantize(_CENT)


_SENTENCE = re.compile(r"[\u4e00-\u9fff）)”》][，。；]")
_IN_A_SENTENCE = re.compile(
    rf"(?P<number>{AMOUNT.pattern})(?=(?P<money>\s{{0,2}}(?P<unit>[千百十]?[万亿]?元|[万亿](?![\u4e00-\u9fff])))|[\u4e00-\u9fffA-Za-z℃°])"
)


def is_sentence(text: str) -> bool:
    """Tell whether a cell prints a description rather than a name: words with a comma, a semicolon or a full stop behind them."""
    return _SENTENCE.search(text) is not None


def without_counts(text: str, amounts: Collection[Decimal] | None) -> str:
    """Return a description without the numbers of its sentences, each right before what it counts: 全长12.50公里，保障….

    A number that stands alone behind the words may be an amount of the next column; one of money stays unless its row has that amount.

    Args:
        text: of a cell that `is_sentence`.
        amounts: that its row prints, in 元, 万元 or the unit of the text; None where the dataset has the text itself, as of a goal.
    """

    def left(found: re.Match[str]) -> str:
        stays = found["money"] and amounts is not None and not _is_one_of(found["number"], found["unit"], amounts)
        return found["number"] if stays else ""

    return _IN_A_SENTENCE.sub(left, in_one_form(text))


def _is_one_of(number: str, unit: str, amounts: Collection[Decimal]) -> bool:
    value, wan = parse_amount(number), YUAN_PER["万元"]
    yuan = YUAN_PER.get(unit.removesuffix("元") + "元")  # 万 as 万元
    return value is not None and any(x in amounts for x in (value, *((value * yuan, value * yuan / wan) if yuan else ())))


@lru_cache(maxsize=REMEMBERED)
def has_digits(text: str) -> bool:
    """Tell whether a cell has a digit of whatever width, as each has of which `count_numbers` counts any."""
    return any(map(str.isdecimal, text))


@lru_cache(maxsize=REMEMBERED)  # four of five cells print what another of their document prints
def count_numbers(text: str, *, in_body: bool, alone: bool) -> int:
    """Count the numbers that a cell prints.

    Args:
        text: of the cell.
        in_body: whether it stands in an amount column, below the header.
        alone: whether it stands in no other column: then digits that are no number (`12,50`) are one that was not understood.
    """
    if parse_with_unit(text)[0] is not None:
        return int(in_body or AMOUNT.search(fold(text)) is not None)
    found = len(AMOUNT.findall(in_one_form(text)))
    return found or int(alone and is_unread(_YEAR_NAMED.sub("", fold(text))))
