"""The words by which links to disclosures are known: `link_words.csv`, reviewed data.

Belongs here: what a phrase of a link, a title or the name of a block says. Does not belong here: what is done with it
(`pipeline.fetch.finding`).
"""

from __future__ import annotations

import re
from functools import cache

from schemas.vocabulary.phrases import WordPattern, any_of, phrases

_WORDS = "link_words.csv"
_NAME_PARTS = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


def _either(*attributes: str) -> WordPattern:
    return WordPattern(lambda: any_of(_WORDS, *attributes))


DISCLOSURE = _either("disclosure")
"""Says that something is disclosed by a department or a unit: its budget, its final account."""

BUDGET_WORD = _either("disclosure", "budget_word")
"""Speaks of budgets or final accounts, whoever's."""

SAYS_BUDGET = _either("says_budget")
SAYS_FINAL_ACCOUNT = _either("says_final_account")

NO_OFFICE = WordPattern(lambda: rf"{any_of(_WORDS, 'no_office')}$")

WHOLE_GOVERNMENT = _either("whole_government")
"""Speaks of the budget of a whole government."""

EXPLANATION = _either("explanation")
RULES = _either("rules")
OTHER_MATTER = _either("other_matter")
"""Speaks of what is around budgets: audits, evaluations, tenders."""

ERROR_PAGE = _either("error_page")
"""What a page says that stands for another that cannot be had."""

PLACEHOLDER = _either("placeholder")
"""What a page shows until its scripts have fetched its content."""

CORRECTION = _either("correction")
"""Says that what it stands in replaces something published before."""

DATE_LABEL = _either("date_label")
OFFICE_LABEL = _either("office_label")


@cache
def before_budget() -> str:
    """Return a pattern of what stands, beside a year, between the name of an office and 预算; it captures nothing."""
    return any_of(_WORDS, "before_budget")


@cache
def sections() -> frozenset[str]:
    """Return the names (folded) of sections of a site that list what offices disclose."""
    return frozenset(phrases(_WORDS, "section"))


@cache
def directories() -> frozenset[str]:
    """Return the names (folded) of sections of a site below which all of its lists are."""
    return frozenset(phrases(_WORDS, "directory"))


@cache
def next_page_words() -> frozenset[str]:
    """Return the texts (folded, lower case) of links to the next page of a list."""
    return frozenset(phrases(_WORDS, "next_page"))


@cache
def more_words() -> frozenset[str]:
    """Return the texts (folded, lower case) of links to the list that the rows above or below them are the beginning of."""
    return frozenset(phrases(_WORDS, "more"))


ATTACHMENT = WordPattern(lambda: rf"(?:{any_of(_WORDS, 'attachment')})[\d一二三四五六七八九十]{{0,3}}[:.、]?")
"""The text of a link that says no more than that something is attached, or can be had here."""


def block_of(name: str) -> str | None:
    """Return what the class or id of an element says of it: `furniture` (the same on every page of a site), `body`, or None."""
    parts = _NAME_PARTS.findall(name.lower())
    if any(part in _exact("furniture") or part.startswith(_ends()) or part.endswith(_ends()) for part in parts):
        return "furniture"
    return "body" if any(part in _exact("body") for part in parts) else None


@cache
def _exact(attribute: str) -> frozenset[str]:
    return frozenset(phrases(_WORDS, attribute))


@cache
def _ends() -> tuple[str, ...]:
    return phrases(_WORDS, "furniture_part")
