"""Fetching in Dagster: which sources are asked when, what a run says of each, and who is told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from assets.automation import alerts, dagster_runs
from assets.automation.alerts import source_alerts
from assets.automation.schedules import fetching_season
from assets.automation.sensors import changed_inputs, unfetched_sources
from assets.definitions import definitions_for
from assets.fetching.assets import FETCHED_DOCUMENTS, LOOK_CHECK
from assets.fetching.resource import Fetching, hosts_of
from assets.io import TableStorage
from assets.jobs import FETCH_JOB
from assets.resources import Workspace
from assets.seasons import in_season
from pipeline.fetch.inbox import Inbox
from pipeline.fetch.job import Seed
from tests.pipeline.fetch.sites import PDF, Site, listing, served

IN_SEASON = datetime.fromisoformat("2026-03-03T22:00:00+08:00").timestamp()
BETWEEN = datetime.fromisoformat("2026-06-03T22:00:00+08:00").timestamp()


class Fetched:
    """An inbox, and what its schedule and sensors ask for."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, addresses: list[str]) -> None:
        (folder / "r.csv").write_text("url,follow\n" + "".join(f"{address},page\n" for address in addresses), encoding="utf-8")
        self.fetching = Fetching(inbox=str(folder / "in"), registries=[str(folder / "r.csv")], delay=0)
        self.instance = instance
        self.folder = folder / "in"
        self.workspace = Workspace(
            sources=[str(folder / "in" / "registry.csv")], dataset=str(folder / "out"), results=str(folder / "results")
        )
        self.storage = TableStorage(folder=str(folder / "tables"))
        self.definitions = definitions_for(self.workspace, self.storage, fetching=self.fetching)

    @property
    def resources(self) -> dict[str, object]:
        return {"fetching": self.fetching, "workspace": self.workspace, "io_manager": self.storage}

    def sense(self) -> dg.RunRequest | dg.SkipReason:
        answer = unfetched_sources(dg.build_sensor_context(self.instance, resources=self.resources))
        assert isinstance(answer, dg.RunRequest | dg.SkipReason)
        return answer

    def tick(self) -> dg.RunRequest | dg.SkipReason:
        answer = fetching_season(dg.build_schedule_context(self.instance, resources=self.resources))
        assert isinstance(answer, dg.RunRequest | dg.SkipReason)
        return answer

    def run(self, request: dg.RunRequest | dg.SkipReason) -> dg.ExecuteInProcessResult:
        assert isinstance(request, dg.RunRequest)
        job = self.definitions.resolve_job_def(FETCH_JOB)
        return job.execute_in_process(
            instance=self.instance, partition_key=request.partition_key, tags=dict(request.tags), raise_on_error=False
        )

    def made(self) -> set[str]:
        return set(self.instance.get_materialized_partitions(FETCHED_DOCUMENTS))


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUSUAN_FETCH_PRIVATE", "1")
    monkeypatch.setenv("YUSUAN_FETCH_NOW", str(IN_SEASON))


def serve(site: Site) -> str:
    site.page("/l.html", listing("2026年部门预算公开", ("a.pdf", "某局2026年部门预算")))
    site.document("/a.pdf", PDF)
    return site.address + "/l.html"


@pytest.mark.usefixtures("allowed")
def test_a_source_that_is_down_is_not_made_stops_no_other_and_is_tried_again(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    with served("127.0.0.3") as gone:
        down = serve(gone)
    with served("127.0.0.2") as site:
        fetched = Fetched(tmp_path, instance, [serve(site), down])
        first = fetched.run(fetched.sense())  # neither was ever asked
        assert first.success and fetched.made() == {"127.0.0.2"}
        (check,) = first.get_asset_check_evaluations()
        assert check.check_name == LOOK_CHECK and not check.passed
        again = fetched.sense()
        assert isinstance(again, dg.RunRequest) and again.partition_key == "127.0.0.3"
        asked = len(site.asked)
        assert not fetched.run(again).success and len(site.asked) == asked  # one that fails alone is told of
    assert Path(tmp_path / "in" / "registry.csv").read_text(encoding="utf-8").count("fetched") >= 2
    event = instance.get_latest_materialization_event(FETCHED_DOCUMENTS)
    assert event is not None and event.asset_materialization is not None
    assert event.asset_materialization.metadata["documents"].value == 1


@pytest.mark.usefixtures("allowed")
def test_all_sources_are_asked_by_the_schedule_and_an_interrupted_fetch_goes_on(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = Fetched(tmp_path, instance, ["http://127.0.0.2:1024/l.html", "http://127.0.0.3:1024/l.html"])
    request = fetched.tick()
    assert isinstance(request, dg.RunRequest)
    assert {request.tags[f"dagster/asset_partition_range_{end}"] for end in ("start", "end")} == {"127.0.0.2", "127.0.0.3"}
    seeds = fetched.fetching.seeds()
    inbox = Inbox(fetched.folder)
    inbox.begin(IN_SEASON, fetched.fetching.job(seeds).scope)
    goes_on = fetched.sense()
    assert isinstance(goes_on, dg.RunRequest) and goes_on.tags["yusuan/inputs"] == "fetch 1"
    inbox.close()
    monkeypatch.setenv("YUSUAN_FETCH_NIGHTS", "1")
    monkeypatch.setenv("YUSUAN_FETCH_NOW", str(IN_SEASON + 12 * 3600))
    assert "day in China" in str(fetched.sense())


@pytest.mark.usefixtures("allowed")
def test_a_night_that_the_schedule_left_out_is_made_up_for(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    clock = tmp_path / "clock"
    with served("127.0.0.2") as site, pytest.MonkeyPatch.context() as patch:
        fetched = Fetched(tmp_path, instance, [serve(site)])
        patch.setenv("YUSUAN_FETCH_NOW", str(clock))
        clock.write_text(str(IN_SEASON - 3600), "ascii")
        assert fetched.run(fetched.sense()).success
        instance.add_run(dg.DagsterRun(job_name=FETCH_JOB, status=dg.DagsterRunStatus.STARTED))
        clock.write_text(str(IN_SEASON), "ascii")
        assert "being fetched" in str(fetched.tick())  # a source that failed is being tried again, for instance
        instance.delete_run(next(run.run_id for run in instance.get_runs() if run.status == dg.DagsterRunStatus.STARTED))
        assert isinstance(fetched.sense(), dg.SkipReason)  # the schedule may still come
        clock.write_text(str(IN_SEASON + 700), "ascii")
        made_up = fetched.sense()
        assert isinstance(made_up, dg.RunRequest) and fetched.run(made_up).success
        assert isinstance(fetched.sense(), dg.SkipReason)


@pytest.mark.usefixtures("allowed")
def test_what_is_asked_for_twice_is_fetched_once(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    with served("127.0.0.2") as site:
        fetched = Fetched(tmp_path, instance, [serve(site)])
        request, same = fetched.tick(), fetched.sense()  # at the same moment, as after a start in the night
        assert isinstance(request, dg.RunRequest)
        first = fetched.run(request)
        asked = len(site.asked)
        assert first.success and asked == 3  # robots.txt, the page, the document
        assert fetched.run(same).success and len(site.asked) == asked
        instance.wipe_assets([FETCHED_DOCUMENTS])  # its run was killed after its fetch had ended, and Dagster tries it again
        again = {"dagster/parent_run_id": first.run_id, "dagster/retry_number": "1"}
        assert fetched.run(request.with_replaced_attrs(tags={**request.tags, **again})).success
        assert len(site.asked) == asked and fetched.made() == {"127.0.0.2"}
        by_hand = {"dagster/parent_run_id": first.run_id}
        assert fetched.run(request.with_replaced_attrs(tags={**request.tags, **by_hand})).success and len(site.asked) == 2 * asked


def test_a_killed_run_that_dagster_tries_again_is_under_way(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = Fetched(tmp_path, instance, ["http://127.0.0.2:1024/l.html"])
    killed = dg.DagsterRun(job_name=FETCH_JOB, status=dg.DagsterRunStatus.FAILURE, tags={"dagster/will_retry": "true"})
    instance.add_run(killed)
    assert "being fetched" in str(fetched.sense())  # or a second one would be launched beside the retry
    monkeypatch.setattr(dagster_runs, "RETRY_AWAITED", -60.0)
    assert isinstance(fetched.sense(), dg.RunRequest)  # no daemon tried it again
    monkeypatch.undo()
    instance.add_run_tags(killed.run_id, {"dagster/auto_retry_run_id": "of one that has ended"})
    assert isinstance(fetched.sense(), dg.RunRequest)


def test_nothing_is_fetched_without_an_inbox(tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUSUAN_INBOX", raising=False)
    fetched = Fetched(tmp_path, instance, [])
    fetched.fetching = Fetching()
    assert "No inbox is set" in str(fetched.sense()) and "No inbox is set" in str(fetched.tick())


def test_inputs_are_not_read_while_they_are_fetched(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    fetched = Fetched(tmp_path, instance, ["http://127.0.0.2:1024/l.html"])
    instance.add_run(dg.DagsterRun(job_name=FETCH_JOB, status=dg.DagsterRunStatus.STARTED))
    answer = changed_inputs(dg.build_sensor_context(instance, resources=fetched.resources))
    assert "being fetched" in str(answer) and "being fetched" in str(fetched.sense())


@pytest.mark.usefixtures("allowed")
def test_an_alert_is_told_once_and_again_if_it_could_not_be_delivered(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = Fetched(tmp_path, instance, ["http://127.0.0.2:1024/l.html"])
    told: list[dict[str, str]] = []
    answers = iter(["nobody listens", None, None])
    monkeypatch.setenv("YUSUAN_WEBHOOK", "http://127.0.0.1:1/")

    def deliver(message: dict[str, str], _: str) -> str | None:
        told.append(message)
        return next(answers)

    monkeypatch.setattr(alerts, "deliver", deliver)
    inbox = fetched.fetching.open_inbox()
    inbox.begin(IN_SEASON)
    from tests.pipeline.fetch.test_source_report import page

    inbox.put_page(page("failed", "The host refuses the connection."))
    inbox.close()
    cursor = None
    for _ in range(3):
        context = dg.build_sensor_context(instance, cursor=cursor, resources=fetched.resources)
        source_alerts(context)
        cursor = context.cursor
    assert [message["kind"] for message in told] == ["source_failed"] * 2
    assert json.loads(cursor or "[]") == ["source_failed http://czj.city.gov.cn/ys/"]


def test_seasons_and_hosts() -> None:
    assert in_season(IN_SEASON) and not in_season(BETWEEN)
    assert hosts_of([Seed("http://b/x"), Seed("http://a/y"), Seed("http://b/z"), Seed("nowhere")]) == ["a", "b", "nowhere"]
