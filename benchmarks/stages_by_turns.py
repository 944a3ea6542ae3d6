"""Compare two versions of the code: CPU seconds of each stage, document by document and by turns, and whether they return the same.

    python -m benchmarks.stages_by_turns ../shared/corpus OLD NEW [--lot 0 --of 6] [--times 2]

OLD and NEW are checkouts. Each has a process that lives through all documents; a loaded machine slows both alike, so that the share is
right where the seconds are not. The same is: the `repr` of what each stage returns.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from time import process_time

STAGES = ("extract", "recognise", "code", "check")
_COLLECTED_AFTER = 50_000  # objects, as in workers
_ANSWER = "a document of "


def serve() -> None:
    """Take the paths of documents from standard input, and print pages, seconds and hashes of what the stages return for each."""
    from pipeline.document.inputs.sources import Hint
    from pipeline.document.outside.programs import NO_PROGRAMS
    from pipeline.stages import reading

    gc.set_threshold(_COLLECTED_AFTER)
    for path in sys.stdin:
        data = Path(path.rstrip("\n")).read_bytes()
        ends = [process_time()]
        extracted = reading.STAGES.extract(data, NO_PROGRAMS)
        ends.append(process_time())
        recognised = reading.STAGES.recognise(extracted, Hint())
        ends.append(process_time())
        coded = reading.STAGES.code(extracted, recognised)
        ends.append(process_time())
        checked = reading.STAGES.check(extracted, recognised, coded)
        ends.append(process_time())
        hashes = [hashlib.sha256(repr(made).encode()).hexdigest() for made in (extracted, recognised, coded, checked)]
        pages = len(extracted.content.pages) if extracted.content else 0
        print(_ANSWER + json.dumps([pages, [after - before for before, after in pairwise(ends)], hashes]), flush=True)


class Version:
    """A checkout with a process that reads documents by its code."""

    def __init__(self, checkout: Path) -> None:
        """Start the process."""
        self.seconds = [0.0] * len(STAGES)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--serve"],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self, path: Path, *, counted: bool = True) -> tuple[int, list[str]]:
        """Read a document; return its pages and the hashes of what the stages return."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{path.resolve()}\n")
        self._process.stdin.flush()
        answer = next(line for line in self._process.stdout if line.startswith(_ANSWER))
        pages, seconds, hashes = json.loads(answer.removeprefix(_ANSWER))
        if counted:
            self.seconds = [sum(both) for both in zip(self.seconds, seconds, strict=True)]
        return pages, hashes

    def end(self) -> None:
        """End the process."""
        self._process.communicate()


def compare(files: Sequence[Path], old: Version, new: Version, times: int) -> None:
    """Read all files with both versions, `times` over, and print what they took."""
    pages = 0
    for version in (old, new):
        version.read(files[0], counted=False)
    for path in files:
        for turn in range(times):
            first, second = (old, new) if turn % 2 == 0 else (new, old)
            told = {version: version.read(path) for version in (first, second)}
            (count, before), (_, after) = told[old], told[new]
            pages += count
            if before != after:
                print(f"not the same: {path.name}: {[stage for stage, a, b in zip(STAGES, before, after, strict=True) if a != b]}")
    print(f"{pages // times} pages\n\n| stage | old, CPU s | new | |\n| --- | --: | --: | --: |")
    rows = [*zip(STAGES, old.seconds, new.seconds, strict=True), ("all", sum(old.seconds), sum(new.seconds))]
    for stage, one, other in rows:
        print(f"| {stage} | {one / times:.2f} | {other / times:.2f} | {other / one - 1:+.0%} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--lot", type=int, default=0, help="which of the lots")
    parser.add_argument("--of", type=int, default=1, help="how many lots the documents are parted into")
    parser.add_argument("--times", type=int, default=2, help="how often each document is read")
    arguments = parser.parse_args()
    files = sorted(arguments.documents.rglob("*.pdf"))[arguments.lot :: arguments.of]
    old, new = Version(arguments.old.resolve()), Version(arguments.new.resolve())
    compare(files, old, new, arguments.times)
    old.end()
    new.end()


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        main()
