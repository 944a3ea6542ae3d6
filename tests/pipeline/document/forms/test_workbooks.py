"""Workbooks as offices really save them: what they show is read, what they hide is told, what cannot be read says why."""

from __future__ import annotations

import base64
import contextlib
import datetime
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from pipeline.budget.line import Line
from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.forms import packages, workbook_parts
from pipeline.document.forms.number_formats import GENERAL, built_in, decimal_of, number_format
from pipeline.document.forms.old_workbook import old_sheet_parts
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Hint, look_here
from pipeline.document.media_types import CSV, ENCRYPTED, ODS, TEXT, XLS, XLSB, XLSM, XLSX, media_type
from pipeline.document.registry import read_content
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from tests.pipeline.document.compound import compound_file
from tests.pipeline.document.forms.spending_sheet import BODY, HEADER, ROWS, TITLE, UNIT

Book = xlsxwriter.Workbook
Sheet = xlsxwriter.worksheet.Worksheet


def workbook(write: Callable[[Book], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book)
    return out.getvalue()


def table(sheet: Sheet, top: int = 0, left: int = 0, *, title: str = TITLE, rows: tuple[tuple[object, ...], ...] = ROWS) -> int:
    """Write a statement with its title; return the row below it."""
    if title:
        sheet.write(top, left, title)
        sheet.write(top + 1, left, BODY)
        sheet.write(top + 1, left + 4, UNIT)
        top += 2
    for r, row in enumerate((HEADER, *rows), start=top):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, left + c, value) if not isinstance(value, str) else sheet.write_string(r, left + c, value)
    return top + len(rows) + 1


def read(write: Callable[[Book], None]) -> Checked:
    return read_document(workbook(write), Hint(fiscal_year=2024))


def lines(checked: Checked) -> list[Line]:
    return [line for line in checked.lines if line.source == "table"]


def amounts(checked: Checked) -> dict[str | None, Decimal]:
    return {line.cell: line.amount for line in lines(checked)}


def details(checked: Checked) -> str:
    return " ".join(str(row["detail"]) for row in checked.findings)


WHOLE = {
    "C4": Decimal("3005000.00"),
    "D4": Decimal("2002500.00"),
    "E4": Decimal("1002500.00"),
    "C5": Decimal("3005000.00"),
    "D5": Decimal("2002500.00"),
    "E5": Decimal("1002500.00"),
    "C6": Decimal("3005000.00"),
    "D6": Decimal("2002500.00"),
    "E6": Decimal("1002500.00"),
    "C7": Decimal("2002500.00"),
    "D7": Decimal("2002500.00"),
    "C8": Decimal("1002500.00"),
    "E8": Decimal("1002500.00"),
}


def test_a_plain_sheet_is_read_with_the_addresses_of_its_cells() -> None:
    checked = read(lambda book: table(book.add_worksheet("表一")))
    assert amounts(checked) == WHOLE
    assert {line.statement for line in lines(checked)} == {"expenditure_summary"}
    assert {line.page for line in lines(checked)} == {1}
    assert {(line.x0, line.y0, line.x1, line.y1) for line in lines(checked)} == {(None,) * 4}
    assert checked.document["reader"] == "calamine" and checked.document["pages"] == 1
    assert checked.document["department"] == "清风数据局"


def test_a_blank_column_and_a_table_away_from_the_corner_change_only_addresses() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        for r, row in enumerate(((TITLE,), (BODY, None, None, UNIT), HEADER, *ROWS), start=3):
            for c, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(r, c + 2 + (c > 1), value)  # column E is blank

    found = amounts(read(write))
    assert list(found.values()) == list(WHOLE.values())
    assert list(found)[:3] == ["F7", "G7", "H7"]


def test_merged_cells_in_title_header_and_body() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("A1:E1", TITLE)
        sheet.merge_range("A2:C2", BODY)
        sheet.merge_range("D2:E2", UNIT)
        sheet.merge_range("A3:B3", "功能分类科目")
        sheet.merge_range("C3:C4", "合计")
        sheet.merge_range("D3:E3", "其中")
        for c, text in ((0, "科目编码"), (1, "科目名称"), (3, "基本支出"), (4, "项目支出")):
            sheet.write(3, c, text)
        sheet.merge_range("A5:B5", "合计")
        for r, row in enumerate(ROWS, start=4):
            for c, value in enumerate(row):
                if value not in (None, "") and (r, c) != (4, 1):
                    sheet.write(r, c, value)

    found = amounts(read(write))
    assert list(found.values()) == list(WHOLE.values())
    assert list(found)[:3] == ["C5", "D5", "E5"]


def test_what_is_hidden_is_told_and_not_published() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        table(sheet)
        sheet.write("F4", 777.77)
        sheet.set_column("F:F", None, None, {"hidden": True})
        sheet.write_row("A9", ("2010399", "其他支出", 55.5, 55.5))
        sheet.set_row(8, None, None, {"hidden": True})
        hidden = book.add_worksheet("草稿")
        table(hidden)
        hidden.hide()

    checked = read(write)
    assert amounts(checked) == WHOLE
    assert "sheet 1 (表一) hidden rows hold values that were not read: 9." in details(checked)
    assert "hidden columns hold values that were not read: F." in details(checked)
    assert "Sheet 2 (草稿) is hidden" in details(checked)
    assert checked.document["pages"] == 2


def test_a_merged_title_shows_although_its_first_column_is_hidden() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        table(sheet, 0, 1, title="")
        for r in range(6, -1, -1):
            sheet.set_row(r, 15)
        sheet.set_column("A:A", None, None, {"hidden": True})

    assert len(amounts(read(write))) == 0  # nothing says what the table is

    def titled(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("A1:F1", f"{TITLE}（单位：万元）")
        table(sheet, 1, 1, title="")
        sheet.set_column("A:A", None, None, {"hidden": True})

    assert list(amounts(read(titled)).values()) == list(WHOLE.values())


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_two_statements_on_one_sheet(gap: int) -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("全部")
        below = table(sheet) + gap
        table(sheet, below, title="2024年一般公共预算支出表")

    checked = read(write)
    assert [line.statement for line in lines(checked)] == ["expenditure_summary"] * 13 + ["general_public_by_function"] * 13
    assert checked.document["statements"] == ["expenditure_summary", "general_public_by_function"]


def test_a_blank_row_amid_a_table_does_not_end_it() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        below = table(sheet, rows=ROWS[:3])
        for r, row in enumerate(ROWS[3:], start=below + 1):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)

    checked = read(write)
    assert list(amounts(checked).values()) == list(WHOLE.values())
    assert {line.statement_no for line in lines(checked)} == {1}


def test_a_group_row_amid_a_table_is_no_title() -> None:
    rows = (*ROWS[:3], ("", "其中：", None, None, None), *ROWS[3:])
    checked = read(lambda book: table(book.add_worksheet("表一"), rows=rows))
    assert list(amounts(checked).values()) == list(WHOLE.values())


def test_the_total_may_stand_above_the_header_of_a_note_below() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        below = table(sheet)
        sheet.write(below, 0, "注：本表金额单位转换时可能存在尾数误差，共 123.45 万元。")

    assert amounts(read(write)) == WHOLE


def test_numbers_stored_as_text_are_read() -> None:
    rows = tuple((code, name, *("" if v is None else f" {v:,.2f} " for v in values)) for code, name, *values in ROWS)
    checked = read(lambda book: table(book.add_worksheet("表一"), rows=rows))
    assert amounts(checked) == WHOLE
    assert {line.amount_text for line in lines(checked)} == {"300.50", "200.25", "100.25"}


def test_codes_stored_as_numbers_are_read() -> None:
    rows = tuple((int(code) if code else "", *rest) for code, *rest in ROWS)
    checked = read(lambda book: table(book.add_worksheet("表一"), rows=rows))
    assert [line.code for line in lines(checked)][-1] == "2010302"


@pytest.mark.parametrize("where", ["sheet", "title"])
def test_the_unit_may_stand_in_the_name_of_the_sheet_or_beside_the_title(where: str) -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("支出总表（万元）" if where == "sheet" else "支出")
        sheet.write(0, 0, TITLE if where == "sheet" else f"{TITLE}（万元）")
        table(sheet, 1, title="")

    assert {line.unit_text for line in lines(read(write))} == {"万元"}


def test_a_sheet_may_be_named_by_its_tab_alone() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("支出总表")
        sheet.write(0, 4, UNIT)
        table(sheet, 1, title="")

    checked = read(write)
    assert {line.statement for line in lines(checked)} == {"expenditure_summary"}


def test_errors_dates_and_formulas_without_a_value_are_no_amounts_and_are_told() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        table(sheet)
        sheet.write_formula("C8", "=C99", None, "#REF!")
        sheet.write_datetime("E8", datetime.datetime(2024, 3, 15), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula("D7", "=SUM(C7)", None, "")

    checked = read(write)
    assert amounts(checked) == {cell: amount for cell, amount in WHOLE.items() if cell not in ("C8", "E8", "D7")}
    assert "1 cells hold errors instead of values: C8." in details(checked)
    assert "1 cells have a formula and no stored value: D7." in details(checked)
    assert checked.document["amounts_printed"] == checked.document["amounts_captured"] + 1  # the date has digits


def test_numbers_are_exact_whatever_their_format_rounds_to() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        table(sheet)
        for cell, value, form in (
            ("C4", 0.1 + 0.2, "#,##0.00"),
            ("D4", 1234567.891, "#,##0"),
            ("E4", 33.33333333333333, "0.00"),
            ("C5", 0, '#,##0.00;-#,##0.00;"-"'),
            ("D5", 0, "0.00;-0.00;;@"),
            ("E5", 0, "0.00"),
            ("C6", -12.5, "#,##0.00_);(#,##0.00)"),
            ("D6", 0.085, "0.00%"),
        ):
            sheet.write_number(cell, value, book.add_format({"num_format": form}))

    found = {line.cell: (line.amount_text, line.amount) for line in lines(read(write))}
    assert found["C4"] == ("0.30", Decimal("3000.00"))
    assert found["D4"] == ("1,234,567.891", Decimal("12345678910.00"))
    assert found["E4"] == ("33.333333", Decimal("333333.33"))
    assert "C5" not in found and "D5" not in found
    assert found["E5"] == ("0.00", Decimal("0.00"))
    assert found["C6"] == ("-12.50", Decimal("-125000.00"))
    assert "D6" not in found


def test_a_sheet_that_shows_no_zeros_prints_none() -> None:
    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        table(sheet)
        sheet.write("E7", 0)
        sheet.hide_zero()

    assert amounts(read(write)) == WHOLE


def test_indentation_in_the_format_of_cells_is_that_of_names() -> None:
    names = ((0, "合计"), (0, "一般公共服务支出"), (1, "政府办公厅（室）及相关机构事务"), (2, "行政运行"), (2, "一般行政管理事务"))

    def write(book: Book) -> None:
        sheet = book.add_worksheet("表一")
        for r, texts in enumerate(((TITLE,), (BODY, "", "", UNIT), HEADER[1:])):
            sheet.write_row(r, 0, texts)
        for r, ((indent, name), row) in enumerate(zip(names, ROWS, strict=True), start=3):
            sheet.write(r, 0, name, book.add_format({"indent": indent}))
            sheet.write_row(r, 1, list(row[2:]))

    assert {line.code for line in lines(read(write))} == {None, "201", "20103", "2010301", "2010302"}


# --- formats of numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("General", 1234.5, "1234.5"),
        ("0.00", 1234.5, "1234.50"),
        ("#,##0.00", 1234.5, "1,234.50"),
        ("#,##0", 1234.0, "1,234"),
        ("00", 8.0, "08"),
        ("0000000", 2010301.0, "2010301"),
        ("0.0%", 0.123, "12.3%"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0, "-"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 5.5, "5.50"),
        ('[红色]#,##0.00"万元"', 5.5, "5.50万元"),
        ('0"人"', 12, "12人"),
        ('0\\.0,"万"', 3005000.0, "300.5万元"),
        ("0!.0000", 3005000.0, "300.5000"),
        ("#,##0.00,", 3005000.0, "3,005.00"),
        ("#,##0.00,,", 3005000.0, "3.005"),
        ("0.00%", 0.5, "50.00%"),
        (";;;", 5.5, ""),
        (";;;", 0, ""),
        ('General"万元"', 300.5, "300.5万元"),
        ("0.00;;;", 0, ""),
        ("#,##0.0000", 1e15, "1,000,000,000,000,000.0000"),
    ],
)
def test_the_text_of_a_number(code: str, value: float, text: str) -> None:
    assert number_format(code).text(value) == text


def test_a_stored_number_is_its_digits() -> None:
    assert [str(decimal_of(v)) for v in (0.1 + 0.2, 100.0, 1e6, 7, 2.675, 1 / 3)] == ["0.3", "100", "1000000", "7", "2.675", "0.333333"]
    assert built_in("4").text(1234) == "1,234.00" and built_in("49") is GENERAL


# --- tables of text --------------------------------------------------------------------------------------------------


def separated(separator: str, encoding: str = "utf-8-sig") -> bytes:
    rows = ((TITLE, "", "", "", ""), (BODY, "", "", "", UNIT), HEADER, *ROWS)
    texts = [["" if value is None else f"{value:,.2f}" if isinstance(value, float) else value for value in row] for row in rows]
    return "\r\n".join(separator.join(f'"{t}"' if separator in t else t for t in row) for row in texts).encode(encoding)


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_text_is_a_sheet(separator: str, encoding: str) -> None:
    data = separated(separator, encoding)
    assert media_type(data) == CSV
    assert amounts(read_document(data, Hint())) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "支出总表\n201 一般公共服务支出 133,340,000 133,340,000\n20103 政府办公厅 133,340,000 133,340,000\n合计 133,340,000 133,340,000\n",
        "基本支出 1,234,567\n项目支出 2,234,567\n合计 3,469,134\n结余 1,234,567\n",
        "1,234,567\n2,234,567\n3,469,134\n1,234,567\n",
        "部门预算,情况说明\n一、收入\n二、支出\n三、其他\n",
    ],
)
def test_a_dump_of_words_is_no_table_of_text(text: str) -> None:
    assert media_type(text.encode()) == TEXT


def test_a_csv_in_a_folder_is_a_document(tmp_path: Path) -> None:
    (tmp_path / "支出.csv").write_bytes(separated(","))
    assert [media_type(source.read()) for source in collect([tmp_path], look_here)] == [CSV]


# --- what cannot be read ---------------------------------------------------------------------------------------------


def packed(parts: dict[str, bytes], data: bytes | None = None) -> bytes:
    """A package with parts of its own, beside those of another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        if data is not None:
            with zipfile.ZipFile(io.BytesIO(data)) as old:
                for name in old.namelist():
                    if name not in parts:
                        package.writestr(name, old.read(name))
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def plain() -> bytes:
    return workbook(lambda book: table(book.add_worksheet("表一")))


SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def sheet_xml(rows: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet {SPREADSHEET}><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: plain()[:2000], "damaged or cut off"),
        (lambda: packed({SHEET: b"<worksheet"}, plain()), "XML is damaged"),
        (lambda: packed({"xl/other.bin": bytes(20 << 20)}, plain()), "unpacks to more than 500 times"),
        (
            lambda: packed(
                {SHEET: sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}, plain()
            ),
            "reaches over 1048576 rows and 16384 columns",
        ),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook\0".encode("utf-16-le"), "damaged"),
        (lambda: workbook(lambda book: None), "shows no text"),
    ],
)
def test_a_bad_workbook_says_why(data: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        read_content(data())
    assert str(caught.value).endswith(".")


def test_entities_of_a_hostile_workbook_are_not_resolved() -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>'
    with pytest.raises(UnreadableDocument):
        read_content(packed({SHEET: sheet_xml(rows, BOMB.decode())}, plain()))
    external = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(UnreadableDocument):
        read_content(packed({SHEET: sheet_xml(rows, external)}, plain()))


def test_a_million_empty_rows_cost_nothing() -> None:
    empty = "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(20, 1_000_020))
    data = packed({SHEET: sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>支出总表</t></is></c></row>' + empty)}, plain())
    content = read_content(data)
    assert [line.text for line in content.pages[0].lines] == ["表一", "支出总表"]


def test_a_package_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_BYTES", 1 << 20)
    with pytest.raises(UnreadableDocument, match="unpacks to more than 1 MiB"):
        read_content(packed({"xl/other.bin": bytes(1 << 20)}, plain()))


def test_the_size_of_a_sheet_is_proven_before_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_PLACES", 10)
    with pytest.raises(UnreadableDocument, match="more than 10 cells"):
        read_content(plain())


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"xl/workbook.xml": b""}, XLSX),
        ({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""}, XLSM),
        ({"xl/workbook.bin": b""}, XLSB),
        ({"inner/xl/workbook.xml": b""}, "application/zip"),
        ({"a.xlsx": b"PK\x03\x04 xl/workbook.xml"}, "application/zip"),
    ],
)
def test_a_package_is_told_by_the_names_of_its_parts(parts: dict[str, bytes], kind: str) -> None:
    assert media_type(packed(parts)) == kind


def test_other_workbooks_are_told() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert media_type(ole + "Workbook\0".encode("utf-16-le")) == XLS
    assert media_type(ole + "EncryptedPackage".encode("utf-16-le")) == ENCRYPTED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert media_type(out.getvalue()) == ODS


# --- the old binary format -------------------------------------------------------------------------------------------

OLD_WORKBOOK = (
    "c-rk)ZD<r{5Psgh-P^t7KGUcqg%AQ-tAQr5KeR>94>W)D>Lpf7E7qt-S`4R6Lr7Zu_8<_Xq6k`oa1fCGi3;Ke_Vb@eX>3Icf+cAw6$;XVf{122"
    "Gxy&0E?v-om8RS*J3BM)JI~C$U$eK@Mq^{yv$f-xL`&eqgd2dr$foEH<drC>-E~>aKOMT=GEFNAI5d%d3ztLR+B}Cm-{UZF#{7mj@H5>Tu@i|M"
    "=~Vr5q~(%BhvFO-E0flqfg!rXsFA#?gl`r8g7DMQ_jBP(#d1jaV(L4l-o|J=F>j$>$8Q-8(iSGJa6x=-iKQ7caD~_Lp2I5F*TS;y_dB}&n+<hl"
    "5W}FEYfYt7-5p(HsHQ0##(lRQxR>9nU)PuI&)2R%_6MbQ+rxg;FoC^rH!EI<83b|8<Q7A{l6siTpaMTRJl#r-W*!l*mgO!-abG1=3!2b^SJAWS"
    "&fz=9*yZ)j?+rLmtk$|#`n%&hQ|YZsH(F3{wy$}k*0mEWlC+z?@4wqSbC2rNVrbnT{gi;SE;~q;hZ`C@8H>dJ<9B;m^Z_kR%>;}@<NmJX2gy)p"
    "wv8JsX=qvyfr_VwHl1wiN@m&}cle!vd$s*R?}y3PIuCXZCbDg|?%32!u&W2+scWCC9w-=FG&DD4Klb+&dn{T+9=*w%36596HAv2^XvvuslARnR"
    "z6}wPW3r#4RFxim_U8|4wycf6E0(=dr({qun};7R_OVBB7x`Os9jS~+t%DJkp1GRGQRWH4eBt{g%8Me`3a=(#dd^upLkp`8NS}k!I)~ye5V{_J"
    "sYsqna_0Bs#k$Nd@s~*+X&wKldgRA=77Y}6o8+l*0FA0qeR_iFQat}u`W(D1yyhQgqGLpL?yfH35j;kPh%xz%Um`4H5!086-3GT?B)5KL3WD-L"
    "P=dfQa+*mREfVooCEkXIw;|r9_Rh_gRnQF5`~}TNnqAO1j-%rkC2@QnaeRWzSYM!yG)5l0!M5KPGCws0jbI6e>49NNt^u8aDToys(R?DJ<$-7k"
    "Vx>m31Tm-)ttTS-JrMnZ7}AJ-K@1CG6=_BRi@8t6&R;Tiwg;vym=TR>3uaW0ye*iVnPoVn@f^)k9L<&)nw+y!gkP`m9l?)jd`IxBbk2_8UtSN*"
    "b2&SOoPX6TkjcanqYCGFNm1SZo1W!Kfk`Jt{$x-EK3z`+<#{s5KL8$8c#UeA%2cK@m1+7D*DkIHKB=V8?<<h%&);<((>+oCO!B{_Hte9QhyIqX"
    "M4F!6=%3R1nF&kfvD8!g<i8g(ZJ_Ag*p4ld$Mz|&UwX??#lPpN9iz`~3r#it#8mS9m*f8hC?I*="
)
"""A workbook in the binary format of Excel 97, packed: this module's statement, its title merged over five columns; row 9, column F and a
second sheet hidden; an error in D8."""


def test_a_workbook_of_the_old_format_is_read_without_what_it_hides() -> None:
    data = zlib.decompress(base64.b85decode(OLD_WORKBOOK))
    assert media_type(data) == XLS
    checked = read_document(data, Hint())
    assert amounts(checked) == WHOLE
    for told in (
        "On sheet 1 (支出) hidden rows hold values that were not read: 9.",
        "On sheet 1 (支出) hidden columns hold values that were not read: F.",
        "On sheet 1 (支出) 1 cells hold errors instead of values: D8.",
        "Sheet 2 (藏) is hidden: it was not read.",
    ):
        assert told in details(checked)


def old_workbook(*records: tuple[int, bytes]) -> bytes:
    """A compound file whose only stream has records; its first sheet begins behind those of the workbook."""
    stream = b"".join(struct.pack("<HH", kind, len(record)) + record for kind, record in records).ljust(4096, b"\0")
    return compound_file({"Workbook": stream})


def test_how_a_workbook_of_the_old_format_shows_numbers() -> None:
    code = "0\\.0,"
    begin, end = (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), (0x0A, b"")
    styles = [(0xE0, struct.pack("<HH", 0, number).ljust(20, b"\0")) for number in (0, 164, 4)]
    own = (0x41E, struct.pack("<HHB", 164, len(code), 0) + code.encode())
    before = sum(4 + len(record) for _, record in (begin, own, *styles, end)) + 4 + 8
    cells = [
        (0x203, struct.pack("<HHHd", 3, 2, 1, 3005000.0)),
        (0xBD, struct.pack("<HHHIHIH", 4, 2, 2, 0, 1, 0, 3)),
        (0x203, struct.pack("<HHHd", 5, 2, 0, 1.0)),
    ]
    data = old_workbook(begin, own, *styles, (0x85, struct.pack("<IHH", before, 0, 0)), end, begin, *cells, end)
    (parts,) = old_sheet_parts(data)
    assert parts.formats == {(3, 2): number_format(code), (4, 2): built_in("4"), (4, 3): number_format(code)}
    assert parts.formats[3, 2].text(3005000.0) == "300.5"


def test_a_damaged_workbook_of_the_old_format_says_so_or_is_read() -> None:
    data = zlib.decompress(base64.b85decode(OLD_WORKBOOK))
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_content(data[:2000])
    draw = Random(1)
    for _ in range(200):
        broken = bytearray(data)
        for _ in range(20):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        with contextlib.suppress(UnreadableDocument):
            old_sheet_parts(bytes(broken))


# --- OpenDocument ----------------------------------------------------------------------------------------------------


def open_document(rows: str) -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    text = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f'<office:body><office:spreadsheet><table:table table:name="表一">{rows}</table:table></office:spreadsheet></office:body>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", f'<?xml version="1.0"?><office:document-content {names} {text}>{body}</office:document-content>')
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


HIDDEN = 'table:visibility="collapse"'


def test_an_open_document_sheet_is_read() -> None:
    def cell(value: object) -> str:
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' if value else "<table:table-cell/>"
        )

    def sheet(rows: Sequence[Sequence[object]], unseen: str = "") -> str:
        drawn = f"<table:table-cell><table:table><table:table-row {HIDDEN}/></table:table></table:table-cell>"
        columns = f'<table:table-column table:number-columns-repeated="5"/><table:table-column {HIDDEN}/>'
        rest = f'<table:table-row table:number-rows-repeated="1048000" {HIDDEN}>{drawn}</table:table-row>'
        return columns + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows) + unseen + rest

    rows = ((TITLE,), (BODY, "", "", "", UNIT), HEADER, *ROWS)
    assert amounts(read_document(open_document(sheet(rows)), Hint())) == WHOLE
    beside = [(*row, 7.0) for row in rows[3:]]
    unseen = f"<table:table-row table:number-rows-repeated='2' {HIDDEN}>{''.join(map(cell, ROWS[-1]))}</table:table-row>"
    checked = read_document(open_document(sheet((*rows[:3], *beside), unseen)), Hint())
    assert amounts(checked) == WHOLE
    assert "hidden columns hold values that were not read: F" in details(checked)
    assert f"hidden rows hold values that were not read: {len(rows) + 1}-{len(rows) + 2}" in details(checked)


def test_pages_of_a_workbook_are_its_sheets() -> None:
    def write(book: Book) -> None:
        book.add_worksheet("空")
        table(book.add_worksheet("表一"))

    content: Content = read_content(workbook(write))
    assert [page.number for page in content.pages] == [1, 2] and content.sheets == 2
    assert not content.printed and not content.pages[0].grids
