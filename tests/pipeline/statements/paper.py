"""Pages and grids by hand: rows of words in, the page model that a reader would hand on out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line
from pipeline.document.content import Box, Cell, Content, Grid, Page, TextLine
from pipeline.statements.dump_recognition import recognise_lines
from pipeline.statements.statement_coding import code_statements
from pipeline.statements.statement_model import RecognisedStatement, Statement
from pipeline.statements.statement_recognition import recognise_statements

LEFT, ABOVE = "<", "^"
"""A cell that the one to its left, or above it, covers as well."""

_HEIGHT, _WIDTH, _MARGIN = 20.0, 80.0, 50.0

Rows = Sequence[Sequence[str]]


def grid(rows: Rows, *, page: int = 1, top: float = 100.0, widths: Sequence[float] | None = None, left: float = _MARGIN) -> Grid:
    """A ruled table; leading spaces of a text indent it inside its cell."""
    columns = len(rows[0])
    wide = list(widths or [_WIDTH] * columns)
    edges = [left + sum(wide[:c]) for c in range(columns + 1)]
    cells = []
    for r, row in enumerate(rows):
        assert len(row) == columns, row
        for c, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            across = 1 + next((n for n, t in enumerate(row[c + 1 :]) if t != LEFT), columns - c - 1)
            down = 1 + next((n for n, below in enumerate(rows[r + 1 :]) if below[c] != ABOVE), len(rows) - r - 1)
            box = Box(edges[c], top + r * _HEIGHT, edges[c + across], top + (r + down) * _HEIGHT)
            words = text.lstrip(" ")
            start = box.x0 + 2 + 6 * (len(text) - len(words))
            inside = Box(start, box.y0 + 5, min(start + 6 * len(words), box.x1 - 1), box.y0 + 15) if words else None
            cells.append(Cell(r, c, words, box, down, across, inside))
    return Grid(page, len(rows), columns, tuple(cells), Box(edges[0], top, edges[-1], top + len(rows) * _HEIGHT), "by hand")


def page(*parts: str | Rows | Grid, number: int = 1, footer: str = "") -> Page:
    """Lines of text and tables, from the top of the page down."""
    y = 40.0
    lines, grids = [], []
    for part in parts:
        if isinstance(part, str):
            lines.append(TextLine(part, Box(_MARGIN, y, _MARGIN + 10 * len(part), y + 12)))
            y += 16
        else:
            table = part if isinstance(part, Grid) else grid(part, page=number, top=y)
            grids.append(table)
            lines += [TextLine(cell.text, cell.text_box, in_grid=True) for cell in table.cells if cell.text_box]
            y = table.box.y1 + 10
    if footer:
        lines.append(TextLine(footer, Box(280, 800, 300, 812)))
    return Page(number, 1200.0, 842.0, tuple(lines), tuple(grids))


def content(*pages: Page) -> Content:
    return Content("grids", "by hand", pages)


def statements(*pages: Page, year: int | None = 2023, kind: str = "budget", department: str | None = "清风数据局") -> list[Statement]:
    """What is read of a document of these pages."""
    return read(content(*pages), year=year, kind=kind, department=department)


def recognise(pages: Content, *, year: int | None, kind: str | None, department: str | None) -> tuple[RecognisedStatement, ...]:
    """What is understood of pages with grids or of bare lines."""
    if pages.tables == "lines":
        return recognise_lines(pages, fiscal_year=year, kind=kind, department=department, book=code_book())
    return recognise_statements(pages, fiscal_year=year, kind=kind, department=department)


def read(pages: Content, *, year: int | None, kind: str | None, department: str | None) -> list[Statement]:
    """What is read of pages with grids or of bare lines."""
    recognised = recognise(pages, year=year, kind=kind, department=department)
    return code_statements(recognised, fiscal_year=year, department=department, book=code_book())


def lines(*pages: Page, year: int | None = 2023, kind: str = "budget", department: str | None = "清风数据局") -> list[Line]:
    return [line for statement in statements(*pages, year=year, kind=kind, department=department) for line in statement.lines]


def of_column(found: Sequence[Line], column: int) -> Line:
    """The first line of a column (from 1), for what its header was understood to mean."""
    return next(line for line in found if line.column == column)
