"""What a document says of itself that others must know is a finding."""

from pipeline.checks.findings import of_identity
from pipeline.identity.identify import Identity
from pipeline.store.catalogue import CORRECTION


def test_a_correction_is_found_where_versions_are_compared() -> None:
    assert [row["finding"] for row in of_identity(Identity(department="某局", correction=True))] == [CORRECTION]
    assert of_identity(Identity(department="某局")) == []


def test_contradictions_of_the_registry_and_of_the_document_itself_are_told_apart() -> None:
    found = of_identity(Identity(contradictions=("one",), doubts=("two",)))
    assert [(row["finding"], row["subject"]) for row in found] == [("registry_contradiction", "one"), ("identity_contradiction", "two")]
