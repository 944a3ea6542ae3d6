"""Reading workbooks: XLSX, XLSM, XLSB, XLS and ODS, by calamine.

Belongs here: from a file to sheets with the texts that they show. Does not belong here: which of their rows are tables (`sheet_tables.py`).
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.document.content import Content, Page, UnreadableDocument, in_spans
from pipeline.document.forms.number_formats import GENERAL
from pipeline.document.forms.old_workbook import old_sheet_parts
from pipeline.document.forms.open_document_parts import open_document_parts
from pipeline.document.forms.packages import open_package
from pipeline.document.forms.sheet_tables import Merged, RawSheet, page_of, shown_text
from pipeline.document.forms.typesetting import address
from pipeline.document.forms.workbook_parts import SheetParts, sheet_parts
from pipeline.document.media_types import ODS, XLS, XLSB, XLSM, XLSX

WORKBOOK = "calamine"
"""Name of the reader."""

MOST_SHEETS = 1000
"""Sheets of one workbook: a department with a hundred units has fewer."""

_NAMED = 5  # cells that a warning names
_DEFAULT_NAME = ("sheet", "工作表")


def read_workbook(data: bytes, kind: str) -> Content:
    """Read a workbook: a page per sheet in their order, empty for hidden ones.

    Args:
        data: the bytes of the file.
        kind: its media type. What XLSX, XLS and ODS say beside values (hidden rows and columns) is asked for; XLSX and XLS are asked how
            they show numbers.

    Raises:
        UnreadableDocument: it is damaged, has a password, is too large, or shows nothing; the message says which.
    """
    pages: list[Page] = []
    warnings: list[str] = []
    for number, (sheet, own) in enumerate(_sheets(data, kind), start=1):
        pages.append(page_of(sheet, number, WORKBOOK))
        warnings += _warnings(sheet, own, number)
    if not any(page.lines for page in pages):
        raise UnreadableDocument("The workbook shows no text.")
    if kind == XLSB:
        warnings.append(
            "The format does not let rows and columns that are hidden be told from others: what they hold was read as if shown."
        )
    return Content("grids", WORKBOOK, tuple(pages), tuple(warnings), printed=False)


def _sheets(data: bytes, kind: str) -> Iterator[tuple[RawSheet, SheetParts]]:
    """Yield each sheet, and what its part says of it."""
    told = list(sheet_parts(data).items()) if kind in (XLSX, XLSM) else []
    if kind == XLSB:
        open_package(data).close()  # its limits hold, whichever format it is
    in_order = open_document_parts(data) if kind == ODS else old_sheet_parts(data) if kind == XLS else []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        described = workbook.sheets_metadata
        if len(described) > MOST_SHEETS:
            raise UnreadableDocument(f"The workbook has {len(described)} sheets: more than {MOST_SHEETS} are not read.")
        by_name = dict(told or zip((sheet.name for sheet in described), in_order, strict=False))
        for index, sheet in enumerate(described):
            own = by_name.get(sheet.name, SheetParts())
            if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
                hidden = sheet.visible != SheetVisibleEnum.Visible
                yield RawSheet(sheet.name, {}, hidden=hidden), SheetParts()
                continue
            values = workbook.get_sheet_by_index(index)
            cells = _cells(values, own)
            merged = [Merged(*first, *last) for first, last in values.merged_cell_ranges or ()]
            name = "" if sheet.name.lower().startswith(_DEFAULT_NAME) else sheet.name
            yield RawSheet(name, cells, merged, own.hidden_rows, own.hidden_columns, own.indents), own
    except PasswordError:
        raise UnreadableDocument("The workbook is encrypted with a password.") from None
    except (CalamineError, OSError, ValueError) as error:
        said = " ".join(str(error).split()).rstrip(".")[:160]
        raise UnreadableDocument(f"The workbook is damaged: {said}.") from None


def _cells(values: Any, own: SheetParts) -> dict[tuple[int, int], str]:
    """Return the texts that a sheet shows, by row and column."""
    cells = dict(own.errors)
    if values.start is None:
        return cells
    # rows come from the first one on that has a value, each from the first column of the sheet's values on
    top, left = values.start
    for r, row in enumerate(values.to_python(skip_empty_area=True), start=top):
        for c, value in enumerate(row, start=left):
            if value == "" or value is None:
                continue
            if text := _shown(value, (r, c), own):
                cells[r, c] = text
    return cells


def _shown(value: Any, place: tuple[int, int], own: SheetParts) -> str:
    """Return the text of a stored value: amounts exact, dates as dates (they are no amounts, whatever column they stand in)."""
    if isinstance(value, str):
        return shown_text(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    if not math.isfinite(value) or (value == 0 and not own.shows_zeros):
        return ""
    return own.formats.get(place, GENERAL).text(value)


def _warnings(sheet: RawSheet, own: SheetParts, number: int) -> Iterator[str]:
    which = f"heet {number}" + (f" ({sheet.name})" if sheet.name else "")
    where = f"s{which}"
    if sheet.hidden:
        yield f"S{which} is hidden: it was not read."
    rows = sorted({row + 1 for row, _ in sheet.cells if row in sheet.hidden_rows})
    columns = sorted({column + 1 for _, column in sheet.cells if column in sheet.hidden_columns})
    if rows:
        yield f"On {where} hidden rows hold values that were not read: {in_spans(rows)}."
    if columns:
        letters = ", ".join(address(0, column - 1).rstrip("1") for column in columns)
        yield f"On {where} hidden columns hold values that were not read: {letters}."
    unseen = [address(*place) for place, shown in own.formats.items() if shown.hidden]
    if unseen:
        yield f"On {where} {len(unseen)} cells hold values that their format hides: {_some(unseen)}."
    if own.errors:
        errors = [address(*place) for place in own.errors]
        yield f"On {where} {len(errors)} cells hold errors instead of values: {_some(errors)}."
    if own.unvalued:
        cells = [address(*place) for place in own.unvalued]
        yield f"On {where} {len(cells)} cells have a formula and no stored value: {_some(cells)}."


def _some(addresses: list[str]) -> str:
    return ", ".join(addresses[:_NAMED]) + (" …" if len(addresses) > _NAMED else "")
