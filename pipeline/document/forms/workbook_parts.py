"""What the parts of an XLSX workbook say beside its values: what is hidden, how numbers are shown, how far texts are set in.

Belongs here: the XML of a workbook, read as a stream and within limits. Does not belong here: values (the library reads them), tables.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline.document.content import UnreadableDocument
from pipeline.document.forms.number_formats import GENERAL, NumberFormat, built_in, number_format
from pipeline.document.forms.packages import open_package, part

INDENT = 10.0
"""Points that one step of a cell's indentation sets its text in: a character, as spreadsheets show it."""

MOST_PLACES = 20_000_000
"""Places of a sheet between its first and last value: the library lays them all out, 24 bytes each."""

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MOST_COLUMNS = 16_384  # of a sheet, by the format
_SHOWN_FORMATS = 10_000  # formats of cells that a workbook may have: spreadsheets allow 64,000, tables use tens


@dataclass(slots=True)
class SheetParts:
    """What one sheet says of its rows, columns and cells, by their numbers from 0.

    Attributes:
        hidden_rows, hidden_columns: which are not shown.
        formats: (row, column) → how its number is shown, where that is not the general way.
        indents: (row, column) → points by which its text is set in.
        unvalued: cells with a formula of which no value is stored.
        errors: (row, column) → the error that a cell holds instead of a value (`#REF!`); the library shows none.
        shows_zeros: whether zeros are shown at all.
    """

    hidden_rows: Set[int] = frozenset()
    hidden_columns: Set[int] = frozenset()
    formats: Mapping[tuple[int, int], NumberFormat] = field(default_factory=dict)
    indents: Mapping[tuple[int, int], float] = field(default_factory=dict)
    unvalued: tuple[tuple[int, int], ...] = ()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    shows_zeros: bool = True


def sheet_parts(data: bytes) -> dict[str, SheetParts]:
    """Return what the parts of a workbook say, by the names of its sheets.

    Raises:
        UnreadableDocument: it is no whole package, too large, or a sheet reaches too far.
    """
    with open_package(data) as package:
        try:
            relations = _relations(package)
            styles = _styles(package)
            return {
                name: _sheet(package, relations[target], styles)
                for name, target in _sheets(package)
                if relations.get(target, "") in package.namelist()
            }
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(f"The workbook's XML is damaged: {error.msg}.") from None


def _tree(package: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.parse(io.BytesIO(part(package, name)), parser).getroot()


def _relations(package: zipfile.ZipFile) -> dict[str, str]:
    root = _tree(package, "xl/_rels/workbook.xml.rels")
    return {
        node.get("Id", ""): posixpath.normpath(posixpath.join("xl", target)) if not target.startswith("/") else target.lstrip("/")
        for node in root
        if isinstance(node.tag, str) and (target := node.get("Target", ""))
    }


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for node in _tree(package, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        yield node.get("name", ""), node.get(_RELATION) or node.get(_STRICT_RELATION) or ""


def _styles(package: zipfile.ZipFile) -> list[tuple[NumberFormat, float]]:
    """Return, for each style of a cell, its number format and indentation in points."""
    if "xl/styles.xml" not in package.namelist():
        return []
    root = _tree(package, "xl/styles.xml")
    own = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    styles = []
    for node in root.iterfind("{*}cellXfs/{*}xf"):
        number = node.get("numFmtId", "0")
        code = own.get(number)
        alignment = node.find("{*}alignment")
        steps = alignment.get("indent", "0") if alignment is not None else "0"
        styles.append((built_in(number) if code is None else number_format(code), INDENT * int(steps) if steps.isdigit() else 0.0))
        if len(styles) > _SHOWN_FORMATS:
            raise UnreadableDocument(f"The workbook has more than {_SHOWN_FORMATS} formats of cells.")
    return styles


def _sheet(package: zipfile.ZipFile, name: str, styles: list[tuple[NumberFormat, float]]) -> SheetParts:
    reading = _Reading(styles)
    with package.open(name) as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), tag=("{*}sheetView", "{*}col", "{*}row", "{*}c"), resolve_entities=False, no_network=True
        )
        for event, node in events:
            kind = etree.QName(node).localname
            if event == "start":
                if kind == "row":
                    reading.row(node)
                continue
            if kind == "c":
                reading.cell(node)
            elif kind == "col":
                reading.columns(node)
            elif kind == "sheetView" and node.get("showZeros") in ("0", "false"):
                reading.parts.shows_zeros = False
            node.clear()
            if kind == "row":
                while node.getprevious() is not None:
                    del node.getparent()[0]
    reading.prove_size()
    return reading.finished()


class _Reading:
    """A sheet while it is read."""

    def __init__(self, styles: list[tuple[NumberFormat, float]]) -> None:
        self.styles = styles
        self.parts = SheetParts()
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.formats: dict[tuple[int, int], NumberFormat] = {}
        self.indents: dict[tuple[int, int], float] = {}
        self.unvalued: list[tuple[int, int]] = []
        self.errors: dict[tuple[int, int], str] = {}
        self.at_row, self.at_column = -1, -1
        self.first: tuple[int, int] | None = None
        self.last = (0, 0)

    def row(self, node: Any) -> None:
        number = node.get("r")
        self.at_row = int(number) - 1 if number else self.at_row + 1
        self.at_column = -1
        if node.get("hidden") in ("1", "true") or node.get("ht") == "0":
            self.hidden_rows.add(self.at_row)

    def columns(self, node: Any) -> None:
        if node.get("hidden") in ("1", "true") or node.get("width") == "0":
            first, last = int(node.get("min", "1")), int(node.get("max", "0"))
            self.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))

    def cell(self, node: Any) -> None:
        match = _REFERENCE.fullmatch(node.get("r") or "")
        column = _column(match[1]) if match else self.at_column + 1
        self.at_column = column
        place = self.at_row, column
        value, formula = node.find("{*}v"), node.find("{*}f")
        filled = (value is not None and value.text) or node.find("{*}is") is not None
        if formula is not None and not filled and node.get("t") != "str":
            self.unvalued.append(place)
        if not filled:
            return
        if node.get("t") == "e" and value is not None:
            self.errors[place] = str(value.text)
        first = self.first or place
        self.first = min(first[0], place[0]), min(first[1], place[1])
        self.last = max(self.last[0], place[0]), max(self.last[1], place[1])
        style = node.get("s", "0")
        if style.isdigit() and int(style) < len(self.styles):
            shown, indent = self.styles[int(style)]
            if shown is not GENERAL:
                self.formats[place] = shown
            if indent:
                self.indents[place] = indent

    def prove_size(self) -> None:
        """Refuse a sheet that the library could not lay out: two values far apart make all places between them."""
        if self.first is not None:
            rows, columns = self.last[0] - self.first[0] + 1, self.last[1] - self.first[1] + 1
            if rows * columns > MOST_PLACES:
                raise UnreadableDocument(
                    f"A sheet reaches over {rows} rows and {columns} columns: more than {MOST_PLACES} cells are not read."
                )

    def finished(self) -> SheetParts:
        return SheetParts(
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.formats,
            self.indents,
            tuple(self.unvalued),
            self.errors,
            self.parts.shows_zeros,
        )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
