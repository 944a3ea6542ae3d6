"""Tables whose rows are coloured and whose columns nothing parts: a band says where a row ends, and nothing of columns."""

from __future__ import annotations

from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

NAMES = ["基本工资支出", "津贴补贴支出", "公务接待费支出", "办公费支出", "差旅费支出", "会议费支出"]


def _banded(*, every: int, wrapped: bool) -> Sheet:
    sheet = Sheet(width=400, height=400)
    height = 34 if wrapped else 20
    for row in range(len(NAMES) + 1):
        y = 60 + height * row
        if row % every == 0:
            sheet.operators.append(f"0.85 g 40 {sheet.height - y - height} 320 {height} re f 0 g")
        if not row:
            for x, word in ((60, "科目名称"), (195, "合计"), (285, "基本支出")):
                sheet.text(x, y + 13, word)
            continue
        name = NAMES[row - 1]
        lines = (name[:4], name[4:]) if wrapped else (name,)
        for n, line in enumerate(lines):
            sheet.text(45, y + 13 + 13 * n, line)
        for end in (220, 330):
            sheet.right(end, y + (20 if wrapped else 13), f"{row}1.50")
    return sheet


def _rows(sheet: Sheet) -> list[list[str]]:
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    found: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
        if cell.text:
            found.setdefault(cell.row, []).append(cell.text.replace("\n", ""))
    return list(found.values())


def test_bands_of_whole_rows_part_no_columns() -> None:
    for every in (1, 2):
        rows = _rows(_banded(every=every, wrapped=False))
        assert rows == [["科目名称", "合计", "基本支出"], *([name, f"{n}1.50", f"{n}1.50"] for n, name in enumerate(NAMES, 1))]


def test_a_band_tells_which_row_a_wrapped_name_is_of() -> None:
    rows = _rows(_banded(every=2, wrapped=True))
    assert rows[1:] == [[name, f"{n}1.50", f"{n}1.50"] for n, name in enumerate(NAMES, 1)]
