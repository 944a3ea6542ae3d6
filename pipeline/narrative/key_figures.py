"""Counts and amounts that are no budget lines: budget units, vehicles and equipment, projects with targets.

Belongs here: figures that are recognised by the words of one sentence. Amounts of 机关运行经费, 政府采购 and 委托业务费 are read
with the other amounts (`sentence_reader.py`), for they carry changes.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.narrative.facts import Number
from pipeline.narrative.ledger import NarrativeRecord
from pipeline.narrative.sections import Section
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.paragraphs import Paragraph
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_SENTENCE = re.compile(r"[^。]+")
_UNITS = re.compile(r"预算单位(?:构成)?(?:共计|共有|共|为)?(?P<n>\d+)[家个]")
_UNIT_KINDS = re.compile(r"(?P<kind>行政|事业)单位(?:共|为)?(?P<n>\d+)[家个]")
_VEHICLES = WordPattern(
    lambda: (
        rf"(?:{either('vehicle_verb')}(?:一般)?(?:公务)?(?:用车|车辆|车)|车辆(?:共有|共计|共|编制数?)?)(?:共|总数|数|合计)*(?P<n>\d+)[辆台]"
    )
)
_EQUIPMENT = re.compile(
    r"(?:单位价值|单价|价值)(?:在)?(?P<floor>\d+)万元(?:\(含\)|\(含以上\))?(?:及)?(?:以上|\(含\)以上)(?:的)?(?:通用|专用|大型)?设备(?:\([^)]*车辆\))?(?:共)?(?P<n>\d+)[台件套(]"
)
_BUYING = WordPattern(lambda: either("buying"))
_OWNING = WordPattern(lambda: either("owning"))
_PROJECTS = re.compile(r"(?:绩效目标(?:编报|管理|申报)?的?项目(?:共|共计|有)?|涉及(?:预算)?项目|共(?=\d+个项目))(?P<n>\d+)个")
_FLOORS = {100: "1m", 50: "500k", 20: "200k"}  # 万元: the floors that the form of these documents asks for
_THOUSANDS = 10  # of a 万


def read_figures(ledger: NarrativeRecord, paragraph: Paragraph, section: Section) -> None:
    """Record the counts (and the amount of projects with targets) that a paragraph states.

    Args:
        ledger: receives the figures.
        paragraph: any paragraph.
        section: the one that it stands in.
    """
    text, topic = paragraph.folded, section.topic
    if topic in ("other", "project", "three_public") or section.unit:
        return
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if topic in ("organisation", None) and "预算单位" in sentence:
            _count(ledger, _UNITS, sentence, "budget_units")
            if "budget_units" in ledger.figures and _UNITS.search(sentence):
                for kind in _UNIT_KINDS.finditer(sentence):
                    name = "administrative" if kind["kind"] == "行政" else "public_institution"
                    _record(ledger, f"budget_units_{name}", kind["n"])
        if topic == "performance" and "绩效" in text:
            _performance(ledger, sentence)
        if topic in ("assets", None):
            _assets(ledger, sentence)


def _record(ledger: NarrativeRecord, indicator: str, digits: str) -> None:
    ledger.figure(indicator, Decimal(digits), "count", Number(digits, Decimal(digits), "count"))


def _count(ledger: NarrativeRecord, pattern: re.Pattern[str], sentence: str, indicator: str) -> None:
    match = pattern.search(sentence)
    if match:
        _record(ledger, indicator, match["n"])


def _assets(ledger: NarrativeRecord, sentence: str) -> None:
    for pattern in (_VEHICLES, _EQUIPMENT):
        for match in pattern.finditer(sentence):
            before = sentence[: match.end()]
            buying = [m.start() for m in _BUYING.finditer(before)]
            owning = [m.start() for m in _OWNING.finditer(before)]
            if not buying and not owning:
                continue
            bought = bool(buying) and (not owning or buying[-1] > owning[-1])
            if pattern is _VEHICLES:
                _record(ledger, "vehicles_to_purchase" if bought else "vehicles_owned", match["n"])
                continue
            floor = int(match["floor"])
            size = _FLOORS.get(floor, f"{floor * _THOUSANDS}k")
            _record(ledger, f"equipment_over_{size}_{'to_purchase' if bought else 'owned'}", match["n"])


def _performance(ledger: NarrativeRecord, sentence: str) -> None:
    if "整体支出" in sentence or ("评价" in sentence.split("其中")[0] and "目标" not in sentence):
        return
    _count(ledger, _PROJECTS, sentence, "performance_projects")
    for match in re.finditer(r"涉及(?:项目)?(?:当年|预算|财政)?[^,;。\d]{0,12}?资金(?:合计|共计|共|总额)?(?=\d)", sentence):
        if value := amount_of(MONEY.match(sentence, match.end())):
            ledger.figure("performance_amount", value.yuan, "yuan", value)
            return
