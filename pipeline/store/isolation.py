"""Work on documents in worker processes with limits: what crashes, hangs or eats memory costs that document alone.

Belongs here: the pool, its limits, and failures said in a sentence. Does not belong here: what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.document.content import UnreadableDocument

Item = TypeVar("Item")
Result = TypeVar("Result")

GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: many times what a department with all its units takes (a second of processor time per 50 pages).

    Attributes:
        wall: seconds from start to end.
        cpu: seconds of processor time.
        memory: bytes of address space that its worker may take beyond what it holds at its start (libraries loaded there
            reserve much that they never touch).
        tasks: documents that one worker reads before a fresh one takes over (bounds what leaks in C libraries add up to).
    """

    wall: float = 300.0
    cpu: int = 180
    memory: int = 2 * GIBIBYTE
    tasks: int = 100


@dataclass(frozen=True, slots=True)
class WorkerOutcome(Generic[Item, Result]):
    """What became of one item: its `result`, or the `failure` in one sentence (then the result is None)."""

    item: Item
    result: Result | None
    failure: str | None


def warm_up(module: str) -> None:
    """Begin to import `module` in the process that workers are forked from, and return at once.

    What `in_workers` does first, done while the caller is still importing or listing: `module` is that of its function.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload([module, __name__])
    forkserver.ensure_running()


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_workers(
    function: Callable[[Item], Result], items: Iterable[Item], *, limits: Limits | None = None, workers: int | None = None
) -> Iterator[WorkerOutcome[Item, Result]]:
    """Apply `function` to each item in worker processes and yield every item once, as its work completes.

    Args:
        function: importable by name (picklable), as are items and results. `UnreadableDocument` is its way to say no.
        items: taken a few at a time, so that a generator of large items does not pile up.
        limits: per item; the default suits documents.
        workers: processes at work; by default one per usable CPU.

    Yields:
        An outcome per item, in order of completion. Failures of the work never raise here.
    """
    limits = limits or Limits()
    workers = workers or usable_processors()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([function.__module__, __name__])
    waiting = iter(items)
    pool: Any = ProcessPool(workers, max_tasks=limits.tasks, initializer=_set_limits, initargs=(limits.memory,), context=context)
    running: dict[Future[Result], Item] = {}
    done: deque[Future[Result]] = deque()
    try:
        exhausted = False
        while running or not exhausted:
            while not exhausted and len(running) < 2 * workers:
                try:
                    item = next(waiting)
                except StopIteration:
                    exhausted = True
                    break
                running[pool.schedule(_timed, args=(function, item, limits.cpu), timeout=limits.wall)] = item
            if running:
                done.extend(wait(running, return_when=FIRST_COMPLETED).done)
            while done:
                future = done.popleft()
                yield _outcome(running.pop(future), future, limits)
    finally:
        pool.stop()
        pool.join()


def _set_limits(memory: int) -> None:
    """Limit a fresh worker. Interrupts are the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    memory += _address_space()
    allowed = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _address_space() -> int:
    """Return the address space in use, in bytes; zero where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _timed(function: Callable[[Item], Result], item: Item, cpu: int) -> Result:
    """Run one task with its own share of processor time (the limit itself counts over the life of the worker)."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + cpu + 1, hard))
    return function(item)


def _outcome(item: Item, future: Future[Result], limits: Limits) -> WorkerOutcome[Item, Result]:
    error = future.exception()
    if error is None:
        return WorkerOutcome(item, future.result(), None)
    return WorkerOutcome(item, None, _reason(error, limits))


def _reason(error: BaseException, limits: Limits) -> str:
    match error:
        case UnreadableDocument():
            return str(error)
        case TimeoutError():
            return f"Reading took longer than {limits.wall:g} seconds and was stopped."
        case MemoryError():
            return f"Reading needs more than {limits.memory / GIBIBYTE:g} GiB of memory."
        case RecursionError():
            return "The document is nested too deeply to be read."
        case ProcessExpired():
            number = -(error.exitcode or 0)
            if number == signal.SIGXCPU:
                return f"Reading took more than {limits.cpu} seconds of processor time and was stopped."
            if number in (signal.SIGTRAP, signal.SIGILL, signal.SIGABRT):
                return "The reader stopped itself on this document, most likely for want of memory."
            return f"The reader crashed on this document ({_signal(number)})."
        case _:
            said = " ".join(str(error).split())[:160]
            return f"Reading failed with {type(error).__name__}: {said}" if said else f"Reading failed with {type(error).__name__}."


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"exit code {-number}"
