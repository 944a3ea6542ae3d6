"""Arguments of commands: what they mean, and what is refused before anything is read or started.

Belongs here: checks of sources, targets and ranges, in words that say what to do. The commands themselves are in `commands.py`.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from assets.cli.exits import HELD_BACK, IMPOSSIBLE, end, usage
from pipeline.store.executors import Executor


class IsolationLevel(StrEnum):
    """How documents are to be walled off from the rest of the system."""

    USUAL = "usual"
    STRICT = "strict"


def reasons_of(acknowledged: list[str] | None) -> dict[str, str]:
    """Return the reason for each acknowledged partition."""
    from pipeline.publish.gate import LOST_DOCUMENTS

    found = {}
    for text in acknowledged or ():
        key, _, reason = text.partition("=")
        if not re.fullmatch(rf"\d{{1,4}}\|[\w-]+|{LOST_DOCUMENTS}", key) or not reason.strip():
            usage(
                f"--acknowledge {text!r} names no partition and reason: write '2024|CN-SH=the reason why its pass rate may fall', or "
                f"'{LOST_DOCUMENTS}=the reason why many may be gone'."
            )
        found[key] = reason.strip()
    return found


def years_of(text: str) -> tuple[int, int]:
    """Return the first and last year of a range."""
    from pipeline.budget.filing import FIRST_YEAR, LAST_YEAR

    found = re.fullmatch(r"(\d{4})(?:\.\.(\d{4}))?", text)
    if not found:
        usage(f"{text!r} is no range of years: write 2019, or 2018..2022.")
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        usage(f"{text} begins after it ends: write {last}..{first}.")
    if first < FIRST_YEAR or last > LAST_YEAR:
        usage(f"{text} leaves the years that the dataset has places for: {FIRST_YEAR}..{LAST_YEAR}.")
    return first, last


def check_target(sources: list[Path], out: Path) -> None:
    """Refuse, before anything is read, sources that do not exist and a target that cannot or must not be published to."""
    for source in sources:
        if not source.exists():
            usage(f"{source} does not exist: give files, folders or a registry (CSV).")
        if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
            usage(f"--out {out} lies inside the source {source}, so that the dataset would be read as input: publish elsewhere.")
    if out.exists() and not out.is_dir():
        usage(f"--out {out} is a file: name a folder.")
    check_writable(out, "--out")
    from pipeline.publish.versions.damaged_dataset import is_published

    if out.is_dir() and any(out.iterdir()) and not is_published(out):
        usage(f"--out {out} holds other files and no dataset: name an empty or a new folder.")
    for source in sources:
        if source.is_dir() and not _holds_files(source):
            usage(f"{source} holds no file. What {out} holds was left as it is.")


def _holds_files(folder: Path) -> bool:
    from pipeline.document.inputs.places import files_below
    from pipeline.document.inputs.source_registry import SourceError

    try:
        return next(files_below(folder), None) is not None
    except SourceError as error:
        usage(str(error))


def check_samples(out: Path) -> None:
    """Refuse, before anything is started, to put the embedded samples in the place of a dataset of other documents."""
    from pipeline.publish.gate import refuse_foreign

    refuse_foreign(out, ())


def check_executor(executor: Executor, scheduler: str) -> None:
    """Refuse a cluster without a scheduler, and a scheduler that nobody would ask."""
    if executor is Executor.DASK and not scheduler:
        usage("--executor dask needs the address of the cluster's scheduler: --scheduler tcp://host:8786.")
    if executor is Executor.PROCESS and scheduler:
        usage("--scheduler is for --executor dask.")


def check_results(results: Path | None) -> None:
    """Refuse a folder of results in which nothing can be made."""
    from pipeline.store.results import default_folder

    check_writable(results or default_folder(), "--results")


def check_writable(folder: Path, option: str) -> None:
    """Refuse a folder in which nothing can be made."""
    nearest = next(place for place in (folder.resolve(), *folder.resolve().parents) if place.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        usage(f"{nearest} cannot be written to: name another folder with {option}.")


def documents_of(departments: list[str], sources: list[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Return what says of a row of the catalogue whether it is of one of the departments (parts of names) and from one of the sources.

    Args:
        departments: parts of names; none: all.
        sources: hosts, or beginnings of addresses; none: all.
    """
    from pipeline.fetch.addresses import host_of

    def meant(row: Mapping[str, Any]) -> bool:
        names = (row["department"] or "", row["parent_department"] or "")
        address = row["source_url"] or ""
        of_department = not departments or any(part in name for part in departments for name in names)
        return of_department and (not sources or any(host_of(address) == each or address.startswith(each) for each in sources))

    return meant


def made_inbox(folder: Path) -> Path:
    """Return the registry of an inbox, both made where they are not there: an empty registry can be read, and is filled by fetching."""
    from pipeline.fetch.inbox import REGISTRY, Inbox

    inbox = Inbox(folder)
    if not (folder / REGISTRY).exists():
        inbox.write_registry()
    inbox.close()
    return folder / REGISTRY


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a source, the target or this machine refuses into words and an exit code (see `exits`)."""
    from pipeline.document.inputs.source_registry import SourceError
    from pipeline.publish.dataset import NotADataset
    from pipeline.publish.gate import InputsOfAnotherDataset, LostDocuments, OtherDocuments, OtherStructure
    from pipeline.publish.versions.damaged_dataset import DamagedDataset
    from pipeline.publish.versions.manifest import DamagedManifest
    from pipeline.publish.versions.replacement import CannotReplace
    from pipeline.store.catalogue import ClusterGone
    from pipeline.store.processes.isolation import WallsMissing
    from pipeline.store.processes.server_process import ServerGone
    from pipeline.store.results import CannotKeep
    from pipeline.store.storage import StorageUnreachable

    try:
        yield
    except (SourceError, NotADataset, InputsOfAnotherDataset, OtherStructure, CannotReplace) as error:
        usage(str(error))
    except (LostDocuments, OtherDocuments) as error:
        end(HELD_BACK, str(error))
    except (DamagedDataset, DamagedManifest, WallsMissing, CannotKeep, ServerGone, ClusterGone, StorageUnreachable) as error:
        end(IMPOSSIBLE, str(error))


def check_dataset(folder: Path) -> None:
    """Refuse a folder that holds no dataset, or a damaged one."""
    from pipeline.publish.versions.damaged_dataset import damage_of, listed
    from pipeline.publish.versions.manifest import MANIFEST

    if not (folder / MANIFEST).is_file():
        usage(f"{folder} holds no dataset: make one with `yusuan build --out {folder}`, or name the folder of one.")
    if faults := damage_of(folder):
        end(IMPOSSIBLE, f"{folder} is damaged ({listed(faults)}): build it again, or take a whole copy. Nothing was done.")
