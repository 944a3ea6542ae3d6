"""Tables and text of PDFs, as pages show them."""

from __future__ import annotations

import io
import random

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rewritten_pages import rewritten
from pipeline.document import pdf_reader as ladder
from pipeline.document.content import Cell, Grid, Page, UnreadableDocument
from pipeline.document.pdf.drawing import TooManyObjects
from pipeline.document.pdf_reader import read_pdf
from pipeline.document.tables import camelot_tables as camelot
from pipeline.document.tables.ruled import structure_from_borders
from tests.pipeline.document.sheets import Sheet, pdf


def only_page(sheet: Sheet, **how: bool) -> Page:
    return read_pdf(pdf(sheet, **how)).pages[0]


def only_grid(page: Page) -> Grid:
    assert len(page.grids) == 1
    return page.grids[0]


def texts(grid: Grid) -> list[list[str]]:
    """The grid as rows of texts; a cell that spans repeats its text."""
    table = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                table[row][column] = cell.text
    return table


def cell_of(grid: Grid, text: str) -> Cell:
    return next(cell for cell in grid.cells if cell.text == text)


def small_table(sheet: Sheet | None = None) -> Sheet:
    sheet = sheet or Sheet()
    sheet.text(120, 30, "Title", 18)
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    for row, name in enumerate(("项目", "行政运行", "合计")):
        sheet.text(55, 63 + 20 * row, name)
        sheet.right(248, 63 + 20 * row, f"{row + 1},234.50")
        sheet.right(348, 63 + 20 * row, f"{row}.10")
    return sheet


EXPECTED = [["项目", "1,234.50", "0.10"], ["行政运行", "2,234.50", "1.10"], ["合计", "3,234.50", "2.10"]]


def test_a_ruled_table_comes_back_cell_by_cell() -> None:
    page = only_page(small_table())
    grid = only_grid(page)
    assert texts(grid) == EXPECTED
    assert tuple(round(value) for value in grid.box) == (50, 50, 350, 110)
    assert (page.width, page.height, page.number) == (400, 300, 1)
    assert page.loose_amounts == ()
    assert [(line.text, line.in_grid) for line in page.lines][:2] == [("Title", False), ("项目 1,234.50 0.10", True)]
    assert page.lines[0].box is not None and page.lines[0].box.y1 - page.lines[0].box.y0 > 15
    text_box = cell_of(grid, "行政运行").text_box
    assert text_box is not None and round(text_box.x0) == 55


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_an_upright_one(turn: int) -> None:
    matrix = {90: (0, 1, -1, 0, 300, 0), 180: (-1, 0, 0, -1, 400, 300), 270: (0, -1, 1, 0, 0, 400)}[turn]
    data = pdf(small_table(Sheet(matrix=matrix, rotate=turn)))
    if turn != 180:  # the sheet stands upright before it is turned
        data = data.replace(b"[0 0 400 300]", b"[0 0 300 400]")
    page, upright = read_pdf(data).pages[0], only_page(small_table())
    assert (page.width, page.height) == (400, 300)
    assert texts(only_grid(page)) == texts(only_grid(upright))
    assert [round(value) for value in only_grid(page).box] == [round(value) for value in only_grid(upright).box]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_text_that_stands_sideways_is_turned_to_be_read(turn: int) -> None:
    assert texts(only_grid(only_page(small_table(Sheet(rotate=turn))))) == EXPECTED


def test_the_visible_box_may_be_a_part_of_the_sheet() -> None:
    assert only_grid(only_page(small_table(Sheet(crop=(30, 40))))).box == only_grid(only_page(small_table())).box


def test_a_table_inside_a_form_is_the_same_table() -> None:
    assert texts(only_grid(only_page(small_table(), in_form=True))) == EXPECTED


def test_cells_drawn_as_rectangles() -> None:
    sheet = Sheet()
    for row in range(3):
        for column in range(2):
            sheet.box(50 + 100 * column, 50 + 20 * row, 149 + 100 * column, 69 + 20 * row)
            sheet.right(140 + 100 * column, 64 + 20 * row, f"{row}{column}.00")
    assert texts(only_grid(only_page(sheet))) == [["00.00", "01.00"], ["10.00", "11.00"], ["20.00", "21.00"]]


def test_coloured_cells_without_lines_are_a_table() -> None:
    sheet = Sheet()
    for row in range(3):
        for column in range(2):
            shade = 0.8 if (row + column) % 2 else 0.9
            sheet.operators.append(f"{shade} g {50 + 100 * column} {230 - 20 * row} 100 20 re f 0 g")
            sheet.right(140 + 100 * column, 64 + 20 * row, f"{row}{column}.00")
    assert texts(only_grid(only_page(sheet))) == [["00.00", "01.00"], ["10.00", "11.00"], ["20.00", "21.00"]]


def test_a_pattern_of_lines_is_no_table() -> None:
    sheet = Sheet()
    for step in range(2500):
        x, y = 50 + (step % 50) * 6, 50 + (step // 50) * 4
        sheet.line(x, y, x + 4, y)
        sheet.line(x, y, x, y + 3.5)
    sheet.text(50, 290, "pattern")
    assert only_page(sheet).grids == ()


def test_merged_header_cells_span() -> None:
    sheet = Sheet()
    sheet.lattice([50, 350], [50, 110])
    sheet.line(50, 90, 350, 90)
    sheet.line(150, 70, 350, 70)
    sheet.line(150, 50, 150, 110)
    sheet.line(250, 70, 250, 110)
    for x, y, words in ((60, 75, "name"), (200, 64, "both"), (160, 84, "left"), (260, 84, "right"), (160, 104, "1.00")):
        sheet.text(x, y, words)
    grid = only_grid(only_page(sheet))
    assert texts(grid) == [["name", "both", "both"], ["name", "left", "right"], ["", "1.00", ""]]
    assert (cell_of(grid, "name").row_span, cell_of(grid, "both").column_span) == (2, 2)


def test_dashed_and_doubled_rulings_are_one() -> None:
    sheet = Sheet()
    for y in (50, 80, 110):
        for x in range(50, 250, 6):
            sheet.line(x, y, x + 3, y)
            sheet.line(x, y + 1.2, x + 3, y + 1.2)
    for x in (50, 150, 250):
        sheet.line(x, 50, x, 111)
        sheet.line(x + 1.4, 50, x + 1.4, 111)
    sheet.text(60, 70, "a")
    grid = only_grid(only_page(sheet))
    assert (grid.rows, grid.columns) == (2, 2)


def test_open_outer_sides_are_columns_too() -> None:
    sheet = Sheet()
    for y in (50, 70, 90):
        sheet.line(50, y, 350, y)
    for x in (150, 250):
        sheet.line(x, 50, x, 90)
    for x, words in ((60, "left"), (160, "5.00"), (260, "right")):
        sheet.text(x, 64, words)
        sheet.text(x, 84, words)
    assert texts(only_grid(only_page(sheet))) == [["left", "5.00", "right"]] * 2


def test_outer_columns_that_go_on_over_both_page_breaks() -> None:
    sheet = Sheet()
    for x in (50, 90, 150, 250, 350):
        sheet.line(x, 50, x, 110)
    for y in (50, 70, 90, 110):
        sheet.line(150, y, 350, y)
    sheet.text(100, 84, "name")
    for y in (64, 84, 104):
        sheet.text(160, y, "goal")
        sheet.text(260, y, "5.00")
    sheet.line(20, 50, 20, 290)  # longer than the table: no side of it
    grid = only_grid(only_page(sheet))
    assert texts(grid) == [["", "name", "goal", "5.00"]] * 3
    assert cell_of(grid, "name").row_span == 3


def test_an_empty_table_is_a_table() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90])
    sheet.text(60, 64, "科目")
    sheet.text(160, 64, "合计")
    assert texts(only_grid(only_page(sheet))) == [["科目", "合计"], ["", ""]]


def test_two_tables_are_two_grids_top_to_bottom() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [150, 170, 190])
    sheet.lattice([50, 100, 150, 250], [50, 70, 90])
    sheet.text(60, 164, "second")
    sheet.text(60, 64, "first")
    sheet.text(60, 120, "between")
    page = only_page(sheet)
    assert [(grid.rows, grid.columns, texts(grid)[0][0]) for grid in page.grids] == [(2, 3, "first"), (2, 2, "second")]
    assert [line.text for line in page.lines if not line.in_grid] == ["between"]


def test_a_frame_around_text_is_no_table() -> None:
    sheet = Sheet()
    sheet.box(50, 50, 350, 250)
    sheet.text(60, 70, "boxed words")
    assert only_page(sheet).grids == ()


def test_fake_bold_is_read_once() -> None:
    sheet = small_table()
    for dx in (0, 0.3):
        sheet.text(255 + dx, 140, "合计 12.00")
    assert [line.text for line in only_page(sheet).lines][-1].split() == ["合计", "12.00"]


def test_fake_bold_of_four_passes_is_read_once() -> None:
    sheet = Sheet()
    rows = [["序号", "项目", "类别", "单位", "数量", "预算"], ["合计", "66", "33", "5.55", "2,233.11", "100.00"]]
    for dx in (0.4, 0, 0.6, 0.2):  # all words, then all again: pdfium itself drops a word drawn again after few others
        for y, row in enumerate(rows):
            for column, word in enumerate(row):
                sheet.text(50 + 55 * column + dx, 140 + 20 * y, word)
    assert [line.text.split() for line in only_page(sheet).lines] == rows


def test_equal_digits_of_a_tall_and_narrow_font_are_two() -> None:
    """From its lowest to its highest letter the font measures 2.4 em, its digits advance 0.46 em."""
    font = (
        b"/F3 << /Type /Font /Subtype /TrueType /BaseFont /Tall /Encoding /WinAnsiEncoding /FirstChar 44 /LastChar 57 /Widths [%s]"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /Tall /Flags 32 /FontBBox [0 -700 1000 1700] /ItalicAngle 0"
        b" /Ascent 1700 /Descent -700 /CapHeight 700 /StemV 80 >> >>"
    ) % (b"460 " * 14)
    sheet = Sheet()
    sheet.operators.append("BT /F3 9 Tf 1 0 0 1 60 200 Tm (22,139.93) Tj ET")
    for dx in (0, 0.3):
        sheet.operators.append(f"BT /F3 9 Tf 1 0 0 1 {60 + dx} 150 Tm (477.77) Tj ET")
    assert [line.text for line in read_pdf(pdf(sheet, fonts=font)).pages[0].lines] == ["22,139.93", "477.77"]


def test_a_repeated_digit_is_no_fake_bold() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90])
    sheet.text(60, 64, "11,111.11")
    assert texts(only_grid(only_page(sheet)))[0][0] == "11,111.11"


def test_a_number_wrapped_in_a_narrow_cell_keeps_its_lines() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 80, 110])
    sheet.text(60, 62, "12,868.0")
    sheet.text(60, 74, "0")
    assert texts(only_grid(only_page(sheet)))[0] == ["12,868.0\n0", ""]


def test_a_number_wider_than_its_cell_stays_whole() -> None:
    sheet = Sheet()
    sheet.lattice([50, 100, 150], [50, 70, 90])
    sheet.text(52, 64, "12,345.60")  # 54 points in a cell of 50
    sheet.text(112, 64, "1.00")
    assert texts(only_grid(only_page(sheet)))[0] == ["12,345.60", "1.00"]


def test_neighbours_that_touch_are_two() -> None:
    sheet = Sheet()
    sheet.lattice([50, 100, 150], [50, 70, 90])
    sheet.right(101, 64, "345.60")
    sheet.text(101, 64, "行政")
    assert texts(only_grid(only_page(sheet)))[0] == ["345.60", "行政"]


def test_a_number_and_a_code_that_touch_at_a_border_are_two() -> None:
    sheet = Sheet()
    sheet.lattice([50, 100, 150], [50, 70, 90])
    sheet.right(100, 64, "9667.67")
    sheet.text(100, 64, "302")  # together they read as one number with five decimals
    assert texts(only_grid(only_page(sheet)))[0] == ["9667.67", "302"]


def test_a_line_pushed_over_the_border_goes_back_to_its_words() -> None:
    """Two lines centred in a heading too low for them: the second stands more in the row below, over its amount."""
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 62, 74, 86, 98])
    sheet.text(55, 59.5, "财政拨款收入", 7)
    sheet.text(55, 68.5, "项目", 7)
    sheet.text(155, 66, "政府性基金预算财政拨", 7)
    sheet.text(155, 76.2, "款", 7)
    for row, amount in enumerate(("1,234.50", "2,345.60")):
        sheet.text(55, 83 + 12 * row, "农林水支出", 7)
        sheet.right(248, 83 + 12 * row, amount, 7)
    found = texts(only_grid(only_page(sheet)))
    assert [row[1] for row in found] == ["", "政府性基金预算财政拨\n款", "1,234.50", "2,345.60"]


def test_rows_of_close_lines_stay_apart() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50 + 9 * n for n in range(5)])
    for row, name in enumerate(("行政运行", "一般行政管理事务", "机关服务", "其他支出")):
        sheet.text(55, 58.5 + 9 * row, name, 8)
        sheet.right(248, 58.5 + 9 * row, f"{row + 1}1,234.50", 8)
    assert [row[0] for row in texts(only_grid(only_page(sheet)))] == ["行政运行", "一般行政管理事务", "机关服务", "其他支出"]


def test_slanted_watermarks_are_not_read() -> None:
    sheet = small_table()
    sheet.operators.append("BT /F1 30 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (SECRET) Tj ET")
    page = only_page(sheet)
    assert texts(only_grid(page)) == EXPECTED
    assert all("S" not in line.text for line in page.lines)


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 80, 110])
    sheet.text(55, 62, "2050803-")
    sheet.text(55, 74, "train")
    assert texts(only_grid(only_page(sheet)))[0][0] == "2050803-\ntrain"


def test_radicals_are_mended() -> None:
    sheet = small_table()
    sheet.text(60, 150, "⼀般公共")
    assert only_page(sheet).lines[-1].text == "一般公共"


def test_rows_without_rulings_are_split() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250, 350], [50, 70, 190])
    for column, words in enumerate(["name", "total", "basic"]):
        sheet.text(60 + 100 * column, 64, words)
    for row in range(5):
        sheet.text(60, 85 + 22 * row, f"row{row}")
        sheet.right(245, 85 + 22 * row, f"{row}1.00")
        if row % 2:
            sheet.right(345, 85 + 22 * row, f"{row}2.00")
    page = only_page(sheet)
    rows = [["name", "total", "basic"], *([f"row{r}", f"{r}1.00", f"{r}2.00" if r % 2 else ""] for r in range(5))]
    assert texts(only_grid(page)) == rows
    assert page.loose_amounts == ()


def test_text_that_a_page_break_clips_is_one_cell_of_the_upper_page() -> None:
    sheets = []
    for shift in (0, -60):  # the same tall cell, once running out below the table, once coming in from above
        sheet = Sheet()
        sheet.clip(50, 50, 250, 110)
        sheet.lattice([50, 150, 250], [50, 110])
        if not shift:
            sheet.line(50, 70, 150, 70)
        for line in range(3):
            sheet.text(160, 100 + shift + 20 * line, ["1,234.", "56", "end"][line])
        sheet.text(60, 85, "x")
        sheets.append(sheet)
    first, second = read_pdf(pdf(*sheets)).pages
    assert [cell.text for cell in first.grids[0].cells if cell.column == 1] == ["1,234.\n56\nend"]
    assert [cell.text for cell in second.grids[0].cells if cell.column == 1] == [""]
    assert [line.text for page in (first, second) for line in page.lines if not line.in_grid] == []


def test_a_line_that_its_clip_cuts_off_is_of_the_cell_above_the_border() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90, 110])
    for row in range(3):
        sheet.text(160, 64 + 20 * row, f"{row}1.00")
        sheet.text(60, 84 + 20 * row - 20, f"row{row}")
        sheet.operators.append("q")
        sheet.clip(50, 50 + 20 * row, 150, 70 + 20 * row)
        sheet.text(60, 78 + 20 * row, "more")  # a second line, under the cell's lower border
        sheet.operators.append("Q")
    assert texts(only_grid(only_page(sheet))) == [[f"row{row}\nmore", f"{row}1.00"] for row in range(3)]


@pytest.mark.parametrize("way", [None, "turned"])
@pytest.mark.parametrize("baseline", [72.6, 72.9, 73.2, 76.0])
def test_a_line_that_its_clip_cuts_in_half_is_of_the_cell_above_the_border(baseline: float, way: str | None) -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90, 110])
    for row in range(3):
        sheet.text(160, 64 + 20 * row, f"{row}1.00")
        sheet.text(60, 62 + 20 * row, f"row{row}")
        sheet.operators.append("q")
        sheet.clip(50, 50 + 20 * row, 150, 70.5 + 20 * row)  # with the border that is drawn around its lower edge
        sheet.text(60, baseline + 20 * row, "MORE")
        sheet.operators.append("Q")
    data = pdf(sheet)
    (page,) = read_pdf(rewritten(data, way) if way else data).pages
    assert texts(only_grid(page)) == [[f"row{row}\nMORE", f"{row}1.00"] for row in range(3)]
    assert [line.text for line in page.lines if not line.in_grid] == []  # the last one is no line below the table


def test_a_point_at_the_edge_of_a_clip_stays_with_its_digits() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90])
    for row in range(2):
        sheet.text(60, 64 + 20 * row, f"row{row}")
        sheet.operators.append("q")
        sheet.clip(150, 50 + 20 * row, 250, 70.5 + 20 * row)
        for place, char in enumerate(f"{row}1.50"):
            sheet.text(160 + 6 * place, 70.2 + 20 * row, char)
        sheet.operators.append("Q")
    assert texts(only_grid(only_page(sheet))) == [[f"row{row}", f"{row}1.50"] for row in range(2)]


@pytest.mark.parametrize("shift", [0.5, 1.0, 2.0])
def test_a_line_that_its_clip_cuts_off_is_not_woven_with_the_text_that_it_lies_under(shift: float) -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250], [50, 70, 90])

    def spell(x: float, y: float, words: str) -> None:
        for place, char in enumerate(words):  # each glyph is a text object
            sheet.text(x + 6 * place, y, char)

    for row, (first, second) in enumerate([("ONE", "TWO;THREE"), ("41;52;63", "")]):
        sheet.text(60, 64 + 20 * row, f"row{row}")
        spell(152 + row, 64 + 20 * row + row * shift, first)
        sheet.operators.append("q")
        sheet.clip(150, 50 + 20 * row, 250, 70 + 20 * row)
        spell(151, 84, second)  # over the first line of the row below
        sheet.operators.append("Q")
    assert texts(only_grid(only_page(sheet))) == [["row0", "ONE\nTWO;THREE"], ["row1", "41;52;63"]]


def test_a_cell_cut_by_a_page_break_under_a_header_printed_again_is_one_cell() -> None:
    sheets = []
    for number, shift in enumerate((0, -40)):  # both pages draw the whole cell, each shows what is under the header
        sheet = Sheet()
        sheet.lattice([50, 150, 250], [50, 70, 110])
        sheet.line(50, 90, 150, 90)
        sheet.text(60, 64, "name")
        sheet.text(160, 64, "goal")
        for row in range(2):
            sheet.text(60, 84 + 20 * row, f"row{2 * number + row}")
        sheet.operators.append("q")
        sheet.clip(50, 70, 250, 110)
        for line in range(4):
            sheet.text(160, 82 + shift + 20 * line, ["one", "two", "three", "four"][line])
        sheet.operators.append("Q")
        sheets.append(sheet)
    first, second = read_pdf(pdf(*sheets)).pages
    assert [cell.text for cell in first.grids[0].cells if cell.column == 1] == ["goal", "one\ntwo\nthree\nfour"]
    assert [cell.text for cell in second.grids[0].cells if cell.column == 1] == ["goal", ""]


def test_amounts_outside_cells_are_located() -> None:
    sheet = small_table()
    sheet.text(60, 200, "sum is 77.70 in all")
    sheet.text(255, 84, "5.00 6.00")
    loose = {word.text: word.box for word in only_page(sheet).loose_amounts}
    assert {"77.70", "5.00", "6.00"} <= set(loose)
    assert [round(value) for value in (loose["77.70"].x0, loose["77.70"].x1)] == [102, 132]


def test_sentences_are_no_table() -> None:
    sheet = Sheet()
    for row in range(10):
        sheet.text(40, 40 + 18 * row, f"一般公共预算支出{row}")
        sheet.text(130, 40 + 18 * row, f"{row}34.50")
        sheet.text(162, 40 + 18 * row, f"万元，比上年增加{row}万元，主要原因是")
    assert only_page(sheet).grids == ()


def test_halves_that_touch_without_a_ruling_are_columns_of_their_own() -> None:
    """Amounts flush right, the names of the other half flush left right after them: 1,234.50一、外交支出."""
    sheet = Sheet(width=500)
    for row, (left, amount, right, other) in enumerate(
        [("一、财政拨款收入", "1,234.50", "一、外交支出", "1,000.00"), ("二、事业收入", "34.50", "二、国防支出", "200.00"),
         ("三、经营收入", "-", "三、教育支出", "1.50"), ("四、其他收入", "4.50", "四、科学技术支出", "-"),
         ("收入总计", "1,273.50", "支出总计", "1,201.50")]
    ):  # fmt: skip
        y = 60 + 18 * row
        sheet.text(40, y, left)
        sheet.right(249.5, y, amount)
        sheet.text(250, y, right)
        sheet.right(440, y, other)
    found = texts(only_grid(only_page(sheet)))
    assert found[0] == ["一、财政拨款收入", "1,234.50", "一、外交支出", "1,000.00"]
    assert found[2:4] == [["三、经营收入", "-", "三、教育支出", "1.50"], ["四、其他收入", "4.50", "四、科学技术支出", "-"]]


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(4, 12), columns=st.integers(2, 5), seed=st.integers(0, 10**6), rules=st.booleans())
def test_without_vertical_rulings_every_amount_keeps_its_row_and_column(rows: int, columns: int, seed: int, rules: bool) -> None:
    chance = random.Random(seed)
    sheet = Sheet(width=600, height=400)
    amounts: dict[str, tuple[int, int]] = {}
    for row in range(rows):
        y = 60 + 20 * row
        sheet.text(40, y, "行政运行支出"[: chance.randint(2, 6)])
        for column in range(columns):
            if column == 0 or chance.random() < 0.8:
                amount = f"{chance.randint(0, 9)},{chance.randint(100, 999)}.{row}{column}"
                sheet.right(200 + 80 * column, y, amount)
                amounts[amount] = (row, column)
        if rules:
            sheet.line(30, y + 6, 580, y + 6)
    page = only_page(sheet)
    grid = only_grid(page)
    assert grid.reader in ("whitespace", "camelot-hybrid")  # very sparse columns are left to the next rung
    assert page.loose_amounts == ()
    found = {cell.text: (cell.row, cell.column) for cell in grid.cells if cell.text in amounts}
    assert set(found) == set(amounts)
    for one, (row, column) in amounts.items():
        for other, (row2, column2) in amounts.items():
            assert (found[one][0] == found[other][0]) == (row == row2)
            assert (found[one][1] == found[other][1]) == (column == column2)


def test_three_rules_make_a_table_of_one_row() -> None:
    sheet = Sheet()
    for y in (50, 72, 95):
        sheet.line(40, y, 360, y)
    for column, words in enumerate(["total", "abroad", "guests"]):
        sheet.text(60 + 100 * column, 65, words)
        sheet.text(60 + 100 * column, 87, f"{column}.50")
    assert texts(only_grid(only_page(sheet))) == [["total", "abroad", "guests"], ["0.50", "1.50", "2.50"]]


def test_the_second_reader_serves_where_it_places_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    for column in range(2):  # two lines of two amounts are too few for the white corridors
        for row in range(2):
            sheet.text(60 + 100 * column, 60 + 20 * row, f"{row}{column}.00")
    better = structure_from_borders([50, 150, 250], [45, 65, 85], [[True] * 2] * 2, [[True] * 2] * 2)
    monkeypatch.setattr(ladder, "second_reading", lambda *_: [better])
    grid = only_grid(only_page(sheet))
    assert grid.reader == "camelot-hybrid"
    assert texts(grid) == [["00.00", "01.00"], ["10.00", "11.00"]]
    monkeypatch.setattr(ladder, "second_reading", lambda *_: [])
    assert only_page(sheet).grids == ()


def test_camelot_sees_the_same_table() -> None:
    (table,) = camelot.tables(pdf(small_table()), 1)
    assert [round(y) for y in table.ys] == [50, 70, 90, 110]
    assert [round(x) for x in table.xs] == [50, 150, 250, 350]
    (enlarged,) = camelot.tables(pdf(small_table()), 1, 2.0)
    assert enlarged.xs == [2 * x for x in table.xs]
    assert enlarged.ys == [2 * y for y in table.ys]


def test_what_camelot_throws_is_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def leak(*_: object, **__: object) -> None:
        raise StopIteration

    monkeypatch.setattr("camelot.io.read_pdf", leak)
    assert camelot.tables(b"", 1) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "an HTML page"),
        (b"PK\x03\x04" + b"\x00" * 50, "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"%PDF-1.7\nnothing", "truncated"),
        (b"%PDF-1.7\n%%EOF\n", "damaged"),
    ],
)
def test_what_is_no_pdf_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_pdf(data)


def test_a_cut_pdf_is_refused() -> None:
    data = pdf(*[small_table() for _ in range(3)])
    for share in (0.3, 0.6, 0.95):
        with pytest.raises(UnreadableDocument, match="truncated"):
            read_pdf(data[: int(len(data) * share)])


def test_pages_without_text_are_refused_or_reported() -> None:
    picture = Sheet()
    picture.operators.append("q 100 0 0 100 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x41 EI Q")
    with pytest.raises(UnreadableDocument, match="only images"):
        read_pdf(pdf(picture))
    with pytest.raises(UnreadableDocument, match="no text"):
        read_pdf(pdf(Sheet()))
    content = read_pdf(pdf(small_table(), picture, picture))
    assert content.warnings == ("On pages 2-3 there are only images: nothing was read there.",)


@pytest.mark.parametrize("further", [0, 30])
def test_files_that_a_pdf_holds_are_named(further: int) -> None:
    document = pdfium.PdfDocument(pdf(small_table()))
    for name in ("0表一.xlsx", "0\n.pdf", *(f"{n}.txt" for n in range(1, further + 1))):
        document.new_attachment(name).set_data(b"x")
    file = io.BytesIO()
    document.save(file)
    (warning,) = read_pdf(file.getvalue()).warnings
    assert warning.startswith("Files that the PDF holds are inputs of their own: 0")
    assert "0表一.xlsx" in warning
    assert "0_.pdf" in warning
    assert warning.endswith(", ….") is bool(further)
    (hidden,) = read_pdf(file.getvalue().replace(b"EmbeddedFile", b"Embedded#46ile")).warnings
    assert hidden.startswith("Files that the PDF holds were not read, save them beside it: 0")


def test_text_laid_over_a_scan_is_reported() -> None:
    sheet = small_table()
    sheet.operators.insert(0, "3 Tr")
    assert read_pdf(pdf(sheet)).warnings == ("On page 1 the text is an invisible layer that a machine recognised: it may err.",)


def test_invisible_text_behind_visible_text_is_not_read() -> None:
    """A layer of text recognition, slightly off and with wrong digits, over a page that has text of its own."""
    sheet = small_table()
    sheet.operators.append("3 Tr")
    for row, name in enumerate(("项 曰", "行政远行X", "台计")):
        sheet.text(56.5, 64 + 20 * row, name)
        sheet.right(250, 64 + 20 * row, f"{row + 1},284.508")
    sheet.text(55, 200, "scanned 12.50")
    page = only_page(sheet)
    assert texts(only_grid(page)) == EXPECTED
    assert [line.text for line in page.lines if not line.in_grid] == ["Title", "scanned 12.50"]


def ruled_rows_only(sheet: Sheet, rows: list[list[str]], ends: list[int], top: float) -> None:
    for number, row in enumerate(rows):
        y = top + 20 * number
        sheet.text(40, y, row[0])
        for end, amount in zip(ends, row[1:], strict=True):
            sheet.right(end, y, amount)
        sheet.line(30, y + 6, 580, y + 6)


def test_rules_say_which_words_stand_over_several_columns() -> None:
    """收入 over (小计, 单位资金 over two); the words of the lowest storey and those beside it keep what stands above them."""
    sheet = Sheet(width=620)
    sheet.line(30, 40, 580, 40)
    for x, y, words in [
        (60, 82, "名称"),
        (330, 53, "收入"),
        (226, 85, "小计"),
        (386, 73, "单位资金"),
        (320, 93, "事业"),
        (480, 93, "其他"),
    ]:
        sheet.text(x, y, words)
    sheet.line(210, 60, 580, 60)
    sheet.line(290, 80, 580, 80)
    sheet.line(30, 100, 580, 100)
    ruled_rows_only(
        sheet, [["甲处", "9.00", "4.00", "5.00"], ["乙处", "7.00", "3.00", "4.00"], ["合计", "16.00", "7.00", "9.00"]], [260, 360, 520], 115
    )
    assert texts(only_grid(only_page(sheet)))[:3] == [
        ["名称", "收入", "收入", "收入"],
        ["名称", "小计", "单位资金", "单位资金"],
        ["名称", "小计", "事业", "其他"],
    ]


def test_without_rules_three_storeys_of_a_heading_are_told_by_what_stands_under_what() -> None:
    sheet = Sheet(width=620)
    for x, y, words in [
        (60, 80, "名称"),
        (330, 45, "收入"),
        (226, 98, "小计"),
        (386, 80, "单位资金"),
        (320, 115, "事业"),
        (400, 115, "经营"),
        (480, 115, "其他"),
    ]:
        sheet.text(x, y, words)
    for number in range(4):
        y = 145 + 20 * number
        sheet.text(40, y, "机关处室")
        for end in (260, 350, 430, 510):
            sheet.right(end, y, f"{number + 1}.00")
    assert texts(only_grid(only_page(sheet)))[:3] == [
        ["名称", "收入", "收入", "收入", "收入"],
        ["名称", "小计", "单位资金", "单位资金", "单位资金"],
        ["名称", "小计", "事业", "经营", "其他"],
    ]


def test_an_amount_that_ends_just_before_a_column_of_names_is_no_part_of_them() -> None:
    sheet = Sheet(width=500)
    for number, name in enumerate(["一般公共服务支出", "国防支出", "教育支出", "科学技术支出", "住房保障支出"]):
        y = 60 + 18 * number
        sheet.text(40, y, "拨款收入")
        sheet.right(200, y, f"{number + 1}1.50")
        sheet.text(201.5, y, name)
        sheet.right(460, y, f"{number + 1}2.50")
    rows = texts(only_grid(only_page(sheet)))
    assert rows[1] == ["拨款收入", "21.50", "国防支出", "22.50"]
    assert [len(row) for row in rows] == [4] * 5


def test_the_first_rows_of_a_table_at_the_foot_of_a_page_are_its() -> None:
    """Two rules around a heading and two rows below: the closing rule stands on the next page."""
    sheet = Sheet(width=500)
    for y in (40, 60):
        sheet.line(30, y, 470, y)
    for x, words in [(40, "科目编码"), (130, "科目名称"), (280, "合计"), (400, "基本支出")]:
        sheet.text(x, 54, words)
    for y, row in [(75, ["201", "一般公共服务支出", "9.00", "5.00"]), (93, ["20101", "人大事务", "9.00", "5.00"])]:
        sheet.text(40, y, row[0])
        sheet.text(130, y, row[1])
        sheet.right(310, y, row[2])
        sheet.right(440, y, row[3])
    assert texts(only_grid(only_page(sheet))) == [
        ["科目编码", "科目名称", "合计", "基本支出"],
        ["201", "一般公共服务支出", "9.00", "5.00"],
        ["20101", "人大事务", "9.00", "5.00"],
    ]


def test_two_lines_without_rules_are_no_table() -> None:
    sheet = Sheet(width=500)
    sheet.text(40, 54, "科目编码")
    for y in (75, 93):
        sheet.text(40, y, "201")
        sheet.right(310, y, "9.00")
        sheet.right(440, y, "5.00")
    assert all(grid.reader != "whitespace" for grid in only_page(sheet).grids)


def test_the_mark_of_the_next_table_is_no_row() -> None:
    sheet = Sheet(width=500)
    for number in range(4):
        sheet.text(40, 60 + 18 * number, "教育支出")
        sheet.right(310, 60 + 18 * number, f"{number + 1}.00")
        sheet.right(440, 60 + 18 * number, f"{number + 2}.00")
    sheet.text(40, 60 + 18 * 4, "附表 6：")
    assert len(texts(only_grid(only_page(sheet)))) == 4


def test_the_rest_of_a_wrapped_code_or_name_is_no_row() -> None:
    """Wrapped lines stand as far apart as rows: what has neither code nor amount of its own goes on with the row above."""
    sheet = Sheet(width=500)
    rows = [
        ["201", "一般公共服务支出"],
        ["201030", "政府办公厅（室）及相关"],
        ["2", "机构事务"],
        ["205", "教育支出"],
        ["20502", "普通教育"],
        ["208", "社会保障"],
    ]
    for number, (code, name) in enumerate(rows):
        y = 60 + 16 * number
        sheet.text(40 if len(code) > 1 else 55, y, code)
        sheet.text(130, y, name)
        if len(code) > 1:
            sheet.right(340, y, f"{number + 1}.00")
            sheet.right(440, y, f"{number + 2}.00")
    assert texts(only_grid(only_page(sheet)))[1:3] == [
        ["201030\n2", "政府办公厅（室）及相关\n机构事务", "2.00", "3.00"],
        ["205", "教育支出", "4.00", "5.00"],
    ]


def painted_over(sheet: Sheet, *, opacity: str = "") -> Sheet:
    """A table whose old numbers are still there, under a white area with the new ones on it."""
    small_table(sheet)
    sheet.operators.append(f"{opacity} 1 1 1 rg 251 {sheet.height - 109} 98 58 re f 0 0 0 rg")
    for row in range(3):
        sheet.right(348, 63 + 20 * row, f"{row}.99")
    return sheet


def test_text_under_an_opaque_area_does_not_show() -> None:
    page = only_page(painted_over(Sheet()))
    assert texts(only_grid(page)) == [[*row[:2], f"{n}.99"] for n, row in enumerate(EXPECTED)]
    assert ".10" not in "".join(word.text for word in page.numbers or ())


def test_text_under_an_opaque_area_does_not_show_in_forms_either() -> None:
    assert texts(only_grid(only_page(painted_over(Sheet()), in_form=True)))[0][2] == "0.99"


def test_an_area_that_its_clip_hides_covers_nothing() -> None:
    sheet = small_table()
    sheet.operators.append(f"q 10 10 20 20 re W n 1 1 1 rg 0 0 {sheet.width} {sheet.height} re f Q")
    assert texts(only_grid(only_page(sheet))) == EXPECTED


def test_coloured_areas_drawn_first_cover_nothing() -> None:
    sheet = Sheet()
    sheet.text(120, 20, "2023")
    sheet.operators.append(f"0.8 0.9 1 rg 50 {sheet.height - 110} 300 60 re f 0 0 0 rg")
    assert texts(only_grid(only_page(small_table(sheet)))) == EXPECTED


RED, GREY, WHITE, BLACK = "0.8 0 0 rg", "0.88 g", "1 g", "0 g"


def in_colour(sheet: Sheet, colour: str, *texts_at: tuple[float, float, str], size: float = 10) -> None:
    """Print texts in a colour, then go on in black."""
    sheet.operators.append(colour)
    for x, y, words in texts_at:
        sheet.text(x, y, words, size)
    sheet.operators.append(BLACK)


@pytest.mark.parametrize(
    ("colour", "printed", "size"),
    [
        (RED, [(165, 63, "42"), (160, 83, "审"), (240, 83, "计")], 8),  # a seal's digits beside an amount
        (RED, [(170, 105, "51"), (200, 78, "财政局")], 8),  # on another line
        (GREY, [(160, 63, "仅供公开使用2023"), (60, 83, "仅供公开使用2023")], 10),  # a watermark over amount and name
        (WHITE, [(160, 63, "77"), (260, 103, "88")], 10),  # nobody sees it
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_text_of_seals_and_watermarks_is_no_part_of_an_amount(
    colour: str, printed: list[tuple[float, float, str]], size: float, first: bool
) -> None:
    sheet = Sheet()
    if first:
        in_colour(sheet, colour, *printed, size=size)
    small_table(sheet)
    if not first:
        in_colour(sheet, colour, *printed, size=size)
    page = only_page(sheet)
    assert texts(only_grid(page)) == EXPECTED
    assert [word.text for word in page.numbers or ()] == [number for row in EXPECTED for number in row[1:]]


def test_a_watermark_in_a_blank_cell_is_no_amount() -> None:
    sheet = Sheet()
    in_colour(sheet, GREY, (255, 63, "2023"), (158, 83, "2023"), (158, 103, "2023"))
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    for row in range(3):
        sheet.right(248, 63 + 20 * row, "1,234.50")
    assert texts(only_grid(only_page(sheet))) == [["", "1,234.50", ""]] * 3


def test_numbers_in_red_and_white_words_on_a_dark_heading_are_the_table_s_own() -> None:
    sheet = Sheet()
    sheet.operators.append(f"0 0 0.5 rg 50 {sheet.height - 70} 300 20 re f")
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    in_colour(sheet, WHITE, (55, 63, "项目"), (155, 63, "2024年"))
    in_colour(sheet, RED, (155, 83, "-12.50"), (255, 83, "-1.50"), (300, 103, "*"))
    for x, words in ((155, "34.50"), (255, "4.50")):
        sheet.text(x, 103, words)
    assert texts(only_grid(only_page(sheet))) == [["项目", "2024年", ""], ["", "-12.50", "-1.50"], ["", "34.50", "4.50 *"]]


@pytest.mark.parametrize("appearance", [True, False])
def test_values_of_form_fields_are_text_at_their_place(appearance: bool) -> None:
    sheet = Sheet()
    sheet.text(120, 30, "Title", 18)
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    for row, name in enumerate(("项目", "行政运行", "合计")):
        sheet.text(55, 63 + 20 * row, name)
        sheet.field(155, 51 + 20 * row, 248, 69 + 20 * row, f"{row + 1},234.50", appearance=appearance)
        sheet.field(255, 51 + 20 * row, 348, 69 + 20 * row, f"{row}.10", appearance=appearance)
    page = only_page(sheet)
    assert texts(only_grid(page)) == EXPECTED
    assert {word.text for word in page.numbers or ()} == {number for row in EXPECTED for number in row[1:]}


def singly(sheet: Sheet, x: float, y: float, words: str, size: float = 10) -> None:
    """Print each character as an object of its own."""
    for n, character in enumerate(words):
        sheet.text(x + size * n, y, character, size)


@pytest.mark.parametrize("blank", [False, True])
def test_the_end_of_a_name_that_runs_over_into_an_amount_s_cell_stays_with_the_name(blank: bool) -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    singly(sheet, 52, 63, "机关事业单位基本养老保险")
    for row in range(1 if blank else 0, 3):
        sheet.right(248, 63 + 20 * row, f"{row + 1},234.50")
    expected = [["机关事业单位基本养老保险", "" if blank else "1,234.50", ""], ["", "2,234.50", ""], ["", "3,234.50", ""]]
    assert texts(only_grid(only_page(sheet))) == expected


def test_names_of_two_columns_that_touch_are_parted_at_the_border() -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250, 350], [50, 70, 90])
    singly(sheet, 50, 63, "机关事业单位基本养老保险缴费")
    sheet.text(155, 83, "住房")
    assert texts(only_grid(only_page(sheet)))[0] == ["机关事业单位基本养老", "保险缴费", ""]


def picture(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a picture of one grey dot over a rectangle."""
    place = f"{x1 - x0} 0 0 {y1 - y0} {x0} {sheet.height - y1} cm"
    sheet.operators.append(f"q {place} BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 80> EI Q")


def outlines(sheet: Sheet, x: float, y: float) -> None:
    """Draw a 2 as its outline, its baseline at `y`."""
    points = [(0, 0), (5, 0), (5, 1), (2, 1), (5, 4), (5, 6), (3, 7), (1, 7), (0, 5), (1, 5), (2, 6), (4, 6), (4, 4), (0, 1)]
    steps = [f"{x + dx} {sheet.height - y + dy} {'l' if n else 'm'}" for n, (dx, dy) in enumerate(points)]
    sheet.operators.append(" ".join(steps) + " f")


def drawn_in(sheet: Sheet) -> list[tuple[int, int]]:
    return [(cell.row, cell.column) for cell in only_grid(only_page(sheet)).cells if cell.drawn]


@pytest.mark.parametrize("draw", ["pictures", "one picture", "outlines"])
def test_cells_in_which_numbers_are_drawn_are_known(draw: str) -> None:
    sheet = Sheet()
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    for row, name in enumerate(("项目", "行政运行", "合计")):
        sheet.text(55, 63 + 20 * row, name)
    sheet.text(155, 63, "预算数")
    if draw == "pictures":
        picture(sheet, 200, 75, 245, 87)
        picture(sheet, 200, 95, 245, 107)
    elif draw == "one picture":
        picture(sheet, 160, 72, 248, 108)
    else:
        for y in (84, 104):
            outlines(sheet, 230, y)
            outlines(sheet, 237, y)
    assert drawn_in(sheet) == [(1, 1), (2, 1)]


def test_backgrounds_seals_and_coloured_cells_are_no_drawn_numbers() -> None:
    sheet = Sheet()
    picture(sheet, 0, 0, 400, 300)
    picture(sheet, 230, 55, 330, 105)
    sheet.operators.append(f"0.9 g 251 {sheet.height - 89} 98 18 re f 0 g")
    sheet.lattice([50, 150, 250, 350], [50, 70, 90, 110])
    for row in range(3):
        sheet.right(248, 63 + 20 * row, "1,234.50")
    sheet.text(300, 104, "1.00")
    assert drawn_in(sheet) == []


@pytest.mark.parametrize("pitch", [12, 18])
@pytest.mark.parametrize("between", [True, False])
def test_a_table_drawn_with_box_characters_is_ruled(pitch: float, between: bool) -> None:
    rows = [["项目", "预算数", "其他"], ["行政运行", "1,234.50", "0.10"], ["事业运行", "", "2.20"], ["合计", "1,234.50", "2.30"]]
    lines: list[list[str] | str] = ["┌────────┬────────┬──────┐"]
    for n, row in enumerate(rows):
        lines.append(row)
        if n == 0 or (between and n < 3):
            lines.append("├────────┼────────┼──────┤")
    lines.append("└────────┴────────┴──────┘")
    sheet = Sheet()
    for n, line in enumerate(lines):
        for column, character in enumerate(line if isinstance(line, str) else "│        │        │      │"):
            if character != " ":
                sheet.text(40 + 10 * column, 60 + pitch * n, character)
        for column, words in zip((1, 10, 19), line if isinstance(line, list) else (), strict=False):
            sheet.text(42 + 10 * column, 60 + pitch * n, words)
    found = texts(only_grid(only_page(sheet)))
    assert [row for row in found if any(row)] == rows


def test_white_lines_that_nobody_sees_are_no_borders_where_they_run_through_texts() -> None:
    sheet = small_table()
    sheet.operators.append("1 G")
    for x in (70, 220, 330):
        sheet.line(x, 50, x, 110)
    sheet.operators.append("0 G")
    assert texts(only_grid(only_page(sheet))) == EXPECTED


def test_white_lines_on_colour_and_between_texts_are_borders() -> None:
    def table(sheet: Sheet) -> Sheet:
        sheet.operators.append("1 G")
        small_table(sheet)
        sheet.operators.append("0 G")
        return sheet

    coloured = Sheet()
    coloured.operators.append(f"0.8 0.9 1 rg 50 {coloured.height - 110} 300 60 re f 0 g")
    coloured.line(60, 60, 62, 60)
    assert texts(only_grid(only_page(table(coloured)))) == EXPECTED
    assert texts(only_grid(only_page(table(Sheet())))) == EXPECTED


def test_a_page_that_draws_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawing(*_: object) -> None:
        raise TooManyObjects(5)

    monkeypatch.setattr(ladder, "drawing", drawing)
    with pytest.raises(UnreadableDocument, match=r"^Page 1 draws more than 5 objects\.$"):
        read_pdf(pdf(small_table()))


# --- pages that a file has twice ---------------------------------------------------------------------------------------


def test_a_copy_of_the_page_before_is_left_out_and_told() -> None:
    found = read_pdf(pdf(small_table(), small_table(), small_table()))
    assert [(page.number, len(page.grids), bool(page.lines)) for page in found.pages] == [(1, 1, True), (2, 0, False), (3, 0, False)]
    assert any("2" in said and "3" in said and "copy" in said for said in found.warnings)


def test_a_page_that_says_something_else_is_no_copy() -> None:
    other = small_table()
    other.text(190, 290, "2")
    found = read_pdf(pdf(small_table(), other))
    assert [len(page.grids) for page in found.pages] == [1, 1]
    assert not found.warnings


def test_pages_of_a_list_whose_rows_are_all_alike_are_no_copies() -> None:
    def alike() -> Sheet:
        sheet = Sheet()
        sheet.lattice([50, 150, 250], [50, 70, 90, 110, 130])
        for row in range(4):
            sheet.text(55, 63 + 20 * row, "复印纸")
            sheet.right(248, 63 + 20 * row, "0.50")
        return sheet

    assert [len(page.grids) for page in read_pdf(pdf(alike(), alike())).pages] == [1, 1]


def test_one_caption_below_two_pictures_makes_no_copy() -> None:
    def captioned() -> Sheet:
        sheet = Sheet()
        sheet.text(120, 30, "Title")
        sheet.text(120, 50, "Caption")
        return sheet

    assert all(page.lines for page in read_pdf(pdf(captioned(), captioned())).pages)
