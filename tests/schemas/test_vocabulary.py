"""The reviewed words: every row can be matched, means something the contract knows, and titles and headers say what they should."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pipeline.budget.characters import fold
from schemas import columns
from schemas.statements import BUILT_IN, read_title
from schemas.vocabulary import read_header, read_row_label
from schemas.vocabulary.narrative import StatedIn, section_phrases, stated_in
from schemas.vocabulary.titles import TitleMeaning

FOLDER = Path(columns.__file__).parent / "vocabulary"
VALUES = {
    "fund": set(columns.FUNDS),
    "nature": set(columns.NATURES),
    "measure": set(columns.MEASURES),
    "three_public": set(columns.THREE_PUBLIC_CODES),
    "flow": set(columns.FLOWS),
    "percent": {"percent"},
    "plain": {""},
    "open": {""},
}
HEADER_VALUES = VALUES | {
    "role": {
        "code",
        "name",
        "government_code",
        "government_name",
        "unit_code",
        "unit_name",
        "serial",
        "group",
        "text",
        "count",
        "quantity",
        "year",
        "catalogue",
        "catalogue_code",
    },
    "total": {"", "revenue", "expenditure"},
    "current_total": {"", "revenue", "expenditure"},
}
ROW_VALUES = {
    "open": {""},
    "total": {"total", "current"},
    "page_sum": {"page_sum"},
    "drawn": {"surplus"},
    "fund": VALUES["fund"],
    "nature": VALUES["nature"],
    "three_public": VALUES["three_public"],
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("name", "allowed"), [("headers.csv", HEADER_VALUES), ("row_labels.csv", ROW_VALUES)])
def test_every_phrase_is_folded_and_says_what_the_contract_knows(name: str, allowed: dict[str, set[str]]) -> None:
    for row in rows(name):
        assert row["phrase"] and fold(row["phrase"]) == row["phrase"], row
        assert row["match"] in ("exact", "contains", "ends"), row
        part = row["attribute"] == "of_which" or (row["attribute"] == "nature" and row["value"].startswith("of_which_"))
        assert re.fullmatch(r"of_which_[a-z0-9_]+", row["value"]) if part else row["value"] in allowed[row["attribute"]], row


@pytest.mark.parametrize("name", ["headers.csv", "row_labels.csv"])
def test_no_phrase_is_said_to_mean_two_things(name: str) -> None:
    seen: dict[tuple[str, str], str] = {}
    listed = [(row["phrase"], row["match"], row["attribute"]) for row in rows(name)]
    assert len(listed) == len(set(listed))
    for row in rows(name):
        assert seen.setdefault((row["phrase"], row["attribute"]), row["value"]) == row["value"], row


@pytest.mark.parametrize(("name", "read"), [("headers.csv", read_header), ("row_labels.csv", read_row_label)])
def test_every_phrase_alone_is_understood_as_its_row_says(name: str, read: object) -> None:
    assert callable(read)
    exact = {row["phrase"] for row in rows(name) if row["match"] == "exact"}
    for row in rows(name):
        if row["match"] != "exact" and row["phrase"] in exact:
            continue  # alone it means what the exact row says; inside a longer header this row counts
        says = read(row["phrase"])
        if row["attribute"] == "open":
            assert says == {}
            continue
        attribute = "carryover" if (row["attribute"], row["value"]) == ("fund", "carryover") else row["attribute"]
        assert says.get(attribute) == row["value"], row


def test_titles_are_folded_and_name_known_statements() -> None:
    for row in rows("titles.csv"):
        assert row["statement"] in BUILT_IN, row
        assert not row["fund"] or row["fund"] in columns.FUNDS, row
        assert not row["nature"] or row["nature"] in columns.NATURES, row
        assert not row["flow"] or row["flow"] in columns.FLOWS, row
        assert row["requires"], row
        for words in (row["requires"], row["excludes"]):
            assert fold(words) == "".join(words.split()), row


def test_sections_of_the_narrative_speak_of_declared_statements() -> None:
    values = {attribute: {v for _, a, v in section_phrases() if a == attribute} for attribute in ("fund", "aspect")}
    for row in stated_in():
        assert row.statement is None or row.statement in BUILT_IN
        assert row.fund is None or row.fund in values["fund"]
        assert row.aspects <= values["aspect"] | {"unsaid"}
        assert row.flow is None or row.flow in columns.FLOWS
        assert row.levels <= {0, 1, 2, 3}
    assert stated_in()[-1] == StatedIn("expenditure_summary"), "the last row is for whatever no other fits"


def test_every_statement_of_the_contract_can_be_announced() -> None:
    assert {row["statement"] for row in rows("titles.csv")} == set(BUILT_IN)


@pytest.mark.parametrize(
    ("title", "statement", "fund", "nature"),
    [
        ("部门财务收支预算总表", "revenue_expenditure_summary", None, None),
        ("收支总体情况表", "revenue_expenditure_summary", None, None),
        ("单位收入预算总表", "revenue_summary", None, None),
        ("支出预算总表", "expenditure_summary", None, None),
        ("支出预算分单位明细表", "expenditure_by_unit", None, None),
        ("部门财政拨款收支预算总表", "fiscal_appropriation_summary", "fiscal_appropriation", None),
        ("财政拨款支出预算表（功能科目）", "fiscal_appropriation_by_function", "fiscal_appropriation", None),
        ("财政拨款支出预算明细表", "fiscal_appropriation_by_unit", "fiscal_appropriation", None),
        ("财政拨款基本支出预算表（经济科目）", "fiscal_appropriation_basic_by_economic", "fiscal_appropriation", "basic"),
        ("部门预算基本支出预算表", "basic_expenditure", None, "basic"),
        ("一般公共预算支出（功能分类）预算表", "general_public_by_function", "general_public", None),
        ("一般公共预算支出表（按经济分类）", "general_public_by_economic", "general_public", None),
        ("一般公共预算基本支出（部门预算经济分类）预算表", "general_public_basic_by_economic", "general_public", "basic"),
        ("一般公共预算项目支出情况表（按经济分类科目）", "general_public_project_by_economic", "general_public", "project"),
        ("一般公共预算机关运行经费支出预算表", "agency_operating", "general_public", None),
        ("机关运行经费支出预算表", "agency_operating", None, None),
        ("财政拨款上年结转资金支出表", "carryover_expenditure", "carryover_fiscal_appropriation", None),
        ("政府性基金预算支出表", "government_fund_by_function", "government_fund", None),
        ("国有资本经营预算支出表", "state_capital_by_function", "state_capital", None),
        ("“三公”经费和机关运行经费预算表", "three_public", None, None),
        ("“三公”经费、会议费、培训费支出表", "three_public", None, None),
        ("一般公共预算“三公”经费支出表", "three_public", "general_public", None),
        ("政府性基金预算“三公”经费支出预算表", "three_public", "government_fund", None),
        ("国有资本经营预算“三公”经费支出预算表", "three_public", "state_capital", None),
        ("一般公共预算及政府性基金财政拨款“三公”经费支出决算表", "three_public", None, None),
        ("一般公共预算、国有资本经营预算“三公”经费支出表", "three_public", None, None),
        ("项目支出预算表", "project_expenditure", None, "project"),
        ("人员类、公用经费项目支出表", "other", None, "basic"),
        ("人员类、运转类、特定目标类项目支出表", "project_expenditure", None, "project"),
        ("财政专户管理资金支出预算表", "other", "special_account", None),
        ("单位资金支出预算表", "other", "unit_funds", None),
        ("项目支出绩效目标表", "performance_targets", None, None),
        ("部门整体支出绩效目标表", "performance_targets", None, None),
        ("政府采购预算表", "procurement", None, None),
        ("政府购买服务支出表", "other", None, None),
        # final accounts
        ("收入支出决算总表", "revenue_expenditure_summary", None, None),
        ("收入决算表", "revenue_summary", None, None),
        ("支出决算表", "expenditure_summary", None, None),
        ("财政拨款收入支出决算总表", "fiscal_appropriation_summary", "fiscal_appropriation", None),
        ("一般公共预算财政拨款支出决算表", "general_public_by_function", "general_public", None),
        ("一般公共预算财政拨款基本支出决算明细表", "general_public_basic_by_economic", "general_public", "basic"),
        ("一般公共预算财政拨款“三公”经费支出决算表", "three_public", "general_public", None),
        ("政府性基金预算财政拨款收入支出决算表", "government_fund_by_function", "government_fund", None),
        ("国有资本经营预算财政拨款支出决算表", "state_capital_by_function", "state_capital", None),
        # further words of one place change nothing
        ("2021年度市级部门财政拨款收支预算总表（不含上年结转）", "fiscal_appropriation_summary", "fiscal_appropriation", None),
        ("一般公共预算支出表（不含上年结转）", "general_public_by_function", "general_public", None),
        ("财政拨款支出表（不含上年结转资金）", "fiscal_appropriation_by_function", "fiscal_appropriation", None),
        ("某某研究所2019年部门综合支出预算总表", "expenditure_summary", None, None),
        # a part of a statement in one of its own is none of those that hold the whole
        ("一般公共预算基本支出表-人员经费（工资福利支出）（按政府预算经济分类）", "other", "general_public", "basic"),
        ("基本支出预算明细表—对个人和家庭的补助", "other", None, "basic"),
        ("商品和服务支出预算表（按部门预算经济分类）", "other", None, None),
        ("一般公共预算人员经费支出表", "other", "general_public", "basic_personnel"),
        ("公用经费支出预算表", "other", None, "basic_operating"),
        ("基本支出预算表（人员经费、公用经费）", "basic_expenditure", None, "basic"),
        ("基本支出预算表（工资福利支出、商品和服务支出、对个人和家庭的补助）", "basic_expenditure", None, "basic"),
        ("公务接待费支出明细表", "other", None, None),
        ("因公出国（境）费用情况表", "other", None, None),
        ("公务用车购置及运行费情况表", "other", None, None),
        ("因公出国（境）费、公务接待费、公务用车购置及运行费预算表", "three_public", None, None),
        ("其他资金收支预算表", "other", "other", None),
        ("财政拨款及其他资金收支总表", "fiscal_appropriation_summary", "fiscal_appropriation", None),
        ("纳入专户管理的非税收入拨款支出预算表", "other", "special_account", None),
        ("社会保险基金支出预算表", "other", None, None),
        ("一般公共预算收支平衡表", "other", None, None),
        ("行政事业类项目收入支出决算表", "project_expenditure", None, "project"),
        ("集中采购预算表", "procurement", None, None),
        ("药品采购支出表", "other", None, None),
        ("政府采购药品支出表", "procurement", None, None),
        ("采购项目预算明细表", "procurement", None, None),
        ("固定资产占用情况表", "other", None, None),
        # bodies that are named after what statements are about
        ("某市国有资产监督管理委员会2022年收入总表", "revenue_summary", None, None),
        ("某县政府采购中心收支预算总表", "revenue_expenditure_summary", None, None),
        ("2021年某市预算绩效评价中心部门支出总表", "expenditure_summary", None, None),
        ("某县社会保险基金管理局一般公共预算支出表", "general_public_by_function", "general_public", None),
        ("表三 某市国有资产管理局2021年财政拨款收支总表", "fiscal_appropriation_summary", "fiscal_appropriation", None),
        ("某市非税收入管理局2020年收入决算表", "revenue_summary", None, None),
        ("某市公务用车服务中心部门整体支出绩效目标表", "performance_targets", None, None),
        ("国有资产部门占用情况表", "other", None, None),
        ("国有资产处置收入表", "other", None, None),
        ("政府采购办公设备支出表", "procurement", None, None),
    ],
)
def test_a_title_announces_its_statement(title: str, statement: str, fund: str | None, nature: str | None) -> None:
    assert read_title(fold(title)) == TitleMeaning(statement, fund, nature)


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("政府性基金预算收入表", "government_fund"),
        ("国有资本经营收入预算表", "state_capital"),
        ("一般公共预算收入预算表", "general_public"),
        ("财政专户管理资金收入预算表", "special_account"),
        ("财政拨款收入预算表", "fiscal_appropriation"),
        ("非财政拨款收入预算表", None),
        ("非税收入征收计划表", None),
        ("其他收入决算情况表", None),
    ],
)
def test_income_from_one_source_is_no_statement_of_all_income(title: str, fund: str | None) -> None:
    assert read_title(fold(title)) == TitleMeaning("other", fund, None, "revenue")


@pytest.mark.parametrize(
    ("title", "fund", "flow"),
    [
        ("民生实事支出预算表", None, None),
        ("教育支出预算表", None, None),
        ("清风县教育局疫情防控支出表", None, None),
        ("支出进度情况表", None, None),
        ("乡村振兴资金收支总表", None, None),
        ("清风县涉农资金支出明细表", None, None),
        ("房屋出租收入表", None, "revenue"),
        ("一般公共预算民生支出表", "general_public", None),
        ("一般公共预算上级专款支出表（按经济分类）", "general_public", None),
        ("政府性基金专项债券支出表", "government_fund", None),
        ("国有资本经营预算注资支出表", "state_capital", None),
        ("财政拨款党建支出表", "fiscal_appropriation", None),
    ],
)
def test_a_title_with_words_that_nobody_knows_may_be_of_a_part(title: str, fund: str | None, flow: str | None) -> None:
    assert read_title(fold(title)) == TitleMeaning("other", fund, None, flow)


@pytest.mark.parametrize(
    "body", ["应急管理局", "清风县机关事务管理局", "清风县住房公积金管理中心", "清风县人民政府办公室", "清风县社会经济调查队", "清风大学"]
)
@pytest.mark.parametrize("title", ["{}支出预算表", "2024年{}支出表", "支出预算表（{}）", "{}2024年度部门支出预算表"])
def test_a_body_named_with_words_of_statements_limits_nothing(title: str, body: str) -> None:
    read = read_title(fold(title.format(body)))
    assert read is not None
    assert read.statement == "expenditure_summary"


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("清风县教育局2024年度支出预算总表", "expenditure_summary"),
        ("清风县第一中学支出预算表", "expenditure_summary"),
        ("清风县双拥支出总表", "expenditure_summary"),
        ("我院2024年支出预算表", "expenditure_summary"),
        ("支出预算明细表（按功能分类科目到项级）", "expenditure_summary"),
        ("部门支出预算核定汇总表", "expenditure_summary"),
        ("部门支出预算核定表（分单位）", "expenditure_by_unit"),
        ("部门整体支出预算表", "expenditure_summary"),
        ("全镇收支决算情况", "revenue_expenditure_summary"),
        ("部门经费收支预算简表（人民币：万元）", "revenue_expenditure_summary"),
        ("行政事业单位收入支出决算总表（财决公开01表）", "revenue_expenditure_summary"),
        ("附件2：二○二四年度部门收入预算表", "revenue_summary"),
        ("一般公共预算当年拨款支出预算表（类款项）", "general_public_by_function"),
        ("公共财政预算支出表", "general_public_by_function"),
        ("一般公共预算支出表（按部门预算经济分类）", "general_public_by_economic"),
        ("政府性基金预算支出情况表", "government_fund_by_function"),
        ("清风县人民政府办公室财政拨款收支总体情况表", "fiscal_appropriation_summary"),
    ],
)
def test_a_title_of_known_words_and_a_body_is_of_the_whole(title: str, statement: str) -> None:
    read = read_title(fold(title))
    assert read is not None
    assert read.statement == statement


@pytest.mark.parametrize(
    ("title", "statement", "fund", "nature"),
    [
        # of several sources none is the title's own, and of what it leaves out it says nothing
        ("收入预算表（财政拨款收入、事业收入、其他收入）", "revenue_summary", None, None),
        ("一般公共预算和财政专户管理资金收入表", "revenue_summary", None, None),
        ("收入预算表（含一般公共预算、财政专户、单位资金）", "revenue_summary", None, None),
        ("收入预算表（含政府性基金）", "revenue_summary", None, None),
        ("收入预算表（不含政府性基金）", "revenue_summary", None, None),
        ("收入预算表（不含财政专户管理资金）", "other", None, None),
        ("支出预算表（不含单位资金）", "other", None, None),
        ("财政专户管理资金和单位资金支出表", "other", None, None),
        ("财政资金和其他资金支出预算表", "expenditure_summary", None, None),
        ("事业收入及其他资金支出表", "expenditure_summary", None, None),
        ("支出预算表（含上年结转）", "expenditure_summary", None, None),
        # parts of basic spending are named alone
        ("一般公共预算基本支出表（不含人员经费）", "other", "general_public", "basic"),
        ("基本支出预算表（除公用经费外）", "basic_expenditure", None, "basic"),
        ("基本支出预算表（含人员经费）", "basic_expenditure", None, "basic"),
        ("基本支出预算表（工资福利支出等）", "basic_expenditure", None, "basic"),
        ("一般公共预算基本支出表（工资福利支出、商品服务支出）", "general_public_basic_by_economic", "general_public", "basic"),
        ("人员经费及其他支出预算表", "expenditure_summary", None, None),
        ("人员经费支出表（不含离退休）", "other", None, "basic_personnel"),
        ("临聘人员经费支出预算表", "other", None, None),
        # projects of which some are purchases are projects
        ("项目支出及采购项目明细表", "project_expenditure", None, "project"),
        ("项目支出预算表（含采购项目）", "project_expenditure", None, "project"),
        ("项目支出预算表（固定资产购置）", "other", None, "project"),
        ("部门项目收支预算总表", "revenue_expenditure_summary", None, None),
        ("采购支出和机关运行经费情况表", "other", None, None),
        # parts of 三公 that are named with others
        ("因公出国（境）费用、会议费、培训费支出表", "three_public", None, None),
        ("因公出国（境）费等三项经费支出表", "three_public", None, None),
        # bodies, before and behind
        ("某县社会保险费征缴中心2022年部门收入预算总表", "revenue_summary", None, None),
        ("某市国有土地上房屋征收与补偿办公室2022年收入总表", "revenue_summary", None, None),
        ("收支总表（某市公务接待中心）", "revenue_expenditure_summary", None, None),
        ("支出总表（某县政府采购中心）", "expenditure_summary", None, None),
        # what is in it too is said in brackets
        ("机关运行经费支出表（含三公经费）", "agency_operating", None, None),
        ("一般公共预算支出表（含政府性基金）", "government_fund_by_function", "government_fund", None),
    ],
)
def test_a_title_is_of_a_part_where_it_names_that_part_alone(title: str, statement: str, fund: str | None, nature: str | None) -> None:
    read = read_title(fold(title))
    assert read is not None
    assert (read.statement, read.fund, read.nature) == (statement, fund, nature)


@pytest.mark.parametrize("text", ["目录", "名词解释", "机构设置情况", "第二部分", ""])
def test_what_is_no_title_of_a_statement(text: str) -> None:
    assert read_title(fold(text)) is None


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("合计", {"total": ""}),
        ("一般公共预算拨款收入", {"fund": "general_public"}),
        ("财政拨款收入", {"fund": "fiscal_appropriation"}),
        ("非财政拨款结余", {"fund": "non_fiscal_surplus"}),  # the longer phrase counts: it is no 财政拨款
        ("上年结转", {"carryover": "carryover"}),
        ("上年结转政府性基金", {"carryover": "carryover", "fund": "government_fund"}),
        ("其他资金收入", {"fund": "unit_funds"}),
        ("其他资金", {"fund": "other"}),
        ("事业单位经营支出", {"nature": "operating"}),
        ("事业单位经营收入", {"fund": "operating"}),
        ("公务用车购置及运行费", {"three_public": "vehicles"}),
        ("公务用车购置费", {"three_public": "vehicle_purchase"}),
        ("公务用车运行维护费", {"three_public": "vehicle_operation"}),
        ("其中:政府采购", {"of_which": "of_which_procurement"}),
        ("上年预算数", {"measure": "prior_year_budget"}),
        ("全年预算数", {"measure": "adjusted_budget"}),
        ("增减变化金额", {"measure": "change"}),
        ("合计(不含上年结转)", {"total": ""}),  # an aside says nothing of the column
        ("功能科目编码", {"role": "code"}),
        ("支出功能分类编码", {"role": "code"}),
        ("经济分类名称", {"role": "name"}),
        ("单位名称(科目)", {"role": "name"}),
        ("项目编码", {"role": "text"}),  # no code of a classification
        ("金额合计", {"total": ""}),
        ("对下级单位补助支出", {"nature": "subsidy_to_subordinates"}),
        ("人员经费(万元)", {"nature": "basic_personnel"}),
        ("蓝色的大象", {}),
    ],
)
def test_what_a_header_says(header: str, says: dict[str, str]) -> None:
    assert read_header(header) == says


@pytest.mark.parametrize("header", ["增减率", "增减幅度(%)", "占比", "增减变化比例"])
def test_a_column_of_percentages_says_so(header: str) -> None:
    assert read_header(header).get("percent") == "percent"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("合计", {"total": "total"}),
        ("收入总计", {"total": "total"}),
        ("本年支出合计", {"total": "current"}),
        ("事业收入", {"fund": "business"}),
        ("使用非财政拨款结余", {"fund": "non_fiscal_surplus", "drawn": "surplus"}),
        ("使用专用结余", {"fund": "non_fiscal_surplus", "drawn": "surplus"}),
        ("上年结转", {"carryover": "carryover"}),
        ("年末结转和结余", {"carryover": "carryover", "nature": "carryforward"}),
        ("结转下年", {"nature": "carryforward"}),
        ("人员经费和公用经费", {"nature": "basic"}),
        ("人员经费", {"nature": "basic_personnel"}),
        ("公务用车运行维护费", {"three_public": "vehicle_operation"}),
        ("公务用车购置及运行费", {"three_public": "vehicles"}),
        ("事业单位经营服务支出", {"fund": "operating", "nature": "operating"}),
        ("政府性基金预算结转", {"fund": "government_fund", "carryover": "carryover"}),
        ("一般公共预算结转下年", {"fund": "general_public", "carryover": "carryover", "nature": "carryforward"}),
        ("转入事业基金", {"nature": "of_which_other"}),
        ("差旅费", {}),
        ("合计金额说明", {}),
    ],
)
def test_what_the_name_of_a_row_says(name: str, says: dict[str, str]) -> None:
    assert read_row_label(name) == says


@pytest.mark.parametrize(
    ("bilingual", "chinese"),
    [
        ("合计Total", "合计"),
        ("基本支出BasicExpenditure", "基本支出"),
        ("ئومۇمىي合计", "合计"),
        ("合计སྤྱི", "合计"),
        ("ᠪᠦᠭᠦᠳᠡ项目支出", "项目支出"),
    ],
)
def test_words_of_another_language_beside_the_chinese_ones_change_nothing(bilingual: str, chinese: str) -> None:
    assert read_header(fold(bilingual)) == read_header(chinese) != {}
    assert read_row_label(fold(bilingual)) == read_row_label(chinese)


def test_letters_that_are_part_of_a_name_stay() -> None:
    assert read_header("合计PPP") != read_header("合计")


@pytest.mark.parametrize(
    ("label", "item"),
    [
        ("公务用车购置费", "vehicle_purchase"),
        ("公务用车运行维护费", "vehicle_operation"),
        ("公务用车购置及运行维护费", "vehicles"),
        ("公务用车购置和公务用车运行费", "vehicles"),
        ("公务用车购置费、运行费", "vehicles"),
        ("公务用车购置公务用车运行费维护费", None),  # two cells run together
        ("公务用车购置费运行维护费", None),
        ("因公出国(境)费公务接待费", None),
        ("购置费", "vehicle_purchase"),
        ("机关运行经费", "agency_operating"),
    ],
)
def test_a_label_that_names_two_items_of_three_public_is_of_neither(label: str, item: str | None) -> None:
    assert (read_header(label).get("three_public"), read_row_label(label).get("three_public")) == (item, item)


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("2013年一般公共预算支出表（到项级科目）", "general_public_by_function"),
        ("市直部门支出预算表", "expenditure_summary"),
        ("本年度支出预算总表", "expenditure_summary"),
        ("部门支出预算表（人大审议稿）", "expenditure_summary"),
        ("支出预算表（二上）", "expenditure_summary"),
        ("部门预算信息公开支出总表", "expenditure_summary"),
        ("政府性基金预算支出表（本年度无此项支出）", "government_fund_by_function"),
        ("国有资本经营预算支出表（不涉及）", "state_capital_by_function"),
        ("二零一六年支出预算总表", "expenditure_summary"),
        ("财政补助收支预算表", "fiscal_appropriation_summary"),
        ("财政拨款（补助）支出预算表", "fiscal_appropriation_by_function"),
        ("收、支预算总表", "revenue_expenditure_summary"),
        ("中央部门支出总表", "expenditure_summary"),
        ("1-12月支出总表", "expenditure_summary"),
        ("清风市粮食调剂中心支出预算表", "expenditure_summary"),
        ("一般公共预算支出表（含上级资金）", "general_public_by_function"),
        ("一般公共预算基本支出表（工资福利支出、商品和服务支出、对个人和家庭的补助）", "general_public_basic_by_economic"),
        ("三公经费上年决算与本年预算表", "three_public"),
    ],
)
def test_words_that_limit_nothing_leave_a_title_that_of_the_whole(title: str, statement: str):
    assert (read_title(fold(title)) or TitleMeaning("", None, None)).statement == statement


@pytest.mark.parametrize(
    ("title", "fund", "nature"),
    [
        ("2023年追加支出预算表", None, None),
        ("1-9月支出总表", None, None),
        ("1月至9月支出总表", None, None),
        ("中央财政拨款支出表", "fiscal_appropriation", None),
        ("一般公共预算1—9月支出表", "general_public", None),
        ("上半年基本支出表", None, "basic"),
        ("一般公共预算离退休人员基本支出表", "general_public", "basic"),
        ("未下达项目支出表", None, "project"),
        ("上年度支出表", None, None),
        ("上年结余安排支出表", None, None),
        ("其他支出明细表", None, None),
        ("青年支出表", None, None),
        ("下年度支出表", None, None),
        ("总部支出表", None, None),
        ("调整后支出预算表", None, None),
        ("待批复支出预算表", None, None),
        ("代表支出表", None, None),
        ("预算外支出表", None, None),
        ("事业支出表", None, None),
        ("支出预算调整表", None, None),
        ("上级财政补助支出表", None, None),
        ("2023年上半年“三公”经费支出情况表", None, None),
    ],
)
def test_a_title_with_words_that_limit_is_of_no_whole(title: str, fund: str | None, nature: str | None):
    read = read_title(fold(title))
    assert read is not None
    assert (read.statement, read.nature) == ("other", nature)
    assert fund is None or read.fund == fund
