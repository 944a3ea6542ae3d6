"""Which words around a grid belong to it: above it, beside another grid, at the foot of the page before, below it.

Belongs here: telling by place whose words they are, and which leading rows of a grid are its heading. Does not belong here: what
the words say (`meaning/table_heading.py`), which grids are one table (`stitching.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR, UNIT, UNIT_LABEL, UNIT_MARK
from pipeline.document.content import Box, Cell, Grid, Page, TextLine, Word
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.meaning.headers.notes import NOTE
from pipeline.statements.meaning.table_heading import (
    CONTINUED,
    ENTITY,
    FOOTER,
    MARK,
    is_bracket,
    is_title,
    opens_bracket,
    title_on,
    title_start,
    units_in,
)
from schemas.vocabulary import read_header

_YEAR = re.compile(rf"{FISCAL_YEAR}年度?")
_YEAR_OR_DAY = re.compile(rf"{FISCAL_YEAR}年(?:度|\d{{1,2}}月(?:\d{{1,2}}日)?)?")
_EDGE = 2.0  # points: text above or below a table may reach so far into its border
_INTO_TABLE = 4.0  # points: a heading's line may reach so far into the table below it, whose first row is cut low
_LINES_ABOVE = 12  # lines above a table that may be its heading: title, body, unit, a remark
_LINES_BELOW = 3  # lines below a table that may say its unit: after the maker, a note
_LINES_OF_NOTE = 8  # lines below a table that may be its note: five of the longest that forms prescribe, a maker, a date
_SEVERAL = 2  # grids of a page: of one alone, what stands below is its own
_LINES_LEFT = 5  # lines at the foot of a page that may be the heading of the next page's table: title, what it is by, mark, body, unit
_LINES_ABOUT = 3  # of these lines, what stands around the title is looked at: a mark above it, fields below it
_HEADING_ROWS = 5  # rows of a grid that may be its heading: title, body, unit, a blank
_FIELDS = 3  # fields in one row of a heading: body, date, unit
_WIDE = 0.6  # of the filled columns: a title set in a cell of the table covers so many
_APART = 3.0  # heights of a line: texts that stand nearer are one, however wide their characters are set
_OVERFLOW = 0.5  # heights of a line: words pushed out of a header cell stand no farther above it


@dataclass(frozen=True, slots=True)
class _Strip:
    """The part of a page's width that belongs to a grid: all of it, unless other grids stand beside it."""

    left: float
    right: float

    def is_crossed_by(self, box: Box) -> bool:
        """Tell whether a text stands over a border of the strip: a title there is that of one table in two halves."""
        return box.x0 < self.left < box.x1 or box.x0 < self.right < box.x1

    def text_of(self, line: TextLine) -> str:
        """Return what of a line stands in the strip; what stands over one of its borders is about the tables on both sides."""
        if line.box is None or (self.left <= line.box.x0 and line.box.x1 <= self.right):
            return line.text
        return " ".join(text for text, box in _apart(line, line.box) if box.x0 < self.right and box.x1 > self.left)


def _apart(line: TextLine, whole: Box) -> list[tuple[str, Box]]:
    """Return the texts of a line that stand so far apart that they are of tables beside each other."""
    texts: list[tuple[str, Box]] = []
    for part in line.parts or (Word(line.text, whole),):
        if texts and part.box.x0 - texts[-1][1].x1 < _APART * (whole.y1 - whole.y0):
            text, box = texts[-1]
            texts[-1] = f"{text} {part.text}", Box(box.x0, min(box.y0, part.box.y0), part.box.x1, max(box.y1, part.box.y1))
        else:
            texts.append((part.text, part.box))
    return texts


def texts_above(page: Page, position: int) -> list[str]:
    """Return the lines above a page's grid, up to the grid above it, that may be its heading."""
    return [text for text, _ in _lines_above(page, position)]


def heading_of(page: Page, position: int, before: Page | None) -> tuple[list[str], Grid]:
    """Return the texts above a page's grid, and the grid with the words that its header has lost to them.

    Args:
        page: with the grid.
        position: of the grid among those of the page.
        before: the page before. The heading of a page's first table may stand at its foot, or begin there.
    """
    grid, texts = page.grids[position], []
    for text, line in _lines_above(page, position):
        taken, grid = _overflow(line, grid, text)
        texts.append(taken)
    texts = [text for text in texts if text]
    if before is not None and position == 0 and all(map(is_field, texts)):
        texts = heading_on_previous_page(before) + texts
    return texts, grid


def marks_below(page: Page, position: int) -> list[str]:
    """Return the lines below a page's grid that only say a unit, unless they may be of the table below, or on the next page."""
    grid = page.grids[position]
    strip = _strip(page, position)
    under = [g.box for g in page.grids if g.box.y0 >= grid.box.y1 - _EDGE and g.box.x0 < strip.right and g.box.x1 > strip.left]
    end = min((box.y0 for box in under), default=float("inf"))
    texts = [strip.text_of(line) for line in _loose(page) if line.box and grid.box.y1 - _EDGE <= line.box.y0 < end]
    marks = []
    for n, text in enumerate(texts[:_LINES_BELOW]):
        if is_title(UNIT_MARK.sub("", fold(text))):
            break
        followed = under or any(is_title(UNIT_MARK.sub("", fold(below))) for below in texts[n + 1 :])
        if units_in(text) and not ENTITY.search(UNIT_MARK.sub("", fold(text))) and (not followed or any(map(units_in, texts[n + 1 :]))):
            marks.append(text)
    return marks


def note_below(page: Page, position: int) -> str:
    """Return the note below a page's grid, folded: what stands from 注 on, up to the next table or title."""
    grid = page.grids[position]
    strip = _strip(page, position)
    under = (g.box.y0 for g in page.grids if g.box.y0 >= grid.box.y1 - _EDGE and g.box.x0 < strip.right and g.box.x1 > strip.left)
    end = min(under, default=float("inf"))
    lines = (line for line in _loose(page) if line.box and grid.box.y1 - _EDGE <= line.box.y0 < end)
    texts = [text for line in lines if (text := fold(strip.text_of(line)))][:_LINES_OF_NOTE]
    ends = next((n for n, text in enumerate(texts) if is_title(text)), len(texts))
    begins = next((n for n, text in enumerate(texts[:ends]) if NOTE.match(text)), ends)
    return "".join(texts[begins:ends])


def marks_before_title(texts: Sequence[str]) -> list[str]:
    """Return the texts above a grid that say its unit of money before its title, if none says it behind that.

    Below another table they may as well be that one's.
    """
    title = next((n for n in range(len(texts) - 1, -1, -1) if title_start(texts, n) is not None), len(texts))
    behind = any(units_in(text) for text in texts[title:])
    return [] if behind else [text for text in texts[:title] if units_in(text)]


def closing_marks(page: Page) -> list[list[str]]:
    """Return for each grid of a page the texts below it that say its unit of money, where the page prints all units so; else nothing.

    So it does if no unit stands above the first of several titled grids, and one below each, before the title of the next.
    """
    if len(page.grids) < _SEVERAL:
        return []
    above = [texts_above(page, position) for position in range(len(page.grids))]
    if any(map(units_in, above[0])) or not all(any(title_start(own, n) is not None for n in range(len(own))) for own in above):
        return []
    marks = [*map(marks_before_title, above[1:]), marks_below(page, len(above) - 1)]
    return marks if all(marks) else []


def is_empty(page: Page) -> bool:
    """Tell whether a page shows nothing but its number: the back of a sheet, which stands between two pages of one table."""
    return not (page.grids or page.drawn or page.damaged) and all(FOOTER.match(fold(line.text)) for line in page.lines)


def heading_on_previous_page(page: Page) -> list[str]:
    """Return the last lines of a page if they are the heading of the table that begins the next one."""
    bottom = max((grid.box.y1 for grid in page.grids), default=0.0)
    texts = [line.text for line in _loose(page) if line.box and line.box.y0 > bottom - _EDGE][-_LINES_LEFT:]
    titled = [n for n in range(len(texts)) if title_start(texts, n) is not None]
    if not titled or _are_contents(texts, titled):
        return []
    below = texts[titled[-1] + 1 :]
    if below and (is_bracket(below[0]) or (opens_bracket(fold(texts[titled[-1]])) and fold(below[0]).endswith(")"))):
        below = below[1:]  # it is of the title
    return texts[min(titled[0], max(len(texts) - _LINES_ABOUT, 0)) :] if all(map(is_field, below)) else []


def _are_contents(texts: Sequence[str], titled: Sequence[int]) -> bool:
    """Tell whether the last titles stand one below another: a list of contents, unless both are of one statement, printed twice."""
    if len(titled) < _SEVERAL or titled[-1] - titled[-2] != 1:
        return False
    above, last = title_on(texts[titled[-2]]), title_on(texts[titled[-1]])
    return len(titled) > _SEVERAL or above is None or above != last


def heading_rows(grid: Grid) -> tuple[list[str], int]:
    """Return the texts of leading grid rows that are no table but its heading (title, body, unit), and their number.

    All rows of a grid may be: a box around the title of the grid below it.
    """
    texts: list[str] = []
    for r in range(min(grid.rows, _HEADING_ROWS)):
        row = [c for c in grid.cells if c.row <= r < c.row + c.row_span and c.text.strip()]
        if not row:
            continue
        wide = len(row) == 1 and row[0].column_span > _filled_columns(grid) * _WIDE
        own = _with_units([c.text for c in row])
        folded = [fold(text) for text in own]
        titled = wide and (is_title(folded[0]) or _is_mark(folded[0]) or folded[0].isdigit())
        fields = (
            len(own) <= _FIELDS
            and all(UNIT_MARK.search(t) or ENTITY.match(t) or _is_mark(t) or _is_year(t) for t in folded)
            and (not (years := [c for c in row if _is_year(fold(c.text))]) or (len(years) == 1 < len(own) and not _heads(grid, years[0])))
            and not any(read_header(t).get("role") for t in folded)
        )
        if not (titled or fields):
            return texts, (r if texts else 0)
        texts += own
    return texts, (min(grid.rows, _HEADING_ROWS) if texts else 0)


def _filled_columns(grid: Grid) -> int:
    """Count the columns in which a text stands alone; all, where none does."""
    return len({c.column for c in grid.cells if c.text.strip() and c.column_span == 1}) or grid.columns


def _is_year(folded: str) -> bool:
    """Tell whether a text is a year or a day alone: what a table is of, or, where several stand in a row or amounts below, its columns."""
    return _YEAR_OR_DAY.fullmatch(folded) is not None


def _heads(grid: Grid, year: Cell) -> bool:
    """Tell whether a cell with a year heads columns: it covers several, or amounts stand below it. A day heads none."""
    if not _YEAR.fullmatch(fold(year.text)):
        return False
    below = [c for c in grid.cells if c.row > year.row and c.column <= year.column < c.column + c.column_span]
    return year.column_span > 1 or any(parse_amount(c.text) is not None for c in below)


def _is_mark(folded: str) -> bool:
    """Tell whether a text is the number of a table (公开01表) and no amount: `4.00` is a row's."""
    return MARK.fullmatch(folded) is not None and parse_amount(folded) is None


def _with_units(texts: Sequence[str]) -> list[str]:
    """Return the texts of a row's cells, a unit joined to the label that stands in the cell before it: 单位 ｜ 元."""
    joined: list[str] = []
    for text in texts:
        if joined and UNIT_LABEL.fullmatch(fold(joined[-1])) and re.fullmatch(rf"(?:人民币)?{UNIT}", fold(text)):
            joined[-1] = f"{joined[-1].rstrip(':： ')}：{text}"
        else:
            joined.append(text)
    return joined


def is_field(text: str) -> bool:
    """Tell whether a line of a heading is no title but a field below one: body, unit, number of the table, 续表."""
    folded = fold(text)
    said = UNIT_MARK.search(folded) or ENTITY.search(folded) or MARK.fullmatch(folded) or CONTINUED.fullmatch(folded)
    return said is not None and not is_title(UNIT_MARK.sub("", folded))


def _loose(page: Page) -> list[TextLine]:
    return [line for line in page.lines if not line.in_grid and line.box and not FOOTER.match(fold(line.text))]


def _strip(page: Page, position: int) -> _Strip:
    """Return the strip of a grid: up to the middle between it and the grids beside it."""
    own = page.grids[position].box
    beside = [g.box for g in page.grids if g.box.y0 < own.y1 and g.box.y1 > own.y0]
    left = max(((box.x1 + own.x0) / 2 for box in beside if box.x1 <= own.x0 + _EDGE), default=0.0)
    right = min(((own.x1 + box.x0) / 2 for box in beside if box.x0 >= own.x1 - _EDGE), default=page.width)
    return _Strip(left, right)


def _lines_above(page: Page, position: int) -> list[tuple[str, TextLine]]:
    grid, strip = page.grids[position], _strip(page, position)
    above = [g.box for g in page.grids if g.box.y1 <= grid.box.y0 + _EDGE and g.box.x0 < strip.right and g.box.x1 > strip.left]
    top = max((box.y1 for box in above), default=-1.0)
    lines = [line for line in _loose(page) if line.box and top - _EDGE <= line.box.y0 and line.box.y1 <= grid.box.y0 + _INTO_TABLE]
    whole = any(is_title(fold(text)) for line in lines if line.box for text, box in _apart(line, line.box) if strip.is_crossed_by(box))
    texts = [(line.text if whole else strip.text_of(line), line) for line in lines]
    return [(text, line) for text, line in texts if text and not FOOTER.match(fold(text))][-_LINES_ABOVE:]


def _overflow(line: TextLine, grid: Grid, text: str) -> tuple[str, Grid]:
    """Return a line without the words that overflow from header cells below it, and the grid with these words.

    A word is one of a cell if it stands right above it and only the two together say something of the column.
    """
    if line.box is None or grid.box.y0 - line.box.y1 > _OVERFLOW * (line.box.y1 - line.box.y0):
        return text, grid
    cells = list(grid.cells)
    kept = []
    for part in line.parts or (Word(line.text, line.box),):
        n = next((n for n, cell in enumerate(cells) if cell.row == 0 and cell.box.x0 <= part.box.x0 and part.box.x1 <= cell.box.x1), None)
        if n is not None and _completes(part.text, cells[n]):
            cells[n] = msgspec.structs.replace(cells[n], text=f"{part.text}\n{cells[n].text}")
        elif part.text in text:
            kept.append(part.text)
    if len(kept) == len(line.parts or (line,)):
        return text, grid
    return " ".join(kept), replace(grid, cells=tuple(cells))


def _completes(above: str, cell: Cell) -> bool:
    """Tell whether a header cell says what its column is only with the words above it."""
    below, word = fold(cell.text), fold(above)
    if not below or is_title(word) or UNIT_MARK.search(word) or ENTITY.search(word):
        return False
    whole, alone = read_header_text(word + below), read_header_text(below)
    return "role" not in alone and (bool(whole.keys() - alone.keys()) or whole.get("fund") != alone.get("fund"))
