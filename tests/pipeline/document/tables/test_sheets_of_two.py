"""Two pages on one sheet are read one after the other; what only looks like two is read as one page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Page, single_pages
from pipeline.document.pdf_reader import read_pdf
from pipeline.narrative.text.paragraphs import paragraphs
from pipeline.targets.target_reader import read_targets
from tests.pipeline.document.sheets import Sheet, pdf

WIDTH, HEIGHT, MARGIN = 840.0, 600.0, 60.0
LEFT = [
    "本部门二〇二三年收入预算总计为一百万元其中财政拨款",
    "收入八十万元事业收入二十万元，支出预算总计为一百万",
    "元其中基本支出六十万元项目支出四十万元。",
]
RIGHT = [
    "一般公共预算拨款支出八十万元主要用于以下几个方面内",
    "容人员经费五十万元公用经费三十万元，与上年预算数相",
    "比增加十万元主要原因是人员有所增加。",
]


def sheet() -> Sheet:
    return Sheet(width=WIDTH, height=HEIGHT)


def prose(on: Sheet, x: float, lines: list[str], y: float = 100) -> None:
    for n, line in enumerate(lines):
        on.text(x, y + 20 * n, line, 12)


def table(on: Sheet, x: float, top: float = 100) -> None:
    on.lattice([x, x + 100, x + 200, x + 300], [top, top + 20, top + 40, top + 60])
    for row, name in enumerate(("项目", "行政运行", "合计")):
        on.text(x + 5, top + 13 + 20 * row, name)
        on.right(x + 198, top + 13 + 20 * row, f"{row + 1},234.50")
        on.right(x + 298, top + 13 + 20 * row, f"{row}.10")


def numbered(on: Sheet, left: int, right: int) -> None:
    on.text(WIDTH / 4, HEIGHT - 30, f"- {left} -")
    on.text(3 * WIDTH / 4, HEIGHT - 30, f"- {right} -")


def pages(*sheets: Sheet) -> tuple[Page, ...]:
    return read_pdf(pdf(*sheets)).pages


def test_sentences_of_two_pages_are_not_woven_into_one_another() -> None:
    on = sheet()
    prose(on, MARGIN, LEFT)
    prose(on, WIDTH / 2 + MARGIN, RIGHT)
    content = read_pdf(pdf(on))
    assert [paragraph.text for paragraph in paragraphs(content)] == ["".join(LEFT), "".join(RIGHT)]
    left, right = single_pages(content.pages)
    assert (left.number, right.number) == (1, 1)
    assert [line.text for line in left.lines] == LEFT
    assert [line.box.x0 for line in right.lines if line.box] == pytest.approx([WIDTH / 2 + MARGIN] * 3, abs=1)


def test_tables_of_two_numbered_pages_are_two() -> None:
    on = sheet()
    table(on, MARGIN)
    table(on, WIDTH / 2 + MARGIN, 120)
    numbered(on, 4, 5)
    left, right = single_pages(pages(on))
    assert [grid.rows for grid in left.grids] == [grid.rows for grid in right.grids] == [3]


def test_a_sheet_without_words_is_as_the_sheets_before_it() -> None:
    first, second = sheet(), sheet()
    prose(first, MARGIN, LEFT)
    prose(first, WIDTH / 2 + MARGIN, RIGHT)
    table(second, MARGIN)
    table(second, WIDTH / 2 + MARGIN)
    assert [page.middle for page in pages(first, second)] == [WIDTH / 2, WIDTH / 2]
    assert pages(second)[0].middle is None


def halves(on: Sheet, title: float, *, right: float | None = None) -> None:
    """Print 收入 and 支出 side by side without rules, a title above the left half, and another above the right one."""
    on.text(MARGIN, title, "收支预算总表", 14)
    on.right(WIDTH - MARGIN, title + 12, "单位：万元")
    if right is not None:
        on.text(WIDTH / 2 + MARGIN, right, "支出预算总表", 14)
    for n, names in enumerate((("收入", "支出"), ("财政拨款", "教育支出"), ("事业收入", "农林水支出"), ("其他收入", "住房保障支出"))):
        for name, left in zip(names, (MARGIN, WIDTH / 2 + MARGIN), strict=True):
            on.text(left, 120 + 20 * n, name)
            on.right(left + 280, 120 + 20 * n, f"{n},234.50" if n else "金额")


def test_halves_of_one_table_are_no_pages_whatever_the_sheets_before_it_are() -> None:
    first, one, two = sheet(), sheet(), sheet()
    prose(first, MARGIN, LEFT)
    prose(first, WIDTH / 2 + MARGIN, RIGHT)
    halves(one, 60)
    halves(two, 60, right=60)
    assert [page.middle for page in pages(first, one, two)] == [WIDTH / 2, None, WIDTH / 2]


def title_over_both(on: Sheet) -> None:
    prose(on, MARGIN, LEFT)
    prose(on, WIDTH / 2 + MARGIN, RIGHT)
    on.text(WIDTH / 2 - 60, 60, "收支预算总体情况", 16)


def rule_over_both(on: Sheet) -> None:
    prose(on, MARGIN, LEFT)
    prose(on, WIDTH / 2 + MARGIN, RIGHT)
    on.line(MARGIN, 90, WIDTH - MARGIN, 90)


def labels_in_two_columns(on: Sheet) -> None:
    for n in range(4):
        on.text(MARGIN, 100 + 20 * n, f"第{n}项目名称", 12)
        on.text(WIDTH / 2 + MARGIN, 100 + 20 * n, f"实施单位{n}", 12)


def names_and_amounts_without_rules(on: Sheet) -> None:
    for n, name in enumerate(
        ("一般公共服务支出行政运行经费合计数", "社会保障和就业支出养老保险缴费支出", "住房保障支出住房改革支出公积金")
    ):
        on.text(MARGIN, 100 + 20 * n, name, 12)
        on.right(WIDTH - MARGIN, 100 + 20 * n, f"{n + 1},234.50", 12)


def prose_beside_nothing(on: Sheet) -> None:
    prose(on, MARGIN, LEFT)


def tables_beside_each_other(on: Sheet) -> None:
    table(on, MARGIN)
    table(on, WIDTH / 2 + MARGIN)
    numbered(on, 4, 9)  # not the numbers of two pages


def years_over_columns(on: Sheet) -> None:
    names_and_amounts_without_rules(on)
    on.text(MARGIN, 30, "2024")
    on.text(WIDTH - MARGIN - 40, 30, "2025")


@pytest.mark.parametrize(
    "print_on",
    [
        title_over_both,
        rule_over_both,
        labels_in_two_columns,
        names_and_amounts_without_rules,
        prose_beside_nothing,
        tables_beside_each_other,
        years_over_columns,
    ],
)
def test_one_page_stays_one(print_on: Callable[[Sheet], None]) -> None:
    on = sheet()
    print_on(on)
    (page,) = pages(on)
    assert page.middle is None
    assert single_pages([page]) == [page]


def test_the_number_of_the_sheet_may_stand_in_its_middle() -> None:
    on = sheet()
    prose(on, MARGIN, LEFT)
    prose(on, WIDTH / 2 + MARGIN, RIGHT)
    on.text(WIDTH / 2 - 10, HEIGHT - 30, "- 3 -")
    assert pages(on)[0].middle == WIDTH / 2


@pytest.mark.parametrize("from_page", [0, 1])
def test_a_table_of_targets_goes_on_from_the_left_page_to_the_right_one(from_page: int) -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值")
    rows = [("产出指标", "数量指标", f"培训第{n}期人数", f"≥{n}0人") for n in range(1, 5)]
    sheets = [sheet() for _ in range(2)]
    for n in range(2):
        on, left = sheets[(from_page + n) // 2], MARGIN + (from_page + n) % 2 * WIDTH / 2
        own = [heads, *rows[:2]] if n == 0 else rows[2:]
        on.lattice([left + 75 * k for k in range(5)], [100 + 20.0 * k for k in range(len(own) + 1)])
        for row, texts in enumerate(own):
            for column, text in enumerate(texts):
                on.text(left + 75 * column + 3, 114 + 20 * row, text, 8)
        if n == 0:
            on.text(left, 60, "项目支出绩效目标表", 14)
            on.text(left, 90, "项目名称：人员培训", 10)
    for n, on in enumerate(sheets):
        numbered(on, 2 * n + 1, 2 * n + 2)
    content = read_pdf(pdf(*sheets))
    assert all(page.middle == WIDTH / 2 for page in content.pages if page.grids)
    targets = read_targets(content, code_book())
    assert [row["indicator"] for row in targets.indicators] == [row[2] for row in rows]
    boxes = [(row["page"], row["x0"] > WIDTH / 2) for row in targets.indicators]
    assert boxes == [(1 + (from_page + n // 2) // 2, (from_page + n // 2) % 2 == 1) for n in range(4)]
