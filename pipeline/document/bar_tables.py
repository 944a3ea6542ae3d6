"""Texts that draw their tables with bars between the cells, or part them by tabs: as converters write them, and copies of web pages.

Such a table keeps its blank cells, so it is read as one of cells; the lines around it are paragraphs.

Belongs here: telling such a text from others, and taking it apart. Does not belong here: where cells of a table stand (`flow.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from pipeline.budget.amounts import is_amount_alone, is_separated, parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Content
from pipeline.document.forms.flow import Block, FlowCell, FlowTable, Paragraph, pages_of
from pipeline.document.pictures_in_text import FilesOfPictures
from pipeline.document.text_dump import decode

_FEWEST_CELLS = 2
"""Cells of a row between bars."""

_FEWEST_BETWEEN_TABS = 3
"""Cells of a row between tabs: these indent lines and part two words of prose as well."""

_FEWEST_ROWS = 3
_IN_TABLES = 0.9
"""Share of the lines with amounts that stand in such tables; where fewer do, other tables are bare lines, and all are read as these."""

_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BAR = re.compile(r"[|｜│┃║]")
_TAB = re.compile(r"\t")
_QUOTED = re.compile(r'(?<=\t)"([^"\t]*)"(?=[\t\r\n]|\Z)|^"([^"\t]*)"(?=\t)', re.MULTILINE)
"""A cell as spreadsheets write it that has a comma or a line break in it."""
_PAGE = re.compile(r"[1-9]\d{0,2}")
_RULE = re.compile(r"[\s:：—=+-]*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|^#+\s+|\\(?=[|*_#])")
_SPACES = re.compile(r"\s+")
_SENTENCE = re.compile("[，。；]|元")
_FRAME = re.compile("\\s*[+\u2500-\u257f][-=+:\u2500-\u257f]{2,}\\s*")  # a line of a frame drawn around rows
_NOTHING = re.compile(r"(?:nan|None|Unnamed: \d+(?:_level_\d+)?)", re.IGNORECASE)  # as programs write a blank cell


def read_bar_tables(data: bytes) -> Content | None:
    """Read a text whose tables are of cells: a page per table, with the paragraphs above it; None where it is none.

    Args:
        data: the bytes of a file that is a text (see `read_text`).
    """
    text, encoding = decode(data)
    text = _QUOTED.sub(lambda cell: _LINE.sub("", cell[1] or cell[2] or ""), _CONTROL.sub("", text))
    blocks = blocks_of([line for line in _LINE.split(text) if not _FRAME.fullmatch(line)])
    if blocks is None:
        return None
    warnings = () if encoding in ("utf-8", "ascii") else (f"The text is encoded as {encoding}.",)
    return Content("grids", "text", pages_of(blocks, "text", FilesOfPictures()), warnings, printed=False)


def blocks_of(lines: Sequence[str]) -> list[Block] | None:
    """Return the paragraphs and tables of a text, or None where its tables are not of cells.

    Args:
        lines: of the text, page after page.
    """
    for mark, cells_of in ((_BAR, _between_bars), (_TAB, _between_tabs)):
        rows = [cells_of(line) for line in lines]
        blocks = list(_blocks(lines, rows))
        if _tables_hold_amounts(blocks):
            aligned = mark is _TAB and any(_has_amounts_without_head(block) for block in blocks if isinstance(block, FlowTable))
            return None if aligned or _has_uneven_rows(lines, rows, mark) else blocks
    return None


def _has_uneven_rows(lines: Sequence[str], rows: Sequence[list[str] | None], mark: re.Pattern[str]) -> bool:
    """Tell whether rows of a table have fewer cells than others: cells over several columns, of which nothing says which these are."""
    widths = [len(row) if row else _parted(line, mark) for line, row in zip(lines, rows, strict=True)]
    return any(above != below and min(above, below) > 1 for above, below in pairwise(widths))


def _has_amounts_without_head(table: FlowTable) -> bool:
    """Tell whether amounts stand in a column whose heading is blank: tabs that set texts below each other are no borders of cells."""
    headed: set[int] = set()
    in_body = False
    for row in table.rows:
        in_body = in_body or any(_is_amount(cell) for cell in row)
        at = 0
        for cell in row:
            if not in_body and cell.blocks:
                headed.update(range(at, at + cell.columns))
            elif in_body and headed and at not in headed and _is_amount(cell, pointed=True):
                return True
            at += cell.columns
    return False


def _parted(line: str, mark: re.Pattern[str]) -> int:
    """Return of how many words between marks a line is that is no row."""
    return sum(bool(part.strip()) for part in mark.split(line)) if mark.search(line) else 0


def _between_bars(line: str) -> list[str] | None:
    if not _BAR.search(line):
        return None
    cells = _BAR.split(line.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells if len(cells) >= _FEWEST_CELLS else None


def _between_tabs(line: str) -> list[str] | None:
    cells = line.split("\t")
    return cells if len(cells) >= _FEWEST_BETWEEN_TABS else None


def _blocks(lines: Sequence[str], rows: Sequence[list[str] | None]) -> Iterator[Block]:
    """Yield blocks: a table is a run of rows of as many cells each."""
    numbered = groupby(zip(lines, rows, strict=True), key=lambda pair: len(pair[1]) if pair[1] else 0)
    for width, run in numbered:
        pairs = list(run)
        if not width or len(pairs) < _FEWEST_ROWS:
            yield from (Paragraph(_plain(_BAR.sub(" ", line))) for line, _ in pairs if line.strip())
            continue
        cells = [[_plain(cell) for cell in row] for _, row in pairs if row]
        if _lists_pages(cells):
            yield from (Paragraph(" ".join(filter(None, row))) for row in cells)
            continue
        kept = [row for row in cells if not all(_RULE.fullmatch(cell) for cell in row) or any(_is_dash(cell) for cell in row)]
        yield FlowTable(_with_spans(kept))


def _lists_pages(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows are a list of contents: tables by name, and behind them numbers of pages that never fall, beside no others."""
    pages = [int(row[-1]) for row in rows if _PAGE.fullmatch(row[-1])]
    other = any(parse_amount(cell) is not None for row in rows for cell in (row[1:-1] if _PAGE.fullmatch(row[-1]) else row))
    named = sum(any(cell.endswith("表") for cell in row[:-1]) for row in rows)
    return bool(pages) and pages == sorted(pages) and not other and 2 * named >= len(rows)


def _with_spans(rows: Sequence[Sequence[str]]) -> tuple[tuple[FlowCell, ...], ...]:
    """Return the cells of a table, those of its heading as wide and high as the blank cells say that these texts do not show.

    A blank cell above a text of the heading is covered by the text left of it that has others below it too; a text with blank cells
    below it reaches down to the table's body.
    """
    depth = next((n for n, row in enumerate(rows) if any(parse_amount(cell) is not None for cell in row)), 0)
    covered: set[tuple[int, int]] = set()
    found = []
    for r, row in enumerate(rows):
        cells = []
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            across, down = 1, 1
            if text and r < depth and not _below(rows, r, c, depth):
                down = depth - r
            elif text and r < depth:
                while c + across < len(row) and not row[c + across] and _below(rows, r, c + across, depth):
                    across += 1
            covered |= {(r + dr, c + dc) for dr in range(down) for dc in range(across)}
            cells.append(FlowCell((Paragraph(text),) if text else (), down, across))
        found.append(tuple(cells))
    return tuple(found)


def _below(rows: Sequence[Sequence[str]], row: int, column: int, depth: int) -> bool:
    """Tell whether the heading prints a text below a cell."""
    return any(below[column] for below in rows[row + 1 : depth])


def _is_dash(cell: str) -> bool:
    """Tell whether a cell prints one dash: a zero, where a rule below a heading has three or a colon."""
    return cell.strip() in ("-", "—", "--", "——")


def _plain(text: str) -> str:
    """Return a text without the marks that set it bold or make it a heading, nothing where it stands for a blank cell."""
    plain = _MARKS.sub("", _BREAK.sub("", text)).strip()
    return "" if _NOTHING.fullmatch(plain) else plain


def _tables_hold_amounts(blocks: Sequence[Block]) -> bool:
    """Tell whether there are tables, and the lines with amounts between spaces stand in them."""
    inside = sum(any(_is_amount(cell) for cell in row) for block in blocks if isinstance(block, FlowTable) for row in block.rows)
    outside = sum(_is_bare_row(block.text) for block in blocks if isinstance(block, Paragraph))
    return inside > 0 and inside >= _IN_TABLES * (inside + outside)


def _is_amount(cell: FlowCell, *, pointed: bool = False) -> bool:
    """Tell whether a cell holds an amount alone; only one with a point or comma, where digits may be those of a code."""
    texts = [fold(block.text) for block in cell.blocks if isinstance(block, Paragraph)]
    return any(is_amount_alone(text) and (not pointed or is_separated(text)) for text in texts)


def _is_bare_row(text: str) -> bool:
    """Tell whether a line outside of tables of cells prints amounts between spaces, and is no sentence."""
    return not _SENTENCE.search(text) and any(is_amount_alone(fold(word)) for word in _SPACES.split(text) if "." in word or "," in word)
