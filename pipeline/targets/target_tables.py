"""Performance targets: projects with amount and goal, and their indicators, from grids.

Belongs here: tables of 绩效目标 over pages, and their rows. Does not belong here: cutting grids (`target_pieces.py`), headers
(`target_headers.py`), fields of forms (`target_forms.py`), tables fallen into lines (`flattened_tables.py`), prose (`projects.py`),
what a row is (`target_rows.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Page
from pipeline.targets.project_lists import (
    CellKey,
    ListedRow,
    ProjectOfRow,
    assign_to_projects,
    groups_of,
    join_cut_indicators,
    join_cut_rows,
    settle_labels,
)
from pipeline.targets.target_forms import (
    amounts_below,
    fields_of,
    forms_alone,
    is_label,
    is_part_of_form,
    may_be_part_of_form,
    name_in_headings,
)
from pipeline.targets.target_headers import (
    Group,
    Header,
    column_of,
    edges_of,
    find_header,
    may_have_header,
    names,
    names_level,
)
from pipeline.targets.target_layouts import Layout, continued, lost_columns, repeats
from pipeline.targets.target_pieces import NO_FORM, Piece, PrintedGrids, Upper, in_a_row, is_of_statement, pieces_of, unit_of
from pipeline.targets.target_rows import (
    AMOUNTS,
    OPERATORS,
    WHOLE_DEPARTMENT,
    Places,
    RowPlace,
    Targets,
    level_of_target,
    read_money,
    read_printed_money,
    target_words,
)
from pipeline.targets.target_values import name_and_target, paired, says_something

_LINES_ABOVE = 4  # lines of text above a form that may be its heading, nearest first


def read_grids(pages: PrintedGrids, targets: Targets) -> None:
    """Add to `targets` what the document's grids state; a table goes on over page breaks.

    Args:
        pages: of the document, with their grids.
        targets: receives projects and indicators.
    """
    reader = _Reader(targets)
    for piece, page in pieces_of(in_a_row(pages)):
        reader.read(piece, page)
    reader.close()
    reader.close_form()


class _Reader:
    """What has been read of the tables so far: the one that is open, and the upper part of a form whose header is still to come."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._layout: Layout | None = None
        self._form = NO_FORM
        self._unit: str | None = None  # of the amounts of that upper part

    def close(self) -> None:
        """Add what the open table says, and close it."""
        if self._layout is not None:
            if "indicator" in self._layout.headed and not self._layout.groups:
                self._layout.listed = join_cut_indicators(self._layout.listed)
            _finish_list(self._layout, self._targets)
        self._layout = None

    def close_form(self) -> None:
        """Add the projects of a form to which no indicators came."""
        form, self._form = self._form, NO_FORM
        for said in forms_alone(form.rows):
            money = read_money(said, self._unit)
            project = self._targets.project(said["project"], money, said.get("goal"), said.get("implementer"), at=form.places)
            for attribute in ("basis", "period"):
                project[attribute] = project[attribute] or said.get(attribute)

    def read(self, piece: Piece, page: Page) -> None:
        """Read the next piece of a grid."""
        layout, texts = self._layout, piece.printed.texts
        header = find_header(piece.rows, piece.owners) if may_have_header(texts) else None
        if header is not None:
            self._headed(piece, header, page)
            return
        if may_be_part_of_form(texts) and is_part_of_form(piece.rows):
            self.close()
            self.close_form()
            self._form = Upper(page.number, [], [], []).and_below(piece, len(piece.rows))
            self._unit = unit_of(piece, page, Header(len(piece.rows), {}, len(piece.rows), len(piece.rows)))
            return
        goes_on = continued(layout, piece) if layout and not is_of_statement(piece.above) else None
        if goes_on:
            self._layout = goes_on
            _read_rows(piece, 0, goes_on, self._targets)
            return
        self.close()
        if self._form.page == page.number and not any(names_level(row) for row in piece.rows):
            self._form = self._form.and_below(piece, len(piece.rows))

    def _headed(self, piece: Piece, header: Header, page: Page) -> None:
        rows, grid, before = piece.rows, piece.grid, self._layout
        columns, at = header.columns, header.row
        unit = unit_of(piece, page, header)
        repeated = before is not None and grid.page - before.page <= 1 and repeats(before, piece, header)
        if not repeated:
            self.close()
        fresh = Layout(columns, columns, edges_of(grid, columns, piece.owners, header), grid.columns, grid.page, unit, groups=header.groups)
        if before and repeated:
            fresh.project, fresh.last, fresh.listed = before.project, before.last, before.listed
            fresh.unit = unit or before.unit
            lost = lost_columns(before, fresh, grid)
            fresh.columns = columns | lost
            fresh.edges |= {name: before.edges[name] for name in lost}
        near = before if before and grid.page - before.page <= 1 else None
        if "project" in columns:
            if any(names("task", rows[row][columns["project"]]) for row in range(at + 1)):
                fresh.project = self._whole(None)
        elif not repeated:
            upper = self._form if grid.page - self._form.page <= 1 else NO_FORM
            fresh.project = self._form_above(upper.and_below(piece, header.top), piece.above, fresh)
            if fresh.project is None and near and ((near.whole and near.is_list) or not piece.opens):
                fresh.project = near.project
        self._form = NO_FORM
        self._layout = fresh
        _read_rows(piece, header.below, fresh, self._targets)

    def _whole(self, goal: str | None, said: dict[str, str] | None = None, unit: str | None = None, at: Places = ()) -> dict[str, Any]:
        """Return the row of the whole department, which is one of `projects` only where an amount or a goal is stated of it."""
        money = read_money(said or {}, unit)
        if goal is None and money.amount is None:
            return {"project": WHOLE_DEPARTMENT, "project_no": None}
        return self._targets.project(WHOLE_DEPARTMENT, money, goal, at=at)

    def _form_above(self, upper: Upper, above: Sequence[str], layout: Layout) -> dict[str, Any] | None:
        """Return the project of what stands above the header of indicators, or the whole department, whose tasks it may list."""
        rows = upper.rows
        tasks = find_header(rows, upper.owners)
        if tasks and "project" in tasks.columns:
            return self._tasks(upper, tasks, layout.unit)
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
            return self._whole(said.get("goal"), said if "amount" in said else amounts_below(rows), layout.unit, upper.places)
        project = self._targets.project(name, read_money(said, layout.unit), said.get("goal"), said.get("implementer"), at=upper.places)
        for attribute in ("basis", "period"):
            project[attribute] = project[attribute] or said.get(attribute)
        return project

    def _tasks(self, upper: Upper, tasks: Header, unit: str | None) -> dict[str, Any]:
        goal = fields_of(upper.rows).get("goal")
        whole: dict[str, Any] | None = None
        for row, place in zip(upper.rows[tasks.below :], upper.places[tasks.below :], strict=True):
            said = {name: row[column] for name, column in tasks.columns.items()}
            if fold(said["project"]) in target_words("sum"):
                whole = self._whole(goal, said, unit, (place,))
            elif says_something(said["project"]) and read_printed_money(said.get("amount", "")) is not None:
                self._targets.project(
                    said["project"], read_money(said, unit), said.get("goal") or None, part_of=WHOLE_DEPARTMENT, at=(place,)
                )
            else:
                amount = said.get("amount")  # there may be no column of amounts
                if amount != said["project"] and says_something(said["project"]) and (amount is None or says_something(amount)):
                    self._targets.missed.add(place)
                continue
            self._targets.taken.add(place)
        return whole or self._whole(goal, at=upper.places)


def _read_rows(piece: Piece, start: int, layout: Layout, targets: Targets) -> None:
    groups = layout.groups or (Group({}, ""),)
    rows = [(at, group) for at in range(start, len(piece.rows)) for group in groups]
    if not layout.is_list:  # what stands below each other belongs together
        rows.sort(key=lambda pair: groups.index(pair[1]))
    for at, group in rows:
        _read_row(piece, at, group, at == start, layout, targets)


def _read_row(piece: Piece, at: int, group: Group, first: bool, layout: Layout, targets: Targets) -> None:
    columns = layout.columns | group.columns
    row, owners, place = piece.rows[at], piece.owners[at], piece.place(at)
    parts = {name: row[column] for name, column in columns.items()}
    if any(column_of(parts.get(name, "")) == name for name in ("indicator", "project")):
        targets.taken.add(place)
        return  # the header, over two rows or repeated
    if any(fold(parts.get(name, "")) in target_words("sum") for name in ("indicator", "project")):
        targets.taken.add(place)
        if layout.whole and parts.get("project"):
            goal = fields_of(piece.rows[at + 1 :]).get("goal")
            targets.project(WHOLE_DEPARTMENT, read_money(parts, layout.unit), goal, at=(place,))
        return
    if parts.get("project") and (parts["project"] == parts.get("goal") or is_label(parts["project"])):
        return  # a field that goes over the whole width, or one of a form
    if {"indicator", "target"} <= set(columns) and owners[columns["indicator"]] == owners[columns["target"]] is not None:
        return  # the same among indicators
    if "indicator" in columns and "target" not in columns and (both := name_and_target(parts["indicator"])):
        parts["indicator"], parts["target"] = both
    cells: dict[str, CellKey] = {
        name: (piece.grid.page, piece.number, index) for name, column in columns.items() if (index := owners[column]) is not None
    }
    if group.dimension:
        parts["dimension"] = group.dimension
    if _runs_into_levels(parts.get("goal", ""), columns, owners):
        parts["goal"] = parts["dimension"] = ""
        targets.held_back.add(place)
    listed = ListedRow(parts, cells, piece.grid.page, first, at == len(piece.rows) - 1, (place,))
    layout.listed += _one_by_one(listed, piece) or [listed]


def _runs_into_levels(goal: str, columns: Mapping[str, int], owners: Sequence[int | None]) -> bool:
    """Tell whether a goal stands in one cell with levels of indicators, since the rule between the two columns is missing."""
    if not goal or not {"goal", "dimension"} <= columns.keys():
        return False
    at, beside = columns["goal"], columns["dimension"]  # one column where 绩效目标 heads those of the indicators
    return at != beside and owners[at] == owners[beside] and any(level in goal for level in target_words("dimension"))


def _one_by_one(row: ListedRow, piece: Piece) -> list[ListedRow]:
    """Return the rows that a row stands for whose two cells number several indicators and their targets; empty where they do not."""
    if any(row.parts.get(name) for name in ("unit", *OPERATORS)) or not {"indicator", "target"} <= row.cells.keys():
        return []
    lines = [list(map(without_spaces, piece.grid.cells[row.cells[name][2]].text.split("\n"))) for name in ("indicator", "target")]
    return [replace(row, parts=row.parts | {"indicator": name, "target": target}) for name, target in paired(*lines)]


def _indicator(project: dict[str, Any] | None, row: ListedRow, targets: Targets) -> None:
    """Add the indicator of a row, or count the row where it says one that cannot be told."""
    if project is not None and targets.indicator(project, row.parts, row.places):
        targets.taken.update(row.places)
        return
    said = [says_something(row.parts.get(name, "")) for name in ("indicator", "target")]
    if any(said) if project is not None else all(said):
        targets.missed.update(row.places)


def _finish_list(layout: Layout, targets: Targets) -> None:
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
    places = _places_of_groups(rows, told)
    part_of = WHOLE_DEPARTMENT if layout.whole else None
    for row, listed, implementer in zip(rows, told, implementers, strict=True):
        if listed.name is None:
            if "indicator" in layout.headed:
                _indicator(None, row, targets)
            elif says_something(listed.said["amount"]) or says_something(listed.said["goal"]):
                targets.missed.update(row.places)
            continue
        if listed.name != opened:
            layout.last, opened = {}, listed.name
        goal = listed.said["goal"] or None
        if listed.group not in projects and (goal or implementer or row.parts.get("indicator")):
            money = read_money(listed.said, layout.unit)
            implementer = listed.said["implementer"] or implementer
            projects[listed.group] = targets.project(listed.name, money, goal, implementer, part_of, at=places[listed.group])
        _check_goal(projects.get(listed.group), goal, row, targets)
        if "indicator" in layout.headed:
            _carry(layout, row.parts)
            _indicator(projects.get(listed.group), row, targets)
        elif listed.group in projects or row.parts["project"] in implementers:
            targets.taken.update(row.places)
        elif says_something(row.parts.get("amount", "")):
            targets.missed.update(row.places)


def _check_goal(project: dict[str, Any] | None, goal: str | None, row: ListedRow, targets: Targets) -> None:
    """Count the row of a second goal of one project, which is not published."""
    if goal and project is not None and goal not in (project["goal"] or ""):
        targets.held_back.update(row.places)


def _places_of_groups(rows: Sequence[ListedRow], told: Sequence[ProjectOfRow]) -> Mapping[int, list[RowPlace]]:
    """Return the places of the rows of each group."""
    places: dict[int, list[RowPlace]] = defaultdict(list)
    for row, listed in zip(rows, told, strict=True):
        places[listed.group] += row.places
    return places


def _complete_whole(layout: Layout, targets: Targets) -> None:
    """Add the amount and goal of a whole department that stand in columns beside its indicators, where there is one of them."""
    said = {name: {row.parts.get(name, "") for row in layout.listed} - {""} for name in (*AMOUNTS, "goal")}
    one = {name: texts.pop() for name, texts in said.items() if len(texts) == 1}
    money = read_money(one, layout.unit)
    if money.amount is not None:
        at = [place for row in layout.listed for place in row.places]
        layout.project = targets.project(WHOLE_DEPARTMENT, money, one.get("goal"), at=at)


def _carry(layout: Layout, parts: dict[str, str]) -> None:
    """Complete the levels of a row of a list by those printed last."""
    for name in ("dimension", "sub_dimension"):
        if parts.get(name):
            layout.last[name] = parts[name]
        elif name in layout.headed and layout.last.get(name) and parts.get("indicator"):
            parts[name] = layout.last[name]
