"""Whether any table ends the reading of its document: texts of real tables are blanked, cut and exchanged by chance, and read.

    python -m benchmarks.garbled_tables FOLDER [--seeds 1 2]

Reads every PDF below a folder once for each seed and way, and prints how many readings ended in an error, and where each kind of error
arose. What is read says nothing: such tables mean nothing. No document may be lost for one of its tables.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product, repeat
from pathlib import Path

import msgspec

from benchmarks.changed_pages import read_again
from pipeline.document.content import Cell, Content, Grid
from pipeline.document.outside.programs import NO_PROGRAMS
from pipeline.stages.reading import STAGES

_HEAD = 4
"""Rows. In so many a header ends, most often."""

WAYS = {"blank_heads": 0.3, "exchanged_heads": 0.5, "exchanged": 0.2, "blank": 0.3, "cut": 0.4, "lines_lost": 0.3}
"""Ways, and what share of the texts each changes."""


def _garbled(grid: Grid, way: str, chance: random.Random) -> Grid:
    texts = [cell.text for cell in grid.cells if cell.text.strip()]

    def of(cell: Cell) -> str:
        if not cell.text.strip() or chance.random() >= WAYS[way] or (way.endswith("heads") and cell.row >= _HEAD):
            return cell.text
        return "" if way.startswith("blank") else cell.text[: len(cell.text) // 2] if way == "cut" else chance.choice(texts)

    return replace(grid, cells=tuple(msgspec.structs.replace(cell, text=of(cell)) for cell in grid.cells))


def _content(content: Content, way: str, chance: random.Random) -> Content:
    if way == "lines_lost":
        return replace(
            content, pages=tuple(replace(p, lines=tuple(x for x in p.lines if chance.random() >= WAYS[way])) for p in content.pages)
        )
    return replace(content, pages=tuple(replace(p, grids=tuple(_garbled(g, way, chance) for g in p.grids)) for p in content.pages))


def _errors(path: Path, seeds: Sequence[int]) -> list[str]:
    """Return the last lines of the errors in which readings of a document ended."""
    extracted = STAGES.extract(path.read_bytes(), NO_PROGRAMS)
    found = list[str]()
    content = extracted.content
    if content is None:
        return found
    for seed, way in product(seeds, WAYS):
        garbled = replace(extracted, content=_content(content, way, random.Random(f"{seed} {way}")))
        try:
            read_again(garbled, path.name)
        except Exception:  # whatever it is: it is counted
            found.append("\n".join([*traceback.format_exc().strip().splitlines()[-3:], f"{path.name}, {way}, seed {seed}"]))
    return found


def main() -> None:
    """Read the folder that the command line names; print the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        errors = [error for found in pool.map(_errors, paths, repeat(arguments.seeds)) for error in found]
    print(f"{len(errors)} of {len(paths) * len(WAYS) * len(arguments.seeds):,} readings ended in an error")
    for error, count in Counter(error.rpartition("\n")[0] for error in errors).most_common():
        print(f"\n{count} ×\n{error}\n  {next(e.rpartition(chr(10))[2] for e in errors if e.startswith(error))}")


if __name__ == "__main__":
    main()
