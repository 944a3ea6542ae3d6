"""What a document says of itself, place by place: gathered from covers, titles, fields, headings and sentences.

Belongs here: which line stands in which kind of place, and what was claimed there. Does not belong here: the phrases (`claims.py`), and
what follows from what was claimed (`identify.py`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from pipeline.budget.characters import fold
from pipeline.identity.claims import (
    IdentityClaim,
    field_claim,
    heading_claims,
    heads_final_column,
    is_correction,
    is_placeholder,
    name_alone_claim,
    overview_claim,
    own_years,
    sentence_claim,
    stated_claims,
    title_claim,
)
from pipeline.identity.named_places import goes_before, places_of, stands_alone
from schemas.statements import kind_of, read_title

FIELD_WEIGHT = 4
"""Votes of a field for its body; less than that is no evidence of a whole name."""

_LIMITED = re.compile(r"[(（][^()（）]{1,30}[)）]$")  # after a title: 表（按政府预算支出经济分类）
_LONGEST_TITLE = 40  # characters of a statement's title: a longer line is a sentence
_COVER_PAGES = 2  # the cover, and the title repeated on the page after it
_COVER_LINES = 12  # lines of such a page among which its title stands
_LONGEST_COVER = 4  # lines that a title is broken over
# votes for a body: a title on the cover is the document's own; fields repeat above each table; sentences may speak of others
_OVERVIEW, _TITLE, _SENTENCE = 4, 2, 2
_MOST_FIELDS = 10 * FIELD_WEIGHT  # what fields may add up to: a body named on the cover outweighs one that stands above each table
_COVER_BODY = _MOST_FIELDS + 1


class Place(IntEnum):
    """Where a document says what it is, from what is most its own to what may speak of others."""

    COVER = 0
    TITLE = 1
    FIELD = 2
    HEADING = 3
    OVERVIEW = 4
    SENTENCE = 5
    COLUMN = 6


@dataclass(slots=True)
class Evidence:
    """What the claims of a document add up to.

    Attributes:
        said: how often each kind of place says a year and a kind (either may be None).
        scopes: votes for 部门 or 单位 in titles.
        bodies: votes for each body.
        named_in: the kinds of places that name a body.
        headed: on how many pages a body's name stands above a table.
        labels: how often fields are labelled 部门 or 单位.
        notes: what each kind of place prints after a body's name where its own office is meant (（本级）), None where nothing.
        labelled: how often fields of each label name a body.
        places: votes for what stands in place of a body.
        open_names: names that are left open, as in forms.
        correction: whether the cover says that it corrects an earlier publication.
        final_columns: whether a table has what was spent beside what was budgeted.
        is_titled: whether a title on the cover says whose budget or final account of which year it is, and no more.
    """

    said: dict[Place, Counter[tuple[int | None, str | None]]] = field(default_factory=lambda: {place: Counter() for place in Place})
    scopes: Counter[str | None] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    named_in: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    headed: Counter[str] = field(default_factory=Counter)
    labels: Counter[str | None] = field(default_factory=Counter)
    notes: dict[str, dict[Place, Counter[str | None]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    labelled: dict[str | None, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    places: Counter[str] = field(default_factory=Counter)
    open_names: list[str] = field(default_factory=list)
    correction: bool = False
    final_columns: bool = False
    is_titled: bool = False

    def add(self, claim: IdentityClaim, weight: int, place: Place) -> None:
        """Take in what one phrase says; `weight` counts for its body and scope."""
        if (named := claim.body or claim.place) and is_placeholder(named):
            self.open_names.append(named)
            return
        if claim.year or claim.kind:
            self.said[place][claim.year, claim.kind] += 1
        if claim.scope:
            self.scopes[claim.scope] += weight
        if claim.body:
            self.bodies[claim.body] += weight
            self.named_in[claim.body].add(place)
            self.notes[claim.body][place][claim.own] += 1
        if claim.place:
            self.places[claim.place] += weight


def gather(pages: Sequence[Sequence[str]], text: str) -> Evidence:
    """Return what a document says of itself.

    Args:
        pages: the lines of each page (see `plain`).
        text: the same, joined.
    """
    evidence = Evidence()
    covers = [found for lines in pages[:_COVER_PAGES] for found in _cover_claims(lines[:_COVER_LINES], pages)]
    titled = {claim.year for _, claim in covers if claim.body and claim.year}
    for said in dict.fromkeys(claim for _, claim in covers):
        evidence.add(said._replace(body=None), _COVER_BODY, Place.COVER if _is_title(said, titled) else Place.HEADING)
    evidence.is_titled = any(claim.is_whole and claim.body and claim.year for _, claim in covers)
    for body, own in dict.fromkeys((claim.body, claim.own) for _, claim in covers):
        evidence.add(IdentityClaim(body=body, own=own), _COVER_BODY, Place.COVER)
    for line in pages[0][:_COVER_LINES] if pages else ():
        if (alone := name_alone_claim(line)) and places_of(alone.body or ""):
            evidence.add(alone, _TITLE, Place.COVER)
    evidence.correction = any(is_correction(title) for title, _ in covers)
    fields: Counter[str | None] = Counter()
    for number, lines in enumerate(pages):
        headed: set[str | None] = set()
        for place, line in _placed(lines, cover=number < _COVER_PAGES):
            if claim := field_claim(line):
                fields[claim.body] += FIELD_WEIGHT
                evidence.add(claim._replace(scope=None), FIELD_WEIGHT if fields[claim.body] <= _MOST_FIELDS else 0, Place.FIELD)
                evidence.labels[claim.scope] += 1
                evidence.labelled[claim.scope][claim.body or ""] += 1
                headed.update({claim.body} if claim.heads_table else ())
            elif claim := title_claim(line):
                is_title = _is_title(claim, titled) if place is Place.COVER else claim.body is not None
                evidence.add(claim, _TITLE, place if is_title else Place.HEADING)
            elif claim := overview_claim(line):
                evidence.add(claim, _OVERVIEW, Place.OVERVIEW)
            elif claim := sentence_claim(line):
                evidence.add(claim, _SENTENCE, Place.SENTENCE)
            evidence.final_columns = evidence.final_columns or heads_final_column(line)
            for heading in heading_claims(line):
                evidence.add(heading, 0, Place.HEADING)
            for stated in stated_claims(line):
                evidence.add(stated, 0, Place.SENTENCE)
        evidence.headed.update(body for body in headed if body)
    for year in own_years(text):
        evidence.add(IdentityClaim(year), 0, Place.SENTENCE)
    return evidence


def _placed(lines: Sequence[str], *, cover: bool) -> Iterator[tuple[Place, str]]:
    """Yield each line of a page with the place that a title in it stands in."""
    for number, line in enumerate(lines):
        yield Place.COVER if cover and number < _COVER_LINES else Place.TITLE, line


def _is_title(claim: IdentityClaim, titled: set[int]) -> bool:
    """Tell a title on the cover from the heading of a part: one that names no body, and another year than the title with a body."""
    return claim.body is not None or claim.year is None or not titled or claim.year in titled


def _cover_claims(lines: Sequence[str], pages: Sequence[Sequence[str]]) -> Iterator[tuple[str, IdentityClaim]]:
    """Yield what titles among `lines` claim, with the title; a cover breaks its title over several lines.

    Lines that stand above a title and are no part of it (of a table of contents, say) would make a longer name: it counts only
    where the shorter one does not begin as names do, or where a line of the document holds the longer one whole.
    """
    for end in range(1, len(lines) + 1):
        shorter: str | None = None
        for start in range(end - 1, max(end - _LONGEST_COVER, 0) - 1, -1):
            title = "".join(lines[start:end])
            claim = title_claim(title)
            if claim is None:
                continue
            if shorter and claim.body and claim.body != shorter and not _goes_with(claim.body, shorter, pages):
                break
            shorter = claim.body or shorter
            yield title, claim


def _goes_with(longer: str, shorter: str, pages: Sequence[Sequence[str]]) -> bool:
    """Tell whether the words before `shorter` are a part of the name `longer`."""
    before = longer.removesuffix(shorter)
    if goes_before(before) or any(longer in line for lines in pages for line in lines):
        return True
    return not stands_alone(shorter) and stands_alone(longer)


def titles_statement(line: str, *, of_body: bool) -> bool:
    """Tell whether a line is the title of a statement: a document of a single one has few other words of a budget.

    Args:
        line: of the document.
        of_body: whether it names a body: a place publishes what all its offices spend on some items (三公).
    """
    named = _LIMITED.sub("", line).endswith("表")
    meaning = read_title(fold(line)) if named and len(line) <= _LONGEST_TITLE else None
    return meaning is not None and kind_of(meaning.statement).is_known and (of_body or kind_of(meaning.statement).items is None)
