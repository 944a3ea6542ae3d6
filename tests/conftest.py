"""Settings of all tests."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

os.environ["LC_ALL"] = "C.UTF-8"  # what commands say does not depend on who runs the tests

# Hypothesis would propose a patch for each failing property; what it makes patches with stops the whole run where zope.interface
# is loaded (it cannot look at a class of which `__provides__` may not be asked), and says of no test that it failed.
sys.modules["hypothesis.extra._patching"] = None  # type: ignore[assignment]  # an import that fails is the way to leave it out

# What a run says does not depend on chance, nor on how long an example takes on a machine that does other work as well.
settings.register_profile("usual", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usual")

# Looks for faults that the usual examples do not show: `pytest -m hypothesis --hypothesis-profile=search` (CONTRIBUTING.md).
settings.register_profile("search", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

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
