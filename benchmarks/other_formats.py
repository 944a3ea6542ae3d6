"""What is read when the same pages come in another format: as a web page, a Word document, a workbook.

    python -m benchmarks.other_formats FOLDER [--ways workbook …] [--verbose]

Takes the texts and tables that the reader finds in every PDF of a folder, each table joined over its pages, writes them as an office would
that publishes such a file, reads that, and prints for each way a line of a markdown table: rows of tables that are the same as those of
the PDF, that are gone, and that are new. Names are set in as far as they are in print, by the means that the format has. A row that is
gone without a new one is held back; a new one says what the PDF does not say.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from benchmarks.written_otherwise import Said, compare_ways
from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import UNIT_MARK
from pipeline.document.content import Cell, Content, UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.pdf_reader import read_pdf
from pipeline.stages.reading import read_document
from pipeline.statements.layout.column_kinds import amount_columns
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.meaning.row_names import indent_of
from pipeline.statements.meaning.table_heading import is_title
from pipeline.statements.statement_model import Table

COMPARED = (
    *("statement", "flow", "scheme", "code", "level", "name", "unit"),
    *("fund", "nature", "measure", "amount", "unit_text", "is_leaf"),
)
"""What of a line is held against that of the PDF; where it stands and what proves it differ with the format."""

_ATTRIBUTES = ("status", "department", "fiscal_year", "kind")
_CENTRED = 3.0  # points: what space left and right of a text in the middle of its cell differs by
_NOISE = 1e-15  # of a number: what a spreadsheet's own arithmetic leaves behind its last digit
_TWIPS = 20  # a point


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """A cell to be written: where it stands, its text on one line, by how many characters it is set in, and whether it is an amount."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    indent: float
    is_amount: bool


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table to be written: the texts of its heading, those of them that stand in its grid, and its cells."""

    heading: tuple[str, ...]
    inner: tuple[str, ...]
    rows: int
    columns: int
    cells: tuple[WrittenCell, ...]

    def by_row(self) -> Iterator[list[WrittenCell]]:
        """Yield the cells that begin in each row."""
        rows: list[list[WrittenCell]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        yield from rows


Part = str | WrittenTable


def parts_of(content: Content) -> list[Part]:
    """Return the lines outside tables and the tables of a document, in their order."""
    placed: list[tuple[tuple[int, float], Part]] = []
    loose = {page.number: [line for line in page.lines if not line.in_grid and line.box] for page in content.pages}
    for number, lines in loose.items():
        placed += [((number, line.box.y0), line.text) for line in lines if line.box]
    for table in tables_of(content):
        first = table.rows[0].page
        printed = [line.text for page in (first - 1, first) for line in loose.get(page, ())]
        top = min(cell.box.y0 for cell in table.rows[0].cells if cell is not None)
        inner = tuple(text for text in table.heading if not any(text in line for line in printed))
        placed.append(((first, top), _written(table, inner)))
    return [part for _, part in sorted(placed, key=lambda place: place[0])]


def _written(table: Table, inner: tuple[str, ...]) -> WrittenTable:
    amounts = amount_columns(table.rows)
    body = next((r for r, row in enumerate(table.rows) if any(c in amounts and _is_amount(row.cells[c]) for c in amounts)), len(table.rows))
    columns = len(table.rows[0].cells)
    left = [_edge_of_names([row.cells[c] for row in table.rows[body:]]) for c in range(columns)]
    cells = []
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            if cell is None:
                cells.append(WrittenCell(r, c, 1, 1, "", 0.0, False))
                continue
            if not row.top[c] or not row.left[c]:
                continue
            across = 1 + next((n for n in range(columns - c - 1) if row.left[c + 1 + n]), columns - c - 1)
            below = table.rows[r + 1 :]
            down = 1 + next((n for n, other in enumerate(below) if other.top[c] or other.cells[c] is not cell), len(below))
            amount = r >= body and c in amounts and _is_amount(cell)
            edge = left[c]
            indent = 0.0 if edge is None or amount or r < body or down > 1 else _characters(cell, edge)
            cells.append(WrittenCell(r, c, down, across, "".join(cell.text.strip().split("\n")), indent, amount))
    return WrittenTable(tuple(table.heading), inner, len(table.rows), columns, tuple(cells))


def _is_amount(cell: Cell | None) -> bool:
    return cell is not None and parse_amount("".join(cell.text.split("\n"))) is not None


def _edge_of_names(cells: Sequence[Cell | None]) -> float | None:
    """Return where the names of a column begin that are set in least; None where they stand in the middle."""
    texts = [cell for cell in cells if cell is not None and cell.text_box and not _is_amount(cell)]
    centred = sum(abs((c.text_box.x0 - c.box.x0) - (c.box.x1 - c.text_box.x1)) < _CENTRED for c in texts if c.text_box)
    return None if not texts or 2 * centred > len(texts) else min(map(indent_of, texts))


def _characters(cell: Cell, edge: float) -> float:
    if cell.text_box is None:
        return 0.0
    high = (cell.text_box.y1 - cell.text_box.y0) / (cell.text.strip().count("\n") + 1)
    return round(2 * max(indent_of(cell) - edge, 0.0) / high) / 2


def by_page(content: Content) -> bytes:
    """Return a document as a web page of its pages: each table as it stands on its page, header again, nothing set in."""
    out = ['<html><head><meta charset="utf-8"></head><body>']
    for page in content.pages:
        lines = [(line.box.y0, f"<p>{html.escape(line.text)}</p>") for line in page.lines if not line.in_grid and line.box]
        for grid in page.grids:
            tags: dict[int, dict[int, str]] = {}
            free = {(r, c) for r in range(grid.rows) for c in range(grid.columns)}
            for cell in grid.cells:
                spans = f'rowspan="{cell.row_span}" colspan="{cell.column_span}"'
                tags.setdefault(cell.row, {})[cell.column] = f"<td {spans}>{html.escape(cell.text).replace(chr(10), '<br>')}</td>"
                free -= {(cell.row + r, cell.column + c) for r in range(cell.row_span) for c in range(cell.column_span)}
            for r, c in free:
                tags.setdefault(r, {})[c] = "<td></td>"
            written = ['<table border="1">']
            written += [f"<tr>{''.join(tag for _, tag in sorted(tags.get(r, {}).items()))}</tr>" for r in range(grid.rows)]
            lines.append((grid.box.y0, "".join([*written, "</table>"])))
        out += [text for _, text in sorted(lines, key=lambda line: line[0])]
    return "\n".join([*out, "</body></html>"]).encode()


def as_web_page(content: Content) -> bytes:
    """Return a document as a web page whose names are set in by no-break spaces."""
    return _web_page(content, lambda cell: f"<td{_spans(cell)}>{'&nbsp;' * round(2 * cell.indent)}{html.escape(cell.text)}</td>")


def as_word_page(content: Content) -> bytes:
    """Return a document as a web page that a word processor saved: paragraphs in cells, styles, numbers cut by tags."""

    def cell_of(cell: WrittenCell) -> str:
        text = html.escape(cell.text)
        if cell.is_amount:
            text = f"<span lang=EN-US>{text[:1]}<o:p></o:p></span><span lang=EN-US>{text[1:]}</span>"
        style = f"text-align:left;text-indent:{cell.indent * 10.5:g}pt;mso-char-indent-count:{cell.indent:g}"
        return f"<td width=80{_spans(cell)}><p class=MsoNormal style='{style}'><font face=宋体>{text or '&nbsp;'}</font></p></td>"

    return _web_page(content, cell_of)


def _spans(cell: WrittenCell) -> str:
    return (f" rowspan={cell.rows}" if cell.rows > 1 else "") + (f" colspan={cell.columns}" if cell.columns > 1 else "")


def _web_page(content: Content, cell_of: Callable[[WrittenCell], str]) -> bytes:
    out = ['<html><head><meta charset="utf-8"></head><body><div class=content>']
    for part in parts_of(content):
        if isinstance(part, str):
            out.append(f"<p>{html.escape(part)}</p>")
            continue
        out += [f"<p align=center>{html.escape(' '.join(text.split()))}</p>" for text in part.inner]
        out.append("<table border=1 cellspacing=0>")
        out += [f"<tr>{''.join(map(cell_of, row))}</tr>" for row in part.by_row()]
        out.append("</table>")
    return "\n".join([*out, "</div></body></html>"]).encode()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def as_word(content: Content) -> bytes:
    """Return a document as a Word document whose names are set in by their paragraphs."""
    body = []
    for part in parts_of(content):
        if isinstance(part, str):
            body.append(_paragraph(part))
            continue
        body += [_paragraph(" ".join(text.split())) for text in part.inner]
        rows = list(part.by_row())
        grid = '<w:gridCol w:w="1200"/>' * part.columns
        body.append(f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>")
        open_cells: dict[int, tuple[int, WrittenCell]] = {}  # by column: rows still to come, cell
        for row in rows:
            begun = {cell.column: cell for cell in row}
            written, column = [], 0
            while column < part.columns:
                left, above = open_cells.get(column, (0, None))
                if column in begun:
                    cell = begun[column]
                    written.append(_word_cell(cell, "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>', _paragraph(cell.text, cell)))
                    open_cells[column] = cell.rows - 1, cell
                    column += cell.columns
                elif left and above is not None:
                    written.append(_word_cell(above, "<w:vMerge/>", _paragraph("")))
                    open_cells[column] = left - 1, above
                    column += above.columns
                else:
                    written.append(f"<w:tc><w:tcPr/>{_paragraph('')}</w:tc>")
                    column += 1
            body.append(f"<w:tr>{''.join(written)}</w:tr>")
        body.append("</w:tbl>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/>'
            "</Relationships>",
        )
        document = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}{_paragraph("")}</w:body></w:document>'
        package.writestr("word/document.xml", document)
    return out.getvalue()


def _word_cell(cell: WrittenCell, merge: str, paragraph: str) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{paragraph}</w:tc>"


def _paragraph(text: str, cell: WrittenCell | None = None) -> str:
    indent = cell.indent if cell is not None else 0.0
    properties = f'<w:pPr><w:ind w:firstLineChars="{round(100 * indent)}" w:firstLine="{round(indent * 10.5 * _TWIPS)}"/></w:pPr>'
    shown = "".join(char for char in text if char.isprintable())
    return f'<w:p>{properties if indent else ""}<w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r></w:p>'


def as_workbook(content: Content) -> bytes:
    """Return a document as a workbook: a sheet of text, then one for each table, amounts as numbers, names set in by their format."""
    out = io.BytesIO()
    parts = parts_of(content)
    headings = {text for part in parts if isinstance(part, WrittenTable) for text in part.heading}
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}) as book:
        title = book.add_format({"align": "center", "bold": True})
        formats = _Formats(book)
        page = book.add_worksheet("说明")
        for r, text in enumerate(text for text in parts if isinstance(text, str) and text not in headings):
            page.write_string(r, 0, text)
        for n, table in enumerate((part for part in parts if isinstance(part, WrittenTable)), start=1):
            page = book.add_worksheet(f"Sheet{n}")
            for r, text in enumerate(table.heading):
                shown = " ".join(text.split())
                if is_title(fold(text)) and table.columns > 1:
                    page.merge_range(r, 0, r, table.columns - 1, shown, title)
                elif UNIT_MARK.fullmatch(fold(text)):
                    page.write_string(r, table.columns - 1, shown)
                else:
                    page.write_string(r, 0, shown)
            for cell in table.cells:
                _write(page, cell, len(table.heading) + cell.row, formats)
    return out.getvalue()


class _Formats:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, int], xlsxwriter.format.Format] = {}

    def of(self, shown: str, indent: int) -> xlsxwriter.format.Format:
        """Return a format with a way to show numbers and steps of indentation."""
        if (shown, indent) not in self.made:
            self.made[shown, indent] = self.book.add_format({"num_format": shown, "indent": indent} if indent else {"num_format": shown})
        return self.made[shown, indent]


def _write(page: xlsxwriter.worksheet.Worksheet, cell: WrittenCell, top: int, formats: _Formats) -> None:
    shown = formats.of("General", round(cell.indent))
    if cell.rows > 1 or cell.columns > 1:
        page.merge_range(top, cell.column, top + cell.rows - 1, cell.column + cell.columns - 1, "", shown)
    amount = parse_amount(cell.text) if cell.is_amount else None
    if amount is not None and any(char.isdigit() for char in cell.text):
        decimals = len(fold(cell.text).partition(".")[2])
        shown = formats.of("#,##0" + (f".{'0' * decimals}" if decimals else ""), 0)
        page.write_number(top, cell.column, float(amount) * (1 + _NOISE), shown)
    elif cell.text:
        page.write_string(top, cell.column, cell.text, shown)


WAYS: Mapping[str, Callable[[Content], bytes]] = {
    "by_page": by_page,
    "web_page": as_web_page,
    "word_page": as_word_page,
    "word": as_word,
    "workbook": as_workbook,
}


def rows_of(data: bytes) -> Said:
    """Return the lines that a document's tables give, without places, and what the document is."""
    try:
        read = read_document(data, Hint())
    except UnreadableDocument as error:
        return Counter(), {"reason": str(error)}
    lines = Counter(str(tuple(str(getattr(line, name)) for name in COMPARED)) for line in read.lines if line.source == "table")
    return lines, {name: read.document.get(name) for name in _ATTRIBUTES}


def _read(path: Path, way: str | None) -> Said:
    data = path.read_bytes()
    return rows_of(data if way is None else WAYS[way](read_pdf(data)))


if __name__ == "__main__":
    compare_ways(_read, WAYS, __doc__ or "", attributes="of another body, year or kind")
