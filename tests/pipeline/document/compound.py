"""Compound files, as old office programs write them, of streams that tests make up."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_END, _TABLE = 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams of at least 4,096 bytes each, in their order, which take no more than 126 sectors."""
    table, sectors, entries = [_TABLE, _END], [], [_entry("Root Entry", 5, _END, 0)]
    for name, stream in streams.items():
        own = [stream[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(stream), _SECTOR)]
        entries.append(_entry(name, 2, len(table), len(stream)))
        table += [*range(len(table) + 1, len(table) + len(own)), _END]
        sectors += own
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + struct.pack("<H", 9) + bytes(16)
    head += struct.pack("<I", 1) + bytes(8) + struct.pack("<III", _END, 0, _END) + bytes(4) + struct.pack("<I", 0)
    allocation = struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff")
    return b"".join((head.ljust(_SECTOR, b"\xff"), allocation, b"".join(entries).ljust(_SECTOR, b"\0"), *sectors))


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    named = (name + "\0").encode("utf-16-le")
    return named.ljust(64, b"\0") + struct.pack("<HB", len(named), kind) + bytes(49) + struct.pack("<II", start, size) + bytes(4)
