"""Where documents are taken through the stages: on a Dask cluster, each document behind the same walls as on one machine.

A worker of the cluster gets a document's name and hash, fetches its bytes from the storage, has it read in a walled process of its own
(`workers.py`) and keeps the results in the storage. Bytes and results never pass the scheduler. What was kept is not made again, whoever
died meanwhile.

Belongs here: which document is where, and what is done when workers, the scheduler or the storage fail. What a document's worker may do
is in `processes`.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.document.content import UnreadableDocument
from pipeline.store.catalogue import ClusterGone, MapDocuments, Task, TaskOutcome, chain_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.processes.isolation import WallsMissing
from pipeline.store.processes.limits import Limits
from pipeline.store.results import CannotKeep, DamagedResult, ResultStore
from pipeline.store.storage import StorageUnreachable, is_url
from pipeline.store.workers import bytes_of, in_processes, known_failure

_DOCUMENTS = "document_bytes"
"""Group of the storage with the bytes of documents, by their hash."""

_TRIES = 3
"""Times that a document is sent out again for a fault that is not its own."""

_PATIENCE = 600.0
"""Seconds for which a scheduler that is gone, or a cluster without a worker, is waited for."""

_ANSWERS_WITHIN = 5
"""Seconds for which one try to connect waits."""

_TICK = 0.02
"""Seconds between looks at what is done: little against the second that a document takes, nothing for the processor."""

_KILLED = "Each worker of the cluster that read the document was killed, most likely for want of memory: try again."

_AHEAD = 2
"""Documents sent out for each thread of the cluster, so that none waits for this process."""


class BytesMissing(Exception):
    """A worker needs the bytes of a document that are not in the storage."""


class Answer(NamedTuple):
    """What a worker of the cluster says of a document: see `TaskOutcome`."""

    made: tuple[Stage, ...]
    failure: str | None
    media_type: str | None
    known: bool


def on_dask(scheduler: str, *, limits: Limits | None = None, strict: bool = False, retry: bool = False) -> MapDocuments:
    """Return a way to do tasks on a Dask cluster.

    Args:
        scheduler: its address, `tcp://host:8786`.
        limits: of a document.
        strict: read documents behind all walls or not at all.
        retry: read documents again that broke down on the same code with the same limits.

    Raises:
        ClusterGone: Dask is not installed.
    """
    try:
        import distributed  # noqa: F401 (whether it is there)
    except ImportError as error:
        raise ClusterGone("a build on a cluster needs Dask: pip install 'yusuan[dask]'") from error
    return partial(_run, scheduler=scheduler, limits=limits or Limits(), strict=strict, retry=retry)


def do_document(task: Task, limits: Limits, strict: bool, retry: bool) -> Answer:
    """Take a document through the stages: what a worker of the cluster does.

    Raises:
        ClusterGone: this worker runs other code than the process that sent the task.
        BytesMissing: the document has to be read, and its bytes are not in the storage.
    """
    if stage_versions() != dict(task.versions):
        raise ClusterGone("the workers of the cluster run another version of yusuan: install the same on all machines")
    with tempfile.TemporaryDirectory(prefix="yusuan-document-") as folder:
        here = replace(task, source=replace(task.source, path=_fetched(task, Path(folder))))
        (outcome,) = in_processes(1, limits=limits, strict=strict, retry=retry)([here])
    return Answer(outcome.made, outcome.failure, outcome.media_type, outcome.known)


def _fetched(task: Task, folder: Path) -> Path | None:
    """Return a file with the bytes of a document, fetched where it lies elsewhere and has to be read."""
    if not is_url(task.folder):
        return task.source.path
    store = ResultStore(task.folder)
    if Stage.EXTRACTION not in task.redo:
        try:
            chain_of(task.source, store, task.versions).stored_value(Stage.EXTRACTION)
            return None
        except DamagedResult:
            pass
    try:
        data = store.storage.read(_name_of(task))
    except FileNotFoundError:
        raise BytesMissing from None
    path = folder / "document"
    path.write_bytes(data)
    return path


def _name_of(task: Task) -> str:
    return f"{_DOCUMENTS}/{task.source.sha256[:2]}/{task.source.sha256}"


@dataclass(slots=True)
class _Attempt:
    """A task on its way.

    Attributes:
        task: to do.
        tries: times that it was sent out again.
        needed: whether a worker asked for its bytes, though what was read of it seemed to be stored.
    """

    task: Task
    tries: int = 0
    needed: bool = False


@dataclass(slots=True)
class _Cluster:
    """The connection to a cluster, made anew where it is lost."""

    scheduler: str
    client: Any = None
    threads: int = 0
    _looked: float = 0.0
    _lost: float = field(default_factory=time.monotonic)

    def connected(self) -> bool:
        """Tell whether there is a scheduler with a worker now; try to connect where there is none.

        Raises:
            ClusterGone: there was none for too long.
        """
        from distributed import Client

        now = time.monotonic()
        if self.client is not None and self.client.status == "closed":
            self.close()  # the scheduler went away: whoever answers there now is another one
        try:
            if self.client is None:
                self.client = Client(self.scheduler, timeout=_ANSWERS_WITHIN, set_as_default=False)
                self._looked = 0.0
            if self.client.status == "running" and now - self._looked > 1:
                self.threads, self._looked = sum(self.client.nthreads().values()), now
        except (OSError, TimeoutError, ValueError):
            self.close()
        if self.client is not None and self.client.status == "running" and self.threads:
            self._lost = now
            return True
        if now - self._lost > _PATIENCE:
            what = "has no worker" if self.client is not None else "does not answer"
            raise ClusterGone(f"the scheduler at {self.scheduler} {what}, for {_PATIENCE:g} seconds: see that it runs, and has workers")
        time.sleep(_TICK)
        return False

    def close(self) -> None:
        """Let go of the connection."""
        client, self.client, self.threads = self.client, None, 0
        if client is not None:
            client.close(timeout=1)


def _run(tasks: Sequence[Task], scheduler: str, limits: Limits, strict: bool, retry: bool) -> Iterator[TaskOutcome]:
    waiting: deque[_Attempt] = deque()
    for task in tasks:
        known = known_failure(task, limits, retry=retry)
        if known is not None:
            yield known
        else:
            waiting.append(_Attempt(task))
    cluster = _Cluster(scheduler)
    suspects: list[_Attempt] = []
    try:
        yield from _rounds(cluster, waiting, suspects, (limits, strict, retry))
        for suspect in suspects:  # alone, so that it answers for nobody else's end
            ended: list[_Attempt] = []
            yield from _rounds(cluster, deque([suspect]), ended, (limits, strict, retry))
            if ended:
                yield TaskOutcome(suspect.task, failure=_KILLED)
    finally:
        cluster.close()


def _rounds(
    cluster: _Cluster, waiting: deque[_Attempt], killed: list[_Attempt], settings: tuple[Limits, bool, bool]
) -> Iterator[TaskOutcome]:
    """Do tasks, and yield what became of them; those whose workers were killed again and again are added to `killed`."""
    from distributed.client import ClosedClientError

    flying: dict[Any, _Attempt] = {}
    while waiting or flying:
        if not cluster.connected():
            continue
        while waiting and len(flying) < _AHEAD * cluster.threads + 1:
            attempt = waiting.popleft()
            if reason := _send_bytes(attempt, *settings[:2]):
                yield TaskOutcome(attempt.task, failure=reason)
                continue
            key = f"{attempt.task.source.sha256[:16]}-{uuid.uuid4()}"
            try:
                future = cluster.client.submit(do_document, attempt.task, *settings, key=key, pure=False)
            except (ClosedClientError, OSError):  # the connection ended while the bytes were sent
                waiting.appendleft(attempt)
                cluster.close()
                break
            flying[future] = attempt
        done = [future for future in flying if future.status != "pending"]
        for future in done:
            attempt = flying.pop(future)
            outcome = _outcome(future, attempt, waiting, killed)
            future.release()
            if outcome is not None:
                yield outcome
        if not done:
            time.sleep(_TICK)


def _send_bytes(attempt: _Attempt, limits: Limits, strict: bool) -> str | None:
    """Put the bytes of a document into a storage that is no folder, if it has to be read; return why they cannot be had."""
    task = attempt.task
    if not is_url(task.folder):
        return None
    store = ResultStore(task.folder)
    key, _ = chain_of(task.source, store, task.versions).stored(Stage.EXTRACTION)
    if key is not None and Stage.EXTRACTION not in task.redo and not attempt.needed:
        return None
    try:
        store.storage.head(_name_of(task), 1)
    except FileNotFoundError:
        try:
            store.storage.write(_name_of(task), bytes_of(task.source, limits, strict=strict))
        except UnreadableDocument as error:
            return str(error)
    return None


def _outcome(future: Any, attempt: _Attempt, waiting: deque[_Attempt], killed: list[_Attempt]) -> TaskOutcome | None:
    """Return what became of a task; None where it is tried again.

    Raises:
        WallsMissing, ClusterGone, StorageUnreachable, CannotKeep: nothing can be read there.
    """
    from distributed.scheduler import KilledWorker

    if future.status == "finished":
        answer: Answer = future.result()
        return TaskOutcome(attempt.task, answer.made, answer.failure, answer.media_type, answer.known)
    if future.status != "error":  # cancelled or lost: its scheduler is gone
        waiting.append(attempt)
        return None
    error = future.exception()
    if isinstance(error, KilledWorker):
        killed.append(attempt)
        return None
    if isinstance(error, WallsMissing | ClusterGone):
        raise error
    attempt.needed = attempt.needed or isinstance(error, BytesMissing)
    attempt.tries += 1
    if attempt.tries <= _TRIES:
        waiting.append(attempt)
        return None
    if isinstance(error, StorageUnreachable | CannotKeep):
        raise error
    return TaskOutcome(attempt.task, failure=f"Reading failed on the cluster with {type(error).__name__}: {str(error)[:160]}")
