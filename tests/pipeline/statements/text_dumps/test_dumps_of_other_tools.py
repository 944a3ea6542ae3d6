"""Text dumps as tools print them: titles above tables whose unit follows, indentation kept, headings cut, codes beside codes."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
from pipeline.statements.text_dumps.line_words import tokens_of
from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

FUNCTION_ROWS = (
    "204 公共安全支出 9.00 4.00 5.00\n204 06 司法 9.00 4.00 5.00\n"
    "204 06 01 行政运行 4.00 4.00 0.00\n204 06 04 基层司法业务 5.00 0.00 5.00\n"
)
ECONOMIC_ROWS = (
    "301 工资福利支出 3.00 3.00 0.00\n301 01 基本工资 3.00 3.00 0.00\n302 商品和服务支出 1.00 0.00 1.00\n302 01 办公费 1.00 0.00 1.00\n"
)


def said(lines: list[Line], *names: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(line, name) for name in names) for line in lines]


def test_what_stands_in_a_table_tells_whether_its_title_stands_above_or_below() -> None:
    head = "编制单位：某某市司法局 单位：元\n项目\n功能分类科目编码\n功能分类科目名称 合计 基本支出 项目支出\n"
    text = (
        f"2026年预算单位支出预算总表\n{head}{FUNCTION_ROWS}合计 9.00 4.00 5.00\n\n"
        f"2026年预算单位一般公共预算支出功能分类预算表\n{head}{FUNCTION_ROWS}合计 9.00 4.00 5.00\n\n"
        "2026年预算单位一般公共预算基本支出部门预算经济分类预算表\n编制单位：某某市司法局 单位：元\n"
        f"经济分类科目编码\n部门经济分类科目名称 合计 人员经费 公用经费\n{ECONOMIC_ROWS}合计 4.00 3.00 1.00\n\n"
        "2026年单位“三公”经费和机关运行经费预算表\n编制单位：某某市司法局 单位:万元\n"
        "合计 因公出国(境)费 公务接待费 公务用车购置及运行费\n小计 购置费 运行费\n10.71 0.00 0.73 9.98 0.00 9.98\n"
    )
    found = {(line.statement, line.scheme) for line in lines_of(read(text, year=2026)) if line.level}
    assert found == {
        ("expenditure_summary", "function"),
        ("general_public_by_function", "function"),
        ("general_public_basic_by_economic", "department_economic"),
        ("three_public", "three_public"),
    }


def test_the_code_of_a_second_classification_is_no_amount() -> None:
    text = (
        "一般公共预算基本支出明细表（按支出经济分类科目）\n单位：元\n"
        "部门经济科目编码 部门经济科目名称 政府经济科目编码 政府经济科目名称 合计 人员经费 公用经费\n"
        "合计 4.00 3.00 1.00\n301 工资福利支出 3.00 3.00\n　　30101 基本工资 50101 工资奖金津补贴 3.00 3.00\n"
        "302 商品和服务支出 1.00 1.00\n　　30201 办公费 50201 办公经费 1.00 1.00\n"
    )
    found = [line for line in lines_of(read(text)) if line.code in ("30101", "30201") and line.nature == "basic"]
    assert said(found, "code", "name", "government_economic_code", "amount_text") == [
        ("30101", "基本工资", "50101", "3.00"),
        ("30201", "办公费", "50201", "1.00"),
    ]
    assert not any(line.amount > 10 for line in lines_of(read(text)))


def test_indentation_tells_levels_and_where_the_other_half_begins() -> None:
    text = (
        "部门收支预算总表\n单位：万元\n收                    入 支                    出\n项       目 预算数 项    目 预算数\n"
        " 一、财政拨款 30.00 一般公共服务支出 10.00\n　　　　一般公共预算 30.00 　政府办公厅（室）及相关机构事务 10.00\n"
        "　　　　政府性基金预算 　　行政运行 10.00\n二、事业收入 公共安全支出 20.00\n三、其他收入 　司法 20.00\n　　行政运行 20.00\n"
        "收入总计 30.00 支出总计 30.00\n"
    )
    found = [line for line in lines_of(read(text, year=2026)) if line.flow == "expenditure" and line.level]
    assert said(found, "code", "level", "amount_text") == [
        ("201", 1, "10.00"),
        ("20103", 2, "10.00"),
        ("2010301", 3, "10.00"),
        ("204", 1, "20.00"),
        ("20406", 2, "20.00"),
        ("2040601", 3, "20.00"),
    ]


@pytest.mark.parametrize("sign", ["栏次", "**", "** **"])
def test_the_numbers_of_columns_are_no_amounts(sign: str) -> None:
    text = f"国有资本经营预算支出预算表\n单位：万元\n科目编码 科目名称 本年支出合计 基本支出 项目支出\n{sign} 1 2 3\n合计\n"
    statement = read(text)[0]
    assert (statement.lines, statement.amounts_printed) == ((), 0)


def test_a_year_before_its_word_is_no_amount() -> None:
    assert tokens_of("项    目 2026 年预算数 项    目 2026 年预算数") == ["项目", "2026年预算数", "项目", "2026年预算数"]
    assert tokens_of("项 目 金 额 项 目 支 出") == ["项目", "金额", "项目支出"]
    assert tokens_of("上年结转 2026 年末结转和结余 26") == ["上年结转", "2026", "年末结转和结余", "26"]
    assert tokens_of("2026 1.00") == ["2026", "1.00"]
    assert tokens_of("合 计 2,026.00") == ["合计", "2,026.00"]


def test_the_name_of_a_unit_cut_by_its_cell_is_put_together() -> None:
    text = (
        "部门预算基本支出预算表\n单位：万元\n支出项目类别（资金使用单位） 总计 一般公共预算 政府性基金预算\n合计 9.00 9.00 0.00\n"
        "某某市南部水网流域事务\n中心 4.00 4.00 0.00\n　工资福利支出 4.00 4.00 0.00\n"
        "某某市水务局 5.00 5.00 0.00\n　工资福利支出 5.00 5.00 0.00\n"
    )
    names = {line.name for line in lines_of(read(text))}
    assert "某某市南部水网流域事务中心" in names and "中心" not in names


def test_the_last_digits_of_a_code_belong_to_the_level_that_the_name_tells() -> None:
    text = (
        "支出总体情况表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 8.00 8.00 0.00\n208 社会保障和就业支出 8.00 8.00 0.00\n"
        "05 行政事业单位养老支出 8.00 8.00 0.00\n01 行政单位离退休 5.00 5.00 0.00\n02 事业单位离退休 3.00 3.00 0.00\n"
    )
    codes = {line.name: line.code for line in lines_of(read(text, year=2026)) if line.level}
    assert codes == {
        "社会保障和就业支出": "208",
        "行政事业单位养老支出": "20805",
        "行政单位离退休": "2080501",
        "事业单位离退休": "2080502",
    }


def test_headings_out_of_order_prove_no_order() -> None:
    text = (
        "部门综合预算支出总表\n单位：万元\n合计 9.00 9.00 7.00 2.00\n125001 某某市应急管理局 9.00 9.00 7.00 2.00\n"
        "款 事业收入 事业单位经营收入 单位编码 单位名称 合计\n公共预算拨款\n"
    )
    assert not [line for line in lines_of(read(text)) if line.fund == "business" and line.amount_text == "9.00"]


def test_a_piece_of_a_heading_that_cannot_be_put_together_holds_the_table_back() -> None:
    rows = "合计 9.00 9.00 0.00\n甲项目 9.00 9.00 0.00\n"
    whole = read(f"项目支出总表\n单位：万元\n支出项目类别 总计 一般公共\n预算拨款\n政府性基金预\n算拨款\n{rows}")[0]
    assert {line.fund for line in whole.lines} == {"total", "general_public", "government_fund"}
    torn = read(f"项目支出总表\n单位：万元\n支出项目类别 总计 某某专\n户款\n政府性基金预\n算拨款\n{rows}")[0]
    assert not torn.lines and torn.amounts_printed == 6


def test_rows_that_may_stand_in_too_many_ways_are_left_open_together() -> None:
    from pipeline.statements.inference.lost_columns.row_placement import _MOST_PLACEMENTS_OF_ALL, _left_open

    assert _left_open([1, 20_001, 0, 5]) == {1, 2}
    many = [20_000] * 6
    assert _left_open(many) == {5} and sum(many[:5]) == _MOST_PLACEMENTS_OF_ALL


def test_numbers_of_units_do_not_speak_against_a_title() -> None:
    text = (
        "一般公共预算“三公”经费支出表\n单位：万元\n单位编码 单位名称 合计 因公出国（境）费 公务用车购置及运行费 公务接待费\n"
        "合计 6.00 1.00 2.00 3.00\n201 某某市委办公室 4.00 1.00 1.00 2.00\n202 某某市委组织部 2.00 0.00 1.00 1.00\n"
        "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 31.00 21.00 10.00\n"
        "201 一般公共服务支出 31.00 21.00 10.00\n2010301 行政运行 21.00 21.00 0.00\n"
        "政府性基金预算支出表\n单位：万元\n本部门无政府性基金预算支出\n"
    )
    found = {line.statement for line in lines_of(read(text)) if line.amount_text in ("6.00", "31.00")}
    assert found == {"three_public", "general_public_by_function"}


def test_an_empty_last_table_does_not_take_the_rows_before_it() -> None:
    text = (
        "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 31.00 21.00 10.00\n"
        "201 一般公共服务支出 31.00 21.00 10.00\n20103 政府办公厅（室）及相关机构事务 31.00 21.00 10.00\n"
        "国有资本经营预算支出表\n单位：万元\n"
    )
    assert {line.fund for line in lines_of(read(text))} == {"general_public"}


def test_two_rows_of_the_right_half_on_one_line_are_both_spending() -> None:
    head = "部门收支预算总表\n单位：万元\n收入 支出\n项目 预算数 项目 预算数\n一、财政拨款 8.00 一、教育支出 0.00\n"
    found = lines_of(read(f"{head}三、公共安全支出 5.00 四、科学技术支出 3.00\n收入总计 8.00 支出总计 8.00\n"))
    assert {(line.flow, line.code) for line in found if line.amount_text in ("5.00", "3.00")} == {
        ("expenditure", "204"),
        ("expenditure", "206"),
    }


def test_wide_spaces_inside_a_name_part_nothing() -> None:
    head = "部门收支预算总表\n单位：万元\n收入 支出\n项目 预算数 项目 预算数\n"
    found = lines_of(read(f"{head}一、财政拨款 5.00 一、科学　技术支出 5.00\n收入总计 5.00 支出总计 5.00\n"))
    assert [line.code for line in found if line.flow == "expenditure"] == ["206", None]


@pytest.mark.parametrize("row", ["0 1", "3 4", "- 5"])
def test_small_amounts_without_a_sign_number_no_columns(row: str) -> None:
    statement = read(f"“三公”经费支出表\n单位：万元\n因公出国（境）费 公务接待费\n{row}\n")[0]
    assert statement.amounts_printed == sum(text.isdigit() for text in row.split())


def test_a_code_behind_a_serial_number_is_the_rows() -> None:
    text = (
        "一般公共预算基本支出明细表（按支出经济分类科目）\n单位：元\n"
        "序号 科目编码 科目名称 政府科目编码 政府科目名称 合计 人员经费 公用经费\n"
        "1 合计 4.00 4.00 0.00\n2 301 工资福利支出 4.00 4.00 0.00\n3 30101 基本工资 50101 工资奖金津补贴 4.00 4.00 0.00\n"
    )
    assert {line.code for line in lines_of(read(text))} == {None, "301", "30101"}


def test_a_header_repeated_behind_a_name_without_amounts_heads_no_rows() -> None:
    head = "收入 支出 项目 预算数 项目 合计 基本支出 项目支出\n"
    text = (
        f"部门收支预算总表\n单位：万元\n{head}一、财政拨款 9.00 一、教育支出 5.00 5.00 0.00\n二、科学技术支出\n"
        f"{head}三、公共安全支出 4.00 0.00 4.00\n收入总计 9.00 支出总计 9.00 5.00 4.00\n"
    )
    found = [(line.code, line.nature, line.amount_text) for line in lines_of(read(text)) if line.code == "204"]
    assert found == [("204", "total", "4.00"), ("204", "basic", "0.00"), ("204", "project", "4.00")]
