"""The phrases of budget prose, as reviewed data: headings, subjects of amounts, words of change.

Four lists: `narrative_sections.csv` (what a heading says the section is about), `narrative_statements.csv` (the statement
that an amount of such a section belongs to), `narrative_subjects.csv` (what an amount is the amount of, as patterns over the
subject's core, that is without year, owner and the filler words) and `narrative_words.csv` (fillers, links, and the words that
introduce usage, reasons and changes). All in folded form.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from schemas.vocabulary import phrase_rows
from schemas.vocabulary.phrases import any_of, meanings, phrases

_WORDS = "narrative_words.csv"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a phrase says an amount is the amount of.

    Attributes:
        kind: `total`, `current` (of this year alone), `fund`, `nature`, `three_public` or `figure`.
        flow: `revenue`, `expenditure`, `both`, or empty where the sentence decides.
        fund, nature: empty where the section decides.
        code: code of the 三公 scheme, or the indicator of a key figure.
    """

    kind: str
    flow: str
    fund: str
    nature: str
    code: str


@dataclass(frozen=True, slots=True)
class StatedIn:
    """A row of `narrative_statements.csv`: amounts of which all that it asks for holds belong to this statement.

    Attributes:
        statement: its id; None where the statement cannot be told.
        fund: that the section is limited to; None: any or none.
        names_fund: whether the amount's own phrase must name a fund.
        flow: of the amount; None: either.
        aspects: of the section, `unsaid` among them; empty: any.
        within_both: whether a section on revenue and expenditure must enclose this one.
        economic: whether the amount's row must be an economic code.
        levels: of the amount's row; empty: any.
    """

    statement: str | None
    fund: str | None = None
    names_fund: bool = False
    flow: str | None = None
    aspects: frozenset[str] = frozenset()
    within_both: bool = False
    economic: bool = False
    levels: frozenset[int] = frozenset()


@cache
def stated_in() -> tuple[StatedIn, ...]:
    """Return the rows that say which statement an amount of the narrative belongs to; the first that fits counts."""
    return tuple(
        StatedIn(
            r["statement"] or None,
            r["fund"] or None,
            r["names_fund"] == "yes",
            r["flow"] or None,
            frozenset(r["aspect"].split("|")) - {""},
            r["within_both"] == "yes",
            r["scheme"] == "economic",
            frozenset(int(level) for level in r["level"].split("|") if level),
        )
        for r in phrase_rows("narrative_statements.csv")
    )


@cache
def section_phrases() -> tuple[tuple[str, str, str], ...]:
    """Return (phrase, attribute, value) of headings, longest phrase first."""
    rows = [(r["phrase"], r["attribute"], r["value"]) for r in phrase_rows("narrative_sections.csv")]
    return tuple(sorted(rows, key=lambda r: -len(r[0])))


@cache
def _subjects() -> tuple[tuple[re.Pattern[str], Subject], ...]:
    return tuple(
        (re.compile(r["pattern"]), Subject(r["kind"], r["flow"], r["fund"], r["nature"], r["code"]))
        for r in phrase_rows("narrative_subjects.csv")
    )


@cache
def _any_subject() -> re.Pattern[str]:
    """Return a pattern that fits what some subject does: most words are no subject, and one question tells."""
    return re.compile("|".join(f"(?:{r['pattern']})" for r in phrase_rows("narrative_subjects.csv")))


def subject_patterns(kinds: Collection[str]) -> tuple[str, ...]:
    """Return the patterns of the subjects of some kinds."""
    return tuple(r["pattern"] for r in phrase_rows("narrative_subjects.csv") if r["kind"] in kinds)


def is_open(pattern: str) -> bool:
    """Tell whether a pattern of a subject matches characters that it does not name."""
    return "[" in pattern


@cache
def _foreign() -> re.Pattern[str]:
    """Return a pattern of what no subject has, but those of an open pattern."""
    known = {character for r in phrase_rows("narrative_subjects.csv") if not is_open(r["pattern"]) for character in r["pattern"]}
    return re.compile(f"[^{re.escape(''.join(sorted(known)))}]")


@cache
def _any_open_subject() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{r['pattern']})" for r in phrase_rows("narrative_subjects.csv") if is_open(r["pattern"])))


@cache
def read_subject(core: str) -> Subject | None:
    """Return what the folded core of a subject means, or None where no phrase is known; the first row that fits counts."""
    possible = _any_subject() if _foreign().search(core) is None else _any_open_subject()
    if possible.fullmatch(core) is None:
        return None
    return next(subject for pattern, subject in _subjects() if pattern.fullmatch(core))


def words(attribute: str) -> tuple[str, ...]:
    """Return the words of one attribute of `narrative_words.csv`, longest first; docs/vocabulary.md says what each attribute means."""
    return phrases(_WORDS, attribute)


def word_value(attribute: str, phrase: str) -> str:
    """Return the value of a word of one attribute (for a basis: the contract's name of it)."""
    return meanings(_WORDS, attribute)[phrase]


def either(*attributes: str) -> str:
    """Return a pattern that matches any word of the attributes, longest first; it captures nothing."""
    return any_of(_WORDS, *attributes)
