"""What values are called on the site."""

from __future__ import annotations

from pipeline.site.labels import labels


def test_a_name_in_english_that_is_the_value_itself_is_left_to_the_front_end() -> None:
    named = labels()
    assert named["indicator"]["performance_projects"] == ("编报绩效目标的项目数",)
    assert named["outcome"] and all(len(both) == 2 for both in named["check"].values())


def test_a_part_of_something_keeps_its_english_for_the_front_end_calls_parts_otherwise() -> None:
    parts = {value: both for value, both in labels()["nature"].items() if value.startswith("of_which_")}
    assert parts and all(len(both) == 2 and both[1] for both in parts.values())
