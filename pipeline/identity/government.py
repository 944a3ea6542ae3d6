"""Whose government a body belongs to: the administrative division that its name, a title or the text says.

Belongs here: which of these places counts. Does not belong here: reading divisions out of names (`named_places.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.identity.evidence import Evidence
from pipeline.identity.named_places import STATE, is_central, is_part_of, most_mentioned, names_of, places_inside, places_of, short_name
from pipeline.identity.words import words_of
from schemas.classification.places import Region, regions


def region_and_place(department: str | None, evidence: Evidence, text: str) -> tuple[Region | None, str]:
    """Return the government's division and where it is said: in the body's name, in titles that name a place instead, or in the text."""
    for name in (department, *sorted(evidence.places, key=lambda place: (-evidence.places[place], place))):
        if name is None:
            continue
        place = "department" if name == department else "title"
        if is_central(name):
            return regions()[STATE], place
        candidates = places_of(name)
        # a name without its kind may be a word: the text must name the place in full
        sure = [region for region in candidates if any(full in name for full in names_of(region)) or region.region_name in text]
        if sure:
            return (sure[0] if len(sure) == 1 else _likeliest(sure, text)), place
        if inside := places_inside(name):
            return inside[0], place
    leading = places_of(department) if department and not department.endswith(tuple(words_of("elsewhere"))) else ()
    if mentioned := most_mentioned(text):
        return mentioned, "text"
    return (leading[0] if len(leading) == 1 else None), "department"


def _likeliest(candidates: Sequence[Region], text: str) -> Region | None:
    """Return the one of several divisions of one name whose province or prefecture the text names most."""
    outer = [region for region in regions().values() if region.level in (1, 2)]
    counts = {place: sum(text.count(short_name(region)) for region in outer if is_part_of(place, region)) for place in candidates}
    ranked = sorted(counts.values(), reverse=True)
    if ranked[0] == 0 or ranked[0] == ranked[1]:
        return None
    return max(counts, key=lambda place: counts[place])
