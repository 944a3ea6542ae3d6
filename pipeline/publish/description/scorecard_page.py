"""The scorecard as one page of HTML that needs no server: how good the dataset is, why identities fail, each document's statements.

Belongs here: what stands on the page. How it looks is in `scorecard.html.j2`; the measures are in `pipeline/checks/scorecard.py`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
from markupsafe import Markup

from pipeline.checks.scorecard import document_scores, identity_scores, overall
from pipeline.publish.versions.kept_versions import history, versions_folder
from pipeline.publish.versions.manifest import MANIFEST
from schemas import columns as c
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, FINDINGS, Table

_TABLES = (DOCUMENTS, BUDGET_LINES, CHECKS, FINDINGS)
_WORST = 25
_MOST_LINES = 20_000
"""Up to so many lines all statements are shown; of a larger dataset those of documents with contradictions."""

_TREND = (
    ("complete and reconciled", "headline", True),
    ("amounts captured", "captured_rate", True),
    ("checks passed", "pass_rate", True),
    ("documents published", "published", True),
    ("documents quarantined", "quarantined", False),
    ("checks failed as errors", "checks_failed", False),
    ("warnings", "checks_warned", False),
    ("lines", "lines", True),
    ("lines ambiguous", "lines_ambiguous", False),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dataset, as the page compares them."""

    name: str
    snapshot: str | None
    documents: pl.DataFrame
    lines: pl.DataFrame
    checks: pl.DataFrame
    findings: pl.DataFrame

    @property
    def scores(self) -> pl.DataFrame:
        """The scores of each document."""
        return document_scores(self.documents, self.lines, self.checks)


def version_before(dataset: Path) -> Path | None:
    """Return the folder of the version that was published before this one, if it is kept."""
    kept = [snapshot for snapshot in history(dataset)[:-1] if (versions_folder(dataset) / snapshot / MANIFEST).is_file()]
    return versions_folder(dataset) / kept[-1] if kept else None


def read_version(folder: Path) -> Version:
    """Read what the page needs of a published dataset, or of a kept version of one; what an older structure lacks is null."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    frames = [pl.scan_parquet(folder / table.name / "**" / "*.parquet", hive_partitioning=True).collect() for table in _TABLES]
    return Version(folder.name, manifest.get("snapshot"), *(_whole(frame, table) for frame, table in zip(frames, _TABLES, strict=True)))


def _whole(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    missing = {name: dtype for name, dtype in polars_schema(table).items() if name not in frame.columns}
    return frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in missing.items())


def scorecard_page(version: Version, before: Version | None = None, originals: Path | None = None) -> str:
    """Return the page.

    Args:
        version: the dataset.
        before: an older version of it, to show the trend.
        originals: folder with the documents, for links to their pages where no address on the web is known.
    """
    scores = version.scores
    published = scores.filter(pl.col("status") == "published")
    shown = scores if version.lines.height <= _MOST_LINES else scores.filter(pl.col("grade") == "C")
    flawed = (pl.col("failed") + pl.col("warned") + pl.col("ambiguous") > 0) | ~pl.col("complete").fill_null(True)
    worst = published.filter(flawed).sort(
        pl.col("failed"),
        pl.col("captured_rate").fill_null(1),
        pl.col("warned"),
        pl.col("document_id"),
        descending=[True, False, True, False],
    )
    import jinja2  # only whoever asks for the page needs it, every build imports this module

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"share": _share, "number": lambda value: f"{value:,}"}
    meanings = dict(c.CHECK_ID.values)
    proven = (version.lines["proofs"] > 0).mean() if version.lines.height else None
    return environment.get_template("scorecard.html.j2").render(
        name=version.name,
        snapshot=version.snapshot,
        total=overall(scores),
        lines={"proven": proven, "contradicted": int((version.lines["contradictions"] > 0).sum())},
        grades=_grades(scores),
        causes=causes_of(version.findings),
        trend=trend_of(version, before) if before else None,
        worst=worst.head(_WORST).to_dicts(),
        identities=[{**row, "meaning": meanings[row["check_id"]]} for row in identity_scores(version.checks).to_dicts()],
        documents=_documents(version, shown, originals),
        left_out=scores.height - shown.height,
    )


def _grades(scores: pl.DataFrame) -> list[dict[str, Any]]:
    counted = dict(scores.group_by("grade").len().iter_rows())
    meanings = [*c.GRADE.values.items(), (None, "not published")]
    return [{"grade": grade, "documents": counted[grade], "meaning": meaning} for grade, meaning in meanings if counted.get(grade)]


def causes_of(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one row per severity and cause of failed identities: `findings`, `documents`, `identities` (broken), `meaning`."""
    counted = (
        findings.filter(pl.col("cause").is_not_null())
        .group_by("severity", "cause")
        .agg(findings=pl.len(), documents=pl.col("document_id").n_unique(), identities=pl.col("identities").list.len().sum())
        .sort("severity", "identities", "cause", descending=[False, True, False])
    )
    return [{**row, "meaning": c.CAUSE.values.get(row["cause"], "")} for row in counted.to_dicts()]


def trend_of(now: Version, before: Version) -> dict[str, Any]:
    """Return what changed between two versions: the measures of the scorecard, and the documents whose grade changed."""
    new, old = overall(now.scores), overall(before.scores)
    rows = []
    for measure, name, more_is_better in _TREND:
        one, other = getattr(old, name), getattr(new, name)
        if one is None or other is None:
            continue
        change = other - one
        direction = "" if not change else "up" if (change > 0) == more_is_better else "down"
        is_share = isinstance(other, float)
        said = f"{100 * change:+.1f} points" if is_share else f"{change:+,}"
        rows.append(
            {
                "measure": measure,
                "before": _formatted(one),
                "now": _formatted(other),
                "change": said if change else "–",
                "direction": direction,
            }
        )
    grades = [{(r["document_id"], r["file_name"]): r for r in v.scores.iter_rows(named=True)} for v in (before, now)]
    moved = [
        {"label": row["department"] or row["file_name"], "before": grades[0][key]["grade"], "now": row["grade"]}
        for key, row in grades[1].items()
        if key in grades[0] and grades[0][key]["grade"] != row["grade"]
    ]
    return {"before": before.snapshot or before.name, "now": now.snapshot or now.name, "rows": rows, "moved": moved}


def _documents(version: Version, shown: pl.DataFrame, originals: Path | None) -> list[dict[str, Any]]:
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = version.lines.filter(pl.col("source") == "table").join(shown.select("document_id").unique(), on="document_id", how="semi")
    for (document, _), lines in wanted.sort("document_id", "statement_no", "row", "column").group_by(
        ["document_id", "statement_no"], maintain_order=True
    ):
        tables[str(document)].append(_statement(lines))
    causes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in version.findings.filter(pl.col("cause").is_not_null()).sort("document_id", "item").iter_rows(named=True):
        causes[row["document_id"]].append(row)
    return [
        {**row, "statements": tables[row["document_id"]], "findings": causes[row["document_id"]], "link": _Link(row, originals)}
        for row in shown.iter_rows(named=True)
        if row["status"] in ("published", "quarantined")
    ]


def _statement(lines: pl.DataFrame) -> dict[str, Any]:
    """Return one printed table: a row per printed row, a cell per printed column."""
    numbers = sorted(lines["column"].unique())
    headers: dict[int, str] = {}
    rows: dict[int, dict[str, Any]] = {}
    for line in lines.iter_rows(named=True):
        own = rows.setdefault(line["row"], {"code": line["code"] or "", "name": line["name"], "cells": {}})
        own["cells"][line["column"]] = line
        if line["column"] not in headers or line["column_evidence"] != "ambiguous":
            headers.setdefault(line["column"], _header(line))
    empty = {"text": "", "state": "", "title": ""}
    first = lines.row(0, named=True)
    return {
        "number": first["statement_no"],
        "title": first["statement_title"] or first["statement"],
        "page": first["page"],
        "columns": [headers.get(number, "?") for number in numbers],
        "rows": [
            {**row, "cells": [_cell(row["cells"][n]) if n in row["cells"] else empty for n in numbers]} for _, row in sorted(rows.items())
        ],
    }


def _header(line: Mapping[str, Any]) -> str:
    if line["scheme"] == "three_public" and line["code"]:
        return str(c.THREE_PUBLIC_CODES.get(line["code"], line["code"]))
    parts = [line["fund"] or "?", line["nature"] or "?"] if line["flow"] == "expenditure" else [line["fund"] or "?"]
    return " · ".join([*parts, *([line["measure"]] if line["measure"] not in ("budget", "final") else [])])


def _cell(line: Mapping[str, Any]) -> dict[str, str]:
    if line["contradictions"]:
        state = "failed"
    elif line["column_evidence"] == "ambiguous":
        state = "ambiguous"
    elif line["amount_evidence"] == "repaired":
        state = "repaired"
    else:
        state = "" if line["proofs"] else "unproven"
    title = f"{line['name']} · {_header(line)} · page {line['page']} · {line['proofs']} identities hold, {line['contradictions']} fail"
    return {"text": " ".join(line["amount_text"].split()), "state": state, "title": title}


@dataclass(frozen=True, slots=True)
class _Link:
    """Makes a link to a page of a document, where it is known where the document lies."""

    document: Mapping[str, Any]
    originals: Path | None

    def __call__(self, page: int) -> Markup | str:
        """Return the link, or the page's number alone."""
        address = self.document["source_url"] or ""
        if not address.startswith(("http://", "https://")):
            path = self.originals / self.document["file_name"] if self.originals else None
            address = quote(path.resolve().as_posix()) if path and path.is_file() else ""
            address = f"file://{address}" if address else ""
        return Markup('<a href="{}#page={}">page {}</a>').format(address, page, page) if address else f"page {page}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _formatted(value: float | int) -> str:
    return _share(value) if isinstance(value, float) else f"{value:,}"
