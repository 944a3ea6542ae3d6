"""When inputs are looked at whatever seems to have changed: every morning in the seasons of publication.

Belongs here: schedules. What follows from what was found is in `sensors.py`.
"""

import dagster as dg

from assets.automation.dagster_runs import UnderWay
from assets.automation.fetch_requests import all_sources, unless_fetching
from assets.fetching.resource import Fetching
from assets.jobs import CATALOGUE_JOB, FETCH_JOB
from assets.seasons import FETCHING, SEASONS, TIME_ZONE


def _season(name: str, cron: str, description: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=name,
        cron_schedule=cron,
        execution_timezone=TIME_ZONE,
        job_name=CATALOGUE_JOB,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{description} Every file is looked at, and what is new is read; sensors make and publish what changed.",
    )
    def look(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if UnderWay(context.instance).catalogue:
            return dg.SkipReason("The inputs are being looked at.")
        return dg.RunRequest()

    return look


@dg.schedule(
    name="fetching_season",
    cron_schedule=FETCHING,
    execution_timezone=TIME_ZONE,
    job_name=FETCH_JOB,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="In the seasons every source is asked once a night, where an inbox is set; what is new is read by the sensors that follow.",
)
def fetching_season(context: dg.ScheduleEvaluationContext, fetching: Fetching) -> dg.RunRequest | dg.SkipReason:
    """Ask all sources."""
    return unless_fetching(context.instance, fetching) or all_sources(context.instance, fetching)


SCHEDULES: tuple[dg.ScheduleDefinition, ...] = (
    *(_season(name, *season) for name, season in SEASONS.items()),
    fetching_season,
)
