"""Ways to write the texts of a PDF otherwise: other characters for the same print, texts in other pieces, copies of them.

Belongs here: fonts and text operators. Does not belong here: rulings, pages, documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSLiteral

from benchmarks.pdf_objects import Operator, PdfObjects, replace_data

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
_MOST_IN_BLOCK = 100
_WIDEST_RANGE = 0x10000

RADICALS = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0x2F00, 0x2FD6)} | dict(
    zip("母民西见角贝车长门青韦页风飞食马骨鱼鸟黄齐龙", "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻩⻬⻰", strict=True)
)
COMPATIBILITY = {mended: chr(c) for c in range(0xF900, 0xFA6B) if (mended := unicodedata.normalize("NFKC", chr(c))) != chr(c)}
FULL_WIDTH = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
HALF_WIDTH = {wide: narrow for narrow, wide in FULL_WIDTH.items() if wide in "（）：，；％０１２３４５６７８９．－／"}


def spelled(characters: Mapping[str, str]) -> Callable[[PdfObjects], None]:
    """Return a way in which fonts say that they print other characters, which look the same."""

    def rewrite(pdf: PdfObjects) -> None:
        done = set()
        for font in pdf.fonts():
            stream = pdf.of(font.get("ToUnicode"))
            if isinstance(stream, PDFStream) and id(stream) not in done:
                done.add(id(stream))
                data = stream.get_data()
                said = _said(data)
                other = {code: "".join(characters.get(c, c) for c in text) for code, text in said.items()}
                if said and other != said:
                    replace_data(stream, _with(data, other))

    return rewrite


def _said(data: bytes) -> dict[bytes, str]:
    """Return what a ToUnicode map says of each code."""
    found: dict[bytes, str] = {}
    for kind, body in _BLOCK.findall(data):
        values: list[Any] = []
        inside: list[bytes] | None = None
        for digits, bracket in _TOKEN.findall(body):
            if bracket == b"[":
                inside = []
            elif bracket == b"]":
                values.append(inside)
                inside = None
            else:
                (values if inside is None else inside).append(bytes.fromhex(digits.decode()))
        if kind == b"bfchar":
            found.update({code: _text(text) for code, text in zip(values[::2], values[1::2], strict=False)})
            continue
        for first, last, text in zip(values[::3], values[1::3], values[2::3], strict=False):
            start, count = int.from_bytes(first, "big"), int.from_bytes(last, "big") - int.from_bytes(first, "big") + 1
            for n in range(min(count, _WIDEST_RANGE)):
                code = (start + n).to_bytes(len(first), "big")
                if isinstance(text, list):
                    found[code] = _text(text[n]) if n < len(text) else ""
                else:
                    found[code] = _text((int.from_bytes(text, "big") + n).to_bytes(len(text), "big"))
    return found


def _text(units: bytes) -> str:
    return units.decode("utf-16-be", "replace") if len(units) > 1 else units.decode("latin-1")


def _with(data: bytes, said: Mapping[bytes, str]) -> bytes:
    """Return a ToUnicode map that says otherwise."""
    pairs = [b"<%s> <%s>" % (code.hex().encode(), text.encode("utf-16-be").hex().encode()) for code, text in said.items()]
    blocks = [pairs[n : n + _MOST_IN_BLOCK] for n in range(0, len(pairs), _MOST_IN_BLOCK)]
    body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks)
    head = data[: data.index(b"endcodespacerange") + len(b"endcodespacerange")]
    return head + b"\n" + body + b"\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def singly(pdf: PdfObjects) -> None:
    """Show each glyph by an operator of its own."""
    pdf.rewrite(_singly)


def _singly(operators: list[Operator], fonts: dict[str, dict[str, Any]]) -> list[Operator]:
    found: list[Operator] = []
    length = None
    for name, operands in operators:
        if name == "Tf":
            length = _code_length(fonts.get(operands[0].name))
        if name == "Tj" and length and operands:
            found += [("Tj", [code]) for code in _codes(operands[0], length)]
        elif name == "TJ" and length and operands:
            for each in operands[0]:
                if isinstance(each, bytes):
                    found += [("Tj", [code]) for code in _codes(each, length)]
                else:
                    found.append(("TJ", [[each]]))
        else:
            found.append((name, operands))
    return found


def _code_length(font: dict[str, Any] | None) -> int | None:
    """Return how many bytes stand for a glyph of a font, if it is always as many."""
    if font is None:
        return None
    if getattr(font.get("Subtype"), "name", None) != "Type0":
        return 1
    encoding = font.get("Encoding")
    return 2 if isinstance(encoding, PSLiteral) and str(encoding.name).startswith(("Identity", "Uni")) else None


def _codes(string: bytes, length: int) -> list[bytes]:
    return [string[n : n + length] for n in range(0, len(string), length)]


def copied(across: float, down: float, *, before: bool, hidden: bool) -> Callable[[PdfObjects], None]:
    """Return a way in which each text is drawn a second time.

    Args:
        across: points by which the copy stands to the right.
        down: points by which it stands below.
        before: the copy is drawn first.
        hidden: the copy is drawn invisibly.
    """

    def change(operators: list[Operator], _: object) -> list[Operator]:
        found: list[Operator] = []
        text: list[Operator] | None = None
        font: Operator | None = None
        kept: list[Operator | None] = []
        for operator in operators:
            if operator[0] == "BT":
                text = []
            elif operator[0] == "ET" and text is not None:
                mode = 3 if hidden else None
                shown = [(name, [mode] if name == "Tr" and mode else operands) for name, operands in text]
                copy: list[Operator] = [("q", []), ("cm", [1, 0, 0, 1, across, -down]), ("BT", []), *([font] if font else [])]
                copy += [*([("Tr", [mode])] if mode else []), *_balanced(shown), ("ET", []), ("Q", [])]
                whole: list[Operator] = [("BT", []), *text, ("ET", [])]
                found += [*copy, *whole] if before else [*whole, *copy]
                font = next((each for each in reversed(text) if each[0] == "Tf"), font)
                text = None
            elif text is not None:
                text.append(operator)
            else:
                found.append(operator)
                if operator[0] == "Tf":
                    font = operator
                elif operator[0] == "q":
                    kept.append(font)
                elif operator[0] == "Q" and kept:
                    font = kept.pop()
        return found

    return lambda pdf: pdf.rewrite(change)


def _balanced(operators: list[Operator]) -> list[Operator]:
    """Return the operators of a text without marks of content, which open and close elsewhere."""
    return [each for each in operators if each[0] not in ("BDC", "BMC", "EMC", "q", "Q")]


TEXTS: Mapping[str, Callable[[PdfObjects], None]] = {
    "radicals": spelled(RADICALS),
    "compatibility": spelled(COMPATIBILITY),
    "full_width": spelled(FULL_WIDTH),
    "half_width": spelled(HALF_WIDTH),
    "minus_signs": spelled({"-": "\u2212"}),
    "hyphens": spelled({"-": "\u2010"}),
    "wide_spaces": spelled({" ": "\u3000"}),
    "zero_widths": spelled({character: character + "\u200b" for character in "费支出务0.5"}),
    "glyph_by_glyph": singly,
    "fake_bold": copied(0.3, 0.0, before=False, hidden=False),
    "invisible_copies": copied(0.0, 0.0, before=False, hidden=True),
}
"""Ways by their names."""
