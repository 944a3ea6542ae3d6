"""How far a name is set in, by whatever means its format has: only that tells some levels, and who misses it counts rows twice."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt

from pipeline.budget.line import Line
from pipeline.document.forms.old_workbook import old_sheet_parts
from pipeline.document.inputs.sources import Hint
from pipeline.stages.reading import read_document
from tests.pipeline.document.forms.test_word import saved
from tests.pipeline.document.forms.test_workbooks import old_workbook

# 校舍改造新项 and the names around it are in no list of codes: what they are parts of, only their indentation says.
FUNCTIONS = (
    (0, "教育支出", "100.00"),
    (1, "普通教育", "70.00"),
    (2, "校舍改造新项", "70.00"),
    (1, "乡村教育振兴", "30.00"),
    (2, "支教补助", "30.00"),
    (0, "住房保障支出", "9.00"),
    (1, "住房改革支出", "9.00"),
    (2, "住房公积金", "9.00"),
)
FINEST = {"校舍改造新项": 3, "支教补助": 3, "住房公积金": 3}
COVER, TITLE, UNIT, HEADER = "清风市教育局2024年部门预算", "一般公共预算支出表", "单位：万元", ("功能科目名称", "合计")
CLASSES = (
    "<style>.xl1\n\t{mso-style-parent:style0;\n\tpadding-left:12px;\n\tmso-char-indent-count:1;}\n.xl2\n\t{padding-left:24px;}</style>"
)


def page(cell: Callable[[int, str], str], head: str = "", rows: tuple[tuple[int, str, str], ...] = FUNCTIONS) -> bytes:
    """A web page with a statement whose names stand in cells that `cell` writes, for their level."""
    written = "".join(f"<tr>{cell(level, name)}<td>{amount}</td></tr>" for level, name, amount in rows)
    table = f"<table><tr><td>{HEADER[0]}</td><td>{HEADER[1]}</td></tr>{written}</table>"
    return f"<html>{head}<body><p>{COVER}</p><p>{TITLE}</p><p>{UNIT}</p>{table}</body></html>".encode()


def leaves(data: bytes) -> dict[str, int]:
    """The level of each row that is a leaf."""
    return {line.name: line.level for line in table_lines(data) if line.is_leaf and line.level}


def table_lines(data: bytes) -> list[Line]:
    return [line for line in read_document(data, Hint()).lines if line.source == "table"]


MEANS: dict[str, Callable[[int, str], str]] = {
    "no-break spaces": lambda level, name: f"<td>{'&nbsp;' * 2 * level}{name}</td>",
    "em spaces": lambda level, name: f"<td>{'&emsp;' * level}{name}</td>",
    "en spaces": lambda level, name: f"<td>{'&ensp;' * 2 * level}{name}</td>",
    "thin spaces": lambda level, name: f"<td>{'&thinsp;' * 4 * level}{name}</td>",
    "ideographic spaces": lambda level, name: f"<td>{'　' * level}{name}</td>",
    "spaces in a span": lambda level, name: f"<td><span style='mso-spacerun:yes'>{'&nbsp;' * 2 * level}</span>{name}</td>",
    "a margin": lambda level, name: f"<td><p style='margin-left:{0.5 * level:g}cm'>{name}</p></td>",
    "an indent of the text": lambda level, name: f"<td><p class=MsoNormal style='text-indent:{10.5 * level:g}pt'>{name}</p></td>",
    "padding of four sides": lambda level, name: f"<td style='padding: 0px 1px 0px {9 * level}px'>{name}</td>",
    "a class": lambda level, name: f"<td class=xl{level}>{name}</td>",
    "itself more than its class": lambda level, name: f"<td class=xl1 style='padding-left:{9 * level}px'>{name}</td>",
}


@pytest.mark.parametrize("means", MEANS)
def test_names_of_a_web_page_are_set_in_by(means: str) -> None:
    assert leaves(page(MEANS[means], CLASSES)) == FINEST


def test_a_first_line_that_hangs_out_is_not_set_in() -> None:
    def hanging(level: int, name: str) -> str:
        return f"<td><p style='margin-left:{20 * level + 21}pt;text-indent:-21pt'>{name}</p></td>"

    assert leaves(page(hanging)) == FINEST

    def flat(_: int, name: str) -> str:  # each in its own way, and all at the edge
        wide = len(name)
        return f"<td><p style='margin-left:{wide}pt;text-indent:-{wide}pt'>{name}</p></td>"

    def bare(_: int, name: str) -> str:
        return f"<td>{name}</td>"

    assert leaves(page(flat)) == leaves(page(bare))


def word(set_in: Callable[[docx.document.Document, docx.text.paragraph.Paragraph, int], None]) -> bytes:
    document = docx.Document()
    for text in (COVER, TITLE, UNIT):
        document.add_paragraph(text)
    table = document.add_table(len(FUNCTIONS) + 1, 2)
    for text, cell in zip(HEADER, table.rows[0].cells, strict=True):
        cell.text = text
    for (level, name, amount), row in zip(FUNCTIONS, table.rows[1:], strict=True):
        row.cells[0].text, row.cells[1].text = name, amount
        set_in(document, row.cells[0].paragraphs[0], level)
    return saved(document)


def by_paragraph(_: docx.document.Document, paragraph: docx.text.paragraph.Paragraph, level: int) -> None:
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(20 + 10 * level), Pt(-20)


def by_style(document: docx.document.Document, paragraph: docx.text.paragraph.Paragraph, level: int) -> None:
    """Styles based on one another, of which every second one says how far it is set in, and the last one nothing."""
    styles = document.styles
    if "L0" not in styles:
        for n in range(3):
            styles.add_style(f"L{n}", WD_STYLE_TYPE.PARAGRAPH).paragraph_format.left_indent = Pt(10 * n)
            styles.add_style(f"of L{n}", WD_STYLE_TYPE.PARAGRAPH).base_style = styles[f"L{n}"]
    paragraph.style = styles[f"of L{level}"]


def by_itself_against_its_style(document: docx.document.Document, paragraph: docx.text.paragraph.Paragraph, level: int) -> None:
    by_style(document, paragraph, 2 - level)
    paragraph.paragraph_format.left_indent = Pt(10 * level)


@pytest.mark.parametrize("set_in", [by_paragraph, by_style, by_itself_against_its_style])
def test_names_of_a_word_document_are_set_in(
    set_in: Callable[[docx.document.Document, docx.text.paragraph.Paragraph, int], None],
) -> None:
    assert leaves(word(set_in)) == FINEST


def test_a_style_that_is_based_on_itself_ends() -> None:
    def endless(document: docx.document.Document, paragraph: docx.text.paragraph.Paragraph, _: int) -> None:
        style = document.styles["L"] if "L" in document.styles else document.styles.add_style("L", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = style
        paragraph.style = style

    assert len(table_lines(word(endless))) == len(FUNCTIONS)


@pytest.mark.parametrize(("options", "shows"), [(0x06B6, True), (0x06A6, False)])
def test_how_far_a_workbook_of_the_old_format_sets_texts_in_and_whether_it_shows_zeros(options: int, shows: bool) -> None:
    begin, end = (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), (0x0A, b"")
    styles = [(0xE0, struct.pack("<HHHBBB", 0, 0, 0, 1, 0, 0xF0 | steps).ljust(20, b"\0")) for steps in (0, 2)]
    before = sum(4 + len(record) for _, record in (begin, *styles, end)) + 4 + 8
    texts = [
        (0xFD, struct.pack("<HHHI", 3, 0, 0, 0)),
        (0xFD, struct.pack("<HHHI", 4, 0, 1, 1)),
        (0x204, struct.pack("<HHHHB", 5, 0, 1, 1, 0) + b"x"),
        (0xFD, struct.pack("<HHHI", 6, 0, 9, 0)),  # of a style that there is not
    ]
    window = (0x23E, struct.pack("<HHHIHHI", options, 0, 0, 64, 0, 0, 0))
    data = old_workbook(begin, *styles, (0x85, struct.pack("<IHH", before, 0, 0)), end, begin, *texts, window, end)
    (parts,) = old_sheet_parts(data)
    assert parts.indents == {(4, 0): 20.0, (5, 0): 20.0}
    assert parts.shows_zeros is shows


# A list that prints no total: neither sums nor indentation alone say which rows head others.
PROJECTS = (
    (0, "教育管理经费", "100.00"),
    (1, "学校安全", "60.00"),
    (1, "教师培训", "40.00"),
    (0, "设施建设经费", "50.00"),
    (1, "操场改造", "50.00"),
    (0, "其他", "7.00"),
)


def listed(rows: tuple[tuple[int, str, str], ...]) -> dict[str, Decimal]:
    data = page(MEANS["em spaces"], rows=rows).decode().replace("一般公共预算支出表", "项目支出预算表").replace(HEADER[0], "项目名称")
    return {line.name: line.amount for line in table_lines(data.encode()) if line.is_leaf and line.level}


def test_rows_of_a_list_without_a_total_that_those_set_in_below_them_make_up_are_no_leaves() -> None:
    assert set(listed(PROJECTS)) == {"学校安全", "教师培训", "操场改造", "其他"}


@pytest.mark.parametrize(
    "rows",
    [
        tuple((0, name, amount) for _, name, amount in PROJECTS),  # sums alone
        tuple((level, name, "61.00" if name == "学校安全" else amount) for level, name, amount in PROJECTS[:3]),  # indentation alone
        ((0, "甲项目", "50.00"), (1, "乙项目", "50.00"), (0, "丙项目", "7.00")),  # one part of the same amount, set in by its length
        ((0, "甲项目", "0.00"), (1, "乙项目", "0.00"), (1, "丙项目", "0.00")),  # of zeros everything is the sum
    ],
)
def test_what_sums_or_indentation_alone_say_of_a_list_makes_no_parent(rows: tuple[tuple[int, str, str], ...]) -> None:
    assert set(listed(rows)) == {name for _, name, _ in rows}


def flat(rows: tuple[tuple[int, str, str], ...], total: str) -> set[str]:
    return set(leaves(page(lambda _, name: f"<td>{name}</td>", rows=(*rows, (0, "合计", total)))))


def test_without_indentation_sums_tell_what_is_counted_twice() -> None:
    assert flat(FUNCTIONS, "109.00") == set(FINEST)


def test_rows_that_exceed_their_total_and_nest_in_no_way_stay_as_they_are() -> None:
    rows = tuple((level, name, "31.00" if name == "支教补助" else amount) for level, name, amount in FUNCTIONS)
    assert "乡村教育振兴" in flat(rows, "109.00")


def test_items_of_revenue_that_parts_below_them_make_up_are_counted_once() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{amount}</td></tr>"
        for name, amount in (
            ("财政拨款收入", "100.00"),
            ("事业收入", "30.00"),
            ("学费收入", "25.00"),
            ("住宿费收入", "5.00"),
            ("其他收入", "7.00"),
            ("本年收入合计", "137.00"),
            ("上年结转", "3.00"),
            ("收入总计", "140.00"),
        )
    )
    data = f"<html><p>{COVER}</p><p>收入总表</p><p>{UNIT}</p><table><tr><td>项目</td><td>预算数</td></tr>{rows}</table></html>"
    assert set(leaves(data.encode())) == {"财政拨款收入", "学费收入", "住宿费收入", "其他收入", "上年结转"}
