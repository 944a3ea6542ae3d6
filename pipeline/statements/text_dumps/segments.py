"""Text dumps, first step: which lines belong to which printed table, and what the words around it announce.

Belongs here: marks (部门预算01表), titles, unit marks, page breaks, prose; the order in which a dump prints them (a title may
come after its table). Does not belong here: rows and columns (`text_rows.py`, `header_phrases.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.budget.amounts import GROUPED
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.book import CodeList
from pipeline.budget.patterns import UNIT_MARK
from pipeline.document.content import Content
from pipeline.statements.meaning.table_heading import is_title, read_heading
from pipeline.statements.text_dumps.title_fit import TitleFit, title_fit
from schemas.statements import read_title
from schemas.vocabulary import read_header
from schemas.vocabulary.titles import TitleMeaning

_MARK = re.compile(
    r"(?=.*表)[\u4e00-\u9fff()]{0,10}?(?:第?\d{1,2}|[一二三四五六七八九十]{1,3})(?:-\d+)?表?[:.]?|[\u4e00-\u9fff]{0,6}表(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:-\d+)?[:.]?"
)
_ENTITY = re.compile(r"(?:编制|填报|公开|预算)?(?:部门|单位)(?:名称)?[(（:].+|(?:编制|填报|公开)(?:部门|单位).*")
_UNIT_TAIL = re.compile(r"[(（]?单位[:：]?(?:人民币)?(?:万元|元)[)）]?$")
_PROSE = re.compile(r"[。；;]|.{15}(?:，|,(?!\d{3}))|[:：]$|(?:说明|解释|职能|职责|设置|概况)$")
_AMOUNT = re.compile(rf"(?:^|\s)[-△]?[¥￥]?(?:{GROUPED}(?:\.\d+)?(?=\s|$|[\u4e00-\u9fff])|\d+\.\d{{1,6}}(?=\s|$))")


_MONEY_IN_CLAUSE = re.compile(r"[\u4e00-\u9fff]\s*\d[\d,.]*\s*[万亿]?元\s*[，,。；;]")
"""An amount with its unit that ends a clause, between spaces or not (支出决算为 64.87 万元，): no cell prints so."""

_LONGEST_WORD = 38  # characters without a space: no title or heading is longer, a full line of prose is


@dataclass(frozen=True, slots=True)
class DumpLine:
    """A line of a dump. `block` changes at page breaks; `folded` has no white space left; `number` counts the lines of its page."""

    text: str
    folded: str
    page: int
    block: int
    number: int = 0


@dataclass(slots=True)
class Segment:
    """The lines of one printed table, continuation pages included, without its marks, titles and fields.

    Attributes:
        mark: as printed (部门预算01表), folded.
        title, meaning: the first title, as printed, and what it announces.
        money_units: units of money that its marks name.
        entity: the body named by 编制部门：….
    """

    mark: str | None = None
    title: str | None = None
    meaning: TitleMeaning | None = None
    money_units: frozenset[str] = frozenset()
    entity: str | None = None
    lines: list[DumpLine] = field(default_factory=list)

    @property
    def has_amounts(self) -> bool:
        """Whether any of its lines prints an amount."""
        return any(_AMOUNT.search(line.text) for line in self.lines)

    @property
    def has_total(self) -> bool:
        """Whether a total row is printed in it."""
        return any(_AMOUNT.search(line.text) and re.search(r"[合总]计", line.folded) for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str  # mark | title | unit | body | prose
    line: DumpLine
    title: str = ""


def segments_of(content: Content, book: CodeList) -> list[Segment]:
    """Return the tables of a text dump in document order.

    What opens a table (its mark, its title, its unit mark, or a new page) is found by trying: in the right reading every
    table has one title and a body.
    """
    items = list(_items(_lines(content)))
    readings = [_segments(items, opener) for opener in ("mark", "title", "unit", "page")]
    return max((reading for reading in readings if reading), key=lambda reading: _plausibility(reading, items, book), default=[])


def _lines(content: Content) -> Iterator[DumpLine]:
    """Yield the lines that are not blank, with their page and block (a run of blank lines longer than usual is a page break)."""
    blank_runs: list[int] = []
    for page in content.pages:
        run = 0
        for line in page.lines:
            if line.text.strip():
                blank_runs.append(run)
                run = 0
            else:
                run += 1
    usual = sorted(blank_runs)[len(blank_runs) // 2] if blank_runs else 0
    block = 0
    for page in content.pages:
        block += 1
        run = 0
        for number, line in enumerate(page.lines, start=1):
            folded = fold(line.text)
            if not folded:
                run += 1
                continue
            if run >= usual + 2:
                block += 1
            run = 0
            yield DumpLine(line.text, folded, page.number, block, number)


def _items(lines: Iterator[DumpLine]) -> Iterator[_Item]:
    pending = list(lines)
    skip = False
    for n, line in enumerate(pending):
        if skip:
            skip = False
            continue
        title = _title(line)
        if title is None and n + 1 < len(pending) and (joined := _wrapped_title(line, pending[n + 1])):
            title, skip = joined, True
        if title is not None:
            yield _Item("title", line, title)
        elif _MARK.fullmatch(line.folded) and not _AMOUNT.search(line.text):
            yield _Item("mark", line)
        elif UNIT_MARK.search(line.folded) and not _PROSE.search(line.text.strip()) and len(line.folded) < 60:
            yield _Item("unit", line)
        elif _ENTITY.match(line.folded) and not _AMOUNT.search(line.text):
            yield _Item("entity", line)
        elif _is_prose(line):
            yield _Item("prose", line)
        else:
            yield _Item("body", line)


def _is_prose(line: DumpLine) -> bool:
    """Tell whether a line is part of a sentence or a heading of the narrative (a short header phrase may look like one)."""
    if _MONEY_IN_CLAUSE.search(line.text):
        return True
    if _AMOUNT.search(line.text):
        return False
    if "。" in line.text or max(len(word) for word in line.text.split()) > _LONGEST_WORD:
        return True
    return bool(_PROSE.search(line.text.strip())) and not (len(line.folded) < 20 and read_header(line.folded))


def _title(line: DumpLine) -> str | None:
    """Return the title that a line prints, as printed, or None."""
    if _AMOUNT.search(line.text):
        return None
    text = _UNIT_TAIL.sub("", without_spaces(line.text))
    folded = _plain(text)
    return text if is_title(folded) else None


def _plain(text: str) -> str:
    return fold(text.replace("、", ""))


def _wrapped_title(line: DumpLine, following: DumpLine) -> str | None:
    """Return a title that two lines print together (neither is one alone)."""
    if line.block != following.block or _AMOUNT.search(line.text + following.text) or not following.folded.endswith("表"):
        return None
    if (_MARK.fullmatch(following.folded) and len(following.folded) > 1) or read_header(line.folded) or read_title(_plain(following.text)):
        return None
    joined = without_spaces(line.text + following.text)
    return joined if len(following.folded) < 12 and len(line.folded) > 8 and is_title(_plain(joined)) else None


def _segments(items: Sequence[_Item], opener: str) -> list[Segment]:
    """Return the tables if `opener` (or, for `page`, a new page) opens each of them."""
    found: list[Segment] = []
    current: Segment | None = None
    block = -1
    for item in items:
        if item.kind == "prose":
            current, block = None, -1
            continue
        opens = item.line.block != block if opener == "page" else item.kind == opener
        if opens:
            current = Segment()
            found.append(current)
        block = item.line.block
        if current is not None:
            _add(current, item)
    merged: list[Segment] = []
    for segment in found:
        if merged and _is_continuation(merged[-1], segment):
            merged[-1].lines += segment.lines
            merged[-1].money_units |= segment.money_units
            if merged[-1].meaning is None:
                merged[-1].title, merged[-1].meaning = segment.title, segment.meaning
        else:
            merged.append(segment)
    return [s for s in merged if s.lines or s.money_units or s.title]


def _add(segment: Segment, item: _Item) -> None:
    if item.kind == "body":
        segment.lines.append(item.line)
        return
    heading = read_heading([item.line.text])
    segment.money_units |= heading.money_units
    if item.kind == "mark":
        segment.mark = segment.mark or item.line.folded
    elif item.kind == "title" and segment.meaning is None:
        segment.title, segment.meaning = item.title, read_title(_plain(item.title))
    elif item.kind == "title" and segment.title != item.title:
        segment.lines.append(item.line)  # a second title: this reading is wrong, and its plausibility says so
    elif item.kind == "entity":
        segment.entity = segment.entity or heading.entity


def _is_continuation(before: Segment, segment: Segment) -> bool:
    """Tell whether a segment continues the table before it: nothing says otherwise, and not both have a total row."""
    if segment.title and before.title and segment.title != before.title:
        return False
    if segment.mark and before.mark and segment.mark != before.mark and not segment.title == before.title is not None:
        return False  # under one title, the last page of a table may hold the mark that is printed above the next title
    if segment.entity and before.entity and segment.entity != before.entity:
        return False
    if before.title and segment.title is None and segment.money_units and before.money_units and segment.money_units != before.money_units:
        return False
    return not (before.has_total and segment.has_total) and bool(before.lines)


def _plausibility(segments: Sequence[Segment], items: Sequence[_Item], book: CodeList) -> float:
    """Score a reading: tables with one fitting title and a body speak for it, bodies without title and what is left over against it."""
    inside = {line for segment in segments for line in segment.lines}
    score = -float(any(item.kind == "body" and item.line not in inside and _AMOUNT.search(item.line.text) for item in items))
    score -= len({item.title for item in items if item.kind == "title"} - {segment.title for segment in segments}) / 2
    for segment in segments:
        titles = sum(1 for line in segment.lines if _title(line) is not None)
        if segment.meaning is not None and segment.lines:
            score += _fit(segment, segment.meaning, book)
        elif segment.has_amounts:
            score -= 1
        elif segment.title and not segment.money_units:
            score -= 0.5
        score -= 2 * titles
    return score


def _fit(segment: Segment, meaning: TitleMeaning, book: CodeList) -> TitleFit:
    rows, headings = list[str](), list[str]()
    for line in segment.lines:
        (rows if _AMOUNT.search(line.text) else headings).append(line.text)
    return title_fit(rows, headings, meaning, book)
