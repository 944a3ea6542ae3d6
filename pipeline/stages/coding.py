"""Third stage: rows get their codes, and what the sums alone can tell is inferred; sentences and targets are read.

Belongs here: the order of inference. Nothing is judged here: identities serve to choose between readings, not to grade them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line
from pipeline.checks.of_pages.damaged_pages import hold_damaged, whole_pages
from pipeline.checks.of_pages.printed_numbers import hold_differing
from pipeline.checks.of_pages.recognised_numbers import lines_with_confidence, with_confidence
from pipeline.document.content import Content, printed_place
from pipeline.narrative.budgets_of_tables import with_budgets_of_tables
from pipeline.narrative.claims.facts import HeldBack, KeyFigure, Narrative
from pipeline.narrative.claims.unread import without_projects
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.narrative.text.paragraphs import paragraphs
from pipeline.stages.extraction import Extracted
from pipeline.stages.recognition import Recognised
from pipeline.statements.dump_recognition import recognise_lines
from pipeline.statements.inference.contradicted_columns import mark_contradicted_ambiguous
from pipeline.statements.inference.contradicted_units import CONTRADICTED, hold_contradicted_units
from pipeline.statements.inference.lost_columns.rows_apart import hold_unproven_rows
from pipeline.statements.inference.unprinted_units import infer_units_of_money
from pipeline.statements.own_body import with_bodies_of_sections, with_units_settled
from pipeline.statements.statement_coding import code_statements
from pipeline.statements.statement_model import Quantity, Statement
from pipeline.targets.target_reader import drop_project_amounts, read_targets
from pipeline.targets.target_rows import Indicator, Project


@dataclass(frozen=True, slots=True)
class Coded:
    """What a document says, in the code hierarchy, before it is judged.

    Attributes:
        statements: of its tables, with their lines.
        without_unit: numbers of those statements whose unit of money is not printed and not proven: they have no lines.
        narrative: of its sentences.
        projects, indicators: rows of `projects` and `performance_indicators` without document keys.
        unread_targets: page, table on it (0: lines beside the tables), and how many rows of targets it prints that gave nothing.
        contradicted: numbers of those whose unit of money another place of the document contradicts: they have no lines either.
        projects_without_unit: page, and how many projects have an amount there whose unit of money nothing says.
        differing: lines held back, since the text layer has another number at their place than the one read; in no statement.
        evaluated: page, and how many cells of its forms say what was spent, achieved or scored: no table of the dataset holds that.
        mixed_targets: page, table on it, and of how many rows a goal, a name or a target is held back.
        differing_splits: name of a project, its page, and the parts of its amount that do not add up to it.
    """

    statements: tuple[Statement, ...]
    without_unit: tuple[int, ...]
    narrative: Narrative
    projects: tuple[Project, ...]
    indicators: tuple[Indicator, ...]
    unread_targets: tuple[tuple[int, int, int], ...] = ()
    differing: tuple[Line, ...] = ()
    evaluated: tuple[tuple[int, int], ...] = ()
    mixed_targets: tuple[tuple[int, int, int], ...] = ()
    contradicted: tuple[int, ...] = ()
    projects_without_unit: tuple[tuple[int, int], ...] = ()
    differing_splits: tuple[tuple[str, int | None, tuple[Decimal, ...]], ...] = ()

    @property
    def lines(self) -> list[Line]:
        """All budget lines: those of the tables, then those of the narrative."""
        return [line for statement in self.statements for line in statement.lines] + self.narrative.lines

    @property
    def key_figures(self) -> list[KeyFigure]:
        """Rows of `key_figures` without document keys: what sentences state, then how many of each thing purchases are of."""
        return [*self.narrative.key_figures, *(_quantity(each) for statement in self.statements for each in statement.quantities)]


def code(extracted: Extracted, recognised: Recognised | None) -> Coded | None:
    """Return what a document says, in the code hierarchy; None where it is nothing to publish.

    Args:
        extracted: its pages.
        recognised: what it is.
    """
    content = extracted.content
    if content is None or recognised is None or recognised.identity.unpublishable:
        return None
    identity, book = recognised.identity, code_book()
    whole = whole_pages(content)
    text = paragraphs(whole)
    narrative = read_narrative(
        whole,
        fiscal_year=identity.fiscal_year,
        book=book,
        final=identity.kind == "final_account" if identity.kind else None,
        department=identity.department,
        text=text,
    )
    targets = read_targets(whole, book, text, identity.fiscal_year)
    narrative.held_back = drop_project_amounts(narrative.held_back, targets)
    narrative.unread = without_projects(narrative.unread, targets.listed)
    statements, differing = hold_differing(content, hold_damaged(content, read_statements(content, recognised)))
    statements, narrative.lines = with_confidence(content, statements), lines_with_confidence(content, narrative.lines)
    statements, without_unit = infer_units_of_money(statements, narrative.lines)
    statements, contradicted, narrative.lines, unbelieved = hold_contradicted_units(statements, narrative.lines)
    narrative.held_back += [
        HeldBack(f"{line.name} {line.amount_text}{line.unit_text}", CONTRADICTED, line.page or None) for line in unbelieved
    ]
    statements = hold_unproven_rows(statements)
    printed = [line for statement in statements for line in statement.lines]
    narrative.lines = with_budgets_of_tables(narrative.lines, printed, narrative.of_beginning)
    return Coded(
        tuple(mark_contradicted_ambiguous(statements, incomplete(statements))),
        tuple(without_unit),
        narrative,
        tuple(cast(Project, row) for row in targets.projects),
        tuple(cast(Indicator, row) for row in targets.indicators),
        tuple((page, table, rows) for (page, table), rows in targets.unread.items()),
        tuple(differing),
        tuple(targets.evaluated.items()),
        tuple((page, table, rows) for (page, table), rows in targets.mixed.items()),
        tuple(contradicted),
        tuple(sorted(targets.without_unit.items())),
        tuple(targets.differing),
    )


def _quantity(bought: Quantity) -> KeyFigure:
    return {
        "indicator": "procurement_quantity_total" if bought.is_total else "procurement_quantity",
        "value": bought.value.quantize(Decimal("0.01")), "unit": "count", "name": bought.name,
        **printed_place(bought.page, bought.box), "cell": bought.cell,
    }  # fmt: skip


def read_statements(content: Content, recognised: Recognised) -> list[Statement]:
    """Return the statements of a document with their lines; those of bare lines are recognised only here."""
    identity, book, statements = recognised.identity, code_book(), recognised.statements
    if content.tables == "lines":
        statements = recognise_lines(content, fiscal_year=identity.fiscal_year, kind=identity.kind, department=identity.body, book=book)
    named = with_bodies_of_sections(statements)
    coded = code_statements(named, fiscal_year=identity.fiscal_year, department=identity.body, book=book)
    return with_units_settled(coded, identity)


def incomplete(statements: list[Statement]) -> set[int]:
    """Return the numbers of statements of which some printed amount is in no line."""
    return {s.number for s in statements if len(s.lines) < s.amounts_printed}
