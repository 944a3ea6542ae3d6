"""Rows of purchases: what is bought in the words of the procurement catalogue (采购品目), and the project that it belongs to.

Does not belong here: which columns hold them (`header_columns.py`, by the words in headers.csv).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pipeline.budget.characters import fold, normalise_characters, without_spaces
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import Column, RowLabel, TableRow
from schemas.vocabulary.phrases import WordPattern, any_of

# A code of the catalogue (goods, works or services, and how fine) before its name, bare or in brackets: A02010601打印设备.
_ENTRY = re.compile(r"[\[(]?([ABC]\d{0,10})[\])]?[-—_]?(?=[\u4e00-\u9fff])")
_NAMED_ENTRY = re.compile(r"([ABC](?:\d\d){0,5})[-—_](?=[\u4e00-\u9fff])")  # where it names the row: A-货物, but no A4纸
_HEADS_PROJECTS = WordPattern(lambda: any_of("statement_words.csv", "project_header") + "$")


def with_purchase(label: RowLabel, row: TableRow, columns: Mapping[str, Sequence[Column]]) -> RowLabel:
    """Return the label of a row of purchases: named by what is bought where that is printed, with its project beside it.

    Args:
        label: of the row, as its codes and names say.
        row: of the table.
        columns: of the row's block, by role.
    """
    if not label.level or label.scheme == "unit" or label.measure == "page_sum":
        return label
    projects = [c for c in columns.get("name", ()) if c.headers and _HEADS_PROJECTS.search(fold(c.headers[-1]))]
    project = clean_name(texts[0])[0] if (texts := _texts(row, projects)) else None
    code = fold(codes[0]).upper() if (codes := _texts(row, columns.get("catalogue_code", ()))) else None
    name = label.name
    bought = _texts(row, columns.get("catalogue", ()))
    if bought:
        text = normalise_characters(without_spaces(bought[-1]))
        if match := _ENTRY.match(text):
            code, text = match[1], text[match.end() :]
        name = clean_name(text)[0] or name
    elif code is None and (match := _NAMED_ENTRY.match(normalise_characters(name))):
        code, name = match[1], name[match.end() :]
    return replace(label, name=name, catalogue_code=code, project=project, is_bought=bool(bought))


def with_projects_above(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a block; purchases without a project of their own have that of the rows above, which groups them."""
    project: str | None = None
    found: list[RowLabel | None] = []
    for label in labels:
        if label is None or not label.level or label.scheme == "unit":
            project = project if label is None else None
        elif label.project:
            project = label.project
        elif label.is_bought and project:
            label = replace(label, project=project)
        found.append(label)
    return found


def _texts(row: TableRow, columns: Sequence[Column]) -> list[str]:
    return [cell.text for c in columns if (cell := row.cells[c.index]) is not None and cell.text.strip()]
