"""Text dumps of tools that write a table cell after cell: which number is of which row, only sums over several rows tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.statements.inference.lost_columns.rows_apart import hold_unproven_rows
from pipeline.statements.statement_model import Statement
from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

HEAD = "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
CELLS = "合计\n9.00\n5.00\n4.00\n204\n公共安全支出\n9.00\n5.00\n4.00\n20406\n司法\n9.00\n5.00\n4.00\n"
CHILDREN = "2040601\n行政运行\n5.00\n5.00\n2040604\n基层司法业务\n4.00\n4.00\n"


def held(text: str) -> list[Statement]:
    return hold_unproven_rows(read(text))


def amounts(statements: list[Statement]) -> list[tuple[str | None, str]]:
    return [(line.code, line.amount_text) for line in lines_of(statements) if line.nature == "total"]


def test_rows_of_cells_on_lines_of_their_own_are_read_where_other_rows_prove_them() -> None:
    expected = [(None, "9.00"), ("204", "9.00"), ("20406", "9.00"), ("2040601", "5.00"), ("2040604", "4.00")]
    assert amounts(held(HEAD + CELLS + CHILDREN)) == expected


def test_rows_that_no_sum_proves_are_held_back_and_counted() -> None:
    columns = "204\n公共安全支出\n2040601\n行政运行\n2040604\n基层司法业务\n9.00\n5.00\n4.00\n"
    statement = held(HEAD + columns)[0]
    assert not statement.lines and statement.amounts_printed == 3


def test_a_sum_that_fails_speaks_against_the_rows_in_it() -> None:
    shifted = CHILDREN.replace("5.00\n5.00", "6.00\n6.00")
    codes = {code for code, _ in amounts(held(HEAD + CELLS + shifted))}
    assert not codes & {"2040601", "2040604", "20406"}


def test_rows_on_one_line_are_read_without_any_sum() -> None:
    rows = "204 公共安全支出 9.00 5.00 4.00\n2040601 行政运行 6.00 6.00 0.00\n"
    assert ("2040601", "6.00") in amounts(held(HEAD + rows))


def test_a_number_before_a_label_is_of_that_label_only_where_sums_say_so() -> None:
    text = (
        "部门收支预算总表\n单位：万元\n收入 支出\n项目 预算数 项目 预算数\n"
        "一、财政拨款收入 7.00 一、公共安全支出 5.00\n二、事业收入 3.00 二、教育支出 5.00\n"
        "8.00 三、科学技术支出\n收入总计 10.00 支出总计 10.00\n"
    )
    assert not [line for line in lines_of(held(text)) if line.amount_text == "8.00"]


def test_statements_of_whole_lines_are_left_as_they_are() -> None:
    statements = read(HEAD + "合计 9.00 5.00 4.00\n204 公共安全支出 9.00 5.00 4.00\n")
    assert hold_unproven_rows(statements) == statements
    apart = [replace(s, apart=frozenset({99})) for s in statements]
    assert [s.lines for s in hold_unproven_rows(apart)] == [s.lines for s in statements]


def test_the_names_of_totals_are_one_word_however_far_they_are_spread() -> None:
    text = (
        "部门收支预算总表\n单位：万元\n项目 预算数 项目 预算数\n一、财政拨款收入 7.00 一、公共安全支出 9.00\n"
        "本 年 收 入 合 计 7.00 本 年 支 出 合 计 9.00\n上年结转 2.00\n收 入 总 计 9.00 支 出 总 计 9.00\n"
    )
    totals = {(line.flow, line.fund, line.amount) for line in lines_of(read(text)) if not line.level and line.nature == "total"}
    assert ("revenue", "current_year", Decimal(70_000)) in totals
    assert ("expenditure", "total", Decimal(70_000)) not in totals


def test_the_digits_of_a_level_on_a_line_of_their_own_are_no_amount() -> None:
    text = (
        "支出总体情况表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 8.00 8.00 0.00\n208 社会保障和就业支出 8.00 8.00 0.00\n"
        "05 行政事业单位养老支出 8.00 8.00 0.00\n05\n机关事业单位基本养老保\n险缴费支出\n5.00 5.00 0.00\n"
        "06\n机关事业单位职业年金缴\n费支出 3.00 3.00 0.00\n"
    )
    statement = read(text)[0]
    codes = {line.code: line.amount_text for line in statement.lines if line.nature == "total"}
    assert codes["2080505"] == "5.00" and codes["2080506"] == "3.00"
    assert not any(line.amount == 60_000 for line in statement.lines)


def test_digits_of_a_level_without_a_code_above_are_no_serial_numbers() -> None:
    text = (
        "支出总体情况表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 9.00 9.00 0.00\n"
        "01 行政单位医疗 5.00 5.00 0.00\n02 事业单位医疗 4.00 4.00 0.00\n221 住房保障支出 3.00 3.00 0.00\n"
    )
    assert not [line for line in lines_of(read(text)) if line.name.endswith("单位医疗")]


def test_the_last_page_of_a_table_may_hold_the_mark_of_the_next_title() -> None:
    head = "支出总体情况表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
    text = (
        f"公开表1\n收入总体情况表\n单位：万元\n科目编码 科目名称 合计\n合计 8.00\n208 社会保障和就业支出 8.00\n公开表2\n"
        f"{head}合计 8.00 8.00 0.00\n208 社会保障和就业支出 8.00 8.00 0.00\n公开表2\n"
        f"{head}05 行政事业单位养老支出 8.00 8.00 0.00\n公开表3\n一般公共预算支出表\n单位：万元\n"
        "科目编码 科目名称 合计 基本支出 项目支出\n合计 8.00 8.00 0.00\n208 社会保障和就业支出 8.00 8.00 0.00\n"
    )
    codes = {line.code for line in lines_of(read(text)) if line.statement == "expenditure_summary"}
    assert codes >= {"208", "20805"}


def test_the_total_of_three_public_beside_meetings_keeps_its_name() -> None:
    text = (
        "一般公共预算“三公”经费、会议费、培训费支出表\n单位：万元\n"
        "“三公”经费合计 因公出国（境）费 公务用车购置费 公务用车运行维护费 公务接待费 会议费 培训费\n1.50 0.00 0.00 0.00 1.50 0.44 16.20\n"
    )
    found = {line.code: line.amount_text for line in lines_of(read(text))}
    assert found["total"] == "1.50" and "with_meetings_training" not in found


def test_spending_listed_in_two_classifications_beside_each_other_is_held_back() -> None:
    text = (
        "部门收支预算总表\n单位：万元\n项目 预算数 支出功能分类科目 预算数\n部门预算支出经济分类科目 预算数\n"
        "一、财政拨款 9.00 1、教育支出 4.00 1、工资福利支出 6.00\n2、其他支出 5.00 2、其他支出 3.00\n"
        "收入总计 9.00 支出总计 9.00 支出总计 9.00\n"
    )
    assert not lines_of(read(text))
    assert lines_of(read(text.replace("部门预算支出经济分类科目", "支出用途")))


def test_a_heading_cut_in_narrow_cells_of_a_table_of_two_sides_is_put_together() -> None:
    text = (
        "财政拨款收支预算总表\n单位：万元\n收入 支出\n项目 预算数 项目 合计\n"
        "一般公共预\n算财政拨款\n政府性基\n金预算财\n政拨款\n国有资本\n经营预算\n财政拨款\n"
        "一、一般公共预算财政拨款 9.00 一、教育支出 6.00 6.00\n二、政府性基金预算财政拨款 二、科学技术支出 3.00 3.00\n"
        "收入总计 9.00 支出总计 9.00 9.00 0.00 0.00\n"
    )
    found = {(line.code, line.fund) for line in lines_of(read(text)) if line.column_evidence != "ambiguous"}
    assert ("205", "fiscal_appropriation") in found
    assert not {fund for code, fund in found if code} & {"government_fund", "state_capital"}


def test_a_row_that_has_lost_the_class_before_the_government_s_is_held_back() -> None:
    text = (
        "一般公共预算基本支出明细表（按支出经济分类科目）\n单位：元\n"
        "部门经济科目编码 部门经济科目名称 政府经济科目编码 政府经济科目名称 合计\n合计 9.00\n"
        "30101 基本工资 50101 工资奖金津补贴 4.00\n30108 机关事业单位\n基本养老保险缴费\n50102 社会保障缴费 5.00\n"
    )
    statement = read(text)[0]
    assert {line.code for line in statement.lines} == {None, "30101"} and statement.amounts_printed == 3


def test_a_subtotal_of_which_the_name_is_lost_is_no_total() -> None:
    head = "收入预算总表\n单位：万元\n项目名称 金额\n"
    text = f"{head}收入总计 9.00\n小计 7.00\n一般公共预算拨款 7.00\n小计 2.00\n其他收入 2.00\n"
    assert {line.amount_text for line in lines_of(read(text)) if not line.level} == {"9.00"}
    alone = f"{head}一般公共预算拨款 7.00\n其他收入 2.00\n小计 9.00\n"
    assert "9.00" in {line.amount_text for line in lines_of(read(alone))}


def test_spending_that_repeats_a_part_of_the_total_is_told_after_its_numbers_are_placed() -> None:
    text = (
        "支出预算总表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出 事业单位经营支出\n合计 9.00 5.00 4.00 3.00\n"
        "2040601 行政运行 5.00 5.00\n2040604 基层司法业务 4.00 0.00 4.00 3.00\n"
    )
    found = {line.nature for line in lines_of(read(text)) if line.amount_text == "3.00" and line.column_evidence != "ambiguous"}
    assert found == {"of_which_operating"}


def test_a_code_on_the_line_below_its_row_is_not_the_next_row_s() -> None:
    text = (
        "一般公共预算基本支出表\n单位：元\n序号 科目编码 科目名称 合计\n1 合计 9.00\n2 301 工资福利支出 9.00\n"
        "3 基本工资 4.00\n30101\n4 津贴补贴 3.00\n30102\n5 其他社会保障缴费 2.00\n30112\n"
    )
    found = {line.code: line.name for line in lines_of(read(text)) if line.code}
    assert found == {"301": "工资福利支出"}


def test_serial_numbers_are_no_digits_of_a_level() -> None:
    head = "一般公共预算基本支出表\n单位：元\n序号 科目编码 科目名称 合计\n"
    rows = "1 301 工资福利支出 9.00\n2 30101 基本工资 4.00\n3 30102 津贴补贴 3.00\n4 位基本养老保险 2.00\n"
    assert "30104" not in {line.code for line in lines_of(read(head + rows))}
    levels = "301 工资福利支出 9.00\n01 基本工资 4.00\n02 津贴补贴 3.00\n03 奖金 2.00\n"
    assert {"30101", "30102", "30103"} <= {line.code for line in lines_of(read(head + levels))}
