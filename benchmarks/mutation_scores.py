"""How many of the small changes that mutmut made to the code let a test fail: a table per module (docs/mutation.md).

    mutmut run [PATTERN]; python benchmarks/mutation_scores.py [LEAST_PERCENT]

Belongs here: counting what `mutmut run` left in `mutants/`. Does not belong here: which modules are changed (pyproject.toml).
Ends with 1 where a module scores less than asked for, or nothing was tried.
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


def results(meta: Path) -> dict[str, str]:
    """Return what became of each mutant of a module that was tried."""
    tried = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return {name: status for name, code in tried.items() if (status := status_by_exit_code[code]) in (*KILLED, *LIVES)}


def main(least: float) -> int:
    """Print the table and the names of the survivors; return the exit code."""
    print("| module | mutants | killed | of these by time-out | survived | score |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    scores, survivors = [], []
    for meta in sorted(MUTANTS.rglob("*.py.meta")):
        found = results(meta)
        if not found:
            continue
        counts = Counter(found.values())
        killed = sum(counts[status] for status in KILLED)
        scores.append(100 * killed / len(found))
        survivors += [name for name, status in found.items() if status in LIVES]
        module = meta.relative_to(MUTANTS).with_suffix("")
        print(f"| `{module}` | {len(found)} | {killed} | {counts['timeout']} | {len(found) - killed} | {scores[-1]:.1f} % |")
    print("\nSurvivors (`mutmut show NAME` tells what was changed):", *survivors, sep="\n  ")
    return int(not scores or min(scores) < least)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else LEAST))
