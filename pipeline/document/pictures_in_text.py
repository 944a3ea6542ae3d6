"""Tables that a document of text shows as pictures: each read as a scan is, and put where its picture stands.

Belongs here: which pictures are read, and how what is read of one becomes part of a page. Does not belong here: reading a picture
(`scans`), where a document has its pictures (its reader knows).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.document.content import Box, Page, UnreadableDocument, with_boxes
from pipeline.document.pdf.pictured_tables import shows_table
from pipeline.document.scans.availability import INSTALL, can_recognise
from pipeline.document.scans.gray import Gray

MOST_PICTURES = 60
"""Pictures of a document that are recognised: each costs a second or more, and a document has three minutes."""

READ = "a machine recognised the text of a picture: it may err"
"""What is said of a page, or a document, of which a picture was read."""


def read_table(gray: Gray, scale: float, number: int) -> Page | None:
    """Return what is recognised in a picture that shows a table; None where no table is read, or nothing can be recognised here.

    Args:
        gray: the picture.
        scale: its pixels per point.
        number: of the page that it stands on.
    """
    if not can_recognise():
        return None
    from pipeline.document.scans.scanned_page import read_picture  # loaded where it is needed: few documents have such pictures

    read = read_picture(gray, scale, number)
    return read if read.grids and read.recognised else None


def sides_of(data: bytes) -> tuple[int, ...]:
    """Return the width and height in pixels of a file that is a picture; none of one that is not, or cannot be opened."""
    if not data:
        return ()
    from pipeline.document.scans.picture_files import size_of

    try:
        return size_of(data)
    except UnreadableDocument:
        return ()


def with_picture(page: Page, read: Page, left: float, top: float) -> Page:
    """Return a page of text with what was read of one of its pictures.

    Args:
        page: with its text.
        read: of the picture.
        left: where the picture begins from the left, in points.
        top: where it begins from the top, in points.
    """
    here = moved(read, left, top)
    lines = sorted((*page.lines, *here.lines), key=lambda line: line.box.y0 if line.box else 0.0)
    return replace(
        page,
        lines=tuple(lines),
        grids=tuple(sorted((*page.grids, *here.grids), key=lambda grid: grid.box.y0)),
        loose_amounts=(*page.loose_amounts, *here.loose_amounts),
        recognised=(*(page.recognised or ()), *(here.recognised or ())),
        unclear=(*page.unclear, *here.unclear),
        pictures=(*page.pictures, Box(left, top, left + read.width, top + read.height)),
    )


def moved(page: Page, right: float, down: float) -> Page:
    """Return a page with all that stands on it moved, in points."""

    def box_of(box: Box) -> Box:
        return Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)

    return with_boxes(page, box_of)


@dataclass(slots=True)
class FilesOfPictures:
    """Reads the pictures of a document that has them as files, and counts what became of them.

    Attributes:
        read: pictures of which a table was read.
        unread: large pictures that were not read.
        tables: those among them that show a table.
    """

    read: int = 0
    unread: int = 0
    tables: int = 0
    _asked: int = field(default=0)

    def table_of(self, data: bytes, number: int) -> Page | None:
        """Return the table that a file of one picture shows, if one is read.

        Args:
            data: of the file.
            number: of the page that it stands on.
        """
        from pipeline.document.scans.picture_files import picture_of

        try:
            picture = picture_of(data)
        except UnreadableDocument:
            self.unread += 1
            return None
        if not shows_table(*picture):
            self.unread += 1
            return None
        self._asked += 1
        read = read_table(*picture, number) if self._asked <= MOST_PICTURES else None
        if read is None:
            self.unread += 1
            self.tables += 1
        else:
            self.read += 1
        return read

    def said(self, what: str) -> tuple[str, ...]:
        """Return what is to be said of them, in whole sentences; `what` is what to do with a document whose pictures are not read."""
        sentences = []
        if self.read:
            sentences.append(f"In {self.read} pictures of the document {READ}.")
        if self.unread:
            how = what if can_recognise() else INSTALL
            tables = f", {self.tables} of them tables" if self.tables else ""
            sentences.append(f"{self.unread} large pictures of the document were not read{tables}: {how}.")
        return tuple(sentences)
