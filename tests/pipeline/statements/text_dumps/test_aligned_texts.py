"""Texts that keep columns by spaces: headings read column by column, names put back into the line of their numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from pipeline.budget.line import Line
from pipeline.statements.text_dumps.aligned_lines import words_by_column
from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

COLUMNS = (0, 18, 30, 42, 54, 66, 78, 90, 102, 114)
TITLE = "部门预算基本支出预算表\n部门名称：某某市水务局 单位：万元\n"
TORN = (
    ("", "", "", "财政拨款", "", "", "", "", "", ""),
    ("", "", "", "一般公共", "政府性基金", "国有资本经", "财政专户", "", "事业单位", ""),
    ("支出项目类别", "总计", "小计", "", "", "", "", "事业收入", "", "其他收入"),
    ("", "", "", "预算拨款", "预算拨款", "营预算拨款", "管理资金", "", "经营收入", ""),
)
ROWS = (
    ("某某市水务局", "9.00", "6.00", "5.00", "1.00", "0.00", "0.00", "2.00", "0.00", "1.00"),
    ("  工资福利支出", "6.00", "4.00", "4.00", "0.00", "0.00", "0.00", "2.00", "0.00", "0.00"),
    ("  商品和服务支出", "3.00", "2.00", "1.00", "1.00", "0.00", "0.00", "0.00", "0.00", "1.00"),
)


def width(text: str, wide: int) -> int:
    return sum(wide if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]], wide: int = 1, columns: Sequence[int] = COLUMNS) -> str:
    """Return rows of cells with each cell at its column, where a Chinese character takes `wide` places."""
    lines = []
    for row in rows:
        line = ""
        for cell, at in zip(row, columns, strict=True):
            line += " " * (at * wide - width(line, wide)) + cell if cell else ""
        lines.append(line)
    return "\n".join(lines) + "\n"


def funds(lines: list[Line], row: int) -> dict[str | None, str]:
    return {line.fund: line.amount_text for line in lines if line.row == row and line.amount}


@pytest.mark.parametrize("wide", [1, 2])
def test_a_heading_whose_pieces_stand_below_one_another_is_read_column_by_column(wide: int) -> None:
    lines = lines_of(read(TITLE + aligned(TORN + ROWS, wide), year=2026))
    assert funds(lines, 1) == {
        "total": "9.00", "fiscal_appropriation": "6.00", "general_public": "5.00", "government_fund": "1.00", "business": "2.00",
        "other": "1.00",
    }  # fmt: skip
    assert {line.column_evidence for line in lines} == {"printed"}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(row[0], *row[1:3], "5.00", "9.00", *row[5:]) for row in ROWS], id="numbers that do not add up"),
        pytest.param([(*row[:4], "", *row[5:]) for row in ROWS], id="a column that is blank in each row"),
        pytest.param([(row[0], *["0.00"] * 9) for row in ROWS], id="nothing but zeros"),
    ],
)
def test_what_the_rows_do_not_prove_is_held_back(rows: Sequence[Sequence[str]]) -> None:
    assert not any(line.amount and line.fund for line in lines_of(read(TITLE + aligned([*TORN, *rows]), year=2026)))


def test_a_heading_without_places_is_not_made_one_of_columns() -> None:
    loose = "\n".join(" ".join(cell for cell in row if cell) for row in (*TORN, *ROWS))
    assert not any(line.amount and line.fund for line in lines_of(read(TITLE + loose, year=2026)))


def test_words_are_given_column_by_column_with_what_heads_several_before_its_first() -> None:
    names = {"合计", "财政拨款", "小计", "一般公共预算拨款", "其他收入"}
    lines = [" " * 10 + "财政拨款", "合计    小计    一般公共            其他收入", "            预算拨款"]
    assert next(words_by_column(lines, names.__contains__)) == ["合计", "财政拨款", "小计", "一般公共预算拨款", "其他收入"]


def test_a_column_that_stands_as_high_as_its_neighbours_heads_none_of_them() -> None:
    lines = ["财政专户          单位资金", "          其他收入", "管理资金          (小计)"]
    assert next(words_by_column(lines, {"财政专户管理资金", "其他收入", "单位资金"}.__contains__))[:2] == ["财政专户管理资金", "其他收入"]


OF_CLASSES = (
    ("", "", "", "", "事业单位", "对附属单"),
    ("支出功能分类科目", "合计", "基本支出", "项目支出", "", ""),
    ("", "", "", "", "经营支出", "位补助支出"),
)
CLASSES = (0, 24, 36, 48, 60, 72)
CLASS_ROWS = (
    ("205-教育支出", "9.00", "4.00", "5.00", "", ""),
    ("20503-职业教育", "9.00", "4.00", "5.00", "", ""),
    ("2050302-中等职业教育", "9.00", "4.00", "5.00", "", ""),
    ("合计", "9.00", "4.00", "5.00", "", ""),
)


def natures(heading: Sequence[Sequence[str]], rows: Sequence[Sequence[str]] = CLASS_ROWS) -> dict[str, str]:
    text = "部门支出总表\n单位：万元\n" + aligned([*heading, *rows], columns=CLASSES)
    return {line.nature: line.amount_text for line in lines_of(read(text, year=2026)) if line.code == "2050302" and line.nature}


def test_a_heading_whose_words_are_all_understood_when_put_together_is_read_although_cells_are_blank() -> None:
    assert natures(OF_CLASSES) == {"total": "9.00"}  # of 4.00 and 5.00 no sum tells which two of four columns they stand in


def test_what_is_no_name_when_put_together_leaves_the_columns_unknown() -> None:
    assert not natures([*OF_CLASSES[:2], ("", "", "", "", "甲乙丙", "位补助支出")])


def test_rows_without_codes_do_not_get_columns_that_no_sum_of_the_heading_proves() -> None:
    assert not natures(OF_CLASSES, [(row[0].partition("-")[2] or row[0], *row[1:]) for row in CLASS_ROWS])


@pytest.mark.parametrize(("at", "read_so"), [(55, True), (66, False)])
def test_of_which_over_all_parts_of_a_total_says_nothing_and_over_some_of_them_is_not_understood(at: int, *, read_so: bool) -> None:
    lines = [" " * at + "其中", *aligned(OF_CLASSES, columns=CLASSES).splitlines()]
    known = {"支出功能分类科目", "合计", "基本支出", "项目支出", "事业单位经营支出", "对附属单位补助支出"}
    found = next(words_by_column(lines, known.__contains__))
    assert found == (["支出功能分类科目", "合计", "基本支出", "项目支出", "事业单位经营支出", "对附属单位补助支出"] if read_so else [])


CODED = (0, 12, 30, 42, 54)
FUNCTIONS = "一般公共预算支出表\n单位：万元\n" + aligned([("科目编码", "科目名称", "合计", "基本支出", "项目支出")], columns=CODED)
WRAPPED = (
    ("208", "社会保障和就业支出", "9.00", "4.00", "5.00"),
    ("20805", "行政事业单位养老支出", "9.00", "4.00", "5.00"),
    ("", "机关事业单位基本", "", "", ""),
    ("2080505", "", "4.00", "4.00", "0.00"),
    ("", "养老保险缴费支出", "", "", ""),
    ("", "其他行政事业单位", "", "", ""),
    ("2080599", "", "5.00", "0.00", "5.00"),
    ("", "养老支出", "", "", ""),
    ("", "合计", "9.00", "4.00", "5.00"),
)


def names(lines: list[Line]) -> dict[str | None, str]:
    return {line.code: line.name for line in lines if line.level == 3}


def test_a_name_around_the_line_of_its_numbers_is_put_into_it() -> None:
    lines = lines_of(read(FUNCTIONS + aligned(WRAPPED, columns=CODED), year=2026))
    assert names(lines) == {"2080505": "机关事业单位基本养老保险缴费支出", "2080599": "其他行政事业单位养老支出"}
    assert [(line.nature, line.amount_text) for line in lines if line.code == "2080599" and line.amount] == [
        ("total", "5.00"),
        ("project", "5.00"),
    ]


def test_a_name_of_no_code_is_whole_as_well() -> None:
    wrapped = (
        *ROWS[:1],
        ("  某某市水利工程质量", *[""] * 9),
        ("", *ROWS[1][1:]),
        ("  监督站", *[""] * 9),
        ("  某某市水文站", *ROWS[2][1:]),
    )
    lines = lines_of(read(TITLE + aligned([*TORN, *wrapped]), year=2026))
    assert "某某市水利工程质量监督站" in {line.name for line in lines}
    assert not any(line.name in ("某某市水利工程质量", "监督站") for line in lines)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("基本工资", "", "4.00 4.00", "", "津贴补贴", "", "5.00 5.00"), id="a blank line between"),
        pytest.param(("基本工资", "4.00 4.00", "津贴补贴", "5.00 5.00", "奖金", "6.00 6.00"), id="each label above its numbers"),
    ],
)
def test_labels_above_their_numbers_are_no_names_of_two_lines(rows: Sequence[str]) -> None:
    text = "一般公共预算基本支出表\n单位：万元\n科目名称 合计 人员经费\n" + "\n".join(rows)
    assert not any("工资津贴" in line.name or "补贴奖金" in line.name for line in lines_of(read(text, year=2026)))


@pytest.mark.parametrize(
    ("title", "head", "above", "below", "last"),
    [
        ("部门收入总表", "单位名称", "某某市水务局机关", "某某市水文站", "某某市河道所"),
        ("一般公共预算基本支出表", "科目名称", "工资福利支出", "资本性支出", "对个人和家庭的补助"),
        ("项目支出预算表", "项目名称", "河道巡查", "泵站改造", "某某水库除险加固工程"),
    ],
    ids=["two bodies", "two classes", "a name shorter than its column"],
)
def test_two_names_around_a_line_of_numbers_are_not_one(title: str, head: str, above: str, below: str, last: str) -> None:
    """Each name stands over its numbers, and the second prints none."""
    rows = [
        (head, "合计", "基本支出", "项目支出"),
        (above, "", "", ""),
        ("", "9.00", "9.00", "0.00"),
        (below, "", "", ""),
        (last, "3.00", "3.00", "0.00"),
    ]
    text = f"{title}\n单位：万元\n" + aligned(rows, columns=CLASSES[:4])
    assert not any(above + below in line.name for line in lines_of(read(text, year=2026)))


def test_the_name_of_a_class_over_the_line_of_a_code_is_not_part_of_that_code_s_name() -> None:
    rows = (("", "农林水支出", "", "", ""), ("2130301", "", "9.00", "9.00", "0.00"), ("", "行政运行", "", "", ""))
    lines = lines_of(read(FUNCTIONS + aligned([*rows, ("2130305", "水利工程建设", "3.00", "0.00", "3.00")], columns=CODED), year=2026))
    assert not any("农林水支出行政" in line.name for line in lines)


def test_the_name_of_the_government_class_is_not_that_of_a_row_that_lost_its_own() -> None:
    text = (
        "一般公共预算基本支出明细表（按支出经济分类科目）\n单位：元\n"
        "部门经济科目编码 部门经济科目名称 政府经济科目编码 政府经济科目名称 合计 人员经费 公用经费\n"
        "合计 7.00 6.00 1.00\n301 工资福利支出 6.00 6.00\n30101 基本工资 50101 工资奖金津补贴 3.00 3.00\n"
        "30108 50102 社会保障缴费 3.00 3.00\n302 商品和服务支出 1.00 1.00\n30201 办公费 50201 办公经费 1.00 1.00\n"
    )
    assert not any(line.scheme == "government_economic" or line.code == "50102" for line in lines_of(read(text)))


BESIDE = FUNCTIONS + (
    "208 社会保障和就业支出 9.00 4.00 5.00\n20805 行政事业单位养老支出 9.00 4.00 5.00\n"
    "机关事业单位 4.00 4.00 0.00\n2080505 {0}\n其他行政事业单位 5.00 0.00 5.00\n2080599 {1}\n合计 9.00 4.00 5.00\n"
)


def test_a_code_beside_the_end_of_a_name_is_of_the_row_above() -> None:
    lines = lines_of(read(BESIDE.format("基本养老保险缴费支出", "养老支出"), year=2026))
    found = [(line.code, line.name, line.amount_text) for line in lines if line.level == 3 and line.nature == "total"]
    assert found == [("2080505", "机关事业单位基本养老保险缴费支出", "4.00"), ("2080599", "其他行政事业单位养老支出", "5.00")]


def test_a_code_beside_a_word_that_ends_no_name_is_not_of_the_row_above() -> None:
    lines = lines_of(read(BESIDE.format("缴费支出", "支出"), year=2026))
    assert not any(line.code in ("2080505", "2080599") and line.amount for line in lines)
