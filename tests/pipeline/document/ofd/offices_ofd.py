"""The pages of a printed sample as an OFD file: what pdfium reads of the PDF, written as text and path objects."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pipeline.document.pdf.drawing import drawing
from pipeline.document.pdf.glyphs import glyphs
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of
from pipeline.document.pdf.runs import runs_of

_MM = 25.4 / 72
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@dataclass(frozen=True)
class Style:
    """How a program writes OFD: advances of characters one by one or in groups, scaled objects, the ruled form as a template, its size."""

    grouped: bool = False
    scaled: bool = False
    template: bool = False
    areas: bool = False
    size: float = 1.0


def as_ofd(data: bytes, style: Style = Style()) -> bytes:
    """A PDF as OFD."""
    texts: list[list[str]] = []
    paths: list[list[str]] = []
    sizes: list[tuple[float, float]] = []
    with open_document(data) as document:
        for number in range(1, len(document) + 1):
            with load_page(document, number) as (page, layer):
                where = orientation_of(page, layer)
                drawn = drawing(page, where)
                letters = glyphs(layer, where, drawn)
                sizes.append((where.size[0] * style.size, where.size[1] * style.size))
                boxes = letters.boxes * style.size
                texts.append([_text(boxes[run.start : run.end].tolist(), run.text, style) for run in runs_of(letters)])
                rulings = [(r.start, r.at, r.end, r.at) for r in drawn.horizontal] + [(r.at, r.start, r.at, r.end) for r in drawn.vertical]
                paths.append([_path(*(place * style.size for place in ruling), style) for ruling in rulings])
    return package(sizes, texts, paths, style)


def _text(boxes: Sequence[Sequence[float]], text: str, style: Style) -> str:
    x0, y0, size = boxes[0][0] * _MM, boxes[0][1] * _MM, (boxes[0][3] - boxes[0][1]) * _MM
    steps = [(b[0] - a[0]) * _MM for a, b in itertools.pairwise(boxes)]
    factor = 2.0 if style.scaled else 1.0
    matrix = ' CTM="0.5 0 0 0.5 0 0"' if style.scaled else ""
    written = [f"{step * factor:.4f}" for step in steps]
    if style.grouped and written and len(set(written)) == 1:
        written = ["g", str(len(written)), written[0]]
    delta = f' DeltaX="{" ".join(written)}"' if written else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x0:.4f} {y0:.4f} 200 {size:.4f}" Font="1" Size="{size * factor:.4f}"{matrix}>'
        f'<ofd:TextCode X="0" Y="{0.86 * size * factor:.4f}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def _path(x0: float, y0: float, x1: float, y1: float, style: Style) -> str:
    left, top, wide, high = x0 * _MM, y0 * _MM, (x1 - x0) * _MM, (y1 - y0) * _MM
    if style.areas:
        wide, high = max(wide, 0.2 * style.size), max(high, 0.2 * style.size)
        data, how = f"M 0 0 L {wide:.4f} 0 L {wide:.4f} {high:.4f} L 0 {high:.4f} C", 'Stroke="false" Fill="true"'
    else:
        data, how = f"M 0 0 L {wide:.4f} {high:.4f}", 'LineWidth="0.2"'
    boundary = f"{left:.4f} {top:.4f} {wide:.4f} {high:.4f}"
    return f'<ofd:PathObject ID="8" Boundary="{boundary}" {how}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def package(sizes: Sequence[tuple[float, float]], texts: Sequence[list[str]], paths: Sequence[list[str]], style: Style) -> bytes:
    """Pages as a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "OFD.xml", f"<ofd:OFD {_NAMESPACE}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        )
        pages, templates = "", ""
        for n, ((wide, high), text, path) in enumerate(zip(sizes, texts, paths, strict=True)):
            area = f"<ofd:Area><ofd:PhysicalBox>0 0 {wide * _MM:.3f} {high * _MM:.3f}</ofd:PhysicalBox></ofd:Area>"
            pages += f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
            used = ""
            if style.template:
                templates += f'<ofd:TemplatePage ID="{n + 500}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>'
                used = f'<ofd:Template TemplateID="{n + 500}" ZOrder="Background"/>'
                file.writestr(f"Doc_0/Tpls/Tpl_{n}/Content.xml", _page("", path))
            body = [*([] if style.template else path), "<ofd:PageBlock>", *text, "</ofd:PageBlock>"]
            file.writestr(f"Doc_0/Pages/Page_{n}/Content.xml", _page(area + used, body))
        common = f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{templates}</ofd:CommonData>"
        file.writestr("Doc_0/Document.xml", f"<ofd:Document {_NAMESPACE}>{common}<ofd:Pages>{pages}</ofd:Pages></ofd:Document>")
    return out.getvalue()


def _page(head: str, objects: Sequence[str]) -> str:
    return f'<ofd:Page {_NAMESPACE}>{head}<ofd:Content><ofd:Layer ID="7">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
