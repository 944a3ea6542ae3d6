"""A sample document with compressed streams, as real ones have them, and damage done to its bytes."""

from __future__ import annotations

import re
import zlib
from functools import cache

from pipeline.samples import DOCUMENTS

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj\n", re.DOTALL)


@cache
def sample() -> bytes:
    """The PDF of the samples, each stream deflated."""
    objects = [match[2] for match in _OBJECT.finditer((DOCUMENTS / "budget_2024.pdf").read_bytes())]
    return written([_deflated(body) for body in objects])


def _deflated(body: bytes) -> bytes:
    match = re.fullmatch(rb"<<(.*?)/Length \d+>>stream\n(.*)\nendstream", body, re.DOTALL)
    if not match or b"/Filter" in match[1]:
        return body
    packed = zlib.compress(match[2])
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (match[1], len(packed), packed)


def written(objects: list[bytes]) -> bytes:
    """Return objects, the first of them the catalogue, as a file."""
    out, starts = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


def bodies(data: bytes) -> dict[int, bytes]:
    """Return what stands in each object."""
    return {int(match[1]): match[2] for match in _OBJECT.finditer(data)}


def pages(data: bytes) -> list[int]:
    """Return the object numbers of the pages."""
    kids = re.search(rb"/Kids\[([^\]]*)\]", data)
    return list(map(int, re.findall(rb"(\d+) 0 R", kids[1]))) if kids else []


def content_of(data: bytes, page: int) -> int:
    """Return the object number of a page's content (pages from 1)."""
    match = re.search(rb"/Contents (\d+) 0 R", bodies(data)[pages(data)[page - 1]])
    return int(match[1]) if match else 0


def flipped(data: bytes, number: int, *, at: float = 0.5) -> bytes:
    """Return `data` with one byte of the stream of an object changed."""
    body = bodies(data)[number]
    start = data.index(b"%d 0 obj\n" % number) + len(b"%d 0 obj\n" % number)
    first, last = body.index(b"stream\n") + len(b"stream\n"), body.rindex(b"\nendstream")
    place = start + first + int(at * (last - first))
    return data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]


def replaced(data: bytes, changes: dict[int, bytes]) -> bytes:
    """Return `data` with other bodies of some objects."""
    own = bodies(data)
    return written([changes.get(number, own[number]) for number in sorted(own)])
