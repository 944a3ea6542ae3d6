"""The second reader: camelot's hybrid of rulings and text alignment, asked where the first reading is incomplete.

Belongs here: calling camelot and turning its tables into skeletons (text is placed by the same code as for every reader,
so that readings can be compared). Does not belong here: the decision when to ask.
"""

from __future__ import annotations

import logging
from typing import Any

from pipeline.document.tables.ruled import TableStructure, structure_from_borders

CAMELOT = "camelot-hybrid"


def tables(data: bytes, page: int, factor: float = 1.0) -> list[TableStructure]:
    """Return the tables that camelot sees on a page, top to bottom; none where camelot fails.

    Args:
        data: the bytes of the PDF.
        page: from 1.
        factor: by which the page is enlarged while it is read.
    """
    from camelot.io import read_pdf  # imported where it is needed: it costs a third of a second that most documents never pay

    logging.getLogger("camelot").setLevel(logging.ERROR)
    try:
        found = list(
            read_pdf(
                data,
                pages=str(page),
                flavor="hybrid",
                engine="vector",
                split_text=True,
                layout_kwargs={"boxes_flow": None},
                suppress_stdout=True,
            )
        )
    except Exception as error:  # whatever a third-party parser throws (StopIteration among it) is an opinion it does not have
        logging.getLogger(__name__).info("camelot cannot read page %d: %r", page, error)
        return []
    skeletons = [skeleton for table in found if (skeleton := _skeleton(table, factor))]
    return sorted(skeletons, key=lambda skeleton: skeleton.ys[0])


def _skeleton(table: Any, factor: float) -> TableStructure | None:
    """Return a camelot table (origin bottom left) as a skeleton (origin top left)."""
    if not table.rows or not table.cols or len(table.rows) * len(table.cols) < 2:
        return None
    height = table.pdf_size[1]
    xs = [table.cols[0][0], *(right for _, right in table.cols)]
    ys = [height - table.rows[0][0], *(height - bottom for _, bottom in table.rows)]
    if any(b <= a for a, b in zip([*xs[:-1], *ys[:-1]], [*xs[1:], *ys[1:]], strict=True)):
        return None
    cells = table.cells
    left = [[row[c].left for row in cells] for c in range(len(table.cols))]
    above = [[cell.top for cell in row] for row in cells]
    return structure_from_borders([x * factor for x in xs], [y * factor for y in ys], left, above)
