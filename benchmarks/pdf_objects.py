"""The objects of a PDF, to be changed and written again: what rewrites pages by their operators, fonts and dictionaries needs.

Belongs here: reading all objects, the operators of contents, writing the file. Does not belong here: what is changed. Objects are those
of pdfminer; a stream that was not asked for its data is written as it was.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import LIT, PSEOF, PSKeyword, PSLiteral

Operator = tuple[str, list[Any]]
"""An operator of a content stream with its operands."""

_PLAIN = 0x21, 0x7E  # what a name may hold as it is
_DELIMITERS = b"()<>[]{}/%#"
_INLINE_IMAGE = "EI"


class PdfObjects:
    """All objects of a PDF by their numbers.

    Attributes:
        objects: number → object.
        catalog: number of the catalog.
    """

    def __init__(self, data: bytes) -> None:
        """Read them all; pdfium writes the file first, so that nothing of it is encrypted or packed."""
        with pdfium.PdfDocument(data) as document:
            written = io.BytesIO()
            document.save(written, flags=raw.FPDF_REMOVE_SECURITY)
        parser = PDFParser(io.BytesIO(written.getvalue()))
        self._read = PDFDocument(parser)
        numbers = {number for xref in self._read.xrefs for number in xref.get_objids()}
        self.objects: dict[int, Any] = {}
        for number in sorted(numbers):
            try:
                self.objects[number] = self._read.getobj(number)
            except Exception:  # a number that stands for nothing: pdfminer says so in many ways
                continue
        root = self._read.xrefs[0].get_trailer()["Root"]
        self.catalog: int = root.objid

    def of(self, value: Any) -> Any:
        """Return what a value refers to, or the value."""
        while isinstance(value, PDFObjRef):
            value = self.objects.get(value.objid)
        return value

    def add(self, value: Any) -> PDFObjRef:
        """Add an object and return a reference to it."""
        number = max(self.objects) + 1
        self.objects[number] = value
        return PDFObjRef(self._read, number)

    def pages(self) -> list[dict[str, Any]]:
        """Return the dictionaries of all pages in order, with what they inherit."""
        return list(self._below(self.objects[self.catalog]["Pages"], {}))

    def _below(self, node: Any, inherited: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found = self.of(node)
        own = {**inherited, **{name: found[name] for name in ("Resources", "MediaBox", "CropBox", "Rotate") if name in found}}
        if "Kids" not in found:
            found.update(own)
            yield found
        for kid in self.of(found["Kids"]) if "Kids" in found else ():
            yield from self._below(kid, own)

    def content(self, page: dict[str, Any]) -> bytes:
        """Return the content of a page as one stream."""
        contents = self.of(page.get("Contents"))
        streams = [self.of(each) for each in contents] if isinstance(contents, list) else [contents]
        return b"\n".join(stream.get_data() for stream in streams if stream is not None)

    def set_content(self, page: dict[str, Any], content: bytes) -> None:
        """Give a page another content."""
        page["Contents"] = self.add(stream_of({}, content))

    def forms(self) -> Iterator[PDFStream]:
        """Yield the form XObjects."""
        for found in list(self.objects.values()):
            if isinstance(found, PDFStream) and _name_of(found.attrs.get("Subtype")) == "Form":
                yield found

    def fonts(self) -> Iterator[dict[str, Any]]:
        """Yield the dictionaries of all fonts."""
        for found in list(self.objects.values()):
            if isinstance(found, dict) and _name_of(found.get("Type")) == "Font" and "Subtype" in found:
                yield found

    def fonts_of(self, resources: Any) -> dict[str, dict[str, Any]]:
        """Return the fonts of resources by their names there."""
        fonts = self.of((self.of(resources) or {}).get("Font")) or {}
        return {name: self.of(font) for name, font in fonts.items()}

    def rewrite(self, change: Callable[[list[Operator], dict[str, dict[str, Any]]], list[Operator]]) -> None:
        """Change the operators of all pages and forms, given the fonts that they may name."""
        for form in self.forms():
            operators = change(operators_of(form.get_data()), self.fonts_of(form.attrs.get("Resources")))
            replace_data(form, content_of(operators))
        for page in self.pages():
            operators = change(operators_of(self.content(page)), self.fonts_of(page.get("Resources")))
            self.set_content(page, content_of(operators))

    def to_bytes(self) -> bytes:
        """Return the finished file."""
        out = bytearray(b"%PDF-1.7\n%\xe4\xe5\xe6\xe7\n")
        starts = {}
        for number, value in self.objects.items():
            starts[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, self._written(value))
        table = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \n"
        for number, start in starts.items():
            out += b"%d 1\n%010d 00000 n \n" % (number, start)
        trailer = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        return bytes(out + trailer % (max(starts) + 1, self.catalog, table))

    def _written(self, value: Any) -> bytes:
        if not isinstance(value, PDFStream):
            return written(value)
        data = value.rawdata if value.rawdata is not None else value.get_data()
        attributes = {**value.attrs, "Length": len(data)}
        if value.rawdata is None:  # pdfminer has taken its filters off
            attributes = {name: entry for name, entry in attributes.items() if name not in ("Filter", "DecodeParms", "F", "DP")}
        return written(attributes) + b"stream\n" + data + b"\nendstream"


def stream_of(attributes: dict[str, Any], data: bytes) -> PDFStream:
    """Return a stream of data."""
    return PDFStream({**attributes, "Filter": LIT("FlateDecode")}, zlib.compress(data, 1))


def replace_data(stream: PDFStream, data: bytes) -> None:
    """Give a stream other data."""
    stream.attrs = {name: entry for name, entry in stream.attrs.items() if name not in ("DecodeParms", "DP")}
    stream.attrs["Filter"] = LIT("FlateDecode")
    stream.rawdata, stream.data = zlib.compress(data, 1), None


def operators_of(content: bytes) -> list[Operator]:
    """Return the operators of a content with their operands."""
    parser = PDFContentParser([PDFStream({}, content)])
    found: list[Operator] = []
    operands: list[Any] = []
    while True:
        try:
            _, value = parser.nextobject()
        except PSEOF:
            return found
        if isinstance(value, PSKeyword):
            found.append((value.name.decode("latin-1"), operands))
            operands = []
        else:
            operands.append(value)


def content_of(operators: Iterable[Operator]) -> bytes:
    """Return operators as a content stream."""
    return b"\n".join(_operator(name, operands) for name, operands in operators)


def _operator(name: str, operands: list[Any]) -> bytes:
    if name == _INLINE_IMAGE and operands and isinstance(operands[-1], PDFStream):
        entries = b" ".join(written(PSLiteral(key)) + b" " + written(entry) for key, entry in operands[-1].attrs.items())
        return b"BI " + entries + b" ID " + (operands[-1].rawdata or b"") + b"\nEI"
    return b" ".join([*map(written, operands), name.encode("latin-1")])


def written(value: Any) -> bytes:
    """Return an object as it stands in a file."""
    match value:
        case bool():
            return b"true" if value else b"false"
        case None:
            return b"null"
        case int():
            return b"%d" % value
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".").encode()
        case PSLiteral():
            name = value.name.encode() if isinstance(value.name, str) else value.name
            plain = (bytes([c]) if _PLAIN[0] <= c <= _PLAIN[1] and c not in _DELIMITERS else b"#%02x" % c for c in name)
            return b"/" + b"".join(plain)
        case PDFObjRef():
            return b"%d 0 R" % value.objid
        case bytes():
            return b"<" + value.hex().encode() + b">"
        case str():
            return b"<" + value.encode("latin-1").hex().encode() + b">"
        case list():
            return b"[" + b" ".join(map(written, value)) + b"]"
        case dict():
            return b"<<" + b" ".join(written(PSLiteral(name)) + b" " + written(entry) for name, entry in value.items()) + b">>"
        case PSKeyword():
            return value.name
    raise TypeError(f"no object of a PDF: {value!r}")


def _name_of(value: Any) -> str | None:
    return value.name if isinstance(value, PSLiteral) and isinstance(value.name, str) else None
