"""Two sides of one table: which column of words names the rows of which amounts, whatever its header says."""

from __future__ import annotations

import pytest

from tests.pipeline.statements.paper import LEFT, Rows, lines, page, statements

BODY = [
    ["一、一般公共预算拨款收入", "2,605.99", "一、公共安全支出", "2,189.73"],
    ["二、政府性基金预算拨款收入", "", "二、社会保障和就业支出", "172.11"],
    ["三、事业收入", "", "三、卫生健康支出", "95.47"],
    ["", "", "四、住房保障支出", "148.68"],
    ["本年收入合计", "2,605.99", "本年支出合计", "2,605.99"],
]
SIDES = ["收入", LEFT, "支出", LEFT]


@pytest.mark.parametrize(
    "header",
    [
        [["项目", "预算数", "支出功能分类", "预算数"]],
        [SIDES, ["项目", "预算数", "支出功能分类", "预算数"]],
        [SIDES, ["项目", "预算数", "功能分类科目（类）", "预算数"]],
        [SIDES, ["资金来源", "预算数", "支出方向", "预算数"]],
        [SIDES, ["项目", "预算数", "蓝色的大象", "预算数"]],  # a word that nobody knows names no revenue either
        [["收入", "预算数", "支出", "预算数"]],
        [["收入", "金额", "支出（按功能分类）", "金额"]],
        [["收入项目", "2023年预算", "按支出功能", "2023年预算"]],
    ],
)
def test_spending_has_the_names_of_its_own_half(header: Rows) -> None:
    found = lines(page("2023年部门收支总表", "单位：万元", [*header, *BODY]))
    spending = [(line.name, line.code) for line in found if line.flow == "expenditure"]
    assert spending == [
        ("公共安全支出", "204"),
        ("社会保障和就业支出", "208"),
        ("卫生健康支出", "210"),
        ("住房保障支出", "221"),
        ("本年支出合计", None),
    ]


def test_three_classifications_stand_beside_the_revenue() -> None:
    found = lines(
        page(
            "2023年部门收支总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT, LEFT, LEFT, LEFT, LEFT],
                ["项目", "预算数", "支出功能分类", "预算数", "部门预算支出经济分类", "预算数", "政府预算支出经济分类", "预算数"],
                ["一般公共预算拨款收入", "9.99", "公共安全支出", "9.99", "工资福利支出", "9.99", "机关工资福利支出", "9.99"],
                ["本年收入合计", "9.99", "本年支出合计", "9.99", "本年支出合计", "9.99", "本年支出合计", "9.99"],
            ],
        )
    )
    assert [(line.scheme, line.code) for line in found if line.level and line.flow == "expenditure"] == [
        ("function", "204"),
        ("department_economic", "301"),
        ("government_economic", "501"),
    ]


def test_remarks_between_amounts_name_nothing() -> None:
    header = ["科目编码", "科目名称", "合计", "蓝色的大象", "项目支出"]
    found = lines(page("2023年一般公共预算支出表", "单位：万元", [header, ["2010301", "行政运行", "12.34", "按月拨付", "12.34"]]))
    assert {line.name for line in found} == {"行政运行"}


def test_a_half_whose_names_are_numbered_with_digits_is_named_by_a_header_of_unknown_words():
    head = [["收入", LEFT, "支出", LEFT, LEFT, LEFT], ["项目", "预算数", "支出功能分类科目（按大类）", "预算数", "某某经济科目", "预算数"]]
    rows = [
        ["一、财政拨款", "9.00", "公共安全支出", "5.00", "（1）工资福利支出", "6.00"],
        ["二、其他收入", "1.00", "农林水支出", "5.00", "（2）商品和服务支出", "4.00"],
    ]
    found = lines(page("收支总表", "单位：万元", [*head, *rows]))
    assert [(line.scheme, line.code) for line in found if line.column == 6] == [
        ("department_economic", "301"),
        ("department_economic", "302"),
    ]


def test_the_side_of_spending_may_stand_left_where_the_heads_say_so():
    rows = [
        ["财政拨款支出", LEFT, "财政拨款收入", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、教育支出", "30.00", "一、一般公共预算", "40.00"],
        ["二、卫生健康支出", "10.00", "二、政府性基金预算", "0.00"],
        ["支出总计", "40.00", "收入总计", "40.00"],
    ]
    (statement,) = statements(page("财政拨款收支预算总表", "单位：万元", rows))
    assert {line.name: line.flow for line in statement.lines} == {
        "教育支出": "expenditure",
        "卫生健康支出": "expenditure",
        "支出总计": "expenditure",
        "一般公共预算": "revenue",
        "政府性基金预算": "revenue",
        "收入总计": "revenue",
    }
