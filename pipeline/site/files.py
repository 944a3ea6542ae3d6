"""How a file of the site is written: compact JSON and Parquet that a browser reads, the same bytes for the same content.

Belongs here: bytes on disk, the name of a shard. What stands in the files is decided in the modules beside this one.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

_FNV_OFFSET, _FNV_PRIME, _WORD = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
_COMPRESSION_LEVEL = 9
_PLACE_IN_PAGE = '<script type="application/json" id="{name}">'
_ROWS_PER_GROUP = 16_384
_TEXT = (".html", ".js", ".json", ".svg", ".txt")
_SMALLEST_COMPRESSED = 1024  # bytes: a smaller file is one packet anyway
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]+")


def write_json(path: Path, content: Any) -> None:
    """Write `content` as compact JSON; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_json(content), encoding="utf-8")


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def put_in_page(page: Path, name: str, content: Any) -> None:
    """Put `content` as JSON into a page, where its element of that name stands empty: the browser need not ask for it.

    Raises:
        ValueError: the page has no such element.
    """
    before, place, after = page.read_text(encoding="utf-8").partition(_PLACE_IN_PAGE.format(name=name))
    if not after.startswith("</script>"):
        raise ValueError(f"{page} has no empty element for {name}")
    told = _json(content).replace("<", "\\u003c")  # no text of a document ends the element
    page.write_text(f"{before}{place}{told}{after}", encoding="utf-8")


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet for browsers: zstd, small row groups; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        frame.to_arrow(),
        path,
        compression="zstd",
        compression_level=_COMPRESSION_LEVEL,
        row_group_size=_ROWS_PER_GROUP,
        store_schema=False,
    )


def write_compressed(folder: Path) -> None:
    """Write beside each text file of a folder its copy in gzip, for hosts that send such copies as they are."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _TEXT and path.stat().st_size >= _SMALLEST_COMPRESSED):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def plain_name(text: str) -> str:
    """Return `text` if it can be a file's name anywhere.

    Raises:
        ValueError: it cannot: an identity of the dataset is not what the dataset declares.
    """
    if not _PLAIN_NAME.fullmatch(text) or text.startswith("."):
        raise ValueError(f"{text!r} cannot name a file of the site")
    return text


def shard_of(key: str, shards: int) -> int:
    """Return in which of `shards` files the entries of `key` stand: FNV-1a over its UTF-16 units, as browsers count them."""
    value = _FNV_OFFSET
    units = key.encode("utf-16-le")
    for low, high in zip(units[::2], units[1::2], strict=True):
        value = ((value ^ (low | high << 8)) * _FNV_PRIME) & _WORD
    return value % shards
