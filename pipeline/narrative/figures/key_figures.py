"""Counts and amounts that are no budget lines: budget units, vehicles and equipment, projects with targets.

Belongs here: figures that are recognised by the words of one sentence, in a section on them. Amounts of 机关运行经费, 政府采购 and
委托业务费 are read with the other amounts (`sentence_reader.py`), for they carry changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.budget.amounts import value_of
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.figures.counted_things import PARTICIPANTS, indicator_of_count, kinds_of_units
from pipeline.narrative.sections import Section
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_names import core_words, year_named
from schemas.vocabulary.narrative import either, read_subject, word_value
from schemas.vocabulary.phrases import WordPattern

_SENTENCE = re.compile(r"[^。]+")
_UNITS = re.compile(
    r"(?:预算单位(?:构成)?|编制范围的(?:单位|机构))(?:共计|共有|共|为)?(?P<n>\d{1,6})[家个]|(?<!\d)(?P<m>\d{1,6})[家个](?:二级|三级|基层)?预算单位"
)
_IN_SCOPE = "预算编制范围的"
_BESIDE_THE_OFFICE = WordPattern(lambda: rf"{either('own_office')}(?:及|和|以及)(?:所属|下属|直属)(?:的)?$")
_LEAST_KINDS = 2  # kinds that a sentence counts beside each other: one alone may be of something else

_VEHICLES = re.compile(r"(?P<words>[^,;。、:()\d]{0,60}(?:\([^()]{0,60}\)[^,;。、:()\d]{0,60})?)(?<!\d)(?P<n>\d{1,6})[辆台]")
_EQUIPMENT = re.compile(
    r"(?:单位价值|单位价格|单台价值|单价|价值|原值|购置|采购|配置)(?:在)?(?:人民币)?(?P<floor>\d+)万元?(?:\(含(?:以上)?(?:\d+万元)?\))?(?:及)?(?:以上|\(含\)以上)"
    r"(?:\(含\))?(?:的)?(?:\([^()]*\))?(?:各类|通用|专用|大型|办公|仪器|、)*(?:设备|仪器)(?:\([^()]*\))?(?:共有?|共计|数量|为)*(?P<n>\d+)[台件套(]"
)
_DEAR = re.compile(r"(?<!\d)(?P<floor>\d{1,6})万元?(?:\(含\))?(?:及)?以上[^,;。\d]{0,12}?(?:设备|仪器)")
_COUNTED_THING = re.compile(r"\d[辆台套]")
_CLAUSE_END = re.compile(r"[,;。]")
_YEAR_ALONE = re.compile(r"20\d\d年度?")
_NOT_BOUGHT = WordPattern(lambda: rf"{either('none_planned')}[^,;。]{{2,60}}")
_BUYING = WordPattern(lambda: either("buying"))
_OWNING = WordPattern(lambda: either("owning"))
_DISPOSING = WordPattern(lambda: either("disposing"))
_ESTABLISHED = WordPattern(lambda: either("established"))
_VEHICLE = WordPattern(lambda: either("vehicle"))
_ALL_VEHICLES = WordPattern(lambda: either("all_vehicles"))
_USE = WordPattern(lambda: either("vehicle_use"))
_PARTS = WordPattern(lambda: either("parts"))
_ANY_USE = "general"  # 一般公务用车 may be all that there are
_MILLION = 100  # 万元
_THOUSANDS = 10  # of a 万
_AREA = re.compile(r"房屋(?:建筑)?(?:面积)?(?:共|共计|为)?(?P<n>\d[\d,]*(?:\.\d+)?)平方米")

_OF_THREE_PUBLIC = re.compile(
    r"(?P<words>[^,;。:()、\d]{0,40}(?:20\d\d年度?[^,;。:()、\d]{0,40})?)(?<!\d)(?<!\d[.,])(?P<n>\d{1,7})(?P<counted>人次|批次|辆|台|人|批|个|次)"
    r"(?P<after>(?:因公)?(?:出国)?(?:\(境\))?(?:团组|批次)?)"
)
_BUYS_VEHICLES = WordPattern(lambda: rf"{either('buying')}(?:{either('all_vehicles')})$")
_OF_ALL = WordPattern(lambda: rf"{either('all_vehicles')}(?:数量?)?[共有为计]{{1,2}}$")
_COMPARING = WordPattern(lambda: either("rise", "fall", "than_before", "year_before", "not_counted"))
_LIMIT = WordPattern(lambda: either("count_limit"))

_TARGETS_SET = WordPattern(lambda: either("targets_set"))
_PROJECTS = (
    re.compile(r"(?<!\d)(?P<n>\d{1,6})个[^,;。:\d]{0,16}?(?:项目|政策)"),
    re.compile(r"项目(?:支出)?(?:绩效目标)?(?:共计|共有|共|有|为|数量|总数|数){0,3}(?P<n>\d{1,6})个"),
)
_SHOWN = WordPattern(lambda: either("shown"))
_OF_EVALUATION = WordPattern(lambda: either("evaluated"))
_YEAR_BEFORE = WordPattern(lambda: either("year_before"))
_MONEY_CONCERNED = WordPattern(lambda: rf"(?:{either('concerned')})(?P<words>[^,;。\d]{{0,24}}?)(?=\d)")
_WON = WordPattern(
    lambda: (
        rf"(?:面向(?P<reserved>{either('reserved_for')})预留|其他)的?政府采购项目中,由{either('reserved_for')}供应商中标或?成交的?,采购金额(?:为)?"
    )
)
_NEXT_PART = re.compile(r"[,、和]?(?P<of_which>其中[:,]?)?(?P<words>[^,;。:\d]{2,24}?)(?=\d)")
_WHOLE = WordPattern(lambda: either("whole_targets"))


class FigureReader:
    """Reads the figures of one document, paragraph by paragraph."""

    def __init__(self, ledger: NarrativeRecord, unread: UnreadNumbers, boxes: NumberBoxes, fiscal_year: int | None = None) -> None:
        """Prepare.

        Args:
            ledger: receives the figures.
            unread: is told which numbers were read.
            boxes: tells where they stand.
            fiscal_year: of the document; None if unknown.
        """
        self._year = fiscal_year
        self._ledger = ledger
        self._unread = unread
        self._boxes = boxes
        self._paragraph: Paragraph | None = None
        self._section: Section | None = None
        self._buying: bool | None = None
        self._listing = False
        self._participants: dict[str, list[tuple[Paragraph, str, Number, LinePosition]]] = {}

    def read(self, paragraph: Paragraph, section: Section) -> None:
        """Record what a paragraph states.

        Args:
            paragraph: any paragraph.
            section: the one that it stands in.
        """
        text, topic, self._paragraph = paragraph.folded, section.topic, paragraph
        if section.unit and _IN_SCOPE in text:  # behind a list of units that looks like headings
            self._units(text, 0)
        if topic in ("other", "project") or section.unit:
            return
        if topic in ("three_public", "meetings"):
            self._three_public(text, section.heading)
            return
        if section != self._section:
            self._section, self._buying, self._listing = section, None, False
        if topic in ("assets", None):
            self._assets(text, within=topic == "assets")
        for match in _SENTENCE.finditer(text):
            if topic in ("organisation", None) and "预算单位" in match[0]:
                self._units(match[0], match.start())
            elif topic in ("organisation", None) and not MONEY.search(match[0]):  # 6家行政单位的机关运行经费…万元 are not all
                self._unit_kinds(match[0], match.start(), _LEAST_KINDS)
            if topic == "performance" and "绩效" in text:
                self._performance(match[0], match.start())
            if topic == "procurement":
                self._awarded(match[0], match.start())

    def _record(self, indicator: str, match: re.Match[str], group: str, unit: str = "count", offset: int = 0) -> None:
        value = value_of(match[group])
        place = self._place(offset + match.start(group), match[group])
        self._ledger.figure(indicator, value, unit, Number(match[group], value, unit), place)
        self._unread.mark(offset + match.start(group), offset + match.end(group))

    def _place(self, start: int, digits: str) -> LinePosition:
        assert self._paragraph is not None
        return self._boxes.of(self._paragraph, start, len(digits))

    def _units(self, sentence: str, offset: int) -> None:
        inside = (sentence.count("(", 0, m.start()) > sentence.count(")", 0, m.start()) for m in _UNITS.finditer(sentence))
        found = next((m for m, within in zip(_UNITS.finditer(sentence), inside, strict=True) if not within), None)
        if found is not None:  # in brackets behind a unit's name they are that unit's own
            name = "budget_units_subordinate" if _BESIDE_THE_OFFICE.search(sentence[: found.start()]) else "budget_units"
            self._record(name, found, "n" if found["n"] else "m", offset=offset)
            self._unit_kinds(sentence, offset)

    def _unit_kinds(self, sentence: str, offset: int, least: int = 1) -> None:
        """Record how many units of each kind a sentence counts, if it counts so many kinds at least."""
        found = kinds_of_units(sentence)
        for name, counts in found.items() if len(found) >= least else ():
            if len(counts) == 1:  # else by parts that are not told apart
                self._record(f"budget_units_{name}", counts[0], "n" if counts[0]["n"] else "m", offset=offset)

    # -- vehicles and equipment ------------------------------------------------------------------------------------------

    def _assets(self, text: str, within: bool) -> None:
        """Record counts of what is owned and what is to be bought.

        Which of the two a count is, the last word before it says; in a section on assets that holds until another word.

        Args:
            text: of the paragraph, folded.
            within: whether the section is one on assets.
        """
        if not within:
            self._buying = None
        listing, last = self._listing and within, 0
        for match, is_vehicle in self._counted(text):
            before = text[last : match.start("n")]
            last = match.end()
            self._change_of_state(before)
            listing = (listing and "。" not in before and ";" not in before) or _PARTS.search(before) is not None
            if self._buying is None or _DISPOSING.search(before):
                continue
            state = "to_purchase" if self._buying else "owned"
            if not is_vehicle:
                self._record(f"equipment_over_{_floor(int(match['floor']))}_{state}", match, "n")
                continue
            use = _USE.search(match["words"])
            kind = word_value("vehicle_use", use[0]) if use else None
            listed = listing or f"vehicles_{state}" in self._ledger.figures
            if kind and (listed or kind != _ANY_USE):
                self._record(f"vehicles_{state}_{kind}", match, "n")
            elif f"vehicles_{state}" not in self._ledger.figures and _ALL_VEHICLES.fullmatch(match["words"]):
                self._record(f"vehicles_{state}", match, "n")  # 固定资产…，其中：房屋…；车辆5辆 is a list of assets
            elif not listed and _is_of_vehicles(match["words"], before) and not _ESTABLISHED.search(match["words"]):
                self._record(f"vehicles_{state}", match, "n")
        for none in _NOT_BOUGHT.finditer(text):
            self._nothing_bought(none)
        self._change_of_state(text[last:])
        self._listing = text.endswith("其中:")
        for area in _AREA.finditer(text) if within else ():
            self._record("buildings_owned", area, "n", "m2")

    def _nothing_bought(self, said: re.Match[str]) -> None:
        """Record zero of what a clause says not to be bought (`未安排购置车辆`), unless it counts something."""
        clause = said[0]
        if not _BUYING.search(clause) or _COUNTED_THING.search(clause) or self._is_of_another_year(said):
            return
        if vehicle := _VEHICLE.search(clause):
            self._record_none("vehicles_to_purchase", said.start() + vehicle.start(), vehicle[0])
        for floor in _DEAR.finditer(clause):
            self._record_none(f"equipment_over_{_floor(int(floor['floor']))}_to_purchase", said.start() + floor.start(), floor[0])

    def _is_of_another_year(self, said: re.Match[str]) -> bool:
        """Tell whether words are of a year that is not the document's (`2021年未购置车辆` or `2021年，未购置车辆` in a budget of 2022)."""
        *before, clause = _CLAUSE_END.split(said.string[: said.start()])
        year = year_named(clause + said[0])
        if year is None and before and _YEAR_ALONE.fullmatch(before[-1]):
            year = year_named(before[-1])
        return self._is_other(year)

    def _is_other(self, year: int | None) -> bool:
        return year is not None and self._year is not None and year != self._year

    def _record_none(self, indicator: str, start: int, words: str) -> None:
        """Record a figure that words say to be none; its place is that of the words."""
        if indicator not in self._ledger.figures:
            none = Number("0", Decimal(0), "count")
            self._ledger.figure(indicator, none.value, "count", none, self._place(start, words))

    def _change_of_state(self, words: str) -> None:
        """Let the last word of owning or buying say what the counts after it are of."""
        buying = [m.start() for m in _BUYING.finditer(words)]
        owning = [m.start() for m in _OWNING.finditer(words)]
        if buying or owning:
            self._buying = bool(buying) and (not owning or buying[-1] > owning[-1])

    def _counted(self, text: str) -> Iterator[tuple[re.Match[str], bool]]:
        vehicles = (m for m in _VEHICLES.finditer(text) if m[0].endswith("辆") or _VEHICLE.search(m["words"]))
        found = [(m, True) for m in vehicles] + [(m, False) for m in _EQUIPMENT.finditer(text)]
        return iter(sorted(found, key=lambda pair: pair[0].start("n")))

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
            if self._is_other(year):
                continue
            indicator = indicator_of_count(words + match["after"], match["counted"], heading + text[: match.start()])
            if indicator in PARTICIPANTS:
                self._takes_part(indicator, match)
            elif indicator and indicator not in self._ledger.figures:
                self._record(indicator, match, "n")
        for none in _NOT_BOUGHT.finditer(text):
            bought = _BUYS_VEHICLES.search(none[0])
            if bought and not _COUNTED_THING.search(none[0]) and not self._is_of_another_year(none):
                self._record_none("three_public_vehicles_purchased", none.start() + bought.start(), bought[0])

    def _takes_part(self, indicator: str, match: re.Match[str]) -> None:
        """Keep a count of those who take part until the document is read: there may be another one, of another meeting."""
        assert self._paragraph is not None
        start, end = match.span("n")
        said = Number(match["n"], value_of(match["n"]), "count")
        self._participants.setdefault(indicator, []).append((self._paragraph, match[0], said, self._place(start, match["n"])))
        self._unread.mark(start, end)

    def close(self) -> None:
        """Record how many take part in meetings and in training where one count says it; of several none is of all."""
        for indicator, counts in self._participants.items():
            first, again = counts[0], counts[1:]
            if any(other[0] is first[0] or other[2].value != first[2].value for other in again):
                for _, clause, _, place in counts:
                    self._ledger.hold(clause, "one of several counts of those who take part", place.page, doubtful=False)
            else:
                self._ledger.figure(indicator, first[2].value, "count", first[2], first[3])

    # -- performance targets ---------------------------------------------------------------------------------------------

    def _performance(self, sentence: str, offset: int) -> None:
        """Record how many projects have targets, and the money of these projects, or else of the department's whole spending."""
        overall = None
        for part in re.finditer(r"[^;]+", sentence):
            text, at = part[0], offset + part.start()
            head = text.partition("其中")[0]
            if "目标" not in head:
                self._evaluated(text, head, at)
            if not _TARGETS_SET.search(text) or (_OF_EVALUATION.search(head) and "目标" not in head):
                continue
            if _WHOLE.search(head):
                overall = overall or (text, at)
                continue
            counts = [m for pattern in _PROJECTS for m in pattern.finditer(head)]
            if counts:
                self._record("performance_projects", min(counts, key=lambda m: m.start()), "n", offset=at)
            self._money_concerned("performance_amount", text if counts else head, at)
        if overall is not None:
            known = "performance_amount" in self._ledger.figures
            self._money_concerned("performance_amount_overall" if known else "performance_amount", *overall)

    def _evaluated(self, text: str, head: str, offset: int) -> None:
        """Record how many projects were tracked, or evaluated by those who run them, and their money; nothing where both are said.

        Args:
            text: of a part of a sentence, folded.
            head: of it before 其中.
            offset: of it in the paragraph.
        """
        kinds = [kind for word in _OF_EVALUATION.finditer(head) if (kind := word_value("evaluated", word[0]))]
        if len(set(kinds)) != 1 or _SHOWN.search(head) or _YEAR_BEFORE.search(head) or self._is_other(year_named(head)):
            return
        counts = [m for pattern in _PROJECTS for m in pattern.finditer(head)]
        if len({m.start("n") for m in counts}) == 1:
            self._record(f"performance_{kinds[0]}_projects", counts[0], "n", offset=offset)
        self._money_concerned(f"performance_{kinds[0]}_amount", text, offset)

    def _money_concerned(self, indicator: str, text: str, offset: int) -> None:
        """Record the money that targets concern; of money that is given fund by fund, also each fund's."""
        found = ((m, MONEY.match(text, m.end())) for m in _MONEY_CONCERNED.finditer(text))
        match, money, value = next(((m, money, v) for m, money in found if money and (v := amount_of(money))), (None, None, None))
        if match is None or money is None or value is None:
            return
        named = _part_named(match["words"])
        first = self._place(offset + money.start(), value.text)
        parts = [(named, value, first)] if named else []
        at = money.end()
        while more := _NEXT_PART.match(text, at):
            money = MONEY.match(text, more.end())
            other, part = amount_of(money), _part_named(more["words"])
            if money is None or other is None or part is None or not (named or more["of_which"] or parts):
                break
            parts.append((part, other, self._place(offset + money.start(), other.text)))
            at = money.end()
        self._unread.mark(offset + match.start(), offset + at)
        # of a whole that is given by its funds alone only one that is not zero tells it
        whole = (value, first)
        stated = [whole] if named is None else [(n, place) for _, n, place in parts if n.value] or [whole]
        if len(stated) == 1:
            printed, place = stated[0]
            self._ledger.figure(indicator, printed.yuan, "yuan", printed, place)
        for part, money_of, place in parts:
            self._ledger.figure(f"{indicator}_{part}", money_of.yuan, "yuan", money_of, place)

    def _awarded(self, sentence: str, offset: int) -> None:
        """Record what small firms won of the purchases that were reserved for them, and of the others."""
        for said in _WON.finditer(sentence):
            money = MONEY.match(sentence, said.end())
            value = amount_of(money)
            if money is not None and value is not None:
                reserved = word_value("reserved_for", said["reserved"]) if said["reserved"] else "others"
                self._ledger.figure(
                    f"procurement_awarded_of_{reserved}", value.yuan, "yuan", value, self._place(offset + money.start(), value.text)
                )
                self._unread.mark(offset + said.start(), offset + money.end())


def _is_of_vehicles(words: str, before: str) -> bool:
    """Tell whether a count is of all vehicles: its words name vehicles, or only say that they are owned or bought (实有4辆)."""
    return _VEHICLE.search(before) is not None or not _BUYING.sub("", _OWNING.sub("", words))


def _floor(in_ten_thousands: int) -> str:
    """Return the floor of an equipment's price as indicators name it: `500k`, `1m`, `2m`."""
    if in_ten_thousands % _MILLION == 0:
        return f"{in_ten_thousands // _MILLION}m"
    return f"{in_ten_thousands * _THOUSANDS}k"


def _part_named(said: str) -> str | None:
    """Return the fund or nature whose money words name; None for money of all."""
    subject = read_subject(core_words(said))
    return (subject.fund or subject.nature) if subject is not None and subject.kind in ("fund", "nature") else None
