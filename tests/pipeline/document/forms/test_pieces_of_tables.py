"""What is one table though its file has it in pieces: tables of a web page below one another, rows of a sheet with blank ones between."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import pytest
import xlsxwriter

from pipeline.document.forms.workbooks import read_workbook
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import XLSX
from pipeline.document.registry import read_content
from pipeline.stages.reading import read_document
from tests.pipeline.document.forms.test_web_pages import ABOVE, HEADER, ROWS, WHOLE, amounts, cells, table

COVER = "清风市教育局2024年部门预算"
TITLE, UNIT = "一般公共预算基本支出表（按经济分类科目）", "单位：万元"
NAMED = (
    ("科目名称", "预算数"),
    ("合计", "107.00"),
    ("[301]工资福利支出", "100.00"),
    ("[30101]基本工资", "60.00"),
    ("[30102]津贴补贴", "40.00"),
    ("[302]商品和服务支出", "7.00"),
    ("[30201]办公费用与所有其他日常开支", "5.00"),
    ("[30211]差旅费", "2.00"),
)

Rows = Sequence[Sequence[object]]


def tabled(rows: Rows) -> str:
    return table([list(map(str, row)) for row in rows])


def codes(body: str) -> dict[str | None, Decimal]:
    """The amounts of a web page's table of spending, in 万元, by code."""
    read = read_document(f"<html><body><p>{COVER}</p><p>{TITLE}</p><p>{UNIT}</p>{body}</body></html>".encode(), Hint())
    return {line.code: line.amount / 10_000 for line in read.lines if line.source == "table" and line.statement != "other"}


EVERY = {None: 107, "301": 100, "30101": 60, "30102": 40, "302": 7, "30201": 5, "30211": 2}


@pytest.mark.parametrize(
    "body",
    [
        tabled(NAMED),
        tabled(NAMED[:4]) + tabled(NAMED[4:]),
        tabled(NAMED[:2]) + tabled(NAMED[2:4]) + tabled(NAMED[4:]),
        tabled(NAMED[:4]) + "<p>- 3 -</p>" + tabled(NAMED[4:]),
        tabled(NAMED[:4]) + "<p>第 3 页 共 9 页</p><p>　</p>" + tabled(NAMED[4:]),
        tabled(NAMED[:4]) + tabled([NAMED[0], *NAMED[4:]]),
        tabled(NAMED[:4]) + f"<p>{TITLE}</p><p>{UNIT}</p>" + tabled([NAMED[0], *NAMED[4:]]),
    ],
)
def test_a_table_in_pieces_is_one(body: str) -> None:
    assert codes(body) == EVERY


@pytest.mark.parametrize(
    "between",
    [
        "<p>二、其他资金安排如下</p>" + tabled(NAMED[4:]),  # words between them
        tabled([(b, a) for a, b in NAMED[4:]]),  # its columns the other way round
        tabled([(*row, "") for row in NAMED[4:]]).replace("<td></td>", "<td>是</td>"),  # another column
        "<p>政府性基金预算支出表</p>" + tabled(NAMED[4:]),  # of another statement
    ],
)
def test_what_may_be_another_table_is_none_of_its_pieces(between: str) -> None:
    read = read_document(f"<html><p>{COVER}</p><p>{TITLE}</p><p>{UNIT}</p>{tabled(NAMED[:4])}{between}</html>".encode(), Hint())
    of_first = [line for line in read.lines if line.source == "table" and line.statement_no == 1]
    assert {line.code for line in of_first} == {None, "301", "30101"}


def test_a_number_in_a_column_that_the_piece_above_left_blank_is_of_that_column() -> None:
    rows = [list(row) for row in ROWS]
    cut = table(rows[:5]) + table(rows[5:])
    assert amounts(ABOVE + cut) == WHOLE
    assert [line.amount for line in read_document(f"<html>{ABOVE}{cut}</html>".encode(), Hint()).lines if line.nature == "project"][
        -1
    ] == 1002500


def test_a_piece_may_begin_with_a_row_of_a_form_in_which_nothing_is_written() -> None:
    rows = [list(row) for row in ROWS]
    blank = ["205", "教育支出", "", "", ""]
    assert amounts(ABOVE + table(rows[:3]) + table([blank, *rows[3:]])) == WHOLE


def workbook(rows: Sequence[tuple[int, Sequence[object]]]) -> bytes:
    """A workbook with rows at given places."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for r, row in rows:
            for c, value in enumerate(row):
                if value != "":
                    sheet.write(r, c, value)
    return out.getvalue()


SUMMARY = (
    (0, (COVER,)),
    (1, ("收支总表",)),
    (2, ("", "", "", UNIT)),
    (3, ("收入", "", "支出", "")),
    (4, ("项目", "预算数", "项目", "预算数")),
    (5, ("一、财政拨款收入", 100.5, "一、一般公共服务支出", 90.25)),
    (6, ("二、事业收入", 20.0, "二、住房保障支出", 30.25)),
)


@pytest.mark.parametrize("blank", [0, 2, 9, 12])
def test_rows_of_a_form_that_are_left_blank_part_no_table(blank: int) -> None:
    data = workbook([*SUMMARY, (7 + blank, ("收入总计", 120.5, "支出总计", 120.5))])
    lines = [line for line in read_document(data, Hint()).lines if line.source == "table"]
    assert {(line.name, line.statement) for line in lines if not line.level} == {
        ("收入总计", "revenue_expenditure_summary"),
        ("支出总计", "revenue_expenditure_summary"),
    }


def test_rows_without_numbers_stand_before_the_total_between_blank_ones() -> None:
    between = [(9, ("上年结转", "", "结转下年", "")), (11, ("使用非财政拨款结余",))]
    data = workbook([*SUMMARY, *between, (18, ("收入总计", 120.5, "支出总计", 120.5))])
    assert [grid.rows for grid in read_workbook(data, XLSX).pages[0].grids] == [6]


def test_a_table_below_blank_rows_is_one_of_its_own() -> None:
    second = [
        (9, ("“三公”经费支出表",)),
        (10, ("", "", "", UNIT)),
        (11, ("项目", "预算数")),
        (12, ("公务接待费", 2.0)),
        (13, ("合计", 2.0)),
    ]
    data = workbook([*SUMMARY, *second])
    assert [grid.rows for grid in read_workbook(data, XLSX).pages[0].grids] == [3, 3]


@pytest.mark.parametrize(
    "below",
    [
        ("联系电话：", 12345678),  # a field of the form
        ("其中", "", "", "", 5.0),  # a column of its own
        ("项目", 2023, "项目", 2024),  # heads of another table
        (5.0, "备注"),
        ("合计",),
    ],
)
def test_what_stands_below_blank_rows_may_be_something_else(below: Sequence[object]) -> None:
    content = read_workbook(workbook([*SUMMARY, (10, below)]), XLSX)
    assert content.pages[0].grids[0].rows == 3  # its header and two items


def test_what_stands_far_below_is_none_of_the_table() -> None:
    content = read_workbook(workbook([*SUMMARY, (30, ("差额", 0.5))]), XLSX)
    assert content.pages[0].grids[0].rows == 3


def test_a_title_and_a_unit_beside_a_narrow_table_make_its_header_no_field() -> None:
    rows = [(0, (COVER,)), (1, ("政府采购预算表",)), (2, ("", "", "", UNIT)), (3, ("", "采购类别", "金额"))]
    rows += [(n, ("", name, amount)) for n, (name, amount) in enumerate((("货物", 2.5), ("服务", 5.5), ("合计", 8.0)), start=4)]
    lines = [line for line in read_document(workbook(rows), Hint()).lines if line.source == "table"]
    assert [(line.name, line.statement, line.nature, str(line.amount)) for line in lines] == [
        ("货物", "procurement", "total", "25000.00"),
        ("服务", "procurement", "total", "55000.00"),
        ("合计", "procurement", "total", "80000.00"),
    ]


HIDDEN = "<col width=72><col width=72><col width=0 style='display:none;mso-width-source:userset'><col span=3 width=72>"


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (HIDDEN, False),
        (f"<colgroup>{HIDDEN}</colgroup>", False),
        ("<colgroup span=2></colgroup><col style='visibility:collapse'><col span=3>", False),
        (HIDDEN.replace(" style='display:none;mso-width-source:userset'", ""), True),  # browsers show it
        ("<col span=2><col style='display:none'>", True),
    ],
)
def test_a_column_that_a_spreadsheet_saved_as_a_page_hides_is_none(columns: str, shown: bool) -> None:
    rows = [[*row[:2], "999.00" if n else "旧数", *row[2:]] for n, row in enumerate(ROWS)]
    (found,) = cells(read_content(f"<html>{table(rows).replace('<table>', f'<table>{columns}')}</html>".encode()))
    texts = [text for text, *_ in found]
    assert ("999.00" in texts) is shown
    assert [text for text in texts if text not in ("999.00", "旧数")] == [text for row in ROWS for text in row if text]
    if not shown:
        assert {address for text, address, *_ in found if text == HEADER[3]} == {"E1"}


def test_every_class_of_a_style_sheet_counts() -> None:
    sheet = "<style>.a{color:red}.b{display:none}.c{display:none}\n.d{display:none}</style>"
    rows = "".join(f"<tr class={name}><td>{name}<td>1.00</tr>" for name in "abcd")
    (found,) = cells(read_content(f"<html>{sheet}<table>{rows}<tr><td>z<td>2.00</table></html>".encode()))
    assert [text for text, *_ in found] == ["a", "1.00", "z", "2.00"]


def test_below_the_total_that_closes_a_table_stands_another() -> None:
    income = [["项目", "预算数"], ["一般公共预算拨款收入", "3.00"], ["收入总计", "3.00"]]
    spending = [["一般公共服务支出", "3.00"], ["支出总计", "3.00"]]
    found = read_content(f"<html><body><p>收入总表</p>{tabled(income)}{tabled(spending)}</body></html>".encode())
    upper, lower = (page.grids[0] for page in found.pages)
    assert [cell.box.x1 for cell in upper.cells[:1]] != [cell.box.x1 for cell in lower.cells[:1]]
