"""Text dumps whose headings, names and codes are torn: put together where the rows prove it, held back where they do not."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
from pipeline.statements.inference.lost_columns.solver import Constraint, Variable, solve
from pipeline.statements.text_dumps.line_words import is_note
from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

TORN = (
    "财政拨款 单位资金\n支出项目类别 总计\n小计 一般公共\n预算拨款\n政府性基金\n预算拨款\n国有资本经\n营预算拨款\n财政专户\n"
    "管理资金 事业收入 事业单位\n经营收入\n其他收入\n上年结余、\n结转\n"
)
OF_UNITS = "某某市水务局 {0}\n　工资福利支出 {1}\n　商品和服务支出 {2}\n"
ROWS = (
    "9.00 6.00 5.00 1.00 0.00 0.00 2.00 0.00 1.00 0.00",
    "6.00 4.00 4.00 0.00 0.00 0.00 2.00 0.00 0.00 0.00",
    "3.00 2.00 1.00 1.00 0.00 0.00 0.00 0.00 1.00 0.00",
)


def basic(heading: str, rows: str) -> list[Line]:
    return lines_of(read(f"部门预算基本支出预算表\n部门名称：某某市水务局 单位：万元\n{heading}{rows}", year=2026))


def funds(lines: list[Line], row: int) -> dict[str | None, str]:
    return {line.fund: line.amount_text for line in lines if line.row == row and line.amount}


def test_a_heading_torn_over_its_lines_is_put_together() -> None:
    lines = basic(TORN, OF_UNITS.format(*ROWS))
    assert {line.column_evidence for line in lines} == {"printed"}
    assert funds(lines, 1) == {
        "total": "9.00", "fiscal_appropriation": "6.00", "general_public": "5.00", "government_fund": "1.00", "business": "2.00",
        "other": "1.00",
    }  # fmt: skip
    assert all(line.x0 is None for line in lines)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row.replace("6.00 5.00 1.00", "6.00 5.00 0.00") for row in ROWS[:1]] * 3, id="numbers that do not add up"),
        pytest.param([row.rsplit(" ", 1)[0] for row in ROWS], id="a column without any number"),
        pytest.param([f"{row} 0.00" for row in ROWS], id="a column more than the heading names"),
        pytest.param(["0.00 " * 10] * 3, id="nothing but zeros"),
    ],
)
def test_what_the_rows_do_not_prove_is_held_back(rows: list[str]) -> None:
    assert not any(line.amount and line.fund for line in basic(TORN, OF_UNITS.format(*rows)))


def test_pieces_in_an_order_that_no_form_has_prove_no_order() -> None:
    swapped = TORN.replace("一般公共\n预算拨款\n政府性基金\n预算拨款\n", "政府性基金\n预算拨款\n一般公共\n预算拨款\n")
    assert not any(line.fund == "general_public" for line in basic(swapped, OF_UNITS.format(*ROWS)))


def test_two_names_side_by_side_are_not_made_one_to_meet_the_number_of_columns() -> None:
    text = (
        "政府性基金预算支出表\n单位：万元\n科目编码 科目名称 合计\n基本支出\n项目支出\n"
        "212 城乡社区支出 9.00 9.00\n21208 国有土地使用权出让收入安排的支出 9.00 9.00\n2120806 土地出让业务支出 9.00 9.00\n"
    )
    assert not any(line.nature == "basic" for line in lines_of(read(text, year=2026)))


def test_a_nature_beside_a_total_that_is_full_without_it_is_a_part_of_others() -> None:
    text = (
        "部门支出总表\n单位：万元\n科目编码 科目名称 支出总计 基本支出 项目支出 事业单位\n经营支出\n对附属单位\n补助支出 上缴上级支出\n"
        + "206 科学技术支出 9.00 4.00 5.00 0.00 0.00 0.00\n20601 科学技术管理事务 9.00 4.00 5.00 0.00 0.00 0.00\n" * 20
        + "211 节能环保支出 9.00 4.00 5.00 2.00 0.00 0.00\n"
    )
    found = {line.nature for line in lines_of(read(text, year=2026)) if line.amount_text == "2.00"}
    assert found == {"of_which_operating"}


def test_a_total_row_without_zeros_shows_the_columns_of_rows_with_blanks() -> None:
    text = (
        "一般公共预算支出表\n单位：万元\n功能分类科目 预算数\n科目编码 科目名称 合计\n基本支出 项目支出\n"
        "小计 人员经费 公用经费 项目支出总数\n"
        "扣除基建项目后预算\n数\n2010601 行政运行 7.00 7.00 4.00 3.00\n2010602 一般行政管理事务 5.00 5.00 5.00\n"
        "合计 12.00 7.00 4.00 3.00 5.00 5.00\n"
    )
    lines = lines_of(read(text, year=2026))
    assert {line.nature: line.amount_text for line in lines if line.code == "2010601"} == {
        "total": "7.00", "basic": "7.00", "basic_personnel": "4.00", "basic_operating": "3.00",
    }  # fmt: skip
    assert [line.nature for line in lines if line.code == "2010602"][:2] == ["total", "project"]


def test_a_cut_name_is_whole_where_the_document_prints_it_and_held_back_elsewhere() -> None:
    rows = (
        "某某市水务局 {0}\n　工资福利支出 {1}\n某某市河道\n管理所 {1}\n　工资福利支出 {1}\n（深度处理工\n程二期） {2}\n"
        "净水厂建\n设一期 {2}\n"
    ).format(*ROWS)
    named = {line.name for line in basic(TORN, rows)}
    assert "管理所" not in named and "设一期" not in named
    text = f"第一部分 概况\n某某市河道管理所\n\n部门预算基本支出预算表\n部门名称：某某市水务局 单位：万元\n{TORN}{rows}"
    named = {line.name for line in lines_of(read(text, year=2026))}
    assert "某某市河道管理所" in named and "设一期" not in named


def test_a_heading_on_the_next_page_names_no_row() -> None:
    rows = OF_UNITS.format(*ROWS)
    page = f"部门预算基本支出预算表\n部门名称：某某市水务局 单位：万元\n{TORN}"
    assert {line.name for line in lines_of(read(f"{page}{rows}\f{page}某某市水文局 {ROWS[1]}\n", year=2026))} >= {
        "某某市水务局",
        "某某市水文局",
    }


def test_a_second_table_without_a_title_is_not_the_first() -> None:
    text = (
        "一般公共预算支出表（按支出功能分类科目）\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
        "204 公共安全支出 9.00 4.00 5.00\n20406 司法 9.00 4.00 5.00\n2040601 行政运行 9.00 4.00 5.00\n"
        "合计 9.00 4.00 5.00\n301 工资福利支出 4.00 4.00 0.00\n30101 基本工资 4.00 4.00 0.00\n"
    )
    assert {line.scheme for line in lines_of(read(text, year=2026))} == {"function"}


CLASSES = (
    "部门支出总表\n单位：万元\n支出功能分类科目 政府支出经济分类科目 部门支出经济分类科目 合计 基本支出 项目支出\n"
    "2010601-行政运行 50101-工资奖金津补贴 30101-基本工资 4.00 4.00\n2010601-行政运行 50201-办公经费 3021101-差旅费 3.00 3.00\n"
    "{}合计 9.00 4.00 5.00\n"
)


def test_a_row_may_name_its_class_in_three_classifications() -> None:
    lines = lines_of(read(CLASSES.format("2010602-一般行政管理事务 50205-委托业务费 30227-委托业务费 2.00 2.00\n"), year=2026))
    found = {(line.code, line.government_economic_code, line.department_economic_code) for line in lines if line.level}
    assert found == {("2010601", "50101", "30101"), ("2010601", "50201", "3021101"), ("2010602", "50205", "30227")}


@pytest.mark.parametrize(
    "row", ["50205-委托业务费 30227-委托业务费 2.00 2.00\n", "2010602-无此科目 50205-委托业务费 30227-委托业务费 2.00 2.00\n"]
)
def test_a_row_that_has_lost_one_of_its_classes_is_held_back(row: str) -> None:
    assert not any(line.amount_text == "2.00" for line in lines_of(read(CLASSES.format(row), year=2026)))


def test_a_row_that_has_lost_its_code_is_held_back_where_others_have_one() -> None:
    text = (
        "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n204 公共安全支出 9.00 4.00 5.00\n"
        "20406 司法 9.00 4.00 5.00\n2040601 行政运行 4.00 4.00 0.00\n基层司法业务 5.00 0.00 5.00\n合计 9.00 4.00 5.00\n"
    )
    assert {line.code for line in lines_of(read(text, year=2026))} == {"204", "20406", "2040601", None}
    assert not any(line.name == "基层司法业务" for line in lines_of(read(text, year=2026)))


def test_a_note_below_a_title_is_no_column() -> None:
    assert is_note("(按支出功能分类科目-不含上年结转)")
    assert not is_note("(境)费用") and not is_note("因公出国(境)费") and not is_note("上年结转")
    text = (
        "一般公共预算支出明细表\n（按支出功能分类科目-不含上年结转）\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
        "204 公共安全支出 9.00 4.00 5.00\n20406 司法 9.00 4.00 5.00\n"
    )
    assert {line.fund for line in lines_of(read(text, year=2026))} == {"general_public"}


def test_words_below_rows_of_one_number_are_labels_of_empty_rows() -> None:
    text = (
        "部门收入预算总表\n单位：万元\n项目名称 金额\n收入总计 9.00\n公共财政拨款（补助）资金 9.00\n"
        "事业收入\n经营收入\n专户管理教育收费\n其他收入\n"
    )
    assert {line.fund for line in lines_of(read(text, year=2026)) if line.level} == {"general_public"}


def test_the_last_character_of_a_name_is_put_to_it_and_that_of_another_is_not() -> None:
    text = (
        "部门支出预算分单位明细表\n单位：元\n预算单位 合计\n基本支出\n人员经费 公用经费\n序\n号\n项目支出\n"
        "某某市水务局 90,000 30,000 20,000 40,000\n合计 90,000 30,000 20,000 40,000\n"
    )
    lines = lines_of(read(text, year=2026))
    assert {line.nature for line in lines} == {"total", "basic_personnel", "basic_operating", "project"}
    assert {line.column_evidence for line in lines} <= {"printed", "solved"}


def test_a_row_that_its_own_sum_decides_is_decided_when_the_steps_run_out() -> None:
    many = [Variable(tuple({n * 2 + at: 2**n} for at in (0, 1))) for n in range(40)]
    row = Variable(({100: 7, 101: 7}, {101: 7, 102: 7}))
    of_row = Constraint((100,), (101, 102))
    of_column = Constraint(tuple(range(0, 80, 2)), (100, 200))
    solution = solve([*many, row], [of_row, of_column], steps=50)
    assert solution.possible[-1] == (0,)
    assert len(solution.undecided) > 1


ROW_BY_ROW = "支出项目类别 总计\n财政拨款 {}\n一般公共\n预算拨款\n政府性基金\n预算拨款\n"


@pytest.mark.parametrize("beside", ["单位资金", "其他收入", "上年结转"])
def test_a_heading_written_row_by_row_is_not_in_the_order_of_its_columns(beside: str) -> None:
    rows = OF_UNITS.format("9.00 9.00 0.00 0.00", "5.00 5.00 0.00 0.00", "4.00 4.00 0.00 0.00")
    found = [line for line in basic(ROW_BY_ROW.format(beside), rows) if line.amount and line.fund != "total"]
    assert {line.fund for line in found} <= {None, "general_public"}


def test_a_heading_between_rows_that_names_other_columns_is_of_another_table() -> None:
    heading = "科目编码 科目名称 合计\n"
    text = (
        f"一般公共预算支出表\n单位：万元\n{heading}基本\n支出\n项目\n支出\n204 公共安全支出 9.00 4.00 5.00\n\f"
        f"{heading}人员\n经费\n公用\n经费\n208 社会保障和就业支出 9.00 4.00 5.00\n"
    )
    assert not any(line.nature == "project" for line in lines_of(read(text, year=2026)))


def test_a_whole_amount_that_looks_like_a_code_is_an_amount() -> None:
    text = (
        "一般公共预算基本支出表\n单位：元\n科目编码 科目名称 合计\n301 工资福利支出 60,402.50\n"
        "30101 基本工资 30301\n30102 津贴补贴 30,101.50\n"
    )
    assert {line.code: line.amount_text for line in lines_of(read(text, year=2026))}["30101"] == "30301"
