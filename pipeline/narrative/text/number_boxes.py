"""Where a number of the narrative stands: its own box, not that of its line.

Belongs here: finding a number of a paragraph among the numbers of the page's text layer.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.budget.characters import fold
from pipeline.document.content import Box, Page, Word, box_with
from pipeline.narrative.text.paragraphs import LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number

_BEFORE_DIGITS = (".", ",")  # of one number
_WIDE_CHARACTER = 2  # half-width characters


class NumberBoxes:
    """Tells where the numbers of paragraphs stand."""

    def __init__(self, pages: Iterable[Page]) -> None:
        """Prepare.

        Args:
            pages: of the document, with the numbers of their text layers.
        """
        self._numbers = {page.number: page.numbers or () for page in pages}
        self._of_lines: dict[tuple[int, Box], tuple[str, list[_Digit]]] = {}

    def of(self, paragraph: Paragraph, start: int, length: int) -> LinePosition:
        """Return the page and box of a number.

        A number that a line break parts is framed where more of it stands: a box around both parts would hold both lines. Where a page
        break does, it is the part before it.

        Args:
            paragraph: that states it.
            start: offset of its first character.
            length: characters.
        """
        part = _largest_part(paragraph, start, start + length)
        here = paragraph.place(part.start)
        if here.box is None:
            return here
        return LinePosition(here.page, self._in_line(paragraph, part.start, part.stop, here.page, here.box))

    def _in_line(self, paragraph: Paragraph, start: int, end: int, page: int, box: Box) -> Box:
        """Return the box of a number, or of its part, that stands in one line."""
        first, last = paragraph.line(start)
        digits = [at for at in range(first, last) if paragraph.text[at].isdecimal()]  # ① is none, though it is folded to 1
        own = [i for i, at in enumerate(digits) if start <= at < end]
        known = self._of_lines.get((page, box))
        if known is None:
            known = self._of_lines[page, box] = _pieces(self._numbers.get(page, ()), box)
        spelt, pieces = known
        if own and spelt == "".join([paragraph.folded[at] for at in digits]):
            return _hull([_box_of(pieces[i]) for i in own])
        # the text layer has other digits in this line (drawn twice, in pieces of another order): by the width of the characters
        return _by_width(paragraph.text[first:last], start - first, end - first, box)

    def of_last(self, paragraph: Paragraph, within: slice, number: Number | None) -> LinePosition:
        """Return the page and box of the last number so printed in a stretch of a paragraph, where there is none of how the stretch ends.

        Args:
            paragraph: that states it.
            within: the stretch, by offsets.
            number: that is stated; None asks for the words (与上年持平), where more of them stand.
        """
        start = -1 if number is None else _last_place(number.text, paragraph.folded[within])
        if number is not None and start >= 0:
            return self.of(paragraph, within.start + start, len(number.text))
        return of_words(paragraph, within)


def of_words(paragraph: Paragraph, words: slice) -> LinePosition:
    """Return the page and box of words, by the width of characters; of words that a line break parts where more of them stand.

    Args:
        paragraph: that states them.
        words: by offsets.
    """
    part = _largest_part(paragraph, words.start, words.stop)
    place, (first, last) = paragraph.place(part.start), paragraph.line(part.start)
    if place.box is None:
        return place
    return LinePosition(place.page, _by_width(paragraph.text[first:last], part.start - first, part.stop - first, place.box))


def _largest_part(paragraph: Paragraph, start: int, end: int) -> slice:
    """Return the largest part of a stretch that stands in one line, of those on its first page; the first of equal ones."""
    page, parts = paragraph.place(start).page, list[slice]()
    while start < end and paragraph.place(start).page == page:
        _, last = paragraph.line(start)
        parts.append(slice(start, min(end, last)))
        start = last
    return max(parts, key=lambda part: part.stop - part.start) if parts else slice(start, end)


def _last_place(number: str, text: str) -> int:
    """Return where a number stands last in a text that is no part of a longer one; -1 where it does not."""
    at = text.rfind(number)
    while at >= 0:
        end = at + len(number)
        before, after = text[max(at - 1, 0) : at], text[end : end + 1]
        if not (before.isdecimal() or before in _BEFORE_DIGITS or after.isdecimal() or after == "."):
            return at
        at = text.rfind(number, 0, end - 1)
    return at


_Digit = tuple[Box, int, int]
"""The box of a number, the place of a digit in it, and how many characters the number has."""


def _pieces(numbers: Iterable[Word], line: Box) -> tuple[str, list[_Digit]]:
    """Return the digits of the numbers in a line, from left to right, and where each stands in its number."""
    left, top, right, bottom = line
    inside: list[Word] = []
    for word in numbers:
        x0, y0, x1, y1 = word.box
        if top <= (y0 + y1) / 2 <= bottom and left <= (x0 + x1) / 2 <= right:
            inside.append(word)
    spelt, places = [], list[_Digit]()
    for word in sorted(inside, key=lambda word: word.box.x0):
        text = fold(word.text)
        for i, character in enumerate(text):
            if character.isdigit():
                spelt.append(character)
                places.append((word.box, i, len(text)))
    return "".join(spelt), places


def _box_of(digit: _Digit) -> Box:
    """Return a digit's share of its number's box."""
    (x0, y0, x1, y1), i, characters = digit
    step = (x1 - x0) / characters
    return box_with((x0 + i * step, y0, x0 + (i + 1) * step, y1))


def _hull(boxes: list[Box]) -> Box:
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _by_width(text: str, start: int, end: int, line: Box) -> Box:
    """Return the box of a stretch of a line's text, as printed: folded, its wide marks are narrow ones."""
    widths = [1 if c.isascii() else _WIDE_CHARACTER for c in text]
    scale = (line.x1 - line.x0) / max(sum(widths), 1)
    return line._replace(x0=line.x0 + scale * sum(widths[:start]), x1=line.x0 + scale * sum(widths[:end]))
