"""Builds: what becomes of every input, what is read again, and that only content decides the bytes of the dataset."""

import hashlib
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import pipeline.build
import pipeline.store.partitions.partition
from pipeline.checks.of_partitions.table_checks import FailedCheck
from pipeline.publish.gate import LostDocuments
from pipeline.publish.versions.damaged_dataset import DamagedDataset, damage_of
from pipeline.publish.versions.replacement import AnotherWriter
from pipeline.store.chain import Stage, stage_versions
from tests.assets.conftest import Build, Reader, check, document

Table = Callable[..., pl.DataFrame]


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def content(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(frame.rows(), key=repr)


def test_every_input_has_one_row_whatever_it_is(build: Build, inputs: Path, published: Table) -> None:
    (inputs / "good.json").write_bytes(document())
    (inputs / "empty.pdf").write_bytes(b"")
    (inputs / "junk").write_bytes(b"\x00\x01\xff")
    (inputs / "crash.pdf").write_bytes(b"crash")
    (inputs / "sub").mkdir()
    (inputs / "sub" / "good.json").write_bytes(document(2022, "CN-ZJ", "乙局"))
    result = build()
    rows = published("documents")
    assert sorted(rows["file_name"]) == ["crash.pdf", "empty.pdf", "good.json", "junk", "sub/good.json"]
    status = dict(rows.select("file_name", "status").iter_rows())
    assert [status[name] for name in ("good.json", "sub/good.json")] == ["published", "published"]
    held = rows.filter(pl.col("status") == "quarantined")
    assert held.height == 3
    assert held["reason"].null_count() == 0
    assert set(held.select("fiscal_year", "province").rows()) == {(0, "unknown")}
    assert published("budget_lines").height == 4
    assert (result.score.files, result.score.published, result.score.quarantined) == (5, 2, 3)


def test_known_documents_are_not_read_again(build: Build, inputs: Path, reader: Reader) -> None:
    (inputs / "a.json").write_bytes(document())
    (inputs / "b.json").write_bytes(document(department="乙局"))
    assert build().documents_read == 2
    (inputs / "b.json").write_bytes(document(department="丙局"))
    (inputs / "a.json").rename(inputs / "renamed.json")
    reader.read.clear()
    assert build().documents_read == 1
    assert reader.read == ["b.json"]


def test_new_code_reads_everything_again(build: Build, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inputs / "a.json").write_bytes(document())
    build()
    versions = {**stage_versions(), Stage.EXTRACTION: "another"}
    monkeypatch.setattr("pipeline.build.stage_versions", lambda: versions)
    assert build().documents_read == 1


def test_a_breakdown_is_tried_again(build: Build, inputs: Path, reader: Reader, published: Table) -> None:
    (inputs / "crash.pdf").write_bytes(b"crash")
    build()
    assert published("documents")["reason"].to_list() == ["Reading failed: the reader crashed."]
    assert build().documents_read == 1
    assert reader.read == ["crash.pdf", "crash.pdf"]


def test_the_same_input_gives_the_same_bytes(build: Build, inputs: Path, tmp_path: Path) -> None:
    for number in range(6):
        (inputs / f"{number}.json").write_bytes(document(2019 + number % 3, department=f"{number}局", checks=[check("H1", "pass")]))
    build(out="once")
    build(out="twice")
    build(out="twice")
    assert tree(tmp_path / "once") == tree(tmp_path / "twice")


def test_neither_order_nor_names_nor_junk_change_the_content(build: Build, inputs: Path, tmp_path: Path, published: Table) -> None:
    documents = [document(2019 + number % 2, department=f"{number}局", amounts={"201": number}) for number in range(5)]
    for number, data in enumerate(documents):
        (inputs / f"{number}.json").write_bytes(data)
    build(out="plain")
    shuffled = tmp_path / "other"
    shuffled.mkdir()
    names = [f"{name}.pdf" for name in "zyxwv"]
    random.Random(3).shuffle(names)
    files = [shuffled / name for name in names]
    for file, data in zip(files, documents, strict=True):
        file.write_bytes(data)
    for number in range(4):
        files.append(shuffled / f"junk{number}")
        files[-1].write_bytes(bytes([number, 255, 0]))
    random.Random(4).shuffle(files)
    build(*files, out="shuffled")
    for table in ("budget_lines", "checks"):
        assert content(published(table, "plain")) == content(published(table, "shuffled"))
    kept = published("documents", "shuffled").filter(pl.col("status") == "published").drop("file_name")
    assert content(kept) == content(published("documents", "plain").drop("file_name"))


def test_the_dataset_is_what_the_sources_hold(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    (inputs / "b.json").unlink()
    result = build(acknowledged={"documents": "withdrawn"})
    assert result.removed == ("2020|CN-SH",)
    build(out="fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_only_wanted_partitions_are_made_and_the_others_stay(build: Build, inputs: Path, published: Table) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    (inputs / "a.json").write_bytes(document(2019, department="新局"))
    (inputs / "b.json").write_bytes(document(2020, department="新局"))
    result = build(wanted=lambda year, province: year == 2020)
    assert result.partitions == ("2020|CN-SH",)
    assert dict(published("documents").select("fiscal_year", "department").iter_rows()) == {2019: "甲局", 2020: "新局"}


def test_a_partition_that_breaks_down_stays_as_it_was(
    build: Build, inputs: Path, published: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    (inputs / "a.json").write_bytes(document(2019, department="新局"))
    (inputs / "b.json").write_bytes(document(2020, department="新局"))
    whole = pipeline.store.partitions.partition.files_of_partition

    def breaking(catalogue: pl.DataFrame, year: int, province: str) -> pl.DataFrame:
        if year == 2019:
            raise OSError("the disk is full")
        return whole(catalogue, year, province)

    monkeypatch.setattr(pipeline.store.partitions.partition, "files_of_partition", breaking)
    result = build()
    assert "the disk is full" in result.broken["2019|CN-SH"]
    assert dict(published("documents").select("fiscal_year", "department").iter_rows()) == {2019: "甲局", 2020: "新局"}


def test_equal_bytes_are_one_document(build: Build, inputs: Path, published: Table) -> None:
    for name in ("b.json", "a.json", "sub/a.json"):
        (inputs / name).parent.mkdir(exist_ok=True)
        (inputs / name).write_bytes(document())
    build()
    rows = published("documents").sort("file_name")
    assert rows["status"].to_list() == ["published", "duplicate", "duplicate"]
    assert rows["document_id"].n_unique() == 1
    assert rows["lines"].to_list() == [2, 0, 0]
    assert published("budget_lines").height == 2


def test_equal_bytes_under_equal_names_stay_two_rows(build: Build, tmp_path: Path, published: Table) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        (folder / "same.json").write_bytes(document())
    build(*folders)
    rows = published("documents")
    assert rows.height == 2
    assert rows["file_name"].n_unique() == 2


def test_a_later_version_supersedes(build: Build, inputs: Path, tmp_path: Path, published: Table) -> None:
    (inputs / "first.json").write_bytes(document(amounts={"201": 100}))
    (inputs / "second.json").write_bytes(document(amounts={"201": 110}))
    registry = tmp_path / "registry.csv"
    registry.write_text("path,published_at\nin/first.json,2019-02-01\nin/second.json,2019-03-01\n")
    build(registry)
    rows = {row["file_name"]: row for row in published("documents").iter_rows(named=True)}
    assert rows["in/first.json"]["status"] == "superseded"
    assert rows["in/first.json"]["superseded_by"] == rows["in/second.json"]["document_id"]
    assert published("budget_lines")["amount"].to_list() == [110]


def test_a_year_without_a_place_is_filed_as_unknown_and_said(build: Build, inputs: Path, published: Table) -> None:
    (inputs / "old.json").write_bytes(document(1987))
    build()
    assert published("documents").select("fiscal_year", "status").rows() == [(0, "published")]
    assert published("findings").select("finding", "subject").rows() == [("no_such_partition", "fiscal_year")]


def test_failed_checks_are_told(build: Build, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019, checks=[check("H1", "fail"), check("R1", "pass")]))
    (inputs / "b.json").write_bytes(document(2020, checks=[check("X1", "fail", "warning")]))
    assert set(build().failed_checks) == {
        FailedCheck("checks", "identity_H1", "2019|CN-SH", "ERROR"),
        FailedCheck("documents", "reconciled", "2019|CN-SH", "ERROR"),
        FailedCheck("checks", "identity_X1", "2020|CN-SH", "WARN"),
    }


def test_a_partition_whose_pass_rate_falls_is_held_back_until_acknowledged(build: Build, inputs: Path, published: Table) -> None:
    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 100}, checks=[check("H1", "pass"), check("R1", "pass")]))
    (inputs / "b.json").write_bytes(document(2020, checks=[check("H1", "pass")]))
    assert build().held == {}
    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 777}, checks=[check("H1", "pass"), check("R1", "fail")]))
    held = build()
    assert list(held.held) == ["2019|CN-SH"]
    assert "100.000 %" in held.held["2019|CN-SH"] and "50.000 %" in held.held["2019|CN-SH"]
    assert FailedCheck("checks", "pass_rate_kept", "2019|CN-SH", "ERROR") in held.failed_checks
    assert 777 not in published("budget_lines")["amount"].to_list()  # what was published stays
    assert published("documents").height == 2
    assert list(build().held) == ["2019|CN-SH"]  # until somebody says why it may fall
    assert build(acknowledged={"2019|CN-SH": "the publisher corrected one number and not its total"}).held == {}
    assert 777 in published("budget_lines")["amount"].to_list()
    assert build().held == {}


def test_nothing_to_read_is_an_empty_dataset(build: Build, inputs: Path, published: Table) -> None:
    result = build()
    assert result.partitions == ()
    assert published("documents").height == 0


def test_a_partition_without_a_change_is_not_made(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2021))
    assert build().made == ("2019|CN-SH", "2021|CN-SH")
    before = tree(tmp_path / "out")
    assert build().made == ()
    assert tree(tmp_path / "out") == before
    (inputs / "c.json").write_bytes(document(2021, department="乙局"))
    assert build().made == ("2021|CN-SH",)
    (inputs / "c.json").unlink()
    build(acknowledged={"documents": "withdrawn"})
    assert tree(tmp_path / "out") == before


def test_many_lost_documents_hold_the_publication_until_acknowledged(build: Build, inputs: Path, tmp_path: Path) -> None:
    for number in range(10):
        (inputs / f"{number}.json").write_bytes(document(2019 + number % 2, department=f"{number}局"))
    build()
    for number in range(2):
        (inputs / f"{number}.json").unlink()
    build()
    (inputs / "2.json").rename(inputs / "moved.json")
    (inputs / "3.json").write_bytes(document(2020, department="别局"))
    assert build().documents.height == 8  # another name, other bytes: none is lost
    before = tree(tmp_path / "out")
    for number in (4, 5):
        (inputs / f"{number}.json").unlink()
    with pytest.raises(LostDocuments, match=r"2 of the 8 documents that are published are no longer among the inputs \(4\.json, 5\.json"):
        build()
    assert tree(tmp_path / "out") == before
    build(wanted=lambda year, province: year == 2030)  # what is not asked for is not lost
    assert build(acknowledged={"documents": "withdrawn by the publisher"}).documents.height == 6


def test_two_builds_at_once_do_not_mix(build: Build, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build says of the dataset is of what it published itself, and it publishes upon nothing that it did not see."""
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.json").write_bytes(document(2019, amounts={"201": 5}))
    (other / "b.json").write_bytes(document(2020, amounts={"299": 7}))

    publish = pipeline.build.publish

    def interrupted(*given: Any, before: bool, **options: Any) -> Any:
        monkeypatch.setattr(pipeline.build, "publish", publish)
        if before:
            build(other)
        written = publish(*given, **options)
        if not before:
            build(other)
        return written

    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 9}))
    monkeypatch.setattr(pipeline.build, "publish", partial(interrupted, before=True))
    with pytest.raises(AnotherWriter, match="build again"):
        build()
    build(other, out="alone")
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")
    monkeypatch.setattr(pipeline.build, "publish", partial(interrupted, before=False))
    build()
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")
    build()
    build(out="fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_damaged_dataset_is_replaced_and_its_damage_is_not_carried_on(build: Build, inputs: Path, tmp_path: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    before = tree(tmp_path / "out")
    (lines,) = (tmp_path / "out" / "budget_lines").glob("*2019/*/*.parquet")
    damaged = lines.read_bytes()[:-9]
    lines.write_bytes(damaged)  # in the kept version too: it is the same file
    with pytest.raises(DamagedDataset, match="budget_lines/fiscal_year=2019"):
        build(wanted=lambda year, province: year == 2020)
    result = build()
    assert result.replaced is not None and result.replaced.version is None
    assert (result.replaced.kept / lines.relative_to(tmp_path / "out")).read_bytes() == damaged
    assert tree(tmp_path / "out") == before
    (inputs / "b.json").write_bytes(document(2020, department="新局"))
    (tmp_path / "out" / "manifest.json").unlink()
    result = build(wanted=lambda year, province: year == 2020)
    assert result.replaced is not None and result.replaced.version is not None
    assert result.made == ("2020|CN-SH",)
    assert damage_of(tmp_path / "out") == ()


def test_next_year_is_made_again_with_the_year_it_is_compared_with(build: Build, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build()
    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 7}))
    assert build().made == ("2019|CN-SH", "2020|CN-SH")


def test_damaged_results_are_made_again(build: Build, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens to the store between builds or during one: the same dataset, and no document without its lines."""
    for number in range(4):
        (inputs / f"{number}.json").write_bytes(document(2019 + number % 2, department=f"{number}局", checks=[check("H1", "pass")]))
    build(out="whole")
    files = sorted(path for path in (tmp_path / "results").rglob("*") if path.is_file())
    rnd = random.Random(7)
    for number, file in enumerate(rnd.sample(files, 12)):
        kept = file.read_bytes()
        if number % 3:
            damaged = bytearray(kept)
            damaged[rnd.randrange(len(damaged))] ^= 1 << rnd.randrange(8)
            file.write_bytes(damaged)
        else:
            file.unlink()
        build(out=f"again{number}")
        assert tree(tmp_path / f"again{number}") == tree(tmp_path / "whole"), file


def test_a_store_deleted_during_the_build_loses_nothing(
    build: Build, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    build(out="whole")
    catalogue_of = pipeline.build.catalogue_of

    def then_deleted(*arguments: Any) -> Any:
        made = catalogue_of(*arguments)
        shutil.rmtree(tmp_path / "results")
        return made

    monkeypatch.setattr(pipeline.build, "catalogue_of", then_deleted)
    assert build(out="again").broken == {}
    assert tree(tmp_path / "again") == tree(tmp_path / "whole")
