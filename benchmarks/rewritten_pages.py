"""What is read when the same pages are written otherwise: in another size, place or order, by other characters, with other rulings.

    python -m benchmarks.rewritten_pages FOLDER [--ways halved …] [--verbose]

Whoever looks at a page sees the same, or the same at another size, so that every row must be the same but for its place. Reads every PDF as
it is and rewritten, and prints for each way a line of a markdown table: rows that are the same, that are gone, and that are new, however
wide their characters. A row that is gone without a new one is held back; a new one says what the document does not say as it is.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from benchmarks.pdf_objects import PdfObjects
from benchmarks.rewritten_paper import PAPER
from benchmarks.rewritten_rulings import RULINGS
from benchmarks.rewritten_texts import TEXTS
from benchmarks.written_otherwise import Said, compare_ways
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.sources import Hint
from pipeline.stages.reading import read_document

_TABLES = ("lines", "year_on_year", "key_figures", "projects", "performance_indicators")
_PLACES = {"page", "x0", "y0", "x1", "y1"}
_EVERYWHERE = 1e6  # points: a clip that cuts nothing
_LINE, _BACK, _ON = 8.0, -3.0, 8.0  # points: texts that are drawn one after the other in one line, so near, stay together


def _moved(page: pdfium.PdfPage, matrix: tuple[float, float, float, float, float, float]) -> None:
    a, b, c, d, e, f = matrix
    clip = raw.FS_RECTF(-_EVERYWHERE, _EVERYWHERE, _EVERYWHERE, -_EVERYWHERE)
    raw.FPDFPage_TransFormWithClip(page.raw, raw.FS_MATRIX(*matrix), clip)
    raw.FPDFPage_TransformAnnots(page.raw, *matrix)
    left, bottom, right, top = page.get_bbox()
    corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in ((left, bottom), (right, top))]
    (left, right), (bottom, top) = (sorted(sides) for sides in zip(*corners, strict=True))
    page.set_mediabox(left, bottom, right, top)
    page.set_cropbox(left, bottom, right, top)


def _scaled(page: pdfium.PdfPage, factor: float) -> None:
    _moved(page, (factor, 0, 0, factor, 0, 0))


def _shifted(page: pdfium.PdfPage) -> None:
    _moved(page, (1, 0, 0, 1, 300, -2000))


def _turned(page: pdfium.PdfPage) -> None:
    """Draw all turned by a quarter, on a page that says to be turned back."""
    _moved(page, (0, 1, -1, 0, 0, 0))
    page.set_rotation((page.get_rotation() + 90) % 360)


def _texts(page: pdfium.PdfPage) -> Iterator[list[pdfium.PdfObject]]:
    """Take the texts off a page: those that are drawn one after the other in one line, together."""
    together: list[pdfium.PdfObject] = []
    last = (0.0, 0.0, 0.0, 0.0)
    for text in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1)):
        box = text.get_bounds()
        level = abs((last[1] + last[3]) - (box[1] + box[3])) < 2 * _LINE
        if together and not (level and _BACK < box[0] - last[2] < _ON):
            yield together
            together = []
        together.append(text)
        last = box
    yield together


def _drawn_anew(page: pdfium.PdfPage, order: Callable[[list[list[pdfium.PdfObject]]], list[list[pdfium.PdfObject]]]) -> None:
    texts = list(_texts(page))
    for text in (text for part in texts for text in part):
        page.remove_obj(text)
    for text in (text for part in order(texts) for text in part):
        page.insert_obj(text)
    page.gen_content()


def _shuffled(texts: list[list[pdfium.PdfObject]]) -> list[list[pdfium.PdfObject]]:
    return random.Random(len(texts)).sample(texts, len(texts))


PAGES: Mapping[str, Callable[[pdfium.PdfPage], None]] = {
    "halved": partial(_scaled, factor=0.5),
    "a_third": partial(_scaled, factor=0.33),
    "doubled": partial(_scaled, factor=2.0),
    "larger": partial(_scaled, factor=1.3),
    "shifted": _shifted,
    "turned": _turned,
    "texts_reversed": partial(_drawn_anew, order=lambda texts: texts[::-1]),
    "texts_shuffled": partial(_drawn_anew, order=_shuffled),
}


def _by_page(change: Callable[[pdfium.PdfPage], None], data: bytes) -> bytes:
    with pdfium.PdfDocument(data) as document:
        for number in range(len(document)):
            page = document[number]
            change(page)
            page.close()
        written = io.BytesIO()
        document.save(written)
    return written.getvalue()


def _by_object(change: Callable[[PdfObjects], None], data: bytes) -> bytes:
    pdf = PdfObjects(data)
    change(pdf)
    return pdf.to_bytes()


WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    **{name: partial(_by_page, change) for name, change in PAGES.items()},
    **{name: partial(_by_object, change) for name, change in {**TEXTS, **RULINGS, **PAPER}.items()},
}


def rewritten(data: bytes, way: str) -> bytes:
    """Return a PDF whose pages show the same, written in one of `WAYS`."""
    return WAYS[way](data)


def rows_of(data: bytes) -> Counter[str]:
    """Return the rows that a document adds to each table, without their places."""
    try:
        read = read_document(data, Hint())
    except UnreadableDocument:
        return Counter()
    return Counter(f"{table} {_said(row)}" for table in _TABLES for row in getattr(read, table))


def _said(row: Line | Mapping[str, object]) -> dict[str, object]:
    columns = msgspec.structs.asdict(row) if isinstance(row, Line) else row
    said = ((name, value) for name, value in columns.items() if name not in _PLACES and value is not None)
    return {name: fold(value) if isinstance(value, str) else value for name, value in said}


def _read(path: Path, way: str | None) -> Said:
    data = path.read_bytes()
    return rows_of(data if way is None else rewritten(data, way)), {}


if __name__ == "__main__":
    compare_ways(_read, WAYS, __doc__ or "")
