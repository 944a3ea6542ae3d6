"""The data dictionary of the dataset as Markdown, in English as declared and in Chinese by a reviewed list of texts.

Belongs here: how the dictionary is laid out and in which words. What it says of tables and columns is declared in `columns.py`,
`tables.py` and `marts.py`; the Chinese of each text is a row of `chinese.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from schemas.export import polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import DATASET_NAME, DATASET_TITLE, DATASET_VERSION, Field, Table

_LATIN = re.compile("[A-Za-z]")


class Untranslated(LookupError):
    """A text of the dictionary has no Chinese in `chinese.csv`."""


def dictionary() -> str:
    """Return the data dictionary of the dataset as Markdown: every table, column and value."""
    return _written(lambda text: text)


def chinese_dictionary() -> str:
    """Return the same dictionary in Chinese; names of tables, columns and values stay as they are in the data.

    Raises:
        Untranslated: a text has no Chinese.
    """
    return _written(in_chinese)


def translatable_texts() -> frozenset[str]:
    """Return every text of the dictionary that needs a translation; those without a Latin letter are Chinese terms already."""
    shown: set[str] = set()

    def note(text: str) -> str:
        shown.add(text)
        return text

    _written(note)
    return frozenset(text for text in shown if _LATIN.search(text))


def in_chinese(text: str) -> str:
    """Return the Chinese of a text of the dictionary; a text without a Latin letter is Chinese already.

    Raises:
        Untranslated: it has no row in `chinese.csv`.
    """
    if not _LATIN.search(text):
        return text
    if text not in _chinese():
        raise Untranslated(f"chinese.csv has no row for {text!r}")
    return _chinese()[text]


@cache
def _chinese() -> Mapping[str, str]:
    rows = csv.DictReader(resources.files(__package__).joinpath("chinese.csv").read_text(encoding="utf-8").splitlines())
    return {row["english"]: row["chinese"] for row in rows}


def _written(say: Callable[[str], str]) -> str:
    """Return the dictionary with every text as `say` says it; names in braces are filled in afterwards."""
    lines = [
        say("# Data dictionary of {dataset} {version}").format(dataset=DATASET_NAME, version=DATASET_VERSION),
        "",
        say("{title}. Generated from the declarations in `schemas/`.").format(title=say(DATASET_TITLE)),
        "",
        say("Money is exact, in yuan. `fiscal_year` and `province` are partition columns: they stand in the path of a file."),
        say("Types are Polars types; `?` marks a column that may be null. Key columns are in bold."),
    ]
    for table in PUBLISHED.values():
        lines += _table(table, say)
    return "\n".join(lines) + "\n"


def _table(table: Table, say: Callable[[str], str]) -> list[str]:
    place = f"`{table.name}/fiscal_year=…/province=…/`" if table.partitioned else f"`{table.name}.parquet`"
    key = ", ".join(f"`{name}`" for name in table.key)
    about = say("{description} {place}, key: {key}.").format(description=say(table.description), place=place, key=key)
    lines = ["", f"## {table.name}", "", about, ""]
    lines += [say("Rule: {rule}.").format(rule=say(rule.meaning)) for rule in table.rules]
    lines += ["", say("| column | type | unit | meaning |"), "| --- | --- | --- | --- |"]
    lines += [_row(table, field, say) for field in table.fields]
    for field in table.fields:
        if field.column.values:
            heading = say("Values of {column}:").format(column=f"`{table.name}.{field.name}`")
            further = say(" Further values may occur.") if field.column.pattern else ""
            lines += ["", heading + further, "", say("| value | meaning |"), "| --- | --- |"]
            lines += [f"| `{value}` | {_cell(say(meaning))} |" for value, meaning in field.column.values.items()]
    return lines


def _row(table: Table, field: Field, say: Callable[[str], str]) -> str:
    name = f"**`{field.name}`**" if field.name in table.key else f"`{field.name}`"
    kind = f"{polars_schema(table)[field.name]}{'?' if field.nullable else ''}"
    return f"| {name} | {kind} | {say(field.column.unit or '')} | {_cell(say(field.column.description))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
