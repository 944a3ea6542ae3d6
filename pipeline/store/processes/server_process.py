"""The server of workers, as the process has it that builds: started early, lent to whoever has work, ended with it.

Belongs here: starting the server with an empty environment, orders to it and reports from it. Does not belong here: what workers do.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.store.processes.worker_server import ORDER, REPORT, clear_abandoned

_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",  # one document, one processor: others are read beside it
}
"""All that workers have of an environment: nothing of the user's, who keeps secrets there."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from pipeline.store.processes.worker_server import main; main(int(sys.argv[2]), sys.argv[3:])"
)

_PATIENCE = 30.0
"""Seconds that the server has to clear up before it is killed: on a busy machine it may wait for its turn that long."""


class ServerGone(Exception):
    """The server of workers is not there (any more)."""


class Report(NamedTuple):
    """What the server says of a worker: it has begun, or ended with this wait status after so many seconds of processor time."""

    number: int
    ended: bool
    process: int
    status: int
    cpu: float


@dataclass(slots=True)
class ServerProcess:
    """The server.

    Attributes:
        module: that it loads; its functions are the work.
    """

    module: str
    _process: subprocess.Popen[bytes] | None = None
    _control: socket.socket | None = None
    _missing: tuple[str, ...] | None = None
    _numbers: int = 0
    _received: bytearray = field(default_factory=bytearray)
    _owner: int = field(default_factory=os.getpid)

    @property
    def control(self) -> socket.socket:
        """The socket that reports come from."""
        if self._control is None:
            raise ServerGone("the process that workers are started from was not started")
        return self._control

    @property
    def missing(self) -> tuple[str, ...]:
        """The walls that this system does not have; waits until the server is up."""
        if self._missing is None:
            control = self.control
            control.setblocking(True)
            try:
                (length,) = struct.unpack(">I", self._exactly(4))
                self._missing = msgspec.msgpack.decode(self._exactly(length), type=tuple[str, ...])
            except (OSError, EOFError, msgspec.DecodeError) as error:
                raise ServerGone(f"the process that workers are started from does not start: {error or 'it ended'}") from None
            control.setblocking(False)
        return self._missing

    @property
    def found_missing(self) -> tuple[str, ...]:
        """The walls that this system does not have, if work was asked for yet; none before."""
        return self._missing or ()

    @property
    def usable(self) -> bool:
        """Whether it was started by this very process and lives."""
        return self._process is not None and self._owner == os.getpid() and self._process.poll() is None

    def start(self) -> None:
        """Start it (anew), and return at once."""
        self.stop()
        ours, its = socket.socketpair()
        with its:
            its.set_inheritable(True)
            path = [str(Path(place).absolute()) for place in sys.path]
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, with this program)
                [sys.executable, "-I", "-X", "utf8", "-c", _START, json.dumps(path), str(its.fileno()), self.module],
                env={**_ENVIRONMENT, "TMPDIR": tempfile.gettempdir()},
                stdin=subprocess.DEVNULL,
                cwd="/",
                pass_fds=[its.fileno()],
                start_new_session=True,  # Ctrl-C is for this process, which ends the server
            )
        self._control, self._missing, self._owner = ours, None, os.getpid()
        self._received.clear()

    def begin(self) -> tuple[int, int, int]:
        """Have a worker forked; return its number, and the descriptors to send it orders and to hear its answers."""
        assert self.missing is not None  # it is up
        orders_out, orders = os.pipe()
        answers, answers_in = os.pipe()
        self._numbers += 1
        try:
            self.control.setblocking(True)
            socket.send_fds(self.control, [ORDER.pack(True, self._numbers)], [orders_out, answers_in])
            self.control.setblocking(False)
        except OSError as error:
            os.close(orders)
            os.close(answers)
            raise ServerGone(str(error)) from None
        finally:
            os.close(orders_out)
            os.close(answers_in)
        os.set_blocking(orders, False)
        os.set_blocking(answers, False)
        return self._numbers, orders, answers

    def end(self, number: int) -> None:
        """Have a worker killed, if it lives."""
        try:
            self.control.setblocking(True)
            self.control.sendall(ORDER.pack(False, number))
            self.control.setblocking(False)
        except OSError as error:
            raise ServerGone(str(error)) from None

    def reports(self) -> Iterator[Report]:
        """Yield what the server has to report now.

        Raises:
            ServerGone: it ended.
        """
        try:
            more = self.control.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError as error:
            raise ServerGone(str(error)) from None
        if not more:
            raise ServerGone("it ended")
        self._received += more
        while len(self._received) >= REPORT.size:
            report = Report(*REPORT.unpack_from(self._received))
            del self._received[: REPORT.size]
            yield report

    def stop(self) -> None:
        """End it, if this process started it: it kills its workers and clears up."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._owner == os.getpid():
            if self._missing is None:  # it never worked, and may still be loading: nobody has to wait for that
                self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            if self._process.returncode:  # somebody killed it, and what its workers had is left
                clear_abandoned()
        self._process = None

    def _exactly(self, length: int) -> bytes:
        received = b""
        while len(received) < length:
            more = self.control.recv(length - len(received))
            if not more:
                raise EOFError
            received += more
        return received


_idle: dict[str, ServerProcess] = {}
_lock = threading.Lock()


def warm_up(module: str) -> None:
    """Start a server that loads `module`, and return at once: it gets ready while the caller is still importing or listing."""
    with _lock:
        if module not in _idle or not _idle[module].usable:
            _idle[module] = ServerProcess(module)
            _idle[module].start()


def missing_walls() -> tuple[str, ...]:
    """Return the walls that this system does not have, as far as servers have found out by now."""
    with _lock:
        return next((server.found_missing for server in _idle.values() if server.found_missing), ())


@contextmanager
def borrowed(module: str) -> Iterator[ServerProcess]:
    """Yield a server that has loaded `module` and works for nobody else meanwhile; it is kept for the next who asks."""
    with _lock:
        server = _idle.pop(module, None)
    if server is None or not server.usable:
        server = ServerProcess(module)
        server.start()
    try:
        yield server
    finally:
        with _lock:
            before = _idle.pop(module, None)
            _idle[module] = server
        if before is not None:
            before.stop()


def stop_servers() -> None:
    """End the servers that nobody works with."""
    with _lock:
        servers = list(_idle.values())
        _idle.clear()
    for server in servers:
        server.stop()


atexit.register(stop_servers)
