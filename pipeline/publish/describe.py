"""What stands beside the data: manifest, data package, dictionary and read-me, all derived and free of clocks.

Belongs here: the texts and their order. What columns and tables mean comes from `schemas`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from schemas.export import data_package, dictionary
from schemas.marts import PUBLISHED
from schemas.tables import DATASET_LICENCE, DATASET_NAME, DATASET_TITLE, DATASET_VERSION

MANIFEST = "manifest.json"
DATA_PACKAGE = "datapackage.json"
DICTIONARY = "DICTIONARY.md"
README = "README.md"
DATABASE = "dataset.duckdb"

BESIDE = (DATA_PACKAGE, DICTIONARY, README, DATABASE)
"""What stands beside the Parquet files, and is listed in the manifest with them."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the dataset, as the manifest lists it.

    Attributes:
        path: relative to the dataset, with forward slashes.
        bytes, sha256: of its content.
        dataset_version: version of the structure that it was written with.
        table, rows: of a Parquet file.
    """

    path: str
    bytes: int
    sha256: str
    dataset_version: str = DATASET_VERSION
    table: str | None = None
    rows: int | None = None


def file_of(dataset: Path, path: Path, table: str | None = None, rows: int | None = None) -> File:
    """Return the manifest's entry for the file at `path` (relative to `dataset`), reading it for its hash."""
    digest = hashlib.sha256()
    with (dataset / path).open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
        size = content.tell()
    return File(path=path.as_posix(), bytes=size, sha256=digest.hexdigest(), table=table, rows=rows)


def read_manifest(dataset: Path) -> dict[str, File]:
    """Return the files that the manifest of `dataset` lists, by path; empty if there is no dataset."""
    path = dataset / MANIFEST
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {entry["path"]: File(**entry) for entry in entries}


def snapshot_of(files: Iterable[File]) -> str:
    """Return the name of a dataset's content: the first 16 hex digits of the hash over `sha256sum`'s lines of its files, by path."""
    lines = sorted((file.path, file.sha256) for file in files)
    text = "".join(f"{sha256}  {path}\n" for path, sha256 in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_descriptions(dataset: Path, data: Sequence[File]) -> None:
    """Write data package, dictionary and read-me of a dataset that consists of the Parquet files `data`."""
    package = data_package([asdict(file) for file in data])
    _replace(dataset / DATA_PACKAGE, _json(package))
    _replace(dataset / DICTIONARY, dictionary())
    _replace(dataset / README, _readme(data))


def write_manifest(dataset: Path, data: Sequence[File], beside: Sequence[str] = BESIDE) -> tuple[File, ...]:
    """Write the manifest over the Parquet files `data` and the files `beside` them, and return all entries."""
    described = [file_of(dataset, Path(name)) for name in beside]
    files = tuple(sorted([*data, *described], key=lambda file: file.path))
    content = {
        "dataset": DATASET_NAME,
        "version": DATASET_VERSION,
        "snapshot": snapshot_of(files),
        "licence": DATASET_LICENCE,
        "rows": rows_per_table(data),
        "files": [asdict(file) for file in files],
    }
    _replace(dataset / MANIFEST, _json(content))
    return files


def rows_per_table(data: Sequence[File]) -> dict[str, int]:
    """Return how many rows each table has, for all tables in their order."""
    return {name: sum(file.rows or 0 for file in data if file.table == name) for name in PUBLISHED}


def _replace(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)  # it may be a hard link to the published file
    path.write_text(text, encoding="utf-8", newline="\n")


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _readme(data: Sequence[File]) -> str:
    rows = rows_per_table(data)
    tables = "\n".join(f"| `{table.name}` | {rows[table.name]:,} | {table.description} |" for table in PUBLISHED.values())
    return f"""# {DATASET_NAME} {DATASET_VERSION}

{DATASET_TITLE}, read from the documents that they publish and proven by their own accounting identities.

| table | rows | a row is |
| --- | ---: | --- |
{tables}

## Reading it

Tables are folders of Parquet files by fiscal year and province; `codes` and `regions` are single files.

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
may be summed over any rows: each department and year is in them once, from one document, in the rows that add up to its printed total.
`mart_coverage` says which document gave what, how far it is from the printed total, what is left out and why. Do not add columns to each
other: `expenditure_budget` contains `general_public_budget`. In `budget_lines`, which has every amount as printed:

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

Every column is described in `DICTIONARY.md` and, for machines, in `datapackage.json`. `manifest.json` lists every file with its
hash. The compiled data is licensed {DATASET_LICENCE}; the figures are facts from official documents.
"""
