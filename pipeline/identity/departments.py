"""Departments across years and spellings: one identity for one office of one government.

Belongs here: which names are the same office, and the table `departments`. Which body a document is about is in `identify.py`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

import polars as pl

from pipeline.budget.characters import fold
from pipeline.identity.named_places import short_name
from schemas.classification.places import department_changes, regions
from schemas.export import polars_schema
from schemas.tables import DEPARTMENTS
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

COLUMNS_READ = ("document_id", "fiscal_year", "province", "region_code", "department", "parent_department", "level", "status")
"""Columns of `documents` that are looked at."""

_UNKNOWN_REGION = "000000"
_WORDS = "identity_words.csv"
_HASH_DIGITS = 8  # hex digits: thirty-two bits hold the offices of one government apart
_NOTE = WordPattern(lambda: rf"\({any_of(_WORDS, 'office_note')}\)|{any_of(_WORDS, 'office_end')}$")
_PARTY = WordPattern(lambda: "^" + any_of(_WORDS, "party"))
_CONFERENCE = WordPattern(lambda: rf"^(?P<name>{any_of(_WORDS, 'conference')})(?=.)")
_LEFT_OUT = WordPattern(lambda: rf"^{any_of(_WORDS, 'left_out')}(?=.*{any_of(_WORDS, 'left_out_before')}$)")
_COMMITTEE = WordPattern(
    lambda: rf"^(?:{any_of(_WORDS, 'long_form_leading')}|{'|'.join(set(meanings(_WORDS, 'long_form_leading').values()))})(?=.)"
)


def office_key(department: str, region_code: str | None) -> str:
    """Return what makes an office the same under all its spellings: its name without its places, 中共 and （本级）.

    Args:
        department: a body, as a document names it.
        region_code: of its government; only names of this division and of those that it lies in are taken off.
    """
    name = _PARTY.sub("", _NOTE.sub("", fold(department)))
    if conference := _CONFERENCE.match(name):  # its place stands behind its name
        short = meanings(_WORDS, "conference")[conference["name"]]
        rest = office_key(name[conference.end() :], region_code)
        return short + next((rest.removeprefix(committee) for committee in _committees() if rest.startswith(committee)), rest)
    changed = True
    while changed:
        changed = False
        for place in _places(region_code or ""):
            if name.startswith(place) and len(name) > len(place) + 1:
                name, changed = name[len(place) :], True
                break
    if committee := _COMMITTEE.match(name):
        name = _committees()[0] + name[committee.end() :]
    name = _LEFT_OUT.sub("", name)
    for long, short in meanings(_WORDS, "long_form").items():
        if name.startswith(long):
            name = short + name[len(long) :]
    return name


@cache
def _committees() -> tuple[str, ...]:
    """Return the short forms of what leads the name of a party committee."""
    return tuple(dict.fromkeys(meanings(_WORDS, "long_form_leading").values()))


def department_id(department: str | None, region_code: str | None) -> str | None:
    """Return the identity of an office: its government's region code and a hash of its key; None without a name.

    It is the same in all years, for all spellings, and for the budgets of the department and of the unit that bears its name.
    """
    if not department:
        return None
    return _id_of(office_key(department, region_code), region_code)


def departments_frame(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the table `departments`: the offices that documents are about, and the departments of units.

    Args:
        documents: of the table `documents`, at least COLUMNS_READ.
    """
    named = documents.filter(pl.col("department").is_not_null()).select(COLUMNS_READ)
    seen: dict[str, list[_Mention]] = defaultdict(list)
    parents: dict[str, Counter[str]] = defaultdict(Counter)
    for row in named.sort("fiscal_year", "document_id").iter_rows(named=True):
        region, own = row["region_code"], department_id(row["department"], row["region_code"])
        assert own is not None
        document = row["document_id"] if row["status"] == "published" else None
        seen[own].append(_Mention(row["department"], region, row["province"], row["fiscal_year"], document))
        above = department_id(row["parent_department"], region)
        if above and above != own:
            parents[own][above] += 1
            seen[above].append(_Mention(row["parent_department"], region, row["province"], row["fiscal_year"], None))
    rows = [_row(own, mentions, parents[own], seen.keys()) for own, mentions in sorted(seen.items())]
    return pl.DataFrame(rows, schema=polars_schema(DEPARTMENTS), orient="row")


class _Mention(NamedTuple):
    """One mention of an office; `document_id` is that of a published document about it, None in all other mentions."""

    name: str
    region_code: str | None
    province: str
    fiscal_year: int
    document_id: str | None


def _row(own: str, mentions: Sequence[_Mention], above: Counter[str], known: Container[str]) -> tuple[object, ...]:
    newest = max(mentions, key=lambda seen: (seen.fiscal_year, len(seen.name), seen.name))
    successor, reason = _successor(own, newest, known)
    years = [seen.fiscal_year for seen in mentions]
    return (
        own,
        newest.name,
        newest.region_code,
        newest.province,
        max(above, key=lambda parent: (above[parent], parent)) if above else None,
        sorted({seen.name for seen in mentions}),
        min(years),
        max(years),
        len({seen.document_id for seen in mentions if seen.document_id}),
        successor,
        reason,
    )


def _successor(own: str, newest: _Mention, known: Container[str]) -> tuple[str | None, str | None]:
    """Return the office of the same government that a reorganisation put in this one's place, where documents know it."""
    key = office_key(newest.name, newest.region_code)
    for change in department_changes():
        if change.old == key:
            successor = _id_of(change.new, newest.region_code)
            if successor != own and successor in known:
                return successor, change.reason
    return None, None


def _id_of(key: str, region_code: str | None) -> str:
    return f"{region_code or _UNKNOWN_REGION}-{hashlib.sha256(key.encode()).hexdigest()[:_HASH_DIGITS]}"


@cache
def _places(region_code: str) -> tuple[str, ...]:
    """Return the names of a division and of those that it lies in, full and short, longest first."""
    names: set[str] = set()
    region = regions().get(region_code)
    while region is not None and region.level:
        names |= {region.region_name, short_name(region)}
        region = regions().get(region.parent or "")
    return tuple(sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name)))
