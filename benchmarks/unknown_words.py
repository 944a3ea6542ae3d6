"""What is read when words are not known: rows of the word lists are left out by chance, as another city prints words that no list has.

    python -m benchmarks.unknown_words FOLDER [--lists headers row_labels …] [--share 0.05] [--seeds 1 2 3] [--verbose]

Reads every PDF below a folder with the lists of `schemas/vocabulary/` as they are, and with a share of the rows of the named ones left out.
Prints for each seed a line of a markdown table: the amounts of tables that are the same in all attributes; that lost an attribute (held
back, or of a statement that is none of the known); that have another one; and that are gone. An amount with another attribute is the one
to look at: `--verbose` prints the kinds of them, with an example each. Words that every place has (基本支出) fall out as well: not all that
differs is a fault.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import schemas.vocabulary
from benchmarks.changed_pages import Attributes, Place, difference, of_tables
from pipeline.document.inputs.sources import Hint
from pipeline.stages.reading import read_document

_LISTS = ("headers", "row_labels", "titles")
_SHOWN = 20  # kinds of differences that --verbose prints


def _with_lists_of(folder: Path) -> None:
    schemas.vocabulary._FOLDER = folder


def _read(path: Path) -> dict[Place, Attributes]:
    return of_tables(read_document(path.read_bytes(), Hint(path.name)).lines)


def _thinned(lists: Sequence[str], share: float, seed: int, folder: Path) -> None:
    """Write the word lists to a folder, a share of the rows of the named ones left out."""
    chance = random.Random(seed)
    for path in Path(schemas.vocabulary.__file__).parent.glob("*.csv"):
        if path.stem not in lists:
            shutil.copy(path, folder / path.name)
            continue
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / path.name).write_text(head + "".join(row for row in rows if chance.random() >= share), encoding="utf-8")


def _read_all(paths: Sequence[Path], folder: Path) -> list[dict[Place, Attributes]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context, initializer=_with_lists_of, initargs=(folder,)) as pool:
        return list(pool.map(_read, paths))


def main() -> None:
    """Read the folder that the command line names; print a line for each seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lists", nargs="+", default=list(_LISTS))
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    whole = _read_all(paths, Path(schemas.vocabulary.__file__).parent)
    print("| seed | the same | open | otherwise | gone |\n| --- | --: | --: | --: | --: |", flush=True)
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as folder:
            _thinned(arguments.lists, arguments.share, seed, Path(folder))
            read = _read_all(paths, Path(folder))
        counts, kinds, examples = Counter[str](), Counter[tuple[object, ...]](), dict[tuple[object, ...], str]()
        for path, before, after in zip(paths, whole, read, strict=True):
            for place, attributes in before.items():
                outcome, said = difference(attributes, after.get(place))
                counts[outcome] += 1
                for name, (old, new) in said.items():
                    kind: tuple[object, ...] = (
                        (name,) if name in ("name", "code", "level", "is_leaf", "amount", "unit") else (name, old, new)
                    )
                    kinds[kind] += 1
                    examples.setdefault(kind, f"{path.name}, page {place[0]}, {place[-1]}: {old} → {new}")
        print(f"| {seed} | {' | '.join(f'{counts[name]:,}' for name in ('same', 'open', 'otherwise', 'gone'))} |", flush=True)
        for kind, count in kinds.most_common(_SHOWN) if arguments.verbose else ():
            print(f"  {count} {kind[0]}: {examples[kind]}", flush=True)


if __name__ == "__main__":
    main()
