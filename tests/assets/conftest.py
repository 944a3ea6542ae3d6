"""Builds over made-up documents: small JSON files stand in for disclosures, so that the tests are about builds and not about reading."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

import assets.catalogue
from assets.build import Result, run_build
from assets.instance import unrecorded
from assets.io import Workspace
from pipeline.budget.line import Line
from pipeline.document.model import UnreadableDocument
from pipeline.document.sources import Hint
from pipeline.reading import Reading
from pipeline.store.catalogue import Task, read_into_store


def read_made_up(data: bytes, file_name: str, hint: Hint) -> Reading:
    """Read a made-up document; the word `crash` breaks the reader down, anything that is no JSON is no document."""
    if data == b"crash":
        raise RuntimeError("the reader crashed")
    try:
        said = json.loads(data)
    except ValueError:
        raise UnreadableDocument("The file is no document.") from None
    amounts: dict[str, int] = said.pop("amounts", {})
    checks: list[dict[str, Any]] = said.pop("checks", [])
    findings: list[dict[str, Any]] = said.pop("findings", [])
    said.setdefault("fiscal_year", hint.fiscal_year)
    lines = [
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
    ]
    document = {"statements": ["general_public_by_function"], "amounts_printed": len(lines), "amounts_captured": len(lines), **said}
    return Reading({"status": "published", **document}, lines=lines, checks=checks, findings=findings)


def check(check_id: str, outcome: str, severity: str = "error") -> dict[str, Any]:
    return {"check_id": check_id, "subject": "201", "outcome": outcome, "severity": severity, "detail": "as made up"}


def document(year: int = 2019, province: str = "CN-SH", department: str = "甲局", **said: Any) -> bytes:
    given = {"fiscal_year": year, "province": province, "region_code": "310000", "department": department, "kind": "budget"}
    return json.dumps({**given, "level": "department", "amounts": {"201": 100, "208": 20}, **said}, ensure_ascii=False).encode()


class Reader:
    """Stands in for the worker processes, and remembers what it was given to read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, str | None]]:
        for task in tasks:
            self.read.append(task.source.file_name)
            try:
                read_into_store(task, read_made_up)
                yield task, None
            except RuntimeError as error:
                yield task, f"Reading failed: {error}."


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(assets.catalogue, "read_in_workers", lambda workers: reader)
    return reader


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


Build = Callable[..., Result]


@pytest.fixture
def build(tmp_path: Path, inputs: Path, reader: Reader) -> Build:
    """Build from the folder `in` (or other sources) to the folder `out` (or another), without records."""

    def run(*sources: Path, out: str = "out", **options: Any) -> Result:
        workspace = Workspace(
            sources=[str(source) for source in sources or (inputs,)],
            dataset=str(tmp_path / out),
            readings=str(tmp_path / "readings"),
            workers=options.pop("workers", 0),
        )
        with unrecorded() as (instance, storage):
            return run_build(workspace, storage, options.pop("instance", instance), **options)

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
