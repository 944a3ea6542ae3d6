"""Reasons: in the words of many places, whole, given to what they explain, and told where they explain nothing that is known.

The sentences are made in the wording of several provinces; names and figures are made.
"""

from __future__ import annotations

import pytest

from pipeline.narrative.claims.facts import Narrative
from tests.pipeline.narrative.test_parts_of_wholes import read

EXPENDITURE = "二、支出预算情况说明"
WITHOUT_CHANGE = "the reason of a change that is stated without an amount, or of something that is not known"
OF_UNKNOWN = "a reason of which it is not known what it explains"
WITHOUT_CAUSE = "words behind a change that may say why, without a word of cause"
OWN_BUDGET = "a difference from the year's own budget"


def changes(told: Narrative) -> list[tuple[str, str, str]]:
    return [(c["code"] or c["nature"] or "", str(c["change_amount"]), str(c["change_pct"])) for c in told.year_on_year]


def reasons(told: Narrative) -> list[str | None]:
    return [c["reason"] for c in told.year_on_year]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("，增长14.29%增长的主要原因是人员增加", "人员增加"),
        ("，增长14.29%增长主要是因为人员增加", "人员增加"),
        ("增加的主要原因是人员增加", "人员增加"),
        ("，增长14.29%，增长主要因素是人员增加", "人员增加"),
        ("，增长14.29%，主要变动原因是人员增加", "人员增加"),
        ("。增加的原因：一是人员增加；二是项目增加", "一是人员增加；二是项目增加"),
        ("，增长的原因都是按照规定调资", "按照规定调资"),
        ("，系人员增加所致", "人员增加所致"),
        ("，为新增项目所致", "新增项目所致"),
        ("，主要受人员增加影响", "主要受人员增加影响"),
        ("，因公务用车更新", "公务用车更新"),
        ("，主要原因系系统升级", "系统升级"),
        ("，变动较大的主要原因是人员增加", "人员增加"),
        ("，增长14.29%，增幅较大的原因为人员增加", "人员增加"),
        ("，存在差异的主要原因是人员增加", "人员增加"),
        ("，其中主要原因是人员增加", "人员增加"),
        ("，主因是人员增加", "人员增加"),
        ("，缘于人员增加", "人员增加"),
        ("，系因人员增加", "人员增加"),
        ("。原因分析：人员增加", "人员增加"),
        ("，主要原因有：人员增加", "人员增加"),
        ("（主要原因是人员增加）", "人员增加"),
        ("（主要是因公出国（境）团组增加），增长14.29%", "因公出国（境）团组增加"),
        ("，增长14.29%（一是人员增加；二是项目增加）", "一是人员增加；二是项目增加"),
        ("（主要是人员增加），增长14.29%，主要原因是工资调整", "人员增加；工资调整"),
        ("，主要原因系统升级", "系统升级"),
    ],
)
def test_a_reason_in_many_words(said: str, reason: str) -> None:
    assert reasons(read(EXPENDITURE, f"2023年支出预算80万元，比上年增加10万元{said}。")) == [reason]


def test_a_percentage_before_its_own_verb_again_is_not_lost() -> None:
    told = read(EXPENDITURE, "2023年支出预算80万元，比上年增加61.37万元，增长329.41%增长的主要原因是项目增加，人员增加。")
    assert changes(told) == [("total", "613700.00", "329.4100")]
    assert reasons(told) == ["项目增加，人员增加"]


@pytest.mark.parametrize("so", ["因此", "因而"])
def test_what_follows_from_a_reason_is_a_part_of_it(so: str) -> None:
    said = f"严控支出，公用经费与上年持平，{so}总额减少"
    assert reasons(read(EXPENDITURE, f"2023年支出预算80万元，比上年减少10万元，主要原因是{said}。")) == [said]


def test_a_reason_that_closes_with_what_it_did_ends_there() -> None:
    told = read(
        "三、“三公”经费情况说明",
        "2023年公务接待费支出5万元，比上年减少1万元，受来访减少影响，公务用车运行维护费支出3万元，比上年减少2万元，系车辆减少所致。",
        final=True,
    )
    assert changes(told) == [("reception", "-10000.00", "None"), ("vehicle_operation", "-20000.00", "None")]
    assert reasons(told) == ["受来访减少影响", "车辆减少所致"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("增长14.29%，新增2座水库移交管护", "新增2座水库移交管护"),
        ("主要因素质提升工程新增", "主要因素质提升工程新增"),
        ("厉行节约", "厉行节约"),
        ("由于调资，新增岗位2个", None),
        ("其中：基本支出增加10万元", None),
        ("无法计算增减比率", None),
    ],
)
def test_words_behind_a_change_that_may_say_why_are_told(said: str, told: str | None) -> None:
    narrative = read(EXPENDITURE, f"2023年支出预算80万元，比上年增加10万元，{said}。")
    assert [(clause, why) for clause, _, why in narrative.remarks] == ([(told, WITHOUT_CAUSE)] if told else [])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("比上年增加10万元，公用经费减少系车辆报废所致", "公用经费减少系车辆报废所致"),
        ("比上年增加10万元，基本支出下降主要由人员减少导致", "基本支出下降主要由人员减少导致"),
        ("比上年增加10万元，系统更新项目受疫情影响", "系统更新项目受疫情影响"),
        ("比上年增加10万元，系上年车辆减少所致", "系上年车辆减少所致"),
        ("比上年增加10万元，为了减轻疫情影响", None),
        ("比上年增加10万元，不断扩大行业影响", None),
        ("比上年增加10万元，无法计算增减比率", None),
        ("比上年增加10万元。由于调资，基本支出50万元", "由于调资"),
    ],
)
def test_what_may_explain_something_else_is_told(said: str, told: str | None) -> None:
    narrative = read(EXPENDITURE, f"2023年支出预算80万元，{said}。")
    assert [row["reason"] for row in narrative.year_on_year if row["nature"] == "total"] == [None]
    assert [(clause, why) for clause, _, why in narrative.remarks] == ([(told, OF_UNKNOWN)] if told else [])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("，因此次调资补发工资", "此次调资补发工资"),
        ("，因此前未列预算", "此前未列预算"),
        ("，因此项工作新增", "此项工作新增"),
        ("，因此项目支出有所增加", None),
        ("，因此前期费用增加", None),
        ("。原因是调资，基本支出50万元", "调资，基本支出50万元"),
        ("。原因是调资，基本支出增加6万元", "调资，基本支出增加6万元"),
    ],
)
def test_what_follows_from_a_reason_is_told_from_one(said: str, reason: str | None) -> None:
    narrative = read(EXPENDITURE, f"2023年支出预算80万元，比上年增加10万元{said}。")
    assert reasons(narrative) == [reason]


def test_what_follows_from_a_reason_is_no_part_of_a_name() -> None:
    assert [line.name for line in read(EXPENDITURE, "2023年在职人员增加5人，因此支出预算80万元。").lines] == ["支出预算"]


def test_words_in_brackets_behind_an_amount_are_of_no_change_before_it() -> None:
    said = "2023年因公出国（境）费3万元，比上年增加1万元；公务接待费5万元（主要是来访团组），与上年持平。"
    told = read("三、“三公”经费情况说明", said)
    assert (changes(told), reasons(told)) == ([("abroad", "10000.00", "None"), ("reception", "None", "None")], [None, None])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("，较上年不可比，上年基数为零，不可比的主要原因是：新增科目", WITHOUT_CHANGE),
        ("，上年未安排的主要原因是新增科目", OF_UNKNOWN),
        ("，比上年增加10万元。增支的主要原因是人员增加", OF_UNKNOWN),
        ("，比上年增加10万元，多的原因是新增项目", OF_UNKNOWN),
        ("，比上年增加10万元（减少的原因是减员）", OF_UNKNOWN),
        ("，比上年增加10万元，降幅较大的主要原因是减员", WITHOUT_CHANGE),
    ],
)
def test_a_reason_that_is_given_to_nothing_is_told_once(said: str, why: str) -> None:
    told = read(EXPENDITURE, f"2023年支出预算80万元{said}。")
    assert set(reasons(told)) <= {None}
    assert [told_why for _, _, told_why in told.remarks] == [why]


def test_words_of_cause_within_others_take_nothing_apart() -> None:
    assert reasons(read(EXPENDITURE, "2023年支出预算80万元，比上年增加10万元，系因公出国（境）团组增加。")) == [None]
    told = read(EXPENDITURE, "（三）与上年相比增减变化情况及原因：支出预算80万元，比上年增加10万元。")
    assert told.remarks == []
    told = read(EXPENDITURE, "2023年项目支出30万元，源于财政拨款30万元。")
    assert [line.nature for line in told.lines] == ["project"]


@pytest.mark.parametrize("said", ["，查明原因后处理", "，主要原因是基本支出80万元", "，主要收入来源于财政", "，主要原因有关部门的调整"])
def test_words_that_name_a_reason_and_give_none_are_not_told(said: str) -> None:
    told = read(EXPENDITURE, f"2023年支出预算80万元，比上年增加10万元{said}。")
    assert [why for _, _, why in told.remarks if why == OF_UNKNOWN] == []


def test_a_reason_of_the_other_sign_is_told() -> None:
    narrative = read(EXPENDITURE, "2023年支出预算80万元，比上年增加10万元，减少的主要原因是减员。")
    assert reasons(narrative) == [None]
    assert [why for _, _, why in narrative.remarks] == [WITHOUT_CHANGE]


@pytest.mark.parametrize(
    "said", ["较上年减少1万元，较预算数减少2万元，主要原因是来访减少", "较上年减少1万元，与2023年度预算相比，减少2万元。原因是来访减少"]
)
def test_a_reason_behind_a_difference_from_the_own_budget_is_told(said: str) -> None:
    narrative = read("三、“三公”经费情况说明", f"2023年公务接待费支出5万元，{said}。", final=True)
    assert (changes(narrative), reasons(narrative)) == ([("reception", "-10000.00", "None")], [None])
    assert [why for _, _, why in narrative.remarks] == [WITHOUT_CHANGE]


def test_two_amounts_of_one_change_are_held_back_both() -> None:
    narrative = read(EXPENDITURE, "2023年收、支总计各为80万元。与2022年相比，收、支总计各减少12万元、2万元。", final=True)
    assert narrative.year_on_year == []
    assert [held.clause for held in narrative.held_back] == ["收、支总计各减少12万元、2万元"]
    narrative = read(EXPENDITURE, "2023年支出预算80万元，比上年增加10万元（70万元），增长14.29%。")
    assert changes(narrative) == [("total", "100000.00", "14.2900")]
    assert [held.clause for held in narrative.held_back] == ["70万元"]


@pytest.mark.parametrize(("said", "percent"), [("增长为20%", "20.0000"), ("下降为25%", "-25.0000")])
def test_a_percentage_is_by_how_much_something_moved(said: str, percent: str) -> None:
    assert changes(read(EXPENDITURE, f"2023年支出预算80万元，比上年{said}。")) == [("total", "None", percent)]


def test_digits_of_a_rate_leave_the_subject_before_them() -> None:
    narrative = read(EXPENDITURE, "2023年支出预算80万元，按照每人1.2.3万元标准。其中：基本支出50万元。")
    assert [(line.nature, line.amount) for line in narrative.lines] == [("total", 800000), ("basic", 500000)]


@pytest.mark.parametrize("said", ["未对工作造成影响", "主要用于减轻灾害影响", "对收入产生影响"])
def test_what_was_not_done_and_what_money_is_for_are_no_reasons(said: str) -> None:
    assert reasons(read(EXPENDITURE, f"2023年支出预算80万元，比上年减少10万元，{said}。")) == [None]


@pytest.mark.parametrize("cause", ["受来访减少影响", "因来访减少", "由于来访减少"])
def test_a_cause_before_an_amount_does_not_take_it_along(cause: str) -> None:
    told = read("三、“三公”经费情况说明", f"2023年{cause}，公务接待费支出5万元。", f"{cause}，公务用车运行维护费支出3万元。", final=True)
    assert "vehicle_operation" in [line.code for line in told.lines]


@pytest.mark.parametrize(
    "said",
    [
        "2023年支出预算80万元，较上年有所减少，主要原因是压减项目",
        "2023年支出预算80万元，本年数小于上年预算数的主要原因是压减项目",
        "2023年项目支出减少的主要原因是压减项目",
        "2023年支出预算80万元，相比2022年有所减少，主要是因为压减项目",
        "2023年收、支总计各为80万元。与2022年相比，收、支总计各减少12万元、2万元。主要变动原因是项目完成",
    ],
)
def test_a_reason_without_a_change_is_told(said: str) -> None:
    told = read(EXPENDITURE, f"{said}。")
    assert told.year_on_year == []
    assert [(clause in said, why) for clause, _, why in told.remarks] == [(True, WITHOUT_CHANGE)]


@pytest.mark.parametrize(
    "said",
    [
        "2023年支出预算80万元，主要原因是保障运转",  # nothing was compared
        "2023年支出预算80万元，主要是保障部门正常运转",
        "2023年支出预算80万元，比上年增加10万元，主要原因是人员增加",
    ],
)
def test_nothing_is_told_where_no_reason_is_missing(said: str) -> None:
    assert read(EXPENDITURE, f"{said}。").remarks == []


def test_the_same_change_stated_again_with_its_reason_misses_none() -> None:
    sentence = "2023年支出预算80万元，比上年增加10万元，主要原因是人员增加。"
    told = read(EXPENDITURE, sentence, "三、支出预算总体情况说明", sentence)
    assert reasons(told) == ["人员增加"]
    assert told.remarks == []


def test_differences_from_the_own_budget_take_neither_percentage_nor_reason() -> None:
    told = read(
        "三、“三公”经费情况说明",
        "2023年“三公”经费41万元，较上年减少19万元，较年初预算数减少4万元，下降8.89%。主要是严控支出。",
        final=True,
    )
    assert changes(told) == [("total", "-190000.00", "None")]
    assert reasons(told) == [None]
    assert [why for _, _, why in told.remarks] == [WITHOUT_CHANGE]
    assert [held[:2] for held in told.held_back] == [("较年初预算数减少4万元", OWN_BUDGET)]


def test_a_comparison_of_budget_and_account_is_none_with_the_year_before() -> None:
    told = read("三、“三公”经费情况说明", "2023年公务接待费支出5万元，预决算对比减少1万元。", final=True)
    assert told.year_on_year == []


def test_a_comparison_with_the_own_budget_by_its_year_is_told() -> None:
    told = read("三、“三公”经费情况说明", "2023年公务接待费支出5万元，与2023年度预算相比，减少0.1万元，下降1.96%。", final=True)
    assert told.year_on_year == []
    assert [held[:2] for held in told.held_back] == [("减少0.1万元", OWN_BUDGET)]


def test_a_count_of_people_is_no_code_before_what_they_cost() -> None:
    said = "2023年公务接待24批次，210人次，支出2.05万元，较上年减少0.03万元。"
    told = read("一、“三公”经费情况说明", "3.公务接待费支出情况说明", said, final=True)
    assert changes(told) == [("reception", "-300.00", "None")]


@pytest.mark.parametrize("joined", ["、", "，"])
def test_a_percentage_alone_behind_a_list_is_nobody_s(joined: str) -> None:
    told = read(EXPENDITURE, f"2023年支出预算80万元，其中：基本支出50万元{joined}项目支出30万元，比上年下降40%。")
    assert told.year_on_year == []
    assert [why for _, why, _ in told.held_back] == ["a change of a list or of its last part"]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("其中：基本支出50万元，比上年增长5%，项目支出30万元，比上年下降40%", ["basic", "project"]),
        ("其中：基本支出50万元、项目支出30万元；支出比上年下降40%", ["total"]),
        ("（其中：基本支出50万元、项目支出30万元），比上年下降40%", ["total"]),
        ("其中：基本支出50万元、项目支出30万元。比上年下降40%", ["total"]),
        ("其中：基本支出50万元、项目支出30万元，均比上年增长5%", ["total", "basic", "project"]),
        ("其中：基本支出50万元，项目支出30万元，比上年减少20万元，下降20%", ["total"]),
        ("比上年减少20万元，其中：基本支出50万元，项目支出30万元，比上年下降40%", ["total", "project"]),
        ("其中：基本支出50万元，项目支出30万元，比上年减少20万元，下降40%", ["project"]),
    ],
)
def test_where_something_says_whose_a_percentage_is_it_is_taken(said: str, changed: list[str]) -> None:
    assert [c["nature"] for c in read(EXPENDITURE, f"2023年支出预算80万元，{said}。").year_on_year] == changed


@pytest.mark.parametrize(
    ("reason", "given"), [("11", None), ("qq", None), ("xx。", None), ("X", None), ("5G", "5G"), ("减员", "减员"), ("A楼修缮", "A楼修缮")]
)
def test_a_placeholder_of_a_template_is_no_reason_and_is_told(reason: str, given: str | None) -> None:
    told = read(EXPENDITURE, f"支出预算总计90万元，比上年增加5万元，主要原因是{reason}。")
    assert [row["reason"] for row in told.year_on_year] == [given]
    assert [said[2] for said in told.remarks] == ([] if given else ["a reason without words, as a template has it"])


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("服务类10万元，比上年增加5万元，增长33.33%", ["procurement_total"]),
        ("服务类10万元，比上年增加5万元，增长100%", ["procurement_services"]),
        ("服务类10万元，比上年增长33.33%", []),
    ],
)
def test_a_percentage_behind_a_list_of_purchases_says_whose_it_is(said: str, changed: list[str]) -> None:
    told = read("四、政府采购情况", f"2023年政府采购预算20万元，其中：货物类10万元，{said}。")
    assert [c["code"] for c in told.year_on_year] == changed


def test_the_parts_of_a_list_are_compared_with_what_its_whole_is() -> None:
    told = read(
        "三、“三公”经费情况说明",
        "2023年“三公”经费支出决算16万元。2023年“三公”经费支出决算比2022年增加5万元，其中：公务用车运行维护费支出决算增加6万元；"
        "公务接待费支出决算减少1万元。",
        final=True,
    )
    assert changes(told) == [("total", "50000.00", "None"), ("vehicle_operation", "60000.00", "None"), ("reception", "-10000.00", "None")]


@pytest.mark.parametrize(
    ("said", "amount"), [("增加为6万元", []), ("减少到6万元", []), ("增加额为6万元", ["60000.00"]), ("增加了6万元", ["60000.00"])]
)
def test_what_something_has_moved_to_is_no_change(said: str, amount: list[str]) -> None:
    told = read("三、“三公”经费情况说明", f"2023年公务接待费支出9万元，比上年{said}。", final=True)
    assert [str(c["change_amount"]) for c in told.year_on_year] == amount


def test_the_change_of_a_line_that_is_withdrawn_is_told() -> None:
    told = read(
        "三、一般公共预算支出情况说明",
        "1.教育支出（类）支出60万元，比上年增加5.5万元，增长10.09%。",
        "2.教育支出（类）支出70万元，比上年增加6万元。",
    )
    assert told.year_on_year == []
    assert [held.clause for held in told.held_back] == [
        "2.教育支出（类）支出70万元",
        "比上年增加6万元",
        "教育支出 60万元",
        "教育支出 5.5万元",
    ]


@pytest.mark.parametrize("cause", ["因公务需要", "由于来访增加", "因为来访增加"])
def test_a_cause_that_opens_a_sentence_is_of_what_it_states_itself(cause: str) -> None:
    told = read(
        "三、“三公”经费情况说明",
        f"2023年公务用车运行维护费支出5万元，比上年增加2万元。{cause}，公务接待费支出3万元，比上年增加1万元。",
        final=True,
    )
    assert changes(told) == [("vehicle_operation", "20000.00", "None"), ("reception", "10000.00", "None")]
    assert reasons(told) == [None, cause.removeprefix("因为").removeprefix("因").removeprefix("由于")]


def test_a_cause_that_opens_a_sentence_and_states_nothing_is_of_what_changed_before() -> None:
    told = read(EXPENDITURE, "2023年支出预算80万元，比上年减少10万元。由于人员减少，公用经费相应压减。")
    assert reasons(told) == ["人员减少，公用经费相应压减"]


@pytest.mark.parametrize(
    ("between", "reason", "told"),
    [
        ("，下降9.09%，", "人员减少；厉行节约", 0),
        ("。", "人员减少；厉行节约", 0),
        ("，项目支出30万元，", "人员减少", 1),
        ("，其他专项有所压减，", "人员减少", 1),
    ],
)
def test_a_second_reason_is_of_what_brackets_explained_only_directly_behind_it(between: str, reason: str, told: int) -> None:
    found = read(EXPENDITURE, f"2023年基本支出20万元，比上年减少2万元（主要是人员减少）{between}主要原因是厉行节约。")
    assert reasons(found) == [reason]
    assert [detail for *_, detail in found.remarks] == [OF_UNKNOWN] * told


def test_a_reason_behind_two_changes_in_brackets_is_of_neither_alone() -> None:
    said = "2023年基本支出20万元，比上年增加2万元（主要是人员增加），项目支出30万元，比上年减少3万元（主要是压减）。主要原因是厉行节约。"
    found = read(EXPENDITURE, said)
    assert reasons(found) == ["人员增加", "压减"]
    assert [detail for *_, detail in found.remarks] == [OF_UNKNOWN]
