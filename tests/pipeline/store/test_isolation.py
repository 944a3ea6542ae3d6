"""What goes wrong in a worker costs one item, with a reason that a person understands."""

import itertools
import time

import pytest

from pipeline.store.isolation import Limits, in_workers
from tests.pipeline.store.trouble import work

BRIEF = Limits(wall=60, cpu=1, tasks=3)


def test_every_item_comes_back_once() -> None:
    items = [f"item {number}" for number in range(12)]
    outcomes = list(in_workers(work, items, limits=BRIEF, workers=2))
    assert sorted(outcome.item for outcome in outcomes) == sorted(items)
    assert all(outcome.result == outcome.item.upper() and outcome.failure is None for outcome in outcomes)


def test_trouble_costs_its_own_item() -> None:
    items = ["a", "crash", "b", "c", "spin", "d", "bomb", "e", "deep", "f", "refuse", "g", "bug", "h"]
    outcomes = {outcome.item: outcome for outcome in in_workers(work, items, limits=BRIEF, workers=2)}
    assert {item for item, outcome in outcomes.items() if outcome.failure is None} == set("abcdefgh")
    reasons = {item: outcome.failure for item, outcome in outcomes.items() if outcome.failure}
    assert reasons["crash"] == "The reader crashed on this document (SIGSEGV)."
    assert "processor time" in reasons["spin"]
    assert "GiB of memory" in reasons["bomb"]
    assert "nested too deeply" in reasons["deep"]
    assert reasons["refuse"] == "It is only a picture."
    assert reasons["bug"] == "Reading failed with ValueError: no such thing"


def test_what_hangs_is_stopped() -> None:
    started = time.monotonic()
    (outcome,) = in_workers(work, ["hang"], limits=Limits(wall=1.5), workers=1)
    assert outcome.failure == "Reading took longer than 1.5 seconds and was stopped."
    assert time.monotonic() - started < 30


def test_items_are_taken_as_they_are_needed() -> None:
    taken = itertools.count()
    outcomes = in_workers(work, (f"item {next(taken)}" for _ in range(500)), limits=BRIEF, workers=1)
    next(outcomes)
    outcomes.close()  # type-checkers see an Iterator; it is a generator
    assert next(taken) < 10


@pytest.mark.parametrize("workers", [1, 3])
def test_no_items_no_outcomes(workers: int) -> None:
    assert list(in_workers(work, [], workers=workers)) == []
