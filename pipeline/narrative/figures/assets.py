"""Vehicles, equipment and buildings: how many are owned, and how many are to be bought.

Belongs here: counts of assets. Does not belong here: vehicles that 三公 pays for (`key_figures.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.narrative.figures.recorder import FigureRecorder
from schemas.vocabulary.narrative import either, word_value
from schemas.vocabulary.phrases import WordPattern

_VEHICLES = re.compile(r"(?P<words>[^,;。、:()\d]{0,60}(?:\([^()]{0,60}\)[^,;。、:()\d]{0,60})?)(?<!\d)(?P<n>\d{1,6})[辆台]")
_EQUIPMENT = re.compile(
    r"(?:单位价值|单位价格|单台价值|单价|价值|原值|购置|采购|配置)(?:在)?(?:人民币)?(?P<floor>\d+)万元?(?:\(含(?:以上)?(?:\d+万元)?\))?(?:及)?(?:以上|\(含\)以上)"
    r"(?:\(含\))?(?:的)?(?:\([^()]*\))?(?:各类|通用|专用|大型|办公|仪器|、)*(?:设备|仪器)(?:\([^()]*\))?(?:共有?|共计|数量|为)*(?P<n>\d+)[台件套(]"
)
_DEAR = re.compile(r"(?<!\d)(?P<floor>\d{1,6})万元?(?:\(含\))?(?:及)?以上[^,;。\d]{0,12}?(?:设备|仪器)")
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
_OF_USE = re.compile(r"(?<!\d)(?P<n>\d{1,6})辆(?P<words>[^,;。、:()\d]{2,30})")  # 购置2辆机要通信用车、5辆其他用车
_REST_OF_SENTENCE = re.compile(r"[^;。]*")
_OF_THEM = WordPattern(  # 车辆7辆，其中2辆…；购置7辆，90万元，主要是购置2辆…: what else stands before a count (借用, 增加) is of others
    lambda: rf"(?:[,:、(]|(?<!\d)\d[\d,.]*(?:万元|元)|{either('parts', 'owning', 'buying')}|主要|分别|[为是有])*(?:车辆)?"
)
_BETWEEN = ("", "、", ",")
_STATE_LAST = WordPattern(lambda: rf"(?:{either('owning', 'buying')}|{either('all_vehicles')})(?:车辆)?[为是:]?$")
_AREA = re.compile(r"房屋(?:建筑)?(?:面积)?(?:共|共计|为)?(?P<n>\d[\d,]*(?:\.\d+)?)平方米")

NOT_BOUGHT = WordPattern(lambda: rf"{either('none_planned')}[^,;。]{{2,60}}")
"""A clause that says something not to be bought."""

COUNTED_THING = re.compile(r"\d[辆台套]")
_BUYING = WordPattern(lambda: either("buying"))


class AssetReader:
    """Reads counts of assets, paragraph by paragraph."""

    def __init__(self, figures: FigureRecorder) -> None:
        """Start; `figures` records them."""
        self._figures = figures
        self._buying: bool | None = None
        self._listing = False

    def new_section(self) -> None:
        """Forget what the last section was about."""
        self._buying, self._listing = None, False

    def read(self, text: str, within: bool) -> None:
        """Record counts of what is owned and what is to be bought.

        Which of the two a count is, the last word before it says; in a section on assets that holds until another word.

        Args:
            text: of the paragraph, folded.
            within: whether the section is one on assets.
        """
        if not within:
            self._buying = None
        listing, last = self._listing and within, 0
        by_use = set[int]()
        for match, is_vehicle in self._counted(text):
            before = text[last : match.start("n")]
            last = match.end()
            self._change_of_state(before)
            listing = (listing and "。" not in before and ";" not in before) or _PARTS.search(before) is not None
            if self._buying is None or _DISPOSING.search(before):
                continue
            state = "to_purchase" if self._buying else "owned"
            if match.start("n") in by_use:
                continue
            if not is_vehicle:
                self._figures.record(f"equipment_over_{_floor(int(match['floor']))}_{state}", match, "n")
                continue
            counts = self._counts_by_use(text, match.start("n"), state)
            if len(counts) > 1 and counts[0][1].start() == match.start("n"):  # 购置2辆机要通信用车、5辆其他用车 without a total
                said = listing or _STATE_LAST.search(before) is not None  # 租用2辆… is neither
                by_use |= self._by_use(state, counts) if said else {count.start("n") for _, count in counts}
                continue
            use = _USE.search(match["words"])
            kind = word_value("vehicle_use", use[0]) if use else None
            listed = listing or f"vehicles_{state}" in self._figures.ledger.figures
            if kind and (listed or kind != _ANY_USE):
                self._figures.record(f"vehicles_{state}_{kind}", match, "n")
            elif f"vehicles_{state}" not in self._figures.ledger.figures and _ALL_VEHICLES.fullmatch(match["words"]):
                by_use |= self._all(state, match)  # 固定资产…，其中：房屋…；车辆5辆 is a list of assets
            elif not listed and _is_of_vehicles(match["words"], before) and not _ESTABLISHED.search(match["words"]):
                by_use |= self._all(state, match)
        for none in NOT_BOUGHT.finditer(text):
            self._nothing_bought(none)
        self._change_of_state(text[last:])
        self._listing = text.endswith("其中:")
        for area in _AREA.finditer(text) if within else ():
            self._figures.record("buildings_owned", area, "n", "m2")

    def _all(self, state: str, match: re.Match[str]) -> set[int]:
        """Record a count of all vehicles, and those of each use behind it, if they are not more; return where these stand."""
        self._figures.record(f"vehicles_{state}", match, "n")
        counts = self._counts_by_use(match.string, match.end(), state)
        if counts and not _OF_THEM.fullmatch(match.string, match.end(), counts[0][1].start()):
            return set()
        if sum(int(count["n"]) for _, count in counts) > int(match["n"]):
            return {count.start("n") for _, count in counts}
        return self._by_use(state, counts)

    def _by_use(self, state: str, counts: Sequence[tuple[str, re.Match[str]]]) -> set[int]:
        """Record counts of vehicles by their use; return where they stand."""
        for use, count in counts:
            self._figures.record(f"vehicles_{state}_{use}", count, "n")
        return {count.start("n") for _, count in counts}

    def _counts_by_use(self, text: str, start: int, state: str) -> list[tuple[str, re.Match[str]]]:
        """Return the counts of vehicles in the rest of a sentence, each with the use named behind it; none where one has none."""
        rest = _REST_OF_SENTENCE.match(text, start)
        assert rest is not None  # it may be empty
        if _DISPOSING.search(rest[0]) or (_OWNING if state == "to_purchase" else _BUYING).search(rest[0]):
            return []  # of others: 共有车辆7辆，计划购置2辆机要通信用车
        counts = [*_OF_USE.finditer(text, *rest.span())]
        if any(text[one.end() : next_one.start()] not in _BETWEEN for one, next_one in pairwise(counts)):
            return []
        uses = [word_value("vehicle_use", use[0]) for count in counts if (use := _USE.search(count["words"]))]
        return [*zip(uses, counts, strict=True)] if len(set(uses)) == len(counts) else []

    def _nothing_bought(self, said: re.Match[str]) -> None:
        """Record zero of what a clause says not to be bought (`未安排购置车辆`), unless it counts something."""
        clause = said[0]
        if not _BUYING.search(clause) or COUNTED_THING.search(clause) or self._figures.is_of_another_year(said):
            return
        if vehicle := _VEHICLE.search(clause):
            self._figures.record_none("vehicles_to_purchase", said.start(), clause[: vehicle.end()])
        for floor in _DEAR.finditer(clause):
            indicator = f"equipment_over_{_floor(int(floor['floor']))}_to_purchase"
            self._figures.record_none(indicator, said.start(), clause[: floor.end()])

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


def _is_of_vehicles(words: str, before: str) -> bool:
    """Tell whether a count is of all vehicles: its words name vehicles, or only say that they are owned or bought (实有4辆)."""
    return _VEHICLE.search(before) is not None or not _BUYING.sub("", _OWNING.sub("", words))


def _floor(in_ten_thousands: int) -> str:
    """Return the floor of an equipment's price as indicators name it: `500k`, `1m`, `2m`."""
    if in_ten_thousands % _MILLION == 0:
        return f"{in_ten_thousands // _MILLION}m"
    return f"{in_ten_thousands * _THOUSANDS}k"
