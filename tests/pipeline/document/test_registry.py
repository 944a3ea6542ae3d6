"""Documents are told by their bytes, and each kind has the one reader that is registered for it."""

from __future__ import annotations

import pytest

from pipeline.document import registry
from pipeline.document.content import Content, Page, TextLine, UnreadableDocument
from pipeline.document.media_types import media_type
from pipeline.document.registry import drawer_for, read_content, reader_for


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "application/x-empty"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"garbage %PDF-1.4", "application/pdf"),
        (b"1 0 obj<<>>endobj", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "application/x-ole-storage"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"PK\x03\x04...xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04...word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"<html><body>", "text/html"),
        ("部门预算".encode(), "text/plain"),
        ("部门预算公开".encode("gb18030"), "text/plain"),
        (b"\x00\x01\x02\x03\xff\xfe\xfd" * 9, "application/octet-stream"),
    ],
)
def test_type_by_content(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


class _Pictures:
    media_types = frozenset({"image/gif"})

    def read(self, data: bytes) -> Content:
        return Content("grids", "by hand", (Page(1, 0.0, 0.0, (TextLine(f"{len(data)} bytes"),)),))


def test_a_reader_is_one_registration_away(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"GIF89a"
    with pytest.raises(UnreadableDocument, match="No reader"):
        read_content(data)
    monkeypatch.setattr(registry, "READERS", (*registry.READERS, _Pictures()))
    assert read_content(data).reader == "by hand"


def test_every_media_type_has_one_reader() -> None:
    kinds = [kind for reader in registry.READERS for kind in reader.media_types]
    assert len(kinds) == len(set(kinds))
    assert all(kind in reader_for(kind).media_types for kind in kinds)


@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (b"<html><body>", "web page shows no text"), (b"GIF89a", "image/gif")])
def test_what_has_no_reader_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_content(data)


def test_only_documents_with_pages_are_drawn() -> None:
    assert drawer_for("application/pdf") is not None
    assert drawer_for("text/plain") is None


def test_lines_of_a_text_dump_stand_on_no_sheets() -> None:
    content = read_content("部门预算\f第二页".encode())
    assert (content.tables, len(content.pages), content.sheets) == ("lines", 2, None)
