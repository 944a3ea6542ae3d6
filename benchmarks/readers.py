"""Compare PDF table readers on a folder of documents: speed, memory, and how many printed amounts they put into cells.

    python -m benchmarks.readers ../shared/corpus [--every 1] [--slow-every 8]

Each reader works in a process of its own. Captured is the share of the distinct amounts printed on statement pages (text
layer) that stand alone in one cell. Slow readers get every n-th document only. Needs the `benchmark` extra.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium

from pipeline.budget.amounts import AMOUNT, value_of

AMOUNT_IN_PROSE = re.compile(r"\d\s*[万亿]?元")

Reader = Callable[[bytes], Iterable[str]]


def this_project(data: bytes) -> Iterable[str]:
    from pipeline.document.pdf_reader import read_pdf

    return [cell.text for page in read_pdf(data).pages for grid in page.grids for cell in grid.cells]


def camelot_hybrid(data: bytes) -> Iterable[str]:
    return _camelot(data, flavor="hybrid", engine="vector", split_text=True, layout_kwargs={"boxes_flow": None})


def camelot_lattice(data: bytes) -> Iterable[str]:
    return _camelot(data, flavor="lattice")


def _camelot(data: bytes, **options: object) -> Iterable[str]:
    from camelot.io import read_pdf as camelot_tables

    tables = list(camelot_tables(data, pages="all", suppress_stdout=True, **options))
    return [str(text) for table in tables for row in table.df.itertuples(index=False) for text in row]


def plumber(data: bytes) -> Iterable[str]:
    import io

    import pdfplumber

    texts: list[str] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            texts += [text or "" for table in page.extract_tables() for row in table for text in row]
            page.close()
    return texts


def rust_tables(data: bytes) -> Iterable[str]:
    import tablers

    document = tablers.Document(bytes=data)
    return [cell.text or "" for page in document.pages() for table in tablers.find_tables(page, extract_text=True) for cell in table.cells]


READERS: dict[str, tuple[Reader, bool]] = {
    "this project": (this_project, False),
    "camelot hybrid, vector, tuned": (camelot_hybrid, False),
    "camelot lattice, default": (camelot_lattice, True),
    "pdfplumber": (plumber, False),
    "tablers": (rust_tables, False),
}


def amounts(text: str) -> set[Decimal]:
    return {value_of(token) for token in AMOUNT.findall(text)} - {Decimal(0)}


def printed(path: Path) -> tuple[int, set[Decimal]]:
    """Return the pages of a document and the distinct amounts of its statement pages (sentences do not count)."""
    document = pdfium.PdfDocument(path)
    found: set[Decimal] = set()
    for page in document:
        text = page.get_textpage().get_text_range()
        tokens = AMOUNT.findall(text)
        if len(tokens) >= 4 and text.count("。") <= 2 and 3 * len(AMOUNT_IN_PROSE.findall(text)) < len(tokens):
            found |= amounts(text)
    return len(document), found


def measure(name: str, files: list[Path]) -> None:
    """Run one reader over files and print what came of it as JSON."""
    reader, _ = READERS[name]
    alone: dict[str, list[str]] = {}
    failed = 0
    before = resource.getrusage(resource.RUSAGE_SELF)
    for path in files:
        try:
            cells = reader(path.read_bytes())
        except Exception as error:  # a reader under test may throw anything; that is a result
            print(f"{name}: {path.name}: {error!r}", file=sys.stderr)
            failed += 1
            continue
        single = (found for text in cells if len(found := amounts("".join(text.split()))) == 1)
        alone[str(path)] = sorted(str(amount) for found in single for amount in found)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "megabytes": after.ru_maxrss / 1024, "failed": failed, "alone": alone}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th document")
    parser.add_argument("--slow-every", type=int, default=8, help="slow readers take every n-th of these")
    parser.add_argument("--only", choices=list(READERS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    files = sorted(arguments.documents.rglob("*.pdf"))[:: arguments.every]
    if arguments.only:
        measure(arguments.only, files[:: arguments.slow_every] if READERS[arguments.only][1] else files)
        return
    truth = {str(path): printed(path) for path in files}
    print("| reader | documents | pages | pages per CPU second | peak MB | amounts captured | failed |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for name, (_, slow) in READERS.items():
        command = [sys.executable, "-m", "benchmarks.readers", str(arguments.documents), "--every", str(arguments.every)]
        command += ["--slow-every", str(arguments.slow_every), "--only", name]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        taken = files[:: arguments.slow_every] if slow else files
        pages = sum(truth[str(path)][0] for path in taken)
        of = sum(len(truth[str(path)][1]) for path in taken)
        hit = sum(len(truth[path][1] & set(map(Decimal, found))) for path, found in result["alone"].items())
        share = f"{hit / of:.2%}" if of else "-"
        figures = [len(taken), pages, f"{pages / result['seconds']:.1f}", f"{result['megabytes']:.0f}", share, result["failed"]]
        print(f"| {name} | " + " | ".join(map(str, figures)) + " |", flush=True)


if __name__ == "__main__":
    main()
