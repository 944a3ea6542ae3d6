"""Where assets keep their tables between runs: one file per asset and partition, with its hash.

Belongs here: storage of frames. The published dataset is not written here (`publication/assets.py`).
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import dagster as dg
import polars as pl

from assets.environment import HOME_VARIABLE, STORAGE_VARIABLE, setting
from assets.partitions import parts_of
from pipeline.store.storage import FolderStorage

_HASH_BYTES = 32


class TableStorage(dg.ConfigurableIOManager):
    """Keeps each table as its hash and an uncompressed Arrow file, replaced in one step; assets without a value leave nothing.

    Attributes:
        folder: where the files lie: `<asset>.table`, or `<asset>/<year>/<province>.table` for partitions. Empty stands for
            $YUSUAN_STORAGE, else for a folder beside Dagster's own records.
    """

    folder: str = ""

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | None) -> None:
        """Store the table of an asset's partition."""
        if obj is None:
            return
        path = self.path(context.asset_key, context.partition_key if context.has_partition_key else None)
        buffer = io.BytesIO()
        obj.write_ipc(buffer)
        folder = self._folder
        FolderStorage(folder).write(path.relative_to(folder).as_posix(), hashlib.sha256(buffer.getvalue()).digest(), buffer.getvalue())

    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        """Return the table of an upstream asset's partition.

        Raises:
            dagster.Failure: the upstream asset was never materialised there, or its file is damaged.
        """
        return self.read(context.asset_key, context.asset_partition_key if context.has_asset_partitions else None)

    def read(self, asset: dg.AssetKey, partition: str | None = None) -> pl.DataFrame:
        """Return the stored table of an asset, or of one of its partitions.

        Raises:
            dagster.Failure: it was never materialised, or its file is damaged.
        """
        path = self.path(asset, partition)
        try:
            stored = path.read_bytes()
        except OSError:
            raise dg.Failure(f"{asset.to_user_string()} has no table at {path}: materialise it first") from None
        if hashlib.sha256(stored[_HASH_BYTES:]).digest() != stored[:_HASH_BYTES]:
            raise dg.Failure(f"{asset.to_user_string()} is damaged at {path}: materialise it again")
        return pl.read_ipc(io.BytesIO(stored[_HASH_BYTES:]))

    def path(self, asset: dg.AssetKey, partition: str | None = None) -> Path:
        """Return the file of an asset, or of one of its partitions."""
        if partition is None:
            return self._folder / f"{asset.path[-1]}.table"
        year, province = parts_of(partition)
        return self._folder / asset.path[-1] / str(year) / f"{province}.table"

    @property
    def _folder(self) -> Path:
        return Path(self.folder or setting(STORAGE_VARIABLE) or tables_folder(Path(setting(HOME_VARIABLE) or ".dagster")))


def tables_folder(home: Path) -> Path:
    """Return where the tables of runs recorded in `home` are kept."""
    return home / "storage" / "tables"
