"""Performance targets: projects with amount and goal, and their indicators, from grids.

Belongs here: tables of 绩效目标 over pages, and their rows. Does not belong here: cutting grids (`target_pieces.py`), headers
(`target_headers.py`), fields of forms (`target_forms.py`), tables fallen into lines (`flattened_tables.py`), prose (`projects.py`),
what a row is (`target_rows.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import UNIT
from pipeline.document.content import Content, Grid, Page
from pipeline.targets.project_lists import CellKey, ListedRow, assign_to_projects, groups_of, join_cut_rows, settle_labels
from pipeline.targets.target_forms import (
    amounts_below,
    fields_of,
    is_form_title,
    is_label,
    is_part_of_form,
    name_in_heading,
    name_in_headings,
)
from pipeline.targets.target_headers import Header, Owners, Rows, column_of, find_header, names
from pipeline.targets.target_pieces import Piece, pieces_of
from pipeline.targets.target_rows import AMOUNTS, WHOLE_DEPARTMENT, Targets, level_of_target, read_money, target_words

_UNIT = re.compile(rf"[(:位](?:人民币)?(?P<unit>{UNIT})(?:\)|$)")
_SAME_EDGE = 6.0  # points: a column starts as near on the next page
_LINES_ABOVE = 4  # lines of text above a form that may be its heading, nearest first
_LEVEL = "指标"  # ends the levels that no other table has: 数量 and 成本 may head a column of any
_LEAST_SAID = 2  # texts beside a level of indicators that make a row a row of targets


@dataclass(slots=True)
class _Layout:
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

    @property
    def is_list(self) -> bool:
        """Whether each row names its project."""
        return "project" in self.headed

    @property
    def whole(self) -> bool:
        """Whether it states the targets of a whole department."""
        return self.project is not None and self.project["project"] == WHOLE_DEPARTMENT


def read_grids(content: Content, targets: Targets) -> None:
    """Add to `targets` what the document's grids state; a table goes on over page breaks.

    Args:
        content: pages of grids.
        targets: receives projects and indicators.
    """
    reader = _Reader(targets)
    for piece, page in pieces_of(content):
        reader.read(piece, page)
    reader.close()


class _Upper(NamedTuple):
    """The upper part of a form whose header of indicators is still to come: its page, rows, and the cells that cover each place."""

    page: int
    rows: Rows
    owners: Owners

    def and_below(self, rows: Rows, owners: Owners) -> _Upper:
        """Return it with rows of the next grid below, whose cells are none of its own."""
        shift = 1 + max((index for row in self.owners for index in row if index is not None), default=0)
        shifted = [[None if index is None else index + shift for index in row] for row in owners]
        return _Upper(self.page, [*self.rows, *rows], [*self.owners, *shifted])


class _Reader:
    """What has been read of the tables so far: the one that is open, and the upper part of a form whose header is still to come."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._layout: _Layout | None = None
        self._form = _Upper(0, [], [])

    def close(self) -> None:
        """Add what the open table says, and close it."""
        if self._layout is not None:
            _finish_list(self._layout, self._targets)
        self._layout = None

    def read(self, piece: Piece, page: Page) -> None:
        """Read the next piece of a grid."""
        rows, layout = piece.rows, self._layout
        header = find_header(rows, piece.owners)
        if header is not None:
            self._headed(piece, header, page)
            return
        if is_part_of_form(rows):
            self.close()
            self._form = _Upper(page.number, rows, piece.owners)
            return
        goes_on = _continued(layout, piece.grid, rows) if layout else None
        if goes_on:
            self._layout = goes_on
            _read_rows(piece, 0, goes_on, self._targets)
            return
        self.close()
        missed = sum(_is_target(row) for row in rows)
        if missed:
            self._targets.missed(page.number, missed)
        elif self._form.page == page.number:
            self._form = self._form.and_below(rows, piece.owners)

    def _headed(self, piece: Piece, header: Header, page: Page) -> None:
        rows, grid, before = piece.rows, piece.grid, self._layout
        columns, at = header.columns, header.row
        unit = _unit_of(rows[: at + 1]) or _unit_of([[line.text] for line in page.lines if not line.in_grid])
        repeated = before is not None and grid.page - before.page <= 1 and _repeats(before, piece, header)
        if not repeated:
            self.close()
        fresh = _Layout(columns, columns, _edges(grid, columns, piece, header), grid.columns, grid.page, unit)
        if before and repeated:
            fresh.project, fresh.last, fresh.listed = before.project, before.last, before.listed
            fresh.unit = unit or before.unit
            lost = _lost_columns(before, fresh, grid)
            fresh.columns = columns | lost
            fresh.edges |= {name: before.edges[name] for name in lost}
        near = before if before and grid.page - before.page <= 1 else None
        if "project" in columns:
            if any(names("task", rows[row][columns["project"]]) for row in range(at + 1)):
                fresh.project = self._whole(None)
        elif not repeated:
            upper = self._form if grid.page - self._form.page <= 1 else _Upper(grid.page, [], [])
            fresh.project = self._form_above(upper.and_below(rows[: header.top], piece.owners[: header.top]), piece.above, fresh)
            if fresh.project is None and near and ((near.whole and near.is_list) or not piece.opens):
                fresh.project = near.project
        self._form = _Upper(0, [], [])
        self._layout = fresh
        _read_rows(piece, header.below, fresh, self._targets)

    def _whole(self, goal: str | None, said: dict[str, str] | None = None, unit: str | None = None) -> dict[str, Any]:
        """Return the row of the whole department, which is one of `projects` only where an amount or a goal is stated of it."""
        money = read_money(said or {}, unit)
        if goal is None and money.amount is None:
            return {"project": WHOLE_DEPARTMENT, "project_no": None}
        return self._targets.project(WHOLE_DEPARTMENT, money, goal)

    def _form_above(self, upper: _Upper, above: Sequence[str], layout: _Layout) -> dict[str, Any] | None:
        """Return the project of what stands above the header of indicators, or the whole department, whose tasks it may list."""
        rows = upper.rows
        tasks = find_header(rows, upper.owners)
        if tasks and "project" in tasks.columns:
            return self._tasks(rows, tasks, layout.unit)
        said = fields_of(rows)
        name = said.get("project")
        if name is None and any(names("whole", text) for row in rows for text in row):
            name = WHOLE_DEPARTMENT
        if name is None:
            headings = [text for row in rows if len(set(row)) == 1 for text in row[:1]]
            name = name_in_headings([*headings, *above[:_LINES_ABOVE]])
        if name is None:
            return None
        if name == WHOLE_DEPARTMENT:
            return self._whole(said.get("goal"), said if "amount" in said else amounts_below(rows), layout.unit)
        return self._targets.project(name, read_money(said, layout.unit), said.get("goal"), said.get("implementer"))

    def _tasks(self, rows: Rows, tasks: Header, unit: str | None) -> dict[str, Any]:
        goal = fields_of(rows).get("goal")
        whole: dict[str, Any] | None = None
        for row in rows[tasks.below :]:
            said = {name: row[column] for name, column in tasks.columns.items()}
            if fold(said["project"]) in target_words("sum"):
                whole = self._whole(goal, said, unit)
            elif said["project"] and parse_amount(said["amount"]) is not None:
                self._targets.project(said["project"], read_money(said, unit), said["goal"] or None, part_of=WHOLE_DEPARTMENT)
        return whole or self._whole(goal)


def _repeats(before: _Layout, piece: Piece, header: Header) -> bool:
    """Tell whether a header is that of the open table, printed again on the next page, with the title of its form or without."""
    if before.is_list or "project" in header.columns:
        return before.is_list and "project" in header.columns and before.width == piece.grid.columns
    said = fields_of(piece.rows[: header.top])
    if piece.grid.page == before.page or piece.number or {"project", "goal", *AMOUNTS} & said.keys() or before.project is None:
        return False
    titles = [text for text in piece.above if is_form_title(text)]
    return all(name_in_heading(title) == before.project["project"] for title in titles)


def _lost_columns(before: _Layout, fresh: _Layout, grid: Grid) -> dict[str, int]:
    """Return the columns that a repeated header leaves without a word, by where they started on the page before."""
    starts = {cell.column: cell.box.x0 for cell in grid.cells}
    lost: dict[str, int] = {}
    for name in before.edges.keys() - fresh.columns.keys():
        near = [column for column, x0 in starts.items() if abs(x0 - before.edges[name]) < _SAME_EDGE]
        if len(near) == 1 and near[0] not in fresh.columns.values():
            lost[name] = near[0]
    return lost


def _edges(grid: Grid, columns: dict[str, int], piece: Piece, header: Header) -> dict[str, float]:
    """Return where each column starts on the page, by the cell of the header that starts there."""
    edges: dict[str, float] = {}
    for name, column in columns.items():
        for row in range(header.row, header.below):
            index = piece.owners[row][column]
            if index is not None and grid.cells[index].column == column:
                edges[name] = grid.cells[index].box.x0
    return edges


def _continued(layout: _Layout, grid: Grid, rows: Rows) -> _Layout | None:
    """Return the layout of a grid without a header that goes on with a table from the page before, or None.

    Where the columns were counted otherwise (merged cells), they are told by where they start on the page.
    """
    if not {"indicator", "project"} & set(layout.headed) or not 0 <= grid.page - layout.page <= 1:
        return None
    columns = layout.headed
    starts = {cell.column: cell.box.x0 for cell in grid.cells}
    if grid.columns != layout.width:
        columns = {}
        for name, edge in layout.edges.items():
            near = [column for column, x0 in starts.items() if abs(x0 - edge) < _SAME_EDGE]
            if len(near) == 1:
                columns[name] = near[0]
        if not {"indicator", "target"} <= set(columns) and not {"project", "amount", "goal"} <= set(columns):
            return None
    same_place = all(
        abs(starts.get(column, -_SAME_EDGE) - layout.edges[name]) < _SAME_EDGE for name, column in columns.items() if name in layout.edges
    )
    if not same_place and not any(_is_target(row) for row in rows):
        return None
    return replace(layout, columns=columns, page=grid.page)


def _is_target(row: Sequence[str]) -> bool:
    """Tell whether a row names a level of indicators and says something beside it."""
    known = {**target_words("dimension"), **target_words("sub")}
    texts = {text for text in row if text}
    levels = {text for text in texts if fold(text) in known and fold(text).endswith(_LEVEL)}
    return bool(levels) and len(texts - levels) >= _LEAST_SAID


def _unit_of(rows: Rows) -> str | None:
    found = {m["unit"] for row in rows for text in row for m in _UNIT.finditer(fold(text))}
    return found.pop() if len(found) == 1 else None


def _read_rows(piece: Piece, start: int, layout: _Layout, targets: Targets) -> None:
    columns = layout.columns
    for at in range(start, len(piece.rows)):
        row, owners = piece.rows[at], piece.owners[at]
        parts = {name: row[column] for name, column in columns.items()}
        if any(column_of(parts.get(name, "")) == name for name in ("indicator", "project")):
            continue  # the header, over two rows or repeated
        if any(fold(parts.get(name, "")) in target_words("sum") for name in ("indicator", "project")):
            if layout.whole and parts.get("project"):
                goal = fields_of(piece.rows[at + 1 :]).get("goal")
                targets.project(WHOLE_DEPARTMENT, read_money(parts, layout.unit), goal)
            continue
        if parts.get("project") and (parts["project"] == parts.get("goal") or is_label(parts["project"])):
            continue  # a field that goes over the whole width, or one of a form
        if {"indicator", "target"} <= set(columns) and owners[columns["indicator"]] == owners[columns["target"]] is not None:
            continue  # the same among indicators
        cells: dict[str, CellKey] = {
            name: (piece.grid.page, piece.number, index) for name, column in columns.items() if (index := owners[column]) is not None
        }
        layout.listed.append(ListedRow(parts, cells, piece.grid.page, at == start, at == len(piece.rows) - 1))


def _indicator(project: dict[str, Any] | None, row: ListedRow, targets: Targets) -> None:
    """Add the indicator of a row, or count the row where it says one that cannot be told."""
    if project is None:
        if row.parts.get("indicator") and row.parts.get("target"):
            targets.missed(row.page)
    elif not targets.indicator(project, row.parts) and (row.parts.get("indicator") or row.parts.get("target")):
        targets.missed(row.page)


def _finish_list(layout: _Layout, targets: Targets) -> None:
    """Add the projects of a list that has come to its end, and the indicators of its rows or of a form's."""
    if not layout.is_list:
        if layout.whole:
            _complete_whole(layout, targets)
        dimensions, cells = settle_labels(layout.listed, "dimension", None)
        subs, _ = settle_labels(layout.listed, "sub_dimension", cells)
        for row, dimension, sub in zip(layout.listed, dimensions, subs, strict=True):
            if not row.parts.get("dimension"):  # not printed beside it: what it stands under says more than what was printed last
                dimension = target_words("sub").get(level_of_target(sub) or "", dimension)
            _indicator(layout.project, replace(row, parts=row.parts | {"dimension": dimension, "sub_dimension": sub}), targets)
        return
    rows = layout.listed if "indicator" in layout.headed else join_cut_rows(layout.listed)
    told = assign_to_projects(rows)
    implementers = groups_of(rows, told)
    opened: str | None = None
    projects: dict[int, dict[str, Any]] = {}
    part_of = WHOLE_DEPARTMENT if layout.whole else None
    for row, listed, implementer in zip(rows, told, implementers, strict=True):
        if listed.name is None:
            if "indicator" in layout.headed:
                _indicator(None, row, targets)
            continue
        if listed.name != opened:
            layout.last, opened = {}, listed.name
        goal = listed.said["goal"] or None
        if listed.group not in projects and (goal or row.parts.get("indicator")):
            money = read_money(listed.said, layout.unit)
            projects[listed.group] = targets.project(listed.name, money, goal, listed.said["implementer"] or implementer, part_of)
        if "indicator" in layout.headed:
            _carry(layout, row.parts)
            _indicator(projects.get(listed.group), row, targets)


def _complete_whole(layout: _Layout, targets: Targets) -> None:
    """Add the amount and goal of a whole department that stand in columns beside its indicators, where there is one of them."""
    said = {name: {row.parts.get(name, "") for row in layout.listed} - {""} for name in (*AMOUNTS, "goal")}
    one = {name: texts.pop() for name, texts in said.items() if len(texts) == 1}
    money = read_money(one, layout.unit)
    if money.amount is not None:
        layout.project = targets.project(WHOLE_DEPARTMENT, money, one.get("goal"))


def _carry(layout: _Layout, parts: dict[str, str]) -> None:
    """Complete the levels of a row of a list by those printed last."""
    for name in ("dimension", "sub_dimension"):
        if parts.get(name):
            layout.last[name] = parts[name]
        elif name in layout.headed and layout.last.get(name) and parts.get("indicator"):
            parts[name] = layout.last[name]
