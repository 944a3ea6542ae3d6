"""Whether what is said of one change agrees: the same comparison again, its amount with its percentage, with the word 持平, with another.

Belongs here: changes that are known. Does not belong here: to which amounts a change belongs (`comparisons.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.narrative.claims.context import SentenceContext
from pipeline.narrative.claims.facts import Change
from pipeline.narrative.claims.ledger import may_be_equal
from pipeline.narrative.text.clauses import ChangePhrase, read_change
from pipeline.narrative.text.subject_bounds import core_words
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_FIRST_CLAUSE = re.compile(r"[,:]?(?P<words>[^,;。:]+)")
_NEARLY = WordPattern(lambda: either("nearly"))
_NEARLY_FLAT = Decimal(5)  # percent: 基本持平 is said of changes of a few percent, of none beyond


def repeats(changes: Sequence[Change], changed: ChangePhrase, year: int | None) -> bool:
    """Tell whether a comparison is the one that the sentence has begun, named once more, with what it has not stated yet."""
    if changed.basis is None or not changed.sign or changed.subject or changed.base is not None:
        return False
    if changed.year is not None and year is not None and changed.year != year - 1:
        return False
    return all(
        c.sign == changed.sign
        and not c.flat
        and changed.basis in (c.basis, "prior_year")
        and ((c.amount is None) != (changed.amount is None))
        and ((c.percent is None) != (changed.percent is None))
        for c in changes
    )


def contradicts(known: Change, basis: str, changed: ChangePhrase | Change) -> bool:
    """Tell whether a change on the same basis has been stated with another amount."""
    if known.basis != basis or known.amount is None or changed.amount is None:
        return False
    return (known.sign != changed.sign and known.amount.value != 0) or not may_be_equal(known.amount, changed.amount)


def say_flat(changes: Sequence[Change]) -> str | None:
    """Let changes be called flat, unless they state that much has changed: then the words are of something else."""
    if not all(map(_may_be_flat, changes)):
        return "said to be unchanged beside a change of it"
    for change in changes:
        change.flat = True
    return None


def call_flat(changes: Sequence[Change], reason: str, year: int | None) -> None:
    """Let changes be flat of which the reason begins by saying so (`增加0万元，主要原因是与上年持平`), where they may be.

    Args:
        changes: that the reason explains.
        reason: its words, folded.
        year: of the document; None if unknown.
    """
    first = _FIRST_CLAUSE.match(reason)
    changed = read_change(first["words"]) if first else None
    if first is None or changed is None or changed.sign != 0 or changed.end != len(first["words"]) or changed.subject:
        return
    if core_words(changed.base_words) or (changed.year is not None and year is not None and changed.year != year - 1):
        return  # 人员与上年人数持平 is of other things
    for change in filter(_may_be_flat, changes):
        # with a change that is stated, 持平 is of something else: of 上年决算数, of standards
        if _is_zero(change) or (_NEARLY.search(first["words"]) and changed.basis in (None, "prior_year", change.basis)):
            change.flat = True


def _may_be_flat(change: Change) -> bool:
    """Tell whether 持平 may be said of a change: it states none, or one of a few percent."""
    if change.percent is not None:
        return change.percent.value <= _NEARLY_FLAT
    if change.amount is None or change.target is None:
        return change.amount is None or not change.amount.value
    return change.amount.yuan * 100 <= change.target.number.yuan * _NEARLY_FLAT


def complete(said: SentenceContext, changes: list[Change], changed: ChangePhrase) -> str | None:
    """Add the percentage (or the word 持平) to the changes that the sentence has begun."""
    if changed.sign == 0:
        return say_flat(changes)
    refused = None
    for change in changes:
        if change.sign not in (0, changed.sign) and not _is_zero(change):
            refused = "a change that contradicts itself"
        elif changed.percent is not None and change.percent is None:
            change.percent, change.sign = changed.percent, changed.sign or 0
            change.target = said.by_percent(change, changed.percent)
        elif changed.amount is not None and change.amount is None:
            change.amount, change.sign = changed.amount, changed.sign or 0
    return refused


def _is_zero(change: Change) -> bool:
    return any(n is not None and n.value == 0 for n in (change.amount, change.percent))
