"""The way out: what is decided of each partition, and the published dataset as one replacement.

Belongs here: which stored partitions are published together. How files are written is in `pipeline.publish`.
"""

from collections.abc import Collection, Mapping

import dagster as dg
import polars as pl
from pydantic import Field

from assets import data_versions
from assets.data_versions import Made, current_catalogue, made_partitions, names_version, wanted_versions
from assets.io import TableStorage
from assets.metadata import OWNER, columns_listed, rows_listed
from assets.partitions import parts_of
from assets.resources import Workspace
from pipeline.build import publication_version, published_partitions
from pipeline.publish.dataset import Frames, publish
from pipeline.publish.gate import PublicationInputs, published_partition
from pipeline.publish.parquet import Partition, dimension_path, key_of
from pipeline.publish.versions.kept_versions import current_snapshot
from pipeline.publish.versions.manifest import read_manifest, rows_per_table, snapshot_of
from pipeline.publish.versions.partition_fingerprints import fingerprints_of, record_fingerprints
from pipeline.store.frames import empty_frames
from schemas.marts import MARTS
from schemas.tables import CODES, DIMENSIONS, PARTITIONED

PLAN_STEP = "publication_plan"

_PLAN = {
    "partition": ("String", "Fiscal year and province."),
    "version": ("String", "Of its inputs now; none where it has none."),
    "decision": (
        "String",
        "`publish`, `keep`, `hold` (its pass rate fell), `wait` (not made from its present inputs yet), `remove` (no inputs).",
    ),
    "upon": ("String", "Snapshot that was published when it was decided; none where nothing was."),
}


class Published(dg.Config):
    """What a run publishes.

    Attributes:
        partitions: keys of the partitions that it is about; the others stay as they are published. None: all.
    """

    partitions: list[str] | None = None


class AcknowledgedLoss(dg.Config):
    """Which documents may be missing from a dataset.

    Attributes:
        lost: why many of those that are published may be gone; empty: they may not.
        broken: keys of partitions that cannot be made: it is published without those of them that it never held.
    """

    lost: str = ""
    broken: list[str] = Field(default_factory=list)


@dg.asset(
    description="What the next publication does with each partition: by comparing the versions of inputs, tables and dataset.",
    deps=["raw_documents", *(table.name for table in PARTITIONED)],
    group_name="publication",
    kinds={"polars"},
    owners=[OWNER],
    code_version=publication_version(),
    metadata=columns_listed(_PLAN),
)
def publication_plan(
    context: dg.AssetExecutionContext, config: Published, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> dg.MaterializeResult[pl.DataFrame]:
    """Decide once for all steps of this run: partitions that are made meanwhile are published next time."""
    catalogue = _looked_at(workspace, io_manager)
    made, upon = made_partitions(context.instance), current_snapshot(workspace.dataset_folder)
    plan = data_versions.publication_plan(wanted_versions(catalogue), made, workspace.dataset_folder, config.partitions)
    frame = pl.DataFrame([(*decided, upon) for decided in plan], schema=dict.fromkeys(_PLAN, pl.String()), orient="row")
    counts = {decision: frame.filter(pl.col("decision") == decision).height for decision in ("publish", "keep", "hold", "wait", "remove")}
    changes = frame.filter(pl.col("decision") != "keep")
    return dg.MaterializeResult(value=frame, metadata={"dagster/row_count": frame.height, **counts, "changes": rows_listed(changes)})


@dg.asset(
    description="The published dataset: replaced as a whole in one step, so that no reader sees a part of it.",
    deps=["raw_documents", *(table.name for table in PARTITIONED), *MARTS],
    ins={PLAN_STEP: dg.AssetIn(), **{table.name: dg.AssetIn() for table in DIMENSIONS}},
    group_name="publication",
    kinds={"parquet", "duckdb"},
    owners=[OWNER],
    code_version=publication_version(),
)
def dataset(
    context: dg.AssetExecutionContext,
    config: AcknowledgedLoss,
    publication_plan: pl.DataFrame,
    workspace: Workspace,
    io_manager: dg.ResourceParam[TableStorage],
    **dimensions: pl.DataFrame,
) -> dg.MaterializeResult[None]:
    """Publish what the plan says, together with the dimension tables, manifest, descriptions and database."""
    folder = workspace.dataset_folder
    plan = {key: (version, decision) for key, version, decision, _ in publication_plan.rows()}
    recorded = fingerprints_of(folder)
    new = {key: str(version) for key, (version, decision) in plan.items() if decision == "publish"}
    removed = [key for key, (_, decision) in plan.items() if decision == "remove"]
    if new or removed or not read_manifest(folder):
        names = names_version(dimensions[CODES.name])
        made = made_partitions(context.instance)
        frames: dict[Partition, Frames] = {parts_of(key): _stored(key, version, made, names, io_manager) for key, version in new.items()}
        frames |= {parts_of(key): empty_frames() for key in removed}
        if names != _published_names(workspace):
            frames = {**_kept(workspace, plan), **frames}
        (upon,) = publication_plan["upon"].unique().to_list() or [None]
        inputs = PublicationInputs(
            _looked_at(workspace, io_manager).select("sha256", "file_name", "fiscal_year", "province"),
            upon,
            _left_out(plan, recorded, [*config.broken, *map(key_of, published_partitions(folder))]),
            config.lost,
        )
        written = publish(folder, frames, dimensions, keep_others=True, inputs=inputs, keep_versions=workspace.keep_versions).files
        record_fingerprints(folder, snapshot_of(written), {**{key: of for key, of in recorded.items() if key not in removed}, **new})
    files = tuple(read_manifest(folder).values())
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(folder.resolve())),
            "files": len(files),
            "bytes": sum(file.bytes for file in files),
            "published": sorted(new),
            "removed": removed,
            "held": [key for key, (_, decision) in plan.items() if decision == "hold"],
            **{f"rows_{table}": rows for table, rows in rows_per_table(files).items()},
        },
    )


def _looked_at(workspace: Workspace, io_manager: TableStorage) -> pl.DataFrame:
    catalogue = current_catalogue(workspace, io_manager)
    if catalogue is None:
        raise dg.Failure("The inputs were not looked at yet, or what was found is lost: materialise raw_documents.")
    return catalogue


def _left_out(plan: Mapping[str, tuple[str | None, str]], recorded: Mapping[str, str], may_wait: Collection[str]) -> set[Partition]:
    """Return the partitions of which another state than that of their inputs is meant to be published.

    They are held back, not meant, or not made: then what is published of them stays, and where nothing is, they must be known to be broken.
    """
    return {
        parts_of(key)
        for key, (version, decision) in plan.items()
        if decision == "hold" or (decision == "keep" and recorded.get(key) != version) or (decision == "wait" and key in may_wait)
    }


def _stored(key: str, version: str, made: Mapping[str, Made], names: str, storage: TableStorage) -> Frames:
    """Return the tables of a partition, and its marts where they were made from them with the names that hold now."""
    usable = key in made and made[key].marts == version and made[key].names == names
    wanted = [*(table.name for table in PARTITIONED), *(MARTS if usable else ())]
    return {name: storage.read(dg.AssetKey(name), key) for name in wanted}


def _kept(workspace: Workspace, plan: Mapping[str, tuple[str | None, str]]) -> dict[Partition, Frames]:
    """Return the published tables of partitions that stay, so that their marts are made with other names."""
    keys = [key for key, (_, decision) in plan.items() if decision in ("keep", "hold", "wait")]
    found = {parts_of(key): published_partition(workspace.dataset_folder, parts_of(key)) for key in keys}
    return {partition: tables for partition, tables in found.items() if tables is not None}


def _published_names(workspace: Workspace) -> str | None:
    path = workspace.dataset_folder / dimension_path(CODES)
    return names_version(pl.read_parquet(path)) if path.exists() else None
