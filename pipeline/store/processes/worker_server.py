"""The process that workers are forked from, and what a worker does: a fresh process for each document, which has read nothing before.

The server is started by the parent with an empty environment, loads what work needs, and forks a process for each order. It never sees a
document. When the parent is gone, its end of the socket closes: the server kills its workers, clears the scratch folders away, and ends.
When the server is gone, the kernel kills its workers.

Belongs here: forking, ending, scratch folders, the life of a worker. Does not belong here: which work there is (`isolation.py`).
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import pickle
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import BEGINNING, looks_packed
from pipeline.document.media_types import looks_like_office
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.store.processes import walls
from pipeline.store.processes.messages import Asked, Done, Failed, Work, encode, read_frame, work_of, write_frame
from pipeline.store.processes.outside_programs import AttendedPrograms, ProgramLimits, attend

ORDER = struct.Struct(">?Q")
"""From the parent: whether to begin (two descriptors come with it: to read orders from, to write answers to) or to end, and a number."""

REPORT = struct.Struct(">Q?iid")
"""To the parent: number of the order, whether the worker has ended (else: has begun), its process, its wait status, seconds of CPU."""

SCRATCH_PREFIX = "yusuan-workers-"
PREPARE = "prepare_worker"
"""Function of a preloaded module that reads what is never from a document, before the first worker is forked."""

MISSING_WALLS = "missing walls"
"""Kind of failure of a worker that may work only behind all walls."""

_COLLECTED_AFTER = 50_000
"""Objects made and not yet freed, before a worker looks for cycles. It lives for one document: after each 700 it took 6 % of its time."""

_LOCK = ".lock"
_OF_WORKER, _OF_PROGRAMS = "worker", "programs"  # folders in the scratch folder of a worker: it sees only the first
_LONGEST_PATH = 4096


@dataclass(slots=True)
class Desk:
    """What a worker has of the world: the bytes of its one file, and the parent to ask.

    Attributes:
        file: descriptor of the file, opened before the walls went up; None where there is none.
        refusal: why it cannot be opened.
        orders, answers: descriptors of the pipes to the parent.
        programs: of the system that may be run on what is read.
    """

    file: int | None
    refusal: str | None
    orders: int
    answers: int
    programs: Programs = NO_PROGRAMS

    def read(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            UnreadableDocument: it cannot be read.
        """
        if self.file is None:
            raise UnreadableDocument(f"The file cannot be read: {self.refusal or 'there is none'}.")
        try:
            with open(self.file, "rb", closefd=False) as file:
                return file.read()
        except OSError as error:
            raise UnreadableDocument(f"The file cannot be read: {error.strerror}.") from None

    def ask(self, question: bytes) -> bytes:
        """Return the parent's answer."""
        write_frame(self.answers, encode(Asked(question)))
        return read_frame(self.orders)


@dataclass(slots=True)
class Server:
    """Forks workers as the parent orders.

    Attributes:
        control: socket to the parent.
        preloaded: modules that are loaded.
        scratch: folder with one folder for each worker.
        workers: number of the order → process.
    """

    control: socket.socket
    preloaded: Sequence[str]
    scratch: Path
    workers: dict[int, int] = field(default_factory=dict)
    prepared: bool = False

    def serve(self) -> None:
        """Do what the parent orders until it is gone."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            while True:
                ready, _, _ = select.select([self.control.fileno(), woken], [], [])
                if woken in ready:
                    with suppress(BlockingIOError):
                        os.read(woken, _LONGEST_PATH)
                    self._reap()
                if self.control.fileno() in ready and not self._obey():
                    return
        finally:
            for process in self.workers.values():
                _kill(process)

    def _obey(self) -> bool:
        order, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, 2)
        while order and len(order) < ORDER.size:
            more = self.control.recv(ORDER.size - len(order))
            if not more:
                return False
            order += more
        if not order:
            return False
        begin, number = ORDER.unpack(order)
        if begin:
            self._fork(number, *descriptors)
        elif number in self.workers:
            _kill(self.workers[number])
        return True

    def _fork(self, number: int, orders: int, answers: int) -> None:
        self._prepare()
        folder = self.scratch / str(number)
        for own in (folder, folder / _OF_WORKER, folder / _OF_PROGRAMS):
            own.mkdir(mode=0o700)
        process = os.fork()
        if process == 0:
            _live(self.control, orders, answers, self.preloaded, folder)
        os.close(orders)
        os.close(answers)
        self.workers[number] = process
        self.control.sendall(REPORT.pack(number, False, process, 0, 0.0))

    def _prepare(self) -> None:
        if not self.prepared:
            for name in self.preloaded:
                getattr(sys.modules[name], PREPARE, _nothing)()
            gc.collect()
            gc.freeze()  # pages that no collection touches stay shared with the workers
            gc.set_threshold(_COLLECTED_AFTER)
            self.prepared = True

    def _reap(self) -> None:
        while True:
            try:
                process, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            number = next(number for number, one in self.workers.items() if one == process)
            del self.workers[number]
            shutil.rmtree(self.scratch / str(number), ignore_errors=True)
            self.control.sendall(REPORT.pack(number, True, process, status, used.ru_utime + used.ru_stime))


def main(descriptor: int, preloaded: Sequence[str]) -> None:
    """Run the server.

    Args:
        descriptor: of the socket to the parent.
        preloaded: modules to load.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's business
    control = socket.socket(fileno=descriptor)
    for name in preloaded:
        importlib.import_module(name)
    signal.signal(signal.SIGTERM, _leave)  # from here on there is something to clear away
    scratch = _scratch_folder()
    try:
        hello = encode(_missing(preloaded, scratch))
        control.sendall(struct.pack(">I", len(hello)) + hello)
        Server(control, preloaded, scratch).serve()
    except (OSError, SystemExit):
        pass  # the parent went while it was told something, or wants it to go
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)  # nothing is left to be done, and taking all modules apart takes its time


def _leave(*_: object) -> None:
    """End the server, as at the end of `main`."""
    raise SystemExit(0)


def _nothing() -> None:
    """Prepare nothing."""


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _scratch_folder() -> Path:
    """Make the folder of scratch folders, held by a lock as long as this process lives."""
    clear_abandoned()
    while True:
        made = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
        if _hold(made) is not None:  # else somebody took it for abandoned before it was held
            return made


def clear_abandoned() -> None:
    """Clear away the folders of scratch folders that nobody holds: those of servers that were killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*"):
        with suppress(OSError):
            if left.stat().st_uid == os.getuid() and not left.is_symlink() and (lock := _hold(left)) is not None:
                shutil.rmtree(left, ignore_errors=True)
                os.close(lock)


def _hold(folder: Path) -> int | None:
    """Lock a folder until the descriptor that is returned is closed; None where another holds it, or removes it."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _missing(preloaded: Sequence[str], scratch: Path) -> tuple[str, ...]:
    """Return the walls that this system does not have, as a process finds that tries them."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        walls.end_with_parent()
        found = walls.confine(walls.Confinement(1 << 30, 60, _packages(preloaded), scratch))
        os.write(write, encode(found))
        os._exit(0)
    os.close(write)
    said = b"".join(iter(lambda: os.read(read, 1 << 12), b""))
    os.close(read)
    os.waitpid(process, 0)
    return msgspec.msgpack.decode(said, type=tuple[str, ...]) if said else (walls.SYSTEM_CALLS,)


def _packages(preloaded: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({"pipeline", "schemas", *(name.partition(".")[0] for name in preloaded)}))


def _live(control: socket.socket, orders: int, answers: int, preloaded: Sequence[str], scratch: Path) -> None:
    """Live as a worker: take the work, open its file, go behind the walls, work, say what came of it, end."""
    status = 1
    try:
        walls.end_with_parent()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        control.close()
        work = work_of(read_frame(orders))
        write_frame(answers, _done(work, _desk(work, orders, answers), preloaded, scratch))
        status = 0
    except (EOFError, BrokenPipeError):
        pass  # nobody waits for it any more
    finally:
        os._exit(status)


def _desk(work: Work, orders: int, answers: int) -> Desk:
    file, refusal = None, None
    if work.file is not None:
        try:
            file = os.open(work.file, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            refusal = error.strerror
    return Desk(file, refusal, orders, answers)


def _attended(work: Work, desk: Desk, folder: Path) -> AttendedPrograms | None:
    """Have programs run for a worker whose file may be an archive or of an office's own form, which may ask for them."""
    if desk.file is None or not work.programs:
        return None
    try:
        beginning = os.pread(desk.file, BEGINNING, 0)
    except OSError:
        return None  # as will be said when it is read
    asks = looks_packed(beginning) or looks_like_office(beginning)
    return attend(work.programs, folder, ProgramLimits(), strict=work.strict) if asks else None


def _silence(desk: Desk, programs: Sequence[int]) -> None:
    """Keep no descriptor but the worker's own few; what libraries print goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    kept = sorted({0, 1, 2, desk.orders, desk.answers, *programs, *(() if desk.file is None else (desk.file,))})
    for before, after in zip(kept, [*kept[1:], 4096], strict=True):
        os.closerange(before + 1, after)


_OUT_OF_MEMORY = encode(Failed(MemoryError.__name__, ""))  # made beforehand: there is no memory for it then


def _done(work: Work, desk: Desk, preloaded: Sequence[str], scratch: Path) -> bytes:
    """Return what came of the work, whatever it was."""
    attended = None
    try:
        module, _, name = work.function.partition(":")
        function: Callable[[Any, Desk], Any] = getattr(importlib.import_module(module), name)
        if work.of_main:
            sys.modules["__main__"] = sys.modules[module]
        item = pickle.loads(work.item)  # noqa: S301 (from the parent, before any document is seen)
        attended = _attended(work, desk, scratch / _OF_PROGRAMS)
        desk.programs = attended or NO_PROGRAMS
        _silence(desk, attended.descriptors if attended else ())
        scratch = scratch / _OF_WORKER
        tempfile.tempdir = str(scratch)
        os.chdir(scratch)
        missing = walls.confine(walls.Confinement(work.memory, work.cpu, _packages(preloaded), scratch))
        if work.strict and missing:
            return encode(Failed(MISSING_WALLS, ", ".join(missing)))
        return encode(Done(encode(function(item, desk))))
    except MemoryError:
        return _OUT_OF_MEMORY
    except (EOFError, BrokenPipeError):
        raise
    except BaseException as error:  # whatever it is (a library written in Rust throws no usual exception), it is the work's
        return encode(Failed(type(error).__name__, str(error).encode("utf-8", "backslashreplace").decode()))
    finally:
        if attended is not None:
            attended.close()
