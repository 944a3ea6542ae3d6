"""What a cluster costs and survives: the same build in processes, on Dask, with a bucket, with a bucket that fails, with killed workers.

    python -m benchmarks.cluster [FOLDER] [--workers 1,2,4] [--kills 20] [--only WORD]

Each build reads everything anew into a dataset of its own; every file is held against the build in processes. The cluster is Dask's own on
this machine, with processes of one thread; the bucket is moto's on the loopback, in a process of its own. CPU seconds are those of all
processes, the cluster's start included; on a machine that others use they say more than wall time. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pipeline.build import Inputs, build
from pipeline.store.catalogue import MapDocuments
from pipeline.store.cluster import on_dask
from pipeline.store.workers import archives_in_processes, in_processes

_SERVE = """
import os, time
from tests.pipeline.store.bucket import bucket
with bucket({every}):
    print(os.environ["AWS_ENDPOINT_URL"], flush=True)
    time.sleep(1e9)
"""
_EVERY_TWENTIETH = 20
_BETWEEN_KILLS = (0.5, 3.0)
"""Seconds: a document of the corpus takes 0.8 on average, a worker two to start."""

_BACK_WITHIN = "10 minutes"
"""For which a killed worker is expected back. Dask gives one up after 15 seconds, too few on a busy machine."""


def hashes(dataset: Path) -> dict[str, str]:
    """Return the hash of every file of a dataset."""
    return {
        path.relative_to(dataset).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in dataset.rglob("*") if path.is_file()
    }


@contextmanager
def served(every: int) -> Iterator[str]:
    """Yield the URL of a bucket on the loopback, of which each so-many-th answer is 503 (0: none)."""
    from tests.pipeline.store.bucket import BUCKET, NAMES

    code = _SERVE.format(every=every)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        os.environ.update({**NAMES, "AWS_ENDPOINT_URL": server.stdout.readline().strip()})
        try:
            yield f"s3://{BUCKET}/{server.pid}"
        finally:
            server.kill()


@contextmanager
def cluster(workers: int) -> Iterator[Any]:
    """Yield a Dask cluster of so many workers of one thread."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": _BACK_WITHIN}),
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50) as running,
    ):
        yield running


def _is_up(nanny: Any) -> bool:
    """Tell whether the worker of a nanny has said that it runs: one that dies before is given up, not replaced."""
    return nanny.status.name == "running" and nanny.process is not None and nanny.process.status.name == "running"


@contextmanager
def killed(running: Any, times: int) -> Iterator[list[int]]:
    """Kill workers of a cluster while the block runs, and yield the list of those killed."""
    chance, done = random.Random(7), threading.Event()
    victims: list[int] = []

    def kill() -> None:
        while len(victims) < times and not done.wait(chance.uniform(*_BETWEEN_KILLS)):
            pids = [nanny.pid for nanny in running.workers.values() if _is_up(nanny)]
            if pids:
                victims.append(chance.choice(pids))
                os.kill(victims[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield victims
    finally:
        done.set()
        thread.join()


def cpu() -> float:
    """Return the CPU seconds of this process and of all that it started, of those that ended as far as somebody waited for them."""
    import psutil  # comes with distributed

    own = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (own, *own.children(recursive=True)))


def timed(source: Path, where: Path, run: MapDocuments, storage: str | None = None) -> tuple[float, dict[str, str]]:
    """Build into a new folder, and return the seconds it took and the hashes."""
    start = time.perf_counter()
    build(Inputs([source], where / "dataset", where / "results", 1, storage), run, archives_in_processes())
    return time.perf_counter() - start, hashes(where / "dataset")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only", default="", help="builds whose name has this word, besides the one in processes")
    arguments = parser.parse_args()
    plans: dict[str, tuple[int, int | None, int]] = {f"Dask, {n} workers": (int(n), None, 0) for n in arguments.workers.split(",")}
    plans["Dask, 2 workers, bucket"] = (2, 0, 0)
    plans["Dask, 2 workers, bucket, 5 % of its answers 503"] = (2, _EVERY_TWENTIETH, 0)
    plans[f"Dask, 2 workers, {arguments.kills} killed"] = (2, None, arguments.kills)
    print("| build | seconds | CPU s | against processes, by CPU | files | differing |\n| --- | --: | --: | --: | --: | --: |", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        before = cpu()
        seconds, expected = timed(arguments.folder, Path(scratch) / "processes", in_processes(2))
        usual = cpu() - before
        print(f"| 2 processes | {seconds:.1f} | {usual:.1f} | | {len(expected)} | |", flush=True)
        for name, (workers, failing, kills) in plans.items():
            if arguments.only not in name:
                continue
            before = cpu()
            with ExitStack() as stack:
                storage = None if failing is None else stack.enter_context(served(failing))
                running = stack.enter_context(cluster(workers))
                victims = stack.enter_context(killed(running, kills)) if kills else []
                seconds, found = timed(arguments.folder, Path(scratch) / name, on_dask(running.scheduler_address), storage)
                spent = cpu() - before
            differing = sum(found.get(path) != sha256 for path, sha256 in expected.items()) + len(found.keys() - expected.keys())
            said = f"{name} ({len(victims)} in fact)" if kills else name
            share = f"{100 * (spent / usual - 1):+.0f} %"
            print(f"| {said} | {seconds:.1f} | {spent:.1f} | {share} | {len(found)} | {differing} |", flush=True)


if __name__ == "__main__":
    main()
