"""One document's way through the stages: a stored result that fits is taken, what is not stored is made and stored.

The key of a result is a hash over the results that it is made from, and it lies under the version of its stage's code and data. So a new
word redoes recognition and what follows, a new code coding, a new check only checking; and a stage whose result comes out the same ends
the chain, since what follows it is then stored already.

Belongs here: the keys, and how results are written. The order of the stages and what they do is in `pipeline.stages`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import msgspec
import polars as pl

from pipeline.document.inputs.sources import Hint
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.stages.coding import Coded
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import STAGES, Stages
from pipeline.stages.recognition import Recognised
from pipeline.store.frames import SourceFacts, document_frames, pack, unpack
from pipeline.store.results import DamagedResult, Results, key_of
from pipeline.store.stage_versions import version_of


class Stage(StrEnum):
    """The stages in their order, by the names of the assets that show them."""

    EXTRACTION = "extracted_tables"
    RECOGNITION = "recognised_statements"
    CODING = "coded_lines"
    CHECKING = "checked_lines"


_MODULES: Mapping[Stage, tuple[str, ...]] = {
    Stage.EXTRACTION: ("pipeline.stages.extraction",),
    Stage.RECOGNITION: ("pipeline.stages.recognition",),
    Stage.CODING: ("pipeline.stages.coding",),
    Stage.CHECKING: ("pipeline.stages.checking", "pipeline.store.frames"),
}


def stage_versions() -> dict[Stage, str]:
    """Return the version of each stage's own code and data."""
    return {stage: version_of(*modules) for stage, modules in _MODULES.items()}


@dataclass(frozen=True, slots=True)
class Document:
    """A document on its way.

    Attributes:
        facts: of its bytes.
        hint: what a registry says of it.
        read: gives the bytes; called only where the document has to be opened. May raise `UnreadableDocument`.
        programs: of the system that may be run on the bytes.
    """

    facts: SourceFacts
    hint: Hint
    read: Callable[[], bytes]
    programs: Programs = NO_PROGRAMS


def key_of_stage(stage: Stage, document: Document, hashes: Mapping[Stage, str]) -> str:
    """Return the key of a stage's result: a hash over the results that it is made from.

    Args:
        stage: whose result.
        document: whose way it is.
        hashes: of the results of the stages before.

    Raises:
        KeyError: a stage before has no result yet.
    """
    if stage is Stage.EXTRACTION:
        return key_of(document.facts.sha256)
    if stage is Stage.RECOGNITION:
        return key_of(hashes[Stage.EXTRACTION], repr(document.hint))
    if stage is Stage.CODING:
        return key_of(hashes[Stage.EXTRACTION], hashes[Stage.RECOGNITION])
    return key_of(hashes[Stage.EXTRACTION], hashes[Stage.RECOGNITION], hashes[Stage.CODING], repr(document.facts))


@dataclass(slots=True)
class Chain:
    """The way of one document through the stages.

    Attributes:
        store: where results are kept.
        versions: of the stages.
        document: whose way it is.
        redo: stages that are made again though a stored result fits.
        stages: what each stage does.
        made: stages that were made, not taken from the store, in order.
    """

    store: Results
    versions: Mapping[Stage, str]
    document: Document
    redo: Collection[Stage] = ()
    stages: Stages = STAGES
    made: list[Stage] = field(default_factory=list)
    _hashes: dict[Stage, str] = field(default_factory=dict)
    _values: dict[Stage, Any] = field(default_factory=dict)

    def checked_key(self) -> str | None:
        """Return the key of the stored end of the chain, without reading any result; None where some stage has to be made."""
        key, _ = self.stored(Stage.CHECKING)
        return key

    def stored(self, until: Stage) -> tuple[str, str] | tuple[None, None]:
        """Return key and hash of the stored result of a stage, without reading it; None where it or one before it has to be made."""
        hashes: dict[Stage, str] = {}
        for stage in Stage:
            key = key_of_stage(stage, self.document, hashes)
            found = self.store.hash_of(stage, self.versions[stage], key)
            if found is None:
                break
            if stage is until:
                return key, found
            hashes[stage] = found
        return None, None

    def stored_value(self, stage: Stage) -> Any:
        """Return the stored result of a stage before the last, making nothing.

        Raises:
            DamagedResult: there is none, or it is not what was written; a damaged one is deleted.
        """
        key, _ = self.stored(stage)
        if key is None:
            raise DamagedResult(f"{stage} is not stored")
        try:
            return _DECODERS[stage].decode(self.store.get(stage, self.versions[stage], key))
        except (DamagedResult, msgspec.DecodeError) as error:
            self.store.delete(stage, self.versions[stage], key)
            raise DamagedResult(str(error)) from None

    def run(self, until: Stage = Stage.CHECKING) -> str:
        """Make what is missing up to a stage, and return the key of its result."""
        for stage in Stage:
            key = key_of_stage(stage, self.document, self._hashes)
            if stage not in self._hashes:
                found = None if stage in self.redo else self.store.hash_of(stage, self.versions[stage], key)
                self._hashes[stage] = found or self._make(stage, key)
            if stage is until:
                break
        return key

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return what the document adds to each table."""
        self.run()
        return unpack(self._stored(Stage.CHECKING))

    def value(self, stage: Stage) -> Any:
        """Return the result of a stage before the last: `Extracted`, `Recognised` or `Coded`."""
        self.run(stage)
        return self._value(stage)

    def _make(self, stage: Stage, key: str) -> str:
        """Make and store the result of a stage, and return its hash."""
        self.made.append(stage)
        if stage is Stage.CHECKING:
            extracted, recognised, coded = (self._value(s) for s in (Stage.EXTRACTION, Stage.RECOGNITION, Stage.CODING))
            facts = replace(self.document.facts, media_type=extracted.media_type)
            packed = pack(document_frames(self.stages.check(extracted, recognised, coded), facts))
        else:
            if stage is Stage.EXTRACTION:
                value: Any = self.stages.extract(self.document.read(), self.document.programs)
            elif stage is Stage.RECOGNITION:
                value = self.stages.recognise(self._value(Stage.EXTRACTION), self.document.hint)
            else:
                value = self.stages.code(self._value(Stage.EXTRACTION), self._value(Stage.RECOGNITION))
            self._values[stage] = value
            packed = _ENCODER.encode(value)
        return self.store.put(stage, self.versions[stage], key, packed)

    def _value(self, stage: Stage) -> Any:
        if stage not in self._values:
            self._values[stage] = _DECODERS[stage].decode(self._stored(stage))
        return self._values[stage]

    def _stored(self, stage: Stage) -> bytes:
        """Return a stored result; a damaged one is made again."""
        key = key_of_stage(stage, self.document, self._hashes)
        try:
            return self.store.get(stage, self.versions[stage], key)
        except DamagedResult:
            self._hashes[stage] = self._make(stage, key)
            return self.store.get(stage, self.versions[stage], key_of_stage(stage, self.document, self._hashes))


_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: Mapping[Stage, msgspec.msgpack.Decoder[Any]] = {
    Stage.EXTRACTION: msgspec.msgpack.Decoder(Extracted),
    Stage.RECOGNITION: msgspec.msgpack.Decoder(Recognised | None),
    Stage.CODING: msgspec.msgpack.Decoder(Coded | None),
}
