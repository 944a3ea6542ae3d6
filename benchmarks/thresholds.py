"""In what range the thresholds of reading decide nothing: each is changed alone, and the documents are read anew.

    python -m benchmarks.thresholds [FOLDER...] [--samples 20] [--only NAME] [--factors 0.5,0.8,1.25,2]

Reads every PDF below the folders, and so many generated budgets in each layout without vertical rules: once with the thresholds
as they are, then with one of them times each factor (counts are rounded). Prints a line per threshold and factor: on how many pages
a cell, its text, or the count of loose amounts came out otherwise. The second reader (camelot) is left out: it costs a second a page
and is no detector of ours. Where no page changes the value stands on safe ground for these documents; it says nothing of others.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from pipeline.document import pdf_reader
from pipeline.document.content import WHITESPACE, Page, UnreadableDocument
from pipeline.document.pdf import drawing, runs
from pipeline.document.tables import page_tables, settings
from pipeline.samples.layouts import CATALOGUE, budget_for, print_budget

DETECTORS: dict[str, Any] = {
    "ruled": settings.RULED,
    "chunks": settings.CHUNKS,
    "rows": settings.ROWS,
    "headings": settings.HEADINGS,
    "whitespace": settings.WHITESPACE,
    "cells": settings.CELLS,
    "runs": runs.RUNS,
    "drawing": drawing.DRAWING,
    "reading": pdf_reader.READING,
    "order": page_tables.READING_ORDER,
}


Read = tuple[tuple[tuple[str, tuple[tuple[int, int, int, int, str], ...]], ...], int]
"""Of a page: for each table its reader and its cells (place, spans, text), and how many amounts are loose."""


def read_page(page: Page) -> Read:
    """Return what counts of a page; borders may move by a hair."""
    cells = ((g.reader, tuple((c.row, c.column, c.row_span, c.column_span, c.text) for c in g.cells)) for g in page.grids)
    return tuple(cells), len(page.loose_amounts)


def pages_of(documents: list[bytes]) -> list[list[Read]]:
    """Read documents; one that cannot be read has no pages."""
    found: list[list[Read]] = []
    with patch.object(pdf_reader, "second_reading", lambda *_: []):
        for data in documents:
            try:
                found.append([read_page(page) for page in pdf_reader.read_pdf(data).pages])
            except UnreadableDocument:
                found.append([])
    return found


def holders(owner: Any, name: str) -> Iterator[Any]:
    """Yield every settings object of a detector, also those inside others."""
    for each in DETECTORS.values():
        parts = [each, *(getattr(each, f.name) for f in fields(each) if is_dataclass(getattr(each, f.name)))]
        parts += [part.chunks for part in parts if isinstance(part, settings.RowSettings)]
        yield from (part for part in parts if type(part) is type(owner) and hasattr(part, name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--samples", type=int, default=0, help="generated budgets per layout without vertical rules")
    parser.add_argument("--only", default="", help="detector, or detector.threshold")
    parser.add_argument("--factors", default="0.5,0.8,1.25,2")
    args = parser.parse_args()
    documents = [path.read_bytes() for folder in args.folder for path in sorted(folder.rglob("*.pdf"))]
    for layout in CATALOGUE:
        if layout.rules in ("none", "horizontal"):
            documents += [print_budget(budget_for(layout, Random(seed)), layout).data for seed in range(args.samples)]
    base = pages_of(documents)
    tables = sum(reader == WHITESPACE for document in base for grids, _ in document for reader, _ in grids)
    print(f"{len(documents)} documents, {sum(map(len, base))} pages, {tables} tables without rulings", flush=True)
    for detector, owner in DETECTORS.items():
        for threshold in fields(owner):
            value = getattr(owner, threshold.name)
            if is_dataclass(value) or not f"{detector}.{threshold.name}".startswith(args.only):
                continue
            for factor in map(float, args.factors.split(",")):
                other = round(value * factor) if isinstance(value, int) else value * factor
                if other == value:
                    continue
                touched = {id(holder): holder for holder in holders(owner, threshold.name)}.values()
                for holder in touched:
                    object.__setattr__(holder, threshold.name, other)  # frozen for everybody else
                try:
                    changed = sum(
                        a != b for old, new in zip(base, pages_of(documents), strict=True) for a, b in zip(old, new, strict=False)
                    )
                    print(f"{detector}.{threshold.name} {value} -> {other:g}: {changed} pages", flush=True)
                except Exception as error:  # a value beyond all sense may break the reader: that too is an answer
                    print(f"{detector}.{threshold.name} {value} -> {other:g}: {error!r}", flush=True)
                finally:
                    for holder in touched:
                        object.__setattr__(holder, threshold.name, value)


if __name__ == "__main__":
    main()
