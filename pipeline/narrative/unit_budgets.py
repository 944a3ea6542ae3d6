"""Budgets that one sentence states whole: a total, and the parts that make it up, whatever the parts are called.

`某中心预算100万元，包括在职人员经费60万元、公用经费10万元、项目支出30万元。` The names of such parts are the publisher's own; that they
add up to the total proves that the list was read whole. Belongs here: such sentences, of one unit of the department or of the body
itself, where other readers did not know some part. Does not belong here: lists of projects (`pipeline.targets`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.amounts import to_yuan
from pipeline.budget.characters import fold
from pipeline.budget.codes.book import DEPARTMENT_ECONOMIC, CodeList
from pipeline.budget.codes.printed_codes import level_of
from pipeline.budget.line import Line
from pipeline.budget.sums import PARTS_OF_BASIC
from pipeline.narrative.claims.context import is_form_of
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.narrative_lines import blank_line
from pipeline.narrative.sections import Section, statement_of
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import NUMBERING, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_bounds import core_words
from schemas.statements import REVENUE_EXPENDITURE_SUMMARY
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import either, read_subject, word_value
from schemas.vocabulary.phrases import WordPattern

_SENTENCE = re.compile(r"[^。]+")
_WHOLE = WordPattern(
    lambda: (
        rf"(?P<owner>[^\d,;:。]{{2,45}}?(?:{body_ending('owner')}{either('form')}??|\([^()]{{1,24}}\)))(?:20\d\d年度?)?"
        rf"(?P<label>{either('budget_total')})"
    )
)
_LEAD = WordPattern(lambda: rf"(?:[,、;:和及]|{either('lead', 'parts', 'flow_lead')})*+")
_NAME = re.compile(r"[^\d,、;:。()]{2,24}")
_KNOWN_ADDEND = WordPattern(lambda: either("addend"))
_FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount of a sentence: its value, its name, and where its digits start in the paragraph."""

    value: Number
    name: str
    start: int


class UnitBudgetReader:
    """Reads such sentences of one document, after the sentences' reader has left parts of them."""

    def __init__(
        self,
        ledger: NarrativeRecord,
        unread: UnreadNumbers,
        boxes: NumberBoxes,
        *,
        department: str | None,
        book: CodeList,
        fiscal_year: int | None,
    ) -> None:
        """Prepare.

        Args:
            ledger: receives the lines.
            unread: is told which numbers were read.
            boxes: tells where they stand.
            department: whose document it is; None if unknown.
            book: the code book: parts may bear the names of economic classes.
            fiscal_year: of the document; None if unknown.
        """
        self._body = fold(department) if department else None
        self._book = book
        self._year = fiscal_year
        self._ledger = ledger
        self._unread = unread
        self._boxes = boxes

    def read(self, paragraph: Paragraph, section: Section) -> None:
        """Record the budgets that sentences of a paragraph state whole, where some amount of theirs is held back.

        Args:
            paragraph: any paragraph.
            section: the one that it stands in; of a unit only what names the unit as its owner is taken.
        """
        for sentence in _SENTENCE.finditer(paragraph.folded):
            text = paragraph.text[sentence.start() : sentence.end()]
            found = _budget(paragraph, sentence.start(), sentence.end()) if self._ledger.holds(text) else None
            if found is None:
                continue
            owner, whole, parts = found
            named = section.unit or self._body
            if named is None or not is_form_of(fold(owner), named):
                continue  # another body's
            unit = None if section.unit is None else owner if fold(owner) == named else section.unit
            statement = statement_of(section, "expenditure", None, 0, "function") or REVENUE_EXPENDITURE_SUMMARY.id
            lines = list(self._lines(statement, unit, whole, parts))
            if any(self._ledger.contradicts(line, amount.value) for line, amount in lines):
                continue
            for line, amount in lines:
                place = self._boxes.of(paragraph, amount.start, len(amount.value.text))
                self._ledger.line(line, amount.value, place, of_this_year=False)
            self._unread.mark(sentence.start(), sentence.end())
            self._ledger.release(text)

    def _lines(self, statement: str, unit: str | None, whole: _Amount, parts: Sequence[_Amount]) -> Iterator[tuple[Line, _Amount]]:
        """Yield the lines, without amounts: the total, and its parts, of which some name a nature of spending."""
        total = blank_line(statement, "expenditure", "function", 0, whole.name, "total", "total", "budget")
        yield replace(total, unit=unit), whole
        cores = [core_words(fold(part.name)) for part in parts]
        of_basic = _divides_basic({_nature(core) or _nature_of_kind(core) for core in cores})
        for part, core in zip(parts, cores, strict=True):
            if nature := _nature(core):
                yield replace(total, unit=unit, name=part.name, nature=nature), part
                continue
            nature = _nature_of_kind(core) or (_nature_of_addend(core) if of_basic else "total")
            line = replace(total, unit=unit, scheme="item", level=1, name=part.name, nature=nature)
            yield self._coded(line) if of_basic else line, part

    def _coded(self, line: Line) -> Line:
        """Return the line, of the economic class whose name it bears, if it bears one."""
        found = [code for code in self._book.candidates(DEPARTMENT_ECONOMIC, line.name, self._year) if level_of(code) == 1]
        if len(found) != 1:
            return line
        standard = self._book.standard_name(DEPARTMENT_ECONOMIC, found[0], self._year)
        return replace(line, scheme=DEPARTMENT_ECONOMIC, code=found[0], code_source="name", standard_name=standard)


def _budget(paragraph: Paragraph, start: int, end: int) -> tuple[str, _Amount, list[_Amount]] | None:
    """Return whose budget a sentence states, its total and its parts; None where it states none whole."""
    folded = paragraph.folded
    numbering = NUMBERING.match(folded, start, end)
    at = numbering.end() if numbering else start
    amounts: list[_Amount] = []
    owner = ""
    for match in MONEY.finditer(folded, at, end):
        value = amount_of(match)
        if value is None:
            return None
        words = slice(at, match.start())
        if not amounts:
            head = _WHOLE.fullmatch(folded[words])
            if head is None:
                return None
            owner = paragraph.text[words.start : words.start + head.end("owner")]
            label = paragraph.text[words.start + head.start("label") : words.stop]
            amounts.append(_Amount(value, label, match.start()))
        else:
            lead = _LEAD.match(folded[words])
            begin = words.start + (lead.end() if lead else 0)
            if not _NAME.fullmatch(folded[begin : words.stop]):
                return None
            amounts.append(_Amount(value, paragraph.text[begin : words.stop], match.start()))
        at = match.end()
    if folded[at:end].strip("，,;：:") or len(amounts) <= _FEWEST_PARTS:
        return None
    whole, parts = amounts[0], amounts[1:]
    return (owner, whole, parts) if _make_up(whole.value, [part.value for part in parts]) else None


def _make_up(whole: Number, parts: Sequence[Number]) -> bool:
    """Tell whether the parts are the whole, to the rounding of the digits printed."""
    steps = [to_yuan(Decimal(10) ** -number.decimals, number.unit) for number in (whole, *parts)]
    return abs(whole.yuan - sum(part.yuan for part in parts)) <= max(steps) * len(steps) / 2


def _nature(core: str) -> str:
    """Return the nature of spending that words name, empty if none."""
    subject = read_subject(core)
    return (subject.nature or "") if subject is not None and subject.kind == "nature" else ""


def _nature_of_kind(core: str) -> str:
    """Return the nature that the last words name and the first ones limit (在职|人员经费), empty if none."""
    return next(filter(None, (_nature(core[start:]) for start in range(1, len(core) - 1))), "")


def _divides_basic(natures: Collection[str]) -> bool:
    """Tell whether the parts of a total are those of its basic spending beside what is not: a part of another name is basic then.

    Beside basic spending as a whole it may be a kind of project.
    """
    return "project" in natures and "basic" not in natures and not set(PARTS_OF_BASIC).isdisjoint(natures)


def _nature_of_addend(core: str) -> str:
    """Return the nature of a part of basic spending that names none: of the staff, by its name, or basic as a whole."""
    known = _KNOWN_ADDEND.match(core)
    return word_value("addend", known[0]) if known else "basic"
