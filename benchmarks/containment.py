"""What a build withstands: readings in any order, kills, damage in the store and in the dataset, documents that are too large.

    python -m benchmarks.containment orders FOLDER... [--times 20]    the same readings whatever was read before
    python -m benchmarks.containment kills SOURCE [--times 100]       kill -9 of the build and of its workers at random moments
    python -m benchmarks.containment damage SOURCE [--times 120]      flipped bits and deletions, in the store and in the dataset
    python -m benchmarks.containment large [NAME]... [--times 3]      documents of a size that no department's has
    python -m benchmarks.containment mixed FOLDER... REAL             a row for each file; REAL (bytes of its own) as without the others

Each prints what was tried and what came otherwise than it must; the last line counts that.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from benchmarks.build_kills import kills
from benchmarks.watched_builds import peak, started, tree
from pipeline.document.inputs.collecting import source_of
from pipeline.document.inputs.sources import Source, look_here
from pipeline.publish.verify import NoDataset, verify
from pipeline.publish.versions.damaged_dataset import damage_of
from pipeline.publish.versions.manifest import MANIFEST, read_manifest
from pipeline.store.catalogue import Task, chain_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.results import ResultStore
from pipeline.store.workers import in_processes
from schemas.tables import DOCUMENTS, PARTITIONED, Table

Trial = Callable[[list[Path], int | None, Path, random.Random], int]
"""Sources, how often, a folder to work in, chance → how often it came otherwise than it must."""


def main() -> None:
    """Run one of the trials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", choices=["orders", "kills", "damage", "large", "mixed"])
    parser.add_argument("sources", nargs="*", type=Path)
    parser.add_argument("--times", type=int, default=None)
    parser.add_argument("--seed", type=int, default=3, help="of what is tried: another one for each part of a long trial")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    trials: dict[str, Trial] = {
        "orders": orders,
        "kills": kills,
        "damage": damage,
        "large": large,
        "mixed": mixed,
    }
    with tempfile.TemporaryDirectory(prefix="containment-") as scratch:
        wrong = trials[given.trial](given.sources, given.times, Path(scratch), chance)
    print(f"{wrong} came otherwise than it must")
    sys.exit(wrong > 0)


def orders(folders: list[Path], times: int | None, scratch: Path, chance: random.Random) -> int:
    """Read the same files in shuffled orders, one worker at a time, each order with a store of its own."""
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    sources = {source.sha256: source for source in (source_of(file, look_here) for file in files)}
    first = readings(list(sources.values()), scratch / "first")
    wrong = 0
    for turn in range(times or 20):
        shuffled = list(sources.values())
        chance.shuffle(shuffled)
        now = readings(shuffled, scratch / "again")
        shutil.rmtree(scratch / "again")
        other = [sources[sha].file_name for sha in first if now[sha] != first[sha]]
        wrong += len(other)
        print(f"order {turn}: {len(now)} documents, otherwise: {other}", flush=True)
    return wrong


def readings(sources: list[Source], results: Path) -> dict[str, str | None]:
    """Return why each document broke down, else the hash of all that was read of it."""
    versions, found = stage_versions(), {}
    for outcome in in_processes(1)([Task(source, results, versions) for source in sources]):
        source = outcome.task.source
        found[source.sha256] = outcome.failure or chain_of(source, ResultStore(results), versions).stored(Stage.CHECKING)[1]
    return found


def damage(sources: list[Path], times: int | None, scratch: Path, chance: random.Random) -> int:
    """Damage the store and the dataset at random, one file at a time, build again, and look whether anything passed unnoticed."""
    started(sources, scratch, "whole").wait()
    whole, wrong = tree(scratch / "whole"), 0
    store = scratch / "cache" / "yusuan" / "stages"
    for turn in range(times or 120):
        shutil.rmtree(scratch / "out", ignore_errors=True)
        shutil.copytree(scratch / "whole", scratch / "out")
        in_store = turn % 2 == 0
        victims = sorted(path for path in (store if in_store else scratch / "out").rglob("*") if path.is_file())
        victim = chance.choice(victims)
        content = victim.read_bytes()
        if turn % 6 in (4, 5) or not content:
            victim.unlink()
            how = "deleted"
        else:
            bit = chance.randrange(8 * len(content))
            victim.write_bytes(content[: bit // 8] + bytes([content[bit // 8] ^ 1 << bit % 8]) + content[bit // 8 + 1 :])
            how = "flipped"
        noticed = in_store or bool(damage_of(scratch / "out")) or proven_otherwise(scratch / "out") or harmless(victim, content)
        if in_store:
            shutil.rmtree(scratch / "out")
        code = started(sources, scratch, "out").wait()
        same = tree(scratch / "out") == whole
        wrong += not (noticed and same and code == 0)
        print(f"{how} {victim.relative_to(scratch)}: noticed {noticed}, built again {code}, same bytes {same}", flush=True)
        shutil.rmtree(scratch / ".out.versions", ignore_errors=True)
        shutil.rmtree(scratch / ".out.damaged", ignore_errors=True)
    return wrong


def proven_otherwise(dataset: Path) -> bool:
    """Tell whether `verify` finds a fault."""
    try:
        return any(proof.faults for proof in verify(dataset))
    except NoDataset:
        return True


def harmless(victim: Path, before: bytes) -> bool:
    """Tell whether a manifest says the same of all files as before: a word of its head that nothing is decided by."""
    if victim.name != MANIFEST or not victim.exists():
        return False
    try:
        now = read_manifest(victim.parent)
    except ValueError:
        return False
    return [file.sha256 for file in now.values()] == [entry["sha256"] for entry in json.loads(before)["files"]]


def large(named: list[Path], times: int | None, scratch: Path, _: random.Random) -> int:
    """Build from each of the documents that are too large, or from those that are named, and watch the memory of the build itself."""
    wrong = 0
    for name, write in LARGE.items():
        if named and Path(name) not in named:
            continue
        folder = scratch / name
        folder.mkdir()
        write(folder)
        said = set()
        for _turn in range(times or 3):
            shutil.rmtree(scratch / "cache", ignore_errors=True)
            begun = time.monotonic()
            build = started([folder], scratch, "out")
            most = 0
            while build.poll() is None:
                most = max(most, peak(build.pid))
                time.sleep(0.1)
            result = json.loads((scratch / "out.json").read_bytes() or b"{}")
            reasons = sorted({row["reason"] for row in result.get("not_published", ())})
            said.add(tuple(reasons))
            wrong += build.returncode != 0 or most > 500 << 10
            print(f"{name}: exit {build.returncode}, {time.monotonic() - begun:.1f} s, build {most >> 10} MB, {reasons}", flush=True)
            shutil.rmtree(scratch / "out", ignore_errors=True)
            shutil.rmtree(scratch / ".out.versions", ignore_errors=True)
        wrong += len(said) > 1
        shutil.rmtree(folder)
    return wrong


def mixed(folders: list[Path], times: int | None, scratch: Path, _: random.Random) -> int:
    """Build from all folders at once, once more, and from the last one alone: rows, what is read again, what is said of the last one."""
    wrong = 0
    for _turn in range(times or 1):
        files = sum(path.is_file() for folder in folders for path in folder.rglob("*"))
        for read_before in (False, True):
            build = started(folders, scratch, "all")
            code, result = build.wait(), json.loads((scratch / "all.json").read_bytes())
            rows, read = result["rows"][DOCUMENTS.name], result["documents_read"]
            print(f"{files} files: exit {code}, {rows} rows, {read} documents read, {result['seconds']} s", flush=True)
            wrong += code != 0 or rows != files or (read_before and read > 0)
        shutil.rmtree(scratch / "cache")
        wrong += started(folders[-1:], scratch, "alone").wait() != 0
        for table in (table for table in PARTITIONED if "document_id" in table.names):
            alone, beside = rows_of(scratch / "alone", table), rows_of(scratch / "all", table)
            of_last = beside.join(rows_of(scratch / "alone", DOCUMENTS), on="document_id", how="semi")
            same = of_last.drop("file_name", strict=False).equals(alone.drop("file_name", strict=False))
            print(f"{table.name}: {alone.height} rows alone, the same beside others: {same}", flush=True)
            wrong += not same
        for left_behind in [scratch / "cache", *scratch.glob("a*"), *scratch.glob(".a*")]:
            shutil.rmtree(left_behind) if left_behind.is_dir() else left_behind.unlink()
    return wrong


def rows_of(dataset: Path, table: Table) -> pl.DataFrame:
    """Return a table of all partitions, in the order of its key."""
    return pl.read_parquet(dataset / table.name / "**" / "*.parquet", hive_partitioning=True).sort(table.key)


def long_text(folder: Path) -> None:
    """Write a text of 300 MB in short lines."""
    line = "2080501 行政单位离退休 1,234.56 1,234.56 0.00\n".encode() * 1000
    with (folder / "long.txt").open("wb") as file:
        while file.tell() < 300 << 20:
            file.write(line)


def long_line(folder: Path) -> None:
    """Write a text of one line of 50 MB."""
    (folder / "line.txt").write_bytes("部门预算1,234.56".encode() * (50 << 20 >> 4))


def many_pages(folder: Path) -> None:
    """Write a PDF of 100,000 pages of one line."""
    pages = 100_000
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{n + 5} 0 R' for n in range(pages))}]>>"]
    objects += [
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Length 41>>stream\nBT /F 12 Tf 72 700 Td (Budget 1,234.5) Tj ET\nendstream",
    ]
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    written(folder / "pages.pdf", [text.encode() for text in (*objects, *([page] * pages))])


def large_picture(folder: Path) -> None:
    """Write a picture of 60,000 × 60,000 points, alone and on a page: 3.6 GB if somebody unpacks it."""
    side = 60_000
    pressed = zlib.compressobj(9)
    rows = b"".join([*(pressed.compress(bytes(side + 1)) for _ in range(side)), pressed.flush()])

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    picture = f"<</Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    picture += f"/DecodeParms<</Predictor 15/Columns {side}>>/Length {len(rows)}>>stream\n"
    content = b"q 500 0 0 500 50 50 cm /I Do Q"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page.encode()]
    objects += [f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream", picture.encode() + rows + b"\nendstream"]
    written(folder / "picture.pdf", objects)


def many_files(folder: Path) -> None:
    """Write 20,000 texts of one line."""
    for number in range(20_000):
        (folder / f"{number}.txt").write_text(f"{number}局2024年部门预算公开\n")


def written(path: Path, objects: list[bytes]) -> None:
    """Write a PDF of these objects."""
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        places = []
        for number, content in enumerate(objects, start=1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.writelines(entries(places))
        file.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def entries(places: list[int]) -> Iterator[bytes]:
    """Yield the lines of a cross-reference table."""
    for place in places:
        yield b"%010d 00000 n \n" % place


LARGE: dict[str, Callable[[Path], None]] = {
    "300 MB text": long_text,
    "50 MB line": long_line,
    "60,000 x 60,000 picture": large_picture,
    "100,000 pages": many_pages,
    "20,000 files": many_files,
}

if __name__ == "__main__":
    main()
