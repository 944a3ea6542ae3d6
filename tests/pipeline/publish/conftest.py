"""A published dataset of the embedded sample documents, to read and to copy."""

import shutil
from pathlib import Path

import pytest

from pipeline.publish.dataset import publish
from tests.pipeline.publish.samples import sample_partitions, whole_dimensions


@pytest.fixture(scope="session")
def samples_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset; not to be changed."""
    folder = tmp_path_factory.mktemp("samples") / "dataset"
    return publish(folder, sample_partitions(), whole_dimensions()).folder


@pytest.fixture
def own_dataset(samples_dataset: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(samples_dataset, tmp_path / "dataset"))
