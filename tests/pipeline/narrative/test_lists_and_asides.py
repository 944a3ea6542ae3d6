"""Lists that begin with the number of their heading again, changes in brackets and behind lists, two numbers of one change."""

from __future__ import annotations

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

THREE = "三、“三公”经费预算情况说明"
SUMMARY = "一、收支预算总体情况说明"
SPENDING = "三、支出预算情况说明"
ON_PERFORMANCE = "七、预算绩效情况说明"
YUAN = 10000


def read(*paragraphs: str, final: bool = False) -> Narrative:
    lines = tuple(TextLine(text) for paragraph in paragraphs for text in (paragraph, ""))
    content = Content("lines", "text", (Page(1, 0, 0, lines),))
    return read_narrative(content, fiscal_year=2023, book=code_book(), final=final, department="松湖县水务局")


def amounts(told: Narrative) -> dict[str, float]:
    return {line.code or line.nature: float(line.amount / YUAN) for line in told.lines}


def changes(told: Narrative) -> list[tuple[str, float | None, float | None, bool]]:
    return [
        (
            c["code"] or (c["nature"] if c["nature"] not in (None, "total") else c["flow"]),
            None if c["change_amount"] is None else float(c["change_amount"] / YUAN),
            None if c["change_pct"] is None else float(c["change_pct"]),
            c["flat"],
        )
        for c in told.year_on_year
    ]


def figures(told: Narrative) -> dict[str, float]:
    return {f["indicator"]: float(f["value"]) for f in told.key_figures}


def held(told: Narrative) -> list[str]:
    return [clause for clause, _, _ in told.held_back]


# -- lists below a heading of their own level ------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [("（一）", "（二）", "（三）"), ("1.", "2.", "3."), ("①", "②", "③"), ("(1)", "(2)", "(3)")])
def test_a_list_that_begins_with_the_number_of_its_heading_stands_below_it(numbers: tuple[str, str, str]) -> None:
    first, second, third = numbers
    told = read(
        f"{first}“三公”经费预算情况",
        "2023年“三公”经费预算9万元。",
        f"{first}因公出国（境）费0万元，与上年持平。",
        f"{second}公务接待费2万元。",
        f"{third}公务用车运行维护费7万元。",
    )
    assert amounts(told) == {"total": 9, "abroad": 0, "reception": 2, "vehicle_operation": 7}
    assert changes(told) == [("abroad", None, None, True)]


def test_what_names_another_section_is_no_item_of_such_a_list() -> None:
    told = read(
        "（一）“三公”经费预算情况",
        "2023年“三公”经费预算9万元。",
        "（一）因公出国（境）费0万元。",
        "（二）机关运行经费2023年为80万元。",
        "（三）政府采购预算总额230万元。",
    )
    assert amounts(told) == {"total": 9, "abroad": 0}
    assert figures(told) == {"agency_operating_expenditure": 800000, "procurement_total": 2300000}


def test_a_number_that_is_not_the_next_closes_the_heading() -> None:
    told = read(
        "（一）“三公”经费预算情况",
        "（一）公务接待费2万元。",
        "（二）公务用车运行维护费7万元。",
        "（二）其他说明事项共9项。",
        "一般公共预算支出90万元。",
    )
    assert amounts(told) == {"reception": 2, "vehicle_operation": 7, "total": 90}  # in the 三公 section no other amount is taken


def test_what_names_another_fund_or_the_budget_behind_a_year_is_no_item_of_such_a_list() -> None:
    told = read(
        "（一）一般公共预算支出情况",
        "2023年一般公共预算支出90万元。",
        "（一）基本支出70万元。",
        "（二）项目支出20万元。",
        "（三）2023年政府性基金预算支出5万元。",
    )
    assert [(line.fund, line.nature) for line in told.lines][-3:] == [
        ("general_public", "basic"),
        ("general_public", "project"),
        ("government_fund", "total"),
    ]
    told = read("五、“三公”经费情况", "“三公”经费9万元。", "一、2023年收入总计90万元。", "二、2023年一般公共预算支出80万元。")
    assert [float(line.amount / YUAN) for line in told.lines] == [9, 90, 80]  # of the next unit: no part of the last one's 三公


def test_an_amount_of_three_public_below_no_heading_is_told() -> None:
    assert held(read("松湖县水务局概况", "（一）因公出国（境）费支出5万元，与上年持平。")) == ["（一）因公出国（境）费支出5万元"]


def test_operating_costs_beside_three_public() -> None:
    told = read(
        "三、“三公”经费和机关运行经费预算情况说明", "“三公”经费预算9万元，比上年减少1万元。", "机关运行经费预算80万元，比上年增加2万元。"
    )
    assert amounts(told) == {"total": 9}
    assert figures(told) == {"agency_operating_expenditure": 800000}
    assert changes(told) == [("total", -1, None, False), ("agency_operating_expenditure", 2, None, False)]


def test_a_purchase_is_no_total_of_procurement_as_a_part_of_something_else() -> None:
    told = read("四、机关运行经费预算情况说明", "机关运行经费预算80万元，其中：政府采购30万元。")
    assert figures(told) == {"agency_operating_expenditure": 800000}
    assert sum(len(unread.numbers) for unread in told.unread) == 1


def test_an_amount_of_another_section_is_counted_as_unread() -> None:
    told = read(THREE, "“三公”经费预算9万元。", "政府采购预算总额230万元。")
    assert figures(told) == {}
    assert [unread.numbers for unread in told.unread] == [("政府采购预算总额230万元",)]


# -- changes in brackets, behind lists, of two numbers ----------------------------------------------------------------------


def test_a_change_in_brackets_behind_an_amount() -> None:
    told = read(THREE, "公务接待费2万元（较上年下降5%），公务用车运行维护费7万元（与上年持平），公务用车购置费0万元（占0%）。")
    assert changes(told) == [("reception", None, -5, False), ("vehicle_operation", None, None, True)]
    assert amounts(told) == {"reception": 2, "vehicle_operation": 7, "vehicle_purchase": 0}


LISTED = "“三公”经费合计10万元，其中：公务接待费2万元，公务用车运行维护费8万元"


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("；该费用较上年减少2万元。", None),
        ("；该费用较上年减少2万元，下降16.67%。", "total"),
        ("；该费用较上年减少2万元（下降16.67%）。", "total"),
        ("，该费用较上年减少2万元，下降20%。", "vehicle_operation"),
        ("，该费用较上年减少2万元（下降20%）。", "vehicle_operation"),
        ("。该项经费较上年减少2万元。", "total"),
    ],
)
def test_this_expense_behind_a_list_is_what_its_percentage_says(said: str, of: str | None) -> None:
    told = read(THREE, LISTED + said)
    assert [c[0] for c in changes(told)] == ([of] if of else [])
    assert len(held(told)) == (of is None)


def test_this_expense_behind_each_part_is_that_part() -> None:
    told = read(THREE, "“三公”经费合计10万元，其中：公务接待费2万元，该费用较上年减少1万元；公务用车运行维护费8万元，该费用较上年持平。")
    assert changes(told) == [("reception", -1, None, False), ("vehicle_operation", None, None, True)]


@pytest.mark.parametrize(
    "said",
    [
        "分别比上年增加8万元、7万元",
        "分别比上年增加8万元和7万元",
        "各比上年增加8万元、7万元",
        "分别比上年增长8%、7%",
        "分别比上年增长8%和7%",
    ],
)
def test_two_numbers_of_one_change_are_given_to_neither(said: str) -> None:
    told = read(SUMMARY, f"收入总计90万元，支出总计80万元，{said}。")
    assert changes(told) == []
    assert held(told) == [said]


@pytest.mark.parametrize(
    "said",
    [
        "分别比上年增加8万元、减少7万元",
        "分别比上年增加8万元",
        "各比上年增加8万元、减少7万元",
        "收入、支出总计分别比上年增加8万元、减少7万元",
    ],
)
def test_changes_of_each_that_go_two_ways_or_need_not_be_of_both_are_told(said: str) -> None:
    told = read(SUMMARY, f"收入总计90万元，支出总计80万元，{said}。")
    assert changes(told) == []
    assert "".join(held(told)).replace("、", "") == said.replace("、", "")


def test_one_number_of_each_is_of_both() -> None:
    told = read(SUMMARY, "收入总计90万元，支出总计90万元。收入、支出总计分别比上年增加8万元，增长9.76%。")
    assert changes(told) == [("revenue", 8, 9.76, False), ("expenditure", 8, 9.76, False)]


# -- parts behind words of usage ----------------------------------------------------------------------------------------------


def test_parts_of_basic_spending_behind_its_use() -> None:
    said = "用于保障机构正常运转的日常支出，包括基本工资、津贴补贴等人员经费70万元以及办公费、水电费等公用经费20万元"
    told = read(SPENDING, f"基本支出90万元，{said}，比上年增加5万元。")
    assert amounts(told) == {"basic": 90, "basic_personnel": 70, "basic_operating": 20}
    assert changes(told) == [("basic", 5, None, False)]
    assert amounts(read(SPENDING, f"基本支出90万元（{said}）；项目支出30万元。"))["basic_operating"] == 20


def test_a_change_behind_such_parts_that_commas_list_may_be_of_either() -> None:
    told = read(SPENDING, "基本支出90万元，用于日常支出，包括人员经费70万元，公用经费20万元，比上年增加5万元。")
    assert changes(told) == []
    assert held(told) == ["比上年增加5万元"]


def test_changes_of_such_parts_are_theirs() -> None:
    told = read(SPENDING, "基本支出90万元，用于日常支出，包括人员经费70万元，较上年增加3万元，公用经费20万元，较上年增加2万元。")
    assert changes(told) == [("basic_personnel", 3, None, False), ("basic_operating", 2, None, False)]


@pytest.mark.parametrize("said", ["项目支出30万元，用于水利工程，包括人员经费5万元", "基本支出90万元，用于运转，包括人员经费增加5万元"])
def test_other_amounts_behind_words_of_usage_are_no_parts(said: str) -> None:
    assert "basic_personnel" not in amounts(read(SPENDING, f"{said}。"))


# -- reasons ------------------------------------------------------------------------------------------------------------------


def test_a_reason_of_a_difference_from_the_own_budget_ends_before_the_change_on_last_year() -> None:
    told = read(
        "七、财政拨款“三公”经费支出决算情况说明",
        "公务接待费支出预算为3万元，支出决算为2万元，完成预算的66.67%，决算数小于预算数的主要原因是厉行节约，"
        "与上年相比减少1万元，减少33.33%，减少的主要原因是批次减少。",
        final=True,
    )
    assert [(c["code"], c["reason"]) for c in told.year_on_year] == [("reception", "批次减少")]
    assert changes(told) == [("reception", -1, -33.33, False)]
    assert any("厉行节约" in clause and "与上年" not in clause for clause, _, _ in told.remarks)


def test_a_change_within_a_list_of_such_reasons_is_of_one_of_them() -> None:
    said = "决算数大于预算数的主要原因：一是调资，比上年增加5万元；二是新增项目。"
    assert changes(read(SPENDING, f"支出决算90万元，完成年初预算的110%。{said}", final=True)) == []


def test_a_smaller_number_of_something_else_in_such_a_reason_is_no_change() -> None:
    told = read(
        "七、财政拨款“三公”经费支出决算情况说明",
        "公务接待费支出决算为2万元，决算数小于预算数的主要原因是接待减少，较上年减少20人次。",
        final=True,
    )
    assert changes(told) == []


def test_a_reason_of_revenue_and_spending_that_moved_on_last_year() -> None:
    told = read(SUMMARY, "收入预算90万元，同比增加8万元；支出预算90万元，同比增加8万元。收支预算同比增加的主要原因是新增项目。")
    assert [c["reason"] for c in told.year_on_year] == ["新增项目", "新增项目"]


# -- projects and staff -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("对8个项目开展绩效自评，涉及金额356万元，自评结果为优的6个", {"projects": 8, "amount": 3560000}),
        ("开展绩效自评项目8个，资金356万元", {"projects": 8, "amount": 3560000}),
        ("开展绩效自评项目8个，资金缺口20万元", {"projects": 8}),
        ("自评结果显示，8个项目得分较高", {}),
    ],
)
def test_projects_that_were_evaluated(said: str, of: dict[str, float]) -> None:
    told = read("十二、预算绩效情况说明", f"{said}，绩效良好。", final=True)
    assert figures(told) == {f"performance_self_evaluated_{what}": value for what, value in of.items()}


def test_counts_of_projects_of_two_kinds_are_told() -> None:
    told = read(ON_PERFORMANCE, "项目支出全部实行绩效目标管理，涉及本级项目3个、下属单位项目12个，预算资金356万元。")
    assert figures(told) == {"performance_amount": 3560000}
    assert [why for _, _, why in told.remarks] == ["one of several counts of projects"]


def test_the_parts_of_a_count_of_staff_that_is_not_known_whose_are_told_too() -> None:
    told = read("一、人员构成情况", "松湖县水务局机关在职人员62人，其中：行政人员23人，事业人员39人。")
    assert figures(told) == {}
    assert len(told.remarks) == 3


@pytest.mark.parametrize(
    ("said", "percent"),
    [
        ("减少5万元（-6.28%）", -6.28),
        ("减少5万元（6.28%）", -6.28),
        ("减少5万元（下降6.28%）", -6.28),
        ("增加5万元（6.28%）", 6.28),
        ("增加5万元（-6.28%）", None),
        ("增加-5万元（-6.28%）", -6.28),
    ],
)
def test_the_sign_of_a_percentage_in_brackets_is_that_of_its_change(said: str, percent: float | None) -> None:
    told = read("四、机关运行经费预算情况说明", f"机关运行经费预算80万元，比上年{said}。")
    assert [c[2] for c in changes(told)] == [percent]


def test_two_dashes_are_no_sign_of_the_number_behind_them() -> None:
    told = read(THREE, "1.因公出国（境）费——0万元，与上年持平。", "2.公务接待费——2万元，比上年减少1万元。")
    assert amounts(told) == {"abroad": 0, "reception": 2}
    assert changes(told) == [("abroad", None, None, True), ("reception", -1, None, False)]


def test_two_dashes_between_years_part_nothing() -> None:
    assert amounts(read(SPENDING, "2021——2023年支出总计90万元。")) == {}


def test_digits_that_may_be_one_number_are_told_in_every_section() -> None:
    told = read(ON_PERFORMANCE, "2023年对12个项目开展绩效评价，涉及金额1，234.56万元。")
    assert [unread.numbers for unread in told.unread] == [("2023年对12个项目开展绩效评价，涉及金额1，234.56万元",)]


def test_two_dashes_within_a_name_part_nothing() -> None:
    assert amounts(read(SPENDING, "项目支出30万元，具体包括：", "1.上级下达资金——政府性基金预算5万元，主要用于活动。")) == {"project": 30}


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("外事接待费用，与上年持平。", []),
        ("业务招待支出情况，比上年减少1万元。", []),
        ("厉行节约压缩经费，与上年持平。", ["total"]),
        ("2023年预算9万元，与上年持平。", ["total"]),
    ],
)
def test_an_expense_that_is_not_known_is_not_that_of_the_heading(said: str, of: list[str]) -> None:
    told = read(THREE, said)
    assert [c[0] for c in changes(told)] == of
    assert len(held(told)) == (not of)


@pytest.mark.parametrize(("said", "of"), [("水利项目经费，比上年增加5万元。", []), ("该项经费，比上年增加5万元。", ["expenditure"])])
def test_an_expense_that_is_not_known_is_not_that_of_the_sentence_before(said: str, of: list[str]) -> None:
    assert [c[0] for c in changes(read(SPENDING, f"支出90万元。{said}"))] == of


def test_a_figure_of_the_year_before_is_not_the_year_s() -> None:
    told = read("五、政府采购情况", "上年政府采购总额161万元，2023年政府采购总额170万元。")
    assert figures(told) == {"procurement_total": 1700000}
    assert sum(len(unread.numbers) for unread in told.unread) == 1


def test_income_is_no_item_of_a_list_of_spending() -> None:
    told = read("（一）一般公共预算支出情况", "（一）2023年支出总计90万元。", "（二）2023年收入总计95万元。")
    assert [(line.flow, line.fund) for line in told.lines] == [("expenditure", "general_public"), ("revenue", "total")]


@pytest.mark.parametrize(
    ("part", "known"), [("其中基本工资增长", False), ("其中差旅费用", False), ("其中基本支出占70%", True), ("包括基本工资、奖金", True)]
)
def test_a_part_that_is_not_known_is_not_its_whole(part: str, known: bool) -> None:
    told = read(SPENDING, f"支出预算90万元，{part}，比上年增加5万元。")
    assert changes(told) == ([("expenditure", 5, None, False)] if known else [])


def test_a_reason_behind_the_sentence_of_the_parts_is_that_of_the_whole_too() -> None:
    told = read(
        THREE,
        "“三公”经费预算9万元，比上年减少1万元。其中：公务接待费2万元，比上年减少1万元；公务用车运行维护费7万元，与上年持平。原因是节约。",
    )
    assert [(c["code"], c["reason"]) for c in told.year_on_year] == [("total", "节约"), ("reception", "节约"), ("vehicle_operation", None)]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("公务接待费2万元，比上年减少1万元。主要原因是节约。", None),
        ("公务用车购置费7万元，比上年增加2万元。主要原因是购车。", None),
        ("公务接待费2万元，比上年减少3万元；公务用车运行维护费7万元，比上年增加2万元。主要原因是购车。", None),
        ("公务接待费2万元，比上年减少1万元。原因是节约；公务用车运行维护费7万元，比上年减少2万元。原因是报废。", None),
        ("公务接待费2万元，比上年减少1万元；公务用车运行维护费7万元，比上年减少2万元。主要原因是节约。", "节约"),
        ("公务接待费2万元，公务用车运行维护费7万元。主要原因是节约。", "节约"),
    ],
)
def test_a_reason_behind_parts_is_that_of_the_whole_where_several_moved_as_it_did(parts: str, whole: str | None) -> None:
    told = read(THREE, f"“三公”经费预算9万元，比上年减少1万元。其中：{parts}")
    assert [c["reason"] for c in told.year_on_year if c["code"] == "total"] == [whole]


def test_a_reason_behind_parts_is_of_their_whole_alone() -> None:
    told = read(
        SUMMARY,
        "收入90万元，比上年增加8万元，支出80万元，比上年增加3万元。"
        "其中：基本支出50万元，比上年增加2万元；项目支出30万元，比上年增加1万元。主要原因是调资。",
    )
    assert [c["reason"] for c in told.year_on_year if c["flow"] == "revenue"] == [None]


def test_a_reason_of_a_part_is_not_that_of_the_whole() -> None:
    told = read(THREE, "“三公”经费预算9万元，比上年减少1万元。其中：公务接待费2万元，比上年减少1万元，原因是节约。")
    assert [(c["code"], c["reason"]) for c in told.year_on_year] == [("total", None), ("reception", "节约")]


@pytest.mark.parametrize(
    ("said", "number"),
    [("水务局核定编制65人", 65), ("松湖县水务局核定编制65人", 65), ("市水务局核定编制65人", None), ("教育局核定编制65人", None)],
)
def test_the_body_may_be_named_without_its_place(said: str, number: int | None) -> None:
    assert figures(read("二、人员构成", f"{said}。")).get("staff_established") == number


def test_what_is_bought_of_small_enterprises_alone() -> None:
    told = read("五、政府采购情况说明", "政府采购预算230万元，其中：货物30万元，服务200万元；专门面向中小企业采购金额161万元，占70%。")
    assert figures(told)["procurement_reserved_sme"] == 1610000


def test_projects_beside_the_whole_department() -> None:
    told = read(ON_PERFORMANCE, "部门整体支出及12个项目支出设置绩效目标。")
    assert figures(told) == {"performance_projects": 12}


@pytest.mark.parametrize(
    ("said", "flat"),
    [
        ("其中：公务接待费2万元，公务用车运行维护费8万元，与上年持平", []),
        ("其中：公务接待费2万元；公务用车运行维护费8万元，与上年持平", ["vehicle_operation"]),
        ("其中：公务接待费2万元，与上年持平，公务用车运行维护费8万元，与上年持平", ["reception", "vehicle_operation"]),
        ("其中：公务接待费2万元、公务用车运行维护费8万元，均与上年持平", ["total", "reception", "vehicle_operation"]),
    ],
)
def test_no_change_behind_a_list_is_of_its_last_part_alone_where_a_mark_says_so(said: str, flat: list[str]) -> None:
    told = read(THREE, f"“三公”经费预算10万元，{said}。")
    assert [c[0] for c in changes(told) if c[3]] == flat
    assert len(held(told)) == (not flat)


def test_a_list_by_another_division_is_of_no_class_before_it() -> None:
    told = read(
        SPENDING,
        "支出预算90万元。按功能分类：农林水支出80万元、住房保障支出10万元。按支出性质：基本支出60万元、项目支出30万元。增加主要是调资。",
    )
    assert amounts(told) == {"total": 90, "213": 80, "221": 10, "basic": 60, "project": 30}


def test_a_change_behind_such_lists_is_not_that_of_their_last_part() -> None:
    told = read(SPENDING, "支出预算90万元。按支出性质：基本支出60万元、项目支出30万元。较上年增加8万元。")
    assert changes(told) == []
    assert held(told) == ["较上年增加8万元"]


def test_leaders_of_a_vice_province_are_ministerial() -> None:
    told = read("六、国有资产占有使用情况说明", "共有车辆3辆，其中：副省级及以上领导用车1辆、主要领导用车0辆、其他用车2辆。")
    assert figures(told)["vehicles_owned_ministerial"] == 1
    assert "vehicles_owned_officials" not in figures(told)
