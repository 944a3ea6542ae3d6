"""Night in China: the hours in which sites are asked if only nights are wanted.

Belongs here: times of day; they are asked for by who fetches and by who has it done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
"""Hours in China between which sites are asked if only nights are: their visitors sleep."""


def last_night(now: float) -> float:
    """Return when the last night in China began at or before a time, both in seconds since 1970."""
    begins = datetime.fromtimestamp(now, CHINA).replace(hour=NIGHT_BEGINS, minute=0, second=0, microsecond=0)
    return (begins if begins.timestamp() <= now else begins - timedelta(days=1)).timestamp()


def is_night(now: float) -> bool:
    """Return whether it is night in China at a time (seconds since 1970)."""
    hour = datetime.fromtimestamp(now, CHINA).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS
