"""Checks of sentences: against tables at the narrative's precision, and their own arithmetic over printed precision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.line import Line
from pipeline.checks.causes import sentence_findings
from pipeline.checks.of_prose.narrative_checks import check_narrative, check_weights
from pipeline.narrative.claims.facts import Change, NamedAmount, Narrative, Share
from pipeline.narrative.text.printed_number import Number


def line(amount: str, text: str = "", unit_text: str = "万元", source: str = "narrative", **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "general_public_by_function", "statement_no": 0 if source == "narrative" else 5, "source": source,
        "flow": "expenditure", "scheme": "function", "level": 1, "name": "教育支出", "code": "205", "fund": "general_public",
        "nature": "total", "amount": Decimal(amount), "amount_text": text or amount, "unit_text": unit_text, "row": 1, "column": 1,
    }  # fmt: skip
    return Line(**(values | other))


def number(text: str, unit: str = "万元") -> Number:
    return Number(text, Decimal(text.replace(",", "")), unit)


def outcomes(checks: list[dict[str, Any]], check_id: str) -> list[str]:
    return [c["outcome"] for c in checks if c["check_id"] == check_id]


@pytest.mark.parametrize(
    ("said", "printed", "outcome"),
    [
        ("159830000", "159,834,265", "pass"),  # 15,983 万元 over yuan
        ("159840000", "159,834,265", "fail"),
        ("159830000", "159,830,000", "pass"),
    ],
)
def test_an_amount_equals_the_tables_at_the_narratives_precision(said: str, printed: str, outcome: str) -> None:
    told = Narrative(lines=[line(said, str(int(said) // 10000))])
    table = line(printed.replace(",", ""), printed, "元", "table")
    (check,) = [c for c in check_narrative([table], told) if c["check_id"] == "N1"]
    assert (check["outcome"], check["severity"], check["subject"]) == (outcome, "warning", "205")
    assert check["difference"] == check["actual"] - check["expected"]


def test_only_the_same_thing_is_compared() -> None:
    told = Narrative(lines=[line("100")])
    others = [
        line("900", source="table", nature="project"),
        line("900", source="table", fund="total"),
        line("900", source="table", unit="某站"),
    ]
    assert outcomes(check_narrative(others, told), "N1") == ["not_applicable"]


def test_a_fund_of_revenue_is_the_total_of_its_column() -> None:
    told = Narrative(lines=[line("100", flow="revenue", scheme="revenue_item", code=None, statement="revenue_expenditure_summary")])
    coded = line("60", source="table", flow="revenue", statement="revenue_summary")
    total = line("100", source="table", flow="revenue", statement="revenue_summary", level=0, code=None)
    assert outcomes(check_narrative([coded, total], told), "N1") == ["pass"]


def changed(now: str, moved: str, percent: str, sign: int = 1) -> str:
    target = NamedAmount(number(now), line=0)
    told = Narrative(lines=[line("1")], changes=[Change(target, "prior_year", sign, number(moved), number(percent, "%"))])
    return next(c["outcome"] for c in check_narrative([], told) if c["check_id"] == "N2")


def test_growth_holds_where_the_printed_precision_of_all_numbers_allows_it() -> None:
    assert changed("43.07", "8.60", "24.94") == "pass"  # 8.60 on 34.47 is 24.949 or 24.93, as the digits behind allow
    assert changed("43.07", "8.60", "24.99") == "fail"
    assert changed("52.15", "1.74", "3.22", -1) == "pass"
    assert changed("5", "5", "100") == "not_applicable"  # nothing the year before


@given(st.decimals("0.01", 10**6, places=4), st.decimals("0.01", 10**6, places=4))
def test_honest_growth_always_holds(before: Decimal, now: Decimal) -> None:
    sign = 1 if now >= before else -1
    moved, percent = abs(now - before), abs(now - before) / before * 100
    cent = Decimal("0.01")
    assert changed(str(now.quantize(cent)), str(moved.quantize(cent)), str(percent.quantize(cent)), sign) != "fail"


def test_shares_of_a_stated_whole() -> None:
    whole, part = NamedAmount(number("7,896.16"), line=0), NamedAmount(number("7,576.28"), line=0)
    for text, outcome in (("95.95", "pass"), ("96.95", "fail")):
        told = Narrative(lines=[line("1")], shares=[Share(part, whole, number(text, "%"))])
        assert outcomes(check_narrative([], told), "N2") == [outcome]
    told = Narrative(lines=[line("1")], shares=[Share(part, None, number("95.95", "%"))])
    assert outcomes(check_narrative([], told), "N2") == ["not_applicable"]


def procurement(**parts: str) -> list[str]:
    told = Narrative()
    for name, text in parts.items():
        told.key_figures.append({"indicator": f"procurement_{name}", "value": Decimal(text) * 10000, "unit": "yuan"})
        told.printed[f"procurement_{name}"] = number(text)
    return outcomes(check_narrative([], told), "P1")


def test_procurement_is_goods_works_and_services() -> None:
    assert procurement(total="12.50", goods="2.50", works="0", services="10.00") == ["pass"]
    assert procurement(total="12.50", goods="2.50", works="0", services="11.00") == ["fail"]
    assert procurement(total="12.50", goods="2.50") == ["not_applicable"]
    assert procurement() == ["not_applicable"]


def test_weights_add_up_to_the_full_mark() -> None:
    def weights(*values: int | None) -> list[str]:
        rows = [{"project": "甲", "weight_pct": None if v is None else Decimal(v)} for v in values]
        return outcomes(check_weights(rows), "P2")

    assert weights(40, 30, 30) == ["pass"]
    assert weights(40, 30, 20) == ["pass"]  # 90, ten for the execution rate
    assert weights(40, 30, 25) == ["fail"]
    assert weights(40, None) == ["not_applicable"]
    assert weights() == ["not_applicable"]


def told_findings(tables: list[Line], told: Narrative) -> list[tuple[str, str, str, int | None]]:
    found = sentence_findings(check_narrative(tables, told), told)
    return [(row["subject"], row["cause"], row["identities"][0].split()[0], row["page"]) for row in found]


def test_a_sentence_that_contradicts_its_table_is_told() -> None:
    told = Narrative(lines=[line("0", "0", page=7), line("500000", "50", code="208", page=8)])
    tables = [line("29953900", "2,995.39", source="table"), line("500000", "50.00", source="table", code="208")]
    assert told_findings(tables, told) == [("general_public_by_function 205", "undecided", "N1", 7)]


@pytest.mark.parametrize(("percent", "causes"), [("16.67", []), ("16.66", ["rounding"]), ("16.60", ["undecided"]), ("1.67", ["undecided"])])
def test_a_percentage_that_its_numbers_do_not_allow_is_told(percent: str, causes: list[str]) -> None:
    target = NamedAmount(number("600.00"), line=0)
    told = Narrative(lines=[line("6000000", "600.00", page=9)])
    told.shares.append(Share(target, NamedAmount(number("3600.00"), line=0), number(percent, "%")))
    assert [cause for _, cause, check_id, page in told_findings([], told) if (check_id, page) == ("N2", 9)] == causes


def test_the_width_of_what_the_numbers_allow_is_no_rounding() -> None:
    told = Narrative(lines=[line("10000", "1", page=9)])
    told.changes.append(Change(NamedAmount(number("1"), line=0), "prior_year", -1, number("0.1"), number("1.1", "%")))
    assert [cause for _, cause, *_ in told_findings([], told)] == ["undecided"]


def test_of_two_sentences_on_one_name_the_page_is_not_told() -> None:
    told = Narrative(lines=[line("0", "0", page=7), line("0", "0", page=8, nature="basic")])
    tables = [line("29953900", "2,995.39", source="table"), line("0", "0.00", source="table", nature="basic")]
    assert [(check_id, page) for _, _, check_id, page in told_findings(tables, told)] == [("N1", None)]
