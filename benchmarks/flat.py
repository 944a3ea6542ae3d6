"""What a build costs by the number of documents: made at first, with nothing changed, with one document more, with one changed.

    python -m benchmarks.flat [--documents 1000,10000,100000] [--out DIR]

The files are there and are hashed; what is read of them is not read but copied from a few readings (so many lines and checks for each
document, a hundred documents to a partition): catalogue, partitions, marts and publication are what is measured, and the time for the
copies is told apart. Each build is a process of its own. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.budget.filing import PROVINCES, UNKNOWN_PROVINCE
from pipeline.budget.line import Line
from pipeline.build import Inputs, build
from pipeline.identity.departments import department_id
from pipeline.identity.disclosures import disclosure_id
from pipeline.stages.checking import Checked
from pipeline.store.catalogue import Task, TaskOutcome, document_of, facts_of, keep_summary
from pipeline.store.chain import Stage, key_of_stage
from pipeline.store.frames import SourceFacts, document_frames, pack
from pipeline.store.results import ResultStore
from pipeline.store.workers import archives_in_processes
from schemas.classification.code_lists import codes_frame

DOCUMENTS_OF_PARTITION = 100
LINES = 40
_WHERE = [province for province in PROVINCES if province != UNKNOWN_PROVINCE][:30]
_FIRST_YEAR, _FIRST_REGION = 1990, 11
_OF_FOLDER = 1000
_CODES = codes_frame().filter(scheme="function", level=3)["code"].unique().sort().to_list()[:LINES]


def template(variant: int) -> dict[str, pl.DataFrame]:
    """Return the tables of a reading, of a document that is none of those that are made."""
    given: dict[str, Any] = {
        "statement": "expenditure_summary",
        "statement_no": 1,
        "source": "table",
        "flow": "expenditure",
        "scheme": "function",
    }
    given |= {"fund": "total", "nature": "total", "unit_text": "元", "column": 1, "page": 3, "unit_evidence": "table"}
    lines = tuple(
        Line(
            **given,
            level=3,
            name=code,
            code=code,
            code_source="printed",
            row=row,
            amount=Decimal(variant * row),
            amount_text=str(variant * row),
            is_leaf=True,
        )
        for row, code in enumerate(_CODES, start=1)
    )
    check = {"check_id": "H1", "outcome": "pass", "severity": "error", "detail": "201 = 20103", "tolerance": 0}
    checks = tuple({**check, "subject": str(number)} for number in range(10))
    about = {"status": "published", "fiscal_year": 2000, "province": "CN-SH", "region_code": "310000", "department": "局", "kind": "budget"}
    about |= {"level": "department", "statements": ["expenditure_summary"], "pages": 7, "amounts_printed": LINES, "amounts_captured": LINES}
    return document_frames(Checked(document=about, lines=lines, checks=checks), SourceFacts("", "0" * 64, 1, "text/plain"))


class Copies:
    """Takes documents through the stages by copying readings; says how long that took."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._templates = [template(variant) for variant in range(1, 6)]

    def __call__(self, tasks: Sequence[Task]) -> Iterator[TaskOutcome]:
        """Do tasks, as a `MapDocuments`."""
        for task in tasks:
            start = time.perf_counter()
            self._make(task)
            self.seconds += time.perf_counter() - start
            yield TaskOutcome(task, tuple(Stage))

    def _make(self, task: Task) -> None:
        assert task.source.path is not None
        number = int(task.source.path.read_text().split()[0])
        store = ResultStore(task.folder)
        hashes: dict[Stage, str] = {}
        facts = facts_of(task.source, "text/plain")
        for stage in Stage:
            made = pack(_of_document(self._templates[number % 5], number, facts)) if stage is Stage.CHECKING else b"shared"
            hashes[stage] = store.put(stage, task.versions[stage], key_of_stage(stage, document_of(task.source), hashes), made)
        keep_summary(task, tuple(Stage))


def _of_document(frames: Mapping[str, pl.DataFrame], number: int, facts: SourceFacts) -> dict[str, pl.DataFrame]:
    partition = number // DOCUMENTS_OF_PARTITION
    year, department = _FIRST_YEAR + partition // len(_WHERE), f"第{number % DOCUMENTS_OF_PARTITION}局"
    where = partition % len(_WHERE)
    region = f"{_FIRST_REGION + where}0000"
    body = department_id(department, region)
    values = {"document_id": facts.document_id, "fiscal_year": year, "province": _WHERE[where], "region_code": region}
    values["department"] = department
    of_documents = {**values, "sha256": facts.sha256, "bytes": facts.bytes, "department_id": body}
    of_documents["disclosure_id"] = disclosure_id(body, year, "budget", "department")
    return {
        name: frame.with_columns(
            pl.lit(value, frame.schema[column]).alias(column) for column, value in (of_documents if name == "documents" else values).items()
        )
        for name, frame in frames.items()
        if frame.height
    }


def write_inputs(folder: Path, numbers: Sequence[int], mark: str = "") -> None:
    """Write the files of documents: what stands in them is their number."""
    for number in numbers:
        place = folder / str(number // _OF_FOLDER)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.txt").write_text(f"{number} {mark}\n")


def one_build(where: Path) -> None:
    """Build, and print seconds, of these for copying readings, seconds of CPU, gigabytes and partitions made."""
    run = Copies()
    start, cpu = time.perf_counter(), time.process_time()
    done = build(Inputs([where / "inputs"], where / "dataset", where / "results", 3), run, archives_in_processes())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(time.perf_counter() - start, run.seconds, time.process_time() - cpu, memory, len(done.made))


def measured(where: Path) -> list[float]:
    """Return what a build of its own process says of itself."""
    code = f"from pathlib import Path; from benchmarks.flat import one_build; one_build(Path({str(where)!r}))"
    return [
        float(value) for value in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="1000,10000,100000")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    print("| documents | build | seconds | of these copying | CPU s | ms a document, without copying | GB | partitions made |")
    print("| --: | --- | --: | --: | --: | --: | --: | --: |", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for count in map(int, arguments.documents.split(",")):
            where = (arguments.out or Path(scratch)) / str(count)
            steps = {
                "first": range(count),
                "nothing changed": (),
                "one document more": (count,),
                "one document changed": (count // 2,),
                "nothing changed again": (),
            }
            for name, numbers in steps.items():
                write_inputs(where / "inputs", numbers, "changed" if "changed" in name else "")
                seconds, copying, cpu, memory, made = measured(where)
                each = (seconds - copying) / count * 1000
                print(
                    f"| {count:,} | {name} | {seconds:.2f} | {copying:.2f} | {cpu:.2f} | {each:.3f} | {memory:.2f} | {made:g} |", flush=True
                )


if __name__ == "__main__":
    main()
