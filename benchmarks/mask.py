"""How well names alone give codes: every printed code is hidden, the names are resolved, and the two are compared.

    python -m benchmarks.mask FOLDER [--errors FILE]

Reads every PDF below FOLDER. Each block of rows that prints codes is classified a second time as if it printed names only; what
comes back is compared with what was printed, row by row. Lists of projects and purchases are left out: their rows bear the names of
what is paid for, not of codes. A local code of seven digits in the economic classification is right as its 款 too. Prints one line per
first-level folder, and the errors: rows resolved to another code, and rows that stay unresolved, by their cause.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import msgspec

from pipeline.budget.codes.book import code_book
from pipeline.budget.sums import CODED
from pipeline.document.inputs.sources import Hint
from pipeline.stages.coding import read_statements
from pipeline.stages.extraction import extract
from pipeline.stages.recognition import recognise
from pipeline.statements import statement_coding as coding
from pipeline.statements.meaning.codes_of_rows import Classifier
from pipeline.statements.statement_model import Block, RowLabel
from schemas.statements import kind_of


@dataclass(frozen=True)
class Answer:
    """One row: its name, what is printed with it, and what its name was resolved to."""

    place: str
    document: str
    statement: str
    year: int | None
    name: str
    printed: str
    resolved: str | None

    @property
    def right(self) -> bool:
        """Whether the resolved code is the printed one."""
        scheme, code = self.printed.split(":")
        return self.resolved == self.printed or (scheme != "function" and self.resolved == f"{scheme}:{code[:5]}")

    @property
    def cause(self) -> str:
        """Why the answer is none, or another one than the printed."""
        book = code_book()
        scheme, code = self.printed.split(":")
        if not book.knows(scheme, code):
            return "the book does not hold the printed code"
        if not book.is_named(scheme, code, self.name):
            return "the printed name is not one of the code's names"
        return "the rows around it leave several codes" if self.resolved is None else "the name is read as another code's"


class _Masking(Classifier):
    """Classifies as always, and beside it the same rows without their printed codes."""

    answers: list[tuple[str, RowLabel, RowLabel]]

    def resolve(self, kind: str, block: Block) -> list[RowLabel | None]:
        masked = replace(block, labels=tuple(_masked(label, block) if label else None for label in block.labels))
        if not kind_of(kind).is_list:
            for before, hidden in zip(block.labels, super().resolve(kind, masked), strict=True):
                if before and hidden and before.code and before.code_source == "printed" and before.scheme in CODED:
                    type(self).answers.append((kind, before, hidden))
        return super().resolve(kind, block)


def _masked(label: RowLabel, block: Block) -> RowLabel:
    if label.scheme not in CODED or not label.level:
        return label
    scheme = block.scheme if block.scheme in CODED else "item"
    hidden = msgspec.structs.replace(label, code=None, code_source=None, digits="", level=1, scheme=str(scheme))
    return msgspec.structs.replace(hidden, department_economic_code=None, government_economic_code=None)


def answers_of(file: Path, place: str) -> list[Answer]:
    """Return the answers for one document; none where it cannot be read."""
    extracted = extract(file.read_bytes())
    content, recognised = extracted.content, recognise(extracted, Hint())
    if content is None or recognised is None or recognised.identity.unpublishable:
        return []
    identity = recognised.identity
    _Masking.answers = []
    with patch.object(coding, "Classifier", _Masking):
        read_statements(content, recognised)
    return [
        Answer(
            place,
            file.name,
            statement,
            identity.fiscal_year,
            before.name,
            f"{before.scheme}:{before.code}",
            f"{after.scheme}:{after.code}" if after.code else None,
        )
        for statement, before, after in _Masking.answers
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=Path, help="write every error to this CSV")
    arguments = parser.parse_args()
    answers: list[Answer] = []
    for file in sorted(arguments.folder.rglob("*.pdf")):
        answers += answers_of(file, file.relative_to(arguments.folder).parts[0])
    by_place: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_place[answer.place].append(answer)
    print("| place | rows with a code | resolved | right | precision | recall |\n| --- | --: | --: | --: | --: | --: |")
    for place, rows in [*sorted(by_place.items()), ("all", answers)]:
        resolved = sum(row.resolved is not None for row in rows)
        right = sum(row.right for row in rows)
        print(f"| {place} | {len(rows):,} | {resolved:,} | {right:,} | {right / max(resolved, 1):.4f} | {right / max(len(rows), 1):.4f} |")
    errors = [row for row in answers if not row.right]
    causes = Counter((row.resolved is not None, row.cause) for row in errors)
    print("\n| error | cause | rows |\n| --- | --- | --: |")
    for (wrong, cause), rows_of_cause in causes.most_common():
        print(f"| {'another code' if wrong else 'none'} | {cause} | {rows_of_cause:,} |")
    if arguments.errors:
        with arguments.errors.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["place", "document", "statement", "fiscal_year", "name", "printed", "resolved", "cause"])
            writer.writerows([*row.__dict__.values(), row.cause] for row in errors)


if __name__ == "__main__":
    main()
