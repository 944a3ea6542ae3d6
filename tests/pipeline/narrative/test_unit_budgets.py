"""Budgets that one sentence states whole, with parts of the publisher's own names."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

HEADING = "第三部分 部门预算支出具体情况"
PARTS = "在职人员经费60.01万元、公用经费10.00万元、对个人和家庭的补助支出5.00万元、增人增资4.99万元、项目支出20.00万元"


def read(*lines: str, final: bool = False, department: str = "清风市数据局") -> Narrative:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    return read_narrative(content, fiscal_year=2024, book=code_book(), final=final, department=department)


def lines_of(told: Narrative) -> list[tuple[str | None, str, int, str, str, str, bool]]:
    return [(x.unit, x.scheme, x.level, x.name, x.nature, x.amount_text, x.is_leaf) for x in told.lines]


def test_a_unit_s_budget_with_all_its_parts() -> None:
    told = read(HEADING, "二、清风市档案中心", f"清风市档案中心预算100.00万元，包括{PARTS}。")
    unit = "清风市档案中心"
    assert lines_of(told) == [
        (unit, "function", 0, "预算", "total", "100.00", True),
        (unit, "item", 1, "在职人员经费", "basic_personnel", "60.01", True),
        (unit, "function", 0, "公用经费", "basic_operating", "10.00", True),
        (unit, "department_economic", 1, "对个人和家庭的补助支出", "basic", "5.00", True),
        (unit, "item", 1, "增人增资", "basic_personnel", "4.99", True),
        (unit, "function", 0, "项目支出", "project", "20.00", True),
    ]
    assert [(x.code, x.code_source) for x in told.lines if x.scheme == "department_economic"] == [("303", "name")]
    assert sum(x.amount for x in told.lines if x.nature != "total") == told.lines[0].amount
    assert not told.held_back
    assert {line.statement for line in told.lines} == {"expenditure_summary"}


@pytest.mark.parametrize(
    ("parts", "nature", "is_leaf"),
    [
        ("公用经费70.00万元、慰问经费10.00万元、项目支出20.00万元", "basic", True),
        ("基本支出70.00万元、慰问经费10.00万元、项目支出20.00万元", "total", False),  # may be a kind of project
        ("公用经费90.00万元、慰问经费10.00万元", "total", False),
    ],
)
def test_a_part_of_another_name_is_basic_only_beside_parts_of_basic_and_projects(parts: str, nature: str, is_leaf: bool) -> None:
    told = read(HEADING, "二、清风市档案中心", f"清风市档案中心预算100.00万元，包括{parts}。")
    assert [(x.scheme, x.code, x.nature, x.is_leaf) for x in told.lines if x.name == "慰问经费"] == [("item", None, nature, is_leaf)]


def test_of_the_body_itself_only_what_no_other_reader_knew() -> None:
    told = read(
        HEADING, "一、清风市数据局（本级）", f"清风市数据局（本级）预算100.00万元，包括{PARTS}。", department="清风市数据局（本级）"
    )
    assert [line.name for line in told.lines if line.level] == ["在职人员经费", "对个人和家庭的补助支出", "增人增资"]
    assert {line.unit for line in told.lines} == {None}
    assert sorted(line.amount_text for line in told.lines) == ["10.00", "100.00", "20.00", "4.99", "5.00", "60.01"]


def test_a_unit_named_shorter_and_as_its_own_office_is_the_unit_of_its_section() -> None:
    told = read(HEADING, "二、清风市数据局山南分局", f"市数据局山南分局本级预算100.00万元，包括{PARTS}。")
    assert {line.unit for line in told.lines} == {"清风市数据局山南分局"}
    assert len(told.lines) == 6


def test_what_does_not_add_up_was_not_read_whole() -> None:
    told = read(HEADING, "二、清风市档案中心", f"清风市档案中心预算101.00万元，包括{PARTS}。")
    assert not told.lines
    assert told.held_back


def test_the_rounding_of_the_printed_digits_is_no_difference() -> None:
    told = read(HEADING, "二、清风市档案中心", "清风市档案中心预算1.0万元，包括在职人员经费0.33万元、公用经费0.33万元、增人增资0.33万元。")
    assert len(told.lines) == 4


def test_another_body_s_sentence_in_a_unit_s_section_is_not_the_unit_s() -> None:
    told = read(HEADING, "二、清风市档案中心", f"清风市水务局预算100.00万元，包括{PARTS}。")
    assert not told.lines


def test_a_sentence_that_goes_on_after_its_list_was_not_read_whole() -> None:
    told = read(HEADING, "二、清风市档案中心", f"清风市档案中心预算100.00万元，包括{PARTS}，其余略。")
    assert not told.lines


def test_another_body_s_budget_in_a_section_of_the_body_is_not_its_own() -> None:
    told = read("一、收支预算总体情况说明", "清风市救助中心预算100万元，包括在职人员经费60万元、慰问经费10万元、项目支出30万元。")
    assert not told.lines
    assert told.held_back


def test_of_the_body_itself_nothing_of_the_list_is_lost() -> None:
    told = read("一、收支预算总体情况说明", "清风市数据局预算100万元，包括基本支出60万元、慰问经费10万元、项目支出30万元。")
    assert sorted(line.amount_text for line in told.lines if line.flow == "expenditure") == ["10", "100", "30", "60"]
    assert not told.held_back


def test_what_another_sentence_says_in_the_same_words_stays_held() -> None:
    told = read(
        "一、收支预算总体情况说明",
        "慰问经费10万元。",
        "清风市数据局预算100万元，包括基本支出60万元、慰问经费10万元、项目支出30万元。",
    )
    assert [clause for clause, *_ in told.held_back] == ["慰问经费10万元"]


def test_the_parts_and_natures_of_a_unit_prove_each_other() -> None:
    unit = "清风市档案中心"
    told = read(HEADING, "二、清风市档案中心", f"{unit}预算100.00万元，包括{PARTS}。")
    assert [row["outcome"] for row in identity_checks(told.lines, []) if row["check_id"] == "R1"] == ["pass"]
