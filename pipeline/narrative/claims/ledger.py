"""What has been published so far: one line for one thing, whatever it is stated in how often.

Belongs here: recognising that two sentences state the same amount, or contradict each other. Does not belong here: reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.line import Line
from pipeline.budget.sums import funds_within
from pipeline.document.content import printed_place
from pipeline.narrative.claims.facts import NOT_PLACED, UNKNOWN_SUBJECT, Change, HeldBack, NamedAmount, Narrative
from pipeline.narrative.claims.prior_year import PriorAmount, prior_lines
from pipeline.narrative.claims.sums import decided_by_sum, fund_of_rest
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.narrative.text.printed_number import Number
from pipeline.statements.inference.leaves import with_leaves
from schemas.vocabulary.narrative import words

OF_SEVERAL_FUNDS = "an amount of several funds, for which the dataset has no name together"
_CLASSIFICATIONS = ("function", "department_economic", "government_economic")


class NarrativeRecord:
    """Lines and key figures by what they are the amount of."""

    def __init__(self) -> None:
        """Start empty."""
        self.narrative = Narrative()
        self.figures: dict[str, NamedAmount] = {}
        self.of_beginning: set[int] = set()  # places of lines
        self._known: dict[tuple[object, ...], NamedAmount] = {}
        self._withdrawn: set[int] = set()
        self._misprinted: set[int] = set()
        self._doubtful: list[HeldBack] = []
        self._priors: list[PriorAmount] = []

    def line(self, line: Line, value: Number, place: LinePosition, of_this_year: bool, misprinted: bool = False) -> NamedAmount | None:
        """Record a line with its amount; return its target, or None where an earlier sentence states another amount for it.

        Of a classification both sentences are then withdrawn, for the list was not understood; of a total the first stays.

        Args:
            line: complete but for amount, place and row.
            value: the printed amount.
            place: where it stands.
            of_this_year: whether it is a total of this year alone, beside one with carry-over.
            misprinted: whether its label is one only but for a misprint: it is withdrawn unless a sum needs it.
        """
        key = _key(line, of_this_year)
        known = self._known.get(key)
        if known is not None and known.line is not None:
            if known.line in self._misprinted and not misprinted:
                self._withdrawn.add(known.line)  # what bears the label itself is what the misprinted one is not
                return self._record(key, line, value, place)
            if may_be_equal(known.number, value):
                return None if known.line in self._withdrawn else known
            if misprinted and known.line not in self._misprinted:
                return None  # a label that may be another one is no reason against the one that bears it
            if line.scheme in _CLASSIFICATIONS and line.level:
                self._withdrawn.add(known.line)
            return None
        target = self._record(key, line, value, place)
        if misprinted and target.line is not None:
            self._misprinted.add(target.line)
        return target

    def _record(self, key: tuple[object, ...], line: Line, value: Number, place: LinePosition) -> NamedAmount:
        """Record a line with its amount as the one of its key."""
        x0, y0, x1, y1 = place.box or (None, None, None, None)
        stated = replace(line, amount=value.yuan, amount_text=value.text, unit_text=value.unit, page=place.page, x0=x0, y0=y0, x1=x1, y1=y1)
        self.narrative.lines.append(stated)
        target = NamedAmount(value, line=len(self.narrative.lines) - 1)
        self._known[key] = target
        return target

    def states(self, line: Line) -> bool:
        """Tell whether an earlier sentence states what a line is of."""
        return _key(line, of_this_year=False) in self._known

    def contradicts(self, line: Line, value: Number) -> bool:
        """Tell whether an earlier sentence states another amount for what a line is of."""
        known = self._known.get(_key(line, of_this_year=False))
        return known is not None and not may_be_equal(known.number, value)

    def line_of(self, target: NamedAmount) -> Line | None:
        """Return the line of a named amount with the amount that it states; None for a figure."""
        return None if target.line is None else self.narrative.lines[target.line]

    def indicator_of(self, target: NamedAmount) -> str:
        """Return the indicator of a named amount that is a figure; empty for a line."""
        return "" if target.figure is None else self.narrative.key_figures[target.figure]["indicator"]

    def figure(
        self, indicator: str, value: Decimal, unit: str, printed: Number, place: LinePosition, fund: str = "total"
    ) -> NamedAmount | None:
        """Record a key figure; return its target, or None where an earlier sentence gives the indicator another value."""
        known = self.figures.get(indicator)
        if known is not None:
            return known if may_be_equal(known.number, printed) else None
        self.narrative.key_figures.append(
            {
                "indicator": indicator,
                "value": value.quantize(Decimal("0.01")),
                "unit": unit,
                "name": None,
                **printed_place(place.page, place.box),
                "cell": None,
            }
        )
        self.narrative.printed[indicator] = printed
        target = NamedAmount(printed, figure=len(self.narrative.key_figures) - 1, fund=fund)
        self.figures[indicator] = target
        return target

    def change(self, change: Change) -> Change:
        """Record a change, or return the one that an earlier sentence has stated of the same thing in the same words."""
        for known in self.narrative.changes:
            one = known.target is change.target and known.unstated == change.unstated
            same = one and known.basis == change.basis and known.amount == change.amount
            if same and (known.percent == change.percent or change.percent is None) and known.flat == change.flat:
                return known
        self.narrative.changes.append(change)
        return change

    def prior(self, number: Number, basis: str, targets: Sequence[NamedAmount], place: LinePosition, clause: str, known: bool) -> None:
        """Record last year's amount, which a sentence states beside this year's (see `PriorAmount`)."""
        self._priors.append(PriorAmount(number, basis, tuple(targets), place, clause, len(self.narrative.lines), known))

    def hold(self, clause: str, reason: str, page: int | None, doubtful: bool) -> None:
        """Record an amount that is held back.

        Args:
            clause: that states it, as printed.
            reason: why it is in no table.
            page: that prints it; 0 or None if unknown.
            doubtful: whether no heading says that it is of the budget: then it is recorded once another amount there is understood.
        """
        (self._doubtful if doubtful else self.narrative.held_back).append(HeldBack(clause, reason, page or None))

    def remark(self, clause: str, place: LinePosition, why: str) -> None:
        """Record a count, a mark or a reason that no table holds.

        Args:
            clause: that states it, as printed.
            place: where it stands.
            why: it is in no table.
        """
        self.narrative.remarks.append((clause, place.page or None, why))

    def holds(self, text: str) -> bool:
        """Tell whether an amount that stands in `text` is held back since no words say which line it is."""
        return any(why in NOT_PLACED and clause in text for clause, why, _ in (*self.narrative.held_back, *self._doubtful))

    def release(self, text: str) -> None:
        """Forget what was held back of the clauses of `text`, a sentence of the paragraph read last: it is read now."""
        for held in (self.narrative.held_back, self._doubtful):
            clauses = {clause for clause, *_ in held if clause in text}
            for at in range(len(held) - 1, -1, -1):
                if held[at].clause in clauses:
                    clauses.remove(held[at].clause)  # what an earlier sentence says in the same words stays held
                    del held[at]

    def confirm(self) -> None:
        """Record what was held back and doubtful: the section is on the budget."""
        self.narrative.held_back += self._doubtful
        self._doubtful.clear()

    def new_section(self) -> None:
        """Forget what was doubtful: the section has ended and was on something else."""
        self._doubtful.clear()

    def last_unit(self) -> str | None:
        """Return the unit of money of the last amount: that of a zero printed without one (`…预算为0`)."""
        return self.narrative.lines[-1].unit_text if self.narrative.lines else None

    def incomes(self) -> frozenset[tuple[str, str]]:
        """Return of which statement and fund the income is that is recorded."""
        return frozenset((x.statement, x.fund) for x in self.narrative.lines if x.flow == "revenue" and x.fund)

    def close(self) -> Narrative:
        """Return the narrative, withdrawn lines taken out with their changes and shares, rows numbered, leaves marked."""
        told = self.narrative
        mixed = self._settle_rest_of_funds()
        sound = [line for i, line in enumerate(told.lines) if i not in self._withdrawn]
        self._misprinted = {i for i in self._misprinted if not decided_by_sum(told.lines[i], sound)}
        self._withdrawn |= self._misprinted
        for index in sorted(self._withdrawn):
            line = told.lines[index]
            why = UNKNOWN_SUBJECT if index in self._misprinted else "contradicted by a later sentence"
            why = OF_SEVERAL_FUNDS if index in mixed else why
            told.held_back.append(HeldBack(f"{line.name} {line.amount_text}{line.unit_text}", why, line.page or None))
        told.held_back += list(self._changes_withdrawn())
        changes = [c for c in told.changes if c.target is None or c.target.line not in self._withdrawn]
        priors, held = prior_lines(self._priors, changes, told.lines)
        told.held_back += held
        kept = [(at, 1, line) for at, line in enumerate(told.lines) if at not in self._withdrawn]
        ordered = sorted([*kept, *((at, 0, line) for at, line in priors)], key=lambda entry: entry[:2])  # as they are printed
        moved = {at: new for new, (at, own, _) in enumerate(ordered) if own}
        told.lines = [line for *_, line in ordered]
        told.of_beginning = {moved[at] + 1 for at in self.of_beginning & moved.keys()}
        stated = [*self._known.values(), *(c.target for c in told.changes), *(t for s in told.shares for t in (s.part, s.whole))]
        for target in {id(target): target for target in stated if target is not None}.values():
            target.line = moved.get(target.line) if target.line is not None else None
        told.changes = [c for c in told.changes if c.target is None or (c.target.line, c.target.figure) != (None, None)]
        told.shares = [s for s in told.shares if s.part.line is not None and (s.whole is None or s.whole.line is not None)]
        told.lines = _with_leaves([replace(line, row=row) for row, line in enumerate(told.lines, start=1)])
        return told

    def _settle_rest_of_funds(self) -> set[int]:
        """Tell 其他资金 that is a fund of its own from a subtotal; withdraw one that has money of the special account in it.

        Returns:
            Places of those that are withdrawn.
        """
        lines = self.narrative.lines
        mixed = set()
        for at, line in enumerate(lines):
            if line.scheme != "revenue_item" or line.fund != "unit_funds" or not any(word in line.name for word in words("rest_of_funds")):
                continue
            fund = fund_of_rest(line, [x for i, x in enumerate(lines) if i not in self._withdrawn])
            if fund is None:
                mixed.add(at)
            else:
                lines[at] = replace(line, fund=fund)
        self._withdrawn |= mixed
        return mixed

    def _changes_withdrawn(self) -> Iterator[HeldBack]:
        """Yield the changes of amounts that were withdrawn."""
        for change in self.narrative.changes:
            printed = change.amount or change.percent
            if change.target is not None and change.target.line in self._withdrawn and printed is not None:
                line = self.narrative.lines[change.target.line]
                page = change.place.page if change.place is not None else line.page
                why = "a change of an amount that is not published"
                yield HeldBack(f"{line.name} {printed.text}{printed.unit}", why, page or None)


def _key(line: Line, of_this_year: bool) -> tuple[object, ...]:
    """Return what a line is of: two amounts for the same are one amount, or contradict each other."""
    which = line.code or (line.name if line.scheme in ("function", "item") and line.level else "")
    return (line.unit, line.statement, line.flow, line.scheme, which, line.level, line.fund, line.nature, line.measure, of_this_year)


def may_be_equal(known: Number, said: Number) -> bool:
    """Tell whether two printed numbers may be the same amount, each at its own precision."""
    if known.unit == said.unit and known.value == said.value:
        return True
    if known.unit not in YUAN_PER or said.unit not in YUAN_PER:
        return False
    if known.step == said.step:
        return False
    return abs(known.yuan - said.yuan) <= max(known.step, said.step) / 2


def _with_leaves(lines: list[Line]) -> list[Line]:
    """Return the lines; those with finer lines of the same statement, fund, nature and measure below them are no leaves."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        money = () if line.flow == "revenue" else (line.fund, line.nature)
        groups.setdefault((line.unit, line.statement, line.flow, line.scheme, line.measure, *money), []).append(line)
    wholes = {line.row for members in groups.values() for line in members if any(_contains(line, below) for below in members)}
    # an item without a nature stands beside natures that make up its total with it: the total is the leaf
    return with_leaves(lines, (line.row not in wholes and (line.scheme, line.nature) != ("item", "total") for line in lines))


def _contains(line: Line, below: Line) -> bool:
    if below.level <= line.level:
        return False
    if line.level == 0:
        return True
    if line.scheme == "three_public":
        return line.code == "vehicles" and (below.code or "").startswith("vehicle_")
    if line.scheme == "revenue_item":
        return below.fund in funds_within(line.fund or "")
    return bool(line.code and below.code and below.code.startswith(line.code))
