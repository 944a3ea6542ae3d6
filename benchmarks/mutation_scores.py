"""How many of the small changes that mutmut made to the code let a test fail: a table per module (docs/mutation.md).

    mutmut run [PATTERN]; python benchmarks/mutation_scores.py [LEAST_PERCENT]

Belongs here: counting what `mutmut run` left in `mutants/`. Does not belong here: which modules are changed (pyproject.toml).
Ends with 1 where a module (or all of them, where only some of the changes were tried) scores less than asked for.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTANTS = Path("mutants")
KILLED = ("killed", "timeout", "segfault")
"""A mutant that never ends, or breaks the interpreter, is noticed as well as one that a test fails on."""
LIVES = ("survived", "no tests", "suspicious")
LEAST = 85.0
"""Percent of its mutants that a module's tests must kill, if nothing else is asked for."""


def results(meta: Path) -> tuple[dict[str, str], bool]:
    """Return what became of each mutant of a module that was tried, and whether all were."""
    tried = {name: status_by_exit_code[code] for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items()}
    found = {name: status for name, status in tried.items() if status in (*KILLED, *LIVES)}
    return found, len(found) == len(tried)


def main(least: float) -> int:
    """Print the table and the names of the survivors; return the exit code."""
    print("| module | mutants | killed | of these by time-out | survived | score |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    scores, survivors, tried, whole = [], [], 0, True
    for meta in sorted(MUTANTS.rglob("*.py.meta")):
        found, complete = results(meta)
        whole &= complete
        if not found:
            continue
        counts = Counter(found.values())
        lives = [name for name, status in found.items() if status in LIVES]
        scores.append(100 - 100 * len(lives) / len(found))
        survivors += lives
        tried += len(found)
        module = meta.relative_to(MUTANTS).with_suffix("")
        print(f"| `{module}` | {len(found)} | {len(found) - len(lives)} | {counts['timeout']} | {len(lives)} | {scores[-1]:.1f} % |")
    print("\nSurvivors (`mutmut show NAME` tells what was changed):", *survivors, sep="\n  ")
    # a few changes to one module say little of it: a sample is judged as one
    lowest = min(scores, default=0) if whole else 100 - 100 * len(survivors) / max(tried, 1)
    return int(not tried or lowest < least)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else LEAST))
