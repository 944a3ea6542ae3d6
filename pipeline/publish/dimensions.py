"""The dimension tables: lists that come with the code, and what only all documents together can say.

Belongs here: which rows a dimension is made of. What it says is decided in `schemas.classification`, `pipeline.budget.codes` and
`pipeline.identity`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from pipeline.budget.codes import attestations
from pipeline.identity import departments
from pipeline.publish.outliers import outliers
from schemas.classification import code_lists, places
from schemas.tables import (
    CODE_ATTESTATIONS,
    CODES,
    CODES_CROSSWALK,
    COFOG,
    DEPARTMENTS,
    ECONOMIC_PAIRS,
    OUTLIERS,
    REGIONS,
    REGIONS_HISTORY,
    Table,
)

LISTS: Mapping[str, Callable[[], pl.DataFrame]] = {
    CODES_CROSSWALK.name: code_lists.crosswalk_frame,
    ECONOMIC_PAIRS.name: code_lists.economic_pairs_frame,
    COFOG.name: code_lists.cofog_frame,
    REGIONS.name: places.regions_frame,
    REGIONS_HISTORY.name: places.regions_history_frame,
}
"""Dimensions that no document changes."""

MINED: tuple[Table, ...] = (CODES, CODE_ATTESTATIONS, DEPARTMENTS, OUTLIERS)
"""Dimensions that grow with the documents."""


def mined_dimensions(mentions: pl.DataFrame, documents: pl.DataFrame, cells: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the dimensions that grow with the documents, by table.

    Args:
        mentions: of codes, over all partitions that the dataset will hold (see `attestations.mentions_of_codes`).
        documents: rows of `documents` of these partitions.
        cells: that are compared with one another, of the same (see `outliers.cells_of`).
    """
    mentions = attestations.summed_mentions(mentions)
    return {
        CODES.name: attestations.published_codes(mentions),
        CODE_ATTESTATIONS.name: attestations.attestations(attestations.printed_pairs(mentions)),
        DEPARTMENTS.name: departments.departments_frame(documents.select(departments.COLUMNS_READ).unique()),
        OUTLIERS.name: outliers(cells, documents),
    }
