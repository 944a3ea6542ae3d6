"""How the names of public bodies end: `body_endings.csv`, one row per ending, with the places where it counts.

An ending counts only where its row says so, for a word of prose may end like a body's name: after `本` fewer endings are sure than
in the field of a form. A new ending needs one row with all the places that it is safe in.
"""

from __future__ import annotations

import re
from functools import cache

from schemas.vocabulary import phrase_rows

PLACES = ("name", "self", "self_year", "heading", "owner", "row", "row_own")
"""Where an ending may count.

`name`: of a title, a field or a sentence that names the body; `self`: after 本 or 我 in prose; `self_year`: the same beside a year;
`heading`: of a heading that names a unit; `owner`: of the words before a subject in prose; `row`: of a row of a
statement; `row_own`: of a row that names its own level in brackets (single characters).
"""


@cache
def entity_endings(place: str) -> tuple[str, ...]:
    """Return the endings that count in a place, longest first."""
    found = [r["ending"] for r in phrase_rows("body_endings.csv") if place in r["counts"].split()]
    return tuple(sorted(found, key=lambda ending: -len(ending)))


@cache
def body_ending(place: str) -> str:
    """Return a pattern of the endings that count in a place; it captures nothing."""
    return "(?:" + "|".join(map(re.escape, entity_endings(place))) + ")"
