"""Whose document it is, of which year and kind: what stands beside the evidence misleads nobody, and contradictions are left open."""

from __future__ import annotations

import re

import pytest

from pipeline.document.content import Content, Page, TextLine
from pipeline.document.inputs.sources import Hint
from pipeline.identity.identify import Identity, identify
from pipeline.identity.words import any_word, either, words_of

TABLES = [
    "收入总表 支出总表 财政拨款收支总表",
    "基本支出1,000.00万元，项目支出234.56万元，“三公”经费3.00万元。",
]


def what(*pages: list[str], hint: Hint | None = None) -> Identity:
    lines = [*pages, TABLES]
    return identify(Content("text/plain", "text", tuple(Page(n, 0.0, 0.0, tuple(map(TextLine, p))) for n, p in enumerate(lines, 1))), hint)


@pytest.mark.parametrize(
    "pages",
    [
        [["目　录", "主要职责", "机构设置", "常德市林业局2023年部门预算", "收支总表"]],
        [["常德市林业局2023年部门预算"], ["目录", "人员构成", "重点工作", "常德市林业局2023年部门预算", "收支总表"]],
        [["目录主要职责机构设置常德市林业局2023年部门预算"]],
        [["一、单位职责", "二、内设机构", "三、常德市林业局", "2023年部门预算"]],
        [["目 录", "第一部分 部门概况", "一、部门职责", "第二部分 常德市林业局2023年部门预算表"]],
        [["常德市林业局", "2023年部门预算"], ["目录", "年度工作任务", "常德市林业局", "2023年部门预算", "说明"]],
        [["政务公开", "常德市林业局2023年部门预算", "反映常德市林业局2023年度收入支出情况"]],
    ],
)
def test_lines_beside_a_title_are_no_part_of_the_name(pages: list[list[str]]) -> None:
    found = what(*pages)
    assert (found.department, found.fiscal_year, found.region_code, found.doubts) == ("常德市林业局", 2023, "430700", ())


@pytest.mark.parametrize(
    ("pages", "department"),
    [
        ([["常德市人民政府国有资产监督", "管理委员会2023年部门预算"], ["部门：常德市人民政府国有资产监督管理委员会 单位：万元"]],
         "常德市人民政府国有资产监督管理委员会"),
        ([["中国人民政治协商会议", "常德市委员会办公室2023年部门预算"]], "中国人民政治协商会议常德市委员会办公室"),
        ([["中共常德市委", "组织部2023年", "部门预算"]], "中共常德市委组织部"),
        ([["湖南省", "常德市林业局2023年部门预算"]], "湖南省常德市林业局"),
        ([["九三学社", "常德市委员会2023年部门预算"]], "九三学社常德市委员会"),
    ],
)  # fmt: skip
def test_a_name_that_a_cover_breaks_is_whole(pages: list[list[str]], department: str) -> None:
    assert what(*pages).department == department


@pytest.mark.parametrize(
    "line",
    ["本表反映常德市林业局2023年度收入支出情况。", "反映常德市林业局2023年度支出总体情况。", "反映部门2023年度收入支出预算。",
     "反映事业单位开展专业业务活动及其辅助活动以外的收入。", "根据常德市财政局2023年度预算批复编制。"],
)  # fmt: skip
def test_what_a_table_shows_is_no_name(line: str) -> None:
    found = what(["2023年部门预算", line])
    assert found.department is None or not found.department.startswith(("反映", "本", "根据"))


@pytest.mark.parametrize(
    "printed",
    ["常德市林业局（常德市绿化委员会办公室）", "常德市林业局（加挂常德市绿化委员会办公室牌子）", "常德市林业局（市绿化委员会办公室）",
     "常德市林业局(挂市绿化办牌子)", "常德市林业局（常德市绿化委员会办公室）（汇总）"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{}2023年部门预算", "2023年{}部门预算", "部门：{} 单位：万元", "{}2023年度部门决算"])
def test_a_second_name_in_brackets_is_no_part_of_the_name(printed: str, form: str) -> None:
    found = what(["2023年部门预算公开", form.format(printed)])
    assert (found.department, found.level) == ("常德市林业局", "department")


@pytest.mark.parametrize(
    ("name", "department"),
    [("中共常德市委党校（常德市行政学院）", "中共常德市委党校"), ("常德市中医医院（常德市第二人民医院）", "常德市中医医院"),
     ("常德市图书馆（常德市少年儿童图书馆）", "常德市图书馆"), ("常德市实验小学（西校区）", "常德市实验小学（西校区）"),
     ("常德市美术馆（筹）", "常德市美术馆（筹）")],
)  # fmt: skip
def test_units_with_two_names(name: str, department: str) -> None:
    assert what([f"{name}2023年单位预算"]).department == department


@pytest.mark.parametrize(
    "sentence",
    [
        "常德市林木种苗站是常德市林业局所属公益一类事业单位，主要职责是良种繁育。",
        "本单位为常德市林业局下属的全额拨款事业单位。",
        "我站系常德市林业局直属单位。",
        "常德市林木种苗站隶属于常德市林业局，正科级。",
        "本单位隶属常德市林业局管理。",
        "主管部门：常德市林业局",
        "本单位是市林业局所属事业单位。",
        "本单位属常德市林业局二级预算单位。",
        "由常德市林业局主管，为公益一类事业单位。",
        "举办单位为常德市林业局。",
        "部门：常德市林业局 单位：常德市林木种苗站 金额单位：万元",
        "常德市林木种苗站（以下简称市种苗站）是常德市林业局（常德市绿化委员会办公室）归口管理的事业单位。",
    ],
)
def test_the_department_of_a_unit_is_stated_in_many_ways(sentence: str) -> None:
    found = what(["常德市林木种苗站2023年单位预算", sentence, "本单位内设3个科室，下属单位无。"])
    assert (found.department, found.level, found.parent_department) == ("常德市林木种苗站", "unit", "常德市林业局")


@pytest.mark.parametrize(
    "sentence",
    ["本单位负责常德市林业局所属单位的后勤。", "本单位是公益一类事业单位。", "本单位无下属单位。", "是预算主管部门及所属预算单位的支出。",
     "常德市苗圃是常德市林木种苗站下属单位。"],
)  # fmt: skip
def test_a_department_that_is_not_stated_is_none(sentence: str) -> None:
    assert what(["常德市林木种苗站2023年单位预算", sentence]).parent_department is None


@pytest.mark.parametrize(
    "lines",
    [
        ["2019年常德市作家协会预算情况说明", "收入总预算80万元，比2018年预算安排增加2万元。", "采购预算3万元，2018年预算安排4万元。"],
        ["常德市作家协会2019年“三公”经费预算公开", "公务接待费1万元，2018年预算安排2万元，较2018年预算支出减少1万元。"],
        ["常德市作家协会", "2019年预算支出80万元，2018年预算支出78万元，2018年预算安排78万元。"],
        ["常德市作家协会预算说明", "2019年部门收支80万元，比2018年预算安排增加2万元。2018年预算支出78万元。"],
        ["2019年度部门预算公开说明", "部门：常德市作家协会 单位：万元", "2018年预算支出78万元，与2018年预算安排持平。"],
        ["常德市作家协会", "（2019年度）", "2018年预算安排4万元。", "2018年预算支出9万元。", "2018年度预算执行情况"],
    ],
)
def test_years_of_comparisons_are_not_the_documents(lines: list[str]) -> None:
    found = what(lines)
    assert (found.fiscal_year, found.kind) == (2019, "budget")


@pytest.mark.parametrize(
    "lines",
    [
        ["常德市博物馆“三公”经费公开", "2021年度一般公共预算财政拨款“三公”经费支出决算表", "项目 预算数 支出决算数"],
        ["常德市博物馆2021年度“三公”经费决算情况", "一般公共预算财政拨款支出", "项目 年初预算数 决算数"],
        ["常德市博物馆", "2021年度“三公”经费支出公开表", "项目 预算数 决算数", "预算数为年初预算数"],
        ["常德市博物馆2021年“三公”经费预决算公开", "项目 全年预算数 决算数"],
        ["常德市博物馆“三公”经费支出情况", "2021年度 单位：万元", "项目 预算数 决算数"],
        ["2021年常德市博物馆决算公开", "一般公共预算财政拨款支出、政府性基金预算财政拨款支出、国有资本经营预算支出"],
        ["（2021年度）", "部门：常德市博物馆 单位：万元", "一般公共预算财政拨款收入支出决算总表", "预算数 决算数"],
    ],
)
def test_short_final_accounts_are_no_budgets(lines: list[str]) -> None:
    found = what(lines)
    assert (found.kind, found.fiscal_year) == ("final_account", 2021)


@pytest.mark.parametrize(
    "lines",
    [
        ["2021年常德市博物馆部门预算", "项目 2019年决算数 2020年预算数 2021年预算数"],
        ["常德市博物馆", "2021年收支预算总表", "项目 上年决算数 本年预算数", "决算数据由财政部门批复"],
        ["2021年部门预算公开说明", "2020年度部门决算说明另行公开。"],
        ["常德市博物馆", "2021年一般公共预算支出表", "一般公共预算财政拨款支出"],
        ["常德市博物馆2021年“三公”经费预算情况说明", "2020年决算数3万元，比2020年决算减少。"],
    ],
)
def test_budgets_that_look_back_are_budgets(lines: list[str]) -> None:
    found = what(lines)
    assert (found.kind, found.fiscal_year) == ("budget", 2021)


def test_a_cover_that_all_else_contradicts_is_no_proof_of_the_body() -> None:
    fields = ["收支总表", "部门：常德市林业局 单位：万元"]
    found = what(["常德市水利局2023年部门预算"], fields, fields, ["第一部分 常德市林业局概况", "常德市林业局2023年度收入预算总计80万元。"])
    assert found.department is None
    assert [sentence for sentence in found.doubts if "常德市水利局" in sentence and "常德市林业局" in sentence]


def test_two_bodies_spoken_for_alike_are_none() -> None:
    assert what(["部门：常德市林业局 单位：万元", "部门：常德市水利局 单位：万元", "2023年部门预算"]).department is None


def test_a_year_that_all_else_contradicts_is_doubtful() -> None:
    found = what(["常德市林业局2022年部门预算"], ["2023年收支预算总表", "项目 2023年预算数"], ["本部门2023年收入80万元。"])
    assert found.fiscal_year is None and len(found.doubts) == 1
    assert what(["常德市林业局2022年部门预算"], ["2023年收支预算总表"]).fiscal_year == 2022


def test_what_is_doubtful_may_be_told_by_the_registry() -> None:
    found = what(["常德市林业局2022年部门预算"], ["2023年收支预算总表"], ["本部门2023年收入80万元。"], hint=Hint(fiscal_year=2023))
    assert (found.fiscal_year, found.from_hint) == (2023, ("fiscal_year",))


@pytest.mark.parametrize(
    ("cover", "department"),
    [
        (["常德市林业局（本级）2023年部门预算"], "常德市林业局（本级）"),
        (["2023年常德市林业局", "（本级）单位预算"], "常德市林业局（本级）"),
        (["常德市林业局", "常德市林业局（机关）2023年单位预算"], "常德市林业局（机关）"),
        (["常德市林业局本级2023年单位预算"], "常德市林业局本级"),
        (["2023年单位预算", "常德市林业局机关本级"], "常德市林业局机关本级"),
    ],
)
def test_the_own_office_of_a_department_is_named_as_its_cover_names_it(cover: list[str], department: str) -> None:
    found = what(cover, ["收支总表", "单位名称：常德市林业局 单位：万元"])
    assert (found.department, found.level, found.parent_department) == (department, "unit", "常德市林业局")


@pytest.mark.parametrize("field", ["部门：常德市林业局（本级）", "编制部门：常德市林业局（汇总）", "单位名称：常德市林业局机关本级"])
def test_a_field_does_not_make_a_departments_budget_that_of_its_own_office(field: str) -> None:
    found = what(["常德市林业局2023年部门预算"], [field], [field], [field])
    assert (found.department, found.level, found.parent_department) == ("常德市林业局", "department", None)


def test_where_no_cover_names_the_body_its_fields_do() -> None:
    found = what(["2023年单位预算公开表"], ["部门：常德市林业局（本级）"], ["部门：常德市林业局（本级）"], ["单位名称：常德市林业局"])
    assert (found.department, found.level, found.parent_department) == ("常德市林业局（本级）", "unit", "常德市林业局")


def one_page(*lines: str) -> Identity:
    return identify(Content("text/plain", "text", (Page(1, 0.0, 0.0, tuple(map(TextLine, lines))),)))


@pytest.mark.parametrize(
    "lines",
    [
        ["2018年清风市质量技术监督局“三公”经费预算情况说明", "因公出国（境）费0元；公务用车运行维护费28.6万元；公务接待费4万元。"],
        ["清风市质量技术监督局2018年“三公经费”预算对比增减说明", "公务接待费8万元，公务车辆运行25万元。"],
        ["清风市质量技术监督局财政拨款“三公”经费预算2018年情况如下：", "2018年公务用车运行维护费28万元。", "2018年安排公务接待费4万元。"],
    ],
)
def test_a_page_on_three_items_alone_names_its_body(lines: list[str]) -> None:
    found = one_page(*lines)
    assert (found.department, found.fiscal_year, found.kind, found.unpublishable) == ("清风市质量技术监督局", 2018, "budget", None)


def test_the_year_before_three_items_in_a_heading_is_the_documents() -> None:
    found = one_page("许镇镇2020年“三公”经费决算", "“三公”经费决算数共计35.5万元，公务接待费15.5万元。", "南陵县许镇镇人民政府")
    assert (found.department, found.fiscal_year, found.kind) == ("南陵县许镇镇人民政府", 2020, "final_account")


def test_who_runs_a_site_is_not_whose_budget_it_shows() -> None:
    found = one_page("清风市水务局2020年部门预算", "第一部分 概况", "清风市人民政府主办 清风市行政审批局承办")
    assert found.department == "清风市水务局"
    assert one_page("2020年“三公”经费支出说明", "清风市人民政府主办 清风市行政审批局承办").department is None


def test_an_office_whose_name_holds_such_words_by_chance_is_named() -> None:
    assert one_page("清风省政协办公厅2020年部门预算").department == "清风省政协办公厅"


def test_what_all_offices_of_a_place_spend_is_no_bodys_budget() -> None:
    found = one_page(
        "2021年“三公”经费预算", "经汇总，2021年区本级一般公共预算中“三公”经费支出预算为4432万元。", "2021年区本级“三公”经费预算支出表"
    )
    assert found.unpublishable is not None


@pytest.mark.parametrize(
    ("lines", "department"),
    [
        (["常德市林业局（本级） 2023 年度决算公开说明"], "常德市林业局（本级）"),
        (["常德市林业局", "2023年度决算公开报告", "目录"], "常德市林业局"),
        (["常德高新技术产业开发区（常德市鼎城区）建设局2023年度部门决算公开说明"], "常德高新技术产业开发区（常德市鼎城区）建设局"),
        (["安乡县大鲸港镇（部门、单位名称）2023年部门决算"], "安乡县大鲸港镇"),
        (["2023年部门决算", "（一）安乡县大鲸港镇人民政府主要职能。"], "安乡县大鲸港镇人民政府"),
        (["2023年部门决算", "按照综合预算的原则，安乡县大鲸港镇人民政府所有收入和支出均纳入部门预算管理。"], "安乡县大鲸港镇人民政府"),
        (["安乡县林业局2023年度“三公”经费财政拨款支出决算为68.3万元，完成年初预算的88.7%。"], "安乡县林业局"),
    ],
)
def test_forms_of_titles_and_sentences_that_name_the_body(lines: list[str], department: str) -> None:
    found = what(lines)
    assert (found.department, found.fiscal_year, found.doubts) == (department, 2023, ())


def test_a_heading_of_the_contents_says_no_other_year_than_the_title() -> None:
    found = what(["2026年常德市林业局部门预算", "目 录", "第二部分 2025年部门预算表", "第三部分 2025年部门预算情况说明"])
    assert (found.fiscal_year, found.doubts) == (2026, ())


def test_the_own_office_in_the_list_of_units_does_not_make_the_document_its_own() -> None:
    units = "纳入安乡县大鲸港镇人民政府2023年部门预算编制范围的预算单位包括："
    found = what(["安乡县大鲸港镇人民政府2023年部门预算", units, "1.安乡县大鲸港镇人民政府本级", "2.安乡县大鲸港镇文化站"])
    assert (found.department, found.parent_department, found.level) == ("安乡县大鲸港镇人民政府", None, "department")


def test_a_title_that_says_all_needs_fewer_other_words() -> None:
    text = ["2022年度收入总计2,766.12万元，支出总计2,766.12万元。", "（一）支出决算情况说明"]

    def published(title: str) -> bool:
        found = identify(Content("text/plain", "text", (Page(1, 0.0, 0.0, tuple(map(TextLine, [title, *text]))),)))
        return found.unpublishable is None

    assert published("安乡县供销合作社2022年部门决算公开说明")
    assert not published("安乡县供销合作社2022年部门决算编制工作总结")


@pytest.mark.parametrize(
    "lines",
    [
        ["安乡县人民政府关于2022年财政收支预算调整情况的报告", "全县一般公共预算收入预算安排2022年，全县一般公共预算收入安排290000万元。"],
        ["一、全镇收支决算情况", "2023年全镇一般财政公共总收入实现11335万元。"],
    ],
)
def test_what_a_government_takes_in_as_a_whole_is_no_departments_budget(lines: list[str]) -> None:
    assert "a whole government" in str(what(lines).unpublishable)


def test_a_duty_to_collect_what_a_government_takes_in_is_none_of_its_amounts() -> None:
    lines = ["一、主要职责", "负责全县一般公共预算收入征管，2023年收支总计120万元。"]
    assert "a whole government" not in str(what(lines).unpublishable)


def test_a_department_may_tell_what_its_place_takes_in() -> None:
    found = what(["常德市财政局2023年部门预算", "2022年全市一般公共预算收入完成123亿元。"])
    assert (found.department, found.unpublishable) == ("常德市财政局", None)


@pytest.mark.parametrize("attributes", [("kind",), ("copula", "all_money"), ("parent", "parent_verb")])
def test_a_first_look_finds_whatever_a_pattern_of_the_same_words_finds(attributes: tuple[str, ...]) -> None:
    for phrase in (phrase for attribute in attributes for phrase in words_of(attribute)):
        for line in (phrase, f"某{phrase}了", f"甲{phrase}乙", f"年初{phrase}"):
            assert re.search(any_word(*attributes), line)
            assert re.search(either(*attributes), phrase)


@pytest.mark.parametrize(
    "heading", ["2023年决算数与2022年决算数对比情况", "2022年与2023年“三公”经费支出决算情况", "2023年决算和2022年决算比较表"]
)
def test_a_heading_that_compares_two_years_says_of_neither_that_it_is_the_documents(heading: str) -> None:
    assert what([heading]).fiscal_year in (None, 2023)  # the later of two columns may be the document's own
    assert what(["常德市林业局2023年部门决算", heading, heading, heading]).fiscal_year == 2023
