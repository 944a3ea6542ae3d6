"""Prose about one project: its basis, implementer, period, goal and yearly amount.

Belongs here: sections that describe a project under headings of its own. Tables of targets are read by `performance.py`.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.narrative.clauses import MONEY, amount_of
from pipeline.narrative.flow import NUMBERING, Paragraph
from pipeline.targets.target_tables import Money

_STORY = re.compile(r"(?P<name>[^,。;:]{4,60}?(?:经费|项目|费))情况说明")
_PARTS = {
    "立项依据": "basis", "实施主体": "implementer", "实施周期": "period", "绩效目标": "goal", "总目标": "goal",
    "实施方案": "", "项目概述": "",
}  # fmt: skip
_AMOUNT = re.compile(r"总预算(?:是|为|共)?|预算(?:安排|资金|总额|金额)(?:是|为|共)?|安排(?:预算|资金)(?:是|为|共)?|年度预算(?:是|为|共)?")
_INLINE_PARTS = {"实施主体": "implementer", "主要依据": "basis", "立项依据": "basis", "实施周期": "period"}
_INLINE = re.compile(rf"(?P<part>{'|'.join(_INLINE_PARTS)}):")
_UNQUOTED = str.maketrans("", "", "\"'")
_FOLDED_UNQUOTED = str.maketrans("（）", "()", "“”\"'")


def read_projects(text: list[Paragraph], known: list[dict[str, Any]]) -> None:
    """Complete `known` (rows of `projects`) by what the prose says of each, and add projects that only prose describes.

    Args:
        text: the document's paragraphs.
        known: rows that the tables of targets gave; changed in place.
    """
    current: dict[str, Any] | None = None
    part: str | None = None
    for paragraph in text:
        folded = paragraph.folded
        undated = re.sub(r"^\d{4}年", "", folded)
        story = _STORY.fullmatch(undated) if len(folded) <= 70 else None
        if story and "三公" not in folded and "机关运行" not in folded:
            shift = len(folded) - len(undated)
            current, part = _row(known, paragraph.text[shift + story.start("name") : shift + story.end("name")]), None
            continue
        named = _named(folded, known)
        if named:
            current, part = named, None
            continue
        if current is None:
            continue
        heading = NUMBERING.match(folded)
        if heading and len(folded) <= 20:
            label = folded[heading.end() :]
            if label in _PARTS or label.startswith("年度预算"):
                part = _PARTS.get(label)
                continue
            if heading["one"]:
                current = None
                continue
        inline = _INLINE.match(folded)
        if inline:
            _say(current, _INLINE_PARTS[inline["part"]], paragraph.text[inline.end() :])
        elif part:
            _say(current, part, paragraph.text)
        for match in _AMOUNT.finditer(folded):
            value = amount_of(MONEY.match(folded, match.end()))
            if value and current["amount"] is None:
                current["amount"] = value.yuan


def _row(known: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for row in known:
        if row["project"] == name:
            return row
    known.append({"project": name, "basis": None, "implementer": None, "period": None, "goal": None, "part_of": None} | Money().columns())
    return known[-1]


def _named(folded: str, known: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the project that a numbered line names alone (`1.某项目。`)."""
    text = NUMBERING.sub("", folded, count=1)
    if text == folded and not re.match(r"\d\.", folded):
        return None
    plain = re.sub(r"^\d\.", "", text).rstrip("。").translate(_UNQUOTED)
    for row in known:
        name = row["project"].translate(_FOLDED_UNQUOTED)
        if plain == name:
            return row
    return None


def _say(row: dict[str, Any], part: str, text: str) -> None:
    before = row[part]
    said = text.strip("。") if before is None else text
    if before is None or (len(before) < 400 and said not in before):
        row[part] = said if before is None else f"{before}\n{said}"
