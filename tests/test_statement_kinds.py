"""No module asks which kind a statement is by its name: what is particular to a kind is declared in `schemas.statements`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import columns
from schemas.statements import BUILT_IN
from schemas.vocabulary import phrase_rows

ROOT = Path(__file__).resolve().parents[1]
MAY_NAME_THEM = {
    "schemas/statements.py": "declares them",
    "schemas/check_catalogue.py": "says to people what each identity needs",
    "pipeline/publish/description/texts.py": "shows people a query",
    "pipeline/samples": "makes statements instead of reading them",
}

MODULES = sorted(
    path
    for package in ("schemas", "pipeline", "assets")
    for path in (ROOT / package).rglob("*.py")
    if not path.relative_to(ROOT).as_posix().startswith(tuple(MAY_NAME_THEM))
)
TOPICS = {row["value"] for row in phrase_rows("narrative_sections.csv") if row["attribute"] == "topic"}
ALSO_OTHER_VALUES = {id_ for id_ in BUILT_IN if id_ in {*columns.SCHEMES, *columns.FUNDS, *columns.THREE_PUBLIC_CODES, *TOPICS}}
"""Ids that are schemes, funds, codes or topics as well: these may be named, only not as what a statement is."""

NAMED = re.compile(r"(?<![a-z_])(?:" + "|".join(sorted(set(BUILT_IN) - ALSO_OTHER_VALUES, key=len, reverse=True)) + r")(?![a-z_])")


def documentation(tree: ast.AST) -> set[int]:
    """Strings that stand alone as statements of the code: docstrings, also those of constants."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def is_statement(node: ast.expr) -> bool:
    """`x.statement`, `statement`, or `statement.kind`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "statement" or (node.attr == "kind" and is_statement(node.value))
    return isinstance(node, ast.Name) and node.id == "statement"


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that names a kind of statement."""
    tree = ast.parse(source)
    outside = documentation(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in outside and NAMED.search(node.value):
            yield node.lineno, node.value
        if isinstance(node, ast.Compare) and any(is_statement(side) for side in (node.left, *node.comparators)):
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            yield from ((node.lineno, text) for text in texts if text in ALSO_OTHER_VALUES)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_kind_of_statement_is_named(path: Path) -> None:
    assert list(literals(path.read_text(encoding="utf-8"))) == []


def test_the_search_for_names_finds_them() -> None:
    assert list(literals('if line.statement == "expenditure_summary": pass')) == [(1, "expenditure_summary")]
    assert list(literals('subject = f"{fund} = revenue_summary"')) == [(1, " = revenue_summary")]
    assert list(literals('if statement.kind not in ("other", "three_public"): pass')) == [(1, "other"), (1, "three_public")]
    assert list(literals('if line.scheme == "three_public" or fund == "other": pass')) == []
    assert list(literals('"""An expenditure_summary."""')) == []
