"""The code lists and divisions hold what they promise: every parent exists, levels follow codes, eras do not contradict."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib import resources
from itertools import groupby, pairwise

import pytest

from schemas.classification import code_lists, places
from schemas.classification.code_lists import code_rows, codes_frame, crosswalk, item_rows
from schemas.classification.places import regions, regions_frame
from schemas.tables import TABLES

LENGTHS = {"function": {1: 3, 2: 5, 3: 7}, "department_economic": {1: 3, 2: 5}, "government_economic": {1: 3, 2: 5}}


def names(scheme: str, code: str, year: int) -> list[str]:
    return [
        row.name
        for row in code_rows()
        if (row.scheme, row.code) == (scheme, code) and row.first_year <= year and (row.last_year is None or row.last_year >= year)
    ]


def file_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(resources.files("schemas.classification").joinpath(name).read_text(encoding="utf-8").splitlines()))


def test_every_code_has_its_level_and_parent() -> None:
    known = {(row.scheme, row.code) for row in code_rows()}
    for row in code_rows():
        assert LENGTHS[row.scheme][row.level] == len(row.code), row
        assert row.parent == (row.code[:-2] if row.level > 1 else None), row
        assert row.parent is None or (row.scheme, row.parent) in known, row
        assert row.evidence in {"official", "attested", "single"}, row
        assert row.last_year is None or row.first_year <= row.last_year, row
        assert row.successor is None or (row.scheme, row.successor) in known, row


def test_one_code_has_one_name_in_force_and_each_name_once() -> None:
    for (scheme, code), rows in groupby(code_rows(), key=lambda row: (row.scheme, row.code)):
        listed = list(rows)
        eras = sorted((row.first_year, row.last_year or 9999) for row in listed)
        assert all(before[1] < after[0] for before, after in pairwise(eras)), (scheme, code)
        assert len({row.name for row in listed}) == len(listed), (scheme, code)


def test_every_item_hangs_on_an_item() -> None:
    levels = {(row.scheme, row.code): row.level for row in item_rows()}
    assert len(levels) == len(item_rows())
    for row in item_rows():
        assert (row.parent is None) == (row.level == 0 or row.code == "agency_operating"), row
        assert row.parent is None or levels[row.scheme, row.parent] == row.level - 1, row


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
        ("function", "20102", 2026, "政协事务"),
        ("function", "2050903", 2026, "城市中小学校舍建设"),
        ("department_economic", "310", 2017, "其他资本性支出"),
        ("department_economic", "310", 2018, "资本性支出"),
        ("department_economic", "30311", 2017, "住房公积金"),
        ("department_economic", "30113", 2018, "住房公积金"),
        ("government_economic", "50101", 2026, "工资奖金津补贴"),
        ("government_economic", "503", 2024, "机关资本性支出（一）"),
        ("government_economic", "503", 2025, "机关资本性支出"),
    ],
)
def test_names_change_in_their_years(scheme: str, code: str, year: int, name: str) -> None:
    assert names(scheme, code, year) == [name]


def test_moved_codes_name_their_successor() -> None:
    moved = {(row.scheme, row.code, row.name): row.successor for row in code_rows() if row.successor}
    assert moved["department_economic", "30311", "住房公积金"] == "30113"
    assert moved["function", "2010308", "信访事务"] == "20140"


@pytest.mark.parametrize(
    ("scheme", "code", "name", "series"),
    [
        ("function", "20805", "行政事业单位离退休", "20805"),
        ("function", "20805", "行政事业单位养老支出", "20805"),
        ("function", "2010308", "信访事务", "20140"),
        ("function", "20140", "信访事务", "20140"),
        ("function", "2080504", "未归口管理的行政单位离退休", "2080501"),
        ("function", "21002", "医疗服务", "21002/2009"),
        ("function", "21002", "公立医院", "21002"),
        ("department_economic", "30311", "住房公积金", "30113"),
        ("department_economic", "30311", "代缴社会保险费", "30311"),
        ("department_economic", "30104", "社会保障缴费", "30104"),
    ],
)
def test_a_series_goes_on_through_renames_and_moves_and_ends_where_a_code_is_reused(scheme: str, code: str, name: str, series: str) -> None:
    assert [row.series for row in code_rows() if (row.scheme, row.code, row.name) == (scheme, code, name)] == [series]


def test_the_crosswalk_speaks_of_listed_names_only() -> None:
    listed = {(row.scheme, row.code, row.name): row for row in code_rows()}
    found = {(c.scheme, c.code, c.name, c.successor): c for c in crosswalk()}
    assert len(found) == len(crosswalk())
    for crossing in crosswalk():
        assert (crossing.scheme, crossing.code, crossing.name) in listed, crossing
        assert (crossing.successor is None) == (crossing.relation == "reused"), crossing
        assert crossing.successor is None or (crossing.scheme, crossing.successor, crossing.successor_name) in listed, crossing
        assert crossing.reason and crossing.evidence in {"official", "attested", "single"}, crossing
    assert found["function", "20805", "行政事业单位离退休", "20805"].relation == "renamed"
    assert found["function", "20805", "行政事业单位离退休", "20805"].first_year == 2020
    assert found["function", "2010308", "信访事务", "20140"][5:7] == ("moved", 2024)
    assert {key[3] for key in found if key[:2] == ("department_economic", "31004")} == {"31013", "31019"}


@pytest.mark.parametrize(
    ("code", "year", "cofog"),
    [
        ("2050201", 2026, "09.1"),
        ("2050204", 2026, "09.2"),
        ("20502", 2026, "09"),
        ("20402", 2026, "03.1"),
        ("2080505", 2026, "10.2"),
        ("2130311", 2026, "04.2"),
        ("20602", 2026, "01.4"),
        ("227", 2026, None),
        ("231", 2026, None),
        ("21007", 2009, "07"),
        ("21007", 2022, "10.4"),
    ],
)
def test_functions_of_government(code: str, year: int, cofog: str | None) -> None:
    found = [
        row.cofog
        for row in code_rows()
        if (row.scheme, row.code) == ("function", code) and row.first_year <= year <= (row.last_year or 9999)
    ]
    assert found == [cofog]


def test_every_function_code_is_allocated_or_says_why_not() -> None:
    groups = {row["cofog"] for row in file_rows("cofog_1999.csv")}
    for row in code_rows():
        if row.scheme == "function":
            assert row.cofog is None or row.cofog in groups, row
            assert row.cofog_reason and (row.cofog is None) == (row.cofog_confidence == "none"), row


def test_names_of_classes_and_divisions_of_codes_are_translated() -> None:
    missing = [row.name for row in code_rows() if row.level < 3 and not row.name_en]
    assert missing == []
    assert {row.name_en for row in code_rows() if row.name == "行政运行"} == {"Administrative operation"}
    listed = {row.name for row in code_rows()}
    assert [row["name"] for row in file_rows("names_en.csv") if row["name"] not in listed] == []


def test_every_correction_has_a_reason_and_corrects_something(monkeypatch: pytest.MonkeyPatch) -> None:
    corrections = file_rows("corrections.csv")
    assert all(row["reason"] and row["action"] in {"add", "set", "variant", "misprint", "local"} for row in corrections)
    keys = [(row["scheme"], row["code"], row["name"]) for row in corrections]
    assert len(set(keys)) == len(keys)
    stale = {"scheme": "function", "code": "20102", "name": "没有的名称", "action": "set", "last_year": "-", "reason": "x"}
    stale |= {"first_year": "", "evidence": "", "documents": ""}
    rows = code_lists.list_rows
    monkeypatch.setattr(code_lists, "list_rows", lambda name: iter([stale]) if name == "corrections.csv" else rows(name))
    with pytest.raises(code_lists.StaleCorrection, match="没有的名称"):
        code_lists._dated.__wrapped__()


def test_economic_pairs_are_pairs_of_listed_codes() -> None:
    known = {(row.scheme, row.code) for row in code_rows()}
    frame = code_lists.economic_pairs_frame()
    for row in frame.to_dicts():
        assert ("department_economic", row["department_economic_code"]) in known
        assert ("government_economic", row["government_economic_code"]) in known
        assert (row["documents"] > 1) == (row["evidence"] == "attested")
    assert ("30113", "50103") in frame.select("department_economic_code", "government_economic_code").rows()


def test_divisions_form_a_tree_under_the_state() -> None:
    divisions = regions()
    for code, region in divisions.items():
        assert len(code) == 6 and code.isdigit()
        assert region.name_en, region
        if region.level == 0:
            assert (region.parent, region.province) == (None, "CN")
            continue
        assert region.parent is not None
        parent = divisions[region.parent]
        assert parent.level < region.level
        assert parent.level == 0 or parent.province == region.province
    assert sum(region.level == 1 for region in divisions.values()) == 34
    assert divisions["330100"].province == "CN-ZJ"


@pytest.mark.parametrize(
    ("code", "name_en"),
    [
        ("310107", "Putuo District"),
        ("610000", "Shaanxi"),
        ("610100", "Xi'an"),
        ("150100", "Hohhot"),
        ("411100", "Luohe"),
        ("220600", "Baishan"),
        ("222400", "Yanbian Korean Autonomous Prefecture"),
        ("110105", "Chaoyang District"),
    ],
)
def test_divisions_in_english(code: str, name_en: str) -> None:
    assert regions()[code].name_en == name_en


def test_divisions_that_are_no_more() -> None:
    gone = {(row["region_code"], row["region_name"]): row for row in places.regions_history_frame().to_dicts()}
    assert gone["110228", "密云县"]["successor"] == "110118"
    assert gone["310108", "闸北区"]["last_year"] in (2014, 2015)
    for row in gone.values():
        assert row["first_year"] <= row["last_year"]
        current = regions().get(row["region_code"])
        assert current is None or current.region_name != row["region_name"]
        assert row["successor"] is None or row["successor"] in regions()


@pytest.mark.parametrize("table", ["codes", "codes_crosswalk", "economic_pairs", "cofog", "regions", "regions_history"])
def test_frames_have_the_declared_columns_and_keys(table: str) -> None:
    makers = {"codes_crosswalk": "crosswalk_frame"}
    frame = getattr(places if table.startswith("regions") else code_lists, makers.get(table, f"{table}_frame"))()
    declared = TABLES[table]
    assert frame.columns == [field.column.name for field in declared.fields]
    assert not frame.select(declared.key).is_duplicated().any()
    for field in declared.fields:
        assert field.nullable or frame[field.name].null_count() == 0, field.name
    if table == "codes":
        assert frame.height == len(code_rows()) + len(item_rows()) == codes_frame().height
    if table == "regions":
        assert frame.height == regions_frame().height == len(regions())


def test_plain_rows_do_not_import_polars() -> None:
    program = (
        "import sys, schemas.classification.code_lists as l, schemas.classification.places as p; "
        "l.code_rows(); p.regions(); sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
