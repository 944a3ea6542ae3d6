"""Headings of tables without vertical rulings: which words stand over which columns, told by where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

SIZE = 10.0
ROWS = 4

Head = tuple[str, float, float]
"""Words of a heading: text, the middle of its cell across, the middle of its cell down; lines parted by strokes."""


def paths(heads: Sequence[Head], ends: Sequence[float], names: float, top: float, *, first: Sequence[str] = ()) -> list[str]:
    """What stands over each column, from the top down, of a table of rows below `top` whose amounts end at `ends`."""
    sheet = Sheet(width=max(ends) + 40, height=400)
    for text, x, y in heads:
        lines = text.split("/")
        for n, line in enumerate(lines):
            sheet.text(x - SIZE * len(line) / 2, y + 1.56 * SIZE * (n - (len(lines) - 1) / 2) + 0.38 * SIZE, line, SIZE)
    for row in range(ROWS):
        y = top + 22 * row
        if not row and first:
            for n, line in enumerate(first):
                sheet.text(names, y + 1.56 * SIZE * (n - (len(first) - 1) / 2), line, SIZE)
        else:
            sheet.text(names, y, "机关处室", SIZE)
        for end in ends:
            sheet.right(end, y, f"{row + 1}.50", SIZE)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    body = next(cell.row for cell in grid.cells if cell.text == "1.50")
    over: list[str] = []
    for column in range(grid.columns):
        cells = [c for c in grid.cells if c.row < body and c.column <= column < c.column + c.column_span and c.text]
        over.append(" ".join(c.text.replace("\n", "") for c in sorted(cells, key=lambda c: c.row)))
    return over


def middles(ends: Sequence[float], start: int, count: int) -> float:
    """The middle of `count` columns of sixty points from the one numbered `start` on."""
    return (ends[start] + ends[start + count - 1]) / 2 - 25


ENDS = [150.0 + 60 * n for n in range(9)]


def test_words_beside_a_group_are_not_under_its_head_though_its_parts_take_two_lines() -> None:
    """The print of the heading reaches further down than up, so that its middle is not that of its cells."""
    heads = [
        ("名称", 60, 61), ("合计", middles(ENDS, 0, 1), 61), ("财政拨款", middles(ENDS, 1, 3), 40),
        ("小计", middles(ENDS, 1, 1), 71), ("一般公/共预算", middles(ENDS, 2, 1), 71), ("政府性/基金", middles(ENDS, 3, 1), 71),
        ("财政专/户资金", middles(ENDS, 4, 1), 61), ("其他/收入", middles(ENDS, 5, 1), 61),
    ]  # fmt: skip
    assert paths(heads, ENDS[:6], 40, 110) == [
        "名称", "合计", "财政拨款 小计", "财政拨款 一般公共预算", "财政拨款 政府性基金", "财政专户资金", "其他收入",
    ]  # fmt: skip


def test_a_group_over_groups_stands_over_all_of_theirs() -> None:
    heads = [
        ("名称", 60, 70), ("总计", middles(ENDS, 0, 1), 70), ("本年收入", middles(ENDS, 1, 6), 40), ("上年/结转", middles(ENDS, 7, 1), 70),
        ("财政拨款", middles(ENDS, 1, 2), 63), ("财政专/户资金", middles(ENDS, 3, 1), 82), ("单位资金", middles(ENDS, 4, 3), 63),
        ("一般公/共预算", middles(ENDS, 1, 1), 95), ("政府性/基金", middles(ENDS, 2, 1), 95),
        ("事业/收入", middles(ENDS, 4, 1), 95), ("经营/收入", middles(ENDS, 5, 1), 95), ("其他/收入", middles(ENDS, 6, 1), 95),
    ]  # fmt: skip
    assert paths(heads, ENDS[:8], 40, 135) == [
        "名称", "总计", "本年收入 财政拨款 一般公共预算", "本年收入 财政拨款 政府性基金", "本年收入 财政专户资金",
        "本年收入 单位资金 事业收入", "本年收入 单位资金 经营收入", "本年收入 单位资金 其他收入", "上年结转",
    ]  # fmt: skip


def test_heads_of_two_storeys_stand_beside_one_over_groups() -> None:
    heads = [
        ("名称", 60, 62), ("总计", middles(ENDS, 0, 2), 51), ("接待费", middles(ENDS, 2, 2), 51), ("车辆", middles(ENDS, 4, 4), 40),
        ("购置费", middles(ENDS, 4, 2), 62), ("运行费", middles(ENDS, 6, 2), 62),
        *((name, middles(ENDS, n, 1), 92) for n, name in enumerate(["一般公/共预算", "政府性/基金"] * 4)),
    ]  # fmt: skip
    funds = ["一般公共预算", "政府性基金"]
    over = ["总计", "接待费", "车辆 购置费", "车辆 运行费"]
    assert paths(heads, ENDS[:8], 40, 135) == ["名称", *(f"{head} {fund}" for head in over for fund in funds)]


@pytest.mark.parametrize("first", [["机关处室"], ["甲市乙区机关服务", "中心"]])
def test_a_name_of_two_lines_beside_the_first_amounts_is_no_heading(first: Sequence[str]) -> None:
    heads = [
        ("名称", 60, 51), ("合计", middles(ENDS, 0, 1), 51), ("财政拨款", middles(ENDS, 1, 2), 40),
        ("预算", middles(ENDS, 1, 1), 62), ("基金", middles(ENDS, 2, 1), 62),
    ]  # fmt: skip
    assert paths(heads, ENDS[:3], 40, 92, first=first) == ["名称", "合计", "财政拨款 预算", "财政拨款 基金"]


def test_a_heading_is_as_high_as_eight_lines_however_many_lines_of_neighbours_interleave() -> None:
    heads = [
        ("名称", 60, 95), ("合计", middles(ENDS, 0, 1), 95), ("政府采购", middles(ENDS, 1, 3), 40), ("小计", middles(ENDS, 1, 1), 106),
        ("其中/面向/中小/企业/项目", middles(ENDS, 2, 1), 106), ("其中/面向/小微/型企/业的/项目", middles(ENDS, 3, 1), 106),
    ]  # fmt: skip
    assert paths(heads, ENDS[:4], 40, 175) == [
        "名称",
        "合计",
        "政府采购 小计",
        "政府采购 其中面向中小企业项目",
        "政府采购 其中面向小微型企业的项目",
    ]
