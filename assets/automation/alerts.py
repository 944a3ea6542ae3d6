"""Who is told when a run, a check or a source fails: the log always, and a web address where one is set.

Belongs here: the message and its delivery. A partition that is held back fails its run too, so that it is told like any failure.
"""

import json
import urllib.error
import urllib.request
from dataclasses import replace

import dagster as dg

from assets.environment import WEBHOOK_VARIABLE, setting
from assets.fetching.resource import Fetching
from pipeline.fetch.source_report import SourceAlert, alerts_of, reports_of

_TIMEOUT = 10.0
"""Seconds that a web address may take: the sensor has a minute for all failures since its last tick."""

_LOOK_EVERY = 300
"""Seconds between two looks at what the sources gave: nobody does anything about a source within minutes."""


def message_of(run: dg.DagsterRun, error: str) -> dict[str, str]:
    """Return what is told of a failed run, as the fields of a JSON object; `text` alone is what chat services show."""
    partition = run.tags.get("dagster/partition", "")
    what = f"{run.job_name} {partition}".strip()
    return {"text": f"yusuan: {what} failed: {error} (run {run.run_id})", "job": run.job_name, "partition": partition, "run": run.run_id}


def deliver(message: dict[str, str], url: str) -> str | None:
    """Send a message to a web address by POST as JSON; return why it could not be delivered, None if it was."""
    if not url.startswith(("https://", "http://")):
        return f"{WEBHOOK_VARIABLE} is no web address"
    request = urllib.request.Request(url, json.dumps(message).encode(), {"Content-Type": "application/json"})  # noqa: S310 web only
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT):  # noqa: S310 web only
            return None
    except (urllib.error.URLError, OSError, ValueError) as error:
        return str(error)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Tells of failed runs, held back partitions among them: in the log, and to ${WEBHOOK_VARIABLE} where it is set.",
)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Tell of one failed run."""
    _tell(context, message_of(context.dagster_run, " ".join((context.failure_event.message or "").split())))


def failed_checks_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """Return the checks of severity error that failed in a run, `asset: check`, each once, in order."""
    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    found = set()
    for record in records:
        event = record.event_log_entry.dagster_event
        evaluation = event.asset_check_evaluation_data if event else None
        if evaluation is not None and not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
            found.add(f"{evaluation.asset_key.path[-1]}: {evaluation.check_name}")
    return sorted(found)


@dg.run_status_sensor(
    name="failed_checks",
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Tells of checks that failed in a run which went on: in the log, and to ${WEBHOOK_VARIABLE} where it is set.",
)
def failed_checks(context: dg.RunStatusSensorContext) -> None:
    """Tell of the failed checks of one run, all in one message; a check that stops its run is told of with the run."""
    run = context.dagster_run
    if failed := failed_checks_of(context.instance, run):
        partition = run.tags.get("dagster/partition", "")
        what = f"{run.job_name} {partition}".strip()
        text = f"yusuan: {what} went on, but of its checks failed {', '.join(failed)} (run {run.run_id})"
        _tell(context, {"text": text, "kind": "failed_checks", "job": run.job_name, "partition": partition, "run": run.run_id})


def _tell(context: dg.RunStatusSensorContext, message: dict[str, str]) -> None:
    context.log.error(message["text"])
    url = setting(WEBHOOK_VARIABLE)
    if url and (reason := deliver(message, url)) is not None:
        context.log.error(f"The message could not be delivered: {reason}")


@dg.sensor(
    name="source_alerts",
    minimum_interval_seconds=_LOOK_EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Tells of each source that fails, changed its pages or gives less than last year: in the log, to ${WEBHOOK_VARIABLE}.",
)
def source_alerts(context: dg.SensorEvaluationContext, fetching: Fetching) -> dg.SkipReason:
    """Tell of what a person should look at; again only after it was well in between."""
    if fetching.folder is None:
        return dg.SkipReason("No inbox is set: nothing is fetched.")
    inbox = fetching.open_inbox()
    alerts: dict[str, SourceAlert] = {}
    for alert in alerts_of(reports_of(inbox), fetching.now):
        key = f"{alert.kind} {alert.source}"
        # several of a kind from one source are one message, which says them all
        alerts[key] = replace(alert, text=f"{alerts[key].text} {alert.text}") if key in alerts else alert
    inbox.close()
    told = set(json.loads(context.cursor or "[]"))
    for key in sorted(alerts.keys() - told):
        alert = alerts[key]
        context.log.error(alert.text)
        message = {"text": f"yusuan: {alert.text}", "kind": alert.kind, "source": alert.source}
        if (url := setting(WEBHOOK_VARIABLE)) and (reason := deliver(message, url)) is not None:
            context.log.error(f"The message could not be delivered: {reason}")
            alerts.pop(key)  # so that the next tick tries again
    context.update_cursor(json.dumps(sorted(alerts)))
    return dg.SkipReason(f"{len(alerts)} alerts stand." if alerts else "All sources give what they gave.")


ALERTS: tuple[dg.SensorDefinition, ...] = (failed_runs, failed_checks, source_alerts)
