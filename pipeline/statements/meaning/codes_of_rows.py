"""From labels to classified labels: names without codes get the codes that their place in the statement allows."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.budget.codes.book import DEPARTMENT_ECONOMIC, CodeList
from pipeline.budget.codes.printed_codes import level_of, parents_of
from pipeline.budget.codes.resolve import follows, resolve_names, resolve_path
from pipeline.budget.sums import CODED
from pipeline.statements.meaning.purchases import as_items
from pipeline.statements.meaning.unit_rows import names_body, unit_name, with_units_coded_as_classes
from pipeline.statements.statement_model import Block, RowLabel
from schemas.statements import kind_of
from schemas.vocabulary.phrases import WordPattern, any_of

_SUM = WordPattern(lambda: rf"(?P<name>.{{2,30}}?)(?:{any_of('statement_words.csv', 'total')})")
_PATH = re.compile(r"[-—–/\\>→]+")
_DEEPEST_PATH = 3  # names: 类, 款, 项
_INDENT_STEP = 3.0  # points
_FEWEST_INDENTS, _MOST_INDENTS = 2, 4  # levels: one is flush left, and a classification has three under a total
_LONGEST_NAME = 40  # characters of the name of a code: the longest of the book has 23
_SAME_INDENT = 0.01  # points: what floats differ by
_ITEM_DIGITS = 5  # of a 款 of the functional classification


@dataclass(frozen=True, slots=True)
class Classifier:
    """Classifies the rows of statements of one document.

    Attributes:
        book: code names.
        fiscal_year: of the document.
    """

    book: CodeList
    fiscal_year: int | None

    def resolve(self, kind: str, block: Block) -> list[RowLabel | None]:
        """Return the labels of a block, with codes for rows that print only names, and the block's scheme for its totals.

        Args:
            kind: canonical id of the statement.
            block: with the labels of its rows in printed order, as they were read.
        """
        declared, flow = kind_of(kind), block.flow
        labels = with_units_coded_as_classes([label and self._with_economic_class(label) for label in block.labels], self.book)
        if not (declared.is_list or declared.lists_projects or declared.items):
            labels = [label and self._with_code_of_path(label, block.scheme) for label in labels]
            if any(label and label.above for label in labels):
                labels = [
                    label and self._with_class(label, {other.scheme for other in labels if other and other.above}) for label in labels
                ]
        _child_of_repeated_row(labels)
        coded = Counter(label.scheme for label in labels if label and label.code and label.scheme in CODED)
        if declared.lists_projects:
            _units_above_projects(labels)
        booked = any(label and (label.function_code or (label.project and label.catalogue_code)) for label in labels)
        if declared.is_list and (booked or _repeats_codes(labels)):
            return as_items(labels, declared.rows)
        if coded and not declared.is_list:
            self._part_names(labels)
            rows_of_codes = Counter(_codes_of(label) for label in labels if label)
            lost = [bool(label and label.code and not label.name and rows_of_codes[_codes_of(label)] > 1) for label in labels]
            # without a name, a code that another row has as well is not whole, unless a second classification tells the two apart
            labels = [None if gone else self._with_digits_of_its_own(n, labels) for n, gone in enumerate(lost)]
            self._find_units(labels)
            self._resolve_sums(labels)
        main = coded.most_common(1)[0][0] if coded else block.scheme
        open_rows = [label for label in labels if label and label.code is None and label.level and label.scheme in (*CODED, "item")]
        if open_rows and coded:
            self._resolve_between(labels)
        elif open_rows and (flow == "expenditure" or block.scheme in CODED) and not (declared.is_list or declared.items):
            scheme = self._scheme_of_names(open_rows, block.scheme if block.scheme in CODED else None)
            if scheme:
                self._find_units(labels)
                self._resolve_in(scheme, labels)
                main = scheme
        for n, label in enumerate(labels):
            if label is None:
                continue
            if label.level == 0 and label.scheme != "three_public" and not label.flow:
                if main and ((main in CODED and not label.nature) or (label.scheme not in ("revenue_item",) and flow == "expenditure")):
                    labels[n] = replace(label, scheme=main)
                elif flow == "revenue" and block.scheme is None and label.scheme != "unit":
                    labels[n] = replace(label, scheme="revenue_item")
        return labels

    def _with_code_of_path(self, label: RowLabel, scheme: str | None) -> RowLabel:
        """Return a label with the code that its name and its parents' tell: 科学技术支出-科学技术管理事务-行政运行, or in columns."""
        parts = [*label.above, label.name] if label.above else _PATH.split(label.name)
        if label.code or not label.level or label.scheme not in (*CODED, "item") or not 1 < len(parts) <= _DEEPEST_PATH:
            return label
        schemes = [each for each in CODED if scheme in (each, None, "item")]
        found = {each: code for each in schemes if (code := resolve_path(each, parts, self.fiscal_year, self.book))}
        if len(found) != 1:
            return label
        (named, code), *_ = found.items()
        return replace(label, scheme=named, code=code, code_source="name", level=level_of(code))

    def _with_class(self, label: RowLabel, schemes: Collection[str]) -> RowLabel:
        """Return a label that names a class alone, where others name classes and what is below them, with its code."""
        if label.code or label.above or not label.level or label.scheme not in (*CODED, "item"):
            return label
        found = [
            (s, code) for s in schemes if s in CODED for code in self.book.codes(s, label.name, year=self.fiscal_year) if len(code) == 3
        ]
        return _named(label, *found[0]) if len(found) == 1 and self.book.is_named(*found[0], label.name) else label

    def _with_economic_class(self, label: RowLabel) -> RowLabel:
        """Return a label with the economic code that the name printed beside it has, where it is the name of one code alone."""
        if label.economic_name is None or label.department_economic_code is not None:
            return label
        named = self.book.codes(DEPARTMENT_ECONOMIC, label.economic_name, year=self.fiscal_year)
        return replace(label, department_economic_code=named[0]) if len(named) == 1 else label

    def _find_units(self, labels: list[RowLabel | None]) -> None:
        """Among rows of a classification, one without a code that is named as bodies are, and no code is, heads a unit's rows.

        It may stand below the department's row, whose the rows seemed to be.
        """
        unit = above = None
        for n, label in enumerate(labels):
            if label is None or label.measure == "page_sum":
                continue  # a unit's rows go on over the page
            nameless = label.code is None and not label.digits and label.scheme in (*CODED, "item")
            if label.scheme == "unit" or (label.level == 0 and not label.nature):
                unit = None
            elif nameless and label.level and names_body(label.name) and not any(self.book.candidates(s, label.name) for s in CODED):
                labels[n] = found = _as_unit(label)
                unit, above = found.name, label.unit
            elif unit is not None and label.unit in (None, above):
                labels[n] = replace(label, unit=unit)

    def _part_names(self, labels: list[RowLabel | None]) -> None:
        """Part the names of rows one below the other anew where together they are, character for character, the names of their codes.

        Where nothing rules the rows, lines of wrapped names came into the row above or below.
        """
        run: list[int] = []
        for n, label in enumerate((*labels, None)):
            if label and label.code and label.scheme in CODED and label.name not in self.book.names(label.scheme, label.code):
                run.append(n)
                continue
            rows = [label for m in run if (label := labels[m])]
            if len(run) > 1 and not all(self.book.is_named(row.scheme, row.code or "", row.name) for row in rows):
                for m, row, name in zip(run, rows, self._parted(rows, "".join(row.name for row in rows)), strict=False):
                    labels[m] = replace(row, name=name)
            run = []

    def _parted(self, rows: Sequence[RowLabel], text: str) -> list[str]:
        """Return a text as the names of rows, in their order; nothing where it is not just these, or may be parted in several ways."""
        ways: list[list[str]] = [[]]
        for row in rows:
            ways = [
                [*way, text[start:end]]
                for way in ways
                for start in [sum(map(len, way))]
                for end in range(start + 1, min(start + _LONGEST_NAME, len(text)) + 1)
                if self.book.is_named(row.scheme, row.code or "", text[start:end])
            ]
        whole = [way for way in ways if sum(map(len, way)) == len(text)]
        return whole[0] if len(whole) == 1 else []

    def _resolve_sums(self, labels: list[RowLabel | None]) -> None:
        """Give a row named as the sum of a code (农林水支出小计), beside rows below that code, the code itself.

        Where a row has it already, or the rows around are others', the name says of no row what it is: its numbers are in no line.
        """
        printed = {(label.unit, label.code) for label in labels if label}
        coded = [n for n, label in enumerate(labels) if label and label.code and label.scheme in CODED]
        for n, label in enumerate(labels):
            if label is None or label.code or not label.level or label.scheme not in (*CODED, "item"):
                continue
            if (sum_of := _SUM.fullmatch(fold(label.name))) is None:
                continue
            at = bisect(coded, n)
            beside = [row for m in (*coded[max(at - 1, 0) : at], *coded[at : at + 1]) if (row := labels[m]) and row.code]
            if not any(self.book.candidates(row.scheme, sum_of["name"]) for row in beside):
                continue  # it may be the total, or a row that bears such a name
            named = {
                (row.scheme, code)
                for row in beside
                for code in parents_of(row.code or "")
                if self.book.is_named(row.scheme, code, sum_of["name"])
            }
            if label.fund and not named:
                continue  # the sum of a fund, with words that names of codes have as well
            scheme, code = named.pop() if len(named) == 1 else ("", "")
            labels[n] = _named(label, scheme, code) if code and (label.unit, code) not in printed else None

    def _resolve_between(self, labels: list[RowLabel | None]) -> None:
        """Give a row whose code is misprinted or missing, among coded rows, the only code that its name has below them."""
        previous: RowLabel | None = None
        self._resolve_above(labels)
        for n, label in enumerate(labels):
            if label is None or not label.level or label.scheme == "unit":
                continue
            if (
                label.code is None
                and label.nature != "of_which_other"
                and label.digits != (previous and previous.code)
                and previous is not None
                and previous.code
                and label.scheme in (*CODED, "item")
            ):
                for length in range(len(previous.code), 2, -2):
                    named = self.book.codes(previous.scheme, label.name, previous.code[:length], self.fiscal_year)
                    found = [code for code in named if not label.digits or code.endswith(label.digits[-2:])]
                    direct = [code for code in found if len(code) == length + 2 and label.digits == code[-2:]]
                    found = direct if len(direct) == 1 else found  # 99 below 201 is 20199, not 2019999 of the same name
                    if len(found) == 1:
                        label = _named(label, previous.scheme, found[0])
                        break
            if label.code:
                previous = label
            elif previous is not None and label.scheme in (*CODED, "item") and label.digits != previous.code:
                label = replace(label, level=previous.level)
            labels[n] = label

    def _with_digits_of_its_own(self, n: int, labels: Sequence[RowLabel | None]) -> RowLabel | None:
        label = labels[n]
        if label is None or self._has_digits_of_its_code_elsewhere(label):
            return None
        below = next((other for m in range(n + 1, len(labels)) if (other := labels[m]) and other.code), None)
        label = self._without_borrowed_digits(label)
        if below is not None and (below.unit, below.code) == (label.unit, label.code):
            label = self._without_digits_below(label, {other.code for other in labels if other and other.code and other.unit == label.unit})
        return self._with_lost_digits(label)

    def _has_digits_of_its_code_elsewhere(self, label: RowLabel) -> bool:
        """Tell whether the last digits of a row's code came into its name (01行政运行), or nothing but the row above says the first."""
        if label.code is None or label.scheme not in CODED:
            return False
        digits, name = label.name[:2], label.name[2:]
        within = digits.isdigit() and any(code.endswith(digits) for code in self.book.codes(label.scheme, name, label.code))
        return within or (label.completed and not label.name and not self.book.knows(label.scheme, label.code))

    def _without_digits_below(self, label: RowLabel, printed: Collection[str]) -> RowLabel:
        """Return a label without its code, which is the row's below, if its name is that of a row above both which no row has."""
        if label.code is None or label.scheme not in CODED or self.book.is_named(label.scheme, label.code, label.name):
            return label
        above = [code for code in parents_of(label.code) if self.book.is_named(label.scheme, code, label.name)]
        if above and not set(above) & set(printed) and self.book.standard_name(label.scheme, label.code, self.fiscal_year):
            return replace(label, code=None, code_source=None)
        return label

    def _without_borrowed_digits(self, label: RowLabel) -> RowLabel:
        """Return a label without a code that begins in the row above, if its name is of others with its digits: they are not its own."""
        if label.completed and label.code and label.scheme in CODED and self.book.bears_another_name(label.scheme, label.code, label.name):
            own = self.book.knows(label.scheme, label.code) or self._has_name_of(label, label.digits)
            return replace(label, code=None, code_source=None) if own else label
        return label

    def _has_name_of(self, label: RowLabel, digits: str) -> bool:
        return any(code.endswith(digits) for code in self.book.candidates(label.scheme, label.name))

    def _with_lost_digits(self, label: RowLabel) -> RowLabel:
        """Return a label with the code that its name has below its own, if its own has another name: its last digits are not there."""
        if label.code is None or label.scheme not in CODED or self.book.is_named(label.scheme, label.code, label.name):
            return label
        below = self.book.codes(label.scheme, label.name, label.code, self.fiscal_year)
        only = len(below) == 1 and self.book.is_named(label.scheme, below[0], label.name)
        return _named(label, label.scheme, below[0]) if only else label

    def _resolve_above(self, labels: list[RowLabel | None]) -> None:
        """Give a row without a code, above coded ones, the code of theirs whose name it bears."""
        below: RowLabel | None = None
        for n, label in reversed(list(enumerate(labels))):
            if label is None:
                continue
            if not label.level or label.scheme == "unit":
                below = None
                continue
            open_name = label.code is None and label.nature != "of_which_other" and label.scheme in (*CODED, "item")
            if open_name and below is not None and below.code and not label.digits:
                named = [code for code in parents_of(below.code) if self.book.is_named(below.scheme, code, label.name)]
                if len(named) == 1:
                    label = labels[n] = _named(label, below.scheme, named[0])
            if label.code:
                below = label

    def _scheme_of_names(self, labels: Sequence[RowLabel], hint: str | None) -> str | None:
        votes: Counter[str] = Counter()
        for label in labels:
            for scheme in CODED:
                if self.book.candidates(scheme, label.name, self.fiscal_year):
                    votes[scheme] += 1
        if not votes:
            return hint
        most = max(votes.values())
        if hint is None and most * 2 < len(labels):
            return None  # a few names that also stand in a classification
        return hint if hint and votes[hint] == most else votes.most_common(1)[0][0]

    def _resolve_in(self, scheme: str, labels: list[RowLabel | None]) -> None:
        groups: list[list[tuple[int, RowLabel]]] = [[]]
        for n, label in enumerate(labels):
            if label is None:
                continue
            if label.scheme == "unit" or (label.level == 0 and label.nature):
                groups.append([])
            elif label.code is None and label.level and label.scheme in (*CODED, "item"):
                groups[-1].append((n, label))
        for numbered in groups:
            if not numbered:
                continue
            places, group = zip(*numbered, strict=True)
            if all(label.numbered for label in group):
                indents: list[float | None] = [label.numbered for label in group]
            else:
                indents = _rounded([label.indent for label in group])
            codes = resolve_names(scheme, [(i, label.name) for i, label in zip(indents, group, strict=True)], self.fiscal_year, self.book)
            steps = sorted({i for i in indents if i is not None})
            levels: dict[float | None, int] = {indent: rank for rank, indent in enumerate(steps, start=1)}
            levels |= {indent: level_of(code) for indent, code in zip(indents, codes, strict=True) if code is not None}
            for n, label, code, indent in zip(places, group, codes, indents, strict=True):
                level = label.level if indent is None else levels[indent]
                if code is not None and label.digits and not code.endswith(label.digits[-2:]):
                    code = None  # the list that numbers the row so is another than the one its name is of
                if code is not None and not follows(self.book, scheme, parents_of(code), label.above):
                    code = None  # it stands below other classes
                labels[n] = replace(label, scheme=scheme, level=level) if code is None else _named(label, scheme, code)


def _codes_of(label: RowLabel) -> tuple[str | None, ...]:
    return label.unit, label.code, label.department_economic_code, label.government_economic_code


def _named(label: RowLabel, scheme: str, code: str) -> RowLabel:
    """Return a label with the code that its name says, of which the row may print the last digits."""
    source = "printed" if label.digits and code.endswith(label.digits) else "name"
    return replace(label, scheme=scheme, code=code, code_source=source, level=level_of(code))


def _as_unit(label: RowLabel) -> RowLabel:
    """Return the label of a row that is named as bodies are as a unit's, the budget code in front of its name apart (305001-…局)."""
    code, name = unit_name(label.name)
    return replace(label, name=name, scheme="unit", level=1, unit=None, code=code, code_source="printed" if code else None)


def _units_above_projects(labels: list[RowLabel | None]) -> None:
    """In a list of projects, a row that is named as bodies are, above rows that stand further in, is the unit whose projects these are."""
    unit: RowLabel | None = None
    printed = [n for n, label in enumerate(labels) if label is not None]
    for n, after in zip(printed, [*printed[1:], None], strict=False):
        label, below = labels[n], None if after is None else labels[after]
        if label is None or label.scheme != "project" or not label.level:
            unit = None
        elif names_body(label.name) and label.code is None and below is not None and below.indent > label.indent + _INDENT_STEP:
            unit = labels[n] = _as_unit(label)
        elif unit is not None:
            unit = unit if label.indent > unit.indent + _INDENT_STEP else None
            labels[n] = replace(label, unit=unit.name) if unit else label


def _repeats_codes(labels: Sequence[RowLabel | None]) -> bool:
    codes = [(label.unit, label.code) for label in labels if label and label.code and label.scheme in CODED]
    return len(codes) > len(set(codes))


def _child_of_repeated_row(labels: list[RowLabel | None]) -> None:
    """A row that repeats the code and the name of the row above it is its only child, printed without digits of its own."""
    previous: RowLabel | None = None
    for n, label in enumerate(labels):
        if label is None:
            continue
        if (
            previous is not None
            and label.code
            and not label.goes_on
            and (label.code, label.name, label.unit) == (previous.code, previous.name, previous.unit)
            and len(label.code) == _ITEM_DIGITS
            and label.scheme == "function"
            and not label.department_economic_code
            and not label.government_economic_code
        ):
            label = replace(label, digits=label.code, code=None, code_source=None, level=label.level + 1)
            labels[n] = label
        previous = label


def _rounded(indents: Sequence[float]) -> list[float | None]:
    """Group indentations that differ by less than the width of half a character."""
    levels: list[float] = []
    for indent in sorted(set(indents)):
        if not levels or indent - levels[-1] > _INDENT_STEP:
            levels.append(indent)
    if not _FEWEST_INDENTS <= len(levels) <= _MOST_INDENTS:  # flush left, or ragged: the print says nothing of levels
        return [None] * len(indents)
    return [max(lv for lv in levels if lv <= i + _SAME_INDENT) for i in indents]
