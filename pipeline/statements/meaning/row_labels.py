"""From row labels to what each row is about: code, name, level, unit, or the fund or nature that a row names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT, is_deepest, join_code, level_of, parse_code
from pipeline.budget.named_parts import with_named_part
from pipeline.budget.sums import CODED
from pipeline.document.content import Cell
from pipeline.statements.meaning.crossed_classifications import without_rows_of_one_code
from pipeline.statements.meaning.headers.header_attributes import measure_of_row
from pipeline.statements.meaning.headers.header_texts import YEAR, counts
from pipeline.statements.meaning.headers.joined_names import names_another_row, without_joined_fund
from pipeline.statements.meaning.label_cells import NAMING, LabelCells
from pipeline.statements.meaning.purchases import with_projects_above, with_purchase
from pipeline.statements.meaning.revenue_items import RevenueItems, blocks_of_income_codes, with_levels, with_open_funds
from pipeline.statements.meaning.row_names import (
    NumberedLevels,
    are_centred,
    carried_name,
    clean_name,
    holds_several_rows,
    indent_of,
    names_above,
    names_maker,
    part_named,
    total_name,
    with_first_nature_open,
    without_colon,
)
from pipeline.statements.meaning.rows_of_years import without_rows_of_open_years
from pipeline.statements.meaning.unit_rows import heads_units, is_group_of_units, names_body, unit_name
from pipeline.statements.statement_model import LABEL_ROLES, Column, RowContext, RowLabel, TableRow
from schemas.statement_kind import StatementKind
from schemas.statements import kind_of
from schemas.vocabulary import read_row_label
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of
from schemas.vocabulary.titles import names_a_part

_UNIT_CODE = re.compile(r"\d{6}|\d{9}|\d{12}|[014678]\d\d|9\d\d")
# A body, not a project, that names itself apart from its units: …局（本级）.
_OWN_LEVEL = WordPattern(lambda: rf"{body_ending('row_own')}[(]{any_of('identity_words.csv', 'own_mark')}[)]$")
_OF_MONEY = WordPattern(lambda: any_of("identity_words.csv", "money") + "$")
_PAID_FROM_CARRYOVER = WordPattern(lambda: f"{any_of('statement_words.csv', 'years_before')}.*{any_of('statement_words.csv', 'paid')}$")
_NATURE = WordPattern(lambda: any_of("row_labels.csv", "nature"))
_TOTAL_OF_ALL = WordPattern(lambda: rf"{any_of('statement_words.csv', 'total')}[数额]?$")  # 支出合计额: no body is named so
_PROJECT_CODE = re.compile(r"[0-9a-z]{6,32}", re.IGNORECASE)  # shorter ones number the lines
_AMOUNT_IN_NAME = re.compile(r"^-?\d[\d,]{0,15}\.\d\d(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\d[\d,]{0,15}\.\d\d$")
_AMOUNT_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff)])\d[\d,]{0,15}\.\d{2,6}$")
_PART_OF_CODE = re.compile(r"\d\d")
_NATURES_OF_ROWS = ("basic", "project", "basic_personnel", "basic_operating")  # economic rows stand below no other nature
_UNKNOWN = ""  # what a row names beside a nature, of which nobody knows the word
_THREE_PUBLIC_LEVEL = {"total": 0, "with_meetings_training": 0, "agency_operating": 1, "vehicle_purchase": 2, "vehicle_operation": 2}


def three_public_level(item: str) -> int:
    """Return the level of a 三公 item: totals 0, parts 1, parts of vehicles 2."""
    return _THREE_PUBLIC_LEVEL.get(item, 1)


def read_rows(rows: Sequence[TableRow], columns: Sequence[Column], context: RowContext) -> list[RowLabel | None]:
    """Return what each row of one block is about; None for rows without any label.

    Rows whose classification is printed by name only come back with `code` None and their `indent`; names are resolved
    to codes for the whole block at once by the caller.
    """
    reader = _BlockReader(columns, context)
    reader.heads_units = kind_of(context.statement).is_list and heads_units(rows, columns)
    labels = with_open_funds(with_levels([_going_on(reader.read(row), row, columns) for row in rows]), columns)
    named = [[c.text for c in reader.cells.named_by(row)] for row in rows]
    labels = without_rows_of_one_code(with_projects_above(labels), rows, columns)
    labels = with_first_nature_open(labels, [texts[-1] if texts else "" for texts in named])
    labels = without_rows_of_open_years(labels, rows, columns) if reader.kind.items else labels
    if reader.kind.is_list and are_centred(
        [c for row, label in zip(rows, labels, strict=True) if label for c in reader.cells.named_by(row)]
    ):
        labels = [label and replace(label, indent=0.0) for label in labels]
    if any(label and label.code in ("conference", "training") for label in labels):
        for n, label in enumerate(labels):  # 合计 over all items includes 会议费 and 培训费, “三公”经费合计 beside it does not
            if label and label.code == "total" and "三公" not in label.name:
                labels[n] = replace(label, code="with_meetings_training")
    return labels


def _is_part_of_a_nature(name: str, says: Mapping[str, str]) -> bool:
    """Tell whether a row's name says more beside the nature of spending than is known, and no fund: 一次性项目支出 is not all of it."""
    return "fund" not in says and names_a_part(_NATURE.sub(" ", fold(name)))


def _going_on(label: RowLabel | None, row: TableRow, columns: Sequence[Column]) -> RowLabel | None:
    """Return the label, marked where every cell that labels the row began in the row above: a line cuts the row in two."""
    labelling = [c.index for c in columns if c.role in LABEL_ROLES and (cell := row.cells[c.index]) is not None and cell.text.strip()]
    return replace(label, goes_on=True) if label and labelling and not any(row.top[c] for c in labelling) else label


class _BlockReader:
    def __init__(self, columns: Sequence[Column], context: RowContext) -> None:
        self.context = context
        self.kind: StatementKind = kind_of(context.statement)
        self.cells = LabelCells(columns, self.kind)
        self.codes_income = bool(blocks_of_income_codes(columns))
        self.previous: str | None = None
        self.previous_government: str | None = None
        self.unit: str | None = None
        self.heads_units = False
        self.several = False  # the row above holds several rows
        self.nature: str | None = None
        self.nature_numbered: int | None = None  # the level that the number of the row shows which names it
        self.item: str | None = None
        self.revenue = RevenueItems()
        self.levels = NumberedLevels()

    def read(self, row: TableRow) -> RowLabel | None:
        """Return what a row is about; None where it says nothing, or its cells hold the names of several rows."""
        self.cells.begin(row)
        below_several, self.several = self.several, self._holds_several_rows(row)
        if self.several or self._has_number_in_name():
            return None
        government = self._government()
        label = self._with_economic_code(self._from_codes_and_names())
        bought = with_purchase(label, row, self.cells.by_role) if label is not None and self.kind.rows == "procurement_item" else label
        if label is not None and label.scheme not in CODED and is_group_of_units(label.name) and not (bought and bought.is_bought):
            self.unit = None
            label = replace(label, unit=None, code=None, code_source=None, scheme="item")
        else:
            label = bought
        if label is not None and (label.measure == "page_sum" or (label.code and _AMOUNT_BEHIND.search(fold(label.name)))):
            return label if label.measure == "page_sum" else None  # the cells between its code and the amount are in it
        if label is not None and label.scheme == "project" and label.level and label.code is None:
            code = next((text for c in self.cells.of("project_code") if _PROJECT_CODE.fullmatch(text := without_spaces(c.text))), None)
            label = replace(label, code=code, code_source="printed" if code else None)
        name = fold(label.name) if label is not None and (label.scheme not in CODED or not label.code) else ""
        if label is not None and (counts(name) or names_maker(name)):
            label = replace(label, measure="count")
        elif when := self._measure():
            label = label or RowLabel("", self.context.scheme or "item", 0, unit=self.unit)
            label = replace(label, measure=when)
        elif label is None and self._is_own_year():
            label = RowLabel("", self.context.scheme or "item", 0, unit=self.unit)
        if label is None:
            nameless = government is not None and not government[1] and self.cells.by_role.get("government_name")
            if government is None or (self.cells.by_role.get("code") and (nameless or below_several)):
                return None  # beside codes of another classification, this one's alone may be the rest of another row
            if _AMOUNT_BEHIND.search(fold(government[1])):
                return None  # the cells between it and the amount are in it
            label = RowLabel(government[1], "government_economic", level_of(government[0]), government[0], "printed")
        elif government is not None and label.scheme != "government_economic":
            label = replace(label, government_economic_code=government[0])
        codes = [fold(cell.text) for cell in self.cells.of("unit_code")] if label.unit is None and label.scheme != "unit" else []
        return replace(label, unit_code=codes[0]) if len(codes) == 1 and _UNIT_CODE.fullmatch(codes[0]) else label

    def _has_number_in_name(self) -> bool:
        """Tell whether a name came into one cell with an amount beside it: then neither the name nor the row's columns are sure.

        So too where the code goes on in a column that seemed to hold names.
        Names of projects and of what is bought hold numbers of their own.
        """
        if self.kind.is_list or self.kind.lists_projects or not self.kind.is_known:
            return False
        coded = any(part.strip() for part in self.cells.parts("code"))
        goes_on = coded and any(_PART_OF_CODE.fullmatch(fold(part)) for part in self.cells.parts("name"))
        return goes_on or any(_AMOUNT_IN_NAME.search(fold(cell.text)) for cell in self.cells.of("name"))

    def _holds_several_rows(self, row: TableRow) -> bool:
        kind = self.kind
        if kind.is_summary and any(names_another_row(clean_name(cell.text)[0]) for cell in self.cells.of("name")):
            return True
        if not any(cell is not None and "\n" in cell.text for cell in row.cells):
            return False
        numbered = not (kind.is_list or kind.lists_projects) and (kind.is_known or bool(self.cells.by_role.get("code")))
        return any(holds_several_rows(cell.text, numbered=numbered) for role in (*NAMING, "code") for cell in self.cells.of(role))

    def _with_economic_code(self, label: RowLabel | None) -> RowLabel | None:
        """Add the economic code of a row that is coded by function as well, and name it by its project in a list of projects."""
        code = join_code(self.cells.parts("economic_code"))
        projects = self.cells.of("project_name")
        function = label.code if label and label.scheme == "function" else None
        if (code or function) is None or (label is not None and not label.level):
            return label
        names = self.cells.of("economic_name")
        if projects and (label is None or label.scheme != "unit"):
            label = RowLabel(clean_name(projects[-1].text)[0], "project", 1, unit=self.unit, function_code=function)
        if label is None or code is None:
            return label or self._coded(code or "", clean_name(names[-1].text)[0] if names else "")
        if label.scheme == "government_economic" and label.code and SCHEME_OF_DIGIT[code[0]] == "department_economic":
            own = self._coded(code, clean_name(names[-1].text)[0] if names else "")
            return replace(own, government_economic_code=label.code)  # 科目编码 beside departmental ones was of the government's
        return replace(label, department_economic_code=code)

    def _measure(self) -> str | None:
        """Return what the row's cell in a column of years or measures says (2025年 | 2026年 | 增减变化金额)."""
        for cell in self.cells.of("year"):
            if measure := measure_of_row(fold(cell.text), self.context.fiscal_year):
                return measure
        return None

    def _is_own_year(self) -> bool:
        """Tell whether the row's cell in a column of years names the document's own: it goes on with the group above."""
        years = [YEAR.search(fold(c.text)) for c in self.cells.of("year")]
        return any(year and int(year[1]) == self.context.fiscal_year for year in years)

    def _government(self) -> tuple[str, str] | None:
        if not (self.cells.by_role.get("government_name") or self.cells.by_role.get("government_code")):
            return None
        names = [without_spaces(c.text) for c in self.cells.of("government_name")]
        code = join_code(self.cells.parts("government_code"), self.previous_government)
        if code:
            self.previous_government = code
            return code, names[-1] if names else ""
        for name in names:
            if printed := parse_code(name):
                return printed.code, printed.name
        return None

    def _from_codes_and_names(self) -> RowLabel | None:
        names = self.cells.of("name") + self.cells.of("group")
        units = self.cells.of("unit_name")
        if any(c in names and _OF_MONEY.search(fold(c.text)) for c in units):  # a heading across the row is no unit
            units, self.unit = [], None
        unit_codes = [fold(c.text) for c in self.cells.of("unit_code")]
        parts = self.cells.parts("code")
        code = join_code(parts, self.previous) if any(p.strip() for p in parts) else None
        labels = [*units, *names, *self.cells.beside_names()]
        if code is None and (carried := next((n for c in labels if (n := carried_name(c.text))), None)):
            return RowLabel(carried, self.context.scheme or "item", 0, unit=self.unit, measure="page_sum")
        spread = total_name("".join(map(without_spaces, parts)))  # 合 in the cell for the 类, 计 in that for the 款
        printed_total = spread or next((n for c in labels if (n := total_name(c.text))), None) if code is None else None
        if printed_total and all(total_name(c.text) for c in (*units, *names)):
            return self._total(printed_total)
        if self.heads_units and unit_codes and names:
            booked = code if code is not None and SCHEME_OF_DIGIT[code[0]] == "function" else None
            return replace(self._unit_code_row(unit_codes[0], names[0]), function_code=booked)
        if units:
            if code is None and not names:
                return self._unit_row(units[-1], unit_codes)
            self.unit = unit_name(units[-1].text)[1]
        elif unit_codes and names and code is None and self._names_unit(names[-1]):
            return self._unit_code_row(unit_codes[0], names[-1])
        if code is None and len(names) > 1 and (several := self._several_classifications(names)):
            return several
        if code is None and len(parts) == 1 and not self.codes_income and _UNIT_CODE.fullmatch(fold(parts[0])) and names:
            return self._unit_code_row(fold(parts[0]), names[-1])
        if code is not None:
            self.previous = code
            name = without_spaces((self.cells.of("code_name") or names)[-1].text) if names else ""
            if (printed := parse_code(name)) and printed.code == code:
                name = printed.name
            label = self._coded(code, clean_name(name)[0] if name else "")
            if parts[0].strip():
                return label
            return replace(label, completed=True, digits="".join(fold(part) for part in parts))
        if not names:
            return self._single_code_text(parts) or self._any_text() or self._unit_by_code(unit_codes)
        return self._named(names, parts)

    def _single_code_text(self, parts: list[str]) -> RowLabel | None:
        text = next((p for p in parts if p.strip()), "")
        if printed := parse_code(text):
            self.previous = printed.code
            return self._coded(printed.code, printed.name)
        if self.context.flow == "revenue" and self.context.scheme is None and (cells := self.cells.of("code")):
            return self._named(cells, [])  # what seemed to hold codes names items of income
        return self._unit_text(text) if text else None

    def _any_text(self) -> RowLabel | None:
        """A row that fills none of its label columns is named by its last text, of those of which nothing says what they are if any."""
        for cells in (self.cells.of("open_text"), self.cells.of("naming_text") + self.cells.of("catalogue")):
            if texts := [c.text for c in cells if re.search(r"[\u4e00-\u9fff]", c.text)]:
                return self._unit_text(texts[-1])
        return None

    def _unit_by_code(self, codes: list[str]) -> RowLabel | None:
        """A row that prints only a unit's code is the unit's."""
        code = next((c for c in codes if re.fullmatch(r"\d{3,12}", c)), None)
        return RowLabel(code, "unit", 1, code, "printed") if code else None

    def _unit_text(self, text: str) -> RowLabel | None:
        name = clean_name(text)[0]
        if not re.search(r"[\u4e00-\u9fff]", name):
            return None
        if fold(unit_name(text)[1]) in self.context.unit_names:
            code, self.unit = unit_name(text)
            return RowLabel(self.unit, "unit", 1, code, "printed" if code else None)
        return RowLabel(name, self.context.scheme or "item", 1, unit=self.unit)

    def _total(self, name: str) -> RowLabel:
        fund = None
        if self.context.flow == "revenue" and read_row_label(fold(name)).get("total") == "current":
            fund = "current_year"
        if fold(name) not in ("小计", "合计"):
            self.nature = None
        self.revenue.close()
        if self.kind.items:
            return RowLabel(name, self.kind.items, 0, "total", "printed")
        group = self.unit if fold(name) == "小计" else None  # it closes a unit's rows
        return RowLabel(name, self.context.scheme or "item", 0, fund=fund, unit=group)

    def _unit_row(self, cell: Cell, codes: list[str]) -> RowLabel:
        code, name = unit_name(cell.text)
        if _TOTAL_OF_ALL.search(fold(name)) and not names_body(_TOTAL_OF_ALL.sub("", fold(name))):
            return self._total(name)
        self.unit = name
        code = next((c for c in codes if re.fullmatch(r"\d{3,12}", c)), code)
        return RowLabel(name, "unit", 1, code, "printed" if code else None, indent=indent_of(cell))

    def _names_unit(self, cell: Cell) -> bool:
        """Tell whether a unit's code stands beside the unit's name; beside a thing bought or a project's it says whose that is."""
        if self.cells.by_role.get("unit_name") or self.cells.of("catalogue"):
            return False
        name = clean_name(cell.text)[0]
        return not self.cells.names_projects or names_body(name) or fold(name) in self.context.unit_names

    def _unit_code_row(self, code: str, cell: Cell) -> RowLabel:
        name = without_colon(without_spaces(cell.text))
        digits = code if re.fullmatch(r"\d{3,12}", code) else None
        if self.kind.lists_projects and fold(name) not in self.context.unit_names and not digits:
            return RowLabel(name, "project", 1, unit=self.unit)
        self.unit = name
        return RowLabel(name, "unit", 1, digits, "printed" if digits else None, indent=indent_of(cell))

    def _coded(self, code: str, name: str) -> RowLabel:
        scheme = SCHEME_OF_DIGIT[code[0]]
        label = RowLabel(name, scheme, level_of(code), code, "printed", unit=self.unit, nature=self.nature or None)
        return replace(label, nature_beside="") if self.nature == _UNKNOWN else label

    def _several_classifications(self, names: list[Cell]) -> RowLabel | None:
        """A row that crosses classifications prints a code with its name in several columns."""
        printed = [p for c in names if (p := parse_code(without_spaces(c.text)))]
        if not printed:
            return None
        main = min(printed, key=lambda p: p.code[0])
        label = self._coded(main.code, main.name)
        for other in printed:
            if other is not main and other.code[0] == "3":
                label = replace(label, department_economic_code=other.code)
            elif other is not main and other.code[0] == "5":
                label = replace(label, government_economic_code=other.code)
        return label

    def _named(self, names: list[Cell], parts: list[str]) -> RowLabel | None:
        cell = names[-1]
        group = without_spaces(names[0].text) if len(names) > 1 else None
        text = without_spaces(cell.text)
        if printed := parse_code(text):
            self.previous = printed.code
            return self._coded(printed.code, clean_name(printed.name)[0])
        name, numbered, of_which = clean_name(text)
        numbered = self.levels.of(text, numbered)
        if group and fold(name) == "小计":
            names = names[:-1]  # the sum of the class to its left
            name, numbered = clean_name(names[-1].text)[0], len(names)
        says = with_named_part(read_row_label(fold(name)), fold(name), "row_labels.csv", read_row_label)
        level = min(numbered or (self.revenue.last_level + 1 if of_which else 1), 3)
        part = part_named(name) if of_which and self.kind.is_list else None  # 其中：政府采购 of a project
        if says.get("total"):
            return self._total(name)
        if self.kind.items and self.kind.items in says:
            item = self.item = says[self.kind.items]
            return RowLabel(name, self.kind.items, three_public_level(item), item, "printed", unit=self.unit)
        if self.kind.items and self.item and level > 1:
            return RowLabel(name, "item", level, nature="of_which_other", unit=self.unit)  # 国内接待费 below 公务接待费
        if self._is_unit(cell, name):
            code, bare = unit_name(cell.text)
            self.unit = bare
            return RowLabel(bare, "unit", 1, code, "printed" if code else None, indent=indent_of(cell))
        if self.context.flow == "revenue" and self.context.scheme is None:
            says = without_joined_fund(says, fold(name))
            if group:
                level = 1 + (fold(without_spaces(cell.text)) != "小计")
                return self.revenue.read(name, says, level, of_which=of_which, group=group, unit=self.unit)
            label = self.revenue.read(name, says, level, of_which=of_which, numbered=numbered is not None, unit=self.unit)
            return label if of_which else replace(label, indent=indent_of(cell), numbered=numbered)
        in_summary = self.context.flow == "expenditure" and self.kind.is_summary
        if in_summary and "carryover" in says and not _PAID_FROM_CARRYOVER.match(fold(name)):
            says = {**says, "nature": "carryforward"}
        if in_summary and says.get("fund") == "fiscal_appropriation" and "nature" not in says:
            return self._total(name)  # a section of the expenditure half named by its fund is its total
        if "nature" in says and self.kind.is_known and not self.kind.is_list:
            self.nature = says["nature"] if says["nature"] in _NATURES_OF_ROWS else None
            self.nature_numbered = numbered
            label = RowLabel(name, self.context.scheme or "function", 0, nature=says["nature"], unit=self.unit)
            return replace(label, nature=None, nature_beside="") if _is_part_of_a_nature(name, says) else label
        if fold(name).endswith("部门") and fold(name).removesuffix("部门") in self.context.unit_names:
            self.unit = None
            return self._total(name)  # …局部门: the department with all its units
        self._go_on_from_nature(numbered)
        digits = "".join(d for p in parts if (d := fold(p)).isdigit())
        if of_which and self.previous and is_deepest(self.previous) and self.cells.by_role.get("code") and not digits:
            part = part or "of_which_other"  # no code stands below the one of the row above
        return RowLabel(
            name,
            self.context.scheme or "item",
            level,
            fund=None if self.kind.is_list else says.get("fund"),
            unit=self.unit,
            nature=part or self.nature or None,
            nature_beside="" if self.nature == _UNKNOWN and not part else None,
            indent=indent_of(cell),
            numbered=numbered,
            digits=digits,
            above=names_above(self.cells.by_role.get("name", ()), names),
        )

    def _go_on_from_nature(self, numbered: int | None) -> None:
        """Leave the nature of the rows above where a row is numbered as the one that names it: 二、专项支出 below 一、基本支出."""
        if self.nature and numbered is not None and self.nature_numbered is not None and numbered <= self.nature_numbered:
            self.nature = _UNKNOWN

    def _is_unit(self, cell: Cell, name: str) -> bool:
        known = self.context.unit_names
        return fold(name) in known or fold(unit_name(cell.text)[1]) in known or _OWN_LEVEL.search(fold(name)) is not None
