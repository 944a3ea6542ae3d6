"""What becomes of real PDFs whose bytes are damaged: bytes flipped, blocks zeroed, streams cut, objects swapped.

    python -m benchmarks.damage FOLDER [--count 500] [--seed 3] [--most-pages 60] [--kinds bytes_flipped …] [--part 1/4] [-v]

Each damaged document is read in a worker with limits and compared with the reading of the whole one: every fact that it publishes and
the whole one does not, and every fact that it has lost. A fact is a line (statement, unit, code, name, fund, nature, measure, amount; an
ambiguous one is none), a change on last year, a key figure, a project's amount. It *says so* if a check fails, or a finding stands, that
the whole document does not have. Prints a markdown table, and with -v the documents that say nothing. `--kinds` and `--part` choose among
the trials of count and seed, so that a long run can be made in parts.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.pdf.pdfium import open_document
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import Limits
from pipeline.store.processes.worker_server import Desk

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"(?<![0-9])[0-9]+ [0-9]+ obj\b(.*?)\bendobj\b", re.DOTALL)
_LONGEST_SWAPPED = 4096
"""Bytes. Objects without streams are shorter; a stream may be longer and is swapped all the same if it is not."""

LIMITS = Limits(wall=120.0, cpu=100)


def bytes_flipped(data: bytes, random: Random) -> bytes:
    """Return `data` with one to three bytes changed."""
    damaged = bytearray(data)
    for _ in range(random.randint(1, 3)):
        damaged[random.randrange(len(damaged))] ^= random.randint(1, 255)
    return bytes(damaged)


def block_zeroed(data: bytes, random: Random) -> bytes:
    """Return `data` with one block of 64 to 4,096 bytes of zeros."""
    length = 1 << random.randint(6, 12)
    start = random.randrange(max(1, len(data) - length))
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def stream_cut(data: bytes, random: Random) -> bytes:
    """Return `data` with the end of one stream gone; what says how long it is stays."""
    start = random.choice([match.end() for match in _STREAM.finditer(data)])
    end = data.find(b"endstream", start)
    end = end if end >= 0 else len(data)
    kept = start + int((end - start) * random.uniform(0.1, 0.9))
    return data[:kept] + b"\n" + data[end:]


def objects_swapped(data: bytes, random: Random) -> bytes:
    """Return `data` with what two objects hold exchanged."""
    places = [match.span(1) for match in _OBJECT.finditer(data) if match.end(1) - match.start(1) <= _LONGEST_SWAPPED]
    (a, b), (c, d) = sorted(random.sample(places, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


DAMAGE: Mapping[str, Callable[[bytes, Random], bytes]] = {
    damage.__name__: damage for damage in (bytes_flipped, block_zeroed, stream_cut, objects_swapped)
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One document to be read; as it is where `kind` is None."""

    path: Path
    kind: str | None = None
    seed: str = ""

    def damaged(self, data: bytes) -> bytes:
        """Return the bytes to be read, of those of the file."""
        return DAMAGE[self.kind](data, Random(self.seed)) if self.kind else data


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document publishes, and what is said of it."""

    published: bool
    facts: dict[tuple[str, ...], int] = field(default_factory=dict)
    said: dict[tuple[str, ...], int] = field(default_factory=dict)
    failed: dict[tuple[str, ...], int] = field(default_factory=dict)

    def counted(self) -> Reading:
        """Return it with counters, as it was before it came from a worker."""
        return Reading(self.published, Counter(self.facts), Counter(self.said), Counter(self.failed))


def file_of(trial: Trial) -> Path:
    """Return the file of a trial."""
    return trial.path


def read(trial: Trial, desk: Desk) -> Reading:
    """Read one document, in a worker."""
    checked = read_document(trial.damaged(desk.read()), Hint())
    failed = Counter(
        (str(row["check_id"]), str(row["statement"]), str(row["subject"]), str(row["difference"]))
        for row in checked.checks
        if row["outcome"] == "fail"
    )
    said = Counter((str(row["finding"]), str(row["subject"]), str(row["frequency"]), str(row["page"])) for row in checked.findings)
    return Reading(checked.document["status"] == "published", Counter(_facts(checked)), said, failed)


def _facts(checked: Checked) -> Iterable[tuple[str, ...]]:
    for line in checked.lines:
        if line.column_evidence != "ambiguous":
            said = (line.statement, line.flow, line.unit, line.code, line.name, line.fund, line.nature, line.measure, line.amount)
            yield ("line", line.source, *map(str, said))
    rows: dict[str, Iterable[Any]] = {"change": checked.year_on_year, "figure": checked.key_figures}
    for name, own in rows.items():
        for row in own:
            yield (name, *(str(value) for key, value in sorted(dict(row).items()) if key not in ("reason", "x0", "y0", "x1", "y1")))
    for project in checked.projects:
        if project.get("amount") is not None:
            yield ("project", str(project.get("project")), str(project["amount"]))


def page_count(path: Path) -> int:
    """Return how many pages a PDF has; none where it is not readable."""
    try:
        with open_document(path.read_bytes()) as document:
            return len(document)
    except UnreadableDocument:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--most-pages", type=int, default=60)
    parser.add_argument("--kinds", nargs="*", choices=list(DAMAGE), default=list(DAMAGE))
    parser.add_argument("--part", default="1/1", help="which part of the trials, of how many")
    parser.add_argument("--workers", type=int)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    paths = [path for path in sorted(arguments.folder.rglob("*.pdf")) if 0 < page_count(path) <= arguments.most_pages]
    random = Random(arguments.seed)
    kinds, (part, parts) = list(DAMAGE), map(int, arguments.part.split("/"))
    drawn = [Trial(random.choice(paths), kinds[n % len(kinds)], f"{arguments.seed} {n}") for n in range(arguments.count)]
    trials = [trial for trial in drawn if trial.kind in arguments.kinds][part - 1 :: parts]
    wholes = [Trial(path) for path in sorted({trial.path for trial in trials})]
    whole = {
        outcome.item.path: outcome.result.counted()
        for outcome in in_workers(read, wholes, Reading, file_of=file_of, limits=LIMITS, workers=arguments.workers)
        if outcome.result
    }
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    silent: list[str] = []
    for outcome in in_workers(read, trials, Reading, file_of=file_of, limits=LIMITS, workers=arguments.workers):
        trial, after = outcome.item, outcome.result.counted() if outcome.result else None
        before = whole.get(trial.path)
        if before is None:
            continue
        fate = fates[trial.kind or ""]
        fate["documents"] += 1
        if after is None or not after.published:
            fate["refused"] += 1
            continue
        wrong, lost = after.facts - before.facts, before.facts - after.facts
        checked, says = bool(after.failed - before.failed), bool(after.said - before.said)
        fate["the same"] += not wrong and not lost
        fate["with wrong facts"] += bool(wrong)
        fate["wrong facts"] += wrong.total()
        fate["wrong, no check"] += bool(wrong) and not checked
        fate["wrong, no word"] += bool(wrong) and not checked and not says
        fate["lost facts"] += lost.total()
        fate["lost, no word"] += bool(lost) and not checked and not says
        fate["whole, yet accused"] += not wrong and not lost and (checked or says)
        if wrong or (lost and not checked and not says):
            silent.append(f"{trial.kind} {trial.seed!r} {trial.path.name}: wrong {wrong.total()}, lost {lost.total()}, {checked=}, {says=}")
            silent += [f"    wrong {' | '.join(fact)}" for fact in sorted(wrong)[:5]] + [
                f"    lost {' | '.join(f)}" for f in sorted(lost)[:2]
            ]
    columns = (
        "documents",
        "refused",
        "the same",
        "whole, yet accused",
        "with wrong facts",
        "wrong facts",
        "wrong, no check",
        "wrong, no word",
    )
    columns += ("lost facts", "lost, no word")
    print(f"| damage | {' | '.join(columns)} |\n| --- |{' --: |' * len(columns)}")
    for kind, fate in fates.items():
        print(f"| {kind.replace('_', ' ')} | {' | '.join(f'{fate[name]:,}' for name in columns)} |")
    total = sum(fates.values(), Counter[str]())
    print(f"| all | {' | '.join(f'{total[name]:,}' for name in columns)} |")
    if arguments.verbose:
        print("\n".join(["", *silent]))


if __name__ == "__main__":
    main()
