"""Results on disk: whole or not at all, under the version of the stage that made them, and never other bytes than were written."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.results import DamagedResult, ResultStore, key_of

STAGE, KEY = "coded_lines", key_of("ab")


def stored(folder: Path, data: bytes = b"a result" * 50) -> tuple[ResultStore, Path]:
    store = ResultStore(folder)
    store.put(STAGE, "v1", KEY, data)
    return store, next(path for path in folder.rglob("*") if path.is_file())


@given(data=st.binary(max_size=3000))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = ResultStore(tmp_path_factory.mktemp("results"))
    digest = store.put(STAGE, "v1", KEY, data)
    assert store.get(STAGE, "v1", KEY) == data
    assert store.hash_of(STAGE, "v1", KEY) == digest


def test_another_version_or_key_knows_nothing(tmp_path: Path) -> None:
    store, _ = stored(tmp_path)
    assert store.hash_of(STAGE, "v2", KEY) is None
    assert store.hash_of(STAGE, "v1", key_of("cd")) is None
    with pytest.raises(DamagedResult):
        store.get(STAGE, "v2", KEY)


def test_the_same_result_has_the_same_hash(tmp_path: Path) -> None:
    store, _ = stored(tmp_path)
    assert store.put(STAGE, "v2", key_of("cd"), b"a result" * 50) == store.hash_of(STAGE, "v1", KEY)


def test_no_flipped_bit_passes(tmp_path: Path) -> None:
    store, path = stored(tmp_path)
    whole = path.read_bytes()
    for bit in random.Random(3).sample(range(8 * len(whole)), 200):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(DamagedResult):
            store.get(STAGE, "v1", KEY)


def test_no_cut_file_passes(tmp_path: Path) -> None:
    store, path = stored(tmp_path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedResult):
            store.get(STAGE, "v1", KEY)


def test_old_versions_are_forgotten_the_latest_used_stay(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    for version in ("v1", "v2", "v3", "v1", "v4"):
        store.delete_old_versions(STAGE, version)
        store.put(STAGE, version, KEY, b"x")
    assert sorted(path.name for path in (tmp_path / STAGE).iterdir()) == ["v1", "v3", "v4"]
