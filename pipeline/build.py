"""A build from beginning to end by plain functions: the catalogue, the stages of new documents, changed partitions, the publication.

The same functions are the bodies of the Dagster assets; here they are called in the order of the asset graph, without Dagster. Belongs
here: which partitions are made, and what is done with what fails. What is shown on the terminal is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.checks.of_partitions.table_checks import FailedCheck, failed_checks
from pipeline.checks.scorecard import ScorecardTotals, overall
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import LookInside, Source
from pipeline.publish.dataset import publish
from pipeline.publish.dimensions import LISTS, mined_dimensions
from pipeline.publish.gate import FALL_CHECK, LOST_DOCUMENTS, PublicationInputs, pass_rate_fall, published_partition
from pipeline.publish.marts.wide_tables import class_names
from pipeline.publish.parquet import Partition, dimension_path, key_of, partition_of
from pipeline.publish.partition_digests import Digests, PackedDigests, digest_of, digests_of, together
from pipeline.publish.versions.damaged_dataset import Replaced, replace_damaged
from pipeline.publish.versions.kept_versions import current_snapshot
from pipeline.publish.versions.manifest import File, read_manifest, rows_per_table, snapshot_of
from pipeline.publish.versions.partition_fingerprints import fingerprints_of, record_fingerprints
from pipeline.store.catalogue import MapDocuments, Progress, catalogue_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.file_hashes import FileHashes
from pipeline.store.frames import empty_frames
from pipeline.store.partitions.input_fingerprints import fingerprints
from pipeline.store.partitions.partition_maker import PartitionMaker
from pipeline.store.partitions.staged_partitions import StagedPartitions, staged_partitions
from pipeline.store.results import ResultStore
from pipeline.store.stage_versions import version_of
from schemas.tables import CHECKS, CODES, DOCUMENTS

_STAGED = "partitions"
"""Folder, in that of the results, where the partitions of a build wait to be published."""

PartitionFilter = Callable[[int, str], bool]
"""Tells of a fiscal year and province whether it is to be made."""

PUBLICATION_MODULES = ("pipeline.build", "pipeline.store.partitions.partition", "pipeline.publish.dataset", "pipeline.publish.dimensions")
"""What turns checked documents into a dataset: if any of it changes, every partition is made anew."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build works on.

    Attributes:
        sources: files, folders or registries.
        dataset: folder that the dataset is published to.
        results: folder where results of stages are kept between builds.
        keep_versions: versions of the dataset that are kept, the published one included.
        storage: URL where results are kept instead (see `pipeline.store.storage`); `results` then holds but what this build works on.
    """

    sources: Sequence[str | Path]
    dataset: Path
    results: Path
    keep_versions: int
    storage: str | None = None


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did.

    Attributes:
        dataset: where it was published.
        partitions: keys of those that the inputs have and that are published.
        made: of these, those that were made now; of the others nothing changed.
        removed: keys of those that the dataset held before and that have no input any more.
        documents: the rows of `documents` of all `partitions`.
        score: the scorecard of these documents.
        stages_made: per stage, of how many documents it was made now; all others were known.
        rows: of the whole dataset, per table.
        failed_checks: checks of the partitions made that did not pass.
        broken: partitions that could not be made, with the error: what the dataset held of them stays.
        held: partitions held back because their pass rate fell, with the fall: what the dataset held of them stays.
        replaced: what was done first about a damaged dataset; None where it was whole.
    """

    dataset: Path
    partitions: tuple[str, ...]
    made: tuple[str, ...]
    removed: tuple[str, ...]
    documents: pl.DataFrame
    score: ScorecardTotals
    stages_made: Mapping[Stage, int]
    rows: Mapping[str, int]
    failed_checks: tuple[FailedCheck, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    replaced: Replaced | None = None

    @property
    def documents_read(self) -> int:
        """Documents that were opened now."""
        return self.stages_made[Stage.EXTRACTION]


def publication_version() -> str:
    """Return the version of what turns checked documents into a dataset."""
    return version_of(*PUBLICATION_MODULES, without="pipeline.stages")


def build(
    inputs: Inputs,
    run: MapDocuments,
    look: LookInside,
    *,
    retry: bool = False,
    wanted: PartitionFilter | None = None,
    acknowledged: Mapping[str, str] | None = None,
    reading: Progress | None = None,
    making: Progress | None = None,
) -> BuildResult:
    """Build the dataset: new documents through the stages, changed partitions from them, all published in one step.

    Args:
        inputs: sources, dataset, results.
        run: takes documents through the stages.
        look: into archives.
        retry: look again into archives of which nothing could be had.
        wanted: which partitions to make; the others stay in the dataset as they are. None: all that have inputs, and nothing else stays.
        acknowledged: partition key → reason for which it is published although its pass rate fell; `LOST_DOCUMENTS` → why many may go.
        reading: is told of each document read.
        making: is told of each partition made.

    Raises:
        SourceError: a source cannot be used.
        NotADataset, CannotReplace: the dataset cannot be published there.
        DamagedDataset: what is published is damaged, no version of it is whole, and not all partitions are made anew.
        InputsOfAnotherDataset: the inputs are the embedded samples, or none, and the dataset is one of other documents.
        LostDocuments: many documents of the dataset are gone from the inputs.
        OtherDocuments: what would be published does not hold the documents of the inputs.
        AnotherWriter: another process was publishing there, or published meanwhile.
    """
    replaced = replace_damaged(inputs.dataset, whole_build=wanted is None)
    upon = current_snapshot(inputs.dataset)
    store, versions = ResultStore(inputs.storage or inputs.results), stage_versions()
    for stage, version in versions.items():
        store.delete_old_versions(stage, version)
    catalogue = catalogue_of(_found(inputs, store, look, retry=retry), store, versions, run, reading or _no_progress)
    now = {p: f for p, f in fingerprints(catalogue.frame, publication_version()).items() if wanted is None or wanted(*p)}
    published = published_partitions(inputs.dataset)
    filled: set[Partition] = set(catalogue.frame.select("fiscal_year", "province").unique().rows())
    emptied = [p for p in published if p not in filled and (wanted is None or wanted(*p))]
    made_from = fingerprints_of(inputs.dataset)
    changed = [p for p in now if made_from.get(key_of(p)) != now[p] or p not in published]
    maker = PartitionMaker(catalogue.frame, store, versions, run)
    digests = PackedDigests()
    failed: list[FailedCheck] = []
    broken: dict[str, str] = {}
    held: dict[str, str] = {}
    written: tuple[File, ...] = ()

    def make(partition: Partition, staged: StagedPartitions) -> None:
        key = key_of(partition)
        try:
            tables = maker.tables(partition)
        except Exception as error:  # whatever it is: the other partitions are published
            broken[key] = f"{type(error).__name__}: {error}"
            return
        failed.extend(failed_checks(tables, key))
        fall = _pass_rate_fall(inputs.dataset, partition, tables)
        if fall:
            failed.append(FailedCheck(CHECKS.name, FALL_CHECK, key, "ERROR"))
        if fall and key not in (acknowledged or {}):
            held[key] = fall
        else:
            staged.put(partition, tables)
            digests.put(partition, digest_of(partition, tables))

    with staged_partitions(inputs.results / _STAGED) as staged:
        for done, partition in enumerate(changed, start=1):
            make(partition, staged)
            (making or _no_progress)(done, len(changed), key_of(partition))
        if digests or emptied or not published:
            dimensions = dimensions_with(inputs.dataset, digests, emptied)
            if not _same_names(inputs.dataset, dimensions[CODES.name]):  # marts show names that documents attest
                for partition in (p for p in now if p not in changed):
                    make(partition, staged)
                dimensions = dimensions_with(inputs.dataset, digests, emptied)
            for partition in emptied:
                staged.put(partition, empty_frames())
            left_out = {p for p in {*filled, *published} if key_of(p) in {*broken, *held} or not (wanted is None or wanted(*p))}
            lost = (acknowledged or {}).get(LOST_DOCUMENTS, "")
            expected = PublicationInputs(catalogue.frame.select("sha256", "file_name", "fiscal_year", "province"), upon, left_out, lost)
            written = publish(
                inputs.dataset, staged, dimensions, keep_others=True, inputs=expected, keep_versions=inputs.keep_versions
            ).files
            kept = {key: made_from[key] for p in published if (key := key_of(p)) in made_from and p not in emptied}
            record_fingerprints(inputs.dataset, snapshot_of(written), {**kept, **{key_of(p): now[p] for p in digests}})
    present = [p for p in now if key_of(p) not in broken]
    whole = digests_of(inputs.dataset, publication_version(), digests.items(), written).of(present)
    return BuildResult(
        dataset=inputs.dataset,
        partitions=tuple(key_of(p) for p in present),
        made=tuple(key_of(p) for p in digests),
        removed=tuple(key_of(p) for p in emptied),
        documents=whole.documents,
        score=overall(whole.scores),
        stages_made={stage: catalogue.made[stage] + maker.made_again[stage] for stage in Stage},
        rows=rows_per_table(tuple(read_manifest(inputs.dataset).values())),
        failed_checks=tuple(sorted(failed, key=lambda check: (check.partition, check.table, check.check))),
        broken=dict(sorted(broken.items())),
        held=dict(sorted(held.items())),
        replaced=replaced,
    )


def _found(inputs: Inputs, store: ResultStore, look: LookInside, *, retry: bool) -> list[Source]:
    """Return all inputs; what is known of their files is kept for the next build, and no longer in memory."""
    hashes = FileHashes.load(store, retry=retry)
    sources = collect(inputs.sources, look, hashes)
    hashes.save()
    return sources


def _no_progress(done: int, total: int, name: str) -> None:
    """Show nothing."""


def published_partitions(dataset: Path) -> list[Partition]:
    """Return the fiscal years and provinces that the published dataset holds documents of."""
    files = read_manifest(dataset).values()
    return sorted(partition_of(file.path) for file in files if file.table == DOCUMENTS.name and file.rows)


def _pass_rate_fall(dataset: Path, partition: Partition, tables: Mapping[str, pl.DataFrame]) -> str | None:
    """Return by how much the pass rate of a partition falls against its published version, in words; None where it does not."""
    last = published_partition(dataset, partition)
    fall = pass_rate_fall(last[CHECKS.name] if last else None, tables[CHECKS.name])
    return str(fall) if last and fall else None


def dimensions_with(dataset: Path, fresh: Mapping[Partition, Digests], emptied: Collection[Partition]) -> dict[str, pl.DataFrame]:
    """Return the dimension tables of the dataset that is to be published.

    Args:
        dataset: published now; what it holds of other partitions stays.
        fresh: digests of the partitions that are made now.
        emptied: partitions that will be gone.
    """
    stays = digests_of(dataset, publication_version()).without([*fresh, *emptied])
    whole = together([stays, *fresh.values()])
    return {**{name: make() for name, make in LISTS.items()}, **mined_dimensions(whole.mentions, whole.documents, whole.cells)}


def _same_names(dataset: Path, codes: pl.DataFrame) -> bool:
    """Tell whether the names that marts show are those of the published version."""
    path = dataset / dimension_path(CODES)
    return path.exists() and class_names(pl.read_parquet(path)).equals(class_names(codes))
