"""What a page says of itself: its title, the day of its publication, who published it.

Belongs here: from its head, and from labels in its text. Does not belong here: its links (`web_page.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from pipeline.budget.patterns import DATE
from schemas.vocabulary.links import DATE_LABEL, OFFICE_LABEL

SPACES = re.compile(r"\s+")
_DATE = re.compile(DATE)
_AFTER_LABEL = re.compile(r"\s*[:：]\s*([^\s:：|,，;；]{2,40})")
_DATE_NAMES = ("pubdate", "publishdate", "publish_date", "publishtime", "others_pubdate", "article:published_time")
_OFFICE_NAMES = ("contentsource", "source", "author_org", "publisher")


def said_by_head(tree: LexborHTMLParser) -> dict[str, str]:
    """Return name → content of what the head of a page says; of a name that stands twice, the first."""
    said: dict[str, str] = {}
    for node in tree.css("meta"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        content = squeezed(node.attributes.get("content") or "")
        if name and content:
            said.setdefault(name, content)
    return said


def first_of(said: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Return what is said under the first of some names."""
    return next((said[name] for name in names if said.get(name)), None)


def title_of(tree: LexborHTMLParser, said: Mapping[str, str]) -> str:
    """Return what the page is about: what it states of itself, else its first heading or its window's title, else what is shared."""
    if stated := said.get("articletitle"):
        return stated
    heading = next((squeezed(node.text(separator=" ")) for node in tree.css("h1") if squeezed(node.text())), "")
    window = tree.css_first("title")
    shown = squeezed(window.text()) if window is not None else ""
    return heading if heading and heading in shown else shown or heading or said.get("og:title", "")


def published_of(said: Mapping[str, str], shown: str) -> str | None:
    """Return the day of publication, `2026-03-02`, from the head of a page, else from a label in what it shows."""
    return _date_in(first_of(said, _DATE_NAMES) or "") or _labelled_date(shown)


def office_of(said: Mapping[str, str], shown: str) -> str | None:
    """Return who published a page, from its head, else from a label in what it shows."""
    return first_of(said, _OFFICE_NAMES) or _labelled_office(shown)


def squeezed(text: str) -> str:
    """Return a text with single spaces."""
    return SPACES.sub(" ", text).strip()


def _labelled_date(text: str) -> str | None:
    for match in DATE_LABEL.finditer(text):
        if date := _date_in(text[match.end() : match.end() + 20]):
            return date
    return None


def _labelled_office(text: str) -> str | None:
    for match in OFFICE_LABEL.finditer(text):
        if (found := _AFTER_LABEL.match(text, match.end())) and not _DATE.search(found[1]):
            return found[1]
    return None


def _date_in(text: str) -> str | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None
