"""What runs work on: sources, dataset, stored results. Unset, each is what the environment says when a run asks, never at import.

Belongs here: settings shared by all assets. Where tables lie between runs is in `io.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.environment import (
    DATASET_VARIABLE,
    EXECUTOR_VARIABLE,
    ISOLATION_VARIABLE,
    RESULTS_VARIABLE,
    SCHEDULER_VARIABLE,
    WORKERS_VARIABLE,
    WORKING_FILES_VARIABLE,
    setting,
    sources_set,
)
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Source
from pipeline.publish.versions.kept_versions import KEPT
from pipeline.samples import DOCUMENTS
from pipeline.store.catalogue import MapDocuments
from pipeline.store.executors import Execution, Executor, archives_by, documents_by
from pipeline.store.file_hashes import FileHashes
from pipeline.store.results import ResultStore, default_folder


class Workspace(dg.ConfigurableResource[None]):
    """What a run works on.

    Attributes:
        sources: files, folders or registries; none stands for $YUSUAN_SOURCES, else for the samples embedded in the package.
        dataset: folder that the dataset is published to; empty stands for $YUSUAN_DATASET, else `dataset`.
        results: folder where results of stages are kept between builds; empty stands for $YUSUAN_RESULTS, else the user's cache folder.
        storage: URL or folder of working files that all machines of a cluster reach, instead of `results`; empty stands for
            $YUSUAN_WORKING_FILES.
        executor: `process` or `dask`; empty stands for $YUSUAN_EXECUTOR, else `process`.
        scheduler: address of the cluster's scheduler; empty stands for $YUSUAN_SCHEDULER.
        workers: processes that read documents at the same time, 0 for $YUSUAN_WORKERS, else one per processor.
        keep_versions: versions of the dataset that are kept, the published one included.
        strict: read documents behind all walls or not at all; unset, what $YUSUAN_ISOLATION says.
        retry: read documents again that a limit stopped, or that crashed the reader.
    """

    sources: list[str] = Field(default_factory=list)
    dataset: str = ""
    results: str = ""
    storage: str = ""
    executor: str = ""
    scheduler: str = ""
    workers: int = 0
    keep_versions: int = KEPT
    strict: bool = False
    retry: bool = False

    @property
    def places(self) -> Sequence[str | Path]:
        """Where inputs are looked for."""
        return self.sources or sources_set() or [DOCUMENTS]

    @property
    def dataset_folder(self) -> Path:
        """Where the dataset is published."""
        return Path(self.dataset or setting(DATASET_VARIABLE) or "dataset")

    @property
    def store(self) -> ResultStore:
        """Where results of stages are kept."""
        working = self.storage or setting(WORKING_FILES_VARIABLE)
        folder = self.results or setting(RESULTS_VARIABLE)
        return ResultStore(working or (Path(folder) if folder else default_folder()))

    def inputs(self) -> list[Source]:
        """Return the inputs.

        Raises:
            SourceError: a source cannot be used; the message says why.
        """
        hashes = FileHashes.load(self.store, retry=self.retry)
        found = collect(self.places, archives_by(self.execution), hashes)
        hashes.save()
        return found

    @property
    def execution(self) -> Execution:
        """How documents are read."""
        return Execution(
            Executor(self.executor or setting(EXECUTOR_VARIABLE) or Executor.PROCESS),
            self.scheduler or setting(SCHEDULER_VARIABLE) or "",
            self.workers or int(setting(WORKERS_VARIABLE) or 0),
            strict=self.strict or setting(ISOLATION_VARIABLE) == "strict",
            retry=self.retry,
        )

    def documents_in_workers(self) -> MapDocuments:
        """Return the way in which documents are taken through the stages."""
        return documents_by(self.execution)
