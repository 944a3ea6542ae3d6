"""When inputs are looked at whatever seems to have changed: every morning in the seasons of publication.

Belongs here: schedules. What follows from what was found is in `sensors.py`.
"""

import dagster as dg

from assets.automation.dagster_runs import UnderWay
from assets.jobs import CATALOGUE_JOB
from assets.seasons import SEASONS, TIME_ZONE


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


SCHEDULES: tuple[dg.ScheduleDefinition, ...] = tuple(_season(name, *season) for name, season in SEASONS.items())
