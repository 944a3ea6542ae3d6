"""Where assets keep their tables between runs: one Arrow file per asset and partition.

Belongs here: storage of frames and the settings that runs share. The published dataset is not written here (`publication.py`).
"""

import os
from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import Field

from assets.partitions import key_of, parts_of
from pipeline.publish.kept_versions import KEPT
from pipeline.store.results import default_folder

SOURCES_VARIABLE = "YUSUAN_SOURCES"
"""Environment variable with the sources, separated as in PATH."""

HOME_VARIABLE = "DAGSTER_HOME"
DATASET_VARIABLE = "YUSUAN_DATASET"
RESULTS_VARIABLE = "YUSUAN_RESULTS"
STORAGE_VARIABLE = "YUSUAN_STORAGE"


class Workspace(dg.ConfigurableResource[None]):
    """What a run works on.

    Attributes:
        sources: files, folders or registries; none stands for the samples embedded in the package.
        dataset: folder that the dataset is published to.
        results: folder where results of stages are kept between builds.
        workers: processes that read documents at the same time, 0 for one per processor.
        keep_versions: versions of the dataset that are kept, the published one included.
    """

    sources: list[str] = Field(default_factory=list)
    dataset: str = "dataset"
    results: str = ""
    workers: int = 0
    keep_versions: int = KEPT

    @classmethod
    def from_environment(cls) -> "Workspace":
        """Return the workspace that the `YUSUAN_…` environment variables describe."""
        return cls(
            sources=[source for source in os.environ.get(SOURCES_VARIABLE, "").split(os.pathsep) if source],
            dataset=os.environ.get(DATASET_VARIABLE, "dataset"),
            results=os.environ.get(RESULTS_VARIABLE, ""),
        )

    @property
    def results_folder(self) -> Path:
        """Where results of stages are kept: as configured, else in the user's cache folder."""
        return Path(self.results) if self.results else default_folder()


class TableStorage(dg.ConfigurableIOManager):
    """Keeps each table as an uncompressed Arrow file, replaced in one step; assets without a value leave nothing.

    Attributes:
        folder: where the files lie: `<asset>.arrow`, or `<asset>/<year>/<province>.arrow` for partitions.
    """

    folder: str

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | None) -> None:
        """Store the table of an asset's partition."""
        if obj is None:
            return
        path = self.path(context.asset_key, context.partition_key if context.has_partition_key else None)
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(f".{os.getpid()}")
        obj.write_ipc(staged)
        staged.replace(path)

    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        """Return the table of an upstream asset's partition.

        Raises:
            dagster.Failure: the upstream asset was never materialised there.
        """
        return self.read(context.asset_key, context.asset_partition_key if context.has_asset_partitions else None)

    def read(self, asset: dg.AssetKey, partition: str | None = None) -> pl.DataFrame:
        """Return the stored table of an asset, or of one of its partitions.

        Raises:
            dagster.Failure: it was never materialised.
        """
        path = self.path(asset, partition)
        if not path.exists():
            raise dg.Failure(f"{asset.to_user_string()} has no table at {path}: materialise it first")
        return pl.read_ipc(path)

    def partitions(self, asset: dg.AssetKey) -> list[str]:
        """Return the keys of the partitions of an asset that are stored, in order."""
        return [key_of(int(path.parent.name), path.stem) for path in sorted((Path(self.folder) / asset.path[-1]).glob("*/*.arrow"))]

    def path(self, asset: dg.AssetKey, partition: str | None = None) -> Path:
        """Return the file of an asset, or of one of its partitions."""
        folder = Path(self.folder)
        if partition is None:
            return folder / f"{asset.path[-1]}.arrow"
        year, province = parts_of(partition)
        return folder / asset.path[-1] / str(year) / f"{province}.arrow"


def tables_folder(home: Path) -> Path:
    """Return where the tables of runs recorded in `home` are kept."""
    return home / "storage" / "tables"


def storage_folder() -> str:
    """Return where tables of recorded runs are kept: as configured, else beside Dagster's own records."""
    return os.environ.get(STORAGE_VARIABLE, str(tables_folder(Path(os.environ.get(HOME_VARIABLE, ".")))))
