"""A small PDF writer: pages, text in one embedded font, lines and rectangles. The same calls give the same bytes.

Belongs here: the file format. Does not belong here: tables, budgets. Lengths are PDF points; the origin is the top left of
the page as it is shown, y grows downwards. Streams are stored as they are: compressed bytes differ from one zlib to another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

ASCENT = 0.88


@dataclass(frozen=True, slots=True)
class Font:
    """The embedded font: compact font data, already deflated, and per character its glyph and its width in 1/1000 em."""

    data: bytes
    glyphs: dict[str, tuple[int, int]]

    def width(self, text: str, size: float) -> float:
        """Return how wide `text` is set at `size`, in points.

        Raises:
            KeyError: a character that the font does not have.
        """
        return sum(self.glyphs[c][1] for c in text) * size / 1000


@cache
def sample_font() -> Font:
    """Return the font shipped with the samples (a subset of Noto Sans SC, see `font/LICENSE`)."""
    folder = resources.files(__package__) / "font"
    glyphs = {}
    for line in (folder / "glyphs.tsv").read_text(encoding="utf-8").splitlines():
        code, glyph, width = line.split("\t")
        glyphs[chr(int(code, 16))] = (int(glyph), int(width))
    return Font((folder / "sample.cff.zlib").read_bytes(), glyphs)


@dataclass(slots=True)
class Canvas:
    """One page, drawn on with lengths from its top left corner as shown.

    Attributes:
        width, height: of the page as shown.
        rotation: 0, 90 or 270: the value of /Rotate; what is drawn stands upright all the same.
    """

    width: float
    height: float
    rotation: int
    font: Font
    parts: list[bytes] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    rules: dict[tuple[bool, float], list[tuple[float, float]]] = field(default_factory=dict)

    def text(self, x: float, baseline: float, size: float, text: str, *, copies: int = 1) -> None:
        """Set `text` from `x` on the baseline. `copies` > 1 sets it again a hair's breadth beside: bold as printers fake it."""
        codes = b"".join(self.font.glyphs[c][0].to_bytes(2, "big") for c in text)
        self.used.update(text)
        string = re.sub(rb"([\\()])", rb"\\\1", codes).replace(b"\r", b"\\r")
        for copy in range(copies):
            at = f"{_number(x + copy * 0.3)} {_number(self.height - baseline)}".encode()
            self.parts.append(b"BT /F %s Tf %s Td (%s) Tj ET" % (_number(size).encode(), at, string))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Rule a line across or down; lines that meet end to end, or cover each other, become one."""
        across = y0 == y1
        key = (across, round(y0 if across else x0, 2))
        self.rules.setdefault(key, []).append((x0, x1) if across else (y0, y1))

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, *, filled: bool = False) -> None:
        """Stroke or fill a rectangle given by its top left and bottom right corners."""
        box = f"{_number(x0)} {_number(self.height - y1)} {_number(x1 - x0)} {_number(y1 - y0)} re"
        self.parts.append(f"{box} {'f' if filled else 'S'}".encode())

    def content(self) -> bytes:
        """Return the page's content stream, turned so that it stands upright under the page's /Rotate."""
        turn = {
            0: b"",
            90: f"0 1 -1 0 {_number(self.height)} 0 cm\n".encode(),
            270: f"0 -1 1 0 0 {_number(self.width)} cm\n".encode(),
        }
        return turn[self.rotation] + b"\n".join([*self._ruled(), *self.parts])

    def _ruled(self) -> Iterator[bytes]:
        for (across, at), pieces in self.rules.items():
            joined: list[tuple[float, float]] = []
            for start, end in sorted(pieces):
                if joined and start <= joined[-1][1] + 0.01:
                    joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
                else:
                    joined.append((start, end))
            for start, end in joined:
                x0, y0, x1, y1 = (start, at, end, at) if across else (at, start, at, end)
                ends = f"{_number(x0)} {_number(self.height - y0)} m {_number(x1)} {_number(self.height - y1)} l S"
                yield f"0.5 w {ends}".encode()


class PdfWriter:
    """Collects pages and writes the file."""

    def __init__(self) -> None:
        """Start an empty document."""
        self.font = sample_font()
        self.pages: list[Canvas] = []

    def page(self, width: float = 595, height: float = 842, rotation: int = 0) -> Canvas:
        """Add a page of the given size as shown, in points (default A4 upright), and return it to be drawn on."""
        self.pages.append(Canvas(width, height, rotation, self.font))
        return self.pages[-1]

    def to_bytes(self) -> bytes:
        """Return the finished file."""
        used = sorted(set().union(*(page.used for page in self.pages)))
        objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]

        def add(body: bytes) -> int:
            objects.append(body)
            return len(objects)

        data = add(_stream(self.font.data, b"/Subtype/CIDFontType0C/Filter/FlateDecode"))
        descriptor = add(
            b"<</Type/FontDescriptor/FontName/SAMPLE+YusuanSample/Flags 4/FontBBox[-200 -300 1200 1000]/ItalicAngle 0"
            b"/Ascent 880/Descent -120/CapHeight 730/StemV 80/FontFile3 %d 0 R>>" % data
        )
        widths = " ".join(f"{glyph}[{width}]" for glyph, width in sorted(self.font.glyphs[c] for c in used) if width != 1000)
        descendant = add(
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/SAMPLE+YusuanSample/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/DW 1000/W[%s]/FontDescriptor %d 0 R>>" % (widths.encode(), descriptor)
        )
        unicode_map = add(_stream(_to_unicode({c: self.font.glyphs[c][0] for c in used})))
        font = add(
            b"<</Type/Font/Subtype/Type0/BaseFont/SAMPLE+YusuanSample/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (descendant, unicode_map)
        )
        kids = []
        for page in self.pages:
            content = add(_stream(page.content()))
            size = (page.height, page.width) if page.rotation else (page.width, page.height)
            kids.append(
                add(
                    f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {_number(size[0])} {_number(size[1])}]/Rotate {page.rotation}"
                    f"/Resources<</Font<</F {font} 0 R>>>>/Contents {content} 0 R>>".encode()
                )
            )
        objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{k} 0 R' for k in kids)}]/Count {len(kids)}>>".encode()
        return _file(objects)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    pairs = [f"<{glyph:04x}> <{c.encode('utf-16-be').hex()}>" for c, glyph in sorted(glyphs.items(), key=lambda item: item[1])]
    blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    ).encode()


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe4\xe5\xe6\xe7\n")
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
