"""Compound files, in which old office programs keep their documents: streams by their names.

Belongs here: the sectors and the directory. Does not belong here: what streams say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_SECTORS_NAMED = 109  # sectors of the allocation table that the head of a compound file names itself
_HEAD = 512  # bytes
_LARGE_SECTOR = 4096  # bytes
_END = 0xFFFFFFFA  # sector numbers from here on are marks
_ENTRY = 128  # bytes of an entry of the directory
_SMALL = 4096  # bytes: smaller streams lie in a stream of their own, in small sectors
_SMALL_SECTOR = 64
_ROOT = 5  # kind of the entry whose stream holds the small ones


class Stream(NamedTuple):
    """A stream, as far as the file has it: bytes, and whether these are as many as the directory states."""

    data: bytes
    whole: bool


def stream_of(data: bytes, wanted: str) -> Stream | None:
    """Return a stream of a compound file; None where there is none of that name.

    Args:
        data: of the file.
        wanted: name of the stream.

    Raises:
        struct.error: the file is damaged.
    """
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    if size not in (_HEAD, _LARGE_SECTOR):
        raise struct.error("sectors have no known size")
    directory, first_small, first_further = (struct.unpack_from("<I", data, at)[0] for at in (48, 60, 68))

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    named = list(struct.unpack_from(f"<{_SECTORS_NAMED}I", data, 76))
    seen: set[int] = set()
    while first_further < _END and first_further not in seen:
        seen.add(first_further)
        *more, first_further = struct.unpack(f"<{size // 4}I", sector(first_further))
        named += more
    table = _numbers(b"".join(sector(number) for number in named if number < _END))

    entries = b"".join(map(sector, _chain(directory, table)))
    small = b""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        start, stated = struct.unpack_from("<II", entries, at + 116)
        if kind == _ROOT:
            small = b"".join(map(sector, _chain(start, table)))
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") == wanted:
            if stated >= _SMALL:
                found = b"".join(map(sector, _chain(start, table)))[:stated]
            else:
                small_table = _numbers(b"".join(map(sector, _chain(first_small, table))))
                found = b"".join(small[n * _SMALL_SECTOR : (n + 1) * _SMALL_SECTOR] for n in _chain(start, small_table))[:stated]
            return Stream(found, len(found) == stated)
    return None


def _numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
    """Yield the sectors of a stream; one that comes again ends it."""
    seen: set[int] = set()
    while start < _END and start < len(table) and start not in seen:
        seen.add(start)
        yield start
        start = table[start]
