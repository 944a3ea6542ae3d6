"""What each source gave, and what it should have given: for people, and for alerts.

Belongs here: counting what an inbox knows. Does not belong here: telling (`assets.automation`, `assets.cli`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.budget.characters import fold
from pipeline.budget.patterns import NAMED_YEAR
from pipeline.fetch.addresses import host_of
from pipeline.fetch.china_time import CHINA
from pipeline.fetch.inbox import FAILED, FETCHED, GONE, REFUSED, UNCHANGED, Inbox, KnownDocument, KnownPage

DUE = {"budget": (4, 0), "final_account": (10, 1)}
"""Kind → month by which what departments disclose is complete, and how many years after the fiscal year. Budgets are disclosed within 20
days of the parliament's approval, by the end of March; final accounts of the year before by the end of September."""

FEWER = 0.8
"""Share of last year's documents below which a source is said to give fewer: offices are merged and split, some of a hundred a year."""


_NAMED = 10
"""Titles that an alert names; `yusuan sources --json` has all."""

_YEAR = re.compile(NAMED_YEAR)


@dataclass(slots=True)
class SourceReport:
    """One source: a row of a registry, and all that was found from it.

    Attributes:
        address: of the row.
        last_success: when its page, or document, was last had; None if never.
        status, reason: of its page, or document, now.
        documents: how many there are by fiscal year and kind.
        titles: of the pages that led to them, without years, by fiscal year and kind.
        missed: addresses that could not be had, by status.
        lost: pages that lost many of their links, with how many they had.
        notes: what is to be said of its pages.
    """

    address: str
    last_success: float | None = None
    status: str = ""
    reason: str = ""
    documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    titles: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)
    lost: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The host of its address."""
        return host_of(self.address)

    @property
    def years(self) -> Mapping[str, int]:
        """Documents by fiscal year."""
        counted: Counter[str] = Counter()
        for (year, _), count in self.documents.items():
            counted[year] += count
        return dict(sorted(counted.items()))


@dataclass(frozen=True, slots=True)
class SourceAlert:
    """Something that a person should look at; `kind` is stable, `text` a sentence."""

    kind: str
    source: str
    text: str


def reports_of(inbox: Inbox) -> list[SourceReport]:
    """Return one report per source that was ever asked, by address."""
    reports: dict[str, SourceReport] = defaultdict(lambda: SourceReport(""))
    for page in inbox.pages():
        _count_page(_report(reports, page.source), page)
    for document in inbox.documents():
        _count_document(_report(reports, document.said.source or document.address), document)
    return [reports[address] for address in sorted(reports)]


def alerts_of(reports: Iterable[SourceReport], now: float) -> list[SourceAlert]:
    """Return what a person should look at: sources that fail, pages that changed, documents of last year that have no successor."""
    return [alert for report in reports for alert in (*_failures(report), *_missing(report, now), *_missing_offices(report, now))]


def missing_against_last_year(report: SourceReport, now: float) -> Sequence[tuple[str, str, int, int]]:
    """Return fiscal year, kind, documents of the year before, and of this year, where there are fewer and all should be there."""
    found = []
    for kind in DUE:
        year = _last_due(kind, now)
        before, here = report.documents[str(year - 1), kind], report.documents[str(year), kind]
        if before and here < before * FEWER:
            found.append((str(year), kind, before, here))
    return found


def titles_missing(report: SourceReport, now: float) -> list[str]:
    """Return the titles, without years, under which there were documents last year and are none this year, though all should be there."""
    found: set[str] = set()
    for kind in DUE:
        year = _last_due(kind, now)
        if report.documents[str(year), kind]:  # with none at all the source itself is told of
            found |= report.titles.get((str(year - 1), kind), set()) - report.titles.get((str(year), kind), set())
    return sorted(found)


def _report(reports: dict[str, SourceReport], address: str) -> SourceReport:
    report = reports[address]
    report.address = address
    return report


def _count_page(report: SourceReport, page: KnownPage) -> None:
    if page.address == page.source:
        report.status, report.reason = page.status, page.reason
        if page.status in (FETCHED, UNCHANGED):
            report.last_success = page.asked_at
    elif page.status in (FAILED, REFUSED):
        report.missed[page.status] += 1
    if page.said.links_before and page.status in (FETCHED, UNCHANGED):
        report.lost[page.address] = page.said.links_before
    if page.said.note:
        report.notes.append(f"{page.address}: {page.said.note}")


def _count_document(report: SourceReport, document: KnownDocument) -> None:
    if not document.current:
        return
    if document.address == report.address:
        report.status, report.reason = document.status, document.reason
        if document.status in (FETCHED, UNCHANGED):
            report.last_success = document.asked_at
    if document.sha256 and document.status != GONE:
        key = _year_of(document), document.said.hints.kind or "unknown"
        report.documents[key] += 1
        report.titles.setdefault(key, set()).add(_title_of(document))
    else:
        report.missed[document.status] += 1


def _title_of(document: KnownDocument) -> str:
    return _YEAR.sub("", fold(document.said.page_title or document.said.link_text))


def _year_of(document: KnownDocument) -> str:
    hints = document.said.hints
    return hints.fiscal_year or "unknown"


def _failures(report: SourceReport) -> Iterable[SourceAlert]:
    if report.status in (FAILED, REFUSED, GONE):
        yield SourceAlert("source_failed", report.address, f"{report.address} gives nothing: {report.reason}")
    for page, before in report.lost.items():
        text = f"{page} led to {before} documents or pages and leads to fewer than half of them: it was built anew, or its list is gone."
        yield SourceAlert("page_changed", report.address, text)


def _missing(report: SourceReport, now: float) -> Iterable[SourceAlert]:
    for year, kind, before, here in missing_against_last_year(report, now):
        what = kind.replace("_", " ") + "s"
        if here:
            text = f"{report.address} gave {before} {what} of {int(year) - 1} and {here} of {year}."
            yield SourceAlert("fewer_documents", report.address, text)
        else:
            text = f"{report.address} gave {before} {what} of {int(year) - 1} and none of {year}."
            yield SourceAlert("no_documents", report.address, text)


def _missing_offices(report: SourceReport, now: float) -> Iterable[SourceAlert]:
    if titles := titles_missing(report, now):
        more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
        text = f"{report.address} gave documents last year and none this year under: {', '.join(titles[:_NAMED])}{more}."
        yield SourceAlert("missing_offices", report.address, text)


def _last_due(kind: str, now: float) -> int:
    """Return the last fiscal year of which all documents of a kind should be there."""
    month, years_after = DUE[kind]
    today = datetime.fromtimestamp(now, CHINA)
    return today.year - years_after - (0 if today.month >= month else 1)


def time_shown(seconds: float | None) -> str:
    """Return a time for people."""
    return "never" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
