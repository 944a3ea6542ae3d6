"""From ruling lines to cells: sides that no ruling closes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document.pdf.drawing import Ruling
from pipeline.document.tables.ruled import table_structures
from pipeline.document.tables.settings import RULED

LEFT, RIGHT = 100.0, 300.0
DOWN = [Ruling(x, 50.0, 200.0) for x in (LEFT, 200.0, RIGHT)]


def columns(starts: Sequence[float], ends: Sequence[float], height: float = 20.0) -> list[float]:
    """The borders of the columns of a table whose rows are ruled from x to x."""
    across = [Ruling(50.0 + height * n, start, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True))]
    (found,) = table_structures(across, DOWN)
    return found.xs


@pytest.mark.parametrize(
    ("beyond", "of", "is_open"),
    [(0, 6, False), (1, 2, False), (2, 6, True), (2, 7, False), (3, 7, True)],
)
def test_a_side_is_open_where_two_rulings_and_a_third_of_all_reach_beyond(beyond: int, of: int, is_open: bool) -> None:
    reach = [50.0] * beyond + [LEFT] * (of - beyond)
    assert columns(reach, [RIGHT] * of) == ([50.0] if is_open else []) + [LEFT, 200.0, RIGHT]
    reach = [350.0] * beyond + [RIGHT] * (of - beyond)
    assert columns([LEFT] * of, reach) == [LEFT, 200.0, RIGHT] + ([350.0] if is_open else [])


@pytest.mark.parametrize(("by", "is_open"), [(RULED.open_side + 0.1, True), (RULED.open_side, False)])
def test_a_ruling_that_reaches_less_than_a_character_beyond_closes_the_side(by: float, is_open: bool) -> None:
    assert (len(columns([LEFT - by] * 4, [RIGHT] * 4)) > 3) is is_open


def test_the_open_side_is_where_most_rulings_end() -> None:
    assert columns([40.0, 50.0, 51.0, 60.0, LEFT], [RIGHT] * 5)[0] == 51.0


@pytest.mark.parametrize(
    ("beyond", "is_open"),
    [
        ((0, 4, 7), True),
        ((0, 7), False),  # lines over and under a table, wider than it
        ((0, 3, 4), False),
        ((2, 4, 7), False),
    ],
)
def test_a_side_is_open_where_cells_of_several_rows_stand_between_rulings_of_its_frame(beyond: tuple[int, ...], is_open: bool) -> None:
    starts = [50.0 if n in beyond else LEFT for n in range(8)]
    starts[1:1] = [LEFT] * 4
    assert (columns(starts, [RIGHT] * len(starts), height=12.0)[0] == 50.0) is is_open


def test_rulings_of_the_frame_that_end_at_different_places_open_no_side() -> None:
    starts = [50.0, *[LEFT] * 5, 70.0, *[LEFT] * 4, 60.0]
    assert columns(starts, [RIGHT] * len(starts), height=12.0)[0] == LEFT
