"""Names of rows as they are published: without numbering, marks and colons, and what their numbering and indentation show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from pipeline.budget.amounts import DIGITS
from pipeline.budget.characters import REMEMBERED, fold, without_spaces
from pipeline.budget.patterns import ARABIC_NUMBER, CIRCLED_NUMBER, HAN_NUMBER, LEVEL_WORDS
from pipeline.document.content import Cell
from pipeline.statements.statement_model import Column
from schemas.vocabulary import read_header, read_row_label
from schemas.vocabulary.phrases import WordPattern, any_of

_NUMBERING = (
    (re.compile(rf"{HAN_NUMBER}[、.．,，]"), 1),
    (re.compile(rf"[（(]{HAN_NUMBER}[)）][、.]?"), 2),
    (re.compile(rf"{ARABIC_NUMBER}[、.．](?!\d)"), 2),
    (re.compile(rf"[（(]{ARABIC_NUMBER}[)）][、.]?"), 3),
    (re.compile(rf"{CIRCLED_NUMBER}"), 3),
)
_LEVEL_STROKES = re.compile(r"^[-—–－─·•]+(?=[\u4e00-\u9fff（(])")  # ——水利 below 农林水支出
_OF_WHICH = re.compile(r"(?:其中[：:]?|其[：:])")
_LEVEL_BELOW = 2
_IN_BRACKETS = _NUMBERING[1][0]
NUMBERED = re.compile("|".join(["其中[：:]", *(pattern.pattern for pattern, _ in _NUMBERING)]))
"""How a row's name begins that is numbered, or is a part of the one above."""
_CODE_AND_NAME = re.compile(r"\d{3}(?:\d\d){0,2}-")
_CODED = re.compile(r"[\[(]?[235]\d{4}(?:\d\d)?(?!\d)")
_AMOUNT_BEHIND = re.compile(rf"(?<=[\u4e00-\u9fff)）])\s{{0,4}}[-−]?{DIGITS}\.\d\d$")
_SPACE_WIDTH = 4.0  # points: about a space of small print, for cells that indent by spaces
_OFF_CENTRE = 3.0  # points: margins left and right of a centred text differ by less; brackets and marks are wider than they look
_SPACES = " \t\u00a0\u3000" + "".join(map(chr, range(0x2000, 0x200B)))  # of any width: web pages set names in by &emsp; and &ensp;
_MAKER = WordPattern(lambda: rf"^{any_of('statement_words.csv', 'maker')}(?:$|[(:])")
_PART = WordPattern(lambda: rf"{any_of('headers.csv', 'of_which')}{any_of('statement_words.csv', 'part_end')}?$")
_OF_LEVEL = re.compile(rf"[^(]{{0,8}}[(][{LEVEL_WORDS}、]{{1,3}}[)]|[{LEVEL_WORDS}、]{{1,3}}(?:级|名称|级科目)?")
_MARKS = re.compile(rf"[（(][{LEVEL_WORDS}][)）]")


@lru_cache(maxsize=REMEMBERED)
def clean_name(text: str) -> tuple[str, int | None, bool]:
    """Return a printed row name without numbering, marks and a colon after it, the level its numbering shows, and whether it is 其中."""
    name = without_strokes(without_spaces(text))
    of_which = False
    level: int | None = None
    for _ in range(4):
        if match := _OF_WHICH.match(name):
            of_which, name = True, name[match.end() :]
            continue
        hit = next(((m, lv) for pattern, lv in _NUMBERING if (m := pattern.match(name)) and m.end() < len(name)), None)
        if hit is None:
            break
        level, name = hit[1], name[hit[0].end() :]
    return without_colon(_MARKS.sub("", name)), level, of_which


class NumberedLevels:
    """The levels that numbers show in a block, row after row: `1.` is one below `（一）` where that stands between it and `一、`."""

    def __init__(self) -> None:
        """Start above the first row."""
        self._in_brackets = False

    def of(self, text: str, level: int | None) -> int | None:
        """Return the level of a row with this printed name, of which `clean_name` says that its numbering alone shows `level`."""
        if level == 1:
            self._in_brackets = False
        elif level == _LEVEL_BELOW and _IN_BRACKETS.match(_OF_WHICH.sub("", without_spaces(text))):
            self._in_brackets = True
        elif level == _LEVEL_BELOW and self._in_brackets:
            return level + 1
        return level


@lru_cache(maxsize=REMEMBERED)
def total_name(text: str) -> str | None:
    """Return the name of a row that is a total (合计, 收入总计), else None."""
    name = clean_name(text)[0]
    return name if read_row_label(fold(name)).get("total") else None


@lru_cache(maxsize=REMEMBERED)
def carried_name(text: str) -> str | None:
    """Return the name of a row that repeats what rows of its page, or of those before, come to (过次页, 承前页, 本页小计), else None."""
    name = clean_name(text)[0]
    return name if "page_sum" in read_row_label(fold(name)) else None


def holds_several_rows(text: str, *, numbered: bool = True) -> bool:
    """Tell whether a cell's text names several rows: a line below its first one begins as a row's name does, numbered or coded.

    Args:
        text: of a cell that labels a row.
        numbered: whether names of rows are numbered. The name of a project or a purchase may itself number what it comprises.
    """
    return any((numbered and NUMBERED.match(line)) or _CODED.match(line) for line in text.split("\n")[1:])


def names_maker(folded: str) -> bool:
    """Tell whether a folded row label says who made the table: the row's numbers are telephones and dates."""
    return _MAKER.search(folded) is not None


def without_colon(name: str) -> str:
    """Return a label without a colon after it, which is no part of it; one of nothing else is left as it is."""
    return name.rstrip(":：﹕∶") or name


def without_overflow(cell: Cell) -> Cell:
    """Return a cell without the last line of the cell above: rows too low for their text clip it, and it stands in the next."""
    if "\n" not in cell.text:
        return cell
    lines = cell.text.split("\n")
    start = next((n for n, line in enumerate(lines) if _CODE_AND_NAME.match(fold(line))), 0)
    return replace(cell, text="\n".join(lines[start:])) if start else cell


def without_amount(cell: Cell, amounts: Sequence[Cell | None]) -> Cell:
    """Return a cell without the amount behind its words: where the rule between them is lost, the column beside it stands in it, too.

    The amount is none of the row's then: nothing says which column it is of. It is among those that were not captured.

    Args:
        cell: of a row's name.
        amounts: the row's cells in the columns of amounts. Where the first prints something, the words end with a number of their own.
    """
    first = amounts[0] if amounts else None
    found = None if first is not None and first.text.strip() else _AMOUNT_BEHIND.search(cell.text)
    return replace(cell, text=cell.text[: found.start()]) if found else cell


def without_strokes(name: str) -> str:
    """Return a name without the strokes before it that show its level."""
    return _LEVEL_STROKES.sub("", name)


def are_centred(cells: Sequence[Cell]) -> bool:
    """Tell whether texts stand in the middle of their cells: then how far each is set in says only how long it is."""
    boxed = [(cell.box, cell.text_box) for cell in cells if cell.text_box]
    return len(boxed) > 2 and all(abs((text.x0 - box.x0) - (box.x1 - text.x1)) <= _OFF_CENTRE for box, text in boxed)


def part_named(name: str) -> str | None:
    """Return which part of the row above a name says and nothing else: 政府采购, 政府采购预算; 政府采购设备 is a project of its own."""
    folded = fold(name)
    return read_header(folded).get("of_which") if _PART.match(folded) else None


def names_above(columns: Sequence[Column], cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the names of the classes above a row's own, where 类, 款 and 项 are named in columns of their own."""
    by_level = all(column.path and _OF_LEVEL.fullmatch(column.path[-1]) for column in columns)
    return tuple(clean_name(cell.text)[0] for cell in cells[:-1]) if by_level else ()


def indent_of(cell: Cell) -> float:
    """Return how far the text of a cell stands from its left edge, in points."""
    leading = cell.text[: len(cell.text) - len(cell.text.lstrip(_SPACES))]
    return (cell.text_box.x0 - cell.box.x0 if cell.text_box else 0.0) + len(leading) * _SPACE_WIDTH
