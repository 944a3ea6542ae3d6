"""The dimension tables: lists that come with the code, and what all documents together say of codes, departments and unusual amounts.

Belongs here: the dimensions as assets. What they say is decided in `schemas.classification` and `pipeline.publish.dimensions`.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from assets.io import TableStorage
from assets.metadata import attributes, column_schema, rows_listed
from assets.partitions import parts_of
from assets.resources import Workspace
from pipeline.budget.codes.attestations import MENTION_COLUMNS, mentions_of_codes
from pipeline.build import publication_version
from pipeline.publish.dimensions import LISTS, MINED, mined_dimensions
from pipeline.publish.outliers import CELLS, cells_of
from pipeline.publish.partition_digests import digests_of
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CODE_ATTESTATIONS, DIMENSIONS, DOCUMENTS, Table


def _list(table: Table) -> dg.AssetsDefinition:
    def rows() -> dg.MaterializeResult[pl.DataFrame]:
        frame = LISTS[table.name]()
        return dg.MaterializeResult(value=frame, metadata={"dagster/row_count": frame.height, **column_schema(table)})

    asset: dg.AssetsDefinition = dg.asset(
        name=table.name, **attributes(table, group="dimensions", version=publication_version(), kinds=("polars", "csv"))
    )(rows)
    return asset


@dg.multi_asset(
    outs={table.name: dg.AssetOut(**attributes(table, group="dimensions", version=publication_version())) for table in MINED},
    ins={"publication_plan": dg.AssetIn()},
    deps=[DOCUMENTS.name, BUDGET_LINES.name],
)
def dimensions_of_documents(
    publication_plan: pl.DataFrame, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> Iterator[dg.MaterializeResult[pl.DataFrame]]:
    """Mine printed codes, names of departments and unusual amounts from everything that the dataset will hold after this run."""
    decided = dict(publication_plan.select("partition", "decision").rows())
    replaced = {parts_of(key) for key, decision in decided.items() if decision in ("publish", "remove")}
    fresh = [key for key, decision in decided.items() if decision == "publish"]
    stays = digests_of(workspace.dataset_folder, publication_version()).without(replaced)
    mentions, cells = [stays.mentions.select(MENTION_COLUMNS.keys())], [stays.cells.select(CELLS.keys())]
    for key in fresh:
        lines = io_manager.read(dg.AssetKey(BUDGET_LINES.name), key)
        mentions.append(mentions_of_codes(lines))
        cells.append(cells_of(lines))
    read = (stays.documents, *(io_manager.read(dg.AssetKey(DOCUMENTS.name), key) for key in fresh))
    documents = pl.concat([frame.select(polars_schema(DOCUMENTS).keys()) for frame in read])
    for name, frame in mined_dimensions(pl.concat(mentions), documents, pl.concat(cells)).items():
        numbers: dict[str, Any] = {}
        if name == CODE_ATTESTATIONS.name:
            open_pairs = frame.filter(pl.col("conflict").is_not_null() & pl.col("decision").is_null())
            shown = open_pairs.sort("documents", descending=True, maintain_order=True).select("scheme", "code", "name", "documents")
            numbers = {"conflicts_to_decide": open_pairs.height, "open": rows_listed(shown)}
        yield dg.MaterializeResult(asset_key=name, value=frame, metadata={"dagster/row_count": frame.height, **numbers})


DIMENSION_ASSETS: tuple[dg.AssetsDefinition, ...] = (
    dimensions_of_documents,
    *(_list(table) for table in DIMENSIONS if table.name in LISTS),
)
