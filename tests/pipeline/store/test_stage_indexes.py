"""Indexes of stages over the embedded samples: what is counted, and what is done again."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest

from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import look_here
from pipeline.samples import DOCUMENTS
from pipeline.store.catalogue import Task, TaskOutcome, catalogue_of, refreshed, run_stages, sources_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.results import ResultStore
from pipeline.store.stage_indexes import redo_stages, stage_index

VERSIONS = stage_versions()


class Here:
    """Takes documents through the stages in this process, and remembers what it made of which."""

    def __init__(self) -> None:
        self.made: list[tuple[str, tuple[Stage, ...]]] = []

    def __call__(self, tasks: Sequence[Task]) -> Iterator[TaskOutcome]:
        for task in tasks:
            made = run_stages(task)
            self.made.append((task.source.file_name, made))
            yield TaskOutcome(task, made)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    return ResultStore(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def listed(store: ResultStore) -> pl.DataFrame:
    return catalogue_of(collect([DOCUMENTS], look_here), store, VERSIONS, Here(), lambda *_: None).frame


def row(index: pl.DataFrame, name: str) -> dict[str, object]:
    return index.filter(pl.col("file_name") == name).row(0, named=True)


def test_listed_inputs_are_found_again(listed: pl.DataFrame) -> None:
    assert sorted(sources_of(listed), key=lambda s: s.file_name) == sorted(collect([DOCUMENTS], look_here), key=lambda s: s.file_name)


def test_stored_results_are_counted_and_nothing_is_made(listed: pl.DataFrame, store: ResultStore) -> None:
    here = Here()
    indexes = {stage: stage_index(stage, listed, store, VERSIONS, here) for stage in Stage}
    assert here.made == []
    assert all(index["failure"].null_count() == index["result"].len() == 3 for index in indexes.values())
    pdf = {name: value for stage in Stage for name, value in row(indexes[stage], "budget_2024.pdf").items()}
    assert pdf["fiscal_year"] == 2024
    assert pdf["pages"] and pdf["grids"] and pdf["cells"]
    assert len(pdf["kinds"]) == len(pdf["titles"]) == len(pdf["units"]) == pdf["statements"]  # type: ignore[arg-type]
    assert pdf["lines"] == listed.filter(pl.col("file_name") == "budget_2024.pdf")["lines"][0]
    assert pdf["lines_coded"] and pdf["lines_uncoded"] == 0
    assert pdf["amounts_captured"] == pdf["amounts_printed"]
    assert row(indexes[Stage.EXTRACTION], "tables_2019.txt")["grids"] == 0


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_is_redone_and_what_comes_out_the_same_ends_it(listed: pl.DataFrame, store: ResultStore, stage: Stage) -> None:
    here, own = Here(), listed.filter(pl.col("file_name") == "narrative_2022.txt")
    before = stage_index(stage, own, store, VERSIONS, here)
    assert redo_stages(own, [stage], store, VERSIONS, here) == {}
    assert here.made == [("narrative_2022.txt", (stage,))]
    assert stage_index(stage, own, store, VERSIONS, here).equals(before)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_lost_result_is_made_again(listed: pl.DataFrame, store: ResultStore, stage: Stage) -> None:
    here, own = Here(), listed.filter(pl.col("file_name") == "narrative_2022.txt")
    before = stage_index(stage, own, store, VERSIONS, here)
    for path in (store.folder / stage / VERSIONS[stage]).rglob("*"):
        if path.is_file():
            path.unlink()
    assert stage_index(stage, own, store, VERSIONS, here).equals(before)
    assert [name for name, _ in here.made] == ["narrative_2022.txt"]
    assert refreshed(listed, store, VERSIONS, here).equals(listed)


def test_checking_is_done_once(tmp_path: Path) -> None:
    store, here = ResultStore(tmp_path), Here()
    catalogue_of(collect([DOCUMENTS / "narrative_2022.txt"], look_here), store, VERSIONS, here, lambda *_: None)
    assert here.made == [("narrative_2022.txt", tuple(Stage))]
    assert len([path for path in (tmp_path / Stage.CHECKING).rglob("*") if path.is_file()]) == 1
