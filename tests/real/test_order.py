"""What is read of a document does not depend on what was read before it: real and hostile files, in any order."""

import random
from pathlib import Path

import pytest

from pipeline.document.inputs.collecting import source_of
from pipeline.document.inputs.sources import look_here
from pipeline.store.catalogue import Task
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.results import ResultStore
from pipeline.store.stage_indexes import chain_of
from pipeline.store.workers import in_processes

SHARED = Path(__file__).parents[3] / "shared"
ENCRYPTED = SHARED / "containment" / "after_an_encrypted_one"
SHUFFLES = 3  # `python -m benchmarks.containment orders` does 20


def readings(files: list[Path], results: Path) -> dict[Path, str | None]:
    """Read files one after the other, and return why each broke down, else the hash of all that was read of it."""
    versions = stage_versions()
    found: dict[Path, str | None] = {}
    for outcome in in_processes(1)([Task(source_of(path, look_here), results, versions) for path in files]):
        source = outcome.task.source
        assert source.path is not None
        hashed = chain_of(source, ResultStore(results), versions).stored(Stage.CHECKING)[1]
        found[source.path] = outcome.failure or hashed
    return found


def texts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.skipif(not ENCRYPTED.is_dir(), reason="needs files beside the repository")
def test_a_document_after_an_encrypted_one_is_read_as_alone(tmp_path: Path) -> None:
    after, alone = (readings(texts(ENCRYPTED / name), tmp_path / name) for name in "ab")
    by_name = {path.name: said for path, said in after.items()}
    assert {path.name: said for path, said in alone.items()} == {path.name: by_name[path.name] for path in alone}


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "hostile").is_dir(), reason="needs files beside the repository")
def test_no_order_changes_what_is_read(tmp_path: Path) -> None:
    chance = random.Random(3)
    hostile = [path for path in texts(SHARED / "hostile" / "made") if path.stat().st_size < 1 << 20]
    files = [*chance.sample(hostile, 30), *texts(ENCRYPTED / "a"), SHARED / "containment" / "redos_comments.txt"]
    first = readings(files, tmp_path / "first")
    for turn in range(SHUFFLES):
        chance.shuffle(files)
        assert readings(files, tmp_path / str(turn)) == first
