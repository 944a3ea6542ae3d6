"""Sets sheets and paragraphs on PDF pages: column widths, wrapping, rules, page breaks.

Belongs here: where things stand on a page. Does not belong here: what they mean, the file format.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.samples.sample_pdf import ASCENT, Canvas, Font, PdfWriter
from pipeline.samples.sample_sheets import Cell, Column, Layout, Sheet

MARGIN = 40.0
_PAD = 3.0
_LEADING = 1.3


@dataclass(frozen=True, slots=True)
class _SetText:
    """A text in its rectangle: column span as x0–x1, wrapped lines, alignment."""

    x0: float
    x1: float
    lines: tuple[str, ...]
    align: str


def wrap(text: str, width: float, size: float, font: Font) -> tuple[str, ...]:
    """Return `text` broken where it must be to fit into `width` points, anywhere in a word or a number."""
    lines, line = [], ""
    for c in text:
        if line and font.width(line + c, size) > width:
            lines.append(line)
            line = ""
        line += c
    return (*lines, line) if line or not lines else tuple(lines)


class Setter:
    """Sets sheets one after another into a document, each starting on a page of its own."""

    def __init__(self, writer: PdfWriter, department: str, running_head: str = "") -> None:
        """Set into `writer`; `department` stands above every table, `running_head` (if any) above every page of them."""
        self.writer = writer
        self.department = department
        self.running_head = running_head
        self._last: tuple[Canvas, float] | None = None

    def cover(self, lines: list[str]) -> None:
        """Set a cover page: large centred lines."""
        page = self.writer.page()
        for number, text in enumerate(lines):
            _centred(page, 0, page.width, 260 + 48 * number, 24, text)

    def paragraphs(self, lines: list[str], *, size: float = 12) -> None:
        """Set running text, wrapped to the page; lines that begin with # are headings."""
        page, y = self.writer.page(), MARGIN + 20
        for text in lines:
            heading = text.startswith("#")
            set_at = size + 2 if heading else size
            body = text.lstrip("# ") if heading else "　　" + text
            for line in wrap(body, page.width - 4 * MARGIN, set_at, self.writer.font):
                if y > page.height - 2 * MARGIN:
                    page, y = self.writer.page(), MARGIN + 20
                page.text(2 * MARGIN, y + set_at, set_at, line, copies=2 if heading else 1)
                y += set_at * 1.8

    def sheet(self, sheet: Sheet, layout: Layout, *, number: int) -> None:
        """Set one statement, broken over pages where it must be; `number` is the one printed as 公开NN表."""
        size, edges = _edges(sheet, layout, self.writer.font)
        heading = _heading(sheet, edges, size, self.writer.font)
        body = [_row(row, sheet.columns, edges, size, self.writer.font) for row in sheet.rows]
        page, y = self._begin(layout, room_for=140 + sum(_height(row, size) for row in body[:3]))
        y = _draw_block(page, heading, self._above(page, y, sheet, layout, size, edges, number), edges, layout, size)
        on_page = 0
        for at, row in enumerate(body):
            height = _height(row, size)
            if y + height > page.height - MARGIN or (layout.rows_per_page and on_page >= layout.rows_per_page):
                page, y = self._begin(layout)
                if layout.continuation == "title":
                    y = self._above(page, y, sheet, layout, size, edges, number)
                if layout.continuation != "bare":
                    y = _draw_block(page, heading, y, edges, layout, size)
                    for again in body[: min(at, sheet.repeated)]:
                        _draw_row(page, again, y, _height(again, size), layout, size)
                        y += _height(again, size)
                on_page = 0
            _draw_row(page, row, y, height, layout, size)
            y += height
            on_page += 1
        if layout.note and y < page.height - MARGIN:
            page.text(edges[0], y + size + 2, size, "注：本表金额单位转换时可能存在尾数误差。")
        self._last = (page, y + 2.5 * size)

    def _begin(self, layout: Layout, *, room_for: float = 0) -> tuple[Canvas, float]:
        """Return the page to set on and where: a new page, or the last one where the layout flows and there is room."""
        if room_for and layout.flowing and self._last and self._last[1] + room_for < self._last[0].height - MARGIN:
            return self._last
        page = self.writer.page(*layout.paper())
        if layout.furniture:
            page.text(MARGIN, 24, 8, self.running_head)
            page.line(MARGIN, 28, page.width - MARGIN, 28)
            _centred(page, 0, page.width, page.height - 18, 9, f"- {len(self.writer.pages)} -")
        return page, MARGIN

    def _above(self, page: Canvas, y: float, sheet: Sheet, layout: Layout, size: float, edges: list[float], number: int) -> float:
        """Set what stands above the grid, from `y` on; return where the grid begins."""
        body, unit = f"部门：{self.department}", f"单位：{layout.unit}"
        left, right = edges[0], edges[-1]
        unit_at = right - self.writer.font.width(unit, size)
        if layout.mark == "above":
            page.text(left, y + size, size, body)
            page.text(unit_at, y + size, size, unit)
            y += size * 2
            page.text(left, y + size, size, f"表{number}")
            _centred(page, left, right, y + 2.2 * size + 14, 14, sheet.title, copies=2 if layout.double_titles else 1)
            return y + 3 * size + 22
        page.text(left, y + size, size, f"公开{number:02d}表")
        _centred(page, left, right, y + 2 * size + 14, 14, sheet.title, copies=2 if layout.double_titles else 1)
        y += 2 * size + 24
        page.text(left, y + size, size, body)
        page.text(unit_at, y + size, size, unit)
        return y + size + 6


def _centred(page: Canvas, x0: float, x1: float, baseline: float, size: float, text: str, *, copies: int = 1) -> None:
    page.text((x0 + x1 - page.font.width(text, size)) / 2, baseline, size, text, copies=copies)


def _edges(sheet: Sheet, layout: Layout, font: Font) -> tuple[float, list[float]]:
    """Return the type size and the x of every column edge, so that the sheet fits the page's width."""
    room = layout.paper()[0] - 2 * MARGIN
    size = 9.0
    while True:
        widths = [_natural(sheet, n, column, size, font, layout) for n, column in enumerate(sheet.columns)]
        if sum(widths) <= room or size <= 5:
            break
        size -= 0.5
    spare = room - sum(widths)
    if spare > 0 and not layout.narrow:
        widths = [w + min(spare / len(widths), 40) for w in widths]
    edges = [MARGIN + max(0.0, room - sum(widths)) / 2]
    for w in widths:
        edges.append(edges[-1] + w)
    return size, edges


def _natural(sheet: Sheet, n: int, column: Column, size: float, font: Font, layout: Layout) -> float:
    """Return how wide a column wants to be: its numbers whole, its names up to a few words, its heading wrapped."""
    texts = [row[n].text for row in sheet.rows if row[n].span == 1]
    widest = max([font.width(t, size) for t in texts] + [2 * size])
    heading = max(font.width(h, size) for h in column.headings[-1:])
    if column.numeric:
        return max(widest * 0.72, 3 * size) + 2 * _PAD if layout.narrow else max(widest, min(heading, 5 * size)) + 2 * _PAD + 1
    most = 7 * size if layout.narrow else 16 * size
    return max(min(widest, most), min(heading, 4 * size)) + 2 * _PAD + 1


def _heading(sheet: Sheet, edges: list[float], size: float, font: Font) -> list[list[tuple[int, int, int, tuple[str, ...]]]]:
    """Return the heading rows with their texts wrapped: (column, column span, row span, lines)."""
    return [
        [(at, wide, high, wrap(text, edges[at + wide] - edges[at] - 2 * _PAD, size, font)) for at, wide, high, text in row]
        for row in sheet.heading_rows()
    ]


def _draw_block(
    page: Canvas, heading: list[list[tuple[int, int, int, tuple[str, ...]]]], y: float, edges: list[float], layout: Layout, size: float
) -> float:
    """Draw the heading from `y` on; return where it ends."""
    tall = [max([len(lines) for _, _, high, lines in row if high == 1] + [1]) * size * _LEADING + 4 for row in heading]
    spanning = [(len(lines) * size * _LEADING + 4, n, high) for n, row in enumerate(heading) for _, _, high, lines in row if high > 1]
    for needed, n, high in spanning:
        tall[n + high - 1] += max(0.0, needed - sum(tall[n : n + high]))
    tops = [y]
    for height in tall:
        tops.append(tops[-1] + height)
    for n, row in enumerate(heading):
        for at, wide, high, lines in row:
            _draw_cell(page, _SetText(edges[at], edges[at + wide], lines, "centre"), tops[n], tops[n + high], layout, size)
    return tops[-1]


def _row(row: list[Cell], columns: list[Column], edges: list[float], size: float, font: Font) -> list[_SetText]:
    sets = []
    for n, cell in enumerate(row):
        if not cell.span:
            continue
        x0, x1 = edges[n], edges[n + cell.span]
        align = "centre" if cell.centred else "right" if columns[n].numeric else "left"
        sets.append(_SetText(x0, x1, wrap(cell.text, x1 - x0 - 2 * _PAD, size, font), align))
    return sets


def _height(row: list[_SetText], size: float) -> float:
    return max(len(s.lines) for s in row) * size * _LEADING + 5


def _draw_row(page: Canvas, row: list[_SetText], y: float, height: float, layout: Layout, size: float) -> None:
    for s in row:
        _draw_cell(page, s, y, y + height, layout, size)


def _draw_cell(page: Canvas, s: _SetText, y0: float, y1: float, layout: Layout, size: float) -> None:
    """Rule one cell as the layout does and set its lines, centred between top and bottom."""
    if layout.rules == "rectangles":
        page.rectangle(s.x0, y0, s.x1, y1)
    elif layout.rules == "filled":
        for box in ((s.x0, y0, s.x1, y0 + 0.5), (s.x0, y1, s.x1, y1 + 0.5), (s.x0, y0, s.x0 + 0.5, y1), (s.x1, y0, s.x1 + 0.5, y1)):
            page.rectangle(*box, filled=True)
    elif layout.rules in ("lines", "horizontal"):
        page.line(s.x0, y0, s.x1, y0)
        page.line(s.x0, y1, s.x1, y1)
        if layout.rules == "lines":
            page.line(s.x0, y0, s.x0, y1)
            page.line(s.x1, y0, s.x1, y1)
    baseline = (y0 + y1 - len(s.lines) * size * _LEADING) / 2 + size * ASCENT
    for line in s.lines:
        if line.strip(" "):
            width = page.font.width(line, size)
            x = {"left": s.x0 + _PAD, "right": s.x1 - _PAD - width, "centre": (s.x0 + s.x1 - width) / 2}[s.align]
            page.text(x, baseline, size, line)
        baseline += size * _LEADING
