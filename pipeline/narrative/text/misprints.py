"""Labels with one misprinted character: printed twice, left out, or in its neighbour's place.

Belongs here: which known label such words are near to. Whether they are that label, the sums decide (`claims/sums.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from schemas.vocabulary.narrative import Subject, read_subject, subject_patterns

_SHORTEST, _LONGEST = 4, 20  # characters: shorter words are one character from too many others, longer ones no label
_LONGEST_DOUBLED = 3  # characters that are printed twice: 公务用车用车运行费; one of them may come too early: 公务车用车运行费
_NEW_NEIGHBOURS = 1  # pairs of characters that no label has, in words that lack one character
_KINDS = ("three_public", "nature")  # labels whose sums are stated beside them
_HAN = re.compile(r"[\u4e00-\u9fff]")


def nearest_subject(core: str) -> Subject | None:
    """Return the only subject whose label is one misprint from the folded words `core`; None where there is none, or several.

    Args:
        core: words that are no label themselves.
    """
    if not _SHORTEST <= len(core) <= _LONGEST:
        return None
    near = {subject for text in _corrections(core) if (subject := read_subject(text)) is not None}
    subject = near.pop() if len(near) == 1 else None
    return subject if subject is not None and subject.kind in _KINDS else None


def _corrections(core: str) -> Iterator[str]:
    """Yield what `core` may have been before one character of it was misprinted."""
    for n in range(1, _LONGEST_DOUBLED + 1):
        yield from (core[:at] + core[at + n :] for at in range(len(core) - 2 * n + 1) if core[at : at + n] == core[at + n : at + 2 * n])
    yield from (core[:at] + core[at + 1 :] for at in range(len(core) - 2) if core[at] == core[at + 2])
    yield from (core[:at] + core[at + 1] + core[at] + core[at + 2 :] for at in range(len(core) - 1) if core[at] != core[at + 1])
    after, before = _neighbours()
    if sum(right not in after[left] for left, right in zip(core, core[1:], strict=False)) > _NEW_NEIGHBOURS:
        return
    for at in range(len(core) + 1):
        left, right = core[at - 1 : at], core[at : at + 1]
        yield from (core[:at] + character + core[at:] for character in sorted(after[left] | before[right]))


@cache
def _neighbours() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return which characters follow, and which precede, each character in the patterns of labels."""
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for pattern in subject_patterns(_KINDS):
        characters = _HAN.findall(pattern)
        for left, right in zip(characters, characters[1:], strict=False):
            after[left].add(right)
            before[right].add(left)
    return after, before
