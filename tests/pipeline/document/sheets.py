"""Small PDFs for the reader tests: text, lines and rectangles at given places (origin top left), written by hand."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Sheet:
    """One page under construction. `rotate` is the page's /Rotate; `crop` shifts the visible box into a larger sheet."""

    width: float = 400
    height: float = 300
    rotate: int = 0
    crop: tuple[float, float] = (0, 0)
    matrix: tuple[float, float, float, float, float, float] | None = None
    operators: list[str] = field(default_factory=list)
    fields: list[tuple[float, float, float, float, str, bool]] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, size: float = 10) -> None:
        """Print `words` with its left end at `x`, its baseline at `y`."""
        font = "F2" if any(ord(c) > 255 for c in words) else "F1"
        encoded = words.encode("utf-16-be").hex() if font == "F2" else words.encode("latin-1").hex()
        self.operators.append(f"BT /{font} {size} Tf 1 0 0 1 {x:.3f} {self.height - y:.3f} Tm <{encoded}> Tj ET")

    def right(self, x: float, y: float, words: str, size: float = 10) -> None:
        """Print digits so that they end at `x`."""
        self.text(x - 0.6 * size * len(words), y, words, size)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """Draw a stroked line."""
        self.operators.append(f"{width} w {x0:.3f} {self.height - y0:.3f} m {x1:.3f} {self.height - y1:.3f} l S")

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a stroked rectangle."""
        self.operators.append(f"0.5 w {x0:.3f} {self.height - y1:.3f} {x1 - x0:.3f} {y1 - y0:.3f} re S")

    def clip(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Show of all that follows only what is inside the rectangle."""
        self.operators.append(f"{x0:.3f} {self.height - y1:.3f} {x1 - x0:.3f} {y1 - y0:.3f} re W n")

    def field(self, x0: float, y0: float, x1: float, y1: float, value: str, *, appearance: bool = True) -> None:
        """Put a text field at a place, filled with digits; without an appearance, viewers have to make it themselves."""
        self.fields.append((x0, y0, x1, y1, value, appearance))

    def lattice(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Rule a table with borders at `xs` and `ys`."""
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)


def pdf(*sheets: Sheet, in_form: bool = False, fonts: bytes = b"", to_unicode: bytes = b"") -> bytes:
    """Return sheets as a PDF.

    Args:
        sheets: the pages.
        in_form: draw each page inside a form XObject that is scaled to half and back.
        fonts: entries of the font dictionary beside F1 (Courier) and F2 (a Chinese font that is not embedded).
        to_unicode: a character map, which `fonts` may refer to as object 3.
    """
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode),
    ]
    fonts = (
        b"<< "
        + fonts
        + b" /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> /F2 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light"
        b" /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >> ] >> >>"
    )
    kids: list[bytes] = []
    widgets: list[bytes] = []
    for sheet in sheets:
        content = "\n".join(sheet.operators).encode()
        if sheet.matrix:
            content = (" ".join(map(str, sheet.matrix)) + " cm\n").encode() + content
        resources = b"<< /Font " + fonts + b" >>"
        if in_form:
            form = b"<< /Type /XObject /Subtype /Form /BBox [-9999 -9999 9999 9999] /Matrix [0.5 0 0 0.5 0 0] /Resources %s /Length %d >>"
            objects.append(form % (resources, len(content)) + b"\nstream\n" + content + b"\nendstream")
            resources = b"<< /XObject << /X %d 0 R >> >>" % len(objects)
            content = b"2 0 0 2 0 0 cm /X Do"
        packed = zlib.compress(content)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
        dx, dy = sheet.crop
        box = f"[{-dx} {-dy} {sheet.width + dx} {sheet.height + dy}]".encode()
        crop = f"[0 0 {sheet.width} {sheet.height}]".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /CropBox %s /Rotate %d /Contents %d 0 R /Resources %s >>"
            % (box, crop, sheet.rotate, len(objects), resources)
        )
        page = len(objects)
        kids.append(b"%d 0 R" % page)
        for x0, y0, x1, y1, value, appearance in sheet.fields:
            shown = b""
            if appearance:
                text = b"/Tx BMC BT /F1 10 Tf 1 0 0 1 2 4 Tm (%s) Tj ET EMC" % value.encode()
                form = (
                    b"<< /Type /XObject /Subtype /Form /BBox [0 0 %.3f %.3f] /Resources << /Font %s >> /Length %d >>\nstream\n%s\nendstream"
                )
                objects.append(form % (x1 - x0, y1 - y0, fonts, len(text), text))
                shown = b"/AP << /N %d 0 R >>" % len(objects)
            rectangle = f"[{x0:.3f} {sheet.height - y1:.3f} {x1:.3f} {sheet.height - y0:.3f}]".encode()
            objects.append(
                b"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T (f%d) /V (%s) /DA (/F1 10 Tf 0 g) /Rect %s %s >>"
                % (len(objects), value.encode(), rectangle, shown)
            )
            widgets.append(b"%d 0 R" % len(objects))
        if sheet.fields:
            own = b" ".join(widgets[-len(sheet.fields) :])
            objects[page - 1] = objects[page - 1].removesuffix(b">>") + b"/Annots [" + own + b"] >>"
    if widgets:
        form = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /DA (/F1 10 Tf 0 g) /DR << /Font %s >> >> >>"
        objects[0] = form % (b" ".join(widgets), fonts)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
