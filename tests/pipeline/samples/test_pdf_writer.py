"""What is written into a PDF is what a PDF engine reads out of it, where it was put."""

import pypdfium2
import pytest

from pipeline.samples.sample_pdf import PdfWriter, sample_font


def _characters(data: bytes, page: int = 0) -> tuple[str, tuple[float, float, float, float], tuple[float, float]]:
    """The page's text, the loose box of its first character in media coordinates, and its size as shown."""
    document = pypdfium2.PdfDocument(data)
    shown = document[page]
    text = shown.get_textpage()
    return text.get_text_range(), text.get_charbox(0, loose=True), shown.get_size()


def test_text_comes_out_as_unicode() -> None:
    writer = PdfWriter()
    writer.page().text(50, 100, 12, "一般公共服务支出（类）12,345.60 \\()")
    assert _characters(writer.to_bytes())[0] == "一般公共服务支出（类）12,345.60 \\()"


@pytest.mark.parametrize(("rotation", "corner"), [(0, (50, 742)), (90, (100, 50)), (270, (742, 545))])
def test_text_stands_where_it_was_put_on_a_turned_page(rotation: int, corner: tuple[float, float]) -> None:
    writer = PdfWriter()
    writer.page(595, 842, rotation).text(50, 100, 10, "款")
    text, box, size = _characters(writer.to_bytes())
    assert (text, size) == ("款", (595, 842))
    x0, y0, x1, y1 = box
    assert x0 - 4 <= corner[0] <= x1 + 4
    assert y0 - 4 <= corner[1] <= y1 + 4


def test_lines_that_meet_are_one() -> None:
    writer = PdfWriter()
    page = writer.page()
    for x in (10, 20, 20, 40):
        page.line(x, 50, x + 10, 50)
    page.line(10, 50, 10, 60)
    assert page.content().count(b" l S") == 3


def test_a_character_that_the_font_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        PdfWriter().page().text(0, 0, 10, "☃")


def test_the_same_calls_give_the_same_bytes() -> None:
    def make() -> bytes:
        writer = PdfWriter()
        writer.page().text(50, 100, 12, "合计 1.00")
        return writer.to_bytes()

    assert make() == make()


def test_widths_are_those_that_the_engine_sees() -> None:
    writer = PdfWriter()
    writer.page().text(50, 100, 10, "合计123")
    document = pypdfium2.PdfDocument(writer.to_bytes())
    shown = document[0]
    text = shown.get_textpage()
    boxes = [text.get_charbox(n, loose=True) for n in range(text.count_chars())]
    assert boxes[-1][2] - boxes[0][0] == pytest.approx(sample_font().width("合计123", 10), abs=0.2)
