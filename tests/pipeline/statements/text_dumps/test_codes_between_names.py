"""Text dumps of narrow cells: a row's name stands on the lines around its code and numbers."""

from __future__ import annotations

from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

HEAD = "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
ABOVE = "208 社会保障和就业支出 9.50 9.50\n20805 行政事业单位养老支出 9.50 9.50\n2080502 事业单位离退休 2.50 2.50\n"


def told(text: str) -> list[tuple[str | None, str, str]]:
    return [(line.code, line.name, line.amount_text) for line in lines_of(read(HEAD + text))]


def test_a_code_with_its_numbers_is_of_the_name_that_begins_above_it() -> None:
    above = "215 资源勘探工业信息等支出 9.50 9.50\n21508 支持中小企业发展和管理支出 9.50 9.50\n2150805 中小企业发展专项 2.50 2.50\n"
    found = told(above + "其他支持中小企业发展和管理\n2150899 7.00 7.00\n支出\n")
    assert [row for row in found if row[0] == "2150899"] == [("2150899", "其他支持中小企业发展和管理", "7.00")] * 2


def test_a_code_is_never_an_amount_beside_amounts_with_decimals() -> None:
    for name in ("抚恤和其他", "", "死亡抚恤"):
        found = told(ABOVE + f"{name}\n2080505 7.00 7.00\n支出\n")
        assert not [row for row in found if row[2] in ("2080505", "7.00")]


def test_digits_of_a_code_may_be_an_amount_where_no_amount_has_decimals() -> None:
    found = told("208 社会保障和就业支出 2080505 2080505\n机关事业单位基本养老保险缴费支出\n2080505 2080505\n")
    assert {amount for *_, amount in found} == {"2080505"}
