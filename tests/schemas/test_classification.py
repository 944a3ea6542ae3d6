"""The code lists and divisions hold what they promise: every parent exists, levels follow codes, eras do not contradict."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby, pairwise

import pytest

from schemas.classification.loader import code_rows, codes_frame, regions, regions_frame
from schemas.tables import TABLES

LENGTHS = {"function": {1: 3, 2: 5, 3: 7}, "department_economic": {1: 3, 2: 5}, "government_economic": {1: 3, 2: 5}}


def names(scheme: str, code: str, year: int) -> list[str]:
    return [
        row.name
        for row in code_rows()
        if (row.scheme, row.code) == (scheme, code) and row.first_year <= year and (row.last_year is None or row.last_year >= year)
    ]


def test_every_code_has_its_level_and_parent() -> None:
    known = {(row.scheme, row.code) for row in code_rows()}
    for row in code_rows():
        assert LENGTHS[row.scheme][row.level] == len(row.code), row
        assert row.parent == (row.code[:-2] if row.level > 1 else None), row
        assert row.parent is None or (row.scheme, row.parent) in known, row
        assert row.evidence in {"official", "attested", "single"}, row
        assert row.last_year is None or row.first_year <= row.last_year, row
        assert row.successor is None or (row.scheme, row.successor) in known, row


def test_one_code_has_one_name_in_force() -> None:
    for (scheme, code), rows in groupby(code_rows(), key=lambda row: (row.scheme, row.code)):
        eras = sorted((row.first_year, row.last_year or 9999) for row in rows)
        assert all(before[1] < after[0] for before, after in pairwise(eras)), (scheme, code)


@pytest.mark.parametrize(
    ("scheme", "code", "year", "name"),
    [
        ("function", "20805", 2019, "行政事业单位离退休"),
        ("function", "20805", 2020, "行政事业单位养老支出"),
        ("function", "2080501", 2018, "归口管理的行政单位离退休"),
        ("function", "2080501", 2022, "行政单位离退休"),
        ("function", "210", 2018, "医疗卫生与计划生育支出"),
        ("function", "210", 2019, "卫生健康支出"),
        ("function", "2010308", 2022, "信访事务"),
        ("function", "20140", 2024, "信访事务"),
        ("department_economic", "310", 2017, "其他资本性支出"),
        ("department_economic", "310", 2018, "资本性支出"),
        ("department_economic", "30311", 2017, "住房公积金"),
        ("department_economic", "30113", 2018, "住房公积金"),
        ("government_economic", "50101", 2026, "工资奖金津补贴"),
    ],
)
def test_names_change_in_their_years(scheme: str, code: str, year: int, name: str) -> None:
    assert names(scheme, code, year) == [name]


def test_moved_codes_name_their_successor() -> None:
    moved = {(row.scheme, row.code, row.name): row.successor for row in code_rows() if row.successor}
    assert moved["department_economic", "30311", "住房公积金"] == "30113"
    assert moved["function", "2010308", "信访事务"] == "20140"


def test_divisions_form_a_tree_under_the_state() -> None:
    divisions = regions()
    for code, region in divisions.items():
        assert len(code) == 6 and code.isdigit()
        if region.level == 0:
            assert (region.parent, region.province) == (None, "CN")
            continue
        assert region.parent is not None
        parent = divisions[region.parent]
        assert parent.level < region.level
        assert parent.level == 0 or parent.province == region.province
    assert sum(region.level == 1 for region in divisions.values()) == 34
    assert divisions["330100"].province == "CN-ZJ"


def test_frames_have_the_declared_columns_and_keys() -> None:
    for table, frame in (("codes", codes_frame()), ("regions", regions_frame())):
        declared = TABLES[table]
        assert frame.columns == [field.column.name for field in declared.fields]
        assert not frame.select(declared.key).is_duplicated().any()
    assert codes_frame().height == len(code_rows())


def test_plain_rows_do_not_import_polars() -> None:
    program = "import sys, schemas.classification.loader as l; l.code_rows(); l.regions(); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
