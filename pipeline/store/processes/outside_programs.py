"""Programs of the system that read what no library here reads: each run on bytes, in a process of its own, behind walls of its own.

A worker's walls let it start no program. Before they go up it forks an attendant, which has seen nothing of the document and runs, of the
programs that the parent found on its PATH, those that the worker asks for: on bytes, in a folder of the program's own, which is removed
whatever happens. The attendant ends with its worker, a program with its attendant: the kernel sees to that.

Belongs here: finding, running, limiting and ending programs. Does not belong here: what they are asked, and what of their answer is
believed (`pipeline.document.outside`).
"""

from __future__ import annotations

import hashlib
import os
import resource
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import msgspec

from pipeline.document.content import NotNow, UnreadableDocument
from pipeline.document.outside.conversion import OFFICE
from pipeline.document.outside.programs import INPUT, Ran
from pipeline.store.processes import office_kit, walls
from pipeline.store.processes.messages import encode, read_frame, write_frame
from pipeline.store.processes.office_kit import library_in

UNPACKERS = ("7zz", "7z", "bsdtar")
"""Names of the programs that unpack archives."""

_BUILD = "versionrc"  # beside an office's libraries
_OFFICE_NAMES = (OFFICE, "libreoffice")

_LOCALE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_TICK = 0.05  # seconds after which a program is looked at that says nothing
_BLOCK = 1 << 20
_LONGEST_COMPLAINT = 1 << 14  # bytes that are kept of what a program complains of
_LARGEST_REQUEST = 2 << 30  # bytes of memory of an attendant: it holds what goes into a program and what comes out
_NOT_STARTED, _NO_WALLS = 125, 124  # exit codes of what did not become a program


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What a program may cost on one file: many times what an archive of a season takes.

    Attributes:
        cpu: seconds of processor time.
        memory: bytes of address space beyond what its attendant holds.
        deadline: seconds from start to end; a worker that waits for longer would be taken to stand still.
        output: bytes that it may write, whatever is asked for.
    """

    cpu: int = 60
    memory: int = 1 << 30
    deadline: float = 100.0
    output: int = 640 << 20


OFFICE_LIMITS = ProgramLimits(cpu=90, memory=2 << 30, output=64 << 20)
"""What an office may cost on one file: a second to begin, and a tenth for each page of tables; libraries of 200 MiB."""


class _Request(msgspec.Struct, frozen=True):
    program: str
    arguments: tuple[str, ...]
    data: bytes
    most: int


class _Answer(msgspec.Struct, frozen=True):
    """What came of a request: what the program wrote, or why it was not let finish, which may be another time (`passing`)."""

    output: bytes = b""
    complaints: str = ""
    code: int = 0
    refused: str | None = None
    passing: bool = False


_REQUEST = msgspec.msgpack.Decoder(_Request)
_ANSWER = msgspec.msgpack.Decoder(_Answer)


def found_programs() -> dict[str, str]:
    """Return the programs that are on the PATH of this process, each with its place."""
    found = {name: os.path.realpath(place) for name in UNPACKERS if (place := shutil.which(name)) is not None}
    places = (place for name in _OFFICE_NAMES if (place := shutil.which(name)) is not None)
    if office := next(filter(None, map(office_at, places)), None):
        found[OFFICE] = office
    return found


def office_at(place: str) -> str | None:
    """Return the folder of an office's libraries, in which its program lies; None of an office that comes without them."""
    folder = Path(place).resolve().parent
    library = library_in(folder)
    return None if library is None else str(folder)


def identity_of_office() -> str:
    """Return what is another one for an office of another build, or asked in another way; of none the empty text.

    Where it is installed, and when, has no part in it: the same office on two machines is one.
    """
    place = found_programs().get(OFFICE)
    return f"{hashlib.sha256(_build_of(Path(place))).hexdigest()[:8]}-{_digest_of_kit()}" if place else ""


def _build_of(office: Path) -> bytes:
    """Return what an office says of its build; of one that says nothing the size of its library."""
    with suppress(OSError):
        return (office / _BUILD).read_bytes()
    with suppress(OSError):
        return str((library_in(office) or office).stat().st_size).encode()
    return b""


@cache
def _digest_of_kit() -> str:
    return hashlib.sha256(Path(office_kit.__file__).read_bytes()).hexdigest()[:8]


def identity_of_unpackers() -> str:
    """Return what is another one whenever a program that unpacks archives is installed, updated or removed."""
    return identity_of({name: place for name, place in found_programs().items() if name in UNPACKERS})


def identity_of(programs: Mapping[str, str]) -> str:
    """Return what is another one whenever a program is installed, updated or removed."""
    digest = hashlib.sha256()
    for name, place in sorted(programs.items()):
        with suppress(OSError):
            status = Path(place).stat()
            digest.update(f"{name}\0{place}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class AttendedPrograms:
    """Programs, as a worker has them: an attendant runs them for it.

    Attributes:
        places: of the programs by their names.
        requests, answers: descriptors of the pipes to the attendant.
        attendant: its process.
    """

    places: Mapping[str, str]
    requests: int
    answers: int
    attendant: int

    @property
    def descriptors(self) -> tuple[int, int]:
        """What a worker keeps open."""
        return self.requests, self.answers

    def close(self) -> None:
        """End the attendant, which has nothing to do any more."""
        os.close(self.requests)
        os.close(self.answers)
        with suppress(ChildProcessError):
            os.waitpid(self.attendant, 0)

    def has(self, name: str, /) -> bool:
        """Tell whether a program is there."""
        return name in self.places

    def run(self, name: str, arguments: Sequence[str], data: bytes, most: int, /) -> Ran:
        """Run a program on bytes (see `pipeline.document.outside.programs.Programs`)."""
        try:
            write_frame(self.requests, encode(_Request(name, tuple(arguments), data, most)))
            answer = _ANSWER.decode(read_frame(self.answers))
        except (EOFError, BrokenPipeError, OverflowError):
            raise NotNow(f"Reading by {name} ended, most likely for want of memory.") from None
        if answer.refused is not None:
            raise (NotNow if answer.passing else UnreadableDocument)(answer.refused)
        return Ran(answer.output, answer.complaints, answer.code)


def attend(programs: Mapping[str, str], folder: Path, limits: ProgramLimits, *, strict: bool) -> AttendedPrograms:
    """Fork an attendant, which ends when this process does or closes its pipe.

    Args:
        programs: names and places of those that it runs.
        folder: in which each program gets a folder of its own; nobody else may write there.
        limits: of a program.
        strict: run programs behind all walls or not at all, as an office is in any case.
    """
    requests_out, requests = os.pipe()
    answers, answers_in = os.pipe()
    attendant = os.fork()
    if attendant == 0:
        try:
            walls.end_with_parent()
            _keep_only(requests_out, answers_in)
            most = walls.address_space() + _LARGEST_REQUEST
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            _serve(requests_out, answers_in, _Runner(programs, folder, limits, strict))
        finally:
            os._exit(0)
    os.close(requests_out)
    os.close(answers_in)
    return AttendedPrograms(programs, requests, answers, attendant)


def _keep_only(*descriptors: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    kept = sorted({0, 1, 2, *descriptors})
    for before, after in zip(kept, [*kept[1:], 4096], strict=True):
        os.closerange(before + 1, after)


def _serve(requests: int, answers: int, runner: _Runner) -> None:
    """Answer requests until nobody asks any more, or what is said is no request."""
    with suppress(EOFError, BrokenPipeError, MemoryError, msgspec.DecodeError, UnicodeDecodeError):
        while True:
            write_frame(answers, encode(runner.answer(_REQUEST.decode(read_frame(requests)))))


@dataclass(frozen=True, slots=True)
class _Runner:
    """Runs programs, one after another."""

    programs: Mapping[str, str]
    folder: Path
    limits: ProgramLimits
    strict: bool

    def limits_of(self, program: str) -> ProgramLimits:
        """Return what a program may cost."""
        return OFFICE_LIMITS if program == OFFICE else self.limits

    def answer(self, request: _Request) -> _Answer:
        place = self.programs.get(request.program)
        if place is None:
            return _Answer(refused=f"Reading by {request.program} could not begin: it is not installed.", passing=True)
        private = Path(tempfile.mkdtemp(dir=self.folder))
        try:
            (private / INPUT).write_bytes(request.data)
            return self._run(request, place, private)
        except OSError as error:
            return _Answer(refused=f"Reading by {request.program} could not begin: {error.strerror}.", passing=True)
        finally:
            shutil.rmtree(private, ignore_errors=True)

    def _run(self, request: _Request, place: str, private: Path) -> _Answer:
        out, out_in = os.pipe()
        complaints, complaints_in = os.pipe()
        process = os.fork()
        if process == 0:
            _become(request, place, private, (out_in, complaints_in), self)
        with suppress(OSError):
            os.setpgid(process, process)  # as the program does itself: whoever is first
        os.close(out_in)
        os.close(complaints_in)
        try:
            written, said, refused = self._heard(request, process, out, complaints)
        finally:
            os.close(out)
            os.close(complaints)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        spoken = said.decode("utf-8", "replace")
        if refused is None and (why := self._why(request.program, code, spoken)):
            refused = _Answer(refused=why, passing=code in (_NOT_STARTED, _NO_WALLS))  # what the machine lacks is no fault of a document
        return refused or _Answer(written, spoken, code)

    def _heard(self, request: _Request, process: int, out: int, complaints: int) -> tuple[bytes, bytes, _Answer | None]:
        """Return what a program writes and complains of until it ends, or why it may not go on."""
        limits = self.limits_of(request.program)
        most, until = min(request.most, limits.output), time.monotonic() + limits.deadline
        heard = {out: bytearray(), complaints: bytearray()}
        ended = False
        with selectors.DefaultSelector() as selector:
            for pipe in heard:
                os.set_blocking(pipe, False)
                selector.register(pipe, selectors.EVENT_READ)
            while True:
                ready = selector.select(0 if ended else _TICK)
                for key, _ in ready:
                    more = os.read(key.fd, _BLOCK)
                    if not more:
                        selector.unregister(key.fd)
                    elif key.fd == out or len(heard[complaints]) < _LONGEST_COMPLAINT:
                        heard[key.fd] += more
                if len(heard[out]) > most:
                    return b"", b"", _Answer(refused=f"Reading by {request.program} gave more than {most >> 20} MiB and was stopped.")
                if time.monotonic() > until:
                    why = f"Reading by {request.program} took longer than {limits.deadline:g} seconds and was stopped."
                    return b"", b"", _Answer(refused=why, passing=True)
                if ended and not ready:
                    return bytes(heard[out]), bytes(heard[complaints]), None
                if not ended and os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                    ended = True
                    with suppress(ProcessLookupError, PermissionError):
                        os.killpg(process, signal.SIGKILL)  # what it left behind
                elif not selector.get_map() and not ended:
                    time.sleep(_TICK)

    def _why(self, name: str, code: int, said: str) -> str | None:
        """Return why a program that ended with this code is not believed."""
        if code == -signal.SIGXCPU:
            return f"Reading by {name} took more than {self.limits_of(name).cpu} seconds of processor time and was stopped."
        if code < 0:
            return f"Reading by {name} crashed ({signal.Signals(-code).name})."
        if code == _NO_WALLS:
            return f"Reading by {name} is refused: this system lacks walls around it ({said})."
        return f"Reading by {name} could not begin." if code == _NOT_STARTED else None


def _become(request: _Request, place: str, private: Path, pipes: tuple[int, int], runner: _Runner) -> NoReturn:
    """Become a program behind walls; an office's, of which the folder of libraries is known, is that which asks these."""
    try:
        walls.end_with_parent()
        os.setpgid(0, 0)
        for pipe, standard in zip(pipes, (1, 2), strict=True):
            os.dup2(pipe, standard)
        os.closerange(3, 4096)
        os.chdir(private)
        beside: tuple[Path, ...] = ()
        command, all_walls = [request.program, *request.arguments], runner.strict
        if Path(place).is_dir():
            all_walls = True  # an office's libraries are ten times any other program's, and read forms that carry programs
            kit, folder = Path(office_kit.__file__), Path(place)
            beside = (kit, *office_kit.places_of(folder))
            command = [sys.executable, "-IS", str(kit), place, str(office_kit.font_of(folder)), *request.arguments]
            place = os.path.realpath(sys.executable)
        limits = runner.limits_of(request.program)
        keep = walls.Confinement(limits.memory, limits.cpu, (), private, Path(place), beside)
        missing = walls.confine(keep)
        if missing and all_walls:
            os.write(2, ", ".join(missing).encode())
            os._exit(_NO_WALLS)
        os.execve(place, command, {**_LOCALE, "HOME": str(private), "TMPDIR": str(private)})  # noqa: S606 (behind walls, of the names above)
    finally:
        os._exit(_NOT_STARTED)
