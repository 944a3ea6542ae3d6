"""The walk from the pages of a registry to documents.

Belongs here: what is asked next, and what follows from an answer. Does not belong here: which links are of interest
(`pipeline.fetch.finding`), how servers are asked (`politeness.py`), keeping (`pipeline.fetch.inbox`).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from pipeline.document.content import UnreadableDocument
from pipeline.document.media_types import CSV, EMPTY, HTML, OTHER, TEXT, media_type
from pipeline.fetch.addresses import DOCUMENT_ENDINGS, Refused, ending_of, prove_allowed
from pipeline.fetch.china_time import is_night
from pipeline.fetch.crawl.politeness import SHORTEST_DELAY, Hosts, why_of
from pipeline.fetch.crawl.tasks import Task, charset_of, conditions_of, header_of, link_of, links_before, nearer_hints, said_below
from pipeline.fetch.finding import (
    DOCUMENT,
    NEXT,
    PAGE,
    candidates_of,
    is_error_page,
    is_itself_a_disclosure,
    what_scripts_hide,
    what_scripts_lead_on_to,
)
from pipeline.fetch.inbox import (
    FAILED,
    FETCHED,
    GONE,
    REFUSED,
    UNCHANGED,
    DocumentSaid,
    Inbox,
    KnownDocument,
    KnownPage,
    PageSaid,
)
from pipeline.fetch.job import HOPS, Answered, Event, Job, PageSeen, Seed
from pipeline.fetch.web_page import WebPage, is_data, read_links

_WRITE_EVERY = 60.0
"""Seconds between two registries written while a fetch is under way."""

_MOST_LEFT = 400
"""Links left that are kept of a page, with the reason: enough for what is in its body."""

_DATA_BYTES = 1_000
"""Bytes of an answer that show whether it is a list as data."""

_GONE_STATUSES = (404, 410)
_LOGIN_STATUSES = (401, 403, 407)
_PAGE_TYPES = (HTML, TEXT, CSV)


class DisclosureSpider(Spider):
    """Asks for what a job names, and for what the pages lead to."""

    name = "disclosures"

    def __init__(self, job: Job, inbox: Inbox, tell: Callable[[Event], None], **given: Any) -> None:
        """Keep the job, where what it finds is kept, and who is told."""
        super().__init__(**given)
        self.job = job
        self.inbox = inbox
        self.tell = tell
        self.hosts: Hosts
        self.why_stopped = ""
        self._asked: set[str] = set()
        self._of_source: Counter[str] = Counter()
        self._pages_of_source: Counter[str] = Counter()
        self._ahead = 0.0 if job.now is None else job.now - time.time()
        self._changed = False
        self._swept = False

    @classmethod
    def from_crawler(cls, crawler: Any, *given: Any, **named: Any) -> DisclosureSpider:
        """Return the spider of a crawler."""
        spider = super().from_crawler(crawler, *given, **named)
        limits = spider.job.limits
        crawler.signals.connect(spider.ask_for_the_rest, signals.spider_idle)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        spider.hosts = Hosts(crawler, max(spider.job.delay, SHORTEST_DELAY), limits.failures, limits.wait)
        return spider

    def now(self) -> float:
        """Return the time in seconds since 1970, as the job has it."""
        return time.time() + self._ahead

    async def start(self) -> AsyncIterator[Request]:
        """Yield the requests for the registry's rows."""
        self._watching = asyncio.ensure_future(self._watch())
        for seed in self.job.seeds:
            for request in self._begin(seed):
                yield request

    def ask_for_the_rest(self) -> None:
        """Ask for the documents that no page leads to any more, once everything else was asked: whether they are still there."""
        if self._swept or self.why_stopped or self.job.dry_run:
            return
        self._swept = True
        sources = {seed.address for seed in self.job.seeds}
        known = [document for document in self.inbox.documents() if document.current and document.said.source in sources]
        requests = [
            request
            for document in known
            if document.sha256
            for request in self._ask(Task(document.address, DOCUMENT, 0, document.said.source, document.said))
        ]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def stumbled(self, failure: Any, response: Response) -> None:
        """Take notice of an error in what was done with an answer: its address failed, or nothing more can be kept."""
        error = failure.value
        if isinstance(error, OSError | sqlite3.Error):
            self.why_stopped = self.why_stopped or f"what is fetched cannot be kept: {error}"
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="inbox"))
            return
        self._missed(response.meta["task"], FAILED, f"What it gives could not be read: {type(error).__name__}.")

    def closed(self, reason: str) -> None:
        """Stop watching."""
        self._watching.cancel()
        if reason != "finished":
            self.why_stopped = self.why_stopped or reason

    async def _watch(self) -> None:
        """Write the registry now and then, and end with the night where only nights are wanted."""
        written = time.monotonic()
        while True:
            await asyncio.sleep(1.0)
            if self._changed and time.monotonic() - written > _WRITE_EVERY:
                self.inbox.write_registry()
                self._changed, written = False, time.monotonic()
            if self.job.nights and not is_night(self.now()) and not self.why_stopped:
                self.why_stopped = "the night in China is over; the next fetch goes on"
                await self.crawler.engine.close_spider_async(reason="day")

    def _begin(self, seed: Seed) -> Iterator[Request]:
        said = DocumentSaid(hints=seed.hints, source=seed.address)
        expects = DOCUMENT if seed.follow == "document" else PAGE
        task = Task(seed.address, expects, HOPS[seed.follow], seed.address, said)
        if seed.refused:
            self._missed(task, REFUSED, seed.refused)
        else:
            yield from self._ask(task)

    def _ask(self, task: Task) -> Iterator[Request]:
        """Yield the request for an address, unless it was asked, need or may not be; what is known of a page is followed at once."""
        if task.address in self._asked:
            return
        self._asked.add(task.address)
        self._of_source[task.source] += 1
        if self._of_source[task.source] > self.job.limits.addresses:
            self._missed(task, FAILED, f"More than {self.job.limits.addresses} addresses were found from its source: it was not asked.")
            return
        if task.expects == DOCUMENT and self.job.dry_run:
            return
        headers: dict[str, str] = {}
        page = None if task.expects == DOCUMENT else self.inbox.page(task.address)
        known = self.inbox.document(task.address) if page is None else None  # what a page's address gave may be a document
        if known is not None and (known.run == self.inbox.run or not self.inbox.is_due(known, self.now())):
            return
        if known is not None and known.sha256 and self.inbox.holds(known.sha256):
            headers = conditions_of(known.said.etag, known.said.last_modified)
        if task.expects != DOCUMENT:
            if page is not None and page.run == self.inbox.run:
                yield from self._follow(task, page)
                return
            self._pages_of_source[task.source] += 1
            if self._pages_of_source[task.source] > self.job.limits.pages:
                self._missed(task, FAILED, f"More than {self.job.limits.pages} pages were found from its source: it was not asked.")
                return
            if page is not None and page.status in (FETCHED, UNCHANGED):
                headers = conditions_of(page.said.etag, page.said.last_modified)
        try:
            prove_allowed(task.address, private=self.job.private)
        except Refused as refused:
            self._missed(task, REFUSED, str(refused))
            return
        limits = self.job.limits
        meta = {"task": task, "download_maxsize": limits.document_bytes if task.expects == DOCUMENT else limits.page_bytes}
        # pages first: what they lead to is known early, and a fetch that is ended has seen all lists
        priority = 0 if task.expects == DOCUMENT else 10
        yield Request(task.address, self._answered, errback=self._failed, headers=headers, meta=meta, priority=priority, dont_filter=True)

    def _answered(self, response: Response) -> Iterator[Request]:
        task: Task = response.meta["task"]
        status = response.status
        if status == 304:
            yield from self._same(task)
        elif status in _GONE_STATUSES:
            known = self.inbox.document(task.address)
            had = task.expects == DOCUMENT and known is not None and bool(known.sha256)
            self._missed(task, GONE if had else FAILED, f"The address answers HTTP {status}.")
        elif status in _LOGIN_STATUSES:
            self._missed(task, REFUSED, f"The server wants a login or forbids it (HTTP {status}).")
        elif status != 200:
            self._missed(task, FAILED, f"The address answers HTTP {status}.")
        else:
            yield from self._had(task, response)

    def _failed(self, failure: Any) -> None:
        task: Task = failure.request.meta["task"]
        self._missed(task, *why_of(failure.value, failure.request.url))

    def _same(self, task: Task) -> Iterator[Request]:
        """Note that nothing changed, and follow what is known of a page."""
        if task.expects == DOCUMENT:
            self.inbox.unchanged(task.address, self.now())
            self._tell(Answered(task.address, UNCHANGED))
            return
        page = self.inbox.page(task.address)
        if page is None:  # its address gave a document
            self.inbox.unchanged(task.address, self.now())
            self._tell(Answered(task.address, UNCHANGED))
            return
        kept = msgspec.structs.replace(page, status=UNCHANGED, reason="", asked_at=self.now())
        self.inbox.put_page(kept)
        if page.said.is_document:
            self.inbox.unchanged(task.address, self.now())
        self._tell(Answered(task.address, UNCHANGED))
        yield from self._follow(task, kept)

    def _had(self, task: Task, response: Response) -> Iterator[Request]:
        data = response.body
        kind = media_type(data)
        if kind == HTML or (kind == TEXT and task.expects != DOCUMENT and is_data(data[:_DATA_BYTES].decode("utf-8", "replace"))):
            try:
                page = read_links(data, response.url, charset_of(response))
            except UnreadableDocument as error:
                self._missed(task, FAILED, str(error))
                return
            if task.expects == DOCUMENT:
                yield from self._page_for_document(task, response, page)
            else:
                yield from self._page(task, response, page)
        elif kind == EMPTY:
            self._missed(task, FAILED, "The answer is empty.")
        elif kind in _PAGE_TYPES and ending_of(response.url) not in (".txt", ".csv", ""):
            self._missed(task, FAILED, "It gives a text in place of a document.")
        elif kind == OTHER or kind.startswith("image/"):
            self._missed(task, REFUSED, f"It gives no document, but {kind}.")
        else:
            self._keep(replace(task, expects=DOCUMENT), response, kind)

    def _page_for_document(self, task: Task, response: Response, page: WebPage) -> Iterator[Request]:
        """Keep a page that is the document, or follow the one that it leads to."""
        shown = [candidate for candidate in candidates_of(page, self.job.years) if candidate.expects == DOCUMENT]
        itself = is_itself_a_disclosure(page) or not (task.indirect or shown)
        if ending_of(task.address) not in DOCUMENT_ENDINGS and not is_error_page(page) and itself:
            self._keep_page(task, response, page)
            return
        if task.indirect or not shown or is_error_page(page):
            what = "an error page" if is_error_page(page) else "a web page"
            self._missed(task, FAILED, f"It gives {what} in place of a document: {page.title[:80] or 'without a title'}.")
            return
        self._missed(task, FAILED, f"It gives a web page that leads to {len(shown)} documents, which are asked for.")
        for candidate in shown:
            said = msgspec.structs.replace(task.said, link_text=task.said.link_text or candidate.link.words)
            yield from self._ask(Task(candidate.link.address, DOCUMENT, 0, task.source, said, indirect=True))

    def _page(self, task: Task, response: Response, page: WebPage) -> Iterator[Request]:
        """Keep what a page says, and follow its links."""
        found = candidates_of(page, self.job.years)
        hidden = what_scripts_hide(page, found)
        if is_error_page(page):
            self._missed(task, FAILED, f"It is an error page: {page.title[:80]}.")
            return
        documents = sum(candidate.expects == DOCUMENT for candidate in found)
        itself = not documents and is_itself_a_disclosure(page)
        taken = [candidate for candidate in found if candidate.taken][: self.job.limits.links]
        notes = [hidden] if hidden and not itself else []
        if further := what_scripts_lead_on_to(page, found):
            notes.append(further)
        if page.holds_back or len(taken) < sum(candidate.taken for candidate in found):
            notes.append(f"It has more links than are followed: the first {len(taken)} are.")
        listing = task.address == task.source
        if listing and not taken and not itself and not notes:
            notes = [f"None of its {len(found)} links leads to what departments disclose."]
        note = " ".join(notes)
        said = PageSaid(
            final_url=response.url,
            etag=header_of(response, "ETag"),
            last_modified=header_of(response, "Last-Modified"),
            title=page.title,
            office=page.office or "",
            published_at=page.published or "",
            links=tuple(link_of(candidate) for candidate in taken),
            left=tuple((c.link.words, c.link.address, c.reason) for c in found if not c.taken)[:_MOST_LEFT],
            note=note,
            is_document=itself,
            links_before=0 if task.expects == NEXT else links_before(self.inbox.page(task.address), len(taken)),
        )
        failed = listing and not taken and not itself
        known = KnownPage(task.address, task.source, FAILED if failed else FETCHED, note, self.inbox.run, self.now(), said)
        self.inbox.put_page(known)
        self._changed = True
        rows = tuple((c.expects, c.link.words, c.link.address, c.reason) for c in found) if self.job.dry_run else ()
        self._tell(PageSeen(task.address, page.title, len(taken), len(found) - len(taken), rows, note))
        if itself and not self.job.dry_run:
            self._keep_page(task, response, page)
        yield from self._follow(task, known)

    def _follow(self, task: Task, page: KnownPage) -> Iterator[Request]:
        """Yield requests for what a page leads to."""
        for link in page.said.links:
            if link.expects == NEXT:
                yield from self._ask(replace(task, address=link.address, expects=NEXT))
            elif link.expects == PAGE:
                if task.hops > 0:
                    yield from self._ask(
                        replace(task, address=link.address, expects=PAGE, hops=task.hops - 1, said=said_below(task, page, link))
                    )
            elif not self.job.dry_run:
                yield from self._ask(Task(link.address, DOCUMENT, 0, task.source, said_below(task, page, link)))

    def _keep_page(self, task: Task, response: Response, page: WebPage) -> None:
        """Keep a page as a document; one that shows the same text as before did not change, whatever counts its visitors."""
        before = self.inbox.document(task.address)
        if before is not None and before.sha256 and self._shows_the_same(before, page):
            self.inbox.unchanged(task.address, self.now())
            self._tell(Answered(task.address, UNCHANGED))
            return
        said = msgspec.structs.replace(
            task.said,
            page_title=page.title,
            office=page.office or task.said.office,
            hints=nearer_hints(task.said.hints, None, None, page.published or ""),
            landing_page=task.said.landing_page or task.source,
        )
        self._keep(replace(task, expects=DOCUMENT, said=said), response, HTML)

    def _shows_the_same(self, before: KnownDocument, page: WebPage) -> bool:
        data = self.inbox.read(before.sha256)
        if data is None or media_type(data) != HTML:
            return False
        try:
            return read_links(data, before.said.final_url or before.address).text == page.text
        except UnreadableDocument:
            return False

    def _keep(self, task: Task, response: Response, kind: str) -> None:
        sha256 = self.inbox.keep(response.body)
        said = msgspec.structs.replace(
            task.said,
            final_url=response.url,
            content_type=kind,
            etag=header_of(response, "ETag"),
            last_modified=header_of(response, "Last-Modified"),
        )
        status = self.inbox.had(task.address, sha256, len(response.body), said, self.now())
        self._changed = True
        self._tell(Answered(task.address, status))

    def _missed(self, task: Task, status: str, reason: str) -> None:
        if task.expects == DOCUMENT:
            self.inbox.missed(task.address, status, reason, task.said, self.now())
        else:
            before = self.inbox.page(task.address)
            said = before.said if before is not None else PageSaid()
            self.inbox.put_page(KnownPage(task.address, task.source, status, reason, self.inbox.run, self.now(), said))
        self._changed = True
        self._tell(Answered(task.address, status, reason))

    def _tell(self, event: Event) -> None:
        self.tell(event)
