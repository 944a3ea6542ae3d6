"""Quotations from sentences, for the readers of findings: they begin and end where a clause does, and never inside a number.

Belongs here: where a quotation may be cut. Does not belong here: what is quoted.
"""

from __future__ import annotations

import re

_WORDS_BEFORE = 24  # characters before a number that say what it is, for a reader of the finding
_FARTHEST = 80  # characters back to the start of a longer clause
_STOPS = frozenset(",，;；。")
_OF_NUMBER = re.compile(r"[\d.,，．]")
_UNITS = frozenset("万亿千元%％")
_SCALES, _YUAN = frozenset("万亿千"), "元"
_CUT = "…"


def begin_of_quotation(text: str, start: int) -> int:
    """Return where a quotation begins that says what the number at `start` is: at the clauses of its sentence just before it.

    Args:
        text: that it stands in, folded or as printed.
        start: offset of its first digit.
    """
    stops = [at + 1 for at in range(max(0, start - _FARTHEST), start) if _is_stop(text, at)]
    if start <= _WORDS_BEFORE:
        stops.insert(0, 0)
    near = [at for at in stops if start - _WORDS_BEFORE <= at < start]
    if near:
        return next((at for at in reversed(near) if text[at - 1 : at] == "。"), near[0])
    if stops and stops[-1] < start:
        return stops[-1]
    begin = 0 if start <= _FARTHEST else start - _FARTHEST
    while 0 < begin < start and _parts_number(text, begin):
        begin += 1
    return begin


def begin_of_clause(text: str, at: int) -> int:
    """Return where the clause begins that holds what stands at `at`, with the words before a colon."""
    return next((stop + 1 for stop in range(at - 1, -1, -1) if _is_stop(text, stop)), 0)


def shortened(text: str, longest: int) -> str:
    """Return a text with so many characters at most: cut at the end of a clause, else between words and numbers, with a mark.

    Args:
        text: as printed.
        longest: characters, the mark among them.
    """
    if len(text) <= longest:
        return text
    end = longest - len(_CUT)
    stop = next((at for at in range(end, end // 2, -1) if _is_stop(text, at)), None)
    if stop is not None:
        return text[:stop] + _CUT
    while end > 1 and _parts_number(text, end):
        end -= 1
    return text[:end] + _CUT


def _is_stop(text: str, at: int) -> bool:
    """Tell whether a mark ends a clause there, and does not part thousands."""
    between_digits = text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
    return text[at] in _STOPS and not between_digits


def _parts_number(text: str, at: int) -> bool:
    """Tell whether a cut before `at` goes through a number, or parts it from its unit."""
    if text[at - 1 : at] in _SCALES and text[at] == _YUAN:
        return True
    return _OF_NUMBER.match(text[at - 1 : at]) is not None and (text[at] in _UNITS or _OF_NUMBER.match(text[at]) is not None)
