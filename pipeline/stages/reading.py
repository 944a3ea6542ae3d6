"""The stages of one document in their order, from its bytes to its rows.

    bytes ──extract──▶ Extracted ──recognise──▶ Recognised ──code──▶ Coded ──check──▶ Checked

Belongs here: the order. `pipeline.store.chain` takes the same way with results kept between builds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.document.inputs.sources import Hint
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.stages.checking import Checked, check
from pipeline.stages.coding import Coded, code
from pipeline.stages.extraction import Extracted, extract
from pipeline.stages.recognition import Recognised, recognise


@dataclass(frozen=True, slots=True)
class Stages:
    """What each stage does: pure functions from what the stages before it have made."""

    extract: Callable[[bytes, Programs], Extracted]
    recognise: Callable[[Extracted, Hint], Recognised | None]
    code: Callable[[Extracted, Recognised | None], Coded | None]
    check: Callable[[Extracted, Recognised | None, Coded | None], Checked]


STAGES = Stages(extract, recognise, code, check)


def read_document(data: bytes, hint: Hint, stages: Stages = STAGES, programs: Programs = NO_PROGRAMS) -> Checked:
    """Return all that one document adds to the dataset.

    Args:
        data: its bytes.
        hint: what a registry says of it.
        stages: what each stage does.
        programs: of the system that may be run on the bytes.
    """
    extracted = stages.extract(data, programs)
    recognised = stages.recognise(extracted, hint)
    coded = stages.code(extracted, recognised)
    return stages.check(extracted, recognised, coded)
