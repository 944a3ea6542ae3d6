"""Forms of targets: words of headers and labels, names in headings, forms that page breaks cut, and what is counted as unread."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Cell, Content, Grid, Page, TextLine
from pipeline.targets.target_forms import name_in_heading
from pipeline.targets.target_reader import read_targets
from pipeline.targets.target_rows import Targets

FIELDS = [
    ["项目名称", "甲项目", "甲项目", "甲项目"],
    ["年度资金总额（万元）", "12.5", "12.5", "12.5"],
    ["年度目标", "办好事", "办好事", "办好事"],
]
HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]
ROWS = [["产出指标", "数量指标", "场次", "≥3场"], ["效益指标", "社会效益指标", "知晓率", "≥90%"]]


def grid(page: int, rows: list[list[str]], top: float = 100.0, xs: list[float] | None = None) -> Grid:
    """Return a grid; equal neighbours in a row are one cell, `^` goes on with the cell above."""
    width = len(rows[0])
    xs = xs or [100.0 * i for i in range(width + 1)]
    cells = []
    for r, row in enumerate(rows):
        c = 0
        while c < width:
            end = c + 1
            while row[c] not in ("", "^") and end < width and row[end] == row[c]:
                end += 1
            if row[c] != "^":
                below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
                cells.append(Cell(r, c, row[c], Box(xs[c], top + 20.0 * r, xs[end], top + 20.0 * below), below - r, end - c))
            c = end
    return Grid(page, len(rows), width, tuple(cells), Box(0, top, xs[-1], top + 20.0 * len(rows)), "test")


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
    assert targets.unread == {1: 2}


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
    assert (nobody.indicators, nobody.unread) == ([], {1: 2})
    unknown = pages(([], [grid(1, [["甲", "乙", "丙", "丁"], *ROWS])]))
    assert (unknown.indicators, unknown.unread) == ([], {1: 2})
    blank = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0], ["效益指标", "生态效益指标", "", ""], ["备注", "", "", ""]])]))
    assert (len(blank.indicators), blank.unread) == (1, {})
    half = pages(([], [grid(1, [*FIELDS, HEAD, ROWS[0], ["效益指标", "生态效益指标", "达标率", ""]])]))
    assert (len(half.indicators), half.unread) == (1, {1: 1})


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
    assert targets.unread == ({} if name else {1: 2})


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
