"""Where documents come from: files, folders and registries, each as an entry that nothing has been read of.

Belongs here: which files there are, and what the rows of a registry mean. Does not belong here: their bytes (`collecting.py`), the rows
as text (`source_registry.py`). Nothing is fetched (`pipeline.fetch` does): an address that is not a local file is recorded with the
reason why it was not read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.document.inputs.source_registry import SourceError, printable_path, registry_rows
from pipeline.document.inputs.sources import Fetched, Hint, Source

KINDS = ("budget", "final_account")
_REGION_DIGITS = 6  # of an administrative division code, GB/T 2260
_YEAR_DIGITS = 4


def entries_of(given: Path) -> Iterator[Source]:
    """Yield an entry for each file that a source stands for, and for each row of a registry.

    Raises:
        SourceError: it cannot be used.
    """
    if given.is_dir():
        yield from _below(given, given, ())
    elif given.is_file():
        if given.suffix.lower() == ".csv":
            yield from _registry(given)
        else:
            yield Source(given, printable_path(Path(given.name)))
    elif given.exists():
        raise SourceError(f"{printable_path(given)} is neither a file nor a folder.")
    else:
        raise SourceError(f"{printable_path(given)} does not exist.")


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder, in folders that are links too.

    Raises:
        SourceError: a folder cannot be listed.
    """
    yield from (source.path for source in _below(folder, folder, ()) if source.path is not None)


def _below(given: Path, folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Source]:
    """Yield the files below a folder; `above` are the folders on the way to it, so that links in a circle end."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names only, and what cannot be listed raises at once)
        if (status.st_dev, status.st_ino) in above:
            return
        for name in names:
            path = folder / name
            mode = _mode(path)
            if mode is None:
                yield Source(None, printable_path(path.relative_to(given)), unavailable="The file is a link that leads nowhere.")
            elif stat.S_ISDIR(mode):
                yield from _below(given, path, (*above, (status.st_dev, status.st_ino)))
            elif stat.S_ISREG(mode):
                yield Source(path, printable_path(path.relative_to(given)))
    except OSError as error:
        raise SourceError(
            f"{printable_path(Path(error.filename or folder))} cannot be listed ({error.strerror}), so that its documents would be "
            "missing: make it readable, or move it out of the source. Nothing was changed."
        ) from None


def _mode(path: Path) -> int | None:
    """Return what a file is, following links; None where a link leads nowhere or in a circle."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if path.is_symlink() and error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def _registry(given: Path) -> Iterator[Source]:
    for number, values in enumerate(registry_rows(given), start=1):
        if any(values.values()):
            yield _registered(given, number, values)


def _registered(registry: Path, number: int, values: dict[str, str]) -> Source:
    address = values.get("path") or values.get("url") or ""
    url = values.get("source_url") or values.get("url") or None
    named = address or f"{printable_path(Path(registry.name))}, row {number}"
    entry = Source(None, named, url, _hint(values), fetched=_fetched(values))
    parts = urlsplit(address)
    if not address:
        return replace(entry, unavailable="The registry row names neither path nor url.")
    if parts.scheme in ("http", "https", "ftp"):
        if why := values.get("reason"):
            return replace(entry, unavailable=f"The address was not fetched: {why}")
        return replace(entry, unavailable="Only local files are read; the address was not fetched.")
    path = Path(unquote(parts.path)) if parts.scheme == "file" else registry.parent / address
    try:
        if path.is_file():
            return replace(entry, path=path)
    except (OSError, ValueError) as error:
        return replace(entry, unavailable=f"The path cannot be used: {error}.")
    return replace(entry, unavailable="The path is a folder, not a file." if path.is_dir() else "The file does not exist.")


def _fetched(values: dict[str, str]) -> Fetched | None:
    if not (at := values.get("fetched_at")):
        return None
    gone = (values.get("reason") or "Its address no longer gives it.") if values.get("status") == "gone" else None
    return Fetched(at, values.get("correction") == "true", gone)


def _hint(values: dict[str, str]) -> Hint:
    problems = []
    region, year, kind = values.get("region_code") or None, values.get("fiscal_year") or None, values.get("kind") or None
    if region and not (len(region) == _REGION_DIGITS and region.isascii() and region.isdigit()):
        problems.append(f"The registry's region_code {region!r} is not six digits.")
        region = None
    if year and not (len(year) == _YEAR_DIGITS and year.isascii() and year.isdigit()):
        problems.append(f"The registry's fiscal_year {year!r} is not a year.")
        year = None
    if kind and kind not in KINDS:
        problems.append(f"The registry's kind {kind!r} is neither budget nor final_account.")
        kind = None
    return Hint(
        region_code=region,
        department=values.get("department") or None,
        fiscal_year=int(year) if year else None,
        kind=kind,
        published_at=values.get("published_at") or None,
        problems=tuple(problems),
    )
