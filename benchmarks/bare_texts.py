"""What is read of the bare text of PDFs, held against what is read of the PDFs themselves.

    python -m benchmarks.bare_texts DOCUMENTS [--texts FOLDER] [--keep FOLDER]

Each PDF of DOCUMENTS is written as a text file, in the order that pdfium gives its characters; --texts takes files that another tool has
made (`PLACE__NAME.txt` for `PLACE/NAME.pdf`) instead. Both are built, and each amount of a table that is not zero is looked for among
those of the same document: **same** are equal in statement, flow, scheme, code, level, fund, nature, measure and amount; **left open**
are ambiguous; **other** are neither: a wrong attribute, or one that the text says less of; **foreign** are those of them whose amount no
table of the PDF has.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from hashlib import sha256
from pathlib import Path

import polars as pl
import pypdfium2

from benchmarks.build import whole_build

KEYS = ("statement", "flow", "scheme", "code", "level", "fund", "nature", "measure", "amount")


def write_texts(documents: Path, folder: Path) -> None:
    """Write the text of each PDF, page after page."""
    for path in sorted(documents.rglob("*.pdf")):
        try:
            pdf = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            continue
        pages = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]
        (folder / f"{_name_of(path)}.txt").write_text("\f".join(pages), encoding="utf-8")
        pdf.close()


def _name_of(path: Path) -> str:
    return f"{path.parent.name}__{path.stem}"


def amounts_of(dataset: Path, files: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    """Return the table lines of each file, by name, that are not zero.

    Args:
        dataset: that was built.
        files: names by hash.
    """
    documents = pl.scan_parquet(f"{dataset}/documents/**/*.parquet", hive_partitioning=True).collect()
    names = {row["document_id"]: files[row["sha256"]] for row in documents.iter_rows(named=True) if row["sha256"] in files}
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names.values()}
    lines = pl.scan_parquet(f"{dataset}/budget_lines/**/*.parquet", hive_partitioning=True)
    wanted = lines.filter(pl.col("source") == "table", pl.col("amount") != 0).select("document_id", "column_evidence", *KEYS).collect()
    for row in wanted.iter_rows(named=True):
        if row["document_id"] in names:
            found[names[row["document_id"]]].append(row)
    return found


def compare(of_pdf: list[dict[str, object]], of_text: list[dict[str, object]]) -> Counter[str]:
    """Count the amounts of a document by what became of them."""
    stated = Counter(tuple(row[key] for key in KEYS) for row in of_pdf)
    read = Counter(tuple(row[key] for key in KEYS) for row in of_text if row["column_evidence"] != "ambiguous")
    other = read - stated
    amounts = {row["amount"] for row in of_pdf}
    return Counter(
        stated=stated.total(),
        same=(stated & read).total(),
        left_open=sum(row["column_evidence"] == "ambiguous" for row in of_text),
        other=other.total(),
        foreign=sum(count for row, count in other.items() if row[-1] not in amounts),
    )


def _hashes(paths: dict[str, Path]) -> dict[str, str]:
    return {sha256(path.read_bytes()).hexdigest(): name for name, path in paths.items()}


def main() -> None:
    """Build both, compare, and print a line for each document and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--keep", type=Path, help="where the two datasets are left")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = asked.keep or Path(scratch)
        texts = asked.texts or Path(scratch) / "texts"
        if asked.texts is None:
            texts.mkdir()
            write_texts(asked.documents, texts)
        for folder, dataset in ((asked.documents, "pdf"), (texts, "text")):
            whole_build(folder, kept / dataset)
        pdfs = amounts_of(kept / "pdf", _hashes({_name_of(path): path for path in asked.documents.rglob("*.pdf")}))
        read = amounts_of(kept / "text", _hashes({path.stem: path for path in texts.glob("*.txt")}))
    total: Counter[str] = Counter()
    for name, stated in sorted(pdfs.items()):
        counts = compare(stated, read.get(name, []))
        total += counts
        print(f"{name[:60]:60} {' '.join(f'{what} {counts[what]}' for what in counts)}")
    print(dict(total))


if __name__ == "__main__":
    main()
