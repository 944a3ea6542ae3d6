"""Builds over made-up documents: small JSON files stand in for disclosures, so that the tests are about builds and not about reading."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from assets.io import TableStorage
from assets.recorded_build import run_build
from assets.resources import Workspace
from pipeline import build as building
from pipeline.budget.line import Line
from pipeline.build import BuildResult, Inputs
from pipeline.document.content import Content, Page, TextLine, UnreadableDocument
from pipeline.document.inputs.sources import Hint, look_here
from pipeline.document.outside.programs import Programs
from pipeline.identity.identify import Identity
from pipeline.stages.checking import Checked, file_under, unreadable
from pipeline.stages.coding import Coded
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import Stages
from pipeline.stages.recognition import Recognised
from pipeline.store import workers
from pipeline.store.catalogue import MapDocuments, Task, TaskOutcome, run_stages


def extract_made_up(data: bytes, _: Programs) -> Extracted:
    """Read a made-up document; the word `crash` breaks the reader down, anything that is no JSON is no document."""
    if data == b"crash":
        raise RuntimeError("the reader crashed")
    try:
        text = json.dumps(json.loads(data), ensure_ascii=False)
    except ValueError:
        return Extracted(None, "The file is no document.")
    return Extracted(Content("lines", "text", (Page(1, 0, 0, (TextLine(text),)),)))


def recognise_made_up(extracted: Extracted, hint: Hint) -> Recognised | None:
    return None if extracted.content is None else Recognised(Identity(fiscal_year=hint.fiscal_year))


def code_made_up(extracted: Extracted, recognised: Recognised | None) -> Coded | None:
    return None


def check_made_up(extracted: Extracted, recognised: Recognised | None, coded: Coded | None) -> Checked:
    if extracted.content is None or recognised is None:
        return unreadable(str(extracted.refused))
    said = json.loads(extracted.content.pages[0].lines[0].text)
    amounts: dict[str, int] = said.pop("amounts", {})
    checks: list[dict[str, Any]] = said.pop("checks", [])
    findings: list[dict[str, Any]] = said.pop("findings", [])
    said.setdefault("fiscal_year", recognised.identity.fiscal_year)
    lines = tuple(
        Line(
            statement="general_public_by_function",
            statement_no=1,
            source="table",
            flow="expenditure",
            scheme="function",
            level=1,
            name=f"科目{code}",
            code=code,
            fund="general_public",
            nature="total",
            amount=Decimal(amount),
            amount_text=str(amount),
            unit_text="元",
            row=row,
            column=1,
        )
        for row, (code, amount) in enumerate(amounts.items(), start=1)
    )
    document = {"statements": ["general_public_by_function"], "amounts_printed": len(lines), "amounts_captured": len(lines), **said}
    return file_under(Checked({"status": "published", **document}, lines=lines, checks=tuple(checks), findings=tuple(findings)))


FAKE_STAGES = Stages(extract_made_up, recognise_made_up, code_made_up, check_made_up)


def check(check_id: str, outcome: str, severity: str = "error") -> dict[str, Any]:
    return {"check_id": check_id, "subject": "201", "outcome": outcome, "severity": severity, "detail": "as made up"}


def document(year: int = 2019, province: str = "CN-SH", department: str = "甲局", **said: Any) -> bytes:
    given = {"fiscal_year": year, "province": province, "region_code": "310000", "department": department, "kind": "budget"}
    return json.dumps({**given, "level": "department", "amounts": {"201": 100, "208": 20}, **said}, ensure_ascii=False).encode()


class Reader:
    """Stands in for the worker processes, and remembers of which documents it made something."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, tasks: Sequence[Task]) -> Iterator[TaskOutcome]:
        for task in tasks:
            self.read.append(task.source.file_name)
            try:
                yield TaskOutcome(task, run_stages(task, FAKE_STAGES))
            except (RuntimeError, UnreadableDocument) as error:
                yield TaskOutcome(task, failure=f"Reading failed: {error}.")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()

    def processes(number: int | None = None, **options: object) -> MapDocuments:
        return reader

    monkeypatch.setattr(workers, "in_processes", processes)
    return reader


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


Build = Callable[..., BuildResult]


@pytest.fixture
def build(tmp_path: Path, inputs: Path, reader: Reader) -> Build:
    """Build from the folder `in` (or other sources) to the folder `out` (or another), by plain functions."""

    def run(*sources: Path, out: str = "out", **options: Any) -> BuildResult:
        given = Inputs(sources or (inputs,), tmp_path / out, tmp_path / "results", options.pop("keep_versions", 3))
        return building.build(given, reader, look_here, **options)

    return run


@pytest.fixture
def recorded_build(tmp_path: Path, inputs: Path, reader: Reader) -> Build:
    """Build by Dagster runs; otherwise as `build`."""

    def run(*sources: Path, out: str = "out", instance: dg.DagsterInstance | None = None, **options: Any) -> BuildResult:
        workspace = Workspace(
            sources=[str(source) for source in sources or (inputs,)], dataset=str(tmp_path / out), results=str(tmp_path / "results")
        )
        storage = TableStorage(folder=str(tmp_path / "tables"))
        with dg.DagsterInstance.ephemeral() as none:
            return run_build(workspace, storage, instance or none, **options)

    return run


@pytest.fixture
def published(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """Return a table of the dataset in the folder `out` (or another)."""

    def table(name: str, out: str = "out") -> pl.DataFrame:
        return pl.scan_parquet(tmp_path / out / name / "**" / "*.parquet", hive_partitioning=True).collect()

    return table


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    return folder


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    from assets.instance import recording

    with recording() as (instance, _):
        yield instance
