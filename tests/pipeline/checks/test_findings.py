"""What a document says of itself that others must know is a finding."""

import pytest

from pipeline.checks.findings import of_identity, of_lines
from pipeline.identity.identify import Identity
from pipeline.store.catalogue import CORRECTION
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
