"""Lines of a page as texts that stand together: which of them are amounts, and which amounts are but words of a sentence.

Belongs here: what one line says. Which lines are a table is in `whitespace.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.budget.amounts import DIGITS, SIGN, is_amount_alone
from pipeline.document.content import Box
from pipeline.document.pdf.runs import TextRun, bounding_box
from pipeline.document.tables.settings import CHUNKS, ChunkSettings

DASH = re.compile(r"[-—–]{1,4}")
"""What stands in the place of an amount that is nothing."""

NUMBER_LIKE = re.compile(rf"{SIGN}\d[\d,，'’]*(?:[.．]\d+)?[)）%％]?|{DASH.pattern}")
_SENTENCE = re.compile(r"[。；]|\d(?:万|亿)?元|[，,]\D.*[，,]\D")
_IS_IN_SENTENCE = re.compile(r"[万亿]?元|[，。；、%％）)]")
# What touches an amount with two decimals, or the dash in its place, and does not go on with it begins another cell.
_TOUCHING_AMOUNT = re.compile(
    rf"(?P<amount>-?{DIGITS}\.\d{{2}}|[-—–]{{1,2}})(?P<rest>[（(]?[\u4e00-\u9fff].*|\d{{3,7}}(?:[\u4e00-\u9fff].*)?)"
)


@dataclass(slots=True)
class Chunk:
    """Text of one line that stands together."""

    text: str
    box: Box
    amount: bool


@dataclass(slots=True)
class ChunkedLine:
    """A line of a page: its chunks from left to right, the box around them, and the runs they are made of."""

    chunks: list[Chunk]
    box: Box
    runs: Sequence[TextRun]

    @property
    def y(self) -> float:
        """Its middle."""
        return (self.box.y0 + self.box.y1) / 2

    @property
    def height(self) -> float:
        """From its highest to its lowest point."""
        return self.box.y1 - self.box.y0

    @property
    def tallest(self) -> float:
        """Height of the tallest print in the line (words that stand a little higher or lower make a line taller)."""
        return max(run.box.y1 - run.box.y0 for run in self.runs)

    @property
    def amounts(self) -> int:
        """How many of its chunks are amounts."""
        return sum(chunk.amount for chunk in self.chunks)

    @property
    def text(self) -> str:
        """All of it, chunks parted by a space."""
        return " ".join(chunk.text for chunk in self.chunks)

    def prose(self, width: float, settings: ChunkSettings = CHUNKS) -> bool:
        """Tell whether this is a sentence: alone in its line, or wider than a column of a page `width` wide can be."""
        sentences = [chunk for chunk in self.chunks if len(chunk.text) > settings.shortest_sentence and _SENTENCE.search(chunk.text)]
        widest = settings.widest_cell * width
        return bool(sentences) and (len(self.chunks) == 1 or any(c.box.x1 - c.box.x0 > widest for c in sentences))


def split_touching_amount(run: TextRun) -> Iterator[TextRun]:
    """Yield a run in two where an amount, flush right in its column, touches the words or the code of the next column."""
    match = _TOUCHING_AMOUNT.fullmatch(run.text)
    if match is None or _IS_IN_SENTENCE.match(match["rest"]):
        yield run
        return
    meets = match.end("amount")
    if match["rest"][0].isdigit() or not match["amount"][-1].isdigit():
        before, after = run.glyphs.objects[run.start + meets - 1 : run.start + meets + 1]
        if before == after:
            yield run  # drawn as one: digits of one number, a word with its dash
            return
    yield run.part(0, meets)
    yield run.part(meets, len(run.text))


def chunked_line(
    runs: Sequence[TextRun], starts: Mapping[int, int] = MappingProxyType({}), settings: ChunkSettings = CHUNKS
) -> ChunkedLine:
    """Return runs of one line, left to right, as chunks.

    Args:
        runs: of one line.
        starts: how many runs of the page begin at a place (in steps of `settings.aligned`): words that begin a column may
            stand close to an amount.
        settings: thresholds.
    """
    groups: list[list[TextRun]] = []
    for run in runs:
        figure = NUMBER_LIKE.fullmatch(run.text) is not None
        if groups and not figure and not NUMBER_LIKE.fullmatch(groups[-1][-1].text):
            last = groups[-1][-1].box
            if run.box.x0 - last.x1 <= settings.apart * min(run.box.y1 - run.box.y0, last.y1 - last.y0):
                groups[-1].append(run)
                continue
        groups.append([run])
    chunks = []
    for index, group in enumerate(groups):
        box = bounding_box(run.box for run in group) if len(group) > 1 else group[0].box
        text = "".join(run.text for run in group)
        amount = is_amount_alone(text) and not _has_words_close_by(groups, index, starts, settings)
        chunks.append(Chunk(text, box, amount))
    return ChunkedLine(chunks, bounding_box(chunk.box for chunk in chunks), runs)


def _has_words_close_by(groups: Sequence[Sequence[TextRun]], index: int, starts: Mapping[int, int], settings: ChunkSettings) -> bool:
    """Tell whether the amount at `index` has words close by, as in a sentence, and these do not begin a column."""
    box = groups[index][0].box
    near = settings.apart * (box.y1 - box.y0)
    if index + 1 < len(groups):
        after = groups[index + 1][0]
        if not NUMBER_LIKE.fullmatch(after.text) and after.box.x0 - box.x1 < near:
            return _IS_IN_SENTENCE.match(after.text) is not None or not _begins_column(after, starts, settings)
    if index:
        before = groups[index - 1]
        if not NUMBER_LIKE.fullmatch(before[-1].text) and box.x0 - before[-1].box.x1 < near:
            return not _begins_column(before[0], starts, settings)
    return False


def _begins_column(run: TextRun, starts: Mapping[int, int], settings: ChunkSettings) -> bool:
    place = round(run.box.x0 / settings.aligned)
    return starts.get(place - 1, 0) + starts.get(place, 0) + starts.get(place + 1, 0) > settings.fewest_lines
