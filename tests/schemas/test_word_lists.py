"""The lists of words: their form, and that every row is asked for by some code."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pipeline.budget.characters import fold
from pipeline.budget.filing import FIRST_YEAR, LAST_YEAR
from pipeline.budget.patterns import FISCAL_YEAR, UNIT_AT_END, UNIT_IN_BRACKETS, UNIT_LINE, UNIT_MARK, unit_of
from pipeline.narrative.text.paragraphs import fold_in_place
from schemas import columns
from schemas.vocabulary.entity_endings import PLACES, body_ending, entity_endings
from schemas.vocabulary.narrative import is_open, read_subject
from schemas.vocabulary.phrases import WordPattern, any_of, meanings, phrases

ROOT = Path(columns.__file__).parents[1]
FOLDER = ROOT / "schemas" / "vocabulary"
PLAIN = ("phrase", "attribute", "value", "note")
GUARDED = ("phrase", "attribute", "value", "unless_before", "unless_after", "note")
LISTS = {
    "identity_words.csv": GUARDED,
    "statement_words.csv": GUARDED,
    "narrative_words.csv": GUARDED,
    "narrative_sections.csv": PLAIN,
    "performance_words.csv": PLAIN,
    "link_words.csv": GUARDED,
    "mart_words.csv": PLAIN,
}
HEADS = {
    **LISTS,
    "titles.csv": ("statement", "fund", "nature", "flow", "requires", "excludes", "whole", "note"),
    "headers.csv": ("phrase", "match", "attribute", "value", "note"),
    "row_labels.csv": ("phrase", "match", "attribute", "value", "note"),
    "narrative_subjects.csv": ("pattern", "kind", "flow", "fund", "nature", "code", "note"),
    "narrative_statements.csv": ("fund", "names_fund", "flow", "aspect", "within_both", "scheme", "level", "statement", "note"),
    "body_endings.csv": ("ending", "counts", "note"),
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code() -> str:
    """All code that may ask for words."""
    return "".join(path.read_text(encoding="utf-8") for package in ("pipeline", "schemas") for path in (ROOT / package).rglob("*.py"))


def test_every_file_is_known_and_documented() -> None:
    assert {path.name for path in FOLDER.glob("*.csv")} == set(HEADS)
    page = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert [name for name in HEADS if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", sorted(HEADS))
def test_a_file_has_its_columns_and_no_row_has_more_or_fewer(name: str) -> None:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert tuple(lines[0]) == HEADS[name]
    assert [line for line in lines if len(line) != len(lines[0])] == []


def test_patterns_of_subjects_are_made_of_the_characters_that_they_match_or_are_open() -> None:
    """Else words with another character would be told to be no subject before any pattern is asked."""
    closed = [row["pattern"] for row in rows("narrative_subjects.csv") if not is_open(row["pattern"])]
    assert [pattern for pattern in closed if re.search(r"[.*+\]{}^$]|\\[^()]", pattern)] == []


def test_a_subject_of_an_open_pattern_may_have_any_character() -> None:
    subject = read_subject("基本工资、龘贴等人员经费")
    assert subject is not None
    assert subject.nature == "basic_personnel"
    assert read_subject("龘贴") is None


def test_heads_labels_and_levels_of_targets_have_words_that_are_not_ascii() -> None:
    """Cells in ASCII, numbers as most, are not asked whether they are one."""
    asked = {"column", "label", "other_label", "lone_column", "achieved", "dimension", "sub"}
    assert [row["phrase"] for row in rows("performance_words.csv") if row["attribute"] in asked and row["phrase"].isascii()] == []


def test_no_sign_of_a_target_begins_with_a_digit() -> None:
    """Cells that begin with one are not asked whether they are a target with its sign."""
    assert [row["phrase"] for row in rows("performance_words.csv") if row["attribute"] == "sign" and row["phrase"][:1].isdigit()] == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_phrases_are_folded_and_stand_once(name: str) -> None:
    seen = set()
    for row in rows(name):
        words = [row["phrase"], *row.get("unless_before", "").split("|"), *row.get("unless_after", "").split("|")]
        assert row["phrase"], row
        assert all(word in (fold(word), fold_in_place(word)) for word in words), row
        assert (row["phrase"], row["attribute"]) not in seen, row
        seen.add((row["phrase"], row["attribute"]))


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_attribute_is_asked_for(name: str) -> None:
    asked = code()
    assert {row["attribute"] for row in rows(name) if not re.search(rf"[\"']{row['attribute']}[\"']", asked)} == set()


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_phrase_alone_is_matched_by_the_pattern_of_its_attribute(name: str) -> None:
    for row in rows(name):
        assert re.fullmatch(any_of(name, row["attribute"]), row["phrase"]), row


def test_endings_count_in_places_that_are_known() -> None:
    found = rows("body_endings.csv")
    assert len({row["ending"] for row in found}) == len(found)
    for row in found:
        places = row["counts"].split()
        assert places and set(places) <= set(PLACES) and len(set(places)) == len(places), row
        assert len(row["ending"]) == 1 or "row_own" not in places, row
    assert all(entity_endings(place) for place in PLACES)


def test_the_longest_ending_is_tried_first() -> None:
    match = re.match(body_ending("name"), "社区服务")
    assert match and match[0] == "社区"


def test_what_must_not_stand_beside_a_phrase() -> None:
    party = re.compile(any_of("identity_words.csv", "party"))
    assert party.match("中共某市委") and not party.match("中共中央")
    income = re.compile(any_of("identity_words.csv", "no_name_within"))
    assert income.search("事业收入") and not income.search("非税收入征管局")


def test_longest_phrases_come_first_and_values_keep_the_order_of_rows() -> None:
    lengths = [len(phrase) for phrase in phrases("identity_words.csv", "label")]
    assert lengths == sorted(lengths, reverse=True)
    assert meanings("identity_words.csv", "kind") == {"预算": "budget", "决算": "final_account"}


def test_a_pattern_of_words_is_compiled_when_it_is_first_used() -> None:
    made = []
    pattern = WordPattern(lambda: made.append("now") or "预算")  # type: ignore[func-returns-value]
    assert made == []
    assert pattern.search("部门预算") and pattern.fullmatch("预算") and not pattern.match("部门预算")
    assert [match.start() for match in pattern.finditer("预算预算")] == [0, 2] and pattern.sub("", "部门预算") == "部门"
    assert made == ["now"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位:万元", "万元"),
        ("金额单位:元", "元"),
        ("单位:人民币万元", "万元"),
        ("单位:万", "万元"),
        ("收支总表(元)", "元"),
        ("单位:某局", None),
    ],
)
def test_marks_of_units(text: str, unit: str | None) -> None:
    match = UNIT_MARK.search(text)
    assert (unit_of(match) if match else None) == unit


def test_units_behind_names_and_in_lines() -> None:
    assert UNIT_IN_BRACKETS.sub("", "预算数(单位:万元)") == "预算数"
    assert UNIT_AT_END.sub("", "收支总表（单位：元）") == "收支总表"
    assert UNIT_LINE.search("单位 ： 亿元") and not UNIT_LINE.search("单位：某局")


def test_fiscal_years_reach_as_far_as_documents_are_filed() -> None:
    assert all(re.fullmatch(FISCAL_YEAR, str(year)) for year in (FIRST_YEAR, LAST_YEAR))
    assert not re.fullmatch(FISCAL_YEAR, "2050")
