"""Commands that get documents from the web: fetch them, show what the sources gave.

Belongs here: their arguments and what they show. What they do is in `pipeline.fetch`.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assets.cli import terminal
from assets.cli.arguments import check_writable, refusals, years_of
from assets.cli.build_options import AsJson
from assets.cli.exits import HELD_BACK, IMPOSSIBLE, SUCCESS, end, show, usage
from assets.environment import CONTACT_VARIABLE, INBOX_VARIABLE

if TYPE_CHECKING:
    from pipeline.fetch.job import Answered, Ended, Event, PageSeen

commands = typer.Typer()

Registries = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[REGISTRY]...", help="Source registries (CSV) with addresses. None: the landing pages that come with this program."
    ),
]
Into = Annotated[Path, typer.Option("--into", metavar="INBOX", envvar=INBOX_VARIABLE, help="Folder that documents are kept in.")]

REGISTRY_NAME = "registry.csv"
_MISSING = ("fiscal_year", "kind", "last_year", "this_year")
_STATUSES = ("fetched", "unchanged", "gone", "refused", "failed")


@commands.command(
    epilog="Example: [bold]yusuan fetch registry.csv --into inbox --contact me@example.org && yusuan build inbox/registry.csv[/]"
)
def fetch(
    registries: Registries = None,
    into: Into = Path("inbox"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the pages and show each link with the reason for taking or leaving it; keep nothing.")
    ] = False,
    years: Annotated[
        str | None,
        typer.Option("--years", metavar="YEARS", help="Only these fiscal years: 2026, or 2018..2022. Else those that pages are about."),
    ] = None,
    delay: Annotated[float, typer.Option("--delay", min=0, metavar="SECONDS", help="Between two requests to one host, at least.")] = 3.0,
    nights: Annotated[bool, typer.Option("--nights", help="Ask only between 22:00 and 06:00 in China; the next fetch goes on.")] = False,
    contact: Annotated[
        str, typer.Option("--contact", metavar="ADDRESS", envvar=CONTACT_VARIABLE, help="Where you can be reached: told to every server.")
    ] = "",
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Ask machines that are not on the public internet too: for tests on this machine.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if an address was refused or failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Get the documents that registries name, or that the pages they name lead to, into a folder that `yusuan build` reads.

    One request at a time to a host, with pauses; robots.txt is obeyed, no script is run. What is there is asked for again only if it
    changed; a fetch that was interrupted goes on where it stopped.
    """
    from pipeline.fetch.fetching import fetch as run
    from pipeline.fetch.inbox import REGISTRY
    from pipeline.fetch.job import Job, merged, seeds_of
    from schemas.sources import LANDING_PAGES

    _check(registries or [], into, contact)
    with refusals():
        seeds = merged([seed for registry in registries or [LANDING_PAGES] for seed in seeds_of(registry)])
    if not seeds:
        usage("the registries name no address of the web: nothing was asked.")
    if not contact and not as_json:
        sys.stderr.write("yusuan: say with --contact where you can be reached: whoever runs a server may want to ask.\n")
    job = Job(
        str(into),
        seeds,
        years=years_of(years) if years else None,
        delay=delay,
        contact=contact,
        version=metadata.version("yusuan"),
        nights=nights,
        private=allow_private,
        dry_run=dry_run,
    )
    told = _Told(dry_run)
    with terminal.steps() as steps, _refused_fetches():
        step = steps.of("asking")

        def tell(event: "Event") -> None:
            told.take(event)
            step(told.done, max(told.done, told.known + len(seeds)), getattr(event, "address", ""))

        ended = run(job, tell)
    registry = None if dry_run else into / REGISTRY
    if as_json:
        terminal.print_json({"inbox": str(into), "registry": registry, **told.summary(ended)})
    else:
        show(told.shown(ended, registry))
    bad = strict and (told.counts["failed"] or told.counts["refused"])
    raise typer.Exit(HELD_BACK if bad or not ended.complete else SUCCESS)


@commands.command(epilog="Example: [bold]yusuan sources --into inbox[/]")
def sources(into: Into = Path("inbox"), as_json: AsJson = False) -> None:
    """Show what each source gave: its last success, documents by year, what is missing against last year, what a person should look at."""
    import time

    from pipeline.fetch.inbox import Inbox
    from pipeline.fetch.source_report import alerts_of, missing_against_last_year, reports_of, time_shown, titles_missing

    if not (into / REGISTRY_NAME).is_file():
        usage(f"{into} is no inbox: fetch documents into one with `yusuan fetch --into {into}`.")
    now = time.time()
    inbox = Inbox(into)
    reports = reports_of(inbox)
    inbox.close()
    alerts = alerts_of(reports, now)
    if as_json:
        rows = [
            {
                "source": report.address,
                "last_success": None if report.last_success is None else time_shown(report.last_success),
                "status": report.status,
                "reason": report.reason,
                "documents": report.years,
                "missed": dict(report.missed),
                "missing": [dict(zip(_MISSING, each, strict=True)) for each in missing_against_last_year(report, now)],
                "titles_missing": titles_missing(report, now),
                "notes": report.notes,
            }
            for report in reports
        ]
        terminal.print_json({"inbox": str(into), "sources": rows, "alerts": [asdict(alert) for alert in alerts]})
        raise typer.Exit(SUCCESS)
    shown = terminal.table("Sources", "source", "last success", "status", "documents by year", "not had", "missing against last year")
    for report in reports:
        missing = [f"{kind} of {year}: {here} of {before}" for year, kind, before, here in missing_against_last_year(report, now)]
        shown.add_row(
            terminal.plain(report.address),
            time_shown(report.last_success),
            report.status,
            ", ".join(f"{year}: {count}" for year, count in report.years.items()) or "–",
            ", ".join(f"{count} {status}" for status, count in sorted(report.missed.items())) or "–",
            ", ".join(missing) or "–",
        )
    show([shown, *(f"[yellow]{alert.kind}[/] {terminal.plain(alert.text)}" for alert in alerts)])


def _check(registries: list[Path], into: Path, contact: str) -> None:
    """Refuse what cannot be, before anything is asked."""
    for registry in registries:
        if not registry.is_file():
            usage(f"{registry} is not a file: give the path of a source registry (CSV).")
    if into.exists() and not into.is_dir():
        usage(f"--into {into} is a file: name a folder.")
    check_writable(into, "--into")
    if any(ord(character) < 32 or ord(character) > 126 for character in contact):
        usage("--contact is sent in a header: write it in ASCII, such as an address of mail or of a web page.")


@contextmanager
def _refused_fetches() -> Iterator[None]:
    from pipeline.fetch.fetching import FetchFailed
    from pipeline.fetch.inbox import InboxInUse

    try:
        yield
    except InboxInUse as error:
        usage(str(error))
    except FetchFailed as error:
        end(IMPOSSIBLE, str(error))


@dataclass(slots=True)
class _Told:
    """What a fetch told: shown for people, summed up for machines."""

    links_too: bool
    counts: Counter[str] = field(default_factory=Counter)
    pages: list["PageSeen"] = field(default_factory=list)
    not_had: list["Answered"] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Addresses that were answered."""
        return len(self.pages) + self.counts.total()

    @property
    def known(self) -> int:
        """Addresses that pages led to."""
        return sum(page.taken for page in self.pages)

    def take(self, event: "Event") -> None:
        """Take notice of what happened."""
        from pipeline.fetch.job import Answered, PageSeen

        if isinstance(event, PageSeen):
            self.pages.append(event)
        elif isinstance(event, Answered):
            self.counts[event.status] += 1
            if event.reason:
                self.not_had.append(event)

    def summary(self, ended: "Ended") -> dict[str, Any]:
        """Return all of it, for machines."""
        names = ("expects", "text", "url", "reason")
        links = [
            {"page": page.address, "title": page.title, "links": [dict(zip(names, link, strict=True)) for link in page.links]}
            for page in self.pages
        ]
        return {
            "complete": ended.complete,
            "why": ended.why,
            "pages": len(self.pages),
            **{status: self.counts[status] for status in _STATUSES},
            "requests": ended.requests,
            "notes": [{"url": page.address, "note": page.note} for page in self.pages if page.note],
            "not_had": [{"url": each.address, "status": each.status, "reason": each.reason} for each in self.not_had],
            **({"links": links} if self.links_too else {}),
        }

    def shown(self, ended: "Ended", registry: Path | None) -> Iterator[str]:
        """Yield all of it, for people."""
        plain = terminal.plain
        for page in self.pages if self.links_too else ():
            yield f"[bold]{plain(page.address)}[/] {plain(page.title)}"
            for expects, words, address, reason in page.links:
                yield f"  {f'[green]{expects}[/]' if expects else '[dim]left[/]'} {plain(words or '–')} {plain(address)}: {plain(reason)}"
        for each in self.not_had:
            yield f"  [yellow]{each.status}[/] {plain(each.address)}: {plain(each.reason)}"
        for page in self.pages:
            if page.note:
                yield f"  [yellow]note[/] {plain(page.address)}: {plain(page.note)}"
        counted = ", ".join(f"{self.counts[status]} {status}" for status in _STATUSES if self.counts[status]) or "none"
        yield f"{len(self.pages)} pages read, {sum(ended.requests.values())} requests; addresses: {counted}"
        if registry is not None:
            yield f"Registry: [bold]{plain(str(registry))}[/]"
        if not ended.complete:
            yield f"[red]Not complete[/]: {plain(ended.why)}"
