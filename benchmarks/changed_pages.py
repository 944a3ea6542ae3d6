"""Documents read again after their pages were changed, and how the amounts of their tables then differ: for trials of readers.

Belongs here: what reads and what compares. Does not belong here: the changes (`other_words.py`, `rearranged_tables.py`, …).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from pipeline.budget.line import Line
from pipeline.document.inputs.sources import Hint
from pipeline.stages.checking import Checked
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import STAGES, read_document

ATTRIBUTES = ("statement", "flow", "scheme", "code", "level", "name", "unit", "fund", "nature", "measure", "amount", "is_leaf")
"""What is said of an amount, without its place."""
_OPEN = (None, "", "other")

Place = tuple[object, ...]
Attributes = tuple[object, ...]


def read_again(extracted: Extracted, name: str) -> Checked:
    """Return all that a document of these pages, with this file name, adds to the dataset."""
    return read_document(b"", Hint(name), replace(STAGES, extract=lambda _, __: extracted))


def of_tables(lines: Iterable[Line]) -> dict[Place, Attributes]:
    """Return the attributes of each amount of a document's tables, by where it is printed."""
    return {(x.page, x.x0, x.y0, x.amount_text): tuple(getattr(x, name) for name in ATTRIBUTES) for x in lines if x.source == "table"}


def difference(
    before: Attributes, after: Attributes | None
) -> tuple[Literal["gone", "same", "open", "otherwise"], Mapping[str, tuple[object, object]]]:
    """Return how an amount differs, and its attributes that are others now; `open` ones, which nobody knows any more, are not."""
    if after is None:
        return "gone", {}
    changed = {name: (x, y) for name, x, y in zip(ATTRIBUTES, before, after, strict=True) if x != y}
    said = {name: pair for name, pair in changed.items() if pair[1] not in _OPEN}
    return ("otherwise" if said else "open" if changed else "same"), said
