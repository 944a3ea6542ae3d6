"""Walls around a process that reads a document: what it may not do any more, whatever the document makes of it.

    limits          memory, processor time, size of files: hard, so that nobody inside can raise them
    privileges      none, and none to be had (no_new_privs, no capabilities)
    Landlock        files: code and libraries are read, one folder is written, nothing else is seen; no TCP, no signals to others
    system calls    those on the list: no sockets, no programs, no further processes, no higher limits

A program of the system runs behind the same walls (`outside_programs.py`): it sees itself and libraries.

Belongs here: the calls to the kernel, and what it lacks. Does not belong here: when walls go up (`worker_server.py`).
Linux has them all; elsewhere the limits stand alone, and `missing_walls` says so.
"""

from __future__ import annotations

import csv
import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_PR_SET_NAME, _PR_SET_VMA = 15, 0x53564D41  # names of threads and of memory: all that libraries ask prctl for
_TERMINAL, _TERMINAL_2, _CLOSE_ON_EXEC = 0x5401, 0x802C542A, 0x5451  # "is this a terminal?", and a flag of an own file

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same numbers on every architecture
_LANDLOCK_VERSION_FLAG, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_ACCESS_OF_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Kinds of access to files that each version of Landlock adds: all are denied but where a rule allows them."""
_NET_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT, _SOCKETS_AND_SIGNALS = 3, 3

_LOAD, _EQUAL, _SET, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06  # instructions of the kernel's packet filter
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what the filter is shown of a call
_ALLOW, _DENY = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NEW_THREAD = 0x10000
_FOREIGN_NUMBERS = 0x40000000  # from here on x86 counts calls of another interface
_AUDIT_NAMES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_CAPABILITIES_VERSION = 0x20080522

SCRATCH_FILE = 256 << 20
"""Bytes of a file in the scratch folder at most: a page as a picture takes some tens of millions."""

OPEN_FILES = 128
"""Files that a worker has open at most: it needs its own few, and those of a library that is loaded."""

_SYSTEM_PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/urandom", "/sys/devices/system/cpu")
_LONGEST_FIRST_LINE = 256  # of a script, as far as the kernel reads it
_CALLS, _CALLS_OF_PROGRAMS = "system_calls.csv", "system_calls_of_programs.csv"
_NO_FILE_BITS = _READ_DIR | (((1 << 13) - 1) & ~0b111)  # kinds of access that only folders have

LIMITS, PRIVILEGES, LANDLOCK, SYSTEM_CALLS = (
    "hard limits",
    "no_new_privs",
    "Landlock (files)",
    "seccomp (network, programs)",
)


class WallMissing(OSError):
    """The kernel refuses a wall."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a process keeps behind its walls.

    Attributes:
        memory: bytes of address space beyond what it has now.
        cpu: seconds of processor time from now on.
        packages: names of packages whose code and data it may read, besides the standard library and installed packages.
        scratch: the folder that it may write.
        program: that the process is about to become; it may read that and libraries instead of packages.
        beside: files and folders that the program reads besides.
    """

    memory: int
    cpu: int
    packages: tuple[str, ...]
    scratch: Path
    program: Path | None = None
    beside: tuple[Path, ...] = ()


def end_with_parent() -> None:
    """Let the kernel kill this process when the one that it was forked from dies; without effect outside Linux."""
    if sys.platform == "linux":
        _library().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def confine(keep: Confinement) -> tuple[str, ...]:
    """Put up all walls around this process, for good, and return the names of those that the system does not have."""
    for name in (_CALLS, _CALLS_OF_PROGRAMS):
        _listed(name)  # while files can be read
    missing = [
        name for name, build in ((LIMITS, _limit), (PRIVILEGES, _give_up_privileges), (LANDLOCK, _see_little)) if not _built(build, keep)
    ]
    if not _built(_call_little, keep):  # last: it forbids what the others call
        missing.append(SYSTEM_CALLS)
    return tuple(missing)


def _built(build: Callable[[Confinement], None], keep: Confinement) -> bool:
    try:
        build(keep)
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _limit(keep: Confinement) -> None:
    space = keep.memory + address_space()
    seconds = int(sum(os.times()[:2])) + keep.cpu + 1
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        space = min(space, most)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    # The soft limit says why it ended; what ignores that is killed two seconds later.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SCRATCH_FILE, SCRATCH_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def address_space() -> int:
    """Return the address space in use, in bytes; zero where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _give_up_privileges(_: Confinement) -> None:
    _demand(_library().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    header = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    _demand(_library().capset(header, bytes(24)))


def landlock_version() -> int:
    """Return the version of Landlock that the kernel has; zero where it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_library().syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION_FLAG)))


def _see_little(keep: Confinement) -> None:
    version = landlock_version()
    if version < 1:
        raise WallMissing("no Landlock")
    files = sum(bits for since, bits in _ACCESS_OF_VERSION.items() if since <= version)
    net = _BIND_AND_CONNECT if version >= _NET_SINCE else 0
    scopes = _SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    attributes = struct.pack("=QQQ", files, net, scopes)
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _NET_SINCE else 8
    rules = _demand(_library().syscall(_LANDLOCK_CREATE, attributes, size, 0))
    for place in _readable(keep.packages) if keep.program is None else (*_places_of(keep.program), *keep.beside):
        _allow(rules, place, _READ_FILE | _READ_DIR | (_EXECUTE if keep.program else 0))
    for device in _DEVICES:
        _allow(rules, Path(device), _READ_FILE | _READ_DIR)
    _allow(rules, Path("/dev/null"), _READ_FILE | (1 << 1))
    _allow(rules, keep.scratch, files & ~_EXECUTE)  # all but running what lies there
    _demand(_library().syscall(_LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)


@cache
def _readable(packages: Sequence[str]) -> tuple[Path, ...]:
    """Return the folders of code and data: the standard library, installed packages, the system's libraries, and `packages`."""
    named = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    named |= {str(Path(base) / "lib") for base in (sys.base_prefix, sys.prefix)} - {"/lib"}
    own = {str(Path(str(sys.modules[name].__file__)).parent) for name in packages if getattr(sys.modules.get(name), "__file__", None)}
    own |= {str(place) for name in packages for place in getattr(sys.modules.get(name), "__path__", ())}
    return tuple(sorted({Path(place).resolve() for place in (*named, *own, *_SYSTEM_PLACES) if place and Path(place).exists()}))


def _places_of(program: Path) -> tuple[Path, ...]:
    """Return a program, the interpreter of a script, the libraries installed beside either, and those of the system."""
    files = [program.resolve()]
    with files[0].open("rb") as file:
        first = file.readline(_LONGEST_FIRST_LINE)
    if first.startswith(b"#!") and (words := first[2:].split()):
        files.append(Path(os.fsdecode(words[0])).resolve())
    beside = [file.parent.parent / "lib" for file in files if file.parent.name == "bin"]
    return tuple(place for place in (*files, *beside, *map(Path, _SYSTEM_PLACES)) if place.exists())


def _allow(rules: int, place: Path, access: int) -> None:
    try:
        descriptor = os.open(place, getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not place.is_dir():
            access &= ~_NO_FILE_BITS
        _demand(_library().syscall(_LANDLOCK_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", access, descriptor), 0))
    finally:
        os.close(descriptor)


def _call_little(keep: Confinement) -> None:
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _AUDIT_NAMES:
        raise WallMissing("no list of system calls")
    program = _filter(machine, os.getpid(), for_program=keep.program is not None)
    code = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _demand(_library().prctl(_PR_SET_SECCOMP, 2, description, 0, 0))


def _filter(machine: str, process: int, *, for_program: bool) -> bytes:
    """Return the filter of system calls: what is on the list is allowed, some of it with these arguments only; all else is refused."""
    listed = [*_listed(_CALLS), *(_listed(_CALLS_OF_PROGRAMS) if for_program else ())]
    number = {row["name"]: int(row[machine]) for row in listed if row[machine]}
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, _AUDIT_NAMES[machine], 1, 0),
        _step(_RETURN, _DENY | _EPERM),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _FOREIGN_NUMBERS, 0, 1),
        _step(_RETURN, _DENY | _EPERM),
    ]
    conditions = {
        "clone": _where(0, [_step(_SET, _NEW_THREAD, 0, 1), _step(_RETURN, _ALLOW)]),  # a thread, no process
        "clone3": [_step(_RETURN, _DENY | _ENOSYS)],  # its arguments cannot be seen: the C library asks `clone` then
        "tgkill": _where(0, _any_of(process)),  # how a process aborts itself
        "prlimit64": [
            *_where(2, [_step(_EQUAL, 0, 0, 3)]),
            _step(_LOAD, _ARGUMENTS + 2 * 8 + 4),
            _step(_EQUAL, 0, 0, 1),
            _step(_RETURN, _ALLOW),
        ],
        "prctl": _where(0, _any_of(_PR_SET_NAME, _PR_SET_VMA)),
        "ioctl": _where(1, _any_of(_TERMINAL, _TERMINAL_2, _CLOSE_ON_EXEC)),
    }
    for name, called in number.items():
        then = [*conditions[name], _step(_RETURN, _DENY | _EPERM)] if name in conditions else [_step(_RETURN, _ALLOW)]
        code += [_step(_EQUAL, called, 0, len(then)), *then]
    return b"".join([*code, _step(_RETURN, _DENY | _EPERM)])


def _where(argument: int, then: list[bytes]) -> list[bytes]:
    """Look at the lower half of an argument."""
    return [_step(_LOAD, _ARGUMENTS + 8 * argument), *then]


def _any_of(*values: int) -> list[bytes]:
    return [step for value in values for step in (_step(_EQUAL, value, 0, 1), _step(_RETURN, _ALLOW))]


def _step(instruction: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", instruction, if_so, if_not, value)


@cache
def _listed(name: str) -> tuple[dict[str, str], ...]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _demand(answer: int) -> int:
    if answer < 0:
        raise WallMissing(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
