"""How fast the whole job is, and where its time goes.

    python -m benchmarks.build FOLDER [--out DIR]

Reads every document of FOLDER once in this process, stage by stage (CPU seconds), then builds the dataset as a user does
(cold cache, its own process) and takes wall time and the peak memory of the largest process. Prints markdown tables.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from pipeline.document.inputs.sources import Hint
from pipeline.stages.checking import check
from pipeline.stages.coding import code
from pipeline.stages.extraction import extract
from pipeline.stages.recognition import recognise

T = TypeVar("T")


class _Stages:
    """CPU seconds spent per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        try:
            return work()
        finally:
            self.seconds[stage] += time.process_time() - start


def by_stage(files: list[Path]) -> tuple[dict[str, float], int]:
    """Return CPU seconds per stage over all documents that can be read, and their pages."""
    stages, pages = _Stages(), 0
    for file in files:
        data = file.read_bytes()
        extracted = stages.timed("extraction", partial(extract, data))
        pages += len(extracted.content.pages) if extracted.content else 0
        recognised = stages.timed("recognition", partial(recognise, extracted, Hint()))
        coded = stages.timed("coding", partial(code, extracted, recognised))
        stages.timed("checking", partial(check, extracted, recognised, coded))
    return dict(stages.seconds), pages


def whole_build(folder: Path, out: Path) -> tuple[float, float]:
    """Return wall seconds of a cold `yusuan build`, and the peak memory of its largest process in MB."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-c", "from assets.cli import main; main()", "build", str(folder), "--out", str(out)]
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "XDG_CACHE_HOME": cache})
        wall = time.perf_counter() - start
    return wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    files = sorted(p for p in arguments.folder.rglob("*.pdf") if p.is_file())
    seconds, pages = by_stage(files)
    total = sum(seconds.values())
    print(f"{len(files)} documents, {pages} pages, one process\n\n| stage | CPU s | ms a page | share |\n| --- | --: | --: | --: |")
    for stage, spent in seconds.items():
        print(f"| {stage} | {spent:.2f} | {1000 * spent / pages:.2f} | {spent / total:.0%} |")
    print(f"| all | {total:.2f} | {1000 * total / pages:.2f} | {pages / total:.0f} pages per CPU s |")
    with tempfile.TemporaryDirectory() as scratch:
        wall, peak = whole_build(arguments.folder, arguments.out or Path(scratch) / "dataset")
    print(f"\n`yusuan build`, cold: {wall:.1f} s, {pages / wall:.0f} pages/s; largest process {peak:.0f} MB")


if __name__ == "__main__":
    main()
