"""The objects of a PDF as its bytes hold them, and which of them are damaged. pdfium mends silently what it can: it does not say so.

Where an object stands, its cross-reference says, as pdfium takes it; if that does not hold, the bytes are searched for objects, as pdfium
does too. What a stream compresses carries a checksum; what stands outside streams has a grammar.

Belongs here: finding objects, and telling whole ones from damaged ones. Does not belong here: what they mean (`damage.py`), decoding for
any other use. Everything takes time and memory linear in the file, whatever its bytes say.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

BLANK = rb"[\t\n\f\r ]"
_HEAD = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++obj")
_ANY_HEAD = re.compile(rb"(?<!\d)(\d{1,10})[\t\n\f\r ]{1,4}+(\d{1,5})[\t\n\f\r ]{1,4}+obj(?![A-Za-z])")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_END_OF_STREAM = re.compile(rb"[\0\t\n\f\r ]{0,8}+endstream")
_LENGTH = re.compile(rb"/Length" + BLANK + rb"*+(\d{1,10})(?!" + BLANK + rb"*+\d)(?!" + BLANK + rb"++\d++" + BLANK + rb"++R)")
_FLATE = re.compile(rb"/Filter" + BLANK + rb"*+\[?" + BLANK + rb"*+/Fl(?:ateDecode)?(?![A-Za-z])")
_PAGE_TREE = re.compile(rb"/Root(?![A-Za-z])")

_STRING = rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))*+\)"
_SYNTAX = re.compile(
    rb"(?:[\t\n\f\r ]++|/[^\0\t\n\f\r ()<>\[\]{}/%]*+|[-+.\d]++(?:[eE][-+]?\d++)?|R(?![A-Za-z])|<<|>>|[\[\]]|<[0-9A-Fa-f\t\n\f\r ]*+>|"
    + _STRING
    + rb"|true|false|null|%[^\r\n]*+)*+",
    re.DOTALL,
)
"""What stands in an object beside its stream: nothing else does, and no zero byte (strings may nest twice)."""

_MOST_INFLATED = 1 << 28
"""Bytes. What one stream of a document inflates to at most before it is left unchecked: a page's content has some hundred thousand."""
_PIECE = 1 << 16
"""Bytes of compressed data taken at a time."""
_ROW = 20
"""Bytes of an entry in a cross-reference table."""
_TAIL = 4096
"""Bytes that a trailer has at most: writers use a hundred or two."""
_MOST_SECTIONS = 1000
"""Sections of a cross-reference: each change appended to a file has one."""


@dataclass(slots=True)
class PdfObjects:
    """The current objects of a PDF.

    Attributes:
        bodies: number → what stands between `obj` and `endobj`, without its stream.
        heads: number → byte of the file at which the object begins, for those outside object streams.
        streams: numbers of those that have a stream.
        damaged: numbers of objects that are not where they should be, of another form than an object has, or whose stream is not whole.
        trailers: newest first.
        searched: whether no cross-reference holds, so that the bytes were searched for objects.
        encrypted: then no stream is looked into.
    """

    bodies: dict[int, bytes] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)
    streams: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    trailers: list[bytes] = field(default_factory=list)
    searched: bool = False
    encrypted: bool = False


_Place = int | tuple[int, int] | None
"""Where an object stands: at a byte, as one of those in an object stream, or nowhere."""


def objects_of(data: bytes) -> PdfObjects:
    """Return the objects of a PDF."""
    before = max(data.find(b"%PDF-"), 0)
    found = _found(data[before:] if before else data)  # offsets count from there
    found.heads = {number: head + before for number, head in found.heads.items()} if before else found.heads
    return found


def _found(data: bytes) -> PdfObjects:
    places, trailers = _cross_references(data)
    if places and _first_is_there(data, places):
        found = PdfObjects(trailers=trailers, encrypted=any(b"/Encrypt" in trailer for trailer in trailers))
        _read(data, places, found)
        if any(map(_PAGE_TREE.search, trailers)):
            return found
    ends = [match.end() for match in re.finditer(rb"trailer", data)][: -_MOST_SECTIONS - 1 : -1]
    trailers = [data[end : end + _TAIL].partition(b"startxref")[0] for end in ends]
    found = PdfObjects(trailers=trailers, searched=True, encrypted=b"/Encrypt" in data)
    _read(data, {int(match[1]): match.start() for match in _ANY_HEAD.finditer(data)}, found)
    streams = sorted((head, number) for number, head in found.heads.items() if b"/XRef" in found.bodies[number])
    found.trailers += [found.bodies[number] for _, number in reversed(streams)]
    return found


def _first_is_there(data: bytes, places: Mapping[int, _Place]) -> bool:
    """Tell whether the first object of a cross-reference stands where it says: pdfium believes it then."""
    first = min((number for number, place in places.items() if isinstance(place, int) and place), default=None)
    if first is None:
        return False
    head = _HEAD.match(data, _offset(places[first]))
    return bool(head and int(head[1]) == first)


def _offset(place: _Place) -> int:
    return place if isinstance(place, int) else 0


def _read(data: bytes, places: Mapping[int, _Place], found: PdfObjects) -> None:
    """Read the objects at `places`, those in object streams last."""
    starts = sorted({place for place in places.values() if isinstance(place, int)})
    ends = dict(pairwise([*starts, len(data)]))
    streams: dict[int, tuple[int, int]] = {}
    for number, place in places.items():
        if not isinstance(place, int):
            continue
        head = _HEAD.match(data, place)
        if not head or int(head[1]) != number:
            found.damaged.add(number)
            continue
        body, stream = _body(data, head.end(), ends[place])
        if body is None or not _is_whole(body):
            found.damaged.add(number)
        found.bodies[number], found.heads[number] = body or b"", head.start(1)
        if stream:
            streams[number] = stream
    found.streams |= streams.keys()
    if found.encrypted:
        return
    for number, (start, end) in streams.items():
        body = found.bodies[number]
        if b"/Image" in body or not _FLATE.search(body):
            continue
        inflated = _inflated(data, start, end, kept=b"/ObjStm" in body)
        if inflated is None:
            found.damaged.add(number)
        elif inflated:
            _read_inside(number, inflated, body, places, found)
    lost = {number for number, place in places.items() if isinstance(place, tuple) and place[0] in found.damaged}
    found.damaged |= lost - found.bodies.keys()


def _body(data: bytes, start: int, end: int) -> tuple[bytes | None, tuple[int, int] | None]:
    """Return the body of an object before `end`, None where it does not end; and where its stream lies.

    The next object begins at `end`, or the file ends: whatever the bytes say, no object is looked for beyond.
    """
    stream = _STREAM.search(data, start, end)
    body = data[start : stream.start()] if stream else b""
    close = data.find(b"endobj", start, stream.start() if stream else end)
    if stream is None or close >= 0 or not body.rstrip().endswith(b">>"):
        close = close if close >= 0 else data.find(b"endobj", start, end)
        return (data[start:close] if close >= 0 else None), None
    length = _LENGTH.search(body)
    close = stream.end() + int(length[1]) if length else -1
    if not (stream.end() <= close < end and _END_OF_STREAM.match(data, close, end)):
        close = data.find(b"endstream", stream.end(), end)
    return body, (stream.end(), close if close >= 0 else end)


def _is_whole(body: bytes) -> bool:
    match = _SYNTAX.match(body)
    if match is None or match.end() != len(body):
        return False
    return b"(" in body or (body.count(b"<<") == body.count(b">>") and body.count(b"[") == body.count(b"]"))


def _inflated(data: bytes, start: int, end: int, *, kept: bool) -> bytes | None:
    """Return what a stream inflates to, nothing where that is not to be kept or too long; None where it is not whole."""
    inflate, parts, size = zlib.decompressobj(), [], 0
    view = memoryview(data)[start:end]
    try:
        for at in range(0, len(view), _PIECE):
            piece: bytes | memoryview = view[at : at + _PIECE]
            while piece and not inflate.eof:
                part = inflate.decompress(piece, _PIECE << 4)
                size += len(part)
                if kept:
                    parts.append(part)
                if size > _MOST_INFLATED:
                    return b""
                piece = inflate.unconsumed_tail
            if inflate.eof:
                break
    except zlib.error:
        return None
    return b"".join(parts) if inflate.eof else None


def _read_inside(stream: int, inflated: bytes, body: bytes, places: Mapping[int, _Place], found: PdfObjects) -> None:
    """Read the objects of an object stream that the cross-reference, where there is one, takes from it."""
    first = re.search(rb"/First" + BLANK + rb"*+(\d{1,9})", body)
    head = inflated[: int(first[1])].split() if first else []
    if not first or not all(number.isdigit() and len(number) < 10 for number in head):
        found.damaged.add(stream)
        return
    numbers = list(map(int, head[0::2]))
    starts = [int(first[1]) + int(at) for at in head[1::2]]
    for index, (number, start, end) in enumerate(zip(numbers, starts, [*starts[1:], len(inflated)], strict=False)):
        if not found.searched and places.get(number) != (stream, index):
            continue
        own = inflated[start:end]
        if start > end or not _is_whole(own):
            found.damaged.add(number)
        found.bodies.setdefault(number, own)


def _cross_references(data: bytes) -> tuple[dict[int, _Place], list[bytes]]:
    """Return where the cross-reference says that objects stand, and the trailers; nothing where it does not hold together."""
    at = data.rfind(b"startxref")
    match = re.compile(rb"startxref[\0\t\n\f\r ]*+(\d{1,10})").match(data, at) if at >= 0 else None
    places: dict[int, _Place] = {}
    trailers: list[bytes] = []
    seen: set[int] = set()
    todo = [int(match[1])] if match else []
    while todo:
        at = todo.pop(0)
        if at in seen:
            continue
        seen.add(at)
        section = _table(data, at) or _reference_stream(data, at)
        if section is None:
            return {}, []
        own, trailer = section
        for number, place in own:
            places.setdefault(number, place)
        trailers.append(trailer)
        todo += [int(m[1]) for key in (rb"/XRefStm", rb"/Prev") if (m := re.search(key + BLANK + rb"*+(\d{1,10})", trailer))]
        if len(places) > len(data) or len(seen) > _MOST_SECTIONS:  # more objects than bytes
            return {}, []
    return places, trailers


_TABLE = re.compile(rb"[\0\t\n\f\r ]*+xref[\0\t\n\f\r ]*+")
_SUBSECTION = re.compile(rb"[\t\n\f\r ]*+(\d{1,10})[\t ]++(\d{1,10})[\t ]*+(?:\r\n|\n|\r)[\t\n\f\r ]*+")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
_TRAILER = re.compile(rb"[\t\n\f\r ]*+trailer")

_Section = tuple[list[tuple[int, _Place]], bytes]


def _table(data: bytes, at: int) -> _Section | None:
    """Read a cross-reference table with its trailer."""
    match = _TABLE.match(data, at)
    if not match:
        return None
    at = match.end()
    own: list[tuple[int, _Place]] = []
    while head := _SUBSECTION.match(data, at):
        first, count = int(head[1]), int(head[2])
        at = head.end()
        if count > (len(data) - at) // (_ROW - 1):
            return None
        for number in range(first, first + count):
            entry = _ENTRY.match(data, at)
            if not entry:
                return None
            own.append((number, int(entry[1]) if entry[3] == b"n" else None))
            at += _ROW
    trailer = _TRAILER.match(data, at)
    return (own, data[trailer.end() : trailer.end() + _TAIL].partition(b"startxref")[0]) if trailer else None


def _reference_stream(data: bytes, at: int) -> _Section | None:
    """Read a cross-reference stream."""
    head = _HEAD.match(data, at)
    body, stream = _body(data, head.end(), len(data)) if head else (None, None)
    if body is None or stream is None or b"/XRef" not in body:
        return None
    inflated = _inflated(data, *stream, kept=True) if _FLATE.search(body) else data[slice(*stream)]
    fields = re.search(rb"/W" + BLANK + rb"*+\[([\d\t\n\f\r ]++)\]", body)
    size = re.search(rb"/Size" + BLANK + rb"*+(\d{1,9})", body)
    widths = list(map(int, fields[1].split())) if fields else []
    if inflated is None or size is None or len(widths) != 3 or not 0 < sum(widths) < _ROW:
        return None
    index = re.search(rb"/Index" + BLANK + rb"*+\[([\d\t\n\f\r ]++)\]", body)
    spans = list(map(int, index[1].split())) if index else [0, int(size[1])]
    rows = _predicted(inflated, sum(widths)) if re.search(rb"/Predictor" + BLANK + rb"*+1\d", body) else inflated
    if rows is None or sum(spans[1::2]) * sum(widths) > len(rows):
        return None
    numbers = [number for first, count in zip(spans[0::2], spans[1::2], strict=False) for number in range(first, first + count)]
    return list(zip(numbers, _entries(rows, widths), strict=False)), body


def _entries(rows: bytes, widths: list[int]) -> Iterator[_Place]:
    one, two = widths[0], widths[0] + widths[1]
    for at in range(0, len(rows), sum(widths)):
        kind = int.from_bytes(rows[at : at + one], "big") if one else 1
        second, third = int.from_bytes(rows[at + one : at + two], "big"), int.from_bytes(rows[at + two : at + sum(widths)], "big")
        yield second if kind == 1 else (second, third) if kind == 2 else None


def _predicted(data: bytes, width: int) -> bytes | None:
    """Undo the predictors that cross-reference streams use: none, the byte to the left, the byte above."""
    rows, above = [], bytes(width)
    for at in range(0, len(data) - width, width + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + width])
        if kind == 1:
            for n in range(1, width):
                row[n] = (row[n] + row[n - 1]) & 0xFF
        elif kind == 2:
            row = bytearray((a + b) & 0xFF for a, b in zip(row, above, strict=True))
        elif kind:
            return None
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)
