"""The site as a whole: every file of it, from a published dataset.

    index.html, assets/                    the front end, as it was built (`bundle/`), with what the next file says in its page
    data/overview.json                     the start, and what values are called
    data/partitions.json                   what there is of each fiscal year and province
    data/provinces/<province>.json         bodies of a province
    data/departments/<id>.json             a body; projects/<id>.json its projects; disclosures/<id>.json what it disclosed last, so that
                                           both are asked for at once; disclosures/<disclosure>.json what it disclosed before
    data/documents/<id>.json               a document; lines/<id>.parquet its lines, identities/<id>.parquet what proves them
    data/marts/<mart>/<year>/<province>.parquet   marts, money in fen, for comparisons
    data/quality/<year>/<province>.json    documents of a partition and what is wrong in them
    data/search/<n>.json                   what can be searched for
    pages/<document>/<page>.webp           pages, where the documents are at hand

Every page reads the few files that it shows, however large the dataset is.

Belongs here: which files there are, in which order they are made, and how they come to stand in their folder. What stands in them is
made by the modules beside this one.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.publish.parquet import Partition
from pipeline.publish.versions.manifest import snapshot_in
from pipeline.site import pictures
from pipeline.site.bodies import Body, bodies_of, neighbours_of
from pipeline.site.files import plain_name, put_in_page, write_compressed, write_json, write_parquet
from pipeline.site.labels import detail_in_both, labels
from pipeline.site.pages.code_names import CodeNames
from pipeline.site.pages.departments import Published, by_body, department_page, disclosure_pages, projects_page
from pipeline.site.pages.documents import document_page, in_order, lines_file
from pipeline.site.pages.overview import COUNTED, overview, partitions_page, province_page
from pipeline.site.pages.proofs import identities_of
from pipeline.site.search import Entry, files_of, project_entries, unit_entries
from pipeline.site.tables import Tables, in_fen
from schemas.marts import (
    BUDGET_VS_FINAL,
    DEPARTMENT_PROFILE,
    MEASURES,
    SPENDING_BY_ECONOMIC,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC_MART,
    UNITS_AND_ASSETS,
)
from schemas.tables import (
    BUDGET_LINES,
    CHECKS,
    CODES,
    DOCUMENTS,
    FINDINGS,
    IDENTITY_EVIDENCE,
    KEY_FIGURES,
    OUTLIERS,
    PROJECTS,
    PUBLISHER_ERRORS,
)

COMPARED = (DEPARTMENT_PROFILE, SPENDING_BY_FUNCTION, SPENDING_BY_ECONOMIC, THREE_PUBLIC_MART, BUDGET_VS_FINAL, UNITS_AND_ASSETS)
"""Marts that comparisons read."""

MARK = "data/overview.json"
"""A folder that has this file is a site, and may be replaced by one."""

_ABOUT_DOCUMENTS = (IDENTITY_EVIDENCE, FINDINGS, PUBLISHER_ERRORS, CHECKS, KEY_FIGURES)
_SCHEMES_FOUND = {"function": (SPENDING_BY_FUNCTION, "expenditure"), "economic": (SPENDING_BY_ECONOMIC, "basic")}
"""Per classification the mart of its codes, and the figure that a comparison of a code shows."""
_LEVELS = (3, 5, 7)  # digits of 类, 款, 项
_SCHEME_OF = {"function": "function", "economic": "department_economic"}

_BODIES_FIRST = 5000  # weight in the search, over that of units

Told = Callable[[int, int, str], None]
"""Progress: how many bodies and partitions are done, of how many, and which was the last."""


class NotASite(ValueError):
    """The folder to write to holds something else, which would be lost."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        folder: the site.
        files, bytes: how much it is, pictures included.
        bodies, documents: how many have a page.
        pictures, picture_bytes: of these.
    """

    folder: Path
    files: int
    bytes: int
    bodies: int
    documents: int
    pictures: int
    picture_bytes: int


def bundle() -> Path:
    """Return the folder of the front end as it was built from `site/`."""
    return Path(str(resources.files("pipeline.site"))) / "bundle"


def refuse_other_folder(out: Path) -> None:
    """Refuse a folder that holds anything but a site.

    Raises:
        NotASite: it does.
    """
    if out.exists() and not out.is_dir():
        raise NotASite(f"{out} is a file: name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise NotASite(f"{out} holds other files and no site: name an empty or a new folder")


def pages_wanted(dataset: Path) -> dict[str, tuple[str, list[int]]]:
    """Return, by document, its media type and the pages that its lines and figures come from."""
    tables = Tables(dataset)
    found: dict[str, tuple[str, list[int]]] = {}
    for year, province in tables.partitions:
        documents = tables.read(DOCUMENTS, province=province, year=year).filter(pl.col("status") == "published")
        kinds = dict(documents.select("document_id", "media_type").iter_rows())
        where = ("document_id", "page")
        frames = [tables.read(table, province=province, year=year, columns=where) for table in (BUDGET_LINES, KEY_FIGURES)]
        printed = pl.concat(frames).drop_nulls().unique()
        for (document,), pages in (
            printed.sort("document_id", "page").partition_by("document_id", as_dict=True, maintain_order=True).items()
        ):
            found[str(document)] = (kinds[document], pages["page"].to_list())
    return found


def write_site(
    dataset: Path, out: Path, *, drawn: pictures.Plan | None = None, compressed: bool = False, told: Told | None = None
) -> Written:
    """Write the site of a dataset.

    Args:
        dataset: a published dataset.
        out: where; an older site there is replaced once the new one is whole.
        drawn: pages to draw, as `pictures.plan` finds them; None: none.
        compressed: write a copy in gzip beside each text file, for hosts that send such copies.
        told: is called with the progress.

    Raises:
        NotASite: `out` holds other files.
        OSError: it cannot be written.
    """
    refuse_other_folder(out)
    draft = out.parent / f".{out.name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(bundle(), draft, ignore=shutil.ignore_patterns("__pycache__"))
        number = _write_data(Tables(dataset), draft, drawn, told or (lambda *_: None))
        if compressed:
            write_compressed(draft)
        drawn_files = list((draft / "pages").rglob("*.webp"))
        files = [path for path in draft.rglob("*") if path.is_file()]
        written = Written(
            out,
            len(files),
            sum(path.stat().st_size for path in files),
            *number,
            len(drawn_files),
            sum(path.stat().st_size for path in drawn_files),
        )
        if out.exists():
            shutil.rmtree(out)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return written


def _write_data(tables: Tables, out: Path, drawn: pictures.Plan | None, told: Told) -> tuple[int, int]:
    """Write all files of data; return how many bodies and documents have a page."""
    data = out / "data"
    bodies = bodies_of(tables)
    names = CodeNames.of(tables.read(CODES))
    neighbours = neighbours_of(list(bodies.values()))
    steps = len(bodies) + len(tables.partitions)
    done = 0
    entries = [Entry("d", body.name, body.region_name or "", body.id, _BODIES_FIRST + max(body.years)) for body in bodies.values()]
    called = {body.id: body.name for body in bodies.values()}
    for province in tables.provinces:
        of_province = [body for body in bodies.values() if body.province == province]
        write_json(data / "provinces" / f"{plain_name(province)}.json", province_page(province, of_province))
        # Nothing of a province is held while the next one is read: the largest alone is what this takes.
        for own, published in by_body(partial(tables.read, province=province)):
            entries += _write_body(data, bodies[own], published, neighbours[own], names, called)
            done += 1
            told(done, steps, bodies[own].name)
            del published
    documents = 0
    marts = {}
    outliers = _rows_by_document(tables.read(OUTLIERS))
    for year, province in tables.partitions:
        documents += _write_documents(tables, out, (year, province), bodies, drawn, outliers)
        marts[year, province] = _write_marts(tables, data, year, province)
        done += 1
        told(done, steps, f"{year} {province}")
    entries += _code_entries(tables, names)
    files = files_of(entries)
    for number, rows in enumerate(files):
        write_json(data / "search" / f"{number}.json", rows)
    documents_known = tables.read(DOCUMENTS, columns=COUNTED)
    write_json(data / "partitions.json", partitions_page(tables, documents_known, marts))
    filled = {name for names_of_marts in marts.values() for name in names_of_marts}
    start = overview(tables, documents_known, bodies, snapshot_in(tables.dataset), filled)
    more = {"search_files": len(files), "pictures": drawn.number if drawn else 0, "labels": labels()}
    write_json(out / MARK, {**start, **more})
    put_in_page(out / "index.html", "overview", {**start, **more})
    return len(bodies), documents


def _write_body(
    data: Path, body: Body, published: Published, neighbours: Mapping[str, Any], names: CodeNames, called: Mapping[str, str]
) -> list[Entry]:
    """Write the pages of a body; return what can be searched for within it."""
    own = body.id
    write_json(data / "departments" / f"{plain_name(own)}.json", department_page(body, published, neighbours))
    pages = list(disclosure_pages(published, names)) or [(own, {})]
    for n, (disclosure, page) in enumerate(pages):
        write_json(data / "disclosures" / f"{plain_name(disclosure if n else own)}.json", page)
    write_json(data / "projects" / f"{plain_name(own)}.json", projects_page(published))
    lines = published.of(BUDGET_LINES.name)
    entries = unit_entries(Counter((own, line["unit"]) for line in lines if line["unit"]), called)
    printed = [line["name"] for line in lines if line["scheme"] == "project" and line["level"] > 0]
    described = [row["project"] for row in published.of(PROJECTS.name)]
    return entries + project_entries([(own, project) for project in {*printed, *described}], called)


def _write_documents(
    tables: Tables,
    out: Path,
    partition: Partition,
    bodies: Mapping[str, Body],
    drawn: pictures.Plan | None,
    outliers: Mapping[str, Sequence[Mapping[str, Any]]],
) -> int:
    """Write the documents of a partition and what is wrong in it; return how many documents have a page."""
    year, province = partition
    read = partial(tables.read, province=province, year=year)
    data = out / "data"
    documents = read(DOCUMENTS)
    about = {table.name: _rows_by_document(read(table), failed_only=table is CHECKS) for table in _ABOUT_DOCUMENTS}
    all_lines = read(BUDGET_LINES)
    lines, empty = all_lines.partition_by("document_id", as_dict=True), all_lines.clear()
    published = documents.filter(pl.col("status") == "published").unique("document_id", keep="first", maintain_order=True)
    shown = []
    for row in published.iter_rows(named=True):
        own = plain_name(row["document_id"])
        mine = in_order(lines.get((own,), empty))
        far = outliers.get(own, ())
        printed = mine.iter_rows(named=True) if far else ()
        told = (about[table.name].get(own, ()) for table in _ABOUT_DOCUMENTS)
        page = document_page(row, *told, outliers=far, lines=printed)
        write_parquet(data / "lines" / f"{own}.parquet", lines_file(mine))
        write_parquet(data / "identities" / f"{own}.parquet", identities_of(mine, row["statements"] or (), about[CHECKS.name].get(own, ())))
        page["pictures"] = _write_pictures(out / "pages" / own, own, row["media_type"], drawn)
        write_json(data / "documents" / f"{own}.json", page)
        shown.append(page)
    write_json(data / "quality" / str(year) / f"{province}.json", _quality(documents, shown, bodies))
    return len(shown)


def _write_marts(tables: Tables, data: Path, year: int, province: str) -> list[str]:
    """Write the marts of a partition; return which have rows."""
    filled = []
    for table in COMPARED:
        frame = tables.read(table, province=province, year=year)
        if frame.height:
            write_parquet(data / "marts" / table.name / str(year) / f"{plain_name(province)}.parquet", in_fen(frame))
            filled.append(table.name)
    return filled


def _write_pictures(folder: Path, document: str, kind: str, drawn: pictures.Plan | None) -> dict[str, list[float]]:
    """Write the pictures of a document's pages; return width, height and pixels per point of each."""
    written: dict[str, list[float]] = {}
    for picture in pictures.pictures_of(drawn, document, kind) if drawn else ():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{picture.page}.webp").write_bytes(picture.data)
        written[str(picture.page)] = [picture.width, picture.height, round(picture.scale, 6)]
    return written


def _rows_by_document(frame: pl.DataFrame, *, failed_only: bool = False) -> dict[str, list[dict[str, Any]]]:
    if failed_only:
        frame = frame.filter(pl.col("outcome") == "fail")
    parts = frame.partition_by("document_id", as_dict=True, maintain_order=True)
    return {str(document): part.to_dicts() for (document,), part in parts.items()}


def _quality(documents: pl.DataFrame, pages: Iterable[Mapping[str, Any]], bodies: Mapping[str, Body]) -> dict[str, Any]:
    """Return what became of the documents of a partition, and what is wrong in those that are published."""
    kept = (
        *("document_id", "file_name", "department", "department_id", "region_name", "fiscal_year", "province", "kind", "level", "status"),
        *("reason", "grade", "reconciled", "pages", "lines", "amounts_printed", "amounts_captured", "checks_passed", "checks_failed"),
    )
    wrong = [
        {
            "document_id": page["document_id"],
            "department": page["department"],
            "department_id": page["department_id"] if page["department_id"] in bodies else None,
            "region_name": page["region_name"],
            "fiscal_year": page["fiscal_year"],
            "kind": page["kind"],
            "source_url": page["source_url"],
            "file_name": page["file_name"],
            "errors": page["errors"],
            "findings": [row for row in page["findings"] if row["finding"] != "failed_identities" or row["cause"] != "publisher"],
            "outliers": page["outliers"],
            "pictures": page["pictures"],
        }
        for page in pages
        if page["errors"] or page["findings"] or page["outliers"]
    ]
    told = [{**row, "reason": detail_in_both(row["reason"])} for row in documents.select(kept).iter_rows(named=True)]
    return {"documents": told, "wrong": wrong}


def _code_entries(tables: Tables, names: CodeNames) -> list[Entry]:
    """Return entries of the codes that marts have, and of those above them: each with the amounts that a comparison of it shows."""
    found = []
    for scheme, (mart, figure) in _SCHEMES_FOUND.items():
        amounts = [f"{figure}_{measure}" for measure in MEASURES]
        used = tables.read(mart, columns=("code", "fiscal_year", "disclosure_id", *amounts)).filter(pl.col("code").is_not_null())
        years: dict[str, int] = {}
        newest: dict[str, tuple[int, bool, str]] = {}
        disclosures: dict[str, set[str]] = defaultdict(set)
        for code, year, disclosure, *values in used.iter_rows():
            stated = [(year, measure == "budget", measure) for measure, value in zip(MEASURES, values, strict=True) if value]
            for above in {code[:length] for length in _LEVELS if len(code) >= length}:
                years[above] = max(year, years.get(above, 0))
                if stated:
                    newest[above] = max(*stated, newest.get(above, stated[0]))
                    disclosures[above].add(disclosure)
        for code, year in sorted(years.items()):
            known = names.of_codes(_SCHEME_OF[scheme], {code, _above(code)}, year)
            where = f":{newest[code][0]}:{newest[code][2]}" if code in newest else ""
            if code in known:
                parent = known[_above(code)][0] if _above(code) in known else ""
                about = f"{code} {parent}".strip()
                found.append(Entry("c", known[code][0], about, f"{scheme}:{code}{where}", len(disclosures[code])))
    return found


def _above(code: str) -> str:
    """Return the code above a code; of a class nothing."""
    return code[: max((length for length in _LEVELS if length < len(code)), default=0)]
