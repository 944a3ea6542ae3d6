"""Numbers as a page's text layer has them, in its own sequence: a second reading, independent of how glyphs became cells.

Belongs here: asking a page what number it prints at a place, and whether that is the number read there. Decides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from pipeline.budget.characters import fold
from pipeline.document.content import Box, Content, Page, Word

NUMBER = re.compile(r"[-+△▲(（]?\d[\d,.，．]*[)）]?")
"""A number with its separators and signs, as the text layer spells it."""

_WIDER = 0.5
"""Of a number's height: a digit that stands directly beside it belongs to it."""

_NOT_SPELT = re.compile(r"[^\d.]")
"""What two readings of one number may differ in: separators of thousands, signs, brackets, units."""


@dataclass(frozen=True, slots=True)
class SpellingSettings:
    """When pieces of the text layer are one number, in heights of a piece; the ranges are those without any change in the corpus."""

    in_line: float = 0.35
    """Pieces whose middles differ by more stand in different lines: a number that was wrapped."""
    spaced: float = 1.2
    """Pieces further apart in one line are two numbers: letters are spaced by less than their height."""
    pitch: float = 2.2
    """Pieces in lines further apart are two numbers."""
    sized: float = 0.2
    """Pieces whose heights differ by more are not of one print."""
    slack: float = 0.5
    """Points by which a piece may stand outside the box of the number."""


SPELLING = SpellingSettings()


_BAND = 16.0
"""Points. Numbers are looked for by the band of the page in which their middle stands: rows are some 16 apart."""


class PlacedNumbers:
    """The numbers of a page, found by where their middles stand: a table has hundreds, and each of its lines asks for one."""

    def __init__(self, numbers: Iterable[Word]) -> None:
        """Index numbers by bands, and from left to right in each."""
        bands: dict[int, list[tuple[float, tuple[int, Word]]]] = defaultdict(list)
        for n, word in enumerate(numbers):
            x0, y0, x1, y1 = word.box
            bands[int((y0 + y1) / 2 // _BAND)].append(((x0 + x1) / 2, (n, word)))
        for band in bands.values():
            band.sort(key=itemgetter(0))
        self._bands = {at: ([x for x, _ in band], [placed for _, placed in band]) for at, band in bands.items()}

    def around(self, box: Box, slack: float) -> list[tuple[int, Word]]:
        """Return the numbers whose middle is within `slack` of a box, and some above and below it, each with its place in the text layer.

        They are in the order of the text layer.
        """
        x0, y0, x1, y1 = box
        found: list[tuple[int, Word]] = []
        for at in range(int((y0 - slack) // _BAND), int((y1 + slack) // _BAND) + 1):
            if at in self._bands:
                middles, placed = self._bands[at]
                found += placed[bisect_left(middles, x0 - slack) : bisect_right(middles, x1 + slack)]
        return sorted(found) if len(found) > 1 else found  # no two have one place


class NumbersOfPages:
    """The numbers of a document's pages, found by where they stand."""

    def __init__(self, content: Content) -> None:
        """Index the pages of `content` as they are asked for."""
        self._pages = {page.number: page for page in content.pages}
        self._bands: dict[int, dict[int, dict[int, Word]]] = {}
        self._placed: dict[int, PlacedNumbers] = {}

    def around(self, page: int, box: Box, slack: float) -> list[Word] | None:
        """Return the numbers around a box, all those whose middle is within `slack` of it among them, in the order of the text layer.

        None where there is no such page, or the document has no text layer.
        """
        numbers = spelt_numbers(self._pages[page], box) if page in self._pages else None
        if numbers is None:
            return None
        if page not in self._placed:
            self._placed[page] = PlacedNumbers(numbers)
        return [word for _, word in self._placed[page].around(box, slack)]

    def near(self, page: int, box: Box, slack: float = 0.0) -> list[Word] | None:
        """Return the numbers near a box, all those whose middle is within `slack` of its height among them, in the order of the text layer.

        None where there is no such page, or the document has no text layer.
        """
        numbers = spelt_numbers(self._pages[page], box) if page in self._pages else None
        if numbers is None:
            return None
        if page not in self._bands:
            bands: dict[int, dict[int, Word]] = defaultdict(dict)
            for n, word in enumerate(numbers):
                bands[int((word.box.y0 + word.box.y1) / 2 // _BAND)][n] = word
            self._bands[page] = dict(bands)
        own = self._bands[page]
        span = range(int((box.y0 - slack) // _BAND), int((box.y1 + slack) // _BAND) + 1)
        within = [words for band in span if (words := own.get(band))]
        if len(within) == 1:
            return list(within[0].values())
        return [word for _, word in sorted(entry for words in within for entry in words.items())]  # no two have one place


def spelt_numbers(page: Page, box: Box) -> tuple[Word, ...] | None:
    """Return the numbers of a page's text layer; None where a machine recognised what stands there: the same reading is no second one."""
    return None if page.is_recognised(box) else page.numbers


def numbers_at(content: Content, places: Sequence[tuple[int, Box]], others: Collection[tuple[int, Box]] = ()) -> list[str | None]:
    """Return the number that a document prints at each place, as its text layer has it.

    Args:
        content: pages with `numbers`.
        places: page (from 1) and box of the number as it was read, in points of the upright page.
        others: places of all numbers read: what stands at one of these belongs to no other.

    Returns:
        The digits with their separators and signs, empty where the page prints none there; None where there is no such page, or the
        document has no text layer.
    """
    return [
        _at(spelt_numbers(content.pages[page - 1], box), box, [other for at, other in others if at == page and other != box])
        if 1 <= page <= len(content.pages)
        else None
        for page, box in places
    ]


def spells(numbers: Sequence[Word], box: Box, text: str, settings: SpellingSettings = SPELLING) -> bool:
    """Tell whether the text layer has, at the place of a number, the number that was read there.

    It may have it several times (fake bold) or in pieces: spaced letters, a number wrapped in its cell. Pieces of another size, or
    further apart than in one number, are two numbers, whatever their digits make up.

    Args:
        numbers: of the page.
        box: where the number stands.
        text: the number as it was read.
        settings: thresholds.
    """
    slack = settings.slack
    left, top, right, bottom = box.x0 - slack, box.y0 - slack, box.x1 + slack, box.y1 + slack
    own: list[Word] = []
    for word in numbers:
        x0, y0, x1, y1 = word.box
        if left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom:
            own.append(word)
    if {word.text for word in own} == {text}:
        return True
    read, spelt = _digits(text), [_digits(word.text) for word in own]
    if own and all(_is_or_is_doubled(digits, read) for digits in spelt):
        return True
    return "".join(spelt) == read and all(_joins(one.box, other.box, settings) for one, other in pairwise(own))


def _digits(text: str) -> str:
    return _NOT_SPELT.sub("", fold(text))


def _is_or_is_doubled(spelt: str, read: str) -> bool:
    """Tell whether the text layer spells a number once, or each of its characters twice, or twice its point alone.

    In low print pdfium takes the copies of digits for the digits themselves, those of the point beside them for another one. Of digits
    either all are doubled or none: with one doubled it is another number.
    """
    return spelt in (read, "".join(2 * character for character in read)) or spelt.replace("..", ".") == read


def _joins(one: Box, other: Box, settings: SpellingSettings) -> bool:
    """Tell whether two pieces that follow one another can be of one number."""
    heights = one.y1 - one.y0, other.y1 - other.y0
    height = min(heights)
    if max(heights) - height > settings.sized * height:
        return False
    lower = (other.y0 + other.y1 - one.y0 - one.y1) / 2
    if abs(lower) <= settings.in_line * height:
        return -settings.in_line * height <= other.x0 - one.x1 <= settings.spaced * height
    full = one.x1 - one.x0 + settings.slack >= other.x1 - other.x0  # what is wrapped fills its line: a shorter one above is another number
    return full and 0 < lower <= settings.pitch * height and other.x0 < one.x1 and other.x1 > one.x0


def _at(numbers: Sequence[Word] | None, box: Box, others: Sequence[Box]) -> str | None:
    if numbers is None:
        return None
    margin = _WIDER * (box.y1 - box.y0)
    joined = "".join(
        word.text
        for word in numbers
        if word.box.x1 > box.x0 - margin and word.box.x0 < box.x1 + margin and word.box.y1 > box.y0 and word.box.y0 < box.y1
        if _stands_in(word.box, box) or not any(_stands_in(word.box, other) for other in others)
    )
    match = NUMBER.search(joined)
    return match[0] if match else joined


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1
