"""Basic spending that a sentence divides into economic classes, in sections that name no classification."""

from __future__ import annotations

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

SPENDING = "（二）支出预算情况"
GENERAL = "五、一般公共预算支出情况说明"


def read(*paragraphs: str) -> Narrative:
    lines = tuple(TextLine(text) for paragraph in paragraphs for text in (paragraph, ""))
    return read_narrative(
        Content("lines", "text", (Page(1, 0, 0, lines),)), fiscal_year=2023, book=code_book(), final=False, department="某局"
    )


def told(narrative: Narrative) -> list[tuple[str, str, str, str | None, str]]:
    return [(x.statement, x.fund or "", x.nature or "", x.code, x.amount_text) for x in narrative.lines]


@pytest.mark.parametrize(
    ("section", "whole", "statement", "fund"),
    [
        (SPENDING, "基本支出", "basic_expenditure", "total"),
        (GENERAL, "基本支出", "general_public_basic_by_economic", "general_public"),
        (SPENDING, "一般公共预算基本支出", "general_public_basic_by_economic", "general_public"),
    ],
)
def test_economic_classes_that_divide_basic_spending_are_basic(section: str, whole: str, statement: str, fund: str) -> None:
    found = read(section, f"{whole}1020万元，包括工资福利支出700万元、商品和服务支出200万元、对个人和家庭的补助120万元；项目支出500万元。")
    assert [row for row in told(found) if row[3]] == [
        (statement, fund, "basic", "301", "700"),
        (statement, fund, "basic", "302", "200"),
        (statement, fund, "basic", "303", "120"),
    ]
    assert ("project", None, "500") in [(nature, code, amount) for _, _, nature, code, amount in told(found)]
    assert found.held_back == []


def test_a_change_behind_a_class_is_of_the_class() -> None:
    found = read(SPENDING, "基本支出1020万元，其中：工资福利支出700万元，较上年增加20万元，商品和服务支出320万元。")
    assert [(c["scheme"], c["code"], c["nature"], int(c["change_amount"] or 0)) for c in found.year_on_year] == [
        ("department_economic", "301", "basic", 200_000)
    ]


@pytest.mark.parametrize(
    "said",
    [
        "项目支出500万元，包括工资福利支出300万元。",
        "人员经费500万元，包括工资福利支出300万元。",
        "工资福利支出300万元。",
        "“某类”支出500万元，其中：工资福利支出300万元。",
        "一般公共服务支出100万元，其中：基本支出80万元，包括工资福利支出70万元。",
    ],
)
def test_a_class_that_divides_anything_else_is_held_back(said: str) -> None:
    found = read(SPENDING, said)
    assert not [row for row in told(found) if row[3] and row[3].startswith("3")]
    assert found.held_back


def test_other_spending_beside_economic_classes_is_no_function() -> None:
    found = read(SPENDING, "基本支出1020万元，包括工资福利支出700万元、其他支出320万元。")
    assert [row[3] for row in told(found)] == [None, "301"]
    assert [held.clause for held in found.held_back] == ["其他支出320万元"]


def test_a_nature_behind_parts_that_are_held_back_is_still_of_its_classification() -> None:
    found = read(GENERAL, "一般公共服务支出100万元，其中：基本支出80万元，包括工资福利支出70万元；项目支出20万元。")
    assert [row[2:] for row in told(found)] == [("total", "201", "100"), ("basic", "201", "80"), ("project", "201", "20")]


def test_spending_is_named_by_what_it_is_for() -> None:
    found = read(
        "二、支出预算情况说明",
        "（一）基本支出情况",
        "2023年度用于保障某局机构正常运转的日常支出1020.38万元。其中：基本工资、津贴补贴等人员经费支出920.38万元；办公费、印刷费等公用经费100.00万元。",
        "（二）项目支出情况",
        "2023年度用于保障机构为完成特定的工作任务，用于专项业务工作的经费支出500.00万元。与上年相比增加100万元，增长25%。",
    )
    assert [row[2:] for row in told(found)] == [
        ("basic", None, "1020.38"),
        ("basic_personnel", None, "920.38"),
        ("basic_operating", None, "100.00"),
        ("project", None, "500.00"),
    ]
    assert [(c["nature"], int(c["change_amount"] or 0)) for c in found.year_on_year] == [("project", 1_000_000)]


@pytest.mark.parametrize(
    "said",
    [
        "公用经费主要用于保障机关正常运转的日常支出80万元。",
        "2023年度用于保障所属幼儿园正常运转的日常支出80万元。",
        "退休人员等人员经费20万元。",
        "某项业务的办公费等20万元。",
    ],
)
def test_what_money_is_for_names_no_part_of_it(said: str) -> None:
    found = read("二、支出预算情况说明", said)
    assert (told(found), len(found.held_back)) == ([], 1)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("基本支出1020万元，包括工资福利支出700万元、商品和服务支出320万元；项目支出500万元，较上年增加100万元。", "project"),
        ("基本支出1020万元，包括工资福利支出700万元、商品和服务支出320万元，较上年增加100万元。", "basic"),
        ("基本支出1020万元，包括工资福利支出700万元、商品和服务支出320万元；较上年增加100万元。", "basic"),
    ],
)
def test_a_semicolon_closes_a_list_for_the_amount_behind_it(said: str, changed: str) -> None:
    found = read(SPENDING, said)
    assert [(c["code"], c["nature"], int(c["change_amount"] or 0)) for c in found.year_on_year] == [(None, changed, 1_000_000)]


def test_an_appropriation_may_be_called_a_subsidy_too() -> None:
    found = read("一、收支预算情况", "2023年收入预算1520万元，其中财政拨款（补助）1500万元，其他收入20万元。")
    assert [(row[1], row[4]) for row in told(found)] == [("total", "1520"), ("fiscal_appropriation", "1500"), ("other", "20")]


@pytest.mark.parametrize(
    "said",
    [
        "项目支出50万元，其中：办公费、印刷费等公用经费20万元，设备购置30万元。",
        "项目支出50万元，包括人员经费20万元。",
        "项目支出50万元，其中：保障机构正常运转的日常支出20万元。",
        "经营支出50万元，其中人员经费20万元，公用经费30万元。",
        "人员经费100万元，保障机构正常运转的日常支出20万元。",
        "人员经费100万元。保障机构正常运转的日常支出20万元。",
        "基本工资调整增加等人员经费80万元。",
    ],
)
def test_staff_and_running_costs_that_are_not_all_of_basic_spending(said: str) -> None:
    found = read(SPENDING, said)
    natures = [nature for _, _, nature, _, _ in told(found)]
    assert [x for x in natures if x not in ("project", "operating")] == (["basic_personnel"] if said.startswith("人员") else [])
    assert found.held_back


def test_parts_of_basic_spending_behind_those_of_projects() -> None:
    found = read(SPENDING, "项目支出50万元，其中人员经费20万元；基本支出10万元，其中人员经费8万元，公用经费2万元。")
    assert [(nature, amount) for _, _, nature, _, amount in told(found)] == [
        ("project", "50"),
        ("basic", "10"),
        ("basic_personnel", "8"),
        ("basic_operating", "2"),
    ]
