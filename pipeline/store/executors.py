"""Which way documents are taken through the stages: in processes of this machine, or on a cluster.

Belongs here: the choice, so that commands and assets make it alike. The ways are in `workers.py` and `cluster.py`, which are imported only
where they are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.document.inputs.sources import Looked, LookInside, Source
    from pipeline.store.catalogue import MapDocuments


class Executor(StrEnum):
    """The ways."""

    PROCESS = "process"
    DASK = "dask"


@dataclass(frozen=True, slots=True)
class Execution:
    """How documents are read.

    Attributes:
        executor: which way.
        scheduler: address of the cluster's scheduler.
        workers: processes at the same time on this machine; 0: one per processor. A cluster has its own.
        strict: read documents behind all walls or not at all.
        retry: read documents again that broke down on the same code with the same limits.
    """

    executor: Executor = Executor.PROCESS
    scheduler: str = ""
    workers: int = 0
    strict: bool = False
    retry: bool = False


def archives_by(execution: Execution) -> LookInside:
    """Return a way to look into archives: in processes of this machine, where the files are, whatever reads their documents."""

    def look(files: Sequence[Source]) -> Iterable[Looked]:
        from pipeline.store.workers import archives_in_processes

        return archives_in_processes(execution.workers, strict=execution.strict)(files)

    return look


def documents_by(execution: Execution) -> MapDocuments:
    """Return a way to do tasks.

    Raises:
        ClusterGone: Dask is asked for, and not installed.
    """
    if execution.executor is Executor.DASK:
        from pipeline.store.cluster import on_dask

        return on_dask(execution.scheduler, strict=execution.strict, retry=execution.retry)
    from pipeline.store.workers import in_processes

    return in_processes(execution.workers, strict=execution.strict, retry=execution.retry)
