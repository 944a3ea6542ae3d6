"""The columns of a table of targets, over the pages that it goes on.

Belongs here: whether the next grid goes on with a table, and in which columns. Does not belong here: its rows (`target_tables.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.document.content import Grid
from pipeline.targets.project_lists import ListedRow
from pipeline.targets.target_forms import fields_of, is_form_title, name_in_heading
from pipeline.targets.target_headers import SAME_EDGE, Group, Header, edges_of, names_level, start_alike
from pipeline.targets.target_pieces import Piece
from pipeline.targets.target_rows import AMOUNTS, WHOLE_DEPARTMENT


@dataclass(slots=True)
class Layout:
    """The columns of a table of targets, and what its rows above the header said.

    Attributes:
        columns: attribute → column, in the grid that is being read; `headed`: in the grid with the header.
        edges: where each column starts on the page.
        width: how many columns the grid with the header has.
        page: of the last grid read.
        unit: of its amounts.
        project: whose indicators the rows are, of a form (its row of `projects`); of a list: the whole department, if it lists its tasks.
        last: the dimensions printed last.
        listed: the rows.
        groups: where each row says more than one indicator: the columns of each.
    """

    columns: dict[str, int]
    headed: dict[str, int]
    edges: dict[str, float]
    width: int
    page: int
    unit: str | None
    project: dict[str, Any] | None = None
    last: dict[str, str] = field(default_factory=dict)
    listed: list[ListedRow] = field(default_factory=list)
    groups: tuple[Group, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether each row names its project."""
        return "project" in self.headed

    @property
    def whole(self) -> bool:
        """Whether it states the targets of a whole department."""
        return self.project is not None and self.project["project"] == WHOLE_DEPARTMENT


def repeats(before: Layout, piece: Piece, header: Header) -> bool:
    """Tell whether a header is that of the open table, printed again on the next page, with the title of its form or without."""
    if before.is_list or "project" in header.columns:
        if not before.is_list or "project" not in header.columns:
            return False
        return before.width == piece.grid.columns or start_alike(before.edges, edges_of(piece.grid, header.columns, piece.owners, header))
    said = fields_of(piece.rows[: header.top])
    if piece.grid.page == before.page or piece.number or {"project", "goal", *AMOUNTS} & said.keys() or before.project is None:
        return False
    titles = [text for text in piece.above if is_form_title(text)]
    return all(name_in_heading(title) == before.project["project"] for title in titles)


def lost_columns(before: Layout, fresh: Layout, grid: Grid) -> dict[str, int]:
    """Return the columns that a repeated header leaves without a word, by where they started on the page before."""
    starts = {cell.column: cell.box.x0 for cell in grid.cells}
    lost: dict[str, int] = {}
    for name in before.edges.keys() - fresh.columns.keys():
        near = [column for column, x0 in starts.items() if abs(x0 - before.edges[name]) < SAME_EDGE]
        if len(near) == 1 and near[0] not in fresh.columns.values():
            lost[name] = near[0]
    return lost


def continued(layout: Layout, piece: Piece) -> Layout | None:
    """Return the layout of a grid without a header that goes on with a table from the page before, or None.

    Where the columns were counted otherwise (merged cells), they are told by where they start on the page.
    """
    grid = piece.grid
    if not {"indicator", "project"} & set(layout.headed) or not 0 <= grid.page - layout.page <= 1:
        return None
    columns = layout.headed
    starts = {cell.column: cell.box.x0 for cell in grid.cells}
    if grid.columns != layout.width:
        columns = {}
        for name, edge in layout.edges.items():
            near = [column for column, x0 in starts.items() if abs(x0 - edge) < SAME_EDGE]
            if len(near) == 1:
                columns[name] = near[0]
        if not {"indicator", "target"} <= set(columns) and not {"project", "amount", "goal"} <= set(columns):
            return None
    same_place = all(
        abs(starts.get(column, -SAME_EDGE) - layout.edges[name]) < SAME_EDGE for name, column in columns.items() if name in layout.edges
    )
    if not same_place and not any(names_level(row) for row in piece.rows):
        return None
    return replace(layout, columns=columns, page=grid.page, groups=layout.groups if columns is layout.headed else ())
