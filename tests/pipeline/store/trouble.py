"""Work that goes wrong, or that a hostile document would do, importable by worker processes."""

import ctypes
import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

from pipeline.document.content import UnreadableDocument
from pipeline.store.processes.worker_server import Desk


def work(item: str, desk: Desk) -> str:  # noqa: C901 (one case for each trouble)
    """Do what the item says."""
    match item:
        case "crash":
            ctypes.string_at(1)
        case "abort":
            os.abort()
        case "killed":
            desk.ask(str(os.getpid()).encode())  # whoever answers kills it
        case "hang":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "bomb":
            bytearray(8 << 30)
        case "deep":
            return work("deep", desk)
        case "refuse":
            raise UnreadableDocument("It is only a picture.")
        case "bug":
            raise ValueError("no such\nthing \x1b[31m")
        case "leave":
            os._exit(3)
        case "lie":
            return 5  # type: ignore[return-value]
        case "babble":
            os.write(desk.answers, b"\xff" * 4096)
            time.sleep(600)
        case "half a word":
            os.write(desk.answers, b"\x00\x00\x10\x00" + b"x" * 10)
            time.sleep(600)
        case _:
            pass
    return item.upper()


def told(item: Path, desk: Desk) -> bytes:
    """Return the bytes of the file."""
    return desk.read()


def asked(item: str, desk: Desk) -> str:
    """Return what the parent answers."""
    return desk.ask(item.encode()).decode()


def attack(item: str, desk: Desk) -> str:  # noqa: C901 (one case for each attack)
    """Do what a document in possession of its reader would do, and say `done` if nothing stood in the way."""
    kind, _, argument = item.partition(" ")
    match kind:
        case "socket":
            socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        case "unix-socket":
            socket.socket(socket.AF_UNIX)
        case "run":
            subprocess.run([sys.executable, "-c", ""], check=True)
        case "become":
            os.execv(sys.executable, [sys.executable, "-c", ""])
        case "fork":
            if os.fork() == 0:
                os._exit(0)
        case "read":
            Path(argument).read_bytes()
        case "list":
            list(Path(argument).iterdir())
        case "write":
            Path(argument).write_text("taken over")
        case "delete":
            Path(argument).unlink()
        case "more-memory":
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (hard + (1 << 30), hard + (1 << 30)))
        case "more-time":
            resource.setrlimit(resource.RLIMIT_CPU, (9999, 9999))
        case "signal":
            os.kill(int(argument), 0)
        case "trace":
            if ctypes.CDLL(None, use_errno=True).ptrace(16, int(argument), None, None) != 0:
                raise PermissionError(ctypes.get_errno(), "refused")
        case "environment":
            if dict(os.environ).get(argument):
                return "done"
            raise PermissionError("not there")
        case "mount":
            if ctypes.CDLL(None, use_errno=True).mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
                raise PermissionError(ctypes.get_errno(), "refused")
        case "scratch":
            Path("own").write_text("allowed")
        case "library":
            import colorsys  # of the standard library, not loaded before

            colorsys.rgb_to_hsv(0, 0, 0)
    return "done"
