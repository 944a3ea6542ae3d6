"""Levels of revenue items that print no numbers: by their indentation, and by the numbered item that they stand below."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.budget.sums import funds_within
from pipeline.statements.statement_model import RowLabel

_HALF_A_CHARACTER = 3.0  # points: what texts of one indentation differ by at most
_DEEPEST = 3


def with_levels(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a half, its revenue items one level deeper than the item of which they name a part.

    An item without a number is such a part where its fund is one of that item's, and it is indented more, or that item is
    numbered. Words alone tell nothing (items of one indentation may stand beside each other), nor does indentation (text
    in the middle of its cell is indented by its length).

    Args:
        labels: of a block's rows in printed order.
    """
    found: list[RowLabel | None] = []
    around: list[RowLabel] = []  # the item above, and those that it is a part of
    for label in labels:
        if label is None or label.scheme != "revenue_item" or not label.level:
            around = around if label is None else []
        elif label.numbered or label.nature:
            around = [other for other in around if other.level < label.level]
        else:
            while around and not _is_part(label, around[-1]):
                around.pop()
            if around:
                label = replace(label, level=min(around[-1].level + 1, _DEEPEST))
        if label is not None and label.level and label.scheme == "revenue_item":
            around.append(label)
        found.append(label)
    return found


def _is_part(label: RowLabel, whole: RowLabel) -> bool:
    if label.fund is None or whole.fund is None or label.fund not in funds_within(whole.fund):
        return False
    return whole.numbered is not None or label.indent > whole.indent + _HALF_A_CHARACTER
