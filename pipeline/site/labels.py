"""What values and texts of the dataset are called on the site, in Chinese and English, taken from the declarations of `schemas`.

Belongs here: which lists of values the site names. The names themselves are declared with the columns; those of the page itself
(headings, buttons) are the front end's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas import columns as c
from schemas import marts as m
from schemas.check_catalogue import CAUSES, CHECK_RULES
from schemas.details import detail_in_chinese, subject_in_chinese
from schemas.dictionary import in_chinese
from schemas.tables import FINDINGS

_HAN = re.compile(r"[\u3400-\u9fff]")
_TAIL = re.compile(r"[,;，；：:] *[\u3400-\u9fff].*$")

Labels = dict[str, dict[str, tuple[str] | tuple[str, str]]]
"""Per list of values, for each value its Chinese and its English; the Chinese alone where the English is the value itself, in words."""


def labels() -> Labels:
    """Return the names of all values that the site shows."""
    lists: dict[str, Mapping[str, str]] = {
        "statement": c.CHECKED_STATEMENT.values,
        "scheme": c.SCHEMES,
        "flow": c.FLOWS,
        "fund": c.FUNDS,
        "nature": c.NATURE.values,
        "measure": c.MEASURES,
        "level": c.DOCUMENT_LEVEL.values,
        "kind": c.DOCUMENT_KIND.values,
        "status": c.STATUS.values,
        "grade": c.GRADE.values,
        "indicator": c.FIGURE.values,
        "indicator_unit": c.VALUE_UNIT.values,
        "basis": c.CHANGE_BASIS.values,
        "source": c.SOURCE.values,
        "total_source": m.SOURCES,
        "outcome": m.OUTCOMES,
        "figure": {**m.SCOPE.values, **m.FIGURE.values},
        "standing": m.STANDING.values,
        "check_outcome": c.OUTCOME.values,
        "severity": c.SEVERITY.values,
        "cause": {str(cause): text for cause, text in CAUSES.items()},
        "finding": next(field.column for field in FINDINGS.fields if field.name == "finding").values,
        "column_evidence": c.COLUMN_EVIDENCE.values,
        "amount_evidence": c.AMOUNT_EVIDENCE.values,
        "attribute": c.ATTRIBUTE.values,
        "place": c.PLACE.values,
    }
    named: Labels = {name: {value: _named(text) for value, text in values.items()} for name, values in lists.items()}
    named["check"] = {rule.id: (rule.chinese, rule.english) for rule in CHECK_RULES}
    return named


def detail_in_both(text: str | None) -> tuple[str, str] | None:
    """Return a text of `detail` or `reason` in Chinese, as far as its words are known, and as it is published; None where there is none."""
    return (detail_in_chinese(text) or text, text) if text else None


def subject_in_both(text: str) -> tuple[str, str]:
    """Return what a check or finding is about in Chinese, and as it is published."""
    return subject_in_chinese(text), text


def _named(text: str) -> tuple[str] | tuple[str, str]:
    """Return the Chinese and the English of a meaning.

    Of one in Chinese alone the English is the value itself, in words. The front end knows that: 6 kB less of a first load.
    """
    chinese, plain = in_chinese(text), _TAIL.sub("", text)
    return (chinese,) if _HAN.search(plain) else (chinese, plain)
