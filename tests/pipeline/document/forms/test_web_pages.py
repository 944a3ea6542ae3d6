"""Web pages: what a browser shows of the file, nothing that scripts or other files would add, in whatever encoding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import HTML, media_type
from pipeline.document.registry import read_content
from pipeline.stages.reading import read_document

HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
ROWS = [
    HEADER,
    ["", "合计", "300.50", "200.25", "100.25"],
    ["201", "一般公共服务支出", "300.50", "200.25", "100.25"],
    ["20103", "政府办公厅（室）及相关机构事务", "300.50", "200.25", "100.25"],
    ["2010301", "行政运行", "200.25", "200.25", ""],
    ["2010302", "一般行政管理事务", "100.25", "", "100.25"],
]
ABOVE = "<p>2024年部门支出总表</p><p>部门：清风数据局　　单位：万元</p>"
WHOLE = ["3005000.00", "2002500.00", "1002500.00"] * 3 + ["2002500.00", "2002500.00", "1002500.00", "1002500.00"]


def table(rows: list[list[str]], **attributes: str) -> str:
    told = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return f"<table{told}>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"


def read(body: str) -> Content:
    return read_content(f"<html><body>{body}</body></html>".encode())


def amounts(data: bytes | str) -> list[str]:
    data = f"<html><body>{data}</body></html>".encode() if isinstance(data, str) else data
    return [str(line.amount) for line in read_document(data, Hint()).lines if line.source == "table"]


def texts(content: Content) -> list[str]:
    return [line.text for page in content.pages for line in page.lines if not line.in_grid]


def cells(content: Content) -> list[list[tuple[str, str | None, int, int]]]:
    return [[(c.text, c.address, c.row_span, c.column_span) for c in grid.cells if c.text] for page in content.pages for grid in page.grids]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030", "big5", "utf-16"])
def test_a_page_of_any_encoding(encoding: str) -> None:
    body = ABOVE.replace("万元", "萬元") if encoding == "big5" else ABOVE
    rows = [[cell if encoding != "big5" else cell.translate(str.maketrans("码称计项务运", "碼稱計項務運")) for cell in row] for row in ROWS]
    page = f"<!DOCTYPE html><html><head><meta http-equiv='Content-Type' content='text/html; charset={encoding}'></head>{body}{table(rows)}"
    data = page.encode(encoding, "xmlcharrefreplace")
    assert media_type(data) == HTML
    content = read_content(data)
    assert [len(found) for found in cells(content)] == [27]
    assert not content.warnings


def test_a_page_is_read_with_tables_in_order_and_addresses() -> None:
    checked = read_document(f"<html>{ABOVE}{table(ROWS)}<p>（完）</p>{ABOVE}{table(ROWS)}</html>".encode(), Hint())
    lines = [line for line in checked.lines if line.source == "table"]
    assert [str(line.amount) for line in lines] == WHOLE * 2
    assert [(line.page, line.cell) for line in lines[:4]] == [(1, "C2"), (1, "D2"), (1, "E2"), (1, "C3")]
    assert {line.page for line in lines[13:]} == {2}
    assert {(line.x0, line.y1) for line in lines} == {(None, None)}
    assert checked.document["department"] == "清风数据局" and checked.document["reader"] == "selectolax"


def test_a_broken_character_is_told_and_loses_no_more() -> None:
    data = f"<meta charset=gbk>{ABOVE}{table(ROWS)}".encode("gbk").replace("行政运行".encode("gbk"), b"\xff" + "行政运行".encode("gbk"))
    content = read_content(data)
    assert content.warnings == ("1 characters of the web page are broken in its encoding gb18030.",)


def test_spans_of_rows_and_columns() -> None:
    body = (
        "<table><thead><tr><th rowspan=2>项目<th colspan=2>金额<tr><th>基本<th>项目</thead>"
        "<tfoot><tr><td>合计<td>3<td>4</tfoot><tbody><tr><td rowspan=0>甲<td>1<td>2</tbody></table>"
    )
    assert cells(read(body)) == [
        [
            ("项目", "A1", 2, 1),
            ("金额", "B1", 1, 2),
            ("基本", "B2", 1, 1),
            ("项目", "C2", 1, 1),
            ("甲", "A3", 2, 1),
            ("1", "B3", 1, 1),
            ("2", "C3", 1, 1),
            ("合计", "B4", 1, 1),
            ("3", "C4", 1, 1),
            ("4", "D4", 1, 1),
        ]
    ]


def test_tables_that_lay_out_a_page_are_none() -> None:
    article = f"<td>{ABOVE}{table(ROWS)}<p>以上为部门支出总表。</p></td>"
    page = f"<table><tr><td><ul><li>首页<li>政务公开</ul></td>{article}</tr></table><p>版权所有</p>"
    for _ in range(3):
        page = f"<table><tr><td>{page}</td></tr></table>"
    content = read(page)
    assert texts(content) == [
        "首页",
        "政务公开",
        "2024年部门支出总表",
        "部门：清风数据局　　单位：万元",
        "以上为部门支出总表。",
        "版权所有",
    ]
    assert amounts(page) == WHOLE


@pytest.mark.parametrize("rows", [["支出合计", "205.00"], ["公务接待费5.00", "公务用车运行费7.00"], ["城乡社区支出", "60.00", "-50.00"]])
def test_a_table_of_one_column_with_amounts_is_one(rows: list[str]) -> None:
    assert [len(page.grids) for page in read(table([[row] for row in rows])).pages] == [1]


@pytest.mark.parametrize("rows", [["支出预算表", "单位：万元"], ["一、支出情况", "2023年支出205.00万元。", "其中：教育支出5.00万元"]])
def test_a_table_of_one_column_of_text_lays_it_out(rows: list[str]) -> None:
    assert [len(page.grids) for page in read(table([[row] for row in rows])).pages] == [0]


def test_a_table_inside_a_cell_of_a_table_of_amounts_is_its_text_or_a_table_of_its_own() -> None:
    inner = "<table><tr><td>行政</td></tr><tr><td>运行</td></tr></table>"
    rows = [*ROWS[:4], ["2010301", inner, "200.25", "200.25", ""], ROWS[5]]
    assert amounts(ABOVE + table(rows)) == WHOLE
    notes = "<table><tr><td>说明</td><td>单价</td></tr><tr><td>甲</td><td>5.00</td></tr></table>"
    rows = [*ROWS[:4], ["2010301", f"行政运行{notes}", "200.25", "200.25", ""], ROWS[5]]
    found = cells(read(ABOVE + table(rows)))
    assert [len(table) for table in found] == [27, 4]
    assert ("行政运行", "B5", 1, 1) in found[0]


def test_what_is_not_shown_is_not_read() -> None:
    hidden = (
        "<script>document.write('<p>999.99</p>')</script><style>p{}</style><template><p>模板</p></template>"
        "<p hidden>藏</p><p style='color:red; display : none'>藏</p><span style='visibility:hidden'>藏</span>"
        "<!-- 藏 --><select><option>藏</select>"
    )
    rows = [*ROWS[:5], ["2010302", "一般行政管理事务", "100.25<i style='display:none'>7</i>", "", "100.25"]]
    body = table(rows).replace("<tr><td>2010302", "<tr style='display:none'><td>2010399<td>藏<td>9.99<td>9.99<td></tr><tr><td>2010302")
    content = read(hidden + ABOVE + body)
    assert "藏" not in "".join(line.text for page in content.pages for line in page.lines)
    assert amounts(hidden + ABOVE + body) == WHOLE


@pytest.mark.parametrize(
    "struck", ["<s>{}</s>", "<del>{}</del>", "<span style='color:red;text-decoration:underline line-through'>{}</span>"]
)
def test_what_is_struck_through_is_left_out_and_told(struck: str) -> None:
    body = ABOVE + table([*ROWS[:5], ["2010302", "一般行政管理事务", struck.format("99.00") + "100.25", struck.format("7.00"), "100.25"]])
    assert amounts(body) == WHOLE
    assert read(body).warnings == ("2 pieces of text that are struck through were left out.",)
    assert read(ABOVE + table(ROWS)).warnings == ()


def test_a_table_two_layouts_deep_is_read() -> None:
    laid_out = "<table><tr><td>财政信息</td></tr><tr><td><table><tr><td>标题</td></tr><tr><td>{}</td></tr></table></td></tr></table>"
    assert amounts(laid_out.format(ABOVE + table(ROWS))) == WHOLE


def test_spaces_and_breaks_are_those_that_show() -> None:
    content = read("<p>  第一\n   行<br>第二行&nbsp;&nbsp;完</p><div>三<b>四</b>五<p>六</p>七</div><pre>八\n 九</pre>")
    assert texts(content) == ["第一 行", "第二行  完", "三四五", "六", "七", "八", "九"]


def test_names_indented_by_style_or_by_spaces() -> None:
    def name(row: list[str], level: int, *, styled: bool) -> list[str]:
        text = f"<p style='text-indent:{level * 20}px'>{row[1]}</p>" if styled else "&nbsp;" * 4 * level + row[1]
        return [text, *row[2:]]

    for styled in (True, False):
        rows = [HEADER[1:], *(name(row, level, styled=styled) for row, level in zip(ROWS[1:], (0, 0, 1, 2, 2), strict=True))]
        lines = read_document(f"<html>{ABOVE}{table(rows)}</html>".encode(), Hint()).lines
        assert {line.code for line in lines} == {None, "201", "20103", "2010301", "2010302"}


def test_sentences_in_paragraphs_are_the_narrative() -> None:
    said = (
        "<div>清风数据局2024年部门预算</div><p>一、部门预算收支情况</p><p>清风数据局2024年收入预算总计100.00万元，其中：财政拨款收入90.00万元，"
        "事业收入10.00万元。</p><p>支出预算总计100.00万元，其中：基本支出60.00万元，项目支出40.00万元。</p>"
    )
    checked = read_document(f"<html>{said}</html>".encode(), Hint())
    assert {line.amount for line in checked.lines} == {
        Decimal(n).quantize(Decimal("0.01")) for n in (1000000, 900000, 100000, 600000, 400000)
    }
    assert {(line.page, line.x0, line.cell) for line in checked.lines} == {(1, None, None)}


UNITED = "<tr><td colspan=5>2024年一般公共预算支出表</td></tr><tr><td colspan=3>部门：清风数据局</td><td colspan=2>单位：元</td></tr>"


def test_titles_in_cells_part_the_statements_of_one_table() -> None:
    first = [["2024年部门支出总表", "", "", "", ""], ["部门：清风数据局", "", "", "", "单位：万元"], *ROWS]
    yuan = [[f"{float(text) * 10_000:.0f}" if "." in text else text for text in row] for row in ROWS]
    together = table(first).removesuffix("</table>") + UNITED + table(yuan).removeprefix("<table>")
    assert amounts(f"<p>2024年部门预算</p>{together}") == WHOLE * 2
    lines = list(read_document(together.encode(), Hint(department="清风数据局", fiscal_year=2024)).lines)
    assert [line.unit_text for line in lines] == ["万元"] * 13 + ["元"] * 13


def test_a_header_in_a_table_of_its_own_belongs_to_the_next() -> None:
    assert amounts(ABOVE + f"<div>{table([HEADER])}</div><div>{table(ROWS[1:])}</div>") == WHOLE


def test_the_mark_of_a_note_is_no_digit() -> None:
    rows = [[f"{text}<sup>[1]</sup>" if "." in text else text for text in row] for row in ROWS]
    assert amounts(ABOVE + table(rows)) == WHOLE
    assert "12 m2" in texts(read("<p>12 m<sup>2</sup></p>"))


def test_what_a_class_or_no_size_hides_is_not_read() -> None:
    beside = [[*row, "<td class=gone>7.77</td><td style='font-size:0px'>8.88</td>"] for row in ROWS]
    style = "<style>@media print { .paper { display:none } } .gone{mso-ignore:colspan;display:none}</style>"
    assert (
        amounts(style + ABOVE.replace("<p>", "<p class=paper>") + table(beside).replace("<td><td", "<td").replace("</td></td>", "</td>"))
        == WHOLE
    )


def test_a_class_that_is_hidden_inside_another_element_is_shown_elsewhere() -> None:
    style = "<style>.menu .content{display:none} #top\n.content{display:none}\n<!-- .gone, p.gone{display:none} --></style>"
    assert amounts(f"{style}<div class=content>{ABOVE}{table(ROWS)}</div><p class=gone>7.77</p>") == WHOLE


@pytest.mark.parametrize(("declared", "encoding"), [("utf-8", "gb18030"), ("gb2312", "utf-8")])
def test_a_page_that_says_another_encoding_than_its_own(declared: str, encoding: str) -> None:
    data = f"<html><meta charset={declared}><body>{ABOVE}{table(ROWS)}</body></html>".encode(encoding)
    assert amounts(data) == WHOLE
    assert any(f"and is {encoding}." in warning for warning in read_content(data).warnings)


def test_amounts_in_paragraphs_of_their_own_are_known_to_be_missing() -> None:
    page = read(ABOVE + "".join(f"<div>{text}</div>" for row in ROWS for text in row)).pages[0]
    assert len(page.loose_amounts) == 13


def test_a_workbook_that_is_a_web_page_is_read_as_one() -> None:
    above = "<tr><td colspan=5>2024年部门支出总表</td></tr><tr><td colspan=3>部门：清风数据局</td><td colspan=2>单位：万元</td></tr>"
    data = f"<table>{above}{table(ROWS)[7:]}"
    assert media_type(data.encode("gbk")) == HTML
    assert amounts(data.encode("gbk")) == WHOLE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<script>show()</script>", "shows no text without running its scripts"),
        ("<iframe src=main.htm></iframe>首页", "frames, which are other files"),
        ("<div>" * 100_000 + "x", "nested more than 2000 deep"),
        ("<em>" * 600 + "x", "nested more than 200 deep"),
        ("<table><tr>" + "<td colspan=1000>1" * 10, "more than 2000 columns"),
        ("<table>" + "<tr><td>1<td>2" * 200_000, None),
        (("<table><tr><td>1<td colspan=1000 rowspan=65534>2" + "<tr><td>1" * 2000), "more than 1000000 cells"),
        ("<table><tr><td>甲<td>" * 120 + "乙", "nested more than"),
    ],
)
def test_a_hostile_page_says_why(body: str, reason: str | None) -> None:
    if reason is None:
        assert read(body).pages
        return
    with pytest.raises(UnreadableDocument, match=reason):
        read(body)


def test_a_page_of_frames_says_that_its_content_is_elsewhere() -> None:
    with pytest.raises(UnreadableDocument, match="frames, which are other files"):
        read_content(b"<html><frameset><frame src=left.htm><frame src=main.htm></frameset></html>")


NAMED = "成都市水务局2024年部门预算"


def said(head: str, body: str) -> tuple[object, object, object]:
    above = "<p>部门支出总表</p><p>单位：万元</p>"
    document = read_document(f"<html><head>{head}</head><body>{body}{above}{table(ROWS)}</body></html>".encode(), Hint()).document
    return document["status"], document["department"], document["fiscal_year"]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", f"<h1>{NAMED}</h1>"),
        (f"<title>{NAMED}-成都市人民政府</title>", ""),
        (f"<title>部门预决算_{NAMED}_成都市财政局</title>", ""),
        (f"<meta name=ArticleTitle content='{NAMED}'><meta name=SiteName content=成都市财政局><title>成都市财政局</title>", ""),
        ("", f"<div>当前位置：<a href=/>首页</a> &gt; <a href=/a>成都市财政局</a> &gt; <span>{NAMED}</span></div>"),
        ("<title>成都市水务局2023年部门预算</title>", f"<h1>{NAMED}</h1>"),
        ("<title>成都市水务局2023年部门预算</title>", f"<table><tr><td>首页<td><p>{NAMED}</p></table>"),
    ],
)
def test_what_a_page_is_called_is_its_title_where_its_text_has_none(head: str, body: str) -> None:
    assert said(head, body) == ("published", "成都市水务局", 2024)


@pytest.mark.parametrize("head", ["<title>成都市财政局</title>", "<meta name=SiteName content='成都市财政局2024年'>"])
def test_what_a_site_is_called_is_no_title(head: str) -> None:
    assert said(head, "<div>首页 &gt; 成都市财政局 &gt; 2024年部门预算</div>") == ("published", None, 2024)


def test_who_publishes_is_not_whose_budget_it_is() -> None:
    """Nor is a year of the site's own, of no budget, the document's."""
    assert said("<title>成都市财政局2024年部门预算公开</title>", "<p>成都市水务局</p>")[1] != "成都市财政局"
    assert said("<title>成都市2019年重点领域信息公开</title>", "<p>成都市水务局部门预算</p>")[2] != 2019


def test_signs_in_a_sentence_are_no_way_to_a_page() -> None:
    body = f"<p>首页数据：收入&gt;支出&gt;0，其中基本支出&gt;项目支出</p>{table(ROWS)}"
    (page,) = read_content(f"<html><body>{body}</body></html>".encode()).pages
    assert not any(line.text == "项目支出" and not line.in_grid for line in page.lines)


def test_paragraphs_in_rows_of_their_own_are_the_narrative() -> None:
    said = [
        ["清风数据局2024年部门预算"],
        ["一、部门预算收支情况"],
        ["2024年收入预算100.00万元，其中：财政拨款收入90.00万元，事业收入10.00万元。"],
        ["收入比上年增加5.00万元，主要原因是任务增加。"],
    ]
    checked = read_document(f"<html>{table(said)}</html>".encode(), Hint())
    assert [line.amount_text for line in checked.lines] == ["100.00", "90.00", "10.00"]
    assert [(str(row["change_amount"]), row["reason"]) for row in checked.year_on_year] == [("50000.00", "任务增加")]


def test_title_and_unit_in_rows_of_their_own_stand_above_the_table() -> None:
    above = table([["2024年部门支出总表"], ["部门：清风数据局　　单位：万元"]])
    assert amounts(above + table(ROWS)) == WHOLE


def test_a_column_of_amounts_is_no_text() -> None:
    assert [len(found) for found in cells(read(ABOVE + table([["300.50"], ["200.25"], ["100.25"], ["40.00"]])))] == [4]
