"""Tables that documents of text show as pictures are read as scans are: with how certain each number is, and told."""

from __future__ import annotations

import base64
import io
from functools import cache

import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from docx.shared import Cm
from PIL import Image

from pipeline.document import pdf_reader, pictures_in_text
from pipeline.document.content import Content, Page
from pipeline.document.inputs.sources import Hint
from pipeline.document.registry import read_content
from pipeline.document.scans.gray import Gray
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from tests.pipeline.document.scans.copier import Copier, needs_ocr
from tests.pipeline.document.scans.test_scans_of_layouts import printed
from tests.pipeline.document.sheets import Sheet, pdf

ABOVE = "清风数据局2024年部门预算公开说明，各表见下。"


@cache
def document() -> bytes:
    """A PDF of one statement."""
    return printed("plain", statements=1).data


@cache
def picture() -> Image.Image:
    """The page of the first statement, without the white around it, as it would be copied into a text."""
    page = Copier(slope=0, noise=0).pages(document())[-1]
    ink = np.argwhere(np.asarray(page) < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
    return page.crop((left - 8, top - 8, right + 8, bottom + 8))


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def in_pdf(image: Image.Image) -> bytes:
    sheet = Sheet(842, 842)
    sheet.text(60, 60, ABOVE)
    sheet.text(60, 90, "Text above the picture, as any page of a report has; 1,234.56 is spelt.")
    document = pdfium.PdfDocument(pdf(sheet))
    shown = pdfium.PdfImage.new(document)
    shown.set_bitmap(pdfium.PdfBitmap.from_pil(image))
    wide, high = (side * 72 / 200 for side in image.size)
    shown.set_matrix(pdfium.PdfMatrix().scale(wide, high).translate(60, 842 - 120 - high))
    page = document[0]
    page.insert_obj(shown)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_word(image: Image.Image) -> bytes:
    document = docx.Document()
    document.add_paragraph(ABOVE)
    document.add_picture(io.BytesIO(as_png(image)), width=Cm(16))
    document.add_paragraph("以上为部门预算公开表。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_web_page(image: Image.Image) -> bytes:
    shown = base64.b64encode(as_png(image)).decode()
    return f"<html><meta charset=utf-8><p>{ABOVE}</p><img src='data:image/png;base64,{shown}'><p>以上为部门预算公开表。</p>".encode()


FORMS = {"PDF": in_pdf, "Word": in_word, "web page": in_web_page}


def details(checked: Checked) -> list[str]:
    return [row["detail"] for row in checked.findings]


def web(body: str) -> Content:
    return read_content(f"<html><meta charset=utf-8><body><p>{ABOVE}</p>{body}</body></html>".encode())


@needs_ocr
@pytest.mark.parametrize("form", FORMS)
def test_a_pictured_table_is_read_with_its_confidence(form: str) -> None:
    checked = read_document(FORMS[form](picture()), Hint())
    lines = [line for line in checked.lines if line.source == "table"]
    stated = [line for line in read_document(document(), Hint()).lines if line.source == "table"]
    assert sorted(line.amount for line in lines) == sorted(line.amount for line in stated)
    assert all(line.confidence is not None and 0.5 < line.confidence <= 1 for line in lines)
    assert any("a machine recognised the text of a picture: it may err" in detail for detail in details(checked))
    assert not any("not read" in detail for detail in details(checked))


@needs_ocr
def test_the_text_beside_a_picture_stays_spelt() -> None:
    (page,) = read_content(in_pdf(picture())).pages
    assert page.recognised and page.numbers
    assert "1,234.56" in [word.text for word in page.numbers]
    (beside,) = page.pictures
    for grid in page.grids:
        assert beside.x0 <= grid.box.x0 and grid.box.x1 <= beside.x1 + 1 and beside.y0 <= grid.box.y0 and grid.box.y1 <= beside.y1 + 1
    spelt = next(word for word in page.numbers if word.text == "1,234.56")
    assert not page.is_recognised(spelt.box)
    assert page.is_recognised(page.recognised[0].box)


@pytest.mark.parametrize("form", FORMS)
def test_without_the_extra_it_is_told(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pipeline.document.pictures_in_text", "pipeline.document.pdf_reader"):
        monkeypatch.setattr(f"{module}.can_recognise", lambda: False)
    told = read_content(FORMS[form](picture())).warnings
    if form == "PDF":
        assert any("a picture beside the text shows a table: its numbers were not read" in warning for warning in told)
    else:
        assert told == ("1 large pictures of the document were not read, 1 of them tables: install yusuan[ocr] to have it recognised.",)


def test_pictures_of_a_pdf_are_recognised_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the document, not of each page: the pictures of later pages are told as tables that were not read."""
    asked: list[int] = []
    monkeypatch.setattr(pdf_reader, "MOST_PICTURES", 2)
    monkeypatch.setattr(pdf_reader, "can_recognise", lambda: True)

    def read(gray: Gray, scale: float, number: int) -> Page:
        asked.append(number)
        return Page(number, gray.shape[1] / scale, gray.shape[0] / scale, (), ())

    monkeypatch.setattr(pdf_reader, "read_table", read)
    data = in_pdf(picture())
    document = pdfium.PdfDocument.new()
    for _ in range(4):
        document.import_pages(pdfium.PdfDocument(data))
    out = io.BytesIO()
    document.save(out)
    (told,) = (warning for warning in read_content(out.getvalue()).warnings if "shows a table" in warning)
    assert (asked, told) == ([1, 2], "On pages 3-4 a picture beside the text shows a table: its numbers were not read.")


def test_what_shows_no_table_is_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures_in_text, "read_table", lambda *_: pytest.fail("it was read"))
    photograph = Image.effect_noise((900, 500), 90)
    assert "1 large pictures of the document were not read: " in read_content(in_word(photograph)).warnings[0]


def test_a_picture_that_cannot_be_opened_is_told() -> None:
    shown = base64.b64encode(bytes(9000)).decode()
    assert "1 large pictures of the document were not read" in web(f"<img src='data:image/png;base64,{shown}'>").warnings[0]


def test_pictures_that_are_files_of_their_own_are_named() -> None:
    assert web("<p><img src='a/表一.png'><img src='b.jpg' width='800px' height=600><img src='a/表一.png'></p>").warnings == (
        "Pictures that are files of their own were not read, give them if they show tables: a/表一.png, b.jpg.",
    )


def embedded(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<img data-src=表.png>", "表.png"),
        ("<img src=loading.gif data-original=表.png>", "表.png"),
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src=表.png>", "表.png"),
        ("<a href=big.png?v=1><img src=table1.png width=80></a>", "big.png?v=1"),
        ("<a name=top><img src=表.png></a>", "表.png"),
        ("<a href='javascript:show()'><img src=表.png></a>", "表.png"),
        ("<picture><source srcset='表.webp 1x, 表2.webp 2x'><img></picture>", "表.webp"),
        ("<img srcset='表.png 1x'>", "表.png"),
    ],
)
def test_pictures_that_scripts_load_or_links_lead_to_are_named(body: str, name: str) -> None:
    assert web(body).warnings == (f"Pictures that are files of their own were not read, give them if they show tables: {name}.",)


@pytest.mark.parametrize(
    "address",
    [
        embedded(bytes(range(256)) * 9, "webp"),
        embedded(b"<svg>" + b" " * 3000, "svg+xml"),
        "data:image/svg+xml,%3Csvg%3E" + "x" * 3000,
        "data:image/png;base64,=" + "A" * 3001,
    ],
)
def test_embedded_pictures_that_cannot_be_read_are_told(address: str) -> None:
    assert "1 large pictures of the document were not read" in web(f'<img src="{address}">').warnings[0]


def test_an_embedded_picture_is_read_however_its_address_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(pictures_in_text.FilesOfPictures, "table_of", lambda _, data, __: seen.append(data))
    data = as_png(picture())
    plain = embedded(data)
    web(f'<img src="{plain}"><img src=" {plain.replace("+", "%2B").replace("/", "%2F").replace("image%2F", "image/")}">')
    web(f'<img src="{plain.replace(";base64", ";charset=utf-8;BASE64")}">')
    assert seen == [data] * 3


@pytest.mark.parametrize(
    "body",
    [
        "<nav><img src='{large}'></nav>",
        "<a href=/><img src='{large}'></a>",
        "<img src='{large}' width=60 height=60>",
        "<img src='{logo}'>",
        "<div style='display:none'><img src='{large}'></div>",
    ],
)
def test_embedded_signs_and_banners_are_none(body: str) -> None:
    def noise(side: int) -> str:
        return embedded(as_png(Image.effect_noise((side, side), 90)))

    assert len(noise(60)) > 3000
    assert web(body.format(large=noise(300), logo=noise(60))).warnings == ()


@pytest.mark.parametrize(
    "body",
    [
        "<a href=/><img src=banner.png></a>",
        "<nav><img src=menu.png></nav>",
        "<img src=sign.png width=16 height=16>",
        "<div style='display:none'><img src=hidden.png></div>",
        "<img>",
    ],
)
def test_signs_and_banners_are_none(body: str) -> None:
    assert web(body).warnings == ()
