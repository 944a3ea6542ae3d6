"""The code book answers for a year, tolerates how names are printed, and never calls an unknown code wrong."""

from __future__ import annotations

import pytest

from pipeline.budget.codes.book import code_book
from schemas.classification.code_lists import code_rows

BOOK = code_book()


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("20805", 2019, "行政事业单位离退休"),
        ("20805", 2021, "行政事业单位养老支出"),
        ("210", 2016, "医疗卫生与计划生育支出"),
        ("210", 2012, "医疗卫生与计划生育支出"),
    ],
)
def test_standard_name_of_a_year(code: str, year: int, name: str) -> None:
    assert BOOK.standard_name("function", code, year) == name


def test_a_code_that_is_not_in_the_book_is_unknown() -> None:
    assert not BOOK.knows("function", "2012345")
    assert BOOK.names("function", "2012345", 2024) == ()
    assert BOOK.standard_name("department_economic", "3021502", 2026) is None
    assert BOOK.scheme_of("2012345", "从未见过的事务") == "function"


@pytest.mark.parametrize(
    ("scheme", "name", "parent", "year", "codes"),
    [
        ("function", "信访事务", None, 2022, ("2010308",)),
        ("function", "信访事务", None, 2026, ("20140",)),
        ("function", "信访事务", "20103", 2026, ("2010308",)),
        ("function", "行政运行", "20103", 2022, ("2010301",)),
        ("function", "政府办公厅(室)及相关机构事务", "201", 2022, ("20103",)),
        ("function", "五、教育", None, 2022, ("205",)),
        ("function", "住房保障支出（类）", None, 2022, ("221",)),
        ("department_economic", "其他资本性支出", None, 2016, ("310", "31099")),
        ("department_economic", "其他资本性支出", None, 2022, ("31099",)),
        ("department_economic", "对个人和家庭的补助支出", None, 2022, ("303",)),
        ("department_economic", "维修(护)费", None, 2022, ("30213",)),
        ("department_economic", "对个人和家庭补助", None, 2022, ("303",)),
        ("function", "水利工程运行与维", None, 2026, ("2130306",)),
        ("function", "财政对基本养老保险基", None, 2026, ("20826",)),
        ("function", "机关事业单位", None, 2026, ()),
        ("department_economic", "住房公积金", None, 2017, ("30311",)),
        ("department_economic", "住房公积金", None, 2018, ("30113",)),
        ("function", "从未见过的事务", None, 2022, ()),
    ],
)
def test_codes_of_a_name(scheme: str, name: str, parent: str | None, year: int, codes: tuple[str, ...]) -> None:
    assert BOOK.codes(scheme, name, parent, year) == codes


def test_a_name_that_stands_at_many_places_is_undecided() -> None:
    assert len(BOOK.codes("function", "行政运行", year=2024)) > 20


@pytest.mark.parametrize(
    ("code", "name", "scheme"),
    [
        ("2010301", "行政运行", "function"),
        ("30211", "差旅费", "department_economic"),
        ("50201", "办公经费", "government_economic"),
        (None, "机关资本性支出（一）", "government_economic"),
        (None, "工会经费", "department_economic"),
        (None, "住房公积金", None),
        (None, "从未见过的名称", None),
        ("105001", "", None),
    ],
)
def test_scheme_of(code: str | None, name: str, scheme: str | None) -> None:
    assert BOOK.scheme_of(code, name) == scheme


def test_every_row_is_found_by_its_own_name() -> None:
    for row in code_rows():
        assert row.code in BOOK.candidates(row.scheme, row.name, row.first_year), row
        assert BOOK.candidates(row.scheme, row.name, row.first_year)[row.code] == 0, row
        assert BOOK.is_named(row.scheme, row.code, row.name)
