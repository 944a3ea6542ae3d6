"""The steps from a picture to characters, each on what it is for."""

from __future__ import annotations

import pytest

from tests.pipeline.document.scans.copier import needs_ocr

np = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2", reason="the extra `ocr` is not installed (make setup installs it)")
pytest.importorskip("onnxruntime", reason="the extra `ocr` is not installed (make setup installs it)")

from pipeline.document.scans.doubtful import confidence_of, other_readings, with_plain_separators  # noqa: E402
from pipeline.document.scans.picture_rulings import picture_rulings  # noqa: E402
from pipeline.document.scans.pictures import Picture, prepared  # noqa: E402
from pipeline.document.scans.pieces import ink_of, pieces_of  # noqa: E402
from pipeline.document.scans.recogniser import NUMERIC, Character, Reading  # noqa: E402

pytestmark = needs_ocr
SCALE = 2.0


def paper(high: int = 400, wide: int = 600) -> np.ndarray:
    return np.full((high, wide), 255, np.uint8)


def ruled() -> np.ndarray:
    """Three rows and two columns, 2 pixels thick."""
    gray = paper()
    for y in (100, 140, 180, 220):
        gray[y : y + 2, 100:501] = 0
    for x in (100, 300, 500):
        gray[100:222, x : x + 2] = 0
    return gray


def test_rulings_are_found_where_they_are() -> None:
    found = picture_rulings(Picture(ruled(), SCALE))
    assert [round(ruling.at, 1) for ruling in found.horizontal] == [50.5, 70.5, 90.5, 110.5]
    assert [round(ruling.at, 1) for ruling in found.vertical] == [50.5, 150.5, 250.5]
    assert all((ruling.start, ruling.end) == (50, 251) for ruling in found.horizontal)


def test_strokes_of_characters_are_no_rulings() -> None:
    gray = ruled()
    gray[104:138, 200:204] = 0  # a stroke nearly as high as its row
    gray[144:178, 200:204] = 0
    gray[184:218, 200:204] = 0
    gray[300:304, 100:140] = 0  # the character 一 of a title, 20 points wide
    found = picture_rulings(Picture(gray, SCALE))
    assert (len(found.horizontal), len(found.vertical)) == (4, 3)


@pytest.mark.parametrize("slope", [-1.7, -0.25, 0.0, 0.6])
def test_a_page_is_made_level(slope: float) -> None:
    matrix = cv2.getRotationMatrix2D((300, 200), -slope, 1.0)
    leaning = cv2.warpAffine(ruled(), matrix, (600, 400), flags=cv2.INTER_CUBIC, borderValue=255)
    found = picture_rulings(prepared(leaning, SCALE))
    assert (len(found.horizontal), len(found.vertical)) == (4, 3)


def test_shadows_and_tinted_cells_become_paper() -> None:
    gray = ruled()
    shade = np.linspace(0.7, 1.0, 600)[None, :]
    gray = (gray * shade).astype(np.uint8)
    gray[102:140, 102:300] = (gray[102:140, 102:300] * 0.8).astype(np.uint8)
    white = prepared(gray, SCALE).gray
    assert white[110:130, 120:280].min() > 240
    assert len(picture_rulings(Picture(white, SCALE)).horizontal) == 4


def test_print_is_cut_where_it_is_blank() -> None:
    gray = paper()
    for x0, y0, x1, y1 in ((10, 10, 60, 30), (64, 10, 90, 30), (200, 12, 240, 30), (10, 44, 80, 64), (300, 300, 301, 301)):
        gray[y0:y1, x0:x1] = 0
    ink = ink_of(gray, np.zeros_like(gray), SCALE).mask
    found = [(p.x0, p.y0, p.x1, p.y1) for p in pieces_of(ink, 0, 0, 20.0, SCALE)]
    assert found == [(10, 10, 90, 30), (200, 12, 240, 30), (10, 44, 80, 64)]


def test_a_character_in_two_parts_is_one_where_a_line_is_spelled_wide() -> None:
    gray = paper()
    gray[10:24, 100:140], gray[27:40, 100:140] = 0, 0  # 合 without what joins it
    gray[10:40, 300:336] = 0
    ink = ink_of(gray, np.zeros_like(gray), SCALE).mask
    found = [(p.x0, p.y0, p.x1, p.y1) for p in pieces_of(ink, 0, 0, 16.0, SCALE)]
    assert found == [(100, 10, 140, 40), (300, 10, 336, 40)]


def reading(*steps: dict[str, float]) -> Reading:
    """A reading of steps, each with the probabilities of some characters; the rest is blank."""
    numeric = np.zeros((len(steps), 1 + len(NUMERIC)), np.float32)
    for n, step in enumerate(steps):
        for character, likely in step.items():
            numeric[n, 1 + NUMERIC.index(character)] = likely
        numeric[n, 0] = 1 - sum(step.values())
    read = [max(step.items(), key=lambda one: one[1]) for step in steps if sum(step.values()) > 0.5]
    characters = [Character(text, likely, 0.0, 1.0) for text, likely in read]
    return Reading(tuple(characters), numeric)


def test_a_doubtful_digit_has_other_readings() -> None:
    read = reading({"3": 0.705, "8": 0.25}, {}, {"1": 0.999}, {".": 0.6, ",": 0.39}, {"5": 0.999})
    assert read.text == "31.5"
    assert other_readings(read, "31.5")[:3] == ("31,5", "81.5", "81,5")
    assert confidence_of(read.characters) == 0.6


def test_a_lost_digit_is_another_reading() -> None:
    read = reading({"1": 0.999}, {}, {"0": 0.999}, {"0": 0.55}, {"0": 0.999})
    assert "100" in other_readings(read, "10")


@pytest.mark.parametrize(
    ("read", "plain"),
    [
        ("3.643.37", "3,643.37"),
        ("4,000000", "4.000000"),
        ("1,207,602200", "1,207.602200"),
        ("1.234.567.89", "1,234,567.89"),
        ("1,234.56", "1,234.56"),
        ("12,50", "12.50"),
        ("1,2345,6", "1,2345,6"),
        ("2.1.3", "2.1.3"),
        ("2026", "2026"),
        ("合计", "合计"),
    ],
)
def test_separators_are_what_they_can_only_be(read: str, plain: str) -> None:
    assert with_plain_separators(read) == plain


def test_a_certain_number_is_nothing_else() -> None:
    assert other_readings(reading({"3": 0.999}, {"1": 0.998}), "31") == ()
