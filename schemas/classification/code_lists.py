"""Reads the code lists and the administrative divisions that stand beside it as CSV.

Belongs here: the lists as rows and as frames, put together from one file per kind of knowledge: names and years (`codes.csv`), what
people decided about them (`corrections.csv`), English names (`names_en.csv`), international classification (`cofog.csv`), what
became of what (`crosswalk.csv`). Does not belong here: what a code means in a document (`pipeline/budget/codes`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.classification.list_files import list_frame, list_rows, number

if TYPE_CHECKING:
    import polars as pl

LAST_OF_OLD_LIST = 2009
"""The complete list that the book begins with is of about this year; many of its codes were given to other things since."""


class CodeRow(NamedTuple):
    """One name of one code in the years in which it is attested. Fields are the columns of the table `codes`.

    `evidence` is `official` (stated by the ministry's revision), `attested` (printed by several documents) or `single`
    (one document or one list of uncertain edition). `last_year` is None while the name is in force as far as is known.
    `series` is the same for all names and codes that continue one another.
    """

    scheme: str
    code: str
    name: str
    parent: str | None
    level: int
    first_year: int
    last_year: int | None
    evidence: str
    documents: int | None
    successor: str | None
    name_en: str | None
    cofog: str | None
    series: str
    cofog_confidence: str | None
    cofog_reason: str | None


class CrosswalkRow(NamedTuple):
    """What became of one name of a code. Fields are the columns of the table `codes_crosswalk`."""

    scheme: str
    code: str
    name: str
    successor: str | None
    successor_name: str | None
    relation: str
    first_year: int
    evidence: str
    reason: str


class Decision(NamedTuple):
    """What a person decided about a printed pair of code and name: `variant`, `misprint` or `local`."""

    scheme: str
    code: str
    name: str
    action: str
    reason: str


class _CodeRowWithYears(NamedTuple):
    """A row of `codes.csv`, after the corrections."""

    scheme: str
    code: str
    name: str
    parent: str | None
    level: int
    first_year: int
    last_year: int | None
    evidence: str
    documents: int | None


class StaleCorrection(ValueError):
    """A correction that corrects nothing: its row is not in the list, or is there already."""


@cache
def code_rows() -> tuple[CodeRow, ...]:
    """Return all rows of the code lists, sorted by scheme, code and first year.

    Raises:
        StaleCorrection: `corrections.csv` sets a row that is not there, or adds one that is.
    """
    dated = _dated()
    english = {row["name"]: row["name_en"] for row in list_rows("names_en.csv")}
    crossings = {(c.scheme, c.code, c.name): c for c in crosswalk() if c.relation in ("moved", "merged")}
    series = _series(dated)
    rows = []
    for row in dated:
        moved = crossings.get((row.scheme, row.code, row.name))
        cofog, confidence, reason = _cofog(row) if row.scheme == "function" else (None, None, None)
        rows.append(
            CodeRow(
                *row,
                successor=moved.successor if moved else None,
                name_en=english.get(row.name),
                cofog=cofog,
                series=series[row.scheme, row.code, row.name],
                cofog_confidence=confidence,
                cofog_reason=reason,
            )
        )
    return tuple(rows)


@cache
def item_rows() -> tuple[CodeRow, ...]:
    """Return the items that have words for codes: of 三公 statements, and revenue items by the fund that they bring in."""
    return tuple(
        CodeRow(
            scheme=row["scheme"],
            code=row["code"],
            name=row["name"],
            parent=row["parent"] or None,
            level=int(row["level"]),
            first_year=LAST_OF_OLD_LIST,
            last_year=None,
            evidence="official",
            documents=None,
            successor=None,
            name_en=row["name_en"],
            cofog=None,
            series=row["code"],
            cofog_confidence=None,
            cofog_reason=None,
        )
        for row in list_rows("items.csv")
    )


@cache
def decisions() -> tuple[Decision, ...]:
    """Return what people decided about printed pairs that the lists do not hold."""
    return tuple(
        Decision(row["scheme"], row["code"], row["name"], row["action"], row["reason"])
        for row in list_rows("corrections.csv")
        if row["action"] not in ("add", "set")
    )


@cache
def decided() -> frozenset[tuple[str, str, str]]:
    """Return scheme, code and name of every row that a person corrected: what documents print changes none of them."""
    return frozenset((row["scheme"], row["code"], row["name"]) for row in list_rows("corrections.csv"))


@cache
def crosswalk() -> tuple[CrosswalkRow, ...]:
    """Return what became of each name of a code that is no longer in force, sorted by scheme, code and year.

    A code whose name changed was renamed, unless `crosswalk.csv` says otherwise.
    """
    names = _names(_dated())
    found = []
    for row in list_rows("crosswalk.csv"):
        eras = names.get((row["scheme"], row["successor"]), ())
        year = int(row["first_year"])
        nearest = min(eras, key=lambda era: _distance(era, year), default=None)
        found.append(
            CrosswalkRow(
                row["scheme"],
                row["code"],
                row["name"],
                row["successor"] or None,
                nearest.name if nearest else None,
                row["relation"],
                year,
                row["evidence"],
                row["reason"],
            )
        )
    said = {(c.scheme, c.code, c.name) for c in found}
    for (scheme, code), eras in names.items():
        for old, new in pairwise(eras):
            if (scheme, code, old.name) not in said:
                reason = f"the code is printed as {new.name} from {new.first_year}"
                found.append(CrosswalkRow(scheme, code, old.name, code, new.name, "renamed", new.first_year, new.evidence, reason))
    return tuple(sorted(found, key=lambda c: (c.scheme, c.code, c.first_year, c.name, c.successor or "")))


def codes_frame() -> pl.DataFrame:
    """Return the code book as the table `codes`: one row per scheme, code and name, with the years in which it is attested."""
    rows = [*code_rows(), *item_rows()]
    rows.sort(key=lambda row: (row.scheme, row.code, row.first_year))
    return list_frame("codes", rows)


def crosswalk_frame() -> pl.DataFrame:
    """Return the table `codes_crosswalk`: what became of each name that is no longer in force."""
    return list_frame("codes_crosswalk", crosswalk())


def economic_pairs_frame() -> pl.DataFrame:
    """Return the table `economic_pairs`: which government economic codes stand beside a departmental one."""
    rows = [
        (
            row["department_economic_code"],
            row["government_economic_code"],
            row["evidence"],
            int(row["documents"]),
            row["note"] or None,
        )
        for row in list_rows("economic_pairs.csv")
    ]
    return list_frame("economic_pairs", rows)


def cofog_frame() -> pl.DataFrame:
    """Return the table `cofog`: divisions and groups of the UN classification of 1999."""
    return list_frame(
        "cofog", [(row["cofog"], row["name"], row["parent"] or None, int(row["level"])) for row in list_rows("cofog_1999.csv")]
    )


@cache
def _dated() -> tuple[_CodeRowWithYears, ...]:
    listed = {
        (row["scheme"], row["code"], row["name"]): _CodeRowWithYears(
            row["scheme"],
            row["code"],
            row["name"],
            row["parent"] or None,
            int(row["level"]),
            int(row["first_year"]),
            number(row["last_year"]),
            row["evidence"],
            number(row["documents"]),
        )
        for row in list_rows("codes.csv")
    }
    for row in list_rows("corrections.csv"):
        key = row["scheme"], row["code"], row["name"]
        if row["action"] in ("add", "set") and (row["action"] == "set") != (key in listed):
            raise StaleCorrection(f"corrections.csv cannot {row['action']} {key}")
        if row["action"] == "add":
            code = row["code"]
            level = (len(code) - 1) // 2
            parent = code[:-2] if level > 1 else None
            first = int(row["first_year"])
            listed[key] = _CodeRowWithYears(*key, parent, level, first, number(row["last_year"]), row["evidence"], number(row["documents"]))
        elif row["action"] == "set":
            listed[key] = _corrected(listed[key], row)
    return tuple(sorted(listed.values(), key=lambda row: (row.scheme, row.code, row.first_year)))


def _corrected(listed: _CodeRowWithYears, correction: dict[str, str]) -> _CodeRowWithYears:
    """Return a row with the fields that a correction fills; `-` empties a field."""
    given: dict[str, Any] = {}
    for field in ("first_year", "last_year", "documents"):
        if correction[field]:
            given[field] = None if correction[field] == "-" else int(correction[field])
    if correction["evidence"]:
        given["evidence"] = correction["evidence"]
    return listed._replace(**given)


def _names(dated: Sequence[_CodeRowWithYears]) -> dict[tuple[str, str], list[_CodeRowWithYears]]:
    """Return the names of each code, oldest first."""
    names: dict[tuple[str, str], list[_CodeRowWithYears]] = defaultdict(list)
    for row in dated:
        names[row.scheme, row.code].append(row)
    return names


def _distance(row: _CodeRowWithYears, year: int) -> int:
    if year < row.first_year:
        return row.first_year - year
    return max(0, year - row.last_year) if row.last_year is not None else 0


def _series(dated: Sequence[_CodeRowWithYears]) -> dict[tuple[str, str, str], str]:
    """Return for each name of a code the code in which its line ends.

    A line goes on through new names and moves. It ends where a code is split or given to something else; then the year in which
    it ended tells it from what the code means now (`30311/2017`).
    """
    ways = {(c.scheme, c.code, c.name): c for c in crosswalk()}
    newest = {(row.scheme, row.code): row.name for row in dated}
    found = {}
    for row in dated:
        here = row
        passed = {(here.code, here.name)}
        while (way := ways.get((here.scheme, here.code, here.name))) and way.relation in ("renamed", "moved", "merged"):
            here = next(r for r in dated if (r.scheme, r.code, r.name) == (here.scheme, way.successor, way.successor_name))
            if (here.code, here.name) in passed:
                break
            passed.add((here.code, here.name))
        ended = newest[here.scheme, here.code] != here.name
        found[row.scheme, row.code, row.name] = f"{here.code}/{here.last_year}" if ended else here.code
    return found


@cache
def _cofog_of_codes() -> dict[str, tuple[str | None, str, str]]:
    return {row["code"]: (row["cofog"] or None, row["confidence"], row["reason"]) for row in list_rows("cofog.csv")}


def _cofog(row: _CodeRowWithYears) -> tuple[str | None, str | None, str | None]:
    """Return COFOG division or group, confidence and reason of a function code: those of the nearest code that decides it.

    Names that only the old list has are of their 类: the 款 may since have been given to something else.
    """
    known = _cofog_of_codes()
    old = row.last_year is not None and row.last_year <= LAST_OF_OLD_LIST
    for length in range(3 if old else len(row.code), 2, -2):
        if found := known.get(row.code[:length]):
            cofog, confidence, reason = found
            return (cofog[:2] if old and cofog else cofog), confidence, reason
    return None, None, None
