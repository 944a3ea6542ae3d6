"""Text dumps, third step: from scattered header phrases to columns, and what is known of their order.

Belongs here: which phrases are columns, which are headings over columns, and which order the print proves. What a phrase
means for fund, nature and measure is said by `columns.py`, from the header paths made here.

An order is claimed only where it is printed: phrases of one line stand left to right; lines of one header that begins with
its label columns follow each other; a total stands before its parts. All else is left open to the solver.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from pipeline.budget.characters import fold
from pipeline.budget.sums import FUND_TREE, PARTS_OF_BASIC
from pipeline.statements.meaning.headers.header_texts import YEAR, read_header_text
from pipeline.statements.statement_model import LABEL_ROLES
from pipeline.statements.text_dumps.bare_rows import HeaderLine
from pipeline.statements.text_dumps.line_words import is_note
from schemas.statements import kind_of
from schemas.vocabulary import read_row_label
from schemas.vocabulary.phrases import phrases as phrases_of
from schemas.vocabulary.titles import TitleMeaning

_LONGEST_PIECE = 8  # characters that a cell of a heading holds on a line; longer lines are names and titles
_NAMES_MONEY = re.compile("[款金入支算经拨]")  # a piece of a column's heading; 科目 and 编码 are of labels

_TOTAL_TAIL = re.compile(r"(.{3,})(合计|总计|小计)")
_PARTS_OF_TOTAL: dict[str, tuple[str, ...]] = {
    **FUND_TREE,
    "basic": PARTS_OF_BASIC,
    "vehicles": ("vehicle_purchase", "vehicle_operation"),
}
_OF_THE_WHOLE = ("total", "current_total", "plain")
_UNREADABLE_ROLES = ("count", "quantity", "year")


@dataclass(frozen=True, slots=True)
class HeaderColumns:
    """A reading of the header.

    Attributes:
        paths: per amount column its header texts, top to bottom, in the likeliest order.
        before: pairs of indexes into `paths`: the first stands left of the second.
    """

    paths: tuple[tuple[str, ...], ...]
    before: frozenset[tuple[int, int]]


@dataclass(slots=True)
class Header:
    """What the header lines of a table say.

    Attributes:
        labels: folded texts of its label columns (科目编码, 预算单位 …).
        readings: the sets of columns that it may mean; several where a heading over columns may be one itself.
        unknown: phrases between columns that no vocabulary knows, or columns that hold no amounts: nothing can be claimed.
    """

    labels: tuple[str, ...] = ()
    readings: list[HeaderColumns] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Phrase:
    text: str
    says: dict[str, str]
    out_of_order: bool = False  # put together from several lines: its place in the line is not known

    @property
    def subject(self) -> str | None:
        """The fund, nature or item that the phrase names, as a key of `_PARTS`."""
        if "carryover" in self.says:
            return f"carryover_{self.says['fund']}" if "fund" in self.says else "carryover"
        if "current_total" in self.says:
            return "current_year"
        return self.says.get("three_public") or self.says.get("nature") or self.says.get("fund")

    @property
    def is_label(self) -> bool:
        return "role" in self.says

    @property
    def is_column(self) -> bool:
        return not self.is_label and bool(set(self.says) - {"flow"})

    @property
    def key(self) -> tuple[object, ...]:
        """What two printings of one phrase (on continuation pages) have in common."""
        if any(word in self.says for word in _OF_THE_WHOLE) and self.subject is None:
            return ("whole", _measure(self))
        return (self.subject, self.says.get("of_which"), _measure(self))


def _measure(phrase: _Phrase) -> str:
    year = YEAR.search(phrase.text)
    return (year[0] if year and phrase.subject is None else "") + phrase.says.get("measure", "").replace("budget", "", 1)


def read_header_lines(lines: Sequence[HeaderLine], meaning: TitleMeaning) -> Header:
    """Return the columns that header lines print for a table with one block of rows."""
    header = Header()
    sequences = _sequences(lines)
    header.labels = tuple(dict.fromkeys(p.text for s in sequences for p in s.phrases if p.is_label))
    for sequence in sequences:
        header.unknown += _unreadable([p for p in sequence.phrases if not _repeats_scope(p, meaning)])
        if sequence.header_block == sequences[0].header_block:
            header.unknown += [p.text for p in sequence.phrases if _is_piece(p)]
    phrases = _distinct(sequences, meaning)
    if header.unknown or not phrases:
        return header
    pairs = _order(phrases, sequences)
    for columns in _column_sets(phrases, sequences):
        header.readings.append(_ordered(columns, phrases, pairs))
    return header


def read_two_sided_header(lines: Sequence[HeaderLine], meaning: TitleMeaning) -> tuple[Header, Header]:
    """Return the columns of the left and the right half of a table that prints revenue beside expenditure."""
    left: list[HeaderLine] = []
    right: list[HeaderLine] = []
    if lines and all(len(line.words) == 1 for line in lines):  # each heading on a line of its own: one line in all
        lines = [HeaderLine(tuple(line.words[0] for line in lines if line.stretch == lines[0].stretch), lines[0].stretch)]
    for line in lines:
        phrases = [_phrase(word) for word in line.words]
        labels = [n for n, p in enumerate(phrases) if p.says.get("role") == "name"]
        if len(labels) > 1:
            left.append(HeaderLine(line.words[: labels[1]], line.stretch))
            right.append(HeaderLine(line.words[labels[1] :], line.stretch))
        elif labels or meaning.fund is not None or any("plain" in p.says for p in phrases):
            right.append(line)
    whole = HeaderLine(("预算数",), 0)
    income, spending = read_header_lines(left or [whole], meaning), read_header_lines(right or [whole], meaning)
    spending.unknown += _further_sides(lines)
    return income, spending


def _further_sides(lines: Sequence[HeaderLine]) -> list[str]:
    """Return the names of label columns where spending is listed in two classifications beside each other: one name may be of either."""
    names = [phrase for line in lines for phrase in map(_phrase, line.words) if phrase.says.get("role") in ("name", "government_name")]
    economic = {phrase.text for phrase in names if "经济" in phrase.text}
    return sorted(economic) if economic and any("功能" in phrase.text for phrase in names) else []


@dataclass(slots=True)
class _PhraseLine:
    phrases: list[_Phrase]
    header_block: int


def _phrase(word: str) -> _Phrase:
    folded = fold(word)
    return _Phrase(folded, read_header_text(folded))


def _sequences(lines: Sequence[HeaderLine]) -> list[_PhraseLine]:
    """Return the phrases of each line; a phrase cut by a line wrap is put together."""
    words: list[list[_Phrase]] = [list(_cut([w for w in line.words if not is_note(fold(w))])) for line in lines]
    for n, phrases in enumerate(words[:-1]):
        if not phrases or not words[n + 1]:
            continue
        following = words[n + 1][0]
        joined = _phrase(phrases[-1].text + following.text)
        if phrases[-1].says:
            if _is_piece(following) and joined.says == phrases[-1].says and len(words[n + 1]) == 1:
                phrases[-1].text = joined.text  # the last characters, which change nothing
                words[n + 1].clear()
            elif len(following.text) == 1 and joined.says and joined.text.endswith(_tails()):  # 事业单位经营支 | 出
                phrases[-1] = joined
                words[n + 1].pop(0)
            continue
        narrower = joined.subject in _PARTS_OF_TOTAL.get(following.subject or "", ())  # 一般公共预 | 算财政拨款
        weak = narrower or not following.says or set(following.says) <= {"plain", "measure"} or len(phrases) > 1
        if joined.says and (weak or (joined.subject and joined.text != following.text and joined.subject == following.subject)):
            joined.out_of_order = len(phrases) == 1
            if len(phrases) > 1:  # it stands where its first half does
                phrases[-1] = joined
                words[n + 1].pop(0)
            else:
                words[n + 1][0] = joined
                phrases.clear()
    return [_PhraseLine(phrases, line.stretch) for phrases, line in zip(words, lines, strict=True) if phrases]


def _tails() -> tuple[str, ...]:
    """Return the words of several characters that may end the name of a column."""
    return tuple(word for word in phrases_of("statement_words.csv", "heading_tail") if len(word) > 1)


def _cut(words: Sequence[str]) -> Iterator[_Phrase]:
    """Yield a line's phrases; two that stand together without a space are two (经费预算数合计), in no known order."""
    for word in words:
        phrase = _phrase(word)
        tail = _TOTAL_TAIL.fullmatch(phrase.text)
        whole = {"three_public", "total", "current_total"} & set(phrase.says)
        if tail and not whole and phrase.text not in ("收入合计", "支出合计"):
            for part in tail.groups():
                piece = _phrase(part)
                piece.out_of_order = True
                yield piece
        else:
            yield phrase


def _is_piece(phrase: _Phrase) -> bool:
    """Tell whether a phrase above the first row is the rest of a heading that could not be put together: a column may be missing then."""
    return not phrase.says and 1 < len(phrase.text) <= _LONGEST_PIECE and _NAMES_MONEY.search(phrase.text) is not None


def _unreadable(phrases: Sequence[_Phrase]) -> list[str]:
    """Return phrases of a line of columns that are not understood, or whose numbers are no amounts."""
    found = [p.text for p in phrases if p.says.get("percent") or p.says.get("role") in _UNREADABLE_ROLES]
    if sum(p.is_column for p in phrases) > 1:
        found += [p.text for p in phrases if not p.says and len(p.text) > 1]
    repeated = [
        p.text for n, p in enumerate(phrases) if p.is_column and p.key in [q.key for q in phrases[:n] if q.is_column] and p.text != "小计"
    ]
    return found + repeated


def _distinct(sequences: Sequence[_PhraseLine], meaning: TitleMeaning) -> list[_Phrase]:
    """Return each column phrase once, in order of appearance, without headings that only repeat the title's scope."""
    found: dict[tuple[object, ...], _Phrase] = {}
    for sequence in sequences:
        for n, phrase in enumerate(sequence.phrases):
            if not phrase.is_column or _repeats_scope(phrase, meaning):
                continue
            if phrase.text == "小计" and (parent := _parent_of_subtotal(sequence, n, sequences)):
                phrase.says = {**phrase.says, "subtotal": parent}
            found.setdefault(_column_key(phrase), phrase)
    phrases = list(found.values())
    if any(p.key[0] == "whole" and "plain" not in p.says for p in phrases) and len(phrases) > 1:
        phrases = [p for p in phrases if "plain" not in p.says or p.subject or _measure(p)]
    return phrases


def _column_key(phrase: _Phrase) -> tuple[object, ...]:
    return ("subtotal", phrase.says["subtotal"]) if "subtotal" in phrase.says else phrase.key


def _repeats_scope(phrase: _Phrase, meaning: TitleMeaning) -> bool:
    if kind_of(meaning.statement).items:
        return "三公" in phrase.text and not re.search(r"合计|小计|总额|总计", phrase.text)
    subjects = {phrase.says.get("fund"), phrase.says.get("nature")} - {None}
    return bool(subjects) and subjects <= {meaning.fund, meaning.nature} and "carryover" not in phrase.says


def _parent_of_subtotal(sequence: _PhraseLine, at: int, sequences: Sequence[_PhraseLine]) -> str | None:
    """Return what a 小计 is the total of: the whole of the phrase that follows it, if that whole is printed as a heading."""
    if at + 1 >= len(sequence.phrases):
        return None
    following = sequence.phrases[at + 1].subject
    headings = {p.subject for s in sequences for p in s.phrases if p.subject}
    return next((whole for whole, parts in _PARTS_OF_TOTAL.items() if following in parts and whole in headings), None)


def _column_sets(phrases: list[_Phrase], sequences: Sequence[_PhraseLine]) -> Iterator[list[_Phrase]]:
    """Yield the sets of columns that the phrases allow: a heading over its parts may or may not be a column itself."""
    subjects = {p.subject for p in phrases}
    subtotals = {p.says.get("subtotal") for p in phrases}
    open_ones: list[tuple[_Phrase, tuple[bool, ...]]] = []
    for phrase in phrases:
        parts = {p for p in _PARTS_OF_TOTAL.get(phrase.subject or "", ()) if p in subjects}
        if not parts or "subtotal" in phrase.says:
            continue
        if phrase.subject in subtotals:
            open_ones.append((phrase, (False,)))
        elif not any(_beside_parts(phrase, s.phrases) for s in sequences):
            open_ones.append((phrase, (False, True)))
    for kept in product(*(options for _, options in open_ones)):
        left_out = [phrase for (phrase, _), keep in zip(open_ones, kept, strict=True) if not keep]
        yield [p for p in phrases if not any(p is other for other in left_out)]


def _beside_parts(whole: _Phrase, phrases: Sequence[_Phrase]) -> bool:
    """Tell whether a phrase stands on one line directly before a part of it: then it is a column, no heading over columns."""
    parts = _PARTS_OF_TOTAL.get(whole.subject or "", ())
    at = next((n for n, p in enumerate(phrases) if p is whole), None)
    return at is not None and at + 1 < len(phrases) and phrases[at + 1].subject in parts


def _order(phrases: list[_Phrase], sequences: Sequence[_PhraseLine]) -> set[tuple[int, int]]:
    """Return the pairs of phrases, by number, of which the print proves that one stands before the other."""
    place = {_column_key(p): n for n, p in enumerate(phrases)}
    pairs = _proven(_chains(sequences, place))
    for n, phrase in enumerate(phrases):
        for m, other in enumerate(phrases):
            if n != m and _is_whole_of(phrase, other) and (m, n) not in pairs:
                pairs = _proven([[n, m]], pairs)
    for n, phrase in enumerate(phrases):  # parts stand where their heading stands
        parts = [m for m, other in enumerate(phrases) if other.subject in _PARTS_OF_TOTAL.get(phrase.subject or "", ())]
        around = {(a, m) for a, b in pairs if b == n for m in parts} | {(m, b) for a, b in pairs if a == n for m in parts}
        pairs |= {(a, b) for a, b in around if a != b and not {a, b} <= {*parts, n} and (b, a) not in pairs}
    return pairs


def _ordered(columns: list[_Phrase], phrases: list[_Phrase], pairs: set[tuple[int, int]]) -> HeaderColumns:
    """Return the columns in the order that is proven."""
    kept = [n for n, p in enumerate(phrases) if any(p is c for c in columns)]
    free = {n for n in kept if not any((n, m) in pairs or (m, n) in pairs for m in kept)}  # of no known place: shown last
    rank = sorted(kept, key=lambda n: (n in free, sum((m, n) in pairs for m in kept), n))
    index = {n: i for i, n in enumerate(rank)}
    before = frozenset((index[a], index[b]) for a, b in pairs if a in index and b in index)
    return HeaderColumns(tuple(_path(phrases[n], phrases) for n in rank), before)


def _path(phrase: _Phrase, phrases: Sequence[_Phrase]) -> tuple[str, ...]:
    whole = phrase.says.get("subtotal")
    heading = next((p.text for p in phrases if whole and p.subject == whole and p is not phrase), None)
    return (heading, phrase.text) if heading else (phrase.text,)


def _is_whole_of(phrase: _Phrase, other: _Phrase) -> bool:
    """Tell whether `phrase` is a total that `other` is a part of."""
    if phrase.says.get("subtotal"):
        return other.subject in _PARTS_OF_TOTAL[phrase.says["subtotal"]]
    if phrase.key[0] == "whole" and read_row_label(phrase.text).get("total"):
        return _column_key(other)[0] != "whole" and other.subject != "agency_operating" and _measure(phrase) == _measure(other)
    return other.subject in _PARTS_OF_TOTAL.get(phrase.subject or "", ())


def _chains(sequences: Sequence[_PhraseLine], place: dict[tuple[object, ...], int]) -> list[list[int]]:
    """Return runs of columns that stand left to right: within a line, and over the lines of a header in one piece."""
    chains = []
    open_headings: set[int] = set()  # where a phrase heads columns, nobody says which: lines need not follow each other
    stretches: dict[int, list[list[_Phrase]]] = {}
    for sequence in sequences:
        own = [p for p in sequence.phrases if p.is_label or _column_key(p) in place]
        if any(not p.is_label and not p.is_column for p in sequence.phrases):
            open_headings.add(sequence.header_block)
        if _parted_by_label(own):
            open_headings.add(sequence.header_block)
            continue  # labels stand left of all columns: the words of this line are in no order
        detached = _detached_parts(own)
        chains.append([place[_column_key(p)] for p in own if not (p.is_label or p.out_of_order or any(p is d for d in detached))])
        chains.append([place[_column_key(p)] for p in detached if not p.out_of_order])
        stretches.setdefault(sequence.header_block, []).append(own)
    for stretch, lines in stretches.items():
        flat = [p for line in lines for p in line]
        columns = [n for n, p in enumerate(flat) if not p.is_label]
        labels = [n for n, p in enumerate(flat) if p.is_label and p.text not in ("类", "款", "项")]  # these stand below 科目编码
        if stretch in open_headings or not labels or not columns or labels[-1] > columns[0] or any(flat[n].out_of_order for n in columns):
            continue
        chains.append([place[_column_key(flat[n])] for n in columns if not _below_heading(flat[n], flat)])
    return chains


def _parted_by_label(phrases: Sequence[_Phrase]) -> bool:
    """Tell whether a heading of labels stands between headings of columns."""
    columns = [n for n, phrase in enumerate(phrases) if phrase.is_column]
    return bool(columns) and any(p.says.get("role") in LABEL_ROLES for p in phrases[columns[0] : columns[-1]])


def _detached_parts(phrases: Sequence[_Phrase]) -> list[_Phrase]:
    """Return phrases that another column parts from their heading on the line: their line is a second row of headings."""
    found: list[_Phrase] = []
    for n, phrase in enumerate(phrases):
        of = phrase.says.get("subtotal")
        wholes = [
            m for m, p in enumerate(phrases[:n]) if p.subject and (phrase.subject in _PARTS_OF_TOTAL.get(p.subject, ()) or p.subject == of)
        ]
        if not wholes:
            continue
        between = phrases[wholes[-1] + 1 : n]
        parts = _PARTS_OF_TOTAL[phrases[wholes[-1]].subject or ""]
        if any(p.subject not in parts and p.says.get("subtotal") != phrases[wholes[-1]].subject for p in between):
            found.append(phrase)
    return found


def _below_heading(phrase: _Phrase, phrases: Sequence[_Phrase]) -> bool:
    """Tell whether a heading over this column stands among the phrases (then the line order says nothing of it)."""
    return "subtotal" in phrase.says or any(
        phrase.subject in _PARTS_OF_TOTAL.get(p.subject or "", ()) for p in phrases if p is not phrase and not p.is_label
    )


def _proven(chains: Sequence[Sequence[int]], known: Collection[tuple[int, int]] = ()) -> set[tuple[int, int]]:
    """Return all pairs that follow from the known ones and the chains; a chain that contradicts those before it is left out."""
    pairs = set(known)
    for chain in chains:
        distinct = list(dict.fromkeys(chain))
        trial = pairs | {(a, b) for n, a in enumerate(distinct) for b in distinct[n + 1 :]}
        grown = True
        while grown:
            more = {(a, d) for a, b in trial for c, d in trial if b == c} - trial
            trial |= more
            grown = bool(more)
        if not any((b, a) in trial for a, b in trial):
            pairs = trial
    return pairs
