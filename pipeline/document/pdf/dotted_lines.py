"""Rulings that are drawn dot by dot: printer drivers and spreadsheets write dotted borders as hundreds of little areas.

Belongs here: dots in a row as one line. Does not belong here: finding them in a drawing; strokes with a pattern of dashes are one path.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEWEST = 6
"""Dots of a border of one cell, which is some ten points high; bullets and the dots of letters are fewer in a row."""

_IN_LINE = 0.25
"""Points. The middles of one line's dots are the same but for rounding."""

_PATTERN = 0.5
"""Of the dots. Where more stand in rows both across and down they fill an area, as gray is printed: borders share crossings alone."""

_Bounds = tuple[float, float, float, float]


def lines_of_dots(dots: NDArray[np.float32], reach: float) -> list[_Bounds]:
    """Return the lines that dots make.

    Args:
        dots: n × 4, left bottom right top.
        reach: points between two dots of one line at most.

    Returns:
        Left bottom right top of each line.
    """
    if len(dots) < _FEWEST:
        return []
    found: list[_Bounds] = []
    used = np.zeros((2, len(dots)), np.bool_)
    for axis in (0, 1):
        low, high = dots[:, axis], dots[:, axis + 2]
        across = np.round((dots[:, 1 - axis] + dots[:, 3 - axis]) / (2 * _IN_LINE)).astype(np.int64)
        order = np.lexsort((low, across))
        far = (np.diff(across[order]) != 0) | (low[order][1:] - high[order][:-1] > reach)
        starts = np.concatenate(([0], np.flatnonzero(far) + 1))
        counts = np.diff(np.append(starts, len(order)))
        for start, count in zip(starts[counts >= _FEWEST].tolist(), counts[counts >= _FEWEST].tolist(), strict=True):
            row = order[start : start + count]
            used[axis, row] = True
            x0, y0 = dots[row, :2].min(axis=0).tolist()
            x1, y1 = dots[row, 2:].max(axis=0).tolist()
            found.append((x0, y0, x1, y1))
    rows = int(used.any(axis=0).sum())
    return [] if int(used.all(axis=0).sum()) > _PATTERN * rows else found
