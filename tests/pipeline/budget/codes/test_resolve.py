"""Names resolve to codes through their parents; what stays open is None, and no reading is ever a guess."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.budget.codes.book import code_book
from pipeline.budget.codes.printed_codes import level_of, parents_of
from pipeline.budget.codes.resolve import resolve_names, resolve_path
from schemas.classification.code_lists import code_rows

NAMES_2022 = [
    (0, "合计", None),
    (1, "一般公共服务支出", "201"),
    (2, "政府办公厅（室）及相关机构事务", "20103"),
    (3, "行政运行", "2010301"),
    (3, "信访事务", "2010308"),
    (3, "事业运行", "2010350"),
    (1, "社会保障和就业支出", "208"),
    (2, "行政事业单位养老支出", "20805"),
    (3, "行政单位离退休", "2080501"),
    (3, "机关事业单位基本养老保险缴费支出", "2080505"),
    (1, "卫生健康支出", "210"),
    (2, "行政事业单位医疗", "21011"),
    (3, "行政单位医疗", "2101101"),
    (3, "事业单位医疗", "2101102"),
]


@pytest.mark.parametrize(
    ("names", "year", "code"),
    [
        (("一般公共服务支出", "政府办公厅（室）及相关机构事务", "信访事务"), 2022, "2010308"),
        (("一般公共服务支出（类）", "政府办公厅(室)及相关机构事务（款）", "行政运行（项）"), 2022, "2010301"),
        (("一般公共服务支出", "信访事务", "行政运行"), 2026, "2014001"),
        (("一般公共服务支出", "信访事务（款）"), 2026, "20140"),
        (("社会保障和就业支出", "行政事业单位离退休", "机关事业单位职业年金缴费支出"), 2025, "2080506"),
        (("卫生健康支出", "行政单位医疗"), 2022, "2101101"),
        (("一般公共服务支出",), 2022, "201"),
        (("教育支出", "其他教育支出", "其他教育支出"), 2024, "2059999"),
        (("教育支出", "其他教育支出（款）"), 2024, "20599"),
        (("教育支出", "其他教育支出"), 2024, None),
        (("行政运行",), 2024, None),
        (("一般公共服务支出", "行政运行"), 2024, None),
        (("教育支出", "政府办公厅（室）及相关机构事务", "信访事务"), 2022, None),
        (("卫生健康支出", "其他卫生健康支出", "其他卫生健康支出"), 2020, "2109901"),
        (("卫生健康支出", "其他卫生健康支出", "其他卫生健康支出"), 2021, "2109999"),
        ((), 2022, None),
    ],
)
def test_paths(names: tuple[str, ...], year: int, code: str | None) -> None:
    assert resolve_path("function", names, year) == code


@pytest.mark.parametrize("indents", ["none", "levels", "points"])
def test_a_statement_of_names(indents: str) -> None:
    position = {"none": lambda level: None, "levels": float, "points": lambda level: 62.5 + 10.5 * level}[indents]
    rows = [(position(level), name) for level, name, _ in NAMES_2022]
    assert resolve_names("function", rows, 2022) == [code for _, _, code in NAMES_2022]


def test_only_items_indented_below_one_heading_level() -> None:
    rows = [(0.0, "商品和服务支出"), (10.0, "办公费"), (10.0, "其他商品和服务支出"), (0.0, "其他支出"), (10.0, "其他支出")]
    assert resolve_names("department_economic", rows, 2024) == ["302", "30201", "30299", "399", "39999"]
    assert resolve_names("department_economic", [(None, name) for _, name in rows], 2024) == ["302", "30201", "30299", "399", "39999"]


def test_a_name_out_of_the_book_hides_its_children_only() -> None:
    rows = [(1, "一般公共服务支出"), (2, "从未见过的事务"), (3, "行政运行"), (2, "财政事务"), (3, "行政运行")]
    assert resolve_names("function", [(float(level), name) for level, name in rows], 2022) == ["201", None, None, "20106", "2010601"]
    # without indentation the last two may as well stand below the unknown name
    assert resolve_names("function", [(None, name) for _, name in rows], 2022) == ["201", None, None, None, None]


def test_many_names_of_another_year_are_still_a_walk() -> None:
    names = ["一般公共服务支出", "政协事务", "行政运行", "一般行政管理事务", "政协会议", "委员视察", "其他政协事务支出", "住房保障支出"]
    codes = ["201", "20102", "2010201", "2010202", "2010204", "2010205", "2010299", "221"]
    assert resolve_names("function", [(None, name) for name in names], 2018) == codes


def test_a_class_ends_what_an_unknown_name_hides() -> None:
    names = ["公共安全支出", "检察", "从未见过的支出", "社会保障和就业支出", "抚恤", "死亡抚恤"]
    assert resolve_names("function", [(None, name) for name in names], 2022) == ["204", "20404", None, "208", "20808", "2080801"]


def test_the_same_names_in_government_and_departmental_classification() -> None:
    names = [(None, "机关工资福利支出"), (None, "住房公积金")]
    assert resolve_names("government_economic", names, 2026) == ["501", "50103"]
    assert resolve_names("department_economic", [(None, "工资福利支出"), (None, "住房公积金")], 2026) == ["301", "30113"]


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, int, list[str]]:
    """Draw a scheme, a year and the codes of a complete statement in print order (every parent is a row)."""
    scheme = draw(st.sampled_from(["function", "function", "department_economic", "government_economic"]))
    year = draw(st.integers(2018, 2026))
    known = [
        row.code
        for row in code_rows()
        if row.scheme == scheme and row.first_year <= year and (row.last_year is None or row.last_year >= year)
    ]
    deepest = 3 if scheme == "function" else 2
    complete = [code for code in known if level_of(code) == deepest and all(parent in known for parent in parents_of(code))]
    chosen = draw(st.lists(st.sampled_from(complete), min_size=1, max_size=25, unique=True))
    return scheme, year, sorted({part for code in chosen for part in (*parents_of(code), code)})


@given(statements(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_never_a_wrong_code(statement: tuple[str, int, list[str]], indented: bool) -> None:
    scheme, year, codes = statement
    book = code_book()
    rows = [(float(level_of(code)) if indented else None, str(book.standard_name(scheme, code, year))) for code in codes]
    resolved = resolve_names(scheme, rows, year)
    assert [found for found in resolved if found] == [code for code, found in zip(codes, resolved, strict=True) if found]
    if indented:
        assert resolved == codes


@given(statements(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_row_with_an_unknown_name_never_makes_another_wrong(statement: tuple[str, int, list[str]], data: st.DataObject) -> None:
    scheme, year, codes = statement
    lost = data.draw(st.integers(0, len(codes) - 1))
    book = code_book()
    rows = [
        (float(level_of(code)), "从未见过的名称" if place == lost else str(book.standard_name(scheme, code, year)))
        for place, code in enumerate(codes)
    ]
    for place, found in enumerate(resolve_names(scheme, rows, year)):
        assert found is None or found == codes[place]


def test_indentation_that_contradicts_every_reading_says_nothing() -> None:
    rows = [(3.0, "文化旅游体育与传媒支出"), (9.0, "社会保障和就业支出"), (3.0, "住房保障支出")]
    assert resolve_names("function", rows, 2026) == ["207", "208", "221"]


def test_a_list_of_items_without_their_parents() -> None:
    """Some publishers print the 项 alone: a name of one code is that code, 行政运行 the one beside which its siblings stand."""
    names = ["行政运行", "文化和旅游交流与合作", "培训支出", "超长期特别国债安排的支出", "购房补贴"]
    codes = ["2070101", "2070110", "2050803", None, "2210203"]
    assert resolve_names("function", [(None, name) for name in names], 2026) == codes


def test_a_list_without_parents_leaves_open_what_its_names_leave_open() -> None:
    assert resolve_names("function", [(None, "行政运行"), (None, "培训支出")], 2026) == [None, "2050803"]
    both = ["行政运行", "审计管理", "财政国库业务"]
    assert resolve_names("function", [(None, name) for name in both], 2026) == [None, "2010805", "2010605"]


def test_an_unknown_name_in_a_list_without_parents_may_be_a_heading() -> None:
    rows = [(None, "从未见过的事务"), (None, "行政运行"), (None, "审计管理")]
    assert resolve_names("function", rows, 2026) == [None, None, "2010805"]


def test_a_heading_ends_the_list_without_parents() -> None:
    rows = [(None, "行政运行"), (None, "审计管理"), (None, "教育支出")]
    assert resolve_names("function", rows, 2026)[:2] == [None, None]


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["工资福利支出", "基本工资", "津贴补贴", "改革性补贴", "奖金"], ["301", "30101", None, None, "30103"]),
        (["工资福利支出", "基本工资", "改革性补贴", "津贴补贴", "奖金"], ["301", "30101", None, None, "30103"]),
        (["工资福利支出", "津贴补贴", "改革性补贴", "生活性补贴", "奖金"], ["301", None, None, None, "30103"]),
        (["工资福利支出", "津贴补贴", "清风岗位", "奖金"], ["301", "30102", None, "30103"]),  # another kind of thing
        (["工资福利支出", "津贴补贴", "奖金", "改革性补贴"], ["301", "30102", "30103", None]),  # not beside it
    ],
)
def test_a_name_beside_one_of_its_kind_that_no_code_bears_may_be_a_part_of_its_code(names: list[str], codes: list[str | None]) -> None:
    assert resolve_names("department_economic", [(None, name) for name in names], 2024) == codes


def test_parts_that_stand_further_in_leave_the_code_above_them_what_it_is() -> None:
    rows = [(0, "工资福利支出"), (1, "津贴补贴"), (2, "改革性补贴"), (1, "奖金")]
    assert resolve_names("department_economic", [(float(indent), name) for indent, name in rows], 2024)[:2] == ["301", "30102"]


def test_the_functional_classification_grows_and_leaves_no_code_open_for_a_new_name() -> None:
    names = ["社会保障和就业支出", "社会福利", "儿童福利", "清风福利"]
    assert resolve_names("function", [(None, name) for name in names], 2024)[2] == "2081001"
