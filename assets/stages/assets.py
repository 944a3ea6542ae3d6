"""The stages as assets: extracted tables → recognised statements → coded lines → checked lines, of the documents of one partition.

Belongs here: showing what is stored of each document, and having stages redone. What a stage does is in `pipeline.stages`; its content
stays in the store of results, where each document has its own, by the hash of its bytes.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl
from pydantic import Field

from assets.metadata import attributes, check_result, check_specs, column_schema
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from assets.resources import Workspace
from pipeline.checks.of_partitions.stage_checks import STAGE_CHECKS
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.partitions.input_fingerprints import files_of_partition
from pipeline.store.stage_indexes import redo_stages, stage_index
from schemas.stage_index_columns import STAGE_INDEXES

STAGES_STEP = "stages_of_documents"


class StageRun(dg.Config):
    """How a run makes stages.

    Attributes:
        redo: make the selected stages again, though stored results fit; automated runs keep what fits.
        documents: ids of those whose stages are made again; none: all of the partition.
    """

    redo: bool = True
    documents: list[str] = Field(default_factory=list)


_AFTER = dict(zip(Stage, ("raw_documents", *Stage), strict=False))


@dg.multi_asset(
    name=STAGES_STEP,
    outs={
        str(stage): dg.AssetOut(**attributes(STAGE_INDEXES[stage], group="stages", version=version), is_required=False)
        for stage, version in stage_versions().items()
    },
    internal_asset_deps={str(stage): {dg.AssetKey(str(before))} for stage, before in _AFTER.items()},
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
    check_specs=check_specs(STAGE_CHECKS),
    can_subset=True,
)
def stages_of_documents(
    context: dg.AssetExecutionContext, config: StageRun, raw_documents: pl.DataFrame, workspace: Workspace
) -> Iterator[dg.MaterializeResult[pl.DataFrame] | dg.AssetCheckResult]:
    """Make, or show, the selected stages of the documents of one partition, and judge each. One step for all: they are one chain."""
    wanted = [stage for stage in Stage if dg.AssetKey(str(stage)) in context.selected_asset_keys]
    listed = files_of_partition(raw_documents, *parts_of(context.partition_key))
    store, versions, run = workspace.store, stage_versions(), workspace.documents_in_workers()
    again = listed.filter(pl.col("document_id").is_in(config.documents)) if config.documents else listed
    failures = redo_stages(again, wanted, store, versions, run) if config.redo and wanted else None
    for stage in wanted:
        index = stage_index(stage, listed, store, versions, run, failures)
        yield dg.MaterializeResult(
            asset_key=str(stage),
            value=index,
            metadata={**_numbers(index), "redone": config.redo, **column_schema(STAGE_INDEXES[stage])},
            data_version=dg.DataVersion(_version_of(index)),
        )
        for check in STAGE_CHECKS[stage]:
            if dg.AssetCheckKey(dg.AssetKey(str(stage)), check.name) in context.selected_asset_check_keys:
                yield check_result(str(stage), check.name, check.judge(index))


def _numbers(index: pl.DataFrame) -> dict[str, Any]:
    counted = [name for name, dtype in index.schema.items() if dtype == pl.Int32 and name != "fiscal_year"]
    return {"dagster/row_count": index.height, **{name: int(index[name].fill_null(0).sum()) for name in counted}}


def _version_of(index: pl.DataFrame) -> str:
    rows = index.select("document_id", "result", "failure").rows()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
