"""Damaged bytes are noticed, whatever pdfium makes of them, and whole documents are whole."""

from __future__ import annotations

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document.pdf.file_structure.damage import Damage, damage_of, without_shapes
from pipeline.document.pdf.file_structure.objects import objects_of
from pipeline.document.pdf_reader import read_pdf
from pipeline.samples import DOCUMENTS
from tests.pipeline.document.pdf.damaged import bodies, content_of, flipped, pages, replaced, sample
from tests.pipeline.document.sheets import Sheet, pdf

UNTOUCHED = (frozenset[int](), False, ())


def told(damage: Damage) -> tuple[frozenset[int], bool, tuple[int, ...]]:
    return damage.pages, damage.unlisted, damage.shapes


def font_program(data: bytes) -> int:
    return next(number for number, body in bodies(data).items() if b"/CIDFontType0C" in body)


def test_a_whole_document_is_whole() -> None:
    for data in (sample(), (DOCUMENTS / "budget_2024.pdf").read_bytes(), pdf(Sheet(), Sheet())):
        damage = damage_of(data)
        assert told(damage) == UNTOUCHED
        assert not damage.is_torn(len(pages(data)) or 2)


def test_a_stream_ends_where_it_says_whatever_follows_it() -> None:
    """zlib gives what follows the end back again and again, where the last piece inflated in several steps."""
    packed = zlib.compress(b" " * (2 << 20))
    longer = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed) + 1, packed + b"\n")
    data = replaced(sample(), {content_of(sample(), 1): longer})
    assert told(damage_of(data)) == UNTOUCHED


def test_two_pages_in_each_others_place_are_noticed() -> None:
    """Each of them is whole, and so is the list of pages."""
    own, (one, other) = bodies(sample()), (pages(sample())[n] for n in (2, 6))
    data = replaced(sample(), {one: own[other], other: own[one]})
    damage = damage_of(data)
    assert told(damage) == UNTOUCHED
    assert damage.is_torn(len(pages(data)))
    assert read_pdf(data).torn


def test_pages_that_somebody_moved_are_whole() -> None:
    own, listed = bodies(sample()), pages(sample())
    for order in (
        [1, 0, *range(2, len(listed))],
        [*range(3, len(listed)), 0, 1, 2],
        [*range(len(listed))][::-1],
        [2, 0, 1, *range(3, len(listed))],
    ):
        data = replaced(sample(), {listed[n]: own[listed[place]] for n, place in enumerate(order)})
        assert not damage_of(data).is_torn(len(listed))


def test_three_pages_that_a_writer_numbered_from_the_last_on_are_whole() -> None:
    kids = b"/Kids[%s]" % b" ".join(b"%d 0 R" % page for page in pages(sample())[2::-1])
    trees = {number: body for number, body in bodies(sample()).items() if b"/Kids[" in body}
    backwards = replaced(sample(), {number: re.sub(rb"/Kids\[[^\]]*\]", kids, body) for number, body in trees.items()})
    assert len(pages(backwards)) == 3
    damage = damage_of(backwards)
    assert damage.listed is not None
    assert not damage.exchanged


def test_a_number_in_the_place_of_what_a_page_prints_damages_it() -> None:
    """pdfium takes such a page for an empty one."""
    data = sample()
    assert damage_of(replaced(data, {content_of(data, 2): b"1234"})).pages == {2}
    several = replaced(data, {content_of(data, 2): b"[%d 0 R %d 0 R]" % (content_of(data, 3), content_of(data, 4))})
    assert damage_of(several).pages == frozenset()  # contents may be listed in an object of their own


@pytest.mark.parametrize("page", [1, 4])
@pytest.mark.parametrize("at", [0.0, 0.5, 0.999])
def test_one_changed_byte_in_its_content_damages_a_page(page: int, at: float) -> None:
    assert damage_of(flipped(sample(), content_of(sample(), page), at=at)).pages == {page}


def test_a_stream_that_ends_early_damages_its_page() -> None:
    data, number = sample(), content_of(sample(), 3)
    body = bodies(data)[number]
    packed = body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")]
    assert damage_of(data.replace(packed, packed[: len(packed) // 2])).pages == {3}


def test_a_damaged_map_of_characters_damages_every_page_that_uses_the_font() -> None:
    data = sample()
    number = int(re.search(rb"/ToUnicode (\d+) 0 R", data)[1])  # type: ignore[index]
    assert damage_of(flipped(data, number)).pages == set(range(1, len(pages(data)) + 1))


def test_damaged_shapes_damage_no_page_and_are_taken_away() -> None:
    data = flipped(sample(), font_program(sample()))
    damage = damage_of(data)
    assert (damage.pages, len(damage.shapes)) == (frozenset(), 1)
    mended = without_shapes(data, damage)
    assert len(mended) == len(data)
    assert font_program(sample()) in objects_of(mended).damaged


def test_without_a_map_of_characters_what_a_font_prints_follows_from_its_shapes() -> None:
    data = re.sub(rb"/ToUnicode \d+ 0 R", lambda match: b" " * len(match[0]), sample())
    assert damage_of(flipped(data, font_program(data))).pages == set(range(1, len(pages(data)) + 1))


@pytest.mark.parametrize("zeroed", [b"/Contents", b"/Parent 2", b"0 obj\n<</Type/Page/"])
def test_zeros_in_the_object_of_a_page_damage_it(zeroed: bytes) -> None:
    data, number = sample(), pages(sample())[2]
    start = data.index(b"%d 0 obj" % number)
    place = data.index(zeroed, start)
    damage = damage_of(data[:place] + bytes(len(zeroed)) + data[place + len(zeroed) :])
    assert 3 in damage.pages


def test_an_object_in_the_place_of_another_kind_damages_its_page() -> None:
    data, own = sample(), bodies(sample())
    number = content_of(data, 2)
    font = next(n for n, body in own.items() if b"/Type0" in body)
    assert damage_of(replaced(data, {number: own[font], font: own[number]})).pages == set(range(1, len(pages(data)) + 1))
    assert damage_of(replaced(data, {number: own[pages(data)[3]], pages(data)[3]: own[number]})).pages >= {2, 4}


def test_a_list_of_pages_that_lacks_one_is_torn() -> None:
    data, numbers = sample(), pages(sample())
    damage = damage_of(replaced(data, {2: bodies(data)[2].replace(b"%d 0 R " % numbers[3], b"")}))
    assert damage.unlisted and damage.is_torn(len(numbers))
    doubled = damage_of(replaced(data, {2: bodies(data)[2].replace(b"%d 0 R" % numbers[3], b"%d 0 R" % numbers[2])}))
    assert doubled.is_torn(len(numbers))


@pytest.mark.parametrize("broken", [b"startxref", b"xref\n0"])
def test_objects_that_are_whole_are_found_without_a_cross_reference(broken: bytes) -> None:
    data = sample().replace(broken, b"?" * len(broken))
    damage = damage_of(data)
    assert (damage.pages, damage.is_torn(len(pages(sample())))) == (frozenset(), False)


def test_an_object_lost_without_a_cross_reference_damages_its_page() -> None:
    number = content_of(sample(), 2)
    data = sample().replace(b"startxref", b"?????????").replace(b"\n%d 0 obj" % number, b"\n? ? ???")
    assert damage_of(data).pages == {2}


def test_what_stands_before_the_head_shifts_nothing() -> None:
    data = flipped(sample(), font_program(sample()))
    damage, shifted = damage_of(data), damage_of(b"garbage\n" + data)
    assert shifted.pages == damage.pages
    assert shifted.shapes == tuple(at + 8 for at in damage.shapes)


@given(st.binary(max_size=60), st.integers(0, len(sample()) - 1))
def test_whatever_the_bytes_it_says_something(noise: bytes, place: int) -> None:
    data = sample()
    damage_of(data[:place] + noise + data[place + len(noise) :])
    damage_of(noise)
