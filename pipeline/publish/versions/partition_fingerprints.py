"""What each partition of the published dataset was made from: kept beside the dataset, so that what did not change is not made again.

Belongs here: the record. Without it, or where it is of another version of the dataset, every partition is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pipeline.publish.versions.kept_versions import current_snapshot, versions_folder, write_synced

_RECORD = "made_from.json"


def fingerprints_of(dataset: Path) -> dict[str, str]:
    """Return the fingerprint of each partition (`2019|CN-SH`) that the published dataset was made from; empty where that is not known."""
    try:
        record = json.loads((versions_folder(dataset) / _RECORD).read_text(encoding="utf-8"))
        known = {str(key): str(fingerprint) for key, fingerprint in record["partitions"].items()}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}
    return known if record.get("snapshot") == current_snapshot(dataset) else {}


def record_fingerprints(dataset: Path, snapshot: str, fingerprints: Mapping[str, str]) -> None:
    """Record what the partitions of a version were made from: of another one that is published meanwhile nothing is said by it."""
    record = {"snapshot": snapshot, "partitions": dict(sorted(fingerprints.items()))}
    write_synced(versions_folder(dataset) / _RECORD, json.dumps(record, indent=1) + "\n")
