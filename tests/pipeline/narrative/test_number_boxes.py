"""An amount of the narrative has the box of its number, not that of its line."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Content, Page, TextLine, Word
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.narrative.text.number_boxes import _last_place

SUMMARY = "一、收支预算总体情况说明"
TEXT = "支出预算90万元，其中：基本支出60.5万元，项目支出29.5万元。"


def word(text: str, x0: float, x1: float, y: float = 120) -> Word:
    return Word(text, Box(x0, y, x1, y + 12))


def boxes(numbers: Sequence[Word], *lines: str) -> dict[str, tuple[float, float]]:
    """Return where each amount of the lines, 500 points wide, is said to stand, from left to right, in whole points."""
    shown = (TextLine(SUMMARY, Box(90, 80, 300, 92)), *(TextLine(t, Box(90, 120 + 20 * i, 590, 132 + 20 * i)) for i, t in enumerate(lines)))
    content = Content("grids", "pdfium", (Page(1, 680, 842, shown, numbers=tuple(numbers)),))
    told = read_narrative(content, fiscal_year=2023, book=code_book(), final=False)
    return {x.amount_text: (round(x.x0 or 0), round(x.x1 or 0)) for x in told.lines}


def test_each_number_has_its_own_box() -> None:
    numbers = [word("90", 140, 152), word("60.5", 300, 324), word("29.5", 480, 504)]
    assert boxes(numbers, TEXT) == {"90": (140, 152), "60.5": (300, 324), "29.5": (480, 504)}


def test_a_number_in_a_circle_is_no_digit_of_the_line() -> None:
    assert boxes([word("90", 140, 152)], "支出预算90万元（见附表①）。") == {"90": (140, 152)}


def told_of(heading: str, text: str, *numbers: Word) -> Narrative:
    shown = (TextLine(heading, Box(90, 80, 300, 92)), TextLine(text, Box(90, 120, 590, 132)))
    content = Content("grids", "pdfium", (Page(4, 680, 842, shown, numbers=numbers),))
    return read_narrative(content, fiscal_year=2023, book=code_book(), final=False)


def test_a_change_stands_where_its_amount_is_printed_else_its_percentage_else_its_words() -> None:
    told = told_of(
        SUMMARY, "支出预算90万元，比上年增加5万元，增长15%。",
        word("90", 140, 152), word("5", 260, 266), word("15", 400, 412),
    )  # fmt: skip
    (change,) = told.year_on_year
    assert (change["page"], change["x0"], change["x1"]) == (4, 260, 266)
    told = told_of(SUMMARY, "支出预算90万元，比上年增长15%。", word("90", 140, 152), word("15", 400, 412))
    assert [(row["x0"], row["x1"]) for row in told.year_on_year] == [(400, 412)]
    (flat,) = told_of(SUMMARY, "支出预算90万元，与上年持平。", word("90", 140, 152)).year_on_year
    assert 152 < (flat["x0"] or 0) < (flat["x1"] or 0) < 590
    (flat,) = told_of(SUMMARY, "支出预算90万元，比2022年预算数持平。", word("90", 140, 152), word("2022", 320, 344)).year_on_year
    assert (flat["x0"] or 0) < 320 < 500 < (flat["x1"] or 0)  # the words, not the year in them


@pytest.mark.parametrize(("first", "second", "y"), [("与上年", "基本持平", 140), ("与上年预算数", "持平", 120)])
def test_of_words_that_wrap_the_larger_part_is_framed(first: str, second: str, y: int) -> None:
    lines = (
        TextLine(SUMMARY, Box(90, 80, 300, 92)),
        TextLine(f"支出预算90万元，{first}", Box(90, 120, 590, 132)),
        TextLine(f"{second}。", Box(90, 140, 590, 152)),
    )
    content = Content("grids", "pdfium", (Page(4, 680, 842, lines, numbers=(word("90", 140, 152),)),))
    (flat,) = read_narrative(content, fiscal_year=2023, book=code_book(), final=False).year_on_year
    assert flat["y0"] == y
    assert flat["x0"] == 90 if y == 140 else flat["x1"] == 590


def test_words_are_framed_by_the_width_of_the_characters_as_printed() -> None:
    (flat,) = told_of(SUMMARY, "支出预算（合计）九十万元及其他，与上年持平", word("9", 1, 2)).year_on_year or ({"x0": None},)
    assert flat["x0"] is None  # no amount, no change
    text = "支出预算90万元（合计），与上年持平。"  # 17 wide characters and two narrow ones on 500 points
    (flat,) = told_of(SUMMARY, text, word("7", 1, 2)).year_on_year
    step = 500 / (2 * 17 + 2)
    assert (flat["x0"], flat["x1"]) == (pytest.approx(590 - 12 * step), pytest.approx(590 - 2 * step))


def test_nothing_to_be_bought_is_framed_by_its_words_not_by_the_price_in_them() -> None:
    told = told_of("五、国有资产占有使用情况", "2023年未安排购置单位价值100万元以上设备。", word("2023", 90, 120), word("100", 360, 380))
    (none,) = told.key_figures
    assert none["indicator"] == "equipment_over_1m_to_purchase"
    assert (none["x0"] or 0) < 362 and (none["x1"] or 0) > 500


def test_a_key_figure_stands_where_its_number_is_printed() -> None:
    told = told_of("五、国有资产占有使用情况", "本部门共有车辆12辆。其中，机要通信用车2辆。", word("12", 200, 212), word("2", 400, 406))
    assert {row["indicator"]: (row["page"], row["x0"]) for row in told.key_figures} == {
        "vehicles_owned": (4, 200), "vehicles_owned_confidential_mail": (4, 400),
    }  # fmt: skip
    told = told_of("一、部门机构设置", "本部门成立于1990年。编制范围的预算单位共7家。", word("1990", 120, 144), word("7", 400, 406))
    assert {row["indicator"]: row["x0"] for row in told.key_figures} == {"budget_units": 400}


def test_one_number_twice_in_a_line_is_two_places() -> None:
    numbers = [word("60", 300, 312), word("60", 140, 152)]
    assert boxes(numbers, "基本支出60万元，项目支出60万元。") == {"60": (300, 312)}  # the later of equal texts
    assert boxes([word("2023", 120, 144), word("60", 300, 312)], "2023年支出预算60万元。") == {"60": (300, 312)}


def test_a_number_of_spaced_letters_is_one_box() -> None:
    numbers = [word(c, 140 + 12 * i, 150 + 12 * i) for i, c in enumerate("1234")]
    assert boxes(numbers, "支出预算12.34万元。") == {"12.34": (140, 186)}


def test_a_number_beside_another_in_one_word_has_its_share() -> None:
    assert boxes([word("(2010301)500", 200, 320)], "行政运行（2010301）500万元。") == {"500": (290, 320)}


def test_of_a_number_that_is_wrapped_the_larger_part_is_framed() -> None:
    numbers = [word("12", 570, 582), word("34", 90, 102, y=140)]
    first = "按照统筹兼顾、勤俭节约的要求编制年度预算，本部门2023年支出预算12".replace("2023年", "")
    assert boxes(numbers, first, "34万元。") == {"1234": (570, 582)}
    numbers = [word("1", 576, 582), word("234", 90, 108, y=140)]
    assert boxes(numbers, first.removesuffix("2"), "234万元。") == {"1234": (90, 108)}


def test_of_a_number_that_goes_on_over_the_page_the_upper_part_is_named() -> None:
    first = "按照统筹兼顾、勤俭节约的要求编制年度预算，本部门支出预算12"
    pages = (
        Page(
            1,
            680,
            842,
            (TextLine(SUMMARY, Box(90, 80, 300, 92)), TextLine(first, Box(90, 790, 590, 802))),
            numbers=(word("12", 570, 582, y=790),),
        ),
        Page(2, 680, 842, (TextLine("34万元。", Box(90, 80, 590, 92)),), numbers=(word("34", 90, 102, y=80),)),
    )
    (line,) = read_narrative(Content("grids", "pdfium", pages), fiscal_year=2023, book=code_book(), final=False).lines
    assert (line.amount_text, line.page, line.x0, line.x1, line.y1) == ("1234", 1, 570, 582, 802)


@pytest.mark.parametrize("numbers", [[], [word("90", 140, 152), word("90", 140, 152), word("1", 300, 306)]])
def test_without_its_number_in_the_text_layer_the_box_is_by_the_width_of_characters(numbers: list[Word]) -> None:
    told = boxes(numbers, TEXT)
    assert list(told) == ["90", "60.5", "29.5"]
    assert all(90 < x0 < x1 < 590 and x1 - x0 < 60 for x0, x1 in told.values())
    assert told["90"][1] < told["60.5"][0] < told["29.5"][0]


@pytest.mark.parametrize(
    ("number", "text", "place"),
    [
        ("5", "预算5万元，比上年5万元", 9),
        ("5", "预算15万元，比上年50万元", -1),
        ("5", "比上年增加5万元，增长5.5%，为1,5和2.5", 5),
        ("5", "5", 0),
        ("5", "5.", -1),
        ("0.5", "0.5和10.5", 0),
        ("-5", "增加-5，-55", 2),
        ("5", "", -1),
    ],
)
def test_the_last_place_of_a_number_is_none_in_a_longer_one(number: str, text: str, place: int) -> None:
    assert _last_place(number, text) == place


def test_a_text_of_one_digit_takes_time_in_proportion_to_its_length() -> None:
    start = process_time()
    assert _last_place("1", "1" * 200_000) == -1
    assert process_time() - start < 2
