"""Changes and shares: what a clause compares, found among what has been said.

Belongs here: to which amounts the words of change and share refer. Does not belong here: their grammar (`clauses.py`).
"""

from __future__ import annotations

from pipeline.narrative.context import NamedEntity, SentenceContext
from pipeline.narrative.facts import Change, NamedAmount, Number, Share
from pipeline.narrative.ledger import NarrativeRecord
from pipeline.narrative.text.clauses import ChangePhrase
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects, core_words
from schemas.vocabulary import narrative as vocabulary


class Comparisons:
    """Records changes and shares of amounts that the document has named."""

    def __init__(self, ledger: NarrativeRecord, subjects: Subjects, body: NamedEntity, fiscal_year: int | None) -> None:
        """Prepare for one document.

        Args:
            ledger: receives changes and shares.
            subjects: reads the words that name what is compared.
            body: whose budget the document is about.
            fiscal_year: of the document; a comparison with any year but the one before is left out.
        """
        self._ledger = ledger
        self._subjects = subjects
        self._body = body
        self._year = fiscal_year
        self._named: dict[tuple[str, ...], list[NamedAmount]] = {}

    def name(self, meaning: SubjectMeaning, targets: list[NamedAmount]) -> None:
        """Remember the amounts that a subject has been given, for sentences that name them again."""
        self._named[_key(meaning)] = targets

    def share(self, said: SentenceContext, words: str, percent: Number) -> None:
        """Record that the last amount is `percent` of the whole that `words` name (the total being split, if they are empty)."""
        if not said.last:
            return
        part, of = said.last[-1], said.whole
        if words:
            of = self._whole(said, words, part)
        if of is not part:
            self._ledger.narrative.shares.append(Share(part, of, percent))

    def _whole(self, said: SentenceContext, words: str, part: NamedAmount) -> NamedAmount | None:
        """Return the total being split, where the words name a total, or else the last amount of that name."""
        meaning = self._subjects.read(words, words)
        if meaning is None or meaning.kind in ("bare", "code"):
            return None
        split = said.whole
        if split is not None and split is not part and split.line is not None and meaning.kind in ("total", "current"):
            return split if self._ledger.narrative.lines[split.line].flow == meaning.flow else None
        named = self._named.get(_key(meaning))
        return named[0] if named else None

    def change(self, said: SentenceContext, changed: ChangePhrase, economic: str | None) -> str | None:
        """Record a change, complete the one that the sentence has begun, or open a comparison.

        Args:
            said: what the sentences so far have said; its changes and basis are kept up.
            changed: the words of change.
            economic: as in `Subjects.read`.

        Returns:
            The reason why the change is held back, if it is.
        """
        if changed.basis is not None:
            said.changes = None
            if changed.year is not None and self._year is not None and changed.year != self._year - 1:
                said.basis = None
                return None
            said.basis = (changed.basis, changed.base, changed.subject if changed.sign is None else "")
        if changed.sign is None:
            return None
        if said.changes and changed.basis is None and not changed.subject:
            return _complete(said.changes, changed)
        if said.basis is None:
            return None
        targets = self._changing(said, changed.subject or said.basis[2], economic)
        if not targets:
            said.changes = None
            return "a change of something that is not known"
        flat = changed.sign == 0
        stated = [c for c in self._ledger.narrative.changes[-2:] if any(c.target is t for t in targets)]
        if flat and stated:
            for change in stated:
                change.flat = True
            said.changes = stated
            return None
        basis, base, _ = said.basis
        phrase = len(self._ledger.narrative.changes)
        said.changes = [
            self._ledger.change(Change(t, basis, changed.sign, changed.amount, changed.percent, base, flat, phrase)) for t in targets
        ]
        return None

    def _changing(self, said: SentenceContext, words: str, economic: str | None) -> list[NamedAmount]:
        """Return what a change is a change of, by the words that name it; by default the last amount."""
        words = words.strip(",")
        unsaid = core_words(words)
        if not unsaid or unsaid in vocabulary.words("unsaid"):
            return said.totals if words in vocabulary.words("each") and said.totals else said.last
        meaning = self._subjects.read(words, words, economic)
        if meaning is None:
            return []
        if meaning.kind == "bare" or (said.meaning and _key(said.meaning) == _key(meaning)):
            return said.last
        return self._named.get(_key(meaning), []) if self._body.is_named(meaning.owner) else []


def _complete(changes: list[Change], changed: ChangePhrase) -> str | None:
    """Add the percentage (or the word 持平) to the changes that the sentence has begun."""
    refused = None
    for change in changes:
        if changed.sign == 0:
            change.flat = True
        elif change.sign not in (0, changed.sign) and not _zero(change):
            refused = "a change that contradicts itself"
        elif changed.percent is not None and change.percent is None:
            change.percent, change.sign = changed.percent, changed.sign or 0
        elif changed.amount is not None and change.amount is None:
            change.amount, change.sign = changed.amount, changed.sign or 0
    return refused


def _key(meaning: SubjectMeaning) -> tuple[str, ...]:
    name = "/".join(n for _, n in meaning.path) if meaning.kind == "code" and meaning.code is None else ""
    return (meaning.kind, meaning.flow, meaning.fund, meaning.nature, meaning.code or name)


def _zero(change: Change) -> bool:
    return any(n is not None and n.value == 0 for n in (change.amount, change.percent))
