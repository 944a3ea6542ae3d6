"""Rows of purchases: what is bought in the words of the procurement catalogue (采购品目), and the project that it belongs to.

Does not belong here: which columns hold them (`header_columns.py`, by the words in headers.csv).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from pipeline.budget.characters import fold, normalise_characters, with_narrow_letters, without_spaces
from pipeline.budget.sums import CODED
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.meaning.unit_rows import is_group_of_units, names_body
from pipeline.statements.statement_model import Column, RowLabel, TableRow
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

# A code of the catalogue (goods, works or services, and how fine) before its name, bare or in brackets: A02010601打印设备.
_ENTRY = re.compile(r"[\[(]?([ABC]\d{0,10})[\])]?[-—–－_]?(?=[\u4e00-\u9fff])")
_NAMED_ENTRY = re.compile(r"([ABC](?:\d\d){0,5})[-—–－_](?=[\u4e00-\u9fff])")  # where it names the row: A-货物, but no A4纸
_WORDS = "statement_words.csv"
_HEADS_PROJECTS = WordPattern(lambda: any_of(_WORDS, "project_header") + "$")


def with_purchase(label: RowLabel, row: TableRow, columns: Mapping[str, Sequence[Column]]) -> RowLabel:
    """Return the label of a row of purchases: named by what is bought where that is printed, with its project beside it.

    Args:
        label: of the row, as its codes and names say.
        row: of the table.
        columns: of the row's block, by role.
    """
    if not label.level or label.scheme == "unit" or label.measure == "page_sum":
        return label
    classes = _texts(row, [c for c in columns.get("text", ()) if c.scheme == "department_economic"])
    projects = [c for c in columns.get("name", ()) if c.headers and _HEADS_PROJECTS.search(fold(c.headers[-1]))]
    project = clean_name(texts[0])[0] if (texts := _texts(row, projects)) else None
    code = fold(codes[0]).upper() if (codes := _texts(row, columns.get("catalogue_code", ()))) else None
    name = label.name
    bought = _texts(row, columns.get("catalogue", ()))
    if bought:
        text = normalise_characters(without_spaces(bought[-1]))
        if match := _ENTRY.match(with_narrow_letters(text)):
            code, text = match[1], text[match.end() :]
        name = clean_name(text)[0] or name
    elif code is None and (match := _NAMED_ENTRY.match(with_narrow_letters(normalise_characters(name)))):
        code, name = match[1], name[match.end() :]
    elif code is None and (kind := with_narrow_letters(name[-1:])) == meanings(_WORDS, "kind_of_purchase").get(name[:-1]):
        code, name = kind, name[:-1]  # 货物A
    economic = clean_name(classes[-1])[0] if classes else None
    return replace(label, name=name, catalogue_code=code, project=project, is_bought=bool(bought), economic_name=economic)


def with_projects_above(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a block; purchases without a project or economic class have those of the rows above, which group them."""
    project = economic = None
    found: list[RowLabel | None] = []
    for label in labels:
        if label is None or not label.level or label.scheme == "unit":
            project, economic = (project, economic) if label is None else (None, None)
        elif label.project or label.economic_name:
            project, economic = label.project or project, label.economic_name
            label = replace(label, project=project)
        elif label.is_bought:
            label = replace(label, project=project, economic_name=economic)
        else:  # a kind of purchases
            project = economic = None
        found.append(label)
    return found


def with_kinds_above(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a block of purchases; those without a code of the catalogue have the letter of the kind above them.

    A kind (货物, 工程, 服务) goes over units where it stands right below the total; below a unit it goes as far as that unit. Kinds right
    below one another are a summary. A kind over units is of no unit itself, though it stands below the items of one.
    """
    letters = [letter for label in labels if label is not None and (letter := _kind_of(label))]
    once = len(letters) == len(set(letters))  # a kind that comes back is one unit's
    kind: str | None = None
    of_unit = over_units = empty = False
    found: list[RowLabel | None] = []
    for label, below in pairwise((*labels, None)):  # a table that is cut may have no rows
        if label is not None and (not label.level or _heads_unit(label)):
            of_unit = bool(label.level)
            kind = kind if of_unit and over_units else None
        elif label is not None and (letter := _kind_of(label)):
            kind, over_units = letter, not empty and (not of_unit or (kind is not None and over_units))
            if over_units and once and below is not None and below.level and _heads_unit(below):
                label = replace(label, unit=None)
        elif label is not None and not (label.is_bought or label.project or label.economic_name):
            kind = None  # what it heads is not known
        elif label is not None and kind and label.catalogue_code is None:
            label = replace(label, catalogue_code=kind)
        empty = _kind_of(label) is not None if label is not None else empty
        found.append(label)
    return found


def as_items(labels: Sequence[RowLabel | None], scheme: str) -> list[RowLabel | None]:
    """Return the rows of a list whose codes repeat as its items: the code says what an item is booked under, not which row it is."""
    return [
        label
        if label is None or label.scheme == "unit" or (not label.is_bought and is_group_of_units(label.name))
        else _as_item(label, scheme)
        for label in labels
    ]


def _as_item(label: RowLabel, scheme: str) -> RowLabel:
    beside = {f"{label.scheme}_code": label.code} if label.scheme in CODED else {}
    own = label.code if label.scheme == scheme else None  # a project's
    return replace(label, scheme=scheme, code=own, code_source=label.code_source if own else None, level=min(label.level, 1), **beside)


def _heads_unit(label: RowLabel) -> bool:
    return label.scheme == "unit" or not (label.is_bought or label.project or label.economic_name or not names_body(label.name))


def _kind_of(label: RowLabel) -> str | None:
    """Return the letter of the kind of purchases that a row heads; None where it heads none, or buys something itself."""
    if label.is_bought or label.project or label.economic_name:
        return None
    return meanings(_WORDS, "kind_of_purchase").get(label.name)


def _texts(row: TableRow, columns: Sequence[Column]) -> list[str]:
    return [cell.text for c in columns if (cell := row.cells[c.index]) is not None and cell.text.strip()]
