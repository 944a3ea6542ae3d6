"""What is recognised is a value: it can be kept, and coding needs nothing but it; numbers without a column are said to be so."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content
from pipeline.document.text_dump import read_text
from pipeline.statements.statement_coding import code_statements
from pipeline.statements.statement_model import PrintedNumber, UnplacedNumbers
from pipeline.statements.text_dumps.dump_tables import loose_tables_of
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, content, page, read, recognise, statements

MERGED = content(
    page(
        "部门支出总表",
        "单位：万元",
        [
            ["科目", LEFT, LEFT, "支出", LEFT, LEFT],
            ["类", "款", "科目名称", "合计", "基本支出", "项目支出"],
            ["合计", LEFT, LEFT, "9.00", "5.00", "4.00"],
            ["201", "03", "一般公共服务支出", "9.00", "5.00", "4.00"],
            ["201", "03", "行政运行", "9.00", "5.00", ABOVE],
        ],
    )
)
DUMP = """表3 支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
合计 9.00 5.00 4.00
2010301 行政运行 5.00 5.00
2010302 一般行政管理事务 4.00 4.00
"""
LINES = read_text(DUMP.encode())


def rebuilt(value: Any) -> Any:
    """The same value made anew, as from a file: nothing in it is the same object as anything else."""
    if isinstance(value, tuple):
        return tuple(map(rebuilt, value)) if type(value) is tuple else type(value)(*map(rebuilt, value))
    if isinstance(value, msgspec.Struct):
        return type(value)(*map(rebuilt, msgspec.structs.astuple(value)))
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(*(rebuilt(getattr(value, field.name)) for field in fields(value)))
    return value


@pytest.mark.parametrize("pages", [MERGED, LINES], ids=["grids", "lines"])
def test_a_recognised_statement_can_be_kept_and_coded_later(pages: Content) -> None:
    recognised = recognise(pages, year=2023, kind="budget", department=None)
    kept = rebuilt(recognised)
    assert kept == recognised
    coded = [code_statements(r, fiscal_year=2023, department=None, book=code_book()) for r in (kept, recognised)]
    assert coded[0] == coded[1]
    assert coded[0][0].lines


def test_recognition_leaves_codes_that_are_not_printed_to_coding() -> None:
    pages = content(page("支出总表", "单位：万元", [["科目名称", "合计"], ["教育支出", "9.00"]]))
    (recognised,) = recognise(pages, year=2023, kind="budget", department=None)
    (label,) = recognised.readings[0].blocks[0].labels
    assert label is not None
    assert (label.name, label.code) == ("教育支出", None)
    (statement,) = read(pages, year=2023, kind="budget", department=None)
    assert [(line.code, line.code_source) for line in statement.lines] == [("205", "name")]


def test_numbers_of_a_dump_stand_beside_the_table_until_sums_place_them() -> None:
    (table,) = loose_tables_of(LINES, code_book())
    (reading,) = table.readings
    assert reading.headers == (("科目编码",), ("科目名称",), ("合计",), ("基本支出",), ("项目支出",))
    total, first, _ = reading.rows
    assert [cell.text if cell else None for cell in first.cells] == ["2010301", "行政运行", None, None, None]
    assert [part.columns for part in total.unplaced] == [(2, 3, 4)]
    numbers = [(n.value, n.text) for part in first.unplaced for n in part.numbers]
    assert [text for _, text in numbers] == ["5.00", "5.00"]
    assert isinstance(first.unplaced[0], UnplacedNumbers)
    assert isinstance(first.unplaced[0].numbers[0], PrintedNumber)


def test_a_statement_of_a_dump_stands_on_the_pages_of_its_lines() -> None:
    statements = read(LINES, year=2023, kind="budget", department=None)
    assert [(s.kind, s.pages) for s in statements] == [("expenditure_summary", (1,))]
    placed = {(line.row, line.code, line.nature, str(line.amount)) for line in statements[0].lines}
    assert (2, "2010301", "basic", "50000.00") in placed
    assert (3, "2010302", "project", "40000.00") in placed


@pytest.mark.parametrize(
    ("head", "text", "missing"),
    [
        ("绩效目标", "通过拨付补助资金0.35亿元，保障全长12.50公里的河道。", 0),  # the dataset has the goal
        ("项目简介", "通过拨付补助资金4.00万元，保障全长12.50公里的河道。", 0),  # the row's own amount
        ("项目简介", "通过拨付补助资金0.35亿元，保障全长12.50公里的河道。", 1),
        ("项目简介", "其中人员经费3.00万元，公用经费1.00万元。", 2),
    ],
)
def test_numbers_of_descriptions_are_no_amounts_of_their_table(head: str, text: str, missing: int) -> None:
    rows: Rows = [["单位（项目）名称", "项目金额", head], ["合计", "4.00", ""], ["河道维护", "4.00", text]]
    (table,) = statements(page("部门预算项目支出表", "单位：万元", rows))
    assert table.amounts_printed - len(table.lines) == missing
