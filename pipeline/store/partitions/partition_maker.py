"""Partitions gathered from stored results, which are mended where they are damaged.

Belongs here: what is done about a damaged result. Which rows a table holds is in `partition.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.store.catalogue import MapDocuments, Task, sources_of
from pipeline.store.chain import Stage
from pipeline.store.partitions.input_fingerprints import by_partition
from pipeline.store.partitions.partition import CheckedTables, partition_tables
from pipeline.store.results import DamagedResult, ResultStore


@dataclass(slots=True)
class PartitionMaker:
    """Gathers partitions; documents whose results are damaged go through the stages again, once.

    Attributes:
        catalogue: all inputs (see `CATALOGUE_SCHEMA`).
        store: results of stages.
        versions: of the stages.
        run: takes documents through the stages.
        made_again: per stage, of how many documents it was made again.
    """

    catalogue: pl.DataFrame
    store: ResultStore
    versions: Mapping[Stage, str]
    run: MapDocuments
    made_again: dict[Stage, int] = field(default_factory=lambda: dict.fromkeys(Stage, 0))
    _parts: dict[tuple[int, str], pl.DataFrame] = field(default_factory=dict)

    def tables(self, partition: tuple[int, str]) -> dict[str, pl.DataFrame]:
        """Return all tables of a partition.

        Raises:
            DamagedResult: what was checked of a document is missing or damaged, and cannot be made again.
            MissingRows: the tables do not hold what the documents claim.
        """
        inputs = self._inputs_of(partition)
        try:
            return partition_tables(inputs, CheckedTables(self.store, self.versions[Stage.CHECKING]), *partition)
        except DamagedResult:
            self._mend(inputs)
            return partition_tables(inputs, CheckedTables(self.store, self.versions[Stage.CHECKING]), *partition)

    def _inputs_of(self, partition: tuple[int, str]) -> pl.DataFrame:
        """Return the inputs that a partition is made of: its own and those of the year before."""
        if not self._parts:
            self._parts = by_partition(self.catalogue)
        year, province = partition
        return pl.concat(
            [self.catalogue.clear(), *(part for of in (year - 1, year) if (part := self._parts.get((of, province))) is not None)]
        )

    def _mend(self, inputs: pl.DataFrame) -> None:
        checked = CheckedTables(self.store, self.versions[Stage.CHECKING])
        own = inputs.filter(pl.col("primary"))
        damaged = {sha for sha, key in own.select("sha256", "checked").rows() if key and not checked.is_intact(key)}
        again = sources_of(own.filter(pl.col("sha256").is_in(list(damaged))))
        for outcome in self.run([Task(source, self.store.folder, self.versions) for source in again]):
            for stage in outcome.made:
                self.made_again[stage] += 1
