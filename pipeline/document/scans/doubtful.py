"""What a recognised number may be else: the likeliest other texts of digits and separators that its picture allows.

Belongs here: candidates, and how certain a reading is. Does not belong here: choosing among them: only sums can (`pipeline.checks`).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import numpy as np

from pipeline.budget.amounts import is_amount_alone
from pipeline.document.scans.recogniser import NUMERIC, Character, Reading

MENDED = 0.6
"""Confidence that a number has at most whose separators were exchanged: too little to be published unless sums prove it."""

_SEPARATOR = re.compile("[.,]")
_DIGITS_AND_SEPARATORS = re.compile(r"-?\d[\d.,]*")
_MOST_SEPARATORS = 6
"""Separators of a number: the largest amount has as many."""
_CERTAIN = 0.995
"""A number whose least certain character is likelier than this is nothing else."""
_PATHS = 12
"""Texts that are followed at once from step to step."""
_MOST = 6
"""Other readings of a number at most."""
_LEAST = 0.0005
"""Share of the likeliest reading's probability that another one has at least."""
_FLOOR = 1e-6
"""Probability that every character has at each step, at least: the model is too sure of itself."""


def with_plain_separators(text: str) -> str:
    """Return a number with its commas and points as they must be: those of a text that is no number, where one exchange alone makes it one.

    A number has one point at most, and three digits between commas: `3.643.37` can only be 3,643.37, and
    `4,000000` 4.000000, if no comma is missing.
    """
    found = [match.start() for match in _SEPARATOR.finditer(text)]
    if not _DIGITS_AND_SEPARATORS.fullmatch(text) or is_amount_alone(text) or not 0 < len(found) <= _MOST_SEPARATORS:
        return text
    possible = []
    for signs in product(",.", repeat=len(found)):
        other = list(text)
        for at, sign in zip(found, signs, strict=True):
            other[at] = sign
        if is_amount_alone("".join(other)):
            possible.append("".join(other))
    return possible[0] if len(possible) == 1 else text


def confidence_of(characters: Sequence[Character]) -> float:
    """Return how certain a number is: the probability of its least certain character, in hundredths, rounded down."""
    return math.floor(100 * min(character.probability for character in characters)) / 100


def other_readings(reading: Reading, text: str) -> tuple[str, ...]:
    """Return what a crop that was read as the number `text` may say else, likelier texts first."""
    if min((character.probability for character in reading.characters), default=1.0) > _CERTAIN:
        return ()
    likely = _texts(reading)
    best = max(likely.values(), default=0.0)
    ranked = sorted((one for one in likely.items() if one[0] != text and one[1] >= _LEAST * best), key=lambda one: -one[1])
    return tuple(other for other, _ in ranked[:_MOST])


def _texts(reading: Reading) -> dict[str, float]:
    """Return the likeliest numeric texts with their probabilities: a search over prefixes, as is usual for such models."""
    ending: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # text → probability that it ends in a blank, in its last character
    steps = np.maximum(reading.numeric, _FLOOR)
    for step in steps.tolist():
        following: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        blank, own = step[0], step[1:]
        likely = [n for n, value in enumerate(own) if value > 100 * _FLOOR]
        for text, (in_blank, in_character) in ending.items():
            whole = in_blank + in_character
            following[text][0] += whole * blank
            if text:
                following[text][1] += in_character * own[NUMERIC.index(text[-1])]
            for n in likely:
                character = NUMERIC[n]
                following[text + character][1] += own[n] * (in_blank if text.endswith(character) else whole)
        kept = sorted(following.items(), key=lambda one: -sum(one[1]))[:_PATHS]
        ending = {text: (a, b) for text, (a, b) in kept}
    return {text: a + b for text, (a, b) in ending.items() if text}
