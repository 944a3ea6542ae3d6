"""Performance targets: projects with amount and goal, and their indicators, from grids.

Belongs here: reading grids of 绩效目标. Does not belong here: tables fallen into lines (`flattened_tables.py`), prose (`projects.py`),
what a row is (`target_rows.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold, squeeze
from pipeline.budget.patterns import UNIT, UNIT_AT_END, UNIT_IN_BRACKETS
from pipeline.document.model import Content, Grid
from pipeline.targets.project_lists import CellKey, ListedRow, mended, settle
from pipeline.targets.target_rows import DASHES, Targets, read_money, target_words

WHOLE_DEPARTMENT = "部门整体支出"
"""`project` of the targets that a department sets for all its spending."""

_UNIT = re.compile(r".+\((?P<unit>[^()\d]{1,6})\)")
_UNIT = re.compile(rf"[(:位](?:人民币)?(?P<unit>{UNIT})(?:\)|$)")
_SAME_EDGE = 6.0  # points: a column starts as near on the next page
_STOREYS = 2  # rows of a header above its last one
_AMOUNTS = ("amount", "fiscal_amount", "other_amount")
_OF_INDICATORS = ("dimension", "sub_dimension", "indicator", "operator", "target", "unit", "weight")


def _names(attribute: str, text: str) -> bool:
    return any(word in text for word in target_words(attribute))


@dataclass(slots=True)
class _Layout:
    """The columns of a table of targets, and what its rows above the header said.

    Attributes:
        columns: attribute → column, in the grid that is being read; `headed`: in the grid with the header.
        edges: where each column starts on the page.
        width: how many columns the grid with the header has.
        page: of the last grid read.
        unit: of its amounts.
        project: whose indicators the rows are, of a form; of a list: the whole department, if it lists its tasks.
        last: the dimensions printed last.
        listed: the rows of a list of projects.
    """

    columns: dict[str, int]
    headed: dict[str, int]
    edges: dict[str, float]
    width: int
    page: int
    unit: str | None
    project: str | None = None
    last: dict[str, str] = field(default_factory=dict)
    listed: list[ListedRow] = field(default_factory=list)


def _texts(grid: Grid, owners: list[list[int | None]]) -> list[list[str]]:
    """Return the grid as rows of texts, each cell's text in all places that it covers."""
    texts = [squeeze(cell.text) for cell in grid.cells]
    return [["" if index is None else texts[index] for index in row] for row in owners]


def _owners(grid: Grid) -> list[list[int | None]]:
    """Return the grid as rows of numbers of cells, each in all places that the cell covers."""
    rows: list[list[int | None]] = [[None] * grid.columns for _ in range(grid.rows)]
    for index, cell in enumerate(grid.cells):
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                rows[row][column] = index
    return rows


def _column(text: str) -> str:
    """Return the attribute that a header cell names, empty for none."""
    return target_words("column").get(UNIT_AT_END.sub("", fold(text)), "")


def _header(rows: list[list[str]]) -> tuple[int, dict[str, int]] | None:
    """Return the last header row and the column of each attribute, or None where the grid has no header of targets."""
    heads = [[_column(text) for text in row] for row in rows]
    wanted = ({"dimension", "indicator"}, {"indicator", "target"}, {"project", "amount", "goal"})
    at = next((i for need in wanted for i, row in enumerate(heads) if need <= set(row)), None)
    if at is None:
        return None
    columns: dict[str, int] = {}
    for above in range(max(0, at - _STOREYS), at + 1):
        for column, name in enumerate(heads[above]):
            if name == "target" and name in columns and _names("year", fold(rows[above][column])):
                columns[name] = column
            elif name:
                columns.setdefault(name, column)
    if at + 1 < len(rows) and all(rows[at + 1][c] == rows[at][c] for n, c in columns.items() if n in ("project", "indicator")):
        for column, text in enumerate(rows[at + 1]):  # 其中：财政资金 | 其他资金 under a head over two rows
            if _column(text) in ("fiscal_amount", "other_amount"):
                columns.setdefault(_column(text), column)
    if "indicator" in columns and "project" in columns and heads[at][columns["project"]] != "project":
        columns = {name: column for name, column in columns.items() if name in _OF_INDICATORS}
    return at, columns


class _Where(NamedTuple):
    """Which cell of a grid covers each place, the grid's page, and its number there."""

    owners: list[list[int | None]]
    page: int
    number: int


def read_grids(content: Content, targets: Targets) -> None:
    """Add to `targets` what the document's grids state; a table goes on over page breaks.

    Args:
        content: pages of grids.
        targets: receives projects and indicators.
    """
    layout: _Layout | None = None
    for page in content.pages:
        for number, grid in enumerate(page.grids):
            owners = _owners(grid)
            rows = _texts(grid, owners)
            where = _Where(owners, grid.page, number)
            header = _header(rows)
            if header is None:
                before, layout = layout, _continued(layout, grid, rows)
                if before and layout is None:
                    _close(before, targets)
                if layout:
                    _read_rows(rows, 0, layout, targets, where)
                continue
            at, columns = header
            unit = _unit_of(rows[: at + 1]) or _unit_of([[line.text] for line in page.lines if not line.in_grid])
            repeated = layout is not None and layout.width == grid.columns and "project" in columns and grid.page - layout.page <= 1
            if layout and not repeated:
                _close(layout, targets)
            whole = layout if layout and layout.project == WHOLE_DEPARTMENT and "project" in layout.headed else None
            fresh = _Layout(columns, columns, _edges(grid, columns, at), grid.columns, grid.page, unit)
            if layout and repeated:
                fresh.project, fresh.last, fresh.listed = layout.project, layout.last, layout.listed
                fresh.unit = unit or layout.unit
            layout = fresh
            if "project" in columns:
                if any(_names("task", rows[row][columns["project"]]) for row in range(at + 1)):
                    layout.project = WHOLE_DEPARTMENT
            elif at > 0:
                _read_form(rows[:at], layout, targets)
            elif any(_names("whole", text) for text in rows[0]) or (whole and grid.page - whole.page <= 1):
                layout.project = WHOLE_DEPARTMENT
            _read_rows(rows, at + 1, layout, targets, where)
    if layout:
        _close(layout, targets)


def _edges(grid: Grid, columns: dict[str, int], row: int) -> dict[str, float]:
    """Return where each column starts on the page, by its cell in the header."""
    return {
        name: cell.box.x0
        for name, column in columns.items()
        for cell in grid.cells
        if cell.column == column and cell.row <= row < cell.row + cell.row_span
    }


def _continued(layout: _Layout | None, grid: Grid, rows: list[list[str]]) -> _Layout | None:
    """Return the layout of a grid without a header that goes on with a table from the page before, or None.

    Where the columns were counted otherwise (merged cells), they are told by where they start on the page.
    """
    if layout is None or not {"indicator", "project"} & set(layout.headed) or not 0 <= grid.page - layout.page <= 1:
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
    known = {**target_words("dimension"), **target_words("sub")}
    labels = [columns[c] for c in ("dimension", "sub_dimension") if c in columns]
    same_place = "project" in columns and all(
        abs(starts.get(column, -_SAME_EDGE) - layout.edges[name]) < _SAME_EDGE for name, column in columns.items() if name in layout.edges
    )
    if not same_place and not any(fold(row[c]) in known for row in rows for c in labels):
        return None
    return replace(layout, columns=columns, page=grid.page)


def _unit_of(rows: list[list[str]]) -> str | None:
    found = {m["unit"] for row in rows for text in row for m in _UNIT.finditer(fold(text))}
    return found.pop() if len(found) == 1 else None


def _read_form(rows: list[list[str]], layout: _Layout, targets: Targets) -> None:
    """Read what stands above the header of indicators: the fields of one project, or the tasks of a whole department."""
    tasks = _header(rows)
    if tasks and "project" in tasks[1]:
        layout.project = WHOLE_DEPARTMENT
        for row in rows[tasks[0] + 1 :]:
            said = {name: row[column] for name, column in tasks[1].items()}
            if fold(said["project"]) in target_words("sum"):
                targets.project(WHOLE_DEPARTMENT, read_money(said, layout.unit), None)
            elif said["project"] and parse_amount(said["amount"]) is not None:
                targets.project(said["project"], read_money(said, layout.unit), said["goal"] or None, part_of=WHOLE_DEPARTMENT)
        return
    said = _fields(rows)
    name = said.get("project")
    if name is None and any(_names("whole", text) for row in rows for text in row):
        name = WHOLE_DEPARTMENT
        if "amount" not in said:
            said |= _heads(rows)
    layout.project = name
    if name and (name != WHOLE_DEPARTMENT or "amount" in said):
        targets.project(name, read_money(said, layout.unit), said.get("goal"), said.get("implementer"))


def _fields(rows: list[list[str]]) -> dict[str, str]:
    """Return the labelled fields of a form: each label's text to the right of it, or under 年度总体目标 below it."""
    labels = target_words("label")
    said: dict[str, str] = {}
    for row in rows:
        distinct = list(_runs(row))
        for place, text in enumerate(distinct[:-1]):
            label = UNIT_IN_BRACKETS.sub("", fold(text).rstrip(":")).removeprefix("其中:")
            name, value = labels.get(label), distinct[place + 1]
            if name and value and (name not in _AMOUNTS or parse_amount(value) is not None):
                if name in _AMOUNTS and name in said and not label.startswith(tuple(target_words("year"))):
                    continue
                said[name] = value
    for above, row in enumerate(rows[:-1]):  # 项目总目标 | 年度总体目标 over their texts
        for column, text in enumerate(row):
            if fold(text) in target_words("goal_below") and rows[above + 1][column] != text:
                said["goal"] = rows[above + 1][column]
    return said


def _heads(rows: list[list[str]]) -> dict[str, str]:
    """Return the amounts that stand below their labels, in the column where each label starts."""
    said: dict[str, str] = {}
    heads = target_words("head")
    for above, row in enumerate(rows):
        for column, text in enumerate(row):
            name = heads.get(fold(text))
            if name is None or name in said or (column and row[column - 1] == text):
                continue
            value = next((below[column] for below in rows[above + 1 :] if parse_amount(below[column]) is not None), None)
            if value is not None:
                said[name] = value
    return said if "amount" in said else {}


def _runs(row: list[str]) -> Iterator[str]:
    previous = None
    for text in row:
        if text and text != previous:
            yield text
        previous = text


def _read_rows(rows: list[list[str]], start: int, layout: _Layout, targets: Targets, where: _Where) -> None:
    columns = layout.columns
    for at in range(start, len(rows)):
        row = rows[at]
        parts = {name: row[column] for name, column in columns.items()}
        if any(_column(parts.get(name, "")) == name for name in ("indicator", "project")):
            continue  # the header, over two rows or repeated
        if any(fold(parts.get(name, "")) in target_words("sum") for name in ("indicator", "project")):
            if layout.project == WHOLE_DEPARTMENT and parts.get("project"):
                targets.project(WHOLE_DEPARTMENT, read_money(parts, layout.unit), None)
            continue
        if parts.get("project") and parts.get("project") == parts.get("goal"):
            continue  # a field that goes over the whole width
        if "project" in layout.headed:
            owners = where.owners[at]
            cells: dict[str, CellKey] = {
                name: (where.page, where.number, index) for name, column in columns.items() if (index := owners[column]) is not None
            }
            layout.listed.append(ListedRow(parts, cells, where.page, at == start, at == len(rows) - 1))
        elif "indicator" in columns and layout.project is not None:
            _indicator(layout.project, parts, layout, targets)


def _indicator(project: str, parts: dict[str, str], layout: _Layout, targets: Targets) -> None:
    for name in ("dimension", "sub_dimension"):
        if parts.get(name):
            layout.last[name] = parts[name]
        elif name in layout.headed and layout.last.get(name) and parts.get("indicator"):
            parts[name] = layout.last[name]
    if fold(parts.get("operator", "")) in DASHES:
        parts["operator"] = ""
    targets.indicator(project, parts)


def _close(layout: _Layout, targets: Targets) -> None:
    """Add the projects of a list that has come to its end, and their indicators."""
    opened: str | None = None
    done: set[int] = set()
    rows = layout.listed if "indicator" in layout.headed else mended(layout.listed)
    for row, listed in zip(rows, settle(rows), strict=True):
        if listed.name is None:
            continue
        if listed.name != opened:
            layout.last, opened = {}, listed.name
        goal = listed.said["goal"] or None
        if listed.group not in done and (goal or row.parts.get("indicator")):
            done.add(listed.group)
            implementer = listed.said["implementer"] or None
            targets.project(listed.name, read_money(listed.said, layout.unit), goal, implementer, layout.project)
        if "indicator" in layout.headed:
            _indicator(listed.name, row.parts, layout, targets)
    layout.listed = []
