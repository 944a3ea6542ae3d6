"""A first question to a dataset, with its answer: `.venv/bin/python docs/first_query.py dataset`."""

import sys
from pathlib import Path

import duckdb

QUERY = """
SELECT department, fiscal_year AS year, name AS function, amount AS yuan, page
FROM yusuan.budget_lines
WHERE statement = 'general_public_by_function' AND source = 'table' AND unit IS NULL
  AND measure = 'budget' AND nature = 'total' AND is_leaf
ORDER BY yuan DESC
LIMIT 10
""".strip()

dataset = Path(sys.argv[1] if len(sys.argv) > 1 else "dataset")
with duckdb.connect() as connection:
    if (dataset / "dataset.duckdb").exists():
        connection.execute(f"ATTACH '{dataset / 'dataset.duckdb'}' AS yusuan (READ_ONLY)")
    else:  # an edition is Parquet alone
        lines = f"read_parquet('{dataset}/budget_lines/**/*.parquet', hive_partitioning = true)"
        connection.execute(f"CREATE SCHEMA yusuan; CREATE VIEW yusuan.budget_lines AS SELECT * FROM {lines}")
    sys.stdout.write(f"{QUERY};\n\n{connection.sql(QUERY)}\n")
