"""Dagster instances: one that forgets, for a build; one on disk, for recorded runs and the web UI.

Belongs here: where runs are recorded, and serving the UI over them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.environment import DATASET_VARIABLE, HOME_VARIABLE, SOURCES_VARIABLE, setting
from assets.io import TableStorage, tables_folder

LOOPBACK = "127.0.0.1"
_SETTINGS = "dagster.yaml"


def home_folder() -> Path:
    """Return where runs are recorded: $DAGSTER_HOME, or `.dagster` in the current folder."""
    return Path(setting(HOME_VARIABLE) or ".dagster").resolve()


@contextmanager
def recording() -> Iterator[tuple[dg.DagsterInstance, TableStorage]]:
    """Yield the instance on disk and the storage beside it; both are made if they do not exist."""
    home = home_folder()
    prepare(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance, TableStorage(folder=str(tables_folder(home)))


def prepare(home: Path) -> None:
    """Make `home` an instance: its settings (a present file stays as it is) and its databases.

    Processes that do so at the same time wait for each other: two that create the SQLite databases at once would spoil them.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".preparing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / _SETTINGS).exists():
            shutil.copyfile(_settings_file(), home / _SETTINGS)
        with dg.DagsterInstance.from_config(str(home)) as instance:
            # The databases are made on first use of each.
            instance.get_runs_count()
            instance.has_asset_key(dg.AssetKey("raw_documents"))
            instance.all_instigator_state()


class PortInUse(Exception):
    """The UI cannot listen on the port asked for."""


def _interrupt(*_: object) -> None:
    """End the servers with this process, whichever signal ends it and even where a shell had it ignore interrupts."""
    raise KeyboardInterrupt


def serve(sources: list[str], dataset: Path, port: int) -> int:
    """Run the web UI and the daemon for schedules and sensors, on loopback, until interrupted.

    Args:
        sources: none stands for the embedded samples.
        dataset: where runs publish to.
        port: that the UI listens on.

    Returns:
        The exit code of the web server; 0 if it was interrupted.

    Raises:
        PortInUse: something else listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortInUse(f"Port {port} is in use: choose another with --port.") from error
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, _interrupt)
    home = home_folder()
    prepare(home)
    environment = {
        **os.environ,
        HOME_VARIABLE: str(home),
        SOURCES_VARIABLE: os.pathsep.join(str(Path(source).resolve()) for source in sources),
        DATASET_VARIABLE: str(dataset.resolve()),
    }
    target = ["-m", "assets.definitions"]
    daemon = subprocess.Popen([sys.executable, "-m", "dagster._daemon", "run", *target], env=environment)
    try:
        server = subprocess.Popen([sys.executable, "-m", "assets.web_server", "-h", LOOPBACK, "-p", str(port), *target], env=environment)
        sys.stderr.write(f"Dagster's UI: http://{LOOPBACK}:{port}  runs: {home}  dataset: {environment[DATASET_VARIABLE]}\n")
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            _end(server)
    finally:
        _end(daemon)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _settings_file() -> Path:
    """Return the project's settings: in a checkout at its root, in an installed package beside this module."""
    beside = Path(__file__).with_name(_SETTINGS)
    return beside if beside.exists() else Path(__file__).parents[1] / _SETTINGS
