"""Forms of targets: words of headers and labels, names in headings, forms that page breaks cut, and what is counted as unread."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from msgspec.structs import replace

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Content, Grid, Page, TextLine
from pipeline.targets.target_forms import amounts_below, name_in_heading
from pipeline.targets.target_reader import read_targets
from pipeline.targets.target_rows import Targets
from tests.pipeline.targets.ruled_grids import grid

FIELDS = [
    ["项目名称", "甲项目", "甲项目", "甲项目"],
    ["年度资金总额（万元）", "12.5", "12.5", "12.5"],
    ["年度目标", "办好事", "办好事", "办好事"],
]
HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]
ROWS = [["产出指标", "数量指标", "场次", "≥3场"], ["效益指标", "社会效益指标", "知晓率", "≥90%"]]


def pages(*content: tuple[list[str], list[Grid]]) -> Targets:
    """Return what pages of lines (above all grids) and grids state."""
    made = [
        Page(n, 595, 842, tuple(TextLine(t, Box(50, 40 + 12 * i, 300, 50 + 12 * i)) for i, t in enumerate(lines)), tuple(grids))
        for n, (lines, grids) in enumerate(content, 1)
    ]
    return read_targets(Content("application/pdf", "pdfium", tuple(made)), code_book())


def told(targets: Targets) -> list[tuple[str, str | None, str | None, str, str]]:
    return [(i["project"], i["dimension"], i["sub_dimension"], i["indicator"], i["target"]) for i in targets.indicators]


@pytest.mark.parametrize(
    "head",
    [
        ["一级指标", "二级指标", "指标内容", "指标值"],
        ["一级指标", "二级指标", "绩效指标", "目标值"],
        ["指标类型", "二级指标", "指标名称", "年度指标值（目标值）"],
        ["一级指标名称", "二级指标名称", "三级指标名称", "年初目标值"],
        ["一级指标", "二级指标", "具体指标", "全年目标值"],
        ["一级绩效指标", "二级绩效指标", "三级绩效指标", "预期指标值"],
    ],
)
def test_words_of_headers(head: list[str]) -> None:
    targets = pages(([], [grid(1, [*FIELDS, head, *ROWS])]))
    assert told(targets) == [("甲项目", "产出指标", "数量指标", "场次", "3"), ("甲项目", "效益指标", "社会效益指标", "知晓率", "90")]
    assert targets.unread == {}


@pytest.mark.parametrize(
    "head",
    [
        ["活动", "绩效指标", "指标说明", "目标值"],
        ["活动名称", "指标内容", "说明", "指标值"],
        ["子活动", "指标名称", "备注", "年度指标值"],
        ["主要活动", "绩效指标名称", "指标解释", "预期值"],
        ["工作活动", "指标", "计算方法", "计划指标值"],
    ],
)
def test_forms_made_up_by_activities(head: list[str]) -> None:
    targets = pages(([], [grid(1, [*FIELDS, head, ["助餐", "新增助餐点", "点数", "≥32个"], ["^", "合格率", "比例", "≥98%"]])]))
    assert [(i["activity"], i["indicator"], i["dimension"], i["target"]) for i in targets.indicators] == [
        ("助餐", "新增助餐点", None, "32"),
        ("助餐", "合格率", None, "98"),
    ]


def test_two_levels_in_one_cell_with_the_indicator() -> None:
    head = ["活动", "绩效指标", "指标性质", "指标值"]
    targets = pages(
        ([], [grid(1, [*FIELDS, head, ["审计", "产出指标数量指标出具报告", "≥", "4"], ["审计", "效益指标分析", "定性", "优"]])])
    )
    assert told(targets) == [("甲项目", "产出指标", "数量指标", "出具报告", "4"), ("甲项目", None, None, "效益指标分析", "优")]


def test_two_levels_only() -> None:
    targets = pages(([], [grid(1, [*FIELDS, ["绩效指标", "一级指标", "二级指标", "指标值"], ["^", "产出指标", "检查场次", "≥3场"]])]))
    assert told(targets) == [("甲项目", "产出指标", None, "检查场次", "3")]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("“馆藏档案数字化”项目支出绩效目标表", "馆藏档案数字化"),
        ("馆藏档案数字化项目绩效目标表", "馆藏档案数字化"),
        ("2024年馆藏档案数字化项目支出绩效目标申报表", "馆藏档案数字化"),
        ("（一）馆藏档案数字化（二期）项目绩效目标表", "馆藏档案数字化（二期）"),
        ("项目支出绩效目标表——馆藏档案数字化", "馆藏档案数字化"),
        ("项目支出绩效目标表（馆藏档案数字化）", "馆藏档案数字化"),
        ("3.项目名称：馆藏档案数字化", "馆藏档案数字化"),
        ("项目一：馆藏档案数字化", "馆藏档案数字化"),
        ("附表2：信访干部培训专项项目绩效自评表（2024年度）", "信访干部培训专项"),
        ("2024年部门整体支出绩效目标表", "部门整体支出"),
        ("某市民政局整体支出绩效目标申报表", "部门整体支出"),
        ("整体搬迁项目绩效目标表", "整体搬迁"),
        ("项目支出绩效目标表", None),
        ("项目支出绩效目标表（2024年度）", None),
        ("2024年项目支出绩效目标表（单位：万元）", None),
        ("某市档案馆2024年部门预算项目支出绩效目标表", None),
        ("部门专项业务经费绩效目标表", None),
        ("本单位按照要求编制了项目绩效目标，详见附件。", None),
    ],
)
def test_names_in_headings(heading: str, name: str | None) -> None:
    assert name_in_heading(heading) == name


def test_a_form_named_only_by_the_heading_above() -> None:
    targets = pages((["某市档案馆2024年部门预算", "“数字化”项目支出绩效目标表", "（2024年度）"], [grid(1, [*FIELDS[1:], HEAD, *ROWS])]))
    assert {i["project"] for i in targets.indicators} == {"数字化"}
    assert [(p["project"], p["amount"]) for p in targets.projects] == [("数字化", Decimal("125000.00"))]


def test_a_form_named_by_its_first_row() -> None:
    targets = pages(([], [grid(1, [["数字化项目绩效目标表"] * 4, *FIELDS[1:], HEAD, *ROWS])]))
    assert {i["project"] for i in targets.indicators} == {"数字化"}


def test_a_heading_at_the_foot_of_the_page_before() -> None:
    statement = grid(1, [["科目", "金额"], ["某支出", "1.00"]], top=-10.0)
    targets = pages((["数字化项目绩效目标表"], [statement]), ([], [grid(2, [*FIELDS[1:], HEAD, *ROWS])]))
    assert {i["project"] for i in targets.indicators} == {"数字化"}


@pytest.mark.parametrize(
    ("label", "value"),
    [
        (["项目资金", "年度金额"], "33.29万元"),
        (["项目资金（万元）", "年度资金总额："], "33.29"),
        (["年度预算（元）", "年度预算（元）"], "332,900.00"),
        (["资金情况", "其中：年度预算金额"], "￥33.29万元"),
        (["年度资金总额（万元）", "年度资金总额（万元）"], "33.29"),
        (["预算金额（单位：万元）", "预算金额（单位：万元）"], "33.29"),
    ],
)
def test_amounts_of_forms(label: list[str], value: str) -> None:
    rows = [FIELDS[0], [*label, value, value], ["其中：财政拨款", "其中：财政拨款", "", ""], FIELDS[2], HEAD, *ROWS]
    assert [p["amount"] for p in pages(([], [grid(1, rows)])).projects] == [Decimal("332900.00")]


def test_a_field_without_a_text_is_not_the_next_label() -> None:
    rows = [["项目名称", "主管部门", "某市民政局", ""], FIELDS[1], HEAD, *ROWS]
    targets = pages(([], [grid(1, rows)]))
    assert targets.projects == []
    assert targets.unread == {(1, 1): 2}


def test_a_form_cut_between_its_fields_and_its_indicators() -> None:
    targets = pages(([], [grid(1, FIELDS)]), ([], [grid(2, [HEAD, *ROWS])]))
    assert [(p["project"], p["goal"]) for p in targets.projects] == [("甲项目", "办好事")]
    assert {i["project"] for i in targets.indicators} == {"甲项目"}


def test_a_form_cut_among_its_fields() -> None:
    targets = pages(([], [grid(1, FIELDS[:2])]), ([], [grid(2, [FIELDS[2], HEAD, *ROWS])]))
    assert [(p["project"], p["amount"], p["goal"]) for p in targets.projects] == [("甲项目", Decimal("125000.00"), "办好事")]


def test_a_form_cut_among_its_indicators_with_its_header_again() -> None:
    again = ["一级指标", "", "三级指标", "指标值"]
    rows = [["", "", "覆盖率", "≥5%"], ["", "质量指标", "合格率", "≥98%"]]
    targets = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0]])]), ([], [grid(2, [again, *rows])]))
    assert [(i["project"], i["sub_dimension"], i["indicator"]) for i in targets.indicators][1:] == [
        ("甲项目", "数量指标", "覆盖率"),
        ("甲项目", "质量指标", "合格率"),
    ]


def test_indicators_alone_go_on_under_the_same_columns() -> None:
    targets = pages(([], [grid(1, [*FIELDS, HEAD, *ROWS])]), ([], [grid(2, [["", "", "公开率", "100%"]])]))
    assert told(targets)[-1] == ("甲项目", "效益指标", "社会效益指标", "公开率", "100%")


def test_a_level_printed_on_the_next_page_is_not_the_one_above() -> None:
    first = [*FIELDS, HEAD, ["", "数量指标", "场次", "3场"], ["^", "^", "人次", "5人次"], ["^", "", "合格率", "98%"]]
    second = [["产出指标", "质量指标", "优良率", "90%"], ["效益指标", "社会效益指标", "知晓率", "80%"]]
    targets = pages(([], [grid(1, first)]), ([], [grid(2, second)]))
    assert [(d, s, i) for _, d, s, i, _ in told(targets)] == [
        ("产出指标", "数量指标", "场次"),
        ("产出指标", "数量指标", "人次"),
        ("产出指标", "质量指标", "合格率"),
        ("产出指标", "质量指标", "优良率"),
        ("效益指标", "社会效益指标", "知晓率"),
    ]


def test_two_forms_in_one_grid() -> None:
    other = [["项目名称", "乙项目", "乙项目", "乙项目"], ["年度资金总额（万元）", "7", "7", "7"]]
    targets = pages(([], [grid(1, [*FIELDS, HEAD, *ROWS, *other, HEAD, ["产出指标", "数量指标", "份数", "≥9份"]])]))
    assert [(p["project"], p["amount"], p["project_no"]) for p in targets.projects] == [
        ("甲项目", Decimal("125000.00"), 1),
        ("乙项目", Decimal("70000.00"), 2),
    ]
    assert [(i["project"], i["indicator"]) for i in targets.indicators] == [("甲项目", "场次"), ("甲项目", "知晓率"), ("乙项目", "份数")]


def test_projects_of_one_name_have_numbers_of_their_own() -> None:
    second = [FIELDS[0], FIELDS[1], ["年度目标", "再办好事", "再办好事", "再办好事"]]
    targets = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0]])]), ([], [grid(2, [*second, HEAD, ROWS[1]])]))
    assert [(p["project"], p["project_no"]) for p in targets.projects] == [("甲项目", 1), ("甲项目", 2)]
    assert [(i["indicator"], i["project_no"]) for i in targets.indicators] == [("场次", 1), ("知晓率", 2)]


def test_a_table_of_targets_that_gives_nothing_is_counted() -> None:
    nobody = pages((["项目支出绩效目标表"], [grid(1, [HEAD, *ROWS])]))
    assert (nobody.indicators, nobody.unread) == ([], {(1, 1): 2})
    unknown = pages(([], [grid(1, [["甲", "乙", "丙", "丁"], *ROWS])]))
    assert (unknown.indicators, unknown.unread) == ([], {(1, 1): 2})
    blank = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0], ["效益指标", "生态效益指标", "", ""], ["备注", "", "", ""]])]))
    assert (len(blank.indicators), blank.unread) == (1, {})
    half = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0], ["效益指标", "生态效益指标", "达标率", ""]])]))
    assert (len(half.indicators), half.unread) == (1, {(1, 1): 1})


def test_a_body_over_its_projects_is_their_implementer() -> None:
    head = ["项目名称", "预算数（万元）", "绩效目标"]
    rows = [
        ["合计", "30.00", ""],
        ["某市水务局", "20.00", ""],
        ["甲", "12.00", "目标一"],
        ["乙", "8.00", "目标二"],
        ["某事务中心", "10.00", ""],
    ]
    targets = pages(([], [grid(1, [head, *rows, ["丙", "10.00", "目标三"]])]))
    assert [(p["project"], p["implementer"]) for p in targets.projects] == [
        ("甲", "某市水务局"),
        ("乙", "某市水务局"),
        ("丙", "某事务中心"),
    ]
    wrong = pages(([], [grid(1, [head, *rows[:3], ["丙", "10.00", "目标三"]])]))
    assert {p["implementer"] for p in wrong.projects} == {None}  # the amounts do not make up the body's


def test_one_amount_under_two_spellings_is_one_project() -> None:
    head = ["项目名称", "预算数（万元）", "绩效目标"]
    table = grid(1, [head, ["水源保护和管理", "12.50", "目标一"]])
    form = grid(
        2, [["项目名称", "水源保护及管理项目", "水源保护及管理项目", ""], ["年度资金总额（万元）", "12.5", "12.5", ""], HEAD, *ROWS]
    )
    targets = pages(([], [table]), ([], [form]))
    assert [(p["project"], p["amount"]) for p in targets.projects] == [("水源保护和管理", Decimal("125000.00"))]
    assert {i["project_no"] for i in targets.indicators} == {1}


def test_a_whole_department_in_a_list_over_two_pages() -> None:
    head = ["单位名称", "资金总额", "整体绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    first = [head, ["某市公安局", "5.5", "保平安", "产出指标", "数量指标", "场次", "3场"], ["^", "^", "^", "", "", "人次", "9人次"]]
    second = [head, ["某市公安局", "5.5", "保平安", "效益指标", "社会效益指标", "知晓率", "90%"]]
    title = ["2025年部门整体支出绩效目标表", "单位：万元"]
    targets = pages((title, [grid(1, first)]), (title, [grid(2, second)]))
    assert [(p["project"], p["amount"], p["goal"]) for p in targets.projects] == [("部门整体支出", Decimal("55000.00"), "保平安")]
    assert [(i["project_no"], i["sub_dimension"]) for i in targets.indicators] == [
        (1, "数量指标"),
        (1, "社会效益指标"),
        (1, "社会效益指标"),
    ]


def test_a_list_in_sentences_tells_the_projects_of_a_table_again() -> None:
    table = grid(1, [["项目名称", "预算数（万元）", "绩效目标"], ["人才专项经费", "60.00", "目标一"], ["水源保护", "40.00", "目标二"]])
    sentences = [
        "一、某市某水源工程管理处",
        "（五）项目支出100.00万元，具体包括：",
        "1.人才专项资金项目60.00万元，主要用于引才。",
        "2.水源保护项目40.00万元。",
    ]
    heads = ["第三部分部门预算支出具体情况"]
    told_again = pages(([], [table]), ([*heads, *(t for s in sentences for t in (s, ""))], []))
    assert [(p["project"], p["amount"]) for p in told_again.projects] == [
        ("人才专项经费", Decimal("600000.00")),
        ("水源保护", Decimal("400000.00")),
    ]
    other = pages(([], [table]), ([*heads, *(t for s in [*sentences[:3], "2.水源保护项目30.00万元。"] for t in (s, ""))], []))
    assert len(other.projects) == 2  # no sum proves the list


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["项目支出绩效目标表", "（馆藏档案数字化）"], "馆藏档案数字化"),
        (["项目支出绩效目标表", "“馆藏档案数字化”"], "馆藏档案数字化"),
        (["1.馆藏档案数字化项目", "项目支出绩效目标表", "（2024年度）"], "馆藏档案数字化项目"),
        (["项目支出绩效目标表", "项目名称：馆藏档案数字化"], "馆藏档案数字化"),
        (["项目名称：馆藏档案数字化", "项目绩效目标申报表", "（2024年度）"], "馆藏档案数字化"),
        (["七、预算绩效目标情况", "项目支出绩效目标表", "（2024年度）"], None),
        (["项目支出绩效目标表", "（单位：万元）"], None),
        (["本年度安排项目经费。", "项目支出绩效目标表"], None),
    ],
)
def test_a_name_beside_a_title_that_names_none(lines: list[str], name: str | None) -> None:
    targets = pages((lines, [grid(1, [*FIELDS[1:], HEAD, *ROWS])]))
    assert {i["project"] for i in targets.indicators} == ({name} if name else set())
    assert targets.unread == ({} if name else {(1, 1): 2})


def test_the_goal_of_a_whole_department_over_its_tasks() -> None:
    rows = [
        ["部门名称", "某局", "某局", "某局"],
        ["总体绩效目标", "蓝天碧水", "蓝天碧水", "蓝天碧水"],
        ["任务名称", "主要内容", "拟投入的资金（万元）", "备注"],
        ["水质监测", "布设断面", "20.27", ""],
        HEAD,
        ROWS[0],
    ]
    targets = pages((["某局2026年部门整体预算绩效目标申报表"], [grid(1, rows)]))
    assert [(p["project"], p["goal"], p["part_of"]) for p in targets.projects] == [
        ("水质监测", "布设断面", "部门整体支出"),
        ("部门整体支出", "蓝天碧水", None),
    ]
    assert [(i["project"], i["project_no"]) for i in targets.indicators] == [("部门整体支出", 2)]


def test_a_label_is_no_project_of_a_list() -> None:
    head = ["项目名称", "预算数（万元）", "绩效目标"]
    targets = pages(([], [grid(1, [head, ["甲", "12.00", "目标一"], ["主管部门", "5", "某局"], ["实施单位", "6", "某中心"]])]))
    assert [p["project"] for p in targets.projects] == ["甲"]


def test_dimensions_side_by_side_each_with_indicator_and_target() -> None:
    rows = [
        ["项目单位（项目名称）", "项目金额（万元）", "项目金额（万元）", "绩效目标", "绩效指标", "绩效指标", "绩效指标", "绩效指标"],
        ["^", "资金总额", "财政资金", "^", "产出指标", "产出指标", "满意度指标", "满意度指标"],
        ["^", "^", "^", "^", "三级指标", "指标值", "三级指标", "指标值"],
        ["甲项目", "12.5", "12.5", "办好事", "场次", "≥3场", "群众满意度", "≥95%"],
        ["^", "^", "^", "^", "人数", "≥30人", "", ""],
        ["乙项目", "2.5", "2.5", "办大事", "份数", "≥1份", "群众满意度", "≥85%"],
    ]
    targets = pages((["项目支出绩效目标表"], [grid(1, rows)]))
    assert [(p["project"], p["amount"], p["goal"]) for p in targets.projects] == [
        ("甲项目", Decimal(125000), "办好事"),
        ("乙项目", Decimal(25000), "办大事"),
    ]
    assert told(targets) == [
        ("甲项目", "产出指标", None, "场次", "3"),
        ("甲项目", "满意度指标", None, "群众满意度", "95"),
        ("甲项目", "产出指标", None, "人数", "30"),
        ("乙项目", "产出指标", None, "份数", "1"),
        ("乙项目", "满意度指标", None, "群众满意度", "85"),
    ]
    assert targets.unread == {}


def test_of_two_halves_of_a_form_the_one_of_the_year_is_read() -> None:
    rows = [
        ["项目名称", "甲项目", "甲项目", "甲项目", "甲项目", "甲项目", "甲项目"],
        ["实施期目标", "实施期目标", "实施期目标", "实施期目标", "年度目标", "年度目标", "年度目标"],
        ["三年办好", "三年办好", "三年办好", "三年办好", "今年办好", "今年办好", "今年办好"],
        ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "总场次", "≥9场", "数量指标", "场次", "≥3场"],
    ]
    targets = pages(([], [grid(1, rows)]))
    assert told(targets) == [("甲项目", "产出指标", "数量指标", "场次", "3")]
    assert targets.projects[0]["goal"] == "今年办好"


def test_two_tables_of_indicators_side_by_side_are_both_read() -> None:
    rows = [["项目名称", *["甲项目"] * 7], HEAD * 2, [*ROWS[0], *ROWS[1]], [*ROWS[0][:2], "人数", "≥5人", "", "", "", ""]]
    targets = pages(([], [grid(1, rows)]))
    assert [(i["dimension"], i["indicator"], i["target"]) for i in targets.indicators] == [
        ("产出指标", "场次", "3"),
        ("产出指标", "人数", "5"),
        ("效益指标", "知晓率", "90"),
    ]


@pytest.mark.parametrize(
    ("head", "values", "sign"),
    [
        (["指标性质", "指标方向", "计算符号"], ["定量", "正向指标", "≥"], "≥"),
        (["计算符号", "指标性质", "备注"], ["≤", "定量指标", ""], "≤"),
        (["指标性质", "指标方向", "说明"], ["定性", "正向指标", ""], "定性指标"),
        (["指标性质", "指标方向", "说明"], ["定量", "反向指标", ""], "定量指标"),
    ],
)
def test_the_sign_of_several_columns_that_may_hold_it(head: list[str], values: list[str], sign: str | None) -> None:
    fields = ["项目名称", *["甲项目"] * 7]
    rows = [fields, ["一级指标", "二级指标", "三级指标", *head, "指标值", "单位"], ["产出指标", "数量指标", "场次", *values, "3", "场"]]
    assert [i["operator"] for i in pages(([], [grid(1, rows)])).indicators] == [sign]


@pytest.mark.parametrize(
    "head",
    [["半年（程）目标值", "全年（程）目标值"], ["上年完成值", "本年度指标值"], ["季度目标值", "项目目标值"], ["自评目标值", "拟定指标值"]],
)
def test_the_column_of_targets_spelt_otherwise(head: list[str]) -> None:
    rows = [["项目名称", *["甲项目"] * 4], [*HEAD[:3], *head], ["产出指标", "数量指标", "场次", "1", "3"]]
    assert [i["target"] for i in pages(([], [grid(1, rows)])).indicators] == ["3"]


@pytest.mark.parametrize("head", ["金额", "2026年预算（万元）", "年度拟安排经费", "本年预算金额"])
def test_a_list_of_projects_whose_amounts_have_any_head_of_money(head: str) -> None:
    rows = [["单位名称", "项目名称", head, "绩效目标"], ["某局", "甲项目", "1,097.02", "办好事"], ["某站", "乙项目", "2.00", "办大事"]]
    targets = pages((["项目支出绩效表", "单位：万元"], [grid(1, rows)]))
    assert [(p["project"], p["amount"], p["implementer"]) for p in targets.projects] == [
        ("甲项目", Decimal(10970200), "某局"),
        ("乙项目", Decimal(20000), "某站"),
    ]
    assert targets.unread == {}


def test_rows_of_projects_stand_over_the_staggered_rows_of_their_levels() -> None:
    rows = [
        ["单位名称、项目名称", "项目年度绩效目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"],
        ["某局", "", "", "", "", "", "", ""],
        ["甲项目", "办好事", "", "", "", "", "", ""],
        ["", "", "产出指标", "", "", "", "", ""],
        ["", "", "", "数量指标", "", "", "", ""],
        ["", "", "", "", "场次", ">=", "3", "场"],
        ["乙项目", "办大事", "", "", "", "", "", ""],
        ["", "", "效益指标", "", "", "", "", ""],
        ["", "", "", "社会效益指标", "", "", "", ""],
        ["", "", "", "", "知晓率", ">=", "90", "%"],
    ]
    targets = pages((["项目支出绩效目标表（本级下达）"], [grid(1, rows)]))
    assert told(targets) == [("甲项目", "产出指标", "数量指标", "场次", "3"), ("乙项目", "效益指标", "社会效益指标", "知晓率", "90")]


def test_tasks_with_their_unit_behind_the_amount() -> None:
    rows = [
        ["任务名称", "主要内容", "预算金额（万元）", "预算金额（万元）"],
        ["^", "^", "总额", "财政拨款"],
        ["基本履职", "人员经费。", "2,080.76万元", "2,080.76万元"],
        ["金额合计", "金额合计", "2,080.76万元", "2,080.76万元"],
        HEAD,
        *ROWS,
    ]
    targets = pages((["部门整体支出绩效目标表"], [grid(1, rows)]))
    assert [(p["project"], p["amount"], p["part_of"]) for p in targets.projects] == [
        ("基本履职", Decimal(20807600), "部门整体支出"),
        ("部门整体支出", Decimal(20807600), None),
    ]
    assert targets.unread == {}


def test_a_header_again_without_an_empty_column_goes_on_with_the_list() -> None:
    xs = [0.0, 100, 200, 300, 400, 500]
    head = ["项目名称", "预算数（万元）", "三级指标", "指标值", ""]
    above = [head, ["甲项目", "1.00", "场次", "≥3场", ""], ["^", "^", "人数", "≥5人", ""]]
    below = [head[:4], ["", "", "份数", "≥2份"], ["乙项目", "2.00", "次数", "≥4次"]]
    targets = pages(([], [grid(1, above, xs=xs)]), ([], [grid(2, below, xs=xs[:5])]))
    assert [(i["project"], i["indicator"]) for i in targets.indicators] == [
        ("甲项目", "场次"),
        ("甲项目", "人数"),
        ("甲项目", "份数"),
        ("乙项目", "次数"),
    ]


def test_a_project_without_a_goal_is_one_where_the_sum_of_its_body_proves_it() -> None:
    rows = [["项目名称", "预算金额", "绩效目标"], ["某局", "15.0", ""], ["甲项目", "12.5", "办好事"], ["乙项目", "2.5", ""]]
    targets = pages((["单位：万元"], [grid(1, rows)]))
    assert [(p["project"], p["implementer"]) for p in targets.projects] == [("甲项目", "某局"), ("乙项目", "某局")]
    unproven = pages((["单位：万元"], [grid(1, [rows[0], ["某局", "16.0", ""], *rows[2:]])]))
    assert ([p["project"] for p in unproven.projects], unproven.unread) == (["甲项目"], {(1, 1): 2})


@pytest.mark.parametrize(
    ("lines", "rows", "unread"),
    [
        (
            ["2026年项目支出绩效目标表"],
            [["序号", "名目", "花费", "干什么"], ["1", "甲项目", "12.5", "办好"], ["2", "乙项目", "2", "办大"]],
            {(1, 1): 2},
        ),
        (["数量指标：培训班次≥3次；"], [], {(1, 0): 1}),
        (["（1）产出指标：培训三次以上。"], [], {(1, 0): 1}),
        (["数量：三台打印机"], [], {}),
        (["三级指标 指标值", "培训班次 ≥3次"], [], {(1, 0): 1}),
        ([], [["目标", "标准"], ["办结率", "≥95%"]], {(1, 1): 1}),
        (["专项资金总体绩效目标表"], [HEAD, ["产出指标", "数量指标", "", ""], ["^", "质量指标", "指标1：", ""]], {}),
        (["项目支出绩效目标表"], [["项目名称", "", "", ""], HEAD, ["产出指标", "数量指标", "指标1：", "……"]], {}),
    ],
)
def test_what_prints_a_target_is_counted_though_no_header_is_known(
    lines: list[str], rows: list[list[str]], unread: dict[tuple[int, int], int]
) -> None:
    targets = pages((lines, [grid(1, rows)] if rows else []))
    assert (targets.indicators, targets.unread) == ([], unread)


def test_a_table_fallen_into_lines_with_a_word_for_each_column() -> None:
    head = "一级指标 二级指标 三级指标 指标值 计量单位"
    lines = [
        "项目名称 甲项目",
        head,
        "产出指标 数量指标 场次 ≥3 场",
        "质量指标 合格率 ≥95 %",
        "效益指标 社会效益指标 知晓率 ≥90 %",
        "满意 ≥",
    ]
    targets = pages((lines, []))
    assert told(targets) == [
        ("甲项目", "产出指标", "数量指标", "场次", "3"),
        ("甲项目", "产出指标", "质量指标", "合格率", "95"),
        ("甲项目", "效益指标", "社会效益指标", "知晓率", "90"),
    ]
    assert targets.unread == {}


def test_texts_run_into_a_level_are_no_level() -> None:
    rows = [*FIELDS, HEAD, ["满意度指标产出指标通过为闸门增设无电应急装置产出指标", "数量指标", "场次", "≥3场"]]
    assert told(pages(([], [grid(1, rows)]))) == [("甲项目", "产出指标", "数量指标", "场次", "3")]


@pytest.mark.parametrize(
    ("rows", "period", "basis"),
    [
        ([["实施期限", "2026年1月至12月", "立项依据", "某文件"]], "2026年1月至12月", "某文件"),
        ([["计划开始日期", "2026-01-01", "计划完成日期", "2026-12-31"]], "2026-01-01—2026-12-31", None),
        ([["计划开始日期", "2026-01-01", "计划完成日期", ""]], None, None),
    ],
)
def test_the_period_and_the_basis_of_a_form(rows: list[list[str]], period: str | None, basis: str | None) -> None:
    project = pages(([], [grid(1, [*FIELDS, *rows, HEAD, *ROWS])])).projects[0]
    assert (project["period"], project["basis"]) == (period, basis)


def test_the_goal_of_a_task_is_what_is_to_be_reached_not_what_is_done() -> None:
    rows = [
        ["名称", "主要实施内容", "拟投入的资金（万元）", "期望达到的目标（概述）"],
        ["治理大气", "监督管理", "2,327.67", "浓度下降"],
        HEAD,
        *ROWS,
    ]
    targets = pages((["部门整体预算绩效目标申报表"], [grid(1, rows)]))
    assert (targets.projects[0]["project"], targets.projects[0]["goal"]) == ("治理大气", "浓度下降")


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (["满意度指标", "服务对象满意度指标", "来访群众满", "≥90%"], ["", "", "意度", ""], ("来访群众满意度", "90")),
        (["满意度指标", "服务对象满意度指标", "来访群众满意度", ""], ["", "", "", "≥90%"], ("来访群众满意度", "90")),
    ],
)
def test_an_indicator_cut_by_a_page_break_is_one(above: list[str], below: list[str], expected: tuple[str, str]) -> None:
    targets = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0], above])]), ([], [grid(2, [below, ROWS[1]])]))
    assert [(i["indicator"], i["target"]) for i in targets.indicators] == [("场次", "3"), expected, ("知晓率", "90")]
    assert targets.unread == {}


@pytest.mark.parametrize(
    ("rows", "fiscal"),
    [
        ([["项目名称：甲项目"] * 4, ["项目资金（万元）", "年度资金总额：12.5", "其中：财政拨款：12.5", "其他资金：0"]], Decimal(125000)),
        ([["项目名称", "甲项目", "甲项目", "甲项目"], ["预算金额", "12.5", "万元", "万元"]], None),
    ],
)
def test_labels_and_units_in_cells_of_other_make(rows: list[list[str]], fiscal: Decimal | None) -> None:
    project = pages(([], [grid(1, [*rows, HEAD, *ROWS])])).projects[0]
    assert (project["project"], project["amount"], project["fiscal_amount"]) == ("甲项目", Decimal(125000), fiscal)


def test_indicators_that_one_cell_numbers_below_each_other_are_several() -> None:
    rows = [
        ["产出指标", "数量指标", "1.培训班次\n2.参训\n人数", "≥3次\n≥100人"],
        ["^", "质量指标", "指标1：合格率\n指标2：优良率", "指标1：≥95%\n指标2：≥80%"],
        ["^", "时效指标", "及时完成\n全部工作", "12月底前"],
    ]
    targets = pages(([], [grid(1, [*FIELDS, HEAD, *rows])]))
    assert [(i["sub_dimension"], i["indicator"], i["target"]) for i in targets.indicators] == [
        ("数量指标", "1.培训班次", "3"),
        ("数量指标", "2.参训人数", "100"),
        ("质量指标", "指标1：合格率", "95"),
        ("质量指标", "指标2：优良率", "80"),
        ("时效指标", "及时完成全部工作", "12月底前"),
    ]


def test_a_goal_in_several_cells_beside_one_label_is_one() -> None:
    goals = [["年度总体目标", *[text] * 3] for text in ("目标1：甲。", "目标2：乙。")]
    rows = [["项目名称", *["甲项目"] * 3], goals[0], ["^", *goals[1][1:]], HEAD, *ROWS]
    assert [p["goal"] for p in pages(([], [grid(1, rows)])).projects] == ["目标1：甲。目标2：乙。"]


LEFT = "整体绩效目标"  # a cell left of goal, notes and indicators, with the same words as the label of the goal


@pytest.mark.parametrize("notes", [("", "其他说明"), ("另行安排", "其他说明"), ("", "补充事项"), ("另行安排", "补充事项")])
def test_a_label_beside_goal_and_indicators_is_no_head_of_them(notes: tuple[str, str]) -> None:
    text, label = notes
    form = grid(1, [
        ["部门名称", "部门名称", "某局", "某局", "某局"],
        ["预算支出总额（万元）", "预算支出总额（万元）", "12.5", "12.5", "12.5"],
        [LEFT, LEFT, "办好全年的事。", "办好全年的事。", "办好全年的事。"],
        ["左边", label, text, text, text],
        ["^", "一级指标", "二级指标", "三级指标", "指标值"],
        ["^", *ROWS[0]],
        ["^", *ROWS[1]],
    ])  # fmt: skip
    cells = tuple(
        replace(cell, text=LEFT, row=2, row_span=5, box=cell.box) if cell.text == "左边"
        else replace(cell, column=1, column_span=1) if (cell.row, cell.column) == (2, 0) else cell
        for cell in form.cells
    )  # fmt: skip
    targets = pages((["部门整体支出绩效目标表"], [dataclasses.replace(form, cells=cells)]))
    (whole,) = targets.projects
    assert (whole["project"], whole["goal"]) == ("部门整体支出", "办好全年的事。")
    assert [said[-2:] for said in told(targets)] == [("场次", "3"), ("知晓率", "90")]


EVALUATED = [
    ["项目名称", *["甲项目"] * 5],
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "得分"],
    ["项目资金（万元）", "年度资金总额", "12.5", "12.6", "11", "9"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分"],
    ["产出指标", "数量指标", "场次", "≥3场", "4场", "10"],
    ["效益指标", "社会效益指标", "知晓率", "≥90%", "--", "8"],
]


def test_what_an_evaluation_says_beside_the_targets_is_told_page_by_page() -> None:
    rest = [["满意度指标", "服务对象满意度指标", "满意率", "≥95%", "97%", "10"], ["总分", "", "", "", "", "98"]]
    targets = pages((["项目支出绩效自评表"], [grid(1, EVALUATED)]), ([], [grid(2, rest)]))
    assert targets.evaluated == {1: 6, 2: 3}  # 全年预算数, 执行数, 得分; 4场, 10; 8 — 97%, 10, 98


@pytest.mark.parametrize(
    "rows",
    [
        [*FIELDS, HEAD, *ROWS],  # targets without an evaluation
        [["科目名称", "全年预算数", "全年执行数", "执行率"], ["行政运行", "10.00", "9.00", "90%"]],  # a statement
    ],
)
def test_a_table_of_no_evaluation_says_none(rows: list[list[str]]) -> None:
    assert pages(([], [grid(1, rows)])).evaluated == {}


def test_an_evaluation_ends_where_the_next_form_opens() -> None:
    assert pages(([], [grid(1, EVALUATED), grid(1, [*FIELDS, HEAD, *ROWS], top=300.0)])).evaluated == {1: 6}
    wide = [[*row, row[-1], row[-1]] for row in [*FIELDS, HEAD, *ROWS]]
    assert pages(([], [grid(1, EVALUATED)]), ([], [grid(2, wide)])).evaluated == {1: 6}


@pytest.mark.parametrize(
    ("rows", "goal"),
    [
        ([["年度总体目标", "目标甲。", "目标甲。", "目标甲。"], ["^", "", "目标乙。", "目标乙。"]], "目标甲。目标乙。"),
        ([["年度总体目标", "目标甲。", "目标甲。", "目标甲。"], ["^", "目标乙。", "目标乙。", ""]], "目标甲。目标乙。"),
        (
            [
                ["年度总体目标", "预期目标", "预期目标", "实际完成情况"],
                ["^", "目标甲。", "目标甲。", "已办好。"],
                ["^", "", "", "又办好。"],
            ],
            "目标甲。",
        ),
    ],
)
def test_a_goal_goes_on_in_another_column_but_not_under_another_head(rows: list[list[str]], goal: str) -> None:
    (project,) = pages(([], [grid(1, [FIELDS[0], *rows, HEAD, *ROWS])])).projects
    assert project["goal"] == goal


EVALUATION = [
    ["项目名称", "甲项目", "甲项目", "甲项目", "甲项目"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"],
    ["产出指标", "数量指标", "场次", "≥3场", "4场"],
]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["某局收入支出决算总表"], [["2010301", "行政运行", "10.00", "9.00", "8.00"]]),
        (["项目支出表（2024年）"], [["1", "乙项目", "某局", "01", "8.00"]]),
        ([], [["科目编码", "科目名称", "预算数", "决算数", "备注"], ["2010301", "行政运行", "10.00", "9.00", "8.00"]]),
    ],
)
def test_columns_of_an_evaluation_do_not_go_on_in_a_table_of_its_own(lines: list[str], rows: list[list[str]]) -> None:
    assert pages(([], [grid(1, EVALUATION)]), (lines, [grid(2, rows)])).evaluated == {1: 1}


def test_columns_of_an_evaluation_go_on_under_a_running_head() -> None:
    rest = [["效益指标", "社会效益指标", "知晓率", "提高", "已提高"], ["^", "^", "满意率", "≥90%", "92%"]]
    assert pages(([], [grid(1, EVALUATION)]), (["某局2024年度部门决算"], [grid(2, rest)])).evaluated == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("rows", "evaluated"),
    [
        ([["供应商", "报价", "得分"], ["甲公司", "10.00", "90"]], {}),
        ([["工作任务", "计划", "实际完成值"], ["修路", "10公里", "9公里"]], {}),
        ([["工作任务", "完成情况", "备注"], ["修路", "已完成", "无"]], {}),
        ([EVALUATION[0], [*EVALUATION[1][:4], "完成情况"], EVALUATION[2]], {1: 1}),
    ],
)
def test_a_head_of_what_was_achieved_makes_an_evaluation_in_a_form_of_targets_alone(
    rows: list[list[str]], evaluated: dict[int, int]
) -> None:
    assert pages(([], [grid(1, rows)])).evaluated == evaluated


def test_a_head_over_all_columns_of_indicators_is_no_goal_that_runs_into_them() -> None:
    rows = [["绩效目标", "绩效目标", "绩效目标", "绩效目标"], HEAD, ["产出指标", "成本指标", "人均成本", "≤20元"], ROWS[1]]
    targets = pages((["项目支出绩效目标表"], [grid(1, [*FIELDS, *rows])]))
    assert told(targets) == [
        ("甲项目", "产出指标", "成本指标", "人均成本", "20"),
        ("甲项目", "效益指标", "社会效益指标", "知晓率", "90"),
    ]
    assert targets.mixed == {}


def test_a_list_without_amounts_above_other_heads_of_its_grid_ends_no_document() -> None:
    upper = [["项目名称", "绩效指标", "指标值", "备注"], ["水质监测", "断面", "≥3个", ""]]
    targets = pages(([], [grid(1, upper)]), ([], [grid(2, [*upper, HEAD, ROWS[0]])]))
    assert "场次" in {i["indicator"] for i in targets.indicators}


def test_amounts_stand_below_their_labels_in_rows_of_other_widths() -> None:
    rows = [["名称", "资金情况", "预算支出总额"], ["甲", "^"], ["甲", "", "12.00"]]
    assert amounts_below(rows) == {"amount": "12.00"}
