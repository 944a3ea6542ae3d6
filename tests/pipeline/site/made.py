"""A dataset of documents that this project prints itself, to make sites of: budgets of two years, a final account, hostile names."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from pipeline.budget.codes.attestations import mentions_of_codes
from pipeline.budget.filing import UNKNOWN_YEAR
from pipeline.document.inputs.sources import Hint
from pipeline.document.media_types import media_type
from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.dimensions import LISTS, mined_dimensions
from pipeline.publish.outliers import cells_of
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.samples.layouts import CATALOGUE, print_budget
from pipeline.samples.sample_budget import Budget, random_budget
from pipeline.stages.reading import read_document
from pipeline.store.frames import SourceFacts, document_frames
from schemas.tables import BUDGET_LINES, DOCUMENTS, KEY_FIGURES, PARTITIONED, PROJECTS

LAYOUTS = {layout.name: layout for layout in CATALOGUE}
HOSTILE = '<img src=x onerror="document.title=1">'
TURNED = "\u202egro.elpmaxe\u202c"
LONG = "长" * 300
FORMULA = "=1+1"
VEHICLES = 4


def budget(seed: int, year: int) -> Budget:
    drawn = random_budget(Random(seed), funds=("general_public", "government_fund", "business"))
    return replace(drawn, fiscal_year=year)


def documents() -> Iterator[tuple[str, bytes]]:
    """File names and bytes: the embedded samples; of one body two budgets and the account of the second."""
    for path in sorted(SAMPLES.iterdir()):
        yield path.name, path.read_bytes()
    first = budget(5, 2024)
    yield "first.pdf", print_budget(first, LAYOUTS["plain"]).data
    second = replace(budget(6, 2025), department=first.department, units=first.units)
    yield "second.pdf", print_budget(second, LAYOUTS["plain"]).data
    yield "account.pdf", print_budget(second, LAYOUTS["final account, plainer"]).data
    yield "units.pdf", print_budget(random_units(), LAYOUTS["unit rows"]).data
    yield "empty.pdf", b""


def random_units() -> Budget:
    return replace(random_budget(Random(11), units=3), fiscal_year=2024)


def frames() -> dict[str, pl.DataFrame]:
    """The tables of all documents; those that state how many vehicles they own state `VEHICLES`, not none."""
    read = []
    for name, data in documents():
        facts = SourceFacts(name, hashlib.sha256(data).hexdigest(), len(data), media_type(data))
        read.append(document_frames(read_document(data, Hint()), facts))
    made = {table.name: pl.concat([tables[table.name] for tables in read]) for table in PARTITIONED}
    owned = pl.when(pl.col("indicator") == "vehicles_owned").then(pl.lit(VEHICLES, dtype=pl.Decimal(18, 2))).otherwise("value")
    made[KEY_FIGURES.name] = made[KEY_FIGURES.name].with_columns(value=owned)
    return made


def hostile(tables: dict[str, pl.DataFrame], file_name: str) -> dict[str, pl.DataFrame]:
    """The tables with names in one document that a page must show as text, and a spreadsheet must not run."""
    own = tables[DOCUMENTS.name].filter(pl.col("file_name") == file_name)["document_id"][0]
    mine = pl.col("document_id") == own
    named = {
        name: frame.with_columns(department=pl.when(mine).then(pl.lit(HOSTILE)).otherwise("department")) for name, frame in tables.items()
    }
    rank = pl.int_range(pl.len()).over("document_id")
    names = pl.when(rank % 4 == 0).then(pl.lit(HOSTILE)).when(rank % 4 == 1).then(pl.lit(TURNED)).when(rank % 4 == 2).then(pl.lit(LONG))
    named[BUDGET_LINES.name] = named[BUDGET_LINES.name].with_columns(
        name=pl.when(mine & (pl.col("level") > 0) & pl.col("code").is_null()).then(names.otherwise(pl.lit(FORMULA))).otherwise("name")
    )
    named[PROJECTS.name] = named[PROJECTS.name].with_columns(goal=pl.when(mine).then(pl.lit(HOSTILE)).otherwise("goal"))
    return named


def make_dataset(folder: Path, *, tables: dict[str, pl.DataFrame] | None = None) -> Path:
    """Publish the dataset in `folder`."""
    tables = tables or frames()
    dimensions = {name: make() for name, make in LISTS.items()} | mined_dimensions(
        mentions_of_codes(tables[BUDGET_LINES.name]), tables[DOCUMENTS.name], cells_of(tables[BUDGET_LINES.name])
    )
    return publish(folder, split_by_partition(tables), dimensions).folder


def write_documents(folder: Path) -> Path:
    """Write the documents themselves into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in documents():
        (folder / name).write_bytes(data)
    return folder


def years(dataset: Path) -> set[int]:
    found = pl.scan_parquet(dataset / "documents" / "**" / "*.parquet", hive_partitioning=True).select("fiscal_year").collect()
    return set(found["fiscal_year"]) - {UNKNOWN_YEAR}


def whole_pages(site: Path) -> list[Any]:
    """The pages of all bodies, each disclosure with all that is shown of it."""
    found = []
    for path in sorted((site / "data" / "departments").iterdir()):
        page = json.loads(path.read_text(encoding="utf-8"))
        for n, one in enumerate(page["disclosures"]):
            name = one["disclosure_id"] if n else page["id"]
            one |= json.loads((site / "data" / "disclosures" / f"{name}.json").read_text(encoding="utf-8"))
        found.append(page)
    return found
