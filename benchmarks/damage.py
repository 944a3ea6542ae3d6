"""What becomes of real PDFs whose bytes are damaged: bytes flipped, blocks zeroed, streams cut, objects swapped.

    python -m benchmarks.damage FOLDER [--count 500] [--seed 3] [--most-pages 60] [--kinds bytes_flipped …] [--part 1/4] [--log FILE] [-v]

Each damaged document is read in a worker with limits and compared with the reading of the whole one: every fact that it publishes and
the whole one does not, and every fact that it has lost. A fact is a line (statement, unit, code, name, fund, nature, measure, amount; an
ambiguous one is none), a change on last year, a key figure, a project's amount. It *says so* if a check fails, or a finding stands, that
the whole document does not have. Prints a line for each trial as it ends (with -v some of the facts), and a markdown table. `--kinds` and
`--part` choose among the trials of count and seed. With `--log` each trial is a line of that file too, and what the same code has tried
according to it is not tried again: a run that was ended goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.pdf.pdfium import open_document
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from pipeline.store.chain import stage_versions
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import Limits
from pipeline.store.processes.worker_server import Desk
from pipeline.store.results import key_of

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"(?<![0-9])[0-9]+ [0-9]+ obj\b(.*?)\bendobj\b", re.DOTALL)
_LONGEST_SWAPPED = 4096
"""Bytes. Objects without streams are shorter; a stream may be longer and is swapped all the same if it is not."""

LIMITS = Limits(wall=120.0, cpu=100)

COLUMNS = (
    "documents",
    "refused",
    "the same",
    "whole, yet accused",
    "with wrong facts",
    "wrong facts",
    "wrong, no check",
    "wrong, no word",
    "lost facts",
    "lost, no word",
)
"""Of the table that is printed."""


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


def file_of(trial: Trial) -> Path:
    """Return the file of a trial."""
    return trial.path


def read(trial: Trial, desk: Desk) -> Reading:
    """Read one document, in a worker."""
    checked = read_document(trial.damaged(desk.read()), Hint())
    failed: Counter[tuple[str, ...]] = Counter(
        (str(row["check_id"]), str(row["statement"]), str(row["subject"]), str(row["difference"]))
        for row in checked.checks
        if row["outcome"] == "fail"
    )
    said: Counter[tuple[str, ...]] = Counter(
        (str(row["finding"]), str(row["subject"]), str(row["frequency"]), str(row["page"])) for row in checked.findings
    )
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one trial: a line of the log.

    Attributes:
        code: version of the stages that read it.
        kind, seed, file: of the trial.
        refused: nothing of it is published.
        wrong, lost: how many facts.
        checked: a check fails that does not fail of the whole document.
        says: a finding stands that the whole document does not have.
        examples: some of the wrong and lost facts.
    """

    code: str
    kind: str
    seed: str
    file: str
    refused: bool = False
    wrong: int = 0
    lost: int = 0
    checked: bool = False
    says: bool = False
    examples: tuple[str, ...] = ()

    @property
    def fate(self) -> dict[str, int]:
        """Return what it adds to each column of the table."""
        if self.refused:
            return {"documents": 1, "refused": 1}
        silent, same = not self.checked and not self.says, not self.wrong and not self.lost
        return {
            "documents": 1,
            "the same": same,
            "whole, yet accused": same and not silent,
            "with wrong facts": self.wrong > 0,
            "wrong facts": self.wrong,
            "wrong, no check": self.wrong > 0 and not self.checked,
            "wrong, no word": self.wrong > 0 and silent,
            "lost facts": self.lost,
            "lost, no word": self.lost > 0 and silent,
        }

    @property
    def line(self) -> str:
        """Return it for a reader."""
        said = ", ".join(word for word, holds in (("a check fails", self.checked), ("a finding", self.says)) if holds) or "nothing said"
        fate = "refused" if self.refused else f"wrong {self.wrong}, lost {self.lost}, {said}"
        return f"{self.kind} {self.seed!r} {self.file}: {fate}"


def verdict_of(trial: Trial, code: str, before: Reading, after: Reading | None) -> Verdict:
    """Hold the reading of a damaged document against that of the whole one."""
    named = (code, str(trial.kind), trial.seed, trial.path.name)
    if after is None or not after.published:
        return Verdict(*named, refused=True)
    wrong, lost = Counter(after.facts) - Counter(before.facts), Counter(before.facts) - Counter(after.facts)
    examples = [f"wrong {' | '.join(fact)}" for fact in sorted(wrong)[:5]] + [f"lost {' | '.join(fact)}" for fact in sorted(lost)[:2]]
    checked, says = bool(Counter(after.failed) - Counter(before.failed)), bool(Counter(after.said) - Counter(before.said))
    return Verdict(*named, False, wrong.total(), lost.total(), checked, says, tuple(examples))


def logged(log: Path | None, code: str) -> dict[tuple[str, str, str], Verdict]:
    """Return what the same code has tried before, by kind, seed and file."""
    if log is None or not log.exists():
        return {}
    verdicts = (Verdict(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines())
    return {(each.kind, each.seed, each.file): each for each in verdicts if each.code == code}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--most-pages", type=int, default=60)
    parser.add_argument("--kinds", nargs="*", choices=list(DAMAGE), default=list(DAMAGE))
    parser.add_argument("--part", default="1/1", help="which part of the trials, of how many")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--log", type=Path, help="file of what was tried, which a later run goes on with")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    paths = [path for path in sorted(arguments.folder.rglob("*.pdf")) if 0 < page_count(path) <= arguments.most_pages]
    random = Random(arguments.seed)
    kinds, (part, parts) = list(DAMAGE), map(int, arguments.part.split("/"))
    drawn = [Trial(random.choice(paths), kinds[n % len(kinds)], f"{arguments.seed} {n}") for n in range(arguments.count)]
    trials = [trial for trial in drawn if trial.kind in arguments.kinds][part - 1 :: parts]
    code = key_of(*stage_versions().values())
    known = logged(arguments.log, code)
    verdicts = [known[key] for trial in trials if (key := (str(trial.kind), trial.seed, trial.path.name)) in known]
    open_trials = [trial for trial in trials if (str(trial.kind), trial.seed, trial.path.name) not in known]
    wholes = [Trial(path) for path in sorted({trial.path for trial in open_trials})]
    whole = {
        outcome.item.path: outcome.result
        for outcome in in_workers(read, wholes, Reading, file_of=file_of, limits=LIMITS, workers=arguments.workers)
        if outcome.result
    }
    readable = [trial for trial in open_trials if trial.path in whole]
    for outcome in in_workers(read, readable, Reading, file_of=file_of, limits=LIMITS, workers=arguments.workers):
        verdict = verdict_of(outcome.item, code, whole[outcome.item.path], outcome.result)
        verdicts.append(verdict)
        if arguments.log is not None:
            with arguments.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(verdict), ensure_ascii=False) + "\n")
        print(
            "\n    ".join([f"{len(verdicts)}/{len(trials)} {verdict.line}", *(verdict.examples if arguments.verbose else ())]), flush=True
        )
    print_table(verdicts)


def print_table(verdicts: Iterable[Verdict]) -> None:
    """Print what became of each kind of damage."""
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        for kind in (verdict.kind.replace("_", " "), "all"):
            fates[kind].update(verdict.fate)
    print(f"| damage | {' | '.join(COLUMNS)} |\n| --- |{' --: |' * len(COLUMNS)}")
    for kind, fate in sorted(fates.items(), key=lambda each: (each[0] == "all", each[0])):
        print(f"| {kind} | {' | '.join(f'{fate[name]:,}' for name in COLUMNS)} |")


if __name__ == "__main__":
    main()
