"""Text dumps: a heading torn to pieces over its lines, put together where the rows prove it.

A tool that writes a table cell after cell leaves of `财政专户管理资金 | 事业单位经营收入` the words 财政专户, 管理资金, 事业单位, 经营收入,
on any lines. Here all words of a heading are put together at once: into names of columns that leave no word over.

Claimed is only what several witnesses agree on: one way to put the words together gives as many columns as rows have numbers; these stand
in an order in which forms print them; and the numbers, in that order, add up in every row.

Belongs here: headings of tables that print a number in each cell. Does not belong here: rows that leave cells out, and the order that a
line of whole names proves (`header_phrases.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations

from pipeline.budget.amounts import decimals
from pipeline.budget.characters import fold
from pipeline.budget.sums import FUND_TREE, PARTS_OF_BASIC, THREE_PUBLIC_PARTS, funds_within
from pipeline.statements.meaning.headers.header_texts import read_header_text, without_year_and_unit
from pipeline.statements.text_dumps.aligned_lines import words_by_column
from pipeline.statements.text_dumps.bare_rows import DumpTable, HeaderLine, Number
from pipeline.statements.text_dumps.line_words import is_note
from schemas.statements import kind_of
from schemas.vocabulary import phrase_rows
from schemas.vocabulary.phrases import WordPattern, any_of
from schemas.vocabulary.titles import TitleMeaning

_MOST_PIECES = 8
"""Pieces of one name: a cell of a heading is rarely wrapped more often."""

_MOST_WORDS = 60
"""Words of a heading: the widest have some thirty columns; what has more is a heading in which rows have been taken in."""

_MOST_WAYS = 200
"""Ways to put the words together: with more, they are no names torn apart."""

_FEWEST_DENSE = 0.8
"""Share of rows that print a number in each cell. Where fewer do, blank cells are the rule, and only a row without any 0 shows how many
columns there are and what adds up to what."""

_FEWEST_SUMS = 0.95
"""Share of these rows in which the numbers add up: publishers err in single rows, a wrong heading in most of them."""

_OF_WHICH = "其中"
_LEAD = WordPattern(lambda: f"(?:{any_of('statement_words.csv', 'heading_lead')})*")
_TAIL = WordPattern(lambda: f"(?:{any_of('statement_words.csv', 'heading_tail')})*")

_WHOLE, _NO_COLUMN, _LABEL = "whole", "none", "label"
_PROCUREMENT = ("of_which_procurement_sme", "of_which_procurement_small_micro")
_SUBJECTS = {"fund": "fund", "nature": "nature", "of_which": "of_which", "three_public": "item"}

_HEADED: dict[str, tuple[str, ...]] = {
    **{f"fund {whole}": tuple(f"fund {p}" for p in parts) for whole, parts in FUND_TREE.items() if whole not in ("total", "current_year")},
    "nature basic": tuple(f"nature {part}" for part in PARTS_OF_BASIC),
    "item vehicles": tuple(f"item {part}" for part in THREE_PUBLIC_PARTS["vehicles"][0]),
    "item total": tuple(f"item {part}" for parts in THREE_PUBLIC_PARTS["total"] for part in parts),
    "of_which of_which_procurement": tuple(f"of_which {part}" for part in _PROCUREMENT),
}
"""Subjects that head columns of their parts."""

_USUAL_ORDER = (
    ("fund", ["fiscal_appropriation", "general_public", "government_fund", "state_capital", "special_account", "business", "operating"]),
    ("fund", ["fiscal_appropriation", "general_public", "government_fund", "state_capital", "special_account", "unit_funds"]),
    ("fund", ["special_account", "superior_subsidy", "subordinate_remittance", "other"]),
    ("fund", ["operating", "subordinate_remittance"]),
    ("nature", ["basic", "basic_personnel", "basic_operating", "project", "operating"]),
    ("nature", ["project", "remittance_to_superiors"]),
    ("nature", ["project", "subsidy_to_subordinates"]),
    ("item", ["vehicles", "vehicle_purchase", "vehicle_operation"]),
    ("of_which", ["of_which_procurement", *_PROCUREMENT]),
)
"""Runs of subjects in the order of the forms of all years: no heading contradicts them. 上级补助 once stood before 事业收入."""


@dataclass(frozen=True, slots=True)
class TornHeading:
    """A heading put together.

    Attributes:
        labels: of its label columns.
        paths: per column its texts, top to bottom, from left to right.
    """

    labels: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a column, or of a group of columns.

    Attributes:
        text: folded.
        dimension: by which it divides its table (fund, nature, item, of_which); or one of `_WHOLE`, `_NO_COLUMN`, `_LABEL`.
        subject: the dimension with what it names there.
    """

    text: str
    dimension: str
    subject: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The subjects of which this one is the sum, as columns below its name."""
        return _HEADED.get(self.subject, ())


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column: the subject that its numbers are of, and its texts, top to bottom."""

    dimension: str
    subject: str
    path: tuple[str, ...]


def read_torn_heading(table: DumpTable, meaning: TitleMeaning) -> TornHeading | None:
    """Return the columns of a table whose rows print a number in each cell, or None where they are not proven."""
    numbers = [half.numbers for row in table.rows for half in row.halves if half.numbers]
    width = max(map(len, numbers), default=0)
    dense = [row for row in numbers if len(row) == width]
    if len(dense) < _FEWEST_DENSE * len(numbers):
        dense = [row for row in dense if all(value for value, _ in row)]
    if width < 2 or not dense:
        return None
    items = kind_of(meaning.statement).items is not None
    headings = (_words(lines, table.header, items=items) for lines in (table.above, table.header) if lines)

    def read(words: Sequence[str]) -> TornHeading | None:
        torn = _proven(words, meaning, dense, items=items)
        return torn if torn and not _goes_on(table, words, items=items) else None

    if (torn := next((torn for words in headings if (torn := read(words))), None)) is not None:
        return torn
    lines = _words(table.above, table.header, items=items)
    aligned = words_by_column(table.set_above, lambda text: names_column(text, meaning)) if lines else ()
    return next((torn for words in aligned if len(words) <= _MOST_WORDS and (torn := read(words))), None)


def names_column(text: str, meaning: TitleMeaning) -> bool:
    """Tell whether all of a folded text is the name of a column, of a group of columns, or of labels; 支出 alone is of none."""
    name = _name(text, items=kind_of(meaning.statement).items is not None)
    return name is not None and name.dimension != _NO_COLUMN


def _goes_on(table: DumpTable, words: Sequence[str], *, items: bool) -> bool:
    """Tell whether lines between rows, put together, name a column that the heading does not: another table's heading."""
    own = {name.subject for name in _names_in(words, items=items)}
    pieces = (name for row in table.rows[1:] for name in _names_in([fold(piece) for piece in row.pieces], items=items))
    return any(name.dimension in _SUBJECTS.values() and name.subject not in own for name in pieces)


def _names_in(words: Sequence[str], *, items: bool) -> Iterator[_Name]:
    """Yield the names that words next to each other give."""
    for at in range(len(words)):
        for end in range(at + 1, min(len(words), at + _MOST_PIECES) + 1):
            if name := _name("".join(words[at:end]), items=items):
                yield name


def _proven(words: Sequence[str], meaning: TitleMeaning, dense: Sequence[Sequence[Number]], *, items: bool) -> TornHeading | None:
    """Return the one heading that the words give and the rows prove."""
    width = len(dense[0])
    found: dict[tuple[str, ...], TornHeading] = {}
    for names in _ways(words, items=items):
        columns = [name for name in names if name.dimension != _LABEL]
        for leaves in _leaves(columns, meaning, width):
            if _in_usual_order(leaves) and _adds_up(leaves, dense):
                heading = TornHeading(tuple(name.text for name in names if name.dimension == _LABEL), tuple(leaf.path for leaf in leaves))
                found.setdefault(tuple(leaf.subject for leaf in leaves), heading)
    return next(iter(found.values())) if len(found) == 1 else None


def _words(lines: Sequence[HeaderLine], headings: Sequence[HeaderLine], *, items: bool) -> list[str]:
    """Return the words of the first heading, folded; none where a heading on a continued page prints names of other columns."""
    first = [word for line in lines if line.stretch == lines[0].stretch for text in line.words if not is_note(word := fold(text))]
    own = set(first)
    others = (fold(word) for line in headings for word in line.words)
    if any(word not in own and (name := _name(word, items=items)) and name.dimension != _NO_COLUMN for word in others):
        return []
    words = list(_apart(_once(first), items=items))
    return words if len(words) <= _MOST_WORDS else []


def _once(words: list[str]) -> list[str]:
    """Return the words of one printing where a heading is printed several times above the first row."""
    half = len(words) // 2
    return _once(words[:half]) if half and words[:half] == words[half:] else words


def _apart(words: Sequence[str], *, items: bool) -> Iterator[str]:
    """Yield words; a label and a name of a column that stand together without a space are two (单位资金预算单位)."""
    for word in words:
        cuts = [(label, n) for n in range(2, len(word) - 1) if (label := _label_beside_column(word[:n], word[n:], items=items))]
        cut = max(cuts, default=(0, 0))[1]
        yield from (word[:cut], word[cut:]) if cut and not _name(word, items=items) else (word,)


def _label_beside_column(left: str, right: str, *, items: bool) -> int:
    """Return how long the label is where one half names a label and the other a column, or 0."""
    names = [_name(text, items=items) for text in (left, right)]
    labels = [len(name.text) for name in names if name and name.dimension == _LABEL]
    return labels[0] if all(names) and len(labels) == 1 else 0


@cache
def _name(text: str, *, items: bool) -> _Name | None:
    """Return what a text names if all of its characters are understood; of a text that begins with 其中 the end is free."""
    says = read_header_text(text)
    named = _named(text, says, items=items)
    if named is None:
        return None
    plain = without_year_and_unit(text)
    if not plain or plain in _known(exact=True) or (text.startswith(_OF_WHICH) and named.dimension == "of_which"):
        return named
    lead = _LEAD.match(plain)
    for start in {0, lead.end() if lead else 0}:
        for end in range(len(plain), start + 1, -1):
            known = plain[start:end]
            if known in _known(exact=False) and _TAIL.fullmatch(plain[end:]):
                own = _named(known, read_header_text(known), items=items)
                if own and own.subject == named.subject:
                    return named
    return None


@cache
def _known(*, exact: bool) -> frozenset[str]:
    return frozenset(row["phrase"] for row in phrase_rows("headers.csv") if row["match"] == "exact" or not exact)


def _named(text: str, says: dict[str, str], *, items: bool) -> _Name | None:
    """Return the name of a header text; None where it says nothing, several things at once, or nothing that is an amount."""
    if "percent" in says or says.get("measure", "budget") != "budget" or says.get("role") in ("count", "quantity", "year"):
        return None
    if "role" in says:
        return _Name(text, _LABEL, says["role"])
    divides = ("of_which",) if "of_which" in says else tuple(key for key in _SUBJECTS if key != "three_public" or items)
    found = [(_SUBJECTS[key], says[key]) for key in divides if key in says]
    if "carryover" in says:
        found = [("fund", f"carryover_{says['fund']}" if "fund" in says else "carryover"), *found[1:]]
    if len(found) > 1:
        return None
    if found:
        return _Name(text, found[0][0], " ".join(found[0]))
    if {"total", "current_total"} & set(says):
        return _Name(text, _WHOLE, "total")
    if {"plain", "measure"} & set(says):
        return _Name(text, _WHOLE, "plain")
    return _Name(text, _NO_COLUMN, "flow") if says else None


def _ways(words: Sequence[str], *, items: bool) -> list[tuple[_Name, ...]]:
    """Return the ways to put words together to names so that none is left over; none where there are too many."""
    if not words:
        return []
    ways: list[list[tuple[_Name, ...]]] = [[] for _ in words] + [[()]]
    for at in range(len(words) - 1, -1, -1):
        for end in range(at + 1, min(len(words), at + _MOST_PIECES) + 1):
            name = _name("".join(words[at:end]), items=items) if ways[end] else None
            if name is not None and not _holds_two(words[at:end], items=items):
                ways[at] += [(name, *rest) for rest in ways[end]]
        if len(ways[at]) > _MOST_WAYS:
            return []
    return ways[0]


def _holds_two(words: Sequence[str], *, items: bool) -> bool:
    """Tell whether words that are put together are two names as they stand (基本支出 | 项目支出), unless the list knows them as one."""
    if without_year_and_unit("".join(words)) in _known(exact=True):
        return False
    halves = ((_name("".join(words[:n]), items=items), _name("".join(words[n:]), items=items)) for n in range(1, len(words)))
    return any(all(name and name.dimension != _NO_COLUMN and name.subject != "plain" for name in names) for names in halves)


def _leaves(names: Sequence[_Name], meaning: TitleMeaning, width: int) -> Iterator[list[_Leaf]]:
    """Yield the columns that names give, if as many as `width`: names of groups, of the title's scope and of a side are none."""
    subjects = {name.subject for name in names}
    scope = {f"fund {meaning.fund}", f"nature {meaning.nature}"}
    totals = any(name.subject == "total" for name in names)
    always = {n for n, name in enumerate(names) if name.dimension == _NO_COLUMN or (totals and name.subject == "plain")}
    later = [{other.subject for other in names[n + 1 :]} for n in range(len(names))]
    maybe = [n for n, name in enumerate(names) if name.subject in scope or subjects & set(name.parts) or name.subject in later[n]]
    for heads in combinations([n for n in maybe if n not in always], max(0, len(names) - len(always) - width)):
        leaves = None if _is_row_by_row(names, always, heads) else _with_paths(names, always, set(heads))
        if leaves and len(leaves) == width:
            yield leaves


def _with_paths(names: Sequence[_Name], dropped: set[int], heads: set[int]) -> list[_Leaf] | None:
    """Return the columns below the names of groups; None where of a 小计 is not said what it is the total of, or two say the same."""
    over = [names[n] for n in sorted(heads)]
    kept = [name for n, name in enumerate(names) if n not in dropped | heads]
    leaves: list[_Leaf] = []
    for n, name in enumerate(kept):
        dimension, subject = name.dimension, name.subject
        if subject == "total" and leaves:
            following = kept[n + 1].subject if n + 1 < len(kept) else ""
            group = next((head for head in over if following in head.parts), None)
            if group is None:
                return None
            dimension, subject = group.dimension, group.subject
        else:
            group = next((head for head in over if subject in (*head.parts, head.subject) and subject != "total"), None)
        leaves.append(_Leaf(dimension, subject, (group.text, name.text) if group else (name.text,)))
    return leaves if len({leaf.subject for leaf in leaves}) == len(leaves) else None


def _is_row_by_row(names: Sequence[_Name], dropped: set[int], heads: Sequence[int]) -> bool:
    """Tell whether a column that no form puts before a group's parts is printed between its name and them.

    Then the upper cells of the heading were written before the lower ones (财政拨款 | 单位资金 over 一般公共预算 | 政府性基金), and the
    words do not stand in the order of the columns.
    """
    kept = [n for n in range(len(names)) if n not in dropped and n not in heads]
    for head in (n for n in heads if names[n].dimension != "of_which"):  # what repeats a part of others stands behind them all
        parts = (*names[head].parts, names[head].subject)
        first = next((n for n in kept if n > head and names[n].subject in parts), head)
        between = [names[n].subject for n in kept if head < n < first and names[n].dimension != _WHOLE]
        if any(not _has_usual_order(subject, names[first].subject) for subject in between):
            return True
    return False


def _has_usual_order(subject: str, other: str) -> bool:
    """Tell whether the forms put two subjects in an order."""
    return any({subject, other} <= {f"{dimension} {name}" for name in run} for dimension, run in _USUAL_ORDER)


def _in_usual_order(leaves: Sequence[_Leaf]) -> bool:
    """Tell whether the whole stands first, parts beside each other behind their sum, and nothing against the order of the forms."""
    place = {leaf.subject: n for n, leaf in enumerate(leaves)}
    if leaves[0].dimension != _WHOLE and leaves[0].subject != "item total":
        return False
    for dimension, run in _USUAL_ORDER:
        places = [place[f"{dimension} {subject}"] for subject in run if f"{dimension} {subject}" in place]
        if places != sorted(places):
            return False
    for whole, parts in _HEADED.items():
        places = sorted(place[part] for part in (whole, *parts) if part in place)
        held = [leaf.subject for leaf in leaves[places[0] : places[-1] + 1]] if places and whole != "item total" else []
        if any(subject not in (whole, *parts) for subject in held) or (whole in place and places[0] != place[whole]):
            return False
    return True


def _adds_up(leaves: Sequence[_Leaf], rows: Sequence[Sequence[Number]]) -> bool:
    """Tell whether the numbers of rows, in this order, add up as their columns say, and more than zeros do."""
    sums = list(_sums(leaves))
    if not sums or sums[0][0] != 0:
        return False
    held = [row for row in rows if all(_holds(row, whole, parts) for whole, parts in sums)]
    return len(held) >= _FEWEST_SUMS * len(rows) and any(row[0][0] for row in held)


def _sums(leaves: Sequence[_Leaf]) -> Iterator[tuple[int, list[int]]]:
    """Yield the sums that hold in each row, as the place of the whole and of its parts."""
    for dimension in ("fund", "nature", "item"):
        own = [n for n, leaf in enumerate(leaves) if leaf.dimension == dimension and n]
        inside = {subject for n in own for subject in _within(leaves[n])}
        if own:
            yield 0, [n for n in own if leaves[n].subject not in inside]
    for n, leaf in enumerate(leaves):
        parts = [m for m, other in enumerate(leaves) if other.subject in _HEADED.get(leaf.subject, ())]
        if n and len(parts) > 1 and leaf.dimension != "of_which":
            yield n, parts


def _within(leaf: _Leaf) -> frozenset[str]:
    if leaf.dimension == "fund":
        fund = leaf.subject.removeprefix("fund ")
        return frozenset(f"fund {within}" for within in funds_within(fund) if within != fund)
    return frozenset(_HEADED.get(leaf.subject, ()))


def _holds(row: Sequence[Number], whole: int, parts: Sequence[int]) -> bool:
    values = [value or Decimal(0) for value, _ in row]
    step = Decimal(10) ** -max(decimals(text) for _, text in row)
    slack = step * (len(parts) + 1) / 2 if len(parts) > 1 else Decimal(0)
    return abs(values[whole] - sum(values[n] for n in parts)) <= slack
