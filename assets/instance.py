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
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterUserCodeProcessError, DagsterUserCodeUnreachableError
from dagster._core.storage.tags import GRPC_INFO_TAG

from assets.environment import (
    DATASET_VARIABLE,
    HOME_VARIABLE,
    INBOX_VARIABLE,
    REGISTRIES_VARIABLE,
    SOURCES_VARIABLE,
    STORAGE_VARIABLE,
    setting,
)
from assets.io import TableStorage, tables_folder

LOOPBACK = "127.0.0.1"
_SETTINGS = "dagster.yaml"

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that end the servers: Ctrl-C, `kill`, and the terminal that is closed."""

_LOOK_EVERY = 0.2
"""Seconds between two looks whether a server lives."""

_PATIENCE = 6.0
"""Seconds that servers and runs may take to end by themselves (two to five on an idle machine); what is left then is killed,
which costs nothing but its work: whatever is published, stored or recorded is so in one step."""

_DYING = 3.0
"""Seconds in which the system removes processes that were killed; longer only where they are never collected."""


def home_folder() -> Path:
    """Return where runs are recorded: $DAGSTER_HOME, or `.dagster` in the current folder."""
    return Path(setting(HOME_VARIABLE) or ".dagster").resolve()


@contextmanager
def recording() -> Iterator[tuple[dg.DagsterInstance, TableStorage]]:
    """Yield the instance on disk and the storage beside it; both are made if they do not exist."""
    home = home_folder()
    prepare(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance, TableStorage(folder=setting(STORAGE_VARIABLE) or str(tables_folder(home)))


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


def serve(sources: list[str], dataset: Path, port: int, inbox: Path | None = None, registries: Sequence[Path] = ()) -> int:
    """Run the web UI and the daemon for schedules and sensors, on loopback, until interrupted.

    Args:
        sources: none stands for the embedded samples.
        dataset: where runs publish to.
        port: that the UI listens on.
        inbox: what documents are fetched into; None: nothing is fetched.
        registries: of what is fetched; none stands for what the environment says.

    Returns:
        0 if it was interrupted, else the exit code of the server that ended first.

    Raises:
        PortInUse: something else listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortInUse(f"Port {port} is in use: choose another with --port.") from error
    home = home_folder()
    prepare(home)
    environment = {
        **os.environ,
        HOME_VARIABLE: str(home),
        SOURCES_VARIABLE: os.pathsep.join(str(Path(source).resolve()) for source in sources),
        DATASET_VARIABLE: str(dataset.resolve()),
        **({INBOX_VARIABLE: str(inbox.resolve())} if inbox else {}),
        **({REGISTRIES_VARIABLE: os.pathsep.join(str(registry.resolve()) for registry in registries)} if registries else {}),
    }
    target = ["-m", "assets.definitions"]
    commands = (["dagster._daemon", "run"], ["assets.web_server", "-h", LOOPBACK, "-p", str(port)])
    servers: list[subprocess.Popen[bytes]] = []
    before = {end: signal.getsignal(end) for end in _ENDS}
    try:
        for end, handler in before.items():
            if end is not signal.SIGHUP or handler is not signal.SIG_IGN:  # `nohup` asks to go on
                signal.signal(end, _interrupt)
        for command in commands:
            # In a process group of its own a server does not get the interrupt of the terminal, and ends with all that it started.
            server = subprocess.Popen([sys.executable, "-m", *command, *target], env=environment, process_group=0)
            servers.append(server)
        sys.stderr.write(f"Dagster's UI: http://{LOOPBACK}:{port}  runs: {home}  dataset: {environment[DATASET_VARIABLE]}\n")
        while True:
            ended = [code for code in (server.poll() for server in servers) if code is not None]
            if ended:  # the other one alone would seem to keep the dataset up to date
                return ended[0]
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        return 0
    finally:
        for end in _ENDS:
            signal.signal(end, signal.SIG_IGN)  # ending takes its seconds, and is not left half done
        _end(servers, home)
        for end, handler in before.items():
            signal.signal(end, handler)


def _end(servers: list[subprocess.Popen[bytes]], home: Path) -> None:
    """End servers with all their processes: runs under way are cancelled, which sensors make up for after the next start."""
    for server in servers:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
    cancelled: set[str] = set()
    until = time.monotonic() + _PATIENCE
    with dg.DagsterInstance.from_config(str(home)) as instance:
        while time.monotonic() < until and (any(server.poll() is None for server in servers) or _under_way(instance, cancelled)):
            _cancel_runs(instance, cancelled)
            time.sleep(_LOOK_EVERY)
        for server in servers:
            with suppress(ProcessLookupError):  # what is left has nothing to finish: a code server waits for a sign of life of its parent
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        until = time.monotonic() + _DYING
        while any(_has_processes(server) for server in servers) and time.monotonic() < until:
            time.sleep(_LOOK_EVERY)
        for run in _under_way(instance, cancelled):
            instance.report_run_canceled(run)


def _has_processes(server: subprocess.Popen[bytes]) -> bool:
    try:
        os.killpg(server.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _under_way(instance: dg.DagsterInstance, cancelled: set[str]) -> list[dg.DagsterRun]:
    runs = (instance.get_run_by_id(run_id) for run_id in cancelled)
    return [run for run in runs if run is not None and not run.is_finished]


def _cancel_runs(instance: dg.DagsterInstance, cancelled: set[str]) -> None:
    """Cancel the runs that servers started, but for those in `cancelled`, to which they are added; runs of other commands go on."""
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])):
        if run.run_id not in cancelled and GRPC_INFO_TAG in run.tags:
            cancelled.add(run.run_id)
            with suppress(DagsterUserCodeUnreachableError, DagsterUserCodeProcessError):
                instance.run_launcher.terminate(run.run_id)


def _settings_file() -> Path:
    """Return the project's settings: in a checkout at its root, in an installed package beside this module."""
    beside = Path(__file__).with_name(_SETTINGS)
    return beside if beside.exists() else Path(__file__).parents[1] / _SETTINGS
