"""What becomes of real documents whose pages are damaged: rulings or words taken away. Wrong is worse than ambiguous, breaking is worst.

    python -m benchmarks.perturbation FOLDER [--damage no_vertical …] [--first-readers-alone]

Reads every PDF as it is and damaged, and compares each amount of a table at its place on the page: statement, code, fund, nature, measure
and value. Prints a markdown table, and the documents that broke the reader. The damage does not reach the last reader, which looks at the
page itself and sees what was taken away: `--first-readers-alone` does not ask it of damaged pages.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pypdfium2 as pdfium

from pipeline.budget.line import Line
from pipeline.document import pdf_reader
from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.pdf.drawing import DRAWING, Drawing, DrawingSettings, drawing
from pipeline.document.pdf.glyphs import Glyphs
from pipeline.document.pdf.pdfium import PageOrientation
from pipeline.document.pdf.runs import TextRun, runs_of
from pipeline.document.tables.camelot_tables import tables as second_reading
from pipeline.document.tables.ruled import TableStructure
from pipeline.stages.reading import read_document

_SAYS = ("statement", "code", "fund", "nature", "measure", "amount")
_NOTHING = (None, "other")
_NEAR = (3.0, 6.0)  # points to the side, and up or down


def _without(*kinds: str) -> Callable[[Drawing, random.Random], None]:
    def damage(drawn: Drawing, _: random.Random) -> None:
        for kind in (*kinds, "fills"):
            getattr(drawn, kind).clear()

    return damage


def _without_some(drawn: Drawing, chance: random.Random) -> None:
    drawn.vertical[:] = [rule for rule in drawn.vertical if chance.random() > 0.3]
    drawn.horizontal[:] = [rule for rule in drawn.horizontal if chance.random() > 0.3]


def _words(kept: Callable[[str, float], bool]) -> Callable[[list[TextRun], random.Random], list[TextRun]]:
    return lambda runs, chance: [run for run in runs if kept(run.text, chance.random())]


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


RULINGS: Mapping[str, Callable[[Drawing, random.Random], None]] = {
    "no_vertical": _without("vertical"),
    "no_horizontal": _without("horizontal"),
    "no_rulings": _without("vertical", "horizontal"),
    "a_third_of_the_rulings_lost": _without_some,
}
WORDS: Mapping[str, Callable[[list[TextRun], random.Random], list[TextRun]]] = {
    "3_percent_of_the_words_lost": _words(lambda _, chance: chance > 0.03),
    "30_percent_of_the_words_lost": _words(lambda _, chance: chance > 0.3),
    "no_units_of_money": _words(lambda text, _: "单位" not in text and "万元" not in text),
    "no_titles": _words(lambda text, _: "表" not in text),
    "no_codes": _words(lambda text, _: not (text.isdigit() and 3 <= len(text) <= 7)),
    "half_of_the_chinese_lost": _words(lambda text, chance: chance > 0.5 or not _chinese(text)),
}


def read(path: Path, damage: str | None, alone: bool = False) -> list[Line] | str:
    """Return the lines of tables of a document, damaged in one way, or the traceback of what broke the reader.

    Args:
        path: of the document.
        damage: one of RULINGS or WORDS; None reads it as it is.
        alone: whether the last reader, which the damage does not reach, is not asked of damaged pages.
    """
    chance = random.Random(path.name)

    def drawn(page: pdfium.PdfPage, place: PageOrientation, settings: DrawingSettings = DRAWING) -> Drawing:
        found = drawing(page, place, settings)
        if damage is not None and damage in RULINGS:
            RULINGS[damage](found, chance)
        return found

    def runs(letters: Glyphs) -> list[TextRun]:
        found = runs_of(letters)
        return WORDS[damage](found, chance) if damage is not None and damage in WORDS else found

    def last(data: bytes, number: int, factor: float) -> list[TableStructure]:
        return [] if alone and damage is not None else second_reading(data, number, factor)

    with (
        patch.object(pdf_reader, "drawing", drawn),
        patch.object(pdf_reader, "runs_of", runs),
        patch.object(pdf_reader, "second_reading", last),
    ):
        try:
            return [line for line in read_document(path.read_bytes(), Hint()).lines if line.source == "table"]
        except UnreadableDocument:
            return []
        except Exception:
            return traceback.format_exc()


def compared(whole: Sequence[Line], damaged: Sequence[Line]) -> Counter[str]:
    """Count what became of each amount of `whole`."""
    places: dict[tuple[int | None, str], list[Line]] = defaultdict(list)
    for line in damaged:
        places[line.page, line.amount_text].append(line)
    counted: Counter[str] = Counter()
    seen = set()
    for line in whole:
        place = (line.page, line.amount_text, line.x0, line.y0)
        if place in seen:
            continue
        seen.add(place)
        found = next((other for other in places[line.page, line.amount_text] if _near(line, other)), None)
        counted[_outcome(line, found)] += 1
    return counted


def _near(one: Line, other: Line) -> bool:
    if one.x0 is None or one.y0 is None or other.x0 is None or other.y0 is None:
        return False
    return abs(one.x0 - other.x0) <= _NEAR[0] and abs(one.y0 - other.y0) <= _NEAR[1]


def _outcome(line: Line, found: Line | None) -> str:
    if found is None:
        return "not found"
    changed = [name for name in _SAYS if getattr(line, name) != getattr(found, name)]
    if not changed:
        return "the same"
    if found.column_evidence == "ambiguous":
        return "ambiguous"
    return "less said" if all(getattr(found, name) in _NOTHING for name in changed) else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--damage", nargs="*", choices=[*RULINGS, *WORDS], default=[*RULINGS, *WORDS])
    parser.add_argument("--first-readers-alone", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        whole = list(pool.map(partial(read, damage=None), paths))
        fates = ("the same", "ambiguous", "less said", "not found", "wrong")
        print(
            f"{len(paths)} documents\n\n| damage | {' | '.join(fates)} | documents broken |\n| --- |{' --: |' * (len(fates) + 1)}",
            flush=True,
        )
        broken = []
        for damage in arguments.damage:
            counted: Counter[str] = Counter()
            results = list(pool.map(partial(read, damage=damage, alone=arguments.first_readers_alone), paths))
            for before, after in zip(whole, results, strict=True):
                if not isinstance(before, str) and not isinstance(after, str):
                    counted += compared(before, after)
            errors = [(damage, path, error) for path, error in zip(paths, results, strict=True) if isinstance(error, str)]
            broken += errors
            print(f"| {damage} | {' | '.join(f'{counted[fate]:,}' for fate in fates)} | {len(errors)} |", flush=True)
    for damage, path, error in broken:
        print(f"\n{damage}: {path}\n{error}")


if __name__ == "__main__":
    main()
