"""One document, read whole: from its bytes to everything the dataset says of it.

Runs inside a worker process; knows nothing of sources, partitions or publication.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.statements.line import Line


@dataclass(slots=True)
class Reading:
    """What one document says.

    Attributes:
        document: columns of `documents` that come from the document itself (identity, status, reason, statements,
            counts, reader, pages); file name, source and hash are added by the caller.
        lines: budget lines, tables first, then narrative.
        year_on_year, key_figures, projects, performance_indicators, checks: rows of these tables without document keys.
        findings: rows of `findings`: unknown phrases, contradictions with the registry, amounts not captured.
    """

    document: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    year_on_year: list[dict[str, Any]] = field(default_factory=list)
    key_figures: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)
    performance_indicators: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
