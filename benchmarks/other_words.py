"""What is read when documents print other words: heads, rows and titles are replaced by words that other places print, one pair at a time.

    python -m benchmarks.other_words FOLDER [--pairs other_words.csv] [--documents 5] [--pages 60] [--verbose]

Reads PDFs below a folder as they are and once for each pair of the list, in the documents that print its first word; at most so many
documents for a pair, of different folders first. Prints for each kind of place a line of a markdown table: the amounts of tables that
are the same in all attributes; that lost one (held back, or of a statement that is none of the known); that have another; and those gone.
A pair either says the same in other words, and is read the same, or is unknown, and must be open: `--verbose` prints the pairs of which
amounts have another attribute. Not each of these is a fault: a row may stand at another level when it is no total.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.changed_pages import ATTRIBUTES, Attributes, Place, difference, of_tables, read_again
from pipeline.budget.amounts import is_separated, parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Grid, Page
from pipeline.document.outside.programs import NO_PROGRAMS
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import STAGES

_LIST = Path(__file__).with_suffix(".csv")
_NUMBER = re.compile(r"(?:[一二三四五六七八九十]+[、.]|[(][一二三四五六七八九十]+[)]|\d+[、.])?(?:其中:)?")
_OTHER_SUBJECT = re.compile("(?:基本|项目|拨款|预算|基金|收入)$")
_LONGEST_TITLE = 60  # characters
_PLACES = ("head", "row", "title")
_NAME = ATTRIBUTES.index("name")


class Pair(NamedTuple):
    """A word that is replaced where it stands alone at a place, and the word that other places print."""

    place: str
    printed: str
    other: str


class Read(NamedTuple):
    """A document read with the words of a pair: its amounts by outcome, and kinds of differences with an example each."""

    pair: Pair
    counts: Counter[str]
    examples: Mapping[str, str]


def _with_word(pair: Pair, text: str) -> str | None:
    """Return a text with the other word of a pair; None where it does not print the first."""
    folded = fold(text)
    if pair.place == "title":
        within = _OTHER_SUBJECT.search(folded[: folded.find(pair.printed)]) is not None  # 支出总表 in 基本支出总表
        fits = pair.printed in folded and not within and "表" in folded and len(folded) < _LONGEST_TITLE
        return folded.replace(pair.printed, pair.other) if fits else None
    number = _NUMBER.match(folded)
    start = number.end() if number else 0
    return folded[:start] + pair.other if folded[start:] == pair.printed else None


def _first_amounts(grid: Grid) -> int:
    """Return the row of a grid in which the first amount stands: what is above it is header."""
    rows = [cell.row for cell in grid.cells if is_separated(cell.text) and parse_amount(cell.text) is not None]
    return min(rows, default=grid.rows)


def _replaced(page: Page, pair: Pair) -> Page:
    def grid_with_word(grid: Grid) -> Grid:
        first, cells = _first_amounts(grid), []
        for cell in grid.cells:
            own = pair.place == "title" or (cell.row < first) == (pair.place == "head")
            text = _with_word(pair, cell.text) if own else None
            cells.append(cell if text is None else msgspec.structs.replace(cell, text=text))
        return replace(grid, cells=tuple(cells))

    lines = page.lines
    if pair.place == "title":
        texts = [_with_word(pair, line.text) for line in lines]
        lines = tuple(
            line if text is None else msgspec.structs.replace(line, text=text, parts=()) for line, text in zip(lines, texts, strict=True)
        )
    return replace(page, lines=lines, grids=tuple(map(grid_with_word, page.grids)))


def _prints(extracted: Extracted, pair: Pair) -> Extracted | None:
    """Return a document with the words of a pair, None where it does not print the first."""
    content = extracted.content
    if content is None:
        return None
    pages = tuple(_replaced(page, pair) for page in content.pages)
    return replace(extracted, content=replace(content, pages=pages)) if pages != content.pages else None


def _compared(pair: Pair, before: Mapping[Place, Attributes], after: Mapping[Place, Attributes], name: str) -> Read:
    counts, examples = Counter[str](), dict[str, str]()
    for place, attributes in before.items():
        now = after.get(place)
        if now is not None and pair.other in str(now[_NAME]):
            now = (*now[:_NAME], attributes[_NAME], *now[_NAME + 1 :])  # named with the other word
        outcome, said = difference(attributes, now)
        counts[outcome] += 1
        for attribute, (old, new) in said.items():
            examples.setdefault(attribute, f"{name}, page {place[0]}, {place[-1]}: {old} → {new}")
    return Read(pair, counts, examples)


def _words_of(path: Path, pairs: Sequence[Pair], most_pages: int) -> list[Pair]:
    """Return the pairs whose first word a document prints."""
    extracted = STAGES.extract(path.read_bytes(), NO_PROGRAMS)
    if extracted.content is None or len(extracted.content.pages) > most_pages:
        return []
    return [pair for pair in pairs if _prints(extracted, pair) is not None]


def _read(path: Path, pairs: Sequence[Pair]) -> list[Read]:
    extracted = STAGES.extract(path.read_bytes(), NO_PROGRAMS)
    before = of_tables(read_again(extracted, path.name).lines)
    replaced = ((pair, _prints(extracted, pair)) for pair in pairs)
    others = ((pair, read_again(other, path.name).lines) for pair, other in replaced if other is not None)
    return [_compared(pair, before, of_tables(lines), path.name) for pair, lines in others]


def _by_turns(paths: Sequence[Path]) -> Iterator[Path]:
    """Give paths of different folders first."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    return (path for turn in zip_longest(*folders.values()) for path in turn if path is not None)


def _work(paths: Sequence[Path], printed: Sequence[Sequence[Pair]], most: int) -> dict[Path, list[Pair]]:
    """Return which pairs are tried on which documents."""
    on: dict[Pair, list[Path]] = defaultdict(list)
    for path, pairs in zip(paths, printed, strict=True):
        for pair in pairs:
            on[pair].append(path)
    work: dict[Path, list[Pair]] = defaultdict(list)
    for pair, found in on.items():
        for path in islice(_by_turns(found), most):
            work[path].append(pair)
    return work


def main() -> None:
    """Read the folder that the command line names; print a line for each kind of place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=Path, default=_LIST)
    parser.add_argument("--documents", type=int, default=5)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    with arguments.pairs.open(encoding="utf-8", newline="") as file:
        pairs = [Pair(row["place"], row["printed"], row["other"]) for row in csv.DictReader(file)]
    paths = sorted(arguments.folder.rglob("*.pdf"))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        printed = [job.result() for job in [pool.submit(_words_of, path, pairs, arguments.pages) for path in paths]]
        work = _work(paths, printed, arguments.documents)
        results = [read for job in [pool.submit(_read, path, own) for path, own in work.items()] for read in job.result()]
    print("| words of | pairs | the same | open | otherwise | gone |\n| --- | --: | --: | --: | --: | --: |")
    for kind in _PLACES:
        own = [read for read in results if read.pair.place == kind]
        counts = sum((read.counts for read in own), Counter[str]())
        numbers = (len({read.pair for read in own}), *(counts[name] for name in ("same", "open", "otherwise", "gone")))
        print(f"| {kind} | {' | '.join(f'{number:,}' for number in numbers)} |")
    for read in results if arguments.verbose else ():
        if read.examples:
            print(f"  {read.pair.printed} → {read.pair.other}: {read.counts['otherwise']}; " + "; ".join(read.examples.values()))


if __name__ == "__main__":
    main()
