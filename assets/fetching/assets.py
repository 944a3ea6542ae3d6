"""Fetched documents: what the sources gave, a partition per host.

Belongs here: the asset before the catalogue, and the check that a person sees. When a source is asked is in `assets.automation`.
"""

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

import dagster as dg
import polars as pl
from dagster._core.storage.tags import PARENT_RUN_ID_TAG, RETRY_NUMBER_TAG

from assets.fetching.resource import Fetching
from assets.metadata import OWNER, columns_listed, rows_listed
from assets.partitions import SOURCES
from assets.seasons import DEADLINE, HOURS_TO_DEADLINE, TIME_ZONE
from pipeline.fetch.addresses import host_of
from pipeline.fetch.fetching import fetch
from pipeline.fetch.inbox import FAILED, FETCHED, UNCHANGED
from pipeline.fetch.job import Ended
from pipeline.fetch.source_report import SourceReport, alerts_of, reports_of, time_shown

FETCHED_DOCUMENTS = dg.AssetKey("fetched_documents")
CODE_VERSION = "1"
"""Of what a fetch does with a source: raised by hand, since nothing that was fetched is fetched again for it."""

LOOK_CHECK = "sources_give_what_they_gave"

FETCHES_TAG = "yusuan/fetches"
"""Tag of a run that a schedule or sensor launched: how many fetches of its sources had ended before."""

_COLUMNS = {
    "path": ("String", "Where the bytes lie in the inbox, by their hash."),
    "url": ("String", "The address of the document."),
    "landing_page": ("String", "The page that led to it."),
    "fetched_at": ("String", "When its bytes were had."),
    "status": ("String", "What came of asking last: fetched, unchanged, gone, refused or failed."),
    "reason": ("String", "Why it is not there or not new, in one sentence."),
}


def _fetched_documents(context: dg.AssetExecutionContext, fetching: Fetching) -> Iterator[dg.AssetCheckResult]:
    """Ask the sources on the run's hosts, in one process for all of them; a host that gives nothing is not made, and stops no other."""
    if fetching.folder is None:
        raise dg.Failure("No inbox is set: set YUSUAN_INBOX to the folder that documents are fetched into.", allow_retries=False)
    hosts = set(context.partition_keys)
    job = fetching.job(seed for seed in fetching.seeds() if (host_of(seed.address) or seed.address) in hosts)
    ended = Ended(True) if _was_done(context.run.tags, fetching, job.scope) else fetch(job)
    inbox = fetching.open_inbox()
    reports = reports_of(inbox)
    inbox.close()
    failed = []
    for host in sorted(hosts):
        of_host = [report for report in reports if (report.host or report.address) == host]
        asked = ended.complete or ended.requests.get(host)
        if asked and any(report.status in (FETCHED, UNCHANGED) for report in of_host):
            numbers = _numbers(of_host, ended.requests.get(host, 0))
            context.log_event(dg.AssetMaterialization(FETCHED_DOCUMENTS, partition=host, metadata=numbers))
        else:
            failed.append(f"{host}: {next((report.reason for report in of_host if report.reason), 'it was not asked')}")
    alerts = alerts_of(reports, fetching.now)
    listed = pl.DataFrame([(alert.kind, alert.text) for alert in alerts], schema=["kind", "text"], orient="row")
    yield dg.AssetCheckResult(
        passed=not alerts,
        check_name=LOOK_CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"alerts": len(alerts), "listed": rows_listed(listed), "complete": ended.complete, "why": ended.why},
    )
    for line in failed:
        context.log.warning(f"Nothing was had of {line}")
    if failed and len(hosts) == 1:
        raise dg.Failure(f"Nothing was had of {failed[0]}", allow_retries=False)


def _was_done(tags: Mapping[str, str], fetching: Fetching, scope: str) -> bool:
    """Return whether the fetch that a run was launched for has ended: by a run killed then, or by one launched at the same time."""
    by_hand = PARENT_RUN_ID_TAG in tags and RETRY_NUMBER_TAG not in tags  # a run that a person repeats has its tags
    if FETCHES_TAG not in tags or by_hand:
        return False
    inbox = fetching.open_inbox()
    ended = inbox.times_ended(scope)
    inbox.close()
    return ended > int(tags[FETCHES_TAG])


def _numbers(reports: list[SourceReport], requests: int) -> dict[str, dg.MetadataValue | int | str]:
    years: Counter[str] = Counter()
    for report in reports:
        years.update(report.years)
    last = max((report.last_success for report in reports if report.last_success is not None), default=None)
    return {
        "documents": years.total(),
        "documents_by_year": dg.MetadataValue.json(dict(sorted(years.items()))),
        "failed": sum(report.missed[FAILED] for report in reports),
        "requests": requests,
        "last_success": time_shown(last),
    }


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # a run over several partitions is announced as one
    fetched_documents = dg.asset(
        name="fetched_documents",
        description="Documents in the inbox, by the hash of their bytes, and what is known of their addresses; a partition per host.",
        group_name="raw",
        kinds={"scrapy", "sqlite"},
        owners=[OWNER],
        code_version=CODE_VERSION,
        metadata=columns_listed(_COLUMNS),
        partitions_def=SOURCES,
        backfill_policy=dg.BackfillPolicy.single_run(),  # the process that fetches tells hosts apart, not runs
        output_required=False,
        check_specs=[
            dg.AssetCheckSpec(
                LOOK_CHECK,
                asset="fetched_documents",
                description="No source fails, changed its pages, or gave fewer documents than last year: what a person should look at.",
            )
        ],
        freshness_policy=dg.FreshnessPolicy.cron(
            deadline_cron=DEADLINE, lower_bound_delta=timedelta(hours=HOURS_TO_DEADLINE + 8), timezone=TIME_ZONE
        ),
    )(_fetched_documents)
