"""The classification that headings and sentences have opened: names below it go on with its path.

Belongs here: which levels are open. Does not belong here: which code a path has (`text/subject_names.py`).
"""

from __future__ import annotations

import re

from pipeline.budget.patterns import LEVEL_WORDS
from pipeline.narrative.text.subject_names import SubjectMeaning

LEVEL_MARK = re.compile(rf"\(\d*[{LEVEL_WORDS}]\)")
"""What a name is followed by that says its level in a classification."""


class OpenClassification:
    """The names of the open levels, outermost first, by level."""

    def __init__(self) -> None:
        """Start with none open."""
        self.names: dict[int, str] = {}

    def close(self) -> None:
        """Close all levels."""
        self.names = {}

    def open(self, meaning: SubjectMeaning, folded: str) -> None:
        """Open the levels that a subject names, if its words mark them (`教育支出（类）普通教育（款）`).

        Args:
            meaning: of the subject.
            folded: its words.
        """
        if meaning.path and LEVEL_MARK.search(folded):
            self.names = dict(full_path(meaning, self.names))


def full_path(meaning: SubjectMeaning, names: dict[int, str]) -> tuple[tuple[int, str], ...]:
    """Return the subject's path with the open levels above it, each with its name."""
    first = meaning.path[0][0]
    return tuple(sorted((k, v) for k, v in names.items() if k < first)) + meaning.path
