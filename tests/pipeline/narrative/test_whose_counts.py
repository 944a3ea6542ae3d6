"""Counts of units and staff: those of the body itself, not of its place, its branch of government, its clients or its units.

The sentences are made in the wording of several provinces; names and figures are made.
"""

from __future__ import annotations

import time

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

UNSURE_WHOSE = "a count of units that may be more than the body's"
UNKNOWN_STAFF = "a count of staff of which it is not known whose or what kind it is"


def read(*lines: str, final: bool = False) -> Narrative:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    return read_narrative(content, fiscal_year=2022, book=code_book(), final=final, department="某市档案局")


def counts(told: Narrative) -> dict[str, int]:
    return {f["indicator"]: int(f["value"]) for f in told.key_figures}


@pytest.mark.parametrize(
    "said",
    [
        "全区共有预算单位30家。",
        "全市预算单位共计30家，其中行政单位10家、事业单位20家。",
        "我县现有预算单位30家，本局为30家预算单位之一。",
        "2022年全省纳入预算管理的预算单位共30家。",
        "各乡镇预算单位共30个。",
        "本局负责30家预算单位的档案移交工作。",
        "对30家预算单位开展监督检查。",
    ],
)
def test_units_of_others_are_not_the_body_s(said: str) -> None:
    told = read("二、机构设置", said)
    assert counts(told) == {}
    assert told.remarks == []


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("本部门预算单位共3家，其中行政单位1家、事业单位2家，负责全市60家预算单位的档案移交。", 3),
        ("全市机构改革后，我局共有预算单位3家。", 3),
        ("纳入全系统2022年部门预算编制范围的预算单位共3家。", 3),
        ("某市档案局全系统共有预算单位3家。", 3),
        ("某市审计局及下属单位共有预算单位3家。", 3),
        ("下属就业指导中心、会计核算中心、质量监督站等3家预算单位。", 3),
        ("本部门共有预算单位3家负责全市档案工作。", 3),
        ("我局负责全县文物工作，共有预算单位3家，其中行政单位1家。", 3),
        ("某市档案局主管全市修志事业，下设预算单位3家。", 3),
        ("根据全省机构改革方案，纳入预算编制范围的预算单位共3家。", 3),
        ("某市交通监督检查局下属预算单位共3家。", 3),
        ("某市卫生监督执法支队纳入部门预算编制范围的预算单位共3家。", 3),
    ],
)
def test_units_of_the_body_are_taken_beside_those_of_others(said: str, units: int) -> None:
    assert counts(read("二、机构设置", said))["budget_units"] == units


@pytest.mark.parametrize(
    "said",
    [
        "全系统共有预算单位12家。",
        "本系统现有行政单位1家、事业单位11家。",
        "全市档案系统共有预算单位30家。",  # of a body that heads it all over its place, its own
        "我市档案局共有预算单位3家。",
        "从全市看，共有预算单位30家。",
        "我局开展统计，全市情况是：共有预算单位30家。",
        "负责全市所属30家预算单位的核算。",
        "全区纳入预算编制范围的预算单位共30家。",
        "某市档案局（负责全市档案监督指导）现有预算单位3家。",
        "按照编制指导意见编报的预算单位共3家。",
        "全市各类单位中，其中行政单位10家、事业单位20家。",
    ],
)
def test_of_units_that_may_be_more_than_the_body_s_a_remark_tells(said: str) -> None:
    told = read("二、机构设置", said)
    assert counts(told) == {}
    assert [(clause, why) for clause, _, why in told.remarks] == [(said.rstrip("。"), UNSURE_WHOSE)]


@pytest.mark.parametrize(
    ("said", "clauses"),
    [
        ("我单位独立编制机构数1个，独立核算机构数2个。", ["独立编制机构数1个", "独立核算机构数2个"]),
        ("从预算单位构成看，某市档案局包括4个内设机构及2个下属单位。", ["2个下属单位"]),
    ],
)
def test_counts_of_organisations_are_told(said: str, clauses: list[str]) -> None:
    told = read("二、机构编制", said)
    assert counts(told) == {}
    assert [clause for clause, _, _ in told.remarks] == clauses


def test_staff_by_posts_people_and_retired() -> None:
    told = read(
        "三、部门人员情况",
        "截至上年底，本部门人员编制50人，其中：行政编制30人、事业编制20人；实有人员48人，其中：行政29人、事业19人。"
        "单位管理的离退休人员16人，其中：离休1人，退休15人。",
    )
    assert counts(told) == {
        "staff_established": 50, "staff_established_administrative": 30, "staff_established_public_institution": 20,
        "staff_in_post": 48, "staff_in_post_administrative": 29, "staff_in_post_public_institution": 19,
        "staff_retired": 16, "staff_retired_on_full_pay": 1, "staff_retired_on_pension": 15,
    }  # fmt: skip
    assert told.remarks == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            "某市档案局核定行政编制30名，工勤编制2名，在职人员31人。",
            {"established_administrative": 30, "established_workers": 2, "in_post": 31},
        ),
        (
            "2021年末实有人员编制15人。其中：行政编制15人；在职在编实有行政人员14人。",
            {"established": 15, "established_administrative": 15, "in_post_administrative": 14},
        ),
        ("本单位为财政全额拨款事业单位，编制12人，实有在职10人。", {"established": 12, "in_post": 10}),
        ("编制人数21人，实有人数20人。", {"established": 21, "in_post": 20}),
    ],
)
def test_staff_in_other_wordings(said: str, found: dict[str, int]) -> None:
    assert counts(read("二、机构设置", said)) == {f"staff_{kind}": number for kind, number in found.items()}


@pytest.mark.parametrize(
    "said",
    [
        "某市档案服务中心为公益一类事业单位，事业编制10人，在职8人。",
        "某市档案馆（事业编制10人）。",
        "本部门下属事业单位2个，编制12人。",
        "本部门包括行政单位1家，编制12人。",
        "机关行政编制20名。",
        "所属中心事业编制10名。",
        "全区教育系统在职教师3000人。",
        "在职编制人员20人。",
        "教师编制80人。",
    ],
)
def test_staff_of_others_or_of_an_unknown_kind_is_told(said: str) -> None:
    told = read("二、机构设置", said)
    assert counts(told) == {}
    assert {why for _, _, why in told.remarks} == {UNKNOWN_STAFF}


def test_a_part_is_of_a_total_of_its_own_sentence() -> None:
    told = read("二、机构设置", "实有人员48人。内设机构均为股级，其中事业19个，工勤3人。")
    assert counts(told) == {"staff_in_post": 48}


def test_of_several_counts_of_staff_that_differ_none_is_the_body_s() -> None:
    told = read("二、机构设置", "事业编制10人。", "事业编制20人。")
    assert counts(told) == {}
    assert len(told.remarks) == 2


@pytest.mark.parametrize(
    ("said", "found", "told"),
    [
        ("在职人员21人，比上年增加4人，其中行政3人。", {"in_post": 21}, ["其中行政3人"]),
        ("在职人员21人，其中行政12人，较上年减少3人，其中退休3人。", {"in_post": 21, "in_post_administrative": 12}, ["其中退休3人"]),
        ("在职人员21人。当年调离2人，退休3人，去世1人。", {"in_post": 21}, ["退休3人"]),
        ("2022年退休3人。", {}, ["年退休3人"]),
        ("行政编制14名，实有13名；事业编制6名。", {"established_administrative": 14, "established_public_institution": 6}, ["实有13名"]),
        (
            "编制20人，其中行政编制14人，事业编制（参公）6人。",
            {"established": 20, "established_administrative": 14},
            ["事业编制（参公）6人"],
        ),
        ("行政编制14名，实有13名。事业编制6名。", {"established_administrative": 14, "established_public_institution": 6}, ["实有13名"]),
        ("在职21人，退休8人。", {"in_post": 21, "retired_on_pension": 8}, []),
        ("现有退休人员8人。", {"retired_on_pension": 8}, []),
        ("本年新招在编人员4人，退休3人。目前在职21人。", {"in_post": 21}, ["本年新招在编人员4人", "退休3人"]),
    ],
)
def test_who_came_and_went_is_not_who_there_is(said: str, found: dict[str, int], told: list[str]) -> None:
    narrative = read("三、部门人员情况", said)
    assert counts(narrative) == {f"staff_{kind}": number for kind, number in found.items()}
    assert [clause for clause, _, _ in narrative.remarks] == told


def test_a_long_list_of_staff_is_read_in_one_go() -> None:
    started = time.perf_counter()
    read("三、部门人员情况", "，".join(["事业编制8人（另行公布）"] * 2000) + "。")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("said", ["在职职工人均12万元，每人2万元。", "报名人数300人，招录行政执法人员20人。", "公务接待20批次180人。"])
def test_other_people_are_no_staff(said: str) -> None:
    told = read("二、机构设置", said)
    assert (counts(told), told.remarks) == ({}, [])


def test_marks_of_evaluations_are_told() -> None:
    told = read(
        "五、预算绩效情况说明",
        "绩效自评的2022年度项目3个，涉及预算金额400万元，平均得分98.5分。",
        "综合得分在90（含）-100分为优，80-90分为良。",
        final=True,
    )
    assert counts(told) == {"performance_self_evaluated_projects": 3, "performance_self_evaluated_amount": 4000000}
    assert [clause for clause, _, _ in told.remarks] == ["平均得分98.5分"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "平均得分98.5分（其中，绩效评级为“优”的项目2个；绩效评级为“不合格”的项目0个。绩效自评中共发现问题3个，已经完成整改的2个）",
            ["平均得分98.5分", "评级为“优”的项目2个", "评级为“不合格”的项目0个", "发现问题3个", "整改的2个"],
        ),
        ("评价结果为优秀的项目2个，2个项目评价等级为良", ["评价结果为优秀的项目2个", "2个项目评价等级为良"]),
        ("评价发现了4个问题", ["发现了4个问题"]),
        ("评价等级为优秀的标准是90分以上，发现问题及时整改，3个项目结果为优化流程服务", []),
    ],
)
def test_what_evaluations_graded_and_found_is_told(said: str, told: list[str]) -> None:
    found = read("五、预算绩效情况说明", f"绩效自评的2022年度项目3个，涉及预算金额400万元，{said}。", final=True)
    assert counts(found) == {"performance_self_evaluated_projects": 3, "performance_self_evaluated_amount": 4000000}
    assert [clause for clause, _, _ in found.remarks] == told


def test_the_parts_of_retired_people_by_body_are_told_as_those_in_post_are() -> None:
    told = read("二、人员情况", "单位管理的离退休人员29人，其中松湖县水务局26人，县河道中心3人。会议参加9人，其中机关5人、中心4人。")
    assert counts(told) == {"staff_retired": 29}
    assert [clause for clause, _, _ in told.remarks] == ["其中松湖县水务局26人", "县河道中心3人"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("松湖县水务局等6家行政单位以及1家参公事业单位的机关运行经费预算为90万元", ["6家行政单位", "1家参公事业单位"]),
        ("下属1家机关和2家事业单位财政拨款的机关运行经费预算为90万元", ["1家机关", "2家事业单位"]),
        ("机关运行经费预算为90万元，比上年增加2个百分点，主要是本单位人员增加", []),
    ],
)
def test_the_units_whose_operating_money_is_stated_are_told(said: str, told: list[str]) -> None:
    found = read("二、机关运行经费", f"{said}。")
    assert counts(found) == {"agency_operating_expenditure": 900000}
    assert [clause for clause, _, _ in found.remarks] == told


def test_projects_that_are_to_be_evaluated_are_told() -> None:
    found = read("五、预算绩效情况说明", "拟对养老服务等3个项目开展重点绩效评价，涉及预算资金40万元。2020年对5个项目开展绩效评价。")
    assert counts(found) == {}
    assert [clause for clause, _, _ in found.remarks] == ["3个项目"]


def test_people_who_were_added_are_not_all() -> None:
    told = read("三、“三公”经费情况说明", "2022年因公出国（境）新增3批共3人，国内公务接待20批次，较上年减少2批次15人次。", final=True)
    assert counts(told) == {"reception_batches": 20}


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("市档案局系统包括：市档案局本级、市档案馆、市音像中心（影像中心、录音中心）共3家基层单位。", 3),
        ("部门包括市档案局（本级）、市档案馆共2家单位，均已编制预算。", 2),
        ("市档案局系统包括：市档案局本级、市档案馆、市音像中心共4家基层单位。", None),  # of a list that the count does not prove
        ("负责全市会计核算，包括：市档案局本级、市档案馆、市音像中心共3家基层单位。", None),
        ("全市档案系统包括：市档案局本级、市档案馆、市音像中心共3家单位。", None),
        ("市档案局本级、市档案馆、市音像中心共3家单位获评先进。", None),
        ("包括：市档案局本级、市档案馆、市音像中心共3家单位获评先进。", None),
        ("下属单位包括：市档案馆、市音像中心共2家基层单位。", None),  # beside the office
        ("本局联系基层，共18家基层单位。", None),
        ("我局联系单位包括市局机关、自来水公司、市档案馆共3家单位。", None),
        ("消防安全责任单位包括局机关、市档案馆共2家单位。", None),
        ("部门决算不包括：局机关、市档案馆共2家单位。", None),
        ("纳入本部门2022年度部门决算编制范围的单位包括：局机关、市档案馆共2家单位。", 2),
        ("某市档案局部门决算汇总范围包括：局机关、市档案馆共2个单位。", 2),
    ],
)
def test_units_that_are_listed_and_counted(said: str, units: int | None) -> None:
    told = read("二、机构编制", said)
    assert counts(told).get("budget_units") == units


def test_units_of_which_something_is_said_are_told() -> None:
    told = read("五、绩效目标设置情况", "本部门3个预算单位开展了绩效目标编报工作，编报绩效目标的项目49个。")
    assert counts(told) == {"performance_projects": 49}
    assert [(said, why) for said, _, why in told.remarks] == [
        ("3个预算单位", "a count of units of which something is said: it need not be of all")
    ]
    told = read("五、绩效目标设置情况", "实施绩效管理的单位包括：市档案局本级、市档案馆共2家单位，均已编制绩效目标。")
    assert counts(told) == {}
    assert [why for *_, why in told.remarks] == ["a count of units of which something is said: it need not be of all"]
    told = read("二、机构设置", "本部门预算单位共3家。", "五、绩效目标设置情况", "本部门3个预算单位开展了绩效目标编报工作。")
    assert (counts(told), told.remarks) == ({"budget_units": 3}, [])


POSTS = "本部门人员编制105人，其中市档案局行政编制87人、市档案馆事业编制18人；"


@pytest.mark.parametrize(
    ("said", "staff"),
    [
        (f"{POSTS}实有人员97人，其中市档案局行政85人、市档案馆事业12人。", (105, 97)),
        (f"{POSTS}实有人员17人。", (105, None)),  # may be of the body named last
        (f"{POSTS}实有人员17人，其中甲室10人、乙室7人。", (105, None)),
        (f"{POSTS}实有人员97人，其中市档案局行政85人、市档案馆事业11人。", (105, None)),
        ("市音像中心编制20人，其中甲室10人、乙室10人；实有人员17人，其中甲室10人、乙室7人。", (None, None)),
        (f"{POSTS}新增人员97人，实有人员97人，其中市档案局行政85人、市档案馆事业12人。", (105, None)),
    ],
)
def test_staff_divided_among_the_same_bodies_is_of_the_same_whole(said: str, staff: tuple[int | None, int | None]) -> None:
    told = counts(read("四、部门人员情况说明", said))
    assert (told.get("staff_established"), told.get("staff_in_post")) == staff
