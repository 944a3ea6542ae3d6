"""What a document is comes from its own words, in all the forms that publishers print them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document.content import Box, Content, Page, TextLine
from pipeline.document.inputs.sources import Hint
from pipeline.identity.claims import title_claim
from pipeline.identity.identify import Identity, identify

BODY = [
    "一、收入预算总体情况说明",
    "收入总表 支出总表 财政拨款收支总表",
    "一般公共预算支出表",
    "本年收入合计1,234.56万元，其中：一般公共预算财政拨款收入1,234.56万元。基本支出1,000.00万元，项目支出234.56万元。",
]
FINAL = [line.replace("预算", "决算").replace("一般公共决算", "一般公共预算") for line in BODY]


def content(*pages: list[str]) -> Content:
    return Content("lines", "text", tuple(Page(n, 0.0, 0.0, tuple(map(TextLine, lines))) for n, lines in enumerate(pages, 1)))


def what(*cover: str, body: list[str] = BODY, hint: Hint | None = None) -> Identity:
    return identify(content(list(cover), body), hint)


@pytest.mark.parametrize(
    ("cover", "year", "kind", "level", "department", "region"),
    [
        (["2026年广州市信访局部门预算"], 2026, "budget", "department", "广州市信访局", "440100"),
        (["2026年", "成都市财政局部门预算"], 2026, "budget", "department", "成都市财政局", "510100"),
        (
            ["武汉市人民政府国有资产监督管理委员", "会2025年部门预算公开"],
            2025,
            "budget",
            "department",
            "武汉市人民政府国有资产监督管理委员会",
            "420100",
        ),
        (["二〇二三年度", "天津市水务局部门预算"], 2023, "budget", "department", "天津市水务局", "120000"),
        (["２０２４年度重庆市审计局部门预算"], 2024, "budget", "department", "重庆市审计局", "500000"),
        (["2024年度中共广东省委宣传部部门预算"], 2024, "budget", "department", "中共广东省委宣传部", "440000"),
        (["郑州市二七区财政局2024年度部门预算公开"], 2024, "budget", "department", "郑州市二七区财政局", "410103"),
        (["昆山市教育局2022年度部门预算公开说明"], 2022, "budget", "department", "昆山市教育局", "320583"),
        (["2021年南宁市第三中学单位预算"], 2021, "budget", "unit", "南宁市第三中学", "450100"),
        (["2026年南京市水务局（本级）部门预算"], 2026, "budget", "unit", "南京市水务局（本级）", "320100"),
        (["哈尔滨市人民政府办公厅（汇总）", "2026年部门预算公开说明"], 2026, "budget", "department", "哈尔滨市人民政府办公厅", "230100"),
        (["关于公布济南市民政局2020年部门预算的说明"], 2020, "budget", "department", "济南市民政局", "370100"),
        (["青岛市财政局", "2019年部门综合预算"], 2019, "budget", "department", "青岛市财政局", "370200"),
        (["2025年绍兴市柯桥区教育体育局部门预算"], 2025, "budget", "department", "绍兴市柯桥区教育体育局", "330603"),
        (["附件1：", "2023年延边朝鲜族自治州财政局部门预算"], 2023, "budget", "department", "延边朝鲜族自治州财政局", "222400"),
        (["2026年部门预算公开文本", "佛山市财政局"], 2026, "budget", "department", "佛山市财政局", "440600"),
        (["武汉东湖新技术开发区管理委员会2024年部门预算"], 2024, "budget", "department", "武汉东湖新技术开发区管理委员会", "420100"),
        (["民革杭州市委会2025年部门预算"], 2025, "budget", "department", "民革杭州市委会", "330100"),
        (["财政部2025年部门预算"], 2025, "budget", "department", "财政部", "100000"),
        (["标题  济南市民政局2020年部门预算情况说明"], 2020, "budget", "department", "济南市民政局", "370100"),
        (["信息名称：济南市民政局2020年部门预算情况说明"], 2020, "budget", "department", "济南市民政局", "370100"),
        (
            ["济南市民政局关于2020年度部门预算的公开", "现将我局2020年度收入支出情况公开如下："],
            2020,
            "budget",
            "department",
            "济南市民政局",
            "370100",
        ),
        (
            ["中国人民政治协商会议湖北省委员会办公厅2022年部门预算"],
            2022,
            "budget",
            "department",
            "中国人民政治协商会议湖北省委员会办公厅",
            "420000",
        ),
    ],
)
def test_covers(cover: list[str], year: int, kind: str, level: str, department: str, region: str) -> None:
    found = what(*cover)
    assert (found.fiscal_year, found.kind, found.level, found.department, found.region_code) == (year, kind, level, department, region)
    assert found.unpublishable is None


@pytest.mark.parametrize(
    ("cover", "year", "level", "department", "province"),
    [
        (["国家信访局", "2024年度部门决算", "二〇二五年七月"], 2024, "department", "国家信访局", "CN"),
        (["中共上海市普陀区委", "社会工作部2024年度", "部门决算"], 2024, "department", "中共上海市普陀区委社会工作部", "CN-SH"),
        (["2023年度合肥市第一人民医院单位决算"], 2023, "unit", "合肥市第一人民医院", "CN-AH"),
        (["中国气象局2022年度部门决算"], 2022, "department", "中国气象局", "CN"),
    ],
)
def test_final_accounts_are_of_the_year_they_account_for(cover: list[str], year: int, level: str, department: str, province: str) -> None:
    found = what(*cover, body=FINAL)
    assert (found.kind, found.fiscal_year, found.level, found.department, found.province) == (
        "final_account",
        year,
        level,
        department,
        province,
    )


@pytest.mark.parametrize(
    "field",
    ["部门名称：长春市统计局", "编制部门：长春市统计局 单位：元", "部门：长春市统计局 单位：万元",
     "部门（单位）：长春市统计局 金额单位：万元",
     "部门/单位：长春市统计局 单位：万元",
     "部门名称 长春市统计局",
     "预算主管部门：长春市统计局", "部门名称：[101]长春市统计局（公章）", "部门：101-长春市统计局"],
)  # fmt: skip
def test_fields_above_tables(field: str) -> None:
    found = identify(content(["收支预算总表", field, *BODY], ["（2024年度）", "部门收入总表", field]))
    assert (found.department, found.fiscal_year, found.region_code, found.level) == ("长春市统计局", 2024, "220100", "department")


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("预算年度：2025", 2025),
        ("项目 2024年预算数 2025年预算数 增减", 2025),
        ("2025年度", 2025),
        ("编制日期：2025年1月", None),
        ("比2025年增加", None),
    ],
)
def test_years_beside_titles(line: str, year: int | None) -> None:
    assert identify(content(["部门预算公开表", "部门：长春市统计局 单位：万元", line, *BODY])).fiscal_year == year


def test_a_body_named_by_a_sentence_alone() -> None:
    found = identify(content(["一、部门基本情况", "长春市统计局（以下简称市统计局）是市政府工作部门。", "2024年部门预算说明", *BODY]))
    assert (found.department, found.fiscal_year, found.region_code) == ("长春市统计局", 2024, "220100")


@pytest.mark.parametrize("line", ["《济南市财政局关于2020年部门预算的批复》（济财预", "济南市财政局关于2020年部门预算的批复"])
def test_a_paper_that_a_text_cites_names_no_body_of_the_document(line: str) -> None:
    found = what("2020年部门预算", body=["根据", line, "〔2020〕7号）填列。", *BODY])
    assert found.department is None


def test_the_central_body_of_an_organisation_is_a_body() -> None:
    for body in ("共青团中央", "民建中央", "农工党中央"):
        assert what(f"{body}2023年部门预算").department == body


def test_a_cell_that_is_no_body_is_none() -> None:
    found = identify(content(["部门名称：合计", "单位名称 项目名称", "单位：万元", "2024年部门预算", *BODY]))
    assert found.department is None


def test_a_narrative_without_cover() -> None:
    lines = [
        "一、部门基本情况", "（一）主要职能：市信访局是市委市政府负责全市信访工作的职能部门",
        "2022年，本部门财政性资金安排的项目实现绩效目标全覆盖。",
        "2021年，按照2016年的办法整合热线。", "单位名称 中共石家庄市委石家庄市人民政府信访局", *BODY,
    ]  # fmt: skip
    found = identify(content(lines))
    assert (found.fiscal_year, found.department, found.region_code) == (2022, "中共石家庄市委石家庄市人民政府信访局", "130100")


def test_a_district_of_a_common_name_is_told_by_the_text() -> None:
    found = what("鼓楼区教育局2024年部门预算", body=[*BODY, "按照南京市财政局要求，南京市各区统一编制。"])
    assert (found.region_code, found.province) == ("320106", "CN-JS")
    assert what("鼓楼区教育局2024年部门预算").region_code is None


def test_a_city_named_by_its_short_name() -> None:
    body = [*BODY, "宜昌市职业教育基地由市人民政府批准。"]
    assert what("宜昌职业教育基地综合协调办公室2026年部门预算公开", body=body).region_code == "420500"


def test_a_body_without_place_takes_the_place_that_the_text_names() -> None:
    assert what("市信访局2024年部门预算", body=[*BODY, "贵阳市信访条例", "贵阳市人民政府"]).region_code == "520100"


def test_a_performance_declaration_is_a_budget_document() -> None:
    found = identify(
        content(
            [
                "洛阳市生态环境局2026年部门整体预算绩效目标申报表",
                "部门名称 洛阳市生态环境局",
                "基本支出 58.59 财政拨款 92.68",
                "项目支出 27.19",
            ]
        )
    )
    assert (found.kind, found.fiscal_year, found.department, found.unpublishable) == ("budget", 2026, "洛阳市生态环境局", None)


def test_a_department_and_its_units() -> None:
    sets = [
        [f"2026年{name}", "收支总表", f"部门：{name} 单位：万元"]
        for name in ("太原市教育局", "太原市第一中学", "太原市第二中学")
        for _ in range(5)
    ]
    found = identify(content(["2026年太原市教育局部门预算"], *sets, BODY))
    assert (found.level, found.department) == ("department_and_units", "太原市教育局")


def test_the_departments_own_office_may_be_one_of_its_units() -> None:
    names = ("太原市教育局", "太原市教育局（本级）", "太原市第一中学", "太原市招生考试中心")
    sets = [["收支总表", f"部门/单位：{name} 单位：万元"] for name in names for _ in range(5)]
    found = identify(content(["2026年太原市教育局部门预算"], *sets, BODY))
    assert (found.level, found.department) == ("department_and_units", "太原市教育局")


@pytest.mark.parametrize("cover", [["上海市XX局", "2024年度部门决算"], ["2024年度××部门决算"], ["某某单位2025年部门预算"]])
def test_templates(cover: list[str]) -> None:
    found = what(*cover)
    assert found.department is None
    assert (found.is_template, found.unpublishable is not None) == (True, True)


def test_what_is_no_budget_says_so() -> None:
    assert "says that it is" in str(identify(content(["会议纪要", "2024年工作总结", "局长办公会"])).unpublishable)
    assert "no text" in str(identify(content([], [])).unpublishable)


@pytest.mark.parametrize(
    ("title", "correction"), [("兰州市财政局2024年部门预算公开（更正）", True), ("兰州市财政局2024年部门预算公开", False)]
)
def test_corrections(title: str, correction: bool) -> None:
    assert what(title).correction is correction


def test_hints_fill_in_and_are_contradicted() -> None:
    hint = Hint(region_code="130100", department="某局", fiscal_year=2026, kind="final_account")
    said = what("兰州市财政局2024年部门预算", hint=hint)
    assert (said.fiscal_year, said.kind, said.department, said.region_code) == (2024, "budget", "兰州市财政局", "620100")
    assert len(said.contradictions) == 4 and said.from_hint == ()
    silent = what("收支总表", hint=hint)
    assert (silent.fiscal_year, silent.department, silent.province) == (2026, "某局", "CN-HE")
    assert silent.from_hint == ("fiscal_year", "department", "region_code")
    agreeing = what("兰州市财政局2024年部门预算", hint=Hint(region_code="620000", department="财政局", fiscal_year=2024, problems=("x",)))
    assert agreeing.contradictions == ("x",)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_any_lines_are_identified_or_left_open(lines: list[str]) -> None:
    found = identify(content(lines))
    assert found.fiscal_year is None or 2000 <= found.fiscal_year < 2040


@pytest.mark.parametrize("line", ["." * 200_000 + "预算", "部门名称：" + "局" * 200_000, "2026年" * 50_000 + "部门预算", "（" * 100_000])
def test_lines_made_to_be_slow_are_not(line: str) -> None:
    start = time.process_time()
    identify(content([line]))
    assert time.process_time() - start < 2


def test_a_hundred_pages_are_quick() -> None:
    page = [
        "公开表3 支出总体情况表",
        "部门（单位）：洛阳市教育局 单位：万元",
        *("2050201 学前教育 1,717.85 1,192.85 525.00" for _ in range(40)),
    ]
    pages = content(["2026年洛阳市教育局部门预算"], *([page] * 100))
    identify(pages)
    start = time.process_time()
    identify(pages)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("2023年一般公共预算支出表", True),
        ("2023年部门收支总表", True),
        ("一般公共预算支出表（按政府预算支出经济分类）", True),
        ("2023年一般公共预算支出的通知", False),
        ("车辆登记表", False),
    ],
)
def test_a_lone_statement_is_a_document(title: str, published: bool) -> None:
    found = what("广元市科学技术局2023年部门预算公开表", body=[title, "一般公共服务支出 1,846.37"])
    assert (found.unpublishable is None, found.department, found.fiscal_year) == (published, "广元市科学技术局", 2023)


def evidence(found: Identity, attribute: str) -> set[tuple[str, str]]:
    return {(said.value, said.place) for said in found.evidence if said.attribute == attribute}


def test_the_evidence_of_an_attribute_names_each_place_and_what_it_says() -> None:
    found = what("2026年广州市信访局部门预算", body=[*BODY, "编制单位：广州市信访局"])
    assert {("2026", "cover")} <= evidence(found, "fiscal_year")
    assert {("广州市信访局", "cover"), ("广州市信访局", "field")} <= evidence(found, "department")
    assert evidence(found, "region_code") == {("440100", "department")}
    assert ("budget", "cover") in evidence(found, "kind")


def test_what_a_registry_says_is_evidence_too_whether_it_agrees_or_not() -> None:
    found = what("2026年广州市信访局部门预算", hint=Hint(fiscal_year=2025, department="广州市信访局"))
    assert found.fiscal_year == 2026
    assert ("2025", "registry") in evidence(found, "fiscal_year")
    assert ("广州市信访局", "registry") in evidence(found, "department")


@given(st.integers(2015, 2035), st.sampled_from(["budget", "final_account"]))
def test_every_published_attribute_has_evidence_that_says_it(year: int, kind: str) -> None:
    words, body = ("部门预算", BODY) if kind == "budget" else ("部门决算", FINAL)
    found = what(f"{year}年广州市信访局{words}", body=body)
    for attribute in ("fiscal_year", "kind", "department", "region_code"):
        assert str(getattr(found, attribute)) in {value for value, _ in evidence(found, attribute)}


@pytest.mark.parametrize(("cover", "region", "province"), [("邵东市教育局", "430521", "CN-HN"), ("黔西市水务局", "520522", "CN-GZ")])
def test_a_county_that_has_become_a_city_since_the_list_was_made(cover: str, region: str, province: str) -> None:
    found = what(f"{cover}2024年部门预算")
    assert (found.region_code, found.province, found.department) == (region, province, cover)


THREE_PUBLIC = ["2024年“三公”经费预算10万元，其中：因公出国（境）费0万元，公务用车购置及运行费5万元，公务接待费5万元。"]


def test_what_a_body_spends_on_three_public_alone_is_published_and_what_a_place_does_is_not() -> None:
    assert what("成都市审计局2024年“三公”经费预算公开", body=THREE_PUBLIC).unpublishable is None
    assert what("2024年度全县“三公”经费预算汇总情况", body=THREE_PUBLIC).unpublishable is not None


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("2024年市本级“三公”经费预算支出表", False),
        ("2024年度市级各部门（单位）财政拨款“三公”经费预算情况", False),
        ("成都市2024年“三公”经费预算公开", False),
        ("2024年度全旗各部门和单位“三公”经费预算情况", False),
        ("2024年自治区本级所有部门“三公”经费预算情况", False),
        ("2024年“三公”经费预算公开", True),
    ],
)
def test_what_all_offices_of_a_government_spend_is_not_of_the_office_that_publishes_it(title: str, published: bool) -> None:
    assert (what("成都市财政局", title, body=THREE_PUBLIC).unpublishable is None) == published


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("根据湖南省财政厅部门预算公开的相关要求，现将沅江市新湾镇2020年部门预算编制说明如下：", "430981"),
        ("现将沅江市新湾镇2020年部门预算编制说明如下：", "430981"),
        ("按照湖南省财政厅要求，现将新湾镇2020年部门预算公开如下：", None),
        ("根据湖南省财政厅2020年部门预算公开要求", None),
    ],
)
def test_a_demand_of_the_province_says_no_place_of_a_town(said: str, region: str | None) -> None:
    found = what("新湾镇2020年部门预算说明", said)
    assert (found.department, found.region_code) == ("新湾镇", region)


def test_a_place_may_begin_with_a_word_that_hands_over() -> None:
    assert what("将乐县2020年县级部门预算", "教育局").region_code == "350428"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("将军山风景区2022年部门预算", "将军山风景区"),
        ("现将台州市2022年部门预算公开如下", "台州市"),
        ("将台州市2022年部门预算公开如下", "台州市"),
        ("上海市、浦东新区2022年部门预算", "上海市浦东新区"),
        ("按照有关要求，浦东新区2022年部门预算", "浦东新区"),
    ],
)
def test_a_place_keeps_what_belongs_to_its_name(line: str, place: str) -> None:
    claim = title_claim(line)
    assert claim is not None
    assert claim.place == place


@pytest.mark.parametrize(
    ("body", "label", "parent"),
    [
        ("杭州市水务局", "杭州市水务局机关", None),
        ("杭州市水务局", "杭州市水务局办公室", None),
        ("杭州市水务局", "市水务局办公室", None),
        ("杭州市水务局", "杭州市水务局水政处", None),
        ("杭州市水务局", "杭州市人民政府", "杭州市人民政府"),
        ("杭州市水资源中心", "杭州市水务局", "杭州市水务局"),
        ("杭州市水资源中心", "杭州市水务局（本级）", "杭州市水务局"),
        ("杭州市水资源中心", "杭州市水务局规划财务处", None),  # an office of the department, which is not its name
        ("杭州市水资源中心", "杭州市水务局河道管理处", "杭州市水务局河道管理处"),  # a body
        ("杭州市水资源中心", "杭州市人民政府办公室", "杭州市人民政府办公室"),
        ("杭州市水务局水政支队", "杭州市水务局", "杭州市水务局"),
        ("杭州市水务局水政支队", "杭州市水务局水政支队一大队", None),
    ],
)
def test_an_office_within_a_body_is_not_the_department_above_it(body: str, label: str, parent: str | None) -> None:
    found = identify(content([f"2024年{body}单位预算"], ["收支总表", f"部门名称：{label} 单位：万元"], BODY))
    assert (found.department, found.parent_department) == (body, parent)


def table_of_cells(*rows: list[str]) -> Content:
    """A page of a document without paper: each cell is a line of its own."""
    cells = [
        TextLine(text, Box(100.0 * c, 20.0 * r, 100.0 * c + 90, 20.0 * r + 10), in_grid=True)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    body = tuple(TextLine(text, Box(0.0, 900.0 + 20 * n, 90.0, 910.0 + 20 * n)) for n, text in enumerate(BODY))
    return Content("grids", "selectolax", (Page(1, 500.0, 999.0, (*cells, *body)),), printed=False)


@pytest.mark.parametrize("label", ["单位名称", "部门名称：", "编制单位："])
def test_a_field_may_have_its_label_in_a_cell_of_its_own(label: str) -> None:
    found = identify(table_of_cells([label, "成都市财政局", "填报日期"], ["项目名称", "城市维护", "10.00"]))
    assert found.department == "成都市财政局"


def test_a_label_over_a_column_is_no_field() -> None:
    assert identify(table_of_cells(["单位名称", "合计", "基本支出"], ["成都市财政局", "10.00", "10.00"])).department is None


def test_a_menu_in_the_cell_beside_a_title_is_no_part_of_a_name() -> None:
    assert identify(table_of_cells(["首页", "成都市财政局2024年部门预算"])).department == "成都市财政局"
