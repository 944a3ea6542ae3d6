"""RecognisedNumber characters as runs of text and as numbers, with their places.

Belongs here: from readings of pieces to what a text layer would have. Does not belong here: recognising (`recogniser.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.characters import normalise_characters
from pipeline.document.content import Box, RecognisedNumber
from pipeline.document.pdf.glyphs import NO_OBJECTS, Glyphs
from pipeline.document.pdf.runs import TextRun, bounding_box
from pipeline.document.scans.doubtful import MENDED, confidence_of, other_readings, with_plain_separators
from pipeline.document.scans.picture_rulings import Mask
from pipeline.document.scans.pieces import Piece
from pipeline.document.scans.recogniser import Character, Reading
from pipeline.document.text_layer import NUMBER

_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_NUMERIC = re.compile(r"[\d.,，．%％)）(（-]")
_GOES_ON = re.compile(r"[万亿元，。；、%％）)]")
"""What follows an amount in its sentence or cell."""
_OF_RULINGS = "|丨｜"
"""What the rest of a ruling is taken for."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How print in a picture becomes text."""

    edge: float = 0.6
    """Points. A crop reaches so far beyond its ink: soft edges of letters."""
    white_from: int = 222
    """Gray from which a crop is paper."""
    ideograph: float = 1.08
    """Heights of the ink of a line of ideographs that a line of print is high."""
    digit: float = 1.36
    """Heights of the ink of a line of digits that a line of print is high: digits are lower than the print they belong to."""
    shortest: float = 0.6
    """Of the page's print. What is lower (a dash, a dot) is taken to be print of this height."""
    number_gap: float = 0.45
    """Heights of a line. Digits further apart are of two numbers: a space between columns is wider."""
    name_gap: float = 0.2
    """Heights of a line. An amount and a name further apart are of two columns: letters of one text are closer."""
    wide: float = 2.0
    """Heights. Pieces of several characters are wider than this, if they are not on their side: then they fall apart into characters."""
    mostly: float = 0.6
    """Of the width of all pieces. A page of which less is wide is looked at from the side."""
    sample: int = 4
    """Pieces of a page whose reading tells whether it stands on its head: the longest, since a single zero does not tell."""
    sample_width: float = 6.0
    """Heights. So much of such a piece is read."""
    fewest_pieces: int = 2
    """Pieces. A page with fewer is not turned: there is nothing to tell by."""
    clear: float = 0.8
    """Probability. A character of a name that is less likely may be another; nearly all print is read as surely as 0.95."""
    legible: float = 0.9
    """Mean probability of characters. Upright print is read better than this, print on its head hardly ever."""


SCAN = ScanSettings()


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """The text of a page: runs as from a text layer, its numbers with what they may be else, where characters of names are unclear."""

    runs: list[TextRun]
    numbers: tuple[RecognisedNumber, ...]
    unclear: tuple[Box, ...]


def recognised_text(
    pieces: Sequence[tuple[Piece, Reading]], ink: Mask, lowest: float, scale: float, settings: ScanSettings = SCAN
) -> RecognisedText:
    """Return the text of recognised pieces.

    Args:
        pieces: with their readings.
        ink: of the page.
        lowest: pixels that print is high at least, where its ink is lower.
        scale: pixels per point.
        settings: thresholds.
    """
    text: list[str] = []
    boxes: list[Box] = []
    objects: list[int] = []
    spans: list[tuple[int, int]] = []
    numbers: list[RecognisedNumber] = []
    unclear: list[Box] = []
    for index, (piece, reading) in enumerate(pieces):
        characters = _without_rulings(reading.characters)
        if not characters:
            continue
        first = len(text)
        text += [character.text for character in characters]
        high = max(piece.height, lowest) * (settings.ideograph if _IDEOGRAPH.search(reading.text) else settings.digit)
        cuts = list(_cuts(ink, piece, characters, high, settings))
        boxes += _boxes(piece, characters, cuts, high, scale)
        objects += [index] * len(characters)
        unclear += [
            box
            for character, box in zip(characters, boxes[first:], strict=True)
            if character.probability < settings.clear and not _NUMERIC.fullmatch(character.text)
        ]
        for start, end in pairwise([0, *(cut.at for cut in cuts), len(characters)]):
            spans.append((first + start, first + end))
            read = "".join(text[first + start : first + end])
            text[first + start : first + end] = plain = with_plain_separators(read)
            surely = 1.0 if plain == read else MENDED
            found = _numbers(reading, characters, start, plain, boxes[first:])
            numbers += [replace(one, confidence=min(one.confidence, surely)) for one in found]
    glyphs = Glyphs("".join(text), np.array(boxes, np.float32).reshape(-1, 4), 0, False, 0, NO_OBJECTS, tuple(objects))
    runs = []
    for start, end in spans:
        box = bounding_box(boxes[start:end])
        runs.append(TextRun(glyphs, start, end, box, glyphs.text[start:end], (box.y0 + box.y1) / 2))
    return RecognisedText(runs, tuple(numbers), tuple(unclear))


def _without_rulings(characters: Sequence[Character]) -> list[Character]:
    """Return characters that print something, without what was left of rulings at either end."""
    shown = [character for character in characters if len(normalise_characters(character.text).strip()) == 1]
    while shown and shown[0].text in _OF_RULINGS:
        shown.pop(0)
    while shown and shown[-1].text in _OF_RULINGS:
        shown.pop()
    return shown


@dataclass(frozen=True, slots=True)
class _Cut:
    """A gap within a piece that parts two texts: before which character, and where ink ends and begins again (shares of the width)."""

    at: int
    ends: float
    begins: float


def _boxes(piece: Piece, characters: Sequence[Character], cuts: Sequence[_Cut], high: float, scale: float) -> Iterator[Box]:
    """Yield the boxes of characters, in points: they meet in the middle between them, but at cuts, and fill the piece."""
    middles = [(character.x0 + character.x1) / 2 for character in characters]
    between = [(a + b) / 2 for a, b in pairwise(middles)]
    lefts, rights = [0.0, *between], [*between, 1.0]
    for cut in cuts:
        rights[cut.at - 1], lefts[cut.at] = cut.ends, cut.begins
    middle, wide = (piece.y0 + piece.y1) / 2, piece.x1 - piece.x0
    for left, right in zip(lefts, rights, strict=True):
        yield Box(
            (piece.x0 + left * wide) / scale, (middle - high / 2) / scale, (piece.x0 + right * wide) / scale, (middle + high / 2) / scale
        )


def _cuts(ink: Mask, piece: Piece, characters: Sequence[Character], high: float, settings: ScanSettings) -> Iterator[_Cut]:
    """Yield the gaps at which a number ends, or another begins, each before another character."""
    text = "".join(character.text for character in characters)
    filled = np.flatnonzero(ink[piece.y0 : piece.y1, piece.x0 : piece.x1].any(axis=0))
    jumps = np.flatnonzero(np.diff(filled) > settings.name_gap * high)
    wide, last = piece.x1 - piece.x0, 0
    for jump in jumps.tolist():
        middle = (filled[jump] + filled[jump + 1]) / 2 / wide
        after = next((n for n, one in enumerate(characters) if (one.x0 + one.x1) / 2 > middle), 0)
        far = filled[jump + 1] - filled[jump] > settings.number_gap * high
        if after > last and _begins_another(text[:after], text[after:], far):
            last = after
            yield _Cut(after, float(filled[jump] + 1) / wide, float(filled[jump + 1]) / wide)


def _begins_another(before: str, after: str, far: bool) -> bool:
    """Tell whether a gap has numbers of two columns on its sides, or an amount and a name; words of a sentence go on behind an amount."""
    if _NUMERIC.fullmatch(before[-1]) and _NUMERIC.fullmatch(after[0]):
        return far
    return (is_amount_alone(before) and not _GOES_ON.match(after)) or is_amount_alone(after)


def _numbers(reading: Reading, characters: Sequence[Character], start: int, text: str, boxes: Sequence[Box]) -> Iterator[RecognisedNumber]:
    for match in NUMBER.finditer(text):
        own = slice(start + match.start(), start + match.end())
        alone = match.end() - match.start() == len(characters)
        others = other_readings(reading, match[0]) if alone else ()
        yield RecognisedNumber(match[0], bounding_box(boxes[own]), confidence_of(characters[own]), others)
