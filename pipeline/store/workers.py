"""Reading documents in worker processes, each contained, into the store.

Belongs here: the join between the catalogue's tasks, the reader of one document and the pool. This is the module that
worker processes import.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.reading import read_document
from pipeline.store.catalogue import Run, Task, read_into_store
from pipeline.store.isolation import in_workers


def read_task(task: Task) -> None:
    """Read one document into the store."""
    read_into_store(task, read_document)


def read_in_workers(workers: int | None = None) -> Run:
    """Return a way to do tasks in `workers` processes (by default one per usable processor)."""
    return partial(_run, workers=workers or None)


def _run(tasks: Sequence[Task], workers: int | None) -> Iterator[tuple[Task, str | None]]:
    for outcome in in_workers(read_task, tasks, workers=workers):
        yield outcome.item, outcome.failure
