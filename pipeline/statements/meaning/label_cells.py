"""The cells that label the rows of a block, by what their columns hold: codes, names, units, classes of the other classification.

Belongs here: which columns label rows as what, and the texts of a row's cells in them. Does not belong here: what these say
(`row_labels.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.amounts import parse_amount
from pipeline.document.content import Cell
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.meaning.row_names import without_amount, without_overflow
from pipeline.statements.statement_model import Column, TableRow
from schemas.statement_kind import StatementKind
from schemas.vocabulary.phrases import WordPattern, any_of

NAMING = ("name", "government_name", "unit_name", "group", "catalogue")
"""Roles of columns that name rows."""

_BESIDE_NAMES = ("code", "unit_code", "serial", "government_code", "government_name", "catalogue", "text")
"""Roles of columns in which a word such as 合计 may stand as well."""
_PROJECT_NAME = "项目名称"
_OF_CODES = WordPattern(lambda: any_of("statement_words.csv", "of_codes"))
_PERSON = WordPattern(lambda: any_of("statement_words.csv", "maker"))
_PROJECT_CODES = WordPattern(lambda: any_of("statement_words.csv", "project_code"))


class LabelCells:
    """The label columns of a block, and the cells in them of the row that is read.

    Attributes:
        by_role: the columns by their role, that of their own or one that the kind of statement gives them.
        names_projects: whether all that names rows is headed as names of projects.
    """

    def __init__(self, columns: Sequence[Column], kind: StatementKind) -> None:
        """Know the columns of a block of a statement of a kind."""
        self.by_role = {role: [c for c in columns if c.role == role] for role in {c.role for c in columns}}
        names = self.by_role.get("name", [])
        projects = [c for c in names if c.scheme is None and c.path and _PROJECT_NAME in c.path[-1]] if kind.rows == "project" else []
        if len(projects) < len(names):  # what a project is booked under may be named as well, left of it or right
            self.by_role |= {"project_name": projects, "name": [c for c in names if c not in projects] + projects}
        self.names_projects = bool(names) and len(projects) == len(names) and all(c.path[-1] == _PROJECT_NAME for c in names)
        self._separate_classifications()
        if kind.rows != "procurement_item":
            self.by_role["name"] = self.by_role.get("name") or self.by_role.get("catalogue", [])
        if not kind.is_list:  # 科目名称 names a coded row, where 项目名称 stands beside it
            self.by_role["code_name"] = [c for c in self.by_role.get("name", ()) if c.path and _OF_CODES.search(c.path[-1])]
        self.by_role["project_code"] = [c for c in self.by_role.get("text", ()) if c.path and _PROJECT_CODES.search(c.path[-1])]
        texts = [c for c in self.by_role.get("text", ()) if not (c.path and _PERSON.search(c.path[-1]))]  # 联系人 names nobody's row
        self.by_role["naming_text"] = texts
        self.by_role["open_text"] = [c for c in texts if c.path and not any("role" in read_header_text(text) for text in c.path)]
        self._beside_names = tuple(role for role in _BESIDE_NAMES if self.by_role.get(role))

    def _separate_classifications(self) -> None:
        """Where rows are coded by function and by economic classification, read the two apart.

        Codes under a heading that does not say of which classification they are (科目编码), beside economic ones, are of the other.
        """
        codes = self.by_role.get("code", [])
        schemes = {c.scheme for c in codes}
        if "department_economic" not in schemes or not schemes & {"function", None}:
            return
        for role in ("code", "name"):
            both = self.by_role.get(role, [])
            self.by_role[f"economic_{role}"] = [c for c in both if c.scheme == "department_economic"]
            self.by_role[role] = [c for c in both if c.scheme == "function"] or [c for c in both if c.scheme != "department_economic"]

    def begin(self, row: TableRow) -> None:
        """Read this row from now on."""
        self._row = row
        self._found: dict[str, list[Cell]] = {}
        self._amounts = [row.cells[c.index] for c in self.by_role.get("amount", ())]

    def of(self, role: str) -> list[Cell]:
        """Return the row's cells with a text in columns of a role, each once, without amounts and what overflows from beside."""
        if not self.by_role.get(role):  # most tables have few of the roles that are asked for
            return []
        found = self._found.get(role)
        if found is None:
            found = self._found[role] = self._cells_of(role)
        return found

    def beside_names(self) -> list[Cell]:
        """Return the row's cells in which a word such as 合计 may stand beside its name."""
        return [cell for role in self._beside_names for cell in self.of(role)]

    def named_by(self, row: TableRow) -> list[Cell]:
        """Return the cells that name a row, whichever is read."""
        return [c for role in ("name", "unit_name") for column in self.by_role.get(role, ()) if (c := row.cells[column.index]) is not None]

    def parts(self, role: str) -> list[str]:
        """Return the row's text in each column of a role; empty where a cell has none, or goes on from the column before."""
        columns = [c.index for c in self.by_role.get(role, ())]
        if not columns:
            return []
        starts = [self._row.start_of(c) for c in columns]
        cells = [self._row.cells[c] for c in columns]
        return ["" if cell is None or (i and starts[i] == starts[i - 1]) else cell.text for i, cell in enumerate(cells)]

    def _cells_of(self, role: str) -> list[Cell]:
        found: list[Cell] = []
        seen: set[int] = set()
        for column in self.by_role[role]:
            cell, start = self._row.cells[column.index], self._row.start_of(column.index)
            if cell is None or not cell.text.strip() or start in seen:
                continue
            seen.add(start)
            if role in NAMING and parse_amount(cell.text) is not None:
                continue  # an amount whose cell reaches over its label column names nothing
            found.append(without_amount(without_overflow(cell), self._amounts))
        return found
