"""Documents that only an office program reads: stand-ins for it everywhere, and LibreOffice itself where it is installed."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest

from pipeline.document.content import NotNow, UnreadableDocument
from pipeline.document.forms.word import read_word
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import DOC, ODT, RTF, media_type
from pipeline.document.outside import conversion
from pipeline.document.outside.conversion import OFFICE
from pipeline.document.registry import as_read, drawer_for, read_content
from pipeline.stages.reading import read_document
from pipeline.store import catalogue
from pipeline.store.catalogue import Catalogue, catalogue_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.processes import office_kit, outside_programs
from pipeline.store.processes.outside_programs import AttendedPrograms, ProgramLimits, attend, found_programs, identity_of_office
from pipeline.store.processes.server_process import borrowed
from pipeline.store.results import ResultStore
from pipeline.store.workers import archives_in_processes, in_processes
from tests.pipeline.document.compound import compound_file
from tests.pipeline.document.forms.offices import as_word
from tests.pipeline.document.forms.test_forms_of_layouts import LAYOUTS, compared, printed
from tests.pipeline.store.stand_ins import stand_in

LAYOUT = sorted(LAYOUTS)[0]


def word_file(flags: int = 0x0200, **streams: bytes) -> bytes:
    """A document of Word's old format, as far as is looked at before it is converted."""
    head = struct.pack("<H8xH", 0xA5EC, flags).ljust(4096, b"\0")
    return compound_file({"WordDocument": head, "1Table": bytes(4096)} | streams)


def open_document(manifest: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def made_by_office(data: bytes) -> bytes:
    """A DOCX that says that LibreOffice wrote it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            made.writestr(name, b"<Application>LibreOffice/99.1.2$Any</Application>" if name == "docProps/app.xml" else package.read(name))
    return out.getvalue()


def made_by_another() -> bytes:
    """A DOCX that no LibreOffice wrote."""
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def writes(data: bytes) -> str:
    """A stand-in that writes these bytes whatever it is given."""
    return f"import sys\nassert sys.argv[1:] == ['docx']\nsys.stdout.buffer.write({data!r})"


@pytest.fixture(scope="module")
def word() -> bytes:
    return made_by_office(as_word(printed(LAYOUTS[LAYOUT])))


@contextmanager
def attended(programs: Mapping[str, str], *, strict: bool = False) -> Iterator[AttendedPrograms]:
    with tempfile.TemporaryDirectory() as folder:
        own = attend(programs, Path(folder), ProgramLimits(), strict=strict)
        try:
            yield own
            assert list(Path(folder).iterdir()) == []
        finally:
            own.close()


@contextmanager
def office_of(tmp_path: Path, program: str) -> Iterator[AttendedPrograms]:
    with attended({OFFICE: str(stand_in(tmp_path / "bin", program, OFFICE))}) as programs:
        yield programs


@pytest.mark.parametrize("data", [word_file(), b"{\\rtf1 text}\r\n", open_document()], ids=["DOC", "RTF", "ODT"])
def test_a_document_is_read_as_what_it_was_converted_to(tmp_path: Path, word: bytes, data: bytes) -> None:
    with office_of(tmp_path, writes(word)) as programs:
        content = read_content(data, programs)
        assert as_read(data, programs) == word
    assert content.pages == read_word(word).pages
    assert content.reader == "LibreOffice 99.1.2, python-docx"
    assert content.warnings[0].startswith("The file was converted by LibreOffice 99.1.2: it is of ")
    assert drawer_for(media_type(data)) is not None


BAD = {
    "cut": (word_file()[:-600], "The document is damaged or cut off."),
    "no mark": (word_file(WordDocument=bytes(4096)), "The document is damaged or cut off."),
    "head only": (word_file()[:1300], "The document is damaged or cut off."),
    "no table": (word_file(0), "The document is damaged or cut off."),
    "password": (word_file(0x0300), "The file is encrypted with a password."),
    "RTF cut": (b"{\\rtf1 {text", "The document is damaged or cut off."),
    "ODT cut": (open_document()[:-10], "The document is damaged or cut off."),
    "ODT with a password": (open_document("<manifest:encryption-data/>"), "The file is encrypted with a password."),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_whole_never_comes_to_an_office(tmp_path: Path, word: bytes, name: str) -> None:
    data, reason = BAD[name]
    assert media_type(data) in (DOC, RTF, ODT)
    with office_of(tmp_path, writes(word)) as programs, pytest.raises(UnreadableDocument) as refused:
        read_content(data, programs)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise SystemExit(3)", "could not be converted by LibreOffice: it is of Rich Text Format"),
        (writes(b"no package"), "could not be converted by LibreOffice"),
        (writes(made_by_another()), "could not be converted by LibreOffice"),  # not what was asked for
        ("import ctypes; ctypes.string_at(1)", r"Reading by soffice crashed \(SIGSEGV\)"),
    ],
)
def test_an_office_that_fails(tmp_path: Path, program: str, reason: str) -> None:
    with office_of(tmp_path, program) as programs, pytest.raises(UnreadableDocument, match=reason):
        read_content(b"{\\rtf1 text}", programs)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise OSError('libx.so: cannot open shared object file.')", "OSError: libx.so: cannot open shared object file."),
        ("raise SystemExit(77)", "it ended with 77."),
    ],
)
def test_a_broken_office_is_no_fault_of_the_document(tmp_path: Path, program: str, reason: str) -> None:
    with office_of(tmp_path, program) as programs, pytest.raises(NotNow) as refused:
        read_document(b"{\\rtf1 text}", Hint(), programs=programs)
    assert str(refused.value) == f"LibreOffice could not begin: {reason}"


def test_codes_of_the_office_are_those_that_are_believed() -> None:
    assert (conversion._NOT_LOADED, conversion._NOT_SAVED) == (office_kit._NOT_LOADED, office_kit._NOT_SAVED)


def test_an_office_is_run_behind_all_walls_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.processes.walls.confine", lambda _: ("Landlock (files)",))
    (tmp_path / "program").mkdir()
    reason = r"is refused: this system lacks walls around it \(Landlock \(files\)\)\."
    with attended({OFFICE: str(tmp_path / "program")}) as programs, pytest.raises(NotNow, match=reason):
        read_document(b"{\\rtf1 text}", Hint(), programs=programs)


def test_an_office_that_takes_too_long_is_asked_again_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_programs, "OFFICE_LIMITS", ProgramLimits(deadline=0.5))
    with office_of(tmp_path, "import time; time.sleep(60)") as programs, pytest.raises(NotNow, match="took longer than"):
        read_document(b"{\\rtf1 text}", Hint(), programs=programs)


def test_without_an_office_the_reason_says_what_to_install() -> None:
    with pytest.raises(UnreadableDocument, match=r"^The file needs LibreOffice \(soffice\), which is not installed, as it is of Word"):
        read_content(word_file())


def test_an_office_without_its_library_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    stand_in(tmp_path / "bin", "", "libreoffice")
    assert found_programs() == {}
    library = tmp_path / "bin" / "libmergedlo.so"
    library.touch()
    assert found_programs() == {OFFICE: str(tmp_path / "bin")}


def test_documents_are_read_again_when_there_is_an_office_that_may(tmp_path: Path, word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through workers and store: without an office, with one that fails, with one that does not; what was read stays."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.doc").write_bytes(word_file())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(outside_programs, "office_at", lambda place: place)  # the stand-in itself, not a library beside it

    def build() -> Catalogue:
        sources = collect([tmp_path / "in"], archives_in_processes(1))
        return catalogue_of(sources, ResultStore(tmp_path / "results"), stage_versions(), in_processes(1), lambda *_: None)

    def outcome(catalogue: Catalogue) -> tuple[str, int]:
        (row,) = catalogue.frame.to_dicts()
        return row["reader"] or row["reason"][:26], catalogue.made[Stage.EXTRACTION]

    missing, found = "The file needs LibreOffice", "LibreOffice 99.1.2, python-docx"
    assert [outcome(build()), outcome(build())] == [(missing, 1), (missing, 0)]
    stand_in(tmp_path / "bin", "raise SystemExit(3)", OFFICE)
    assert [outcome(build()), outcome(build())] == [("The file could not be conv", 1), ("The file could not be conv", 0)]
    place = stand_in(tmp_path / "bin", writes(word), OFFICE)
    assert [outcome(build()), outcome(build())] == [(found, 1), (found, 0)]
    stand_in(tmp_path / "bin", writes(word) + "\n# another one", OFFICE)
    assert outcome(build()) == (found, 0)
    place.unlink()
    assert outcome(build()) == (found, 0)


def test_the_same_office_is_one_wherever_and_whenever_it_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def identity(name: str, build: str | None, size: int) -> str:
        folder = tmp_path / name
        stand_in(folder, "", OFFICE)
        (folder / "libmergedlo.so").write_bytes(bytes(size))
        if build is not None:
            (folder / "versionrc").write_text(f"[Version]\nbuildid={build}\n", encoding="utf-8")
        os.utime(folder / "libmergedlo.so", (len(name), len(name)))
        monkeypatch.setenv("PATH", str(folder))
        return identity_of_office()

    assert identity("here", "7.4", 10) == identity("elsewhere", "7.4", 11) != identity("new", "24.2", 10)
    assert identity("unnamed", None, 10) == identity("unnamed2", None, 10) != identity("unnamed3", None, 11)
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert identity_of_office() == ""


def test_the_office_is_asked_for_once(tmp_path: Path, word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        (tmp_path / f"{n}.rtf").write_bytes(b"{\\rtf1 %d}" % n)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(outside_programs, "office_at", lambda place: place)
    stand_in(tmp_path / "bin", writes(word), OFFICE)
    sources = collect([tmp_path / f"{n}.rtf" for n in range(3)], archives_in_processes(1))
    store, versions = ResultStore(tmp_path / "results"), stage_versions()
    catalogue_of(sources, store, versions, in_processes(1), lambda *_: None)
    asked: list[str] = []
    monkeypatch.setattr(catalogue, "identity_of_office", lambda: asked.append("") or "")
    assert catalogue_of(sources, store, versions, in_processes(1), lambda *_: None).kept == 3
    assert len(asked) == 1


# --- LibreOffice itself ----------------------------------------------------------------------------------------------


@pytest.fixture
def office() -> Iterator[AttendedPrograms]:
    programs = {name: place for name, place in found_programs().items() if name == OFFICE}
    if not programs:
        pytest.skip("LibreOffice is not installed")
    with borrowed("tests.pipeline.store.trouble") as server:
        if server.missing:
            pytest.skip(f"this system lacks {', '.join(server.missing)}")
    with attended(programs, strict=True) as own:
        yield own


@pytest.mark.parametrize(("form", "kind"), [("doc", DOC), ("rtf", RTF), ("odt", ODT)])
def test_a_layout_saved_by_the_office_gives_the_stated_lines(office: AttendedPrograms, form: str, kind: str) -> None:
    expected = printed(LAYOUTS[LAYOUT])
    saved = office.run(OFFICE, (form,), as_word(expected), 64 << 20).output
    assert media_type(saved) == kind
    assert compared(saved, expected, office) == ([], [])
    if form == "doc":
        assert read_content(saved, office) == read_content(saved, office)
        with pytest.raises(UnreadableDocument, match="damaged"):
            read_content(saved[: len(saved) * 2 // 3], office)
