"""A dataset proves itself, and each kind of fault is found, also where the hashes were made to fit it."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publish.database import write_database
from pipeline.publish.parquet import partition_of, write_table
from pipeline.publish.verify import NoDataset, verify
from pipeline.publish.versions.manifest import DATABASE, MANIFEST, file_of, read_manifest, write_manifest
from schemas.export import polars_schema
from schemas.marts import PUBLISHED

Change = Callable[[pl.DataFrame], pl.DataFrame]


def faults(dataset: Path) -> dict[str, tuple[str, ...]]:
    return {proof.name: proof.faults for proof in verify(dataset) if proof.faults}


def forge(dataset: Path, table: str, change: Change, database: bool = True) -> None:
    """Change a table's files and make hashes, counts and database fit."""
    files = read_manifest(dataset)
    for path, file in files.items():
        if file.table == table and file.rows:
            frame = pl.read_parquet(dataset / path, hive_partitioning=False)
            if PUBLISHED[table].partitioned:
                year, province = partition_of(path)
                frame = frame.with_columns(fiscal_year=pl.lit(year, dtype=pl.Int32), province=pl.lit(province))
            changed = change(frame.select(PUBLISHED[table].names)).cast(polars_schema(PUBLISHED[table]))
            write_table(changed, PUBLISHED[table], dataset / path)
            files[path] = file_of(dataset, Path(path), table, changed.height)
    data = [file for file in files.values() if file.table]
    if database:
        write_database(dataset / DATABASE, {name: [dataset / f.path for f in data if f.table == name] for name in PUBLISHED}, rows=0)
    write_manifest(dataset, data, [path for path, file in files.items() if not file.table])


def test_a_published_dataset_proves_itself(samples_dataset: Path) -> None:
    proofs = list(verify(samples_dataset))
    assert [proof.name for proof in proofs] == [
        "files and hashes",
        "schemas",
        "keys, values and rules",
        "references",
        "counts",
        "arithmetic of checks",
        "amounts read twice",
        "identities recomputed",
        "marts made again",
        "marts against print",
        "dataset.duckdb",
    ]
    assert all(not proof.faults and proof.tested > 10 for proof in proofs), proofs
    assert next(proof.tested for proof in proofs if proof.name == "identities recomputed") > 500


def test_a_changed_byte_a_lost_and_a_strange_file_are_found(own_dataset: Path) -> None:
    with (own_dataset / "README.md").open("a") as readme:
        readme.write(" ")
    (own_dataset / "codes.parquet").unlink()
    stranger = own_dataset / "budget_lines/fiscal_year=2019/province=CN-SH/part-1.parquet"
    stranger.write_bytes(b"")
    (found,) = faults(own_dataset).values()
    assert [fault.split()[0] for fault in found] == ["README.md", "codes.parquet", stranger.relative_to(own_dataset).as_posix()]


def test_a_manifest_of_other_files_is_found(own_dataset: Path) -> None:
    manifest = json.loads((own_dataset / MANIFEST).read_text())
    (own_dataset / MANIFEST).write_text(json.dumps({**manifest, "snapshot": "0" * 16}))
    assert "snapshot" in faults(own_dataset)["files and hashes"][0]


def test_a_changed_amount_breaks_its_identities_and_marts(own_dataset: Path) -> None:
    first = pl.int_range(pl.len()) == pl.struct("is_leaf").rank("ordinal").arg_max()
    forge(own_dataset, "budget_lines", lambda f: f.with_columns(amount=pl.when(first).then(pl.col("amount") + 1).otherwise("amount")))
    assert "identities recomputed" in faults(own_dataset)


def test_a_changed_outcome_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "checks", lambda f: f.with_columns(outcome=pl.col("outcome").replace("pass", "not_applicable")))
    assert set(faults(own_dataset)) == {"counts"}


def test_a_changed_difference_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "checks", lambda f: f.with_columns(difference=pl.col("difference") + 1))
    assert set(faults(own_dataset)) == {"arithmetic of checks"}


def test_an_amount_that_was_not_read_twice_is_found(own_dataset: Path) -> None:
    twice = (pl.col("check_id") == "F1") & (pl.col("outcome") == "pass")
    forge(own_dataset, "checks", lambda f: f.with_columns(actual=pl.when(twice).then(pl.col("actual") - 1).otherwise("actual")))
    assert "amounts of statement" in faults(own_dataset)["amounts read twice"][0]


def test_a_line_of_no_document_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "documents", lambda f: f.head(0))
    assert "is not in documents" in faults(own_dataset)["references"][0]


def test_a_disclosure_that_lists_an_unknown_document_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "disclosures", lambda frame: frame.with_columns(documents=pl.lit(["f" * 16])))
    assert any("disclosures: documents lists " + "f" * 16 in fault for fault in faults(own_dataset)["references"])


def test_a_total_of_an_unknown_document_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "mart_coverage", lambda frame: frame.with_columns(total_document_id=pl.lit("f" * 16)))
    assert any("total_document_id" in fault for fault in faults(own_dataset)["references"])


@pytest.mark.parametrize("table", ["code_attestations", "regions_history"])
def test_an_emptied_table_is_found(own_dataset: Path, table: str) -> None:
    """Also where hashes, counts and database were made to fit."""
    forge(own_dataset, table, lambda f: f.head(0))
    assert faults(own_dataset) == {"counts": (f"{table} is empty, although documents have lines",)}


def test_a_code_without_its_parent_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "codes", lambda f: f.filter(pl.col("code") != "201"))
    assert any(fault.startswith("codes: scheme, parent = function, 201") for fault in faults(own_dataset)["references"])


def test_a_document_with_another_number_of_lines_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "documents", lambda f: f.with_columns(lines=pl.col("lines") + 1))
    assert set(faults(own_dataset)) == {"counts"}


def test_a_key_twice_and_an_unknown_value_are_found(own_dataset: Path) -> None:
    path = next(own_dataset.glob("key_figures/*/*/*.parquet"))
    table = pq.read_table(path, partitioning=None)
    pq.write_table(pa.concat_tables([table, table.slice(0, 1)]), path)
    files = read_manifest(own_dataset)
    name = path.relative_to(own_dataset).as_posix()
    files[name] = file_of(own_dataset, Path(name), "key_figures", table.num_rows + 1)
    data = [file for file in files.values() if file.table]
    write_manifest(own_dataset, data, [path for path, file in files.items() if not file.table])
    assert "share their key" in faults(own_dataset)["keys, values and rules"][0]


def test_a_mart_that_the_tables_do_not_give_is_found(own_dataset: Path) -> None:
    forge(own_dataset, "three_public", lambda f: f.with_columns(total_budget=pl.col("total_budget") + 1))
    assert faults(own_dataset) == {"marts made again": ("three_public is not what the tables give",)}


def test_a_database_of_other_rows_is_found(own_dataset: Path) -> None:
    with duckdb.connect(str(own_dataset / DATABASE)) as connection:
        connection.execute("UPDATE budget_lines SET amount = amount + 1 WHERE amount = (SELECT max(amount) FROM budget_lines)")
    files = read_manifest(own_dataset)
    write_manifest(own_dataset, [f for f in files.values() if f.table], [path for path, file in files.items() if not file.table])
    assert faults(own_dataset) == {"dataset.duckdb": ("budget_lines is not that of the files",)}


def test_no_dataset_and_another_version_are_said(own_dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(NoDataset, match=r"has no manifest\.json"):
        next(verify(tmp_path))
    manifest = json.loads((own_dataset / MANIFEST).read_text())
    (own_dataset / MANIFEST).write_text(json.dumps({**manifest, "version": "9.0.0"}))
    with pytest.raises(NoDataset, match=r"version 9\.0\.0"):
        next(verify(own_dataset))
