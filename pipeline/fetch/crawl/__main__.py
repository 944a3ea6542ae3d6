"""The process that fetches: reads a job from its standard input, and writes what happens to its standard output, a line of JSON each.

Belongs here: the settings of Scrapy, beginning and end. It is a process of its own because Twisted's reactor starts once in a process, and
so that whatever a server does to it costs nothing else. When the one who asked is gone, it ends.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import msgspec
from scrapy.crawler import CrawlerProcess

from pipeline.fetch.china_time import is_night
from pipeline.fetch.crawl.politeness import SHORTEST_DELAY
from pipeline.fetch.crawl.spider import DisclosureSpider
from pipeline.fetch.inbox import Inbox, InboxInUse, in_use
from pipeline.fetch.job import Ended, Event, Job

_HERE = "pipeline.fetch.crawl"
_AT_ONCE = 64
"""Requests that are under way or wait for their host, over all hosts: one that drips must not keep the others waiting."""


def settings_of(job: Job) -> dict[str, Any]:
    """Return Scrapy's settings for a job; whatever reaches out of a crawl (telnet, remote control, proxies of the environment) is off."""
    return {
        "USER_AGENT": job.user_agent,
        "YUSUAN_PRIVATE": job.private,
        "CONCURRENT_REQUESTS": _AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": max(job.delay, SHORTEST_DELAY),
        "DOWNLOAD_TIMEOUT": job.limits.seconds,
        "DOWNLOAD_MAXSIZE": job.limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": f"{_HERE}.politeness.PoliteHandler",
            "https": f"{_HERE}.politeness.PoliteHandler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES": {
            f"{_HERE}.politeness.Guard": 50,
            f"{_HERE}.politeness.RobotsRules": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
        },
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/pdf;q=0.9,*/*;q=0.8", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"},
        "EXTENSIONS": {
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
            "scrapy.extensions.feedexport.FeedExporter": None,
            "scrapy.extensions.logstats.LogStats": None,
        },
        "HTTPERROR_ALLOW_ALL": True,
        "REDIRECT_MAX_TIMES": job.limits.redirects,
        "REFERRER_POLICY": "same-origin",
        "RETRY_TIMES": job.limits.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "TWISTED_DNS_RESOLVER": f"{_HERE}.resolver.PublicResolver",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "STATS_DUMP": False,
    }


def run(job: Job, tell: Any) -> Ended:
    """Do a job; return how it ended.

    Raises:
        InboxInUse: another process fetches into the inbox.
    """
    if job.dry_run:
        return _crawl(job, Inbox(None), tell)[0]
    folder = Path(job.inbox)
    with in_use(folder):
        inbox = Inbox(folder)
        try:
            ended, at = _crawl(job, inbox, tell)
        except BaseException:
            inbox.write_registry()
            raise
        inbox.write_registry()
        if ended.complete:  # now that all of it can be read: who is killed before goes on, and writes the registry then
            inbox.end(at, sum(ended.requests.values()))
        inbox.close()
        return ended


def _crawl(job: Job, inbox: Inbox, tell: Any) -> tuple[Ended, float]:
    """Return how a crawl ended, and when."""
    process = CrawlerProcess(settings_of(job), install_root_handler=False)
    crawler = process.create_crawler(DisclosureSpider)
    clock = DisclosureSpider(job, inbox, tell)
    if job.nights and not is_night(clock.now()):
        return Ended(False, "it is day in China; nights are from 22:00 to 06:00 there"), clock.now()
    inbox.begin(clock.now(), job.scope)
    process.crawl(crawler, job=job, inbox=inbox, tell=tell)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, DisclosureSpider):
        return Ended(False, "the crawl could not be started"), clock.now()
    requests = dict(sorted(spider.hosts.requests.items()))
    return Ended(not spider.why_stopped, spider.why_stopped, requests), spider.now()


def main() -> int:
    """Read the job, do it, and say how it ended."""
    warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(name)s: %(message)s")
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    encode = msgspec.json.Encoder().encode

    def tell(event: Event) -> None:
        sys.stdout.buffer.write(encode(event) + b"\n")
        sys.stdout.buffer.flush()

    try:
        tell(run(job, tell))
    except InboxInUse as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _end_with_parent() -> None:
    """Wait until the one who asked is gone: everything that was had is kept, so that nothing has to be put in order."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
