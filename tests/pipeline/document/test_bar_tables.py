"""Texts whose tables are drawn with bars or parted by tabs: blank cells are kept, so their numbers stand in columns."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line
from pipeline.document.bar_tables import read_bar_tables
from pipeline.document.registry import TextReader
from pipeline.samples.sample_budget import random_budget
from pipeline.samples.sample_sheets import Layout, Sheet
from pipeline.samples.sample_statements import build
from pipeline.statements.statement_coding import code_statements
from pipeline.statements.statement_recognition import recognise_statements
from tests.pipeline.statements.text_dumps.test_dump_statements import PRINTED, compare

TABLE = (
    "一般公共预算支出表\n单位：万元\n\n| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |\n|---|---|---:|---:|---:|\n"
    "| 204 | 公共安全支出 | 9.00 | 5.00 | 4.00 |\n| 2040601 | 行政运行 | 5.00 | 5.00 | |\n| 2040604 | 基层司法业务 | 4.00 | | 4.00 |\n"
)


def matrix(sheet: Sheet) -> list[list[str]]:
    """A sheet as rows of texts: those over several cells stand in the first."""
    width = len(sheet.columns)
    rows = []
    for heading in sheet.heading_rows():
        row = [""] * width
        for column, _, _, text in heading:
            row[column] = text
        rows.append(row)
    return rows + [[cell.text.strip("　 ") for cell in row] for row in sheet.rows]


def barred(rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return ["", lines[0], "|" + "---|" * len(rows[0]), *lines[1:], ""]


def framed(rows: list[list[str]]) -> list[str]:
    return ["+---+---+", *(line for row in rows for line in (f"|{'|'.join(row)}|", "+---+---+"))]


def tabbed(rows: list[list[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]


def lines_of(text: str, *, year: int = 2019, department: str | None = None) -> list[Line]:
    content = TextReader().read(text.encode())
    assert content.tables == "grids" and not content.printed
    found = recognise_statements(content, fiscal_year=year, kind="budget", department=department)
    coded = code_statements(found, fiscal_year=year, department=department, book=code_book())
    return [line for statement in coded for line in statement.lines]


@pytest.mark.parametrize("drawn", [barred, framed, tabbed])
@pytest.mark.parametrize("seed", range(3))
def test_tables_of_cells_are_read_whole(drawn: Callable[[list[list[str]]], list[str]], seed: int) -> None:
    random = Random(seed)
    budget = random_budget(random)
    layout = Layout(codes=random.choice(["columns", "joined"]), unit="元", decimals=2, total="top", titles=0, all_classes=False)
    sheets = [build(statement, budget, layout) for statement in PRINTED]
    text = "\n".join(
        line for sheet in sheets for line in (sheet.title, f"编制部门：{budget.department}    单位：{layout.unit}", *drawn(matrix(sheet)))
    )
    content = TextReader().read(text.encode())
    found = recognise_statements(content, fiscal_year=budget.fiscal_year, kind="budget", department=budget.department)
    statements = code_statements(found, fiscal_year=budget.fiscal_year, department=budget.department, book=code_book())
    wrong, missing = compare(statements, [meaning for sheet in sheets for meaning in sheet.meanings()])
    assert not wrong and not missing


def test_amounts_of_sentences_are_of_no_bare_table() -> None:
    prose = "某某局2019年收入预算 9.00 万元，\n其中基本支出 5.00 万元，项目支出 4.00 万元。\n"
    assert len(lines_of(prose * 9 + TABLE)) == 7


def test_a_blank_cell_keeps_its_column() -> None:
    found = {(line.code, line.nature): line.column_evidence for line in lines_of(TABLE) if line.code}
    assert found[("2040604", "project")] == "printed" and ("2040604", "basic") not in found


@pytest.mark.parametrize("blank", ["nan", "NaN", "None", "Unnamed: 3"])
def test_what_programs_write_for_a_blank_cell_is_none(blank: str) -> None:
    text = TABLE.replace("| |", f"| {blank} |")
    assert len(lines_of(text)) == 7


def test_the_columns_below_a_blank_cell_of_the_heading_are_of_the_group_left_of_it() -> None:
    text = (
        "一般公共预算“三公”经费支出表\n单位：万元\n| 2018年预算数 | | | 2019年预算数 | | |\n|---|---|---|---|---|---|\n"
        "| 合计 | 因公出国（境）费 | 公务接待费 | 合计 | 因公出国（境）费 | 公务接待费 |\n| 3.00 | 1.00 | 2.00 | 7.00 | 3.00 | 4.00 |\n"
    )
    found = {(line.code, line.measure, line.amount_text) for line in lines_of(text)}
    assert ("reception", "budget", "4.00") in found and ("reception", "prior_year_budget", "2.00") in found


def test_bold_text_breaks_and_full_width_bars_are_no_part_of_words() -> None:
    text = TABLE.replace("| 204 | 公共安全支出 |", "｜**204** ｜ 公共安全<br>支出 ｜").replace("\n| 9", "\n｜ 9")
    assert {line.name for line in lines_of(text) if line.code == "204"} == {"公共安全支出"}


@pytest.mark.parametrize(
    "text",
    [
        "首页 | 公开 | 办事\n部门预算 | 决算 | 其他\n上一篇 | 下一篇 | 返回\n一般公共预算支出表\n单位：万元\n合计 9.00 5.00 4.00\n",
        TABLE
        + "政府性基金预算支出表\n单位：万元\n科目编码 科目名称 合计\n合计 8.00\n212 城乡社区支出 8.00\n21208 出让收入安排的支出 8.00\n",
        "某某局2019年部门预算说明\n\t一、主要职能\t。\n\t二、收入预算7.00万元\t。\n",
        "一般公共预算支出表\n| 合计 | 9.00 |\n",
        TABLE.replace("| 科目编码 | 科目名称 | 合计", "| 科目 | 支出 |\n| 科目编码 | 科目名称 | 合计"),
        TABLE + "| 合计 | 9.00 |\n",
        TABLE.replace("\n|---|---|---:|---:|---:|", "").replace(" | ", "\t").replace("| ", "").replace(" |", ""),
    ],
)
def test_a_text_with_other_tables_or_none_is_read_line_by_line(text: str) -> None:
    assert read_bar_tables(text.encode()) is None
    assert TextReader().read(text.encode()).tables == "lines"


def test_a_bar_may_be_a_box_drawn_around_the_cells() -> None:
    boxed = [line.replace("|", "│") for line in TABLE.splitlines() if not line.startswith("|---")]
    text = "\n".join([*boxed[:3], "┌──┬──┬──┐", boxed[3], "├──┼──┼──┤", *boxed[4:], "└──┴──┴──┘"])
    assert [(line.code, line.nature, line.amount_text) for line in lines_of(text)] == [
        (line.code, line.nature, line.amount_text) for line in lines_of(TABLE)
    ]


def test_quotes_around_a_cell_with_a_comma_are_no_part_of_it() -> None:
    text = (
        "一般公共预算支出表\n单位：元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
        '204\t公共安全支出\t"9,000.00"\t"5,000.00"\t"4,000.00"\n2040601\t行政运行\t"5,000.00"\t"5,000.00"\t\n'
    )
    assert [line.amount_text for line in lines_of(text)] == ["9,000.00", "5,000.00", "4,000.00", "5,000.00", "5,000.00"]


def test_tabs_that_set_texts_below_each_other_are_no_borders_of_cells() -> None:
    """Two tabs behind a short text are no blank cell: as a cell, the amounts of one column would stand in two."""
    text = (
        "一般公共预算支出表\n单位：万元\n科目编码\t科目名称\t\t合计\t基本支出\t项目支出\n204\t公共安全支出\t9.00\t\t5.00\t4.00\n"
        "2040601\t行政运行\t\t5.00\t5.00\t\n2040604\t基层司法业务\t4.00\t\t4.00\t\n"
    )
    assert read_bar_tables(text.encode()) is None


def test_digits_of_a_code_may_stand_below_a_blank_cell_of_the_heading() -> None:
    text = (
        "一般公共预算支出表\n单位：万元\n科目编码\t\t\t科目名称\t合计\t基本支出\n204\t\t\t公共安全支出\t9.00\t9.00\n"
        "204\t06\t\t司法\t9.00\t9.00\n204\t06\t01\t行政运行\t9.00\t9.00\n"
    )
    assert {line.code for line in lines_of(text)} == {"204", "20406", "2040601"}


def test_a_break_inside_a_quoted_cell_is_none_of_lines() -> None:
    text = '一般公共预算支出表\n单位：元\n科目编码\t"科目\n名称"\t合计\n204\t"公共安全\n支出"\t9.00\n"2040601"\t行政运行\t"9.00"\n'
    assert [(line.code, line.name) for line in lines_of(text)] == [("204", "公共安全支出"), ("2040601", "行政运行")]


@pytest.mark.parametrize("between", ["\t", "\t\t", " | "])
def test_numbers_of_pages_in_a_list_of_contents_are_no_amounts(between: str) -> None:
    listed = ("第一部分 概况", "一、收支预算总表", "二、一般公共预算支出表", "三、政府性基金预算支出表")
    contents = "\n".join(f"{number}{between}{title}{between}{2 * number}" for number, title in enumerate(listed, 1))
    rows = [line.strip("| ").split(" | ") for line in TABLE.splitlines()[5:7]]
    tabs = "\n".join(["一般公共预算支出表\n单位：万元", "科目编码\t科目名称\t合计\t基本支出\t项目支出", *map("\t".join, rows[:1]), ""])
    table = TABLE if "|" in between else tabs + "2040601\t行政运行\t5.00\t5.00\t\n2040604\t基层司法业务\t4.00\t\t4.00\n"
    lines = lines_of(f"目录\n{contents}\n{table}")
    assert {line.statement for line in lines} == {"general_public_by_function"} and len(lines) == 7
