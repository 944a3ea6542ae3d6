"""The environment variables that are read: all of them, each when a command or a run asks, none at import.

Belongs here: their names and meanings (`docs/operating.md` lists them). What they default to is decided where they are used.
"""

import os
from pathlib import Path

SOURCES_VARIABLE = "YUSUAN_SOURCES"
"""Files, folders or registries to read, separated as in PATH."""

DATASET_VARIABLE = "YUSUAN_DATASET"
"""Folder that the dataset is published to."""

RESULTS_VARIABLE = "YUSUAN_RESULTS"
"""Folder where results of stages are kept."""

WORKERS_VARIABLE = "YUSUAN_WORKERS"
"""Processes that read documents at the same time."""

EXECUTOR_VARIABLE = "YUSUAN_EXECUTOR"
"""`process` or `dask`: where documents are read."""

SCHEDULER_VARIABLE = "YUSUAN_SCHEDULER"
"""Address of the scheduler of a Dask cluster."""

WORKING_FILES_VARIABLE = "YUSUAN_WORKING_FILES"
"""URL or folder of working files that all machines of a cluster reach."""

ISOLATION_VARIABLE = "YUSUAN_ISOLATION"
"""`strict`: read documents behind all walls or not at all."""

STORAGE_VARIABLE = "YUSUAN_STORAGE"
"""Folder where tables lie between recorded runs."""

WEBHOOK_VARIABLE = "YUSUAN_WEBHOOK"
"""Web address that is told of failed runs."""

INBOX_VARIABLE = "YUSUAN_INBOX"
"""Folder that documents are fetched into."""

REGISTRIES_VARIABLE = "YUSUAN_REGISTRIES"
"""Registries that are fetched, separated as in PATH; the landing pages that come with the program where none is set."""

DELAY_VARIABLE = "YUSUAN_FETCH_DELAY"
"""Seconds between two requests to one host."""

NIGHTS_VARIABLE = "YUSUAN_FETCH_NIGHTS"
"""`1`: fetch by night in China only."""

PRIVATE_VARIABLE = "YUSUAN_FETCH_PRIVATE"
"""`1`: ask machines that are not public, for tests."""

NOW_VARIABLE = "YUSUAN_FETCH_NOW"
"""The time that counts as now for fetching, in seconds since 1970, or a file that holds it: for simulated seasons."""

CONTACT_VARIABLE = "YUSUAN_CONTACT"
"""How whoever fetches can be reached: told to every server that is asked."""

HOME_VARIABLE = "DAGSTER_HOME"
"""Folder where runs are recorded."""


def setting(name: str) -> str | None:
    """Return the value of a variable; None where it is not set or empty."""
    return os.environ.get(name) or None


def sources_set() -> list[Path]:
    """Return the sources that the environment sets."""
    return [Path(source) for source in os.environ.get(SOURCES_VARIABLE, "").split(os.pathsep) if source]
