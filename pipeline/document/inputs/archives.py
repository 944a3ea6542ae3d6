"""Archives (ZIP, 7z, RAR), and PDFs that hold files: their documents are inputs of their own, named `archive.zip!/inner.pdf`.

Belongs here: which documents an archive holds, and the bytes of each, within limits. Archives of other kinds are made ZIP archives first
(`outside/repacking.py`). A PDF that holds files (`attached_files.py`) is an input itself too. All but paths is for workers behind walls
(`pipeline.store.workers`). Nothing is ever written to a disk: a name in an archive is but a name, wherever it points. Does not belong
here: packages that are one document (`forms/packages.py`), what documents say.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pipeline.document.content import NotNow, UnreadableDocument
from pipeline.document.inputs.attached_files import FILES_OF_PDF, AttachedFile, FilesTooLarge, attached_files, holds_files
from pipeline.document.media_types import PDF, ZIP, ZIP_MARKS, media_type
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.document.outside.repacking import REPACKED, REPACKED_MARKS, as_zip

BEGINNING = 8
"""Bytes of a file by which one sees whether it may be an archive: as long as the longest mark of one, and a little more."""

INSIDE = "!/"
"""Between the name of an archive and that of a document in it."""

_ARCHIVES = frozenset({ZIP, *REPACKED})
_UTF8 = 0x800  # flag of an entry whose name is UTF-8
_ENCRYPTED = 0x1
_BLOCK = 1 << 16
_END, _ENTRIES_AT = b"PK\x05\x06", 10
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PROGRAMS_OWN = ("__MACOSX/",)  # what programs that pack add of their own
_TOO_DEEP = "Archives inside one another are unpacked {} deep, no deeper."
_File = TypeVar("_File")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive, or a PDF with files in it, may hold: several times a season's disclosures of a large city.

    Attributes:
        members: files in it.
        member_bytes: that one of them unpacks to.
        bytes: that all of them unpack to.
        ratio: times that a file of more than `small` bytes may grow when unpacked.
        depth: archives inside one another.
        repacked: bytes that an archive unpacks to that is made a ZIP archive: those are in memory together.
    """

    members: int = 5_000
    member_bytes: int = 256 << 20
    bytes: int = 4 << 30
    ratio: int = 500
    small: int = 8 << 20
    depth: int = 2
    repacked: int = 512 << 20


LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name, `/` between folders, and its bytes or the reason why there are none, in one sentence."""

    name: str
    data: bytes = b""
    unavailable: str | None = None


def members(data: bytes, limits: ArchiveLimits = LIMITS, depth: int = 1, programs: Programs = NO_PROGRAMS) -> Iterator[Member]:
    """Yield the documents of an archive, and of archives in it, in the order of their names.

    Args:
        data: of the archive.
        limits: of archives.
        depth: how deep in other archives it is, from 1.
        programs: that may unpack it.

    Raises:
        UnreadableDocument: nothing of it can be had: it is damaged, holds too much, or nothing.
        NotNow: something of it may be had another time: what it holds is not known.
    """
    for name, inner in _held(data, limits, programs):
        try:
            if isinstance(inner, str):
                raise UnreadableDocument(inner)
            if media_type(inner) not in _ARCHIVES:
                yield Member(name, inner)
                yield from _files_of_pdf(name, inner, limits, depth, programs)
                continue
            if depth >= limits.depth:
                raise UnreadableDocument(_TOO_DEEP.format(limits.depth))
            for further in members(inner, limits, depth + 1, programs):
                yield Member(f"{name}{INSIDE}{further.name}", further.data, further.unavailable)
        except NotNow:
            raise
        except UnreadableDocument as error:
            yield Member(name, unavailable=str(error))


def _files_of_pdf(name: str, data: bytes, limits: ArchiveLimits, depth: int, programs: Programs) -> Iterator[Member]:
    """Yield the files that a document in an archive holds, if it is a PDF that does; why it cannot be opened, says who reads its pages."""
    if not holds_files(data):
        return
    if depth >= limits.depth:
        yield Member(f"{name}{INSIDE}{FILES_OF_PDF}", unavailable=_TOO_DEEP.format(limits.depth))
        return
    try:
        for further in members(data, limits, depth + 1, programs):
            yield Member(f"{name}{INSIDE}{further.name}", further.data, further.unavailable)
    except NotNow:
        raise
    except UnreadableDocument:
        return


def _holds_documents(data: bytes, kind: str) -> bool:
    return kind in _ARCHIVES or (kind == PDF and holds_files(data))


def _held(data: bytes, limits: ArchiveLimits, programs: Programs) -> Iterator[tuple[str, bytes | str]]:
    """Yield what an archive, or a PDF, holds, under distinct names: bytes, or why there are none.

    Raises:
        UnreadableDocument: nothing of it can be had.
    """
    if holds_files(data):
        yield from _held_by_pdf(data, limits)
        return
    with _opened(data, limits, programs) as archive:
        entries = _entries(archive)
        if not entries:
            raise UnreadableDocument("The archive holds no file.")
        for name, entry in entries:
            try:
                inner: bytes | str = _unpacked(archive, entry, limits)
            except UnreadableDocument as error:
                inner = str(error)
            yield name, inner


def _held_by_pdf(data: bytes, limits: ArchiveLimits) -> Iterator[tuple[str, bytes | str]]:
    """Yield what a PDF holds, as `_held` does: the bytes of one file at a time."""
    left, full = limits.bytes, f"The files that the PDF holds unpack to more than {limits.bytes >> 20} MiB: the others were not taken out."
    with attached_files(data, limits.members) as files:
        for name, file in _named_files(files):
            try:
                if left < 0:
                    raise FilesTooLarge
                inner = file.taken_out(limits.member_bytes, left)
                left -= len(inner)
                yield name, inner
            except FilesTooLarge:
                left = -1  # the sizes of the others are not even asked: each time one is unpacked
                yield name, full
            except UnreadableDocument as error:
                yield name, str(error)


def _named_files(files: Iterable[AttachedFile]) -> list[tuple[str, AttachedFile]]:
    return _distinctly_named((_clean(file.name), file) for file in files)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in an archive, before it is read: its name there, hash and size, or the reason why there are no bytes, in one sentence."""

    name: str
    sha256: str = ""
    size: int = 0
    unavailable: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What bytes hold that may be an archive.

    Attributes:
        members: its documents; None where it is no archive, but one document.
        refused: why nothing of it can be had, in one sentence.
        itself: whether it is a document too, beside those that it holds.
    """

    members: tuple[Listed, ...] | None = None
    refused: str | None = None
    itself: bool = False


def looks_packed(beginning: bytes) -> bool:
    """Tell by its first bytes whether a file may be an archive; packages (of a word processor, a spreadsheet) look so too."""
    return beginning.startswith((*ZIP_MARKS, *REPACKED_MARKS))


def contents_of(data: bytes, programs: Programs = NO_PROGRAMS) -> Contents:
    """Return what bytes hold that look like an archive, or like a PDF with files in it, which `programs` may unpack.

    Raises:
        NotNow: a program was stopped that may unpack it another time.
    """
    kind = media_type(data)
    if not _holds_documents(data, kind):
        return Contents()
    try:
        held = tuple(
            Listed(member.name, hashlib.sha256(member.data).hexdigest(), len(member.data))
            if member.unavailable is None
            else Listed(member.name, unavailable=member.unavailable)
            for member in members(data, programs=programs)
        )
    except NotNow:
        raise
    except UnreadableDocument as error:
        return Contents(refused=str(error)) if kind in _ARCHIVES else Contents()  # why a PDF is refused, says who reads its pages
    return Contents(held, itself=kind not in _ARCHIVES) if held or kind in _ARCHIVES else Contents()


def are_plausible(contents: Contents) -> bool:
    """Tell whether contents are such as `contents_of` gives: whoever looked may be in the hands of what it looked at."""
    listed = contents.members or ()
    names = {name for member in listed for name in member.name.split(INSIDE)}
    return (
        len(listed) <= LIMITS.members**2
        and len({member.name for member in listed}) == len(listed)
        and all(_clean(name) == name for name in names)
        and all(bool(_SHA256.fullmatch(member.sha256)) if member.unavailable is None else not member.sha256 for member in listed)
    )


def inner_name(path: Path) -> str:
    """Return the name of a document in the archive that a path leads into."""
    return INSIDE.join(_divided(path)[1])


def is_inside(path: Path) -> bool:
    """Tell whether a path leads into an archive."""
    return INSIDE in path.as_posix() and not path.exists()


def archive_at(path: Path) -> Path:
    """Return the file that a path leads to: itself, or the archive that it leads into.

    Raises:
        UnreadableDocument: the archive is not there any more.
    """
    return _divided(path)[0] if is_inside(path) else path


def unpacked_from(data: bytes, path: Path, limits: ArchiveLimits = LIMITS, programs: Programs = NO_PROGRAMS) -> bytes:
    """Return the bytes of a document in an archive.

    Args:
        data: of the archive.
        path: of the archive, `!/`, the document's name (and so on, for an archive in it).
        limits: of archives.
        programs: that may unpack it.

    Raises:
        UnreadableDocument: it is not there any more, or cannot be unpacked.
    """
    for name in _divided(path)[1]:
        data = _taken_out(data, PurePosixPath(name), limits, programs)
    return data


def _taken_out(data: bytes, name: PurePosixPath, limits: ArchiveLimits, programs: Programs) -> bytes:
    gone = UnreadableDocument("The archive does not hold the file any more.")
    if holds_files(data):
        with attached_files(data, limits.members) as files:
            file = next((file for own, file in _named_files(files) if PurePosixPath(own) == name), None)
            if file is None:
                raise gone
            return file.taken_out(limits.member_bytes, limits.member_bytes)
    with _opened(data, limits, programs) as opened:
        entry = next((entry for own, entry in _entries(opened) if PurePosixPath(own) == name), None)
        if entry is None:
            raise gone
        return _unpacked(opened, entry, limits)


def _divided(path: Path) -> tuple[Path, list[str]]:
    """Return the archive that a path leads into, and the names of the files inside one another."""
    parts = path.as_posix().split(INSIDE)
    for n in range(1, len(parts)):
        archive = Path(INSIDE.join(parts[:n]))
        if archive.is_file():
            return archive, parts[n:]
    raise UnreadableDocument("The archive is not there any more.")


def _opened(data: bytes, limits: ArchiveLimits, programs: Programs) -> zipfile.ZipFile:
    kind = media_type(data)
    if kind in REPACKED:
        data = as_zip(data, kind, programs, min(limits.repacked, limits.bytes, max(limits.small, limits.ratio * len(data))))
    end = data.rfind(_END)
    stated = int.from_bytes(data[end + _ENTRIES_AT : end + _ENTRIES_AT + 2], "little") if end >= 0 else 0
    # the directory itself is read only if it is no larger than so many entries with long names take
    directory = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    if stated > limits.members or directory > limits.members * 1024:
        raise UnreadableDocument(f"The archive holds more than {limits.members} files.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnreadableDocument("The archive is damaged or cut off.") from None
    entries = archive.infolist()
    if len(entries) > limits.members:
        raise UnreadableDocument(f"The archive holds more than {limits.members} files.")
    if sum(entry.file_size for entry in entries) > limits.bytes:
        raise UnreadableDocument(f"The archive unpacks to more than {limits.bytes >> 20} MiB.")
    return archive


def _entries(archive: zipfile.ZipFile) -> Sequence[tuple[str, zipfile.ZipInfo]]:
    """Return the files of an archive under distinct names, sorted by them."""
    named = ((_name(entry), entry) for entry in archive.infolist() if not entry.is_dir())
    return _distinctly_named((name, entry) for name, entry in named if not name.startswith(_PROGRAMS_OWN))


def _distinctly_named(files: Iterable[tuple[str, _File]]) -> list[tuple[str, _File]]:
    """Return files under distinct names, sorted by them."""
    named: dict[str, _File] = {}
    for name, file in files:
        path, own, again = PurePosixPath(name), name, 1
        while own in named:
            again += 1
            own = str(path.with_name(f"{path.stem} ({again}){path.suffix}"))
        named[own] = file
    return sorted(named.items(), key=lambda item: item[0])


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive: what programs of Chinese systems write without a mark is GBK."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return _clean(name)


def _clean(name: str) -> str:
    """Return a name that can be shown, and leads nowhere."""
    name = "".join(char if char.isprintable() else "_" for char in name.replace("\\", "/"))
    return "/".join(part for part in name.split("/") if part not in ("", ".", "..")) or "(without a name)"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ArchiveLimits) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableDocument("The file is encrypted with the archive's password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableDocument("The file is packed in a way that is not unpacked: pack it as an ordinary ZIP.")
    if entry.file_size > limits.member_bytes:
        raise UnreadableDocument(f"The file unpacks to more than {limits.member_bytes >> 20} MiB.")
    if entry.file_size > max(limits.small, limits.ratio * entry.compress_size):
        raise UnreadableDocument(f"The file unpacks to more than {limits.ratio} times its size.")
    blocks = []
    try:
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                blocks.append(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise UnreadableDocument("The file in the archive is damaged.") from None
    return b"".join(blocks)
