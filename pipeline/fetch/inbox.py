"""The inbox: documents by the hash of their bytes, and what is known of every address that was ever asked.

Belongs here: keeping, such that a process killed at any moment loses nothing that it had, and asks for nothing twice without need. The
table of addresses is a database in `.fetch`; `registry.csv` is written from it. Does not belong here: asking (`crawl/`).
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.fetch.job import Hints

FETCHED, UNCHANGED, GONE, REFUSED, FAILED = "fetched", "unchanged", "gone", "refused", "failed"

REGISTRY = "registry.csv"
COLUMNS = (
    *("path", "url", "region_code", "department", "fiscal_year", "kind", "published_at", "source_url"),
    *("landing_page", "link_text", "final_url", "content_type", "etag", "last_modified", "fetched_at", "sha256", "status", "reason"),
    *("page_title", "office", "correction", "source", "asked_at"),
)
"""Columns of `registry.csv`: those of the contract, then what else is known."""

_FOLDER = ".fetch"
_DOCUMENTS = "documents"
_DRAFT = ".draft-"
_RESUMED_FOR = 7 * 86_400
"""Seconds after its start for which a fetch that did not end goes on: what it was told by then may have changed."""

_YOUNG, _AGED = 45 * 86_400, 400 * 86_400
"""Seconds after it was first had for which a document is asked again each time: corrections come within weeks; and after which rarely."""

_AGED_PAUSE, _OLD_PAUSE = 7 * 86_400, 30 * 86_400
"""Seconds between two questions for a document no longer young, and for one that is old."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    address TEXT NOT NULL, sha256 TEXT NOT NULL, current INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, run INTEGER NOT NULL,
    first_at REAL NOT NULL, asked_at REAL NOT NULL, fetched_at REAL, bytes INTEGER NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (address, sha256)
);
CREATE TABLE IF NOT EXISTS pages (
    address TEXT PRIMARY KEY, source TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, run INTEGER NOT NULL,
    asked_at REAL NOT NULL, said TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY, scope TEXT NOT NULL, started REAL NOT NULL, ended REAL, requests INTEGER NOT NULL DEFAULT 0
);
"""


class InboxInUse(Exception):
    """Another process is fetching into the inbox; the message says so."""


class DocumentSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a document beside its bytes, as the registry has it."""

    hints: Hints = Hints()
    landing_page: str = ""
    link_text: str = ""
    final_url: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    page_title: str = ""
    office: str = ""
    correction: bool = False
    source: str = ""


class FollowedLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link of a page that is taken."""

    address: str
    expects: str
    text: str = ""
    fiscal_year: int | None = None
    kind: str | None = None
    correction: bool = False


class PageSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a page: what it says of itself, the links that are taken, those that are left with the reason."""

    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    title: str = ""
    office: str = ""
    published_at: str = ""
    links: tuple[FollowedLink, ...] = ()
    left: tuple[tuple[str, str, str], ...] = ()
    """Words, address, reason."""
    note: str = ""
    is_document: bool = False
    links_before: int = 0
    """Links that were taken when it last lost many of them; 0 where it did not, or has them again."""


class KnownDocument(msgspec.Struct, frozen=True):
    """A row of the table of documents."""

    address: str
    sha256: str
    current: bool
    status: str
    reason: str
    run: int
    first_at: float
    asked_at: float
    fetched_at: float | None
    bytes: int
    said: DocumentSaid


class KnownPage(msgspec.Struct, frozen=True):
    """A row of the table of pages."""

    address: str
    source: str
    status: str
    reason: str
    run: int
    asked_at: float
    said: PageSaid


_DOCUMENT_SAID = msgspec.json.Decoder(DocumentSaid)
_PAGE_SAID = msgspec.json.Decoder(PageSaid)
_PAGE_COLUMNS = "address, source, status, reason, run, asked_at, said"
_DOCUMENT_COLUMNS = "address, sha256, current, status, reason, run, first_at, asked_at, fetched_at, bytes, said"


class Inbox:
    """One inbox, open for one process.

    Attributes:
        folder: where it lies.
        run: number of the fetch that is under way; 0 before `begin`.
    """

    def __init__(self, folder: Path | None) -> None:
        """Open the inbox in `folder`, which is made; None opens one that is kept nowhere, for a dry run."""
        self.folder = folder
        self.run = 0
        if folder is not None:
            (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(":memory:" if folder is None else folder / _FOLDER / "addresses.sqlite", isolation_level=None)
        # what was written is on the disk before the next address is asked, whatever ends this process or the machine
        self._database.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def begin(self, now: float, scope: str = "") -> bool:
        """Begin a fetch of a scope (what is fetched), or go on with its last one if that did not end; return whether it goes on."""
        for folder in () if self.folder is None else (self.folder, *self.folder.glob(f"{_DOCUMENTS}/*")):
            for draft in folder.glob(f"{_DRAFT}*"):  # of a process that was killed: nobody else writes here now
                draft.unlink()
        unfinished = self.unfinished(now, scope)
        (new,) = self._database.execute("SELECT coalesce(max(number), 0) + 1 FROM runs").fetchone()
        self.run = unfinished or int(new)
        if unfinished is None:
            self._database.execute("INSERT INTO runs (number, scope, started) VALUES (?, ?, ?)", (self.run, scope, now))
        return unfinished is not None

    def times_ended(self, scope: str) -> int:
        """Return how many fetches of a scope have ended."""
        return int(self._database.execute("SELECT count(*) FROM runs WHERE scope = ? AND ended IS NOT NULL", (scope,)).fetchone()[0])

    def last_fetched(self, scope: str) -> float | None:
        """Return when a fetch of this scope last began or ended; None if there was none."""
        found = self._database.execute("SELECT max(max(started, coalesce(ended, 0))) FROM runs WHERE scope = ?", (scope,)).fetchone()
        return None if found[0] is None else float(found[0])

    def unfinished(self, now: float, scope: str) -> int | None:
        """Return the number of the last fetch of a scope, if it did not end and is to go on."""
        query = "SELECT number, started, ended FROM runs WHERE scope = ? ORDER BY number DESC LIMIT 1"
        last = self._database.execute(query, (scope,)).fetchone()
        return int(last[0]) if last is not None and last[2] is None and now - last[1] < _RESUMED_FOR else None

    def end(self, now: float, requests: int) -> None:
        """Note that everything that was to be asked was."""
        self._database.execute("UPDATE runs SET ended = ?, requests = ? WHERE number = ?", (now, requests, self.run))

    def keep(self, data: bytes) -> str:
        """Keep the bytes of a document; return their hash. They are whole under their name, or not there."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.folder is None:
            return sha256
        path = self.folder / document_path(sha256)
        if not (path.is_file() and path.stat().st_size == len(data)):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)
        return sha256

    def holds(self, sha256: str) -> bool:
        """Tell whether the bytes of a document lie in the inbox; an inbox without a folder is taken to have them."""
        return self.folder is None or (self.folder / document_path(sha256)).is_file()

    def read(self, sha256: str) -> bytes | None:
        """Return the bytes of a document that is kept; None where they are gone."""
        if self.folder is None:
            return None
        try:
            return (self.folder / document_path(sha256)).read_bytes()
        except OSError:
            return None

    def document(self, address: str) -> KnownDocument | None:
        """Return what is known of a document's address: its present version, or that it was never had."""
        rows = self._documents("WHERE address = ? ORDER BY current DESC, asked_at DESC LIMIT 1", (address,))
        return next(rows, None)

    def page(self, address: str) -> KnownPage | None:
        """Return what is known of a page."""
        row = self._database.execute(f"SELECT {_PAGE_COLUMNS} FROM pages WHERE address = ?", (address,)).fetchone()  # noqa: S608
        return None if row is None else _known_page(row)

    def documents(self) -> Iterator[KnownDocument]:
        """Yield all documents and versions of such, by landing page, address and time."""
        return self._documents("ORDER BY json_extract(said, '$.landing_page'), address, first_at, sha256")

    def pages(self) -> Iterator[KnownPage]:
        """Yield all pages, by source and address."""
        yield from map(_known_page, self._database.execute(f"SELECT {_PAGE_COLUMNS} FROM pages ORDER BY source, address"))  # noqa: S608

    def put_page(self, page: KnownPage) -> None:
        """Keep what was found of a page."""
        row = (page.address, page.source, page.status, page.reason, self.run, page.asked_at, msgspec.json.encode(page.said).decode())
        self._database.execute(f"INSERT OR REPLACE INTO pages ({_PAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def had(self, address: str, sha256: str, size: int, said: DocumentSaid, now: float) -> str:
        """Note that an address gave bytes, which are kept; return the status: `fetched`, or `unchanged` if it gave them before."""
        before = self.document(address)
        same = before is not None and before.sha256 == sha256
        status = UNCHANGED if same else FETCHED
        fetched_at = before.fetched_at if before is not None and same else now
        with self._transaction():
            if before is not None and before.sha256 and not same:
                day = datetime.fromtimestamp(now, UTC).date().isoformat()
                reason = f"Its address gives other bytes since {day}: document {sha256[:16]}."
                self._database.execute(
                    "UPDATE documents SET current = 0, status = ?, reason = ?, run = ? WHERE address = ? AND current = 1",
                    (GONE, reason, self.run, address),
                )
            self._database.execute("DELETE FROM documents WHERE address = ? AND sha256 = ''", (address,))
            first = self._database.execute("SELECT first_at FROM documents WHERE address = ? AND sha256 = ?", (address, sha256)).fetchone()
            self._put(KnownDocument(address, sha256, True, status, "", self.run, first[0] if first else now, now, fetched_at, size, said))
        return status

    def unchanged(self, address: str, now: float) -> None:
        """Note that an address still gives what it gave."""
        self._answer(address, UNCHANGED, "", now)

    def missed(self, address: str, status: str, reason: str, said: DocumentSaid, now: float) -> None:
        """Note that an address gave nothing; what it gave before is kept, with the new status and reason."""
        if self.document(address) is None:
            self._put(KnownDocument(address, "", True, status, reason, self.run, now, now, None, 0, said))
        else:
            self._answer(address, status, reason, now)

    def is_due(self, known: KnownDocument, now: float) -> bool:
        """Return whether a document is to be asked for again: a young one each time, an older one now and then."""
        if not known.sha256 or known.status in (FAILED, REFUSED) or not self.holds(known.sha256):
            return True
        age, pause = now - known.first_at, now - known.asked_at
        return age < _YOUNG or pause >= (_AGED_PAUSE if age < _AGED else _OLD_PAUSE)

    def write_registry(self) -> None:
        """Write `registry.csv` from what is known: the whole of it, or none."""
        if self.folder is None:
            return
        table = io.StringIO(newline="")
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(COLUMNS)
        for document in self.documents():
            writer.writerow(_registry_row(document))
        for page in self.pages():
            if page.status in (FAILED, REFUSED) and page.address == page.source:
                writer.writerow(_page_row(page))
        write_atomically(self.folder / REGISTRY, table.getvalue().encode("utf-8"))

    def _documents(self, rest: str, values: Sequence[object] = ()) -> Iterator[KnownDocument]:
        yield from map(_known_document, self._database.execute(f"SELECT {_DOCUMENT_COLUMNS} FROM documents {rest}", values))  # noqa: S608

    def _put(self, row: KnownDocument) -> None:
        values = [getattr(row, name) for name in KnownDocument.__struct_fields__[:-1]]
        marks = ", ".join("?" for _ in KnownDocument.__struct_fields__)
        said = msgspec.json.encode(row.said).decode()
        self._database.execute(f"INSERT OR REPLACE INTO documents ({_DOCUMENT_COLUMNS}) VALUES ({marks})", (*values, said))  # noqa: S608

    def _answer(self, address: str, status: str, reason: str, now: float) -> None:
        self._database.execute(
            "UPDATE documents SET status = ?, reason = ?, asked_at = ?, run = ? WHERE address = ? AND current = 1",
            (status, reason, now, self.run, address),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Hold an inbox for this process; it is released with the block, or when the process dies.

    Raises:
        InboxInUse: another process holds it.
    """
    (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / _FOLDER / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InboxInUse(f"another process is fetching into {folder}: nothing was asked, try again when it has finished") from None
        yield
    finally:
        os.close(descriptor)


def document_path(sha256: str) -> str:
    """Return where a document lies below the inbox: nothing that a server says is part of it."""
    return f"{_DOCUMENTS}/{sha256[:2]}/{sha256}"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file such that it is whole under its name, or as it was before, whenever the writer is killed."""
    descriptor, draft = tempfile.mkstemp(prefix=_DRAFT, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _known_document(row: Sequence[Any]) -> KnownDocument:
    values = dict(zip(KnownDocument.__struct_fields__, row, strict=True))
    return KnownDocument(**{**values, "current": bool(values["current"]), "said": _DOCUMENT_SAID.decode(values["said"])})


def _known_page(row: Sequence[Any]) -> KnownPage:
    values = dict(zip(KnownPage.__struct_fields__, row, strict=True))
    return KnownPage(**{**values, "said": _PAGE_SAID.decode(values["said"])})


def _registry_row(row: KnownDocument) -> list[str]:
    said, hints = row.said, row.said.hints
    return [
        document_path(row.sha256) if row.sha256 else "",
        row.address,
        *(hints.region_code, hints.department, hints.fiscal_year, hints.kind, hints.published_at),
        row.address,
        *(said.landing_page, said.link_text, said.final_url, said.content_type, said.etag, said.last_modified),
        *(_time(row.fetched_at), row.sha256, row.status, row.reason, said.page_title, said.office),
        *("true" if said.correction else "", said.source, _time(row.asked_at)),
    ]


def _page_row(page: KnownPage) -> list[str]:
    values = dict.fromkeys(COLUMNS, "")
    values |= {"url": page.address, "source_url": page.address, "landing_page": page.address, "status": page.status, "reason": page.reason}
    values |= {"source": page.source, "asked_at": _time(page.asked_at), "page_title": page.said.title}
    return [values[column] for column in COLUMNS]


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
