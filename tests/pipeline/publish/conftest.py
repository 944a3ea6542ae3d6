"""A published dataset of the embedded sample documents, to read and to copy."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.dataset import publish
from pipeline.publish.dimensions import READ_FROM, mined_dimensions
from schemas.tables import BUDGET_LINES, DOCUMENTS
from tests.pipeline.publish.samples import sample_dimensions, sample_partitions


@pytest.fixture(scope="session")
def samples_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset; not to be changed."""
    folder = tmp_path_factory.mktemp("samples") / "dataset"
    partitions = sample_partitions()
    lines, documents = (
        pl.concat([tables[table.name].select(columns) for tables in partitions.values()])
        for table, columns in ((BUDGET_LINES, READ_FROM[BUDGET_LINES.name]), (DOCUMENTS, READ_FROM[DOCUMENTS.name]))
    )
    mined = mined_dimensions(lines, documents)
    return publish(
        folder, partitions, {**sample_dimensions(), **{name: mined[name] for name in ("code_attestations", "departments")}}
    ).folder


@pytest.fixture
def own_dataset(samples_dataset: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(samples_dataset, tmp_path / "dataset"))
