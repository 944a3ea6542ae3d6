"""Lines of the body that a document is about are of no unit, however its tables print the body; units of it stay what they are."""

from __future__ import annotations

import pytest

from pipeline.identity.identify import Identity
from pipeline.statements.own_body import with_bodies_of_sections, with_units_settled
from tests.pipeline.statements.paper import Rows, content, page, recognise, statements

UNIT = "单位：万元"
BODY = "常德市发展和改革委员会"
TITLES = ("支出总表", "一般公共预算支出表", "政府性基金预算支出表")
TABLE: Rows = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["201", "一般公共服务支出", "5.00", "4.00", "1.00"],
    ["", "合计", "5.00", "4.00", "1.00"],
]


def units(*fields: str, level: str = "department", body: str = BODY, parent: str | None = None) -> list[set[str | None]]:
    """The units of each of the tables that stand below these fields."""
    pages = [page(title, field, UNIT, TABLE, number=n) for n, (title, field) in enumerate(zip(TITLES, fields, strict=False), 1)]
    found = statements(*pages, department=body)
    found = with_units_settled(found, Identity(department=body, level=level, parent_department=parent))
    return [{line.unit for line in statement.lines} for statement in found]


@pytest.mark.parametrize(
    "printed",
    [BODY, f"{BODY}（汇总）", f"{BODY}（本级）", f"{BODY}本级", f"{BODY}机关本级", f"{BODY}(机关)", "市发展和改革委员会", "常德市发改委",
     "市发改委", f"{BODY}（常德市粮食和物资储备局）", f"215-{BODY}", f"[215001]{BODY}", f"{BODY}（公章）", f"{BODY}（含下属单位）"],
)  # fmt: skip
@pytest.mark.parametrize("label", ["编制部门", "部门", "单位名称", "预算单位"])
def test_the_body_itself_is_no_unit(printed: str, label: str) -> None:
    assert units(f"{label}：{printed}", f"{label}：{printed}") == [{None}, {None}]


def test_of_a_document_over_units_the_own_office_is_one() -> None:
    own, other = f"{BODY}（本级）", "常德市价格认证中心"
    assert units(f"部门：{BODY}（汇总）", f"单位：{own}", f"单位：{other}") == [{None}, {own}, {other}]


@pytest.mark.parametrize("field", ["常德市价格认证中心", BODY, "市发改委", "常德市价格认证中心（本级）"])
def test_a_units_own_budget_has_no_units(field: str) -> None:
    assert units(f"部门：{field}", level="unit", body="常德市价格认证中心", parent=BODY) == [{None}]


def test_the_budget_of_a_departments_own_office_has_no_units() -> None:
    assert units(f"单位：{BODY}（本级）", f"单位：{BODY}", level="unit", parent=BODY) == [{None}, {None}]


@pytest.mark.parametrize("other", ["常德市价格认证中心", "益阳市发展和改革委员会", f"{BODY}信息中心"])
def test_other_bodies_are_units(other: str) -> None:
    assert units(f"部门：{BODY}", f"部门：{other}") == [{None}, {other}]


def bodies(*tables: tuple[str, str | None]) -> list[str | None]:
    """The body of each of the tables of these titles, that name the body in a field or not."""
    pages = [page(title, *([field] if field else []), UNIT, TABLE, number=n) for n, (title, field) in enumerate(tables, 1)]
    found = recognise(content(*pages), year=2023, kind="budget", department=BODY)
    return [statement.entity for statement in with_bodies_of_sections(found)]


def test_a_table_that_names_no_body_is_of_the_section_it_stands_in() -> None:
    own, other = f"{BODY}（本级）", "常德市价格认证中心"
    tables = [(title, f"单位：{body}" if title == TITLES[0] else None) for body in (own, other) for title in TITLES]
    assert bodies(*tables) == [own, own, own, other, other, other]


def test_a_table_of_which_there_is_one_names_whose_it_is_or_no_one() -> None:
    other = "常德市价格认证中心"
    tables = [(TITLES[0], f"部门：{BODY}"), (TITLES[0], f"单位：{other}"), (TITLES[1], None)]
    assert bodies(*tables) == [BODY, other, None]


def list_of_units(*names: str, level: str = "department") -> list[str | None]:
    rows: Rows = [["单位名称", "项目名称", "金额"], *([name, f"项目{n}", "2.00"] for n, name in enumerate(names, 1))]
    found = statements(page("项目支出表", UNIT, rows), department=BODY)
    found = with_units_settled(found, Identity(department=BODY, level=level))
    return [line.unit for statement in found for line in statement.lines]


def test_a_list_of_projects_of_the_body_alone_names_no_unit() -> None:
    assert list_of_units(BODY, f"{BODY}（本级）", "市发改委") == [None, None, None]
    assert list_of_units(f"{BODY}（本级）", "常德市价格认证中心") == [f"{BODY}（本级）", "常德市价格认证中心"]


@pytest.mark.parametrize("own", [BODY, f"{BODY}（本级）"])
def test_beside_other_units_the_body_is_one_of_them(own: str) -> None:
    assert list_of_units(own, "常德市价格认证中心") == [own, "常德市价格认证中心"]


def beside_a_list(*names: str, row: str, field: str | None = None, body: str = BODY) -> set[str | None]:
    """The units of a list of purchases below a row of a unit, in a document whose revenue is printed by units."""
    revenue: Rows = [["单位名称", "合计", "一般公共预算"], *([name, "2.00", "2.00"] for name in names)]
    bought: Rows = [
        ["采购品目大类", "专项名称", "经济科目", "采购品目名称", "金额"], ["合计", "", "", "", "2.00"], ["货物", "", "", "", "2.00"],
        [row, "", "", "", "2.00"], ["", "设备购置", "办公设备购置", "办公桌", "2.00"],
    ]  # fmt: skip
    pages = [page("收入总表", UNIT, revenue), page("政府采购支出表", *([field] if field else []), UNIT, bought, number=2)]
    found = with_units_settled(statements(*pages, department=body), Identity(department=body, level="department"))
    return {line.unit for line in found[-1].lines if line.name == "办公桌"}


def test_the_own_office_is_a_unit_where_a_list_of_units_has_it_beside_others() -> None:
    own, other = f"{BODY}（本级）", "常德市价格认证中心"
    assert beside_a_list(BODY, own, other, row=own) == {own}
    assert beside_a_list(own, row=own) == {None}
    assert beside_a_list(BODY, other, row=own) == {None}
    assert beside_a_list(BODY, own, other, row=BODY) == {None}


def test_a_name_that_looks_like_a_longer_one_of_the_body_is_another_unit_in_its_list() -> None:
    body, own, other = "常德市城市管理局", "常德市城市管理局（本级）", "常德市城市管理综合执法监督局"
    assert beside_a_list(body, own, other, row=own, body=body) == {own}
    assert beside_a_list(body, own, other, row=other, body=body) == {other}


def test_the_field_above_a_table_names_the_whole_body_as_its_own_office() -> None:
    own, other = f"{BODY}（本级）", "常德市价格认证中心"
    assert beside_a_list(BODY, own, other, row=own, field=f"单位：{own}") == {None}


def three_public(head: str, *names: str, field: str = BODY) -> set[str | None]:
    """The units of a 三公 table whose rows are headed so and named so, below a field that names a body."""
    rows: Rows = [
        [head, "小计", "公务接待费", "因公出国（境）费", "公务用车购置及运行费"], ["合计", "4.00", "4.00", "", ""],
        *([name, "4.00", "4.00", "", ""] for name in names),
    ]  # fmt: skip
    found = statements(page("一般公共预算“三公”经费支出情况表", f"单位名称：{field}", UNIT, rows), department=BODY)
    (found,) = with_units_settled(found, Identity(department=BODY, level="department"))
    assert len(found.lines) == 2 * (1 + len(names))
    assert len([line for line in found.lines if line.is_leaf]) == len(names)  # never the total as well
    return {line.unit for line in found.lines}


def test_the_department_over_the_body_is_no_unit_of_it() -> None:
    above, unit, other = "常德市人民政府办公室", "常德市价格认证中心", "常德市能源监测中心"
    assert three_public("部门名称", above) == {None}
    assert three_public("部门名称", BODY) == {None}
    assert three_public("单位名称", unit) == {None, unit}
    assert three_public("部门名称", unit) == {None, unit}  # no department: the only unit that has such spending
    assert three_public("部门名称", "发改委信息中心") == {None, "发改委信息中心"}
    assert three_public("部门名称", unit, other) == {None, unit, other}
    assert three_public("部门名称", f"{BODY}信息中心") == {None, f"{BODY}信息中心"}


@pytest.mark.parametrize("office", ["常德市发改委（本级）", "发展和改革委员会（本级）", "市发展和改革委员会本级"])
def test_the_body_over_its_units_in_a_list_is_none_of_them(office: str) -> None:
    body, other = "常德市发展和改革委员会", "常德市价格认证中心"
    assert beside_a_list(body, office, other, row=body, body=body) == {None}
    assert beside_a_list(f"湖南省{body}", office, other, row=f"湖南省{body}", body=body) == {None}
    assert beside_a_list(body, office, other, row=office, body=body) == {office}


def test_the_body_that_the_document_calls_by_a_short_name_is_none_of_its_units() -> None:
    body = "常德市发展和改革委员会"
    revenue: Rows = [
        ["单位名称", "合计", "一般公共预算"],
        [body, "4.00", "4.00"],
        ["常德市发改委（本级）", "2.00", "2.00"],
        ["常德市价格认证中心", "2.00", "2.00"],
    ]
    found = statements(page("收入总表", UNIT, revenue), department="常德市发改委")
    (found,) = with_units_settled(found, Identity(department="常德市发改委", level="department"))
    assert body not in {line.unit for line in found.lines}


def units_of_purchases(*others: tuple[str, str]) -> set[str | None]:
    """The units of purchases below the body's code as a department and as a unit, in a document with these units too."""
    bought: Rows = [
        ["单位编码", "采购项目", "采购目录", "预算金额"],
        ["", "合计", "", "9.00"],
        ["215", BODY, "", "9.00"],
        ["215001", BODY, "", "9.00"],
        ["", "办公设备", "A05040101复印纸", "9.00"],
    ]
    listed: Rows = [
        ["单位编码", "单位名称（项目）", "金额"],
        ["", "合计", "9.00"],
        ["215", BODY, "9.00"],
        ["215001", BODY, "9.00"],
        ["", "平台维护", "9.00"],
        *([code, name, "1.00"] for code, name in others),
        *(["", "价格监测", "1.00"] for _ in others),
    ]
    found = statements(page("政府采购预算表", UNIT, bought), page("项目支出表", UNIT, listed, number=2), department=BODY)
    settled = with_units_settled(found, Identity(department=BODY, level="department", parent_department=None))
    return {line.unit for line in settled[0].lines if line.scheme == "procurement_item" and line.level}


def test_below_the_departments_code_its_own_office_is_a_unit_of_a_document_over_several() -> None:
    assert units_of_purchases(("215002", "常德市价格认证中心")) == {BODY}
    assert units_of_purchases() == {None}
