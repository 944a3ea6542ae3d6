"""What is to be made now: versions of what was made against versions of what it would be made from.

Belongs here: the comparison. Nothing is decided by whether a run was asked for before: what was killed, or removed and put back, is to be
made like anything else. Which runs are under way is in `runs.py`, when one looks in `schedules.py` and `sensors.py`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import polars as pl

from assets.io import TableStorage
from assets.resources import Workspace
from pipeline.build import publication_version, published_partitions
from pipeline.document.inputs.places import files_below
from pipeline.document.inputs.source_registry import SourceError
from pipeline.publish.marts.wide_tables import class_names
from pipeline.publish.parquet import key_of
from pipeline.publish.versions.partition_fingerprints import fingerprints_of
from pipeline.store.catalogue import refreshed
from pipeline.store.chain import stage_versions
from pipeline.store.partitions.input_fingerprints import fingerprints
from schemas.marts import MARTS
from schemas.tables import PARTITIONED

RAW = dg.AssetKey("raw_documents")
TABLES = [dg.AssetKey(table.name) for table in PARTITIONED]

INPUTS_SEEN_TAG = "yusuan/inputs_seen"
"""Tag of a materialisation of `raw_documents`: what its files looked like to a quick look, and the versions of the stages."""

_DATA_VERSION = "dagster/data_version"
_BETWEEN = "."
_HELD = "held"


@dataclass(frozen=True, slots=True)
class Made:
    """What was last made of a partition: the version of its tables (None where they differ or lack), whether they are held, its marts."""

    tables: str | None
    held: bool
    marts: str | None
    names: str | None


def inputs_seen(workspace: Workspace) -> str:
    """Return a version of the inputs by names, sizes and times of their files, and of the code of the stages: no file is opened."""
    files = sorted(_seen(Path(place)) for given in workspace.places for place in _files(Path(given)))
    return _hash(repr((files, sorted(stage_versions().values()))))


def current_catalogue(workspace: Workspace, storage: TableStorage) -> pl.DataFrame | None:
    """Return the catalogue that was made last, with what is stored of its documents now; None if there is none, or its file is damaged."""
    try:
        listed = storage.read(RAW)
    except dg.Failure:
        return None
    return refreshed(listed, workspace.store, stage_versions())


def wanted_versions(catalogue: pl.DataFrame) -> dict[str, str]:
    """Return per partition key, in order, the version of the tables that would be made of it now."""
    return {key_of(partition): version for partition, version in fingerprints(catalogue, publication_version()).items()}


def made_partitions(instance: dg.DagsterInstance) -> dict[str, Made]:
    """Return what was last made of each partition, in order."""
    tables = [_data_versions(instance, table) for table in TABLES]
    marts = [_data_versions(instance, dg.AssetKey(mart)) for mart in MARTS]
    made = {}
    for key in sorted({key for versions in tables for key in versions}):
        found = [versions.get(key, "").partition(_BETWEEN) for versions in tables]
        marts_of, _, names = _common([versions.get(key, "") for versions in marts]).partition(_BETWEEN)
        held = any(mark == _HELD for _, _, mark in found)
        made[key] = Made(_common([version for version, _, _ in found]) or None, held, marts_of or None, names or None)
    return made


def table_version(fingerprint: str, *, held: bool) -> dg.DataVersion:
    """Return the data version of a table of a partition: of its inputs, and whether the gate holds it back."""
    return dg.DataVersion(fingerprint + _BETWEEN + _HELD if held else fingerprint)


def mart_version(tables: str, codes: pl.DataFrame) -> dg.DataVersion:
    """Return the data version of a mart of a partition: of the tables, and of the names that it shows."""
    return dg.DataVersion(tables + _BETWEEN + names_version(codes))


def outdated(wanted: Mapping[str, str], made: Mapping[str, Made]) -> dict[str, str]:
    """Return the partitions to be made, with their wanted version: tables of another version, or marts that are not (unless held back)."""
    return {
        key: version
        for key, version in wanted.items()
        if key not in made or made[key].tables != version or (made[key].marts != version and not made[key].held)
    }


def publication_plan(
    wanted: Mapping[str, str], made: Mapping[str, Made], dataset: Path, only: Collection[str] | None = None
) -> list[tuple[str, str | None, str]]:
    """Decide what the next publication does with each partition.

    Args:
        wanted: version of each partition that has inputs.
        made: what was made.
        dataset: as it is published now.
        only: keys of the partitions that it is about; None: all.

    Returns:
        Key, version of its tables, and decision of each partition, in order: `publish` (made from its present inputs, and not published
        so), `keep` (published so, or not asked for), `hold` (its pass rate fell), `wait` (not made yet: what is published of it stays),
        `remove` (published, and without inputs now).
    """
    recorded = fingerprints_of(dataset)
    published = {key_of(partition) for partition in published_partitions(dataset)}
    plan = []
    for key in sorted({*wanted, *published}):
        version = wanted.get(key)
        if only is not None and key not in only:
            decision = "keep"
        elif version is None:
            decision = "remove"
        elif key in published and recorded.get(key) == version:
            decision = "keep"
        elif key not in made or made[key].tables != version:
            decision = "wait"
        else:
            decision = "hold" if made[key].held else "publish"
        plan.append((key, version, decision))
    return plan


def seen_last(instance: dg.DagsterInstance) -> str | None:
    """Return what the inputs looked like when they were catalogued last; None if they never were."""
    event = instance.get_latest_materialization_event(RAW)
    materialization = event.asset_materialization if event else None
    return (materialization.tags or {}).get(INPUTS_SEEN_TAG) if materialization else None


def names_version(codes: pl.DataFrame) -> str:
    """Return the version of the names that marts show, from the table `codes`."""
    names = class_names(codes)
    return _hash(repr(names.sort(names.columns, nulls_last=True).rows()))


def version_over(versions: Mapping[str, str]) -> str:
    """Return a version over things and their versions."""
    return _hash(repr(sorted(versions.items())))


def _files(given: Path) -> Iterator[Path]:
    if given.is_dir():
        with suppress(SourceError):  # the run that this makes necessary says it
            yield from files_below(given)
    else:
        yield given


def _seen(path: Path) -> tuple[bytes, int, int]:
    try:
        status = path.stat()
    except OSError:
        return os.fsencode(path), -1, -1
    return os.fsencode(path), status.st_size, status.st_mtime_ns


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _common(versions: Collection[str]) -> str:
    """Return the version that all have; empty where they differ."""
    return next(iter(versions)) if len(set(versions)) == 1 else ""


def _data_versions(instance: dg.DagsterInstance, asset: dg.AssetKey) -> dict[str, str]:
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    tags = instance.event_log_storage.get_latest_tags_by_partition(asset, kind, tag_keys=[_DATA_VERSION])
    return {key: versions[_DATA_VERSION] for key, versions in tags.items()}
