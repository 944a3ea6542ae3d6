"""The data dictionary: complete in English, and text by text the same in Chinese."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import columns
from schemas.dictionary import chinese_dictionary, dictionary, translatable_texts
from schemas.marts import PUBLISHED

CHINESE = Path(columns.__file__).with_name("chinese.csv")
FILLED_IN = re.compile(r"`[^`]*`|\{[a-z]+\}")


def rows() -> list[tuple[str, str]]:
    with CHINESE.open(encoding="utf-8", newline="") as file:
        return [(row["english"], row["chinese"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("written", [dictionary, chinese_dictionary])
def test_the_dictionary_holds_every_column_and_every_value(written: Callable[[], str]) -> None:
    text = written()
    for table in PUBLISHED.values():
        part = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for field in table.fields:
            assert f"`{field.name}`" in part
            assert all(f"| `{value}` |" in part for value in field.column.values)


def test_every_text_has_a_translation_and_every_translation_a_text() -> None:
    translated = {english for english, _ in rows()}
    assert translatable_texts() - translated == set(), "add the Chinese of these to schemas/chinese.csv"
    assert translated - translatable_texts() == set(), "no table or column says these any more: remove them from schemas/chinese.csv"


def test_every_text_is_translated_once_into_chinese() -> None:
    texts = [english for english, _ in rows()]
    assert len(texts) == len(set(texts))
    assert [chinese for _, chinese in rows() if not re.search("[一-鿿]", chinese)] == []


def test_names_in_a_text_stand_in_its_translation_too() -> None:
    assert [english for english, chinese in rows() if not set(FILLED_IN.findall(english)) <= set(FILLED_IN.findall(chinese))] == []


def test_the_chinese_says_what_the_columns_mean() -> None:
    text = chinese_dictionary()
    assert text.startswith("# yusuan 1.0.0 数据字典\n\n中国政府部门预算和决算。")
    assert "| **`row`** | Int32 |  | 在 statement_no 之内的行号，从 1 起，跨页连续；文字说明则按金额的先后顺序。 |" in text
    assert "\n| `adjusted_budget` | 调整预算数 |\n" in text
    assert "\n| `carryover` | 上年结转，未细分 |\n" in text
    assert "\n规则：只有已发布的文件有等级。\n" in text


def test_no_english_is_left_in_the_chinese() -> None:
    bare = re.sub(r"`[^`]*`", "", chinese_dictionary())
    assert re.findall(r"\b(?:the|of|and|is|are|with|budgeted|spending)\b", bare) == []
