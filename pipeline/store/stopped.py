"""Documents that a limit stopped, or that crashed the reader: with that reason, so that no build spends that time on them again.

Belongs here: when such a reason still holds. It does for the same bytes, the same code and the same limits; other failures (a file that has
gone, a reader that somebody killed) are never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from pipeline.document.inputs.sources import Source
from pipeline.store.chain import Stage
from pipeline.store.processes.limits import Limits
from pipeline.store.results import DamagedResult, ResultStore, key_of
from pipeline.store.stage_versions import version_of

_KIND = "stopped_documents"


class Stopped(msgspec.Struct, frozen=True):
    """Why a document was stopped, and what its bytes are if that was found out before."""

    reason: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class StoppedDocuments:
    """Reasons kept in a store.

    Attributes:
        store: where they are kept.
        versions: of the stages.
        limits: of a document.
    """

    store: ResultStore
    versions: Mapping[Stage, str]
    limits: Limits

    def reason_of(self, source: Source) -> Stopped | None:
        """Return why a document was stopped before, if it would be again."""
        try:
            return _DECODER.decode(self.store.get(_KIND, self._version, self._key(source)))
        except (DamagedResult, msgspec.DecodeError):
            return None

    def note(self, source: Source, reason: str, media_type: str | None) -> None:
        """Keep why a document was stopped."""
        self.store.delete_old_versions(_KIND, self._version)
        self.store.put(_KIND, self._version, self._key(source), msgspec.msgpack.encode(Stopped(reason, media_type)))

    @property
    def _version(self) -> str:
        return key_of(*(self.versions[stage] for stage in Stage), version_of("pipeline.store.processes.isolation"))[:16]

    def _key(self, source: Source) -> str:
        return key_of(source.sha256, repr(source.hint), repr(self.limits))


_DECODER = msgspec.msgpack.Decoder(Stopped)
