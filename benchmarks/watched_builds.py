"""Builds that are started as a process of their own, with their temporary files and results in a scratch folder, and watched from outside.

Belongs here: starting, and looking at processes and files. What is done to them, and what must come of it, is in the trials.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

YUSUAN = "from assets.cli.commands import main; main()"


def started(sources: list[Path], scratch: Path, name: str) -> subprocess.Popen[bytes]:
    """Start a build whose temporary files have a folder of their own."""
    (scratch / "temporary").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(scratch / "temporary"), "XDG_CACHE_HOME": str(scratch / "cache")}
    command = [sys.executable, "-c", YUSUAN, "build", *map(str, sources), "--out", str(scratch / name), "--json"]
    with (scratch / f"{name}.json").open("wb") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of each file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def left(scratch: Path) -> list[int]:
    """Return the processes of builds that have their temporary files in `scratch`."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={scratch / 'temporary'}\0".encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


def peak(process: int) -> int:
    """Return the most memory that a process had so far, in KiB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def parent(process: int) -> int:
    """Return the parent of a process; zero where it is gone."""
    said = stat_of(process)
    return int(said[1]) if said else 0


def spent(processes: list[int]) -> float:
    """Return the seconds of processor time of these processes and of the children that they have waited for."""
    ticks = sum(int(said) for process in processes for said in stat_of(process)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def stat_of(process: int) -> list[str]:
    """Return what the kernel says of a process, from its state on; nothing where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def command_of(process: int) -> str:
    """Return how a process was started; nothing where it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
