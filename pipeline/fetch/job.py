"""What is asked of one fetch: where it begins, how politely, within which limits, and what it tells of while it runs.

Belongs here: plain values that pass between the process that asks and the one that fetches. Does not belong here: doing it (`crawl/`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.document.inputs.source_registry import registry_rows
from pipeline.fetch.addresses import Refused, address_of

FOLLOW = ("document", "page", "site")
"""What a row's address is: the document, a page that lists documents, or a page that lists such pages."""

HOPS = {"document": 0, "page": 1, "site": 2}
"""How many further pages lie between the address and its documents, at most: offices often put their attachments one page further."""


class Hints(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a registry says of the documents behind an address."""

    region_code: str = ""
    department: str = ""
    fiscal_year: str = ""
    kind: str = ""
    published_at: str = ""


class Seed(msgspec.Struct, frozen=True):
    """A row of a registry: where a fetch begins.

    Attributes:
        address: in its one spelling; what the registry says, where that is no address.
        follow: see `FOLLOW`.
        hints: what the registry says of it.
        refused: why it cannot be asked at all; empty where it can.
    """

    address: str
    follow: str = "document"
    hints: Hints = Hints()
    refused: str = ""


class Limits(msgspec.Struct, frozen=True):
    """What a server may cost.

    Attributes:
        page_bytes: of a page, packed and unpacked: the largest real lists have 2 MB.
        document_bytes: of a document, packed and unpacked: budgets with scanned pages reach 60 MB.
        seconds: for one answer, from the first byte asked to the last had: a document of 60 MB at 4 Mbit/s takes two minutes.
        redirects: of one address.
        failures: in a row, after which a host is left alone for this run: it is down, and the next run asks again.
        wait: longest pause in seconds that a server may ask for (Retry-After) and is waited for; for a longer one it is left alone.
        retries: of one address that was not had.
        links: of one page that are followed: the largest real list of offices has some hundred.
        pages: of one source: a city has some hundred offices with some pages each.
        addresses: of one source that are asked in one run.
    """

    page_bytes: int = 16 << 20
    document_bytes: int = 128 << 20
    seconds: float = 180.0
    redirects: int = 5
    failures: int = 4
    wait: float = 120.0
    retries: int = 2
    links: int = 1_000
    pages: int = 3_000
    addresses: int = 20_000


class Job(msgspec.Struct, frozen=True):
    """One fetch.

    Attributes:
        inbox: folder that documents are kept in.
        seeds: where it begins.
        years: first and last fiscal year that is wanted; None: what the pages themselves are about.
        delay: seconds between two requests to one host, at least.
        contact: how the one who fetches can be reached, said to every server.
        version: of this program, said to every server.
        nights: ask between 22:00 and 06:00 in China only.
        private: machines that are not public may be asked: for tests.
        dry_run: read pages, ask for no document, keep nothing.
        limits: what a server may cost.
        now: the time that counts as now, in seconds since 1970, for simulated seasons; None: the clock's.
    """

    inbox: str
    seeds: tuple[Seed, ...]
    years: tuple[int, int] | None = None
    delay: float = 3.0
    contact: str = ""
    version: str = ""
    nights: bool = False
    private: bool = False
    dry_run: bool = False
    limits: Limits = Limits()
    now: float | None = None

    @property
    def scope(self) -> str:
        """What is fetched, in a short form: a fetch that was interrupted is gone on with by one of the same scope."""
        asked = repr((sorted((seed.address, seed.follow) for seed in self.seeds), self.years))
        return hashlib.sha256(asked.encode()).hexdigest()[:16]

    @property
    def user_agent(self) -> str:
        """What servers are told of who asks."""
        return f"yusuan/{self.version or '0'}" + (f" (+{self.contact})" if self.contact else "")


class PageSeen(msgspec.Struct, frozen=True, tag="page"):
    """A page was read: how many of its links are taken, and each link with its reason where that was asked for."""

    address: str
    title: str
    taken: int
    left: int
    links: tuple[tuple[str, str, str, str], ...] = ()
    """Expectation, words, address, reason."""
    note: str = ""


class Answered(msgspec.Struct, frozen=True, tag="answer"):
    """An address was asked, and what came of it."""

    address: str
    status: str
    reason: str = ""


class Ended(msgspec.Struct, frozen=True, tag="end"):
    """The fetch ended; `complete` tells whether everything that was to be asked was, `requests` what was sent by host."""

    complete: bool
    why: str = ""
    requests: dict[str, int] = {}


Event = PageSeen | Answered | Ended


def seeds_of(registry: Path) -> Iterator[Seed]:
    """Yield the rows of a registry that name an address of the web; rows of local files are not fetched.

    Raises:
        SourceError: it cannot be read, or has no column `url` and no addresses under `path`.
    """
    for values in registry_rows(registry):
        named = values.get("url") or (values.get("path", "") if "://" in values.get("path", "") else "")
        if named:
            yield _seed(named, values)


def _seed(named: str, values: dict[str, str]) -> Seed:
    hints = Hints(**{name: values.get(name, "") for name in Hints.__struct_fields__})
    follow = values.get("follow") or "document"
    if follow not in FOLLOW:
        return Seed(named, "document", hints, f"Its follow is {follow!r}: one of {', '.join(FOLLOW)} is known.")
    try:
        return Seed(address_of(named), follow, hints)
    except Refused as refused:
        return Seed(named, follow, hints, str(refused))


def merged(seeds: Sequence[Seed]) -> tuple[Seed, ...]:
    """Return each address once: followed as far as any row asks, with the hints that all of its rows share."""
    found: dict[str, Seed] = {}
    for seed in seeds:
        known = found.get(seed.address)
        if known is None:
            found[seed.address] = seed
            continue
        hints = {
            name: getattr(known.hints, name) if getattr(known.hints, name) == getattr(seed.hints, name) else ""
            for name in Hints.__struct_fields__
        }
        follow = max(known.follow, seed.follow, key=HOPS.__getitem__)
        found[seed.address] = Seed(seed.address, follow, Hints(**hints), known.refused)
    return tuple(found.values())
