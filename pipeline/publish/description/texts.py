"""The texts for people beside the data: dataset card, citation, licences; and what is written where.

Belongs here: what a reader of the files is told. What columns and tables mean comes from `schemas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.publish.description.croissant import croissant
from pipeline.publish.versions.manifest import DATABASE, File, as_json, rows_per_table, write_text
from schemas.dictionary import chinese_dictionary, dictionary
from schemas.export import data_package
from schemas.marts import PUBLISHED
from schemas.tables import CODE_LICENCE, DATASET_LICENCE, DATASET_NAME, DATASET_TITLE, DATASET_VERSION

_LICENCES = Path(__file__).with_name("licences")
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
    rows = rows_per_table(data)
    tables = "\n".join(f"| `{table.name}` | {rows[table.name]:,} | {table.description} |" for table in PUBLISHED.values())
    return f"""{_front_matter(data)}# {DATASET_NAME} {DATASET_VERSION}

{DATASET_TITLE}, read from the documents that they publish and proven by their own accounting identities.

| table | rows | a row is |
| --- | ---: | --- |
{tables}

## Reading it

Tables are folders of Parquet files by fiscal year and province; dimensions are single files.

```sql
-- DuckDB, on the ready-made database
ATTACH 'dataset.duckdb' AS yusuan (READ_ONLY);
SELECT department, sum(amount) FROM yusuan.budget_lines
WHERE statement = 'general_public_by_function' AND source = 'table' AND unit IS NULL
  AND measure = 'budget' AND nature = 'total' AND is_leaf
GROUP BY ALL;

-- DuckDB, on the files
SELECT * FROM read_parquet('budget_lines/**/*.parquet', hive_partitioning = true);
```

```python
polars.scan_parquet("budget_lines/**/*.parquet", hive_partitioning=True)
pyarrow.dataset.dataset("budget_lines", partitioning="hive")
pandas.read_parquet("budget_lines")
```

## Adding up

The marts (`spending_by_function`, `spending_by_economic`, `revenue_by_source`, `three_public`, `budget_vs_final`, `department_profile`)
may be summed over any rows (`department_profile`: over those whose `standing` is `counted`): each disclosure, what one body published of a
year in one file or several, is in them once, in the rows that add up to its printed total. `…_source` says where a total is printed;
`expenditure` is spending of the year, `grand_total` contains what is carried forward. `mart_coverage` says which document gave what, how
far it is from the printed total, what is held back and why. `procurement` and `project_spending` have purchases and projects
one by one, never more than the printed total; `changes_on_last_year` and `units_and_assets` what sentences state of changes,
units and assets. `outliers` lists amounts that are a thousand times what the body's other years, or its peers, lead to expect: warnings,
right or wrong. Do not add columns to each other: `expenditure_budget` contains
`general_public_budget`. In `budget_lines`, which has every amount as printed:

* Money is exact, in yuan, whatever unit it was printed in.
* A statement prints totals, their parts and parts of these. Sum over `is_leaf` within one `document_id`, `statement_no`, `flow`, `fund`,
  `nature` and `measure`. Where a publisher withholds items (a warning of `checks` says so) this is less than the printed total: the total
  is a row of `level` 0, of which summaries have several (本年支出合计, 支出总计).
* The narrative (`source = 'narrative'`) says again what the tables print, and several statements print the same money: choose one.
* A department's budget includes its units'. `documents.level` says whose budget a document is, `budget_lines.unit` whose a line is.
* `documents.reconciled` says that identities of the document could be tried and that none fails as an error; a withheld item is a
  warning and leaves it true. `checks` has each identity: the printed whole is `actual`, what its parts imply `expected`.
* A budget document has `measure` `budget` (and prior years), a final account `final` beside the `budget` it is compared with.
* An amount whose column is not certain has `column_evidence = 'ambiguous'` and no fund or nature.
* Files that could not be published stand in `documents` with the reason; an unknown year is 0, an unknown province `unknown`.

Every column is described in `DICTIONARY.md`, in Chinese in `DICTIONARY.zh.md` (中文数据字典), for machines in `datapackage.json`
(Data Package v2) and `croissant.json` (Croissant 1.0). `manifest.json` lists every file with its hash; `yusuan verify` proves files
and content.

## Licence

The compiled data is licensed {DATASET_LICENCE}, the code that made it {CODE_LICENCE}: the texts are in `LICENSES/`. The figures are facts
from official documents; the documents are their publishers', no part of this dataset, and not relicensed. How to cite: `CITATION.cff`.
"""
