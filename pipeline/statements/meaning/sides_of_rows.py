"""Which rows are income and which spending, planned and spent, of which fund and nature, where these stand one above the other.

Belongs here: where one side ends and the other begins, headings between rows, and columns whose words tell rows apart by measure,
fund or nature. Does not belong here: halves side by side (`header_columns.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from msgspec.structs import replace

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.sums import CODED, PARTS_OF_BASIC, funds_within
from pipeline.statements.meaning.headers.header_attributes import SINGLE_FUNDS, measure_of_row
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.meaning.revenue_items import blocks_of_income_codes
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import Column, RowLabel, TableRow
from schemas.statement_kind import StatementKind
from schemas.vocabulary import phrase_rows, read_row_label
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_FEWEST_MEASURES = 2  # that a column names: of one alone all rows are, and it says nothing of any
_LABELLING = ("code", "name", "unit_code", "unit_name")
_WORDS = "statement_words.csv"
_SOURCE = WordPattern(lambda: f"^{any_of(_WORDS, 'source_header')}$")
_NATURE = WordPattern(lambda: f"^{any_of(_WORDS, 'nature_header')}$")
_KIND_OF_PROJECT = WordPattern(lambda: f"^{any_of(_WORDS, 'project_kind_header')}$")
_WAY = WordPattern(lambda: rf"^按[^()]{{2,16}}{any_of(_WORDS, 'way')}$")
_SHARE = WordPattern(lambda: rf"^{any_of(_WORDS, 'share')}(?:[(]%[)]|%)?$")
_PROJECT = WordPattern(lambda: any_of(_WORDS, "project_header"))
_PROJECT_NAME = WordPattern(lambda: any_of(_WORDS, "project_name_header") + "$")
_INCOME = WordPattern(lambda: any_of(_WORDS, "income_end") + "$")
_EXCEPTS = WordPattern(lambda: any_of(_WORDS, "excepted"))
_CARRIED = WordPattern(lambda: any_of(_WORDS, "carried"))


def first_row_of_spending(rows: Sequence[TableRow], columns: Sequence[Column]) -> int:
    """Return how many leading rows are income: those to the last row named after it, or to the first one named after spending.

    Returns 0 where the rows do not say it: a row of one side stands among those of the other, or only one side is named.
    """
    if any(read_header_text(text).get("flow") for column in columns if column.role == "amount" for text in column.path):
        return 0
    sides = [(n, side) for n, row in enumerate(rows) if (side := _side(row, columns))]
    income = [n for n, side in sides if side == "revenue"]
    spending = [n for n, side in sides if side == "expenditure"]
    if not income or not spending or income[-1] > spending[0]:
        return 0
    return spending[0] if income[0] == 0 else income[-1] + 1


def with_columns_of_measures(columns: Sequence[Column], rows: Sequence[TableRow]) -> tuple[Column, ...]:
    """Return the columns; one that says of what measure each row is (预算数 over 决算数), beside one that names it, is one of years."""
    named = [c.index for c in columns if c.role in _LABELLING]
    return tuple(replace(c, role="year") if set(named) - {c.index} and _names_measures(c, rows) else c for c in columns)


def with_codes_of_income(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of a table that is no statement of the budget; amounts beside codes of income (收入科目编码) are income.

    Of what fund is open: it is collected for the treasury.
    """
    blocks = blocks_of_income_codes(columns)
    return [
        replace(c, flow="revenue", nature="total", understood=False) if c.role == "amount" and c.block in blocks else c for c in columns
    ]


def _names_measures(column: Column, rows: Sequence[TableRow]) -> bool:
    if column.role not in ("name", "group", "text"):
        return False
    said = set[str]()
    for row in rows:
        cell = row.cells[column.index] if row.top[column.index] else None
        if cell is not None and (text := fold(cell.text)):
            measure = measure_of_row(text, None)
            if measure is None:
                return False
            said.add(measure)
    return len(said) >= _FEWEST_MEASURES


def without_ways_of_classifying(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[RowLabel | None]:
    """Return the labels; a row that says how those below are classified (按支出功能分类) is none, or a total where it prints one again.

    One that says that its numbers are shares (占比) has no amounts. In a list either is the name of an item.
    """
    amounts = [c.index for c in columns if c.role == "amount"]
    printed = [tuple(fold(cell.text) if (cell := row.cells[c]) is not None else "" for c in amounts) for row in rows]
    totals = {own for label, own in zip(labels, printed, strict=True) if label and not label.level and label.nature is None}
    found = list[RowLabel | None]()
    divided_anew = False  # whether the rows divide the total anew: the nature of rows above is none of theirs
    for label, own in zip(labels, printed, strict=True):
        if label is not None and label.nature and divided_anew:
            divided_anew = not read_row_label(fold(label.name)).get("nature")
            label = replace(label, nature=None) if divided_anew else label
        if label is None or label.code is not None or label.scheme not in (*CODED, "item"):
            found.append(label)
        elif label.level and _WAY.search(fold(label.name)):
            divided_anew = own in totals and any(own)
            total = replace(label, level=0, numbered=None, nature=None) if divided_anew else label
            found.append(total if any(own) else None)
        elif _SHARE.search(fold(label.name)):
            found.append(replace(label, measure="percent"))
        else:
            found.append(label)
    return found


def with_projects_over_codes(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column], kind: StatementKind
) -> list[RowLabel | None]:
    """Return the labels of a list of projects; a row that prints a project's name alone, over the codes that it is divided by, is it."""
    naming = [c for c in columns if c.role == "name"]
    own = [c.index for c in naming if c.scheme is None and c.path and _PROJECT.search(c.path[-1])]
    if kind.rows != "project" or len(own) != 1 or all(c.scheme is None for c in naming):
        return list(labels)

    def is_project(label: RowLabel, row: TableRow) -> bool:
        cell = row.cells[own[0]]
        alone = label.level > 0 and label.code is None and label.scheme in CODED and label.nature is None
        return alone and cell is not None and row.top[own[0]] and clean_name(cell.text)[0] == label.name

    return [
        replace(label, scheme="project", level=1) if label is not None and is_project(label, row) else label
        for label, row in zip(labels, rows, strict=True)
    ]


def with_said_beside(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column], kind: StatementKind
) -> list[RowLabel | None]:
    """Return the labels with fund, nature and project of rows that have a column for it: 资金来源, 支出类型, 预算项目名称.

    Where the amounts have columns by fund, or by nature, these say it. Kinds of projects (项目类别) say it in a known statement alone:
    what else limits the money is in its title.
    """
    found, amounts = _with_projects_beside_codes(labels, rows, columns), [c for c in columns if c.role == "amount"]
    divided = {"fund": len({c.fund for c in amounts}) > 1, "nature": len({c.nature for c in amounts}) > 1}
    for column in columns:
        if column.role not in ("text", "group") or not column.path:
            continue
        for heading, attribute, field in ((_SOURCE, "fund", "fund_beside"), (_NATURE, "nature", "nature_beside")):
            of_kinds = heading is _NATURE and kind.is_known and _KIND_OF_PROJECT.search(column.path[-1])
            if heading.search(column.path[-1]) or of_kinds:
                said = [_said_in(row, column, attribute) for row in rows]
                said = _unknown_beside_known(found, said)
                known = any(said) and not divided[attribute]
                found = [
                    replace(_named_beside(label, row, column, columns), **{field: word})
                    if known and label is not None and label.level and word is not None
                    else label
                    for label, word, row in zip(found, said, rows, strict=True)
                ]
    return found


def _with_projects_beside_codes(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[RowLabel | None]:
    """Return the labels; a row that is named by its code's name belongs to the project that stands beside it in a column of projects."""
    naming = [c for c in columns if c.role == "name"]
    of_projects = [c.index for c in naming if c.scheme is None and c.path and _PROJECT_NAME.search(c.path[-1])]
    if len(of_projects) != 1 or all(c.scheme is None for c in naming):
        return list(labels)

    def project_of(label: RowLabel, row: TableRow) -> str | None:
        cell = row.cells[of_projects[0]]
        name = clean_name(cell.text)[0] if cell is not None and label.code is not None and label.scheme in CODED else ""
        return name if name and name != label.name else label.project

    return [replace(x, project=project_of(x, row)) if x is not None else None for x, row in zip(labels, rows, strict=True)]


def _unknown_beside_known(labels: Sequence[RowLabel | None], said: Sequence[str | None]) -> list[str | None]:
    """Return what is said beside rows; where nothing is, and another row of the same code has a source, it is not known."""
    known = {_codes(label) for label, word in zip(labels, said, strict=True) if label is not None and label.code and word}
    return [
        "" if word is None and label is not None and label.code and label.level and _codes(label) in known else word
        for label, word in zip(labels, said, strict=True)
    ]


def _codes(label: RowLabel) -> tuple[str | None, ...]:
    return label.unit, label.code, label.department_economic_code, label.government_economic_code, label.project


def _named_beside(label: RowLabel, row: TableRow, said: Column, columns: Sequence[Column]) -> RowLabel:
    """Return the label, named by its name where what a cell beside says of its money was taken for it."""
    own, cell = [row.cells[c.index] for c in columns if c.role in ("unit_name", "name")], row.cells[said.index]
    names = [clean_name(name.text)[0] for name in own if name is not None and name.text.strip()]
    taken = label.code is None and cell is not None and names and label.name == clean_name(cell.text)[0]
    return replace(label, name=names[-1]) if taken else label


def _said_in(row: TableRow, column: Column, attribute: str) -> str | None:
    """Return the fund or nature that a row's cell names, the narrowest (财政拨款：一般公共预算); None where it says nothing or all of them.

    Empty where its words are not known, or name several that are no parts of each other.
    """
    cell = row.cells[column.index]
    folded = fold(clean_name(cell.text)[0]) if cell is not None else ""
    if not folded:
        return None
    by_class = meanings(_WORDS, "nature_of_class").get(folded) if attribute == "nature" else None
    if by_class or {"total", "current_total"} & set(read_header_text(folded)):
        return by_class
    if _EXCEPTS.search(folded):
        return ""
    own = set(_named_in(folded, attribute))
    carried = attribute == "fund" and _CARRIED.search(folded) is not None
    plain = own - {"carryover"} if carried else own
    narrowest = [value for value in plain if all(value == other or value in _within(attribute, other) for other in plain)]
    if not carried or narrowest == ["non_fiscal_surplus"]:
        return narrowest[0] if narrowest else ""
    of_fund = "carryover" if not plain else f"carryover_{narrowest[0]}" if narrowest else ""
    return of_fund if of_fund in _within("fund", "total") else ""


@lru_cache(maxsize=REMEMBERED)
def names_carried(name: str) -> bool:
    """Tell whether a row's name says that its money is of earlier years (一般公共预算结转), whatever fund it names."""
    return _CARRIED.search(fold(name)) is not None


def _named_in(folded: str, attribute: str) -> Iterator[str]:
    """Yield the funds, or natures, that words of a text name; a word inside a longer one names nothing."""
    for phrase, exact, value in _words_of(attribute):
        if folded == phrase if exact else phrase in folded:
            yield value
            folded = folded.replace(phrase, "|")


@cache
def _words_of(attribute: str) -> list[tuple[str, bool, str]]:
    """Return the words that name a fund or nature, longest first, whether they do so alone, and what they name."""
    rows = (row for words in ("row_labels.csv", "headers.csv") for row in phrase_rows(words) if row["attribute"] == attribute)
    return sorted(((row["phrase"], row["match"] == "exact", row["value"]) for row in rows), key=lambda word: -len(word[0]))


def _within(attribute: str, whole: str) -> frozenset[str]:
    """Return the funds, or natures, that are parts of one."""
    if attribute == "fund":
        return funds_within(whole)
    return frozenset(PARTS_OF_BASIC if whole == "basic" else ())


def implied_fund(kind: StatementKind, amounts: Sequence[Column], labels: Sequence[RowLabel | None]) -> str | None:
    """Return the fund that a statement's subject implies; none where a column, or row, beside is of money outside it: 合计 covers both."""
    if kind.default_fund is None:
        return None
    within = {kind.default_fund, *funds_within(kind.default_fund)}
    by_items = any(c.item for c in amounts)  # 其他 beside them is an item
    spending = (x for x in labels if x is not None and x.scheme != "revenue_item" and x.flow != "revenue")
    said = {c.fund for c in amounts if c.item or not by_items}.union(*((x.fund, x.fund_beside) for x in spending))
    return None if said & (funds_within("current_year") - within) else kind.default_fund


def scope_of(
    label: RowLabel, column: Column, kind: StatementKind, *, flow: str, scheme: str, code: str | None, default_fund: str | None
) -> tuple[str | None, str | None]:
    """Return the fund and the nature of an amount: what its column says, narrowed by its row; None where the row's is not known.

    Args:
        label: of the row.
        column: of the amount.
        kind: of the statement.
        flow: `revenue` or `expenditure`.
        scheme: of the row's code.
        code: of the amount; None where it has none.
        default_fund: that the statement's subject implies where nothing is said.
    """
    fund, nature = column.fund, column.nature
    if label.fund and flow == "revenue" and nature == "total" and not (code and scheme in CODED):
        own = f"carryover_{fund}" if label.fund == "carryover" and fund in SINGLE_FUNDS else label.fund
        of_scope = fund == "total" or (kind.is_summary and fund == kind.fund)
        fund = own if of_scope or label.fund.startswith("carryover") or label.level else fund
    part = not kind.is_summary and label.fund in funds_within(fund or "") and not names_carried(label.name)
    if label.fund and flow == "expenditure" and code is None and (fund == "total" or part):
        fund = label.fund  # a row per source of money; in a summary it names an item of income
    if flow == "expenditure":
        fund, nature = _said_beside(label, fund, nature)
    if label.nature:
        narrower = nature == "total" or (nature == "basic" and label.nature in PARTS_OF_BASIC)
        narrower = narrower or (label.nature == "of_which_other" and label.scheme in CODED)  # 其中 repeats of each nature a part
        nature = label.nature if narrower or nature == kind.nature else nature
    if default_fund and fund == "total":
        fund = default_fund
    of_no_fund = label.fund is None and (kind.is_summary or (fund == "total" and label.fund_beside is not None))
    if scheme == "revenue_item" and label.level and of_no_fund and label.nature is None:
        fund = None
    return fund, nature


def _said_beside(label: RowLabel, fund: str | None, nature: str | None) -> tuple[str | None, str | None]:
    """Return fund and nature after what is said beside the row: None where that is unknown."""
    within, said = funds_within(fund or ""), label.fund_beside
    if said and f"carryover_{said}" in within and said not in within:
        said = f"carryover_{said}"  # in a statement of money of earlier years
    if said is not None and (fund == "total" or said in within or (within and not said)):
        fund = said or None
    if label.nature_beside is not None and nature == "total":
        nature = label.nature_beside or None
    return fund, nature


@lru_cache(maxsize=REMEMBERED)
def names_income(name: str) -> bool:
    """Tell whether a row's name is that of an item or a total of income (事业收入, 本年收入合计)."""
    folded = fold(name)
    return _side_said(folded) == "revenue" or _INCOME.search(folded) is not None


def _side(row: TableRow, columns: Sequence[Column]) -> str | None:
    """Return the side that a row is named after alone (收入总计, 本年支出), if it is."""
    cell = next((row.cells[c.index] for c in columns if c.role == "name" and row.cells[c.index] is not None), None)
    return _side_said(fold(clean_name(cell.text)[0])) if cell is not None else None


def _side_said(folded: str) -> str | None:
    says = read_header_text(folded)
    return says.get("flow") or says.get("total") or says.get("current_total") or None
