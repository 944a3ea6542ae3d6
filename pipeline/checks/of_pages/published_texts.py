"""Numbers that stand inside the words of a row: a goal, a name, a basis is published with the numbers in it.

Belongs here: whether what is printed around a number is a text of the dataset. Does not belong here: amounts (`uncaptured.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from pipeline.budget.characters import REMEMBERED, fold

_WORDS = re.compile(r"[^\W\d_]")
_NO_WORDS = re.compile(r"[\W\d_]")
_FEWEST_WORDS = 6  # characters besides digits from which a piece of a text hardly stands in another one: 0.36万元 stands in many

PublishedText = tuple[int | None, str]
"""Page of a row (None: unknown) and one of its texts."""


@lru_cache(maxsize=REMEMBERED)
def _with_number_in_words(text: str) -> str | None:
    """Return a folded text that holds a number in words; None for any other."""
    folded = fold(text)
    return folded if any(c.isdigit() for c in folded) and _WORDS.search(folded) else None


class PublishedTexts:
    """The texts of a document's rows, by page."""

    def __init__(self, texts: Iterable[PublishedText] = ()) -> None:
        """Take page and text of each row that holds a number in words."""
        self._by_page: dict[int, set[str]] = defaultdict(set)
        for page, text in set(texts):  # the rows of a table repeat their names, once for each amount
            if page and (folded := _with_number_in_words(text)):
                self._by_page[page].add(folded)

    def hold(self, number: str, around: str, page: int) -> bool:
        """Tell whether a number stands in what is printed as the words of a row on this page, or of one that a page break parts.

        Args:
            number: as printed.
            around: the text of its cell, or of its line beside the tables.
            page: that it stands on.
        """
        number, around = fold(number), fold(around)
        if not _WORDS.search(around):
            return False
        texts = self._by_page.get(page, ())
        piece = len(_NO_WORDS.sub("", around)) >= _FEWEST_WORDS
        # 警务人员0.36万元/年 beside its amount 0.36 in one cell: as often in the text as in the cell, or one of them is lost
        if piece and (
            any(text.endswith(around) and text != around for text in self._by_page.get(page - 1, ()))
            or any(text.startswith(around) and text != around for text in self._by_page.get(page + 1, ()))
        ):
            return True
        return any(
            around == text or (piece and around in text) or (text in around and text.count(number) == around.count(number) > 0)
            for text in texts
        )
