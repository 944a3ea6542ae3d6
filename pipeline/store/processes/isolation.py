"""Work on documents in worker processes: what crashes, hangs, eats memory or falls into a document's hands costs that document alone.

Each item has a process of its own, forked from a server that has read nothing (`worker_server.py`), behind walls (`walls.py`), and speaks
to the parent in messages of declared types (`messages.py`).

Belongs here: which work runs when, and what comes of it. Does not belong here: what the work is, and what it may cost (`limits.py`).
"""

from __future__ import annotations

import os
import pickle
import selectors
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from pipeline.document.content import UnreadableDocument
from pipeline.store.processes.limits import Limits, reason_of_exit, reason_said, workers_for
from pipeline.store.processes.messages import (
    Asked,
    BrokenProtocol,
    Done,
    Failed,
    Inbox,
    Message,
    Work,
    encode,
    frame,
    message_of,
)
from pipeline.store.processes.outside_programs import found_programs
from pipeline.store.processes.server_process import ServerGone, ServerProcess, borrowed
from pipeline.store.processes.worker_server import MISSING_WALLS

Item = TypeVar("Item")
Result = TypeVar("Result")

_TRIES = 3
"""Times that an item is begun whose worker was killed by somebody else (a person, the system for want of memory)."""

_TICK = 1.0
"""Seconds after which workers are looked at, whether or not they say something."""


class WallsMissing(Exception):
    """Work was asked for behind walls that this system does not have; the message names them."""


@dataclass(frozen=True, slots=True)
class WorkerOutcome(Generic[Item, Result]):
    """What became of one item.

    Attributes:
        item: as it was given.
        result: of the work; None where it failed.
        failure: why it failed, in one sentence.
        lasting: whether it fails again each time that the same code reads the same bytes with the same limits.
    """

    item: Item
    result: Result | None
    failure: str | None = None
    lasting: bool = False


@dataclass(slots=True)
class _Job:
    """A worker at work."""

    item: Any
    number: int
    tries: int
    orders: int
    answers: int
    begun: float = field(default_factory=time.monotonic)
    process: int = 0
    inbox: Inbox = field(default_factory=Inbox)
    outbox: bytearray = field(default_factory=bytearray)
    said: Done | Failed | None = None
    stopped: str | None = None
    cpu: float = 0.0
    moved: float = field(default_factory=time.monotonic)  # when it was last seen to have worked


def in_workers(
    function: Callable[[Item, Any], Result],
    items: Iterable[Item],
    result: type[Result] | Any,
    *,
    file_of: Callable[[Item], Path | None] | None = None,
    answer: Callable[[Item, bytes], bytes] | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    strict: bool = False,
) -> Iterator[WorkerOutcome[Item, Result]]:
    """Apply `function` to each item in a worker process of its own and yield every item once, as its work completes.

    Args:
        function: importable by name; is called with the item and a `Desk`. `UnreadableDocument` is its way to say no.
        items: picklable; taken as they are needed, so that a generator of large items does not pile up.
        result: type of what `function` returns, which msgspec encodes: what comes back is decoded as this type, or refused.
        file_of: the one file that the worker of an item may read.
        answer: answers what a worker asks about its item. `UnreadableDocument` is its way to refuse: the worker is stopped.
        limits: per item; the default suits documents.
        workers: processes at work; by default one per usable processor, as far as the memory goes.
        strict: refuse to work where the system lacks a wall.

    Yields:
        An outcome per item, in order of completion. Failures of the work never raise here.

    Raises:
        WallsMissing: a wall is missing and `strict` was asked for. No item was begun.
        ServerGone: workers cannot be started.
    """
    limits = limits or Limits()
    with borrowed(_module_of(function)) as server:
        if strict and server.missing:
            raise WallsMissing(f"this system lacks {', '.join(server.missing)}, and documents are to be read behind all walls only")
        pool = _Pool(server, function, result, file_of or _no_file, answer or _no_answer, limits, workers_for(workers, limits), strict)
        try:
            yield from pool.run(iter(items))
        finally:
            pool.close()


def _module_of(function: Callable[..., Any]) -> str:
    """Return the module by which another process can import a function: that of a program run by `python -m` has another name here."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec.name if function.__module__ == "__main__" and spec is not None else function.__module__


def _no_file(_: Any) -> None:
    """Let a worker read no file."""


def _no_answer(_: Any, __: bytes) -> bytes:
    """Answer nothing."""
    raise BrokenProtocol("nobody answers here")


@dataclass(slots=True)
class _Pool:
    """Workers at work on the items of one call."""

    server: ServerProcess
    function: Callable[[Any, Any], Any]
    result: Any
    file_of: Callable[[Any], Path | None]
    answer: Callable[[Any, bytes], bytes]
    limits: Limits
    workers: int
    strict: bool
    programs: dict[str, str] = field(default_factory=found_programs)
    jobs: dict[int, _Job] = field(default_factory=dict)
    again: deque[tuple[Any, int]] = field(default_factory=deque)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    restarts: int = 0
    looked: float = 0.0

    def run(self, waiting: Iterator[Any]) -> Iterator[WorkerOutcome[Any, Any]]:
        self.selector.register(self.server.control, selectors.EVENT_READ, None)
        exhausted = False
        while self.jobs or self.again or not exhausted:
            while len(self.jobs) < self.workers and (self.again or not exhausted):
                if self.again:
                    self._begin(*self.again.popleft())
                    continue
                try:
                    self._begin(next(waiting), 1)
                except StopIteration:
                    exhausted = True
            for job in self._ended():
                outcome = self._outcome(job)
                if outcome is None:
                    self.again.append((job.item, job.tries + 1))
                else:
                    self.restarts = 0
                    yield outcome
            self._watch()

    def close(self) -> None:
        for job in list(self.jobs.values()):
            self._forget(job)
            with suppress(ServerGone):
                self.server.end(job.number)
        self.selector.close()

    def _begin(self, item: Any, tries: int) -> None:
        file = self.file_of(item)
        function = f"{_module_of(self.function)}:{self.function.__qualname__}"
        where = None if file is None else os.fsencode(file.absolute())
        work = Work(
            function,
            self.function.__module__ == "__main__",
            pickle.dumps(item),
            where,
            self.limits.memory,
            self.limits.cpu,
            self.strict,
            self.programs,
        )
        try:
            number, orders, answers = self.server.begin()
        except ServerGone:
            self._restart()
            number, orders, answers = self.server.begin()
        job = self.jobs[number] = _Job(item, number, tries, orders, answers)
        self.selector.register(answers, selectors.EVENT_READ, job)
        self._send(job, encode(work))

    def _ended(self) -> list[_Job]:
        """Listen to workers and to the server for a moment, and return the jobs whose workers are gone."""
        ended: list[_Job] = []
        if not self.jobs:
            return ended
        for key, events in self.selector.select(_TICK):
            if key.data is None:
                try:
                    ended += [job for number, cpu, status in self._reports() if (job := self._take(number, cpu, status))]
                except ServerGone:  # the kernel has killed its workers
                    lost = list(self.jobs.values())
                    for job in lost:
                        self._forget(job)
                    self._restart()
                    return [*ended, *lost]
            elif key.data.number in self.jobs:
                self._attend(key.data, events)
        return ended

    def _reports(self) -> Iterator[tuple[int, float, int]]:
        for report in self.server.reports():
            if report.ended:
                yield report.number, report.cpu, report.status
            elif report.number in self.jobs:
                self.jobs[report.number].process = report.process

    def _take(self, number: int, cpu: float, status: int) -> _Job | None:
        job = self.jobs.get(number)
        if job is None:
            return None
        while job.answers >= 0 and self._attend(job, selectors.EVENT_READ):
            pass  # what it said last may still be on the way
        self._forget(job)
        if job.said is None and job.stopped is None:
            job.stopped = reason_of_exit(os.waitstatus_to_exitcode(status), cpu, self.limits)
        return job

    def _attend(self, job: _Job, events: int) -> bool:
        """Send a worker what it is to get, hear what it says; False where there is nothing more to hear now."""
        if events & selectors.EVENT_WRITE:
            self._flush(job)
        if not events & selectors.EVENT_READ:
            return False
        try:
            more = os.read(job.answers, 1 << 20)
        except BlockingIOError:
            return False
        if not more:
            self.selector.unregister(job.answers)
            os.close(job.answers)
            job.answers = -1
            return False
        try:
            for payload in job.inbox.frames(more):
                self._hear(job, message_of(payload))
        except BrokenProtocol:
            self._stop(job, "The reader said what it cannot say of this document, and was stopped.")
            return False
        return job.said is None

    def _hear(self, job: _Job, message: Message) -> None:
        if job.said is not None or job.stopped is not None:
            return
        if isinstance(message, Asked):
            try:
                self._send(job, self.answer(job.item, message.question))
            except UnreadableDocument as refusal:
                self._stop(job, str(refusal))
        else:
            job.said = message
            self._end(job)  # it has nothing to do any more, whatever it thinks

    def _send(self, job: _Job, payload: bytes) -> None:
        job.outbox += frame(payload)
        self._flush(job)

    def _flush(self, job: _Job) -> None:
        try:
            sent = os.write(job.orders, job.outbox)
        except BlockingIOError:
            sent = 0
        except BrokenPipeError:
            sent = len(job.outbox)  # it is gone, as the server will say
        del job.outbox[:sent]
        registered = job.orders in self.selector.get_map()
        if job.outbox and not registered:
            self.selector.register(job.orders, selectors.EVENT_WRITE, job)
        elif registered and not job.outbox:
            self.selector.unregister(job.orders)

    def _watch(self) -> None:
        """Stop what stands still, or takes for ever."""
        now = time.monotonic()
        if now - self.looked < _TICK:
            return
        self.looked = now
        for job in self.jobs.values():
            cpu = _processor_time(job.process)
            if cpu is None or cpu > job.cpu:
                job.cpu, job.moved = cpu or 0.0, now
            if job.stopped is None and now - job.moved > self.limits.standstill:
                self._stop(job, f"Reading stood still for {self.limits.standstill:g} seconds and was stopped.")
            elif job.stopped is None and now - job.begun > self.limits.wall:
                self._stop(job, f"Reading took longer than {self.limits.wall:g} seconds and was stopped.")

    def _stop(self, job: _Job, reason: str) -> None:
        job.stopped = job.stopped or reason
        self._end(job)

    def _end(self, job: _Job) -> None:
        with suppress(ServerGone):
            self.server.end(job.number)

    def _forget(self, job: _Job) -> None:
        del self.jobs[job.number]
        for descriptor in (job.orders, job.answers):
            if descriptor >= 0:
                with suppress(KeyError):
                    self.selector.unregister(descriptor)
                os.close(descriptor)

    def _restart(self) -> None:
        self.restarts += 1
        if self.restarts > _TRIES:
            raise ServerGone(
                "the process that workers are started from ended again and again: see what ends it (memory, a limit of the system)"
            )
        self.selector.unregister(self.server.control)
        self.server.start()
        self.selector.register(self.server.control, selectors.EVENT_READ, None)

    def _outcome(self, job: _Job) -> WorkerOutcome[Any, Any] | None:
        """Return what became of an item; None where it is to be begun again."""
        match job:
            case _Job(stopped=str(reason)):
                return WorkerOutcome(job.item, None, reason, lasting=True)
            case _Job(said=Done(encoded)):
                try:
                    return WorkerOutcome(job.item, msgspec.msgpack.decode(encoded, type=self.result))
                except (msgspec.DecodeError, UnicodeDecodeError):
                    return WorkerOutcome(job.item, None, "What the reader said of this document is not valid.")
            case _Job(said=Failed(kind, text)):
                if kind == MISSING_WALLS:
                    raise WallsMissing(f"a worker found no {text}, and documents are to be read behind all walls only")
                return WorkerOutcome(
                    job.item, None, reason_said(kind, text, self.limits), lasting=kind in (MemoryError.__name__, RecursionError.__name__)
                )
        if job.tries < _TRIES:
            return None
        return WorkerOutcome(
            job.item, None, f"The reader was killed from outside {_TRIES} times, most likely for want of memory on this machine: try again."
        )


def _processor_time(process: int) -> float | None:
    """Return the seconds of processor time of a process; None where the system does not tell."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
