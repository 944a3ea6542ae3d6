"""What tables of targets print, told by the print alone: counts that do not rest on what the readers understood.

Belongs here: what makes a row one of targets, and what a form that evaluates a project prints beside them. Does not belong here: whose
target it is, and what it says (`target_tables.py`, `flattened_tables.py`): what these took is subtracted by `Targets.unread`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Box, Cell, Page
from pipeline.targets.target_forms import is_form_title, is_label, is_part_of_form, opens_form
from pipeline.targets.target_headers import SAME_EDGE, Owners, Rows, column_of, is_money
from pipeline.targets.target_pieces import PrintedGrid, PrintedGrids
from pipeline.targets.target_rows import RowPlace, is_known_level, is_level, target_words
from pipeline.targets.target_values import is_signed, says_something

_WORDS = "performance_words.csv"
_TITLE_ABOVE = 2  # lines above a table that may be its title, nearest first
_LEAST_SAID = 2  # texts right of a level of indicators: the indicator and its target
_LEAST_OF_ROW = 3  # texts that make a row of a table one of targets where only its title says that it has any
_LEVEL_SAID = re.compile(r"(?:[(]?\d{1,2}[).、])?(?P<level>[^:\d]{2,12}):[^:]{3,}")
_OF_INDICATORS = ("dimension", "sub_dimension", "indicator")
_BEHIND_TITLE = re.compile(r"[(][^()]*[)]$")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,}")


def printed_targets(pages: PrintedGrids) -> Iterator[RowPlace]:
    """Yield the rows of a document, in tables and in lines beside them, that print a target.

    Args:
        pages: of lines, with their grids.
    """
    before: Counter[int] = Counter()  # lines of a sheet that stand on the left one of its two pages
    for page, grids in pages:
        for printed in grids:
            telling = {text for text in printed.texts if is_level(text) or is_signed(text)}
            rows = enumerate(printed.rows) if telling else ()
            found = [at for at, row in rows if not telling.isdisjoint(row) and _prints_target(row, printed.owners[at])]
            if not found and any(map(is_form_title, printed.above[:_TITLE_ABOVE])):
                found = _rows_under_title(printed.rows, printed.owners)
            yield from (RowPlace(page.number, printed.number + 1, row) for row in found)
        yield from (RowPlace(page.number, 0, before[page.number] + row) for row in _lines(page))
        before[page.number] += len(page.lines)


def printed_evaluations(pages: PrintedGrids, captured: Container[tuple[int, str | Box]]) -> dict[int, int]:
    """Return for each page how many cells of forms that evaluate projects say what was spent, achieved or scored.

    Args:
        pages: of lines, with their grids.
        captured: page, and address or box of the text, of each cell whose amount or target is published.
    """
    found: dict[int, int] = {}
    edges: list[float] = []  # where the columns start that the last head names
    for page, grids in pages:
        for printed in grids:
            if edges and (printed is not grids[0] or any(map(_is_title, printed.above)) or _starts_with_head(printed)):
                edges = []
            cells, edges = _evaluated(printed, edges)
            told = [cell for cell in cells if (page.number, cell.address or cell.text_box or cell.box) not in captured]
            if told:
                found[page.number] = found.get(page.number, 0) + len(told)
        edges = edges if grids else []
    return found


def _is_title(line: str) -> bool:
    """Tell whether a line above a grid is the title of a table: a running head ends otherwise."""
    return is_form_title(line) or _BEHIND_TITLE.sub("", fold(line)).endswith("表")


def _starts_with_head(printed: PrintedGrid) -> bool:
    """Tell whether the first row of a grid is the head of a table of its own: it says no number, no level, and the head of a column."""
    first = {text for text in printed.rows[0] if text} if printed.rows else set()
    return (
        any(is_label(text) or is_money(text) or fold(text) in target_words("achieved") for text in first)
        and not any(is_level(text) for text in first)
        and not any(char.isdigit() for text in first for char in fold(text))
    )


def _is_of_targets(rows: Rows) -> bool:
    """Tell whether a grid is of a form of targets: it has a column of indicators, or fields of a project."""
    return is_part_of_form(rows) or any(column_of(text) in _OF_INDICATORS for row in rows for text in row if text)


def _evaluated(printed: PrintedGrid, edges: list[float]) -> tuple[list[Cell], list[float]]:
    """Return the cells of a grid under heads of what was achieved, and where the columns start that the last of these heads name.

    Args:
        printed: a grid of one page.
        edges: where such columns start in the grid that it goes on with; empty where there is none.
    """
    grid, achieved = printed.grid, target_words("achieved")
    if not edges:
        if not any(achieved.get(fold(text)) for text in printed.texts if not text.isascii()):
            return [], []
        if not any(map(is_form_title, printed.above[:_TITLE_ABOVE])) and not _is_of_targets(printed.rows):
            return [], []
    heads = {index for index, cell in enumerate(grid.cells) if fold(cell.text) in achieved}
    columns = {cell.column for cell in grid.cells if any(abs(cell.box.x0 - edge) < SAME_EDGE for edge in edges)}
    told: dict[int, None] = {}
    for row, own in zip(printed.rows, printed.owners, strict=True):
        if opens_form(row):
            columns = set()
        if named := {column for column, index in enumerate(own) if index in heads}:
            columns = named
            continue
        told |= {i: None for c in columns if (i := own[c]) is not None and says_something(row[c]) and not is_label(row[c])}
    return [grid.cells[index] for index in told], [cell.box.x0 for cell in grid.cells if cell.column in columns]


def _prints_target(row: Sequence[str], owners: Sequence[int | None]) -> bool:
    """Tell whether a row says something at two places right of a level of indicators, or a name and a signed number."""
    places = [at for at, owner in enumerate(owners) if owner is not None and (at == 0 or owners[at - 1] != owner)]
    levels = [at for at in places if is_level(row[at])]
    if not levels and not any(is_signed(row[at]) for at in places):
        return False
    right = [at for at in places if says_something(row[at]) and not column_of(row[at]) and at > max(levels, default=-1)]
    if levels:
        return len(right) >= _LEAST_SAID
    return any(is_signed(row[at]) for at in right) and any(_NAME.search(row[at]) and not is_label(row[at]) for at in right)


def _rows_under_title(rows: Rows, owners: Owners) -> list[int]:
    """Return the rows under the first one that say something at three places beside labels: of a table whose title says targets."""
    return [
        at
        for at in range(1, len(rows))
        if len(
            {owners[at][c] for c, text in enumerate(rows[at]) if says_something(text) and not is_label(text) and not is_known_level(text)}
            - {None}
        )
        >= _LEAST_OF_ROW
    ]


def _lines(page: Page) -> Iterator[int]:
    """Yield the numbers of the lines beside the tables of a page that print a target."""
    lines = [(number, line.text) for number, line in enumerate(page.lines) if not line.in_grid and line.text.strip()]
    headed = False
    for number, text in lines:
        tokens = [without_spaces(token) for token in text.split()]
        if len(tokens) > 1 and {"indicator", "target"} <= {column_of(token) for token in tokens}:
            headed = True
            continue
        levels = [at for at, token in enumerate(tokens) if is_level(token)]
        right = [token for token in tokens[max(levels, default=-1) + 1 :] if says_something(token)] if levels or headed else []
        if (
            (levels and len(right) >= _LEAST_SAID)
            or (headed and any(map(is_signed, right)) and any(_NAME.search(token) and not is_signed(token) for token in right))
            or ((said := _LEVEL_SAID.match(fold(text))) and is_level(said["level"]))
        ):
            yield number
