"""Repair by proof: a misread number is mended where exactly one value that its glyphs allow makes all its identities hold.

Belongs here: when a number may be changed, and to what. A number that the page prints as it was read is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.accounting.evaluate import Tried
from pipeline.accounting.identities import try_identities
from pipeline.budget.amounts import parse_amount, split_unit, to_yuan
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.checks.attribution import Cause, Printed, attribute, same_print

_SEPARATOR = re.compile(r"[.,]")


@dataclass(frozen=True, slots=True)
class Repair:
    """An amount mended.

    Attributes:
        line: index of the line.
        before: the amount as read, in yuan.
        glyphs: what the page prints there.
        proof: the identities that failed before and hold now.
    """

    line: int
    before: Decimal
    glyphs: str
    proof: tuple[Tried, ...]


def judge(
    lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]], incomplete: Collection[int], printed: Printed
) -> tuple[list[Tried], list[Cause], list[Repair]]:
    """Try all identities of one document, explain the failures, and mend what was provably misread.

    Args:
        lines: of the document; `proofs` and `contradictions` are set, and `amount` and `amount_evidence` of mended lines.
        statements: (number, kind, title) of the recognised statements, empty ones too.
        incomplete: numbers of statements of which some amount was not captured.
        printed: what the page prints at a line's place.

    Returns:
        What was tried after the repairs, the causes of what still fails, and the repairs.
    """
    tried = try_identities(lines, statements, incomplete)
    causes = attribute(tried, lines, incomplete, printed)
    mended = [repair for cause in causes if cause.kind == "misread_cell" for repair in _mend(cause, tried, lines, printed)]
    if mended:
        tried = try_identities(lines, statements, incomplete)
        causes = attribute(tried, lines, incomplete, printed)
    return tried, causes, mended


def reachable(read: str, glyphs: str, unit: str) -> set[Decimal]:
    """Return the amounts, in yuan, that a misread number may be.

    The number that the page prints at its place, as it stands or with one separator taken for another (`,` for `.`); and the
    number read with the digits that the page prints beside it (a split number). The number as it was read is none of them.

    Args:
        read: the number as read.
        glyphs: what the page prints at its place.
        unit: 元 or 万元.
    """
    read, _ = split_unit(read)
    texts = {glyphs, *_other_separators(fold(glyphs))}
    if read in fold(glyphs):  # a part of a split number was read
        texts |= set(_other_separators(read))
    values = {value for text in texts if (value := parse_amount(text)) is not None}
    return {to_yuan(value, unit) for value in values} - {to_yuan(value, unit) for value in [parse_amount(read)] if value is not None}


def _other_separators(text: str) -> Iterator[str]:
    for match in _SEPARATOR.finditer(text):
        at = match.start()
        yield text[:at] + (".,"[text[at] == "."]) + text[at + 1 :]
        yield text[:at] + text[at + 1 :]


def _mend(cause: Cause, tried: Sequence[Tried], lines: Sequence[Line], printed: Printed) -> Iterator[Repair]:
    glyphs = printed([lines[i] for i in cause.cells])
    for i, text in zip(cause.cells, glyphs, strict=True):
        line = lines[i]
        if not text or same_print(text, line.amount_text) or line.amount_evidence == "repaired":
            continue
        own = [t for t in tried if any(i in part for side in t.equation.sides() for part in side) and t.severity == "error"]
        failed = tuple(t for t in own if t.outcome == "fail")
        proven = [value for value in reachable(line.amount_text, text, line.unit_text) if all(t.holds_with(lines, {i: value}) for t in own)]
        if failed and len(proven) == 1:
            before = line.amount
            line.amount, line.amount_evidence = proven[0], "repaired"
            yield Repair(i, before, text, failed)
