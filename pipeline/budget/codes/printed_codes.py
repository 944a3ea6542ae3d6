"""Printed codes: from the text of a cell or a phrase to the digits of a classification code.

Belongs here: the shapes in which codes are printed. Does not belong here: what a code means (`book.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.budget.characters import fold, without_spaces

# 类 of the function classification (201–233), departmental (301–399) and government economic classification (501–599);
# round hundreds are amounts, never classes.
_CLASS = r"(?:2(?:0[1-9]|[12]\d|3[0-9])|3(?:0[1-9]|1\d|99)|5(?:0[1-9]|1\d|99))"
SCHEME_OF_DIGIT = {"2": "function", "3": "department_economic", "5": "government_economic"}
"""The classification that the first digit of a code tells."""
_CODE = re.compile(rf"{_CLASS}(?:(?!00)\d\d){{0,2}}")
_PARTED = re.compile(rf"{_CLASS}(?:[-.](?!00)\d\d){{1,2}}")  # 204-06-01, in a column of codes
_NO_LEVEL = "00"  # where the digits of a 款 or 项 would stand
_LEVELS_TOGETHER = {(2, 3, 4), (3, 3, 4), (2, 5, 2)}  # columns, digits so far, digits of the next: 类 | 款项, 类款 | 项
_SPACED = re.compile(rf"\s*({_CLASS})\s+((?!00)\d\d)(?:\s+((?!00)\d\d))?(?!\d)\s*(.*)", re.DOTALL)
_LEADING = re.compile(rf"\s*[\[(]?({_CODE.pattern})(?![\d.,])[\])]?\s*[-:.]*\s*(.*)", re.DOTALL)
_TRAILING = re.compile(rf"(.*?)[\[(]({_CODE.pattern})[\])]\s*", re.DOTALL)
_MEASURE = re.compile(r"万|亿|元|个(?!人)|辆|套|户|次|月|家|年(?![初终])")  # a number with its measure word is no code with its name
_ASCII = str.maketrans("（）［］【】〔〕－—–：０１２３４５６７８９", "()[][][]---:0123456789")  # places stay


class PrintedCode(NamedTuple):
    """A code as printed, digits joined, and the name printed with it (empty where the code stands alone)."""

    code: str
    name: str


def level_of(code: str) -> int:
    """Return 1 for 类, 2 for 款, 3 for 项 or a local code of seven digits, by the number of digits."""
    return (len(code) - 1) // 2


def is_deepest(code: str) -> bool:
    """Tell whether the classifications have no code below this one: a 项 of the functional, a 款 of the economic ones."""
    return len(code) >= (7 if code.startswith("2") else 5)


def parents_of(code: str) -> tuple[str, ...]:
    """Return the codes above `code`, outermost first: ("201", "20103") for "2010301"."""
    return tuple(code[:length] for length in range(3, len(code), 2))


def is_code(text: str) -> bool:
    """Tell whether `text` is one code of three, five or seven digits of a spending classification and nothing else."""
    return _CODE.fullmatch(fold(text)) is not None


def parse_code(text: str) -> PrintedCode | None:
    """Return the code printed in `text`, with the name beside it.

    Understood: `2010301`, `201 03 01`, `[20103]`, `2050803-培训支出`, `[301]工资福利支出`, `行政运行（2010301）`, full-width digits.
    An amount (`201.00`, `2,010,301`), a serial number and a unit code of six digits are no codes.

    Args:
        text: one cell, or one phrase.
    """
    plain = text.translate(_ASCII)
    if spaced := _SPACED.fullmatch(plain):
        return _printed("".join(part or "" for part in spaced.group(1, 2, 3)), text[spaced.start(4) :])
    if is_code(text):
        return PrintedCode(fold(text), "")
    if (leading := _LEADING.fullmatch(plain)) and not leading[2][:1].isdigit():
        return _printed(leading[1], text[leading.start(2) :])
    if trailing := _TRAILING.fullmatch(plain):
        return _printed(trailing[2], text[: trailing.end(1)])
    return None


def _printed(code: str, name: str) -> PrintedCode | None:
    name = without_spaces(name)
    if name and (_MEASURE.match(name) or not re.search(r"[\u4e00-\u9fff]", name)):
        return None
    return PrintedCode(code, name)


def _without_filling(digits: str) -> str:
    """Return the digits of a cell for codes without strokes between levels, and the noughts that fill a code up to seven digits."""
    if _PARTED.fullmatch(digits):
        return re.sub("[-.]", "", digits)
    while len(digits) in (5, 7) and digits.isdigit() and digits.endswith(_NO_LEVEL):
        digits = digits[: -len(_NO_LEVEL)]
    return digits


def join_code(parts: Sequence[str], previous: str | None = None) -> str | None:
    """Return the joined code of a row that prints it in columns 类 | 款 | 项 (or 类 | 款).

    Each cell may hold its own digits (`201 | 03 | 01`), the whole code so far (`201 | 20103 | 2010301`), or nothing where
    the row above said it (`| | 08` under 2010301 is 2010308). Two levels may share a column (`201 | 0301`, `20103 | 01`). Codes may
    be filled up with noughts to seven digits (`2080500`).

    Args:
        parts: the cells, one per level, blank where nothing is printed.
        previous: the code of the row above, from which blank outer cells are taken.

    Returns:
        The joined code, or None where the cells are blank or do not make a code.
    """
    code = ""
    filled = False
    for place, part in enumerate(_without_filling(fold(part)) for part in parts[:3]):
        end = 3 + 2 * place
        if part == _NO_LEVEL and filled:
            continue
        if not part:
            if not filled:  # outer cells left blank repeat the row above
                code = previous[:end] if previous and len(previous) >= end else ""
        elif _CODE.fullmatch(part) and (not filled or part.startswith(code)):
            code, filled = part, True
        elif place and part.isdigit() and len(part) <= 2 and len(code) == end - 2:
            code, filled = code + part.zfill(2), True
        elif place and part.isdigit() and (len(parts), len(code), len(part)) in _LEVELS_TOGETHER:
            code, filled = _without_filling(code + part), True
        elif not filled and any(map(str.strip, parts[place + 1 :])) and (named := parse_code(part)):  # 201 一般公共服务支出 ｜ 20103
            code, filled = named.code, True
        else:
            return None
    return code if filled and _CODE.fullmatch(code) else None
