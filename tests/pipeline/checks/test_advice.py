"""Each reason for which a document can be quarantined comes with what to do about it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline.checks.advice import _advice, advice_on
from pipeline.document import registry

ROOT = Path(str(pipeline.__file__)).parent


def texts(node: ast.AST) -> Iterator[str]:
    """The sentences in an expression, with `1` for what is filled in."""
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            yield "".join(str(value.value) if isinstance(value, ast.Constant) else "1" for value in part.values)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


CONSTANTS = ("_TRUNCATED", "_TOO_LARGE", "_ENCRYPTED", "_DAMAGED", "_TOO_DEEP", "_TOO_MANY")
"""Names of reasons that stand in several places of their module."""


def reasons() -> set[str]:
    """Every sentence that refuses a document, wherever the code says it."""
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("UnreadableDocument"), args=[said, *_]):
                    found.update(texts(said))
                case ast.keyword(arg="unavailable" | "unpublishable" | "refused", value=said):
                    found.update(texts(said))
                case ast.Assign(
                    targets=[ast.Name("_TRUNCATED" | "_TOO_LARGE" | "_ENCRYPTED" | "_DAMAGED" | "_TOO_DEEP" | "_TOO_MANY")], value=said
                ):
                    found.update(texts(said))
                case ast.FunctionDef(
                    name="_reason" | "_why" | "reason_of_exit" | "reason_said" | "reason_held" | "_watch" | "_outcome" | "incomplete"
                ):
                    found.update(text for text in texts(node) if re.fullmatch(r"(The|Reading|What|More) .*\.", text))
    return {text for text in found if re.match(r"[A-Z][a-z]+ .*", text)} | set(registry._REFUSED.values())


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_reason_has_advice(reason: str) -> None:
    assert advice_on(reason)


def test_reasons_are_found() -> None:
    assert len(reasons()) > 30


def test_no_advice_is_for_nothing() -> None:
    said = reasons() | {
        "What the reader said of this document is not valid.",
        "What was read is not valid: x",
        "The path cannot be used: x.",
    }
    said |= {"Reading failed with ValueError.", "Reading needs more than 2 GiB of memory.", "The document is nested too deeply to be read."}
    said |= {
        "The reader was killed from outside 3 times",
        "The reader said what it cannot",
        "What was made of the document could not be kept.",
        "Reading by soffice crashed",
        "Reading by soffice is refused: this system lacks walls around it",
        "Reading by soffice could not begin.",
        "LibreOffice could not begin: x.",
    }
    assert [beginning for beginning, _ in _advice() if not any(reason.startswith(beginning) for reason in said)] == []
