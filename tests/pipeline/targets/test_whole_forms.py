"""Forms of projects without indicators, labels made up of words, forms that go on below the rest of another one, and cut rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Content, Page, TextLine
from pipeline.targets.target_reader import read_targets
from pipeline.targets.target_rows import Targets
from pipeline.targets.target_values import is_cut_number, name_and_target
from tests.pipeline.targets.ruled_grids import grid

HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]
FIELDS = [["项目名称", "甲", "甲", "甲"], ["项目资金（万元）", "10", "10", "10"], ["年度目标", "办好甲", "办好甲", "办好甲"]]
OTHER = [["项目名称", "乙", "乙", "乙"], ["项目资金（万元）", "20", "20", "20"], ["年度目标", "办好乙", "办好乙", "办好乙"]]
TEN_THOUSAND = 10000


def read(*pages: list[list[str]], above: str = "项目支出绩效目标表") -> Targets:
    made = [
        Page(n, 595, 842, (TextLine(above, Box(50, 40, 300, 50)),) if n == 1 else (), (grid(n, rows),)) for n, rows in enumerate(pages, 1)
    ]
    return read_targets(Content("application/pdf", "pdfium", tuple(made)), code_book())


def projects(told: Targets) -> list[tuple[str, float | None, str | None]]:
    return [(p["project"], None if p["amount"] is None else float(p["amount"] / TEN_THOUSAND), p["goal"]) for p in told.projects]


def indicators(told: Targets) -> list[tuple[str, str, str | None, str, str | None]]:
    return [(i["project"], i["indicator"], i["operator"], i["target"], i["unit"]) for i in told.indicators]


# -- forms without indicators ----------------------------------------------------------------------------------------------

ALONE = [
    ["项目名称", "夜校"],
    ["项目概述", "开办夜校"],
    ["立项依据", "街道文件"],
    ["实施主体", "文化站"],
    ["年度预算安排", "6万元"],
    ["绩效目标", "开课9期"],
]


def test_a_form_without_indicators() -> None:
    (project,) = read(ALONE, above="项目信息表").projects
    assert (project["project"], project["amount"], project["goal"]) == ("夜校", Decimal("60000.00"), "开课9期")
    assert (project["basis"], project["implementer"]) == ("街道文件", "文化站")


def test_a_form_with_a_column_for_each_year_is_told() -> None:
    rows = [["项目名称", *["夜校"] * 2], ["年度", "2023年", "2024年"], ["项目资金（万元）", "3", "4"], ["年度目标", "开课", "再开课"]]
    assert read(rows).projects == []


def test_the_year_of_a_form_and_its_first_and_last_year_are_no_columns() -> None:
    rows = [["项目名称", "夜校"], ["年度", "2023年"], ["项目资金（万元）", "3"], ["年度目标", "开课"]]
    assert projects(read(rows)) == [("夜校", 3, "开课")]


@pytest.mark.parametrize(("heads", "amount"), [(("总投资", "本年安排"), None), (("年初预算数", "全年执行数"), 9)])
def test_the_first_of_several_amounts_of_a_form_is_the_year_s_where_its_head_says_so(heads: tuple[str, str], amount: int | None) -> None:
    rows = [["项目名称", "夜校", "夜校"], ["项目资金（万元）", *heads], ["项目资金（万元）", "9", "3"], ["年度目标", "开课", "开课"]]
    assert projects(read(rows)) == [("夜校", amount, "开课")]


def test_forms_below_each_other_and_one_that_is_left_blank() -> None:
    assert projects(read([row[:2] for row in (*FIELDS, *OTHER)])) == [("甲", 10, "办好甲"), ("乙", 20, "办好乙")]
    assert projects(read([["项目名称", "无"], ["项目资金（万元）", "0"], ["年度目标", "无"]])) == []


def test_a_total_beside_the_projects_of_a_form_is_none() -> None:
    rows = [["项目名称", "丙", "丁", "总计"], ["项目金额（万元）", "15", "6", "21"], ["年度目标", "办好丙", "办好丁", ""]]
    assert projects(read(rows)) == [("丙", 15, "办好丙"), ("丁", 6, "办好丁")]


def test_several_such_forms_one_after_another() -> None:
    second = [[label, "展览" if said == "夜校" else said] for label, said in ALONE]
    assert [p["project"] for p in read(ALONE, second).projects] == ["夜校", "展览"]


def test_a_form_of_several_projects_side_by_side() -> None:
    rows = [
        ["项目名称", "丙", "丁", "合计"],
        ["项目金额（万元）", "15", "6", "21"],
        ["绩效目标", "办好丙", "办好丁", ""],
        ["实施单位", "某站", "某所", ""],
    ]
    told = read(rows)
    assert projects(told) == [("丙", 15, "办好丙"), ("丁", 6, "办好丁")]
    assert [p["implementer"] for p in told.projects] == ["某站", "某所"]


def test_a_form_whose_indicators_stand_on_the_next_page_is_one_project() -> None:
    told = read([*FIELDS, ["实施单位", "某站", "某站", "某站"]], [HEAD, ["产出指标", "数量指标", "场次", "≥3场"]])
    assert projects(told) == [("甲", 10, "办好甲")]
    assert indicators(told) == [("甲", "场次", "≥", "3", "场")]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["项目名称", "采购品目", "金额", "备注"],
            ["桌椅", "货物", "30", "集中"],
            ["装修", "工程", "12", "分散"],
            ["物业", "服务", "8", ""],
        ],
        [["项目名称", "单位", "资金来源"], ["桌椅", "张", "财政"], ["灯具", "盏", "财政"]],
        [["项目", "2025年", "2026年"], ["收入合计", "30", "20"], ["支出合计", "30", "20"]],
        [["项目名称", "项目金额", "绩效目标"], ["备注", "", ""], ["", "", ""]],
    ],
)
def test_lists_and_statements_are_no_such_forms(rows: list[list[str]]) -> None:
    assert read(rows, above="一览表").projects == []


# -- labels ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["年度履职目标", "年度工作目标", "当年整体绩效目标", "部门职能目标", "本年度绩效目标"])
def test_a_label_of_a_goal_is_made_up_of_words(label: str) -> None:
    told = read([*FIELDS[:2], [label, "办好甲", "办好甲", "办好甲"], HEAD, ["产出指标", "数量指标", "场次", "3场"]])
    assert projects(told) == [("甲", 10, "办好甲")]


@pytest.mark.parametrize("label", ["满意度目标", "中期目标", "质量目标", "目标", "成本目标"])
def test_other_targets_are_no_goal_of_the_year(label: str) -> None:
    told = read([*FIELDS[:2], [label, "90", "90", "90"], HEAD, ["产出指标", "数量指标", "场次", "3场"]])
    assert projects(told) == [("甲", 10, None)]


@pytest.mark.parametrize("turned", [False, True])
def test_the_goal_of_the_year_beside_that_of_the_whole_project(turned: bool) -> None:
    goals = [["项目总目标", "办好全部", "办好全部", "办好全部"], ["年度绩效目标", "办好甲", "办好甲", "办好甲"]]
    told = read([*FIELDS[:2], *(reversed(goals) if turned else goals), HEAD, ["产出指标", "数量指标", "场次", "3场"]])
    assert projects(told) == [("甲", 10, "办好甲")]


def test_goals_and_amounts_of_several_years_beside_those_of_the_year() -> None:
    told = read(
        [
            ["项目名称", "甲", "甲", "甲", "甲"],
            ["资金情况（万元）", "中期资金总额：", "90", "年度资金总额：", "30"],
            ["^", "其中：财政拨款", "90", "其中：财政拨款", "30"],
            ["总体目标", "中期目标（2026年—2028年）", "中期目标（2026年—2028年）", "年度目标", "年度目标"],
            ["^", "办好三年", "办好三年", "办好一年", "办好一年"],
            ["一级指标", "二级指标", "三级指标", "中期指标值", "年度指标值"],
            ["产出指标", "数量指标", "场次", "9场", "3场"],
        ]
    )
    assert projects(told) == [("甲", 30, "办好一年")]
    assert told.projects[0]["fiscal_amount"] == Decimal("300000.00")
    assert told.differing == []


# -- tables over pages -------------------------------------------------------------------------------------------------------


def test_a_form_below_the_rest_of_another_one() -> None:
    first = [*FIELDS, HEAD, ["产出指标", "数量指标", "场次", "≥3场"]]
    rest = [["效益指标", "社会效益指标", "知晓率", "≥90%"], ["满意度指标", "满意度", "满意率", "≥85%"]]
    told = read(first, [*rest, *OTHER, HEAD, ["产出指标", "数量指标", "人数", "≥5人"]])
    assert projects(told) == [("甲", 10, "办好甲"), ("乙", 20, "办好乙")]
    assert [(of, name) for of, name, *_ in indicators(told)] == [("甲", "场次"), ("甲", "知晓率"), ("甲", "满意率"), ("乙", "人数")]
    assert told.unread == {}


def test_a_row_that_a_page_cuts_in_its_name_and_in_its_number() -> None:
    told = read(
        [*FIELDS, HEAD, ["产出指标", "数量指标", "疏浚河道总", "≥10公"]], [["", "", "长度", "里"], ["^", "质量指标", "合格率", "≥95%"]]
    )
    assert indicators(told) == [("甲", "疏浚河道总长度", "≥", "10", "公里"), ("甲", "合格率", "≥", "95", "%")]


def test_a_whole_row_on_the_next_page_is_its_own() -> None:
    told = read(
        [*FIELDS, HEAD, ["产出指标", "数量指标", "长度", "≥10公里"]], [["", "", "宽度", "不变"], ["^", "质量指标", "合格率", "≥95%"]]
    )
    assert [name for _, name, *_ in indicators(told)] == ["长度", "宽度", "合格率"]


@pytest.mark.parametrize(
    ("upper", "lower", "cut"),
    [
        ("≥10公", "里", True),
        ("≥95", "%", True),
        ("12个", "月", False),
        ("≥10公里", "以上", False),
        ("提升", "里", False),
        ("≥1", "0次", False),
    ],
)
def test_a_number_that_is_cut_before_or_within_its_unit(upper: str, lower: str, cut: bool) -> None:
    assert is_cut_number(upper, lower) is cut


# -- an indicator and its target in one cell -----------------------------------------------------------------------------------


def test_indicators_with_their_targets_in_one_cell() -> None:
    head = ["一级指标", "二级指标", "三级指标及指标值", "三级指标及指标值"]
    rows = [["产出指标", "数量指标", "场次≥3场", "场次≥3场"], ["^", "质量指标", "办好3场", "办好3场"]]
    told = read([*FIELDS, head, *rows])
    assert indicators(told) == [("甲", "场次", "≥", "3", "场")]
    assert told.unread == {(1, 1): 1}


@pytest.mark.parametrize(
    ("printed", "parted"),
    [
        ("场次≥3场", ("场次", "≥3场")),
        ("合格率：≥95%", ("合格率", "≥95%")),
        ("完成率＝100%", ("完成率", "＝100%")),
        ("≥95%", None),
        ("A≥B", None),
        ("场次≥3场，人数≥5人", None),
        ("投诉率<5%且>1%", None),
        ("单价≥50万元设备购置", None),
    ],
)
def test_a_name_and_a_target_are_parted_at_one_sign(printed: str, parted: tuple[str, str] | None) -> None:
    assert name_and_target(printed) == parted


def test_rows_of_a_grid_of_other_columns_say_nothing_of_projects_beside_each_other() -> None:
    beside = [["项目名称", "甲", "乙"], ["项目资金（万元）", "10", "20"], ["年度目标", "办好甲", "办好乙"]]
    below = grid(1, [["实施主体", "文化站"], ["立项依据", "街道文件"]], top=300.0)
    title = TextLine("项目支出绩效目标表", Box(50, 40, 300, 50))
    told = read_targets(Content("application/pdf", "pdfium", (Page(1, 595, 842, (title,), (grid(1, beside), below)),)), code_book())
    assert projects(told) == [("甲", 10.0, "办好甲"), ("乙", 20.0, "办好乙")]
