"""The gate: a partition whose pass rate fell against its published version is held back, and blocks what follows from it.

Belongs here: the gate's verdict and its declaration as a blocking check. The comparison itself is in `pipeline.publish.gate`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import polars as pl

from assets.metadata import partitioned_check
from pipeline.checks.of_partitions.table_checks import Verdict, not_applicable
from pipeline.publish.gate import FALL_CHECK, pass_rate_fall, published_partition
from pipeline.publish.parquet import Partition
from schemas.tables import CHECKS

GATE = partitioned_check(
    FALL_CHECK,
    CHECKS.name,
    "The share of checks that hold did not fall against the partition's published version; else it is held back until somebody says why.",
    blocking=True,
)


def gate_verdict(dataset: Path, partition: Partition, checks: pl.DataFrame, reason: str) -> Verdict:
    """Return whether the tables of a partition may replace what is published of it.

    Args:
        dataset: as it is published now.
        partition: that is made.
        checks: its table `checks`.
        reason: why its pass rate may fall; empty: it may not.
    """
    last = published_partition(dataset, partition)
    if last is None:
        return not_applicable("nothing is published of the partition")
    fall = pass_rate_fall(last[CHECKS.name], checks)
    if fall is None:
        return Verdict(True, {"published_checks": last[CHECKS.name].height, "checks": checks.height})
    numbers = {"fall": str(fall), **asdict(fall)}
    return Verdict(True, {**numbers, "acknowledged": reason}) if reason else Verdict(False, numbers)
