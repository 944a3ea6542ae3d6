"""A damaged dataset is said to be damaged, never built on, and replaced by the last version that is whole."""

import os
import random
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.publish.dataset import publish
from pipeline.publish.verify import verify
from pipeline.publish.versions import damaged_dataset
from pipeline.publish.versions.damaged_dataset import DamagedDataset, damage_of, replace_damaged
from pipeline.publish.versions.kept_versions import current_snapshot, history, versions_folder
from pipeline.publish.versions.manifest import MANIFEST, read_manifest
from tests.pipeline.publish.samples import sample_dimensions, sample_partitions


def replaced_file(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Replace a file as a copy would be: hard links of it keep what they hold."""
    content = change(path.read_bytes())
    path.unlink()
    path.write_bytes(content)


def flipped(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 4
    return bytes(changed)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit": lambda dataset: replaced_file(dataset / "codes.parquet", flipped),
    "a deleted file": lambda dataset: (dataset / "README.md").unlink(),
    "a deleted table": lambda dataset: shutil.rmtree(dataset / "budget_lines"),
    "a deleted manifest": lambda dataset: (dataset / MANIFEST).unlink(),
    "a cut manifest": lambda dataset: replaced_file(dataset / MANIFEST, lambda content: content[: len(content) // 2]),
    "a manifest of nothing": lambda dataset: replaced_file(dataset / MANIFEST, lambda _: b'{"version": "1.0.0", "files": {}}'),
    "a manifest of numbers": lambda dataset: replaced_file(dataset / MANIFEST, lambda _: b'{"version": "1.0.0", "files": [1]}'),
    "a manifest that leaves": lambda dataset: replaced_file(
        dataset / MANIFEST, lambda content: content.replace(b'"README.md"', b'"../README.md"')
    ),
    "a table of another name": lambda dataset: replaced_file(
        dataset / MANIFEST, lambda content: content.replace(b'"table": "checks"', b'"table": "chacks"')
    ),
    "other rows": lambda dataset: replaced_file(
        dataset / MANIFEST, lambda content: re.sub(rb'"rows": (\d+)', rb'"rows": 1\1', content, count=1)
    ),
    "a foreign file": lambda dataset: (dataset / "checks" / "other.parquet").write_bytes(b"PAR1"),
}


@pytest.fixture(scope="module")
def with_versions(samples_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset and its versions beside it; not to be changed."""
    folder = tmp_path_factory.mktemp("versions")
    publish(Path(shutil.copytree(samples_dataset, folder / "dataset")), sample_partitions(), sample_dimensions())
    return folder


@pytest.fixture
def own(with_versions: Path, tmp_path: Path) -> Path:
    """A dataset with its versions, which a test may change."""
    return Path(shutil.copytree(with_versions, tmp_path / "own")) / "dataset"


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_the_last_whole_version_takes_its_place(own: Path, damage: str) -> None:
    snapshot = current_snapshot(own)
    DAMAGES[damage](own)
    assert damage_of(own)
    with pytest.raises(DamagedDataset, match="is damaged"):
        publish(own, {}, sample_dimensions(), keep_others=True)
    replaced = replace_damaged(own, whole_build=False)
    assert replaced is not None and replaced.version == snapshot
    assert damage_of(own) == ()
    assert (current_snapshot(own), history(own)[-1]) == (snapshot, snapshot)
    assert replaced.kept.is_dir() and str(replaced.kept) in str(replaced)
    assert replace_damaged(own) is None


def test_damage_in_every_version_is_carried_nowhere(own: Path) -> None:
    for codes in (own / "codes.parquet", *versions_folder(own).glob("*/codes.parquet")):
        codes.write_bytes(flipped(codes.read_bytes()))
    with pytest.raises(DamagedDataset, match="Build all of it from its documents"):
        replace_damaged(own, whole_build=False)
    replaced = replace_damaged(own)
    assert replaced is not None and replaced.version is None
    assert not own.exists()


def test_a_damaged_list_of_versions_stops_nothing(own: Path) -> None:
    before = history(own)
    (versions_folder(own) / "history.json").write_text('{"versions": 7')
    assert sorted(history(own)) == sorted(before)
    assert history(own)[-1] == current_snapshot(own)


def test_no_flipped_bit_and_no_lost_file_passes(samples_dataset: Path, tmp_path: Path) -> None:
    """Each of 60 random damages, the manifest's own bytes among them, is found by whoever looks before building, and by `verify`."""
    chance = random.Random(3)
    whole = shutil.copytree(samples_dataset, tmp_path / "dataset")
    files = [*read_manifest(whole), MANIFEST]
    unnoticed = []
    for turn in range(60):
        path = whole / (MANIFEST if turn % 4 == 0 else chance.choice(files))
        content = path.read_bytes()
        if turn % 5 == 4:
            path.unlink()
        else:
            changed = bytearray(content)
            bit = chance.randrange(8 * len(content))
            changed[bit // 8] ^= 1 << bit % 8
            path.write_bytes(changed)
        if not damage_of(whole):
            unnoticed.append((turn, path.name))
        path.write_bytes(content)
    assert unnoticed == []


def test_verify_says_what_is_damaged_and_ends(own_dataset: Path) -> None:
    for damage, faults in (("a cut manifest", "manifest.json is damaged"), ("a manifest of numbers", "does not list files")):
        content = (own_dataset / MANIFEST).read_bytes()
        DAMAGES[damage](own_dataset)
        (proof,) = verify(own_dataset)
        assert faults in proof.faults[0]
        (own_dataset / MANIFEST).write_bytes(content)
    (own_dataset / "notes.txt").write_text("whose are these?")
    assert next(verify(own_dataset)).faults == ("notes.txt is not in the manifest",)


def test_a_file_that_did_not_change_is_not_read_again(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = time.time() - 1000
    for path in own.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    read: list[Path] = []
    whole = damaged_dataset.file_of
    monkeypatch.setattr(damaged_dataset, "file_of", lambda dataset, path: read.append(path) or whole(dataset, path))
    assert replace_damaged(own) is None
    assert len(read) == len(read_manifest(own))
    read.clear()
    assert replace_damaged(own) is None
    assert read == []
    publish(own, {}, sample_dimensions(), keep_others=True)
    known = len(read)
    assert replace_damaged(own) is None
    assert known < len(read) < len(read_manifest(own))  # what was written just now may have been written again since
    flip = own / "codes.parquet"
    flip.write_bytes(flipped(flip.read_bytes()))  # into the file itself, in all versions
    os.utime(flip, (long_ago, long_ago))
    with pytest.raises(DamagedDataset, match=r"codes\.parquet"):
        publish(own, {}, sample_dimensions(), keep_others=True)
