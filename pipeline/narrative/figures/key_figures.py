"""Counts and amounts that are no budget lines: budget units, staff, journeys and visits, what was bought of whom.

Belongs here: figures that are recognised by the words of one sentence, in a section on them. Amounts of 机关运行经费, 政府采购 and
委托业务费 are read with the other amounts (`sentence_reader.py`), for they carry changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.budget.amounts import value_of
from pipeline.budget.characters import fold
from pipeline.budget.patterns import with_count_digits
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.figures.assets import COUNTED_THING, NOT_BOUGHT, AssetReader
from pipeline.narrative.figures.counted_things import (
    PARTICIPANTS,
    indicator_of_count,
    kinds_of_units,
    listed_units,
    may_be_of_others,
    opens_own_list,
    whose_units,
)
from pipeline.narrative.figures.performance import PerformanceReader
from pipeline.narrative.figures.recorder import FigureRecorder
from pipeline.narrative.figures.staff import UNKNOWN_STAFF, is_on_staff, staff_counts
from pipeline.narrative.sections import Section
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_names import year_named
from schemas.vocabulary.narrative import either, word_value
from schemas.vocabulary.phrases import WordPattern

_SENTENCE = re.compile(r"[^。]+")
_UNITS = re.compile(
    r"(?:预算单位(?:构成)?|编制范围的(?:单位|机构))(?:共计|共有|共|为)?(?P<n>\d{1,6})[家个]|(?<!\d)(?P<m>\d{1,6})[家个](?:二级|三级|基层)?预算单位"
)
_UNITS_OF_AGENCY = re.compile(r"(?<!\d)\d{1,4}[家个](?:[^,;。()\d]{0,12}?单位|机关(?!运行))")
UNITS_THAT_DID = "a count of units of which something is said: it need not be of all"
UNSURE_WHOSE = "a count of units that may be more than the body's"
_IN_SCOPE = "预算编制范围的"
_BESIDE_THE_OFFICE = WordPattern(lambda: rf"{either('own_office')}(?:及|和|以及){either('subordinate')}的?$")
_ORGANISATIONS = WordPattern(
    lambda: rf"{either('organisations')}(?:数|为|共)*\d{{1,4}}[个家]|(?<!\d)\d{{1,4}}[个家](?:{either('subordinate')}|基层)单位"
)
_LEAST_KINDS = 2  # kinds that a sentence counts beside each other: one alone may be of something else

_OF_THREE_PUBLIC = re.compile(
    r"(?P<words>[^,;。:()、\d]{0,40}(?:20\d\d年度?[^,;。:()、\d]{0,40})?)(?<!\d)(?<!\d[.,])(?P<n>\d{1,7})(?P<counted>人次|批次|辆|台|人|批|个|次)"
    r"(?P<after>(?:因公)?(?:出国)?(?:\(境\))?(?:团组|批次)?)"
)
_BUYS_VEHICLES = WordPattern(lambda: rf"{either('buying')}(?:{either('all_vehicles')})$")
_OF_ALL = WordPattern(lambda: rf"{either('all_vehicles')}(?:数量?)?[共有为计]{{1,2}}$")
_COMPARING = WordPattern(lambda: either("rise", "fall", "than_before", "year_before", "not_counted"))
_ADDED = WordPattern(lambda: either("added"))
_CLAUSE_MARK = re.compile(r"[,;。:]")
_LIMIT = WordPattern(lambda: either("count_limit"))

_WON = WordPattern(
    lambda: (
        rf"(?:{either('reserving')}(?P<reserved>{either('reserved_for')}){either('reserved')}?|其他)的?{either('purchases')},?"
        rf"由{either('reserved_for')}{either('supplier')}?{either('won')}的?,?{either('purchase_amount')}(?:为|共计)?"
    )
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A count that waits for the others of its indicator: its paragraph, the clause that states it, as printed, and where it stands."""

    paragraph: Paragraph
    clause: str
    number: Number
    place: LinePosition


class FigureReader:
    """Reads the figures of one document, paragraph by paragraph."""

    def __init__(
        self,
        ledger: NarrativeRecord,
        unread: UnreadNumbers,
        boxes: NumberBoxes,
        fiscal_year: int | None = None,
        department: str | None = None,
    ) -> None:
        """Prepare.

        Args:
            ledger: receives the figures.
            unread: is told which numbers were read.
            boxes: tells where they stand.
            fiscal_year: of the document; None if unknown.
            department: whose document it is; None if unknown.
        """
        self._figures = FigureRecorder(ledger, unread, boxes, fiscal_year)
        self._assets = AssetReader(self._figures)
        self._performance = PerformanceReader(self._figures)
        self._department = department
        self._named = fold(department) if department else ""
        self._section: Section | None = None
        self._staff: dict[str, list[_Counted]] = {}
        self._participants: dict[str, list[_Counted]] = {}

    def read(self, paragraph: Paragraph, section: Section) -> None:
        """Record what a paragraph states.

        Args:
            paragraph: any paragraph.
            section: the one that it stands in.
        """
        text, topic, self._figures.paragraph = paragraph.folded, section.topic, paragraph
        if section.unit and _IN_SCOPE in text:  # behind a list of units that looks like headings
            self._units(text, 0)
        if not section.unit and (topic in ("organisation", None) or (topic == "other" and is_on_staff(section.heading))):
            self._count_staff(paragraph)
        if topic in ("other", "project") or section.unit:
            return
        if topic in ("three_public", "meetings"):
            self._three_public(text, section.heading)
            return
        if section != self._section:
            self._section = section
            self._assets.new_section()
        if topic in ("assets", None):
            self._assets.read(text, within=topic == "assets")
        self._units_with_operating_money(text, topic)
        for match in _SENTENCE.finditer(text):
            listed = topic == "organisation" and "预算单位" not in match[0] and self._listed_units(match[0], match.start())
            for said in _ORGANISATIONS.finditer(match[0]) if topic == "organisation" and not listed else ():
                self._figures.remark(said[0], match.start() + said.start(), "a count of organisations that need not be budget units")
            if topic in ("organisation", None) and "预算单位" in match[0]:
                self._units(match[0], match.start())
            elif topic in ("organisation", None) and not MONEY.search(match[0]):  # 6家行政单位的机关运行经费…万元 are not all
                self._unit_kinds(match[0], match.start(), _LEAST_KINDS)
            if topic == "performance":
                self._units_that_did(match[0], match.start())
                self._performance.marks(match[0], match.start())
            if topic == "performance" and "绩效" in text:
                self._performance.read(match[0], match.start())
            if topic == "procurement":
                self._awarded(match[0], match.start())

    def _count_staff(self, paragraph: Paragraph) -> None:
        """Keep the counts of the body's staff until the document is read: there may be others, of its units."""
        for count in staff_counts(paragraph, self._department):
            if count.indicator is None:
                self._figures.ledger.remark(paragraph.text[count.clause], paragraph.place(count.start), UNKNOWN_STAFF)
                continue
            said = Number(count.digits, value_of(count.digits), "count")
            place = self._figures.place(count.start, count.digits)
            self._staff.setdefault(count.indicator, []).append(_Counted(paragraph, paragraph.text[count.clause], said, place))

    def _units(self, sentence: str, offset: int) -> None:
        sentence = with_count_digits(sentence)
        counts = [
            (m, whose_units(sentence, *m.span(), self._named))
            for m in _UNITS.finditer(sentence)
            if not _is_in_brackets(sentence, m.start())
        ]
        found = next((m for m, whose in counts if whose == "own"), None)
        if found is None and any(whose == "unsure" for _, whose in counts):
            self._figures.remark(sentence, offset, UNSURE_WHOSE)
        if found is not None:
            name = "budget_units_subordinate" if _BESIDE_THE_OFFICE.search(sentence[: found.start()]) else "budget_units"
            self._figures.record(name, found, "n" if found["n"] else "m", offset=offset)
            self._unit_kinds(sentence, offset)

    def _units_that_did(self, sentence: str, offset: int) -> None:
        """Tell the counts of units that a section on performance states, but for the one that is known to be of all."""
        known = self._figures.ledger.figures.get("budget_units")
        counts = [(m, m["n"] or m["m"]) for m in _UNITS.finditer(sentence)] + [(m, m["n"]) for _, m in listed_units(sentence)]
        for said, digits in counts:
            if known is None or known.number.value != value_of(digits):
                self._figures.remark(said[0], offset + said.start(), UNITS_THAT_DID)

    def _units_with_operating_money(self, text: str, topic: str | None) -> None:
        """Tell the counts of units whose 机关运行经费 a section on it states (6家行政单位的机关运行经费)."""
        for said in _UNITS_OF_AGENCY.finditer(text) if topic == "agency" else ():
            self._figures.remark(said[0], said.start(), UNITS_THAT_DID)

    def _listed_units(self, sentence: str, offset: int) -> bool:
        """Record how many units a sentence lists by name, the office itself among them, and counts; tell whether it does."""
        for begin, said in listed_units(sentence):
            if whose_units(sentence, begin, begin, self._named) != "own":
                continue
            if opens_own_list(sentence, begin, self._named):
                self._figures.record("budget_units", said, "n", offset=offset)
            else:
                self._figures.remark(said[0], offset + said.start(), UNITS_THAT_DID)
            return True
        return False

    def _unit_kinds(self, sentence: str, offset: int, least: int = 1) -> None:
        """Record how many units of each kind a sentence counts, if it counts so many kinds at least."""
        found = kinds_of_units(sentence, self._named)
        if not found and may_be_of_others(sentence, self._named):
            self._figures.remark(sentence, offset, UNSURE_WHOSE)
        for name, counts in found.items() if len(found) >= least else ():
            if len(counts) == 1:  # else by parts that are not told apart
                self._figures.record(f"budget_units_{name}", counts[0], "n" if counts[0]["n"] else "m", offset=offset)

    # -- journeys, receptions, vehicles and meetings ----------------------------------------------------------------------------

    def _three_public(self, text: str, heading: str) -> None:
        """Record how many journeys, visits and vehicles a section on 三公 states, or who takes part, one on meetings and training.

        Args:
            text: of the paragraph, folded.
            heading: of its section: it may name the part of 三公 that the counts are of.
        """
        for match in _OF_THREE_PUBLIC.finditer(text):
            words = match["words"]
            before = text[text.rfind("。", 0, match.start()) + 1 : match.start()]
            if match["counted"] == "辆" and _OF_ALL.search(words):
                words = before + words  # 截至2025年底，本单位公务用车共2辆
            year = year_named(match["words"])
            if _COMPARING.search(match["words"]) or _LIMIT.match(text, match.end()):
                continue
            if match["counted"] not in ("辆", "台") and _ADDED.search(_CLAUSE_MARK.split(text[: match.start("n")])[-1]):
                continue  # 新增3批共3人 is no count of all
            if self._figures.is_other(year):
                continue
            indicator = indicator_of_count(words + match["after"], match["counted"], heading + text[: match.start()])
            if indicator in PARTICIPANTS:
                self._takes_part(indicator, match)
            elif indicator and indicator not in self._figures.ledger.figures:
                self._figures.record(indicator, match, "n")
        for none in NOT_BOUGHT.finditer(text):
            bought = _BUYS_VEHICLES.search(none[0])
            if bought and not COUNTED_THING.search(none[0]) and not self._figures.is_of_another_year(none):
                self._figures.record_none("three_public_vehicles_purchased", none.start(), none[0][: bought.end()])

    def _takes_part(self, indicator: str, match: re.Match[str]) -> None:
        """Keep a count of those who take part until the document is read: there may be another one, of another meeting."""
        assert self._figures.paragraph is not None
        start, end = match.span("n")
        said = Number(match["n"], value_of(match["n"]), "count")
        self._participants.setdefault(indicator, []).append(
            _Counted(self._figures.paragraph, match[0], said, self._figures.place(start, match["n"]))
        )
        self._figures.unread.mark(start, end)

    def close(self) -> None:
        """Record counts of staff that agree, and how many take part in meetings and in training where one count says it."""
        for indicator, counts in self._staff.items():
            first = counts[0]
            if all(count.number.value == first.number.value for count in counts):
                self._figures.ledger.figure(indicator, first.number.value, "count", first.number, first.place)
                continue
            for count in counts:
                self._figures.ledger.remark(count.clause, count.place, "one of several counts of staff that differ")
        for indicator, counts in self._participants.items():
            first, again = counts[0], counts[1:]
            if any(other.paragraph is first.paragraph or other.number.value != first.number.value for other in again):
                for count in counts:
                    page = count.place.page
                    self._figures.ledger.hold(count.clause, "one of several counts of those who take part", page, doubtful=False)
            else:
                self._figures.ledger.figure(indicator, first.number.value, "count", first.number, first.place)

    def _awarded(self, sentence: str, offset: int) -> None:
        """Record what small firms won of the purchases that were reserved for them, and of the others."""
        for said in _WON.finditer(sentence):
            money = MONEY.match(sentence, said.end())
            value = amount_of(money)
            if money is not None and value is not None:
                reserved = word_value("reserved_for", said["reserved"]) if said["reserved"] else "others"
                self._figures.ledger.figure(
                    f"procurement_awarded_of_{reserved}", value.yuan, "yuan", value, self._figures.place(offset + money.start(), value.text)
                )
                self._figures.unread.mark(offset + said.start(), offset + money.end())


def _is_in_brackets(sentence: str, at: int) -> bool:
    """Tell whether a count stands in brackets: behind a unit's name they hold what is that unit's own."""
    return sentence.count("(", 0, at) > sentence.count(")", 0, at)
