"""What is read of the PDFs of a folder when they are written otherwise: the command line, the work and the table of such trials.

Belongs here: reading each document as it is and in each way, and comparing rows. Does not belong here: the ways (`rewritten_pages.py`,
`other_formats.py`), and what of a document is a row.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

_SHOWN = 12  # rows of a document that --verbose prints

Said = tuple[Counter[str], Mapping[str, object]]
"""The rows that a document gives, and what it is said to be."""


def compare_ways(read: Callable[[Path, str | None], Said], ways: Collection[str], description: str, attributes: str | None = None) -> None:
    """Read the PDFs of the folder that the command line names; print a line of a markdown table for each way.

    Args:
        read: reads a document written in a way, or as it is; called in other processes.
        ways: their names.
        description: of the command.
        attributes: what the documents are said to be, where that is compared too: it heads a column.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ways", nargs="*", choices=list(ways), default=list(ways))
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    heads = ["way", "the same", "gone", "new", "documents with other rows", *([attributes] if attributes else [])]
    # not forked: the handles of pdfium belong to one process
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        whole = list(pool.map(read, paths, repeat(None)))
        print(f"| {' | '.join(heads)} |\n| --- |{' --: |' * (len(heads) - 1)}", flush=True)
        for way in arguments.ways:
            compared = list(zip(paths, whole, pool.map(read, paths, repeat(way)), strict=True))
            gone = sum((before[0] - after[0]).total() for _, before, after in compared)
            counts = [sum(before[0].total() for _, before, _ in compared) - gone, gone]
            counts.append(sum((after[0] - before[0]).total() for _, before, after in compared))
            counts.append(sum(before[0] != after[0] for _, before, after in compared))
            if attributes:
                counts.append(sum(before[1] != after[1] for _, before, after in compared))
            print(f"| {way} | {' | '.join(f'{count:,}' for count in counts)} |", flush=True)
            for path, before, after in compared if arguments.verbose else ():
                if before != after:
                    _tell(path, before, after)


def _tell(path: Path, before: Said, after: Said) -> None:
    gone, new = before[0] - after[0], after[0] - before[0]
    print(f"\n{path}: {gone.total()} gone, {new.total()} new")
    if before[1] != after[1]:
        print(f"  is {before[1]}, read as {after[1]}")
    for sign, rows in (("-", gone), ("+", new)):
        for row in list(rows)[:_SHOWN]:
            print(f"{sign} {row}")
