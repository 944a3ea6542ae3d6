"""Glyphs that mean the same character: names keep their print, codes and numbers are folded whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.characters import fold, normalise_characters, translation, with_narrow_letters, without_spaces


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("⼀般公共服务⽀出", "一般公共服务支出"),  # Kangxi radicals
        ("公务用⻋购置", "公务用车购置"),  # supplement radicals, which NFKC leaves alone
        ("⺠⻔⻓⻅⻰", "民门长见龙"),
        ("\uf9f4业", "林业"),  # compatibility ideograph
        ("行\u200b政\ufeff运\u00ad行\ue000", "行政运行"),
    ],
)
def test_radicals_and_invisible_characters_are_mended(printed: str, name: str) -> None:
    assert normalise_characters(printed) == name


def test_a_name_keeps_its_punctuation_and_loses_its_spaces() -> None:
    assert without_spaces(" 政府办公厅（室）\n 及相关\u3000机构事务 ") == "政府办公厅（室）及相关机构事务"
    assert without_spaces("“三公”经费：") == "“三公”经费："


def test_full_width_forms_are_folded() -> None:
    assert fold("（２０１０３０１）") == "(2010301)"
    assert fold("单位：万元") == "单位:万元"
    assert fold("增长　８．５％") == "增长8.5%"
    assert fold("“三公”经费、会议费") == '"三公"经费、会议费'
    assert fold("【301】〔501〕") == "[301][501]"
    assert fold("－—–") == "---"


def test_signs_that_look_alike_are_one() -> None:
    assert normalise_characters("2050302\u2212中等职业教育") == "2050302-中等职业教育"
    assert without_spaces("A\u2010B\u2011C\ufe63D–E—F－G") == "A-B-C-D–E—F－G"  # longer ones are other signs


def test_letters_and_digits_are_narrowed_in_their_places() -> None:
    assert with_narrow_letters("Ａ０１－（办公Ｚ）") == "A01－（办公Z）"


@pytest.mark.parametrize("printed", ["因公出国（境）费", "⼀、 本年收⼊", "Ａ－１", "１２，３４５．６７"])
def test_folding_twice_changes_nothing(printed: str) -> None:
    assert fold(fold(printed)) == fold(printed)


@given(st.text())
def test_nothing_white_or_invisible_is_left(text: str) -> None:
    for result in (without_spaces(text), fold(text)):
        assert not any(char.isspace() for char in result)
        assert "\u200b" not in result and "\ufeff" not in result


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=20))
def test_ordinary_characters_are_themselves(text: str) -> None:
    assert normalise_characters(text) == without_spaces(text) == fold(text) == text


@given(st.text("ab-^]\\[.【元", max_size=9))
def test_single_characters_are_replaced_wherever_they_stand(text: str) -> None:
    characters = {"a": "1", "-": "", "^": "23", "]": "4", "\\": "5", "[": "6", "【": "7"}
    assert translation(characters)(text) == text.translate(str.maketrans(characters))
