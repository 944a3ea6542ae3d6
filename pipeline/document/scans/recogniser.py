"""Characters of pieces of print, by a kept model: PP-OCR's recogniser as RapidOCR packages it, run by onnxruntime.

Only the model's file is taken from the package: none of its code runs, which could fetch others. Belongs here: crops in, characters with
their places and probabilities out. Does not belong here: where crops come from, what numbers mean.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document.scans.gray import Gray

# Before it is loaded: else it keeps an identifier of this machine, and sends its makers what is done here.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

Probabilities = NDArray[np.float32]

_MODEL = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
"""Pixels: the height that the model reads."""
_STEP = 8
"""Pixels of width to one step of the model."""
_PRINT = 30
"""Pixels that print is high in what the model reads: digits are then 21 wide, as many as it takes to tell equal ones apart."""
_PRINT_OF_LINES = 24
"""The same in lines of prose: their words help one another, and a line costs as much as it is wide."""
_LINE = 15
"""Heights of its print that a line of prose is wide: a number has twelve at most, with its separators."""
_WIDTHS = 16
"""Pixels: widths are rounded up to a multiple, so that many crops are of one size."""
_BATCH = 800
"""Pixels of width that are read at once: four times as many need 70 to 130 MB more and are no faster."""
_SIDE = 8
"""Pixels of paper left and right of a crop."""
_NARROWEST = 48
_WIDEST = 3200
_BLANK = 0
NUMERIC = "0123456789,.-"
"""The characters whose probabilities are kept step by step."""


@dataclass(frozen=True, slots=True)
class Character:
    """A character read.

    Attributes:
        text: the character.
        probability: from 0 to 1.
        x0, x1: where it stands, as shares of the crop's width.
    """

    text: str
    probability: float
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a crop says: its characters from left to right, and the probabilities of digits and separators step by step."""

    characters: tuple[Character, ...]
    numeric: Probabilities

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(character.text for character in self.characters)


class Recogniser:
    """The model, loaded."""

    def __init__(self) -> None:
        """Load the model, for one processor."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(_model()), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        alphabet = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._alphabet = ["", *alphabet, " "]
        self._numeric = [_BLANK, *(self._alphabet.index(char) for char in NUMERIC)]

    def read(self, crops: Sequence[Gray], heights: Sequence[float]) -> list[Reading]:
        """Return what crops say.

        Args:
            crops: print on white.
            heights: of the print in each, in pixels.
        """
        by_width: dict[int, list[int]] = defaultdict(list)
        sized = [_sized(crop, height) for crop, height in zip(crops, heights, strict=True)]
        for index, picture in enumerate(sized):
            by_width[-(-max(picture.shape[1], _NARROWEST) // _WIDTHS) * _WIDTHS].append(index)
        found: dict[int, Reading] = {}
        for width, indices in sorted(by_width.items()):
            count = max(1, _BATCH // width)
            for start in range(0, len(indices), count):
                part = indices[start : start + count]
                batch = np.full((len(part), _HEIGHT, width), 255, np.uint8)
                for row, index in enumerate(part):
                    batch[row, :, : sized[index].shape[1]] = sized[index]
                values = np.repeat((batch.astype(np.float32) / 127.5 - 1)[:, None], 3, axis=1)
                (likely,) = self._session.run(None, {self._input: values})
                for index, steps in zip(part, likely, strict=True):
                    found[index] = self._reading(steps, sized[index].shape[1])
        return [found[index] for index in range(len(crops))]

    def _reading(self, steps: Probabilities, width: int) -> Reading:
        best = steps.argmax(axis=1)
        characters = []
        for start, end in _runs(best):
            if best[start] != _BLANK:
                text = self._alphabet[best[start]]
                likely = float(steps[start:end, best[start]].max())
                span = (min(max(at * _STEP - _SIDE, 0) / max(width - 2 * _SIDE, 1), 1.0) for at in (start, end))
                characters.append(Character(text, likely, *span))
        return Reading(tuple(characters), steps[:, self._numeric])


def _runs(best: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(best)) + 1
    return zip(np.concatenate(([0], edges)).tolist(), np.concatenate((edges, [len(best)])).tolist(), strict=True)


def _sized(crop: Gray, height: float) -> Gray:
    """Return a crop in the height that the model reads, its print of a fixed height, on paper."""
    print_height = _PRINT_OF_LINES if crop.shape[1] > _LINE * height else _PRINT
    scale = min(print_height / height, _HEIGHT / crop.shape[0], (_WIDEST - 2 * _SIDE) / crop.shape[1])
    wide, high = max(1, round(crop.shape[1] * scale)), max(1, min(_HEIGHT, round(crop.shape[0] * scale)))
    small = cv2.resize(crop, (wide, high), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    picture: Gray = np.full((_HEIGHT, wide + 2 * _SIDE), 255, np.uint8)
    top = (_HEIGHT - high) // 2
    picture[top : top + high, _SIDE : _SIDE + wide] = small
    return picture


def _model() -> Path:
    spec = find_spec("rapidocr")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "models" / _MODEL


@cache
def recogniser() -> Recogniser:
    """Return the model, loaded once."""
    return Recogniser()
