"""How servers are asked: what each allows, how fast, and when it is left alone.

Belongs here: robots.txt, pauses, Retry-After, hosts that are down. Does not belong here: what is asked for (`spider.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from pipeline.fetch.addresses import Refused, host_of, prove_allowed
from pipeline.fetch.crawl.resolver import REFUSED as NOT_PUBLIC
from pipeline.fetch.inbox import FAILED, REFUSED

AGENT = "yusuan"
"""The name that rules of robots.txt are looked up under."""

LONGEST_CRAWL_DELAY = 60.0
"""Seconds: what a robots.txt asks for beyond is taken for a slip of the unit."""

SHORTEST_DELAY = 0.02
"""Seconds between two requests to a host, whatever is asked for: with none Scrapy sends at once all that waits for it."""

_ROBOTS_SECONDS = 30.0
"""Seconds that a robots.txt may take: it is the first that a host is asked for, so that one that is down costs no more."""

_ROBOTS_BYTES = 512_000
"""Bytes of a robots.txt that are read: what RFC 9309 asks for."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
"""Seconds between two requests after a failure; the pause doubles with each."""

_JITTER = 0.3
"""Share by which pauses vary, so that many fetchers do not beat in step."""

_TOO_MANY, _UNAVAILABLE = 429, 503


class NotAsked(IgnoreRequest):
    """A request that is not made, with the status and the reason for the registry."""

    def __init__(self, status: str, reason: str) -> None:
        """Keep status and reason."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Hosts:
    """What is known of each host in this run.

    Attributes:
        stopped: hosts that are left alone, with the reason.
        requests: how many were sent to each.
    """

    def __init__(self, crawler: Any, delay: float, failures: int, wait: float) -> None:
        """Keep the usual delay and the limits (see `pipeline.fetch.job`)."""
        self.stopped: dict[str, str] = {}
        self.requests: Counter[str] = Counter()
        self._crawler = crawler
        self._usual: dict[str, float] = {}
        self._delay = delay
        self._most_failures = failures
        self._longest_wait = wait
        self._failures: Counter[str] = Counter()

    def keep_delay(self, host: str, seconds: float) -> None:
        """Ask a host no faster than its robots.txt wants."""
        self._usual[host] = max(self._delay, min(seconds, LONGEST_CRAWL_DELAY))
        self._pause(host, self._usual[host])

    def answered(self, host: str, response: Response, now: float) -> None:
        """Take notice of an answer: whether the host wants a pause, or fails."""
        if response.status < 500 and response.status != _TOO_MANY:
            self._failures[host] = 0
            self._pause(host, self._usual.get(host, self._delay), jitter=_JITTER)
            return
        asked = _seconds_asked(response, now) if response.status in (_TOO_MANY, _UNAVAILABLE) else None
        if asked is not None and asked > self._longest_wait:
            until = datetime.fromtimestamp(now + asked, UTC).strftime("%Y-%m-%d %H:%M UTC")
            self.stopped.setdefault(host, f"The server asks to be left alone until {until} (HTTP {response.status}).")
        elif asked is not None:
            self.failed(host, f"it answers HTTP {response.status}")  # one that asks for a pause each time is left alone too
            self._pause(host, max(asked, self._delay))
        else:
            self.failed(host, f"it answers HTTP {response.status}")

    def failed(self, host: str, why: str) -> None:
        """Take notice of a failure: after some in a row the host is left alone."""
        self._failures[host] += 1
        count = self._failures[host]
        if count >= self._most_failures:
            self.stopped.setdefault(host, f"The host failed {count} times in a row ({why}) and is not asked again in this run.")
        self._pause(host, min(max(self._delay, _FIRST_PAUSE) * 2 ** (count - 1), _LONGEST_PAUSE))

    def _pause(self, host: str, seconds: float, jitter: float = 0.0) -> None:
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.jitter, slot.lastseen = seconds, jitter, time.monotonic()  # from the answer on, however long it took


class PoliteHandler(HTTP11DownloadHandler):
    """Sends requests: the last place before the wire, which also sees those that waited in a queue."""

    def __init__(self, crawler: Any) -> None:
        """Keep the crawler, whose spider knows the hosts."""
        super().__init__(crawler)
        self._asking = crawler

    async def download_request(self, request: Request) -> Response:
        """Send a request, unless its host is left alone."""
        host, spider = host_of(request.url), self._asking.spider
        hosts: Hosts = spider.hosts
        if why := hosts.stopped.get(host):
            raise NotAsked(FAILED, why)
        hosts.requests[host] += 1
        try:
            response = await super().download_request(request)
        except DownloadCancelledError:
            raise  # larger than allowed: the host is well
        except Exception as error:
            hosts.failed(host, why_of(error, request.url)[1])
            raise
        hosts.answered(host, response, spider.now())
        return response


class Guard:
    """Refuses addresses before anything is sent: those of registries and pages, of redirects, of robots.txt."""

    def __init__(self, private: bool) -> None:
        """Keep whether machines that are not public may be asked."""
        self._private = private

    @classmethod
    def from_crawler(cls, crawler: Any) -> Guard:
        """Return the guard of a crawler."""
        return cls(crawler.settings.getbool("YUSUAN_PRIVATE"))

    def process_request(self, request: Request) -> None:
        """Refuse a request that may not be made."""
        try:
            prove_allowed(request.url, private=self._private)
        except Refused as refused:
            sent = request.meta.get("redirect_urls")
            raise NotAsked(REFUSED, f"It redirects to {request.url}: {refused}" if sent else str(refused)) from None


class RobotsRules:
    """Obeys robots.txt (RFC 9309): what it forbids is not asked, and where it cannot be had because the server fails, nothing is."""

    def __init__(self, crawler: Any) -> None:
        """Keep the crawler, which fetches the files."""
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Protego | NotAsked]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsRules:
        """Return the rules of a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse a request that the rules of its site forbid."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._fetched(site))
        rules = await asyncio.shield(self._rules[site])
        if isinstance(rules, NotAsked):
            raise NotAsked(rules.status, rules.reason)
        if not rules.can_fetch(request.url, AGENT):
            raise NotAsked(REFUSED, "The site's robots.txt forbids it.")

    async def _fetched(self, site: str) -> Protego | NotAsked:
        meta = {"robots": True, "download_timeout": _ROBOTS_SECONDS, "download_maxsize": _ROBOTS_BYTES}
        request = Request(f"{site}/robots.txt", meta=meta, priority=1000, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except DownloadCancelledError:
            return Protego.parse("")  # longer than anybody has to read
        except Exception as error:
            status, reason = why_of(error, request.url)
            return NotAsked(status, f"The site's robots.txt could not be had, so that nothing of it is asked: {reason}")
        if response.status >= 500 or response.status == _TOO_MANY:
            return NotAsked(FAILED, f"The site's robots.txt could not be had (HTTP {response.status}), so that nothing of it is asked now.")
        rules = Protego.parse(response.body.decode("utf-8", "replace") if response.status == 200 else "")
        if delay := rules.crawl_delay(AGENT):
            self._crawler.spider.hosts.keep_delay(host_of(request.url), float(delay))
        return rules


def why_of(error: BaseException, address: str) -> tuple[str, str]:
    """Return the status and the reason, in one sentence, for an address that could not be had."""
    if isinstance(error, NotAsked):
        return error.status, error.reason
    host, words = host_of(address), " ".join(str(error).split())
    if isinstance(error, CannotResolveHostError):
        if host in NOT_PUBLIC:
            return REFUSED, f"{host} stands for {NOT_PUBLIC[host]}, which is not a public address."
        return FAILED, f"The name {host} is not known."
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in words:
        return REFUSED, "It is larger than is fetched, as sent or unpacked."
    if isinstance(error, IgnoreRequest):
        return FAILED, "It redirects too often." if "redirection" in words else f"It was not asked: {words}."
    if isinstance(error, DownloadTimeoutError):
        return FAILED, "It did not come within the time that an answer may take."
    if isinstance(error, DownloadConnectionRefusedError):
        return FAILED, "The host refuses the connection."
    if isinstance(error, ResponseDataLossError):
        return FAILED, "Fewer or other bytes came than the server announced."
    if "certificate" in words.lower() or "SSL" in words or "tls" in words.lower():
        return REFUSED, f"The connection could not be proved to be to {host} (TLS): {words[:200]}"
    return FAILED, f"The connection failed: {words[:200] or type(error).__name__}"


def _seconds_asked(response: Response, now: float) -> float | None:
    """Return how many seconds a server asks to wait, None if it does not say."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isdecimal():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (ValueError, TypeError):
        return None
