"""Which unit of money amounts are published in: the one that is printed for them, and none where the print leaves it open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.inputs.sources import Hint
from pipeline.document.text_dump import read_text
from pipeline.stages.checking import Checked, check
from pipeline.stages.coding import code
from pipeline.stages.extraction import Extracted
from pipeline.stages.recognition import recognise
from tests.pipeline.statements.paper import LEFT, Rows, content, page, read

HINT = Hint(fiscal_year=2024, department="清风数据局")
SUMMARY, SPENDING, ONE_FUND, THREE_PUBLIC = "2024年部门收支总表", "2024年部门支出总表", "2024年一般公共预算支出表", "2024年“三公”经费支出表"
YUAN = ("13,381,300.00", "9,901,300.00", "3,480,000.00")
WAN = ("1,338.13", "990.13", "348.00")
OTHER_WAN = ("1,402.57", "1,000.57", "402.00")  # of nothing else in the document


def summary(total: str) -> Rows:
    return [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一般公共预算拨款收入", total, "一般公共服务支出", total],
        ["收入总计", total, "支出总计", total],
    ]


def spending(total: str, basic: str, project: str, header: tuple[str, str, str] = ("合计", "基本支出", "项目支出")) -> Rows:
    return [
        ["科目编码", "科目名称", *header],
        ["", "合计", total, basic, project],
        ["201", "一般公共服务支出", total, basic, project],
        ["2010301", "行政运行", basic, basic, ""],
        ["2010302", "一般行政管理事务", project, "", project],
    ]


def three_public(*rows: tuple[str, ...], header: tuple[str, ...] = ("项目", "预算数")) -> Rows:
    return [list(header), *map(list, rows)]


def checked(*pages: tuple[str | Rows, ...]) -> Checked:
    """What is published of a document of these pages."""
    printed = [page(*parts, number=number) for number, parts in enumerate(pages, 1)]
    extracted = Extracted(content(*printed))
    recognised = recognise(extracted, HINT)
    return check(extracted, recognised, code(extracted, recognised))


def units(*pages: tuple[str | Rows, ...]) -> dict[int, set[tuple[str, str]]]:
    """The units of the amounts that are published of each statement, each with its evidence."""
    found: dict[int, set[tuple[str, str]]] = {}
    for line in checked(*pages).lines:
        if line.source == "table":
            found.setdefault(line.statement_no, set()).add((line.unit_text, line.unit_evidence))
    return found


def why_not(*pages: tuple[str | Rows, ...]) -> list[str]:
    """What is said of numbers that are not published."""
    return [str(row["detail"]) for row in checked(*pages).findings if row["finding"] == "amount_not_captured"]


def test_units_below_the_tables_of_a_page_are_those_of_the_tables_above_them() -> None:
    below = (SUMMARY, summary(YUAN[0]), "单位：元", SPENDING, spending(*WAN), "单位：万元", ONE_FUND, spending(*YUAN), "单位：元")
    assert units(below) == {1: {("元", "table")}, 2: {("万元", "table")}, 3: {("元", "table")}}


def test_a_unit_between_two_tables_before_the_title_of_the_lower_may_be_of_either() -> None:
    between = (SUMMARY, summary("7,777.77"), "单位：元", SPENDING, spending(*OTHER_WAN))
    assert units(between) == {}
    above = (SUMMARY, "单位：元", summary(YUAN[0]), "单位：万元", SPENDING, spending(*WAN))
    assert units(above) == {1: {("元", "table")}, 2: {("万元", "table")}}


def test_the_heading_of_the_next_page_at_the_foot_of_a_page_is_no_mark_of_the_table_above_it() -> None:
    assert units((SUMMARY, summary("7,777.77"), "单位：元", SPENDING), (spending(*OTHER_WAN),)) == {}


def test_a_unit_behind_another_title_is_that_ones() -> None:
    assert units(("表1 2024年部门收支总表", "单位：元", "表2 2024年部门支出总表", spending(*WAN))) == {}
    assert units(("单位：万元", SPENDING, spending(*WAN))) == {1: {("万元", "table")}}


def test_a_document_may_print_its_title_and_unit_twice() -> None:
    assert units(("一、部门支出总表", "单位：万元", "部门支出总表", spending(*WAN))) == {1: {("万元", "table")}}


@pytest.mark.parametrize("unit", ["千元", "亿元", "百万元", "万美元"])
def test_amounts_in_a_unit_that_is_not_published_are_held_back(unit: str) -> None:
    known = (SUMMARY, "单位：万元", summary(WAN[0]))
    for own in ((SPENDING, f"单位：{unit}", spending(*WAN)), (f"{SPENDING}（{unit}）", spending(*WAN))):
        assert units(known, own) == {1: {("万元", "table")}}
        assert f"Its unit of money is {unit}, in which no amounts are published." in why_not(known, own)


def test_the_unit_of_the_page_is_none_where_another_one_is_printed() -> None:
    rows = three_public(("“三公”经费合计", "18.60"), ("公务接待费", "18.60"))
    assert units((SPENDING, "单位：万元", spending(*WAN), THREE_PUBLIC, "单位：千元", rows)) == {1: {("万元", "table")}}
    assert units((SPENDING, "单位：万元", spending(*WAN), THREE_PUBLIC, rows)) == {1: {("万元", "table")}, 2: {("万元", "page")}}


def test_a_small_total_in_yuan_is_possible_among_tables_in_wan() -> None:
    rows = three_public(("“三公”经费合计", "900.00"), ("公务接待费", "900.00"))
    assert units((SUMMARY, "单位：万元", summary(WAN[0]), THREE_PUBLIC, rows)) == {1: {("万元", "table")}}


def test_columns_in_a_unit_that_is_not_published_are_held_back() -> None:
    mixed = ("合计", "基本支出", "项目支出（千元）")
    found = checked((SPENDING, "单位：万元", spending("1,338.13", "990.13", "3,480.00", mixed)))
    assert {line.column for line in found.lines} == {3, 4}
    assert units((SPENDING, "单位：万元", spending(*WAN, ("合计（千元）", "基本支出（千元）", "项目支出（千元）")))) == {}


def test_headers_that_all_contradict_the_unit_above_leave_it_open() -> None:
    header = ("合计（元）", "基本支出（元）", "项目支出（元）")
    assert units((SPENDING, "单位：万元", spending(*YUAN, header))) == {}
    assert "Two units of money are printed for it (万元, 元), and nothing proves either." in why_not(
        (SUMMARY, "单位：元", summary("50,000.00")), (SPENDING, "单位：万元", spending(*YUAN, header))
    )
    proven = units((SUMMARY, "单位：元", summary(YUAN[0])), (SPENDING, "单位：万元", spending(*YUAN, header)))
    assert proven == {1: {("元", "table")}, 2: {("元", "total")}}
    assert units((SPENDING, spending(*YUAN, header))) == {1: {("元", "header")}}


def test_two_units_above_a_table_leave_it_open() -> None:
    assert units((SPENDING, "单位：元", "单位：万元", spending(*WAN))) == {}
    assert units((SPENDING, "单位：元/万元", spending(*WAN))) == {}
    assert units((SPENDING, "单位：万元、%", spending(*WAN))) == {1: {("万元", "table")}}


def test_a_further_page_in_another_unit_leaves_the_table_open() -> None:
    first, second = spending(*WAN), spending(*YUAN)
    assert units((SPENDING, "单位：万元", first[:3]), (SPENDING, "单位：元", [first[0], *second[3:]])) == {}
    assert units((SPENDING, "单位：万元", first[:3]), (SPENDING, "单位：万元", [first[0], *first[3:]])) == {1: {("万元", "table")}}


def test_a_row_may_print_its_own_unit() -> None:
    rows = [["项目", "预算数"], ["合计", "30.00"], ["办公费", "10.00"], ["差旅费（元）", "200,000.00"], ["培训费（千元）", "15.00"]]
    found = checked(("2024年机关运行经费支出预算表", "单位：万元", rows))
    assert [(line.amount_text, str(line.amount), line.unit_evidence) for line in found.lines] == [
        ("30.00", "300000.00", "table"),
        ("10.00", "100000.00", "table"),
        ("200,000.00", "200000.00", "row"),
    ]


def test_a_column_may_say_what_each_row_is_measured_in() -> None:
    rows = three_public(
        ("“三公”经费合计", "万元", "18.60"),
        ("公务接待费", "元", "26,000.00"),
        ("公务用车运行费", "千元", "160.00"),
        ("公务接待批次", "批", "12"),
        header=("项目", "计量单位", "预算数"),
    )
    for above in ((THREE_PUBLIC,), (THREE_PUBLIC, "单位：万元")):
        found = checked((SUMMARY, "单位：万元", summary(WAN[0])), (*above, rows))
        assert [(line.amount_text, str(line.amount)) for line in found.lines if line.statement == "three_public"] == [
            ("18.60", "186000.00"),
            ("26,000.00", "26000.00"),
        ]


def test_a_name_whose_end_fell_into_a_row_of_its_own_is_no_unit() -> None:
    rows = [["项目", "预算数"], ["合计", "30.00"], ["办公费（单位：万", "10.00"], ["元", ""], ["差旅费", "20.00"]]
    found = checked(("2024年机关运行经费支出预算表", "单位：万元", rows))
    assert [(line.amount_text, line.unit_evidence) for line in found.lines] == [("30.00", "table"), ("10.00", "table"), ("20.00", "table")]


def test_a_table_without_a_unit_between_tables_of_two_units_has_none() -> None:
    known = (SUMMARY, "单位：万元", summary(WAN[0])), (ONE_FUND, "单位：元", spending(*YUAN))
    assert units(known[0], (SPENDING, spending(*OTHER_WAN)), known[1]) == {1: {("万元", "table")}, 3: {("元", "table")}}
    assert units(known[0], (SPENDING, spending(*WAN)), known[1])[2] == {("万元", "total")}


def test_a_sentence_in_a_unit_that_no_other_uses_proves_nothing() -> None:
    told = "清风数据局2024年收入预算总计1402.57元，支出预算总计1402.57元。其中：基本支出950.00万元，项目支出402.00万元，公用经费51.00万元。"
    assert units((SPENDING, spending(*OTHER_WAN)), ("一、收支预算总体情况", told)) == {}


def test_a_printed_unit_that_the_sentences_contradict_is_held_back() -> None:
    told = ("一、收支预算总体情况", "清风数据局2024年收入预算总计1338.13万元，支出预算总计1338.13万元，比上年增加12.30万元。")
    pages = (SUMMARY, "单位：元", summary(WAN[0])), (SPENDING, "单位：元", spending(*WAN)), told
    assert units(*pages) == {}
    assert any(detail.startswith("Held back: another place") for detail in why_not(*pages))
    assert {line.amount_text for line in checked(*pages).lines} == {"1338.13"}


def test_one_sentence_in_a_wrong_unit_is_held_back() -> None:
    told = ("一、收支预算总体情况", "清风数据局2024年收入预算总计1338.13元，支出预算总计1338.13万元，比上年增加12.30万元。")
    pages = (SUMMARY, "单位：万元", summary(WAN[0])), (SPENDING, "单位：万元", spending(*WAN)), told
    found = checked(*pages)
    assert {line.unit_text for line in found.lines} == {"万元"}
    assert "an amount whose unit another place of the document contradicts" in why_not(*pages)


def test_amounts_of_sentences_in_yi_are_not_published() -> None:
    told = ("一、收支预算总体情况", "清风数据局2024年收入预算总计13.38亿元，支出预算总计13.38亿元。")
    found = checked((SUMMARY, "单位：万元", summary("133,813.00")), told)
    assert {(line.source, str(line.amount)) for line in found.lines} == {("table", "1338130000.00")}


DUMP = """部门预算01表
2024年部门支出总表
编制部门：清风数据局 {}
科目编码 科目名称 合计 基本支出 项目支出
合计 1,338.13 990.13 348.00
201 一般公共服务支出 1,338.13 990.13 348.00
2010301 行政运行 990.13 990.13
2010302 一般行政管理事务 348.00 348.00
"""


@pytest.mark.parametrize(("mark", "unit"), [("单位：万元", "万元"), ("单位：千元", None), ("", None), ("单位：元 单位：万元", None)])
def test_the_unit_of_a_text_dump(mark: str, unit: str | None) -> None:
    (statement,) = read(read_text(DUMP.format(mark).encode()), year=2024, kind="budget", department="清风数据局")
    assert statement.unit_text == unit


@pytest.mark.parametrize(("lost", "read_as"), [(0, ["1338.13"]), (1, [])])
def test_a_number_takes_no_unit_from_a_line_that_does_not_follow(lost: int, read_as: list[str]) -> None:
    told = [
        "一、收支预算总体情况",
        "按照综合预算的原则，清风数据局所有收入和支出均纳入部门预算管理，收入包括一般公共预算",
        "拨款收入。清风数据局2024年收支预算和上年相比有所增加，主要原因是人员增加和工作增加。",
        "清风数据局2024年部门预算收入和支出按照有关规定编制完成，本年度部门预算总收入为1338.13",
        *["万元，比上年增加31.85万元，增长2.44%。相应安排支出预算总计一千三百余万元，比上年也"] * lost,
        "元，增长2.44%，主要原因是人员经费增加，以及有关工作在本年度内陆续开展所需要的经费增。",
        "加。各项工作所需要的经费都已经纳入部门预算管理，清风数据局严格按照预算执行各项支出。",
    ]
    whole = page(*told)
    left = replace(whole, lines=tuple(line for line in whole.lines if not line.text.startswith("万元")))
    extracted = Extracted(content(left))
    recognised = recognise(extracted, HINT)
    assert [line.amount_text for line in check(extracted, recognised, code(extracted, recognised)).lines] == read_as


def test_a_unit_in_the_middle_of_a_grid_is_that_of_the_rows_below_it() -> None:
    across = ["", "", "", "", "单位：元"]
    rows = [*spending(*WAN), across, *spending(*YUAN)]
    found = checked((SPENDING, "单位：万元", rows))
    assert {str(line.amount) for line in found.lines if line.name == "合计"} == {"13381300.00", "9901300.00", "3480000.00"}
    again = [*spending(*WAN)[:3], ["", "", "", "", "单位：万元"], *spending(*WAN)[3:]]
    assert units((SPENDING, "单位：万元", again)) == {1: {("万元", "table")}}


@pytest.mark.parametrize(
    ("text", "above", "amount"),
    [
        ("金额单位：人民币万元", "", "500000.00"),
        ("单位：千元", "", None),
        ("", "单位：元", None),  # of the other table
        ("单位：万元", "单位：元", "500000.00"),
    ],
)
def test_the_unit_of_a_list_of_projects_is_its_own(text: str, above: str, amount: str | None) -> None:
    projects = [
        ["项目名称", "项目金额", "单价（元）", "绩效目标"],
        ["购置电脑", "50.00", "5000", "完成购置。"],
        ["维修", "30.00", "", "完成维修。"],
    ]
    other = (SUMMARY, above, summary(YUAN[0])) if above else ()
    found = checked((*other, "2024年项目支出绩效目标表", *([text] if text else []), projects))
    assert [None if row["amount"] is None else str(row["amount"]) for row in found.projects][:1] == [amount]


def test_a_list_of_projects_does_not_go_on_with_a_statement() -> None:
    projects = [["项目名称", "项目金额", "单价", "绩效目标"], ["购置电脑", "50.00", "", "完成购置。"], ["维修", "30.00", "", "完成维修。"]]
    found = checked(("2024年项目支出绩效目标表", "单位：万元", projects), (SUMMARY, "单位：元", summary(YUAN[0])))
    assert [(row["project"], str(row["amount"])) for row in found.projects] == [("购置电脑", "500000.00"), ("维修", "300000.00")]


def test_what_a_quantity_is_measured_in_is_no_unit_of_the_amount_beside_it() -> None:
    rows = [
        ["项目名称", "采购品目", "数量", "计量单位", "金额"],
        ["合计", "", "", "", "23.00"],
        ["购置电脑", "计算机", "10", "台", "5.00"],
        ["软件服务", "软件", "30000", "元", "3.00"],
        ["租房", "房屋", "1", "项", "15.00"],
    ]
    found = checked((SUMMARY, "单位：万元", summary(WAN[0])), ("2024年政府采购预算表", "单位：万元", rows))
    assert [str(line.amount) for line in found.lines if line.statement == "procurement"] == [
        "230000.00",
        "50000.00",
        "30000.00",
        "150000.00",
    ]


def test_a_remark_says_nothing_of_the_amount_beside_it() -> None:
    remark = "其中：对下属单位设备购置经费的补助按每台计算（元）"
    rows = [["项目", "预算数", "备注"], ["合计", "30.00", ""], ["办公费", "10.00", remark], ["差旅费", "20.00", ""]]
    assert units(("2024年机关运行经费支出预算表", "单位：万元", rows)) == {1: {("万元", "table")}}


def test_a_row_and_a_column_that_print_two_units_leave_the_amount_open() -> None:
    rows = [["项目", "预算数（万元）"], ["合计", "30.00"], ["办公费", "10.00"], ["差旅费（元）", "200,000.00"]]
    found = checked(("2024年机关运行经费支出预算表", rows))
    assert [line.amount_text for line in found.lines] == ["30.00", "10.00"]


def test_amounts_of_projects_without_a_unit_are_told() -> None:
    projects = [
        ["项目名称", "项目金额", "绩效目标"],
        ["购置电脑", "50.00", "完成购置。"],
        ["维修", "30.00", "完成维修。"],
        ["其他", "0.00", "无。"],
    ]
    known = (SUMMARY, "单位：万元", summary(WAN[0]))
    found = checked(known, ("2024年项目支出绩效目标表", projects))
    told = [(row["subject"], row["frequency"]) for row in found.findings if "projects" in str(row["detail"])]
    assert told == [("projects of page 2", 2)]
    assert not why_not(known, ("2024年项目支出绩效目标表", "单位：万元", projects))
