"""Reading Word documents (DOCX): paragraphs, tables and pictures as they stand with all tracked changes accepted.

Belongs here: from the parts of the file to paragraphs and tables. Does not belong here: which tables are tables (`flow.py`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import PartFactory
from docx.oxml.ns import qn
from docx.package import Package
from lxml import etree

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.forms.flow import MOST_COLUMNS, NOTE, STRUCK, Block, FlowCell, FlowTable, Paragraph, Picture, pages_of
from pipeline.document.forms.packages import open_package
from pipeline.document.forms.typesetting import CHARACTER
from pipeline.document.pictures_in_text import FilesOfPictures

WORD = "python-docx"
"""Name of the reader."""

# Templates, and documents with macros (which nobody runs here), differ from documents in the name of their type only.
for _kind in (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
):
    PartFactory.part_type_for[_kind] = PartFactory.part_type_for[CONTENT_TYPE.WML_DOCUMENT_MAIN]

_TWIPS = 20  # a point
_HAIR = 60  # twips: 3 points, narrower than any character
_HUNDREDTHS = 100  # of a character: the unit of indentation in characters
# What shows nothing: deleted text, what was moved away, commands of fields, and the copy of a drawing for old programs.
_UNSHOWN = frozenset(map(qn, ("w:del", "w:moveFrom", "w:delText", "w:instrText", "w:delInstrText", "w:pPr", "w:rPr"))) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_TEXT, _TAB, _HYPHEN, _BOX = (qn(f"w:{name}") for name in ("t", "tab", "noBreakHyphen", "txbxContent"))
_RUN = qn("w:r")
_BREAKS = (qn("w:br"), qn("w:cr"))
_DRAWN = (qn("w:drawing"), qn("w:pict"), qn("w:object"))
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBEDDED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_LARGE = 1_260_000  # units of drawings: 3.5 cm, as high as a table of a few rows; a seal is round and 4 cm wide
_RAISED = qn("w:rPr") + "/" + qn("w:vertAlign")
_OFF = ("0", "false", "off")
_STYLES = ".styles+xml"
_MOST_BASED = 20  # styles that are based on one another


def read_word(data: bytes) -> Content:
    """Read a Word document: a page per table, with the paragraphs above it.

    Raises:
        UnreadableDocument: it is damaged, too large, or has no text; the message says which.
    """
    open_package(data).close()
    try:
        main = Package.open(io.BytesIO(data)).main_document_part
        body = main.element.body
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"The document's XML is damaged: {str(error.msg).rstrip('.')}.") from None
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError, NotImplementedError):
        raise UnreadableDocument("The document is damaged: its main part cannot be read.") from None
    pictures = FilesOfPictures()
    around = _Surroundings(main.related_parts, pictures, _styles(main.related_parts.values()))
    pages = pages_of(list(_blocks(body, around)) if body is not None else [], WORD, pictures)
    if not any(page.lines for page in pages):
        raise UnreadableDocument("The document has no text.")
    struck = sum(any(text.text for text in run.iter(_TEXT)) for run in body.iter(_RUN) if _is_struck(run)) if body is not None else 0
    said = pictures.said("save it as PDF to have them recognised")
    return Content("grids", WORD, pages, (*said, STRUCK.format(struck)) if struck else said, printed=False)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What of a document stands outside its text: its large pictures and its styles.

    Attributes:
        parts: of the file, by the names that drawings call them.
        told: counts the pictures whose files are not to be had.
        styles: of paragraphs, by their names.
    """

    parts: Mapping[str, Any]
    told: FilesOfPictures
    styles: Mapping[str, Any]

    def pictures_of(self, paragraph: Any) -> Iterator[Picture]:
        """Yield the large pictures that a paragraph draws, not those of text boxes that hang on it."""
        boxed = {extent for box in paragraph.iter(_BOX) for extent in box.iter(_EXTENT)}
        for extent in paragraph.iter(_EXTENT):
            if extent not in boxed and _is_large(extent):
                names = [blip.get(_EMBEDDED) for blip in extent.getparent().iter(_PICTURE)]
                files = [part.blob for name in names if (part := self.parts.get(name or "")) is not None]
                self.told.unread += not files
                yield from map(Picture, files)


def _is_large(extent: Any) -> bool:
    """Tell whether a drawing is large enough to hold a table: a seal, a logo or a line is not."""
    wide, high = (int(value) if _is_whole(value := extent.get(side)) else 0 for side in ("cx", "cy"))
    holds_picture = next(extent.getparent().iter(_PICTURE), None) is not None
    return holds_picture and min(wide, high) >= _LARGE and max(wide, high) >= 2 * _LARGE


def _blocks(parent: Any, around: _Surroundings) -> Iterator[Block]:
    """Yield the paragraphs, pictures and tables of a body, a cell or a text box."""
    pending = ""
    for node in _content(parent):
        if node.tag == _TABLE:
            yield FlowTable(tuple(_rows(node, around)))
            continue
        texts = _Texts()
        texts.add(node)
        text = pending + "".join(texts.parts)
        # the end of this paragraph was deleted: the next one goes on with it
        pending = text if node.find("./" + "/".join(map(qn, ("w:pPr", "w:rPr", "w:del")))) is not None else ""
        if not pending and text.strip():
            yield Paragraph(text.rstrip(), _indent(node, around.styles))
        for box in texts.boxes:
            yield from _blocks(box, around)
        if texts.drawn:
            yield from around.pictures_of(node)
    if pending.strip():
        yield Paragraph(pending.rstrip())


def _content(parent: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables directly below an element, whatever marks (content controls, insertions) are around them."""
    for node in parent:
        if node.tag in (_PARAGRAPH, _TABLE):
            yield node
        elif isinstance(node.tag, str) and node.tag not in _UNSHOWN:
            yield from _content(node)


class _Texts:
    """The text of a paragraph, and the text boxes that hang on it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.boxes: list[Any] = []
        self.drawn = False

    def add(self, node: Any) -> None:
        for child in node:
            tag = child.tag
            if tag in _UNSHOWN or not isinstance(tag, str) or _is_hidden(child) or _is_struck(child) or self._is_note(child):
                continue
            if tag == _BOX:
                self.boxes.append(child)
            elif tag == _TEXT:
                self.parts.append((child.text or "").replace("\xa0", " "))
            elif tag == _TAB:
                self.parts.append(" ")
            elif tag == _HYPHEN:
                self.parts.append("-")
            elif tag in _BREAKS:
                self.parts.append("\n")
            else:
                self.drawn = self.drawn or tag in _DRAWN
                self.add(child)

    def _is_note(self, run: Any) -> bool:
        """Tell whether a run is the mark of a note raised behind a number."""
        raised = run.find(_RAISED)
        if raised is None or raised.get(qn("w:val")) != "superscript" or not self.parts or not self.parts[-1][-1:].isdigit():
            return False
        return NOTE.fullmatch("".join(node.text or "" for node in run.iter(_TEXT)).strip()) is not None


def _is_hidden(run: Any) -> bool:
    return _is_on(run, "w:vanish")


def _is_struck(run: Any) -> bool:
    """Tell whether a run is struck through: its publisher has taken it back."""
    return run.tag == _RUN and (_is_on(run, "w:strike") or _is_on(run, "w:dstrike"))


def _is_on(run: Any, name: str) -> bool:
    given = run.find(qn("w:rPr") + "/" + qn(name))
    return given is not None and given.get(qn("w:val")) not in _OFF


def _indent(paragraph: Any, styles: Mapping[str, Any]) -> float:
    """Return by how many points the first line of a paragraph is set in, by itself or by its style."""
    own = paragraph.find(qn("w:pPr") + "/" + qn("w:ind"))
    style = paragraph.find(qn("w:pPr") + "/" + qn("w:pStyle"))
    told = [node for node in (own, *_indents_of_style(style, styles)) if node is not None]
    total = 0.0
    for sign, names in ((1, ("left", "start")), (1, ("firstLine",)), (-1, ("hanging",))):
        sizes = (size for node in told if (size := _size(node, names)) is not None)
        total += sign * next(sizes, 0.0)
    return max(total, 0.0)


def _size(node: Any, names: Sequence[str]) -> float | None:
    """Return what one of an indentation's sides comes to, in points; None where it does not say."""
    characters = next((int(v) for n in names if _is_whole(v := node.get(qn(f"w:{n}Chars")))), 0)
    twips = next((int(v) for n in names if _is_whole(v := node.get(qn(f"w:{n}")))), None)
    if characters:
        return characters * CHARACTER / _HUNDREDTHS
    return None if twips is None else twips / _TWIPS


def _indents_of_style(named: Any, styles: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the indentations of a paragraph's style, then of those that it is based on."""
    for _ in range(_MOST_BASED):
        style = styles.get(named.get(qn("w:val"), "")) if named is not None else None
        if style is None:
            return
        yield style.find(qn("w:pPr") + "/" + qn("w:ind"))
        named = style.find(qn("w:basedOn"))


def _styles(parts: Iterable[Any]) -> dict[str, Any]:
    """Return the styles of a document by their names; none where its part for them is damaged or missing."""
    sheets = (part.element for part in parts if part.content_type.endswith(_STYLES) and hasattr(part, "element"))
    return {style.get(qn("w:styleId"), ""): style for sheet in sheets for style in sheet.iterfind(qn("w:style"))}


def _is_whole(value: str | None) -> bool:
    return value is not None and value.lstrip("-").isdigit()


@dataclass(slots=True)
class _OpenCell:
    """A cell that rows below may go on with."""

    column: int
    columns: int
    blocks: tuple[Block, ...]
    drawn: bool
    rows: int = 1


def _rows(table: Any, around: _Surroundings) -> list[tuple[FlowCell, ...]]:
    edges = _edges(table)
    rows = _placed_rows(table, edges, around)
    if any(not cell.columns and cell.blocks for row in rows for cell in row):  # so narrow, and yet a column
        rows = _placed_rows(table, range(MOST_COLUMNS + 1), around)
    return [tuple(FlowCell(cell.blocks, cell.rows, cell.columns, cell.drawn) for cell in row if cell.columns) for row in rows]


def _edges(table: Any) -> Sequence[int]:
    """Return the number of the column that begins at each edge of a table's grid.

    Rows that were drawn one by one have edges that miss each other by a hair, and between these the grid has columns that nobody sees.
    """
    widths = [column.get(qn("w:w"), "") for column in table.iterfind(qn("w:tblGrid") + "/" + qn("w:gridCol"))]
    edges = [0]
    for width in widths[:MOST_COLUMNS]:
        edges.append(edges[-1] + (not (_is_whole(width) and 0 < int(width) <= _HAIR)))
    return [*edges, *range(edges[-1] + 1, edges[-1] + MOST_COLUMNS + 2 - len(edges))]


def _placed_rows(table: Any, edges: Sequence[int], around: _Surroundings) -> list[list[_OpenCell]]:
    above: dict[int, _OpenCell] = {}
    rows: list[list[_OpenCell]] = []
    for row in _below(table, _ROW):
        if _has(row, "w:trPr", "w:del") or _has(row, "w:trPr", "w:hidden"):
            continue
        rows.append([])
        start = _number(row.find(qn("w:trPr") + "/" + qn("w:gridBefore")))
        if start:
            rows[-1].append(_OpenCell(0, edges[min(start, MOST_COLUMNS)], (), drawn=False))
        for cell in _below(row, _CELL):
            properties = cell.find(qn("w:tcPr"))
            end = start + max(_number(None if properties is None else properties.find(qn("w:gridSpan"))), 1)
            if end > MOST_COLUMNS:
                raise UnreadableDocument(f"A table has more than {MOST_COLUMNS} columns.")
            column, columns = edges[start], edges[end] - edges[start]
            merge = None if properties is None else properties.find(qn("w:vMerge"))
            goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            if goes_on and columns and column in above:  # what is a hair wide goes on with no column of its own
                above[column].rows += 1
            else:
                drawn = next(cell.iter(*_DRAWN), None) is not None
                found = _OpenCell(column, columns, tuple(_blocks(cell, around)), drawn)
                rows[-1].append(found)
                if columns:
                    above.pop(column, None)
                    if merge is not None:
                        above[column] = found
            start = end
    return rows


def _below(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, whatever marks are around them; not those of tables inside."""
    for node in parent:
        if node.tag == tag:
            yield node
        elif isinstance(node.tag, str) and node.tag not in (*_UNSHOWN, _TABLE, _PARAGRAPH, _CELL, _ROW):
            yield from _below(node, tag)


def _has(node: Any, *path: str) -> bool:
    return node.find("/".join(map(qn, path))) is not None


def _number(node: Any) -> int:
    value = None if node is None else node.get(qn("w:val"))
    return int(value) if value is not None and _is_whole(value) else 0
