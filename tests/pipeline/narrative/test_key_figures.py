"""Key figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

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


THREE = "七、“三公”经费支出情况说明"


def test_journeys_visits_and_vehicles_of_three_public() -> None:
    told = figures(
        THREE,
        "1.因公出国（境）费0万元。全年安排因公出国（境）团组2次，出国（境）5人。",
        "",
        "2.公务用车购置费0万元，更新公务用车1辆，其中：轿车1辆。截至2022年底，单位共有公务用车4辆。",
        "",
        "3.国内公务接待86批次（其中外事接待3批次），732人次（不包括陪同人员）（其中外事接待12人次），较上年减少5批次。2021年接待99批次。",
    )
    assert told == {
        "abroad_groups": 2,
        "abroad_persons": 5,
        "three_public_vehicles_purchased": 1,
        "three_public_vehicles_owned": 4,
        "reception_batches": 86,
        "foreign_reception_batches": 3,
        "reception_visitors": 732,
        "foreign_reception_visitors": 12,
    }


def test_a_list_of_assets_counts_all_vehicles_in_one_of_its_items() -> None:
    told = figures(
        "三、国有资产占有情况", "截至2021年12月31日，固定资产原值900万元，其中：房屋3200平方米，原值800万元；车辆12辆，原值100万元。"
    )
    assert (told["vehicles_owned"], told["buildings_owned"]) == (12, 3200)


def test_equipment_to_buy_without_the_word_price() -> None:
    told = figures("三、国有资产情况", "2022年安排购置50万元以上大型设备1台（套），单位价值100万元以上大型设备0台（套）。")
    assert told == {"equipment_over_500k_to_purchase": 1, "equipment_over_1m_to_purchase": 0}


def test_procurement_of_a_body_with_its_units_and_by_how_it_is_done() -> None:
    told = figures("二、政府采购情况", "2022年，某局及下属单位政府采购预算350万元，其中：集中采购预算200万元，分散采购预算150万元。")
    assert told == {"procurement_total": 3500000, "procurement_centralised": 2000000, "procurement_decentralised": 1500000}
    assert not figures("二、政府采购情况", "2022年，某局下属单位政府采购预算350万元。")


def test_what_is_not_to_be_bought_is_none() -> None:
    told = figures("三、国有资产情况", "2022年部门预算未安排购置车辆及单位价值200万元以上大型设备。")
    assert told == {"vehicles_to_purchase": 0, "equipment_over_2m_to_purchase": 0}
    assert figures("三、国有资产情况", "2022年未安排车辆购置。") == {"vehicles_to_purchase": 0}
    assert figures(THREE, "2022年没有购置车辆，年末实际保有量为15辆。") == {
        "three_public_vehicles_purchased": 0,
        "three_public_vehicles_owned": 15,
    }


def test_all_vehicles_of_a_date_before() -> None:
    assert figures(THREE, "截至2021年10月，本单位公务用车共2辆，用于机要通信。") == {"three_public_vehicles_owned": 2}


def test_units_beside_the_office_by_kind() -> None:
    told = figures(
        "二、部门机构设置",
        "某街道部门预算是包括某街道本部以及下属5家预算单位的综合收支计划。",
        "本部门中，行政单位1家，参公单位1家，事业单位4家，具体包括：",
    )
    assert told == {
        "budget_units_subordinate": 5, "budget_units_administrative": 1, "budget_units_civil_service_managed": 1,
        "budget_units_public_institution": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "本部门包括19个内设机构、2个下属事业单位。",
        "行政单位1家，全额拨款事业单位2家的运行经费为40万元。",
        "全额拨款事业单位2家，差额拨款事业单位3家。",
        "全区共有行政单位30家，事业单位80家由我局服务。",
    ],
)
def test_units_of_a_kind_that_are_not_all_are_not_counted(said: str) -> None:
    assert figures("二、部门机构设置", said) == {}


@pytest.mark.parametrize(
    "said",
    [
        "行政单位3个，事业单位8个，其中参公单位2个。",
        "事业单位8个（其中参公单位2个），行政单位3个。",
        "行政单位3个，包括某局机关，事业单位8个。",
    ],
)
def test_units_of_a_kind_that_is_a_part_of_another_are_not_counted_beside_it(said: str) -> None:
    told = figures("二、部门机构设置", f"本部门共有预算单位11个：{said}")
    assert told == {"budget_units": 11, "budget_units_administrative": 3, "budget_units_public_institution": 8}


def test_units_are_counted_behind_a_list_of_them() -> None:
    told = figures(
        "二、部门预算单位构成情况",
        "1.清风市第一检察院",
        "2.清风市第二检察院",
        "",
        "从预算单位构成看，纳入本部门预算编制范围的预算单位共3家。",
    )
    assert told == {"budget_units": 3}


def test_staff_and_limits_are_no_journeys_or_guests() -> None:
    assert not figures(THREE, "3.公务接待费2万元，本单位在职人员25人，用于接待上级检查。")
    assert not figures(THREE, "1.因公出国（境）费0万元。本单位共有职工25人。")
    assert not figures(THREE, "3.公务接待费2万元。接待对象10人以内的，陪餐不超过3人；超过10人的，不超过接待人数的三分之一。")
    assert not figures(THREE, "3.公务接待费2万元，培训费1万元，计划培训50人次。")
    assert figures(THREE, "3.公务接待费2万元，全年接待3批，共20人。") == {"reception_batches": 3, "reception_visitors": 20}
    assert figures(THREE, "3.公务接待费2万元，接待来访人员20人。") == {"reception_visitors": 20}


def test_what_was_not_bought_in_another_year_is_no_figure_of_this_one() -> None:
    assert not figures("三、国有资产情况", "本单位2021年未购置车辆。")
    assert not figures("三、国有资产情况", "2021年度，本单位未购置车辆。")
    assert not figures(THREE, "2021年未购置公务用车，2022年预算与上年持平。")
    told = figures("三、国有资产情况", "截至2021年12月31日，单位共有车辆3辆，未安排购置车辆。")
    assert told == {"vehicles_owned": 3, "vehicles_to_purchase": 0}


def test_meetings_and_training_in_a_section_of_their_own() -> None:
    told = read(
        "六、其他重要事项的情况说明",
        "（三）一般性支出情况：2022年本单位会议费预算18万元，拟召开部署会议，人数800人；培训费预算163.46万元，比上年减少3万元，"
        "拟开展培训，人数5000人；未举办节庆、晚会等活动。",
    )
    assert {f["indicator"]: (f["value"], f["unit"]) for f in told.key_figures} == {
        "conference_fee": (180000, "yuan"), "training_fee": (1634600, "yuan"),
        "conference_participants": (800, "count"), "training_participants": (5000, "count"),
    }  # fmt: skip
    (change,) = told.year_on_year
    assert (change["statement"], change["code"], change["change_amount"]) == ("key_figures", "training_fee", -30000)
    assert (told.lines, told.held_back, told.unread) == ([], [], [])


@pytest.mark.parametrize(
    "said",
    [
        ("2022年本单位会议费预算18万元，拟召开部署会议，人数800人；召开总结会议，人数200人。",),
        ("2022年本单位会议费预算18万元，拟召开部署会议，人数800人。", "会议费预算中，另召开总结会议，人数200人。"),
    ],
)
def test_one_of_several_counts_of_those_who_take_part_is_not_of_all(said: tuple[str, ...]) -> None:
    told = read("六、其他重要事项的情况说明", "（三）一般性支出情况：", *said)
    assert {f["indicator"] for f in told.key_figures} == {"conference_fee"}
    assert [why for _, why, _ in told.held_back] == ["one of several counts of those who take part"] * 2


def test_meetings_and_training_beside_three_public_are_its_lines() -> None:
    told = read("九、“三公”经费、会议费、培训费支出预算情况说明", "2022年会议费预算18万元，培训费预算3万元。")
    assert ([line.code for line in told.lines], told.key_figures) == (["conference", "training"], [])


def test_general_expenditure_that_is_not_understood_is_told() -> None:
    told = read("六、其他重要事项的情况说明", "（三）一般性支出情况：2022年一般性支出预算90万元。")
    assert [(said.section, said.numbers) for said in told.unread] == [
        ("(三)一般性支出情况", ("（三）一般性支出情况：2022年一般性支出预算90万元",))
    ]


def test_projects_that_were_tracked_and_evaluated() -> None:
    told = figures(
        "十、预算绩效管理情况",
        "全过程绩效管理实施情况：编报绩效目标的2022年度项目5个，涉及预算金额598.42万元；绩效跟踪评价的2022年度项目4个，涉及预算金额500万元；"
        "绩效自评的2022年度项目3个，涉及预算金额400万元，平均得分99.43分（其中，绩效评级为“优”的项目2个）。",
    )
    assert told == {
        "performance_projects": 5, "performance_amount": 5984200,
        "performance_tracked_projects": 4, "performance_tracked_amount": 5000000,
        "performance_self_evaluated_projects": 3, "performance_self_evaluated_amount": 4000000,
    }  # fmt: skip


def test_projects_whose_evaluation_is_shown_are_not_all_that_were_evaluated() -> None:
    told = figures(
        "十、预算绩效管理情况",
        "本部门对项目支出全面开展绩效自评，其中，一级项目7个、二级项目16个，共涉及资金51万元。",
        "本部门在2022年度部门决算中反映了“宣传”、“培训”2个项目绩效自评结果。",
    )
    assert told == {
        "performance_self_evaluated_first_level_projects": 7, "performance_self_evaluated_second_level_projects": 16,
        "performance_self_evaluated_amount": 510000,
    }  # fmt: skip
    assert figures("十、预算绩效管理情况", "本部门对2021年度3个项目开展绩效自评，涉及资金51万元。") == {}


@pytest.mark.parametrize("said", ["对10个项目开展绩效监控，对3个项目开展绩效自评，", "对上年度10个项目开展绩效自评，"])
def test_money_of_one_of_two_kinds_or_of_the_year_before_is_none_of_what_was_evaluated(said: str) -> None:
    assert figures("十、预算绩效管理情况", f"本部门{said}涉及资金400万元。") == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("对23个项目开展绩效自评，其中，一级项目7个、二级项目16个。", {
            "projects": 23, "first_level_projects": 7, "second_level_projects": 16,
        }),
        ("对项目支出开展绩效自评，包括7个一级项目和16个二级项目，涉及资金5万元。", {
            "first_level_projects": 7, "second_level_projects": 16, "amount": 50000,
        }),
        ("对24个项目开展绩效自评，其中，一级项目7个、二级项目16个。", {"projects": 24}),
        ("对项目支出开展绩效自评，其中评为优的一级项目7个。", {}),
        ("对项目支出开展绩效自评，其中一级项目7个评为优。", {}),
        ("对项目支出开展绩效自评，其中一级项目7个、一级项目3个。", {}),
    ],
)  # fmt: skip
def test_projects_by_level_are_counted_where_they_are_all(said: str, told: dict[str, int]) -> None:
    assert figures("十、预算绩效管理情况", said) == {f"performance_self_evaluated_{name}": value for name, value in told.items()}


def test_projects_that_the_body_itself_evaluated() -> None:
    told = figures(
        "十、预算绩效管理情况",
        "某局组织对“甲”（一级项目）、“乙”（二级项目）等3个项目开展了部门评价，涉及一般公共预算支出163.34万元。绩效评价由第三方承担。",
    )
    assert told == {"performance_department_evaluated_projects": 3, "performance_department_evaluated_amount_general_public": 1633400}
    assert figures("十、预算绩效管理情况", "由市财政部门评价的项目3个，涉及资金10万元。") == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("绩效方面，人大部门评价项目2个。", {}),
        ("绩效方面，第三方部门评价项目2个。", {}),
        ("选取2个项目报送部门评价，绩效良好。", {}),
        ("2个项目未开展绩效自评。", {}),
        ("绩效方面，本部门评价2个项目。", {"department_evaluated": 2}),
    ],
)
def test_what_others_evaluate_or_nobody_is_told(said: str, told: dict[str, int]) -> None:
    found = read("十、预算绩效管理情况", said)
    assert {f["indicator"]: f["value"] for f in found.key_figures} == {f"performance_{n}_projects": v for n, v in told.items()}
    assert len(found.remarks) == (not told)


def test_projects_by_level_of_some_alone_are_told() -> None:
    found = read("十、预算绩效管理情况", "组织绩效自评，其中优秀的包括一级项目3个、二级项目12个。")
    assert (found.key_figures, len(found.remarks)) == ([], 2)


def test_a_count_of_projects_of_which_two_things_are_said_is_told() -> None:
    told = read("十、预算绩效管理情况", "对23个项目开展绩效自评和部门评价。")
    assert (told.key_figures, [(said, why) for said, _, why in told.remarks]) == (
        [], [("23个项目", "a count of projects of which several things are said to be done")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("共有车辆7辆，包括2辆机要通信用车、5辆其他用车。", {"owned": 7, "owned_confidential_mail": 2, "owned_other": 5}),
        ("计划购置车辆7辆，90万元，主要是购置2辆机要通信用车、5辆其他用车；单价100万元以上设备0台。", {
            "to_purchase": 7, "to_purchase_confidential_mail": 2, "to_purchase_other": 5,
        }),
        ("计划购置2辆机要通信用车、5辆其他用车。", {"to_purchase_confidential_mail": 2, "to_purchase_other": 5}),
        ("共有车辆7辆，计划购置2辆机要通信用车、5辆其他用车。", {"owned": 7, "to_purchase_confidential_mail": 2, "to_purchase_other": 5}),
        ("共有公务用车7辆（2辆机要通信用车、5辆其他用车）。", {"owned": 7, "owned_confidential_mail": 2, "owned_other": 5}),
        ("共有车辆7辆，较上年增加2辆机要通信用车、1辆其他用车。", {"owned": 7}),
        ("共有车辆7辆，另借用2辆机要通信用车、1辆其他用车。", {"owned": 7}),
        ("共有车辆7辆；下属站2辆机要通信用车、3辆其他用车。", {"owned": 7}),
        ("计划购置车辆7辆，主要是购置2辆机要通信用车。", {"to_purchase": 7, "to_purchase_confidential_mail": 2}),
        ("计划购置车辆7辆，主要是购置2辆机要通信用车、6辆其他用车。", {"to_purchase": 7}),
        ("计划购置车辆2辆，报废2辆机要通信用车。", {"to_purchase": 2}),
        ("计划购置车辆7辆，现有2辆机要通信用车、5辆其他用车。", {"to_purchase": 7, "owned_confidential_mail": 2, "owned_other": 5}),
    ],
)  # fmt: skip
def test_vehicles_by_the_use_named_behind_their_number(said: str, told: dict[str, int]) -> None:
    found = figures("三、国有资产占有使用情况", said)
    assert {name: value for name, value in found.items() if name.startswith("vehicles")} == {f"vehicles_{n}": v for n, v in told.items()}


def test_what_small_firms_won_of_purchases() -> None:
    told = figures(
        "（二）政府采购支出情况",
        "面向中小企业预留政府采购项目预算金额9万元。在面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额8万元；"
        "在面向小微企业预留政府采购项目中，由小微企业供应商中标或成交的，采购金额0万元；在其他政府采购项目中，由中小企业供应商中标或成交的，采购金额3.5万元。",
    )
    assert told == {
        "procurement_reserved_sme": 90000, "procurement_awarded_of_reserved_sme": 80000,
        "procurement_awarded_of_reserved_small_micro": 0, "procurement_awarded_of_others": 35000,
    }  # fmt: skip


def test_numbers_of_a_section_on_fees_are_told() -> None:
    told = read("（三）重点行政事业性收费情况说明", "2022年收费项目名称：某费，收费标准：居民1.36元/吨，收入预计190000万元。")
    assert [said.numbers for said in told.unread] == [("收费标准：居民1.36元/吨，收入预计190000万元",)]


@pytest.mark.parametrize(
    ("words", "fund"),
    [
        ("一般公共预算安排委托业务费", "general_public"),
        ("一般公共预算财政拨款安排委托业务费", "general_public"),
        ("委托业务费财政拨款预算", "fiscal_appropriation"),
        ("政府性基金安排委托业务费", "government_fund"),
        ("一般公共预算和政府性基金安排委托业务费", "total"),
        ("委托业务费预算", "total"),
    ],
)
def test_a_change_of_a_figure_is_of_the_fund_that_its_words_name(words: str, fund: str) -> None:
    told = read("四、委托业务费情况", f"2022年{words}20万元，比上年增加1万元。")
    assert [(row["code"], row["fund"], row["change_amount"]) for row in told.year_on_year] == [("outsourcing_fee", fund, 10000)]
