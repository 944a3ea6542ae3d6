"""The project's sample budgets as offices save them: the statements of a layout as a workbook, a web page, a Word document."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from dataclasses import dataclass

import docx
import xlsxwriter

from pipeline.budget.amounts import parse_amount
from pipeline.samples.layouts import SampleDocument
from pipeline.samples.sample_sheets import Sheet
from pipeline.samples.sample_statements import build


@dataclass(frozen=True)
class Placed:
    """A cell of a statement: its place below the title and what stands in it."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    numeric: bool
    centred: bool = False


def statements_of(printed: SampleDocument) -> list[Sheet]:
    """The statements of a printed sample."""
    return [build(statement, printed.budget, printed.layout) for statement in printed.layout.statements]


def cover_of(printed: SampleDocument) -> list[str]:
    """What stands on the cover."""
    budget, what = printed.budget, "部门决算" if printed.layout.final else "部门预算"
    return [f"{budget.fiscal_year}年度", budget.department, f"{what}公开"]


def cells_of(sheet: Sheet) -> Iterator[Placed]:
    """The header and the rows of a statement, cell by cell."""
    headings = sheet.heading_rows()
    for r, row in enumerate(headings):
        for column, wide, high, text in row:
            yield Placed(r, column, high, wide, text, False)
    for r, cells in enumerate(sheet.rows, start=len(headings)):
        for column, cell in enumerate(cells):
            if cell.span:
                numeric = sheet.columns[column].numeric and parse_amount(cell.text) is not None
                yield Placed(r, column, 1, cell.span, cell.text, numeric, cell.centred)


def as_workbook(printed: SampleDocument, *, as_text: bool = False) -> bytes:
    """A workbook: a cover, then a sheet per statement, its amounts numbers (or texts) in cells."""
    out = io.BytesIO()
    layout = printed.layout
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        places = "0" * layout.decimals
        number = book.add_format({"num_format": ("#,##0" if layout.separators else "0") + (f".{places}" if places else "")})
        cover = book.add_worksheet("封面")
        for r, text in enumerate(cover_of(printed)):
            cover.write_string(3 + 2 * r, 1, text)
        for n, sheet in enumerate(statements_of(printed), start=1):
            page = book.add_worksheet(f"Sheet{n}")
            last = len(sheet.columns) - 1
            page.write_string(0, 0, f"公开{n:02d}表")
            _merge(page, 1, 0, 1, last, sheet.title)
            page.write_string(2, 0, f"部门：{printed.budget.department}")
            page.write_string(2, max(last, 1), f"单位：{layout.unit}")
            for cell in cells_of(sheet):
                top, left = cell.row + 3, cell.column
                if cell.rows > 1 or cell.columns > 1:
                    _merge(page, top, left, top + cell.rows - 1, left + cell.columns - 1, cell.text)
                elif cell.numeric and not as_text:
                    page.write_number(top, left, float(parse_amount(cell.text) or 0), None if cell.centred else number)
                elif cell.text:
                    page.write_string(top, left, cell.text)
    return out.getvalue()


def _merge(page: xlsxwriter.worksheet.Worksheet, top: int, left: int, bottom: int, right: int, text: str) -> None:
    if (top, left) == (bottom, right):
        page.write_string(top, left, text)
    else:
        page.merge_range(top, left, bottom, right, text)


def as_web_page(printed: SampleDocument, *, encoding: str = "utf-8") -> bytes:
    """A web page as a site shows it: a menu, a table that lays out the page, the statements in a cell of that."""
    parts = [f"<p>{text}</p>" for text in cover_of(printed)]
    for n, sheet in enumerate(statements_of(printed), start=1):
        parts.append(f"<p>公开{n:02d}表</p><p align=center><b>{sheet.title}</b></p>")
        parts.append(f"<p>部门：{printed.budget.department}<span>&nbsp;&nbsp;&nbsp;</span>单位：{printed.layout.unit}</p><table border=1>")
        row = -1
        for cell in cells_of(sheet):
            while row < cell.row:
                row += 1
                parts.append("<tr>")
            text = html.escape(cell.text)
            parts.append(f"<td rowspan={cell.rows} colspan={cell.columns}>{text.replace(' ', '&nbsp;')}")
        parts.append("</table>")
    menu = "<ul><li><a href=/>首页</a><li><a href=/gk>政务公开</a></ul>"
    body = f"<table><tr><td>{menu}</td><td>{''.join(parts)}</td></tr></table>"
    page = f"<html><head><meta charset={encoding}><script>document.write('2099年')</script></head><body>{body}</body></html>"
    return page.encode(encoding)


def as_word(printed: SampleDocument) -> bytes:
    """A Word document: a cover, then title, fields and table of each statement."""
    document = docx.Document()
    for text in cover_of(printed):
        document.add_paragraph(text)
    for n, sheet in enumerate(statements_of(printed), start=1):
        document.add_paragraph(f"公开{n:02d}表")
        document.add_paragraph(sheet.title)
        document.add_paragraph(f"部门：{printed.budget.department}\t单位：{printed.layout.unit}")
        cells = list(cells_of(sheet))
        table = document.add_table(max(cell.row + cell.rows for cell in cells), len(sheet.columns))
        grid = [list(row.cells) for row in table.rows]
        for cell in cells:
            first = grid[cell.row][cell.column]
            if cell.rows > 1 or cell.columns > 1:
                first = first.merge(grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
            first.text = cell.text
    document.add_paragraph()  # no word processor lets a document end with a table
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
