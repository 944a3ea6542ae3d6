"""The partitions of the assets: fiscal year × province, as in the dataset's paths; those that have inputs, and no others.

Belongs here: how a partition's key is made and taken apart, and that the partitions known to Dagster are those that exist.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from pipeline.publish.parquet import Partition, key_of

_NAME = "fiscal_year_by_province"

FISCAL_YEAR_BY_PROVINCE = dg.DynamicPartitionsDefinition(name=_NAME)
"""Keys are `2019|CN-SH`. Two dynamic dimensions would make every year × every province (docs/adr/0008-partitions-that-exist.md)."""


SOURCES = dg.DynamicPartitionsDefinition(name="source")
"""Hosts of the sources that are fetched: a host that is down is one partition that is not made."""


def parts_of(key: str) -> Partition:
    """Return the year and province of a partition key, the inverse of `key_of`."""
    year, province = key.split("|")
    return int(year), province


def add_partitions(instance: dg.DagsterInstance, partitions: Iterable[Partition]) -> None:
    """Make partitions known to Dagster."""
    instance.add_dynamic_partitions(_NAME, sorted(key_of(partition) for partition in partitions))


def set_partitions(instance: dg.DagsterInstance, partitions: Iterable[Partition]) -> None:
    """Make Dagster know exactly these partitions; the records of runs of others stay."""
    wanted = {key_of(partition) for partition in partitions}
    for key in set(instance.get_dynamic_partitions(_NAME)) - wanted:
        instance.delete_dynamic_partition(_NAME, key)
    instance.add_dynamic_partitions(_NAME, sorted(wanted))
