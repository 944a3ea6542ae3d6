"""Which inputs belong to which partition, and hashes over all that tables are made from: what has not changed is not made again.

Belongs here: what of the catalogue and of the inputs decides what is made. Does not belong here: what a dataset remembers of the
fingerprints that it was made from (`pipeline/publish/versions/partition_fingerprints.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

import polars as pl

from pipeline.document.inputs.sources import Source
from pipeline.store.processes.outside_programs import identity_of_office

NO_INPUTS = "none"
"""Fingerprint of a partition without inputs."""


def fingerprint_of(catalogue: pl.DataFrame, version: str, year: int, province: str) -> str:
    """Return a hash over all that the tables of a partition are made from.

    These are its rows of the catalogue, those of the year before (which are compared with them), and the version of the code that
    gathers and publishes them.
    """
    return _fingerprint(files_of_partition(catalogue, year, province), files_of_partition(catalogue, year - 1, province), version)


def _fingerprint(inputs: pl.DataFrame, before: pl.DataFrame, version: str) -> str:
    if inputs.is_empty():
        return NO_INPUTS
    columns = (
        *("document_id", "file_name", "source_url", "published_at", "fetched_at", "gone", "correction"),
        *("content", "status", "reason"),
    )
    rows, last = (frame.select(columns).sort(columns, nulls_last=True).rows() for frame in (inputs, before))
    return _hash([version, *(repr(row) for row in rows), *(f"last year {row!r}" for row in last)])


def fingerprints(catalogue: pl.DataFrame, version: str) -> dict[tuple[int, str], str]:
    """Return the fingerprint of each fiscal year and province that has inputs, in order."""
    parts, none = by_partition(catalogue), catalogue.clear()
    return {(year, place): _fingerprint(parts[year, place], parts.get((year - 1, place), none), version) for year, place in parts}


def by_partition(catalogue: pl.DataFrame) -> dict[tuple[int, str], pl.DataFrame]:
    """Return the inputs of each fiscal year and province that has any, in their order."""
    parts = catalogue.partition_by("fiscal_year", "province", as_dict=True, maintain_order=True)
    return {(int(year), str(province)): rows for (year, province), rows in sorted(parts.items())}


def inputs_fingerprint(sources: Iterable[Source], versions: Collection[str]) -> str:
    """Return a hash over all that decides what the catalogue says: bytes, names, hints of inputs, versions of the stages, the office."""
    facts = sorted(
        repr((source.sha256, source.file_name, source.source_url, source.hint, source.unavailable, source.fetched)) for source in sources
    )
    return _hash([*versions, identity_of_office(), *facts])


def files_of_partition(catalogue: pl.DataFrame, year: int, province: str) -> pl.DataFrame:
    """Return the inputs that are filed under a fiscal year and province."""
    return catalogue.filter((pl.col("fiscal_year") == year) & (pl.col("province") == province))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
