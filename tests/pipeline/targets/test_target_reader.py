"""Projects and performance targets, in tables and in prose."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from msgspec.structs import replace

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Cell, Content, Grid, Page, TextLine
from pipeline.narrative.claims.unread import without_projects
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.targets.target_reader import read_targets
from pipeline.targets.target_rows import Targets


def read(*lines: str) -> Targets:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    return read_targets(content, code_book())


def grid(page: int, rows: list[list[str]], xs: list[float] | None = None) -> Grid:
    """Return a grid in which `^` goes on with the cell above."""
    width = len(rows[0])
    xs = xs or [100.0 * i for i in range(width + 1)]
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "^":
                continue
            below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
            cells.append(Cell(r, c, text, Box(xs[c], 20.0 * r, xs[c + 1], 20.0 * below), below - r))
    return Grid(page, len(rows), width, tuple(cells), Box(0, 0, xs[-1], 20.0 * len(rows)), "test")


def of_grids(*grids: Grid) -> Targets:
    pages = tuple(Page(g.page, 842, 595, (), (g,)) for g in grids)
    return read_targets(Content("grids", "pdfium", pages), code_book())


def test_a_flattened_form_of_targets() -> None:
    told = read(
        "项目支出绩效目标表",
        "项目名称 窗口服务 外包项目",
        "项目资金（万元） 63.5",
        "绩效目标 做好服务",
        "绩效指标 指标名称 计算符号 指标值 计量单位 权重",
        "数量",
        "窗口开放",
        "数量 ≥ 5 个 40%",
        "产出指标 服务天数 ＝ 250 天 20%",
        "时效 服务期限 ／ 2022 年全年 ／ 10%",
        "满意度",
        "指标",
        "满意",
        "度",
        "群众满意率 ≥ 98 % 30%",
        "四、其他重要事项的情况说明",
    )
    (project,) = told.projects
    assert (project["project"], project["amount"], project["goal"]) == ("窗口服务外包项目", Decimal("635000.00"), "做好服务")
    rows = [
        (i["dimension"], i["sub_dimension"], i["indicator"], i["operator"], i["target"], i["unit"], i["weight_pct"])
        for i in told.indicators
    ]
    assert rows == [
        ("产出指标", "数量", "窗口开放数量", "≥", "5", "个", 40),
        ("产出指标", "数量", "服务天数", "＝", "250", "天", 20),
        ("产出指标", "时效", "服务期限", None, "2022年全年", None, 10),
        ("满意度指标", "满意度", "群众满意率", "≥", "98", "%", 30),
    ]


def test_pairs_of_indicator_and_target_belong_to_the_project_told_before() -> None:
    told = read(
        "窗口服务外包项目经费情况说明",
        "二、立项依据",
        "某某办法。",
        "六、年度预算安排",
        "窗口服务外包项目总预算是63.5万元，主要包括人员5万元。",
        "一级指标 二级指标 三级指标 指标目标值",
        "开放窗口数 不少于5个",
        "群众满意度 达到90%以上",
        "可持续目标",
    )
    (project,) = told.projects
    assert (project["project"], project["amount"], project["basis"]) == ("窗口服务外包项目经费", Decimal("635000.00"), "某某办法")
    assert [(i["project"], i["indicator"], i["target"]) for i in told.indicators] == [
        ("窗口服务外包项目经费", "开放窗口数", "不少于5个"),
        ("窗口服务外包项目经费", "群众满意度", "达到90%以上"),
    ]


def test_tasks_with_the_money_to_be_put_in() -> None:
    told = of_grids(
        grid(1, [
            ["重点任务", "名称", "主要实施内容", "拟投入的资金（万元）", "期望达到的目标（概述）"],
            ["^", "水质监测", "布设断面", "20.27", "断面达标"],
            ["^", "大气防治", "抽检油品", "3.00", "浓度下降"],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值"],
            ["^", "产出指标", "数量指标", "抽检次数", "200次"],
        ])
    )  # fmt: skip
    assert [(p["project"], p["amount"], p["goal"]) for p in told.projects] == [
        ("水质监测", Decimal("202700.00"), "断面达标"),
        ("大气防治", Decimal("30000.00"), "浓度下降"),
    ]
    assert [(i["project"], i["indicator"], i["target"]) for i in told.indicators] == [("部门整体支出", "抽检次数", "200次")]


def test_a_list_of_projects_with_targets_over_a_page_break() -> None:
    first = grid(1, [
        ["项目名称", "项目总额（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["甲项目", "12.5", "目标一", "产出指标", "数量指标", "场次", "≥3场"],
        ["^", "^", "^", "^", "质量指标", "合格率", "=100（%）"],
    ])  # fmt: skip
    second = grid(2, [
        ["", "", "效益指标", "社会效益指标", "知晓度", "有所提高"],
        ["", "7", "产出指标", "数量指标", "份数", "≥9份"],
    ], [0.0, 100.0, 300.0, 400.0, 500.0, 600.0, 700.0])  # fmt: skip
    told = of_grids(first, second)
    assert [(p["project"], p["amount"], p["goal"]) for p in told.projects] == [("甲项目", Decimal("125000.00"), "目标一")]
    rows = [(i["project"], i["sub_dimension"], i["indicator"], i["operator"], i["target"], i["unit"]) for i in told.indicators]
    assert rows == [
        ("甲项目", "数量指标", "场次", "≥", "3", "场"),
        ("甲项目", "质量指标", "合格率", "＝", "100", "%"),
        ("甲项目", "社会效益指标", "知晓度", None, "有所提高", None),
    ]  # the last row opens a project whose name was not read: its indicator belongs to nobody


def test_a_form_of_one_project() -> None:
    told = of_grids(grid(1, [
        ["项目名称", "乙项目", "乙项目", "乙项目"],
        ["资金金额（万元）", "年度资金总额：", "28.91", "28.91"],
        ["年度目标", "办好事", "办好事", "办好事"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["成本指标", "经济成本", "每箱经费（元）", "≤70"],
        ["总分", "总分", "总分", "100"],
    ]))  # fmt: skip
    assert [(p["project"], p["amount"], p["goal"]) for p in told.projects] == [("乙项目", Decimal("289100.00"), "办好事")]
    assert [(i["indicator"], i["operator"], i["target_value"], i["unit"]) for i in told.indicators] == [
        ("每箱经费（元）", "≤", Decimal(70), "元")
    ]


def test_a_list_of_projects_over_two_pages() -> None:
    head = ["项目名称", "项目总额", "其中：", "其中：", "绩效目标", "一级指标", "三级指标", "本年绩效指标值"]
    under = ["^", "^", "财政资金", "其他资金", "^", "^", "^", "^"]
    first = grid(1, [
        ["金额单位：万元"] + [""] * 7, head, under,
        ["甲项目", "8.500000", "8.500000", "", "目标甲。", "产出指标", "数量", "3"],
        ["", "2.123456", "1.000000", "1.123456", "目标乙。", "产出指标", "人次", "5"],
    ])  # fmt: skip
    second = grid(2, [
        ["乙项目", "", "", "", "", "效益指标", "成本", "14.397852"],
        ["^", "", "^", "^", "^", "效益指标", "满意度", "90"],
        ["丙项目", "4", "3", "", "目标丙。", "产出指标", "次数", "2"],
    ])  # fmt: skip
    told = of_grids(first, second)
    assert [(p["project"], p["amount"], p["fiscal_amount"], p["other_amount"]) for p in told.projects] == [
        ("甲项目", Decimal("85000.00"), Decimal("85000.00"), None),
        ("乙项目", Decimal("21234.56"), Decimal("10000.00"), Decimal("11234.56")),
        ("丙项目", Decimal("40000.00"), None, None),
    ]
    assert [(i["project"], i["target_value"]) for i in told.indicators] == [
        ("甲项目", 3), ("乙项目", 5), ("乙项目", Decimal("14.397852")), ("乙项目", 90), ("丙项目", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("merged", [False, True])
def test_a_goal_in_one_cell_with_the_levels_of_indicators_is_held_back(merged: bool) -> None:
    head = ["项目名称", "金额（万元）", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]
    mixed = "产出指标\n办好一件事，\n效益指标\n另一件。"
    rows = [
        head,
        ["甲项目", "8.5", mixed if merged else "产出指标与成本指标都要达到。", "" if merged else "产出指标", "数量指标", "次数", "3"],
        ["^", "^", "^", "^" if merged else "效益指标", "社会效益指标", "满意人数", "5"],
        ["乙项目", "4", "目标乙。", "产出指标", "数量指标", "次数", "2"],
    ]
    table = grid(1, rows)
    if merged:
        cells = [replace(c, column_span=2) if c.text == mixed else c for c in table.cells if (c.row, c.column) != (1, 3)]
        table = dataclasses.replace(table, cells=tuple(cells))
    told = of_grids(table)
    assert [p["goal"] for p in told.projects] == [None if merged else "产出指标与成本指标都要达到。", "目标乙。"]
    assert [(i["dimension"], i["indicator"]) for i in told.indicators] == [
        ("产出指标", "次数"), ("效益指标", "满意人数"), ("产出指标", "次数"),
    ]  # fmt: skip
    assert told.mixed == ({(1, 1): 2} if merged else {})


def test_a_second_goal_of_one_project_is_told() -> None:
    head = ["项目名称", "金额（万元）", "绩效目标"]
    told = of_grids(grid(1, [head, ["甲项目", "8.5", "目标甲。"], ["^", "^", "另一目标。"], ["乙项目", "4", "目标乙。"]]))
    assert [p["goal"] for p in told.projects] == ["目标甲。", "目标乙。"]
    assert told.mixed == {(1, 1): 1}


def test_tasks_of_a_whole_department() -> None:
    told = of_grids(
        grid(1, [
            ["年度主要任务", "任务名称", "主要内容", "预算金额（万元）", "预算金额（万元）", "预算金额（万元）"],
            ["^", "^", "^", "总额", "财政拨款", "其他资金"],
            ["^", "机关运转", "保障运行", "66.25", "66.25", ""],
            ["^", "业务保障", "保障业务", "33.75", "30", "3.75"],
            ["^", "金额合计", "", "100.00", "96.25", "3.75"],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "权重"],
            ["^", "产出指标", "数量指标", "印制册数", "≥10010.89㎡", "10"],
        ])
    )  # fmt: skip
    assert [(p["project"], p["amount"], p["other_amount"], p["part_of"]) for p in told.projects] == [
        ("机关运转", Decimal("662500.00"), None, "部门整体支出"),
        ("业务保障", Decimal("337500.00"), Decimal("37500.00"), "部门整体支出"),
        ("部门整体支出", Decimal("1000000.00"), Decimal("37500.00"), None),
    ]
    (indicator,) = told.indicators
    assert (indicator["project"], indicator["operator"], indicator["target_value"], indicator["unit"]) == (
        "部门整体支出", "≥", Decimal("10010.89"), "㎡",
    )  # fmt: skip


def test_the_money_of_a_form_is_in_the_unit_above_it() -> None:
    form = grid(1, [
        ["项目名称", "森林资源培育", "实施单位", "清风林场"],
        ["年度资金总额", "633.80", "其中：财政拨款", "633.80"],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "质量指标", "造林成活率", "≥85%"],
    ])  # fmt: skip
    for mark, amount in (("金额单位：人民币万元", "6338000.00"), ("（人民币元）", "633.80"), ("单位：万元", "6338000.00")):
        page = Page(1, 842, 595, (TextLine("项目支出绩效目标表"), TextLine(mark)), (form,))
        (project,) = read_targets(Content("grids", "pdfium", (page,)), code_book()).projects
        assert project["amount"] == Decimal(amount), mark


def test_the_number_of_a_heading_is_no_part_of_a_projects_name() -> None:
    contents = read("七、项目经费情况说明", "三、2026年系统运行维护经费情况说明", "（一）立项依据", "根据某文件。")
    assert [(p["project"], p["basis"]) for p in contents.projects] == [("系统运行维护经费", "根据某文件")]


def test_projects_told_by_labels_before_colons() -> None:
    told = read(
        "七、关于某局2023年项目支出情况说明",
        "（一）项目名称：义务教育公用经费",
        "设立的政策依据：某财教〔2022〕1号",
        "预算安排规模：600万元",
        "项目承担单位：某局",
        "资金分配情况：600万元",
        "资金执行时间：2023年1月-12月",
        "（二）项目名称：校园安保项目",
        "预算安排规模：400万元",
        "八、关于某局2023年一般公共预算“三公”经费预算情况说明",
        "2023年“三公”经费预算总额9.5万元。",
    )
    assert [(p["project"], p["amount"], p["basis"], p["implementer"], p["period"]) for p in told.projects] == [
        ("义务教育公用经费", Decimal("6000000"), "某财教〔2022〕1号", "某局", "2023年1月-12月"),
        ("校园安保项目", Decimal("4000000"), None, None, None),
    ]


def test_a_name_that_nothing_is_said_of_is_no_project() -> None:
    assert not read("项目名称：义务教育公用经费", "填报单位：某局").projects


GOAL = "建成后由街坊邻里共同使用，办好便民服务与文化活动，每年开放三百天。"
STORY = ["项目经费情况说明", "一、项目概况", "本工程占地10平方米。", "二、立项依据", "某批复。", "三、实施周期", "两年。"]
PLAN = ["四、年度预算安排", "上半年用款计划20万元，下半年30万元。", "五、绩效目标", GOAL]


def with_forms(lines: list[str], *goals: str) -> Targets:
    """Return what a story of no name says, with forms of projects of these goals behind it."""
    head, row = ["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "面积", "≥10平方米"]
    grids = [
        grid(2 + i, [["项目名称", f"邻里中心{i}期", "", ""], ["年度总体目标", goal, "", ""], head, row]) for i, goal in enumerate(goals)
    ]
    pages = tuple(Page(g.page, 842, 595, (), (g,)) for g in grids)
    story = Page(1, 842, 595, tuple(TextLine(text, Box(50, 40 + 12 * i, 50 + 11 * len(text), 50 + 12 * i)) for i, text in enumerate(lines)))
    return read_targets(Content("grids", "pdfium", (story, *pages)), code_book())


def test_a_story_without_a_name_completes_the_project_of_its_goal() -> None:
    told = with_forms([*STORY, *PLAN], GOAL, "另一个目标：修缮街区内二十处公共座椅，方便居民休息。")
    assert [(p["project"], p["basis"], p["period"]) for p in told.projects] == [
        ("邻里中心0期", "某批复", "两年"),
        ("邻里中心1期", None, None),
    ]
    assert told.unread == {}


@pytest.mark.parametrize("goals", [(), ("修缮街区内二十处公共座椅，方便居民休息，每年检查四次。",), (GOAL, GOAL)])
def test_a_story_without_a_name_that_no_single_project_answers_is_missed(goals: tuple[str, ...]) -> None:
    told = with_forms([*STORY, *PLAN], *goals)
    assert [p["basis"] for p in told.projects] == [None] * len(goals)
    assert told.unread == {(1, 0): 1}


def named_by(*overview: str, amount: str = "上半年用款计划20万元，下半年30万元。") -> list[tuple[str, str | None, Decimal | None]]:
    """Return the projects of a story without a name that says this of its project first."""
    told = with_forms([*STORY[:2], *overview, *STORY[3:], PLAN[0], amount, *PLAN[2:]])
    assert told.unread == ({} if told.projects else {(1, 0): 1})
    return [(p["project"], p["basis"], p["amount"]) for p in told.projects]


@pytest.mark.parametrize(
    "overview",
    [
        "由清风街道办事处建设的邻里中心新建工程，位于甲路与乙路路口，占地10平方米。",
        "邻里中心新建工程位于甲路，占地10平方米。",
        "邻里中心新建工程，坐落于甲路。",
    ],
)
def test_a_story_without_a_name_is_of_what_its_first_words_say_to_be_built(overview: str) -> None:
    assert named_by(overview) == [("邻里中心新建工程", "某批复", None)]
    assert named_by(overview, amount="2026年预算安排60万元。") == [("邻里中心新建工程", "某批复", Decimal(600000))]


def test_an_amount_beside_its_label_ends_no_story() -> None:
    told = with_forms([*STORY[:2], "邻里中心新建工程，位于甲路。", *STORY[3:], "四、年度预算安排60万元。", *PLAN[2:]])
    assert [(p["amount"], p["goal"]) for p in told.projects] == [(Decimal(600000), GOAL.rstrip("。"))]


@pytest.mark.parametrize(
    "overview",
    [
        ("本次新建工程，位于甲路。",),
        ("我街道邻里中心工程，位于甲路。",),
        ("为改善民生新建工程，位于甲路。",),
        ("街道计划完成绿化工程，位于甲路。",),
        ("办事处承担的绿化工程，位于甲路。",),
        ("全县在建绿化项目位于甲路。",),
        ("受益范围内主要绿化工程位于甲路。",),
        ("邻里中心新建工程，总投资60万元。",),
        ("邻里中心，位于甲路。",),
        ("邻里中心新建工程，位于甲路。", "", "活动中心新建工程，位于乙路。"),  # of two
    ],
)
def test_words_that_may_be_no_name_or_two_names_give_a_story_none(overview: tuple[str, ...]) -> None:
    assert named_by(*overview) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["二、项目支出情况说明", "某局项目支出预算安排100万元。", "（一）绩效目标", "办好事。"],  # a section of sentences
        ["项目经费情况说明", "三、系统维护经费情况说明", "（一）立项依据", "某文件。"],
        ["项目经费情况说明", "第二部分说明", "（一）绩效目标", "办好事。"],
        ["七、项目经费情况说明", "八、绩效目标", "部门主要职能"],  # a table of contents
    ],
)
def test_a_heading_over_no_parts_of_a_story_is_none(lines: list[str]) -> None:
    assert with_forms(lines).unread == {}


def unread(*lines: str) -> list[tuple[str, ...]]:
    """Return the amounts of sentences that neither the narrative nor a project took."""
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    narrative = read_narrative(content, fiscal_year=2026, book=code_book(), final=False)
    return [said.numbers for said in without_projects(narrative.unread, read_targets(content, code_book()).listed)]


def test_amounts_of_a_story_that_no_project_takes_are_told() -> None:
    heading = "某某系统维护项目经费情况说明"
    assert unread(heading, "四、年度预算安排", "2026年预算安排60万元。") == []
    assert unread(heading, "四、年度预算安排", "2026年预算安排60万元，其中上半年20万元。") == [("2026年预算安排60万元，其中上半年20万元",)]
    assert unread("项目经费情况说明", "四、年度预算安排", "2026年预算安排60万元。") == [("2026年预算安排60万元",)]


def amount_of_story(*lines: str, year: int | None = 2026) -> list[Decimal | None]:
    """Return the amounts of the projects of which a text tells."""
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, ("某某系统维护项目经费情况说明", *lines)))),))
    return [project["amount"] for project in read_targets(content, code_book(), fiscal_year=year).projects]


@pytest.mark.parametrize(
    ("sentence", "year", "expected"),
    [
        ("2025年预算安排50万元，2026年预算安排60万元。", 2026, Decimal(600_000)),
        ("2025年预算安排50万元，2026年预算安排60万元。", None, None),  # of which year the document is, nothing says
        ("上年预算安排50万元，本年预算安排60万元。", None, Decimal(600_000)),
        ("2024-2026年预算安排150万元。", 2026, None),
        ("累计预算安排150万元。", 2026, None),
        ("2026年预算安排60万元，其中一期预算安排40万元。", 2026, None),  # two amounts in one paragraph
        ("根据2019年的批复，2026年预算安排60万元。", 2026, Decimal(600_000)),
    ],
)
def test_a_project_takes_the_one_amount_of_the_year_that_its_story_states(
    sentence: str, year: int | None, expected: Decimal | None
) -> None:
    assert amount_of_story("一、项目概况", sentence, year=year) == [expected]
    assert amount_of_story("一、项目概况", "2025年预算安排50万元。", "四、年度预算安排", "2026年预算安排60万元。") == [Decimal(600_000)]


def test_an_amount_of_a_story_hides_no_equal_one_of_another_story() -> None:
    named = ["某某系统维护项目经费情况说明", "一、立项依据", "某批复。", "四、年度预算安排", "2026年预算安排60万元。"]
    nameless = ["项目经费情况说明", "一、年度预算安排", "2026年预算安排60万元。"]
    assert unread(*named, *nameless) == [("2026年预算安排60万元",)]


def test_amounts_of_an_overview_of_a_project_are_told() -> None:
    told = unread("某某系统维护项目经费情况说明", "一、项目概况", "该项目总投资300万元，已完成支付120万元。")
    assert [len(numbers) for numbers in told] == [2]


def remarked(name: str, *marks: str) -> Grid:
    """Return a form of one project that prints points as remarks."""
    head = ["一级指标", "二级指标", "三级指标", "指标值", "度量单位", "指标值类型", "备注"]
    rows = [["产出指标", "数量指标", f"第{i}项检查次数", "5", "次", "≥", mark] for i, mark in enumerate(marks)]
    named = ["项目名称", name, name, name, name, name, name]
    return grid(int(name[-1]), [named, head, *rows])


def test_points_printed_as_remarks_are_weights_where_they_make_up_a_full_mark() -> None:
    told = of_grids(remarked("项目1", "30", "60"), remarked("项目2", "2025", "3"))
    assert [i["weight_pct"] for i in told.indicators] == [30, 60, None, None]


def test_points_that_make_up_no_full_mark_are_weights_where_other_projects_prove_the_column() -> None:
    told = of_grids(remarked("项目1", "30", "60"), remarked("项目2", "40", "60"), remarked("项目3", "40", "45"), remarked("项目4", "", "9"))
    assert [i["weight_pct"] for i in told.indicators] == [30, 60, 40, 60, 40, 45, None, None]
    assert [i["weight_pct"] for i in of_grids(remarked("项目1", "30", "60"), remarked("项目3", "40", "45")).indicators][2:] == [None, None]


def test_a_sign_printed_as_the_unit_and_the_unit_as_the_sign() -> None:
    head = ["一级指标", "二级指标", "三级指标", "指标值", "度量单位", "指标值类型"]
    told = of_grids(
        grid(
            1,
            [
                ["项目名称", "项目1", "项目1", "项目1", "项目1", "项目1"],
                head,
                ["产出指标", "时效指标", "完成率", "90", "≥", "%"],
                ["产出指标", "时效指标", "及时率", "90", "%", "≥"],
                ["产出指标", "质量指标", "合格率", "90", "≥", ""],
            ],
        )
    )
    assert [(i["operator"], i["unit"]) for i in told.indicators] == [("≥", "%"), ("≥", "%"), ("≥", None)]


FORM_OF_CELLS = ("项目支出绩效目标表", "项目名称", "窗口服务", "一级指标", "二级指标", "三级指标", "指标值", "权重")


def test_a_form_whose_cells_stand_in_lines_of_their_own() -> None:
    told = read(
        *FORM_OF_CELLS,
        *("产出指标", "数量指标", "窗口数", "≥5个", "40", "服务天数", "≥250天", "20", "质量指标", "合格率", "优", "10"),
        *("满意度指标", "服务对象满意度指标", "满意度", "≥90%", "30"),
        *("四、其他重要事项的情况说明", "2022年机关运行经费100万元。"),
    )
    assert [p["project"] for p in told.projects] == ["窗口服务"]
    assert [(i["dimension"], i["sub_dimension"], i["indicator"], i["operator"], i["target"], i["unit"]) for i in told.indicators] == [
        ("产出指标", "数量指标", "窗口数", "≥", "5", "个"),
        ("产出指标", "数量指标", "服务天数", "≥", "250", "天"),
        ("产出指标", "质量指标", "合格率", None, "优", None),
        ("满意度指标", "服务对象满意度指标", "满意度", "≥", "90", "%"),
    ]
    assert [i["weight_pct"] for i in told.indicators] == [40, 20, 10, 30]
    assert told.unread == {}


def test_cells_in_lines_of_their_own_end_where_one_is_missing() -> None:
    told = read(*FORM_OF_CELLS, *("产出指标", "数量指标", "窗口数", "≥5个", "40", "质量指标", "合格率", "满意度指标", "服务对象满意度指标"))
    assert [i["indicator"] for i in told.indicators] == ["窗口数"]
    assert told.unread == {(1, 0): 1}


@pytest.mark.parametrize("weight", [[], ["30"]], ids=["without weights", "with weights"])
@pytest.mark.parametrize("levels", [[], ["质量指标"]], ids=["levels go on", "with a level"])
def test_a_cell_wrapped_into_two_lines_ends_the_cells_in_lines_of_their_own(weight: list[str], levels: list[str]) -> None:
    form = FORM_OF_CELLS[: len(FORM_OF_CELLS) - (not weight)]
    wrapped = [*levels, "服务窗口开放", "数量", "≥5个", *weight]
    told = read(*form, "产出指标", "数量指标", "服务天数", "≥250天", *weight, *wrapped, "四、其他重要事项的情况说明")
    assert [i["indicator"] for i in told.indicators] == ["服务天数"]
    assert told.unread == {(1, 0): 1}
    told = read(*form, "产出指标", "数量指标", *wrapped[len(levels) :], "质量指标", "合格率", "优", *weight)
    assert told.indicators == []
    assert told.unread == {(1, 0): 1}


def test_a_name_printed_in_each_column_of_a_merged_cell_is_one() -> None:
    told = read("项目名称 窗口服务项目 窗口服务项目 窗口服务项目", "一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 窗口数 ≥5个")
    assert [p["project"] for p in told.projects] == ["窗口服务项目"]
