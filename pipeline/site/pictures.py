"""Pictures of the pages that numbers come from, cut from the documents themselves.

Only pages with a line are drawn; a document without pages (a workbook, a web page, a dump) has none.

Belongs here: which pages, from which files, how large; documents are opened by workers behind walls. How a page is drawn is its reader's
(`pipeline.document.registry`).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.document.content import UnreadableDocument
from pipeline.document.inputs.archives import archive_at
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Source
from pipeline.document.registry import PageDrawer, as_read, drawer_for
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.worker_server import Desk
from pipeline.store.workers import archives_in_processes

WIDTH = 1240
"""Pixels of a page's shorter side: A4 at 150 dpi, on which digits of 7 pt are read."""

QUALITY = 45
"""Of WebP: print on white stays sharp, a page of a table is some 60 kB."""

_EFFORT = 4  # of WebP's encoder, 0 to 6
_TOGETHER = 100  # pages that a worker draws: some 6 MB of pictures
SAMPLE = 24
"""Pages that are drawn to tell beforehand how large all will be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn.

    Attributes:
        pages: numbers from 1 of the pages to draw, by document, of those whose file is there.
        sources: the files, by document.
        missing: documents with such pages whose file is not there.
    """

    pages: Mapping[str, Sequence[int]]
    sources: Mapping[str, Source]
    missing: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many pages."""
        return sum(map(len, self.pages.values()))


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture: its bytes (WebP), size in pixels, and pixels per point."""

    page: int
    data: bytes
    width: int
    height: int
    scale: float


def plan(folder: Path, wanted: Mapping[str, tuple[str, Collection[int]]]) -> Plan:
    """Return which pages can be drawn from the documents in a folder (or those of a registry).

    Args:
        folder: where the documents are.
        wanted: by document its media type and the pages that lines come from.

    Raises:
        SourceError: the folder cannot be read.
    """
    found = {source.sha256[:16]: source for source in collect([folder], archives_in_processes()) if source.unavailable is None}
    drawable = {document: sorted(pages) for document, (kind, pages) in sorted(wanted.items()) if pages and drawer_for(kind) is not None}
    here = {document: pages for document, pages in drawable.items() if document in found}
    return Plan(here, {document: found[document] for document in here}, tuple(sorted(drawable.keys() - here.keys())))


def estimate(drawn: Plan, kinds: Mapping[str, str]) -> int:
    """Return how many bytes all pictures of a plan will be, by a few pages spread over it.

    Args:
        drawn: what is to be drawn.
        kinds: media types by document.
    """
    all_pages = [(document, page) for document, pages in drawn.pages.items() for page in pages]
    sample = all_pages[:: max(1, len(all_pages) // SAMPLE)][:SAMPLE]
    sizes = [len(picture.data) for document, page in sample for picture in _drawn(drawn.sources[document], kinds[document], [page])]
    return sum(sizes) * len(all_pages) // len(sizes) if sizes else 0


def pictures_of(drawn: Plan, document: str, kind: str) -> Iterator[Picture]:
    """Yield the pictures of a document's pages; a page that cannot be drawn is left out."""
    if document in drawn.pages:
        yield from _drawn(drawn.sources[document], kind, drawn.pages[document])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Pages to be drawn, as they are sent to a worker."""

    source: Source
    kind: str
    pages: tuple[int, ...]


def _drawn(source: Source, kind: str, pages: Sequence[int]) -> Iterator[Picture]:
    wanted = [_Wanted(source, kind, tuple(pages[n : n + _TOGETHER])) for n in range(0, len(pages), _TOGETHER)]
    outcomes = in_workers(draw, wanted, list[Picture], file_of=_file_of)
    yield from sorted((picture for outcome in outcomes for picture in outcome.result or ()), key=lambda own: own.page)


def _file_of(wanted: _Wanted) -> Path | None:
    return None if wanted.source.path is None else archive_at(wanted.source.path)


def draw(wanted: _Wanted, desk: Desk) -> list[Picture]:
    """Draw pages of a document, in a worker, up to the first that cannot be drawn."""
    drawer = drawer_for(wanted.kind)
    assert isinstance(drawer, PageDrawer)
    found = []
    with suppress(UnreadableDocument, ValueError):
        data = as_read(wanted.source.proven(desk.read(), desk.programs), desk.programs)
        for page, image, scale in drawer.draw_pages(data, wanted.pages, WIDTH):
            found.append(Picture(page, _webp(image), image.width, image.height, scale))
    return found


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=_EFFORT)
    return out.getvalue()
