"""Documents on a Dask cluster: the same results as in processes here, whoever dies meanwhile, in a folder and in a bucket."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.document.inputs.collecting import source_of
from pipeline.document.inputs.sources import Source, look_here
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.store import cluster as cluster_module
from pipeline.store.catalogue import ClusterGone, MapDocuments, Task, catalogue_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.cluster import on_dask
from pipeline.store.processes.limits import Limits
from pipeline.store.results import ResultStore, key_of
from pipeline.store.workers import in_processes
from tests.pipeline.store.bucket import Failing, bucket

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")

QUICK = ("narrative_2022.txt", "tables_2019.txt")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Failing]]:
    """A bucket of which each twentieth answer fails."""
    pytest.importorskip("obstore", reason="the extra `s3` is not installed")
    pytest.importorskip("moto.server", reason="moto's S3 server is not installed")
    with bucket(every=20) as made:
        yield made


@pytest.fixture(scope="module")
def cluster(served: object) -> Iterator[Any]:
    """Two workers of one thread each, which know the bucket, and whose documents may kill three of them."""
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 2}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running,
    ):
        yield running


def sources() -> list[Source]:
    return [source_of(SAMPLES / name, look_here) for name in QUICK]


def rows(place: Path | str, run: MapDocuments, given: list[Source]) -> pl.DataFrame:
    return catalogue_of(given, ResultStore(place), stage_versions(), run, lambda *_: None).frame


def stored(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_cluster_makes_what_processes_make(cluster: Any, tmp_path: Path) -> None:
    made = rows(tmp_path / "cluster", on_dask(cluster.scheduler_address), sources())
    assert made["status"].to_list() == ["published"] * 2
    assert made.equals(rows(tmp_path / "here", in_processes(2), sources()))
    assert stored(tmp_path / "cluster") == stored(tmp_path / "here")


def test_a_bucket_that_fails_now_and_then_holds_what_a_folder_holds(cluster: Any, served: tuple[str, Failing], tmp_path: Path) -> None:
    url = f"{served[0]}/cluster"
    made = rows(url, on_dask(cluster.scheduler_address), sources())
    assert made.equals(rows(tmp_path, in_processes(2), sources()))
    names = {name for name in stored(tmp_path) if not name.startswith("document_bytes/")}
    assert {name: ResultStore(url).storage.read(name) for name in names} == {name: (tmp_path / name).read_bytes() for name in names}
    assert served[1].failed > 0


def test_a_damaged_result_in_a_bucket_is_made_again(cluster: Any, served: tuple[str, Failing], tmp_path: Path) -> None:
    url, one = f"{served[0]}/damaged", sources()[:1]
    run = on_dask(cluster.scheduler_address)
    before = rows(url, run, one)
    storage, versions = ResultStore(url).storage, stage_versions()
    key = key_of(one[0].sha256)
    storage.write(f"{Stage.EXTRACTION}/{versions[Stage.EXTRACTION]}/{key[:2]}/{key}", b"damaged")
    storage.delete(f"document_bytes/{one[0].sha256[:2]}/{one[0].sha256}")
    (outcome,) = run([Task(one[0], url, versions, redo=(Stage.RECOGNITION,))])
    assert outcome.failure is None and Stage.EXTRACTION in outcome.made
    assert rows(url, run, one).equals(before)


def test_limits_and_reasons_hold_on_a_cluster(cluster: Any, tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"
    gone.write_text("something")
    tasks = [Task(source, tmp_path / "results", stage_versions()) for source in (sources()[0], source_of(gone, look_here))]
    gone.unlink()
    outcomes = list(on_dask(cluster.scheduler_address, limits=Limits(memory=1))(tasks))
    reasons = {outcome.task.source.file_name: outcome.failure or "" for outcome in outcomes}
    assert "memory" in reasons[QUICK[0]]
    assert reasons["gone.txt"] == "The file cannot be read: No such file or directory."
    known = [outcome for outcome in on_dask(cluster.scheduler_address, limits=Limits(memory=1))(tasks) if outcome.known]
    assert [outcome.task.source.file_name for outcome in known] == [QUICK[0]]


def killing(task: Task, *_: object) -> None:
    """Kill the worker of the cluster that does this."""
    if task.source.file_name == QUICK[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return cluster_module.Answer((), None, "text/plain", False)  # type: ignore[return-value]


def test_a_document_that_kills_its_workers_is_given_up_and_the_others_are_read(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "do_document", killing)
    tasks = [Task(source, tmp_path, stage_versions()) for source in sources()]
    reasons = {outcome.task.source.file_name: outcome.failure for outcome in on_dask(cluster.scheduler_address)(tasks)}
    assert reasons[QUICK[1]] is None
    assert reasons[QUICK[0]] == "Each worker of the cluster that read the document was killed, most likely for want of memory: try again."


def test_a_cluster_that_is_not_there_is_said_to_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_PATIENCE", 0.0)
    monkeypatch.setattr(cluster_module, "_ANSWERS_WITHIN", 0.1)
    with pytest.raises(ClusterGone, match="does not answer"):
        list(on_dask("tcp://127.0.0.1:9")([Task(sources()[0], tmp_path, stage_versions())]))
