"""What is asked of one address, and what is known of it from where it was found.

Belongs here: plain values and functions on them. Does not belong here: what is asked next (`spider.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
from scrapy.http import Response

from pipeline.fetch.finding import Candidate, said_of
from pipeline.fetch.inbox import DocumentSaid, FollowedLink, KnownPage
from pipeline.fetch.job import Hints

_MANY_LOST = 0.5
"""Share of the links that a page had before: with fewer it was built anew, or its list is gone; offices come and go one at a time."""

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Task:
    """An address that is to be asked, with what is known of it from where it was found.

    Attributes:
        address: to ask.
        expects: `document`, `page`, or `next` (a further page of a list).
        hops: further pages that may lie between it and documents.
        source: address of the registry's row that it comes from.
        said: what is known of the document, or of all documents below the page.
        indirect: whether it was found on a page that stood in place of a document.
    """

    address: str
    expects: str
    hops: int
    source: str
    said: DocumentSaid
    indirect: bool = False


def links_before(before: KnownPage | None, now: int) -> int:
    """Return how many links a page had before it lost many of them."""
    most = 0 if before is None else max(len(before.said.links), before.said.links_before)
    return most if now < most * _MANY_LOST else 0


def link_of(candidate: Candidate) -> FollowedLink:
    """Return a link that is taken as it is kept."""
    link = candidate.link
    return FollowedLink(link.address, candidate.expects, candidate.words, candidate.fiscal_year, candidate.kind, candidate.correction)


def said_below(task: Task, page: KnownPage, link: FollowedLink) -> DocumentSaid:
    """Return what is known of what a link leads to: what its page, its words and the registry say."""
    year, kind = said_of(page.said.title)
    return msgspec.structs.replace(
        task.said,
        hints=nearer_hints(task.said.hints, link.fiscal_year or year, link.kind or kind, page.said.published_at),
        landing_page=page.address,
        link_text=link.text,
        page_title=page.said.title,
        office=page.said.office,
        correction=link.correction or task.said.correction,
    )


def nearer_hints(hints: Hints, year: int | None, kind: str | None, published: str) -> Hints:
    """Return the hints of a registry with those of a link, which speaks of fewer documents and so is nearer."""
    return msgspec.structs.replace(
        hints,
        fiscal_year=str(year) if year else hints.fiscal_year,
        kind=kind or hints.kind,
        published_at=published or hints.published_at,
    )


def conditions_of(etag: str, last_modified: str) -> dict[str, str]:
    """Return the headers that ask for an answer only if something changed."""
    return {**({"If-None-Match": etag} if etag else {}), **({"If-Modified-Since": last_modified} if last_modified else {})}


def header_of(response: Response, name: str) -> str:
    """Return a header as text; empty where there is none."""
    return (response.headers.get(name) or b"").decode("latin-1").strip()[:300]


def charset_of(response: Response) -> str | None:
    """Return the encoding that a server names, if it is one."""
    found = _CHARSET.search(response.headers.get("Content-Type") or b"")
    name = found[1].decode("ascii") if found else ""
    try:
        b"".decode(name or "none")
    except LookupError:
        return None
    return name
