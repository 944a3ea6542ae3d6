"""Who is blamed for faults of reading: they are planted into the readings of real documents, and none may be charged to the publisher.

    python -m benchmarks.blame FOLDER [--count 500] [--seed 13] [--most-pages 60] [-v]

Kinds, each planted twice over: into the cells of a page before anything is understood, and into the lines that came of it: a row lost, a
row lost and not counted, two cells merged, one digit changed, a row shifted by a column, two columns exchanged, a code of another row.
Counted are rows of `publisher_errors`, and findings that name the publisher as the cause, that the document as it is does not have.
Prints a markdown table, and with -v what was charged.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from benchmarks.damage import page_count
from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.document.content import Cell, Content, Grid
from pipeline.document.inputs.sources import Hint
from pipeline.stages.checking import Checked, check
from pipeline.stages.coding import Coded, code
from pipeline.stages.extraction import Extracted, extract
from pipeline.stages.recognition import Recognised, recognise
from pipeline.statements.statement_model import Statement
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import Limits
from pipeline.store.processes.worker_server import Desk
from schemas.check_catalogue import CauseKind

_TRIES = 25
"""Places that are tried in a document until one admits a fault of the kind."""

LIMITS = Limits(wall=1200.0, cpu=1000)


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults to be planted into one document: kind and seed of each."""

    path: Path
    planted: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Charged:
    """What was charged to the publisher of one document: kind, whether the fault was noticed at all, and what is said."""

    outcomes: list[tuple[str, bool, tuple[str, ...]]] = field(default_factory=list)
    real: int = 0


def _accusations(checked: Checked) -> Counter[str]:
    rows = [f"{row['statement']} {row['name']} {row['amount_text']}: {row['detail']}" for row in checked.publisher_errors]
    found = [f"{row['subject']}: {row['detail']}" for row in checked.findings if row.get("cause") == CauseKind.PUBLISHER.value]
    return Counter(rows + found)


def _failed(checked: Checked) -> Counter[tuple[str, str, str]]:
    return Counter(
        (str(row["check_id"]), str(row["statement"]), str(row["subject"])) for row in checked.checks if row["outcome"] == "fail"
    ) + Counter((str(row["finding"]), str(row["subject"]), str(row["frequency"])) for row in checked.findings)


GridFault = Callable[[Grid, Random], "Grid | None"]
LineFault = Callable[[Sequence[Statement], Random], "list[Statement] | None"]


def _amounts(grid: Grid) -> list[int]:
    return [n for n, cell in enumerate(grid.cells) if cell.text and parse_amount(cell.text) is not None and "." in cell.text]


def _with(grid: Grid, changed: Mapping[int, Cell]) -> Grid:
    return replace(grid, cells=tuple(changed.get(n, cell) for n, cell in enumerate(grid.cells)))


def _emptied(cell: Cell) -> Cell:
    return msgspec.structs.replace(cell, text="", text_box=None)


def _cell_digit(grid: Grid, random: Random) -> Grid | None:
    n = random.choice(_amounts(grid))
    text = _other_digit(grid.cells[n].text, random)
    return _with(grid, {n: msgspec.structs.replace(grid.cells[n], text=text)})


def _other_digit(text: str, random: Random) -> str:
    at = random.choice([at for at, character in enumerate(text) if character in "0123456789"])
    return text[:at] + random.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


def _row_of_cells(grid: Grid, random: Random) -> list[int]:
    row = random.choice(sorted({grid.cells[n].row for n in _amounts(grid)}))
    return [n for n, cell in enumerate(grid.cells) if cell.row == row and cell.row_span == 1]


def _cell_row_lost(grid: Grid, random: Random) -> Grid | None:
    return _with(grid, {n: _emptied(grid.cells[n]) for n in _row_of_cells(grid, random)})


def _neighbours(grid: Grid) -> list[tuple[int, int]]:
    amounts = set(_amounts(grid))
    places = {(cell.row, cell.column): n for n, cell in enumerate(grid.cells)}
    pairs = ((n, places.get((grid.cells[n].row, grid.cells[n].column + grid.cells[n].column_span))) for n in sorted(amounts))
    return [(one, other) for one, other in pairs if other in amounts and other is not None]


def _cells_merged(grid: Grid, random: Random) -> Grid | None:
    pairs = _neighbours(grid)
    if not pairs:
        return None
    one, other = random.choice(pairs)
    first, second = grid.cells[one], grid.cells[other]
    return _with(
        grid, {one: msgspec.structs.replace(first, text=f"{first.text}{random.choice(['', ' '])}{second.text}"), other: _emptied(second)}
    )


def _cells_shifted(grid: Grid, random: Random) -> Grid | None:
    """Move all amounts of a row into the next column, as a cell too much at its beginning does."""
    own = sorted((n for n in _row_of_cells(grid, random) if n in set(_amounts(grid))), key=lambda n: grid.cells[n].column)
    places = {(cell.row, cell.column): n for n, cell in enumerate(grid.cells)}
    targets = [places.get((grid.cells[n].row, grid.cells[n].column + grid.cells[n].column_span)) for n in own]
    if not own or any(target is None for target in targets):
        return None
    changed = {n: _emptied(grid.cells[n]) for n in own}
    for n, target in zip(own, targets, strict=True):
        if target is not None:
            changed[target] = msgspec.structs.replace(grid.cells[target], text=grid.cells[n].text, text_box=grid.cells[n].text_box)
    return _with(grid, changed)


def _line_digit(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    return _line_changed(statements, random, lambda line: _digit_of(line, random))


def _digit_of(line: Line, random: Random) -> Line | None:
    text = _other_digit(line.amount_text, random)
    value = parse_amount(text)
    return None if value is None else msgspec.structs.replace(line, amount=to_yuan(value, line.unit_text), amount_text=text)


def _line_changed(statements: Sequence[Statement], random: Random, change: Callable[[Line], Line | None]) -> list[Statement] | None:
    places = [(s, n) for s, own in enumerate(statements) for n, line in enumerate(own.lines) if line.amount]
    if not places:
        return None
    s, n = random.choice(places)
    line = change(statements[s].lines[n])
    if line is None:
        return None
    lines = list(statements[s].lines)
    lines[n] = line
    return [replace(own, lines=tuple(lines)) if m == s else own for m, own in enumerate(statements)]


def _line_row_lost(statements: Sequence[Statement], random: Random, *, counted: bool = True) -> list[Statement] | None:
    rows = sorted({(s, line.row) for s, own in enumerate(statements) for line in own.lines if line.amount})
    if not rows:
        return None
    s, row = random.choice(rows)
    own = statements[s]
    lines = [line for line in own.lines if line.row != row]
    printed = own.amounts_printed if counted else own.amounts_printed - (len(own.lines) - len(lines))
    return [replace(own, lines=tuple(lines), amounts_printed=printed) if m == s else other for m, other in enumerate(statements)]


def _line_row_lost_uncounted(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    return _line_row_lost(statements, random, counted=False)


def _lines_merged(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    """Two neighbouring amounts come as one, of the one's place or of both."""
    pairs = [
        (s, n)
        for s, own in enumerate(statements)
        for n, (line, other) in enumerate(zip(own.lines, own.lines[1:], strict=False))
        if line.row == other.row and other.column == line.column + 1 and line.page == other.page
    ]
    if not pairs:
        return None
    s, n = random.choice(pairs)
    own = statements[s]
    line, other = own.lines[n], own.lines[n + 1]
    text = line.amount_text.partition(".")[0] + other.amount_text
    value = parse_amount(text)
    if value is None:
        return None
    x1 = other.x1 if random.random() < 0.5 else line.x1
    merged = msgspec.structs.replace(line, amount=to_yuan(value, line.unit_text), amount_text=text, x1=x1)
    lines = [*own.lines[:n], merged, *own.lines[n + 2 :]]
    return [replace(own, lines=tuple(lines), amounts_printed=own.amounts_printed - 1) if m == s else o for m, o in enumerate(statements)]


def _line_shifted(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    """The amounts of one row stand each under the header of the next."""
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s, own in enumerate(statements):
        for n, line in enumerate(own.lines):
            rows[s, line.row].append(n)
    wide = [key for key, own in sorted(rows.items()) if len(own) > 1]
    if not wide:
        return None
    s, row = random.choice(wide)
    lines, own_lines = list(statements[s].lines), rows[s, row]
    said = [lines[n] for n in own_lines]
    for n, following in zip(own_lines, said[1:], strict=False):
        lines[n] = msgspec.structs.replace(
            lines[n], fund=following.fund, nature=following.nature, measure=following.measure, column=following.column
        )
    lines.pop(own_lines[-1])
    return [replace(own, lines=tuple(lines)) if m == s else own for m, own in enumerate(statements)]


def _columns_exchanged(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    """A header is misread: what two columns say is exchanged in a whole statement."""
    wide = [s for s, own in enumerate(statements) if len({(line.fund, line.nature, line.measure) for line in own.lines}) > 1]
    if not wide:
        return None
    s = random.choice(wide)
    one, other = random.sample(sorted({(str(x.fund), str(x.nature), x.measure, x.fund, x.nature) for x in statements[s].lines}, key=str), 2)
    swap = {(one[3], one[4], one[2]): other, (other[3], other[4], other[2]): one}
    lines = [
        msgspec.structs.replace(line, fund=to[3], nature=to[4], measure=to[2])
        if (to := swap.get((line.fund, line.nature, line.measure)))
        else line
        for line in statements[s].lines
    ]
    return [replace(own, lines=tuple(lines)) if m == s else own for m, own in enumerate(statements)]


def _code_of_another(statements: Sequence[Statement], random: Random) -> list[Statement] | None:
    """A row comes under the code of another row of its statement."""
    rows = sorted(
        {(s, line.row, str(line.code)) for s, own in enumerate(statements) for line in own.lines if line.code and line.scheme in CODED}
    )
    if len(rows) < 2:
        return None
    s, row, own_code = random.choice(rows)
    others = sorted({code for t, _, code in rows if t == s and code != own_code and len(code) == len(own_code)})
    if not others:
        return None
    other = random.choice(others)
    lines = [
        msgspec.structs.replace(line, code=other) if line.row == row and line.code == own_code else line for line in statements[s].lines
    ]
    return [replace(own, lines=tuple(lines)) if m == s else own for m, own in enumerate(statements)]


IN_CELLS: Mapping[str, GridFault] = {
    "cells: digit": _cell_digit,
    "cells: row lost": _cell_row_lost,
    "cells: two merged": _cells_merged,
    "cells: row shifted": _cells_shifted,
}
IN_LINES: Mapping[str, LineFault] = {
    "lines: digit": _line_digit,
    "lines: row lost": _line_row_lost,
    "lines: row lost, not counted": _line_row_lost_uncounted,
    "lines: two merged": _lines_merged,
    "lines: row shifted": _line_shifted,
    "lines: columns exchanged": _columns_exchanged,
    "lines: code of another row": _code_of_another,
}
KINDS = (*IN_CELLS, *IN_LINES)


def file_of(faults: Faults) -> Path:
    """Return the document that faults are planted into."""
    return faults.path


def plant(faults: Faults, desk: Desk) -> Charged:
    """Plant faults into one document, one at a time, in a worker, and return what each was charged with."""
    extracted = extract(desk.read())
    recognised = recognise(extracted, Hint())
    coded = code(extracted, recognised)
    charged = Charged()
    if extracted.content is None or recognised is None or coded is None:
        return charged
    whole = check(extracted, recognised, coded)
    accused, failed = _accusations(whole), _failed(whole)
    charged.real = len(whole.publisher_errors)
    for kind, seed in faults.planted:
        tried = (_checked(kind, Random(f"{seed} {n}"), extracted, extracted.content, recognised, coded) for n in range(_TRIES))
        checked = next((own for own in tried if own is not None), None)
        if checked is not None:
            new = _accusations(checked) - accused
            charged.outcomes.append((kind, bool(_failed(checked) - failed), tuple(new)))
    return charged


def _checked(kind: str, random: Random, extracted: Extracted, content: Content, recognised: Recognised, coded: Coded) -> Checked | None:
    if kind in IN_LINES:
        statements = IN_LINES[kind](coded.statements, random)
        return None if statements is None else check(extracted, recognised, replace(coded, statements=tuple(statements)))
    places = [(p, g) for p, page in enumerate(content.pages) for g, grid in enumerate(page.grids) if len(_amounts(grid)) > 3]
    if not places:
        return None
    p, g = random.choice(places)
    grid = IN_CELLS[kind](content.pages[p].grids[g], random)
    if grid is None:
        return None
    page = content.pages[p]
    page = replace(page, grids=(*page.grids[:g], grid, *page.grids[g + 1 :]))
    faulty = Extracted(replace(content, pages=(*content.pages[:p], page, *content.pages[p + 1 :])))
    again = recognise(faulty, Hint())
    return check(faulty, again, code(faulty, again))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--most-pages", type=int, default=60)
    parser.add_argument("--workers", type=int)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    paths = [path for path in sorted(arguments.folder.rglob("*.pdf")) if 0 < page_count(path) <= arguments.most_pages]
    random = Random(arguments.seed)
    planted: dict[Path, list[tuple[str, str]]] = defaultdict(list)
    for n in range(arguments.count):
        planted[random.choice(paths)].append((KINDS[n % len(KINDS)], f"{arguments.seed} {n}"))
    trials = [Faults(path, tuple(own)) for path, own in planted.items()]
    table: dict[str, Counter[str]] = defaultdict(Counter)
    said: list[str] = []
    real = 0
    for outcome in in_workers(plant, trials, Charged, file_of=file_of, limits=LIMITS, workers=arguments.workers):
        result: Any = outcome.result
        if result is None:
            said.append(f"{outcome.item.path.name}: {outcome.failure}")
            continue
        real += result.real
        for kind, noticed, charges in result.outcomes:
            table[kind].update(planted=1, noticed=noticed, charged=bool(charges))
            said += [f"{kind}, {outcome.item.path.name}: {charge}" for charge in charges]
    print(f"{len(trials)} documents, {real} rows of publisher_errors without any fault\n")
    print("| fault | planted | noticed | charged to the publisher |\n| --- | --: | --: | --: |")
    for kind in KINDS:
        print(f"| {kind} | {table[kind]['planted']} | {table[kind]['noticed']} | {table[kind]['charged']} |")
    total = sum(table.values(), Counter[str]())
    print(f"| all | {total['planted']} | {total['noticed']} | {total['charged']} |")
    if arguments.verbose:
        print("\n".join(["", *said]))


if __name__ == "__main__":
    main()
