"""Second stage: what a document is, and what its titles, headers and row labels mean.

Belongs here: the order of recognition. No code of a classification is looked up, and no sum is tried.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document.sources import Hint
from pipeline.identity.identify import Identity, identify
from pipeline.stages.extraction import Extracted


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document is, and its statements as understood. Without statements where `identity.unpublishable` says why."""

    identity: Identity


def recognise(extracted: Extracted, hint: Hint) -> Recognised | None:
    """Return what a document is; None where it has no pages.

    Args:
        extracted: its pages.
        hint: what a registry says of it; the document's own words decide.
    """
    return None if extracted.content is None else Recognised(identify(extracted.content, hint))
