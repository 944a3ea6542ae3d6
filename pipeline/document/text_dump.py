"""Reading text dumps: from bytes to pages of lines, in whichever encoding they were written.

Belongs here: decoding, strictly. A byte that is not what its encoding demands is never replaced by a guess.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from pipeline.document.content import Content, Page, TextLine, UnreadableDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BREAK = re.compile("\r\n|[\n\r\x0b\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_BORDER = re.compile(r"[|｜│┃║]")
"""Stands for the border of a cell where a program has turned the tables of a web page into text; it is no part of a word or number."""
_RULE = re.compile("(?=.*[|｜\u2500-\u257f])[\\s|｜:—\u2500-\u257f-]+")  # such a border below a header, or around a row of empty cells
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# Each comment ends at its first mark of an end: what was passed is never tried again.
_HTML = re.compile(
    r"\s*+(?>(?:<!--.*?-->|<\?xml[^>]*>)\s*+)*+<(?:!doctype\s++html|html|head|body|script|meta|title|table)\b", re.IGNORECASE | re.DOTALL
)
_MOST_CONTROLS = 0.02  # of all characters: more are binary data that happens to decode
_FEW_CONTROLS = 2  # control characters that any text may hold: form feeds, a mark at the end
_FEWEST_ZEROS = 2  # zero bytes: a line break and a digit; one alone is a slip
_ONE_SIDE = 4  # times as many zero bytes on one side of the pairs as on the other: ideographs have none, digits one on one side
_SNIFFED = 4096  # characters: a web page says so at its beginning
_LEAST_COMMON = 0.9  # of all ideographs: text decoded with the wrong table falls on rare ones


def read_text(data: bytes) -> Content:
    """Read a text dump.

    Args:
        data: the bytes of the file: UTF-8, UTF-16 or UTF-32 (with a byte order mark, or UTF-16 recognisable by its zero bytes), GB18030.

    Returns:
        One page per form feed; lines as they stand with their leading spaces, blank ones too, without boxes.

    Raises:
        UnreadableDocument: empty, no text, of mixed encodings, or a web page; the message says which in one sentence.
    """
    if not data:
        raise UnreadableDocument("The file is empty.")
    text, encoding = decode(data)
    warnings = []
    text, controls = _CONTROL.subn("", text)
    if controls:
        warnings.append(f"{controls} control characters were left out.")
    if not text.strip():
        raise UnreadableDocument("The file holds no text.")
    if is_html(text):
        raise UnreadableDocument("The file is a web page (HTML), not a text.")
    sheets = text.split("\f")
    if len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()
    pages = tuple(
        Page(number, 0.0, 0.0, tuple(TextLine(_without_borders(line).rstrip()) for line in _BREAK.split(sheet.rstrip())))
        for number, sheet in enumerate(sheets, start=1)
    )
    if encoding not in ("utf-8", "ascii"):
        warnings.append(f"The text is encoded as {encoding}.")
    return Content("lines", "text", pages, tuple(warnings))


def _without_borders(line: str) -> str:
    """Return a line with spaces for the borders of cells, blank where it holds nothing else."""
    return "" if _RULE.fullmatch(line) else _BORDER.sub(" ", line)


def decode(data: bytes, *, whole: bool = True) -> tuple[str, str]:
    """Return the text that `data` encodes and the name of the encoding; nothing is ever replaced.

    Args:
        data: the bytes of the file.
        whole: False where `data` is only its beginning: then a character that is cut at the end is left out.

    Raises:
        UnreadableDocument: no encoding fits strictly.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if (text := _decoded_strictly(memoryview(data)[len(mark) :], encoding, whole=whole)) is None:
                raise UnreadableDocument(f"The file is marked as {encoding} but is not.")
            return text, encoding
    unmarked = _utf16_without_mark(data)
    if unmarked and (text := _decoded_strictly(data, unmarked, whole=whole)) is not None and _is_prose(text):
        return text, unmarked
    for encoding in ("utf-8", "gb18030"):
        if (text := _decoded_strictly(data, encoding, whole=whole)) is None:
            continue
        if _too_many_controls(text):
            raise UnreadableDocument("The file is binary data, not a text.")
        if encoding == "utf-8" or _is_prose(text):
            return text, encoding
    raise UnreadableDocument("The bytes are no text in one encoding (UTF-8, UTF-16, GB18030).")


def is_html(text: str) -> bool:
    """Tell whether `text` begins as a web page does."""
    return _HTML.match(text[:_SNIFFED]) is not None


def _decoded_strictly(data: bytes | memoryview, encoding: str, *, whole: bool) -> str | None:
    try:
        return str(data, encoding) if whole else codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Name the byte order that zero bytes give away: those of line breaks, digits and spaces stand on one side."""
    if len(data) % 2:
        return None
    first, second = data[0::2].count(0), data[1::2].count(0)
    if max(first, second) < _FEWEST_ZEROS or max(first, second) < _ONE_SIDE * min(first, second):
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _too_many_controls(text: str) -> bool:
    return len(text) - len(_CONTROL.sub("", text)) > max(_FEW_CONTROLS, _MOST_CONTROLS * len(text))


def _is_prose(text: str) -> bool:
    """Tell whether decoded text is plausible Chinese: few control characters, ideographs mostly common ones."""
    if _too_many_controls(text):
        return False
    ideographs = {character: number for character, number in Counter(text).items() if _IDEOGRAPH.match(character)}
    common = sum(number for character, number in ideographs.items() if _is_common(character))
    return common >= _LEAST_COMMON * sum(ideographs.values())


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
