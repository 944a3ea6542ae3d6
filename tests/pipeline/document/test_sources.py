"""Inputs are found whole and in a stable order; what cannot be had stays on record with its reason."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from pathlib import Path

import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.source_registry import SourceError
from pipeline.document.inputs.sources import Hint, look_here
from pipeline.document.media_types import media_type


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("shift", range(4))
def test_the_type_of_a_long_text_is_told_by_its_beginning(encoding: str, shift: int) -> None:
    """Wherever the beginning ends, inside a character too; what follows is not looked at."""
    data = ("1" * shift + "部门预算公开 1,234.56\n" * 10_000).encode(encoding)
    assert media_type(data) == media_type(data + b"\x00\xff\x80" * 50_000) == "text/plain"


def test_the_type_of_a_text_full_of_comments_is_told_at_once() -> None:
    assert media_type(b"<!---->" * 600) == "text/plain"
    assert media_type(b" <!-- -- -> -->\n<?xml version='1.0'?>" * 90 + b"<html>") == "text/html"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    (place / "sub").mkdir(parents=True)
    (place / "a.pdf").write_bytes(b"%PDF-1.7 a")
    (place / "sub" / "a.pdf").write_bytes(b"%PDF-1.7 a")
    (place / "two\nlines (更正).pdf").write_bytes(b"%PDF-1.7 b")
    (place / "no ending").write_bytes("文字".encode())
    (place / "list.csv").write_bytes(b"x,y\n1,2\n")
    (place / ".hidden").write_bytes(b"")
    return place


def test_a_folder_is_every_file_in_it(folder: Path) -> None:
    sources = collect([folder], look_here)
    assert [source.file_name for source in sources] == [".hidden", "a.pdf", "list.csv", "no ending", "sub/a.pdf", "two\nlines (更正).pdf"]
    by_name = {source.file_name: source for source in sources}
    assert by_name["a.pdf"].sha256 == by_name["sub/a.pdf"].sha256 == hashlib.sha256(b"%PDF-1.7 a").hexdigest()
    assert by_name["no ending"].read() == "文字".encode()
    assert by_name[".hidden"].size == 0


def test_order_and_repetition_of_sources_change_nothing(folder: Path) -> None:
    names = [source.file_name for source in collect([folder], look_here)]
    files = sorted((path for path in folder.rglob("*") if path.is_file()), reverse=True)
    assert [source.file_name for source in collect([folder, folder, folder / "a.pdf"], look_here)] == names
    assert len(collect([path for path in files if path.suffix != ".csv"], look_here)) == len(names) - 1


def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    (tmp_path / b"\xb2\xbf.pdf".decode("utf-8", "surrogateescape")).write_bytes(b"%PDF-")
    (source,) = collect([tmp_path], look_here)
    assert source.file_name.encode("utf-8") == b"\\xb2\\xbf.pdf"
    assert source.read() == b"%PDF-"


def test_a_registry_gives_hints(folder: Path) -> None:
    registry = folder.parent / "registry.csv"
    registry.write_text(
        "path,region_code,department,fiscal_year,kind,published_at,source_url,unknown\n"
        "in/a.pdf,330100,某局,2024,budget,2024-02-01,https://example.org/a.pdf,x\n"
        "in/no ending,33,,24,report,,,\n"
        "in/gone.pdf,,,,,,,\n"
        "in/sub,,,,,,,\n"
        ",,,2023,,,,\n"
        ",,,,,,,\n",
        encoding="utf-8-sig",
    )
    sources = {source.file_name: source for source in collect([registry], look_here)}
    assert len(sources) == 5
    known = sources["in/a.pdf"]
    assert known.hint == Hint("330100", "某局", 2024, "budget", "2024-02-01")
    assert (known.source_url, known.unavailable) == ("https://example.org/a.pdf", None)
    doubtful = sources["in/no ending"].hint
    assert (doubtful.region_code, doubtful.fiscal_year, doubtful.kind) == (None, None, None)
    assert len(doubtful.problems) == 3
    assert sources["in/gone.pdf"].unavailable == "The file does not exist."
    assert sources["in/sub"].unavailable == "The path is a folder, not a file."
    assert sources["registry.csv, row 5"].unavailable == "The registry row names neither path nor url."


def test_addresses_are_recorded_not_fetched(folder: Path) -> None:
    registry = folder.parent / "urls.csv"
    registry.write_text(f"url\nhttps://example.org/b.pdf\nfile://{folder.as_posix()}/a.pdf\n", encoding="gb18030")
    remote, local = sorted(collect([registry], look_here), key=lambda source: source.path is not None)
    assert remote.source_url == "https://example.org/b.pdf"
    assert remote.unavailable is not None and "not fetched" in remote.unavailable
    with pytest.raises(UnreadableDocument, match="not fetched"):
        remote.read()
    assert local.read() == b"%PDF-1.7 a"


def test_a_file_in_a_folder_and_in_a_registry_counts_once(folder: Path) -> None:
    registry = folder.parent / "registry.csv"
    registry.write_text("path,fiscal_year,source_url\nin/a.pdf,2024,https://example.org/a.pdf\n", encoding="utf-8")
    for order in ([folder, registry], [registry, folder]):
        sources = [source for source in collect(order, look_here) if source.path == folder / "a.pdf"]
        assert [source.hint.fiscal_year for source in sources] == [2024]


def test_sources_that_cannot_be_used_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        collect([tmp_path / "nothing"], look_here)
    table = tmp_path / "table.csv"
    table.write_text("code,name\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no source registry"):
        collect([table], look_here)
    assert [source.file_name for source in collect([tmp_path], look_here)] == ["table.csv"]


def test_folders_that_are_links_are_followed_once_and_circles_end(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "c.pdf").write_bytes(b"%PDF-1.7 c")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "round").symlink_to(folder)
    (elsewhere / "round").symlink_to(elsewhere)
    (folder / "lost").symlink_to(folder.parent / "nowhere")
    sources = {source.file_name: source for source in collect([folder], look_here)}
    assert sources["linked/c.pdf"].read() == b"%PDF-1.7 c"
    assert sources["lost"].unavailable == "The file is a link that leads nowhere."
    assert len(sources) == 8


def test_a_folder_that_cannot_be_listed_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.listdir

    def refusing(place: Path) -> list[str]:
        if place.name == "sub":
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr("os.listdir", refusing)
    with pytest.raises(SourceError, match=r"sub cannot be listed \(Permission denied\), so that its documents would be missing"):
        collect([folder], look_here)


def test_a_document_is_hashed_without_being_held_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    (source,) = collect([tmp_path], look_here)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert source.size == 200 << 20
    assert most < 10 << 20


def test_a_file_that_changes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一", encoding="utf-8")
    (source,) = collect([path], look_here)
    path.write_text("二", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="changed"):
        source.read()
    path.unlink()
    with pytest.raises(UnreadableDocument, match="cannot be read"):
        source.read()
