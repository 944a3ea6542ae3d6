"""Working files are the same in a folder and in a bucket, also where the bucket cannot answer each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.store.results import DamagedResult, ResultStore
from pipeline.store.storage import StorageUnreachable, storage_at
from tests.pipeline.store.bucket import Failing, bucket

pytest.importorskip("obstore", reason="the extra `s3` is not installed")
pytest.importorskip("moto.server", reason="moto's S3 server is not installed")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Failing]]:
    """A bucket of which each fifth answer fails."""
    with bucket(every=5) as made:
        yield made


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, served: tuple[str, Failing], tmp_path: Path) -> Path | str:
    return tmp_path if request.param == "folder" else f"{served[0]}/{tmp_path.name}"


def test_results_are_kept_found_and_deleted(place: Path | str) -> None:
    store = ResultStore(place)
    assert store.hash_of("stage", "v1", "0a1b") is None
    kept = store.put("stage", "v1", "0a1b", b"what was made")
    assert (store.hash_of("stage", "v1", "0a1b"), store.get("stage", "v1", "0a1b")) == (kept, b"what was made")
    assert store.put("stage", "v1", "0a1b", b"") != kept
    assert store.get("stage", "v1", "0a1b") == b""
    store.delete("stage", "v1", "0a1b")
    store.delete("stage", "v1", "0a1b")
    with pytest.raises(DamagedResult, match="cannot be read"):
        store.get("stage", "v1", "0a1b")


def test_the_versions_used_last_stay(place: Path | str) -> None:
    store = ResultStore(place)
    for version in ("one", "two", "three", "one", "four"):
        store.put("stage", version, "0a1b", version.encode())
        store.delete_old_versions("stage", version)
        time.sleep(1.1 if isinstance(place, str) else 0.01)  # S3 tells whole seconds
    assert [version for version in ("one", "two", "three", "four") if store.hash_of("stage", version, "0a1b")] == ["one", "three", "four"]


def test_a_damaged_object_is_no_result(served: tuple[str, Failing], tmp_path: Path) -> None:
    store = ResultStore(f"{served[0]}/{tmp_path.name}")
    store.put("stage", "v1", "0a1b", b"what was made")
    name = "stage/v1/0a/0a1b"
    store.storage.write(name, store.storage.read(name)[:-1] + b"x")
    with pytest.raises(DamagedResult, match="is damaged"):
        store.get("stage", "v1", "0a1b")
    assert served[1].failed > 0


def test_a_bucket_that_is_not_there_is_said_to_be(served: tuple[str, Failing]) -> None:
    storage = storage_at("s3://no-such-bucket/files")
    with pytest.raises(StorageUnreachable, match="no-such-bucket"):
        storage.write("stage/v1/0a/0a1b", b"what was made")
