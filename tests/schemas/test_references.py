"""References: each names columns that there are, of the same types on both sides."""

import pytest

from schemas.export import polars_schema
from schemas.marts import PUBLISHED
from schemas.references import FOREIGN_KEYS, ForeignKey


@pytest.mark.parametrize("key", FOREIGN_KEYS, ids=lambda k: f"{k.table}.{k.columns[0]}-{k.target}")
def test_both_sides_are_alike(key: ForeignKey) -> None:
    here, there = polars_schema(PUBLISHED[key.table]), polars_schema(PUBLISHED[key.target])
    assert [here[name] for name in key.columns] == [there[name] for name in key.keys]


def test_every_partitioned_table_but_documents_refers_to_its_document() -> None:
    own = {key.table for key in FOREIGN_KEYS if key.target == "documents" and PUBLISHED[key.table].partitioned}
    assert own == {name for name, table in PUBLISHED.items() if table.partitioned} - {
        "disclosures",
        "units_and_assets",
    }  # which list their documents, or are of all of a disclosure
