"""Second stage: what a document is, and what its titles, headers and row labels mean.

Belongs here: the order of recognition. No code of a classification is looked up, and no sum is tried.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document.inputs.sources import Hint
from pipeline.identity.identify import Identity, identify
from pipeline.stages.extraction import Extracted
from pipeline.statements.statement_model import RecognisedStatement
from pipeline.statements.statement_recognition import recognise_statements


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document is, and its statements as understood.

    There are none where `identity.unpublishable` says why, nor where the document is bare lines: which line ends a row of these,
    only the names of codes tell.
    """

    identity: Identity
    statements: tuple[RecognisedStatement, ...] = ()


def recognise(extracted: Extracted, hint: Hint) -> Recognised | None:
    """Return what a document is; None where it has no pages.

    Args:
        extracted: its pages.
        hint: what a registry says of it; the document's own words decide.
    """
    content = extracted.content
    if content is None:
        return None
    identity = identify(content, hint)
    if identity.unpublishable or content.tables == "lines":
        return Recognised(identity)
    return Recognised(
        identity,
        recognise_statements(content, fiscal_year=identity.fiscal_year, kind=identity.kind, department=identity.body),
    )
