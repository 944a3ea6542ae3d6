"""Places in names: which administrative division a body's name or a text speaks of.

Belongs here: reading divisions out of names. The divisions themselves are data (`schemas/classification`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from pipeline.identity.words import either, words_of
from schemas.classification.places import Region, central_bodies, regions
from schemas.vocabulary.phrases import WordPattern

STATE = "100000"
_COUNTY = 3  # level
_SHORTEST_STEM = 2  # characters of a county's name that tell it without its kind
CLAUSE_START = re.compile(r"[，。；：、]")
_HANDS_OVER = WordPattern(lambda: either("hands_over"))
_REFERS_TO = WordPattern(lambda: either("refers_to"))
_PARTY = WordPattern(lambda: either("party"))
_PLACE = WordPattern(lambda: either("place"))
_ORGANISATION = WordPattern(lambda: "^" + either("organisation", "conference"))
_KINDS = WordPattern(lambda: either("division") + "$")
_PEOPLES = WordPattern(lambda: either("people") + "{1,8}$")


def short_name(region: Region) -> str:
    """Return the name without its kind (市, 自治州) and peoples; the whole name where less than two characters would remain."""
    without_kind = _KINDS.sub("", region.region_name)
    without_peoples = _PEOPLES.sub("", without_kind)
    return next((name for name in (without_peoples, without_kind) if len(name) >= 2), region.region_name)


def names_of(region: Region) -> tuple[str, ...]:
    """Return the full names that a division may bear: its own, and for a county those that it bears if it has become a city or a district.

    The list of divisions is of one year; a name that another division of the list bears is left out.
    """
    name, kind = region.region_name, _KINDS.search(region.region_name)
    if region.level != _COUNTY or kind is None or kind[0] not in words_of("county") or kind.start() < _SHORTEST_STEM:
        return (name,)
    stem = name[: kind.start()]
    return (name, *(stem + later for later in words_of("county_became") if stem + later not in _listed_names()))


@cache
def _listed_names() -> frozenset[str]:
    return frozenset(region.region_name for region in regions().values())


@cache
def _by_first_character() -> dict[str, list[tuple[str, Region]]]:
    """Full names of all divisions, longest first, by their first character."""
    index: dict[str, list[tuple[str, Region]]] = defaultdict(list)
    for region in regions().values():
        if region.level:
            index[region.region_name[0]] += [(name, region) for name in names_of(region)]
    for names in index.values():
        names.sort(key=lambda entry: (-len(entry[0]), entry[1].region_code))
    return index


@cache
def _short_names() -> dict[str, Region]:
    """Names without their kind of provinces and prefectures, as far as each is borne by one of them, or by one province."""
    found: dict[str, list[Region]] = defaultdict(list)
    for region in regions().values():
        if region.level in (1, 2):
            found[short_name(region)].append(region)
    return {name: bearers[0] for name, bearers in found.items() if len(bearers) == 1 or bearers[0].level < bearers[1].level}


def is_part_of(region: Region, other: Region) -> bool:
    """Tell whether `region` is part of `other`, directly or not."""
    parent = region.parent
    while parent:
        if parent == other.region_code:
            return True
        parent = regions()[parent].parent
    return False


def places_of(name: str) -> tuple[Region, ...]:
    """Return the divisions that `name` of a body begins with, as far inward as it goes: several where a county's name is not unique.

    City and district together are one division; a district alone may be several. A leading 中共 is passed over. Empty where no
    division leads.
    """
    rest = _PARTY.sub("", name, count=1) if _PARTY.match(name) else name
    found: list[Region] = []
    while True:
        step = _leading(rest, found)
        if not step:
            return tuple(found)
        length, found = step
        rest = rest[length:]


def without_places(name: str) -> str:
    """Return `name` without the 中共 and the divisions that it begins with (see `places_of`); empty where nothing else is in it."""
    rest = _PARTY.sub("", name, count=1) if _PARTY.match(name) else name
    found: list[Region] = []
    while step := _leading(rest, found):
        length, found = step
        rest = rest[length:]
    return rest


def in_full(name: str, other: str) -> str | None:
    """Return `name` with its place: its own, or that of `other`, a body of the same government, where it says 市 or 县 alone.

    None where it says no place.
    """
    if places_of(name):
        return name
    place = other[: len(other) - len(without_places(other))]
    alone = _PLACE.match(name)
    return place + name[alone.end() :] if alone and place.endswith(alone[0]) else None


def stands_alone(name: str) -> bool:
    """Tell whether `name` is sure to begin where a body's name begins: with 中共, a division, or as central bodies do."""
    return bool(_PARTY.match(name) or _ORGANISATION.match(name) or places_of(name) or is_central(name))


def goes_before(text: str) -> bool:
    """Tell whether `text` may stand before a name that begins with a place, as a part of it: 中共, outer divisions, 民盟."""
    return not without_places(_ORGANISATION.sub("", text))


def place_before(before: str) -> str | None:
    """Return what stands in place of a body, without the clauses before it; None where a sentence refers to another's demand there."""
    *earlier, clause = CLAUSE_START.split(before)
    if earlier and earlier[-1] and goes_before(earlier[-1]):
        clause = earlier[-1] + clause  # 某省、某市
    if _REFERS_TO.match(clause):
        return None
    opens = None if stands_alone(clause) else _HANDS_OVER.match(clause)  # 将乐县 is a county
    rest = clause[opens.end() :] if opens else clause
    if opens and opens.end() == 1 and not stands_alone(rest):
        return clause  # 将军山风景区
    return rest or None


def _leading(text: str, within: list[Region]) -> tuple[int, list[Region]] | None:
    names = _by_first_character().get(text[:1], ())
    for full, _ in names:
        if not text.startswith(full):
            continue
        bearers = [region for name, region in names if name == full]
        inside = [region for region in bearers if any(is_part_of(region, outer) for outer in within)] if within else bearers
        if inside:
            return len(full), inside
    if not within:
        for length in (4, 3, 2):
            if region := _short_names().get(text[:length]):
                return length, [region]
    return None


def places_inside(name: str) -> tuple[Region, ...]:
    """Return the provinces or prefectures whose full name stands anywhere in `name`, the innermost of the first one found."""
    for start in range(len(name)):
        for full, region in _by_first_character().get(name[start], ()):
            if region.level <= 2 and name.startswith(full, start):
                return places_of(name[start:])
    return ()


def is_central(name: str) -> bool:
    """Tell whether `name` is that of a body of the central government."""
    if _PARTY.match(name) or not name.startswith(central_bodies()):
        return False
    # national associations have local bodies; national bureaus answer to the centre wherever they sit
    return name.startswith("国家") or not places_inside(name)


def most_mentioned(text: str) -> Region | None:
    """Return the province or prefecture whose full name stands most often in `text`; None where none or two lead.

    A province counts for less than a prefecture of its own that the text names as well: the narrower place is meant.
    """
    counts = {region: text.count(region.region_name) for region in regions().values() if region.level in (1, 2)}
    counts = {region: count for region, count in counts.items() if count}
    inner = {region: count for region, count in counts.items() if not any(is_part_of(other, region) for other in counts)}
    ranked = sorted(inner.values(), reverse=True)
    if not ranked or ranked[0] < 2 or (len(ranked) > 1 and ranked[0] < 2 * ranked[1]):
        return None
    return next(region for region, count in inner.items() if count == ranked[0])
