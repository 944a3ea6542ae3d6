"""Text dumps of tables: what the print states is read, whatever the order, wrapping or encoding; what it leaves open stays open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.budget.line import Line
from pipeline.document.text_dump import read_text
from pipeline.samples.sample_budget import Budget, load, random_budget
from pipeline.samples.sample_sheets import Cell, ExpectedLine, Layout, Sheet
from pipeline.samples.sample_statements import build
from pipeline.samples.sample_text import flattened, tables_text
from pipeline.statements.statement_model import Statement
from tests.pipeline.statements import paper

PRINTED = (
    "revenue_expenditure_summary",
    "revenue_summary",
    "expenditure_summary",
    "fiscal_appropriation_summary",
    "general_public_by_function",
    "general_public_basic_by_economic",
    "government_fund_by_function",
    "three_public",
)


def read(text: str, *, year: int = 2019, department: str | None = None, encoding: str = "utf-8") -> list[Statement]:
    return paper.read(read_text(text.encode(encoding)), year=year, kind="budget", department=department)


def lines_of(statements: list[Statement]) -> list[Line]:
    return [line for statement in statements for line in statement.lines]


def facts(statements: list[Statement]) -> set[tuple[str | None, str | None, str | None, Decimal]]:
    return {(line.code, line.fund, line.nature, line.amount) for line in lines_of(statements)}


# How a dump may print a sheet.


def words(row: list[Cell]) -> list[str]:
    return [text for cell in row if (text := cell.text.strip("　 "))]


def heading(sheet: Sheet) -> list[list[str]]:
    return [[text for *_, text in row] for row in sheet.heading_rows()]


def title_first(sheet: Sheet, layout: Layout, department: str, number: int) -> str:
    rows = [" ".join(words(row)) for row in sheet.rows]
    return "\n".join([f"表{number}", sheet.title, f"编制部门：{department}    单位：{layout.unit}", *map(" ".join, heading(sheet)), *rows])


def title_last(sheet: Sheet, layout: Layout, department: str, number: int) -> str:
    return flattened(sheet, layout, department, number=number)


def in_columns(sheet: Sheet, layout: Layout, department: str, number: int) -> str:
    rows = ["".join(cell.text.strip("　 ").ljust(20) for cell in row).rstrip() for row in sheet.rows]
    return "\n".join([sheet.title, f"单位：{layout.unit}", *map("   ".join, heading(sheet)), *rows])


def names_wrapped(sheet: Sheet, layout: Layout, department: str, number: int) -> str:
    def wrapped(row: list[Cell]) -> Iterator[str]:
        line: list[str] = []
        for word in words(row):
            cut = word.find("]") + 7
            if len(word) > cut + 4 and "、" not in word and not word[0].isdigit():
                yield " ".join([*line, word[:cut]])
                line = [word[cut:]]
            else:
                line.append(word)
        yield " ".join(line)

    rows = [line for row in sheet.rows for line in wrapped(row)]
    return "\n".join([sheet.title, f"单位：{layout.unit}", *map(" ".join, heading(sheet)), *rows])


STYLES: dict[str, Callable[[Sheet, Layout, str, int], str]] = {
    "title first": title_first,
    "title last": title_last,
    "in columns": in_columns,
    "names wrapped": names_wrapped,
}


def dump(budget: Budget, layout: Layout, style: str, printed: tuple[str, ...] = PRINTED) -> tuple[str, list[ExpectedLine]]:
    sheets = [build(statement, budget, layout) for statement in printed]
    tables = [STYLES[style](sheet, layout, budget.department, number) for number, sheet in enumerate(sheets, 1)]
    return "\n\n\n\n".join(tables), [meaning for sheet in sheets for meaning in sheet.meanings()]


def compare(statements: list[Statement], stated: list[ExpectedLine]) -> tuple[list[object], list[object]]:
    """Return the lines that are wrong, and those that are stated and not read for certain. An open fund matches any."""

    def key(line: Line | ExpectedLine) -> tuple[object, ...]:
        return (line.statement, line.flow, line.scheme, line.code, line.nature, line.measure, line.amount)

    want = Counter(key(m) for m in stated)
    want_funds = Counter((key(m), m.fund) for m in stated if m.fund is not None)
    got = [line for line in lines_of(statements) if line.column_evidence != "ambiguous"]
    have = Counter(key(line) for line in got)
    have_funds = Counter((key(line), line.fund) for line in got)
    return list((have - want).elements()), list((want - have).elements()) + list((want_funds - have_funds).elements())


def test_shipped_tables_are_read_whole() -> None:
    budget, figures = load("tables_2019")
    text, stated = tables_text(budget, figures)
    statements = read(text, department=budget.department)
    assert compare(statements, stated) == ([], [])
    assert sum(s.amounts_printed for s in statements) == len(stated)
    assert {line.column_evidence for line in lines_of(statements)} == {"printed", "solved"}
    assert not any(s.conflicts for s in statements)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("codes", ["columns", "joined", "bracketed"])
@pytest.mark.parametrize("seed", range(3))
def test_every_style_gives_the_stated_lines(style: str, codes: str, seed: int) -> None:
    random = Random(seed)
    layout = Layout(
        codes=codes, unit="元", decimals=2, total=random.choice(["top", "bottom"]), titles=random.randint(0, 4), all_classes=False
    )
    budget = random_budget(random)
    text, stated = dump(budget, layout, style)
    statements = read(text, year=budget.fiscal_year, department=budget.department)
    wrong, missing = compare(statements, stated)
    assert not wrong
    assert len(missing) <= 0.1 * len(stated)  # what the print itself leaves open
    assert [s.kind for s in statements] == list(PRINTED)
    assert sum(s.amounts_printed for s in statements) == len(stated)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6),
    style=st.sampled_from(sorted(STYLES)),
    codes=st.sampled_from(["columns", "joined", "bracketed"]),
    print_in=st.sampled_from([("万元", 2), ("万元", 6), ("元", 0), ("元", 2)]),
    zeros=st.sampled_from(["", "0.00", "-"]),
    funds=st.sampled_from([("general_public",), ("general_public", "government_fund"), ("general_public", "business", "other")]),
    flags=st.tuples(*[st.booleans()] * 5),
)
def test_no_line_is_wrong_in_any_mixture(
    seed: int, style: str, codes: str, print_in: tuple[str, int], zeros: str, funds: tuple[str, ...], flags: tuple[bool, ...]
) -> None:
    layout = Layout(
        codes=codes,
        unit=print_in[0],
        decimals=print_in[1],
        zeros=zeros,
        titles=seed % 5,
        split_basic=flags[0],
        basic_subtotal=flags[1],
        wide_halves=flags[2],
        appropriation=flags[3],
        total="top" if flags[4] else "bottom",
    )
    budget = random_budget(Random(seed), funds=funds)
    text, stated = dump(budget, layout, style)
    wrong, _ = compare(read(text, year=budget.fiscal_year, department=budget.department), stated)
    assert not wrong


def test_other_orders_and_fewer_tables() -> None:
    budget = random_budget(Random(5))
    layout = Layout(unit="万元", decimals=6, all_classes=False)
    printed = ("three_public", "general_public_by_function", "expenditure_summary")
    text, stated = dump(budget, layout, "title first", printed)
    statements = read(text, year=budget.fiscal_year, department=budget.department)
    assert [s.kind for s in statements] == list(printed)
    assert not compare(statements, stated)[0]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_changes_nothing(encoding: str) -> None:
    budget, figures = load("tables_2019")
    text, _ = tables_text(budget, figures)
    assert read(text, encoding=encoding) == read(text)


# Small tables of their own.

FUNCTION_ROWS = """201 一般公共服务支出 300 100 200
20103 政府办公厅（室）及相关机构事务 300 100 200
2010301 行政运行 100 100
2010302 一般行政管理事务 200 200
合计 300 100 200"""
HEADER = "功能分类科目编码 功能分类科目名称 合计 基本支出 项目支出"


def test_blank_columns_follow_from_the_sums() -> None:
    statements = read(f"支出预算总表\n单位：万元\n{HEADER}\n{FUNCTION_ROWS}\n")
    found = {(line.code, line.nature): (line.amount, line.column_evidence) for line in lines_of(statements)}
    assert found["2010301", "basic"] == (1_000_000, "solved")
    assert found["2010302", "project"] == (2_000_000, "solved")
    assert found["201", "total"] == (3_000_000, "printed")
    assert ("2010301", "project") not in found


def test_what_several_columns_fit_is_ambiguous_and_says_neither_fund_nor_nature() -> None:
    rows = "201 一般公共服务支出 200 100 100\n20103 政府办公厅 100 100\n20106 财政事务 100 100\n合计 200 100 100"
    statements = read(f"支出预算总表\n单位：元\n{HEADER}\n{rows}\n")
    open_lines = [line for line in lines_of(statements) if line.code in ("20103", "20106")]
    assert [(line.column_evidence, line.amount) for line in open_lines if line.nature is None] == [("ambiguous", 100), ("ambiguous", 100)]
    assert all(line.fund is None for line in open_lines if line.column_evidence == "ambiguous")
    assert len({(line.row, line.column) for line in open_lines}) == len(open_lines)


def test_a_row_that_does_not_add_up_is_named_and_not_placed() -> None:
    statements = read(f"支出预算总表\n单位：元\n{HEADER}\n{FUNCTION_ROWS.replace('行政运行 100 100', '行政运行 100 90')}\n")
    assert any("2010301" in str(conflict) for conflict in statements[0].conflicts)
    assert {line.column_evidence for line in lines_of(statements) if line.code == "2010301"} == {"ambiguous"}


def test_a_total_printed_after_its_numbers() -> None:
    rows = FUNCTION_ROWS.replace("00", "00,000").replace("合计 300,000 100,000 200,000", "300,000 100,000 200,000合计")
    total = [line for line in lines_of(read(f"支出预算总表\n单位：元\n{HEADER}\n{rows}\n")) if line.level == 0]
    assert [line.name for line in total] == ["合计"] * 3


def test_an_empty_statement_is_recognised_without_lines() -> None:
    statements = read(f"政府性基金预算支出表\n单位：元\n{HEADER}\n合计\n")
    assert [(s.kind, s.lines, s.amounts_printed) for s in statements] == [("government_fund_by_function", (), 0)]


def test_more_numbers_than_columns_are_counted_not_placed() -> None:
    statements = read(f"支出预算总表\n单位：元\n{HEADER}\n{FUNCTION_ROWS}\n229 其他支出 1 2 3 4\n")
    assert statements[0].lines == ()
    assert statements[0].amounts_printed == 17


@pytest.mark.parametrize("text", ["12,50", "1,2345.00", "7.00万元", "\n12,50"])
def test_a_number_that_no_column_can_take_is_counted_and_is_no_part_of_a_name(text: str) -> None:
    statements = read(f"支出预算总表\n单位：元\n{HEADER}\n{FUNCTION_ROWS}\n229 其他支出 {text}\n")
    whole = read(f"支出预算总表\n单位：元\n{HEADER}\n{FUNCTION_ROWS}\n")
    assert statements[0].amounts_printed == whole[0].amounts_printed + 1
    assert [(line.name, line.amount) for line in statements[0].lines] == [(line.name, line.amount) for line in whole[0].lines]


def test_numbers_with_one_comma_are_placed() -> None:
    rows = FUNCTION_ROWS.replace("00", "0000,000")
    assert (
        [line.amount for line in lines_of(read(f"支出预算总表\n单位：元\n{HEADER}\n{rows}\n"))]
        == [line.amount for line in lines_of(read(f"支出预算总表\n单位：元\n{HEADER}\n{rows.replace(',', '')}\n"))]
        != []
    )


def test_an_unknown_heading_between_columns_holds_the_table_back() -> None:
    header = HEADER.replace("基本支出", "基本支出 某某特别经费")
    statements = read(f"支出预算总表\n单位：元\n{header}\n{FUNCTION_ROWS}\n")
    assert statements[0].lines == ()
    assert statements[0].unknown == ("某某特别经费",)
    assert statements[0].amounts_printed == 13


def test_prose_and_lists_of_titles_are_no_statements() -> None:
    text = "目录\n一、收支预算总表\n二、支出预算总表\n\n一、部门支出预算情况说明\n本年支出预算总额为17,148万元，其中基本支出3,752万元。\n"
    assert lines_of(read(text)) == []
    assert [s.kind for s in read(text)] == []


def test_sentences_with_spaces_around_their_amounts_end_a_table() -> None:
    table = ["一、一般公共预算财政拨款“三公”经费支出预算表", "单位：万元", "项 目 预算数", "合 计 65.00", "因公出国（境）费 0",
             "公务接待费 21.00", "公务用车购置及运行费 44.00"]  # fmt: skip
    text = [
        *table,
        "二、2019 年“三公”经费说明",
        "某局 2019 年度“三公”经费预算为 65 万元，其中公务接待费 21 万元，公务用车运行费 44.00 万元。",
    ]
    read_lines = [(line.code, line.amount_text) for line in lines_of(read("\n".join(text)))]
    assert read_lines == [("total", "65.00"), ("abroad", "0"), ("reception", "21.00"), ("vehicles", "44.00")]


def test_parts_of_vehicles_may_be_named_without_them() -> None:
    table = ["财政拨款“三公”经费支出预算表", "单位：万元", "项目 预算数", "合计 22.2", "公务接待费 1.3", "公务用车购置及运行维护费 20.9",
             "其中：购置经费 3", "运行维护费 17.9"]  # fmt: skip
    codes = [line.code for line in lines_of(read("\n".join(table)))]
    assert codes == ["total", "reception", "vehicles", "vehicle_purchase", "vehicle_operation"]


def test_units_are_rows_and_serial_numbers_are_not_codes() -> None:
    text = (
        "支出预算分单位明细表\n单位：元\n序号 预算单位 合计 基本支出 项目支出\n人员经费 公用经费\n"
        "1 某某市某某局（本级） 600 100 200 300\n2 某某市某某中心 60 10 50\n3\n4\n合计 660 110 200 350\n"
    )
    statements = read(text, department="某某市某某局")
    units = [line for line in lines_of(statements) if line.level]
    assert {line.name for line in units} == {"某某市某某局（本级）", "某某市某某中心"}
    assert {line.scheme for line in units} == {"unit"}
    assert all(line.code is None for line in units)
    centre = {line.nature: line.amount for line in units if line.name == "某某市某某中心"}
    assert centre == {"total": 60, "basic_personnel": 10, "project": 50}


def test_the_second_vehicle_amount_follows_from_its_code_in_another_statement() -> None:
    items = (
        "“三公”经费预算表\n单位：万元\n小计 购置费 运行费\n63.00 30.00 5.00 28.00 28.00\n"
        "合计 因公出国（境）费 公务接待费\n公务用车购置及运行费\n"
    )
    assert {line.column_evidence for line in lines_of(read(items)) if line.amount == 280_000} >= {"ambiguous"}
    basic = (
        "一般公共预算基本支出表\n单位：元\n经济分类科目编码 经济分类科目名称 合计\n302 商品和服务支出 630,000\n"
        "30212 因公出国（境）费用 300,000\n30217 公务接待费 50,000\n30231 公务用车运行维护费 280,000\n合计 630,000\n"
    )
    found = {line.code: line.amount for line in lines_of(read(f"{basic}\n\n\n\n{items}")) if line.scheme == "three_public"}
    assert found == {"total": 630_000, "abroad": 300_000, "reception": 50_000, "vehicles": 280_000, "vehicle_operation": 280_000}


def test_a_table_of_unknown_title_is_counted_and_not_lost() -> None:
    statements = read(f"单位：元\n{HEADER}\n{FUNCTION_ROWS.replace('00', '00,000')}\n某某明细清单\n")
    assert [(s.kind, s.amounts_printed, s.lines) for s in statements] == [("other", 13, ())]
