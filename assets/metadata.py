"""What Dagster shows of a table: its columns, and numbers that can be followed over time.

Belongs here: translation of declarations, frames and verdicts into what Dagster shows.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dagster as dg
import polars as pl

from assets.partitions import FISCAL_YEAR_BY_PROVINCE
from pipeline.checks.of_partitions.table_checks import TableCheck, Verdict
from schemas.export import column_descriptions
from schemas.tables import Table

OWNER = "team:data"
"""Who answers for the assets: one team, whoever operates this."""

_SHOWN = 20
"""How many rows metadata lists."""


def attributes(table: Table, *, group: str, version: str, kinds: Collection[str] = ("polars",)) -> dict[str, Any]:
    """Return what every asset of a declared table says of itself, as both `dg.asset` and `dg.AssetOut` take it.

    Args:
        table: what it holds.
        group: of the assets that it stands with.
        version: of the code and data that make it.
        kinds: what it is made with.
    """
    return {
        "description": table.description,
        "group_name": group,
        "kinds": set(kinds),
        "owners": [OWNER],
        "code_version": version,
        "metadata": column_schema(table),
    }


def columns_listed(columns: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return column → (type, meaning) as Dagster metadata, for tables that are not published and so not declared."""
    return {"dagster/column_schema": dg.TableSchema([dg.TableColumn(name, *said) for name, said in columns.items()])}


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
        **({"documents": frame["document_id"].n_unique()} if "document_id" in frame.columns else {}),
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


def check_result(asset: str, name: str, verdict: Verdict) -> dg.AssetCheckResult:
    """Return a verdict as Dagster files it; one that does not apply passes and says why it does not."""
    said = {} if verdict.not_applicable is None else {"not_applicable": verdict.not_applicable}
    return dg.AssetCheckResult(
        passed=verdict.passed,
        asset_key=asset,
        check_name=name,
        metadata={**verdict.numbers, **said, **({} if verdict.rows.is_empty() else {"rows_listed": rows_listed(verdict.rows)})},
        severity=dg.AssetCheckSeverity[verdict.severity],
        description="" if verdict.not_applicable is None else f"Not applicable: {verdict.not_applicable}.",
    )


def rows_listed(frame: pl.DataFrame) -> dg.MarkdownMetadataValue:
    """Return the first rows of a frame as a table for people."""
    names = frame.columns
    rows = ["| " + " | ".join(str(value).replace("|", "\\|") for value in row) + " |" for row in frame.head(_SHOWN).rows()]
    return dg.MetadataValue.md("\n".join([f"| {' | '.join(names)} |", "|" + " --- |" * len(names), *rows]))


def check_specs(checks: Mapping[str, Sequence[TableCheck]]) -> list[dg.AssetCheckSpec]:
    """Return the declarations of checks, by asset, as Dagster takes them: filed under the partition that they judge."""
    return [partitioned_check(check.name, asset, check.description) for asset, of_asset in checks.items() for check in of_asset]


def partitioned_check(name: str, asset: str, description: str, *, blocking: bool = False) -> dg.AssetCheckSpec:
    """Return the declaration of a check of a partition. Without partitions a newer partition would hide the failures of an older one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)  # partitions of a check are announced as a preview
        return dg.AssetCheckSpec(name, asset=asset, description=description, partitions_def=FISCAL_YEAR_BY_PROVINCE, blocking=blocking)
