"""The files of this folder as rows, and rows of a declared table as a frame."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def list_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file of this folder."""
    yield from csv.DictReader(resources.files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines())


def number(text: str) -> int | None:
    """Return a whole number, None where nothing is written."""
    return int(text) if text else None


def list_frame(table: str, rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Return rows as a frame of a declared table."""
    import polars as pl  # kept out of the import: readers of the plain rows start without it

    from schemas.tables import TABLES

    return pl.DataFrame(rows, schema={field.column.name: field.column.dtype for field in TABLES[table].fields}, orient="row")
