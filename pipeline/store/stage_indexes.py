"""The index of a stage over the documents of a partition: which result each has, and what can be counted in it.

Belongs here: counting in stored results, and having a stage redone. What the columns mean is declared in `schemas.stage_index_columns`;
what must hold of them is in `pipeline.checks.of_partitions.stage_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import polars as pl

from pipeline.budget.amounts import AMOUNT
from pipeline.budget.characters import fold
from pipeline.budget.codes.book import code_book
from pipeline.budget.sums import CODED
from pipeline.document.content import Page
from pipeline.document.inputs.sources import Source
from pipeline.stages.coding import Coded
from pipeline.stages.extraction import Extracted
from pipeline.stages.recognition import Recognised
from pipeline.store.catalogue import MapDocuments, Task, chain_of, refreshed, sources_of
from pipeline.store.chain import Chain, Stage
from pipeline.store.results import DamagedResult, ResultStore
from schemas.export import polars_schema
from schemas.stage_index_columns import STAGE_INDEXES

_SENTENCES_OF_A_TABLE_PAGE = 2
"""Sentence stops on a page of tables at most: notes below a table are one or two sentences."""

_LEAST_LOOSE = 4
"""Amounts outside every cell that make a page without sentences look like a table that was not found."""

_MAIN_CODE = 3
"""Digits of the codes at the top of a hierarchy, which have no parent; each level below adds two."""

_DIGITS_OF_A_LEVEL = 2

Row = dict[str, Any]


def redo_stages(
    listed: pl.DataFrame, stages: Collection[Stage], store: ResultStore, versions: Mapping[Stage, str], run: MapDocuments
) -> dict[str, str]:
    """Make stages of documents again, though stored results fit; what follows them is made again only where a result came out otherwise.

    Args:
        listed: rows of the catalogue.
        stages: to be made again.
        store: results of stages.
        versions: of the stages.
        run: takes documents through the stages.

    Returns:
        sha256 of documents that broke down → why.
    """
    sources = _documents(listed)
    last = max(stages, key=list(Stage).index)
    until = Stage.CODING if last is Stage.RECOGNITION else last
    tasks = [Task(source, store.folder, versions, redo=tuple(stages), until=until) for source in sources.values()]
    return {outcome.task.source.sha256: outcome.failure for outcome in run(tasks) if outcome.failure is not None}


def stage_index(
    stage: Stage,
    listed: pl.DataFrame,
    store: ResultStore,
    versions: Mapping[Stage, str],
    run: MapDocuments,
    failures: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return the index of a stage over documents; results that are missing or damaged are made.

    Args:
        stage: whose results are listed.
        listed: rows of the catalogue.
        store: results of stages.
        versions: of the stages.
        run: takes documents through the stages.
        failures: sha256 of documents that broke down just now → why; None: those that broke down when they were listed.

    Returns:
        One row per document, sorted by its id, with the columns of `STAGE_INDEXES[stage]`.
    """
    broke = listed.filter(pl.col("primary"), pl.col("checked").is_null(), pl.col("sha256") != "")
    broken = dict(broke.select("sha256", "reason").rows()) if failures is None else dict(failures)
    if stage is Stage.CHECKING:
        rows = _rows_of_checking(refreshed(listed, store, versions, run), broken)
    else:
        rows = _rows_of(stage, _documents(listed), store, versions, run, broken)
    known = {row["document_id"] for row in rows}
    rows += [
        {"document_id": row["document_id"], "file_name": row["file_name"], "failure": broken.get(row["sha256"]) or row["reason"]}
        for row in listed.filter(pl.col("primary")).iter_rows(named=True)
        if row["document_id"] not in known
    ]
    return pl.DataFrame(rows, schema=polars_schema(STAGE_INDEXES[stage]), orient="row").sort("document_id", "file_name")


def _documents(listed: pl.DataFrame) -> dict[str, Source]:
    """Return one source per document that has bytes, by hash."""
    return {source.sha256: source for source in sources_of(listed.filter(pl.col("primary"))) if source.sha256}


def _rows_of(
    stage: Stage,
    documents: Mapping[str, Source],
    store: ResultStore,
    versions: Mapping[Stage, str],
    run: MapDocuments,
    broken: dict[str, str],
) -> list[Row]:
    # Titles, columns and units are understood while lines are coded, so that the index of recognition looks there.
    shown = Stage.CODING if stage is Stage.RECOGNITION else stage

    def row_of(source: Source) -> Row | None:
        chain = chain_of(source, store, versions)
        try:
            return _COUNTS[stage](chain) | {"result": chain.stored(stage)[1], **_names(source)}
        except DamagedResult:
            return None

    rows = {sha: row for sha, source in documents.items() if sha not in broken and (row := row_of(source)) is not None}
    missing = [source for sha, source in documents.items() if sha not in rows and sha not in broken]
    for outcome in run([Task(source, store.folder, versions, until=shown) for source in missing]) if missing else ():
        source = outcome.task.source
        row = None if outcome.failure else row_of(source)
        if row is None:
            broken[source.sha256] = outcome.failure or "What was made of the document could not be kept."
        else:
            rows[source.sha256] = row
    return list(rows.values())


def _names(source: Source) -> Row:
    return {"document_id": source.sha256[:16], "file_name": source.file_name}


def _rows_of_checking(checked: pl.DataFrame, broken: Mapping[str, str]) -> list[Row]:
    columns = [name for name in polars_schema(STAGE_INDEXES[Stage.CHECKING]) if name in checked.columns]
    own = checked.filter(pl.col("primary"), pl.col("content").is_not_null(), ~pl.col("sha256").is_in(list(broken)))
    return own.select(*columns, result="content").to_dicts()


def _of_extraction(chain: Chain) -> Row:
    extracted: Extracted = chain.stored_value(Stage.EXTRACTION)
    content = extracted.content
    if content is None:
        return {"failure": extracted.refused}
    grids = [grid for page in content.pages for grid in page.grids]
    texts = [cell.text for grid in grids for cell in grid.cells if cell.text]
    return {
        "media_type": extracted.media_type,
        "reader": content.reader,
        "pages": len(content.pages),
        "grids": len(grids),
        "cells": len(texts),
        "amounts_in_cells": sum(AMOUNT.search(fold(text)) is not None for text in texts),
        "amounts_outside": sum(len(page.loose_amounts) for page in content.pages),
        "pages_with_loose_amounts": sum(map(_looks_like_a_lost_table, content.pages)),
        "warnings": len(content.warnings),
    }


def _looks_like_a_lost_table(page: Page) -> bool:
    if len(page.loose_amounts) < _LEAST_LOOSE:
        return False
    return sum(line.text.count("。") for line in page.lines) <= _SENTENCES_OF_A_TABLE_PAGE


def _of_recognition(chain: Chain) -> Row:
    recognised: Recognised | None = chain.stored_value(Stage.RECOGNITION)
    coded: Coded | None = chain.stored_value(Stage.CODING)
    if recognised is None:
        return {"failure": "The document could not be read."}
    identity = recognised.identity
    statements = coded.statements if coded else ()
    return {
        "fiscal_year": identity.fiscal_year,
        "province": identity.province,
        "department": identity.department,
        "kind": identity.kind,
        "level": identity.level,
        "unpublishable": identity.unpublishable,
        "contradictions": len(identity.contradictions),
        "statements": len(statements),
        "kinds": [statement.kind for statement in statements],
        "titles": [statement.title for statement in statements],
        "units": [statement.unit_text for statement in statements],
        "titles_unknown": sum(statement.unknown_title is not None for statement in statements),
        "headers_unknown": sum(len(statement.unknown) for statement in statements),
        "statements_without_unit": len(coded.without_unit) if coded else 0,
    }


def _of_coding(chain: Chain) -> Row:
    coded: Coded | None = chain.stored_value(Stage.CODING)
    if coded is None:
        return {}
    book = code_book()
    of_tables = [line for statement in coded.statements for line in statement.lines if line.scheme in CODED and line.level]
    codes = {(line.scheme, line.code) for line in of_tables if line.code is not None}
    orphans = [code for scheme, code in codes if len(code) > _MAIN_CODE and not book.knows(scheme, code[:-_DIGITS_OF_A_LEVEL])]
    return {
        "lines": len(coded.lines),
        "lines_coded": sum(line.code is not None for line in of_tables),
        "lines_uncoded": sum(line.code is None for line in of_tables),
        "codes_without_parent": len(orphans),
        "lines_of_narrative": len(coded.narrative.lines),
        "projects": len(coded.projects),
        "performance_indicators": len(coded.indicators),
    }


_COUNTS: Mapping[Stage, Callable[[Chain], Row]] = {
    Stage.EXTRACTION: _of_extraction,
    Stage.RECOGNITION: _of_recognition,
    Stage.CODING: _of_coding,
}
