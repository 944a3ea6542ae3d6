"""The partitions of the dataset: fiscal year × province, the same two columns that stand in its paths.

Belongs here: how a partition's key is made and taken apart. Which years and provinces there are is said in `pipeline.budget.filing`.
"""

from __future__ import annotations

import dagster as dg

from pipeline.budget.filing import PROVINCES, YEARS

FISCAL_YEAR_BY_PROVINCE = dg.MultiPartitionsDefinition(
    {
        "fiscal_year": dg.StaticPartitionsDefinition([str(year) for year in YEARS]),
        "province": dg.StaticPartitionsDefinition(list(PROVINCES)),
    }
)


def key_of(year: int, province: str) -> str:
    """Return the partition key of a year and province: `key_of(2019, "CN-SH")` is `2019|CN-SH`."""
    return f"{year}|{province}"


def parts_of(key: str) -> tuple[int, str]:
    """Return the year and province of a partition key, the inverse of `key_of`."""
    year, province = key.split("|")
    return int(year), province
