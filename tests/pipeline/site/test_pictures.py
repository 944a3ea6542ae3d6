"""Pages are cut out of the documents: only those that lines come from, with boxes that lie on them."""

import io
import json
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from pipeline.site import pictures
from pipeline.site.writer import Written, pages_wanted
from tests.pipeline.site.made import write_documents


def test_only_pages_with_lines_or_figures_are_drawn(made: Path, site: Path, written: Written) -> None:
    tables = [pl.scan_parquet(made / table / "**" / "*.parquet").select("document_id", "page") for table in ("budget_lines", "key_figures")]
    printed = pl.concat(tables).unique().collect()
    kinds = dict(pl.scan_parquet(made / "documents" / "**" / "*.parquet").select("document_id", "media_type").collect().iter_rows())
    wanted = {(document, page) for document, page in printed.iter_rows() if page and kinds[document] == "application/pdf"}
    drawn = {(path.parent.name, int(path.stem)) for path in (site / "pages").rglob("*.webp")}
    assert drawn == wanted
    assert written.pictures == len(wanted) and written.picture_bytes > 0


def test_boxes_lie_on_the_pictures(site: Path) -> None:
    tried = 0
    for path in (site / "data" / "documents").iterdir():
        document = json.loads(path.read_text(encoding="utf-8"))
        lines = pl.read_parquet(site / "data" / "lines" / f"{path.stem}.parquet")
        for page, (width, height, scale) in document["pictures"].items():
            with Image.open(site / "pages" / path.stem / f"{page}.webp") as image:
                assert image.size == (width, height)
            for x0, y0, x1, y1 in lines.filter(pl.col("page") == int(page)).select("x0", "y0", "x1", "y1").iter_rows():
                assert 0 <= x0 < x1 <= width / scale + 1 and 0 <= y0 < y1 <= height / scale + 1
                tried += 1
    assert tried > 1000


def test_a_number_is_printed_where_its_box_says(site: Path) -> None:
    """Within a box there is ink, on a page of which most is white."""
    path = next((site / "data" / "documents").iterdir())
    path = next(p for p in (site / "data" / "documents").iterdir() if json.loads(p.read_text(encoding="utf-8"))["pictures"])
    (page, (_, _, scale)), *_ = json.loads(path.read_text(encoding="utf-8"))["pictures"].items()
    with Image.open(site / "pages" / path.stem / f"{page}.webp") as image:
        grey = image.convert("L")
    lines = pl.read_parquet(site / "data" / "lines" / f"{path.stem}.parquet").filter(pl.col("page") == int(page))
    for box in lines.select("x0", "y0", "x1", "y1").head(20).iter_rows():
        darkest, _ = grey.crop(tuple(round(side * scale) for side in box)).getextrema()
        assert darkest < 110


def test_number_and_size_are_told_before(made: Path, tmp_path: Path, written: Written) -> None:
    wanted = pages_wanted(made)
    plan = pictures.plan(write_documents(tmp_path / "documents"), wanted)
    assert plan.number == written.pictures and not plan.missing
    size = pictures.estimate(plan, {document: kind for document, (kind, _) in wanted.items()})
    assert size == pytest.approx(written.picture_bytes, rel=0.25)


def test_documents_that_are_not_there_are_named(made: Path, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    wanted = pages_wanted(made)
    plan = pictures.plan(tmp_path / "documents", wanted)
    assert plan.number == 0
    assert set(plan.missing) == {document for document, (kind, _) in wanted.items() if kind == "application/pdf"}
    assert pictures.estimate(plan, {}) == 0


def test_a_page_that_cannot_be_drawn_is_left_out(made: Path, tmp_path: Path) -> None:
    wanted = {document: (kind, [*pages, 9999]) for document, (kind, pages) in pages_wanted(made).items()}
    plan = pictures.plan(write_documents(tmp_path / "documents"), wanted)
    document = next(iter(plan.pages))
    drawn = list(pictures.pictures_of(plan, document, "application/pdf"))
    assert [picture.page for picture in drawn] == list(plan.pages[document])[:-1]
    assert Image.open(io.BytesIO(drawn[0].data)).format == "WEBP"
