"""Rows whose blank cells left no trace: from printed numbers to lines, each in the column that the identities force.

Belongs here: what placements a row allows, the equations between all rows of a document, and what may be claimed of each
number (`printed`, `solved`, `ambiguous`). Does not belong here: finding rows and columns in text (`statements.py`), the search
(`solver.py`), the identities themselves (`pipeline.accounting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from msgspec.structs import replace

from pipeline.accounting.equation import Contradiction, Equation
from pipeline.budget.amounts import to_yuan
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import rounding_steps
from pipeline.statements.inference.lost_columns.solver import DEFAULT_STEPS, Constraint, Variable, solve
from pipeline.statements.inference.lost_columns.tied_rows import decide_together

Equations = Callable[[Sequence[Line]], list[Equation]]
"""What builds the equations between the lines that it is given."""

_MOST_PLACEMENTS = 20_000  # a row with more (its order hardly known) proves nothing and stays ambiguous
_MOST_PLACEMENTS_OF_ALL = 100_000  # of a document's rows together, of which each is held in memory: some 100 MB
_CENTS = 100


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A printed row with fewer numbers than columns, or as many.

    Attributes:
        cells: one line per column that a number may stand in, complete but for its amount (which is not looked at).
        numbers: the printed numbers in the printed unit, in print order; None is a printed dash (a cell without a line).
        texts: the same as printed.
        before: pairs of indexes into `cells`: the first stands left of the second. Pairs that follow from others may be
            left out. Cells without an order between them may stand either way round.
    """

    cells: tuple[Line, ...]
    numbers: tuple[Decimal | None, ...]
    texts: tuple[str, ...]
    before: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the rows.

    Attributes:
        rows: per row its lines, in print order of the numbers; those not understood for certain are `ambiguous`, without
            fund and nature (and without an item of 三公). A row that no placement fits has none.
    """

    rows: tuple[tuple[Line, ...], ...]
    conflicts: tuple[Contradiction, ...]


def place(rows: Sequence[UnplacedRow], equations: Equations, *, leaky: frozenset[int] = frozenset(), steps: int = DEFAULT_STEPS) -> Placed:
    """Place the numbers of all rows of one document in their columns.

    A blank is zero, and printed amounts keep their sign. Where the numbers contradict each other, the rows in the smallest
    contradiction prove nothing: what is lost in them stays ambiguous, and no sum over them is used for other rows.

    Args:
        rows: of every statement of the document, so that sums shared between statements decide too.
        equations: builds the identities from keys alone.
        leaky: numbers of statements of which some numbers stand in no row: only sums within a row are used of them.
        steps: how much work the solver may spend.
    """
    shapes: dict[_Shape, list[tuple[int, ...]]] = {}
    for row in rows:
        if _shape(row) not in shapes:
            shapes[_shape(row)] = list(islice(_placements(row), _MOST_PLACEMENTS + 1))
    alternatives = [shapes[_shape(row)] for row in rows]
    open_rows = _left_open([len(options) for options in alternatives])
    cells = [line for row in rows for line in _with_precision(row)]
    first = [0]
    for row in rows:
        first.append(first[-1] + len(row.cells))
    choices = [
        Variable(
            tuple(
                {first[n] + at: _cents(number, row) for at, number in zip(columns, row.numbers, strict=True) if number is not None}
                for columns in (() if n in open_rows else options)
            )
            or ({},)
        )
        for n, (row, options) in enumerate(zip(rows, alternatives, strict=True))
    ]
    unknown = {cell.id for n in open_rows for cell in rows[n].cells}
    row_of = {cell.id: n for n, row in enumerate(rows) for cell in row.cells}

    def sound(equation: Equation) -> bool:
        touched = equation.whole + equation.parts
        return len({row_of[i] for i in touched}) == 1 or leaky.isdisjoint(i.statement_no for i in touched)

    used = [
        equation
        for equation in equations(cells)
        if not equation.alternatives
        and equation.whole  # a side without any row says only that a row was not found, not that it is zero
        and equation.parts
        and (equation.severity == "error" or equation.at_least)
        and unknown.isdisjoint(equation.whole + equation.parts)
        and sound(equation)
    ]
    places = rounding_steps(cells)
    position = {cell.id: n for n, cell in enumerate(cells)}
    constraints = [_constraint(equation, position, places) for equation in used]
    solution = solve(choices, constraints, steps=steps)
    ways = [() if n in open_rows else options for n, options in enumerate(alternatives)]
    possibilities = decide_together([row.cells[0] for row in rows], choices, ways, constraints, solution)
    fits_of_open = {shape: _fits(options, range(len(options))) for shape, options in shapes.items() if options}
    lines = tuple(
        tuple(_lines(row, options, fits_of_open[_shape(row)] if n in open_rows else _fits(options, possible))) if options else ()
        for n, (row, options, possible) in enumerate(zip(rows, alternatives, possibilities, strict=True))
    )
    return Placed(lines, tuple(Contradiction(tuple(used[n] for n in conflict.constraints)) for conflict in solution.conflicts))


def consistent(rows: Sequence[UnplacedRow], equations: Equations, *, steps: int = DEFAULT_STEPS) -> bool:
    """Tell whether the rows can be placed so that all identities between them hold (for choosing among headings)."""
    return all(next(_placements(row), None) is not None for row in rows) and not place(rows, equations, steps=steps).conflicts


_Shape = tuple[int, int, frozenset[tuple[int, int]]]
"""How many cells and numbers a row has, and what is known of their order: rows of one shape have the same placements."""


def _shape(row: UnplacedRow) -> _Shape:
    return len(row.cells), len(row.numbers), row.before


def _left_open(counts: Sequence[int]) -> set[int]:
    """Return the rows that are not decided: those without any placement, with too many, and the most open ones where all have too many."""
    found, held = set[int](), 0
    for n, count in sorted(enumerate(counts), key=lambda numbered: numbered[1]):
        held += count
        if not 0 < count <= _MOST_PLACEMENTS or held > _MOST_PLACEMENTS_OF_ALL:
            found.add(n)
    return found


def _fits(options: Sequence[tuple[int, ...]], possible: Iterable[int]) -> list[list[int]]:
    """Return for each number the cells that it may stand in, the first possible one first."""
    chosen = [options[i] for i in possible]
    return [[chosen[0][n], *sorted({option[n] for option in chosen} - {chosen[0][n]})] for n in range(len(chosen[0]))]


def _with_precision(row: UnplacedRow) -> Iterator[Line]:
    """Yield the row's cells with its finest printed number as text: the identities take their tolerance from there."""
    finest = max(row.texts, key=lambda text: len(text.partition(".")[2]), default="0")
    for line in row.cells:
        yield replace(line, amount_text=finest)


def _cents(number: Decimal, row: UnplacedRow) -> int:
    return int(to_yuan(number, row.cells[0].unit_text) * _CENTS)


def _constraint(equation: Equation, position: Mapping[LineId, int], places: Mapping[int, Decimal]) -> Constraint:
    """Return the equation as the solver's constraint; a number printed in two tables may differ by one last place."""
    tables = {i.statement_no for i in equation.whole + equation.parts}
    tolerance = max([equation.tolerance, *(places[number] for number in tables if len(tables) > 1)])
    slack = int(tolerance * _CENTS)
    whole, parts = (tuple(position[i] for i in side) for side in (equation.whole, equation.parts))
    return Constraint(whole, parts, -slack, None if equation.at_least else slack)


def _placements(row: UnplacedRow) -> Iterator[tuple[int, ...]]:
    """Yield the ways to put a row's numbers into distinct cells, left to right as far as the order is known."""
    after = _transitive_closure(row)

    def extend(taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(taken) == len(row.numbers):
            yield taken
            return
        for cell in range(len(row.cells)):
            if cell not in taken and not any(earlier in after[cell] for earlier in taken):
                yield from extend((*taken, cell))

    yield from extend(())


def _transitive_closure(row: UnplacedRow) -> list[set[int]]:
    """Return for each cell all cells that stand right of it."""
    after: list[set[int]] = [set() for _ in row.cells]
    for left, right in row.before:
        after[left].add(right)
    for middle in range(len(after)):
        for cells in after:
            if middle in cells:
                cells |= after[middle]
    return after


def _lines(row: UnplacedRow, options: Sequence[tuple[int, ...]], fits: Sequence[Sequence[int]]) -> Iterator[Line]:
    """Yield the lines of one row: a number whose cell is the same in all that is possible, or an ambiguous one."""
    for (shown, *others), number, text in zip(fits, row.numbers, row.texts, strict=True):
        cells = [row.cells[at] for at in sorted((shown, *others))]
        if number is None or len({cell.flow for cell in cells}) > 1:
            continue  # a dash; or a number of which not even the half of the table is known
        line = row.cells[shown]
        amount = to_yuan(number, line.unit_text)
        if not others and line.fund is not None:
            evidence = "printed" if len(options) == 1 else "solved"
            yield replace(line, amount=amount, amount_text=text, column_evidence=evidence)
        else:
            yield _ambiguous(line, cells, amount, text)


def _ambiguous(line: Line, fits: list[Line], amount: Decimal, text: str) -> Line:
    """Return a line that says only what holds in whichever cell the number stands."""
    same_item = len({(cell.code, cell.name) for cell in fits}) == 1
    return replace(
        line,
        amount=amount,
        amount_text=text,
        column_evidence="ambiguous",
        fund=None,
        nature=None,
        code=line.code if same_item else None,
        name=line.name if same_item else "、".join(dict.fromkeys(cell.name for cell in fits)),
        level=max(cell.level for cell in fits),
    )
