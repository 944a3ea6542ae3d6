"""What an XLS workbook says beside its values: what is hidden, errors in place of values, how numbers are shown, how far texts are set in.

Belongs here: the records of the binary format, as far as these ask for. Does not belong here: the compound file that they lie in
(`compound_files.py`), values (the library reads them), tables.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from pipeline.document.compound_files import stream_of
from pipeline.document.content import UnreadableDocument
from pipeline.document.forms.number_formats import GENERAL, NumberFormat, built_in, number_format
from pipeline.document.forms.workbook_parts import INDENT, SheetParts

_STREAMS = ("Workbook", "Book")
_BOUND_SHEET, _ROW, _COLUMNS, _VALUE, _END_OF_SHEET = 0x85, 0x208, 0x7D, 0x205, 0x0A
_BEGIN, _FORMAT, _STYLE, _NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA = 0x809, 0x41E, 0xE0, 0x203, 0x27E, 0xBD, 0x06
_TEXTS = (0xFD, 0x204, 0xD6)  # of the table of texts, in the cell itself, in the cell with fonts of its own
_WINDOW, _SHOWS_ZEROS, _STEPS = 0x23E, 0x10, 0x0F
_VERSION = 0x600  # whose formats are Unicode: Excel 97 and later
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x20, 0x1
_LAST_COLUMN = 255
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def old_sheet_parts(data: bytes) -> list[SheetParts]:
    """Return what a workbook says of each sheet, in the order of the sheets.

    Raises:
        UnreadableDocument: it is damaged.
    """
    try:
        stream = next((stream.data for name in _STREAMS if (stream := stream_of(data, name)) is not None), b"")
        if not stream:
            raise UnreadableDocument("The workbook is damaged: its records are missing.")
        styles = list(_styles(stream))
        return [_sheet(stream, start, styles) for start in _sheets(stream)]
    except (struct.error, IndexError):
        raise UnreadableDocument("The workbook is damaged: its records cannot be read.") from None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[int]:
    """Yield where the records of each sheet begin."""
    for kind, record in _records(stream, 0):
        if kind == _END_OF_SHEET:
            return
        if kind == _BOUND_SHEET:
            yield struct.unpack_from("<I", record)[0]


def _styles(stream: bytes) -> Iterator[tuple[NumberFormat, float]]:
    """Yield how each style of a cell shows numbers, and its indentation in points; none where the version's are not understood."""
    own: dict[int, NumberFormat] = {}
    for kind, record in _records(stream, 0):
        if kind == _END_OF_SHEET or (kind == _BEGIN and struct.unpack_from("<H", record)[0] != _VERSION):
            return
        if kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", record)
            own[number] = number_format(record[5 : 5 + length * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1", "replace"))
        elif kind == _STYLE:
            number = struct.unpack_from("<H", record, 2)[0]
            yield own[number] if number in own else built_in(str(number)), INDENT * (record[8] & _STEPS)


def _numbers_of(kind: int, record: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and style of the numbers that a record holds."""
    if kind in (_NUMBER, _SHORT_NUMBER, _FORMULA):
        yield struct.unpack_from("<HHH", record)
    elif kind == _SHORT_NUMBERS:
        row, column = struct.unpack_from("<HH", record)
        for n, at in enumerate(range(4, len(record) - 2, 6)):
            yield row, column + n, struct.unpack_from("<H", record, at)[0]


def _sheet(stream: bytes, start: int, styles: Sequence[tuple[NumberFormat, float]]) -> SheetParts:
    rows: set[int] = set()
    formats: dict[tuple[int, int], NumberFormat] = {}
    columns: set[int] = set()
    errors: dict[tuple[int, int], str] = {}
    indents: dict[tuple[int, int], float] = {}
    shows_zeros = True
    for kind, record in _records(stream, start):
        if kind == _END_OF_SHEET:
            break
        if kind == _ROW and struct.unpack_from("<I", record, 12)[0] & _ROW_HIDDEN:
            rows.add(struct.unpack_from("<H", record)[0])
        elif kind == _COLUMNS and struct.unpack_from("<H", record, 8)[0] & _COLUMNS_HIDDEN:
            first, last = struct.unpack_from("<HH", record)
            columns.update(range(first, min(last, _LAST_COLUMN) + 1))
        elif kind == _VALUE and record[7]:
            row, column = struct.unpack_from("<HH", record)
            errors[row, column] = _ERRORS.get(record[6], "#N/A")
        elif kind == _WINDOW:
            shows_zeros = bool(struct.unpack_from("<H", record)[0] & _SHOWS_ZEROS)
        elif kind in _TEXTS:
            row, column, style = struct.unpack_from("<HHH", record)
            if style < len(styles) and (indent := styles[style][1]):
                indents[row, column] = indent
        for row, column, style in _numbers_of(kind, record):
            if style < len(styles) and (shown := styles[style][0]) is not GENERAL:
                formats[row, column] = shown
    return SheetParts(frozenset(rows), frozenset(columns), formats, indents, errors=errors, shows_zeros=shows_zeros)
