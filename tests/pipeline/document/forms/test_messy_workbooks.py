"""Workbooks as unseen offices publish them: each states the right amounts by construction; wrong is worst, missing without a word next."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
import xlsxwriter

from pipeline.document.sources import Hint
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document

Book = xlsxwriter.Workbook
Sheet = xlsxwriter.worksheet.Worksheet

HEADER = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS: tuple[tuple[object, ...], ...] = (
    ("", "合计", 300.5, 200.25, 100.25),
    ("201", "一般公共服务支出", 300.5, 200.25, 100.25),
    ("20103", "政府办公厅（室）及相关机构事务", 300.5, 200.25, 100.25),
    ("2010301", "行政运行", 200.25, 200.25, None),
    ("2010302", "一般行政管理事务", 100.25, None, 100.25),
)
TITLE, BODY, UNIT = "2024年部门支出总表", "部门：清风数据局", "单位：万元"
NATURES = (None, "basic", "project")

Said = set[tuple[str | None, str | None, str | None, Decimal]]
"""Statement, code, nature and amount in yuan."""


def workbook(write: Callable[[Book], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book)
    return out.getvalue()


def put(sheet: Sheet, rows: Sequence[Sequence[object]], top: int = 0, left: int = 0) -> int:
    """Write rows as they come; return the row below them."""
    for r, row in enumerate(rows, start=top):
        for c, value in enumerate(row, start=left):
            if isinstance(value, str):
                sheet.write_string(r, c, value) if value else None
            elif value is not None:
                sheet.write(r, c, value)
    return top + len(rows)


def table(rows: Sequence[Sequence[object]] = ROWS, title: str = TITLE, unit: str = UNIT) -> list[Sequence[object]]:
    """A statement with what stands above it."""
    return [(title,), (BODY, "", "", "", unit), HEADER, *rows]


def stated(rows: Sequence[Sequence[object]] = ROWS, times: int = 10_000, statement: str = "expenditure_summary") -> Said:
    """What such rows say, in yuan."""
    return {
        (statement, str(code) or None, nature, Decimal(str(value)) * times)
        for code, _, *values in rows
        for nature, value in zip(NATURES, values, strict=True)
        if isinstance(value, (int, float))
    }


def read(write: Callable[[Book], None]) -> Checked:
    return read_document(workbook(write), Hint(fiscal_year=2024, department="清风数据局"))


def said(checked: Checked) -> Said:
    lines = [line for line in checked.lines if line.source == "table" and line.column_evidence != "ambiguous"]
    nature = {"total": None, None: None}
    return {(line.statement, line.code, nature.get(line.nature, line.nature), line.amount) for line in lines}


def findings(checked: Checked) -> str:
    return " ".join(str(row["detail"]) for row in checked.findings)
