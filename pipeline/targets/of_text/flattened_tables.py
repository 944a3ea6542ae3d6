"""Performance targets in tables that a text dump has flattened into lines, columns and blank cells gone.

Belongs here: rows of indicators whose words stand in a line, labels beside them. Grids are read by `target_tables.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.patterns import HAN, HAN_NUMBER, UNIT
from pipeline.document.content import Content
from pipeline.targets.of_text.cells_of_lines import rows_of_cells
from pipeline.targets.target_headers import column_of
from pipeline.targets.target_rows import Money, RowPlace, Targets, is_known_level, target_words
from pipeline.targets.target_values import DASHES
from schemas.vocabulary.phrases import WordPattern, any_of

_WORDS = "performance_words.csv"
_TITLE = WordPattern(lambda: rf"{any_of(_WORDS, 'flat_title')}(?:\(.*\))?$")
_STORY = WordPattern(lambda: rf"(?:{HAN_NUMBER}、)?(?P<name>.{{4,60}}?{any_of(_WORDS, 'project_end')}){any_of(_WORDS, 'story_of_targets')}")
_NUMBERED = re.compile(rf"[{HAN}\d]+[、.]")
_MONEY = WordPattern(lambda: rf"(?P<label>{any_of(_WORDS, 'flat_label')})\((?P<unit>{UNIT})\)")
_LONGEST_LABELS = 16  # characters that may stand beside rows of indicators: a longer line ends the table
_LINES_ABOVE = 25  # lines above the header that may hold the fields of the form
_WEIGHT = re.compile(r"\d+(?:\.\d+)?%")


def read_flattened(content: Content, targets: Targets) -> None:
    """Add to `targets` what the document's lines outside grids state.

    Args:
        content: pages of lines.
        targets: receives projects and indicators.
    """
    printed = [
        (RowPlace(page.number, 0, number), line.text)
        for page in content.pages
        for number, line in enumerate(page.lines)
        if not line.in_grid and line.text.strip()
    ]
    printed, lost = rows_of_cells(printed)
    targets.missed.update(lost)
    places, lines = [place for place, _ in printed], [text for _, text in printed]
    at = 0
    story: str | None = None
    while at < len(lines):
        text = fold(lines[at])
        heading = _STORY.fullmatch(text)
        if heading and not any(word in text for word in target_words("no_project")):
            story = without_spaces(lines[at])[heading.start("name") : heading.end("name")]
        tokens = lines[at].split()
        heads = [column_of(token) for token in tokens] if len(tokens) > 1 else []
        head = set(heads)
        if {"dimension", "indicator", "target"} <= head and "operator" not in head:
            start, at, rows = at, *_read_aligned(lines, at, heads, story, targets, places)
            targets.taken.update(places[start + row] for row in rows)
        elif {"indicator", "operator", "target"} <= head:
            start, at = at, _read_flat(lines, at, targets, places)
            targets.taken.update(places[start:at])
        elif {"indicator", "target"} <= head and "weight" not in head:
            start, at = at, _read_pairs(lines, at + 1, story, targets, places)
            targets.taken.update(places[start:at] if story else ())
        else:
            at += 1


def _read_pairs(lines: list[str], at: int, project: str | None, targets: Targets, places: Sequence[RowPlace]) -> int:
    """Read rows of `indicator target`, two words each, up to the first line of another shape."""
    while at < len(lines):
        tokens = lines[at].split()
        if len(tokens) != 2:
            return at
        if project:
            row = next((row for row in targets.projects if row["project"] == project), None) or targets.add(
                project, Money(), at=(places[at],)
            )
            targets.indicator(row, {"indicator": without_spaces(tokens[0]), "target": without_spaces(tokens[1])}, (places[at],))
        at += 1
    return at


def _read_aligned(
    lines: list[str], header: int, heads: list[str], story: str | None, targets: Targets, places: Sequence[RowPlace]
) -> tuple[int, list[int]]:
    """Read a table whose rows have one word for each column of its header; levels hold until the next is printed.

    Returns:
        Where it ends, and the numbers of its lines, from its header on, that gave an indicator.
    """
    name, amount, goal = _fields(lines, header)
    name = name or story
    project = targets.project(name, Money(amount), goal, at=_above(places, header)) if name else None
    beside = [attribute for attribute in heads if attribute not in ("dimension", "sub_dimension")]
    levels = len(heads) - len(beside)
    labels: list[str] = [""] * levels
    taken: list[int] = []
    at = header + 1
    while at < len(lines):
        tokens = [without_spaces(token) for token in lines[at].split()]
        said = next((place for place, token in enumerate(tokens[:levels]) if not is_known_level(token)), min(levels, len(tokens)))
        if len(tokens) - said != len(beside):
            break
        labels[levels - said :] = tokens[:said]
        parts = dict(zip(beside, tokens[said:], strict=True)) | {"dimension": labels[0], "sub_dimension": labels[-1] if levels > 1 else ""}
        if project is not None and targets.indicator(project, parts, (places[at],)):
            taken.append(at - header)
        at += 1
    return max(at, header + 1), taken


def _read_flat(lines: list[str], header: int, targets: Targets, places: Sequence[RowPlace]) -> int:
    """Read one project's form flattened into lines; return where it ends."""
    name, amount, goal = _fields(lines, header)
    if name is None:
        return header + 1
    project = targets.project(name, Money(amount), goal, at=_above(places, header))
    labels = _Labels()
    waiting: list[str] = []
    at = header + 1
    while at < len(lines):
        tokens = [without_spaces(t) for t in lines[at].split()]
        place = _operator_at(tokens)
        if place is None:
            if len("".join(tokens)) > _LONGEST_LABELS or _NUMBERED.match("".join(tokens)):
                break
            waiting += tokens
            at += 1
            continue
        parts = labels.read([*waiting, *tokens[:place]])
        waiting = []
        parts |= _values(tokens[place:])
        targets.indicator(project, parts, (places[at],))
        at += 1
    return at


def _operator_at(tokens: list[str]) -> int | None:
    """Return where the operator of a flattened row stands; `/` stands for none where a target and a weight follow."""
    operators = target_words("operator")
    for place, token in enumerate(tokens):
        if fold(token) in operators and place + 1 < len(tokens):
            return place
        if fold(token) in DASHES and place + 2 < len(tokens) and _WEIGHT.fullmatch(fold(tokens[-1])):
            return place
    return None


def _values(tokens: list[str]) -> dict[str, str]:
    operator = "" if fold(tokens[0]) in DASHES else tokens[0]
    rest = tokens[1:]
    weight = rest.pop() if len(rest) > 1 and _WEIGHT.fullmatch(fold(rest[-1])) else ""
    unit = rest.pop() if len(rest) > 1 else ""
    return {
        "operator": operator, "target": "".join(rest), "unit": "" if fold(unit) in DASHES else unit, "weight": weight.rstrip("%％"),
    }  # fmt: skip


class _Labels:
    """The first and second level of flattened rows, whose labels stand anywhere beside the rows that they cover."""

    def __init__(self) -> None:
        self._dimension = ""
        self._sub = ""

    def read(self, tokens: list[str]) -> dict[str, str]:
        """Take the labels off the words before an operator; what remains is the indicator's name."""
        dimension, rest = self._take(tokens, target_words("dimension"))
        sub, rest = self._take(rest, target_words("sub"))
        if dimension and dimension != self._dimension:
            self._dimension, self._sub = dimension, ""
        if sub:
            self._sub, self._dimension = sub, target_words("sub").get(sub, self._dimension)
        return {"dimension": self._dimension, "sub_dimension": self._sub, "indicator": "".join(rest)}

    @staticmethod
    def _take(tokens: list[str], known: Mapping[str, str]) -> tuple[str, list[str]]:
        """Return the longest run of words at the start that makes a known label, while words remain after it."""
        for count in range(len(tokens) - 1, 0, -1):
            if "".join(tokens[:count]) in known:
                return "".join(tokens[:count]), tokens[count:]
        return "", tokens


def _above(places: Sequence[RowPlace], header: int) -> Sequence[RowPlace]:
    """Return the lines that may hold the fields of a form, nearest to its header first."""
    return places[max(0, header - _LINES_ABOVE) : header][::-1]


def _printed_once(words: Sequence[str]) -> str:
    """Return the words of a field as one; those that a program has printed in each column of a merged cell once."""
    return words[0] if len(set(words)) == 1 else "".join(words)


def _fields(lines: list[str], header: int) -> tuple[str | None, Decimal | None, str | None]:
    """Return project, amount in yuan and goal from the lines above the header of a flattened form."""
    name, amount, goal = None, None, None
    labels = target_words("flat_label")
    for at in range(max(0, header - _LINES_ABOVE), header):
        tokens = [without_spaces(t) for t in lines[at].split()]
        first = fold(tokens[0])
        if _TITLE.search(first) and "表" in first:
            name, amount, goal = None, None, None
        elif labels.get(first) == "project" and len(tokens) > 1:
            name = _printed_once(tokens[1:])
        elif (match := _MONEY.fullmatch(first)) and labels[match["label"]] == "amount" and len(tokens) == 2:
            value = parse_amount(tokens[1])
            amount = to_yuan(value, match["unit"]) if value is not None else None
        elif labels.get(first) == "goal":
            goal = "".join(tokens[1:]) + "".join(without_spaces(x) for x in lines[at + 1 : header])
    return name, amount, goal or None
