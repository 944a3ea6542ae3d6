"""Calls of pdfium with undeclared arguments, and room for what they write."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as raw
import pytest

from pipeline.document.pdf import pdfium
from pipeline.document.pdf.pdfium import INTEGER, POINTER, Answers, at, bind

_FLOATS = ctypes.POINTER(ctypes.c_float)


@ctypes.CFUNCTYPE(INTEGER, INTEGER, _FLOATS, _FLOATS)
def write_twice(number: int, first: Any, second: Any) -> int:
    """Write a number and its half, nothing for each seventh, and tell whether it was written."""
    if number % 7 == 0:
        return 0
    first[0], second[0] = number, number / 2
    return 1


@pytest.fixture(params=[False, True])
def declares_all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether all arguments are declared, as they must be on macOS."""
    monkeypatch.setattr(pdfium, "_DECLARES_ALL", request.param)
    return bool(request.param)


@pytest.mark.usefixtures("declares_all")
def test_each_of_many_is_answered_in_its_own_row() -> None:
    """More than are asked at once; what one wrote is not what the next, which writes nothing, is said to have written."""
    room, ask = Answers(np.float32, 2, 2), bind(write_twice, INTEGER)
    numbers = list(range(1_300))
    for _ in range(2):
        written, returned = room.of(ask, numbers)
        assert returned == [int(n % 7 > 0) for n in numbers]
        assert written.tolist() == [[n, n / 2] if n % 7 else [0, 0] for n in numbers]


def test_of_none_there_is_no_answer() -> None:
    written, returned = Answers(np.uint32, 4, 4).of(bind(write_twice, INTEGER), [])
    assert written.shape == (0, 4) and returned == []


@pytest.mark.usefixtures("declares_all")
def test_an_address_is_passed_whole() -> None:
    """It has more bits than a C int, which is what a bare number is passed as."""
    place = np.zeros(2, np.float32)
    first, second = (at(place.ctypes.data + offset) for offset in (0, 4))
    assert bind(write_twice, INTEGER)(3, first, second) == 1
    assert place.tolist() == [3, 1.5]


def test_arguments_are_declared_where_others_go_elsewhere(declares_all: bool) -> None:
    """Else Apple's ARM passes them on the stack, where pdfium does not look."""
    for function, arguments in (
        (raw.FPDFPage_GetObject, (POINTER, INTEGER)),
        (raw.FPDFFormObj_GetObject, (POINTER, ctypes.c_ulong)),
        (raw.FPDFText_GetLooseCharBox, (POINTER, INTEGER, POINTER)),
    ):
        assert bind(function, INTEGER).argtypes == (arguments if declares_all else ())
