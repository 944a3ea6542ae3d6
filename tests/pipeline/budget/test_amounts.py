"""Printed numbers to exact yuan: what is one number, what is none, and that nothing is lost or invented on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.amounts import (
    AMOUNT,
    HINT_OF_AMOUNT,
    LARGEST,
    count_numbers,
    decimals,
    has_digits,
    is_amount_alone,
    is_blank,
    is_misfit,
    is_sentence,
    is_unread,
    parse_amount,
    parse_with_unit,
    to_yuan,
    without_counts,
)

FULL_WIDTH = str.maketrans("0123456789,.-()¥", "０１２３４５６７８９，．－（）￥")

numbers = (
    st.decimals(min_value=0, max_value=10**13, places=2)
    | st.decimals(min_value=0, max_value=10**8, places=6)
    | st.integers(0, 10**13).map(Decimal)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("0.00", "0.00"),
        ("12,345.67", "12345.67"),
        ("12345.67", "12345.67"),
        ("1,234,567", "1234567"),
        ("１２，３４５．６７", "12345.67"),
        ("12,868.0\n0", "12868.00"),
        (" 1 234.5 ", "1234.5"),
        ("1\u2009234.56", "1234.56"),
        ("-1.74", "-1.74"),
        ("－1.74", "-1.74"),
        ("−1.74", "-1.74"),
        ("–1.74", "-1.74"),
        ("△12.00", "-12.00"),
        ("▲12.00", "-12.00"),
        ("+3.5", "3.5"),
        ("(1,234.50)", "-1234.50"),
        ("（1,234.50）", "-1234.50"),
        ("007", "7"),
        ("0.123456", "0.123456"),
        ("128138,600", "128138600"),
        ("1234,567.80", "1234567.80"),
        ("1,23,456.78", "123456.78"),
        ("2'277.00", "2277.00"),
        ("2’277.00", "2277.00"),
        ("￥212.48", "212.48"),
        ("¥-5", "-5"),
        ("-¥5.00", "-5.00"),
        ("(¥1,234.50)", "-1234.50"),
        ("1，126.37", "1126.37"),
        ("143．25", "143.25"),
    ],
)
def test_a_number_alone(text: str, value: str) -> None:
    found = parse_amount(text)
    assert found is not None
    assert str(found) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "—", "1,23", "12,34", "12,50", "1,2345", ",123", "1,234,56", "1,234,56,789", "53680,068,440", "2,132,53680,068,440",
        "1'23", "1'234,567", "¥¥5", "-¥-5", "¥", "1,234'567", "1.2.3", "1.", ".5", "12%", "12万元", "12元",
        "2019年", "1.00 2.00 ", "1,234.56,7", "3-4", "(1", "1)", "()", "--5", "△", "一百", "1e5", "0x10", "NaN", "Infinity", "1_000",
    ],
)  # fmt: skip
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert parse_amount(text) is None


def test_a_number_that_the_dataset_cannot_hold_is_none() -> None:
    assert parse_amount("9" * 16) == Decimal("9" * 16)
    assert parse_amount(str(LARGEST)) is None
    assert parse_amount("9" * 40) is None


@given(numbers, st.booleans(), st.booleans())
def test_a_printed_number_is_read_back_exactly(number: Decimal, commas: bool, wide: bool) -> None:
    text = f"{number:,f}" if commas else f"{number:f}"
    assert parse_amount(text.translate(FULL_WIDTH) if wide else text) == number


@given(numbers, st.sampled_from(["-{}", "－{}", "−{}", "△{}", "▲{}", "({})", "（{}）"]))
def test_every_way_of_printing_a_minus_is_the_same_number(number: Decimal, print_as: str) -> None:
    assert parse_amount(print_as.format(f"{number:,f}")) == -number


@given(numbers, st.data())
def test_a_number_wrapped_in_a_narrow_cell_is_the_same_number(number: Decimal, data: st.DataObject) -> None:
    text = f"{number:,f}"
    at = data.draw(st.integers(1, len(text)))
    assert parse_amount(text[:at] + data.draw(st.sampled_from(["\n", " ", "\u3000", "\u2009"])) + text[at:]) == number


@given(st.integers(0, 10**12), st.data())
def test_broken_thousands_are_none(number: int, data: st.DataObject) -> None:
    """One digit lost from a group is a misread number, never a smaller one."""
    groups = f"{number:,}".split(",")
    if len(groups) < 2:
        return
    at = data.draw(st.integers(1, len(groups) - 1))
    groups[at] = groups[at][:2]
    regular = at != len(groups) - 1 and all(len(group) == 2 for group in groups[1:-1]) and len(groups[0]) < 3
    assert regular or parse_amount(",".join(groups)) is None  # 1,23,456 is how some print it


def in_groups(digits: str, style: str) -> str:
    """Digits of a whole number with the separators that some publishers print."""
    head, tail = digits[:-3], digits[-3:]
    if not head:
        return digits
    match style:
        case "one comma":
            return f"{head},{tail}"
        case "pairs":
            return ",".join([head[: len(head) % 2], *(head[n : n + 2] for n in range(len(head) % 2, len(head), 2)), tail]).lstrip(",")
        case "apostrophe" | "comma":
            return f"{int(digits):,}".replace(",", "'" if style == "apostrophe" else ",")
    return digits


@given(
    st.integers(0, 10**13),
    st.integers(0, 99),
    st.sampled_from(["none", "comma", "one comma", "pairs", "apostrophe"]),
    st.sampled_from(["{}", "¥{}", "-{}", "-¥{}", "({})", "△{}"]),
    st.booleans(),
)
def test_every_way_of_separating_thousands_is_the_same_number(whole: int, cents: int, style: str, printed: str, wide: bool) -> None:
    text = f"{in_groups(str(whole), style)}.{cents:02}"
    shown = printed.format(text)
    value = Decimal(f"{whole}.{cents:02}")
    assert parse_amount(shown.translate(FULL_WIDTH) if wide else shown) == (value if printed in ("{}", "¥{}") else -value)
    assert is_amount_alone(shown)
    assert AMOUNT.findall(f"共{text}万元") == [text]


@given(st.text(st.sampled_from("0123456789012345678901234567890,,,，.．''’-−¥￥△()（） \u2009"), max_size=14))
def test_a_number_has_the_digits_that_are_printed(text: str) -> None:
    """In their order, with as many behind the point: separators never make another number."""
    value = parse_amount(text)
    if value is not None:
        printed = "".join(char for char in text if char.isdigit())
        assert format(abs(value), "f").replace(".", "").lstrip("0") == printed.lstrip("0")
        assert -value.as_tuple().exponent == decimals(text)
    elif is_amount_alone(text):
        assert ("(" in text or "（" in text) != (")" in text or "）" in text)  # what looks like an amount is one, but half a bracket


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("580.00万元", "580.00", "万元"),
        ("1,234元", "1234", "元"),
        ("580.00", "580.00", None),
        ("约580.00万元", None, "万元"),
        ("单位：万元", None, "万元"),
        ("580.00亿元", None, "元"),
        ("12人", None, None),
    ],
)
def test_a_unit_behind_the_number_in_its_cell(text: str, value: str | None, unit: str | None) -> None:
    assert parse_with_unit(text) == (None if value is None else Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "unread"), [("12,50", True), ("1.2.3", True), ("约30", True), ("30", False), ("3.5万元", False), ("-", False), ("无", False)]
)
def test_digits_that_are_no_number_are_unread(text: str, unread: bool) -> None:
    assert is_unread(text) is unread


@pytest.mark.parametrize("text", ["①1,234.56", "1,234.56①", "1,234.56²", "⑴1,234", "⒈234", "10²", "⑳", "⑴", "₂", "½", "㊿", "❶12.00", "⓴"])
def test_marks_of_items_and_notes_are_no_digits_of_a_number(text: str) -> None:
    assert parse_amount(text) is None
    assert is_unread(text) is any(char.isdecimal() for char in text)  # told, where a number stands beside the mark
    assert has_digits(text) is is_unread(text)


@pytest.mark.parametrize(("text", "value"), [("１２．５０", "12.50"), ("𝟏𝟐.𝟓", "12.5"), ("１，２３４", "1234")])
def test_digits_of_other_widths_and_fonts_are_digits(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@given(st.text(max_size=12))
def test_no_text_raises_and_every_number_is_finite(text: str) -> None:
    value = parse_amount(text)
    assert value is None or (value.is_finite() and abs(value) < LARGEST and any(char.isdecimal() for char in text))


@pytest.mark.parametrize(
    ("text", "misfit"),
    [("12,50", True), ("1,2345.00", True), ("7.00万元", True), ("7.00", False), ("1,234", False), ("1.2.3", False), ("万元", False)],
)
def test_a_word_that_is_a_number_for_no_column(text: str, misfit: bool) -> None:
    assert is_misfit(text) is misfit


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" \n", True),
        ("-", True),
        ("—", True),
        ("——", True),
        ("－", True),
        ("/", True),
        ("0", False),
        ("0.00", False),
        ("无", False),
        ("-1", False),
    ],
)
def test_a_printed_zero_is_not_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank
    assert not blank or parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("12", 0),
        ("12.3", 1),
        ("1,234.50", 2),
        ("(1,234.50)", 2),
        ("（0.5）", 1),
        ("12,868.0\n0", 2),
        ("１．２３", 2),
        ("0.123456", 6),
        ("580.00万元", 2),
    ],
)
def test_decimals_are_those_printed(text: str, places: int) -> None:
    assert decimals(text) == places


@pytest.mark.parametrize(
    ("value", "unit", "yuan"),
    [
        ("7896.16", "万元", "78961600.00"),
        ("0.123456", "万元", "1234.56"),
        ("78961600", "元", "78961600.00"),
        ("-1.74", "万元", "-17400.00"),
        ("0.01", "元", "0.01"),
    ],
)
def test_yuan_are_exact(value: str, unit: str, yuan: str) -> None:
    assert str(to_yuan(Decimal(value), unit)) == yuan


@given(numbers)
def test_the_two_units_differ_by_ten_thousand_and_nothing_else(number: Decimal) -> None:
    in_wan = to_yuan(number, "万元")
    assert in_wan == to_yuan(number * 10_000, "元")
    if -number.as_tuple().exponent <= 6:
        assert in_wan / 10_000 == number  # six decimals of 万元 are whole 分
    assert in_wan.as_tuple().exponent == -2


def test_an_unknown_unit_is_no_silent_factor() -> None:
    with pytest.raises(KeyError):
        to_yuan(Decimal(1), "亿元")


@given(st.from_regex(AMOUNT))
def test_what_is_looked_for_first_is_in_every_amount(text: str) -> None:
    assert all(HINT_OF_AMOUNT.search(match.group()) for match in AMOUNT.finditer(text))


def test_a_year_and_a_percentage_are_not_looked_at_twice() -> None:
    assert HINT_OF_AMOUNT.search("2026年增长5%，共12项") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("保障全长12.50公里的河道，申请预算拨款1,642.50万元用于此项工作。", 0),
        ("保障河道通畅，申请预算拨款1642.50\n万元。", 0),
        ("保障河道通畅，其中人员经费12.50万元，公用经费1,630.00万元。", 2),  # in no line of the table
        ("保障河道通畅，改善水质。642.50", 1),
        ("保障河道通畅，其中人员经费12.50万，公用经费30.00千元。", 2),
        ("保障河道通畅，服务12.50万人。", 0),
        ("保障河道通畅，其中人员经费164.25万元。", 1),  # the digits of the row's amount, and a tenth of it
        ("保障河道通畅，改善水质642.50\n绿化养护，改善环境12.50", 2),
    ],
)
def test_what_sentences_count_is_no_amount_of_a_table(text: str, count: int) -> None:
    assert is_sentence(text)
    assert count_numbers(without_counts(text, {Decimal("16425000.00")}), in_body=False, alone=False) == count


@pytest.mark.parametrize("text", ["办公费12.50印刷费3.00", "一、人员经费12.50二、公用经费3.00", "河道维护12.50公里"])
def test_a_name_is_no_sentence(text: str) -> None:
    assert not is_sentence(text)


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789.,①❶⑴¼〇一万元年()-")), max_size=12), st.booleans(), st.booleans())
def test_nothing_is_counted_in_a_text_without_digits(text: str, in_body: bool, alone: bool) -> None:
    assert has_digits(text) or count_numbers(text, in_body=in_body, alone=alone) == 0
