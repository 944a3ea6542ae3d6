"""OFD documents say what the PDF says that they were written from, however their program writes objects; bad ones say why."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import OFD, media_type
from pipeline.document.ofd import page_objects
from pipeline.document.registry import drawer_for, read_content
from pipeline.samples.layouts import CATALOGUE, budget_for, print_budget
from pipeline.stages.reading import read_document
from tests.pipeline.document.ofd.offices_ofd import Style, as_ofd

KEY = ("page", "statement", "flow", "scheme", "code", "name", "fund", "nature", "measure", "unit_text", "unit", "amount")
STYLES = (Style(), Style(grouped=True, areas=True), Style(scaled=True, template=True))


def printed(name: str) -> bytes:
    layout = next(layout for layout in CATALOGUE if layout.name == name)
    return print_budget(budget_for(layout, Random(name)), layout).data


def said(data: bytes) -> list[tuple[object, ...]]:
    return sorted((tuple(getattr(line, field) for field in KEY) for line in read_document(data, Hint()).lines), key=repr)


@pytest.mark.parametrize(
    ("name", "style"),
    [("plain", STYLES[0]), ("names alone", STYLES[1]), ("three code columns", STYLES[2]), ("final account, plainer", STYLES[0])],
)
def test_an_ofd_document_says_what_the_pdf_says(name: str, style: Style) -> None:
    data = printed(name)
    written = as_ofd(data, style)
    assert media_type(written) == OFD
    assert said(written) == said(data) != []


@pytest.mark.parametrize("areas", [False, True])
def test_a_page_of_small_print_says_the_same(areas: bool) -> None:
    data = printed("names alone")
    small = as_ofd(data, Style(areas=areas, size=0.25))
    assert said(small) == said(data) != []
    (line, same) = ([one for one in read_document(file, Hint()).lines if one.source == "table"][5] for file in (small, data))
    assert [line.x0, line.y0, line.x1, line.y1] == pytest.approx([side / 4 for side in (same.x0, same.y0, same.x1, same.y1)], abs=0.5)


def test_its_places_are_places_on_its_pages() -> None:
    data = printed("plain")
    line, same = ([one for one in read_document(file, Hint()).lines if one.source == "table"][5] for file in (as_ofd(data), data))
    assert (line.page, line.amount) == (same.page, same.amount)
    assert [line.x0, line.y0] == pytest.approx([same.x0, same.y0], abs=2.0)
    drawer = drawer_for(OFD)
    assert drawer is not None and drawer.draw(as_ofd(data), 1, []).width > 100


def with_part(data: bytes, name: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for other in old.namelist():
            new.writestr(other, content if other == name else old.read(other))
    return out.getvalue()


PAGE = "Doc_0/Pages/Page_0/Content.xml"
TABLE = "Doc_0/Pages/Page_2/Content.xml"
OBJECT = '<TextObject Boundary="10 10 9 9" Size="4"><TextCode X="0" Y="3" DeltaX="{}">{}</TextCode></TextObject>'


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def page(inner: str, before: str = "") -> str:
    return f"{before}<Page><Content><Layer>{inner}</Layer></Content></Page>"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("Doc_0/Document.xml", "<Document", "XML is damaged"),
        ("Doc_0/Document.xml", "<Document><Pages/></Document>", "has no page"),
        ("Doc_0/Document.xml", '<Document><Pages><Page BaseLoc="../../etc/passwd"/></Pages></Document>', "part ../etc/passwd is missing"),
        ("OFD.xml", "<OFD><DocBody><DocRoot>Other.xml</DocRoot></DocBody></OFD>", "part Other.xml is missing"),
        (PAGE, page("<PageBlock>" * 60 + "</PageBlock>" * 60), "nested more than"),
        (PAGE, page(OBJECT.format("4 4", "\\ue001\\ue002\\ue003" * 900)), "do not say which characters"),
        (PAGE, page(OBJECT.format("4", "&x;"), '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), None),
    ],
)
def test_a_bad_document_says_why(name: str, content: str, reason: str | None) -> None:
    data = with_part(as_ofd(printed("plain")), name, content.encode().decode("unicode_escape") if "\\ue" in content else content)
    if reason is None:
        assert all("root:" not in line.text for line in read_content(data).pages[0].lines)
        return
    with pytest.raises(UnreadableDocument, match=reason):
        read_content(data)


def test_a_large_picture_beside_text_is_told() -> None:
    def warnings(boundary: str) -> tuple[str, ...]:
        data = with_part(as_ofd(printed("plain")), PAGE, page(OBJECT.format("4 4", "合计数") + f'<ImageObject Boundary="{boundary}"/>'))
        return tuple(warning for warning in read_content(data).warnings if "picture" in warning)

    assert warnings("20 60 150 90") == ("On pages 1 a large picture stands beside the text: nothing was read of it.",)
    assert warnings("20 60 40 40") == ()  # a seal


@pytest.mark.parametrize("how", ['Alpha="0"', 'Fill="false"'])
def test_invisible_text_is_read_only_where_a_page_shows_none(how: str) -> None:
    data = printed("plain")
    written = as_ofd(data)
    drawn = part_of(written, TABLE)
    hidden = drawn.replace("<ofd:TextObject ", f"<ofd:TextObject {how} ")
    assert said(with_part(written, TABLE, hidden)) == said(data)
    assert read_content(with_part(written, TABLE, hidden)).warnings == (
        "On pages 3 the text is an invisible layer that a machine recognised: it may err.",
    )
    misread = re.findall(r"<ofd:TextObject .*?</ofd:TextObject>", hidden.replace("1", "7"))
    assert said(with_part(written, TABLE, drawn.replace("</ofd:PageBlock>", f"{''.join(misread)}</ofd:PageBlock>"))) == said(data)
    assert read_content(written).warnings == ()


def test_the_objects_of_a_page_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_objects, "MOST_OBJECTS", 20)
    with pytest.raises(UnreadableDocument, match="more than 20 objects"):
        read_content(as_ofd(printed("plain")))


def test_a_number_of_repeats_that_no_text_has_costs_nothing() -> None:
    data = with_part(as_ofd(printed("plain")), PAGE, page(OBJECT.format("g 999999999 4", "合计") + OBJECT.format("g x 4 g", "合计")))
    assert [line.text for line in read_content(data).pages[0].lines] == ["合计合计"]
