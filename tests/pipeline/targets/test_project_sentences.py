"""Projects that sentences list: taken where a sum proves the list, held back elsewhere."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import ROUNDED_OTHERWISE, UNKNOWN_SUBJECT, HeldBack, Unread
from pipeline.narrative.claims.unread import without_projects
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import paragraphs as text_of
from pipeline.targets.of_text.project_sentences import read_project_lists
from pipeline.targets.target_reader import drop_project_amounts, read_targets
from pipeline.targets.target_rows import Money, Targets

HEADS = ("第三部分部门预算支出具体情况", "一、某市某水源工程管理处")


def read(*paragraphs: str) -> SimpleNamespace:
    """Return the projects that sentences list, and the lines and clauses held back that the narrative makes of the same sentences."""
    lines = tuple(TextLine(text) for paragraph in (*HEADS, *paragraphs) for text in (paragraph, ""))
    content = Content("lines", "text", (Page(1, 0, 0, lines),))
    targets = read_targets(content, code_book())
    narrative = read_narrative(content, fiscal_year=2026, book=code_book(), final=False)
    return SimpleNamespace(projects=targets.projects, lines=narrative.lines, held_back=drop_project_amounts(narrative.held_back, targets))


def told(narrative: SimpleNamespace) -> list[tuple[str, Decimal, str | None]]:
    return [(p["project"], p["amount"], p["part_of"]) for p in narrative.projects]


def test_what_a_project_rests_on_without_words_of_use() -> None:
    narrative = read(
        "（五）项目支出100.00万元，具体包括：",
        "1.普查60.00万元，根据《关于开展普查的通知》《关于做好普查经费的通知》申报立项。普查涉及11个区，用时一年。",
        "2.业务40.00万元，主要包括：1.编外人员30.00万元，根据工作需要，使用派遣人员，保障工作开展；2.审计10.00万元，按照规定，主要用于审计，根据要求开展。",
        "第四部分政府采购预算情况",
    )
    assert [(p["project"], p["basis"], p["goal"]) for p in narrative.projects] == [
        ("普查", "根据《关于开展普查的通知》《关于做好普查经费的通知》申报立项", None),
        ("业务", None, None),
        ("编外人员", "根据工作需要", "使用派遣人员，保障工作开展"),
        ("审计", "按照规定", "审计，根据要求开展"),
    ]


def test_a_list_that_adds_up() -> None:
    narrative = read(
        "（五）项目支出100.00万元，具体包括：",
        "1.水务工程运行60.00万元，主要包括：设施维护20.50万元，用于开展设施日常维护，共44,720千瓦；综合管理、保障39.50万元，根据某办法，用于后勤。",
        "2.规划编制预算40.00万元，主要用于规划编制工作。",
        "第四部分政府采购预算情况",
    )
    assert told(narrative) == [
        ("水务工程运行", Decimal("600000.00"), None),
        ("设施维护", Decimal("205000.00"), "水务工程运行"),
        ("综合管理、保障", Decimal("395000.00"), "水务工程运行"),
        ("规划编制", Decimal("400000.00"), None),
    ]
    assert {p["implementer"] for p in narrative.projects} == {"某市某水源工程管理处"}
    assert narrative.projects[2]["basis"] == "根据某办法"
    assert [p["goal"] for p in narrative.projects[1:]] == ["开展设施日常维护，共44,720千瓦", "后勤", "规划编制工作"]
    assert not narrative.lines


def test_what_no_sum_proves_is_held_back() -> None:
    narrative = read(
        "（五）项目支出100.00万元，具体包括：",
        "1.污染防治60.00元，主要包括：水环境管理20.00万元，用于调查；大气防治39.00万元，用于监测。",
        "2.执法监督40.00万元，主要包括：执法30.00万元，用于设备；督察10.00万元，用于整改。",
    )
    assert told(narrative) == [
        ("执法监督", Decimal("400000.00"), None),
        ("执法", Decimal("300000.00"), "执法监督"),
        ("督察", Decimal("100000.00"), "执法监督"),
    ]
    assert {"大气防治39.00万元", "1.污染防治60.00元"} <= {clause for clause, *_ in narrative.held_back}
    assert not any("执法" in clause for clause, *_ in narrative.held_back)


def test_classes_of_spending_are_no_projects() -> None:
    narrative = read("（二）项目支出270.00万元，其中：", "1.教育支出200.00万元，主要用于水电。", "2.住房保障支出70.00万元。")
    assert narrative.projects == []


def test_an_amount_repeated_from_another_total_is_no_part() -> None:
    narrative = read(
        "（五）项目支出50.00万元，具体包括：",
        "1.污水处理服务费50.00万元，用于运营。2026年污水处理费预算总额90.00万元，其中：一般公共预算50.00万元。",
    )
    assert told(narrative) == [("污水处理服务费", Decimal("500000.00"), None)]


def test_parts_in_sentences_of_their_own_and_over_paragraphs() -> None:
    narrative = read(
        "（五）项目支出30.00万元，具体包括：",
        "1.环境管理30.00万元，主要包括：",
        "宣传教育5.00万元，用于培训。技术审查10.00万元，用于审查工作；",
        "编外人员15.00万元，用于劳务派遣。",
    )
    assert [name for name, _, whole in told(narrative) if whole == "环境管理"] == ["宣传教育", "技术审查", "编外人员"]


def beside_a_table(unit: str, table: dict[str, str], *paragraphs: str) -> list[tuple[str, Decimal, str | None, int | None, str | None]]:
    """Return the projects of a document that lists these in a table, of this unit, and tells them in sentences as well."""
    lines = tuple(TextLine(text) for paragraph in (*HEADS, *paragraphs) for text in (paragraph, ""))
    targets = Targets()
    for name, amount in table.items():
        targets.project(name, Money(Decimal(amount)), None, unit, at=())
    read_project_lists(text_of(Content("lines", "text", (Page(1, 0, 0, lines),))), targets, lambda _: False, NumberBoxes(()))
    targets.number()
    return [(p["project"], p["amount"], p["part_of"], p["part_of_no"], p["implementer"]) for p in targets.projects]


UNIT = HEADS[1].removeprefix("一、")


def test_a_part_says_the_number_of_its_whole_among_projects_of_one_name() -> None:
    narrative = read(
        "（五）项目支出100.00万元，具体包括：",
        "1.综合业务60.00万元，主要包括：设施维护20.50万元，用于维护；后勤保障39.50万元，用于后勤。",
        "2.规划业务40.00万元，主要包括：综合业务10.00万元，用于规划；设施维护30.00万元，用于维护。",
        "第四部分政府采购预算情况",
    )
    assert [(p["project_no"], p["project"], p["part_of"], p["part_of_no"]) for p in narrative.projects] == [
        (1, "综合业务", None, None), (2, "设施维护", "综合业务", 1), (3, "后勤保障", "综合业务", 1),
        (4, "规划业务", None, None), (5, "综合业务", "规划业务", 4), (6, "设施维护", "规划业务", 4),
    ]  # fmt: skip


LIST = (
    "（五）项目支出100.00万元，具体包括：",
    "1.水源管理工作60.01万元，主要包括：设施维护20.51万元，用于维护；后勤保障39.50万元，用于后勤。",
    "2.规划编制39.99万元，主要用于规划编制工作。",
    "第四部分政府采购预算情况",
)


def test_a_project_that_a_table_rounds_otherwise_is_not_listed_twice() -> None:
    found = beside_a_table(UNIT, {"水源管理": "600000", "规划编制": "399900"}, *LIST)
    assert [(name, amount, part) for name, amount, part, _, _ in found] == [
        ("水源管理", Decimal(600000), None), ("规划编制", Decimal(399900), None),
        ("设施维护", Decimal(205100), "水源管理"), ("后勤保障", Decimal(395000), "水源管理"),
    ]  # fmt: skip
    assert [number for _, _, _, number, _ in found] == [None, None, 1, 1]


def test_the_amount_of_a_sentence_that_a_table_rounds_otherwise_is_told() -> None:
    lines = tuple(TextLine(text) for paragraph in (*HEADS, *LIST) for text in (paragraph, ""))
    text, targets = text_of(Content("lines", "text", (Page(1, 0, 0, lines),))), Targets()
    for name, amount in {"水源管理": "600000", "规划编制": "399900"}.items():
        targets.project(name, Money(Decimal(amount)), None, UNIT, at=())
    targets.listed += read_project_lists(text, targets, lambda _: False, NumberBoxes(()))
    held = [HeldBack("1.水源管理工作60.01万元", UNKNOWN_SUBJECT, 1), HeldBack("2.规划编制39.99万元", UNKNOWN_SUBJECT, 1)]
    assert drop_project_amounts(held, targets) == [HeldBack("1.水源管理工作60.01万元", ROUNDED_OTHERWISE, 1)]
    unread = [Unread("项目支出", 1, ("1.水源管理工作60.01万元", "2.规划编制39.99万元"))]
    assert without_projects(unread, targets.listed) == [Unread("项目支出", 1, ("1.水源管理工作60.01万元",))]


@pytest.mark.parametrize(
    ("tail", "goal"),
    [
        ("，包含代编甲项目，以及用于某规划编制业务。", "包含代编甲项目，以及用于某规划编制业务"),
        ("，主要用于规划编制工作。", "规划编制工作"),
        ("，包含税费，用于规划编制。", "规划编制"),
    ],
)
def test_what_a_project_holds_besides_its_use_is_in_its_goal(tail: str, goal: str) -> None:
    told = read("（五）项目支出100万元，具体包括：", "1.水源管理60万元，用于管理。", f"2.规划业务40万元{tail}", "第四部分政府采购预算情况")
    assert [p["goal"] for p in told.projects if p["project"] == "规划业务"] == [goal]


@pytest.mark.parametrize(
    "table", [{"水源管理": "590000", "规划编制": "399900"}, {"水源管理": "600000"}, {"水源管理": "600000", "规划编制": "400000"}]
)
def test_a_project_of_another_amount_or_of_two_that_may_be_it_is_one_of_its_own(table: dict[str, str]) -> None:
    assert ("水源管理工作", Decimal(600100), None, None, UNIT) in beside_a_table(UNIT, table, *LIST)


@pytest.mark.parametrize(
    ("spelled", "one"),
    [("某市某水源工程处", True), ("某市某水源工程综合管理处", True), ("某市某水库工程管理处", False), ("某市某水源工程", False)],
)
def test_a_unit_of_a_table_that_a_heading_spells_otherwise_has_the_lists_projects(spelled: str, one: bool) -> None:
    found = beside_a_table(spelled, {"水源管理（一期）": "600100", "规划编制": "399900"}, *LIST)
    assert len([1 for _, _, part, _, _ in found if part is None]) == (2 if one else 4)
    assert ({unit for *_, unit in found} == {spelled}) is one


WHOLE_AMOUNTS = (
    "（五）项目支出100万元，具体包括：",
    "1.水源管理工作60万元，主要用于管理。",
    "2.规划编制40万元，主要用于规划编制工作。",
    "第四部分政府采购预算情况",
)


@pytest.mark.parametrize(
    ("name", "amount", "said"),
    [("信息化运维", "590000", WHOLE_AMOUNTS), ("水源管理", "590000", WHOLE_AMOUNTS), ("信息化运维", "600000", LIST)],
)
def test_a_project_of_another_name_or_a_whole_unit_less_is_another(name: str, amount: str, said: tuple[str, ...]) -> None:
    other = "400000" if said is WHOLE_AMOUNTS else "399900"
    found = beside_a_table(UNIT, {name: amount, "规划编制": other}, *said)
    assert {"水源管理工作", name} <= {project for project, *_ in found}


@pytest.mark.parametrize("other", ["某市某第二水源工程管理处", "某市某东水源工程管理处"])
def test_a_unit_of_the_same_amounts_that_a_number_tells_apart_is_another(other: str) -> None:
    found = beside_a_table(other, {"水源管理（一期）": "600100", "规划编制": "399900"}, *LIST)
    assert {unit for *_, unit in found} == {UNIT, other}


def test_the_parts_of_a_story_by_labels_before_colons() -> None:
    parts = ("1.项目概述：开办夜校。", "2.立项依据：街道文件。", "3.起止时间：全年。", "4.年度预算安排：6万元。", "5.绩效目标：开课9期。")
    (project,) = read("“夜校”项目情况说明", *parts).projects
    assert [project[name] for name in ("basis", "period", "amount", "goal")] == ["街道文件", "全年", 60000, "开课9期"]


def test_the_parts_of_a_story_under_labels_with_colons() -> None:
    parts = ("一、立项依据：", "街道文件。", "二、绩效目标：", "开课9期。", "三、政府采购情况说明", "绩效目标是其他。")
    (project,) = read("夜校项目经费情况说明", *parts).projects
    assert (project["basis"], project["goal"]) == ("街道文件", "开课9期")


def test_an_amount_of_an_important_project_that_no_story_takes_is_told() -> None:
    lines = ("七、预算绩效情况说明", "（二）重点项目情况", "2026年重点项目为夜校，预算资金6万元，主要用于开课。")
    content = Content("lines", "text", (Page(1, 0, 0, tuple(TextLine(text) for line in lines for text in (line, ""))),))
    narrative = read_narrative(content, fiscal_year=2026, book=code_book(), final=False)
    assert [unread.numbers for unread in narrative.unread] == [("2026年重点项目为夜校，预算资金6万元",)]


def test_a_goal_ends_at_a_semicolon_of_either_width() -> None:
    narrative = read(
        "（五）项目支出100.00万元，具体包括：",
        "1.水务工程运行60.00万元，主要包括：设施维护20.50万元，用于开展设施日常维护;综合管理39.50万元，用于后勤。",
        "2.规划编制预算40.00万元，主要用于规划编制工作。",
        "第四部分政府采购预算情况",
    )
    assert [p["goal"] for p in narrative.projects[1:]] == ["开展设施日常维护", "后勤", "规划编制工作"]
