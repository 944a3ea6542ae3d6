"""What Dagster shows of a table: its columns, and numbers that can be followed over time.

Belongs here: translation of declarations and frames into Dagster metadata.
"""

from __future__ import annotations

from typing import Any

import dagster as dg
import polars as pl

from schemas.export import column_descriptions
from schemas.tables import Table


def column_schema(table: Table) -> dict[str, Any]:
    """Return the columns of `table` as Dagster metadata, with meaning, units and constraints."""
    columns = [
        dg.TableColumn(
            name=column.name,
            type=column.type,
            description=column.description,
            constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=column.unique),
        )
        for column in column_descriptions(table)
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)}


def numbers_of(frame: pl.DataFrame, table: Table) -> dict[str, Any]:
    """Return what is recorded of each materialisation: rows, documents, the pass rate where checks are counted, and the columns."""
    rate = pass_rate(frame, table)
    return {
        "dagster/row_count": frame.height,
        "documents": frame["document_id"].n_unique(),
        **({} if rate is None else {"pass_rate": rate}),
        **column_schema(table),
    }


def pass_rate(frame: pl.DataFrame, table: Table) -> float | None:
    """Return the share of applicable checks that passed, None if none applied or the table does not speak of checks."""
    if table.name == "checks":
        passed, failed = (frame.filter(pl.col("outcome") == outcome).height for outcome in ("pass", "fail"))
    elif table.name == "documents":
        passed, failed = int(frame["checks_passed"].sum()), int(frame["checks_failed"].sum())
    else:
        return None
    return passed / (passed + failed) if passed + failed else None
