"""7z and RAR archives by programs of the system: stand-ins everywhere, and the real ones where they are installed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.document.content import NotNow
from pipeline.document.inputs.archives import contents_of
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Source, look_here
from pipeline.store.file_hashes import FileHashes
from pipeline.store.processes.limits import Limits
from pipeline.store.results import ResultStore
from pipeline.store.workers import archives_in_processes, bytes_of
from tests.pipeline.store.stand_ins import stand_in

MARK_7Z, MARK_RAR = b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"

# Archives of the stand-ins: a mark, and the files as JSON. They speak as 7zz 26.02 and bsdtar 3.6.2 were seen to speak.
SEVEN_ZIP = """
    import json, sys, zlib
    data = open(sys.argv[-1], "rb").read()
    files = json.loads(data[data.index(b"{"):])
    assert "-p-" in sys.argv
    if files.get("locked"):
        sys.exit("ERROR: input : Cannot open encrypted archive. Wrong password?")
    if sys.argv[1] == "l":
        print("Path = folder\\nSize = 0\\nAttributes = D drwxr-xr-x\\nCRC = \\nEncrypted = -\\n")
        for name, text in files.items():
            own = text.encode("latin-1")
            checksum = f"{zlib.crc32(own) ^ (name == 'wrong.txt'):08X}"
            print(f"Path = {name}\\nSize = {len(own)}\\nAttributes = A -rw-r--r--\\nCRC = {checksum}")
            print(f"Encrypted = {'+' if name == 'secret.txt' else '-'}\\n")
    else:
        assert sys.argv[1:3] == ["x", "-so"]
        for text in files.values():
            sys.stdout.buffer.write(text.encode("latin-1"))
"""
BSDTAR = """
    import json, sys, zipfile
    data = open(sys.argv[-1][1:], "rb").read()
    files = json.loads(data[data.index(b"{"):])
    if files.get("locked"):
        sys.exit("bsdtar: The archive header is encrypted, but currently not supported")
    with zipfile.ZipFile(sys.stdout.buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text.encode("latin-1"))
"""
STAND_INS = {"7zz": SEVEN_ZIP, "7z": SEVEN_ZIP, "bsdtar": BSDTAR}


def packed(files: dict[str, str | bytes], mark: bytes = MARK_7Z) -> bytes:
    texts = {name: text if isinstance(text, str) else text.decode("latin-1") for name, text in files.items()}
    return mark + json.dumps(texts).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def found(path: Path, data: bytes, hashed: FileHashes | None = None) -> dict[str, str | bytes]:
    """The documents of an archive by their names: the bytes of each, or why there are none."""
    path.write_bytes(data)
    sources = collect([path], archives_in_processes(1), hashed)
    return {source.file_name: source.unavailable or bytes_of(source, Limits(), strict=False) for source in sources}


@pytest.fixture(params=["7zz", "bsdtar"])  # 7z is asked as 7zz is
def program(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    stand_in(tmp_path / "bin", STAND_INS[request.param], request.param)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return str(request.param)


@pytest.fixture
def no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "none"))


@pytest.mark.usefixtures("program")
def test_documents_of_7z_and_rar_are_inputs(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"部门/预算.txt": "text", "empty.txt": "", "../../outside.txt": "out", "/etc/b.bin": bytes(range(256))}
    for name, mark in (("a.7z", MARK_7Z), ("b.rar", MARK_RAR)):
        assert found(tmp_path / name, packed(files, mark)) == {
            f"{name}!/etc/b.bin": bytes(range(256)),
            f"{name}!/empty.txt": b"",
            f"{name}!/outside.txt": b"out",
            f"{name}!/部门/预算.txt": b"text",
        }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.7z", "b.rar", "bin"]


@pytest.mark.usefixtures("program")
def test_archives_in_archives_are_unpacked_once(tmp_path: Path) -> None:
    third = packed({"c.txt": "c"})
    inside = {"second.zip!/b.txt": b"b", "second.zip!/third.7z": "Archives inside one another are unpacked 2 deep, no deeper."}
    outer = packed({"second.zip": zipped({"b.txt": b"b", "third.7z": third})})
    assert found(tmp_path / "a.7z", outer) == {f"a.7z!/{name}": what for name, what in inside.items()}
    assert found(tmp_path / "a.zip", zipped({"c.7z": third, "d.txt": b"d"})) == {"a.zip!/c.7z!/c.txt": b"c", "a.zip!/d.txt": b"d"}


def test_what_is_encrypted_says_so(tmp_path: Path, program: str) -> None:
    encrypted = {"a.rar": "The archive is encrypted with a password."}
    assert found(tmp_path / "a.rar", packed({"locked": "1"}, MARK_RAR)) == encrypted
    if program != "bsdtar":
        assert found(tmp_path / "a.rar", packed({"a.txt": "a", "secret.txt": "b"}, MARK_RAR)) == encrypted
        assert found(tmp_path / "a.rar", packed({"wrong.txt": "b"}, MARK_RAR)) == {
            "a.rar": f"The archive (RAR) is damaged, encrypted, or packed in a way that {program} cannot unpack."
        }


@pytest.mark.usefixtures("program")
def test_a_damaged_archive_and_one_that_unpacks_to_too_much(tmp_path: Path) -> None:
    (reason,) = found(tmp_path / "a.7z", MARK_7Z + b"{").values()
    assert "The archive (7z) is damaged, encrypted, or packed in a way" in str(reason)
    (reason,) = found(tmp_path / "a.7z", zipped({"b.7z": packed({f"{n}.txt": "" for n in range(5001)})})).values()
    assert reason == "The archive holds more than 5000 files."


def test_a_program_that_writes_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path / "bin", "import sys\nwhile True: sys.stdout.write('x' * 65536)", "bsdtar")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert found(tmp_path / "a.7z", packed({"a": "b"})) == {"a.7z": "Reading by bsdtar gave more than 8 MiB and was stopped."}


@pytest.mark.parametrize("inside", [False, True])
def test_a_program_that_was_stopped_is_asked_again_another_time(inside: bool) -> None:
    class Stopped:
        def has(self, name: str, /) -> bool:
            return name == "bsdtar"

        def run(self, name: str, arguments: Sequence[str], data: bytes, most: int, /) -> NoReturn:
            raise NotNow(f"Reading by {name} took longer than 100 seconds and was stopped.")

    archive = packed({"a": "b"})
    with pytest.raises(NotNow, match="took longer"):
        contents_of(zipped({"a.7z": archive, "b.txt": b"b"}) if inside else archive, Stopped())


def test_an_archive_of_which_a_file_is_left_out_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = "\n    sys.stderr.write('bsdtar: b: zip format cannot archive files with mode 0644')\n"
    stand_in(tmp_path / "bin", BSDTAR + complaint, "bsdtar")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (reason,) = found(tmp_path / "a.rar", packed({"a.txt": "a"}, MARK_RAR)).values()
    assert "packed in a way that bsdtar cannot unpack" in str(reason)


def test_another_program_is_tried_where_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path / "bin", "raise SystemExit(2)", "7z")
    stand_in(tmp_path / "bin", BSDTAR, "bsdtar")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert found(tmp_path / "a.rar", packed({"a.txt": "a"}, MARK_RAR)) == {"a.rar!/a.txt": b"a"}


@pytest.mark.usefixtures("no_program")
def test_without_a_program_the_reason_says_what_to_install(tmp_path: Path) -> None:
    what = "install 7-Zip (7zz, 7z) or bsdtar (libarchive), unpack it, or pack it as ZIP"
    reason = f"The archive ({{}}) needs a program that is not installed: {what}."
    assert found(tmp_path / "a.7z", packed({"a.txt": "a"})) == {"a.7z": reason.format("7z")}
    assert found(tmp_path / "a.zip", zipped({"a.rar": packed({}, MARK_RAR), "b.txt": b"b"})) == {
        "a.zip!/a.rar": reason.format("RAR"),
        "a.zip!/b.txt": b"b",
    }
    assert [source.unavailable for source in collect([tmp_path / "a.7z"], look_here)] == [reason.format("7z")]


@pytest.mark.usefixtures("no_program")
def test_an_archive_is_looked_into_again_when_a_program_was_installed(tmp_path: Path) -> None:
    store, file = ResultStore(tmp_path / "results"), tmp_path / "a.zip"
    data = zipped({"a.7z": packed({"a.txt": "a"})})

    def known() -> FileHashes:
        return FileHashes.load(store)

    def look(files: Sequence[Source]) -> NoReturn:
        raise AssertionError(f"{files} were looked into again")

    hashed = known()
    assert list(found(file, data, hashed)) == ["a.zip!/a.7z"]
    hashed.save()
    assert [source.file_name for source in collect([file], look, known())] == ["a.zip!/a.7z"]
    stand_in(tmp_path / "none", SEVEN_ZIP, "7z")
    assert found(file, data, known()) == {"a.zip!/a.7z!/a.txt": b"a"}


def rar(files: dict[str, bytes]) -> bytes:
    """A RAR archive (version 5) of files that are not compressed."""

    def number(value: int) -> bytes:
        more = b""
        while value > 0x7F:
            more += bytes([value & 0x7F | 0x80])
            value >>= 7
        return more + bytes([value])

    def block(fields: bytes) -> bytes:
        sized = number(len(fields)) + fields
        return zlib.crc32(sized).to_bytes(4, "little") + sized

    out = MARK_RAR + block(number(1) + number(0) + number(0))
    for name, data in files.items():
        own = name.encode()
        what = number(2) + number(2) + number(len(data)) + number(4) + number(len(data)) + number(0o100644)
        out += block(what + zlib.crc32(data).to_bytes(4, "little") + number(0) + number(1) + number(len(own)) + own) + data
    return out + block(number(5) + number(0) + number(0))


@pytest.mark.parametrize("name", STAND_INS)
def test_the_real_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    place = shutil.which(name)
    if place is None:
        pytest.skip(f"{name} is not installed")
    files = {"部门/预算.txt": "预算".encode() * 999, "b.bin": bytes(range(256)), "empty.txt": b""}
    for own, data in files.items():
        (tmp_path / "in" / own).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / own).write_bytes(data)
    how = ["-c", "--format=7zip", "-f"] if name == "bsdtar" else ["a"]
    environment = {"LC_ALL": "C.UTF-8"}
    subprocess.run([place, *how, "../a.7z", "."], cwd=tmp_path / "in", env=environment, check=True, capture_output=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / name).symlink_to(place)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert found(tmp_path / "a.7z", (tmp_path / "a.7z").read_bytes()) == {f"a.7z!/{own}": data for own, data in files.items()}
    if name == "bsdtar":  # RAR is in another package, or left out, where the others come from a distribution
        assert found(tmp_path / "a.rar", rar(files)) == {f"a.rar!/{own}": data for own, data in files.items()}
    (cut,) = found(tmp_path / "cut.7z", (tmp_path / "a.7z").read_bytes()[:-20]).values()
    assert "The archive (7z) is damaged" in str(cut)
