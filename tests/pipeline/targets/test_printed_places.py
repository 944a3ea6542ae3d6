"""Rows of projects and indicators say where they are printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Cell, Content, Grid, Page, TextLine, Word
from pipeline.targets.printed_places import place_rows
from pipeline.targets.target_pieces import printed_grids
from pipeline.targets.target_reader import read_targets
from pipeline.targets.target_rows import RowPlace, Targets

WIDTH, HEIGHT = 100.0, 20.0
FORM = [
    ["项目名称", "窗口服务", "窗口服务", "窗口服务"],
    ["年度资金总额（万元）", "63.5", "其他资金", "0.00"],
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "开放窗口", "≥5个"],
    ["满意度指标", "群众满意度", "群众满意率", "≥98%"],
]


def grid(rows: list[list[str]], page: int = 3, address: bool = False) -> Grid:
    cells = []
    for r, row in enumerate(rows):
        for c in range(len(row)):
            if c and row[c] == row[c - 1]:
                continue
            span = next((n for n in range(c, len(row)) if row[n] != row[c]), len(row)) - c
            box = Box(WIDTH * c, HEIGHT * r, WIDTH * (c + span), HEIGHT * (r + 1))
            cells.append(Cell(r, c, row[c], box, 1, span, address=f"{'ABCD'[c]}{r + 1}" if address else None))
    return Grid(page, len(rows), len(rows[0]), tuple(cells), Box(0, 0, WIDTH * len(rows[0]), HEIGHT * len(rows)), "test")


def read(page: Page, printed: bool = True) -> Targets:
    return read_targets(replace(Content("grids", "pdfium", (page,)), printed=printed), code_book())


def cell_at(row: int, column: int) -> tuple[int, float, float]:
    return 3, WIDTH * column, HEIGHT * row


def test_a_project_stands_at_its_amount_and_an_indicator_at_its_target() -> None:
    told = read(Page(3, 595, 842, (), (grid(FORM),)))
    (project,) = told.projects
    assert (project["page"], project["x0"], project["y0"]) == cell_at(1, 1)
    assert [(row["page"], row["x0"], row["y0"]) for row in told.indicators] == [cell_at(3, 3), cell_at(4, 3)]
    assert "printed" not in project
    assert "printed" not in told.indicators[0]


def test_a_project_without_an_amount_stands_at_its_name() -> None:
    told = read(Page(3, 595, 842, (), (grid([FORM[0], *FORM[2:]]),)))
    assert [(row["page"], row["x0"], row["y0"]) for row in told.projects] == [cell_at(0, 1)]


def test_an_indicator_whose_name_has_the_digits_of_its_target_stands_at_the_target() -> None:
    rows = [
        ["产出指标", "数量指标", "12345热线诉求", "≤2件"],
        ["产出指标", "时效指标", "指标1：办理时限", "≤1月"],
        ["产出指标", "质量指标", "抽查", "≤20.5%"],
    ]
    told = read(Page(3, 595, 842, (), (grid([*FORM[:3], *rows]),)))
    assert [row["target"] for row in told.indicators] == ["2", "1", "20.5"]
    assert [(row["page"], row["x0"], row["y0"]) for row in told.indicators] == [cell_at(3, 3), cell_at(4, 3), cell_at(5, 3)]


def test_of_a_sheet_the_cell_is_said_and_no_box() -> None:
    told = read(Page(3, 595, 842, (), (grid(FORM, address=True),)), printed=False)
    assert [(row["page"], row["x0"], row["cell"]) for row in told.projects] == [(3, None, "B2")]
    assert [row["cell"] for row in told.indicators] == ["D4", "D5"]


def test_rows_of_a_list_stand_in_their_own_rows() -> None:
    told = read(
        Page(3, 595, 842, (TextLine("部门预算项目绩效目标表  单位：万元", Box(0, 0, 9, 9)),), (
            grid([
                ["项目名称", "预算金额", "绩效目标", "备注"],
                ["河道养护", "12.50", "养护河道", ""],
                ["数据运维", "3.00", "运维数据", ""],
            ]),
        ))
    )  # fmt: skip
    assert {row["project"]: (row["page"], row["x0"], row["y0"]) for row in told.projects} == {
        "河道养护": cell_at(1, 1), "数据运维": cell_at(2, 1),
    }  # fmt: skip


def test_projects_that_a_sentence_lists_stand_at_their_numbers() -> None:
    lines = [
        ("（一）项目支出100万元，主要包括：", []),
        ("1.河道养护工作60万元，用于养护。", [("60", 200.0)]),
        ("2.数据运维工作40万元，用于运维。", [("40", 220.0)]),
    ]
    shown = tuple(TextLine(text, Box(90, 100 + 20 * i, 590, 112 + 20 * i)) for i, (text, _) in enumerate(lines))
    numbers = [Word(text, Box(x, 100 + 20 * i, x + 12, 112 + 20 * i)) for i, (_, words) in enumerate(lines) for text, x in words]
    numbers += [Word("100", Box(150, 100, 168, 112)), Word("1", Box(90, 120, 96, 132)), Word("2", Box(90, 140, 96, 152))]
    told = read(Page(3, 680, 842, shown, numbers=tuple(numbers)))
    assert {row["project"]: (row["page"], row["x0"], row["y0"]) for row in told.projects} == {
        "河道养护工作": (3, 200.0, 120), "数据运维工作": (3, 220.0, 140),
    }  # fmt: skip


def test_of_a_cell_that_a_page_break_cuts_the_page_counts_that_shows_the_number() -> None:
    row = ["窗口服务", "63.5"]
    (name, amount) = grid([row], page=3).cells
    below = msgspec.structs.replace(amount, text_box=Box(WIDTH, HEIGHT * 2, WIDTH * 2, HEIGHT * 2 + 8))  # printed whole, and cut off
    cut = replace(grid([row], page=3), cells=(name, below))
    content = Content("grids", "pdfium", (Page(3, 595, 842, (), (cut,)), Page(4, 595, 842, (), (grid([row], page=4),))))
    project = {"project": "窗口服务", "amount": Decimal(635_000), "printed": (RowPlace(3, 1, 0), RowPlace(4, 1, 0))}
    place_rows(content, printed_grids(content), Targets(projects=[project]))
    assert (project["page"], project["x0"], project["y0"]) == (4, WIDTH, 0.0)
