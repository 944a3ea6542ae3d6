"""One document looked at closely: what it is, its statements as tables, its checks, what was not understood.

Belongs here: putting one reading before people, on the terminal or drawn over a page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import RenderableType

from assets.cli.terminal import plain, table
from pipeline.checks.advice import advice_on
from pipeline.document.content import Box, UnreadableDocument
from pipeline.document.display.page_labels import Mark
from pipeline.document.inputs.archives import archive_at
from pipeline.document.inputs.sources import Source
from pipeline.document.media_types import media_type
from pipeline.document.registry import as_read, drawer_for, read_content
from pipeline.store.catalogue import Task, chain_of, facts_of, unreadable_frames
from pipeline.store.chain import stage_versions
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.worker_server import Desk
from pipeline.store.results import ResultStore
from pipeline.store.workers import in_processes
from schemas.tables import DOCUMENT_KEYS

Frames = Mapping[str, pl.DataFrame]

_CELL, _PROVEN, _STATED, _AMBIGUOUS, _FAILED, _LOOSE = "#b0b0b0", "#1a8f3c", "#2266cc", "#e08a00", "#d01515", "#c000c0"
LEGEND = (
    "grey: a cell · green: an amount that an identity proves · blue: read, in no identity that passed · "
    "orange: ambiguous · red: an identity contradicts it · violet: an amount that is in no cell and was not taken"
)


class NoPicture(Exception):
    """The page cannot be drawn; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A page to be drawn, as it is sent to a worker process: boxes to mark, and cells (address, label, colour) where it has no paper."""

    source: Source
    page: int
    marks: tuple[Mark, ...]
    addressed: tuple[tuple[str, str, str], ...] = ()


def tables_of(source: Source, results: Path) -> Frames:
    """Return what one document says, a frame per table: as it was read before, or read now in a worker process.

    Args:
        source: the document.
        results: folder of the results of stages.
    """
    store, versions = ResultStore(results), stage_versions()
    reason = source.unavailable
    if reason is None:
        reason = next(iter(in_processes(1)([Task(source, store.folder, versions)]))).failure
    return unreadable_frames(reason, facts_of(source)) if reason is not None else chain_of(source, store, versions).frames()


def draw(source: Source, frames: Frames, page: int, image: Path) -> None:
    """Draw one page, or one sheet, with its recognised cells, what was made of them, and the amounts that identities contradict.

    Raises:
        NoPicture: it has no pages, there is no such page, or the image cannot be written.
    """
    if drawer_for(frames["documents"]["media_type"][0]) is None:
        raise NoPicture(f"{source.file_name} has no pages or sheets that can be drawn.")
    lines = frames["budget_lines"].filter(pl.col("page") == page)
    marks = tuple(Mark(_box_of(line), *_said(line)) for line in lines.filter(pl.col("x0").is_not_null()).iter_rows(named=True))
    addressed = tuple((line["cell"], *_said(line)) for line in lines.filter(pl.col("cell").is_not_null()).iter_rows(named=True))
    for outcome in in_workers(_draw, [_Drawing(source, page, marks, addressed)], bytes, file_of=_file_of, workers=1):
        if outcome.result is None:
            raise NoPicture(outcome.failure or "The page cannot be drawn.")
        try:
            image.write_bytes(outcome.result)
        except OSError as error:
            raise NoPicture(f"{image} cannot be written: {error}") from None


def has_failed(checks: pl.DataFrame) -> bool:
    """Tell whether any check fails as an error."""
    return not checks.filter((pl.col("outcome") == "fail") & (pl.col("severity") == "error")).is_empty()


def _box_of(line: Mapping[str, Any]) -> Box:
    return Box(*(float(line[name]) for name in ("x0", "y0", "x1", "y1")))


def _said(line: Mapping[str, Any]) -> tuple[str, str]:
    """Return label and colour of a line's mark."""
    if line["column_evidence"] == "ambiguous":
        colour = _AMBIGUOUS
    elif line["contradictions"]:
        colour = _FAILED
    else:
        colour = _PROVEN if line["proofs"] else _STATED
    # A row is named by its code, a column by its total: longer labels would cover the numbers beside them.
    return line["code"] or f"{line['fund'] or '?'} {line['nature'] or '?'}", colour


def _file_of(drawing: _Drawing) -> Path | None:
    return None if drawing.source.path is None else archive_at(drawing.source.path)


def _draw(drawing: _Drawing, desk: Desk) -> bytes:
    """Draw a page, in a worker process, and return it as PNG."""
    data = as_read(drawing.source.proven(desk.read(), desk.programs), desk.programs)
    drawer = drawer_for(media_type(data))
    pages = read_content(data).pages if drawer else ()
    if drawer is None or not 1 <= drawing.page <= len(pages):
        raise UnreadableDocument(f"There is no page {drawing.page}: the document has {len(pages)}.")
    page = pages[drawing.page - 1]
    cells = [Mark(cell.box, "", _CELL) for grid in page.grids for cell in grid.cells]
    places = {cell.address: cell.box for grid in page.grids for cell in grid.cells if cell.address}
    marks = [*drawing.marks, *(Mark(places[at], *said) for at, *said in drawing.addressed if at in places)]
    taken = [mark.box for mark in marks]
    loose = [Mark(word.box, "", _LOOSE) for word in page.loose_amounts if not any(_holds(box, word.box) for box in taken)]
    drawn = io.BytesIO()
    drawer.draw(data, drawing.page, [*cells, *marks, *loose]).save(drawn, "PNG")
    return drawn.getvalue()


def _holds(outer: Box, inner: Box) -> bool:
    """Tell whether the middle of `inner` stands in `outer`."""
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def summary_of(frames: Frames) -> dict[str, Any]:
    """Return one document for machines: its row of `documents`, and all rows of the other tables without the document keys."""
    rest = {name: frame.drop(DOCUMENT_KEYS).to_dicts() for name, frame in frames.items() if name != "documents"}
    return {"document": frames["documents"].row(0, named=True), **rest}


def told(frames: Frames, page: int | None = None) -> Iterator[RenderableType]:
    """Yield one document for people; with `page`, only the statements that stand on it."""
    document = frames["documents"].row(0, named=True)
    yield from _identity(document)
    lines = frames["budget_lines"]
    if page is not None:
        lines = lines.filter(pl.col("page") == page)
    for number in lines.filter(pl.col("source") == "table")["statement_no"].unique().sort():
        yield ""
        yield _statement(lines.filter(pl.col("statement_no") == number))
    yield from _narrative(lines.filter(pl.col("source") == "narrative"))
    if page is None:
        yield from _others(frames)
        empty = [name for name in document["statements"] if name not in set(lines["statement"])]
        if empty:
            yield f"\nStatements without an amount: {', '.join(dict.fromkeys(empty))}"
    yield from _checks(frames["checks"])
    yield from _not_understood(document, frames["findings"], lines)


def _identity(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield f"[bold]{plain(document['department'] or 'Department unknown')}[/]  {document['document_id']}"
    place = " ".join(str(document[name]) for name in ("province", "region_code", "region_name") if document[name])
    year, level = document["fiscal_year"] or "an unknown year", document["level"] or "level unknown"
    yield f"{document['kind'] or 'kind unknown'} of {year}, {level}, {place}"
    if document["parent_department"]:
        yield f"under {plain(document['parent_department'])}"
    pages = f"{document['pages']} pages, " if document["pages"] else ""
    yield f"{document['media_type']}, {document['bytes']} bytes, {pages}reader {document['reader'] or 'none'}"
    advice = advice_on(document["reason"] or "")
    reason = f": {plain(document['reason'])}{f' → {advice}' if advice else ''}" if document["reason"] else ""
    yield f"[{'green' if document['status'] == 'published' else 'yellow'}]{document['status']}[/]{reason}"


def _statement(lines: pl.DataFrame) -> RenderableType:
    first = lines.row(0, named=True)
    pages = lines["page"].drop_nulls().unique().sort().to_list()
    where = f", page {pages[0]}" + (f"–{pages[-1]}" if len(pages) > 1 else "") if pages else ""
    heads = {number: _head(number, own) for (number,), own in lines.sort("column").group_by("column", maintain_order=True)}
    title = f"{first['statement_no']}. {plain(first['statement_title'] or '')} [dim]{first['statement']}, {first['unit_text']}{where}[/]"
    shown = table(title, "code", "name", *heads.values(), right=tuple(heads.values()))
    unit = None
    # the halves of a summary stand side by side in print, each with names of its own
    for _, row in lines.sort("row", "column").group_by("row", "flow", maintain_order=True):
        head = row.row(0, named=True)
        amounts = {line["column"]: _amount(line) for line in row.iter_rows(named=True)}
        name = "  " * max(0, (head["level"] or 0) - 1) + plain(head["name"])
        if head["unit"] != unit:
            unit = head["unit"]
            shown.add_row("", f"[bold]{plain(unit or 'the whole department')}[/]")
        shown.add_row(head["code"] or "", name, *(amounts.get(column, "") for column in heads))
    return shown


def _head(number: Any, column: pl.DataFrame) -> str:
    """Name a column by what its amounts have in common; the rest is named by its rows."""
    parts = []
    for attribute in ("fund", "nature", "measure"):
        said = column[attribute].unique().to_list()
        part = "(by row)" if len(said) > 1 else said[0] or "?"
        if attribute != "measure" or part != "budget":
            parts.append(part)
    return f"{number}: " + " ".join(parts)


def _amount(line: Mapping[str, Any]) -> str:
    text = plain(line["amount_text"])
    match line["column_evidence"]:
        case "ambiguous":
            return f"[yellow]{text}?[/]"
        case "solved":
            return f"[cyan]{text}[/]"
        case _:
            return text


def _narrative(lines: pl.DataFrame) -> Iterator[RenderableType]:
    if lines.height:
        shown = table("\nNarrative", "statement", "code", "name", "fund", "nature", "amount", right=("amount",))
        for line in lines.sort("row").iter_rows(named=True):
            values = (line["statement"], line["code"] or "", plain(line["name"]), line["fund"] or "?", line["nature"] or "?")
            shown.add_row(*values, f"{plain(line['amount_text'])} {line['unit_text']}")
        yield shown


def _others(frames: Frames) -> Iterator[RenderableType]:
    others = {"year_on_year": "changes on the year before", "key_figures": "key figures", "projects": "projects"}
    others["performance_indicators"] = "performance indicators"
    found = [f"{frames[name].height} {words}" for name, words in others.items() if frames[name].height]
    if found:
        yield f"\n{', '.join(found)}"


def _checks(checks: pl.DataFrame) -> Iterator[RenderableType]:
    if checks.is_empty():
        return
    outcomes = dict(checks["outcome"].value_counts().iter_rows())
    yield (
        f"\n[bold]Checks[/]: {outcomes.get('pass', 0)} passed, {outcomes.get('fail', 0)} failed, "
        f"{outcomes.get('not_applicable', 0)} not applicable"
    )
    failed = checks.filter(pl.col("outcome") == "fail")
    if failed.height:
        shown = table(None, "id", "severity", "statement", "subject", "expected", "actual", "detail", right=("expected", "actual"))
        for row in failed.iter_rows(named=True):
            colour = "red" if row["severity"] == "error" else "yellow"
            numbers = ("" if row[name] is None else f"{row[name].normalize():f}" for name in ("expected", "actual"))
            words = (row["statement"] or "", plain(row["subject"]))
            shown.add_row(row["check_id"], f"[{colour}]{row['severity']}[/]", *words, *numbers, plain(row["detail"]))
        yield shown


def _not_understood(document: Mapping[str, Any], findings: pl.DataFrame, lines: pl.DataFrame) -> Iterator[RenderableType]:
    lost = (document["amounts_printed"] or 0) - (document["amounts_captured"] or 0)
    ambiguous = lines.filter(pl.col("column_evidence") == "ambiguous").height
    if not (lost or ambiguous or findings.height):
        yield "\nNothing was left open."
        return
    yield f"\n[bold]Not understood[/]: {lost} printed amounts not captured, {ambiguous} with an ambiguous column"
    if findings.height:
        shown = table(None, "finding", "subject", "times", "page", "detail", right=("times", "page"))
        for row in findings.iter_rows(named=True):
            shown.add_row(row["finding"], plain(row["subject"]), str(row["frequency"]), str(row["page"] or ""), plain(row["detail"]))
        yield shown
