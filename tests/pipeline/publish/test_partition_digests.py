"""Digests of partitions say what the files say, and files are read only where no digest holds."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

from pipeline.checks.scorecard import document_scores
from pipeline.publish import partition_digests
from pipeline.publish.dataset import publish
from pipeline.publish.partition_digests import Digests, PackedDigests, digest_of, digests_of
from pipeline.publish.versions.kept_versions import versions_folder
from pipeline.publish.versions.manifest import read_manifest
from tests.pipeline.publish.samples import sample_dimensions, sample_partitions


def same(one: Digests, other: Digests) -> bool:
    def ordered(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select(column for column in frame.columns if frame.schema[column] != pl.List(pl.String)).sort(pl.all())

    return all(ordered(getattr(one, field.name)).equals(ordered(getattr(other, field.name))) for field in fields(Digests))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The partitions that are read from files."""
    found: list[object] = []
    whole = partition_digests.published_tables
    monkeypatch.setattr(
        partition_digests, "published_tables", lambda dataset, partition: found.append(partition) or whole(dataset, partition)
    )
    return found


def test_a_digest_says_what_the_tables_say(own_dataset: Path) -> None:
    tables = sample_partitions()
    digests = digests_of(own_dataset, "v")
    assert set(digests.documents["document_id"]) == {name for frames in tables.values() for name in frames["documents"]["document_id"]}
    (partition, frames), *_ = tables.items()
    scores = document_scores(frames["documents"], frames["budget_lines"], frames["checks"])
    assert digests.of([partition]).scores.select(scores.columns).equals(scores)
    assert digests.without([partition]).documents.height == digests.documents.height - frames["documents"].height


def test_files_are_read_once_and_again_where_they_or_the_code_changed(own_dataset: Path, reads: list[object]) -> None:
    first = digests_of(own_dataset, "v")
    assert sorted(map(str, reads)) == sorted(map(str, sample_partitions()))
    reads.clear()
    assert same(digests_of(own_dataset, "v"), first)
    assert reads == []
    partition, frames = next(iter(sample_partitions().items()))
    changed = {**frames, "documents": frames["documents"].with_columns(pages=pl.lit(1, pl.Int32))}
    publish(own_dataset, {partition: changed}, sample_dimensions(), keep_others=True)
    assert digests_of(own_dataset, "v").of([partition]).documents["pages"].unique().to_list() == [1]
    assert reads == [partition]
    reads.clear()
    digests_of(own_dataset, "w")
    assert len(reads) == len(sample_partitions())


def test_what_was_made_just_now_is_not_read(own_dataset: Path, reads: list[object]) -> None:
    fresh = {partition: digest_of(partition, frames) for partition, frames in sample_partitions().items()}
    made = digests_of(own_dataset, "v", fresh.items(), read_manifest(own_dataset).values())
    assert reads == []
    assert same(made, digests_of(own_dataset, "v")) and same(made, digests_of(own_dataset, "w"))


def test_what_was_made_just_now_is_not_filed_under_what_another_writer_published_meanwhile(own_dataset: Path, reads: list[object]) -> None:
    partition, frames = next(iter(sample_partitions().items()))
    written = tuple(read_manifest(own_dataset).values())
    other = {**frames, "documents": frames["documents"].with_columns(pages=pl.lit(1, pl.Int32))}
    publish(own_dataset, {partition: other}, sample_dimensions(), keep_others=True)
    made = digests_of(own_dataset, "v", [(partition, digest_of(partition, frames))], written)
    assert partition in reads
    for digests in (made, digests_of(own_dataset, "v")):
        assert digests.of([partition]).documents["pages"].unique().to_list() == [1]


def test_a_partition_that_has_gone_and_a_damaged_record_are_noticed(own_dataset: Path, reads: list[object]) -> None:
    digests_of(own_dataset, "v")
    partition = next(iter(sample_partitions()))
    publish(
        own_dataset, {partition: {"documents": sample_partitions()[partition]["documents"].clear()}}, sample_dimensions(), keep_others=True
    )
    rest = digests_of(own_dataset, "v")
    assert rest.of([partition]).documents.is_empty()
    (record,) = versions_folder(own_dataset).glob("partition_digests*")
    record.write_bytes(record.read_bytes()[:-1] + b"x")
    reads.clear()
    assert same(digests_of(own_dataset, "v"), rest)
    assert len(reads) == len(sample_partitions()) - 1


def test_packed_digests_are_those_that_were_put_in_their_order() -> None:
    packed = PackedDigests()
    for partition, frames in reversed(sample_partitions().items()):
        packed.put(partition, digest_of(partition, frames))
    assert list(packed) == [*reversed(sample_partitions())] and len(packed) == len(sample_partitions())
    for partition, frames in sample_partitions().items():
        digests = digest_of(partition, frames)
        assert all(getattr(packed[partition], field.name).equals(getattr(digests, field.name)) for field in fields(Digests))
