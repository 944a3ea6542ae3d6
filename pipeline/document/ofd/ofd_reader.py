"""Reading OFD, the national format of fixed pages: a package of XML whose pages place every character.

Belongs here: from the parts of the file to pages; the tables are found by the detector of PDF. Does not belong here: what one object
draws (`page_objects.py`).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lxml import etree

from pipeline.budget.characters import normalise_characters
from pipeline.document.content import Box, Content, Page, UnreadableDocument, in_spans
from pipeline.document.forms.packages import open_package, part
from pipeline.document.ofd.page_objects import POINT, PageObjects, numbers_of
from pipeline.document.page_copies import COPIED, copies_of, without_copies
from pipeline.document.pdf.glyphs import NO_OBJECTS, RECOGNISED, Glyphs
from pipeline.document.pdf.pictured_tables import PICTURED_TABLES, characters_over
from pipeline.document.pdf.runs import runs_of
from pipeline.document.pdf.small_print import enlarged, enlargement, reduced
from pipeline.document.tables.cells import grid, loose_amounts, text_lines
from pipeline.document.tables.page_tables import Lines, page_tables

OFD_PAGES = "ofd"
"""Name of the reader."""

_MOST_PAGES = 5_000
_PRIVATE_USE = range(0xE000, 0xF900)  # says which glyph of its font, not which character
_UNMAPPED_ONE_IN = 20  # characters: with more the text cannot be trusted, as in a PDF
_A4 = (210.0, 297.0)  # millimetres: where a file does not say how large its pages are


def read_ofd(data: bytes) -> Content:
    """Read an OFD document: its pages with text lines and tables.

    Raises:
        UnreadableDocument: it is damaged, encrypted, too large, or has no text; the message says which.
    """
    with open_package(data) as package:
        try:
            found = [_page(number, *one) for number, one in enumerate(_pages(package), start=1)]
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(f"The document's XML is damaged: {str(error.msg).rstrip('.')}.") from None
    pages = tuple(read.page for read in found)
    if not any(page.lines for page in pages):
        raise UnreadableDocument(
            "The document has only images: save it as PDF to have them recognised." if found else "The document has no page."
        )
    characters = sum(len(line.text) for page in pages for line in page.lines)
    if _UNMAPPED_ONE_IN * sum(read.unmapped for read in found) > characters:
        raise UnreadableDocument("The fonts of the document do not say which characters they print, so that its text cannot be trusted.")
    copies = copies_of(pages)
    said = [*_doubts(found), *([f"On pages {in_spans(copies)} {COPIED}."] if copies else [])]
    return Content("grids", OFD_PAGES, without_copies(pages, copies), tuple(said))


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page, how many of its characters are of no known meaning, whether none of them shows, and where there are pictures."""

    page: Page
    unmapped: int
    invisible: bool
    pictures: list[Box]


def _doubts(found: Sequence[_ReadPage]) -> Iterator[str]:
    """Yield sentences on pages that cannot be read, or not be trusted."""
    sentences = (
        ("there are only images: nothing was read there", [bool(read.pictures) and not read.page.lines for read in found]),
        ("a large picture stands beside the text: nothing was read of it", [_has_picture_beside_text(read) for read in found]),
        (RECOGNISED, [read.invisible for read in found]),
    )
    for sentence, said in sentences:
        if numbers := [read.page.number for read, of_page in zip(found, said, strict=True) if of_page]:
            yield f"On pages {in_spans(numbers)} {sentence}."


def _has_picture_beside_text(read: _ReadPage) -> bool:
    return bool(read.page.lines) and any(_is_beside_text(picture, read.page) for picture in read.pictures)


def _is_beside_text(picture: Box, page: Page) -> bool:
    """Tell whether a picture is large enough to hold a table, and no ground that text is printed on."""
    large = (picture.x1 - picture.x0) * (picture.y1 - picture.y0) > PICTURED_TABLES.covers * page.width * page.height
    return large and characters_over(((line.box, len(line.text)) for line in page.lines if line.box), picture) <= PICTURED_TABLES.beside


def _pages(package: zipfile.ZipFile) -> Iterator[tuple[tuple[float, float, float, float], list[Any]]]:
    """Yield the box of each page, in millimetres, and the elements that hold what is drawn on it, the lowest first."""
    names = {name.lower(): name for name in package.namelist()}
    seen = 0
    for root in _tree(package, names, "OFD.xml").iterfind("{*}DocBody/{*}DocRoot"):
        name = _beside("", root.text)
        document = _tree(package, names, name)
        usual = _box(document.find("{*}CommonData/{*}PageArea"))
        templates = {node.get("ID", ""): _beside(name, node.get("BaseLoc")) for node in document.iterfind("{*}CommonData/{*}TemplatePage")}
        for node in document.iterfind("{*}Pages/{*}Page"):
            seen += 1
            if seen > _MOST_PAGES:
                raise UnreadableDocument(f"The document has more than {_MOST_PAGES} pages.")
            page = _tree(package, names, _beside(name, node.get("BaseLoc")))
            used = (templates.get(template.get("TemplateID", "")) for template in page.iterfind("{*}Template"))
            trees = [*(_tree(package, names, template) for template in used if template is not None), page]
            contents = [content for tree in trees for content in tree.iterfind("{*}Content")]
            yield _box(page.find("{*}Area")) or usual or (0.0, 0.0, *_A4), contents


def _tree(package: zipfile.ZipFile, names: Mapping[str, str], name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.parse(io.BytesIO(part(package, names.get(name.lower(), name))), parser).getroot()


def _beside(name: str, location: str | None) -> str:
    """Return the name of a part that another one names, from its own folder or, with a slash before it, from the root."""
    location = (location or "").strip().replace("\\", "/")
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(name), location))


def _box(area: Any) -> tuple[float, float, float, float] | None:
    found = numbers_of(area.findtext("{*}PhysicalBox")) if area is not None else []
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 and min(found[2:]) > 0 else None


def _page(number: int, box: tuple[float, float, float, float], contents: Sequence[Any]) -> _ReadPage:
    drawn, letters = _drawn(contents, 1.0)
    if (factor := enlargement(letters)) > 1:
        drawn, letters = _drawn(contents, factor)
    tables = page_tables(Lines(drawn.horizontal, drawn.vertical), runs_of(letters), OFD_PAGES)
    framed = zip(tables.frames, tables.placed.inside, tables.names, strict=True)
    grids = tuple(grid(number, frame, content, name) for frame, content, name in framed)
    inside = [run for cells in tables.placed.inside for cell in cells for run in cell]
    lines = text_lines(tables.placed.outside, False) + text_lines(inside, True)
    lines.sort(key=lambda line: line.box.y0 if line.box else 0.0)
    width, height = (side * POINT * factor for side in box[2:])
    page = Page(number, width, height, tuple(lines), grids, tuple(loose_amounts(tables.placed)))
    pictures = [enlarged(picture, 1 / factor) for picture in drawn.pictures]
    unmapped = sum(ord(character.text) in _PRIVATE_USE for character in drawn.read)
    invisible = any(character.invisible for character in drawn.read)
    return _ReadPage(reduced(page, factor) if factor > 1 else page, unmapped, invisible, pictures)


def _drawn(contents: Sequence[Any], factor: float) -> tuple[PageObjects, Glyphs]:
    """Return what is drawn on a page that is enlarged by a factor, and its characters."""
    drawn = PageObjects(factor)
    for content in contents:
        drawn.add(content)
    read = drawn.read
    text = "".join(normalise_characters(character.text)[:1] or character.text for character in read)
    boxes = np.array([character.box for character in read], np.float32).reshape(-1, 4)
    return drawn, Glyphs(text, boxes, 0, False, 0, NO_OBJECTS, tuple(character.drawn_by for character in read))
