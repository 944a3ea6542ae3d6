"""What a document says of itself that others must know is a finding."""

import msgspec
import pytest

from pipeline.checks.findings import of_identity, of_lines, of_statements
from pipeline.identity.identify import Identity
from pipeline.statements.statement_model import Statement
from pipeline.store.catalogue import CORRECTION
from tests.pipeline.publish.samples import line
from tests.pipeline.statements.paper import lines, page


def test_a_correction_is_found_where_versions_are_compared() -> None:
    assert [row["finding"] for row in of_identity(Identity(department="某局", correction=True))] == [CORRECTION]
    assert of_identity(Identity(department="某局")) == []


def test_contradictions_of_the_registry_and_of_the_document_itself_are_told_apart() -> None:
    found = of_identity(Identity(contradictions=("one",), doubts=("two",)))
    assert [(row["finding"], row["subject"]) for row in found] == [("registry_contradiction", "one"), ("identity_contradiction", "two")]


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("30205", "水费", []),
        ("3020501", "水费", []),
        ("30203", "水费", ["30203 水费"]),
        ("30203", "不在任何目录的名称", []),
    ],
)
def test_a_code_with_the_name_of_another_is_published_as_printed_and_said(code: str, name: str, found: list[str]) -> None:
    read = lines(
        page(
            "一般公共预算基本支出表",
            "单位：万元",
            [["科目编码", "科目名称", "合计"], ["302", "商品和服务支出", "2.00"], [code, name, "2.00"]],
        )
    )
    assert [(line.code, line.name) for line in read] == [("302", "商品和服务支出"), (code, name)]
    said = of_lines(read)
    assert [row["subject"] for row in said if row["finding"] == "code_of_another_name"] == found
    assert all("咨询费" in row["detail"] for row in said if row["finding"] == "code_of_another_name")


def serial(*names: str, first: int = 1) -> tuple[dict[str, str | None], dict[str, str]]:
    """The standard name of each row of a class whose rows print these names beside numbers that count up, and the findings on codes."""
    rows = [["302", "商品和服务支出", f"{len(names)}.00"], *([f"302{n:02}", name, "1.00"] for n, name in enumerate(names, first))]
    read = lines(page("一般公共预算基本支出表", "单位：万元", [["科目编码", "科目名称", "合计"], *rows]))
    said = {row["subject"]: row["detail"] for row in of_lines(read, 2024) if row["finding"] == "code_of_another_name"}
    return {line.name: line.standard_name for line in read if line.code != "302"}, said


def test_a_row_number_that_stands_where_codes_stand_gives_no_name() -> None:
    names, said = serial("办公费", "水费", "电费", "邮电费", "职工活动中心费")
    assert names == {"办公费": "办公费", "水费": None, "电费": None, "邮电费": None, "职工活动中心费": None}
    assert list(said) == ["30202 水费", "30203 电费", "30204 邮电费", "30205 职工活动中心费"]
    assert all("numbered one after another" in detail for detail in said.values())


@pytest.mark.parametrize("first", [1, 2])
def test_a_name_that_no_list_knows_beside_a_misprint_keeps_that_of_its_code(first: int) -> None:
    known = ["办公费", "印刷费", "咨询费", "手续费", "水费"][first - 1 :]
    names, said = serial(*known, "邮电费", "不在任何目录的名称", first=first)
    assert names["邮电费"] is None
    assert names["不在任何目录的名称"] is not None
    assert ["misprinted" in detail for detail in said.values()] == [True]


def test_rows_of_other_names_with_gaps_are_each_a_misprint() -> None:
    names, said = serial("水费", "电费", "邮电费", "不在任何目录的名称", first=2)
    assert names["不在任何目录的名称"] is not None
    assert len(said) == 3


@pytest.mark.parametrize(
    ("code", "name", "says"),
    [("21999", "其他支出", "no digits but that row's code 21999"), ("", "援建队伍管理", "without a printed code")],
)
def test_a_row_that_repeats_the_code_above_it_is_not_said_to_have_none(code: str, name: str, says: str) -> None:
    rows = [["219", "援助其他地区支出", "5.00"], ["21999", "其他支出", "5.00"], [code, name, "5.00"]]
    read = lines(page("一般公共预算支出表", "单位：万元", [["科目编码", "科目名称", "合计"], *rows]))
    assert [line.code for line in read] == ["219", "21999", None]
    (said,) = (row for row in of_lines(read) if row["finding"] == "unresolved_name")
    assert said["subject"] == name
    assert says in said["detail"]


@pytest.mark.parametrize(
    ("printed_on", "found"),
    [
        (((3, 2), (4, 3), (5, 2)), [(4, 2), (5, 1)]),  # one line on page 4, one on 5
        (((3, 2), (4, 4), (5, 2)), [(3, 3)]),  # some are counts and no amounts: which, the pages do not tell
        ((), [(3, 3)]),
    ],
)
def test_numbers_that_are_in_no_line_are_told_with_the_page_that_prints_them(
    printed_on: tuple[tuple[int, int], ...], found: list[tuple[int, int]]
) -> None:
    own = tuple(msgspec.structs.replace(line(n), page=page) for n, page in enumerate((3, 3, 4, 5), 1))
    said = of_statements([Statement(1, "other", None, "元", own, amounts_printed=7, pages=(3, 4, 5), printed_on=printed_on)], (), ())
    assert [(row["page"], row["frequency"]) for row in said] == found
