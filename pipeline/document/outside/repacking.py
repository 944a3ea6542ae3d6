"""7z and RAR archives, which no library here unpacks, as ZIP archives, by a program of the system.

Belongs here: which programs do it, what they are asked, what of their answer is believed. A name in an archive is never a path: the program
writes one stream. Does not belong here: what a ZIP archive holds (`inputs/archives.py`), how programs are run.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.document.content import UnreadableDocument
from pipeline.document.media_types import RAR, SEVEN_ZIP
from pipeline.document.outside.programs import INPUT, Programs

REPACKED = {SEVEN_ZIP: "7z", RAR: "RAR"}
"""Media types of the archives that are made ZIP archives, and what they are called."""

REPACKED_MARKS = (b"Rar!", b"7z\xbc\xaf\x27\x1c")
"""First bytes of these."""

ZIP_BY_BSDTAR = ("-c", "-f", "-", "--format=zip", "--options=zip:compression=store,zip:hdrcharset=UTF-8", f"@{INPUT}")
LIST_BY_7Z = ("l", "-slt", "-ba", "-sccUTF-8", "-p-", INPUT)  # a password is given, or it would be asked for
TAKE_OUT_BY_7Z = ("x", "-so", "-bd", "-p-", INPUT)

_LISTING = 32 << 20  # bytes: some kilobytes for each of as many files as an archive may hold
_COMPLAINTS = re.compile(r"encrypt|password|passphrase", re.IGNORECASE)
_ENCRYPTED = "The archive is encrypted with a password."


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in an archive as 7z lists it."""

    name: str
    size: int
    checksum: str
    encrypted: bool


def as_zip(data: bytes, kind: str, programs: Programs, most: int) -> bytes:
    """Return an archive as a ZIP archive whose files are not compressed.

    Args:
        data: of the archive.
        kind: its media type, of those in `REPACKED`.
        programs: that may be run.
        most: bytes that it may unpack to.

    Raises:
        UnreadableDocument: no program is there that can do it, or none of those can.
    """
    called = REPACKED[kind]
    ways = [(name, way) for name, way in _WAYS.items() if programs.has(name)]
    if not ways:
        raise UnreadableDocument(
            f"The archive ({called}) needs a program that is not installed: install 7-Zip (7zz, 7z) or bsdtar (libarchive), unpack it, "
            "or pack it as ZIP."
        )
    for name, way in ways:
        made = way(data, name, programs, most)
        if made is not None:
            return made
    tried = " and ".join(name for name, _ in ways)
    raise UnreadableDocument(f"The archive ({called}) is damaged, encrypted, or packed in a way that {tried} cannot unpack.")


def _by_7z(data: bytes, name: str, programs: Programs, most: int) -> bytes | None:
    listing = programs.run(name, LIST_BY_7Z, data, _LISTING)
    entries = _entries(listing.output)
    if _COMPLAINTS.search(listing.complaints) or any(entry.encrypted for entry in entries or ()):
        raise UnreadableDocument(_ENCRYPTED)
    if not listing.well or entries is None:
        return None
    if sum(entry.size for entry in entries) > most:
        raise UnreadableDocument(f"The archive unpacks to more than {most >> 20} MiB.")
    stream = programs.run(name, TAKE_OUT_BY_7Z, data, most)
    return _divided(stream.output, entries) if stream.well else None


def _by_bsdtar(data: bytes, name: str, programs: Programs, most: int) -> bytes | None:
    ran = programs.run(name, ZIP_BY_BSDTAR, data, most)
    if not ran.well and _COMPLAINTS.search(ran.complaints):
        raise UnreadableDocument(_ENCRYPTED)
    return ran.output if ran.well and not ran.complaints else None  # it leaves out a file with a word on it, and ends well


_WAYS: dict[str, Callable[[bytes, str, Programs, int], bytes | None]] = {"7zz": _by_7z, "7z": _by_7z, "bsdtar": _by_bsdtar}
"""Programs, best first: 7-Zip says what is encrypted, and proves each file by its checksum."""


def _entries(listing: bytes) -> list[_Entry] | None:
    """Return the files of an archive in their order; None where the listing is none."""
    found = []
    for block in listing.decode("utf-8", "replace").replace("\r\n", "\n").split("\n\n"):
        values = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if not values or values.get("Folder") == "+" or values.get("Attributes", "").startswith("D"):
            continue
        size = values.get("Size", "")
        if "Path" not in values or not (size.isascii() and size.isdigit()):
            return None
        found.append(_Entry(values["Path"], int(size), values.get("CRC", ""), values.get("Encrypted") == "+"))
    return found


def _divided(stream: bytes, entries: list[_Entry]) -> bytes | None:
    """Return the files of a stream, one after another, as a ZIP archive; None where a checksum says that they are others."""
    made, at = io.BytesIO(), 0
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # two files may have one name
        for entry in entries:
            own = stream[at : at + entry.size]
            at += entry.size
            if len(own) != entry.size or (entry.checksum and f"{zlib.crc32(own):08X}" != entry.checksum):
                return None
            archive.writestr(zipfile.ZipInfo(entry.name or "_"), own)
    return made.getvalue() if at == len(stream) else None
