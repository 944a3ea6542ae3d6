"""Workbooks as unseen offices publish them: each states the right amounts by construction; wrong is worst, missing without a word next."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
import xlsxwriter

from pipeline.document.inputs.sources import Hint
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from tests.pipeline.document.forms.spending_sheet import BODY, HEADER, ROWS, TITLE, UNIT

Book = xlsxwriter.Workbook
Sheet = xlsxwriter.worksheet.Worksheet

NATURES = (None, "basic", "project")

Said = set[tuple[str | None, str | None, str | None, Decimal]]
"""Statement, code, nature and amount in yuan."""


def workbook(write: Callable[[Book], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book)
    return out.getvalue()


def put(sheet: Sheet, rows: Sequence[Sequence[object]], top: int = 0, left: int = 0) -> int:
    """Write rows as they come; return the row below them."""
    for r, row in enumerate(rows, start=top):
        for c, value in enumerate(row, start=left):
            if isinstance(value, str):
                sheet.write_string(r, c, value) if value else None
            elif value is not None:
                sheet.write(r, c, value)
    return top + len(rows)


def table(rows: Sequence[Sequence[object]] = ROWS, title: str = TITLE, unit: str = UNIT) -> list[Sequence[object]]:
    """A statement with what stands above it."""
    return [(title,), (BODY, "", "", "", unit), HEADER, *rows]


def stated(rows: Sequence[Sequence[object]] = ROWS, times: int = 10_000, statement: str = "expenditure_summary") -> Said:
    """What such rows say, in yuan."""
    return {
        (statement, str(code) or None, nature, Decimal(str(value)) * times)
        for code, _, *values in rows
        for nature, value in zip(NATURES, values, strict=True)
        if isinstance(value, (int, float))
    }


def read(write: Callable[[Book], None]) -> Checked:
    return read_document(workbook(write), Hint(fiscal_year=2024, department="清风数据局"))


def said(checked: Checked) -> Said:
    lines = [line for line in checked.lines if line.source == "table" and line.column_evidence != "ambiguous"]
    nature = {"total": None, None: None}
    return {(line.statement, line.code, nature.get(line.nature, line.nature), line.amount) for line in lines}


def findings(checked: Checked) -> str:
    return " ".join(str(row["detail"]) for row in checked.findings)


def times(factor: int, rows: Sequence[Sequence[object]] = ROWS) -> list[tuple[object, ...]]:
    """Rows in another unit."""
    return [tuple(value * factor if isinstance(value, float) else value for value in row) for row in rows]


def texts(text: Callable[[float], str], blank: str = "") -> list[tuple[object, ...]]:
    """Rows whose amounts are texts."""
    return [(code, name, *(blank if v is None else text(float(str(v))) for v in values)) for code, name, *values in ROWS]


def shown_as(code: str, factor: int = 1, unit: str = UNIT) -> Callable[[Book], None]:
    """A sheet whose numbers have a format of their own."""

    def write(book: Book) -> None:
        sheet = book.add_worksheet("x")
        put(sheet, table(unit=unit))
        for r, row in enumerate(times(factor), start=3):
            for c, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(r, c, value, book.add_format({"num_format": code}))

    return write


def one(rows: Sequence[Sequence[object]], name: str = "x", gap: int = 1) -> Callable[[Book], None]:
    """A book with one sheet of rows."""

    def write(book: Book) -> None:
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            put(sheet, [row], n * gap)

    return write


def many(*sheets: tuple[str, Sequence[Sequence[object]]]) -> Callable[[Book], None]:
    """A book of several sheets."""

    def write(book: Book) -> None:
        for name, rows in sheets:
            put(book.add_worksheet(name), rows)

    return write


FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
COVER = [("",), ("", "清风数据局"), ("", "2024年部门预算"), ("", "报送日期：2024年2月18日")]
DIRECTORY = [
    ("目  录",),
    ("序号", "表名", "页码"),
    (1, "收支总表", 3),
    (2, "部门支出总表", 5),
    (3, "财政拨款收支总表", 8),
    (4, "三公经费支出表", 12),
]
OTHER = "2024年一般公共预算支出表"
BOTH = stated() | stated(statement="general_public_by_function")
DOWN = [(a, "", n, "", "", c, "", d, "", e) for a, n, c, d, e in ROWS]

READ: dict[str, tuple[Callable[[Book], None], Said]] = {
    "a cover and a directory with page numbers": (many(("封面", COVER), ("目录", DIRECTORY), ("部门支出总表", table())), stated()),
    "a total above the header": (one([(TITLE,), (BODY, "", "", "", UNIT), ("支出合计", "", 300.5), HEADER, *ROWS]), stated()),
    "a total above the title": (one([("本年支出合计：300.50万元",), *table()]), stated()),
    "two units in two sheets": (many(("一", table()), ("二", table(times(10_000), OTHER, "单位：元"))), BOTH),
    "no unit beside one": (many(("一", table()), ("二", table(times(10_000), OTHER, ""))), BOTH),
    "units in names of sheets": (
        many(("支出总表(万元)", table(unit="")), ("一般公共预算支出表(元)", table(times(10_000), OTHER, ""))),
        BOTH,
    ),
    "a name of a sheet that contradicts print": (one(table(), "支出总表(元)"), stated()),
    "full-width digits": (one(table(texts(lambda v: f"{v:,.2f}".translate(FULL_WIDTH)))), stated()),
    "texts with their unit": (one(table(texts(lambda v: f" {v:,.2f}万元", "—"))), stated()),
    "texts in spaces of any width": (one(table(texts(lambda v: f"\u00a0{v:,.2f}\u3000", "/"))), stated()),
    "columns of other units": (
        one(
            [
                (TITLE,),
                ("科目编码", "科目名称", "合计（万元）", "基本支出（元）", "项目支出（万元）"),
                *((a, b, c, d and float(str(d)) * 10_000, e) for a, b, c, d, e in ROWS),
            ]
        ),
        stated(),
    ),
    "a share beside amounts": (
        one([(TITLE,), (BODY, "", "", "", UNIT), (*HEADER, "占比（%）"), *((*row, 33.25) for row in ROWS)]),
        stated(),
    ),
    "numbers of columns and of rows": (
        one([(TITLE,), (UNIT,), ("序号", *HEADER), ("栏次", "", "", "1=2+3", "2", "3"), *((n, *row) for n, row in enumerate(ROWS))]),
        stated(),
    ),
    "blank columns and broken headings": (
        one(
            [
                ("", TITLE),
                (BODY, *[""] * 9, UNIT),
                ("科目\n编码", "", "科 目 名 称", "", "", "合  计", "", "基本\n支出", "", "项目\n支出"),
                *DOWN,
            ]
        ),
        stated(),
    ),
    "a blank row behind every row": (one(table(), gap=2), stated()),
    "a header that is repeated": (one([*table(ROWS[:3]), HEADER, *ROWS[3:]]), stated()),
    "a title that is repeated": (one([*table(ROWS[:3]), (f"{TITLE}（续）",), (BODY, "", "", "", UNIT), HEADER, *ROWS[3:]]), stated()),
    "who made it, and a telephone": (one([*table(), ("制表人：", "李四", "", "电话", 12345678)]), stated()),
    "yuan shown as 万元 by a printed point": (shown_as("0\\.0,", 10_000), stated()),
    "yuan shown as 万元 with that word": (shown_as('0!.0,"万"', 10_000, ""), stated()),
    "a unit in the format": (shown_as('#,##0.00"万元"', unit=""), stated()),
    "numbers beside the table": (one(table([(*row, None, None, 7.5) for row in ROWS])), stated()),
}


@pytest.mark.parametrize("name", READ)
def test_a_messy_workbook_says_what_it_states(name: str) -> None:
    write, want = READ[name]
    assert said(read(write)) == want


HELD: dict[str, tuple[Callable[[Book], None], str]] = {
    "errors typed as text": (one(table([*ROWS[:4], ("2010302", "一般行政管理事务", "#REF!", None, "#DIV/0!")])), ""),
    "a date format on amounts": (shown_as('m"月"d"日"'), "Numbers of the table that are in no line."),
    "thousands, a unit that is none of ours": (shown_as("#,##0.00,", 1000, "单位：千元"), "unit"),
    "two statements side by side": (
        one([(*a, *[""] * (6 - len(a)), *b) for a, b in zip(table(), table(title=OTHER), strict=True)]),
        "unit",
    ),
    "last year's sheet beside this year's": (
        many(("2024年", table()), ("2023年", table(times(2), "2023年部门支出总表"))),
        "Numbers of the table that are in no line.",
    ),
    "two numbers in one cell": (
        one(table([*ROWS[:3], ("2010301", "行政运行", "150\n50", 200.25, None), ROWS[4]])),
        "Numbers of the table that are in no line.",
    ),
    "rows as columns": (
        one([(TITLE,), (UNIT,), *zip(*[(f"{a}{b}", c, d, e) for a, b, c, d, e in (HEADER, *ROWS)], strict=True)]),
        "that is not in the vocabulary.",
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_what_a_messy_workbook_leaves_open_is_held_back_with_a_finding(name: str) -> None:
    write, told = HELD[name]
    checked = read(write)
    assert said(checked) <= stated()
    assert told in findings(checked)


def test_what_is_hidden_between_others_is_no_column() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("支出总表")
        rows = [(a, b, c, "其他" if c == "合计" else 999.0, d, e) for a, b, c, d, e in (HEADER, *ROWS)]
        put(sheet, [(TITLE,), (BODY, "", "", "", "", UNIT), *rows])
        sheet.set_column("D:D", None, None, {"hidden": True})

    assert said(read(write)) == stated()


def test_codes_merged_downwards() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("支出总表")
        put(sheet, [(TITLE,), (BODY, "", "", "", "", "", UNIT), ("类", "款", "项", "科目名称", *HEADER[2:])])
        put(sheet, [("", "", "", *ROWS[0][1:])], 3)
        sheet.merge_range("A5:A8", "201")
        sheet.merge_range("B6:B8", "03")
        put(sheet, [("", "", item, *row[1:]) for item, row in zip(("", "", "01", "02"), ROWS[1:], strict=True)], 4)

    assert said(read(write)) == stated()


def test_what_a_format_hides_is_told_and_not_published() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("x")
        put(sheet, table())
        sheet.write_number(7, 3, 77.5, book.add_format({"num_format": ";;;"}))

    checked = read(write)
    assert said(checked) == stated()
    assert "1 cells hold values that their format hides: D8." in findings(checked)
