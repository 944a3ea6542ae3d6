"""Key figures."""

from __future__ import annotations

from decimal import Decimal

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative
from schemas.columns import FIGURE
from schemas.vocabulary import phrase_rows
from schemas.vocabulary.phrases import meanings


def read(*lines: str) -> Narrative:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    return read_narrative(content, fiscal_year=2022, book=code_book(), final=False)


def figures(*lines: str) -> dict[str, Decimal]:
    return {f["indicator"]: f["value"] for f in read(*lines).key_figures}


def test_agency_operating_and_procurement() -> None:
    told = read(
        "三、机关运行经费安排情况",
        "2022年本部门等2家行政单位的机关运行经费财政拨款预算29.45万元，比上年预算数减少4.55万元，下降13.4%。",
        "四、政府采购情况",
        "政府采购预算总额32.23万元，其中：拟采购货物支出2.70万元、政府采购工程预算0万元、服务类采购预算29.53万元等。",
        "面向中小企业预留政府采购项目预算金额9万元，其中，预留给小型和微型企业的政府采购项目预算为4万元。",
    )
    assert {f["indicator"]: f["value"] for f in told.key_figures} == {
        "agency_operating_expenditure": Decimal("294500.00"),
        "procurement_total": Decimal("322300.00"),
        "procurement_goods": Decimal("27000.00"),
        "procurement_works": Decimal("0.00"),
        "procurement_services": Decimal("295300.00"),
        "procurement_reserved_sme": Decimal("90000.00"),
        "procurement_reserved_small_micro": Decimal("40000.00"),
    }
    assert not told.lines
    (change,) = told.year_on_year
    assert (change["statement"], change["scheme"], change["code"]) == ("key_figures", "indicator", "agency_operating_expenditure")
    assert (change["change_amount"], change["change_pct"]) == (Decimal("-45500.00"), Decimal("-13.4000"))


def test_procurement_of_a_final_account_is_by_contract() -> None:
    told = figures(
        "（二）政府采购支出情况",
        "某局2022年度政府采购金额（以合同签订为准）为251.25万元，其中：货物采购金额4.79万元、工程采购金额0万元、服务采购金额246.47万元。",
    )
    assert told == {
        "procurement_total": Decimal("2512500.00"),
        "procurement_goods": Decimal("47900.00"),
        "procurement_works": Decimal("0.00"),
        "procurement_services": Decimal("2464700.00"),
    }


def test_goods_and_services_elsewhere_are_no_procurement() -> None:
    assert figures("一、一般公共预算基本支出情况说明", "1.商品和服务支出45.80万元。") == {}


def test_units_vehicles_and_equipment() -> None:
    told = figures(
        "（二）机构设置：本部门共有预算单位3家，其中：行政单位1家、事业单位2家。",
        "五、国有资产占有使用情况",
        "截至2021年底，共有车辆4辆，其中：其他用车4辆；单价100万元（含）以上设备（不含车辆）2台（套）。",
        "2022年预算安排购置车辆1辆，购置单位价值50万元以上的通用设备0台（套）。",
    )
    assert told == {
        "budget_units": 3, "budget_units_administrative": 1, "budget_units_public_institution": 2, "vehicles_owned": 4,
        "vehicles_owned_other": 4, "equipment_over_1m_owned": 2, "vehicles_to_purchase": 1, "equipment_over_500k_to_purchase": 0,
    }  # fmt: skip


def test_every_figure_that_words_can_name_is_described() -> None:
    named = {row["code"] for row in phrase_rows("narrative_subjects.csv") if row["kind"] == "figure"}
    uses = set(meanings("narrative_words.csv", "vehicle_use").values())
    named |= {f"vehicles_{state}_{use}" for state in ("owned", "to_purchase") for use in uses}
    assert named <= set(FIGURE.values or ())
