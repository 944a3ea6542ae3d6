"""What publication survives: writers killed at random moments, two writers at once, a full disk.

    python -m benchmarks.publication [--kills 200] [--pairs 50] [--reads 10000]

Publishes real datasets (generated lines, three partitions, database and descriptions) in processes of their own. A reader in
a loop resolves the version, opens every file of it and holds its hash against the manifest; every file of a version says
its number, so that a mixture would show. Prints a markdown table. Needs the right to mount for the full disk.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.budget.line import Line
from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.parquet import Partition, partition_of
from pipeline.publish.versions.kept_versions import current_version_folder
from pipeline.publish.versions.manifest import read_manifest
from pipeline.publish.versions.replacement import AnotherWriter, CannotReplace
from pipeline.stages.checking import Checked
from pipeline.store.frames import SourceFacts, document_frames
from schemas.export import empty_frame
from schemas.tables import DIMENSIONS, PARTITIONED

FILLED = {table.name: empty_frame(table) for table in DIMENSIONS}
KEPT = 10
PROVINCES = ("CN", "CN-SH", "CN-ZJ")
LINES = 40
_TIMED = 5
_CODE = "from benchmarks.publication import {0}; {0}()"


def frames(number: int, provinces: tuple[str, ...] = PROVINCES, lines: int = LINES) -> dict[Partition, dict[str, pl.DataFrame]]:
    """Return partitions of one document each, of which every amount is `number`."""
    documents = []
    about = {"status": "published", "fiscal_year": 2024, "level": "department"}
    given: dict[str, Any] = {
        "statement": "expenditure_summary",
        "statement_no": 1,
        "source": "table",
        "flow": "expenditure",
        "scheme": "function",
    }
    given |= {
        "level": 3,
        "fund": "total",
        "nature": "total",
        "amount_text": str(number),
        "unit_text": "元",
        "column": 1,
        "unit_evidence": "table",
    }
    for province in provinces:
        sha = hashlib.sha256(f"{number} {province}".encode()).hexdigest()
        made = tuple(Line(**given, name=f"科目{row}", row=row, amount=Decimal(number)) for row in range(1, lines + 1))
        reading = Checked(document={**about, "province": province, "department": f"{province}局"}, lines=made)
        documents.append(document_frames(reading, SourceFacts(f"{number}.pdf", sha, 1, "application/pdf")))
    return split_by_partition({table.name: pl.concat([d[table.name] for d in documents]) for table in PARTITIONED})


def write_forever() -> None:
    """Publish version after version; the first argument is the dataset, the second the first number."""
    dataset, number = Path(sys.argv[1]), int(sys.argv[2])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        number += 1
        publish(dataset, frames(number), FILLED, keep_versions=KEPT)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def write_differences() -> None:
    """Publish version after version, each of which replaces one partition of three, in turn."""
    dataset = Path(sys.argv[1])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        number = newest_of(dataset) + 1
        publish(dataset, frames(number, (PROVINCES[number % len(PROVINCES)],)), FILLED, keep_others=True, keep_versions=KEPT)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def newest_of(folder: Path) -> int:
    """Return the largest number in a version whose partitions were replaced in turn, having held every file against the manifest."""
    held = proven_lines(folder)
    numbers = dict(held.select("province", pl.col("amount").cast(pl.Int64)).unique().rows())
    newest: int = max(numbers.values())
    if any(numbers.get(PROVINCES[number % len(PROVINCES)]) != number for number in range(newest, newest - len(PROVINCES), -1)):
        raise ValueError(f"a mixture: {numbers}")
    return newest


def add_partition() -> None:
    """Publish one partition more; exits with 3 if another writer was there."""
    try:
        publish(Path(sys.argv[1]), frames(int(sys.argv[3]), (sys.argv[2],)), FILLED, keep_others=True, wait=float(sys.argv[4]))
    except AnotherWriter:
        sys.exit(3)


def proven_lines(folder: Path) -> pl.DataFrame:
    """Return the lines of a version, having held every file against the manifest."""
    files = read_manifest(folder)
    for path, file in files.items():
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != file.sha256:
            raise ValueError(f"{path} is not what the manifest says")
    tables = [
        pl.read_parquet(folder / path, hive_partitioning=False).with_columns(province=pl.lit(partition_of(path)[1]))
        for path, file in files.items()
        if file.table == "budget_lines"
    ]
    lines = pl.concat(tables)
    if lines.height != LINES * len(PROVINCES):
        raise ValueError(f"{lines.height} lines")
    return lines


def number_of(folder: Path) -> int:
    """Return the one number that all files of a version say."""
    (number,) = proven_lines(folder)["amount"].unique().to_list()
    return int(number)


def _read_until(stop, dataset: Path, told, read: Callable[[Path], int]) -> None:  # type: ignore[no-untyped-def]
    reads, faults, seen = 0, [], set()
    while not stop.is_set():
        try:
            seen.add(read(current_version_folder(dataset)))
        except Exception as error:
            faults.append(repr(error)[:200])
        reads += 1
        time.sleep(0.02)  # two processors: the writers shall get on as well
    told.put((reads, faults, len(seen)))


def _pace(dataset: Path, writer_of: str) -> float:
    """Return the seconds that a writer takes for a version while others work: what the moments of killing are drawn from."""
    command = [sys.executable, "-c", _CODE.format(writer_of), str(dataset), "-1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        start = time.monotonic()
        for _ in range(_TIMED):
            writer.stdout.readline()
        spent = time.monotonic() - start
        writer.kill()
    return spent / _TIMED


def kills(dataset: Path, number: int, least_reads: int, *, differences: bool) -> str:
    """Kill `number` writers at random moments of their first two publications, with a reader in a loop, and say what it saw.

    Args:
        dataset: to publish to.
        number: of writers.
        least_reads: reads at least, while writers write and after.
        differences: whether a version replaces one partition of three, else all.
    """
    chance = random.Random(2)
    writer_of, read = ("write_differences", newest_of) if differences else ("write_forever", number_of)
    publish(dataset, frames(0), FILLED)
    for first in (1, 2) if differences else ():
        publish(dataset, frames(first, (PROVINCES[first],)), FILLED, keep_others=True)
    context = multiprocessing.get_context("spawn")
    stop, told = context.Event(), context.Queue()
    reader = context.Process(target=_read_until, args=(stop, dataset, told, read))
    reader.start()
    pace = _pace(dataset, writer_of)
    started, published = time.monotonic(), 0
    for attempt in range(number):
        command = [sys.executable, "-c", _CODE.format(writer_of), str(dataset), str(attempt * 1000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as writer:
            if writer.stdout is None or not writer.stdout.readline():
                return f"attempt {attempt}: the next run failed"
            time.sleep(chance.uniform(0, 2 * pace))
            writer.send_signal(signal.SIGKILL)
            published += len(writer.stdout.read().splitlines())
        read(dataset)
    stop.set()
    reads, faults, seen = told.get(timeout=60)
    reader.join()
    extra = 0
    while reads + extra < least_reads:
        read(current_version_folder(dataset))
        extra += 1
    spent = time.monotonic() - started
    how = f"{number} writers, 0 to {2 * pace:.1f} s after their start (a version takes {pace:.1f} s)"
    what = "one partition of three" if differences else "everything"
    seen_too = f"{reads} reads while writing, {extra} after, {published} versions published, {seen} seen; {spent:.0f} s"
    return (
        f"| kill -9, {what} replaced | {how} | {seen_too} | {len(faults)} torn or mixed {faults[:2] or ''}; the next run always succeeded |"
    )


def pairs(dataset: Path, number: int, wait: float) -> str:
    """Let two writers each add a partition at the same moment, `number` times, and count what was lost."""
    provinces = [f"CN-{part}" for part in ("BJ", "TJ", "HE", "SX", "NM", "LN", "JL", "HL", "SH", "JS", "ZJ", "AH", "FJ", "JX", "SD", "HA")]
    won = told = lost = 0
    for attempt in range(number):
        names = [provinces[(2 * attempt + n) % len(provinces)] for n in range(2)]
        command = [sys.executable, "-c", _CODE.format("add_partition"), str(dataset)]
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
        running = [subprocess.Popen([*command, name, str(attempt + 1), str(wait)], env=environment) for name in names]
        ends = [one.wait() for one in running]
        lines = pl.read_parquet(f"{dataset}/budget_lines/**/*.parquet", hive_partitioning=True)
        found = dict(lines.group_by("province").agg(pl.col("amount").max()).iter_rows())
        for name, end in zip(names, ends, strict=True):
            won, told = won + (end == 0), told + (end == 3)
            lost += end not in (0, 3) or (end == 0 and found.get(name) != attempt + 1)
    return f"| two writers, waiting {wait:g} s | {number} pairs | {won} published, {told} told that another writes | {lost} updates lost |"


def full_disk(scratch: Path) -> str:
    """Publish to a file system that has five megabytes left."""
    disk = scratch / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
    try:
        publish(disk / "dataset", frames(1), FILLED)
        used = shutil.disk_usage(disk).used + 5_000_000
        subprocess.run(["mount", "-o", f"remount,size={used}", str(disk)], check=True)
        try:
            publish(disk / "dataset", frames(2, lines=60_000), FILLED)
            said = "nothing"
        except CannotReplace as error:
            said = str(error).replace(str(disk), "…")
        intact = number_of(disk / "dataset")
        publish(disk / "dataset", frames(3), FILLED)
        return f"| 5 MB left on the disk | a version too large | “{said}” | version {intact} intact, the next one published |"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--reads", type=int, default=10_000)
    arguments = parser.parse_args()
    print("| what | how often | seen | result |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for differences in (True, False):
            print(kills(Path(scratch) / f"killed{differences}", arguments.kills, arguments.reads, differences=differences), flush=True)
        for wait in (0.0, 60.0):
            print(pairs(Path(scratch) / f"pairs{wait:g}", arguments.pairs, wait), flush=True)
        print(full_disk(Path(scratch)), flush=True)


if __name__ == "__main__":
    main()
