"""The marts: wide tables of one partition that count no amount twice, one asset per mart, made together.

Belongs here: the marts as assets. How amounts are chosen and laid out is in `pipeline.publish.marts`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.data_versions import made_partitions, mart_version
from assets.io import TableStorage
from assets.metadata import attributes, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE
from pipeline.budget.codes.attestations import MENTION_COLUMNS, published_codes
from pipeline.build import publication_version
from pipeline.publish.marts.wide_tables import MADE_FROM, make_marts
from schemas.marts import MARTS
from schemas.tables import CODES

MARTS_STEP = "marts_of_tables"


@dg.multi_asset(
    name=MARTS_STEP,
    outs={mart.name: dg.AssetOut(**attributes(mart, group="marts", version=publication_version())) for mart in MARTS.values()},
    ins={table.name: dg.AssetIn() for table in MADE_FROM},
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
)
def marts_of_tables(
    context: dg.AssetExecutionContext, io_manager: dg.ResourceParam[TableStorage], **tables: pl.DataFrame
) -> Iterator[dg.MaterializeResult[pl.DataFrame]]:
    """Make the marts of one partition. The names of the 类 are those that all documents attested when `codes` was made last.

    Where documents attest another name since, the publication makes the marts anew.
    """
    codes = known_codes(io_manager)
    made = made_partitions(context.instance).get(context.partition_key)
    for name, frame in make_marts(tables, codes).items():
        yield dg.MaterializeResult(
            asset_key=name,
            value=frame,
            metadata=numbers_of(frame, MARTS[name]),
            data_version=mart_version(made.tables, codes) if made and made.tables else None,
        )


def known_codes(storage: TableStorage) -> pl.DataFrame:
    """Return the table `codes` as it was made last; before it was made, what the lists say that come with the code."""
    try:
        return storage.read(dg.AssetKey(CODES.name))
    except dg.Failure:
        return published_codes(pl.DataFrame(schema=MENTION_COLUMNS))
