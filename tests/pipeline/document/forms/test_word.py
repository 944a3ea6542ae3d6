"""Word documents: text and tables as they stand with all tracked changes accepted; old formats say what to do."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from PIL import Image

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import DOC, DOCX, OFD, RTF, media_type
from pipeline.document.registry import read_content
from pipeline.stages.reading import read_document
from tests.pipeline.document.forms.test_web_pages import HEADER, ROWS, WHOLE, cells, texts

ABOVE = ("2024年部门支出总表", "部门：清风数据局\t单位：万元")


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def statement(rows: list[list[str]] = ROWS, above: tuple[str, ...] = ABOVE) -> Document:
    document = docx.Document()
    for text in above:
        document.add_paragraph(text)
    table = document.add_table(len(rows), len(rows[0]))
    for row, own in zip(rows, table.rows, strict=True):
        for text, cell in zip(row, own.cells, strict=True):
            cell.text = text
    return document


def amounts(data: bytes) -> list[str]:
    return [str(line.amount) for line in read_document(data, Hint()).lines if line.source == "table"]


def xml(body: str) -> bytes:
    """A document with this in its body."""
    document = docx.Document()
    for node in parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"):
        document.element.body.append(node)
    return saved(document)


def read_xml(body: str) -> Content:
    return read_content(xml(body))


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_a_document_is_read_with_tables_in_order_and_addresses() -> None:
    data = saved(statement())
    assert media_type(data) == DOCX
    checked = read_document(data, Hint())
    lines = [line for line in checked.lines if line.source == "table"]
    assert [str(line.amount) for line in lines] == WHOLE
    assert [(line.page, line.cell, line.x0) for line in lines[:2]] == [(1, "C2", None), (1, "D2", None)]
    assert checked.document["reader"] == "python-docx" and checked.document["department"] == "清风数据局"


def test_merged_cells() -> None:
    document = docx.Document()
    table = document.add_table(3, 4)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "金额"
    for r, c, text in ((1, 1, "合计"), (1, 2, "基本"), (1, 3, "项目支出"), (2, 0, "甲"), (2, 1, "3"), (2, 2, "1"), (2, 3, "2")):
        table.cell(r, c).text = text
    (found,) = cells(read_content(saved(document)))
    assert found[:3] == [("项目", "A1", 2, 1), ("金额", "B1", 1, 3), ("合计", "B2", 1, 1)]
    assert [(text, place) for text, place, _, _ in found[-4:]] == [("甲", "A3"), ("3", "B3"), ("1", "C3"), ("2", "D3")]


def test_a_table_in_a_cell_that_lays_out_the_page() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = ABOVE[0]
    cell.add_paragraph(ABOVE[1])
    inner = cell.add_table(len(ROWS), len(HEADER))
    for row, own in zip(ROWS, inner.rows, strict=True):
        for text, target in zip(row, own.cells, strict=True):
            target.text = text
    assert amounts(saved(document)) == WHOLE


def test_tracked_changes_are_read_as_accepted() -> None:
    said = (
        f"<w:p><w:ins>{run('收入')}</w:ins><w:del><w:r><w:delText>支出</w:delText></w:r></w:del>{run('总表')}"
        f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前')}</w:p><w:p>{run('后')}</w:p>"
    )
    assert texts(read_xml(said)) == ["收入总表新", "前后"]
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    replaced = f"<w:del><w:r><w:delText>8.00</w:delText></w:r></w:del><w:ins>{run('7.00')}</w:ins>"
    rows = (
        f"<w:tr>{cell.format(run('项目'))}{cell.format(run('金额'))}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell.format(run('删'))}{cell.format(run('9.00'))}</w:tr>"
        f"<w:ins><w:tr>{cell.format(run('甲'))}{cell.format(replaced)}</w:tr></w:ins>"
    )
    (found,) = cells(read_xml(f"<w:tbl>{rows}</w:tbl>"))
    assert [text for text, *_ in found] == ["项目", "金额", "甲", "7.00"]


def test_what_is_not_shown_is_not_read() -> None:
    vanished = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    field = "<w:r><w:instrText>HYPERLINK</w:instrText></w:r>"
    assert texts(read_xml(f"<w:p>{vanished}{field}{run('见')}</w:p>")) == ["见"]


def test_what_is_struck_through_is_left_out_and_told() -> None:
    struck = "".join(f"<w:r><w:rPr><w:{mark}/></w:rPr><w:t>9</w:t></w:r>" for mark in ("strike", "dstrike"))
    content = read_xml(f"<w:p>{struck}<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>7.00</w:t></w:r></w:p>")
    assert texts(content) == ["7.00"]
    assert content.warnings == ("2 pieces of text that are struck through were left out.",)


def test_controls_and_text_boxes_are_read() -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:pict></w:r>"
    assert texts(read_xml(f"<w:sdt><w:sdtContent><w:p>{run('控件')}</w:p></w:sdtContent></w:sdt><w:p>{run('正文')}{box}</w:p>")) == [
        "控件",
        "正文",
        "框内",
    ]


def test_names_indented_by_their_paragraphs() -> None:
    document = statement([row[1:] for row in ROWS])
    for row, level in zip(document.tables[0].rows[1:], (0, 0, 1, 2, 2), strict=True):
        row.cells[0].paragraphs[0].paragraph_format.left_indent = Pt(20 * level)
    lines = read_document(saved(document), Hint()).lines
    assert {line.code for line in lines} == {None, "201", "20103", "2010301", "2010302"}


def test_sentences_are_the_narrative_and_each_paragraph_is_one() -> None:
    document = docx.Document()
    long = "，".join(["其中：财政拨款收入90.00万元", "事业收入10.00万元"])
    for text in (
        "清风数据局2024年部门预算",
        "一、部门预算收支情况",
        f"清风数据局2024年收入预算总计100.00万元，{long}。",
        "支出预算总计100.00万元。",
    ):
        document.add_paragraph(text)
    lines = read_document(saved(document), Hint()).lines
    assert [str(line.amount) for line in lines] == ["1000000.00", "900000.00", "100000.00", "1000000.00"]


def test_the_mark_of_a_note_is_no_digit() -> None:
    document = statement()
    for row in document.tables[0].rows:
        for cell in row.cells:
            if "." in cell.text:
                cell.paragraphs[0].add_run("1").font.superscript = True
    assert amounts(saved(document)) == WHOLE
    document.add_paragraph("12 m").add_run("2").font.superscript = True
    assert "12 m2" in texts(read_content(saved(document)))


def test_titles_in_cells_part_the_statements_of_one_table() -> None:
    rows = [["2024年部门支出总表", *[""] * 4], ["部门：清风数据局", *[""] * 3, "单位：万元"], *ROWS]
    other = [["2024年一般公共预算支出表", *[""] * 4], ["部门：清风数据局", *[""] * 3, "单位：万元"], *ROWS]
    checked = read_document(saved(statement([*rows, *other], ("2024年部门预算",))), Hint(fiscal_year=2024))
    assert [line.statement for line in checked.lines] == ["expenditure_summary"] * 13 + ["general_public_by_function"] * 13


def test_large_pictures_are_told_and_seals_are_none() -> None:
    picture = io.BytesIO()
    Image.new("L", (40, 20), 255).save(picture, "PNG")
    document = statement()
    document.add_picture(picture, width=Cm(4), height=Cm(4))
    assert not read_content(saved(document)).warnings
    document.add_picture(picture, width=Cm(15), height=Cm(8))
    told = "1 large pictures of the document were not read: "  # what to do then, depends on what is installed
    assert [warning[: len(told)] for warning in read_content(saved(document)).warnings] == [told]
    box = parse_xml(f"<w:p {nsdecls('w')}><w:r><w:pict><w:txbxContent/></w:pict></w:r></w:p>")
    box[0][0][0].append(document.paragraphs[-1]._p)
    document.element.body.insert(0, box)
    assert [warning[: len(told)] for warning in read_content(saved(document)).warnings] == [told]


def changed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(statement()))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(statement())[:3000], "damaged or cut off"),
        (changed("word/document.xml", b"<w:document"), "XML is damaged"),
        (changed("word/document.xml", bytes(20 << 20)), "unpacks to more than 500 times"),
        (changed("word/document.xml", BODY % b""), "has no text"),
        (changed("[Content_Types].xml", b"<Types/>"), "main part cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "damaged or cut off"),
        (b"{\\rtf1 text}", "save it as DOCX or PDF"),
    ],
)
def test_a_bad_document_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        read_content(data)
    assert str(caught.value).endswith(".")


def test_entities_of_a_hostile_document_are_not_resolved() -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        read_content(changed("word/document.xml", BOMB + BODY % b"&b;&c;"))


def test_other_formats_are_told() -> None:
    assert media_type(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "WordDocument".encode("utf-16-le")) == DOC
    assert media_type(b"{\\rtf1 text}") == RTF
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("OFD.xml", "<OFD/>")
    assert media_type(out.getvalue()) == OFD


@pytest.mark.parametrize(("hair", "columns"), [(1, 0), (60, 0), (600, 1)])
def test_edges_that_miss_each_other_by_a_hair_are_one(hair: int, columns: int) -> None:
    """Rows drawn one by one, or converted from another format: every second row ends its last cell but one a hair further right."""
    own = len(ROWS[0])
    document = statement([[*row, ""] for row in ROWS])
    (table,) = document.tables
    for column, width in zip(table._tbl.tblGrid, [1200] * (own - 1) + [hair, 1200 - hair], strict=True):
        column.set(qn("w:w"), str(width))
    for r, row in enumerate(ROWS):
        cells_of_row, last = table.rows[r].cells, own - 2 + (r + 1) % 2  # the cell that the hair is part of
        cells_of_row[last].merge(cells_of_row[last + 1]).text = row[last]
        cells_of_row[own].text = row[own - 1] if last < own - 1 else row[last]
    (page,) = read_content(saved(document)).pages
    assert page.grids[0].columns == own + columns
    assert (amounts(saved(document)) == WHOLE) is not columns


def test_a_merge_that_goes_on_in_a_hair_wide_column_is_none() -> None:
    def merged(text: str, merge: str = "") -> str:
        mark = f'<w:tcPr><w:vMerge w:val="{merge}"/></w:tcPr>' if merge else ""
        return f"<w:tc>{mark}<w:p>{run(text) if text else ''}</w:p></w:tc>"

    rows = [
        merged("", "restart") + merged("A", "restart") + merged("1"),
        merged("", "continue") + merged("", "continue") + merged("2"),
        merged("") + merged("B") + merged("3"),
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (40, 2000, 2000))
    (page,) = read_xml(f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>").pages
    (table,) = page.grids
    assert table.columns == 2
    assert {cell.text: (cell.row, cell.column, cell.row_span) for cell in table.cells if cell.text} == {
        **{"A": (0, 0, 2), "1": (0, 1, 1), "2": (1, 1, 1)},
        **{"B": (2, 0, 1), "3": (2, 1, 1)},
    }


@pytest.mark.parametrize("kind", [b"vnd.ms-word.document.macroEnabled", b"vnd.openxmlformats-officedocument.wordprocessingml.template"])
def test_templates_and_documents_with_macros_are_read(kind: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(statement()))) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            data = package.read(name)
            made.writestr(name, data.replace(b"vnd.openxmlformats-officedocument.wordprocessingml.document.main", kind + b".main"))
    assert out.getvalue() != saved(statement())
    assert amounts(out.getvalue()) == WHOLE
