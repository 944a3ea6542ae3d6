"""The partitioned tables of the dataset: the rows of a partition's documents, gathered from what was checked of each.

Belongs here: one asset per table, made together, with the gate. What the rows say was decided in the stages; which documents count, in
`pipeline.store`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.data_versions import table_version
from assets.metadata import attributes, check_result, check_specs, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from assets.publication.checks import GATE, gate_verdict
from assets.resources import Workspace
from pipeline.build import publication_version
from pipeline.checks.of_partitions.table_checks import TABLE_CHECKS
from pipeline.publish.gate import FALL_CHECK
from pipeline.store.catalogue import refreshed
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.partitions.input_fingerprints import fingerprint_of
from pipeline.store.partitions.partition_maker import PartitionMaker
from schemas.tables import CHECKS, DOCUMENTS, PARTITIONED

TABLES_STEP = "tables_of_documents"


class Acknowledged(dg.Config):
    """Whether a partition may be published although its pass rate falls.

    Attributes:
        reason: why it may fall; empty: it may not.
    """

    reason: str = ""


@dg.multi_asset(
    name=TABLES_STEP,
    outs={
        table.name: dg.AssetOut(**attributes(table, group="tables", version=publication_version()), is_required=False)
        for table in PARTITIONED
    },
    ins={"raw_documents": dg.AssetIn()},
    deps=[str(Stage.CHECKING)],
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
    check_specs=[*check_specs(TABLE_CHECKS), GATE],
    can_subset=True,
)
def tables_of_documents(
    context: dg.AssetExecutionContext, config: Acknowledged, raw_documents: pl.DataFrame, workspace: Workspace
) -> Iterator[dg.MaterializeResult[pl.DataFrame] | dg.AssetCheckResult]:
    """Gather all tables of one partition, judge them, and hold them back where their pass rate fell. One step: a step costs more."""
    year, province = partition = parts_of(context.partition_key)
    store, versions, run = workspace.store, stage_versions(), workspace.documents_in_workers()
    nearby = pl.col("fiscal_year").is_in([year, year - 1]) & (pl.col("province") == province)
    catalogue = refreshed(raw_documents.filter(nearby), store, versions, run)
    tables = PartitionMaker(catalogue, store, versions, run).tables(partition)
    version = fingerprint_of(catalogue, publication_version(), year, province)
    gate = gate_verdict(workspace.dataset_folder, partition, tables[CHECKS.name], config.reason)
    for table in PARTITIONED:
        if table.name in context.op_execution_context.selected_output_names:
            frame = tables[table.name]
            yield dg.MaterializeResult(
                asset_key=table.name,
                value=frame,
                metadata={**numbers_of(frame, table), **(_statuses(frame) if table is DOCUMENTS else {})},
                data_version=table_version(version, held=not gate.passed),
            )
    selected = context.selected_asset_check_keys
    for table_name, checks in TABLE_CHECKS.items():
        for check in checks:
            if dg.AssetCheckKey(dg.AssetKey(table_name), check.name) in selected:
                yield check_result(table_name, check.name, check.judge(tables[table_name]))
    if dg.AssetCheckKey(dg.AssetKey(CHECKS.name), FALL_CHECK) in selected:
        yield check_result(CHECKS.name, FALL_CHECK, gate)


def _statuses(frame: pl.DataFrame) -> dict[str, int]:
    statuses = ("published", "quarantined", "superseded", "duplicate")
    return {f"files_{status}": frame.filter(pl.col("status") == status).height for status in statuses}
