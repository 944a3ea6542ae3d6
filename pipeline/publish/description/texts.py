"""The texts for people beside the data: dataset card, citation, licences; and what is written where.

Belongs here: which texts there are and what is filled in. What a reader of the files is told is in `cards/`, in English and Chinese; what
columns and tables mean comes from `schemas`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from pipeline.publish.description.croissant import croissant
from pipeline.publish.versions.manifest import DATABASE, File, as_json, rows_per_table, write_text
from schemas.dictionary import chinese_dictionary, dictionary, in_chinese
from schemas.export import data_package
from schemas.marts import PUBLISHED
from schemas.tables import CODE_LICENCE, DATASET_LICENCE, DATASET_NAME, DATASET_TITLE, DATASET_VERSION

_LICENCES = Path(__file__).with_name("licences")
_CARDS = Path(__file__).with_name("cards")
_HEADING = re.compile(r"^(?=#)", re.MULTILINE)  # of the questions, which stand in a page of their own as well
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
_LARGEST = "10M<n<100M"


def write_descriptions(dataset: Path, data: Sequence[File]) -> tuple[str, ...]:
    """Write everything that describes a dataset of the Parquet files `data`.

    Returns:
        The names of what stands beside the Parquet files, the database included, as the manifest lists them.
    """
    texts = {
        "datapackage.json": as_json(data_package([msgspec.to_builtins(file) for file in data])),
        "croissant.json": as_json(croissant(data)),
        "DICTIONARY.md": dictionary(),
        "DICTIONARY.zh.md": chinese_dictionary(),
        "README.md": dataset_card(data),
        "README.zh.md": chinese_dataset_card(data),
        "CITATION.cff": citation(),
        **{f"LICENSES/{licence}.txt": licence_text(licence) for licence in (DATASET_LICENCE, CODE_LICENCE)},
    }
    for name, text in texts.items():
        write_text(dataset / name, text)
    return (*texts, DATABASE)


def licence_text(licence: str) -> str:
    """Return the full text of a licence, by its SPDX name with `CC-BY-4.0` for the data and `MIT` for the code."""
    return (_LICENCES / f"{licence}.txt").read_text(encoding="utf-8")


def citation() -> str:
    """Return how the dataset is cited, in the Citation File Format."""
    return f"""cff-version: 1.2.0
message: If you use this dataset, please cite it as below, and the publishers of the documents that you quote.
type: dataset
title: "{DATASET_NAME}: {DATASET_TITLE}"
authors:
  - name: The Yusuan contributors
version: {DATASET_VERSION}
license: {DATASET_LICENCE}
keywords:
  - public finance
  - budget
  - China
"""


def _front_matter(data: Sequence[File]) -> str:
    """Return the YAML that dataset hubs read: licence, languages, size, and the files of each table."""
    rows = rows_per_table(data)
    size = next((name for limit, name in _SIZES if rows["budget_lines"] < limit), _LARGEST)
    configs = []
    for table in PUBLISHED.values():
        path = f"{table.name}/**/*.parquet" if table.partitioned else f"{table.name}.parquet"
        configs.append(f"  - config_name: {table.name}\n    data_files: {path}\n")
    return f"""---
pretty_name: {DATASET_NAME} {DATASET_VERSION}
license: {DATASET_LICENCE.lower()}
language:
  - zh
  - en
size_categories:
  - {size}
tags:
  - finance
  - government
  - china
configs:
{"".join(configs)}---

"""


def dataset_card(data: Sequence[File]) -> str:
    """Return the read-me of a dataset, with the front matter that dataset hubs read."""
    return _front_matter(data) + _card(data, "readme_en.md", "questions_en.md", lambda text: text)


def chinese_dataset_card(data: Sequence[File]) -> str:
    """Return the same read-me in Chinese, without the front matter, which a hub reads once."""
    return _card(data, "readme_zh.md", "questions_zh.md", in_chinese)


def _card(data: Sequence[File], card: str, questions: str, say: Callable[[str], str]) -> str:
    rows = rows_per_table(data)
    values = {
        "name": DATASET_NAME,
        "version": DATASET_VERSION,
        "title": say(DATASET_TITLE),
        "tables": "\n".join(f"| `{table.name}` | {rows[table.name]:,} | {say(table.description)} |" for table in PUBLISHED.values()),
        "questions": _HEADING.sub("#", (_CARDS / questions).read_text(encoding="utf-8")),
        "licence": DATASET_LICENCE,
        "code_licence": CODE_LICENCE,
    }
    return (_CARDS / card).read_text(encoding="utf-8").format_map(values)
