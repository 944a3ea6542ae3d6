"""Launching runs on this machine, such that a run whose process is gone is noticed.

Belongs here: whether the process of a run lives. Where runs are recorded is in `assets/instance.py`, what follows a failure in `runs.py`.
"""

from __future__ import annotations

import os

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus


class LocalRunLauncher(DefaultRunLauncher):
    """Launches runs as Dagster does by default, and tells run monitoring whether the process of a run lives.

    By default only the code server that started a run notices its end: after a power cut, or when a `yusuan backfill` was killed, a run
    would seem to take place until its longest time is over, and nothing of what it was to make would be launched.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether the process of a run can be asked for: always, as it is one of this machine."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return whether the process lives that said last that it executes the run; one that has not said so yet counts as alive."""
        pid = self._process_of(run)
        if pid is None or _lives(pid):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"process {pid} is gone")

    def _process_of(self, run: dg.DagsterRun) -> int | None:
        storage = self._instance.event_log_storage
        for entry in reversed(storage.get_logs_for_run(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)):
            said = entry.get_dagster_event().engine_event_data.metadata.get("pid")
            if said is not None:
                return int(str(said.value))
        return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
