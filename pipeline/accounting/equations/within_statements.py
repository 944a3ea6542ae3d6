"""The accounting identities as equations between lines. One set serves the solver, the choice of reading and the checks.

An equation says: the sum of `whole` equals the sum of `parts`. It is built from the lines' keys alone (statement, row,
column, code, fund, nature …), never from their amounts, so that the solver can build it before it knows them.

Within statements: `H1` `H2` (code hierarchy), `R1` (natures of a row), `R2` (funds of a row, and revenue items),
`X4` (units), `X5` (projects), `T1` (三公). Equations between statements are in `pipeline.accounting.equations.between_statements`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

from msgspec.structs import replace

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.carried_forward import grand_total, with_carried_forward
from pipeline.accounting.equations.item_sums import revenue_items, three_public
from pipeline.accounting.equations.list_headings import headings
from pipeline.accounting.equations.named_by_rows import columns_of_natures, columns_of_sources, columns_of_unknown, is_part, parts_of_others
from pipeline.accounting.equations.printed_table import PrintedTable, is_of_this_year
from pipeline.accounting.equations.year_changes import LAST_YEAR, changes
from pipeline.accounting.printed_lines import PrintedLines, in_order
from pipeline.accounting.subjects import NatureRows, Row, Rows, Subject
from pipeline.budget.line import Line
from pipeline.budget.sums import (
    CODED,
    FUND_TREE,
    ITEMS,
    NATURES_OUTSIDE_THE_YEAR,
    fund_parts,
    is_of_which,
    nature_parts,
    parent_code,
)
from schemas.statements import kind_of

_RowKey = tuple[int, str, str | None, str, str]
"""A printed row: number, name, code, flow and measure."""


def equations(lines: Iterable[Line] | PrintedLines) -> list[Equation]:
    """Return the equations within each statement of one document.

    Args:
        lines: of one document, in any order; amounts are not looked at (their printed decimals set the tolerance). Last year's
            amounts in sentences are in none: they stand beside this year's, some of them, and make no list.
    """
    printed = in_order(lines)
    found: list[Equation] = []
    tables: dict[tuple[int, str], list[int]] = defaultdict(list)
    repeated: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, line in enumerate(printed.lines):
        if line.fund and line.nature and not (line.source == "narrative" and line.measure in LAST_YEAR):
            found_in = repeated if is_of_which(line.nature) else tables
            found_in[line.statement_no, f"{line.statement} {line.unit or ''}" if line.source == "narrative" else ""].append(i)
    for key, members in tables.items():
        plain = {printed.lines[i].column for i in members}
        table = _StatementLines(printed, members, [i for i in repeated[key] if printed.lines[i].column not in plain])
        own = table.hierarchies() + table.totals() + revenue_items(table) + three_public(table)
        if key[1] == "":
            found += own + table.rows() + changes(printed, members)
        else:  # each narrative amount is a row of its own, and what prose leaves out is not zero
            found += [e for e in own if e.whole and e.parts]
    return found


class _StatementLines(PrintedTable):
    """The lines of one printed statement, grouped as its equations need them.

    `repeated` are the lines of columns that repeat a part of others (其中…): they add up by code as all columns do, and are no
    part of their row's sums.
    """

    def __init__(self, printed: PrintedLines, members: list[int], repeated: list[int]) -> None:
        super().__init__(printed, members)
        self.every = members + repeated
        self.kind = kind_of(self.statement)
        self.leaf_rows = {line.row for i in members if (line := self.lines[i]).is_leaf}
        self.mixed = columns_of_natures(self.lines[i] for i in members)
        self.of_sources = columns_of_sources(self.lines[i] for i in members)
        self.named_by_rows = self.of_sources | self.mixed if self.lines[members[0]].source == "table" else frozenset[int]()
        self.of_unknown = columns_of_unknown(self.lines, self.lines[members[0]].statement_no) if self.named_by_rows else frozenset[int]()
        self.places, self.parents = self._hierarchy()
        self._below: dict[frozenset[str], frozenset[str]] = {}

    def _hierarchy(self) -> tuple[dict[int, str], dict[str, str]]:
        """Return each coded row's place in its hierarchy, and the parents of places that codes alone do not tell.

        A place is the row's code or, where that is unknown, its parent's place with `??` and the row. Below a row without a
        code stands what is printed below it, unless its code has a parent that is printed elsewhere.
        """
        places: dict[int, str] = {}
        parents: dict[str, str] = {}
        above: dict[tuple[str | None, str, str, str | None], list[tuple[int, str]]] = defaultdict(list)
        codes = {line.code for i in self.every if (line := self.lines[i]).scheme in CODED and line.code}
        for i in sorted(self.every, key=lambda i: (self.lines[i].row, self.lines[i].column)):
            line = self.lines[i]
            if line.scheme not in CODED or not line.level:
                continue
            path = above[line.unit, line.flow, line.scheme, line.nature if line.column in self.mixed else None]
            if path and path[-1][1].endswith(f"#{line.row}"):
                places[i] = path[-1][1]
                continue
            while path and path[-1][0] >= line.level:
                path.pop()
            around = path[-1][1] if path else ""
            place = line.code or f"{around}??#{line.row}"
            by_code = parent_code(line.code, codes) if line.code else None
            if around and (not line.code or ("#" in around and (by_code is None or by_code in (p for _, p in path)))):
                parents[place] = around
            places[i] = place
            path.append((line.level, place))
        return places, parents

    def _parent(self, place: str, known: Collection[str]) -> str | None:
        """Return the nearest place above `place` that is in `known`."""
        around = self.parents.get(place)
        while around is not None and around not in known:
            around = self.parents.get(around)
        return around or (None if "#" in place else parent_code(place, known))

    def _columns(self, members: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
        """Group lines by what their column says; columns that say the same in one row stay apart by number."""
        twice = set()
        seen: dict[tuple[object, ...], int] = {}
        members = list(members)
        for i in members:
            line = self.lines[i]
            key = (line.row, line.name, line.code, line.unit, line.flow, line.fund, line.nature, line.measure)
            if seen.setdefault(key, line.column) != line.column:
                twice.add((line.flow, line.fund, line.nature, line.measure))
        columns: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i in members:
            line = self.lines[i]
            says = (line.flow, line.fund or "", line.nature or "", line.measure)
            columns[(*says, str(line.column) if says in twice else "")].append(i)
        return columns

    def hierarchies(self) -> list[Equation]:
        """H1, H2: each coded parent is the sum of its children, per unit group and column."""
        found = []
        groups: dict[tuple[str | None, str, str], list[int]] = defaultdict(list)
        for i in self.every:
            line = self.lines[i]
            if line.scheme in CODED and line.level:
                groups[line.unit, line.flow, line.scheme].append(i)
        for (unit, _, scheme), members in groups.items() if not self.kind.is_list else ():
            codes = {self.places[i] for i in members}
            children: dict[str, set[str]] = defaultdict(set)
            for code in codes:
                if parent := self._parent(code, codes):
                    children[parent].add(code)
            if not children:
                continue
            check, families = "H1" if scheme == "function" else "H2", [(parent, sorted(children[parent])) for parent in sorted(children)]
            named = [i for i in members if self.lines[i].column in self.named_by_rows]
            adopters = parts_of_others(self.lines, named, self.places, families)
            adopted = {i for parts in adopters.values() for i in parts}
            for key, column in self._columns(members).items():
                by_code: dict[str, list[int]] = defaultdict(list)
                for i in column:
                    by_code[self.places[i]].append(i)
                for parent, below in families:
                    parts = [i for child in below if child in by_code for i in by_code[child]]
                    whole = by_code.get(parent, [])
                    if adopted and whole and self.lines[whole[0]].column in self.of_unknown:
                        continue
                    if adopted:
                        parts = [i for i in parts if i not in adopted] + [i for w in whole for i in adopters.get(w, ())]
                    unsaid = "#" in parent and self.lines[column[0]].column in self.of_sources  # a fund's name over rows that say another
                    if (whole and parts) if unsaid else (whole or parts):
                        found.append(self.equation(check, Rows(parent, key[2], key[1], unit), whole, parts))
        return found

    def totals(self) -> list[Equation]:
        """H1, H2, X4, X5, R1: each total row is the sum of the rows below it, per column."""
        found = []
        for key, column in self._columns(i for i in self.every if self.lines[i].scheme != "three_public").items():
            if key[0] == "revenue" and any(self.lines[i].scheme == "revenue_item" for i in column):
                continue  # revenue items add up by fund, not by row: see revenue_items
            for members in self._keep_halves_apart(column):
                found += self._totals_of(members, key)
        return found + self._nature_rows()

    def _keep_halves_apart(self, column: list[int]) -> list[list[int]]:
        """Keep side-by-side halves that each have a total row apart."""
        halves = {self.lines[i].column for i in column if not self.lines[i].level}
        if len(halves) < 2:
            return [column]
        return [[i for i in column if self.lines[i].column == half] for half in sorted(halves)]

    def _totals_of(self, column: list[int], key: tuple[str, ...]) -> list[Equation]:
        found: list[Equation] = []
        if len(owners := self._owners_of_totals(column)) > 1:  # a total for each unit, and none of them all
            for owner in owners:
                own = [
                    i
                    for i in column
                    if (line := self.lines[i]).unit == owner or (line.scheme == "unit" and line.level and line.name == owner)
                ]
                found += self._totals_of(own, key)
            return found
        if self.kind.is_list:
            wholes, items = self._grand_totals(column), [i for i in column if self.lines[i].level and self.lines[i].row in self.leaf_rows]
            if wholes and items:
                found.append(self.equation("X5", Rows(self.lines[wholes[0]].name, key[2], key[1]), wholes, items))
            return found + headings(self.printed, [i for i in column if self.lines[i].level], self.leaf_rows, self.step)
        units = [i for i in column if self.lines[i].scheme == "unit" and self.lines[i].level]
        coded = self._of_first_classification([i for i in column if self.lines[i].scheme in CODED and self.lines[i].level])
        items = [i for i in column if self.lines[i].scheme in ITEMS and self.lines[i].level and self._is_finest(i, column)]
        for u in units:  # a unit row above other rows is the total of its own group
            own = [i for i in coded or items if self.lines[i].unit == self.lines[u].name]
            if own:
                found.append(self._total("H1" if coded else "X5", self.lines[u].name, [u], own, key))
        wholes = self._grand_totals(column)
        if not wholes:
            return found
        in_groups = {self.lines[i].name for i in units}
        ungrouped = [i for i in coded if self.lines[i].unit not in in_groups]
        name = self.lines[wholes[0]].name
        if top := self._top_units(units):
            found.append(self._total("X4", name, wholes, top, key))
        if ungrouped and (of_all := self._with_parts_of_others(wholes, ungrouped)):
            found.append(with_carried_forward(self, self._total("H1", name, wholes, of_all, key), wholes[0]))
        elif items and not units and (self.kind.is_known or len({self.lines[i].column for i in (*wholes, *items)}) == 1):
            found.append(self._total("X5", name, wholes, items, key))
        return found

    def _is_finest(self, i: int, column: Sequence[int]) -> bool:
        """Tell whether an item is of a leaf row, or its finer rows print amounts in other columns alone (— in the one of the plan)."""
        line = self.lines[i]
        if line.row in self.leaf_rows:
            return True
        beside = {own.column for j in self.every if (own := self.lines[j]).row == line.row and own.name == line.name}
        below = sorted({(own.row, own.level) for j in self.every if (own := self.lines[j]).row > line.row and own.column in beside})
        finer = {row for row, _ in takewhile(lambda below: below[1] > line.level, below)}
        return len(finer) > 0 and finer.isdisjoint(self.lines[j].row for j in column)

    def _of_first_classification(self, rows: list[int]) -> list[int]:
        """Return the coded rows without those of a classification that only divides what rows of the other are: no row of it is a leaf."""
        first = {self.lines[i].scheme for i in rows if self.lines[i].row in self.leaf_rows}
        return [i for i in rows if self.lines[i].scheme in first] if first else rows

    def _with_parts_of_others(self, wholes: list[int], rows: list[int]) -> list[int]:
        """Return the coded rows that a total covers, with those that name a part of its fund or nature; none where one is not known."""
        columns = {self.lines[i].column for i in wholes}
        if not columns & self.named_by_rows:
            return rows
        if columns & self.of_unknown:
            return []
        own = {self.places[i] for i in rows}
        coded = (i for i in self.every if (line := self.lines[i]).scheme == self.lines[rows[0]].scheme and line.level and line.code)
        return rows + [i for i in coded if self.places[i] not in own and is_part(self.lines[i], self.lines[wholes[0]])]

    def _owners_of_totals(self, column: list[int]) -> list[str]:
        """Return the units whose totals a column prints, in order; none where a total without a unit is among them."""
        owners = dict.fromkeys(self.lines[i].unit for i in column if not self.lines[i].level)
        return [] if None in owners else [owner for owner in owners if owner is not None]

    def _nature_rows(self) -> list[Equation]:
        """R1, H2 down a column whose rows name natures: their sum is the total, and each is the sum of its own rows."""
        found = []
        for number in sorted(self.mixed):
            column = [i for i in self.members if self.lines[i].column == number]
            named: dict[str, list[int]] = defaultdict(list)
            for i in column:
                if not self.lines[i].level and self.lines[i].nature != "total":
                    named[self.lines[i].nature or ""].append(i)
            wholes = self._grand_totals([i for i in column if self.lines[i].nature == "total"])
            parts = nature_parts("total", named)
            if wholes and is_of_this_year(self.lines[wholes[0]]):
                parts = tuple(n for n in parts if n not in NATURES_OUTSIDE_THE_YEAR)
            if wholes and parts:
                beside = self._listed_beside(column) if "basic" not in parts else []
                rows = [i for n in parts for i in named[n]]
                found.append(self.equation("R1", NatureRows(self.lines[wholes[0]].name), wholes, rows + beside))
            found += grand_total(self, wholes)
            if "basic" in named and (parts := nature_parts("basic", named)):
                found.append(self.equation("R1", NatureRows("basic"), named["basic"], [i for n in parts for i in named[n]]))
            if len(named) == 1 and not wholes:  # 人员经费合计 closing a half whose rows are all of it
                (nature, rows), *_ = named.items()
                own = [i for i in column if self.lines[i].level and self.lines[i].scheme in CODED and self.lines[i].nature != nature]
                if own:
                    found.append(self._total("H2", self.lines[rows[0]].name, rows, own, ("", "", nature)))
            for nature, rows in named.items():
                own = [i for i in column if self.lines[i].level and self.lines[i].nature == nature and self.lines[i].scheme in CODED]
                if own:
                    found.append(self._total("H2", self.lines[rows[0]].name, rows, own, ("", "", nature)))
        return found

    def _listed_beside(self, column: list[int]) -> list[int]:
        """Return what a sentence lists beside natures, under names of its own or of economic classes: with them it makes up the total."""
        return [
            i
            for i in column
            if (line := self.lines[i]).source == "narrative"
            and line.level
            and (line.scheme == "item" or (line.scheme == "department_economic" and line.nature == "basic"))
        ]

    def _total(self, check: str, name: str, whole: list[int], members: list[int], key: tuple[str, ...]) -> Equation:
        codes = {self.places[i] for i in members if self.lines[i].scheme in CODED}
        scheme = self.lines[members[0]].scheme
        below = self._below_others(frozenset(codes))
        top = [i for i in members if self.lines[i].scheme not in CODED or self.places[i] not in below]
        if check == "H1" and scheme in CODED and scheme != "function":
            check = "H2"
        return self.equation(check, Rows(name, key[2], key[1]), whole, top)

    def _below_others(self, places: frozenset[str]) -> frozenset[str]:
        """Return those of some places that have a parent among them; most columns of a table fill the same rows."""
        found = self._below.get(places)
        if found is None:
            found = self._below[places] = frozenset(place for place in places if self._parent(place, places))
        return found

    def _top_units(self, units: list[int]) -> list[int]:
        """Return the units that are no part of another one: by nested codes, else those that are no sum of others."""
        codes = [self.lines[i].code or "" for i in units]
        if all(codes):
            return [i for i, code in zip(units, codes, strict=True) if not any(code != other and code.startswith(other) for other in codes)]
        with_rows = {self.lines[i].unit for i in self.members} - {None}
        if not with_rows:
            return [i for i in units if self.lines[i].row in self.leaf_rows]
        return [i for i in units if not self._heads_all_others(i, units, with_rows)]

    def _heads_all_others(self, unit: int, units: list[int], with_rows: set[str | None]) -> bool:
        """Tell whether a unit row without rows of its own is the sum of all other units, which have theirs: the department above them."""
        others = [i for i in units if self.lines[i].row != self.lines[unit].row]
        if self.lines[unit].name in with_rows or not others:
            return False
        return abs(self.lines[unit].amount - sum(self.lines[i].amount for i in others)) <= self.step * len(others) / 2

    def _grand_totals(self, column: list[int]) -> list[int]:
        """Return the lines of the total row of a column: one row, the first that is no sum of a part of the year."""
        totals = [i for i in column if not self.lines[i].level and self.lines[i].unit is None]
        totals = totals or [i for i in column if not self.lines[i].level]
        if not totals:
            return []
        current = [i for i in totals if is_of_this_year(self.lines[i])]
        first = self.lines[(current or totals)[0]]
        return [i for i in totals if self.lines[i].row == first.row]

    def rows(self) -> list[Equation]:
        """R1, R2: within a row, the total is the sum of its natures, and of its funds."""
        found = []
        rows: dict[_RowKey, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
        natures: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        funds: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        said: set[tuple[str, str, str, str, int]] = set()  # by columns, which hardly ever say different things
        for i in self.members:
            line = self.lines[i]
            if line.scheme in ("revenue_item", "three_public") or line.column in self.mixed:
                continue
            fund, nature = line.fund or "", line.nature or ""
            rows[line.row, line.name, line.code, line.flow, line.measure][fund, nature].append(i)
            said.add((line.flow, line.measure, fund, nature, line.column))
        for flow, measure, fund, nature, number in said:
            natures[flow, measure, fund].add(nature)
            if number not in self.of_sources:
                funds[flow, measure, nature].add(fund)
        by_nature: dict[tuple[str, str, str], list[tuple[str, tuple[str, ...]]]] = {
            key: [(nature, parts) for nature in ("total", "basic") if nature in present and (parts := nature_parts(nature, present))]
            for key, present in natures.items()
        }
        by_fund = {
            key: [(fund, parts) for fund in FUND_TREE if fund in present and len(parts := fund_parts(fund, present)) > 1]
            for key, present in funds.items()
        }
        for (row, name, code, flow, measure), cells in rows.items():
            label = str(code or name)
            for fund in sorted({fund for fund, _ in cells}):
                for nature, parts in by_nature[flow, measure, fund]:
                    found += self._row_equation("R1", Row(row, label, nature, fund), cells, (fund, nature), [(fund, n) for n in parts])
            for nature in sorted({n for _, n in cells}):
                for fund, parts in by_fund.get((flow, measure, nature), ()):
                    subject = Row(row, label, nature, fund, by_fund=True)
                    found += self._row_equation("R2", subject, cells, (fund, nature), [(f, nature) for f in parts])
        return found

    def _row_equation(
        self,
        check: str,
        subject: Subject,
        cells: dict[tuple[str, str], list[int]],
        whole: tuple[str, str],
        parts: list[tuple[str, str]],
    ) -> list[Equation]:
        left = cells.get(whole, [])
        right = [i for part in parts for i in cells.get(part, ())]
        within = [i for i in right if self.lines[i].nature not in NATURES_OUTSIDE_THE_YEAR]
        if check == "R1" and left and within and len(within) < len(right):  # 本年支出合计 beside 年末结转, or a 合计 over both
            named = self.printed.named
            return [replace(self.equation(check, subject, left, right), alternatives=((named(left), named(within)),))]
        if len({self.lines[i].column for i in left}) > 1:  # the same total printed twice in a row
            return [self.equation(check, subject, [i], right) for i in left]
        return [self.equation(check, subject, left, right)] if left or right else []
