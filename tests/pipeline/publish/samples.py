"""Readings made up for the tests of publication."""

from decimal import Decimal
from typing import Any

from pipeline.line import Line
from pipeline.publish.frames import SourceFacts
from pipeline.reading import Reading

YUAN = Decimal("0.01")


def facts(mark: str = "a", name: str = "budget.pdf") -> SourceFacts:
    return SourceFacts(file_name=name, sha256=(mark * 64)[:64], bytes=1000, media_type="application/pdf")


def line(row: int, amount: str = "1234.56", **changes: Any) -> Line:
    given: dict[str, Any] = {
        "statement": "general_public_by_function",
        "statement_no": 1,
        "source": "table",
        "flow": "expenditure",
        "scheme": "function",
        "level": 3,
        "name": "行政运行",
        "code": "2010301",
        "code_source": "printed",
        "fund": "general_public",
        "nature": "total",
        "amount": Decimal(amount),
        "amount_text": amount,
        "unit_text": "元",
        "row": row,
        "column": 1,
        "page": 3,
        "x0": 100.1,
        "y0": 20.25,
        "x1": 130.0,
        "y1": 30.0,
    }
    return Line(**{**given, **changes})


def check(outcome: str = "pass", check_id: str = "H1", severity: str = "error") -> dict[str, Any]:
    return {"check_id": check_id, "subject": "201", "outcome": outcome, "severity": severity, "detail": "201 = 20103", "tolerance": 0}


def reading(year: int = 2024, province: str = "CN-ZJ", department: str = "某局", rows: int = 3, **parts: Any) -> Reading:
    document = {
        "status": "published",
        "fiscal_year": year,
        "province": province,
        "region_code": "330000",
        "department": department,
        "statements": ["general_public_by_function"],
        "pages": 7,
    }
    given: dict[str, Any] = {
        "lines": [line(row) for row in range(1, rows + 1)],
        "checks": [check()],
        "key_figures": [{"indicator": "vehicles_owned", "value": 3, "unit": "count"}],
    }
    return Reading(document=document, **{**given, **parts})
