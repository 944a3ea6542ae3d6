"""One input: a file, a document in an archive or a row of a registry, with its hash and what is said of it.

Belongs here: what is known of an input, its bytes, and the seam by which somebody looks into it (`LookInside`). Does not belong here:
finding inputs (`places.py`, `collecting.py`), what their bytes are (`media_types.py`), what a document says (`identity`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import Contents, archive_at, contents_of, is_inside, unpacked_from
from pipeline.document.outside.programs import NO_PROGRAMS, Programs


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
