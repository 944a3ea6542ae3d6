"""What the documents of a dataset attest about codes: the pairs of code and name that they print, and the code book raised by them.

Belongs here: counting printed pairs, telling those that the book holds from those that it does not, and the published `codes`. The book
itself is reviewed data (`schemas/classification`) and is not changed: what a person decided there stays as it is, and a pair that
it does not hold is listed for a person to decide, never called wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from pipeline.budget.codes.book import CodeList, code_book, loose_key
from pipeline.budget.codes.printed_codes import level_of, parents_of
from pipeline.budget.sums import CODED
from schemas.classification.code_lists import CodeRow, code_rows, decided, decisions, item_rows
from schemas.export import polars_schema
from schemas.statements import statement_kinds
from schemas.tables import CODE_ATTESTATIONS, CODES

Key = tuple[str, str]

ECONOMIC_CODES: Mapping[str, str] = {
    "department_economic_code": "department_economic",
    "government_economic_code": "government_economic",
}
"""Columns that hold a further code of a line, with its scheme. Its name is not in the line."""

MENTION_COLUMNS: Mapping[str, pl.DataType] = {
    "mention": pl.String(),
    "scheme": pl.String(),
    "code": pl.String(),
    "name": pl.String(),
    "documents": pl.Int32(),
    "first_year": pl.Int32(),
    "last_year": pl.Int32(),
}
"""A code with a name, how it is mentioned (see `mentions_of_codes`), in how many documents, of which fiscal years."""

_PRINTED, _OWN = "printed", "own"

COLUMNS_READ = ("document_id", "fiscal_year", "statement", "scheme", "code", "code_source", "name", *ECONOMIC_CODES)
"""Columns of `budget_lines` that are looked at; rows that differ in no other column count once."""


class Attested(NamedTuple):
    """A printed pair: in how many documents, of which fiscal years."""

    scheme: str
    code: str
    name: str
    documents: int
    first_year: int
    last_year: int


def mentions_of_codes(lines: pl.DataFrame) -> pl.DataFrame:
    """Return how often codes are mentioned with a name, with the columns `MENTION_COLUMNS`.

    A mention is `printed` where a statement prints the pair (lists of projects and purchases are left out: their rows bear the names of
    what is paid for), `own` where a line has the code, with whatever name, and else the column with a further code of a line.

    Args:
        lines: of `budget_lines`, at least COLUMNS_READ; all of a document or none.
    """
    coded = lines.filter(pl.col("scheme").is_in(CODED) & pl.col("code").is_not_null())
    lists = [kind.id for kind in statement_kinds().values() if kind.is_list]
    printed = coded.filter((pl.col("code_source") == "printed") & ~pl.col("statement").is_in(lists) & (pl.col("name") != ""))
    own = coded.with_columns(pl.when(pl.col("name") == "").then(pl.col("code")).otherwise(pl.col("name")).alias("name"))
    found = {_PRINTED: printed, _OWN: own}
    for column, scheme in ECONOMIC_CODES.items():
        found[column] = lines.filter(pl.col(column).is_not_null()).with_columns(
            pl.lit(scheme).alias("scheme"), pl.col(column).alias("code"), pl.col(column).alias("name")
        )
    counted = [
        rows.group_by("scheme", "code", "name")
        .agg(
            pl.col("document_id").n_unique().cast(pl.Int32).alias("documents"),
            pl.col("fiscal_year").min().alias("first_year"),
            pl.col("fiscal_year").max().alias("last_year"),
        )
        .select(pl.lit(mention).alias("mention"), *list(MENTION_COLUMNS)[1:])
        for mention, rows in found.items()
    ]
    return pl.concat(counted).sort("mention", "scheme", "code", "name")


def summed_mentions(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return mentions of different documents (rows of `mentions_of_codes`, several times) as one."""
    counted = mentions.group_by("mention", "scheme", "code", "name").agg(
        pl.col("documents").sum(), pl.col("first_year").min(), pl.col("last_year").max()
    )
    return counted.select(MENTION_COLUMNS.keys()).sort("mention", "scheme", "code", "name")


def printed_pairs(mentions: pl.DataFrame) -> list[Attested]:
    """Return the pairs of code and name that statements print, sorted (see `mentions_of_codes`)."""
    return [Attested(*row) for row in mentions.filter(pl.col("mention") == _PRINTED).drop("mention").iter_rows()]


def attestations(pairs: Iterable[Attested], book: CodeList | None = None) -> pl.DataFrame:
    """Return the table `code_attestations`: each printed pair, and what is open about it.

    Args:
        pairs: see `printed_pairs`.
        book: the code book; the project's own by default.
    """
    book = book or code_book()
    said = {(d.scheme, d.code, d.name): d for d in decisions()}
    rows = []
    for pair in pairs:
        decision = said.get((pair.scheme, pair.code, pair.name))
        conflict, other = None, None
        if not book.knows(pair.scheme, pair.code):
            conflict = "unknown_code"
        elif pair.code not in book.candidates(pair.scheme, pair.name):
            conflict = "other_name"
        if conflict:
            bearers = book.codes(pair.scheme, pair.name, year=pair.last_year)
            other = bearers[0] if len(bearers) == 1 else None
        known = book.standard_name(pair.scheme, pair.code, pair.last_year)
        verdict = (decision.action, decision.reason) if decision else (None, None)
        rows.append((*pair, conflict, known, other, *verdict))
    return pl.DataFrame(rows, schema=polars_schema(CODE_ATTESTATIONS), orient="row")


def published_codes(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the table `codes`: the book and its items, raised by what `mentions` attest, and the codes that only they attest.

    A name printed by more documents than the book counts has their number, and is `attested` from two on. Its years reach to those in
    which it is printed, as far as no other name of the code holds them. Rows that a person corrected keep years and evidence. A code that
    the book does not hold has the name most printed with it and hangs on the nearest code above that is known.

    No code of a line is without a row: it is there also where its name is not the code's own.

    Args:
        mentions: see `mentions_of_codes`.
    """
    pairs = printed_pairs(mentions)
    rows = [*_with_attested_years(code_rows(), pairs), *item_rows()]
    known: set[Key] = {(row.scheme, row.code) for row in rows}
    new: dict[Key, list[Attested]] = defaultdict(list)
    for pair in (Attested(*row) for row in mentions.drop("mention").iter_rows()):
        if (pair.scheme, pair.code) not in known:
            new[pair.scheme, pair.code].append(pair)
    known |= new.keys()
    rows += [_attested_row(key, named, known) for key, named in new.items()]
    frame = pl.DataFrame(rows, schema=polars_schema(CODES), orient="row")
    return frame.sort("scheme", "code", "first_year", "name")


def _with_attested_years(book: Iterable[CodeRow], pairs: Iterable[Attested]) -> list[CodeRow]:
    """Return the rows of the book with what documents add to their evidence and years."""
    printed: dict[tuple[str, str, str], list[Attested]] = defaultdict(list)
    for pair in pairs:
        printed[pair.scheme, pair.code, loose_key(pair.name)].append(pair)
    names: dict[Key, list[CodeRow]] = defaultdict(list)
    for row in book:
        names[row.scheme, row.code].append(row)
    raised = []
    for eras in names.values():
        for place, row in enumerate(eras):
            found = printed.get((row.scheme, row.code, loose_key(row.name)), [])
            if not found:
                raised.append(row)
                continue
            documents = max([row.documents or 0, *(pair.documents for pair in found)])
            row = row._replace(documents=documents)
            if (row.scheme, row.code, row.name) not in decided():
                if documents > 1 and row.evidence == "single":
                    row = row._replace(evidence="attested")
                row = _extended(row, found, eras[:place], eras[place + 1 :])
            raised.append(row)
    return raised


def _extended(row: CodeRow, found: list[Attested], before: list[CodeRow], after: list[CodeRow]) -> CodeRow:
    """Return `row` with its years reaching to those printed, as far as they are not those of the code's other names."""
    first = min(pair.first_year for pair in found)
    last = max(pair.last_year for pair in found)
    floor = max((other.last_year for other in before if other.last_year is not None), default=0)
    ceiling = min((other.first_year for other in after), default=None)
    if floor < first < row.first_year:
        row = row._replace(first_year=first)
    if row.last_year is not None and last > row.last_year and (ceiling is None or last < ceiling):
        row = row._replace(last_year=last)
    return row


def _attested_row(key: Key, named: list[Attested], known: set[Key]) -> CodeRow:
    scheme, code = key
    best = max(named, key=lambda pair: (pair.documents, pair.name))
    above = [parent for parent in parents_of(code) if (scheme, parent) in known]
    return CodeRow(
        scheme=scheme,
        code=code,
        name=best.name,
        parent=above[-1] if above else None,
        level=level_of(code),
        first_year=min(pair.first_year for pair in named),
        last_year=max(pair.last_year for pair in named),
        evidence="attested" if best.documents > 1 else "single",
        documents=best.documents,
        successor=None,
        name_en=None,
        cofog=None,
        series=code,
        cofog_confidence=None,
        cofog_reason=None,
    )
