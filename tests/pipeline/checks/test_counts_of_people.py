"""Counts of people that a table prints of several meetings are said: no row of the dataset holds them."""

from __future__ import annotations

import msgspec
import pytest

from pipeline.checks.of_pages.counts_of_people import counts_of_people
from pipeline.document.content import Box, Cell, Content, Grid, Page
from tests.pipeline.publish.samples import line

HEADS = ("会议名称", "人数", "金额")


def told(heads: tuple[str, ...], *rows: tuple[str, ...], captured: tuple[tuple[int, int], ...] = ()) -> list[tuple[str, int, int]]:
    """Return what is said of a table: its last column's cells and those named by row and column are lines of the dataset."""
    cells = [
        Cell(r, c, text, Box(100.0 * c, 20.0 * r, 100.0 * c + 90, 20.0 * r + 15))
        for r, row in enumerate((heads, *rows))
        for c, text in enumerate(row)
    ]
    grid = Grid(1, len(rows) + 1, len(heads), tuple(cells), Box(0, 0, 100.0 * len(heads), 20.0 * (len(rows) + 1)), "pdfium")
    own = {(r, len(heads) - 1) for r in range(1, len(rows) + 1)} | set(captured)
    lines = [
        msgspec.structs.replace(line(n), page=1, x0=cell.box.x0, y0=cell.box.y0, x1=cell.box.x1, y1=cell.box.y1)
        for n, cell in enumerate(cell for cell in cells if (cell.row, cell.column) in own)
    ]
    found = counts_of_people(Content("grids", "pdfium", (Page(1, 300, 300, (), (grid,)),)), lines)
    return [(row["subject"], row["frequency"], row["page"]) for row in found]


@pytest.mark.parametrize("head", ["人数", "参会人数", "培训人次", "人数（人）"])
def test_a_column_of_people_beside_amounts_is_said(head: str) -> None:
    rows = (("部署会", "80人", "0.64"), ("评审会", "40", "0.32"), ("合计", "", "0.96"))
    assert told(("会议名称", head, "金额"), *rows) == [("80人 40", 2, 1)]


def test_other_columns_and_what_is_published_are_not() -> None:
    assert told(("会议名称", "场次", "金额"), ("部署会", "80", "0.64")) == []
    assert told(("会议名称", "人数变动说明", "金额"), ("部署会", "80", "0.64")) == []
    assert told(HEADS, ("部署会", "见附件", "0.64")) == []
    assert told(HEADS, ("部署会", "80", "0.64"), captured=((1, 1),)) == []


def test_a_table_without_published_amounts_is_of_another_kind() -> None:
    assert told(("会议名称", "人数", "备注")) == []
