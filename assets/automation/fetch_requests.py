"""Which sources are to be asked now.

Belongs here: the decision, from what the inbox knows. What a run does is in `assets/fetching`, when one looks in `schedules.py` and
`sensors.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from assets.automation.dagster_runs import INPUTS_TAG, UnderWay, paused
from assets.fetching.assets import FETCHES_TAG
from assets.fetching.resource import Fetching, hosts_of
from assets.jobs import FETCH_JOB
from assets.partitions import SOURCES
from assets.seasons import in_season
from pipeline.fetch.china_time import is_night, last_night
from pipeline.fetch.inbox import FAILED
from pipeline.fetch.job import Seed
from pipeline.fetch.source_report import reports_of

LATE = 600.0
"""Seconds after which a nightly fetch is made up for: the schedule leaves it out while another fetch is under way, or was not there."""

NO_INBOX = "No inbox is set ($YUSUAN_INBOX): nothing is fetched."

_FIRST, _LAST = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def unless_fetching(instance: dg.DagsterInstance, fetching: Fetching) -> dg.SkipReason | None:
    """Return why no fetch is launched now: none is set up, or one is under way; else None."""
    if fetching.folder is None:
        return dg.SkipReason(NO_INBOX)
    return dg.SkipReason("Documents are being fetched.") if UnderWay(instance).fetching else None


def all_sources(instance: dg.DagsterInstance, fetching: Fetching, inputs: str = "all sources") -> dg.RunRequest | dg.SkipReason:
    """Return the request for one run over all sources; a reason where there are none.

    Schedule and sensor may ask for the same at the same time, as after a start in the night: the run that comes second asks nothing.
    """
    seeds = fetching.seeds()
    hosts = hosts_of(seeds)
    assert SOURCES.name is not None
    instance.add_dynamic_partitions(SOURCES.name, hosts)
    for gone in set(instance.get_dynamic_partitions(SOURCES.name)) - set(hosts):
        instance.delete_dynamic_partition(SOURCES.name, gone)
    known = instance.get_dynamic_partitions(SOURCES.name)
    if not known:
        return dg.SkipReason("The registries name no address of the web: nothing is fetched.")
    return dg.RunRequest(tags={_FIRST: known[0], _LAST: known[-1], INPUTS_TAG: inputs, **_fetches(fetching, seeds)})


def _fetches(fetching: Fetching, seeds: Iterable[Seed]) -> dict[str, str]:
    """Return the tag that says how many fetches of these sources have ended."""
    inbox = fetching.open_inbox()
    ended = inbox.times_ended(fetching.job(seeds).scope)
    inbox.close()
    return {FETCHES_TAG: str(ended)}


def next_fetch(instance: dg.DagsterInstance, fetching: Fetching) -> dg.RunRequest | dg.SkipReason:
    """Return the fetch that the schedule does not launch: of new sources, interrupted, of a night left out, of a source that failed."""
    now = fetching.now
    if fetching.nights and not is_night(now):
        return dg.SkipReason("It is day in China, and only nights are wanted.")
    seeds = fetching.seeds()
    inbox = fetching.open_inbox()
    scope = fetching.job(seeds).scope
    unfinished, last = inbox.unfinished(now, scope), inbox.last_fetched(scope)
    reports = {report.address: report for report in reports_of(inbox)}
    inbox.close()
    if unfinished is not None or any(seed.address not in reports for seed in seeds):
        inputs = f"fetch {unfinished or 'of new sources'}"
        if paused(instance, FETCH_JOB, inputs):
            return dg.SkipReason("Fetching failed several times: it is tried again after a pause. The runs say why.")
        return all_sources(instance, fetching, inputs)
    if not in_season(now):
        return dg.SkipReason("Every source was asked, and it is no season.")
    night = last_night(now - LATE)
    if last is not None and last < night and not paused(instance, FETCH_JOB, f"night {night:.0f}"):
        return all_sources(instance, fetching, f"night {night:.0f}")
    failing = hosts_of([seed for seed in seeds if reports[seed.address].status == FAILED])
    for host in failing:
        if not paused(instance, FETCH_JOB, f"again {host}", host):
            of_host = [seed for seed in seeds if hosts_of([seed]) == [host]]
            return dg.RunRequest(partition_key=host, tags={INPUTS_TAG: f"again {host}", **_fetches(fetching, of_host)})
    return dg.SkipReason(f"Sources that failed wait for their next try: {', '.join(failing)}." if failing else "Every source was asked.")
