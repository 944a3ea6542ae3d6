"""Names to codes where a document prints names alone: a name is resolved only together with its parents.

The same name stands at many places (行政运行 under nearly every 款). What the rows around it leave undecided stays None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations

from pipeline.budget.characters import fold
from pipeline.budget.codes.book import CodeList, code_book, exact_key
from pipeline.budget.codes.printed_codes import level_of, parents_of
from pipeline.budget.patterns import LEVEL_WORDS

_TOTAL = re.compile(r"(?:.{0,12})(?:合计|总计|小计|总额)")
_DEPTHS = {"function": 3, "department_economic": 2, "government_economic": 2}
_COMPLETE = ("department_economic", "government_economic")  # whose innermost names the book has all; of functions it grows from print
_HEAD = 2  # characters of the word at the end of a name, which says what kind of thing it is: 补贴, 缴费, 支出
_UNKNOWN = "?"
_MARK = re.compile(rf"\(([{LEVEL_WORDS}])级?\)$")
# outweighs all doubts about names: a name that the book holds, but not below this parent; a 类 that it does not hold, or the name
# of a 类 further in (their lists are complete)
_COST_OF_WRONG_PLACE = 10_000
_COST_OF_REPETITION = 1  # the code of the row above, or one of its parents, once more


def resolve_path(scheme: str, names: Sequence[str], year: int | None = None, book: CodeList | None = None) -> str | None:
    """Return the code of the last of `names`, the others being its parents, outermost first.

    A last name with its level mark （类）（款）（项） is of that level. Parents may be missing (a 项 with its 类 alone), never
    contradict: each name given must be the name, in any year, of one of the code's parents, in order. One of several
    equally good codes is never chosen.

    Args:
        scheme: `function`, `department_economic` or `government_economic`.
        names: for instance ("一般公共服务支出", "政府办公厅（室）及相关机构事务", "信访事务").
        year: fiscal year; decides between codes that bore the name at different times.
        book: the code book; the project's own by default.
    """
    book = book or code_book()
    if not names:
        return None
    mark = _MARK.search(fold(names[-1]))
    levels = [LEVEL_WORDS.index(mark[1]) + 1] if mark else range(len(names), 4)
    fitting = {
        code: cost
        for code, cost in book.candidates(scheme, names[-1], year).items()
        if level_of(code) in levels and follows(book, scheme, parents_of(code), names[:-1])
    }
    return only_cheapest(fitting)


def only_cheapest(costs: Mapping[str, int]) -> str | None:
    """Return the code of the least cost; None where there is none, or several cost as little."""
    least = min(costs.values(), default=0)
    best = [code for code, cost in costs.items() if cost == least]
    return best[0] if len(best) == 1 else None


def follows(book: CodeList, scheme: str, parents: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether `names` are names of `parents`, in order, parents being skipped where no name stands for them."""
    remaining = iter(parents)
    return all(any(book.is_named(scheme, parent, name) for parent in remaining) for name in names)


def resolve_names(
    scheme: str, rows: Sequence[tuple[float | None, str]], year: int | None = None, book: CodeList | None = None
) -> list[str | None]:
    """Return the codes of the rows of a statement that prints names only.

    The rows are read as a walk through the classification: a 款 stands below its 类, a 项 below its 款. Indentation, where given,
    says which rows are of one level; without it the levels follow from the names. A row gets a code only if every
    reading that fits the statement equally well gives it that code; a name that the book does not hold hides its children.

    Args:
        scheme: `function`, `department_economic` or `government_economic`.
        rows: indentation (points, spaces or levels: only its order counts; None where unknown) and name, in printed order.
        year: fiscal year.
        book: the code book; the project's own by default.

    Returns:
        One code or None for each row; totals are None.
    """
    book = book or code_book()
    depth = _DEPTHS[scheme]
    body = [index for index, (_, name) in enumerate(rows) if not _is_total(name)]
    indents = sorted({indent for index in body if (indent := rows[index][0]) is not None})
    readings: list[tuple[int, list[str | None]]] = []
    for levels in combinations(range(1, depth + 1), len(indents)):
        of_indent: dict[float | None, int | None] = dict(zip(indents, levels, strict=True))
        walk = [(of_indent.get(rows[index][0]), rows[index][1]) for index in body]
        readings.append(_best_paths(scheme, walk, year, book, depth))
    if not readings or min(cost for cost, _ in readings) >= _COST_OF_WRONG_PLACE:
        # More indentations than levels, or such as no reading of the names allows (centred names): they may say nothing.
        plain = _best_paths(scheme, [(None, rows[index][1]) for index in body], year, book, depth)
        if not readings or (None not in plain[1] and all(plain[0] + _COST_OF_WRONG_PLACE <= cost for cost, _ in readings)):
            readings = [plain]
    cheapest = min(cost for cost, _ in readings)
    codes: list[str | None] = [None] * len(rows)
    for place, index in enumerate(body):
        found = {reading[place] for cost, reading in readings if cost == cheapest}
        codes[index] = found.pop() if len(found) == 1 else None
    if len(indents) < 2 and not any(codes):
        for index, code in zip(body, _without_parents(scheme, [rows[index][1] for index in body], year, book, depth), strict=True):
            codes[index] = code
    if scheme in _COMPLETE:
        for index in _beside_parts_of_its_own(scheme, rows, body, codes, book, depth):
            codes[index] = None
    return codes


def _beside_parts_of_its_own(
    scheme: str,
    rows: Sequence[tuple[float | None, str]],
    body: Sequence[int],
    codes: Sequence[str | None],
    book: CodeList,
    depth: int,
) -> list[int]:
    """Return the rows whose code a row beside them leaves open: a kind of the same thing that the classification does not have.

    改革性补贴 beside 津贴补贴: publishers divide an innermost code by numbers of their own and print its parts without their sum. A part
    may bear the name of the whole.
    """
    unknown = {index for index in body if not codes[index] and not book.candidates(scheme, rows[index][1])}
    open_rows = []
    for step in (1, -1):
        order = body[::step]
        for place, index in enumerate(order):
            code, (indent, name) = codes[index], rows[index]
            if code is None or level_of(code) < depth:
                continue
            for other in order[place + 1 :]:
                if other not in unknown or rows[other][0] != indent or not _same_kind(name, rows[other][1]):
                    break
                open_rows.append(index)
    return open_rows


def _same_kind(one: str, other: str) -> bool:
    heads = [exact_key(name)[-_HEAD:] for name in (one, other)]
    return heads[0] == heads[1]


def _without_parents(scheme: str, names: Sequence[str], year: int | None, book: CodeList, depth: int) -> list[str | None]:
    """Return the codes of a list that prints the innermost level alone (项, or economic 款), without the rows above them.

    A name that only one code bears is that code. One of several (行政运行) is the one whose parent the list's other names have, where
    that is a single one and every name of the list is known: an unknown name might be a heading. A list with a heading is none such.
    """
    candidates = [book.candidates(scheme, name, year) for name in names]
    inner = [{code: cost for code, cost in found.items() if level_of(code) == depth} for found in candidates]
    for place, found in enumerate(candidates):
        below = inner[place + 1] if place + 1 < len(inner) else {}
        heads = any(code.startswith(head) for head in found for code in below)
        if found and not inner[place] and (heads or all(level_of(code) == 1 for code in found)):
            return [None] * len(names)
    codes = [only_cheapest(own or found) for own, found in zip(inner, candidates, strict=True)]
    if all(candidates):
        parents = {code[:-2] for code in codes if code}
        for place, own in enumerate(inner):
            if codes[place] is None:
                codes[place] = only_cheapest({code: cost for code, cost in own.items() if code[:-2] in parents})
    return codes


@cache
def _is_total(name: str) -> bool:
    return _TOTAL.fullmatch(fold(name)) is not None or not exact_key(name)


def _best_paths(
    scheme: str, rows: Sequence[tuple[int | None, str]], year: int | None, book: CodeList, depth: int
) -> tuple[int, list[str | None]]:
    """Return the cost of the best walks through `rows` and, for each row, the code that all of these share.

    A walk's state is the code of the last row, with `?` for digits that are unknown (`201??` is an unknown 款 of 201).
    Forward and backward least costs together tell which codes of a row lie on a best walk.
    """
    layers: list[dict[str, int]] = [{"": 0}]
    steps: list[dict[tuple[str, str], int]] = []
    for level, name in rows:
        candidates = book.candidates(scheme, name, year)
        named = [(code, level_of(code), cost) for code, cost in candidates.items()]
        heads = bool(named) and all(own == 1 for _, own, _ in named)
        fitting = [(code, own, cost) for code, own, cost in named if level in (None, own)]
        step: dict[tuple[str, str], int] = {}
        layer: dict[str, int] = {}
        for state, spent in layers[-1].items():
            for code, cost in _next_codes(state, level, fitting, depth, known=bool(named), heads=heads):
                step[state, code] = cost
                if (total := spent + cost) <= layer.get(code, total):
                    layer[code] = total
        steps.append(step)
        layers.append(layer)
    best = min(layers[-1].values(), default=0)
    backward = dict.fromkeys(layers[-1], 0)
    found: list[str | None] = []
    for place in range(len(rows) - 1, -1, -1):
        codes = {code for code, rest in backward.items() if layers[place + 1][code] + rest == best}
        code = codes.pop() if len(codes) == 1 else _UNKNOWN
        found.append(None if _UNKNOWN in code else code)
        earlier: dict[str, int] = {}
        for (state, code), cost in steps[place].items():
            if code in backward and (total := cost + backward[code]) <= earlier.get(state, total):
                earlier[state] = total
        backward = earlier
    return best, found[::-1]


def _next_codes(
    state: str, level: int | None, fitting: Sequence[tuple[str, int, int]], depth: int, *, known: bool, heads: bool
) -> list[tuple[str, int]]:
    """Return the codes that the next row may have after `state`, each with its cost.

    Args:
        state: the code of the row before it.
        level: of the row; None where its indentation does not tell.
        fitting: codes that bear its name on that level, with their own level and cost.
        depth: of the classification.
        known: whether any code bears its name.
        heads: whether all these are classes.
    """
    moves: list[tuple[str, int]] = []
    placed: set[int] = set()
    for code, own, cost in fitting:
        if own == 1 or state.startswith(code[:-2]):
            moves.append((code, cost + (_COST_OF_REPETITION if state.startswith(code) else 0)))
            placed.add(own)
    # the row may also be something that the book does not hold, on any level that the row above allows
    for own in range(1, depth + 1):
        length = 3 + 2 * (own - 1)
        if level not in (None, own) or own in placed or (own > 1 and len(state) < length - 2):
            continue
        parent = state[: length - 2] if own > 1 else ""
        hidden = _UNKNOWN in parent
        misplaced = own == 1 or heads or (known and not hidden)
        moves.append((parent + (_UNKNOWN * 3 if own == 1 else _UNKNOWN * 2), _COST_OF_WRONG_PLACE if misplaced else 0))
    if not moves:  # a level is skipped in print: the parents are unknown
        moves.append((_UNKNOWN * (3 + 2 * ((level or depth) - 1)), _COST_OF_WRONG_PLACE))
    return moves
