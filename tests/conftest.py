"""Settings of all tests."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

os.environ["LC_ALL"] = "C.UTF-8"  # what commands say does not depend on who runs the tests

# How long an example takes says nothing of a machine that does other work as well.
settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usual")

# Under mutation (docs/mutation.md) the same few examples each time, and a failing one is enough: it is not made small.
settings.register_profile(
    "mutation",
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """Let no test leave a signal ignored: processes that later ones start would not end by it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        if handler is not None:
            signal.signal(number, handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under mutation let the tests that try many examples come last: most mutants fall before."""
    if config.getoption("--hypothesis-profile") == "mutation":
        items.sort(key=lambda item: item.get_closest_marker("hypothesis") is not None)
