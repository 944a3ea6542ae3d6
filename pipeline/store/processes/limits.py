"""What one document may cost, how many are read at once, and what is said of those that cost more.

Belongs here: limits and the sentences about them. Where they are set is in `walls.py`, who watches them in `isolation.py`.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.document.content import NotNow, UnreadableDocument
from pipeline.store.processes.messages import LONGEST_SENTENCE

GIBIBYTE = 1 << 30

_SHARE = 0.75
"""Of the machine's memory that all workers may take together."""

_DEADLY = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGSYS})
"""Signals with which the system ends a process for what it did itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: many times what a department with all its units takes (a second of processor time per 50 pages).

    None of them depends on what else the machine does, so that a document ends for the same reason each time.

    Attributes:
        cpu: seconds of processor time.
        memory: bytes of address space that its worker may take beyond what it holds at its start (libraries loaded there
            reserve much that they never touch).
        standstill: seconds without any processor time after which a worker is taken to wait for what never comes.
        wall: seconds from start to end, for what wakes now and then; a busy machine must not make it matter.
    """

    cpu: int = 180
    memory: int = 2 * GIBIBYTE
    standstill: float = 120.0
    wall: float = 3600.0


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_of_machine() -> int:
    """Return the bytes of memory that this machine, or the control group that this process is in, has."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            pages = min(pages, int(Path(name).read_text()))
    return pages


def workers_for(asked: int | None, limits: Limits) -> int:
    """Return how many workers may be at work: as many as were asked for, or one per processor, but no more than the memory suffices for.

    Programs of the system are not counted: beside a worker one runs at a time, which may take 1 GiB more, an office 2 GiB, and takes far
    less as a rule. What the memory does not suffice for is killed by the system, and begun again (`isolation.py`).
    """
    return max(1, min(asked or usable_processors(), int(memory_of_machine() * _SHARE) // limits.memory))


def reason_of_exit(exit_code: int, cpu: float, limits: Limits) -> str | None:
    """Return why a worker ended that said nothing; None where somebody else killed it."""
    number = -exit_code
    if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu >= limits.cpu):
        return f"Reading took more than {limits.cpu} seconds of processor time and was stopped."
    if number in (signal.SIGTRAP, signal.SIGILL, signal.SIGABRT):
        return "The reader stopped itself on this document, most likely for want of memory."
    if number in _DEADLY:
        return f"The reader crashed on this document ({signal.Signals(number).name})."
    if number > 0:
        return None
    return f"The reader crashed on this document (exit code {exit_code})."


def reason_said(kind: str, text: str, limits: Limits) -> str:
    """Return the reason for which work failed with an exception, by its kind and what it says."""
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if kind in (UnreadableDocument.__name__, NotNow.__name__) and said:
        return said[:LONGEST_SENTENCE]
    if kind == MemoryError.__name__:
        return f"Reading needs more than {limits.memory / GIBIBYTE:g} GiB of memory."
    if kind == RecursionError.__name__:
        return "The document is nested too deeply to be read."
    name = kind if kind.isidentifier() else "an error"
    return f"Reading failed with {name}: {said[:160]}" if said else f"Reading failed with {name}."
