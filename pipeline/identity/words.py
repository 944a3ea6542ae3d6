"""The words of `identity_words.csv` in the plain form that lines are matched in here: full-width brackets and colons, curly quotes.

Belongs here: turning rows into phrases and patterns. Does not belong here: what a phrase claims (`claims.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schemas.vocabulary.phrases import any_of, meanings

_LIST = "identity_words.csv"
_WIDE = str.maketrans("():", "（）：")
_COLON = re.compile(r"(?<![?]):")  # of a phrase, not of a group of the pattern
_QUOTED = re.compile(r'"([^"]*)"')


def _plain(folded: str) -> str:
    return _QUOTED.sub(r"“\1”", folded.translate(_WIDE))


@cache
def words_of(attribute: str) -> Mapping[str, str]:
    """Return phrase → value of one attribute."""
    return {_plain(phrase): value for phrase, value in meanings(_LIST, attribute).items()}


@cache
def naming(attribute: str, value: str) -> tuple[str, ...]:
    """Return the phrases of one attribute that have a value."""
    return tuple(phrase for phrase, known in words_of(attribute).items() if known == value)


@cache
def any_word(*attributes: str) -> str:
    """Return a pattern that finds any phrase of the attributes, whatever must not stand beside it: for a first look at a line.

    Each branch begins with a character of its own, so that it is found in a third of the time of `either`.
    """
    return "|".join(re.escape(phrase).replace("/", "[/／]") for attribute in attributes for phrase in words_of(attribute))


@cache
def either(*attributes: str) -> str:
    """Return a pattern that matches any phrase of the attributes; a stroke may be wide or narrow. It captures nothing."""
    pattern = any_of(_LIST, *attributes).replace(r"\(", "（").replace(r"\)", "）").replace("/", "[/／]")
    return _QUOTED.sub(r"“\1”", _COLON.sub("：", pattern))
