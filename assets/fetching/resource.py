"""What is fetched, into which inbox, and how. Unset, each is what the environment says when a run asks, never at import.

Belongs here: the settings of fetching. Fetching itself is in `pipeline.fetch`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.environment import (
    CONTACT_VARIABLE,
    DELAY_VARIABLE,
    INBOX_VARIABLE,
    NIGHTS_VARIABLE,
    NOW_VARIABLE,
    PRIVATE_VARIABLE,
    REGISTRIES_VARIABLE,
    setting,
)
from pipeline.fetch.addresses import host_of
from pipeline.fetch.inbox import REGISTRY, Inbox
from pipeline.fetch.job import Job, Limits, Seed, merged, seeds_of
from schemas.sources import LANDING_PAGES


class Fetching(dg.ConfigurableResource[None]):
    """What is fetched, and how.

    Attributes:
        inbox: folder that documents are fetched into; empty stands for $YUSUAN_INBOX, and where that is not set nothing is fetched.
        registries: files; none stands for $YUSUAN_REGISTRIES, else for the landing pages that come with the program.
        delay: seconds between two requests to a host; negative stands for $YUSUAN_FETCH_DELAY, else for three.
    """

    inbox: str = ""
    registries: list[str] = Field(default_factory=list)
    delay: float = -1.0

    @property
    def folder(self) -> Path | None:
        """The inbox; None where nothing is to be fetched."""
        named = self.inbox or setting(INBOX_VARIABLE)
        return Path(named) if named else None

    @property
    def nights(self) -> bool:
        """Whether sites are asked by night only."""
        return setting(NIGHTS_VARIABLE) == "1"

    @property
    def now(self) -> float:
        """The time that counts as now, in seconds since 1970."""
        simulated = setting(NOW_VARIABLE)
        if not simulated:
            return time.time()
        return float(simulated) if simulated.replace(".", "").isdigit() else float(Path(simulated).read_text("ascii"))

    def seeds(self) -> tuple[Seed, ...]:
        """Return where fetching begins.

        Raises:
            SourceError: a registry cannot be used.
        """
        named: list[str | Path] = [*self.registries] or [part for part in (setting(REGISTRIES_VARIABLE) or "").split(os.pathsep) if part]
        return merged([seed for registry in named or [LANDING_PAGES] for seed in seeds_of(Path(registry))])

    def job(self, seeds: Iterable[Seed]) -> Job:
        """Return what is asked of one fetch."""
        assert self.folder is not None
        return Job(
            str(self.folder),
            tuple(seeds),
            delay=self.delay if self.delay >= 0 else float(setting(DELAY_VARIABLE) or Job.__struct_defaults__[1]),
            contact=setting(CONTACT_VARIABLE) or "",
            version=metadata.version("yusuan"),
            nights=self.nights,
            private=setting(PRIVATE_VARIABLE) == "1",
            limits=Limits(),
            now=self.now if setting(NOW_VARIABLE) else None,
        )

    def open_inbox(self) -> Inbox:
        """Return the inbox, made if it is not there, with a registry that can be read."""
        assert self.folder is not None
        inbox = Inbox(self.folder)
        if not (self.folder / REGISTRY).exists():
            inbox.write_registry()
        return inbox


def hosts_of(seeds: Sequence[Seed]) -> list[str]:
    """Return the hosts that sources are on, in order; of an address that is none, the address."""
    return sorted({host_of(seed.address) or seed.address for seed in seeds})
