"""Ways to write pages otherwise as wholes: in forms, from the top downwards, cut from larger sheets, two on one sheet.

Belongs here: dictionaries of pages. Does not belong here: what pages draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import LIT

from benchmarks.pdf_objects import PdfObjects, stream_of


def _box(pdf: PdfObjects, page: dict[str, Any], name: str) -> list[float]:
    return [float(pdf.of(side)) for side in pdf.of(page.get(name) or page["MediaBox"])]


def _as_form(pdf: PdfObjects, content: bytes, resources: Any, box: list[float]) -> PDFObjRef:
    entries = {"Type": LIT("XObject"), "Subtype": LIT("Form"), "BBox": box, "Resources": resources}
    return pdf.add(stream_of(entries, content))


def in_forms(depth: int) -> Callable[[PdfObjects], None]:
    """Return a way in which a page is one form, in as many others, each at another size."""

    def rewrite(pdf: PdfObjects) -> None:
        for page in pdf.pages():
            box = _box(pdf, page, "MediaBox")
            form = _as_form(pdf, pdf.content(page), page.get("Resources", {}), box)
            for _ in range(depth - 1):
                inner = b"q 0.5 0 0 0.5 0 0 cm q 2 0 0 2 0 0 cm /Inner Do Q Q"
                form = _as_form(pdf, inner, {"XObject": {"Inner": form}}, box)
            page["Resources"] = {"XObject": {"Whole": form}}
            pdf.set_content(page, b"q /Whole Do Q")

    return rewrite


def upside_down(pdf: PdfObjects) -> None:
    """Draw in thousandths of a unit from the top of the page downwards, as printers' drivers do."""
    for page in pdf.pages():
        _, bottom, _, top = _box(pdf, page, "MediaBox")
        height = top + bottom
        turned = b"q 0.001 0 0 -0.001 0 %f cm q 1000 0 0 -1000 0 %f cm\n" % (height, height * 1000)
        pdf.set_content(page, turned + pdf.content(page) + b"\nQ Q")


def cropped(pdf: PdfObjects) -> None:
    """Print two pages on one sheet, of which each shows one."""
    pages = pdf.pages()
    for first, second in zip(pages[::2], pages[1::2], strict=False):
        boxes = [_box(pdf, page, "CropBox") for page in (first, second)]
        if any(pdf.of(page.get("Rotate") or 0) for page in (first, second)):
            continue
        forms = {
            name: _as_form(pdf, pdf.content(page), page.get("Resources", {}), _box(pdf, page, "MediaBox"))
            for name, page in (("Left", first), ("Right", second))
        }
        (left, bottom, right, top), (other_left, other_bottom, other_right, other_top) = boxes
        across, down = right - other_left, bottom - other_bottom
        content = b"q %f %f %f %f re W n /Left Do Q q 1 0 0 1 %f %f cm %f %f %f %f re W n /Right Do Q" % (
            *(left, bottom, right - left, top - bottom),
            *(across, down),
            *(other_left, other_bottom, other_right - other_left, other_top - other_bottom),
        )
        width, height = right + other_right - other_left, max(top, other_top + down)
        for page, shown in (
            (first, boxes[0]),
            (second, [right, bottom, right + other_right - other_left, other_top + down]),
        ):
            page["MediaBox"], page["CropBox"] = [left, bottom, width, height], shown
            page["Resources"] = {"XObject": dict(forms)}
            page.pop("Annots", None)
            pdf.set_content(page, content)


def two_on_a_sheet(pdf: PdfObjects) -> None:
    """Print two upright pages side by side on one sheet, as a booklet or the setting "2 pages per sheet" does."""
    pages = pdf.pages()
    kept: list[PDFObjRef] = []
    waiting: tuple[dict[str, Any], list[float]] | None = None
    for page in pages:
        box = _box(pdf, page, "CropBox")
        upright = box[2] - box[0] < box[3] - box[1] and not pdf.of(page.get("Rotate") or 0)
        if waiting is not None and upright and abs(box[2] - box[0] - waiting[1][2] + waiting[1][0]) < 1:
            _beside(pdf, waiting, (page, box))
            waiting = None
            continue
        kept.append(pdf.add(page))
        waiting = (page, box) if upright else None
    root = pdf.objects[pdf.catalog]
    tree = pdf.add({"Type": LIT("Pages"), "Kids": kept, "Count": len(kept)})
    for reference in kept:
        pdf.of(reference)["Parent"] = tree
    root["Pages"] = tree


def _beside(pdf: PdfObjects, left: tuple[dict[str, Any], list[float]], right: tuple[dict[str, Any], list[float]]) -> None:
    """Draw a page on the sheet of another one, to its right."""
    sheet, (x, y, across, top) = left
    page, (own_x, own_y, own_across, own_top) = right
    forms = {
        name: _as_form(pdf, pdf.content(each), each.get("Resources", {}), box)
        for name, each, box in (("Left", sheet, left[1]), ("Right", page, right[1]))
    }
    pdf.set_content(sheet, b"q /Left Do Q q 1 0 0 1 %f %f cm /Right Do Q" % (across - own_x, top - own_top))
    sheet["Resources"] = {"XObject": forms}
    sheet["MediaBox"] = sheet["CropBox"] = [x, min(y, top - own_top + own_y), across + own_across - own_x, top]
    sheet.pop("Annots", None)


PAPER: Mapping[str, Callable[[PdfObjects], None]] = {
    "in_forms": in_forms(3),
    "downwards": upside_down,
    "cut_from_sheets": cropped,
    "two_on_a_sheet": two_on_a_sheet,
}
"""Ways by their names."""
