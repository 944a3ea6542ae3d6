"""Labels without codes get the code that their name has at their place, or none."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.budget.codes.book import CodeList, code_book
from pipeline.statements.meaning.codes_of_rows import Classifier
from pipeline.statements.statement_model import Block, RowLabel
from tests.pipeline.statements.paper import lines, page

FUNCTION = "expenditure_summary"
LIST = "procurement"
TOTAL = RowLabel("合计", "item", 0)


def label(name: str, code: str | None = None, **changes: Any) -> RowLabel:
    """A row of the functional classification, with its code or without."""
    given: dict[str, Any] = {"scheme": "function", "level": (len(code) - 1) // 2 if code else 1, "code": code}
    given |= {"code_source": "printed" if code else None}
    return RowLabel(name, **{**given, **changes})


def named(name: str, indent: float = 0.0, **changes: Any) -> RowLabel:
    return label(name, scheme="item", indent=indent, **changes)


def resolve(
    *labels: RowLabel | None, kind: str = FUNCTION, flow: str = "expenditure", scheme: str | None = None, year: int | None = 2024
) -> list[RowLabel | None]:
    return Classifier(code_book(), year).resolve(kind, Block(0, flow, scheme, labels))


def codes(*labels: RowLabel | None, **changes: Any) -> list[str | None]:
    return [row.code if row else None for row in resolve(*labels, **changes)]


A, AA, AAA = label("一般公共服务支出", "201"), label("人大事务", "20101"), label("行政运行", "2010101")


# --- rows with codes -----------------------------------------------------------------------------------------------


def test_printed_codes_stay_as_they_are() -> None:
    assert resolve(None, A, AA, AAA) == [None, A, AA, AAA]


@pytest.mark.parametrize(("borrowed", "digits", "name", "code"), [
    ("2010108", "08", "代表工作", "2010108"),
    ("2010108", "08", "审计事务", "20108"),  # the cell is that of a level above
    ("2010108", "08", "教育支出", None),
    ("2010108", "08", "不在任何目录的名称", "2010108"),
    ("2010108", "07", "审计事务", None),
])  # fmt: skip
def test_a_code_that_begins_in_the_row_above_is_given_up_where_the_name_is_of_another(
    borrowed: str, digits: str, name: str, code: str | None
) -> None:
    assert codes(A, AA, AAA, label(name, borrowed, completed=True, digits=digits))[-1] == code


@pytest.mark.parametrize(("printed", "name", "code"), [
    ("201", "人大事务", "20101"),
    ("20101", "行政运行", "2010101"),
    ("201", "行政运行", "201"),  # which of many below it, nothing says
    ("201", "不在任何目录的名称", "201"),
    ("20101", "人大事务", "20101"),
])  # fmt: skip
def test_a_code_whose_last_digits_are_lost_is_that_of_its_name(printed: str, name: str, code: str) -> None:
    assert codes(A, label(name, printed), label("政协事务", "20102")) == ["201", code, "20102"]


def test_a_total_is_of_the_classification_of_its_rows() -> None:
    found = resolve(
        TOTAL, label("工资福利支出", "301", scheme="department_economic"), label("基本工资", "30101", scheme="department_economic")
    )
    assert found[0] == replace(TOTAL, scheme="department_economic")
    assert resolve(TOTAL, A, label("基本工资", "30101", scheme="department_economic"), AA)[0] == replace(TOTAL, scheme="function")


def test_a_total_is_of_the_classification_that_the_header_names() -> None:
    assert resolve(TOTAL, scheme="government_economic")[0] == replace(TOTAL, scheme="government_economic")
    assert resolve(TOTAL, scheme="function", flow="revenue")[0] == replace(TOTAL, scheme="function")
    assert resolve(TOTAL, scheme="project")[0] == replace(TOTAL, scheme="project")
    assert resolve(TOTAL, scheme="project", flow="revenue")[0] == TOTAL
    assert resolve(None, TOTAL, A)[1] == replace(TOTAL, scheme="function")


def test_a_total_of_revenue_is_a_revenue_item() -> None:
    assert resolve(TOTAL, flow="revenue")[0] == replace(TOTAL, scheme="revenue_item")
    assert resolve(TOTAL)[0] == TOTAL
    assert resolve(replace(TOTAL, level=1), flow="revenue")[0] == replace(TOTAL, level=1)


def test_totals_of_something_else_keep_their_scheme() -> None:
    three_public, revenue = replace(TOTAL, scheme="three_public"), replace(TOTAL, scheme="revenue_item", nature="total")
    assert resolve(three_public, A)[0] == three_public
    assert resolve(revenue, A)[0] == revenue
    assert resolve(replace(TOTAL, nature="basic"), A)[0] == replace(TOTAL, nature="basic", scheme="function")
    assert resolve(replace(TOTAL, nature="basic"), A, flow="revenue", scheme="function")[0] == replace(TOTAL, nature="basic")
    assert resolve(replace(TOTAL, scheme="revenue_item"), A)[0] == replace(TOTAL, scheme="function")


def test_the_only_child_that_repeats_its_row_has_no_code_of_its_own() -> None:
    again = label("人大事务", "20101")
    found = resolve(A, again, again, AAA)
    assert found == [A, again, replace(again, code=None, code_source=None, digits="20101", level=3), AAA]


@pytest.mark.parametrize(
    ("above", "row"),
    [
        (AAA, AAA),
        (label("基本工资", "30101", scheme="department_economic"), label("基本工资", "30101", scheme="department_economic")),
        (AA, replace(AA, name="人大")),
        (AA, replace(AA, code="20102")),
        (AA, replace(AA, unit="甲局")),
        (AA, replace(AA, department_economic_code="30101")),
        (AA, replace(AA, government_economic_code="50101")),
    ],
    ids=["an item", "economic", "another name", "another code", "another unit", "by economic code", "by government code"],
)
def test_other_rows_below_like_ones_keep_their_codes(above: RowLabel, row: RowLabel) -> None:
    assert resolve(A, above, row) == [A, above, row]


def test_a_row_without_a_label_does_not_part_a_row_from_its_repetition() -> None:
    assert codes(A, AA, None, AA) == ["201", "20101", None, None]


# --- rows of units among coded ones --------------------------------------------------------------------------------


def test_the_name_of_a_body_heads_the_rows_of_a_unit() -> None:
    bodies = [named("清风市数据局", level=2, unit="某部"), named("清风市档案馆")]
    found = resolve(TOTAL, bodies[0], A, AA, bodies[1], A)
    assert [row.unit for row in found if row] == [None, None, "清风市数据局", "清风市数据局", None, "清风市档案馆"]
    assert [(row.scheme, row.level, row.code) for row in found if row and row.name in ("清风市数据局", "清风市档案馆")] == [
        ("unit", 1, None)
    ] * 2


@pytest.mark.parametrize("name", ["清风市数据局（本级）", "清风市数据局本级", "清风市数据局(汇总)"])
def test_a_body_may_be_marked_as_itself_or_as_the_sum_of_its_units(name: str) -> None:
    assert [row.unit for row in resolve(named(name), A) if row] == [None, name]


def test_a_total_or_a_row_of_a_unit_ends_the_rows_of_a_unit() -> None:
    for end in (TOTAL, label("某科室", scheme="unit")):
        assert [row.unit for row in resolve(named("清风市数据局"), A, end, AA) if row][1:] == ["清风市数据局", None, None]
    part = replace(TOTAL, nature="basic", name="基本支出")
    assert [row.unit for row in resolve(named("清风市数据局"), A, part, AA) if row][1:] == ["清风市数据局"] * 3


def test_a_row_that_names_its_unit_keeps_it() -> None:
    found = resolve(named("清风市数据局"), replace(A, unit="甲局"), None, AA)
    assert [row.unit for row in found if row] == [None, "甲局", "清风市数据局"]


@pytest.mark.parametrize(
    "row",
    [
        named("清风市数据局", digits="99"),
        named("清风市数据局", level=0, nature="basic"),
        label("清风市数据局", scheme="project"),
        label("清风市数据局", "2010102"),
        named("办公室的支出"),
        named("法院"),
    ],
    ids=["with digits", "a total", "a project", "with a code", "no body", "the name of a code"],
)
def test_what_is_no_body_heads_no_unit(row: RowLabel) -> None:
    found = resolve(row, A, AA)
    assert [one.unit for one in found if one] == [None, None, None]
    assert found[0] is not None
    assert found[0].scheme != "unit"


def test_without_codes_names_of_bodies_are_no_units() -> None:
    assert [row.scheme for row in resolve(named("清风市数据局"), named("清风市档案馆"), flow="revenue") if row] == ["item", "item"]


# --- a code that is missing among others -----------------------------------------------------------------------------


def test_a_name_among_codes_gets_the_only_code_that_it_has_below_them() -> None:
    found = resolve(A, AA, named("行政运行", level=3), named("代表工作", level=3))
    assert [(row.code, row.code_source, row.scheme, row.level) for row in found[2:] if row] == [
        ("2010101", "name", "function", 3),
        ("2010108", "name", "function", 3),
    ]


def test_rows_of_units_and_totals_do_not_stand_above() -> None:
    for between in (None, label("数据局", "001", scheme="unit"), replace(TOTAL, nature="basic", code="20103")):
        assert codes(A, AA, between, named("行政运行", level=3))[3] == "2010101"
        assert codes(named("一般公共服务支出"), A, between, named("人大事务"), AAA)[3] == "20101"


def test_the_nearest_row_above_decides() -> None:
    assert codes(A, label("政府办公厅", "20103"), AA, AAA, named("信访事务")) == ["201", "20103", "20101", "2010101", "20140"]
    assert codes(A, label("政府办公厅", "20103"), label("行政运行", "2010301"), named("信访事务")) == ["201", "20103", "2010301", "2010308"]


def test_a_name_of_several_codes_gets_none_but_the_level_above() -> None:
    found = resolve(A, named("行政运行"), label("外交支出", "202"))[1]
    assert found == named("行政运行", level=1)
    found = resolve(AA, named("某某活动", level=1), A)[1]
    assert found == named("某某活动", level=2)


def test_digits_that_were_printed_choose_among_codes_of_one_name() -> None:
    assert codes(A, named("其他一般公共服务支出", digits="99")) == ["201", "20199"]
    assert codes(A, named("其他一般公共服务支出")) == ["201", None]
    assert codes(A, AA, named("行政运行", digits="01")) == ["201", "20101", "2010101"]
    assert codes(A, AA, named("行政运行", digits="02")) == ["201", "20101", None]


def test_digits_that_repeat_the_code_above_say_nothing() -> None:
    row = named("行政运行", digits="20101", level=3)
    assert resolve(AA, row) == [AA, row]


def test_nothing_above_says_nothing() -> None:
    row = named("某某活动", level=2)
    assert resolve(row, AA) == [row, AA]


@pytest.mark.parametrize("row", [label("行政运行", scheme="unit"), label("行政运行", scheme="project"), named("行政运行", level=0)])
def test_rows_of_other_schemes_get_no_code(row: RowLabel) -> None:
    found = resolve(A, AA, row, AAA)[2]
    assert found is not None
    assert (found.code, found.level) == (None, row.level)


def test_a_name_above_codes_is_that_of_their_parent() -> None:
    found = resolve(named("一般公共服务支出", level=3), named("人大事务", level=3), AAA)
    assert [(row.code, row.code_source, row.level) for row in found[:2] if row] == [("201", "name", 1), ("20101", "name", 2)]
    assert codes(named("一般公共服务支出"), None, AA) == ["201", None, "20101"]
    assert codes(named("一般公共服务支出"), AA, label("数据局", scheme="unit"), A)[0] == "201"


@pytest.mark.parametrize(
    "between",
    [label("数据局", scheme="unit"), replace(TOTAL, nature="basic")],
    ids=["a unit", "a total"],
)
def test_a_name_above_something_else_is_not_that_of_a_parent(between: RowLabel) -> None:
    assert codes(named("一般公共服务支出"), between, AA)[0] is None


@pytest.mark.parametrize("row", [named("一般公共服务支出", digits="99"), label("一般公共服务支出", scheme="project"), named("外交支出")])
def test_other_rows_above_codes_get_none(row: RowLabel) -> None:
    assert codes(row, AA)[0] is None


# --- rows of names alone ---------------------------------------------------------------------------------------------

NAMES = [named("一般公共服务支出", 10.0), named("人大事务", 20.0), named("行政运行", 30.0), named("代表工作", 30.0)]
CODES = ["201", "20101", "2010101", "2010108"]


def test_names_alone_get_their_codes_by_indentation() -> None:
    found = resolve(TOTAL, *NAMES)
    assert [(row.code, row.code_source, row.scheme, row.level) for row in found[1:] if row] == [
        ("201", "name", "function", 1),
        ("20101", "name", "function", 2),
        ("2010101", "name", "function", 3),
        ("2010108", "name", "function", 3),
    ]
    assert found[0] == replace(TOTAL, scheme="function")


def test_names_of_revenue_get_codes_only_where_the_header_says_so() -> None:
    assert codes(*NAMES, flow="revenue") == [None] * 4
    assert codes(*NAMES, flow="revenue", scheme="function") == CODES
    assert codes(*NAMES, scheme="project") == CODES


@pytest.mark.parametrize("kind", [LIST, "three_public"])
def test_names_of_lists_and_items_get_none(kind: str) -> None:
    assert codes(*NAMES, kind=kind) == [None] * 4


def test_a_few_names_that_also_stand_in_a_classification_are_no_classification() -> None:
    strange = [named(f"某某活动{n}") for n in "甲乙丙丁戊"]
    assert codes(named("一般公共服务支出"), named("教育支出"), *strange) == [None] * 7
    half = [named("一般公共服务支出"), named("教育支出"), *strange[:2]]
    assert codes(*half)[:2] == ["201", "205"]
    assert codes(*half, strange[2])[:2] == [None, None]
    assert codes(named("一般公共服务支出"), named("教育支出"), *strange, scheme="function")[:2] == ["201", "205"]


def test_the_classification_is_that_of_most_names() -> None:
    economic = [named("工资福利支出"), named("基本工资"), named("津贴补贴"), named("教育支出")]
    assert codes(*economic)[1:3] == ["30101", "30102"]
    assert codes(*economic, scheme="function") == codes(*economic)
    assert {row.scheme for row in resolve(*economic) if row} == {"department_economic"}


def test_what_the_header_names_decides_between_equals() -> None:
    both = [named("工资福利支出"), named("商品和服务支出")]
    assert codes(*both, scheme="government_economic") == ["50501", "50502"]
    assert codes(*both) == codes(*both, scheme="department_economic") == ["301", "302"]


def test_names_that_no_classification_knows_are_of_the_one_that_the_header_names() -> None:
    assert [row.scheme for row in resolve(named("某某活动"), scheme="government_economic") if row] == ["government_economic"]
    assert [row.scheme for row in resolve(named("某某活动")) if row] == ["item"]
    assert [row.scheme for row in resolve(named("某某活动"), scheme="project") if row] == ["item"]


def test_units_and_parts_begin_the_classification_anew() -> None:
    unit, part = label("数据局", scheme="unit"), replace(TOTAL, nature="basic")
    one = [named("一般公共服务支出", 10.0), named("人大事务", 20.0)]
    other = [named("教育支出", 10.0), named("教育管理事务", 20.0)]
    for between in (unit, part):
        assert codes(*one, between, None, *other) == ["201", "20101", None, None, "205", "20501"]


def test_each_unit_indents_in_its_own_way() -> None:
    one = [named("一般公共服务支出", 10.0), named("人大事务", 20.0), named("某某项", 30.0)]
    other = [named("教育支出", 40.0), named("教育管理事务", 50.0), named("某某项", 60.0)]
    for between in (label("数据局", scheme="unit"), replace(TOTAL, nature="basic")):
        assert [row.level for row in resolve(*one, between, *other) if row][4:] == [1, 2, 3]
        assert codes(between, *one) == [None, "201", "20101", None]
    # a total goes on with the same indentation
    assert [row.level for row in resolve(*one[:2], TOTAL, one[2], scheme="function") if row] == [1, 2, 0, 3]


def test_the_year_and_the_book_decide_what_a_name_means() -> None:
    rows = [named("一般公共服务支出"), named("政府办公厅（室）及相关机构事务"), named("信访事务")]
    assert codes(*rows, year=2024) == ["201", "20103", "20140"]
    assert codes(*rows, year=2015) == ["201", "20103", "2010308"]
    empty = Classifier(CodeList(()), 2024).resolve(FUNCTION, Block(0, "expenditure", "function", tuple(rows)))
    assert [row.code for row in empty if row] == [None] * 3


def test_numbering_says_the_levels_where_all_rows_have_it() -> None:
    numbered = [replace(row, numbered=n, indent=0.0) for row, n in zip(NAMES, (1, 2, 3, 3), strict=True)]
    assert codes(*numbered) == CODES
    strange = [named("某某类", numbered=1), named("某某款", numbered=2), named("某某项", numbered=3)]
    assert [row.level for row in resolve(*numbered, *strange) if row][4:] == [1, 2, 3]


def test_an_unknown_name_is_of_the_level_of_its_indentation() -> None:
    found = resolve(*NAMES, named("某某款", 20.0, level=1), named("某某项", 30.0, level=1), named("某某类", 10.0, level=3))
    assert [row.level for row in found[4:] if row] == [2, 3, 1]
    found = resolve(named("某类", 10.0), named("某款", 20.0), named("一般公共服务支出", 10.0), scheme="function")
    assert [row.level for row in found if row] == [1, 2, 1]


def test_indentations_within_half_a_character_are_one() -> None:
    rows = [named("一般公共服务支出", 10.0), named("某某甲", 13.0), named("人大事务", 20.0), named("某某乙", 23.1)]
    assert [row.level for row in resolve(*rows) if row] == [1, 1, 2, 3]


@pytest.mark.parametrize("indents", [[10.0] * 4, [10.0, 20.0, 30.0, 40.0, 50.0]], ids=["flush left", "ragged"])
def test_flush_left_or_ragged_names_say_nothing_of_levels(indents: list[float]) -> None:
    rows = [*NAMES, named("某某项", level=2)]
    found = resolve(*(replace(row, indent=x) for row, x in zip(rows, [*indents, 10.0], strict=False)))
    assert [row.code for row in found if row][:4] == CODES
    assert found[4:] == [replace(rows[4], scheme="function", indent=indents[4] if len(indents) > 4 else 10.0)]


def test_two_to_four_indentations_show_levels() -> None:
    rows = [named("某某甲", 10.0, level=3), named("某某乙", 20.0, level=3)]
    assert [row.level for row in resolve(*rows, scheme="function") if row] == [1, 2]
    deep = [named(f"某某{n}", 10.0 * n, level=1) for n in (1, 2, 3, 4)]
    assert [row.level for row in resolve(*deep, scheme="function") if row] == [1, 2, 3, 4]


# --- lists -----------------------------------------------------------------------------------------------------------


def test_rows_of_a_list_whose_codes_repeat_are_its_items() -> None:
    rows = [
        TOTAL,
        label("数据局", scheme="unit", level=1),
        None,
        label("办公费", "30201", scheme="department_economic"),
        label("印刷费", "30201", scheme="department_economic"),
        label("办公经费", "50201", scheme="government_economic"),
        AAA,
    ]
    found = resolve(*rows, kind=LIST)
    assert found[:3] == rows[:3] or [found[1], found[2]] == rows[1:3]
    items = [row for row in found[3:] if row]
    assert {(row.scheme, row.code, row.code_source, row.level) for row in items} == {("procurement_item", None, None, 1)}
    assert [(row.department_economic_code, row.government_economic_code) for row in items] == [
        ("30201", None),
        ("30201", None),
        (None, "50201"),
        (None, None),
    ]
    assert found[0] is not None
    assert (found[0].scheme, found[0].level) == ("procurement_item", 0)


def test_rows_of_a_list_whose_codes_do_not_repeat_keep_them() -> None:
    rows = [label("办公费", "30201", scheme="department_economic"), label("印刷费", "30202", scheme="department_economic")]
    assert resolve(*rows, kind=LIST) == rows
    of_units = [replace(rows[0], unit="甲"), replace(rows[0], unit="乙")]
    assert resolve(*of_units, kind=LIST) == of_units


def test_codes_that_repeat_in_a_statement_that_is_no_list_stay() -> None:
    assert codes(AAA, AAA) == ["2010101", "2010101"]


def test_names_of_bodies_in_a_list_are_no_units() -> None:
    row = named("清风市数据局")
    found = resolve(label("办公费", "30201", scheme="department_economic"), row, kind=LIST)
    assert found[1] is not None
    assert found[1].scheme == "item"


def test_a_code_by_name_ends_with_the_digits_that_the_row_prints() -> None:
    """A publisher may number the items of a class by a list of its own: 02 咨询费, which is 30203."""
    rows = [named("商品和服务支出", digits=""), named("办公费", digits="01"), named("咨询费", digits="02"), named("水费", digits="03")]
    assert codes(*rows, kind="general_public_basic_by_economic", scheme="department_economic") == ["302", "30201", None, None]


def test_a_row_does_not_keep_the_digits_of_the_row_below() -> None:
    """Where the border between two cells of codes is lost, the upper row has the last digits of the lower one."""
    assert codes(label("教育支出", "20501"), label("教育管理事务", "20501"), label("行政运行", "2050101")) == ["205", "20501", "2050101"]
    local = label("津贴补贴", "3010201", scheme="department_economic")  # a row of the publisher's own, named as the one above it
    assert codes(local, kind="general_public_basic_by_economic") == ["3010201"]


@pytest.mark.parametrize("rows", [
    (label("教育支出", "205"), label("教育支出", "20501"), label("行政运行", "2050101")),
    (label("住房保障支出", "221"), label("住房保障支出", "22102"), label("住房公积金", "2210201")),
    (label("住房保障支出", "22102"), label("住房公积金", "2210201")),
    (label("教育支出", "205"), label("教育支出", "20501"), label("教育管理事务", "20501")),
])  # fmt: skip
def test_a_whole_code_beside_a_wider_name_stays(rows: tuple[RowLabel, ...]) -> None:
    assert resolve(*rows) == list(rows)


def test_of_rows_without_names_none_has_a_code_that_another_has_too() -> None:
    """Where 款 and 项 came into one cell with the name, all that is left of each row's code is its 类."""
    assert resolve(A, label("", "201"), label("", "201"), AA) == [A, None, None, AA]
    assert resolve(label("", "201"), label("", "20101"))[0] is not None


@pytest.mark.parametrize("second", ["department_economic_code", "government_economic_code"])
def test_rows_without_names_that_a_second_code_tells_apart_stay(second: str) -> None:
    rows: list[RowLabel | None] = [label("", "2010101", **{second: code}) for code in ("30101", "30102")]
    assert resolve(*rows) == rows
    assert resolve(rows[0], *rows) == [None, None, rows[1]]


def test_a_table_by_codes_alone_keeps_its_rows() -> None:
    header = ("功能分类科目编码", "部门预算支出经济分类科目编码", "合计")
    found = lines(page("一般公共预算基本支出表", "单位：万元", [header, ("2010101", "30101", "9.00"), ("2010101", "30102", "4.00")]))
    assert [(line.code, line.department_economic_code) for line in found] == [("2010101", "30101"), ("2010101", "30102")]


PENSIONS = "行政事业单位养老支出"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (("社会保障和就业支出行政事业", "单位养老支出"), ("社会保障和就业支出", PENSIONS)),
        (("社会保障和", f"就业支出{PENSIONS}"), ("社会保障和就业支出", PENSIONS)),
        (("社会保障和就业支出另有", "养老支出"), ("社会保障和就业支出另有", "养老支出")),
    ],
    ids=["lines of the row below", "lines of the row above", "names of no code"],
)
def test_names_that_came_into_each_other_are_parted_where_they_are_just_those_of_their_codes(
    printed: tuple[str, str], names: tuple[str, str]
) -> None:
    rows = resolve(label(printed[0], "208"), label(printed[1], "20805"), label("农林水支出", "213"))
    assert [row.name for row in rows if row] == [*names, "农林水支出"]


def test_a_name_of_its_code_parts_what_stands_around_it() -> None:
    rows = resolve(label("社会保障和就业支出行政事业", "208"), label("农林水支出", "213"), label("单位养老支出", "20805"))
    assert [row.name for row in rows if row] == ["社会保障和就业支出行政事业", "农林水支出", "单位养老支出"]
