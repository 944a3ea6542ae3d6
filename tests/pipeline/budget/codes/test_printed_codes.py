"""Printed codes: every shape that documents print, and nothing that merely looks like one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.codes.printed_codes import is_code, join_code, level_of, parents_of, parse_code
from schemas.classification.code_lists import CodeRow, code_rows

SPENDING = [row for row in code_rows() if is_code(row.code)]
CODES = sorted({row.code for row in SPENDING})
codes = st.sampled_from(CODES)
RADICALS = {unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0x2F00, 0x2FD6)}
"""Characters by which some fonts print the ideographs that look the same: ⼀ for 一."""


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("2010301", "2010301", ""),
        ("２０１", "201", ""),
        ("201 03 01", "2010301", ""),
        ("201 03 02 一般行政管理事务", "2010302", "一般行政管理事务"),
        ("[20103]", "20103", ""),
        ("[301]工资福利支出", "301", "工资福利支出"),
        ("2050803-培训支出", "2050803", "培训支出"),
        ("行政运行（2010301）", "2010301", "行政运行"),
        ("30108 机关事业单位\n基本养老保险缴费", "30108", "机关事业单位基本养老保险缴费"),
        ("20103政府办公厅(室)及相关机构事务", "20103", "政府办公厅(室)及相关机构事务"),
        ("3021502", "3021502", ""),
        ("3021502 二类会议费", "3021502", "二类会议费"),
        ("2010401年初预算", "2010401", "年初预算"),
    ],
)
def test_shapes_of_printed_codes(text: str, code: str, name: str) -> None:
    assert parse_code(text) == (code, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "500",
        "200",
        "300",
        "201.00",
        "2,010,301",
        "201,03",
        "105001",
        "2026年",
        "211万元",
        "211 万元",
        "305.5万元",
        "其他支出",
        "2024",
        "201 12 34 56",
        "31000",
        "2100000",
        "201 00 01",
    ],
)
def test_what_is_no_code(text: str) -> None:
    assert parse_code(text) is None


@pytest.mark.parametrize(
    ("parts", "previous", "code"),
    [
        (("201", "03", "01"), None, "2010301"),
        (("201", "", ""), "2080501", "201"),
        (("", "03", ""), "201", "20103"),
        (("", "", "08"), "2010301", "2010308"),
        (("", "05", ""), "2010301", "20105"),
        (("201", "20103", "2010301"), None, "2010301"),
        (("", "20103", ""), "201", "20103"),
        (("", "", "2010301"), None, "2010301"),
        (("2010301",), None, "2010301"),
        (("301", "01"), None, "30101"),
        (("", "1"), "30199", "30101"),
        (("201", "0301"), None, "2010301"),
        (("", "0301"), "2010102", "2010301"),
        (("201", "0300"), None, "20103"),
        (("201", "0000"), None, "201"),
        (("20103", "01"), None, "2010301"),
        (("201", "0301", ""), None, "2010301"),
        (("20103", "03", ""), None, None),
        (("201", "03", "0301"), None, None),
        (("", "", "08"), "201", None),
        (("201", "", "01"), None, None),
        (("", "", ""), "201", None),
        (("", "03", ""), None, None),
        (("行政运行", "", ""), "201", None),
        (("208", "20103", ""), None, None),
    ],
)
def test_codes_in_columns(parts: tuple[str, ...], previous: str | None, code: str | None) -> None:
    assert join_code(parts, previous) == code


@given(codes)
def test_a_code_survives_every_printing(code: str) -> None:
    cells = [code[:3], *(code[place : place + 2] for place in range(3, len(code), 2))]
    assert is_code(code)
    assert join_code(cells) == code
    assert join_code([""] * (len(cells) - 1) + cells[-1:], previous=code) == code
    for text in (code, " ".join(cells), f"[{code}]", f"（{code}）", code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        parsed = parse_code(text)
        assert parsed is not None and parsed.code == code
    assert [level_of(parent) for parent in parents_of(code)] == list(range(1, level_of(code)))


@given(st.sampled_from(SPENDING), st.sampled_from("-－—–"), st.booleans(), st.booleans())
def test_a_code_and_its_name_survive_every_printing(row: CodeRow, dash: str, wide: bool, radicals: bool) -> None:
    code = row.code.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else row.code
    name = "".join(RADICALS.get(character, character) for character in row.name) if radicals else row.name
    wanted = (row.code, row.name)
    for text in (f"{code}{dash}{name}", f"{code} {name}", f"[{code}]{name}", f"（{code}）{name}", f"{name}（{code}）", f"{name}[{code}]"):
        assert parse_code(text) == wanted, text


@given(st.lists(codes, min_size=1, max_size=30))
def test_printing_only_the_last_digits_loses_nothing(walk: list[str]) -> None:
    """Rows in print order, each with its own digits in its own column and its parents on rows above."""
    rows = sorted({parent for code in walk for parent in (*parents_of(code), code)})
    previous: str | None = None
    for code in rows:
        cells = ["", "", ""]
        cells[level_of(code) - 1] = code[:3] if len(code) == 3 else code[-2:]
        previous = join_code(cells, previous)
        assert previous == code


@given(st.text(max_size=30))
def test_any_text_parses_or_is_none(text: str) -> None:
    parsed = parse_code(text)
    assert parsed is None or is_code(parsed.code)
