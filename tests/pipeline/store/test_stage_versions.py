"""Versions of stages: what they depend on, and what they do not."""

from pathlib import Path

from pipeline.store.chain import Stage, stage_versions
from pipeline.store.stage_versions import depends_on, version_of

ROOT = Path(__file__).parents[3]


def test_a_word_is_no_part_of_extraction_and_a_code_none_of_recognition() -> None:
    """So a new word opens no document again, and a new code recognises nothing again."""
    extraction, recognition, coding = (depends_on(f"pipeline.stages.{stage}") for stage in ("extraction", "recognition", "coding"))
    assert "pipeline/document/pdf/glyphs.py" in extraction
    assert not {path for path in extraction if path.startswith("schemas/vocabulary/")}
    assert "schemas/classification/codes.csv" not in recognition
    assert {"schemas/classification/codes.csv", "schemas/vocabulary/titles.csv"} <= coding


def test_checks_are_part_of_the_last_stage_alone() -> None:
    checks = "pipeline/checks/repair.py"
    assert checks in depends_on("pipeline.stages.checking")
    assert not any(checks in depends_on(f"pipeline.stages.{stage}") for stage in ("extraction", "recognition", "coding"))


def test_each_stage_has_a_version_of_its_own() -> None:
    versions = stage_versions()
    assert set(versions) == set(Stage)
    assert len(set(versions.values())) == len(Stage)
    assert version_of("pipeline.stages.coding") == versions[Stage.CODING]


def test_what_stages_do_is_no_part_of_publication() -> None:
    """Their results are known by content: a word that changes no document makes no partition again."""
    whole, publication = (
        version_of("pipeline.publish.dataset", "pipeline.store.partitions.partition", without=w) for w in (None, "pipeline.stages")
    )
    assert whole != publication
    assert "pipeline/statements/statement_recognition.py" in depends_on("pipeline.store.partitions.partition")
    assert not {
        path
        for path in depends_on("pipeline.store.partitions.partition", without="pipeline.stages")
        if path.startswith("pipeline/statements")
    }


def test_what_readers_of_a_dataset_are_told_is_part_of_its_publication() -> None:
    cards = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pipeline/publish/description/cards").iterdir()}
    assert cards
    assert cards <= depends_on("pipeline.publish.dataset", without="pipeline.stages")
