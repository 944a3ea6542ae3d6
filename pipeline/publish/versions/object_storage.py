"""A dataset on S3-compatible object storage: whole versions under names of their own, and one object that says which is current.

    <url>/versions/<snapshot>/…      a version: the tree of the dataset, never changed once `current.json` has named it
    <url>/current.json               {"snapshot": …, "path": "versions/<snapshot>/", "versions": [oldest, …, current]}

Object storage has no rename: a version becomes visible by the one conditional write of `current.json`. A reader takes `path` from it once
and reads from there, by patterns as from a folder; that version stays until `keep` newer ones have come.

Belongs here: that protocol. Local versions are in `versions.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.publish.versions.kept_versions import KEPT
from pipeline.publish.versions.manifest import MANIFEST, file_of, read_manifest, snapshot_of
from pipeline.publish.versions.replacement import AnotherWriter

CURRENT = "current.json"


class CannotUpload(ValueError):
    """The dataset cannot be published there; the message says why."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was done: the snapshot now current, and how many files were sent, copied from the version before, and already there."""

    snapshot: str
    sent: int
    copied: int
    there: int


def upload(dataset: Path, url: str, *, keep: int = KEPT, endpoint: str | None = None) -> Upload:
    """Publish a local dataset as the current version at `url`.

    Files that the version before has too are copied within the storage. A killed upload leaves the version before as it was, and may be
    repeated.

    Args:
        dataset: the folder of a dataset.
        url: `s3://bucket/prefix`, or another scheme that obstore knows.
        keep: how many versions are kept, this one included.
        endpoint: address of the service, where it is not the provider's own; credentials come from the environment.

    Raises:
        CannotUpload: obstore is not installed, or a file is not what the manifest says.
        AnotherWriter: another process published there meanwhile. Its version is current; upload again to replace it.
    """
    try:
        import obstore
        from obstore.exceptions import AlreadyExistsError, NotFoundError, PreconditionError
        from obstore.store import from_url
    except ImportError as error:
        raise CannotUpload("publishing to object storage needs obstore: pip install 'yusuan[s3]'") from error
    opened: Any = from_url
    own = {"config": {"aws_endpoint": endpoint}, "client_options": {"allow_http": endpoint.startswith("http://")}} if endpoint else {}
    store = opened(url, **own)
    files = read_manifest(dataset)
    snapshot = snapshot_of(files.values())
    try:
        found = obstore.get(store, CURRENT)
        mark, before = found.meta["e_tag"], json.loads(bytes(found.bytes()))
    except (NotFoundError, FileNotFoundError):
        mark, before = None, {"versions": []}
    old = _manifest_at(obstore, store, before.get("path"))
    there = {item["path"] for batch in obstore.list(store, prefix=f"versions/{snapshot}") for item in batch}
    sent = copied = 0
    for path, file in files.items():
        target = f"versions/{snapshot}/{path}"
        if target in there:
            continue
        if old.get(path) == file.sha256:
            obstore.copy(store, f"{before['path']}{path}", target)
            copied += 1
            continue
        if file_of(dataset, Path(path)).sha256 != file.sha256:
            raise CannotUpload(f"{path} is not what the manifest says: nothing was published")
        obstore.put(store, target, dataset / path)
        sent += 1
    obstore.put(store, f"versions/{snapshot}/{MANIFEST}", dataset / MANIFEST)
    versions = [*(one for one in before["versions"] if one != snapshot), snapshot]
    content = {"snapshot": snapshot, "path": f"versions/{snapshot}/", "versions": versions[-keep:]}
    mode: Any = {"e_tag": mark} if mark else "create"
    try:
        obstore.put(store, CURRENT, json.dumps(content, indent=1).encode(), mode=mode)
    except (AlreadyExistsError, PreconditionError) as error:
        raise AnotherWriter(f"another process published to {url} meanwhile: its version is current, upload again to replace it") from error
    for gone in versions[:-keep]:
        paths = [item["path"] for batch in obstore.list(store, prefix=f"versions/{gone}") for item in batch]
        obstore.delete(store, paths)
    return Upload(snapshot, sent, copied, len(files) - sent - copied)


def _manifest_at(obstore: Any, store: Any, path: str | None) -> dict[str, str]:
    """Return the hashes of the version at `path`, by file."""
    if path is None:
        return {}
    listed = json.loads(bytes(obstore.get(store, f"{path}{MANIFEST}").bytes()))["files"]
    return {file["path"]: file["sha256"] for file in listed}
