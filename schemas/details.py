"""What the dataset says of checks, findings and reasons, in Chinese: the columns `detail` and `reason` of its tables.

They are published in English, with numbers, names and values of the dataset in them. `chinese_details.csv` has a row for each such text as
the code makes it, narrower ones above wider ones; `inside` marks those that stand in another only.

Belongs here: looking these texts up. Where they are said is in `pipeline`; texts of the data dictionary are in `dictionary.py`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from schemas import columns as c
from schemas.dictionary import in_chinese
from schemas.message_templates import Templates

_LATIN = re.compile("[A-Za-z]{2}")
_CLAUSES, _LIST, _END = "; ", ", ", "."
_NAMED = (c.CHECKED_STATEMENT.values, c.MEASURES, c.FUNDS, c.NATURE.values, c.FLOWS, c.FIGURE.values, c.ATTRIBUTE.values, c.PLACE.values)


def detail_in_chinese(text: str) -> str | None:
    """Return a text of `detail` or `reason` in Chinese; None where it has no row, clause by clause.

    A clause without a row stays as it is beside others that have one.
    """
    if not _LATIN.search(text):
        return text
    clauses = text.split(_CLAUSES)
    said = [_clause(clause) for clause in clauses]
    if not all(said):
        whole = _clause(text)
        if whole is not None or not any(said):
            return whole
    return "；".join(chinese or clause for chinese, clause in zip(said, clauses, strict=True))


def subject_in_chinese(text: str) -> str:
    """Return what a check or finding is about (`subject`) in Chinese, as far as it is in words of the project and not of the document."""
    return _inside(text)


def _clause(text: str) -> str | None:
    """Return a clause or sentence in Chinese, a full stop at its end or none."""
    if text.endswith(_END) and text not in _alone().whole:
        open_end = _alone().said(text.removesuffix(_END), _inside)
        if open_end is not None:
            return f"{open_end}。"
    return _alone().said(text, _inside)


def _inside(text: str) -> str:
    """Return what stands in a gap in Chinese: a part, the name of a value, a list of these; else as it is."""
    known = _parts().whole.get(text) or _values().get(text)
    if known is not None:
        return known
    listed = [_parts().said(part, _inside) or _values().get(part) for part in text.split(_LIST)]
    if all(listed):
        return "、".join(part for part in listed if part)
    return _parts().said(text, _inside) or text


@cache
def _rows() -> tuple[tuple[str, str, bool], ...]:
    lines = resources.files(__package__).joinpath("chinese_details.csv").read_text(encoding="utf-8").splitlines()
    return tuple((row["english"], row["chinese"], bool(row["inside"])) for row in csv.DictReader(lines))


@cache
def _alone() -> Templates:
    return Templates.of((english, chinese) for english, chinese, inside in _rows() if not inside)


@cache
def _parts() -> Templates:
    return Templates.of((english, chinese) for english, chinese, inside in _rows() if inside)


@cache
def _values() -> Mapping[str, str]:
    """What values of the dataset are called; of a value that several lists have, by the first."""
    named: dict[str, str] = {}
    for values in _NAMED:
        for value, text in values.items():
            named.setdefault(value, in_chinese(text))
    return named
