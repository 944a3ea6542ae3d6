"""From lines of text to paragraphs: hard-wrapped lines joined, page furniture dropped, tables left out.

Belongs here: what a paragraph is, and where each of its characters stands. Does not belong here: what it says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import quantiles

import msgspec

from pipeline.budget.amounts import DIGITS, YUAN_PER
from pipeline.budget.characters import REMEMBERED, fold, normalise_characters
from pipeline.budget.codes.book import code_book
from pipeline.budget.patterns import ARABIC_NUMBER, CIRCLED_NUMBER, HAN, HAN_NUMBER, YEAR_DIGITS
from pipeline.document.content import Box, Content, Page, TextLine, single_pages
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_DOT = rf"[.](?:(?!\d)|(?={YEAR_DIGITS}年))"  # 1.2023年收入总计 is no number with decimals
NUMBERING = re.compile(
    rf"(?:第{HAN_NUMBER}(?P<part>部分|章)|(?P<one>[{HAN}]{{1,3}})(?:、|{_DOT})"
    rf"|\((?P<two>[{HAN}]{{1,3}})\)(?:、|{_DOT})?"
    rf"|(?P<three>{ARABIC_NUMBER})(?:、|{_DOT})|\((?P<four>{ARABIC_NUMBER})\)(?:、|{_DOT})?|(?P<five>{CIRCLED_NUMBER})|(?P<six>{ARABIC_NUMBER})\))"
)
"""Numbering at the start of a folded paragraph (the enumeration comma is kept as `、`)."""

LEVELS = ("part", "one", "two", "three", "four", "five", "six")
"""Groups of `NUMBERING`, outermost first."""

_PAGE_NUMBER = re.compile(r"[-—–_·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共,，]\s*\d{1,4}\s*页?)?[-—–_·\s]*")
_LEADER = re.compile(r"(?<![.…·])[.…·]{4,}+\s*+\d*+\s*+$|…{2}")
_GAP = re.compile(r"(?<=[\d.,])\s+(?=\d)")
_HEADING = re.compile(rf"(?:第?{HAN_NUMBER}|[（(]{HAN_NUMBER}[)）])[^，,。；;]{{2,40}}(?:情况|说明)(?:[（(](?:详)?见[^）)]*[)）])?")
_IS_SENTENCE = re.compile(r"[。，；]|元")
_CODE_AT_END = re.compile(r"(?<![\d.,])(\d{3})(?:\d\d){0,2}$")
"""Digits of a code of any level at a line's end, with its class."""
_NUMBER_ALONE = WordPattern(lambda: rf"(?:{either('parts')}:)?(?:{NUMBERING.pattern})")
_AMOUNT_FIRST = re.compile(rf"-?{DIGITS}(?:\.\d+)?(?:{'|'.join(YUAN_PER)})")
"""An amount at a line's start: what it is the amount of stands on the line before, for no paragraph begins with one."""
_WORDS_LAST = re.compile(r"[\u4e00-\u9fff]$")
_UNFINISHED = re.compile(r"^[^,。;:]*+[,。;:].*[^。;:!?,%)\"元]$|(?:^|[^\d,.])[\d,.]+$")
_PARTS_FOLLOW = WordPattern(lambda: rf",{either('parts')}:$")
"""At the end of a line, within a sentence: a colon behind it closes nothing."""
_DASHES_BEFORE = re.compile(r"——(?=\d)(?!\d{1,4}[年月日])")
"""Between a name and its number, no sign of it: 公务接待费——2万元; 2021——2023年 are several years."""
_NUMBERS_ALONE = re.compile(r"[\d,. -]+")
_YEAR_FIRST = re.compile(rf"{YEAR_DIGITS}年")
_TERMINAL = "。;:!?；：！？"
_NEXT_LINE = 1.5  # of the usual distance of lines: the next line stands nearer, the one after it farther down
_SAME_PRINT = 0.1  # of a line's height: full lines of one print, whose heights differ by less, are set equally far apart
_WIDE_SET = 1.6  # heights: where no other line is full, lines are set as far apart as in print set wide, and no line is left out
_FOURTH = 4  # a fourth of a page's full lines stand nearer than usual at most: more stand farther off, after headings and lost lines
_EDGE_LINES = 2  # first and last lines of a page that may be its running head or foot
_REPEATS = 3  # pages on which such a line stands at one height
_SAME_HEIGHT = 4  # points: heads at one height are rounded together
_INDENT = 1.3  # characters: a first line is set in by two
_HAN_WIDTH = 2.0  # half-width characters
_DECILES, _NINTH = 10, 8  # the column's right edge is the ninth decile of its lines: few lines stick out
_STOPPED, _FULL, _NEARLY = 0.97, 0.93, 0.78  # of the column's width: lines that reach so far go on below (after a stop; in any
# case; where the next line is not set in)
_LONGEST_NUMBER = 40  # characters: a number alone, with the words that open a list before it, has some ten
_LONGEST_LEAD = 12  # characters of `，其中：` and the like
_LAST_PARTS = 6  # lines of an open paragraph that are asked for open brackets and quotes
_NARROWEST = 40.0  # of a column of prose, in half-width characters
_OPEN_ENDS = "，,、(（“《"
_DIGITS = re.compile(r"\d+")


_KEPT = ("、", "\ufe50")


class _Folding(dict[int, str]):
    """Folds one character to one character, so that places in the folded text are places in the printed text."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = char if char in _KEPT else fold(char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_FOLDING = _Folding()


UNTOLD = "\ufe50"
"""Stands for a comma of sentences between digits that may be one number, or the end of a name and an amount."""

_PERHAPS_THOUSANDS = re.compile(
    r"(?<![\d.．,，])[1-9１-９]\d{0,2}，\d{3}(?:，\d{3})*(?:[.．]\d+)?(?=(?:万元|亿元|千元|元)(?!(?:[（(]含[）)])?以[上下内外]))"
)
"""7，503.31万元 is one number that was typed in Chinese; 项目1，500万元 is two. What stands before does not tell."""


@lru_cache(maxsize=REMEMBERED)
def fold_in_place(text: str) -> str:
    """Return `text` folded character by character: as long as `text`, with `、` kept apart from the comma."""
    if "，" in text:
        text = _PERHAPS_THOUSANDS.sub(lambda match: match[0].replace("，", UNTOLD), text)
    return _DASHES_BEFORE.sub("：：", text).translate(_FOLDING)


class LinePosition(msgspec.Struct, frozen=True, gc=False):
    """Where a line stands: page number from 1, the line's box (None where the document has no paper)."""

    page: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or heading, or one row of something that is no prose.

    Attributes:
        text: as printed, without white space (one space stays between two digits that stand apart on one line).
        folded: the same length, in folded characters.
        starts, places: offset in `text` at which each printed line starts, and where that line stands.
        wrapped: whether it was joined from several lines.
    """

    text: str
    folded: str
    starts: tuple[int, ...]
    places: tuple[LinePosition, ...]

    def place(self, offset: int) -> LinePosition:
        """Return where the character at `offset` stands."""
        return self.places[bisect_right(self.starts, offset) - 1]

    def line(self, offset: int) -> tuple[int, int]:
        """Return the offsets at which the line with the character at `offset` starts and ends."""
        at = bisect_right(self.starts, offset)
        return self.starts[at - 1], self.starts[at] if at < len(self.starts) else len(self.text)


@lru_cache(maxsize=REMEMBERED)  # a line is asked for its height, its width, the line behind it, and itself
def _squeeze(text: str) -> str:
    """Return a line without white space, but for one space between digits that do not touch."""
    return "".join(_GAP.sub("\x01", normalise_characters(text)).split()).replace("\x01", " ")


def _width(text: str) -> float:
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _running_head_key(line: TextLine) -> tuple[str, int | None]:
    """Return what makes a running head: its text, digits aside, and its height on the page."""
    return _DIGITS.sub("#", _squeeze(line.text)), round(line.box.y0 / _SAME_HEIGHT) if line.box else None


def _furniture(pages: Sequence[Page]) -> set[tuple[str, int | None]]:
    """Return the running heads and feet: first and last lines that repeat at one height on three pages or more."""
    edges: Counter[tuple[str, int | None]] = Counter()
    for page in pages:
        loose = [line for line in page.lines if line.text.strip()]
        edges.update({_running_head_key(line) for line in (*loose[:_EDGE_LINES], *loose[-_EDGE_LINES:])})
    return {mark for mark, count in edges.items() if count >= _REPEATS and mark[0] and not _IS_SENTENCE.search(mark[0])}


@dataclass(slots=True)
class _TextColumn:
    """The column that prose fills: its left and right edge and the size of a character."""

    left: float
    right: float
    char: float

    def reaches(self, line: TextLine, width: float, share: float) -> bool:
        end = line.box.x1 if line.box else width
        return end >= self.left + share * (self.right - self.left)

    def indented(self, line: TextLine) -> bool:
        return line.box is not None and line.box.x0 > self.left + _INDENT * self.char


def _loses_unit(page: Page, previous: TextLine, line: TextLine, before: str, text: str) -> bool:
    """Tell whether a number at a line's end gets its unit from a line too far below: what stood between them is not there."""
    if not before[-1].isdigit() or not text.startswith(tuple(YUAN_PER)) or not (previous.box and line.box):
        return False
    box, height = previous.box, previous.box.y1 - previous.box.y0
    boxes = [x.box for x in page.lines if x.box and not x.in_grid]
    full = [(a, b) for a, b in pairwise(boxes) if abs(a.y1 - a.y0 - height) < _SAME_PRINT * height and abs(a.x1 - box.x1) < height]
    steps = sorted(b.y0 - a.y0 for a, b in full if b.y0 > a.y1 and a != box)
    usual = steps[len(steps) // _FOURTH] if steps else _WIDE_SET * height
    return line.box.y0 - box.y0 > _NEXT_LINE * usual


def _ruler(lines: list[TextLine]) -> _TextColumn:
    """Measure the text column over lines of one page size (or of a whole text dump, in character widths)."""
    boxed = [line.box for line in lines if line.box]
    if len(boxed) < len(lines) or not boxed:
        widths = sorted(_width(_squeeze(line.text)) for line in lines if line.text.strip())
        long = [w for w in widths if w >= _NARROWEST] or [_NARROWEST]
        return _TextColumn(0.0, quantiles(long, n=_DECILES)[_NINTH] if len(long) > 1 else long[0], _HAN_WIDTH)
    char = sorted(b.y1 - b.y0 for b in boxed)[len(boxed) // 2]
    prose = [b for line, b in zip(lines, boxed, strict=True) if _width(_squeeze(line.text)) >= _NARROWEST] or boxed
    if len(prose) == 1:
        return _TextColumn(prose[0].x0, prose[0].x1, char)
    lefts, rights = quantiles([b.x0 for b in prose], n=_DECILES), quantiles([b.x1 for b in prose], n=_DECILES)
    return _TextColumn(lefts[0], rights[_NINTH], char)


@dataclass(slots=True)
class _OpenParagraph:
    """The paragraph being joined."""

    parts: list[str]
    places: list[LinePosition]
    last: TextLine | None = None

    def close(self) -> Paragraph | None:
        if not self.parts:
            return None
        starts, offset = [], 0
        for part in self.parts:
            starts.append(offset)
            offset += len(part)
        text = "".join(self.parts)
        paragraph = Paragraph(text, fold_in_place(text), tuple(starts), tuple(self.places))
        self.parts, self.places, self.last = [], [], None
        return paragraph


def _continues(previous: TextLine, above: _TextColumn, line: TextLine, ruler: _TextColumn, so_far: str, number: bool) -> bool:
    """Tell whether `line` goes on with the paragraph that ends in `previous`, each in the column of its own page."""
    if len(so_far) <= _LONGEST_NUMBER and _NUMBER_ALONE.fullmatch(fold_in_place(so_far)):
        return True
    if so_far[-1] in _OPEN_ENDS or so_far.count("（") > so_far.count("）") or so_far.count("“") > so_far.count("”"):
        return True
    if previous.closed:
        return False
    width = _width(_squeeze(previous.text))
    if number or _HEADING.fullmatch(so_far):
        return False
    if _WORDS_LAST.search(so_far) and _AMOUNT_FIRST.match(fold_in_place(_squeeze(line.text))):
        return True
    if so_far[-1] in _TERMINAL and not _PARTS_FOLLOW.search(fold_in_place(so_far[-_LONGEST_LEAD:])):
        return so_far[-1] in "。；;：:" and above.reaches(previous, width, _STOPPED) and not ruler.indented(line)
    if above.reaches(previous, width, _FULL):
        return True
    return above.reaches(previous, width, _NEARLY) and not ruler.indented(line)


def is_rest(before: str, folded: str) -> bool:
    """Tell whether a paragraph is the rest of the one before it, whose line was broken off inside a sentence or a number.

    Numbers alone are a row of a table: a year begins a sentence behind it.
    """
    if _NUMBERS_ALONE.fullmatch(before) and _YEAR_FIRST.match(folded):
        return False
    return _UNFINISHED.search(before) is not None


def _ends_in_code(text: str) -> bool:
    """Tell whether a line ends in what can be a code: what digits the next line begins with are none of its digits then.

    Whether it is a code or a number cut by the line's end, nothing tells: the two stay apart, and no number is read of them.
    """
    code = _CODE_AT_END.search(fold_in_place(text))
    scheme = code_book().scheme_of(code[1]) if code else None
    return bool(code and scheme and code_book().knows(scheme, code[1]))


def paragraphs(content: Content) -> list[Paragraph]:
    """Return the document's running text as paragraphs, in order.

    Lines inside grids, page numbers, running heads and dotted lines of a table of contents are left out. A paragraph
    goes on over a page break; a grid ends it.

    Args:
        content: what a reader took from the document.
    """
    pages = single_pages(content.pages)
    furniture = _furniture(pages) if len(pages) > 2 else set()
    rulers: dict[int, _TextColumn] = {}
    by_width: dict[int, list[TextLine]] = {}
    for page in pages:
        by_width.setdefault(round(page.width), []).extend(x for x in page.lines if not x.in_grid)
    for width, lines in by_width.items():
        rulers[width] = _ruler(lines)
    found: list[Paragraph] = []
    current = _OpenParagraph([], [])

    def close() -> None:
        paragraph = current.close()
        if paragraph:
            found.append(paragraph)

    above = _TextColumn(0.0, 0.0, 0.0)  # of the line before
    for page in pages:
        ruler = rulers[round(page.width)]
        for line in page.lines:
            if line.in_grid:
                close()
                continue
            text = _squeeze(line.text)
            if not text or _PAGE_NUMBER.fullmatch(line.text.strip()):
                continue
            if _LEADER.search(text):
                close()
                continue
            if furniture and _running_head_key(line) in furniture:
                continue
            number = NUMBERING.match(fold_in_place(text)) is not None
            so_far = "".join(current.parts[-_LAST_PARTS:])
            if current.last is not None and not _continues(current.last, above, line, ruler, so_far, number):
                close()
            if current.parts and current.last is not None:
                lost = _loses_unit(page, current.last, line, current.parts[-1], text)
                if lost or (text[0].isdigit() and _ends_in_code(current.parts[-1])):
                    text = f" {text}"
            current.parts.append(text)
            current.places.append(LinePosition(page.number, line.box if content.printed else None))
            current.last, above = line, ruler
    close()
    return found
