"""What a document is, by its own words: whose budget or final account, of which year, of which government.

Belongs here: weighing what titles, the fields above tables and sentences claim against each other, and against the hints of a
registry. Does not belong here: the phrases (`claims.py`), places (`places.py`), statements. File names are not looked at: they lie.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR
from pipeline.document.model import Content
from pipeline.document.sources import Hint
from pipeline.identity.claims import (
    BUDGET,
    DEPARTMENT,
    FINAL_ACCOUNT,
    UNIT,
    Claim,
    column_years,
    field_claim,
    is_correction,
    is_placeholder,
    lone_claim,
    overview_claim,
    own_years,
    parents,
    plain,
    sentence_claim,
    table_claims,
    title_claim,
)
from pipeline.identity.places import STATE, is_central, lies_in, most_mentioned, places_inside, places_of, short_name
from pipeline.identity.words import naming, words_of
from schemas.classification.places import Region, regions
from schemas.statements import kind_of, read_title

DEPARTMENT_AND_UNITS = "department_and_units"

_COVER_PAGES = 2  # the cover, and the title repeated on the page after it
_COVER_LINES = 12  # lines of such a page among which its title stands
_LONGEST_COVER = 4  # lines that a title is broken over
# votes of one claim: a title on the cover is the document's own; fields repeat above each table; sentences may speak of others
_COVER, _FIELD, _OVERVIEW, _TITLE, _SENTENCE, _TABLE = 12, 4, 4, 2, 2, 1
_MOST_FIELDS = 40  # what fields may add up to: a body named on the cover outweighs one that stands above each table
_COVER_BODY = _MOST_FIELDS + 1
_SET_OF_STATEMENTS = 4  # so many pages with one body's name above a table are a set of its own
_SCANNED = 60_000  # characters: the first dozens of pages
_ANY_YEAR = re.compile(rf"(?<![\d.,（-])({FISCAL_YEAR})年")
_LEAST_WORDS = 3  # of a budget, in any document that is one: other papers of an office have one or two
_LONGEST_TITLE = 40  # characters of a statement's title: a longer line is a sentence
_LEAST_YEARS = 3  # mentions of a year in the text that make it the document's, if nothing else says it
_CLEAR = 2  # times as often as any other year


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is; None where neither the document nor a hint says it.

    Attributes:
        fiscal_year: the year budgeted, or accounted for.
        kind: `budget` or `final_account`.
        department: the body that the document is about, without （本级） or （汇总）; of a unit budget the unit itself.
        parent_department: the department of a unit, where stated.
        level: `department`, `unit` or `department_and_units`.
        region_code, region_name: of the publishing government (GB/T 2260; 100000 for the state).
        province: ISO 3166-2, `CN` for bodies of the centre.
        correction: whether it says that it corrects an earlier publication.
        is_template: whether it is a form that names no body.
        unpublishable: why it is no budget or final account to publish (a template, nothing of the kind, no text), in one
            sentence; None where it is one.
        contradictions: where a hint says otherwise, one sentence each; the document's word stands.
        from_hint: names of the attributes that only the hint gives.
    """

    fiscal_year: int | None = None
    kind: str | None = None
    department: str | None = None
    parent_department: str | None = None
    level: str | None = None
    region_code: str | None = None
    region_name: str | None = None
    province: str | None = None
    correction: bool = False
    is_template: bool = False
    unpublishable: str | None = None
    contradictions: tuple[str, ...] = ()
    from_hint: tuple[str, ...] = ()


@dataclass(slots=True)
class _Votes:
    """What the claims of a document add up to."""

    years: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    scopes: Counter[str | None] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    headed: Counter[str] = field(default_factory=Counter)
    labels: Counter[str | None] = field(default_factory=Counter)
    own: set[str] = field(default_factory=set)
    places: Counter[str] = field(default_factory=Counter)
    open_names: list[str] = field(default_factory=list)
    correction: bool = False

    def add(self, claim: Claim, weight: int) -> None:
        if (named := claim.body or claim.place) and is_placeholder(named):
            self.open_names.append(named)
            return
        if claim.year:
            self.years[claim.year] += weight
        if claim.kind:
            self.kinds[claim.kind] += weight
        if claim.scope:
            self.scopes[claim.scope] += weight
        if claim.body:
            self.bodies[claim.body] += weight
            if claim.own:
                self.own.add(claim.body)
        if claim.place:
            self.places[claim.place] += weight


def identify(content: Content, hint: Hint | None = None) -> Identity:
    """Say what a document is.

    Args:
        content: its pages, from any reader.
        hint: what a registry says: it fills in what the text leaves open, and is contradicted where the text says otherwise.
    """
    pages = [[text for line in page.lines if (text := plain(line.text))] for page in content.pages]
    text = "".join("".join(lines) for lines in pages)
    votes = _votes(pages, text)
    department = _department(votes)
    region = _region(department, votes, text[:_SCANNED])
    level = _level(department, votes, text)
    kind = _kind(votes, text)
    found = Identity(
        fiscal_year=_year(votes, kind, text),
        kind=kind,
        department=department,
        parent_department=_parent(department, level, votes, text[:_SCANNED]),
        level=level,
        region_code=region.region_code if region else None,
        region_name=region.region_name if region else None,
        province=region.province if region else None,
        correction=votes.correction,
    )
    if not text:
        return replace(found, unpublishable=f"The document holds no text: its {len(pages)} pages are images or blank.")
    if votes.open_names and not department:
        open_name = min(votes.open_names, key=lambda name: (len(name), name))
        return replace(found, is_template=True, unpublishable=f"The document is a template: it names no body but {open_name}.")
    if sum(word in text for word in words_of("budget_word")) + any(map(_is_statement, chain(*pages))) < _LEAST_WORDS:
        return replace(found, unpublishable="Nothing in the document says that it is a department's budget or final account.")
    return _with_hint(found, hint) if hint else found


def _is_statement(line: str) -> bool:
    """Tell whether a line is the title of a statement: a document of a single one has few other words of a budget."""
    meaning = read_title(fold(line)) if line.endswith("表") and len(line) <= _LONGEST_TITLE else None
    return meaning is not None and kind_of(meaning.statement).is_known


def _votes(pages: Sequence[Sequence[str]], text: str) -> _Votes:
    votes = _Votes()
    covers = {(title, claim) for lines in pages[:_COVER_PAGES] for title in _windows(lines[:_COVER_LINES]) if (claim := title_claim(title))}
    for claim in {claim for _, claim in covers}:
        votes.add(claim._replace(body=None), _COVER)
    for body, own in {(claim.body, claim.own) for _, claim in covers}:
        votes.add(Claim(body=body, own=own), _COVER_BODY)
    for line in pages[0][:_COVER_LINES] if pages else ():
        if (claim := lone_claim(line)) and places_of(claim.body or ""):
            votes.add(claim, _TITLE)
    votes.correction = any(is_correction(title) for title, _ in covers)
    fields: Counter[str | None] = Counter()
    for lines in pages:
        headed: set[str | None] = set()
        for line in lines:
            if claim := field_claim(line):
                fields[claim.body] += _FIELD
                votes.add(claim._replace(scope=None), _FIELD if fields[claim.body] <= _MOST_FIELDS else 0)
                votes.labels[claim.scope] += 1
                headed.update({claim.body} if claim.heads_table else ())
            elif claim := title_claim(line):
                votes.add(claim, _TITLE)
            elif claim := overview_claim(line):
                votes.add(claim, _OVERVIEW)
            elif claim := sentence_claim(line):
                votes.add(claim, _SENTENCE)
            for claim in table_claims(line):
                votes.add(claim, _TABLE)
        votes.headed.update(body for body in headed if body)
    votes.years.update(own_years(text))
    return votes


def _windows(lines: Sequence[str]) -> Iterator[str]:
    """Yield runs of lines joined: a cover breaks its title over several."""
    for start in range(len(lines)):
        for end in range(start + 1, min(start + _LONGEST_COVER, len(lines)) + 1):
            yield "".join(lines[start:end])


def _first(votes: Counter[str]) -> str | None:
    return max(votes, key=lambda name: (votes[name], len(name), name)) if votes else None


def _year(votes: _Votes, kind: str | None, text: str) -> int | None:
    ranked = votes.years.most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    if columns := column_years(text, kind):  # the other columns are of years before
        return max(columns)
    named = Counter(int(year) for year in _ANY_YEAR.findall(text)).most_common(2)
    clear = named and named[0][1] >= _LEAST_YEARS and (len(named) == 1 or named[0][1] >= _CLEAR * named[1][1])
    return named[0][0] if clear else None


def _kind(votes: _Votes, text: str) -> str | None:
    if votes.kinds[BUDGET] != votes.kinds[FINAL_ACCOUNT]:
        return _first(votes.kinds)
    budget, final = (sum(text.count(word) for word in naming("kind", kind)) for kind in (BUDGET, FINAL_ACCOUNT))
    if not budget and not final:
        return None
    return FINAL_ACCOUNT if final > budget else BUDGET


def _department(votes: _Votes) -> str | None:
    """Return the body most spoken for; a name cut short by a line break counts for the whole name."""
    whole: Counter[str] = Counter()
    for name, count in votes.bodies.items():
        longer = [other for other in votes.bodies if other != name and other.endswith(name) and votes.bodies[other] >= _FIELD]
        whole[max(longer, key=lambda other: (votes.bodies[other], len(other)), default=name)] += count
    return _first(whole)


def _level(department: str | None, votes: _Votes, text: str) -> str | None:
    if sum(count >= _SET_OF_STATEMENTS for count in votes.headed.values()) > 1:
        return DEPARTMENT_AND_UNITS  # also where the department's own office (本级) is one of the units
    if department in votes.own:
        return UNIT
    for said in (votes.scopes, votes.labels):
        if said[DEPARTMENT] != said[UNIT]:
            return DEPARTMENT if said[DEPARTMENT] > said[UNIT] else UNIT
    department_words, unit_words = (sum(text.count(word) for word in naming("own_department", scope)) for scope in (DEPARTMENT, UNIT))
    if not department_words and not unit_words:
        return None if department is None else DEPARTMENT
    return UNIT if unit_words > department_words else DEPARTMENT


def _parent(department: str | None, level: str | None, votes: _Votes, text: str) -> str | None:
    if level != UNIT or department is None:
        return None
    if department in votes.own:
        return department
    stated = Counter(name for name in parents(text) if name != department and places_of(name))
    return _first(stated)


def _region(department: str | None, votes: _Votes, text: str) -> Region | None:
    for name in (department, *sorted(votes.places, key=lambda place: (-votes.places[place], place))):
        if name is None:
            continue
        if is_central(name):
            return regions()[STATE]
        candidates = places_of(name)
        # a name without its kind may be a word: the text must name the place in full
        sure = [place for place in candidates if place.region_name in name or place.region_name in text]
        if sure:
            return sure[0] if len(sure) == 1 else _likeliest(sure, text)
        if inside := places_inside(name):
            return inside[0]
    leading = places_of(department) if department and not department.endswith(tuple(words_of("elsewhere"))) else ()
    return most_mentioned(text) or (leading[0] if len(leading) == 1 else None)


def _likeliest(candidates: Sequence[Region], text: str) -> Region | None:
    """Return the one of several divisions of one name whose province or prefecture the text names most."""
    outer = [region for region in regions().values() if region.level in (1, 2)]
    counts = {place: sum(text.count(short_name(region)) for region in outer if lies_in(place, region)) for place in candidates}
    ranked = sorted(counts.values(), reverse=True)
    if ranked[0] == 0 or ranked[0] == ranked[1]:
        return None
    return max(counts, key=lambda place: counts[place])


def _with_hint(found: Identity, hint: Hint) -> Identity:
    contradictions = list(hint.problems)
    given: dict[str, str | int] = {}
    hinted = {"fiscal_year": hint.fiscal_year, "kind": hint.kind, "department": hint.department, "region_code": hint.region_code}
    for name, said in hinted.items():
        own = getattr(found, name)
        if said is None:
            continue
        if own is None:
            given[name] = said
        elif not _agrees(name, str(own), str(said)):
            contradictions.append(f"The registry says {name} {said}, the document says {own}.")
    region = regions().get(str(given.get("region_code")))
    return replace(
        found,
        fiscal_year=found.fiscal_year or hint.fiscal_year,
        kind=found.kind or hint.kind,
        department=found.department or hint.department,
        region_code=region.region_code if region else found.region_code,
        region_name=region.region_name if region else found.region_name,
        province=region.province if region else found.province,
        contradictions=tuple(contradictions),
        from_hint=tuple(given),
    )


def _agrees(name: str, own: str, said: str) -> bool:
    """Tell whether a hint says the same: names may be longer or shorter, a province or prefecture stands for what lies in it."""
    if name == "department":
        return fold(own) in fold(said) or fold(said) in fold(own)
    if name == "region_code" and own in regions() and said in regions():
        return own == said or lies_in(regions()[own], regions()[said])
    return own == said
