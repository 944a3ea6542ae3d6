"""From row labels to what each row is about: code, name, level, unit, or the fund or nature that the row names."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pipeline.budget.line import Line
from pipeline.document.content import Box, Cell
from pipeline.statements.meaning.row_labels import three_public_level
from pipeline.statements.meaning.row_names import clean_name, without_amount
from pipeline.statements.meaning.unit_rows import unit_name
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, lines, page, statements

Row = tuple[str | None, int, str]


def expenditure(*rows: tuple[str, ...], header: tuple[str, ...] = ("科目编码", "科目名称", "合计"), title: str = "支出总表") -> list[Line]:
    return lines(page(title, "单位：万元", [header, *rows]))


def read(found: list[Line]) -> list[Row]:
    return [(line.code, line.level, line.name) for line in found]


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "name", "level", "of_which"),
    [
        ("行政运行", "行政运行", None, False),
        ("一、一般公共服务支出", "一般公共服务支出", 1, False),
        ("十二、 农林水支出", "农林水支出", 1, False),
        ("（一）财政拨款收入", "财政拨款收入", 2, False),
        ("1.事业收入", "事业收入", 2, False),
        ("3、事业收入", "事业收入", 2, False),
        ("（1）其他收入", "其他收入", 3, False),
        ("①其他收入", "其他收入", 3, False),
        ("其中：一般公共预算", "一般公共预算", None, True),
        ("其中：1.一般公共预算", "一般公共预算", 2, True),
        ("一般公共服务支出（类）", "一般公共服务支出", None, False),
        ("信访\n事 务（款）", "信访事务", None, False),
        ("政府办公厅（室）及相关机构事务", "政府办公厅（室）及相关机构事务", None, False),
        ("一般行政管理事务", "一般行政管理事务", None, False),
        ("2023年项目", "2023年项目", None, False),
        ("1.5万户惠民工程", "1.5万户惠民工程", None, False),
        ("⼀、⽀出", "支出", 1, False),
        ("一、", "一、", None, False),
        ("总计：", "总计", None, False),
        ("（一） 人员经费:", "人员经费", 2, False),
    ],
)
def test_a_name_is_published_without_numbering_and_marks(printed: str, name: str, level: int | None, of_which: bool) -> None:
    assert clean_name(printed) == (name, level, of_which)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("教育支出19,804.44", "教育支出"),
        ("培训支出（款）\n4.44", "培训支出（款）"),
        ("补助资金500万元", "补助资金500万元"),
        ("平台2.10", "平台"),
        ("第2.1期", "第2.1期"),
    ],
)
def test_an_amount_behind_a_name_is_no_part_of_it(printed: str, name: str) -> None:
    cell = Cell(0, 0, printed, Box(0, 0, 80, 20))
    assert without_amount(cell, [None, replace(cell, text="4.00")]).text == name
    assert without_amount(cell, [replace(cell, text="5.00"), None]).text == printed


def test_the_amount_in_the_cell_of_a_name_counts_as_printed_and_not_read() -> None:
    (statement,) = statements(
        page(
            "支出总表", "单位：万元", [("科目编码", "科目名称", "合计"), ("205", "教育支出9.00", ""), ("208", "社会保障和就业支出", "3.00")]
        )
    )
    assert [(line.name, line.amount_text) for line in statement.lines] == [("社会保障和就业支出", "3.00")]
    assert statement.amounts_printed == 2


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("253_清风数据局", "253", "清风数据局"),
        ("253001-清风数据中心", "253001", "清风数据中心"),
        ("[292]清风数据局", "292", "清风数据局"),
        ("【292001】清风数据局", "292001", "清风数据局"),
        ("清风数据局", None, "清风数据局"),
        ("第12中学", None, "第12中学"),
    ],
)
def test_the_code_of_a_unit_stands_before_its_name(printed: str, code: str | None, name: str) -> None:
    assert unit_name(printed) == (code, name)


def test_levels_of_three_public() -> None:
    levels = {
        item: three_public_level(item) for item in ("total", "with_meetings_training", "abroad", "reception", "vehicles", "conference")
    }
    assert levels == {"total": 0, "with_meetings_training": 0, "abroad": 1, "reception": 1, "vehicles": 1, "conference": 1}
    assert three_public_level("vehicle_purchase") == three_public_level("vehicle_operation") == 2


# --- printed codes -------------------------------------------------------------------------------------------------

NESTED: list[Row] = [
    (None, 0, "合计"),
    ("201", 1, "一般公共服务支出"),
    ("20103", 2, "政府办公厅（室）及相关机构事务"),
    ("2010301", 3, "行政运行"),
    ("2010302", 3, "一般行政管理事务"),
]
NAMES = [name for _, _, name in NESTED]


def three_columns(*cells: tuple[str, str, str]) -> list[Line]:
    rows: Rows = [
        ["科目编码", LEFT, LEFT, "科目名称", "合计"],
        ["类", "款", "项", ABOVE, ABOVE],
        *([*code, name, "1.00"] for code, name in zip(cells, NAMES, strict=True)),
    ]
    return lines(page("支出总表", "单位：万元", rows))


def test_codes_joined_in_one_column() -> None:
    found = expenditure(*((code or "", name, "1.00") for code, _, name in NESTED))
    assert read(found) == NESTED
    assert [line.code_source for line in found] == [None, "printed", "printed", "printed", "printed"]
    assert {line.scheme for line in found} == {"function"}


def test_codes_in_three_columns() -> None:
    assert read(three_columns(("", "", ""), ("201", "", ""), ("201", "03", ""), ("201", "03", "01"), ("201", "03", "02"))) == NESTED


def test_codes_of_which_only_the_last_digits_are_printed() -> None:
    found = three_columns(("", "", ""), ("201", "", ""), ("", "03", ""), ("", "", "01"), ("", "", "02"))
    assert read(found) == NESTED
    assert {line.code_source for line in found[1:]} == {"printed"}


def test_codes_printed_whole_in_each_column() -> None:
    assert (
        read(three_columns(("", "", ""), ("201", "", ""), ("201", "20103", ""), ("201", "20103", "2010301"), ("201", "20103", "2010302")))
        == NESTED
    )


def test_codes_in_brackets_before_or_after_the_name() -> None:
    for print_as in ("[{}]{}", "{}-{}", "{} {}"):
        rows = [(print_as.format(code, name) if code else name, "1.00") for code, _, name in NESTED]
        assert read(expenditure(*rows, header=("科目名称", "合计"))) == NESTED, print_as
    rows = [(f"{name}（{code}）" if code else name, "1.00") for code, _, name in NESTED]
    assert read(expenditure(*rows, header=("科目名称", "合计"))) == NESTED


def test_codes_in_full_width_digits() -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert read(expenditure(*(((code or "").translate(wide), name, "1.00") for code, _, name in NESTED))) == NESTED


def test_local_codes_of_seven_digits_are_economic() -> None:
    found = expenditure(
        ("302", "商品和服务支出", "1.00"), ("30215", "会议费", "1.00"), ("3021502", "二类会议费", "1.00"), title="一般公共预算基本支出表"
    )
    assert [(line.scheme, line.code, line.level) for line in found] == [
        ("department_economic", "302", 1), ("department_economic", "30215", 2), ("department_economic", "3021502", 3),
    ]  # fmt: skip


def test_a_row_that_crosses_classifications() -> None:
    header = ("功能科目", "政府经济科目名称", "部门经济科目名称", "合计")
    (found,) = expenditure(("2050803-培训支出", "50203-培训费", "30216-培训费", "1.00"), header=header)
    assert (found.scheme, found.code, found.government_economic_code, found.department_economic_code) == (
        "function",
        "2050803",
        "50203",
        "30216",
    )
    assert found.name == "培训支出"


def test_a_departmental_row_with_its_government_code() -> None:
    header = (
        "部门预算支出经济分类科目编码",
        "部门预算支出经济分类科目名称",
        "政府预算支出经济分类科目编码",
        "政府预算支出经济分类科目名称",
        "合计",
    )
    (found,) = expenditure(("30101", "基本工资", "50101", "工资奖金津补贴", "1.00"), header=header, title="一般公共预算基本支出表")
    assert (found.scheme, found.code, found.government_economic_code, found.name) == ("department_economic", "30101", "50101", "基本工资")


def test_a_column_of_codes_belongs_to_the_names_right_of_it() -> None:
    header = ("科目编码", "部门预算支出经济分类科目名称", "科目编码", "政府预算支出经济分类科目名称", "合计")
    (found,) = expenditure(("30101", "基本工资", "50101", "工资奖金津补贴", "1.00"), header=header, title="一般公共预算基本支出表")
    assert (found.scheme, found.code, found.government_economic_code, found.name) == ("department_economic", "30101", "50101", "基本工资")


def test_names_below_codes_keep_no_code_of_their_own_unless_the_book_knows_one() -> None:
    found = expenditure(
        ("201", "一般公共服务支出", "3.00"), ("20103", "政府办公厅（室）及相关机构事务", "3.00"), ("", "蓝色大象事务", "3.00")
    )
    assert found[2].code is None and found[2].code_source is None


def test_a_code_missing_in_print_follows_from_the_name_below_the_row_above() -> None:
    found = expenditure(("20103", "政府办公厅（室）及相关机构事务", "3.00"), ("", "行政运行", "3.00"))
    assert (found[1].code, found[1].code_source, found[1].level) == ("2010301", "name", 3)


def test_two_digits_and_a_name_are_the_child_right_below_the_code_that_fits_both() -> None:
    """其他一般公共服务支出 is 20199 and 2019999: below 201, the digits 99 are the first of the two."""
    found = expenditure(("201", "一般公共服务支出", "3.00"), ("2012601", "行政运行", "2.00"), ("99", "其他一般公共服务支出", "1.00"))
    assert (found[2].code, found[2].code_source, found[2].level) == ("20199", "printed", 2)


def test_a_name_that_stands_at_several_places_gets_none_of_them() -> None:
    found = expenditure(("201", "一般公共服务支出", "3.00"), ("", "行政运行", "3.00"))
    assert (found[1].code, found[1].code_source) == (None, None)


# --- names alone ---------------------------------------------------------------------------------------------------


def test_names_with_indentation_are_resolved_together() -> None:
    rows = [("   " * max(level - 1, 0) + name, "1.00") for _, level, name in NESTED]
    found = expenditure(*rows, header=("项目", "合计"), title="一般公共预算支出表（功能分类）")
    assert read(found) == NESTED
    assert [line.code_source for line in found] == [None, "name", "name", "name", "name"]


def test_a_name_that_nobody_knows_gets_no_code() -> None:
    rows = [("一般公共服务支出", "1.00"), ("   蓝色大象事务", "1.00")]
    found = expenditure(*rows, header=("项目", "合计"), title="一般公共预算支出表（功能分类）")
    assert read(found)[0] == ("201", 1, "一般公共服务支出")
    assert found[1].code is None


# --- totals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["合计", "总计", "合 计", "合\n计", "支出总计", "本年支出合计", "总计：", "合 计:", "总数", "共计", "合计数："]
)
def test_a_total_has_level_zero_and_no_code(word: str) -> None:
    found = expenditure(("", word, "1.00"), ("201", "一般公共服务支出", "1.00"))
    assert (found[0].code, found[0].level, found[0].scheme, found[0].is_leaf) == (None, 0, "function", False)
    assert found[0].name == "".join(word.split()).rstrip(":：")


def test_a_total_with_a_colon_closes_a_list_of_projects() -> None:
    rows = [("项目名称", "合计"), ("食品抽检", "4.00"), ("设备监察", "1.00"), ("总计：", "5.00")]
    found = lines(page("项目支出表", "单位：万元", rows))
    assert [(line.name, line.level, line.is_leaf) for line in found] == [("食品抽检", 1, True), ("设备监察", 1, True), ("总计", 0, False)]


# --- rows that only carry a page's sum -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("foot", "head"),
    [("过次页", "承前页"), ("（过次页）", "（承前页）"), ("转下页：", "接上页："), ("过次页合计", "承前页合计"), ("本页小计", "上页结转")],
)
def test_sums_carried_over_a_page_are_no_amounts(foot: str, head: str) -> None:
    header = ("科目编码", "科目名称", "合计")
    first = page(
        "支出总表",
        "单位：万元",
        [header, ("201", "一般公共服务支出", "3.00"), ("20103", "政府办公厅（室）及相关机构事务", "3.00"), ("", foot, "3.00")],
    )
    second = page([header, ("", head, "3.00"), ("2010301", "行政运行", "3.00"), ("", "合计", "3.00")], number=2)
    (statement,) = statements(first, second)
    assert [(line.code, line.level) for line in statement.lines] == [("201", 1), ("20103", 2), ("2010301", 3), (None, 0)]
    assert statement.amounts_printed == 4


def test_a_carried_sum_closes_no_table_without_a_total() -> None:
    rows = [("201", "一般公共服务支出", "3.00"), ("208", "社会保障和就业支出", "4.00"), ("", "过次页", "7.00")]
    assert read(expenditure(*rows)) == [("201", 1, "一般公共服务支出"), ("208", 1, "社会保障和就业支出")]


def test_a_carried_sum_ends_no_group_of_a_unit() -> None:
    header = ("单位名称", "项目名称", "合计")
    first = page("项目支出表", "单位：万元", [header, ("", "合计", "6.00"), ("清风数据中心", "数据采集", "1.00"), ("", "过次页", "1.00")])
    second = page([header, ("", "承前页", "1.00"), ("清风数据中心", "数据治理", "5.00")], number=2)
    found = lines(first, second)
    assert [(line.name, line.unit, line.is_leaf) for line in found] == [
        ("合计", None, False), ("数据采集", "清风数据中心", True), ("数据治理", "清风数据中心", True),
    ]  # fmt: skip


def test_a_name_with_a_page_in_it_is_none() -> None:
    assert [line.name for line in expenditure(("2130301", "页岩气开发", "1.00"), ("2130302", "网页维护", "1.00"))] == [
        "页岩气开发",
        "网页维护",
    ]


def test_a_total_may_stand_in_the_column_of_codes() -> None:
    found = expenditure(("合计", LEFT, "1.00"), ("201", "一般公共服务支出", "1.00"))
    assert read(found)[0] == (None, 0, "合计")


# --- units ---------------------------------------------------------------------------------------------------------


def test_rows_of_units() -> None:
    found = expenditure(
        ("", "合计", "9.00"), ("253001", "清风数据中心", "5.00"), ("253002", "清风培训中心", "4.00"),
        header=("单位编码", "单位名称", "合计"), title="支出预算分单位明细表",
    )  # fmt: skip
    assert [(line.scheme, line.code, line.level, line.name, line.unit) for line in found] == [
        ("unit", None, 0, "合计", None), ("unit", "253001", 1, "清风数据中心", None), ("unit", "253002", 1, "清风培训中心", None),
    ]  # fmt: skip


def test_a_unit_named_in_each_row_owns_the_row() -> None:
    found = expenditure(
        ("清风数据中心", "2010301", "行政运行", "5.00"),
        ("清风培训中心", "2010301", "行政运行", "4.00"),
        header=("单位名称", "科目编码", "科目名称", "合计"),
    )
    assert [(line.unit, line.code) for line in found] == [("清风数据中心", "2010301"), ("清风培训中心", "2010301")]


def test_a_unit_row_above_code_rows_owns_them() -> None:
    found = expenditure(
        ("合计", "", "", "9.00"),
        ("清风数据中心", "", "", "5.00"), ("", "201", "一般公共服务支出", "5.00"),
        ("清风培训中心", "", "", "4.00"), ("", "205", "教育支出", "4.00"),
        header=("单位名称", "科目编码", "科目名称", "合计"),
    )  # fmt: skip
    assert [(line.scheme, line.name, line.unit) for line in found[1:]] == [
        ("unit", "清风数据中心", None), ("function", "一般公共服务支出", "清风数据中心"),
        ("unit", "清风培训中心", None), ("function", "教育支出", "清风培训中心"),
    ]  # fmt: skip


def test_a_body_named_among_coded_rows_heads_the_rows_below_it() -> None:
    """Units and subjects in one column (单位名称（科目））: what has no code and ends as names of bodies do is a unit."""
    found = expenditure(
        ("", "", "合计", "9.00"),
        ("", "", "清风数据局机关", "5.00"), ("2010301", "312301", "行政运行", "5.00"),
        ("", "", "清风培训中心", "4.00"), ("2050803", "312302", "培训支出", "4.00"),
        header=("科目编码", "单位代码", "单位名称（科目）", "合计"),
    )  # fmt: skip
    assert [(line.scheme, line.level, line.name, line.unit) for line in found] == [
        ("function", 0, "合计", None),
        ("unit", 1, "清风数据局机关", None), ("function", 3, "行政运行", "清风数据局机关"),
        ("unit", 1, "清风培训中心", None), ("function", 3, "培训支出", "清风培训中心"),
    ]  # fmt: skip


def test_a_subject_that_ends_as_bodies_do_stays_a_subject() -> None:
    found = expenditure(("207", "文化旅游体育与传媒支出", "3.00"), ("20701", "文化和旅游", "3.00"), ("", "图书馆", "3.00"))
    assert (found[2].code, found[2].unit) == ("2070104", None)


def test_a_serial_number_is_no_code() -> None:
    found = expenditure(
        ("1", "清风数据中心", "5.00"), ("2", "清风培训中心", "4.00"), header=("序号", "单位名称", "合计"), title="支出预算分单位明细表"
    )
    assert [(line.scheme, line.code, line.name) for line in found] == [("unit", None, "清风数据中心"), ("unit", None, "清风培训中心")]


def test_what_stands_in_the_row_of_the_department_above_its_units_is_of_no_unit() -> None:
    found = expenditure(
        ("253", "清风数据总局", "", "", "9.00"), ("", "", "205", "教育支出", "9.00"),
        ("253001", "清风数据中心", "", "", "9.00"), ("", "", "205", "教育支出", "9.00"),
        header=("单位编码", "单位名称", "科目编码", "科目名称", "合计"),
    )  # fmt: skip
    assert [(line.scheme, line.code, line.unit) for line in found] == [
        ("unit", "253", None), ("function", "205", None), ("unit", "253001", None), ("function", "205", "清风数据中心"),
    ]  # fmt: skip


# --- revenue items -------------------------------------------------------------------------------------------------


def revenue(*rows: tuple[str, str]) -> list[Line]:
    body = [[name, text, "", ""] for name, text in rows]
    body[0][2:] = ["教育支出", "1.00"]
    table: Rows = [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"], *body]
    return [line for line in lines(page("收支总表", "单位：万元", table)) if line.flow == "revenue"]


def test_revenue_items_are_known_by_name() -> None:
    found = revenue(
        ("一、一般公共预算拨款收入", "1.00"), ("二、政府性基金预算拨款收入", "2.00"), ("三、国有资本经营预算拨款收入", "3.00"),
        ("四、财政专户管理资金收入", "4.00"), ("五、事业收入", "5.00"), ("六、上级补助收入", "6.00"), ("七、附属单位上缴收入", "7.00"),
        ("八、事业单位经营收入", "8.00"), ("九、其他收入", "9.00"), ("本年收入合计", "45.00"),
        ("使用非财政拨款结余", "1.00"), ("上年结转", "2.00"), ("收入总计", "48.00"),
    )  # fmt: skip
    assert [line.fund for line in found] == [
        "general_public", "government_fund", "state_capital", "special_account", "business", "superior_subsidy", "subordinate_remittance",
        "operating", "other", "current_year", "non_fiscal_surplus", "carryover", "total",
    ]  # fmt: skip
    assert {(line.scheme, line.nature, line.code) for line in found} == {("revenue_item", "total", None)}
    assert [line.level for line in found if line.name in ("本年收入合计", "收入总计")] == [0, 0]
    assert found[0].name == "一般公共预算拨款收入"


def test_what_a_summary_of_one_scope_receives_this_year_is_told_from_what_it_has_in_all() -> None:
    table: Rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、本年收入", "8.00", "一、本年支出", "9.00"],
        ["（一）一般公共预算拨款", "7.00", "（一）教育支出", "9.00"],
        ["（二）政府性基金预算拨款", "1.00", "", ""],
        ["二、上年结转", "1.00", "", ""],
        ["收入总计", "9.00", "支出总计", "9.00"],
    ]
    found = [line for line in lines(page("财政拨款收支总表", "单位：万元", table)) if line.flow == "revenue"]
    assert [(line.name, line.fund) for line in found if line.level == 0 or "结转" in line.name] == [
        ("本年收入", "current_year"),
        ("上年结转", "carryover"),
        ("收入总计", "fiscal_appropriation"),
    ]


def test_levels_of_revenue_items() -> None:
    found = revenue(
        ("一、财政拨款收入", "6.00"), ("（一）一般公共预算", "5.00"), ("（二）政府性基金预算", "1.00"), ("二、事业收入", "2.00")
    )
    assert [(line.fund, line.level) for line in found] == [
        ("fiscal_appropriation", 1), ("general_public", 2), ("government_fund", 2), ("business", 1),
    ]  # fmt: skip


def test_of_which_items_stand_below_the_item_above() -> None:
    found = revenue(("一、财政拨款收入", "6.00"), ("其中：一般公共预算", "5.00"), ("二、事业收入", "2.00"))
    assert [(line.fund, line.level, line.name) for line in found][1] == ("general_public", 2, "一般公共预算")


@pytest.mark.parametrize(
    ("part", "nature"),
    [
        ("其中：专项资金列入部门预算的项目", "of_which_special_funds"),
        ("其中：非税收入", "of_which_non_tax_revenue"),
        ("其中：行政性收费", "of_which_other"),
    ],
)
def test_a_part_of_income_has_the_nature_that_a_column_of_its_name_has(part: str, nature: str) -> None:
    found = revenue(("一、一般公共预算", "6.00"), (part, "5.00"), ("二、事业收入", "2.00"))
    assert [(line.nature, line.fund) for line in found if line.amount == 50000] == [(nature, "general_public")]


def test_of_which_a_wider_fund_repeats_some_of_the_item_above() -> None:
    found = revenue(("一、一般公共预算", "6.00"), ("其中：财政拨款", "5.00"), ("二、事业收入", "2.00"))
    assert [(line.fund, line.nature) for line in found] == [
        ("general_public", "total"),
        ("general_public", "of_which_other"),
        ("business", "total"),
    ]


def test_what_is_carried_over_repeats_the_funds_of_the_year() -> None:
    found = revenue(
        ("一、本年收入", "6.00"), ("（一）一般公共预算", "5.00"), ("（二）政府性基金预算", "1.00"),
        ("二、上年结转", "3.00"), ("（一）一般公共预算", "2.00"), ("（二）政府性基金预算", "1.00"), ("收入总计", "9.00"),
    )  # fmt: skip
    assert [line.fund for line in found] == [
        "current_year", "general_public", "government_fund", "carryover", "carryover_general_public", "carryover_government_fund", "total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "fund", "level"),
    [
        ("    非财政拨款资金结余", "carryover_unit_funds", 2),
        ("使用非财政拨款结余", "non_fiscal_surplus", 1),
        ("用事业基金弥补收支差额", "non_fiscal_surplus", 1),
        ("三、非财政拨款结余", "non_fiscal_surplus", 1),
    ],
)
def test_what_is_left_of_other_money_stands_beside_the_carried_over_part_above_it(second: str, fund: str, level: int) -> None:
    found = revenue(("二、上年结转", "3.00"), ("其中：财政拨款资金结转", "2.00"), (second, "1.00"), ("收入总计", "3.00"))
    assert [(line.fund, line.level) for line in found[1:3]] == [("carryover_fiscal_appropriation", 2), (fund, level)]
    assert [line.is_leaf for line in found] == [level == 1, level == 2, True, False]


def test_a_revenue_item_that_nobody_knows_is_left_open() -> None:
    found = revenue(("一、一般公共预算拨款收入", "1.00"), ("二、蓝色大象", "2.00"))
    assert (found[1].fund, found[1].nature, found[1].column_evidence, str(found[1].amount)) == (None, None, "ambiguous", "20000.00")


# --- rows that name natures ----------------------------------------------------------------------------------------


def test_rows_that_name_natures_are_level_zero_without_code() -> None:
    table: Rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一般公共预算拨款收入", "9.00", "一、基本支出", "7.00"],
        ["", "", "人员经费", "4.00"],
        ["", "", "公用经费", "3.00"],
        ["", "", "二、项目支出", "2.00"],
        ["", "", "本年支出合计", "9.00"],
        ["", "", "结转和结余", "1.00"],
        ["收入总计", "10.00", "支出总计", "10.00"],
    ]
    found = [line for line in lines(page("收支总表", "单位：万元", table)) if line.flow == "expenditure"]
    assert [line.nature for line in found] == ["basic", "basic_personnel", "basic_operating", "project", "total", "carryforward", "total"]
    assert {(line.level, line.code) for line in found} == {(0, None)}


def test_items_of_three_public_in_rows() -> None:
    rows = [
        ("合计", "63.00"),
        ("1.因公出国（境）费用", "30.00"),
        ("2.公务接待费", "5.00"),
        ("3.公务用车费", "28.00"),
        ("其中：（1）公务用车运行维护费", "10.00"),
        ("（2）公务用车购置", "18.00"),
    ]
    found = expenditure(*rows, header=("项目", "预算数"), title="“三公”经费预算表")
    assert [(line.code, line.level) for line in found] == [
        ("total", 0), ("abroad", 1), ("reception", 1), ("vehicles", 1), ("vehicle_operation", 2), ("vehicle_purchase", 2),
    ]  # fmt: skip
    assert {(line.scheme, line.fund, line.code_source) for line in found} == {("three_public", "fiscal_appropriation", "printed")}


def test_a_total_over_rows_of_meetings_and_training_includes_them() -> None:
    items = [("因公出国（境）费", "30.00"), ("公务接待费", "5.00"), ("会议费", "4.00"), ("培训费", "3.00")]
    header, title = ("项目", "预算数"), "“三公”经费、会议费、培训费预算表"
    assert expenditure(("合计", "42.00"), *items, header=header, title=title)[0].code == "with_meetings_training"
    assert expenditure(("“三公”经费合计", "35.00"), *items, header=header, title=title)[0].code == "total"


def test_rows_of_years_are_measures_of_the_items_in_columns() -> None:
    header = ("项目", "年度", "合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费")
    rows = (
        ("三公经费", "2022年", "9.00", "1.00", "3.00", "5.00"),
        ("三公经费", "2023年", "8.00", "1.00", "2.00", "5.00"),
        ("三公经费", "增减额", "-1.00", "", "-1.00", ""),
        ("三公经费", "增减比例", "-11.11", "", "-33.33", ""),
    )
    found = expenditure(*rows, header=header, title="“三公”经费预算表")
    assert [(line.code, line.measure) for line in found if line.code == "total"] == [
        ("total", "prior_year"), ("total", "budget"), ("total", "change"),
    ]  # fmt: skip
    assert "-11.11" not in {line.amount_text for line in found}


def units_by_year(whole: str) -> list[tuple[str | None, str, str, bool]]:
    header = ("预算单位", "年度", "合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费")
    rows = (
        ("清风数据局", "2022年", "9.00", "1.00", "3.00", "5.00"),
        ("", "2023年", whole, "1.00", "2.00", "5.00"),
        ("清风数据中心", "2022年", "5.00", "0.00", "3.00", "2.00"),
        ("", "2023年", "5.00", "0.00", "2.00", "3.00"),
        ("清风档案中心", "2022年", "4.00", "1.00", "0.00", "3.00"),
        ("", "2023年", "3.00", "1.00", "0.00", "2.00"),
    )
    found = lines(page("“三公”经费预算表", "单位：万元", [header, *rows]), department="清风数据局")
    return [(line.unit, line.measure, line.amount_text, line.is_leaf) for line in found if line.code == "total"]


def test_the_own_year_below_a_units_other_years_is_of_that_unit() -> None:
    assert [(unit, measure) for unit, measure, *_ in units_by_year("8.00")[2:]] == [
        ("清风数据中心", "prior_year"), ("清风数据中心", "budget"), ("清风档案中心", "prior_year"), ("清风档案中心", "budget"),
    ]  # fmt: skip


def test_rows_under_the_departments_name_are_of_the_whole_where_the_units_add_up_to_them() -> None:
    assert [unit for unit, *_ in units_by_year("8.00")[:2]] == [None, None]
    assert [unit for unit, *_ in units_by_year("8.50")[:2]] == ["清风数据局", "清风数据局"]


def test_a_strip_that_holds_nothing_left_of_a_table_is_no_column() -> None:
    rows = [("科目编码", "科目名称", "合计"), ("201", "一般公共服务支出", "5.00")]
    plain, shifted = (lines(page("支出总表", "单位：万元", [(*strip, *row) for row in rows])) for strip in ((), ("",)))
    assert [line.column for line in plain] == [line.column for line in shifted] == [3]


# --- rows that print no word ---------------------------------------------------------------------------------------


def test_a_row_that_prints_no_word_has_no_name_and_is_standard_a_total() -> None:
    alone = lines(page("一般公共预算收支表", "单位：万元", [("基本支出", "项目支出"), ("3.00", "4.00")]))
    closing = expenditure(("201", "一般公共服务支出", "3.00"), ("208", "社会保障和就业支出", "4.00"), ("", "", "7.00"))
    for found in (alone, [line for line in closing if not line.level]):
        assert {(line.name, line.standard_name, line.level) for line in found} == {("", "合计", 0)}


def test_a_row_is_named_by_the_column_of_names_not_by_the_date_beside_it() -> None:
    rows = [
        ("序号", "会议名称", "时间", "人数", "金额"),
        ("1", "清风业务会议", "2023年10月23日", "80人", "0.64"),
        ("2", "观摩会", "2023年9月8日", "50人", "1.00"),
        ("3", "评审会", "2023年6月26日", "40人", "0.32"),
    ]
    assert [line.name for line in lines(page("会议费明细表", "单位：万元", rows))] == ["清风业务会议", "观摩会", "评审会"]


# --- rows that a lost border brought together ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "职业年金缴费\n[30110]职工基本医疗保险缴费",
        "补助\n（9）对社会保障基金补助",
        "出\n3、上缴上级支出",
    ],
)
def test_a_cell_of_several_rows_names_none(name: str) -> None:
    rows = [("30101", "基本工资", "9.00"), ("", name, "5.00"), ("30103", "奖金", "4.00")]
    found = expenditure(*rows, title="一般公共预算基本支出表")
    assert read(found) == [("30101", 2, "基本工资"), ("30103", 2, "奖金")]


@pytest.mark.parametrize(("title", "header"), [("项目支出表", "项目名称"), ("政府采购预算表", "采购项目")])
def test_a_project_or_purchase_may_number_what_it_comprises(title: str, header: str) -> None:
    names = ("智慧城管建设\n（二）期项目", "信息系统\n1.硬件\n2.软件", "档案整理\n20101人大事务")
    found = lines(page(title, "单位：万元", [(header, "金额"), *((name, "4.00") for name in names)]))
    assert [line.name for line in found] == ["智慧城管建设（二）期项目", "信息系统1.硬件2.软件"]


@pytest.mark.parametrize("name", ["机关事业单位基本养老\n保险缴费", "一般公共服务支出\n（类）"])
def test_a_wrapped_name_is_one(name: str) -> None:
    found = expenditure(("30108", name, "5.00"), title="一般公共预算基本支出表")
    assert [line.code for line in found] == ["30108"]


@pytest.mark.parametrize(("above", "name", "codes"), [
    ("办公费", "", [("30201", "50201")]),
    ("办公费\n30202印刷费", "其他商品和服务支出", []),
    ("办公费", "其他商品和服务支出", [("30201", "50201"), ("50299", None)]),
])  # fmt: skip
def test_a_row_with_the_second_of_two_codes_alone_is_the_rest_of_another_without_its_name_or_below_several(
    above: str, name: str, codes: list[tuple[str, str | None]]
) -> None:
    header = [["部门预算支出经济分类", LEFT, "政府预算支出经济分类", LEFT, "合计"], ["科目编码", "科目名称", "科目编码", "科目名称", ABOVE]]
    rows = [["30201", above, "50201", "办公经费", "9.00"], ["", "", "50299", name, "4.00"]]
    found = lines(page("一般公共预算基本支出表", "单位：万元", [*header, *rows]))
    assert [(line.code, line.government_economic_code) for line in found] == codes


def test_several_government_classes_of_one_function_are_rows() -> None:
    header = ("功能分类科目编码", "功能分类科目名称", "政府预算支出经济分类科目编码", "政府预算支出经济分类科目名称", "合计")
    rows = [("2010101", "行政运行", "", "", "9.00"), ("", "", "50101", "工资奖金津补贴", "5.00"), ("", "", "50102", "社会保障缴费", "4.00")]
    assert [line.code for line in expenditure(*rows, header=header, title="一般公共预算支出表")] == ["2010101", "50101", "50102"]


def test_a_row_of_the_classification_has_no_fund_by_its_name() -> None:
    rows = [("一般公共服务支出", "9.00", "9.00"), ("国有资本经营预算支出", "4.00", "4.00")]
    found = lines(page("收入总表", "单位：万元", [("功能科目名称", "合计", "财政拨款收入"), *rows]))
    assert [(line.code, line.fund) for line in found if line.row > len(rows)] == [("223", "total"), ("223", "fiscal_appropriation")]


def test_a_purchase_beside_the_code_of_a_unit_is_no_unit() -> None:
    header = ("科目编码", "单位编码", "采购项目", "采购目录", "预算金额")
    rows = [("", "125003", "移动执法终端设备", "其他专用设备", "14.40")]
    (found,) = lines(page("政府采购预算表", "单位：万元", [header, *rows]))
    assert (found.scheme, found.code, found.name) == ("procurement_item", None, "其他专用设备")


def test_a_total_whose_characters_stand_in_two_code_cells_has_its_whole_name() -> None:
    header = ["类", "款", "项", "科目名称", "合计"]
    found = expenditure(("合", "计", "", "", "5.00"), ("213", "03", "01", "行政运行", "5.00"), header=header)
    assert read(found) == [(None, 0, "合计"), ("2130301", 3, "行政运行")]


def test_the_sum_of_a_class_behind_its_rows_has_the_code_of_the_class() -> None:
    rows = [
        ("2080505", "机关事业单位基本养老保险缴费支出", "20.00"),
        ("2080506", "机关事业单位职业年金缴费支出", "10.00"),
        ("", "社会保障和就业支出小计", "30.00"),
        ("2130301", "行政运行", "5.00"),
        ("", "农林水支出合计", "5.00"),
        ("", "合计", "35.00"),
    ]
    found = expenditure(*rows)
    assert [(line.code, line.code_source, line.level, line.is_leaf) for line in found if line.name.startswith(("社会保障", "农林水"))] == [
        ("208", "name", 1, False),
        ("213", "name", 1, False),
    ]


def test_the_sum_of_a_class_above_its_rows_has_the_code_of_the_class() -> None:
    rows = [
        ("", "农林水支出合计", "5.00"),
        ("2130301", "行政运行", "5.00"),
        ("", "住房保障支出合计", "3.00"),
        ("2210201", "住房公积金", "3.00"),
        ("", "合计", "8.00"),
    ]
    assert [(line.code, line.is_leaf) for line in expenditure(*rows)] == [
        ("213", False),
        ("2130301", True),
        ("221", False),
        ("2210201", True),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("above", "closing"),
    [("213", "农林水支出小计"), ("20805", "教育支出小计")],
    ids=["a class that is printed above its rows as well", "a class of which no row stands above"],
)
def test_a_sum_that_is_of_no_row_of_its_own_is_in_no_line(above: str, closing: str) -> None:
    (found,) = statements(
        page(
            "支出总表",
            "单位：万元",
            [["科目编码", "科目名称", "合计"], [above, "某类", "5.00"], [f"{above}01", "某款", "5.00"], ["", closing, "5.00"]],
        )
    )
    assert closing not in {line.name for line in found.lines}
    assert found.amounts_printed - len(found.lines) == 1


def test_a_sum_of_what_is_no_code_may_be_the_total() -> None:
    rows = [("205", "教育支出", "3.00"), ("213", "农林水支出", "5.00"), ("", "全部款项总计", "8.00")]
    assert read(expenditure(*rows))[-1] == (None, 0, "全部款项总计")


def test_the_printed_code_of_a_project_is_its_code_and_its_number_in_the_list_is_none() -> None:
    rows = [
        ["项目代码", "项目名称", "预算数"],
        ["合计", LEFT, "71.50"],
        ["410122240000000012345", "灌区续建配套", "60.00"],
        ["2", "河道巡查", "11.50"],
    ]
    found = lines(page("项目支出预算表", "单位：万元", rows))
    assert [(line.name, line.code, line.code_source) for line in found] == [
        ("合计", None, None),
        ("灌区续建配套", "410122240000000012345", "printed"),
        ("河道巡查", None, None),
    ]


def test_what_a_surplus_is_distributed_to_is_no_spending_of_the_year() -> None:
    found = lines(
        page(
            "收入支出决算总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT],
                ["项目", "决算数", "项目", "决算数"],
                ["一、财政拨款收入", "95.00", "一、一般公共服务支出", "90.00"],
                ["", "", "结余分配", "5.00"],
                ["", "", "其中：提取职工福利基金", "2.00"],
                ["", "", "转入事业基金", "3.00"],
                ["合计", "95.00", "合计", "95.00"],
            ],
        ),
        kind="final_account",
    )
    assert [(line.name, line.nature) for line in found if line.column == 4] == [
        ("一般公共服务支出", "total"),
        ("结余分配", "surplus_distribution"),
        ("提取职工福利基金", "of_which_other"),
        ("转入事业基金", "of_which_other"),
        ("合计", "total"),
    ]


def test_what_is_carried_over_of_a_fund_is_no_income_of_the_year() -> None:
    found = lines(
        page(
            "部门收支总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT],
                ["项目", "预算数", "项目", "预算数"],
                ["一、一般公共预算拨款收入", "95.00", "一、基本支出", "60.00"],
                ["本年收入小计", "95.00", "二、项目支出", "32.00"],
                ["上年结转结余", "5.00", "三、事业单位经营服务支出", "8.00"],
                ["一般公共预算结转", "3.00", "", ""],
                ["政府性基金预算结转", "2.00", "", ""],
                ["收入总计", "100.00", "支出总计", "100.00"],
            ],
        )
    )
    assert [line.fund for line in found if line.column == 2] == [
        *("general_public", "current_year", "carryover", "carryover_general_public", "carryover_government_fund", "total"),
    ]
    assert [line.nature for line in found if line.column == 4] == ["basic", "project", "operating", "total"]


def test_the_income_from_one_fund_is_income_whatever_its_header_leaves_unsaid() -> None:
    found = lines(page("政府性基金预算收入表", "单位：万元", [["项目", "预算数"], ["合计", "12.00"], ["土地出让收入", "12.00"]]))
    assert {(line.statement, line.flow, line.fund) for line in found} == {("other", "revenue", "government_fund")}


def test_spending_that_is_paid_from_what_was_carried_over_is_not_carried_forward() -> None:
    found = lines(
        page(
            "收支预算总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT],
                ["项目", "预算数", "项目", "预算数"],
                ["一、一般公共预算收入", "95.00", "一、基本支出", "60.00"],
                ["二、上年结转资金", "5.00", "二、项目支出", "40.00"],
                ["", "", "其中：上年资金结转安排", "5.00"],
                ["收入总计", "100.00", "支出总计", "100.00"],
            ],
        )
    )
    assert [line.nature for line in found if line.column == 4] == ["basic", "project", "project", "total"]


def test_what_was_carried_over_named_alone_beside_spending_is_no_spending() -> None:
    found = lines(
        page(
            "收支预算总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT],
                ["项目", "预算数", "项目", "预算数"],
                ["一、一般公共预算收入", "95.00", "一、一般公共服务支出", "90.00"],
                ["", "", "上年结转", "5.00"],
                ["收入总计", "95.00", "支出总计", "95.00"],
            ],
        )
    )
    assert [(line.name, line.nature) for line in found if line.column == 4][1] == ("上年结转", "carryforward")
