"""Where documents are taken through the stages: in worker processes of this machine, each contained.

Belongs here: the join between tasks and the pool; this is the module that worker processes import. Another way to spread the work (a
cluster) is another function of the type `MapDocuments`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.store.catalogue import MapDocuments, Task, TaskOutcome, run_stages
from pipeline.store.isolation import in_workers


def in_processes(workers: int | None = None) -> MapDocuments:
    """Return a way to do tasks in `workers` processes (by default one per usable processor)."""
    return partial(_run, workers=workers or None)


def _run(tasks: Sequence[Task], workers: int | None) -> Iterator[TaskOutcome]:
    for outcome in in_workers(run_stages, tasks, workers=workers):
        yield TaskOutcome(outcome.item, outcome.result or (), outcome.failure)
