"""Repair by proof: a misread number is mended where exactly one value that its glyphs allow makes all its identities hold.

Belongs here: when a number may be changed, and to what. A number that the page prints as it was read is never changed; one that was
recognised in a picture is changed to another reading of that picture only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from pipeline.accounting.evaluate import Excuse, IdentityResult
from pipeline.accounting.identities import evaluate_identities, with_support
from pipeline.accounting.statement_set import Announced
from pipeline.budget.amounts import parse_amount, split_unit, to_yuan
from pipeline.budget.characters import fold
from pipeline.budget.line import Line, LineId, by_id
from pipeline.checks.attribution import Cause, PrintedAt, explain_failures
from pipeline.checks.of_pages.clean_tables import Doubt, no_doubt
from pipeline.checks.of_pages.printed_numbers import are_same_glyphs
from schemas.check_catalogue import CauseKind

_SEPARATOR = re.compile(r"[.,]")


@dataclass(frozen=True, slots=True)
class Repair:
    """An amount mended.

    Attributes:
        line: which line.
        after: the amount that its identities prove.
        before: the amount as read, in yuan.
        glyphs: what the page prints there, or another reading of its picture.
        proof: the identities that failed before and hold now.
        pictured: whether it was recognised in a picture.
    """

    line: LineId
    after: Decimal
    before: Decimal
    glyphs: str
    proof: tuple[IdentityResult, ...]
    pictured: bool = False


OtherReadings = Callable[[Line], Sequence[str]]
"""Gives what a line's number may be else, where it was recognised in a picture."""


def no_others(_: Line) -> tuple[str, ...]:
    """Return no other reading."""
    return ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the identities say of a document.

    Attributes:
        lines: in the order given, with `proofs` and `contradictions`; those mended have another `amount` and `amount_evidence`.
        tried: what was tried on them.
        causes: of what fails.
        repairs: what was mended.
    """

    lines: tuple[Line, ...]
    tried: tuple[IdentityResult, ...]
    causes: tuple[Cause, ...]
    repairs: tuple[Repair, ...]


def evaluate_and_repair(
    lines: Sequence[Line],
    statements: Announced,
    incomplete: Collection[int],
    printed: PrintedAt,
    doubt: Doubt = no_doubt,
    others: OtherReadings = no_others,
) -> Judgement:
    """Try all identities of one document, explain the failures, and mend what was provably misread.

    Args:
        lines: of the document.
        statements: (number, kind, title) of the recognised statements, empty ones too.
        incomplete: numbers of statements of which some amount was not captured.
        printed: what the page prints at a line's place.
        doubt: what speaks against the reading of a statement: nobody is blamed for what it prints then.
        others: what a number of a picture may be else.
    """
    tried = evaluate_identities(lines, statements, incomplete)
    causes = explain_failures(tried, lines, incomplete, printed, doubt)
    known = by_id(lines)
    repairs: dict[LineId, Repair] = {}
    for cause in causes:
        for repair in _repairs(cause, tried, known, printed) if cause.kind is CauseKind.MISREAD_CELL else ():
            repairs[repair.line] = repair
            known[repair.line] = _mended(known[repair.line], repair)  # what is proven stands for the repairs that follow
    for repair in _other_readings(tried, known, others):
        repairs[repair.line] = repair
        known[repair.line] = _mended(known[repair.line], repair)
    if repairs:
        given, lines = lines, _with(repairs, lines)
        tried = evaluate_identities(lines, statements, incomplete)
        inexact = {i for t in tried if t.excuse is Excuse.ROUNDING for i in t.equation.members()} & repairs.keys()
        if inexact:  # where all sums are exact, a near one proves nothing
            repairs = {i: repair for i, repair in repairs.items() if i not in inexact}
            lines = _with(repairs, given)
            tried = evaluate_identities(lines, statements, incomplete)
        causes = explain_failures(tried, lines, incomplete, printed, doubt)
    tried = _excused(tried, causes)
    return Judgement(tuple(with_support(lines, tried)), tuple(tried), tuple(causes), tuple(repairs.values()))


def _excused(tried: Sequence[IdentityResult], causes: Iterable[Cause]) -> list[IdentityResult]:
    """Return what was tried, with the failures excused of which the page has shown that they accuse nobody."""
    excused = {t.equation: t for cause in causes if cause.kind is CauseKind.ROUNDING for t in cause.broken}
    return [excused.get(t.equation, t) for t in tried]


def _with(repairs: Mapping[LineId, Repair], lines: Sequence[Line]) -> list[Line]:
    return [_mended(line, repairs[line.id]) if line.id in repairs else line for line in lines]


def _mended(line: Line, repair: Repair) -> Line:
    return replace(line, amount=repair.after, amount_evidence="repaired")


def possible_amounts(read: str, glyphs: str, unit: str) -> set[Decimal]:
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


def _repairs(cause: Cause, tried: Iterable[IdentityResult], lines: Mapping[LineId, Line], printed: PrintedAt) -> Iterator[Repair]:
    glyphs = printed([lines[i] for i in cause.cells])
    for i, text in zip(cause.cells, glyphs, strict=True):
        line = lines[i]
        if not text or are_same_glyphs(text, line.amount_text) or line.amount_evidence == "repaired":
            continue
        own = [t for t in tried if t.severity == "error" and i in t.equation.members()]
        failed = tuple(t for t in own if t.outcome == "fail")
        proven = [
            value for value in possible_amounts(line.amount_text, text, line.unit_text) if all(t.holds_with(lines, {i: value}) for t in own)
        ]
        if failed and len(proven) == 1:
            yield Repair(i, proven[0], line.amount, text, failed)


def _other_readings(tried: Sequence[IdentityResult], lines: Mapping[LineId, Line], others: OtherReadings) -> Iterator[Repair]:
    """Yield a repair for each identity that fails and for which exactly one other reading of one of its numbers makes up.

    That reading must make all identities of its number hold. `lines` is read anew each time: what is proven stands.
    """
    errors = [t for t in tried if t.severity == "error"]
    for failure in errors:
        if failure.outcome != "fail" or failure.holds_with(lines, {}):
            continue
        found: dict[tuple[LineId, Decimal], str] = {}
        for i in set(failure.equation.members()):
            line = lines[i]
            for text in others(line) if line.amount_evidence != "repaired" else ():
                value = parse_amount(text)
                if value is None or (amount := to_yuan(value, line.unit_text)) == line.amount:
                    continue
                if all(t.holds_with(lines, {i: amount}) for t in errors if i in t.equation.members()):
                    found.setdefault((i, amount), text)
        if len(found) == 1:
            ((i, amount), text), *_ = found.items()
            proof = tuple(t for t in errors if t.outcome == "fail" and i in t.equation.members())
            yield Repair(i, amount, lines[i].amount, text, proof, pictured=True)
