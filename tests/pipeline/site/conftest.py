"""The made dataset and its site, once for all tests that only look at them."""

from pathlib import Path

import pytest

from pipeline.site import pictures
from pipeline.site.writer import Written, pages_wanted, write_site
from tests.pipeline.site.made import make_dataset, write_documents


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset; not to be changed."""
    return make_dataset(tmp_path_factory.mktemp("made") / "dataset")


@pytest.fixture(scope="session")
def written(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Its site, with pages."""
    folder = tmp_path_factory.mktemp("site")
    drawn = pictures.plan(write_documents(folder / "documents"), pages_wanted(made))
    return write_site(made, folder / "site", drawn=drawn)


@pytest.fixture(scope="session")
def site(written: Written) -> Path:
    """The folder of that site; not to be changed."""
    return written.folder
