"""An edition has facts and no sentences, only documents whose grade allows it, and proves itself like every dataset."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.verify import verify
from pipeline.publish.versions.manifest import read_manifest
from pipeline.site import edition
from pipeline.site.edition import NoEdition, TooLarge, addresses_in, folder_of_edition, write_edition


@pytest.fixture(scope="module")
def folder(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition; not to be changed."""
    out = tmp_path_factory.mktemp("edition") / "data"
    hashes = pl.scan_parquet(made / "documents" / "**" / "*.parquet").select("sha256").collect()["sha256"]
    write_edition(made, out, dict.fromkeys(hashes, "https://example.org/there"))
    return out


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.scan_parquet(folder / name / "**" / "*.parquet", hive_partitioning=True).collect()


def test_it_proves_itself(folder: Path) -> None:
    assert [proof for proof in verify(folder) if proof.faults] == []


def test_only_proven_documents_are_in_it(made: Path, folder: Path) -> None:
    assert set(table(folder, "documents")["grade"]) <= {"A", "B"}
    assert table(made, "documents").filter(pl.col("grade") == "C").height  # one was there to leave out
    own = set(table(folder, "documents")["document_id"])
    for name in ("budget_lines", "checks", "key_figures", "projects", "year_on_year"):
        assert set(table(folder, name)["document_id"]) <= own
    assert set(table(folder, "department_profile")["budget_document_id"].drop_nulls()) <= own


def test_no_sentence_is_in_it(made: Path, folder: Path) -> None:
    assert table(made, "year_on_year")["reason"].drop_nulls().len() and table(folder, "year_on_year")["reason"].drop_nulls().is_empty()
    for column in ("goal", "basis"):
        assert table(folder, "projects")[column].drop_nulls().is_empty()
    assert table(folder, "performance_indicators").is_empty()
    assert set(table(folder, "checks")["detail"]) == {""}
    assert set(table(folder, "findings")["finding"]) <= {"failed_identities"}


def test_where_a_document_was_found_is_told(folder: Path) -> None:
    assert set(table(folder, "documents")["source_url"]) == {"https://example.org/there"}


def test_it_has_what_describes_it_and_no_database(folder: Path) -> None:
    files = read_manifest(folder)
    assert {"DICTIONARY.md", "DICTIONARY.zh.md", "CITATION.cff"} <= files.keys()
    assert "dataset.duckdb" not in files and not (folder / "dataset.duckdb").exists()
    said = (folder.parent / "CONTENTS.md").read_text(encoding="utf-8")
    assert "| account.pdf |" in said and "grade C" in said and "| empty.pdf | – | The file is empty. |" in said


def test_the_same_dataset_gives_the_same_edition(made: Path, folder: Path, tmp_path: Path) -> None:
    addresses = dict(table(folder, "documents").select("sha256", "source_url").iter_rows())
    again = write_edition(made, tmp_path / "edition" / "data", addresses)
    assert {file.path: file.sha256 for file in again} == {file.path: file.sha256 for file in read_manifest(folder).values()}


def test_one_that_is_too_large_replaces_nothing(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_manifest(folder)
    monkeypatch.setattr(edition, "LARGEST", 1000)
    with pytest.raises(TooLarge):
        write_edition(made, folder)
    assert read_manifest(folder) == before


def test_where_files_were_found_is_read_from_a_list(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    path.write_text("sha256,url,repository,commit\naa,https://example.org/a,,\nbb,,one/two,cc\n,x,,\n", encoding="utf-8")
    assert addresses_in(path) == {"aa": "https://example.org/a", "bb": "https://github.com/one/two/tree/cc"}


def test_an_installation_without_one_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "FOLDER", tmp_path)
    with pytest.raises(NoEdition, match="make edition"):
        folder_of_edition()
