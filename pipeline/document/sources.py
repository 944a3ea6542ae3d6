"""Where documents come from: files, folders and registries, each file with its hash and what is said of it.

Belongs here: finding inputs. Does not belong here: what their bytes are (`media_types.py`), what a document says (`identity`). Nothing here
looks into a document: bytes are hashed as they come, no more; what archives hold is asked of whoever may look (`LookInside`). Nothing is
fetched (`pipeline.fetch` does): an address that is not a local file is recorded with the reason why it was not read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from pipeline.document.archives import (
    BEGINNING,
    INSIDE,
    Contents,
    Listed,
    archive_at,
    contents_of,
    inner_name,
    is_inside,
    looks_packed,
    unpacked_from,
)
from pipeline.document.content import UnreadableDocument
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.document.source_registry import SourceError, printable_path, registry_rows

KINDS = ("budget", "final_account")
_REGION_DIGITS = 6  # of an administrative division code, GB/T 2260
_YEAR_DIGITS = 4
_BLOCK = 1 << 20  # bytes of a file in memory at a time


@dataclass(frozen=True, slots=True)
class Hint:
    """What a registry says of a document: never more than a hint, the document's own text decides.

    `problems` are values of the registry that could not be understood, one sentence each.
    """

    region_code: str | None = None
    department: str | None = None
    fiscal_year: int | None = None
    kind: str | None = None
    published_at: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is known of a document from fetching it: nothing of what it holds depends on it.

    Attributes:
        at: when its bytes were had, in a form that sorts by time.
        correction: whether the page that led to it says that it replaces something.
        gone: why its address no longer gives it, in one sentence; None while it does.
    """

    at: str
    correction: bool = False
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        path: the local file; of a document in an archive, that of the archive, `!/` and its name in it; None where there is none.
        file_name: as it was given: its path below the folder that was given, else its name; always valid Unicode.
        source_url: where it was published, if the registry says so.
        hint: what the registry says of it.
        sha256: of the bytes, in hex; empty where there are none.
        size: bytes.
        unavailable: why there are no bytes, in one sentence; None where there are.
        fetched: what fetching it told, where the registry is that of an inbox.
    """

    path: Path | None
    file_name: str
    source_url: str | None = None
    hint: Hint = field(default_factory=Hint)
    sha256: str = ""
    size: int = 0
    unavailable: str | None = None
    fetched: Fetched | None = None

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            UnreadableDocument: there are none (`unavailable`), or the file has gone or changed since it was hashed.
        """
        if self.path is None or self.unavailable:
            raise UnreadableDocument(self.unavailable or "The source has no file.")
        try:
            return self.proven(archive_at(self.path).read_bytes())
        except OSError as error:
            raise UnreadableDocument(f"The file cannot be read: {error.strerror}.") from None

    def proven(self, data: bytes, programs: Programs = NO_PROGRAMS) -> bytes:
        """Return the document in `data`, which was read of its file (the archive that holds it), if it is what was hashed.

        Args:
            data: of the file.
            programs: that may unpack it.

        Raises:
            UnreadableDocument: it is not, or cannot be unpacked.
        """
        if self.path is not None and is_inside(self.path):
            data = unpacked_from(data, self.path, programs=programs)
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UnreadableDocument("The file changed while it was being processed.")
        return data


def source_of(path: Path, look: LookInside) -> Source:
    """Return one file as an input, whatever it is (a CSV too); also a document in an archive, `archive.zip!/inner.pdf`.

    Args:
        path: of the file.
        look: into the archive, where it is in one.
    """
    entry = Source(path, printable_path(Path(path.name)))
    return next(_documents([entry], look, None)) if is_inside(path) else _hashed(entry, None)[0]


class Looked(NamedTuple):
    """What was seen in a file that may be an archive.

    Attributes:
        file: as it was given.
        contents: what it holds, or why that cannot be had.
        lasting: whether the same bytes give the same each time.
    """

    file: Source
    contents: Contents
    lasting: bool = True


LookInside = Callable[[Sequence[Source]], Iterable[Looked]]
"""Looks into files that may be archives, hashed before, and gives each back, in any order: the seam between what is asked and where."""


def look_here(files: Sequence[Source]) -> Iterator[Looked]:
    """Look into files in this process: for those that can be trusted."""
    for file in files:
        try:
            yield Looked(file, contents_of(file.read()))
        except UnreadableDocument as error:
            yield Looked(file, Contents(refused=str(error)), lasting=False)


class Hashed(NamedTuple):
    """What is known of a file without looking into it: hash of its bytes, their number, the first few of them."""

    sha256: str
    size: int
    beginning: bytes


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
        for entry in _entries(Path(source)):
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
        elif contents.members is None:
            yield replace(entry, sha256=file.sha256, size=file.size)
        else:
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
    for path in dict.fromkeys(paths):
        file, beginning = _hashed(Source(path, printable_path(path)), hashed)
        files[path] = file, Contents()
        if file.unavailable or not looks_packed(beginning):
            continue
        known = hashed.contents_of(file.sha256) if hashed else None
        if known is None:
            unknown.setdefault(file.sha256, []).append(file)
        else:
            files[path] = file, known
    for looked in look([own[0] for own in unknown.values()]) if unknown else ():
        if hashed and looked.lasting:
            hashed.remember_contents(looked.file.sha256, looked.contents)
        files |= {file.path: (file, looked.contents) for file in unknown[looked.file.sha256] if file.path is not None}
    return files


def _file_of(entry: Source) -> Path | None:
    """Return the file that an entry is, or the archive that it is in; None where there is none."""
    with suppress(UnreadableDocument):
        return None if entry.path is None else archive_at(entry.path)
    return None


def _entries(given: Path) -> Iterator[Source]:
    if given.is_dir():
        yield from _below(given, given, ())
    elif given.is_file():
        if given.suffix.lower() == ".csv":
            yield from _registry(given)
        else:
            yield Source(given, printable_path(Path(given.name)))
    elif given.exists():
        raise SourceError(f"{printable_path(given)} is neither a file nor a folder.")
    else:
        raise SourceError(f"{printable_path(given)} does not exist.")


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder, in folders that are links too.

    Raises:
        SourceError: a folder cannot be listed.
    """
    yield from (source.path for source in _below(folder, folder, ()) if source.path is not None)


def _below(given: Path, folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Source]:
    """Yield the files below a folder; `above` are the folders on the way to it, so that links in a circle end."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names only, and what cannot be listed raises at once)
        if (status.st_dev, status.st_ino) in above:
            return
        for name in names:
            path = folder / name
            mode = _mode(path)
            if mode is None:
                yield Source(None, printable_path(path.relative_to(given)), unavailable="The file is a link that leads nowhere.")
            elif stat.S_ISDIR(mode):
                yield from _below(given, path, (*above, (status.st_dev, status.st_ino)))
            elif stat.S_ISREG(mode):
                yield Source(path, printable_path(path.relative_to(given)))
    except OSError as error:
        raise SourceError(
            f"{printable_path(Path(error.filename or folder))} cannot be listed ({error.strerror}), so that its documents would be "
            "missing: make it readable, or move it out of the source. Nothing was changed."
        ) from None


def _mode(path: Path) -> int | None:
    """Return what a file is, following links; None where a link leads nowhere or in a circle."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if path.is_symlink() and error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def _registry(given: Path) -> Iterator[Source]:
    for number, values in enumerate(registry_rows(given), start=1):
        if any(values.values()):
            yield _registered(given, number, values)


def _registered(registry: Path, number: int, values: dict[str, str]) -> Source:
    address = values.get("path") or values.get("url") or ""
    url = values.get("source_url") or values.get("url") or None
    named = address or f"{printable_path(Path(registry.name))}, row {number}"
    entry = Source(None, named, url, _hint(values), fetched=_fetched(values))
    parts = urlsplit(address)
    if not address:
        return replace(entry, unavailable="The registry row names neither path nor url.")
    if parts.scheme in ("http", "https", "ftp"):
        if why := values.get("reason"):
            return replace(entry, unavailable=f"The address was not fetched: {why}")
        return replace(entry, unavailable="Only local files are read; the address was not fetched.")
    path = Path(unquote(parts.path)) if parts.scheme == "file" else registry.parent / address
    try:
        if path.is_file():
            return replace(entry, path=path)
    except (OSError, ValueError) as error:
        return replace(entry, unavailable=f"The path cannot be used: {error}.")
    return replace(entry, unavailable="The path is a folder, not a file." if path.is_dir() else "The file does not exist.")


def _fetched(values: dict[str, str]) -> Fetched | None:
    if not (at := values.get("fetched_at")):
        return None
    gone = (values.get("reason") or "Its address no longer gives it.") if values.get("status") == "gone" else None
    return Fetched(at, values.get("correction") == "true", gone)


def _hint(values: dict[str, str]) -> Hint:
    problems = []
    region, year, kind = values.get("region_code") or None, values.get("fiscal_year") or None, values.get("kind") or None
    if region and not (len(region) == _REGION_DIGITS and region.isascii() and region.isdigit()):
        problems.append(f"The registry's region_code {region!r} is not six digits.")
        region = None
    if year and not (len(year) == _YEAR_DIGITS and year.isascii() and year.isdigit()):
        problems.append(f"The registry's fiscal_year {year!r} is not a year.")
        year = None
    if kind and kind not in KINDS:
        problems.append(f"The registry's kind {kind!r} is neither budget nor final_account.")
        kind = None
    return Hint(
        region_code=region,
        department=values.get("department") or None,
        fiscal_year=int(year) if year else None,
        kind=kind,
        published_at=values.get("published_at") or None,
        problems=tuple(problems),
    )


def _hashed(entry: Source, hashed: HashedFiles | None) -> tuple[Source, bytes]:
    """Return an entry for a file with hash and size, and the first bytes of the file."""
    assert entry.path is not None
    try:
        if hashed and (known := hashed.look_up(entry.path)):
            return replace(entry, sha256=known.sha256, size=known.size), known.beginning
        status = entry.path.stat()
        digest, size, beginning = hashlib.sha256(), 0, b""
        with entry.path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                beginning = beginning or block[:BEGINNING]
    except OSError as error:
        return replace(entry, unavailable=f"The file cannot be read: {error.strerror}."), b""
    found = Hashed(digest.hexdigest(), size, beginning)
    if hashed:
        hashed.remember(entry.path, status, found)
    return replace(entry, sha256=found.sha256, size=found.size), beginning
