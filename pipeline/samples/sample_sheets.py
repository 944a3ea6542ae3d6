"""A printed statement before it is set on a page: heading, rows of cells, and beside each amount the line it means.

Belongs here: the model of a printed table and how a Layout prints codes, names and amounts. Which statements there are, and
what stands in them, is in `statements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.codes.printed_codes import level_of
from pipeline.samples.sample_budget import Budget

INDENT = "　"

_PAPER = {
    "upright": (595.0, 842.0, 0),
    "landscape": (842.0, 595.0, 0),
    "turned": (842.0, 595.0, 90),
    "turned back": (842.0, 595.0, 270),
    "wide": (1191.0, 842.0, 0),
}


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """The budget line that a printed amount stands for, in the columns of `budget_lines`; `amount` is yuan.

    A `level`, `name`, `fund` or `unit` of None is left open and not compared (a unit's own row has its unit for a name); a
    `code` of None means that there is none. A `measure` of "" is the document's own (see `amount_cell`).
    """

    statement: str
    flow: str
    scheme: str
    code: str | None
    level: int | None
    name: str | None
    fund: str | None
    nature: str
    amount: Decimal
    unit_text: str
    measure: str = ""
    unit: str | None = None
    department_economic_code: str | None = None
    government_economic_code: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a publisher prints its tables. The defaults are the plainest print.

    Attributes:
        name: for people and test output.
        codes: `columns` (201|03|01 in three columns), `suffix` (a child prints its own two digits only), `partial` (the 款
            row alone prints only its own two digits), `joined`, `bracketed` ([2010301]名称), `dashed` (2010301-名称, 项 rows
            only) or `names` (indented names, no codes).
        indent: whether names are indented by level where codes are printed (without codes they always are).
        total: where the total row stands (`top`, `bottom`); total_word: what it is called.
        merged_total: the total's label spans the code columns too.
        unit: 元 or 万元; decimals: places printed; separators: thousands commas.
        zeros: how zero is printed: `` (blank), `0.00` or `-`.
        numbering: the row of column numbers: `` (none), `栏次` or `**`.
        titles: which variant of each title (any number, taken modulo the variants there are).
        double_titles: titles set twice a hair apart, as bold is faked.
        spaced_words: 收 入 总 计 instead of 收入总计.
        rules: `lines`, `rectangles` (a stroked rectangle per cell), `filled` (hairline filled rectangles), `horizontal`, `none`.
        page: the pages of tables: `upright`, `landscape`, `turned` (landscape by /Rotate 90), `turned back` (270) or `wide` (A3).
        rows_per_page: page break after this many rows (0 = where the page is full).
        continuation: what a continuation page repeats: `title` (title and heading), `heading` or `bare`.
        split_basic: basic spending in personnel and operating columns, where the statement allows it.
        basic_subtotal: with a 小计 column before these two.
        further: columns beside the budget: any of `prior_year`, `percent`, `change`, `procurement`.
        units: `none`, `rows` (a row of the unit's own above its codes) or `column` (the unit's name in every row).
        all_classes: a 收支 table lists every 类, used or not.
        wide_halves: the 收支 tables' right half has several amount columns.
        appropriation: revenue is shown as 财政拨款 with its funds below it, and as one column, not fund by fund.
        cross: 支出总表 crosses function with both economic classifications; the basic statement prints both codes.
        three_public: `row` (one row of columns), `units` (a row per unit) or `items` (one row per item).
        narrow: columns so narrow that names and numbers wrap.
        purposes: the 收支总表 has a third part, spending by purpose (基本支出, 项目支出).
        nested: the right half of a 收支 table goes down to 款 and 项, indented: `` (no), `plain` or `numbered` (类 with 一、二、).
        blocks: the basic statement stands in two blocks side by side, personnel | operating.
        line_numbers: 收支 tables number their lines in columns of their own (行次).
        final: a final account (决算): its titles and headings, measure `final`.
        furniture: every page has a running head with a rule below it, and its number.
        flowing: a statement follows on the same page where there is room, instead of beginning a page.
        note: a note stands below every table.
        mark: where 单位：万元 stands: `beside` the department's name, or in its own line `above` the title.
        statements: the ids to print, in order.
    """

    name: str = "plain"
    codes: str = "joined"
    indent: bool = False
    total: str = "top"
    total_word: str = "合计"
    merged_total: bool = False
    unit: str = "万元"
    decimals: int = 2
    separators: bool = True
    zeros: str = ""
    numbering: str = ""
    titles: int = 0
    double_titles: bool = False
    spaced_words: bool = False
    rules: str = "lines"
    page: str = "upright"
    rows_per_page: int = 0
    continuation: str = "heading"
    split_basic: bool = False
    basic_subtotal: bool = True
    further: frozenset[str] = frozenset()
    units: str = "none"
    all_classes: bool = True
    wide_halves: bool = False
    appropriation: bool = False
    cross: bool = False
    three_public: str = "row"
    narrow: bool = False
    purposes: bool = False
    nested: str = ""
    blocks: bool = False
    line_numbers: bool = False
    final: bool = False
    furniture: bool = False
    flowing: bool = False
    note: bool = False
    mark: str = "beside"
    statements: tuple[str, ...] = (
        "revenue_expenditure_summary",
        "revenue_summary",
        "expenditure_summary",
        "fiscal_appropriation_summary",
        "general_public_by_function",
        "general_public_basic_by_economic",
        "three_public",
        "government_fund_by_function",
        "project_expenditure",
    )

    def number(self, amount: Decimal) -> str:
        """Return `amount` (yuan) as this layout prints it.

        Raises:
            ValueError: the amount has more places than the layout prints: it could not be stated exactly.
        """
        if not amount:
            return self.zeros
        value = amount / YUAN_PER[self.unit]
        printed = value.quantize(Decimal(1).scaleb(-self.decimals))
        if printed != value:
            raise ValueError(f"{amount} yuan cannot be printed in {self.unit} with {self.decimals} places")
        return f"{printed:,f}" if self.separators else f"{printed:f}"

    def paper(self) -> tuple[float, float, int]:
        """Return width and height as shown, in points, and /Rotate."""
        return _PAPER[self.page]

    def figure_heading(self) -> str:
        """Return the heading of a single column of amounts."""
        return "决算数" if self.final else "预算数"

    def total_name(self) -> str:
        """Return the total row's name as the dataset has it, without spaces."""
        return "".join(self.total_word.split())

    def word(self, text: str) -> str:
        """Return a total word as this layout spaces it."""
        return " ".join(text) if self.spaced_words else text


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. `meaning` is set where it holds an amount that is a budget line; `span` counts grid columns."""

    text: str = ""
    meaning: ExpectedLine | None = None
    span: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A grid column: its headings from top to bottom (equal neighbours merge), and how it is set."""

    headings: tuple[str, ...]
    numeric: bool = False
    key: bool = False


@dataclass(slots=True)
class Sheet:
    """A statement ready to be set: what stands above the grid, its columns and its rows (each as wide as the columns).

    `repeated` rows at the top belong to the heading: they are printed again wherever it is.
    """

    statement: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    repeated: int = 0

    def heading_rows(self) -> list[list[tuple[int, int, int, str]]]:
        """Return the heading as rows of (column, column span, row span, text), equal neighbours under one parent merged."""
        depth = max(len(column.headings) for column in self.columns)
        rows: list[list[tuple[int, int, int, str]]] = [[] for _ in range(depth)]
        for level in range(depth):
            at = 0
            while at < len(self.columns):
                path = self.columns[at].headings
                if level >= len(path):
                    at += 1
                    continue
                end = at + 1
                while end < len(self.columns) and self._joins(at, end, level):
                    end += 1
                height = depth - level if level == len(path) - 1 else 1
                rows[level].append((at, end - at, height, path[level]))
                at = end
        return rows

    def _joins(self, first: int, other: int, level: int) -> bool:
        """Whether two columns share the heading at `level`: same path so far, and neither ends here."""
        one, two = self.columns[first].headings, self.columns[other].headings
        return len(one) > level + 1 and len(two) > level + 1 and one[: level + 1] == two[: level + 1]

    def meanings(self) -> list[ExpectedLine]:
        """Return the budget lines that this statement prints, in reading order."""
        return [cell.meaning for row in self.rows for cell in row if cell.meaning]


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of amounts means: heading and the attributes of its lines (`open_fund`: the fund is not compared)."""

    headings: tuple[str, ...]
    fund: str
    nature: str
    measure: str = ""
    open_fund: bool = False


def code_columns(layout: Layout, *, economic: bool = False, titles: Sequence[str] = ()) -> list[Column]:
    """Return the key columns of a statement by code: for function codes (3 levels) or economic codes (2 levels)."""
    code, name = titles or (("经济分类科目编码", "经济分类科目名称") if economic else ("功能分类科目编码", "功能分类科目名称"))
    if layout.codes in ("columns", "suffix", "partial"):
        return [*(Column((code, part), key=True) for part in ("类", "款", "项")[: 2 if economic else 3]), Column((name,), key=True)]
    if layout.codes == "joined":
        return [Column((code,), key=True), Column((name,), key=True)]
    return [Column((name,), key=True)]


def code_cells(layout: Layout, code: str, name: str, *, economic: bool = False) -> list[Cell]:
    """Return the key cells of one coded row, as the layout prints codes."""
    level = level_of(code)
    parts = [code[:3], code[3:5], code[5:7]][: 2 if economic else 3]
    indented = INDENT * (2 * (level - 1)) + name
    if layout.codes == "columns":
        return [*(Cell(p) for p in parts), Cell(indented if layout.indent else name)]
    if layout.codes in ("suffix", "partial"):
        own = [p if n == level - 1 or (layout.codes == "partial" and level == 3) else "" for n, p in enumerate(parts)]
        return [*(Cell(p) for p in own), Cell(indented if layout.indent else name)]
    if layout.codes == "joined":
        return [Cell(" " * (level - 1) + code if layout.indent else code), Cell(indented if layout.indent else name)]
    if layout.codes == "bracketed":
        return [Cell(f"[{code}]{name}")]
    if layout.codes == "dashed":
        return [Cell(f"{code}-{name}")]
    return [Cell(indented)]


def total_cells(layout: Layout, keys: int) -> list[Cell]:
    """Return the key cells of the total row over `keys` key columns."""
    word = layout.word(layout.total_word)
    if layout.merged_total or keys == 1:
        return [Cell(word, span=keys, centred=True), *(Cell(span=0) for _ in range(keys - 1))]
    return [*(Cell() for _ in range(keys - 1)), Cell(word)]


def amount_cell(layout: Layout, meaning: ExpectedLine) -> Cell:
    """Return the cell that prints the meaning's amount: without a meaning where it prints nothing (a blank is no line)."""
    text = layout.number(meaning.amount)
    measure = meaning.measure or ("final" if layout.final else "budget")
    return Cell(text, replace(meaning, measure=measure) if text not in ("", "-") else None)


def number_row(layout: Layout, columns: Sequence[Column]) -> list[Cell]:
    """Return the row of column numbers, or nothing where the layout or the statement has none."""
    keys = sum(column.key for column in columns)
    if not layout.numbering or not keys:
        return []
    if layout.numbering == "栏次":
        row = [Cell("栏次", span=keys, centred=True), *(Cell(span=0) for _ in range(keys - 1))]
        return row + [Cell(str(n), centred=True) for n in range(1, len(columns) - keys + 1)]
    return [Cell("**" if c.key else str(n - keys), centred=True) for n, c in enumerate(columns, 1)]


def amounts_of(budget: Budget, layout: Layout, meaning: ExpectedLine, columns: Sequence[ColumnMeaning], **where: str) -> list[Cell]:
    """Return the amount cells of one row: the budget's sum at `where` (see `Budget.amount`) for each column."""
    cells = []
    for column in columns:
        amount = budget.amount(fund=column.fund, nature=column.nature, **where)
        fund = None if column.open_fund else column.fund
        cells.append(amount_cell(layout, replace(meaning, amount=amount, fund=fund, nature=column.nature, measure=column.measure)))
    return cells
