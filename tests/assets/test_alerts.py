"""What is told of checks that fail in a run that goes on."""

from collections.abc import Iterator

import dagster as dg
import pytest

from assets.automation import alerts


@dg.asset(check_specs=[dg.AssetCheckSpec(name, asset="looked_at") for name in ("sums_hold", "names_known", "rows_there")])
def looked_at() -> Iterator[dg.AssetCheckResult | dg.Output[None]]:
    yield dg.Output(None)
    for name, good, level in (("sums_hold", False, "ERROR"), ("names_known", False, "WARN"), ("rows_there", True, "ERROR")):
        yield dg.AssetCheckResult(passed=good, check_name=name, severity=dg.AssetCheckSeverity[level])


def test_a_failed_check_is_told_and_neither_a_warning_nor_one_that_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    monkeypatch.setenv("YUSUAN_WEBHOOK", "http://127.0.0.1:1/")
    monkeypatch.setattr(alerts, "deliver", lambda message, _: told.append(message))
    with dg.instance_for_test() as instance:
        ended = dg.materialize([looked_at], instance=instance, tags={"dagster/partition": "2019|CN-SH"})
        run = instance.get_run_by_id(ended.run_id)
        assert run is not None
        context = dg.build_run_status_sensor_context("failed_checks", ended.get_run_success_event(), instance, run)
        alerts.failed_checks(context)
    assert [(each["kind"], each["partition"]) for each in told] == [("failed_checks", "2019|CN-SH")]
    assert "of its checks failed looked_at: sums_hold (run" in told[0]["text"]
