"""Archives: each document in one is an input of its own; nothing of one costs more than it may, or reaches outside."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import LIMITS, members
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Source, look_here
from pipeline.document.media_types import media_type


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def given(tmp_path: Path, data: bytes, name: str = "a.zip") -> dict[str, Source]:
    (tmp_path / name).write_bytes(data)
    return {source.file_name: source for source in collect([tmp_path / name], look_here)}


def test_the_documents_of_an_archive_are_inputs(tmp_path: Path) -> None:
    found = given(tmp_path, packed({"预算/b.txt": b"text b", "a.pdf": b"%PDF-1.7 a", "__MACOSX/._a.pdf": b"x", "empty/": b""}))
    assert list(found) == ["a.zip!/a.pdf", "a.zip!/预算/b.txt"]
    source = found["a.zip!/a.pdf"]
    assert (media_type(source.read()), source.size, source.unavailable) == ("application/pdf", 10, None)
    assert source.sha256 == hashlib.sha256(b"%PDF-1.7 a").hexdigest()
    assert [source.read() for source in found.values()] == [b"%PDF-1.7 a", b"text b"]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]


def test_an_archive_in_a_folder_and_in_a_registry(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.zip").write_bytes(packed({"a.txt": b"text"}))
    assert [source.file_name for source in collect([tmp_path], look_here)] == ["sub/a.zip!/a.txt"]
    registry = tmp_path / "list.csv"
    registry.write_text("path,fiscal_year,source_url\nsub/a.zip,2024,https://example.org/a.zip\n")
    (source,) = collect([registry], look_here)
    assert (source.file_name, source.hint.fiscal_year, source.source_url) == ("sub/a.zip!/a.txt", 2024, "https://example.org/a.zip")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_a_mark_are_in_the_encoding_of_chinese_systems(tmp_path: Path, encoding: str) -> None:
    own = "部门预算.txt".encode(encoding)
    data = packed({"x" * len(own): b"text"}).replace(b"x" * len(own), own)
    found = given(tmp_path, data)
    assert list(found) == ["a.zip!/部门预算.txt"]
    assert found["a.zip!/部门预算.txt"].read() == b"text"


def test_archives_are_unpacked_inside_one_and_no_deeper(tmp_path: Path) -> None:
    third = packed({"c.txt": b"c"})
    second = packed({"b.txt": b"b", "third.zip": third}, zipfile.ZIP_STORED)
    found = given(tmp_path, packed({"a.txt": b"a", "second.zip": second}, zipfile.ZIP_STORED))
    assert {name: source.unavailable is None for name, source in found.items()} == {
        "a.zip!/a.txt": True,
        "a.zip!/second.zip!/b.txt": True,
        "a.zip!/second.zip!/third.zip": False,
    }
    assert found["a.zip!/second.zip!/b.txt"].read() == b"b"
    assert "no deeper" in str(found["a.zip!/second.zip!/third.zip"].unavailable)


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    assert list(given(tmp_path, packed({"word/document.xml": b"<x/>"}), "a.docx")) == ["a.docx"]


@pytest.mark.parametrize("name", ["../../outside.txt", "/etc/outside.txt", "..\\outside.txt", "./a/../outside.txt"])
def test_names_lead_nowhere_outside(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    found = given(inner, packed({name: b"text"}))
    (source,) = found.values()
    assert source.file_name.startswith("a.zip!/") and ".." not in source.file_name
    assert source.read() == b"text"
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_files_of_one_name_are_all_kept(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.txt", b"one")
            archive.writestr("a.txt", b"two")
    found = given(tmp_path, out.getvalue())
    assert {name: source.read() for name, source in found.items()} == {"a.zip!/a.txt": b"one", "a.zip!/a (2).txt": b"two"}


def encrypted(data: bytes) -> bytes:
    """An archive whose entries say that they are encrypted."""
    return data.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(packed({"a.txt": b"text"})), "encrypted with the archive's password"),
        (packed({"a.txt": bytes(20 << 20)}), "more than 500 times its size"),
        (packed({"a.txt": b"text"}, zipfile.ZIP_LZMA), "pack it as an ordinary ZIP"),
        (packed({"a.txt": b"text" * 99}, zipfile.ZIP_STORED).replace(b"texttext", b"texttexx", 1), "damaged"),
    ],
)
def test_a_file_that_cannot_be_had_says_why_and_costs_only_itself(tmp_path: Path, data: bytes, reason: str) -> None:
    (source,) = given(tmp_path, data).values()
    assert source.file_name == "a.zip!/a.txt"
    assert source.unavailable is not None and reason in source.unavailable
    with pytest.raises(UnreadableDocument, match=reason):
        source.read()


@pytest.mark.parametrize(
    ("data", "reason"),
    [(packed({"a.txt": b"text"})[:40], "damaged or cut off"), (packed({}), "holds no file")],
)
def test_an_archive_that_cannot_be_opened_is_an_input_that_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    (source,) = given(tmp_path, data).values()
    assert source.file_name == "a.zip" and source.unavailable is not None and reason in source.unavailable


def test_limits_hold() -> None:
    data = packed({f"{n}.txt": b"text" * 100 for n in range(20)})
    for limits, reason in (
        (replace(LIMITS, members=10), "more than 10 files"),
        (replace(LIMITS, bytes=1000), "unpacks to more than"),
    ):
        with pytest.raises(UnreadableDocument, match=reason):
            list(members(data, limits))
    assert {member.unavailable for member in members(data, replace(LIMITS, member_bytes=10))} == {"The file unpacks to more than 0 MiB."}


def test_an_archive_that_changes_is_not_read(tmp_path: Path) -> None:
    (source,) = given(tmp_path, packed({"a.txt": b"text"})).values()
    (tmp_path / "a.zip").write_bytes(packed({"a.txt": b"other"}))
    with pytest.raises(UnreadableDocument, match="changed"):
        source.read()
    (tmp_path / "a.zip").write_bytes(packed({"b.txt": b"other"}))
    with pytest.raises(UnreadableDocument, match="does not hold the file any more"):
        source.read()
    (tmp_path / "a.zip").unlink()
    with pytest.raises(UnreadableDocument, match="not there any more"):
        source.read()
