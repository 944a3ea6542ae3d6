"""A second reading: what the text layer spells at the place of a number, and what it does not."""

from __future__ import annotations

import pytest

from pipeline.document.content import Box, Content, Page, Word
from pipeline.document.text_layer import PlacedNumbers, numbers_at, spells

CELL = Box(100, 50, 150, 60)


def word(text: str, x0: float = 100, y0: float = 50, width: float = 50, height: float = 10) -> Word:
    return Word(text, Box(x0, y0, x0 + width, y0 + height))


@pytest.mark.parametrize(
    ("numbers", "box", "read"),
    [
        ([word("1,234.50")], CELL, "1,234.50"),
        ([word("1234.50")], CELL, "￥1,234.50万元"),
        ([word("12.5"), word("12.5", x0=100.4)], CELL, "12.5"),  # fake bold
        ([word("1122..55")], CELL, "12.5"),
        ([word("12..5")], CELL, "12.5"),  # of low print only the copy of the point was left
        ([word("1,126.3"), word("7", x0=145, y0=62, width=5)], Box(100, 50, 150, 72), "1,126.37"),  # wrapped
        ([word(digit, x0=100 + 9 * n, width=5) for n, digit in enumerate("1234")], CELL, "1234"),  # spaced
        ([word("9.1"), word("7.7", x0=300)], CELL, "9.1"),
    ],
)
def test_a_number_is_spelt_whole_in_copies_or_in_pieces(numbers: list[Word], box: Box, read: str) -> None:
    assert spells(numbers, box, read)


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        ([], "12.5"),
        ([word("13.5")], "12.5"),
        ([word("125")], "12.5"),
        ([word("112..5")], "12.5"),
        ([word("11.22")], "1.2"),
        ([word("42", width=10), word("79.11", x0=125, width=25)], "4279.11"),  # a seal's number beside it
        ([word("51", y0=46, width=10), word("44.85", x0=111, width=25)], "5144.85"),  # on another baseline
        ([word("51", width=9, height=6), word("44.85", x0=110, y0=47, width=25)], "5144.85"),  # of another size
        ([word("648.00"), word("720.00")], "648.00720.00"),  # one over the other
        ([word("509", y0=45, width=20), word("50.12", y0=56, width=30)], "50950.12"),  # a code above an amount: no line is full
    ],
)
def test_two_numbers_are_not_one_whatever_their_digits_make_up(numbers: list[Word], read: str) -> None:
    assert not spells(numbers, CELL, read)


def test_a_number_has_no_digits_of_the_number_in_the_next_cell() -> None:
    own, beside = word("898705231.2"), word("512345678.11", x0=152)
    content = Content("grids", "pdfium", (Page(1, 400, 300, numbers=(own, beside)),))
    places = [(1, own.box)]
    assert numbers_at(content, places, [(1, own.box), (1, beside.box)]) == ["898705231.2"]
    assert numbers_at(content, places) == ["898705231.2512345678.11"]  # a split number, where nobody else has read the rest


def test_numbers_around_a_box_are_those_whose_middle_is_in_it_wherever_it_lies() -> None:
    numbers = [word(str(n), 7.0 * n % 400 - 50, 13.0 * n % 300 - 20, 6.0 + n % 90, 4.0 + n % 30) for n in range(300)]
    placed = PlacedNumbers(numbers)
    for n in range(60):
        box = Box(11.0 * n % 350 - 40, 17.0 * n % 280 - 15, 11.0 * n % 350 + 5 * n % 120, 17.0 * n % 280 + n % 50)
        inside = {
            at
            for at, own in enumerate(numbers)
            if box.x0 - 1 <= (own.box.x0 + own.box.x1) / 2 <= box.x1 + 1 and box.y0 - 1 <= (own.box.y0 + own.box.y1) / 2 <= box.y1 + 1
        }
        found = placed.around(box, 1.0)
        places = [at for at, _ in found]
        assert places == sorted(places) and inside <= set(places) and all(own is numbers[at] for at, own in found)
    assert PlacedNumbers(()).around(Box(0, 0, 10, 10), 1.0) == []
