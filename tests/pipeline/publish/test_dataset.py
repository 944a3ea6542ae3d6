"""The published folder: layout, bytes, types in every reader, and what becomes of partitions."""

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline.publish.database import comment_on
from pipeline.publish.dataset import Frames, NotADataset, Publication, publish, split_by_partition
from pipeline.publish.gate import OtherDocuments, OtherStructure, PublicationInputs, refuse_other_structure
from pipeline.publish.parquet import Partition
from pipeline.publish.versions.kept_versions import current_snapshot
from pipeline.publish.versions.manifest import read_manifest
from pipeline.publish.versions.replacement import AnotherWriter
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.classification.code_lists import codes_frame
from schemas.classification.places import regions_frame
from schemas.export import InvalidFrame, describe_field, polars_schema
from schemas.marts import MARTS, PUBLISHED
from schemas.tables import DATASET_VERSION, PARTITIONED, TABLES, Table
from tests.pipeline.publish.samples import facts, line, reading

DIMENSIONS = {
    **{table.name: pl.DataFrame(schema=polars_schema(table)) for table in TABLES.values() if not table.partitioned},
    "codes": codes_frame().head(40),
    "regions": regions_frame().head(40),
}


def frames_of(*readings: Checked) -> dict[Partition, dict[str, pl.DataFrame]]:
    """Partitions of the readings, each a document of its own, in an order that changes from call to call."""
    documents = [document_frames(one, facts(mark, f"{mark}.pdf")) for mark, one in zip("abcdef", readings, strict=False)]
    random.shuffle(documents)
    return split_by_partition({table.name: pl.concat([d[table.name] for d in documents]) for table in PARTITIONED})


def three_partitions() -> dict[Partition, dict[str, pl.DataFrame]]:
    """Three partitions with what is hard to write alike twice: long texts, many values, nulls between numbers."""
    quarantined = Checked(document={"status": "quarantined", "reason": "Not a PDF."})
    projects = [
        {"project_no": n + 1, "project": f"项目{n}", "amount": Decimal(n) if n % 3 else None, "goal": "目标" * (n % 7) * 400}
        for n in range(200)
    ]
    return frames_of(reading(2024, "CN-ZJ", projects=projects), reading(2024, "CN-ZJ", "另一局"), reading(2023, "CN"), quarantined)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A dataset to look at."""
    return publish(tmp_path_factory.mktemp("published") / "dataset", three_partitions(), DIMENSIONS)


@pytest.fixture
def changeable(published: Publication, tmp_path: Path) -> Path:
    """A copy of it to publish to."""
    return Path(shutil.copytree(published.folder, tmp_path / "dataset"))


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def scan(folder: Path, table: str) -> pl.DataFrame:
    return pl.scan_parquet(f"{folder}/{table}/**/*.parquet", hive_partitioning=True).collect()


def test_the_layout_is_the_promised_one(published: Publication) -> None:
    files = set(content(published.folder))
    two, all_three = ["fiscal_year=2023/province=CN", "fiscal_year=2024/province=CN-ZJ"], ["fiscal_year=0/province=unknown"]
    all_three += two
    partitions = {"documents": all_three, "budget_lines": two, "key_figures": two, "checks": two, "projects": two[1:]}
    partitions |= dict.fromkeys(["disclosures", "spending_by_function", "department_profile", "mart_coverage", "units_and_assets"], two)
    partitions["project_spending"] = two[1:]
    without_rows = {table: all_three[:1] for table in (*(t.name for t in PARTITIONED), *MARTS) if published.rows[table] == 0}
    assert {"year_on_year", "performance_indicators", "findings"} <= set(without_rows)
    files_of = {**partitions, **without_rows}
    expected = {f"{table}/{partition}/part-0.parquet" for table, where in files_of.items() for partition in where}
    expected |= {f"{name}.parquet" for name in DIMENSIONS}
    expected |= {"manifest.json", "datapackage.json", "DICTIONARY.md", "DICTIONARY.zh.md", "README.md", "README.zh.md", "dataset.duckdb"}
    expected |= {"croissant.json", "CITATION.cff", "LICENSES/CC-BY-4.0.txt", "LICENSES/MIT.txt"}
    assert files == expected


def test_the_manifest_lists_every_file_with_hash_rows_and_version(published: Publication) -> None:
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    assert listed == {path: sha for path, sha in content(published.folder).items() if path != "manifest.json"}
    assert manifest["version"] == DATASET_VERSION
    assert manifest["rows"] == dict(published.rows)
    rows = {file["path"]: file["rows"] for file in manifest["files"] if file["table"] == "budget_lines"}
    assert list(rows.values()) == [3, 6]
    assert sum(rows.values()) == published.rows["budget_lines"] == scan(published.folder, "budget_lines").height


def test_the_dictionary_is_there_in_both_languages_and_the_read_me_names_both(published: Publication) -> None:
    english, chinese, card = ((published.folder / name).read_text("utf-8") for name in ("DICTIONARY.md", "DICTIONARY.zh.md", "README.md"))
    assert "| `amount` | Decimal(precision=18, scale=2) | CNY | The amount, exact. |" in english
    assert "| `amount` | Decimal(precision=18, scale=2) | 元 | 金额，精确值。 |" in chinese
    assert {"DICTIONARY.md", "DICTIONARY.zh.md"} <= {file.path for file in published.files}
    assert "`DICTIONARY.md`" in card
    assert "`DICTIONARY.zh.md`" in card


def test_the_read_me_has_the_ten_questions_in_both_languages_with_the_same_code(published: Publication) -> None:
    english, chinese = ((published.folder / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    code, numbers = re.compile(r"```\w+\n.*?```", re.DOTALL), re.compile(r"^### (\d+)\. ", re.MULTILINE)
    assert code.findall(english) == code.findall(chinese)
    assert numbers.findall(english) == numbers.findall(chinese) == [str(n) for n in range(1, 11)]
    rows = f"| `budget_lines` | {published.rows['budget_lines']} | "
    assert rows in english
    assert rows in chinese
    assert not re.search(r"{\w+}", english + chinese)


def test_the_same_input_gives_the_same_bytes(published: Publication, changeable: Path) -> None:
    publish(changeable, three_partitions(), DIMENSIONS)
    assert content(changeable) == content(published.folder)


def test_the_order_in_which_partitions_came_leaves_no_trace(published: Publication, tmp_path: Path) -> None:
    stepwise = tmp_path / "stepwise"
    for partition, frames in reversed(three_partitions().items()):
        publish(stepwise, {partition: frames}, DIMENSIONS, keep_others=True)
    assert content(stepwise) == content(published.folder)


def test_neither_order_nor_place_nor_machine_leaves_a_trace(samples_dataset: Path, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from pipeline.publish.dataset import publish
from tests.pipeline.publish.samples import sample_partitions, whole_dimensions
partitions = dict(reversed(sample_partitions().items()))
frames = {p: {name: frame.reverse() for name, frame in tables.items()} for p, tables in partitions.items()}
publish(Path(sys.argv[1]), frames, {name: frame.reverse() for name, frame in reversed(whole_dimensions().items())})
"""
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77", "POLARS_MAX_THREADS": "1", "PYTHONUTF8": "1"}
    environment = {**os.environ, **elsewhere, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "elsewhere")], env=environment, check=True)
    assert content(tmp_path / "elsewhere") == content(samples_dataset)


def test_files_are_sorted_compressed_and_described(published: Publication) -> None:
    path = published.folder / "budget_lines/fiscal_year=2024/province=CN-ZJ/part-0.parquet"
    parquet = pq.ParquetFile(path)
    assert parquet.schema_arrow.names == [n for n in TABLES["budget_lines"].names if n not in ("fiscal_year", "province")]
    assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"
    assert parquet.metadata.row_group(0).column(0).has_column_index
    assert parquet.metadata.row_group(0).column(0).has_offset_index
    assert parquet.schema_arrow.metadata[b"licence"] == b"CC-BY-4.0"
    assert parquet.schema_arrow.metadata[b"dataset_version"] == DATASET_VERSION.encode()
    assert parquet.schema_arrow.field("amount").metadata[b"unit"] == b"CNY"
    order = list(TABLES["budget_lines"].sort_order)
    rows = pl.read_parquet(path, hive_partitioning=False)
    assert rows.equals(rows.sort(order, nulls_last=True))


@pytest.mark.parametrize("table", [*PARTITIONED, *MARTS.values()], ids=lambda t: t.name)
def test_polars_reads_the_declared_types(published: Publication, table: Table) -> None:
    got = dict(scan(published.folder, table.name).schema)
    expected = polars_schema(table) | {"fiscal_year": pl.Int64()}
    assert got == {column: expected[column] for column in got}
    assert set(got) == set(expected)


def test_every_reader_sees_the_same_values(published: Publication) -> None:
    columns = ["document_id", "fiscal_year", "province", "region_code", "level", "code", "amount", "is_leaf", "row", "x0", "page"]
    folder = published.folder / "budget_lines"
    by_polars = scan(published.folder, "budget_lines").select(columns).rows()
    by_arrow = ds.dataset(folder, partitioning="hive").to_table(columns=columns)
    assert by_arrow.schema.field("province").type == pa.string()
    assert by_arrow.schema.field("amount").type == pa.decimal128(18, 2)
    by_pandas = pd.read_parquet(folder)[columns]
    files = duckdb.sql(f"SELECT {', '.join(columns)} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)")
    assert [str(t) for t in files.types][6] == "DECIMAL(18,2)"
    with duckdb.connect(str(published.folder / "dataset.duckdb"), read_only=True) as connection:
        by_database = connection.sql(f"SELECT {', '.join(columns)} FROM budget_lines").fetchall()
    expected = sorted(by_polars)
    assert sorted(tuple(row.values()) for row in by_arrow.to_pylist()) == expected
    assert sorted(by_pandas.astype({"fiscal_year": int, "province": str}).itertuples(index=False, name=None)) == expected
    assert sorted(files.fetchall()) == expected
    assert sorted(by_database) == expected
    assert expected[0][6] == Decimal("1234.56")


def test_the_database_has_the_declared_types_and_comments_everywhere(published: Publication) -> None:
    with duckdb.connect(str(published.folder / "dataset.duckdb"), read_only=True) as connection:
        tables = dict(connection.sql("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_oid").fetchall())
        assert tables == {table.name: comment_on(table) for table in PUBLISHED.values()}
        for table in PUBLISHED.values():
            query = "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
            comments = dict(connection.execute(query, [table.name]).fetchall())
            assert comments == {field.name: comment_on(field) for field in table.fields}
            assert all(describe_field(field) in comments[field.name] and "\n" in comments[field.name] for field in table.fields)
            described = connection.table(table.name).limit(0).pl()
            assert dict(described.schema) == polars_schema(table)


def test_a_table_without_rows_can_be_scanned(tmp_path: Path) -> None:
    folder = publish(tmp_path / "dataset", {}, DIMENSIONS).folder
    for table in (*PARTITIONED, *MARTS.values()):
        assert scan(folder, table.name).height == 0


def test_a_partition_is_replaced_as_a_whole_and_others_stay(changeable: Path) -> None:
    before = content(changeable)
    changed = frames_of(reading(2024, "CN-ZJ", rows=9))
    publish(changeable, changed, DIMENSIONS, keep_others=True)
    lines = scan(changeable, "budget_lines")
    assert dict(lines.group_by("fiscal_year").len().iter_rows()) == {2023: 3, 2024: 9}
    after = content(changeable)
    assert {path for path in before if before[path] != after.get(path) and "fiscal_year=2023" in path} == set()


def test_a_partition_without_documents_goes_away(changeable: Path) -> None:
    gone = {(2023, "CN"): {"documents": pl.DataFrame(schema=polars_schema(TABLES["documents"]))}}
    publish(changeable, gone, DIMENSIONS, keep_others=True)
    assert not list(changeable.rglob("fiscal_year=2023"))
    assert set(scan(changeable, "documents")["fiscal_year"]) == {0, 2024}
    publish(changeable, frames_of(reading(2022)), DIMENSIONS)
    assert set(scan(changeable, "documents")["fiscal_year"]) == {2022}
    assert not any("fiscal_year=2024" in path for path in content(changeable))


def test_an_invalid_frame_publishes_nothing(changeable: Path) -> None:
    before = content(changeable)
    partitions = three_partitions()
    lines = partitions[2024, "CN-ZJ"]["budget_lines"]
    partitions[2024, "CN-ZJ"]["budget_lines"] = lines.with_columns(fund=pl.lit("lottery"))
    with pytest.raises(InvalidFrame, match="lottery"):
        publish(changeable, partitions, DIMENSIONS)
    assert content(changeable) == before


def test_rows_of_another_partition_are_refused(published: Publication) -> None:
    frames: Frames = frames_of(reading(2024, "CN-ZJ"))[2024, "CN-ZJ"]
    with pytest.raises(ValueError, match="do not belong to the partition 2021, CN-ZJ"):
        publish(published.folder, {(2021, "CN-ZJ"): frames}, DIMENSIONS)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotADataset, match="holds no dataset"):
        publish(tmp_path, three_partitions(), DIMENSIONS)
    assert content(tmp_path).keys() == {"thesis.txt"}


def test_a_reader_s_own_files_in_the_dataset_stay(changeable: Path) -> None:
    (changeable / "notes.md").write_text("mine")
    publish(changeable, frames_of(reading(2022)), DIMENSIONS)
    assert (changeable / "notes.md").read_text() == "mine"


def test_amounts_sum_exactly(tmp_path: Path) -> None:
    lines = [line(row, "0.10") for row in range(1, 11)]
    folder = publish(tmp_path / "dataset", frames_of(reading(lines=lines)), DIMENSIONS).folder
    assert scan(folder, "budget_lines")["amount"].sum() == Decimal("1.00")


def test_partitions_of_another_structure_do_not_stay_beside_new_ones(published: Publication, changeable: Path) -> None:
    """An upgrade adds columns and marts: a reader must not see files with and without them."""
    files = [file for file in read_manifest(published.folder).values() if file.table is not None]
    refuse_other_structure(changeable, files, files)
    for path in (changeable / file.path for file in files if file.table == "key_figures"):
        pl.read_parquet(path, hive_partitioning=False).drop("page").write_parquet(path)
    with pytest.raises(OtherStructure, match=r"2024\|CN-ZJ.*`key_figures`"):
        refuse_other_structure(changeable, files, files)
    older = [file for file in files if file.table not in ("procurement", "key_figures")]
    with pytest.raises(OtherStructure, match="--acknowledge"):
        refuse_other_structure(changeable, older, older)
    dimensions = [file for file in files if file.table in TABLES and not TABLES[file.table].partitioned]
    refuse_other_structure(changeable, dimensions, older)  # no partition stays


def listed(partitions: dict[Partition, dict[str, pl.DataFrame]]) -> pl.DataFrame:
    return pl.concat(frames["documents"].select("sha256", "file_name", "fiscal_year", "province") for frames in partitions.values())


def test_a_dataset_without_one_of_its_inputs_is_not_published(tmp_path: Path) -> None:
    """Each input has a row, whatever becomes of it: where none has, something upstream was not made."""
    partitions, folder = three_partitions(), tmp_path / "dataset"
    whole = PublicationInputs(listed(partitions), None)
    lacking = {partition: {**frames, "documents": frames["documents"].head(1)} for partition, frames in partitions.items()}
    with pytest.raises(OtherDocuments, match="without any of 4"):
        publish(folder, {}, DIMENSIONS, inputs=whole)
    with pytest.raises(OtherDocuments, match="without any of 4"):
        publish(folder, {}, DIMENSIONS, inputs=replace(whole, left_out=[*partitions]))
    for partition in partitions:
        rest = {other: frames for other, frames in partitions.items() if other != partition}
        number = partitions[partition]["documents"].height
        with pytest.raises(OtherDocuments, match=rf"{partition[0]}\|{partition[1]} \(0 of {number} documents\)\. Nothing was changed"):
            publish(folder, rest, DIMENSIONS, inputs=whole)
    with pytest.raises(OtherDocuments, match=r"2024\|CN-ZJ \(1 of 2 documents\)\. Nothing"):
        publish(folder, lacking, DIMENSIONS, inputs=whole)
    assert not folder.exists()
    assert publish(folder, partitions, DIMENSIONS, inputs=whole).rows["documents"] == 4


def test_other_documents_than_the_inputs_are_not_published(tmp_path: Path) -> None:
    partitions, folder = three_partitions(), tmp_path / "dataset"
    inputs = listed(partitions)
    for column, value in (("sha256", "f" * 64), ("file_name", "other.pdf")):
        other = inputs.with_columns(pl.when(pl.col("fiscal_year") == 2023).then(pl.lit(value)).otherwise(column).alias(column))
        with pytest.raises(OtherDocuments, match=r"2023\|CN \(1 documents, others than its inputs\)"):
            publish(folder, partitions, DIMENSIONS, inputs=PublicationInputs(other, None))
    moved = inputs.with_columns(fiscal_year=pl.when(pl.col("fiscal_year") == 2023).then(2022).otherwise("fiscal_year").cast(pl.Int32))
    with pytest.raises(OtherDocuments, match=r"2022\|CN \(0 of 1 documents\), 2023\|CN \(1 of 0 documents\)"):
        publish(folder, partitions, DIMENSIONS, inputs=PublicationInputs(moved, None))


def test_what_stays_is_counted_and_what_is_held_back_may_differ(changeable: Path) -> None:
    partitions = three_partitions()
    upon = current_snapshot(changeable)
    new = {(2023, "CN"): partitions[2023, "CN"]}
    one_more = pl.concat([listed(partitions), listed(new).with_columns(fiscal_year=pl.lit(2024, pl.Int32), province=pl.lit("CN-ZJ"))])
    with pytest.raises(OtherDocuments, match=r"2024\|CN-ZJ \(2 of 3 documents\)"):
        publish(changeable, new, DIMENSIONS, keep_others=True, inputs=PublicationInputs(one_more, upon))
    publish(changeable, new, DIMENSIONS, keep_others=True, inputs=PublicationInputs(one_more, upon, left_out=[(2024, "CN-ZJ")]))


def test_nothing_is_published_upon_another_version_than_it_was_decided_upon(changeable: Path) -> None:
    partitions = three_partitions()
    inputs = PublicationInputs(listed(partitions), current_snapshot(changeable))
    publish(changeable, frames_of(reading(2022)), DIMENSIONS)
    before = content(changeable)
    with pytest.raises(AnotherWriter, match=r"published to .* meanwhile"):
        publish(changeable, partitions, DIMENSIONS, inputs=inputs)
    assert content(changeable) == before
