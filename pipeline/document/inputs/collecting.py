"""All inputs of a build, each with its hash; an archive stands for each document in it.

Belongs here: hashing files, and putting what was seen in archives in their place. Nothing here looks into a document: bytes are hashed as
they come, no more; what archives hold is asked of whoever may look (`LookInside`). Does not belong here: which files there are
(`places.py`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import BEGINNING, INSIDE, Contents, Listed, archive_at, inner_name, is_inside, looks_packed
from pipeline.document.inputs.attached_files import FILE_MARK, FILES_OF_PDF, PDF_MARK
from pipeline.document.inputs.places import entries_of
from pipeline.document.inputs.source_registry import printable_path
from pipeline.document.inputs.sources import Hint, LookInside, Source

_BLOCK = 1 << 20  # bytes of a file in memory at a time


class Hashed(NamedTuple):
    """What is known of a file without looking into it: hash of its bytes, their number, the first few of them, whether it may hold others.

    Of a PDF the last is told by a mark anywhere in its bytes.
    """

    sha256: str
    size: int
    beginning: bytes
    holds_files: bool = False


class HashedFiles(Protocol):
    """What is known of files that were read before."""

    def look_up(self, path: Path) -> Hashed | None:
        """Return what is known of a file as it is now."""
        ...

    def remember(self, path: Path, status: os.stat_result, found: Hashed) -> None:
        """Keep what was found of a file that had this status before it was read."""
        ...

    def contents_of(self, sha256: str) -> Contents | None:
        """Return what bytes that look like an archive hold, if it is known."""
        ...

    def remember_contents(self, sha256: str, contents: Contents) -> None:
        """Keep what bytes that look like an archive hold."""
        ...


def source_of(path: Path, look: LookInside) -> Source:
    """Return one file as an input, whatever it is (a CSV too); also a document in an archive, `archive.zip!/inner.pdf`.

    Args:
        path: of the file.
        look: into the archive, where it is in one.
    """
    entry = Source(path, printable_path(Path(path.name)))
    return next(_documents([entry], look, None)) if is_inside(path) else _hashed(entry, None)[0]


def collect(sources: Sequence[str | Path], look: LookInside, hashed: HashedFiles | None = None) -> list[Source]:
    """Find every input of `sources` and hash it.

    A folder stands for each regular file below it, whatever its name, in folders that are links too; a CSV that is named itself and has a
    column `path` or `url` is a registry. An archive stands for each document in it. A file given twice counts once.

    Args:
        sources: files, folders and registries.
        look: into archives.
        hashed: of files that were read before; these are not read again.

    Returns:
        One entry per file or registry row, sorted by file name, the same for every order of `sources`. Rows of a
        registry whose file cannot be had are entries too, with `unavailable`.

    Raises:
        SourceError: a source does not exist, is neither file nor folder, or is a CSV that is no registry; a folder cannot be listed: its
            documents would be missing without a word.
    """
    found: dict[tuple[str, str | None], Source] = {}
    for source in sources:
        for entry in entries_of(Path(source)):
            # what a registry says of a file is kept, however else the file is given
            place = (os.path.realpath(entry.path) if entry.path else entry.file_name, entry.source_url)
            if place not in found or entry.hint != Hint() or entry.fetched:
                found[place] = entry
    published = {file for file, url in found if url}
    entries = [entry for (file, url), entry in found.items() if url or file not in published]
    return sorted(_documents(entries, look, hashed), key=lambda own: (own.file_name, own.source_url or ""))


def _documents(entries: Iterable[Source], look: LookInside, hashed: HashedFiles | None) -> Iterator[Source]:
    """Yield what entries are for: a file, or each document of an archive; an archive of which nothing can be had is one that says why."""
    placed = [(entry, _file_of(entry)) for entry in entries]
    files = _looked_into(filter(None, (file for _, file in placed)), look, hashed)
    for entry, path in placed:
        if entry.path is None or path is None:
            yield entry if entry.path is None else replace(entry, unavailable="The archive is not there any more.")
            continue
        file, contents = files[path]
        members = {member.name: member for member in contents.members or ()}
        if refused := file.unavailable or contents.refused:
            yield replace(entry, sha256=file.sha256, size=file.size, unavailable=refused)
        elif path != entry.path:
            yield _member(entry, members.get(inner_name(entry.path)))
        else:
            if contents.members is None or contents.itself:
                yield replace(entry, sha256=file.sha256, size=file.size)
            for name, member in members.items():
                place, file_name = Path(f"{entry.path}{INSIDE}{name}"), f"{entry.file_name}{INSIDE}{name}"
                yield _member(replace(entry, path=place, file_name=file_name), member)


def _member(entry: Source, member: Listed | None) -> Source:
    """Return an entry for a document in an archive, with what was seen of it there."""
    # whoever takes it out may be in another folder, and looks where in the path the archive ends
    entry = replace(entry, path=entry.path and entry.path.absolute())
    if member is None:
        return replace(entry, unavailable="The archive does not hold the file any more.")
    return replace(entry, sha256=member.sha256, size=member.size, unavailable=member.unavailable)


def _looked_into(paths: Iterable[Path], look: LookInside, hashed: HashedFiles | None) -> Mapping[Path, tuple[Source, Contents]]:
    """Return each file with its hash, and what it holds as an archive."""
    files: dict[Path, tuple[Source, Contents]] = {}
    unknown: dict[str, list[Source]] = {}
    pdfs: set[str] = set()
    for path in dict.fromkeys(paths):
        file, found = _hashed(Source(path, printable_path(path)), hashed)
        files[path] = file, Contents()
        if found is None or not (found.holds_files or looks_packed(found.beginning)):
            continue
        known = hashed.contents_of(file.sha256) if hashed else None
        if known is None:
            unknown.setdefault(file.sha256, []).append(file)
            pdfs |= {file.sha256} if found.holds_files else set()
        else:
            files[path] = file, known
    for looked in look([own[0] for own in unknown.values()]) if unknown else ():
        contents = looked.contents
        if contents.refused and looked.file.sha256 in pdfs:  # whatever became of its files, its pages are read
            contents = Contents((Listed(FILES_OF_PDF, unavailable=contents.refused),), itself=True)
        if hashed and looked.lasting:
            hashed.remember_contents(looked.file.sha256, contents)
        files |= {file.path: (file, contents) for file in unknown[looked.file.sha256] if file.path is not None}
    return files


def _file_of(entry: Source) -> Path | None:
    """Return the file that an entry is, or the archive that it is in; None where there is none."""
    with suppress(UnreadableDocument):
        return None if entry.path is None else archive_at(entry.path)
    return None


def _hashed(entry: Source, hashed: HashedFiles | None) -> tuple[Source, Hashed | None]:
    """Return an entry for a file with hash and size, and what is known of the file; nothing where it cannot be read."""
    assert entry.path is not None
    try:
        if hashed and (known := hashed.look_up(entry.path)):
            return replace(entry, sha256=known.sha256, size=known.size), known
        status = entry.path.stat()
        digest, size, beginning, before, marked = hashlib.sha256(), 0, b"", b"", False
        with entry.path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                beginning = beginning or block[:BEGINNING]
                if not marked and beginning.startswith(PDF_MARK):
                    marked = FILE_MARK in before + block
                    before = block[1 - len(FILE_MARK) :]
    except OSError as error:
        return replace(entry, unavailable=f"The file cannot be read: {error.strerror}."), None
    found = Hashed(digest.hexdigest(), size, beginning, marked)
    if hashed:
        hashed.remember(entry.path, status, found)
    return replace(entry, sha256=found.sha256, size=found.size), found
