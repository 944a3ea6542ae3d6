"""When departments publish: the seasons that schedules and freshness policies keep to.

Belongs here: times. What is done then is in `automation/schedules.py`.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

TIME_ZONE = "Asia/Shanghai"

SEASONS = {
    "budget_season": ("0 6 * 1-4 *", "Departments publish their budgets from January to April."),
    "final_account_season": ("0 6 * 7-10 *", "Departments publish their final accounts from July to October."),
}
"""Schedule → when it looks at the inputs, and why then."""

FETCHING = "0 22 * 1-4,7-10 *"
"""Documents are fetched from ten at night on, when sites have few visitors; at six in the morning the inputs are looked at."""

DEADLINE = "0 12 * 1-4,7-10 *"
"""By noon of each day of a season the inputs were looked at; between the seasons nobody has to."""

HOURS_TO_DEADLINE = 6
"""From the look at six o'clock to the deadline: reading ten thousand new pages takes less than an hour."""


def in_season(now: float) -> bool:
    """Return whether departments publish in the month of a time (seconds since 1970)."""
    return datetime.fromtimestamp(now, ZoneInfo(TIME_ZONE)).month in (1, 2, 3, 4, 7, 8, 9, 10)
