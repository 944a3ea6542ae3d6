"""Readings for the tests of publication: made up ones, and those of the embedded sample documents."""

import hashlib
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from pipeline.budget.codes.attestations import mentions_of_codes
from pipeline.budget.line import Line
from pipeline.document.inputs.sources import Hint
from pipeline.publish.dataset import split_by_partition
from pipeline.publish.dimensions import mined_dimensions
from pipeline.publish.outliers import cells_of
from pipeline.publish.parquet import Partition
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from pipeline.store.frames import SourceFacts, document_frames
from schemas.classification import code_lists, places
from schemas.export import empty_frame
from schemas.tables import BUDGET_LINES, DIMENSIONS, DOCUMENTS, PARTITIONED

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


def reading(year: int = 2024, province: str = "CN-ZJ", department: str = "某局", rows: int = 3, **parts: Any) -> Checked:
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
    return Checked(document=document, **{**given, **parts})


@cache
def sample_documents() -> tuple[dict[str, pl.DataFrame], ...]:
    """The frames of each document that is embedded in the package."""
    frames = []
    for path in sorted(SAMPLES.iterdir()):
        data = path.read_bytes()
        given = SourceFacts(path.name, hashlib.sha256(data).hexdigest(), len(data), "application/octet-stream")
        frames.append(document_frames(read_document(data, Hint()), given))
    return tuple(frames)


def sample_partitions(leave_out: int = 0) -> dict[Partition, dict[str, pl.DataFrame]]:
    """The partitions of the embedded documents, without the first few if asked for."""
    documents = sample_documents()[leave_out:]
    return split_by_partition({table.name: pl.concat([document[table.name] for document in documents]) for table in PARTITIONED})


def sample_dimensions(rows: int | None = None) -> dict[str, pl.DataFrame]:
    """The dimension tables: lists that no document changes filled (with so many rows), those made of documents empty."""
    empty = {table.name: empty_frame(table) for table in DIMENSIONS}
    filled = {
        "codes": code_lists.codes_frame(),
        "codes_crosswalk": code_lists.crosswalk_frame(),
        "economic_pairs": code_lists.economic_pairs_frame(),
        "cofog": code_lists.cofog_frame(),
        "regions": places.regions_frame(),
        "regions_history": places.regions_history_frame(),
    }
    return {**empty, **{name: frame if rows is None else frame.head(rows) for name, frame in filled.items()}}


def whole_dimensions() -> dict[str, pl.DataFrame]:
    """The dimension tables with those made of the sample documents."""
    partitions = sample_partitions().values()
    mentions = pl.concat([mentions_of_codes(tables[BUDGET_LINES.name]) for tables in partitions])
    cells = pl.concat([cells_of(tables[BUDGET_LINES.name]) for tables in partitions])
    mined = mined_dimensions(mentions, pl.concat([tables[DOCUMENTS.name] for tables in partitions]), cells)
    return {**sample_dimensions(), **{name: mined[name] for name in ("code_attestations", "departments", "outliers")}}
