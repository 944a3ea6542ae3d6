"""What an ODS workbook says beside its values: rows and columns that are not shown.

Belongs here: the XML of such a workbook, read as a stream and within limits. Does not belong here: values (the library reads them), tables.
"""

from __future__ import annotations

import io
from typing import Any

from lxml import etree

from pipeline.document.content import UnreadableDocument
from pipeline.document.forms.packages import open_package, part
from pipeline.document.forms.workbook_parts import SheetParts

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TABLE, _ROW, _COLUMN, _CELL, _COVERED = (
    f"{_NAMESPACE}{name}" for name in ("table", "table-row", "table-column", "table-cell", "covered-table-cell")
)
_REPEATED = {_ROW: f"{_NAMESPACE}number-rows-repeated", _COLUMN: f"{_NAMESPACE}number-columns-repeated"}
_UNSHOWN = ("collapse", "filter")
_MOST = 1 << 20
"""Rows of a sheet, by the format: its empty rest is one row, repeated a million times."""


def open_document_parts(data: bytes) -> list[SheetParts]:
    """Return what a workbook says of each sheet, in the order of the sheets.

    Raises:
        UnreadableDocument: it is no whole package, too large, or its XML is damaged.
    """
    with open_package(data) as package:
        content = part(package, "content.xml")
    sheets: list[SheetParts] = []
    counted = {_ROW: _Counted(), _COLUMN: _Counted()}
    depth = 0  # tables may be drawn within cells: their rows are none of the sheet's
    try:
        tags = (_TABLE, _ROW, _COLUMN, _CELL, _COVERED)
        for event, node in etree.iterparse(io.BytesIO(content), events=("start", "end"), tag=tags, resolve_entities=False, no_network=True):
            if event == "start":
                depth += node.tag == _TABLE
                if depth == 1 and node.tag in counted:
                    counted[node.tag].count(node, _REPEATED[node.tag])
                continue
            if node.tag == _TABLE:
                depth -= 1
                if depth == 0:
                    sheets.append(SheetParts(frozenset(counted[_ROW].hidden), frozenset(counted[_COLUMN].hidden)))
                    counted = {_ROW: _Counted(), _COLUMN: _Counted()}
            node.clear()
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"The workbook's XML is damaged: {error.msg}.") from None
    return sheets


class _Counted:
    """Rows or columns counted, with the numbers (from 0) of those that are not shown."""

    def __init__(self) -> None:
        self.following = 0
        self.hidden: set[int] = set()

    def count(self, node: Any, repeated: str) -> None:
        said = node.get(repeated, "1")
        times = int(said) if said.isdigit() and len(said) <= len(str(_MOST)) else 1
        if node.get(f"{_NAMESPACE}visibility") in _UNSHOWN:
            self.hidden.update(range(self.following, min(self.following + times, _MOST)))
        self.following += times
