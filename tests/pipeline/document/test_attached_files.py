"""Files that a PDF holds are inputs of their own, and the PDF stays one."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import LIMITS, ArchiveLimits, members, unpacked_from
from pipeline.document.inputs.attached_files import AttachedFile
from pipeline.document.inputs.collecting import collect, source_of
from pipeline.document.inputs.sources import Looked, Source, look_here
from pipeline.store.file_hashes import FileHashes
from pipeline.store.processes.limits import Limits
from pipeline.store.results import ResultStore
from pipeline.store.workers import archives_in_processes, bytes_of


def portfolio(files: Mapping[str, bytes]) -> bytes:
    document = pdfium.PdfDocument.new()
    document.new_page(200, 200)
    for name, data in files.items():
        document.new_attachment(name).set_data(data)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def found(path: Path, data: bytes) -> dict[str, bytes | str]:
    """The inputs that a file stands for: their bytes, or why there are none."""
    path.write_bytes(data)
    look = archives_in_processes(1)
    return {source.file_name: source.unavailable or bytes_of(source, Limits(), strict=False) for source in collect([path], look)}


def test_files_of_a_pdf_are_inputs_beside_it(tmp_path: Path) -> None:
    data = portfolio({"预算/表一.csv": b"a,b", "../../outside.txt": b"text"})
    assert found(tmp_path / "a.pdf", data) == {
        "a.pdf": data,
        "a.pdf!/outside.txt": b"text",
        "a.pdf!/预算/表一.csv": b"a,b",
    }
    assert source_of(tmp_path / "a.pdf!/outside.txt", archives_in_processes(1)).size == 4
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_they_keep_what_a_registry_says_of_the_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(portfolio({"b.txt": b"text"}))
    (tmp_path / "registry.csv").write_text("path,source_url,fiscal_year\na.pdf,https://example.invalid/a.pdf,2024\n", encoding="utf-8")
    sources = collect([tmp_path / "registry.csv"], look_here)
    assert [(own.file_name, own.source_url, own.hint.fiscal_year) for own in sources] == [
        (name, "https://example.invalid/a.pdf", 2024) for name in ("a.pdf", "a.pdf!/b.txt")
    ]


def test_files_inside_one_another_are_taken_out_so_deep_and_no_deeper(tmp_path: Path) -> None:
    inner = portfolio({"c.txt": b"c"})
    middle = zipped({"b.pdf": inner, "b.txt": b"b"})
    too_deep = "Archives inside one another are unpacked 2 deep, no deeper."
    data = zipped({"a.pdf": inner})
    assert found(tmp_path / "a.zip", data) == {"a.zip!/a.pdf": inner, "a.zip!/a.pdf!/c.txt": b"c"}
    outer = portfolio({"m.zip": middle})
    assert list(found(tmp_path / "o.pdf", outer).items())[1:] == [
        ("o.pdf!/m.zip!/b.pdf", inner),
        ("o.pdf!/m.zip!/b.pdf!/(files in it)", too_deep),
        ("o.pdf!/m.zip!/b.txt", b"b"),
    ]


def test_a_pdf_without_files_is_not_looked_into(tmp_path: Path) -> None:
    def look(files: Sequence[Source]) -> Sequence[Looked]:
        raise AssertionError(files)

    (tmp_path / "a.pdf").write_bytes(portfolio({}))
    assert [source.file_name for source in collect([tmp_path], look)] == ["a.pdf"]


def test_what_was_found_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(portfolio({"b.txt": b"text"}))
    store = ResultStore(tmp_path / "results")
    hashed = FileHashes.load(store)
    first = collect([tmp_path / "in"], look_here, hashed)
    hashed.save()

    def look(files: Sequence[Source]) -> Sequence[Looked]:
        raise AssertionError(files)

    assert collect([tmp_path / "in"], look, FileHashes.load(store)) == first


def test_a_mark_across_two_blocks_is_seen(tmp_path: Path) -> None:
    data = portfolio({"b.txt": b"text"})
    at = data.index(b"/EmbeddedFile")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n%" + b"x" * ((1 << 20) - at - 15) + b"\n" + data)
    assert [source.file_name for source in collect([tmp_path], look_here)] == ["a.pdf", "a.pdf!/b.txt"]


def test_limits_hold() -> None:
    data = portfolio({f"{n}.txt": bytes(2000) for n in range(3)})
    many = list(members(data, ArchiveLimits(members=2)))
    assert [member.unavailable for member in many] == ["The PDF holds more than 2 files: the others were not taken out.", None, None]
    large = list(members(data, ArchiveLimits(member_bytes=1000)))
    assert {member.unavailable for member in large} == {"The file unpacks to more than 0 MiB."}
    assert LIMITS.member_bytes < Limits().memory


def test_files_are_taken_out_one_by_one_and_no_more_than_all_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    take = AttachedFile.taken_out

    def noted(file: AttachedFile, largest: int, left: int) -> bytes:
        taken.append(file.name)
        return take(file, largest, left)

    monkeypatch.setattr(AttachedFile, "taken_out", noted)
    data = portfolio({f"{n}.txt": bytes([n]) * 2000 for n in range(4)})
    reason = "The files that the PDF holds unpack to more than 0 MiB: the others were not taken out."
    found = members(data, ArchiveLimits(bytes=5000))
    assert (next(found).name, taken) == ("0.txt", ["0.txt"])
    assert [(member.unavailable, len(member.data)) for member in found] == [(None, 2000), (reason, 0), (reason, 0)]
    assert taken == ["0.txt", "1.txt", "2.txt"]
    taken.clear()
    assert unpacked_from(data, Path(f"{__file__}!/3.txt")) == bytes([3]) * 2000
    assert taken == ["3.txt"]
    with pytest.raises(UnreadableDocument, match="does not hold the file any more"):
        unpacked_from(data, Path(f"{__file__}!/4.txt"))


def test_a_file_that_unpacks_to_too_much_costs_only_itself(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(LIMITS.member_bytes + 1), 1)
    stream = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(bomb), bomb)
    data = portfolio({"a.txt": b"text"})
    packed = re.sub(rb"<</DL 4.*?endstream", lambda _: stream, data, count=1, flags=re.DOTALL)
    inputs = found(tmp_path / "a.pdf", packed)
    assert inputs.pop("a.pdf") == packed
    (reason,) = inputs.values()
    assert reason == "The file unpacks to more than 256 MiB."


@pytest.mark.parametrize("data", [b"%PDF-1.7 /EmbeddedFile", portfolio({"a": b"b"})[:-40]])
def test_a_damaged_pdf_is_an_input_that_says_why_when_it_is_read(tmp_path: Path, data: bytes) -> None:
    assert found(tmp_path / "a.pdf", data) == {"a.pdf": data}
