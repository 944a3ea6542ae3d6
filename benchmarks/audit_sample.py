"""A sample of published lines to be compared with their pages by eye, with a picture of each.

    python -m benchmarks.audit_sample DATASET DOCUMENTS --out FOLDER [--lines 300] [--seed 11]

Half of the lines are drawn from rare kinds (a statement, scheme, fund, nature and measure that few lines have together) and from the
last pages of their statements, the other half from all lines. FOLDER receives `lines.csv`, one line of the dataset a row, and per line
`NNN.png`: the first page of its statement (title, unit of money, headers) above its own page, the amount's box in red. DOCUMENTS is
searched for the files by their hashes.
"""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path
from random import Random

import polars as pl
import pypdfium2
from PIL import Image, ImageDraw

KIND = ["statement", "scheme", "fund", "nature", "measure"]
STATEMENT = ["document_id", "source", "statement_no"]
SCALE = 1.6  # pixels a PDF point: 7 pt digits are still legible


def draw_sample(lines: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """`count` different lines: a quarter of rare kinds, a quarter of last pages, half of all lines."""
    lines = lines.with_columns(
        kind_size=pl.len().over(KIND), is_last_page=pl.col("page") == pl.col("page").max().over(STATEMENT), line=pl.int_range(pl.len())
    )
    several_pages = pl.col("page").n_unique().over(STATEMENT) > 1
    chance = Random(seed)
    pools = [
        (count // 4, lines.sort("kind_size", "line").head(max(count, lines.height // 20))),
        (count // 4, lines.filter(several_pages & pl.col("is_last_page"))),
        (count, lines),
    ]
    chosen: list[int] = []
    for share, pool in pools:
        candidates = [line for line in pool["line"].to_list() if line not in set(chosen)]
        chosen += chance.sample(candidates, min(share, len(candidates), count - len(chosen)))
    return lines.filter(pl.col("line").is_in(chosen)).drop("kind_size", "is_last_page", "line")


def _page_picture(document: pypdfium2.PdfDocument, page: int, box: tuple[float, ...] | None) -> Image.Image:
    picture: Image.Image = document[page - 1].render(scale=SCALE).to_pil().convert("RGB")
    if box is not None:
        x0, y0, x1, y1 = (side * SCALE for side in box)
        ImageDraw.Draw(picture).rectangle((x0 - 3, y0 - 3, x1 + 3, y1 + 3), outline="red", width=2)
    return picture


def _below(pictures: list[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (max(p.width for p in pictures), sum(p.height for p in pictures)), "white")
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height
    return sheet


def main() -> None:
    """Draw the sample and write its table and pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    files = {sha256(path.read_bytes()).hexdigest()[:16]: path for path in sorted(arguments.documents.rglob("*")) if path.is_file()}
    lines = pl.read_parquet(arguments.dataset / "budget_lines", hive_partitioning=True)
    documents = pl.read_parquet(arguments.dataset / "documents", hive_partitioning=True)
    of_files = documents.filter(status="published", media_type="application/pdf").select("document_id", "kind", "level", "file_name")
    lines = lines.join(of_files.rename({"kind": "document_kind", "level": "document_level"}), on="document_id")
    lines = lines.sort("document_id", "source", "statement_no", "row", "column")
    first_pages = lines.group_by(STATEMENT).agg(first_page=pl.col("page").min())
    sample = draw_sample(lines, arguments.lines, arguments.seed).join(first_pages, on=STATEMENT, maintain_order="left")
    arguments.out.mkdir(parents=True, exist_ok=True)
    sample.with_columns(line=pl.int_range(1, pl.len() + 1)).write_csv(arguments.out / "lines.csv")
    for number, line in enumerate(sample.iter_rows(named=True), start=1):
        with pypdfium2.PdfDocument(files[line["document_id"]]) as document:
            box = None if line["x0"] is None else (line["x0"], line["y0"], line["x1"], line["y1"])
            own = _page_picture(document, line["page"], box)
            first = [_page_picture(document, line["first_page"], None)] if line["first_page"] != line["page"] else []
            _below([*first, own]).save(arguments.out / f"{number:03}.png")


if __name__ == "__main__":
    main()
