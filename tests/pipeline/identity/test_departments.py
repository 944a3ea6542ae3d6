"""One office has one identity, whatever its documents call it; two offices never share one."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.identity.departments import COLUMNS_READ, department_id, departments_frame
from schemas.export import polars_schema, validate
from schemas.tables import DEPARTMENTS, DOCUMENTS


@pytest.mark.parametrize(
    ("one", "other", "region"),
    [
        ("江苏省委办公厅", "中共江苏省委办公厅", "320000"),
        ("江苏省委办公厅", "中国共产党江苏省委员会办公厅", "320000"),
        ("深圳市水务局", "深圳市水务局（本级）", "440300"),
        ("深圳市水务局", "深圳市水务局本级", "440300"),
        ("上海市普陀区司法局", "普陀区司法局", "310107"),
        ("上海市普陀区人民政府万里街道办事处", "上海市普陀区万里街道办事处", "310107"),
        ("广州市人民政府国有资产监督管理委员会", "广州市国有资产监督管理委员会", "440100"),
        ("江苏省人大常委会办公厅", "江苏省人民代表大会常务委员会办公厅", "320000"),
        ("江苏省政协办公厅", "中国人民政治协商会议江苏省委员会办公厅", "320000"),
        ("西安市人民政府办公厅", "西安市政府办公厅", "610100"),
        ("杭州市　司法局", "杭州市司法局", "330100"),
    ],
)
def test_spellings_of_one_office(one: str, other: str, region: str) -> None:
    assert department_id(one, region) == department_id(other, region)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("福州市公安局", "350100"), ("福州市公安局巡特警支队", "350100")),
        (("上海市财政局", "310000"), ("上海市普陀区财政局", "310107")),
        (("无锡市信访局", "320200"), ("烟台市信访局", "370600")),
        (("江苏省委办公厅", "320000"), ("江苏省政府办公厅", "320000")),
        (("西安市发展和改革委员会", "610100"), ("西安市发展和改革委员会信息中心", "610100")),
    ],
)
def test_different_offices(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert department_id(*one) != department_id(*other)


def test_an_identity_never_changes() -> None:
    assert department_id("中共江苏省委办公厅", "320000") == "320000-44a2c74d"
    assert department_id("没有地区的机关", None) == department_id("没有地区的机关", None)
    assert department_id(None, "320000") is None


def documents(*rows: tuple[str, int, str | None, str | None, str, str]) -> pl.DataFrame:
    schema = {name: polars_schema(DOCUMENTS)[name] for name in COLUMNS_READ}
    values = [
        {
            "document_id": document,
            "fiscal_year": year,
            "province": "CN-SN",
            "region_code": "610100",
            "department": department,
            "parent_department": parent,
            "level": level,
            "status": status,
        }
        for document, year, department, parent, level, status in rows
    ]
    return pl.DataFrame(values, schema=schema)


def test_departments_over_years_and_levels() -> None:
    frame = validate(
        departments_frame(
            documents(
                ("a", 2019, "西安市安全生产监督管理局", None, "department", "published"),
                ("b", 2020, "西安市应急管理局", None, "department", "published"),
                ("c", 2021, "西安市应急管理局（本级）", "西安市应急管理局", "unit", "published"),
                ("d", 2021, "西安市应急救援支队", "西安市应急管理局", "unit", "published"),
                ("e", 2022, "西安市应急管理局", None, "department", "quarantined"),
                ("f", 2022, None, None, "department", "quarantined"),
                ("g", 2022, "西安市地震监测中心", "西安市地震局", "unit", "published"),
            )
        ),
        DEPARTMENTS,
    )
    rows = {row["department"]: row for row in frame.to_dicts()}
    assert set(rows) == {"西安市安全生产监督管理局", "西安市应急管理局", "西安市应急救援支队", "西安市地震监测中心", "西安市地震局"}
    emergency = rows["西安市应急管理局"]
    assert (emergency["first_year"], emergency["last_year"], emergency["documents"]) == (2020, 2022, 2)
    assert emergency["names"] == ["西安市应急管理局", "西安市应急管理局（本级）"]
    assert emergency["parent_department_id"] is None
    assert rows["西安市应急救援支队"]["parent_department_id"] == emergency["department_id"]
    assert rows["西安市安全生产监督管理局"]["successor_id"] == emergency["department_id"]
    assert "2018" in rows["西安市安全生产监督管理局"]["successor_reason"]
    assert rows["西安市地震局"]["documents"] == 0


def test_a_successor_that_no_document_knows_is_not_named() -> None:
    frame = departments_frame(documents(("a", 2019, "西安市安全生产监督管理局", None, "department", "published")))
    assert frame["successor_id"].to_list() == [None]
