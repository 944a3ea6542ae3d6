"""A made town on loopback: a portal and six offices, of which one publishes each night and another corrects what it published.

Belongs here: what is served in which night. What is killed meanwhile, and must come of it, is in `killed_nights.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.city import OFFICES, printed
from tests.pipeline.fetch.sites import Site, listing, served

TOWN = OFFICES[:6]
FIRST_YEAR = 2019
LAST_NIGHT = 47
"""Eight fiscal years of six offices."""

PORT = 8818
"""Of every host, so that nights that are gone on with find the same addresses."""


@dataclass
class Town:
    """A portal and its offices, each on a host of its own.

    Attributes:
        folder: where documents are kept once made.
        portal, offices: the sites.
    """

    folder: Path
    portal: Site
    offices: list[Site]

    @property
    def sites(self) -> list[Site]:
        """All hosts."""
        return [self.portal, *self.offices]

    @property
    def source(self) -> str:
        """The address that a registry names."""
        return f"{self.portal.address}/ys/index.html"

    def pass_night(self, night: int) -> None:
        """Let an office publish the budget of one year, and in every other night the one before it correct its last in its place."""
        self._serve(night, 0)
        if night % 2:
            self._serve(night - 1, 1)
        for number, office in enumerate(self.offices):
            years = [_year(each) for each in range(night + 1) if each % len(TOWN) == number]
            links = ((f"/files/{year}.pdf", f"{TOWN[number]}{year}年部门预算") for year in years)
            office.page("/ys/index.html", listing(f"{TOWN[number]}部门预算公开", *links))
        named = ((f"{office.address}/ys/index.html", name) for office, name in zip(self.offices, TOWN, strict=True))
        self.portal.page("/ys/index.html", listing("部门预算公开", *named))

    def expected(self, night: int) -> dict[str, int]:
        """Return how many documents are published and superseded after a night."""
        return {"published": night + 1, "superseded": (night + 1) // 2}

    def _serve(self, night: int, seed: int) -> None:
        number, year = night % len(TOWN), _year(night)
        kept = self.folder / f"{number}-{year}-{seed}.pdf"
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(printed(TOWN[number], year, seed).data)
        self.offices[number].document(f"/files/{year}.pdf", kept.read_bytes())


def _year(night: int) -> int:
    return FIRST_YEAR + night // len(TOWN)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Serve a town."""
    with ExitStack() as stack:
        offices = [stack.enter_context(served(f"127.0.2.{number + 2}", port=PORT)) for number in range(len(TOWN))]
        yield Town(folder, stack.enter_context(served("127.0.2.1", port=PORT)), offices)
