"""Grids of forms, written as rows of texts."""

from __future__ import annotations

from pipeline.document.content import Box, Cell, Grid


def grid(page: int, rows: list[list[str]], top: float = 100.0, xs: list[float] | None = None) -> Grid:
    """Return a grid; equal neighbours in a row are one cell, `^` goes on with the cell above."""
    width = len(rows[0])
    xs = xs or [100.0 * i for i in range(width + 1)]
    cells = []
    for r, row in enumerate(rows):
        c = 0
        while c < width:
            end = c + 1
            while row[c] not in ("", "^") and end < width and row[end] == row[c]:
                end += 1
            if row[c] != "^":
                below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
                cells.append(Cell(r, c, row[c], Box(xs[c], top + 20.0 * r, xs[end], top + 20.0 * below), below - r, end - c))
            c = end
    return Grid(page, len(rows), width, tuple(cells), Box(0, top, xs[-1], top + 20.0 * len(rows)), "test")
