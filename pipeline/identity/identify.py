"""What a document is, by its own words: whose budget or final account, of which year, of which government.

Belongs here: weighing what titles, the fields above tables and sentences claim against each other, and against the hints of a
registry. Does not belong here: the phrases (`claims.py`), places (`government.py`), statements. File names are not looked at: they lie.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import NamedTuple, TypeVar

from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR
from pipeline.document.content import Content, Page, single_pages
from pipeline.document.inputs.sources import Hint
from pipeline.identity.claims import (
    BUDGET,
    DEPARTMENT,
    FINAL_ACCOUNT,
    UNIT,
    column_years,
    compared_years,
    counts_for_government,
    kind_words,
    normalised,
    parents,
    speaks_for_government,
    title_claim,
)
from pipeline.identity.evidence import FIELD_WEIGHT, Evidence, Place, gather, titles_statement
from pipeline.identity.government import region_and_place
from pipeline.identity.named_places import goes_before, in_full, is_part_of, stands_alone
from pipeline.identity.same_body import is_inner_office, same_body, without_own_office
from pipeline.identity.words import naming, words_of
from schemas.classification.places import Region, regions

_Said = TypeVar("_Said", int, str)

DEPARTMENT_AND_UNITS = "department_and_units"

_SET_OF_STATEMENTS = 4  # so many pages with one body's name above a table are a set of its own
_SCANNED = 60_000  # characters: the first dozens of pages
_ANY_YEAR = re.compile(rf"(?<![\d.,（-])({FISCAL_YEAR})年")
_LEAST_WORDS = 3  # of a budget, in any document that is one: other papers of an office have one or two
_LEAST_YEARS = 3  # mentions of a year in the text that make it the document's, if nothing else says it
_CLEAR = 2  # times as often as any other year
_AGAINST = 2  # kinds of places that all say the same, and something else than the one that counts, make it doubtful


class AttributeEvidence(NamedTuple):
    """Where a document, or the registry that lists it, says a value of one of its attributes.

    `place` is a name of `Place` in lower case, or `text` (words of all its pages counted), `department` (the body's own name),
    `registry`.
    """

    attribute: str
    value: str
    place: str


class _Weighed:
    """What is noted while claims are weighed: the evidence of each attribute, and where the document contradicts itself."""

    def __init__(self) -> None:
        self.evidence: list[AttributeEvidence] = []
        self.doubts: list[str] = []

    def note(self, attribute: str, value: object, place: Place | str) -> None:
        """Note where a value is said; nothing for no value."""
        if value is not None:
            self.evidence.append(AttributeEvidence(attribute, str(value), place.name.lower() if isinstance(place, Place) else place))


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is; None where neither the document nor a hint says it.

    Attributes:
        fiscal_year: the year budgeted, or accounted for.
        kind: `budget` or `final_account`.
        department: the body that the document is about, without （汇总）; of a unit budget the unit itself, with （本级） where it is that.
        parent_department: the department of a unit, where stated.
        level: `department`, `unit` or `department_and_units`.
        region_code, region_name: of the publishing government (GB/T 2260; 100000 for the state).
        province: ISO 3166-2, `CN` for bodies of the centre.
        correction: whether it says that it corrects an earlier publication.
        is_template: whether it is a form that names no body.
        unpublishable: why it is no budget or final account to publish (a template, nothing of the kind, no text), in one
            sentence; None where it is one.
        contradictions: where a hint says otherwise, one sentence each; the document's word stands.
        doubts: where the document contradicts itself, one sentence each; what is doubtful is None.
        from_hint: names of the attributes that only the hint gives.
        evidence: where each attribute's value is said, and other values of it.
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
    doubts: tuple[str, ...] = ()
    from_hint: tuple[str, ...] = ()
    evidence: tuple[AttributeEvidence, ...] = ()

    @property
    def body(self) -> str | None:
        """The department as its tables print it: without （本级）."""
        return without_own_office(self.department) if self.department else None


def identify(content: Content, hint: Hint | None = None) -> Identity:
    """Say what a document is.

    Args:
        content: its pages, from any reader.
        hint: what a registry says: it fills in what the text leaves open, and is contradicted where the text says otherwise.
    """
    pages = [[text for line in _lines(page, printed=content.printed) if (text := normalised(line))] for page in single_pages(content.pages)]
    text = "".join("".join(lines) for lines in pages)
    evidence = gather(pages, text)
    weighed = _Weighed()
    above = parents([line for lines in pages for line in lines], text[:_SCANNED])
    department = _department(evidence, above, weighed)
    region = _region(department, evidence, text[:_SCANNED], weighed)
    own_office = _own_office(department, evidence)
    level = _level(department, own_office, evidence, text, weighed)
    kind = _kind(evidence, text, weighed)
    found = Identity(
        fiscal_year=_year(evidence, kind, text, weighed),
        kind=kind,
        department=f"{department}{own_office}" if department and own_office and level == UNIT else department,
        parent_department=_parent(department, own_office, level, above, evidence, weighed),
        level=level,
        region_code=region.region_code if region else None,
        region_name=region.region_name if region else None,
        province=region.province if region else None,
        correction=evidence.correction,
        doubts=tuple(weighed.doubts),
        evidence=tuple(dict.fromkeys(weighed.evidence)),
    )
    if not text:
        return replace(found, unpublishable=f"The document holds no text: its {len(pages)} pages are images or blank.")
    if evidence.open_names and not department:
        open_name = min(evidence.open_names, key=lambda name: (len(name), name))
        return replace(found, is_template=True, unpublishable=f"The document is a template: it names no body but {open_name}.")
    of_body = department is not None and not any(speaks_for_government(line) for line in chain(*pages))
    if not department and not evidence.scopes.total() and counts_for_government(text):
        return replace(
            found, unpublishable="The document is about what a whole government takes in or spends, not about one of its bodies."
        )
    words = (*words_of("budget_word"), *(words_of("budget_word_of_body") if of_body else ()))
    said = sum(word in text for word in words) + any(titles_statement(line, of_body=of_body) for line in chain(*pages))
    if said + evidence.is_titled < _LEAST_WORDS:
        return replace(found, unpublishable="Nothing in the document says that it is a department's budget or final account.")
    return _with_hint(found, hint) if hint else found


def _lines(page: Page, *, printed: bool) -> Iterator[str]:
    """Yield the lines of a page, as print has them: the cells of a row make one, and a field's label may have a cell of its own.

    A title is one in a cell alone: a menu may stand in the cell beside it.
    """
    for (in_grid, _), lines in groupby(page.lines, key=lambda line: (line.in_grid, line.box and line.box.y0)):
        texts = [line.text for line in lines]
        apart = printed or not in_grid or any(title_claim(normalised(text)) for text in texts)
        yield from texts if apart else [" ".join(texts)]


def _first(votes: Counter[str]) -> str | None:
    return max(votes, key=lambda name: (votes[name], len(name), name)) if votes else None


def _year(evidence: Evidence, kind: str | None, text: str, weighed: _Weighed) -> int | None:
    """Return the year that the strongest kind of place says that says one; nothing where all others say another."""
    said: dict[Place, int] = {}
    compared = compared_years(text)
    for place, claims in evidence.said.items():
        years: Counter[int] = Counter()
        for (year, of), count in claims.items():
            years.update({year: count} if year and (of is None or of == kind) else {})
        own = [year for year in years if year not in compared]
        clear = max(own, default=None) if place is Place.SENTENCE else _leading(years)  # sentences look back on years before
        if clear:
            said[place] = clear
    if columns := column_years(text, kind):  # the other columns are of years before
        said[Place.COLUMN] = max(columns)
    if said:
        return _undoubted("fiscal_year", said, weighed)
    named = Counter(year for text_year in _ANY_YEAR.findall(text) if (year := int(text_year)) not in compared).most_common(2)
    often = named and named[0][1] >= _LEAST_YEARS and (len(named) == 1 or named[0][1] >= _CLEAR * named[1][1])
    found = named[0][0] if often else None
    weighed.note("fiscal_year", found, "text")
    return found


def _kind(evidence: Evidence, text: str, weighed: _Weighed) -> str | None:
    """Return the kind that the strongest kind of place says that says one; nothing where all others say the other."""
    said: dict[Place, str] = {}
    for place, claims in evidence.said.items():
        kinds: Counter[str] = Counter()
        for (_, kind), count in claims.items():
            kinds.update({kind: count} if kind else {})
        if clear := _leading(kinds):
            said[place] = clear
    if said:
        return _undoubted("kind", said, weighed)
    if evidence.final_columns:
        weighed.note("kind", FINAL_ACCOUNT, Place.COLUMN)
        return FINAL_ACCOUNT
    of_budget = (word for word in words_of("budget_word") if any(kind in word for kind in naming("kind", BUDGET)))
    found = _leading(kind_words(text)) or (BUDGET if any(word in text for word in of_budget) else None)
    weighed.note("kind", found, "text")
    return found


def _undoubted(name: str, said: Mapping[Place, _Said], weighed: _Weighed) -> _Said | None:
    """Return what the first place says, or None, with a doubt noted, where several others all say the same other thing."""
    for place in sorted(said):
        weighed.note(name, said[place], place)
    first, *others = sorted(said)
    against = {said[place] for place in others}
    if len(others) >= _AGAINST and len(against) == 1 and said[first] not in against:
        elsewhere = ", ".join(place.name.lower() for place in others)
        weighed.doubts.append(f"The {first.name.lower()} says {name} {said[first]}, but {elsewhere} say {against.pop()}.")
        return None
    return said[first]


def _leading(counts: Counter[_Said]) -> _Said | None:
    """Return what leads; None where nothing is said or two lead."""
    ranked = counts.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _department(evidence: Evidence, above: Sequence[str], weighed: _Weighed) -> str | None:
    """Return the body most spoken for; a name cut short by a line break counts for the whole name.

    A body that one kind of place alone names, while several kinds name one other body, is doubtful; so are two spoken for alike.

    Args:
        evidence: what was claimed.
        above: bodies that are said to be in charge of another: they may be named beside it.
        weighed: evidence, and what contradicts itself, is added here.
    """
    whole: Counter[str] = Counter()
    places: dict[str, set[Place]] = defaultdict(set)
    for name, count in evidence.bodies.items():
        longer = [other for other in evidence.bodies if _is_cut_short(name, other) and evidence.bodies[other] >= FIELD_WEIGHT]
        full = max(longer, key=lambda other: (evidence.bodies[other], len(other)), default=name)
        whole[full] += count
        places[full] |= evidence.named_in[name]
    first = _first(whole)
    for name in whole:
        for place in sorted(places[name]):
            weighed.note("department", name, place)
    if first is None:
        return None
    rivals = [name for name in whole if not same_body(name, first)]
    alike = [name for name in rivals if whole[name] == whole[first] and places[name] == places[first]]
    for name in (name for name in evidence.bodies if same_body(name, first)):
        places[first] |= places[name]
    if evidence.scopes[UNIT] > evidence.scopes[DEPARTMENT]:
        above = [*above, *evidence.labelled[DEPARTMENT]]  # 部门：… beside 单位：… is the department in charge
    spoken = [name for name in rivals if len(places[name]) >= _AGAINST and len(places[first]) < len(places[name])]
    if alike or (len(spoken) == 1 and len(places[first]) == 1 and not any(same_body(spoken[0], name) for name in above)):
        other = (alike or spoken)[0]
        where = ", ".join(place.name.lower() for place in sorted(places[other]))
        weighed.doubts.append(f"The {min(places[first]).name.lower()} names {first}, but {where} name {other}.")
        return None
    return first


def _is_cut_short(name: str, other: str) -> bool:
    if other == name or not other.endswith(name):
        return False
    return not stands_alone(name) or goes_before(other.removesuffix(name))


def _own_office(department: str | None, evidence: Evidence) -> str | None:
    """Return what marks the body's own office alone (（本级）); the strongest kind of place that names the body decides."""
    for place, notes in sorted(evidence.notes[department].items()) if department else ():
        marked = [note for note in notes if note]
        if place is Place.COVER and marked:  # a cover may name the body in one line, and whose budget it is in the next
            return max(marked, key=lambda note: (notes[note], note))
        return _leading(Counter({note or "": count for note, count in notes.items()})) or None
    return None


def _level(department: str | None, own_office: str | None, evidence: Evidence, text: str, weighed: _Weighed) -> str | None:
    if sum(count >= _SET_OF_STATEMENTS for count in evidence.headed.values()) > 1:
        weighed.note("level", DEPARTMENT_AND_UNITS, Place.FIELD)
        return DEPARTMENT_AND_UNITS  # also where the department's own office (本级) is one of the units
    if own_office:
        weighed.note("level", UNIT, "department")
        return UNIT
    for said, place in ((evidence.scopes, Place.TITLE), (evidence.labels, Place.FIELD)):
        if said[DEPARTMENT] != said[UNIT]:
            leading = DEPARTMENT if said[DEPARTMENT] > said[UNIT] else UNIT
            weighed.note("level", leading, place)
            return leading
    department_words, unit_words = (sum(text.count(word) for word in naming("own_department", scope)) for scope in (DEPARTMENT, UNIT))
    if not department_words and not unit_words:
        return None if department is None else DEPARTMENT
    leading = UNIT if unit_words > department_words else DEPARTMENT
    weighed.note("level", leading, "text")
    return leading


def _parent(
    department: str | None, own_office: str | None, level: str | None, above: Sequence[str], evidence: Evidence, weighed: _Weighed
) -> str | None:
    if level != UNIT or department is None:
        return None
    if own_office:
        weighed.note("parent_department", department, "department")
        return department
    stated = Counter(full for name in above if (full := in_full(name, department)) and not same_body(full, department))
    labelled = Counter({name: count for name, count in evidence.labelled[DEPARTMENT].items() if _is_above(name, department)})
    for place, named in ((Place.SENTENCE, stated), (Place.FIELD, labelled)):
        for name in named:
            weighed.note("parent_department", name, place)
    return _first(stated) or (_leading(labelled) if len(labelled) == 1 else None)


def _is_above(name: str, department: str) -> bool:
    full = in_full(name, department)
    return full is not None and not same_body(name, department) and not is_inner_office(full, department)


def _region(department: str | None, evidence: Evidence, text: str, weighed: _Weighed) -> Region | None:
    found, place = region_and_place(department, evidence, text)
    weighed.note("region_code", found and found.region_code, place)
    return found


def _with_hint(found: Identity, hint: Hint) -> Identity:
    contradictions = list(hint.problems)
    given: dict[str, str | int] = {}
    evidence = list(found.evidence)
    hinted = {"fiscal_year": hint.fiscal_year, "kind": hint.kind, "department": hint.department, "region_code": hint.region_code}
    for name, said in hinted.items():
        own = getattr(found, name)
        if said is None:
            continue
        evidence.append(AttributeEvidence(name, str(said), "registry"))
        if own is None:
            given[name] = said
        elif not _is_same_name(name, str(own), str(said)):
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
        evidence=tuple(evidence),
    )


def _is_same_name(name: str, own: str, said: str) -> bool:
    """Tell whether a hint says the same: names may be longer or shorter, a province or prefecture stands for what lies in it."""
    if name == "department":
        return fold(own) in fold(said) or fold(said) in fold(own)
    if name == "region_code" and own in regions() and said in regions():
        return own == said or is_part_of(regions()[own], regions()[said])
    return own == said
