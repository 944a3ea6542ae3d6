"""Packages: documents that are ZIP files of parts (XLSX, DOCX, ODS), opened within limits.

Belongs here: what a package may unpack to, before anything of it is unpacked. Does not belong here: archives of documents
(`inputs/archives.py`).
"""

from __future__ import annotations

import io
import zipfile

from pipeline.document.content import UnreadableDocument

MOST_PARTS = 10_000
"""Files in one package: a workbook of a thousand sheets with pictures has fewer."""

MOST_BYTES = 512 << 20
"""Bytes that all parts unpack to: several times the largest workbooks of statements, and less than a worker's memory."""

STEEPEST = 500
"""Times that a large part may grow when unpacked: sheets of repeated cells grow by a hundred."""

_SMALL = 8 << 20  # bytes: smaller parts may grow as they like


def open_package(data: bytes) -> zipfile.ZipFile:
    """Return a package, its parts still packed.

    Raises:
        UnreadableDocument: it is damaged, encrypted or unpacks to too much.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument(f"The file is damaged or cut off: {_plain(error)}.") from None
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise UnreadableDocument(f"The file has {len(parts)} parts: more than {MOST_PARTS} are not read.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableDocument("The file is encrypted with a password.")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise UnreadableDocument(f"The file unpacks to more than {MOST_BYTES >> 20} MiB.")
    if any(part.file_size > max(_SMALL, STEEPEST * part.compress_size) for part in parts):
        raise UnreadableDocument(f"A part of the file unpacks to more than {STEEPEST} times its size.")
    return package


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """Return one part unpacked.

    Raises:
        UnreadableDocument: there is none of that name, or it is damaged.
    """
    try:
        return package.read(name)
    except KeyError:
        raise UnreadableDocument(f"The file is incomplete: its part {name} is missing.") from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableDocument(f"The file is damaged: its part {name} cannot be unpacked ({_plain(error)}).") from None


def _plain(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
