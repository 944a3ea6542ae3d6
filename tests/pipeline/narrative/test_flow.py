"""Hard-wrapped lines become paragraphs again, and what is no prose stays out."""

from __future__ import annotations

import pytest

from pipeline.document.content import Box, Content, Page, TextLine
from pipeline.narrative.text.paragraphs import paragraphs

WIDE = "本部门按照统筹兼顾、勤俭节约的要求编制年度预算并如实公开各项"


def dump(*lines: str) -> list[str]:
    return [p.text for p in paragraphs(Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),)))]


def line(text: str, y: float, x0: float = 90, x1: float = 500, in_grid: bool = False) -> TextLine:
    return TextLine(text, Box(x0, y, x1, y + 12), in_grid)


def test_words_and_numbers_wrapped_over_blank_lines_are_joined() -> None:
    assert dump(WIDE + "支", "", "出合计 1,2", "", "40.50 万元。") == [WIDE + "支出合计1,2", "40.50万元。"]
    assert dump(WIDE + "支出合计 1,2", "", "40.50 万元。") == [WIDE + "支出合计1,240.50万元。"]


def test_digits_apart_on_one_line_stay_apart() -> None:
    assert dump("预算 20 2,105 万元。") == ["预算20 2,105万元。"]


def test_numbered_lines_and_headings_start_paragraphs() -> None:
    assert dump(
        "（一）一般公共预算基本支出预算情况（详见表 10）", "按部门预算支出经济分类科目，", "合计 3 万元。", "1．工资福利支出 2 万元。"
    ) == [
        "（一）一般公共预算基本支出预算情况（详见表10）",
        "按部门预算支出经济分类科目，合计3万元。",
        "1．工资福利支出2万元。",
    ]


def test_a_sentence_goes_on_over_a_page_break_and_its_furniture() -> None:
    def page(number: int) -> Page:
        body = [line(WIDE + char, 80 + 20 * i) for i, char in enumerate("甲乙丙丁戊"[number:] + "甲乙丙丁戊"[:number])]
        return Page(number, 595, 842, (line("某某局 2026 年度预算公开", 40), *body, line(f"- {number} -", 800, x1=120)))

    (told,) = paragraphs(Content("grids", "pdfium", (page(1), page(2), page(3))))
    assert told.text == "".join(WIDE + char for char in "乙丙丁戊甲丙丁戊甲乙丁戊甲乙丙")
    assert [told.place(offset).page for offset in (0, 5 * len(WIDE) + 5, len(told.text) - 1)] == [1, 2, 3]
    assert told.place(len(WIDE) + 1).box == Box(90, 100, 500, 112)


def test_tables_are_no_prose() -> None:
    page = Page(1, 595, 842, (line(WIDE, 80), line("合计 12.00 12.00", 100, in_grid=True), line("支出 9 万元。", 120, x1=200)))
    assert [p.text for p in paragraphs(Content("grids", "pdfium", (page,)))] == [WIDE, "支出9万元。"]


def test_an_indented_line_after_a_full_stop_is_a_new_paragraph() -> None:
    page = Page(1, 595, 842, (line(WIDE, 80), line(WIDE + "。", 100), line(WIDE, 120, x0=114), line("完。", 140, x1=150)))
    assert [p.text for p in paragraphs(Content("grids", "pdfium", (page,)))] == [WIDE + WIDE + "。", WIDE + "完。"]


@pytest.mark.parametrize("code", ["509", "20805", "2080505"])
def test_a_code_at_a_lines_end_has_no_digits_of_the_amount_below(code: str) -> None:
    upper, lower = f"对个人和家庭的补助和社会保障和就业支出以及行政事业单位养老支出合计{code}", "50.12万元，主要用于缴纳养老保险。"
    boxes = [TextLine(text, Box(72, 100 + 14 * n, 72 + 12 * len(text), 112 + 14 * n)) for n, text in enumerate((upper, lower))]
    (paragraph,) = paragraphs(Content("grids", "pdfium", (Page(1, 595, 842, tuple(boxes)),)))
    assert f"{code} 50.12万元" in paragraph.text


def test_a_number_that_a_lines_end_cuts_is_one() -> None:
    upper, lower = "对个人和家庭的补助和社会保障和就业支出以及行政事业单位养老支出合计1,234,", "567.12万元，主要用于缴纳养老保险。"
    boxes = [TextLine(text, Box(72, 100 + 14 * n, 72 + 12 * len(text), 112 + 14 * n)) for n, text in enumerate((upper, lower))]
    (paragraph,) = paragraphs(Content("grids", "pdfium", (Page(1, 595, 842, tuple(boxes)),)))
    assert "1,234,567.12万元" in paragraph.text
