"""Rows of budget units: how they are named, which rows they head, and which of them is the department above the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, comprises, is_prefix_of_others
from pipeline.identity.same_body import same_body, without_own_office
from pipeline.statements.meaning.row_names import without_colon, without_strokes
from pipeline.statements.statement_model import Column, RecognisedStatement, RowLabel, TableRow
from schemas.vocabulary import read_row_label
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of

_SECTION_DIGITS = 5  # of a code of two levels
_SHORTEST_UNIT = 5  # characters: shorter names are words that stand elsewhere as well
_OFF_MIDDLE = 1  # rows: so far off the middle of its rows a name may stand, where some of them are of two lines
_WORDS = "identity_words.csv"
_GROUP = WordPattern(
    lambda: (
        rf"{any_of(_WORDS, 'group_lead')}?{any_of(_WORDS, 'group_supply')}{any_of(_WORDS, 'group_mode')}*的?{any_of(_WORDS, 'group_body')}*"
        rf"{any_of(_WORDS, 'group_end')}?:?|{any_of(_WORDS, 'group_alone')}{any_of(_WORDS, 'group_end')}?:?"
    )
)
_DEPARTMENT_HEADER = WordPattern(lambda: any_of("statement_words.csv", "department_header"))
_INSTITUTION = WordPattern(lambda: any_of("statement_words.csv", "institution_end") + "$")
_MONEY = WordPattern(lambda: any_of(_WORDS, "money") + "$")
_SUM_OF = WordPattern(lambda: rf"(?P<unit>.{{2,40}}?)(?:{any_of('statement_words.csv', 'total')})")
_FIELD = WordPattern(lambda: rf"^{any_of(_WORDS, 'label')}[:：](?=.)")  # 单位：…局 over the rows of a unit
_OF_WHICH = re.compile(r"^其中[:：](?=.)")
_HOTLINE = WordPattern(lambda: rf"^1[12]\d{{1,3}}{any_of(_WORDS, 'hotline')}")
_UNIT_NUMBER = re.compile(r"^(\d{3,12})[-_—\s]?(?=[^\d年])")

# How names of bodies end, and hardly any name of a code.
_BODY = WordPattern(lambda: rf"{body_ending('row')}(?:[(（]{_office('own_mark', 'sum_mark')}[)）]|{_office('own_mark')})?$")


def _office(*attributes: str) -> str:
    return any_of("identity_words.csv", *attributes)


class NamedCodes(Protocol):
    """A list of codes, asked for their names: rows of units are told in recognition too, which depends on no code."""

    def is_named(self, scheme: str, code: str, name: str) -> bool:
        """Tell whether a code has a name."""

    def candidates(self, scheme: str, name: str) -> Mapping[str, int]:
        """Return the codes that have a name, with how far the match is from perfect."""


def names_body(name: str) -> bool:
    """Tell whether a row's name ends as the names of public bodies do: …局, …局（本级）."""
    return _BODY.search(name) is not None


def unit_name(text: str) -> tuple[str | None, str]:
    """Return the budget code printed with a unit's name, if any, and the name alone (`253_…局`, `[292]…局`)."""
    name = _OF_WHICH.sub("", _FIELD.sub("", without_strokes(without_colon(without_spaces(text)))))
    if _HOTLINE.match(name):
        return None, name  # 120急救中心
    if match := _UNIT_NUMBER.match(name):
        return match[1], name[match.end() :]
    bracketed = re.match(r"^[\[【](\d{3,12})[\]】](.+)", name)
    return (bracketed[1], bracketed[2]) if bracketed else (None, name)


def is_group_of_units(name: str) -> bool:
    """Tell whether a row's name is that of a group of units by how they are financed (全额拨款, 差额补助事业单位): no unit itself."""
    return _GROUP.fullmatch(fold(name)) is not None


def may_be_unit(name: str) -> bool:
    """Tell whether a name in a column of units may be a body's: it is no total, no group of units, and no kind of money."""
    folded = fold(name)
    return len(folded) >= _SHORTEST_UNIT and not read_row_label(folded) and not is_group_of_units(folded) and not _MONEY.search(folded)


def with_units_by_code(statements: Iterable[RecognisedStatement]) -> tuple[RecognisedStatement, ...]:
    """Return the statements of a document, their units named by its other rows of the same budget code.

    A unit's name that its cell cuts is written out where another row has it whole, and a row that says whose it is by a code alone is of
    the unit that rows of this code name, if they agree. The department's code, which begins those of its units, says no unit.
    """
    statements = tuple(statements)
    labels = [
        label for s in statements for reading in s.readings for block in reading.blocks for label in block.labels if label is not None
    ]
    names: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        if label.scheme == "unit" and label.code:
            names[label.code].add(label.name)
    whole = {(code, name): longer for code, own in names.items() for name in own if (longer := _whole_name(name, own))}
    written = {code: {whole.get((code, name), name) for name in own} for code, own in names.items()}
    agreed = {code: own.pop() for code, own in written.items() if len(own) == 1 and not is_prefix_of_others(code, names)}
    if not whole and not any(label.unit_code in agreed for label in labels):  # as in nearly all documents
        return statements
    return tuple(
        replace(
            s,
            readings=tuple(
                replace(r, blocks=tuple(replace(b, labels=tuple(_with_units(b.labels, whole, agreed))) for b in r.blocks))
                for r in s.readings
            ),
        )
        for s in statements
    )


def _whole_name(name: str, names: Collection[str]) -> str | None:
    """Return the one of `names` that goes on where `name` ends, but for a bracket: …局（本级） is another way to say …局."""
    longer = {other for other in names if other.startswith(name) and other != name and fold(other[len(name)]) != "("}
    return longer.pop() if len(longer) == 1 else None


def _with_units(
    labels: Sequence[RowLabel | None], whole: Mapping[tuple[str, str], str], agreed: Mapping[str, str]
) -> Iterator[RowLabel | None]:
    """Yield labels, the unit rows among them under their whole names, and the rows of these units, or of a unit's code, with them."""
    written_out: dict[str, str] = {}
    if not all(label.unit_code for label in labels if label and label.level and label.scheme != "unit" and label.unit is None):
        agreed = {}  # rows below may be of the same unit: no unit has half of its rows
    for label in labels:
        if label is None:
            yield None
        elif label.scheme == "unit":
            longer = whole.get((label.code or "", label.name))
            written_out = {label.name: longer} if longer else {}
            yield msgspec.structs.replace(label, name=longer) if longer else label
        else:
            unit = agreed.get(label.unit_code or "") if label.unit is None else written_out.get(label.unit)
            yield msgspec.structs.replace(label, unit=unit) if unit else label


def with_units_coded_as_classes(labels: Sequence[RowLabel | None], book: NamedCodes) -> list[RowLabel | None]:
    """Return the labels, a body's row whose budget code reads as a class (305 …局) as a unit's, and those below it as that unit's."""
    coded = [label for label in labels if label is not None and label.code]
    found = list(labels)
    unit: str | None = None
    for n, label in enumerate(labels):
        if label is None:
            continue
        short = label.scheme in CODED and 0 < len(label.code or "") <= _SECTION_DIGITS
        if short and names_body(label.name) and _is_code_of_unit(label, coded, book):
            unit = label.name
            found[n] = msgspec.structs.replace(label, scheme="unit", level=1, unit=None, nature=None)
        elif label.scheme == "unit" or label.level == 0:
            unit = None
        elif unit is not None and label.unit is None:
            found[n] = msgspec.structs.replace(label, unit=unit)
    return found


def _is_code_of_unit(label: RowLabel, coded: Sequence[RowLabel], book: NamedCodes) -> bool:
    """Tell whether the code of a row with a body's name, which no class has, is a budget unit's.

    Three digits stay those of a class where rows of it follow, none has its name, and no unit's code begins with them. Five (30501) are
    a unit's only where the rows around are named by another classification, or one has the name: that of a 款 may be said in short
    (政府办公厅), and a list may name who spends each.
    """
    code = label.code or ""
    at = next(n for n, other in enumerate(coded) if other is label)
    others = [*coded[:at], *coded[at + 1 :]]
    same = [other for other in others if (other.scheme, other.code) == (label.scheme, code)]
    if any(other.name != label.name and names_body(other.name) for other in same):
        return False  # no two units have one code: it is the class in which each spends
    named = [other for other in others if book.is_named(other.scheme, other.code or "", other.name)]
    if any(book.candidates(scheme, label.name) for scheme in CODED):
        return False
    if any(other in same for other in named if other in coded[at + 1 :]):
        return True  # the class stands below the unit
    if len(code) == _SECTION_DIGITS:
        return bool(named) and all(other.scheme != label.scheme for other in named)
    heads = any(other.scheme == "unit" and is_prefix_of_others(code, [code, other.code or ""]) for other in others)
    return heads or not any(other.scheme == label.scheme and (other.code or "").startswith(code) for other in others)


def heads_units(rows: Sequence[TableRow], columns: Sequence[Column]) -> bool:
    """Tell whether the rows of a list that print a unit's code are those of units: they name nothing else, and items below print none."""
    codes = [c.index for c in columns if c.role == "unit_code"]
    if not codes or any(c.role == "unit_name" for c in columns):
        return False
    headed = [row for row in rows if any(re.fullmatch(r"\d{3,12}", fold(cell.text)) for index in codes if (cell := row.cells[index]))]
    return 0 < 2 * len(headed) <= len(rows) and all(len(_words(row)) == 1 for row in headed)


def _words(row: TableRow) -> set[int]:
    """Return where the cells of a row begin that print words."""
    return {row.start_of(c) for c, cell in enumerate(row.cells) if cell is not None and re.search(r"[\u4e00-\u9fff]", cell.text)}


def with_department_rows(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels, with the departments above other units marked: what stands there is of no unit.

    Such a department is a unit whose code begins the codes of other units.
    """
    labels = _with_sums_of_units(labels)
    codes = [label.code for label in labels if label and label.scheme == "unit" and label.code]
    head: RowLabel | None = None
    marked: list[RowLabel | None] = []
    for label in labels:
        if label is not None and label.scheme == "unit" and label.level:
            label = msgspec.structs.replace(label, heads_units=is_prefix_of_others(label.code, codes))
            head = label if label.heads_units else None
        elif label is not None and head is not None and label.unit == head.name:
            label = msgspec.structs.replace(label, unit=None)
        marked.append(label)
    return marked


def _with_sums_of_units(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels, a row named as the sum of a unit that has rows of its own (…局小计) as that unit's total."""
    named = {label.unit for label in labels if label is not None and label.unit}
    scheme = next((label.scheme for label in labels if label is not None and label.scheme in CODED and label.level), "item")
    return [
        msgspec.structs.replace(label, name=label.name[len(sum_of["unit"]) :], scheme=scheme, level=0, unit=sum_of["unit"])
        if label is not None and label.scheme == "unit" and (sum_of := _SUM_OF.fullmatch(label.name)) and sum_of["unit"] in named
        else label
        for label in labels
    ]


def sum_of_unit(name: str) -> str | None:
    """Return what a row is named as the sum of: …局小计."""
    match = _SUM_OF.fullmatch(name)
    return match["unit"] if match else None


def with_totals_of_units(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a table that lists units alone, though its header speaks of subjects as well: its totals are of units."""
    rows = [label for label in labels if label is not None and label.level]
    if not rows or any(label.scheme != "unit" for label in rows):
        return list(labels)
    return [label if label is None or label.level else msgspec.structs.replace(label, scheme="unit") for label in labels]


def with_units_in_the_middle(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[RowLabel | None]:
    """Return the labels, where no ruling parts the names of units that stand beside the middle of their rows.

    A unit's rows end with a total, or where the codes begin anew. If not each has one name, beside its middle, the rows are of no known
    unit: None. So they are where the first name stands on the first row, as names over their rows do: codes need not stand in order.

    Args:
        labels: of a block.
        rows: of it.
        columns: of it.
    """
    at = [c.index for c in columns if c.role == "unit_name"]
    if len(at) != 1 or not all(row.top[at[0]] for row in rows):
        return list(labels)
    printed = ["" if (cell := row.cells[at[0]]) is None else cell.text.strip() for row in rows]
    sections = [section for section in _sections_of_codes(labels) if section]
    names = [_runs([n for n in section if printed[n]]) for section in sections]
    beside = [runs[0][0] != section[0] for section, runs in zip(sections, names, strict=True) if runs]
    lines = sum(len(run) for runs in names for run in runs)
    if len(sections) < 2 or not any(beside) or 2 * lines > sum(map(len, sections)):  # names that most rows print are the rows' own
        return list(labels)
    found = list(labels)
    first = names[0][0][0] if names[0] else sections[0][0]
    sure = first != sections[0][0] and all(_is_name_of(runs, section, printed) for section, runs in zip(sections, names, strict=True))
    for section, runs in zip(sections, names, strict=True):
        unit = unit_name("".join(printed[n] for n in runs[0]))[1] if sure else ""
        closing = section[-1] + 1
        total = labels[closing] if closing < len(labels) else None
        own = [*section, closing] if total is not None and total.unit is not None else section
        for n in own:
            label = labels[n]
            found[n] = msgspec.structs.replace(label, unit=unit) if label is not None and may_be_unit(unit) else None
    return found


def _is_name_of(runs: Sequence[Sequence[int]], section: Sequence[int], printed: Sequence[str]) -> bool:
    """Tell whether the lines of names beside a section are those of one name, beside its middle."""
    if len(runs) != 1 or sum(names_body(printed[n]) and may_be_unit(printed[n]) for n in runs[0]) > 1:
        return False
    return abs(runs[0][0] + runs[0][-1] - section[0] - section[-1]) <= 2 * _OFF_MIDDLE


def _sections_of_codes(labels: Sequence[RowLabel | None]) -> Iterator[list[int]]:
    """Yield the places of coded rows between totals, and between codes that begin anew."""
    section: list[int] = []
    before = ""
    for n, label in enumerate(labels):
        code = label.code if label is not None and label.scheme in CODED else None
        if (label is not None and not label.level) or (code and code <= before):
            yield section
            section, before = [], ""
        if label is not None and label.level and label.scheme in CODED:
            section.append(n)
            before = code or before
    yield section


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Return places, those that follow one another together: the lines of a wrapped name."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def with_department_above(
    lines: Sequence[Line], labels: Iterable[RowLabel | None], columns: Sequence[Column], body: str | None
) -> list[Line]:
    """Return the lines; what stands in the row of the department over a body is of no unit of that body.

    A column that is headed 部门名称, and names one department alone, says of which one the body is that the field above the table names.

    Args:
        lines: of a table, its leaves known: the row of a unit below the total is one of two levels.
        labels: of its rows.
        columns: of it.
        body: that the document is about, where the field above the table names it; else None.
    """
    names = {label.name for label in labels if label is not None and label.scheme == "unit" and label.level}
    heads = {fold(c.headers[-1]) for c in columns if c.role == "unit_name" and c.headers}
    if body is None or len(names) != 1 or not heads or not all(map(_DEPARTMENT_HEADER.fullmatch, heads)):
        return list(lines)
    (name,) = names
    if same_body(name, body) or fold(name).startswith(fold(body)) or _INSTITUTION.search(without_own_office(name)):
        return list(lines)
    return [msgspec.structs.replace(line, unit=None) if line.unit == name else line for line in lines]


def with_rows_of_whole_department(lines: Sequence[Line], department: str) -> list[Line]:
    """Return the lines, those under the department's own name of no unit where each of their amounts is the sum of all other units'."""
    own = [line for line in lines if line.unit and fold(line.unit) == department]
    if not comprises(own, (line for line in lines if line.unit and fold(line.unit) != department)):
        return list(lines)
    return [msgspec.structs.replace(line, unit=None) if line.unit and fold(line.unit) == department else line for line in lines]
