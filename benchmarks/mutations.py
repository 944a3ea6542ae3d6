"""What the checks notice: documents are read, one thing is changed as a misreading would, and the checks are tried again.

    python -m benchmarks.mutations FOLDER [--each N] [--seed S]

Kinds: one digit of an amount; two neighbouring amounts of a row read into each other's columns; a row lost (its printed numbers
stay in the count of the table); a table read in the wrong unit of money (× 10,000); a code shifted to its sibling. A mutation is
noticed if a check fails that did not fail before. Only documents whose identities hold are mutated. Prints markdown.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec

from pipeline.accounting.identities import check_rows, evaluate_identities, identity_checks
from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, printed_step, rounding_tolerance
from pipeline.checks.contradictions import contradiction_checks
from pipeline.checks.grades import is_reconciled
from pipeline.checks.of_pages.completeness import check_completeness
from pipeline.checks.of_pages.printed_order import check_order
from pipeline.checks.of_prose.narrative_checks import check_narrative
from pipeline.document.inputs.sources import Hint
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.stages.coding import read_statements
from pipeline.stages.extraction import extract
from pipeline.stages.recognition import recognise
from pipeline.statements.inference.unprinted_units import infer_units_of_money
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import RECONCILING, RULES

KINDS = ("digit", "column", "row", "unit", "code")
_FULL_SIZE = 4000  # lines; of longer documents fewer mutations are tried, because each takes longer


@dataclass(frozen=True, slots=True)
class Document:
    """What the checks work on."""

    name: str
    statements: Sequence[Statement]
    narrative: Narrative

    @property
    def lines(self) -> list[Line]:
        """Lines of tables, then of the narrative."""
        return [line for s in self.statements for line in s.lines] + self.narrative.lines


def failures(document: Document, lines: Sequence[Line]) -> dict[tuple[str, str | None, str], str]:
    """Return the checks that fail on `lines` of a document, with their severity."""
    kept = Counter(line.statement_no for line in lines if line.source == "table")
    statements = [replace(s, lines=tuple(line for line in lines if line.statement_no == s.number)) for s in document.statements]
    incomplete = {s.number for s in statements if kept[s.number] < s.amounts_printed}
    announced = [(s.number, s.kind, s.title) for s in document.statements]
    tried = evaluate_identities(lines, announced, incomplete)
    checks = check_rows(tried) + contradiction_checks(document.statements, tried)
    checks += check_narrative(lines, document.narrative) + check_completeness(statements, ()) + check_order(lines)
    return {(c["check_id"], c["statement"], c["subject"]): c["severity"] for c in checks if c["outcome"] == "fail"}


Mutation = tuple[list[Line], bool]
"""The changed lines, and whether the change is smaller than what rounding allows in that table."""


def digit(lines: Sequence[Line], random: Random) -> Mutation | None:
    """Change one digit of one amount."""
    amounts = [i for i, line in enumerate(lines) if line.source == "table" and line.amount]
    i = random.choice(amounts)
    text = lines[i].amount_text
    places = [at for at, character in enumerate(text) if character in "0123456789"]
    at = random.choice(places)
    other = random.choice([d for d in "0123456789" if d != text[at] and not (at == places[0] and d == "0")])
    value = parse_amount(text[:at] + other + text[at + 1 :])
    if value is None:
        return None
    changed = list(lines)
    changed[i] = msgspec.structs.replace(
        lines[i], amount=to_yuan(value, lines[i].unit_text), amount_text=text[:at] + other + text[at + 1 :]
    )
    rows = sum(line.statement_no == lines[i].statement_no and line.column == lines[i].column for line in lines)
    return changed, abs(changed[i].amount - lines[i].amount) <= rounding_tolerance(printed_step(lines[i]), rows)


def column(lines: Sequence[Line], random: Random) -> Mutation | None:
    """Let two neighbouring, different amounts of a row change places."""
    rows: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for i, line in enumerate(lines):
        if line.source == "table":
            rows[line.statement_no, line.row][line.column] = i
    pairs = [
        (own[c], own[c + 1]) for own in rows.values() for c in own if c + 1 in own and lines[own[c]].amount != lines[own[c + 1]].amount
    ]
    if not pairs:
        return None
    i, j = random.choice(pairs)
    changed = list(lines)
    for to, taken in ((i, lines[j]), (j, lines[i])):  # the numbers keep their places on the page
        changed[to] = msgspec.structs.replace(
            lines[to], amount=taken.amount, amount_text=taken.amount_text, x0=taken.x0, y0=taken.y0, x1=taken.x1, y1=taken.y1
        )
    return changed, False


def row(lines: Sequence[Line], random: Random) -> Mutation | None:
    """Lose a row with an amount that is not zero."""
    rows = sorted({(line.statement_no, line.row) for line in lines if line.source == "table" and line.amount})
    lost = random.choice(rows)
    return [line for line in lines if line.source != "table" or (line.statement_no, line.row) != lost], False


def unit(lines: Sequence[Line], random: Random) -> Mutation | None:
    """Read a table 10,000 times too large."""
    number = random.choice(sorted({line.statement_no for line in lines if line.source == "table" and line.amount}))
    return [
        msgspec.structs.replace(line, amount=line.amount * Decimal(10_000), unit_text="万元") if line.statement_no == number else line
        for line in lines
    ], False


def code(lines: Sequence[Line], random: Random) -> Mutation | None:
    """Shift the code of a row to the next one beside it."""
    rows: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if line.source == "table" and line.scheme in CODED and line.level > 1 and line.code and line.amount:
            rows[line.statement_no, line.row, line.code].append(i)
    if not rows:
        return None
    key = random.choice(sorted(rows))
    changed = list(lines)
    for i in rows[key]:
        changed[i] = msgspec.structs.replace(lines[i], code=f"{key[2][:-2]}{(int(key[2][-2:]) + 1) % 100:02d}")
    return changed, False


MUTATIONS: dict[str, Callable[[Sequence[Line], Random], Mutation | None]] = dict(zip(KINDS, (digit, column, row, unit, code), strict=True))


def documents(folder: Path) -> list[Document]:
    """Read all documents of a folder that have tables and whose identities hold."""
    found = []
    for file in sorted(p for p in folder.rglob("*.pdf") if p.is_file()):
        extracted = extract(file.read_bytes())
        content, recognised = extracted.content, recognise(extracted, Hint())
        if content is None or recognised is None or recognised.identity.unpublishable:
            continue
        identity = recognised.identity
        final = identity.kind == "final_account"
        narrative = read_narrative(content, fiscal_year=identity.fiscal_year, book=code_book(), final=final)
        statements = read_statements(content, recognised)
        statements, _ = infer_units_of_money(statements, narrative.lines)
        document = Document(file.name, statements, narrative)
        announced = [(s.number, s.kind, s.title) for s in statements]
        incomplete = {s.number for s in statements if len(s.lines) < s.amounts_printed}
        if any(s.lines for s in statements) and is_reconciled(identity_checks(document.lines, announced, incomplete)):
            found.append(document)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=10, help="mutations of each kind per document")
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    read = documents(arguments.folder)
    noticed: dict[str, Counter[str]] = defaultdict(Counter)
    within: Counter[str] = Counter()
    for document in read:
        lines = document.lines
        before = failures(document, lines)
        random = Random(f"{arguments.seed} {document.name}")
        for kind, mutate in MUTATIONS.items():
            for _ in range(arguments.each if len(lines) < _FULL_SIZE else max(1, arguments.each // 5)):
                mutated = mutate(lines, random)
                if mutated is None:
                    continue
                after = failures(document, mutated[0])
                new = [severity for key, severity in after.items() if key not in before or (severity, before[key]) == ("error", "warning")]
                outcome = "error" if "error" in new else "warning" if new else "missed"
                if outcome == "missed" and mutated[1]:
                    within[kind] += 1
                noticed[kind][outcome] += 1
    untouched = sum(
        severity == "error" and RULES[key[0]].family in RECONCILING for d in read for key, severity in failures(d, d.lines).items()
    )
    print(f"{len(read)} documents whose identities hold; false alarms on them untouched (errors of reconciling identities): {untouched}\n")
    print("| mutation | tried | an error | a warning | unnoticed | of these within rounding | noticed | noticed, rounding aside |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    for kind, outcomes in noticed.items():
        tried, missed = outcomes.total(), outcomes["missed"]
        beyond = tried - within[kind]
        print(
            f"| {kind} | {tried} | {outcomes['error']} | {outcomes['warning']} | {missed} | {within[kind]} "
            f"| {1 - missed / tried:.1%} | {1 - (missed - within[kind]) / beyond:.1%} |"
        )


if __name__ == "__main__":
    main()
