"""What values are called on the site."""

from __future__ import annotations

from pipeline.site.labels import labels


def test_a_name_in_english_that_is_the_value_itself_is_left_to_the_front_end() -> None:
    named = labels()
    assert named["indicator"]["performance_projects"] == ("编报绩效目标的项目数",)
    assert all(len(both) == 2 for both in named["check"].values())


def test_no_part_of_something_is_named_for_the_front_end_calls_parts_otherwise() -> None:
    assert not [value for values in labels().values() for value in values if value.startswith("of_which_")]
