"""Lists of projects with their targets: merged cells that go on over page breaks, put together again.

Belongs here: which name, amount and goal a row of such a list has. Does not belong here: finding the list, or what its words mean.
A cell that a page break cuts prints its text on one of its pages only (or on each): the other parts are empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from pipeline.budget.amounts import parse_amount
from pipeline.targets.target_rows import RowPlace
from pipeline.targets.target_values import is_cut_number

CellKey = tuple[int, int, int]
"""Page, number of the grid on its page, and number of the cell in its grid."""


@dataclass(slots=True)
class ListedRow:
    """One row of a list: its text by attribute, and the cell that each text stands in.

    `page` is its page; `first` and `last` tell whether it is the first or last row of its grid there; `places` are the rows of
    grids that print it.
    """

    parts: dict[str, str]
    cells: dict[str, CellKey]
    page: int
    first: bool = False
    last: bool = False
    places: tuple[RowPlace, ...] = ()


class ProjectOfRow(msgspec.Struct, frozen=True, gc=False):
    """What a row of a list belongs to.

    Attributes:
        group: number of the project's row group, ascending; rows of one group state one amount.
        name: of the project; None where it cannot be told.
        said: the row's texts of `amount`, `fiscal_amount`, `other_amount`, `goal` and `implementer`, empty where nothing is printed
            or where it cannot be told which of two texts belongs to the group.
    """

    group: int
    name: str | None
    said: dict[str, str]


class _Run(msgspec.Struct, gc=False):
    """Consecutive rows in one cell: its rows, its text, and whether it starts and ends its grid."""

    start: int
    end: int
    text: str
    page: int
    at_top: bool
    at_bottom: bool


_OF_INDICATOR = ("indicator", "operator", "target", "unit", "weight")
_CODED = re.compile(r"[0-9A-Z]{12,}[-—]?")
_CODED_SHARE = 0.75  # of the rows: where so many names start with codes, all do
_ROUNDING = Decimal("0.005")  # of the last of two printed decimals, for each amount of a sum
_ENDS = "。；;！!"


def join_cut_rows(rows: Sequence[ListedRow]) -> list[ListedRow]:
    """Return the rows of a list without indicators, those put together that a page break cuts in the middle of their texts.

    The lower half prints no amount, and the goal of the upper half breaks off inside a sentence or a list; or it prints nothing but
    the rest of the goal.
    """
    whole: list[ListedRow] = []
    for row in rows:
        above = whole[-1] if whole else None
        if (
            above is not None
            and above.last
            and row.first
            and row.page == above.page + 1
            and above.parts.get("amount")
            and not row.parts.get("amount")
            and (rest := row.parts.get("goal"))
            and (above.parts.get("goal", "。")[-1:] not in _ENDS or _is_rest(rest, above.parts.get("goal", ""), row))
        ):
            parts = {name: above.parts.get(name, "") + text for name, text in row.parts.items()}
            whole[-1] = ListedRow(above.parts | parts, above.cells, row.page, above.first, row.last, (*above.places, *row.places))
        else:
            whole.append(row)
    return whole


def _is_rest(rest: str, goal: str, row: ListedRow) -> bool:
    """Tell whether a row below a page break says nothing but the rest of the goal above it, not the same text again."""
    return bool(goal) and {name for name, text in row.parts.items() if text} == {"goal"} and rest not in goal


def join_cut_indicators(rows: Sequence[ListedRow]) -> list[ListedRow]:
    """Return the rows of a table with indicators, those put together that a page break cuts in the middle of their texts.

    The lower half goes on with the name alone, has the target that the upper half lacks, or the rest of both (`总|≥10公` over `长度|里`).
    """
    whole: list[ListedRow] = []
    for row in rows:
        above = whole[-1] if whole else None
        said = {name for name in _OF_INDICATOR if row.parts.get(name)}
        if above is not None and above.last and row.first and row.page == above.page + 1 and above.parts.get("indicator") and said:
            named = said == {"indicator"} and above.parts.get("target")
            reached = "indicator" not in said and not any(above.parts.get(name) for name in said)
            both = {"indicator", "target"} == said and is_cut_number(above.parts.get("target", ""), row.parts["target"])
            if named or reached or both:
                parts = {name: above.parts.get(name, "") + row.parts.get(name, "") for name in _OF_INDICATOR if name in above.parts}
                whole[-1] = replace(above, parts=above.parts | parts, last=row.last, page=row.page, places=(*above.places, *row.places))
                continue
        whole.append(row)
    return whole


def assign_to_projects(rows: Sequence[ListedRow]) -> list[ProjectOfRow]:
    """Tell for each row of a list of projects what it belongs to.

    Args:
        rows: of the whole list, over all its pages, in order.

    Returns:
        One entry per row.
    """
    names, chains = _names(rows)
    coded = [name is not None and _CODED.match(name) is not None for name in names]
    if sum(coded) > _CODED_SHARE * len(rows):
        _join_cut(rows, names, chains)
        coded = [name is not None and _CODED.match(name) is not None for name in names]
        # where names start with codes, what does not is the rest of a name cut off
        names = [name if is_coded else _by_code(name, names) for name, is_coded in zip(names, coded, strict=True)]
    amounts, groups = _attribute_texts(rows, "amount", chains)
    said = {"amount": amounts} | {a: _attribute_texts(rows, a, groups)[0] for a in ("fiscal_amount", "other_amount", "goal", "implementer")}
    return [ProjectOfRow(groups[i], names[i], {a: texts[i] for a, texts in said.items()}) for i in range(len(rows))]


def _join_cut(rows: Sequence[ListedRow], names: list[str | None], chains: list[int]) -> None:
    """Put together names that start with codes and that a page break cuts: the rest on the next page has no code of its own."""
    for at in range(1, len(rows)):
        above, rest = names[at - 1], names[at]
        cut = rows[at - 1].last and rows[at].first and rows[at].page == rows[at - 1].page + 1
        amounts = {text for i in (at - 1, at) if (text := rows[i].parts.get("amount"))}
        if not cut or not above or not rest or not _CODED.match(above) or _CODED.search(rest) or len(amounts) > 1:
            continue
        before, after = chains[at - 1], chains[at]
        for i, chain in enumerate(chains):
            if chain in (before, after):
                names[i], chains[i] = above + rest, before


def _by_code(name: str | None, names: Sequence[str | None]) -> str | None:
    """Return the one name that starts with the code inside a name with a strange beginning (text of another row run into it)."""
    code = _CODED.search(name) if name else None
    found = {other for other in names if other and code and other.startswith(code[0])}
    return found.pop() if len(found) == 1 else None


def settle_labels(rows: Sequence[ListedRow], attribute: str, within: Sequence[int] | None) -> tuple[list[str], list[int]]:
    """Tell for each row of one table the level of indicators that it stands under, and the number of the merged cell that says it.

    A merged cell that a page break cuts may print its text on the page above or below. Where cells are not merged, a level is
    printed in its first row and holds until the next.

    Args:
        rows: of the whole table, over all its pages, in order.
        attribute: `dimension` or `sub_dimension`.
        within: for each row the number of an outer merged cell, whose level is another one; None for the outermost level.
    """
    runs = _runs(rows, attribute)
    said = [run for run in runs if any(rows[i].parts.get("indicator") for i in range(run.start, run.end))]
    merged = not any(not run.text and not run.at_top and not run.at_bottom for run in said)
    outer = within if within is not None else [0] * len(rows)
    texts, cells = (
        _attribute_texts(rows, attribute, outer) if merged else ([row.parts.get(attribute, "") for row in rows], list(range(len(rows))))
    )
    for i in range(1, len(rows)):
        if not merged and not texts[i] and outer[i] == outer[i - 1] and rows[i].parts.get("indicator"):
            texts[i], cells[i] = texts[i - 1], cells[i - 1]
    return texts, cells


def groups_of(rows: Sequence[ListedRow], told: Sequence[ProjectOfRow]) -> list[str | None]:
    """Return for each row of a list the body whose projects it is among: named by a row of its own whose amount they make up.

    Args:
        rows: of the whole list.
        told: what each belongs to.
    """
    found: list[str | None] = [None] * len(rows)
    for head, row in enumerate(rows):
        whole = parse_amount(row.parts.get("amount", ""))
        if found[head] is None and whole is not None and _heads_group(row, told[head]):
            end = _end_of_group(rows, told, head, whole)
            found[head + 1 : end] = [row.parts["project"]] * (end - head - 1)
    return found


def _end_of_group(rows: Sequence[ListedRow], told: Sequence[ProjectOfRow], head: int, whole: Decimal) -> int:
    """Return the row behind those below `head` whose projects make up its amount; the row below it where none do.

    They go up to the next row that looks like a head, or beyond it where it is a project without a goal. Heads alone are no projects.
    """
    amounts: dict[int, Decimal] = {}
    described = False
    for i in range(head + 1, len(rows) + 1):
        proven = described and abs(sum(amounts.values()) - whole) <= _ROUNDING * len(amounts)
        if proven and (i == len(rows) or told[i].group not in amounts):
            return i
        if i == len(rows) or sum(amounts.values()) > whole:
            break
        amount = parse_amount(told[i].said["amount"])
        if amount is not None:
            amounts[told[i].group] = amount
        described = described or not _heads_group(rows[i], told[i])
    return head + 1


def _heads_group(row: ListedRow, listed: ProjectOfRow) -> bool:
    return bool(row.parts.get("project") and row.parts.get("amount")) and not listed.said["goal"] and not row.parts.get("indicator")


def _runs(rows: Sequence[ListedRow], attribute: str) -> list[_Run]:
    """Return the runs of rows that share their cell of one attribute (a row without that cell is a run of its own)."""
    runs: list[_Run] = []
    previous: CellKey | None = None
    for i, row in enumerate(rows):
        key = row.cells.get(attribute)
        if runs and key is not None and key == previous:
            runs[-1].end, runs[-1].at_bottom = i + 1, row.last
        else:
            runs.append(_Run(i, i + 1, row.parts.get(attribute, ""), row.page, row.first, row.last))
        previous = key
    return runs


def _names(rows: Sequence[ListedRow]) -> tuple[list[str | None], list[int]]:
    """Return the name of each row's project, and the number of the merged cell that its name stands in."""
    runs = _runs(rows, "project")
    names: list[str | None] = [None] * len(rows)
    chains = [0] * len(rows)
    if any(not run.text and not run.at_top and not run.at_bottom for run in runs):  # names are not merged over their rows
        current, number = None, 0
        for run in runs:
            opens = any(rows[i].parts.get("amount") or rows[i].parts.get("goal") for i in range(run.start, run.end))
            if run.text or opens:
                current, number = run.text or None, number + 1
            for i in range(run.start, run.end):
                names[i], chains[i] = current, number
        return names, chains
    texts, chains = _cell_texts(rows, _chains(rows, runs, None))
    return [text or None for text in texts], chains


def _attribute_texts(rows: Sequence[ListedRow], attribute: str, within: Sequence[int]) -> tuple[list[str], list[int]]:
    """Return each row's text of an attribute, and the number of the merged cell that it stands in.

    Args:
        rows: of the list.
        attribute: of the list.
        within: for each row the number of an outer merged cell: no cell goes on from one of these to another.
    """
    runs: list[_Run] = []
    for run in _runs(rows, attribute):
        cuts = [i for i in range(run.start + 1, run.end) if within[i] != within[i - 1]]
        for start, end in zip([run.start, *cuts], [*cuts, run.end], strict=True):
            runs.append(_Run(start, end, run.text, run.page, run.at_top and start == run.start, run.at_bottom and end == run.end))
    return _cell_texts(rows, _chains(rows, runs, within))


def _cell_texts(rows: Sequence[ListedRow], chains: Sequence[list[_Run]]) -> tuple[list[str], list[int]]:
    """Return for each row the text of the merged cell that it stands in, and that cell's number."""
    texts, numbers = [""] * len(rows), [0] * len(rows)
    number = 0
    for chain in chains:
        known: str | None = None
        for run, text in zip(chain, _whole_text_of(chain), strict=True):
            number += text != known
            known = text
            for i in range(run.start, run.end):
                texts[i], numbers[i] = text, number
    return texts, numbers


def _chains(rows: Sequence[ListedRow], runs: list[_Run], within: Sequence[int] | None) -> list[list[_Run]]:
    """Return the runs that may be parts of one cell, cut by page breaks."""
    chains: list[list[_Run]] = []
    for run in runs:
        before = chains[-1][-1] if chains else None
        joined = (
            before is not None
            and before.at_bottom
            and run.at_top
            and run.page == before.page + 1
            and (within is None or within[run.start] == within[before.end - 1])
            and _one_text(before.text, run.text, rows, before.end)
        )
        if joined:
            chains[-1].append(run)
        else:
            chains.append([run])
    return chains


def _one_text(above: str, below: str, rows: Sequence[ListedRow], row: int) -> bool:
    """Tell whether the texts above and below a page break (before `row`) may be one cell's.

    A cell may print its text on one page, on both, or on one of them cut off; what is cut off is a name only where the
    amounts do not show two projects.
    """
    if not above or not below or above == below:
        return True
    amounts = {rows[i].parts["amount"] for i in (row - 1, row) if rows[i].parts.get("amount")}
    long, short = sorted((above, below), key=len, reverse=True)
    cut = long.startswith(above) if short == above else long.endswith(below)
    return cut and len(amounts) <= 1


def _whole_text_of(chain: list[_Run]) -> list[str]:
    """Return the text of each part of a chain: that of the nearest part that prints it whole; empty between two different texts."""
    told: list[str] = []
    for place, run in enumerate(chain):
        before = next((r.text for r in reversed(chain[:place]) if r.text), "")
        after = next((r.text for r in chain[place + 1 :] if r.text), "")
        texts = sorted({run.text, before, after} if not run.text else _cut_off(run.text, before, after), key=len)
        undecided = any(text not in texts[-1] for text in texts)
        told.append("" if undecided else texts[-1])
    return told


def _cut_off(text: str, before: str, after: str) -> set[str]:
    """Return a text with those of its neighbours that it is the cut-off beginning or end of."""
    return {text, *(other for other in (before, after) if other.startswith(text) or other.endswith(text))}
