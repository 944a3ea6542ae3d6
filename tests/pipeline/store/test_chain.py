"""A document's way through stored stages: what is made again after a change, and what is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.document.content import Content, Page, TextLine
from pipeline.document.inputs.sources import Hint
from pipeline.document.outside.programs import Programs
from pipeline.identity.identify import Identity
from pipeline.narrative.claims.facts import Narrative
from pipeline.stages.checking import Checked
from pipeline.stages.coding import Coded
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import Stages
from pipeline.stages.recognition import Recognised
from pipeline.store.chain import Chain, Document, Stage
from pipeline.store.frames import SourceFacts
from pipeline.store.results import ResultStore

FACTS = SourceFacts("", "ab" * 32, 7, "text/plain")
VERSIONS = dict.fromkeys(Stage, "v1")


@dataclass
class Counted:
    """Made-up stages that count how often they are asked; `year` is what recognition finds."""

    year: int = 2024
    calls: Counter[str] = field(default_factory=Counter)

    def stages(self) -> Stages:
        return Stages(self.extract, self.recognise, self.code, self.check)

    def read(self) -> bytes:
        self.calls["read"] += 1
        return b"budget"

    def extract(self, data: bytes, _: Programs) -> Extracted:
        self.calls["extract"] += 1
        return Extracted(Content("lines", "text", (Page(1, 0, 0, (TextLine(data.decode()),)),)))

    def recognise(self, extracted: Extracted, hint: Hint) -> Recognised:
        self.calls["recognise"] += 1
        return Recognised(Identity(fiscal_year=hint.fiscal_year or self.year, kind="budget", province="CN-ZJ"))

    def code(self, extracted: Extracted, recognised: Recognised | None) -> Coded:
        self.calls["code"] += 1
        return Coded((), (), Narrative(), (), ())

    def check(self, extracted: Extracted, recognised: Recognised | None, coded: Coded | None) -> Checked:
        self.calls["check"] += 1
        assert extracted.content is not None and recognised is not None
        identity = recognised.identity
        return Checked({"status": "published", "fiscal_year": identity.fiscal_year, "province": identity.province, "kind": identity.kind})


def chain(folder: Path, counted: Counted, versions: dict[Stage, str] | None = None, hint: Hint | None = None, **options: object) -> Chain:
    document = Document(FACTS, hint or Hint(), counted.read)
    return Chain(ResultStore(folder), versions or VERSIONS, document, stages=counted.stages(), **options)  # type: ignore[arg-type]


def again(
    folder: Path, counted: Counted, versions: dict[Stage, str] | None = None, hint: Hint | None = None, **options: object
) -> set[str]:
    """Take the document through the stages once more, and return what was done."""
    before = counted.calls.copy()
    chain(folder, counted, versions, hint, **options).run()
    return set(counted.calls - before)


def test_what_is_stored_is_taken(tmp_path: Path) -> None:
    counted = Counted()
    assert chain(tmp_path, counted).checked_key() is None
    assert again(tmp_path, counted) == {"read", "extract", "recognise", "code", "check"}
    assert chain(tmp_path, counted).checked_key() is not None
    assert again(tmp_path, counted) == set()
    assert chain(tmp_path, counted).frames()["documents"]["fiscal_year"].to_list() == [2024]


def test_a_new_word_opens_no_document_and_ends_where_nothing_changes(tmp_path: Path) -> None:
    counted = Counted()
    again(tmp_path, counted)
    assert again(tmp_path, counted, {**VERSIONS, Stage.RECOGNITION: "v2"}) == {"recognise"}  # the same result: nothing follows
    counted.year = 2023
    assert again(tmp_path, counted, {**VERSIONS, Stage.RECOGNITION: "v3"}) == {"recognise", "code", "check"}


@pytest.mark.parametrize(
    ("stage", "expected"), [(Stage.EXTRACTION, {"read", "extract"}), (Stage.CODING, {"code"}), (Stage.CHECKING, {"check"})]
)
def test_a_change_of_a_stage_redoes_it(tmp_path: Path, stage: Stage, expected: set[str]) -> None:
    counted = Counted()
    again(tmp_path, counted)
    assert again(tmp_path, counted, {**VERSIONS, stage: "v2"}) == expected


def test_another_hint_recognises_again(tmp_path: Path) -> None:
    counted = Counted()
    again(tmp_path, counted)
    assert again(tmp_path, counted, hint=Hint(fiscal_year=2019)) == {"recognise", "code", "check"}
    assert again(tmp_path, counted, hint=Hint(fiscal_year=2019)) == set()


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_is_redone_on_request(tmp_path: Path, stage: Stage) -> None:
    counted = Counted()
    again(tmp_path, counted)
    name = {"extracted_tables": "extract", "recognised_statements": "recognise", "coded_lines": "code", "checked_lines": "check"}[stage]
    assert again(tmp_path, counted, redo=(stage,)) - {"read"} == {name}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_damaged_result_is_made_again_when_it_is_needed(tmp_path: Path, stage: Stage) -> None:
    counted = Counted()
    again(tmp_path, counted)
    (file,) = (path for path in (tmp_path / stage).rglob("*") if path.is_file())
    damaged = bytearray(file.read_bytes())
    damaged[-1] ^= 1
    file.write_bytes(damaged)
    counted.year = 2024
    redone = chain(tmp_path, counted, redo=tuple(Stage))
    assert redone.frames()["documents"]["fiscal_year"].to_list() == [2024]
    file.write_bytes(damaged)
    mended = chain(tmp_path, counted)
    assert mended.frames()["documents"]["fiscal_year"].to_list() == [2024]
    if stage is Stage.CHECKING:
        assert mended.made == [Stage.CHECKING]


def test_real_stages_come_back_from_the_store_as_they_were(tmp_path: Path) -> None:
    """Everything that a stage hands on survives being written: a document checked from stored stages has the same rows."""
    from pipeline.samples import DOCUMENTS

    for path in sorted(DOCUMENTS.iterdir()):
        data = path.read_bytes()
        facts = SourceFacts("", "cd" * 32, len(data), "text/plain")
        document = Document(facts, Hint(), lambda data=data: data)  # type: ignore[misc]
        first = Chain(ResultStore(tmp_path / path.name), VERSIONS, document).frames()
        later = Chain(ResultStore(tmp_path / path.name), {**VERSIONS, Stage.CHECKING: "v2"}, document)
        assert all(first[table].equals(frame) for table, frame in later.frames().items())
        assert later.made == [Stage.CHECKING]
