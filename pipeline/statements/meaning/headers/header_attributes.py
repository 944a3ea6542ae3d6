"""What the amounts of a column are: flow, fund, nature, measure, by the words of its header and the scope of the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from pipeline.budget.patterns import UNIT_IN_BRACKETS
from pipeline.budget.sums import funds_within, is_of_which
from pipeline.statements.meaning.headers.header_texts import (
    OF_WHICH,
    YEAR,
    compares_years,
    read_header_text,
    says_nothing,
    without_year_and_unit,
)
from pipeline.statements.meaning.headers.joined_names import are_several_names, joins_what_differs
from pipeline.statements.meaning.headers.parts_of_totals import mark_class, mark_own_year
from pipeline.statements.meaning.headers.unclear_columns import (
    is_of_limited_money,
    is_part_of_a_nature,
    is_part_of_an_item,
    leaves_out_a_part,
    says_what_another_does,
)
from pipeline.statements.statement_model import Column
from schemas.statement_kind import StatementKind
from schemas.statements import OTHER, THREE_PUBLIC, kind_of
from schemas.vocabulary.phrases import WordPattern, any_of, meanings, phrases
from schemas.vocabulary.titles import TitleMeaning

SINGLE_FUNDS = ("general_public", "government_fund", "state_capital")
"""Funds that a statement may be on alone."""

_UNDIVIDED = (*SINGLE_FUNDS, "special_account", "business")
CARRYOVER_PARTS = frozenset(("general_public", "government_fund", "state_capital", "fiscal_appropriation", "special_account", "unit_funds"))
"""Funds of which a carried-over part has a name of its own."""
_GENERAL_PARTS = ("of_which_non_tax_revenue", "of_which_regular_appropriation")

_WORDS = "statement_words.csv"
_THIS_YEAR_WITHIN = WordPattern(lambda: any_of(_WORDS, "this_year_within"))
_TOTAL = WordPattern(lambda: any_of(_WORDS, "total"))
_EXECUTED = WordPattern(lambda: any_of(_WORDS, "executed"))
_FUND_BUDGET = WordPattern(lambda: any_of(_WORDS, "fund_budget"))
_OF_INCOME = WordPattern(lambda: f"{any_of(_WORDS, 'income_end')}$")
_OF_SPENDING = WordPattern(lambda: f"{any_of(_WORDS, 'spending_end')}$")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for all columns of a statement; `income` is the block of income of one with two sides."""

    statement: StatementKind
    fund: str | None
    nature: str | None
    flow: str | None
    fiscal_year: int | None
    kind: str
    finals: bool
    all_budget: bool
    groups: frozenset[str]
    income: int | None
    is_movement: bool


def set_column_attributes(columns: Sequence[Column], meaning: TitleMeaning | None, *, fiscal_year: int | None, kind: str) -> list[Column]:
    """Return the columns with flow, fund, nature, measure and 三公 item of those that hold amounts.

    Args:
        columns: of one statement, in printed order.
        meaning: what the title announces; its scope fixes what 合计 covers.
        fiscal_year: of the document, to tell its own year's columns from others.
        kind: `budget` or `final_account`.
    """
    amounts = [c for c in columns if c.role == "amount"]
    texts = [text for c in amounts for text in c.path]
    scope = _Scope(
        kind_of(meaning.statement) if meaning else OTHER,
        *((meaning.fund, meaning.nature, meaning.flow) if meaning else (None, None, None)),
        fiscal_year,
        kind,
        any(_says(text, "final") for text in texts),
        all(_says("".join(c.path), "budget") for c in amounts),
        frozenset(text for text in texts if texts.count(text) > 1),
        _block_of_income(columns, amounts),
        {"income", "spending"} <= {_movement(c.path) for c in amounts},
    )
    amounts = [_read(column, scope) for column in amounts]
    if any(c.item for c in amounts):
        amounts = _name_totals(amounts)
    amounts = [_of_all_funds_below(amounts, column) for column in amounts]
    amounts = _name_subtotals(amounts, () if scope.is_movement else ("total", scope.fund))
    for n, column in enumerate(amounts):
        amounts[n] = _mark_part(amounts[:n], _measured_as_whole(amounts, column, scope))
    read = tuple(amounts)
    for n, column in enumerate(read):
        unknown = (
            _is_unidentified(amounts, column, scope)
            or _is_named_by_group_alone(columns, amounts, column)
            or is_part_of_a_nature(column)
            or is_of_limited_money(column)
            or leaves_out_a_part(column)
            or says_what_another_does(read, column)
            or any(are_several_names(text) or joins_what_differs(text) for text in column.path)
        )
        amounts[n] = replace(column, understood=False) if unknown else column
        if is_part_of_an_item(amounts, column):
            amounts[n] = replace(column, understood=False, item=None)
        if amounts[n].understood:
            amounts[n] = _mark_share(amounts, amounts[n])
        amounts[n] = mark_own_year(read, mark_class(read, amounts[n]))
    done = iter(amounts)
    return [next(done) if column.role == "amount" else column for column in columns]


def _is_unidentified(amounts: Sequence[Column], column: Column, scope: _Scope) -> bool:
    """Tell whether a column would be a second one of another's meaning: only its side is known of it, or an item of other statements."""
    elsewhere = {THREE_PUBLIC.items} - {scope.statement.items}  # 公务接待费 in a statement of running costs
    says = [{k for k, item in read_header_text(text).items() if k not in elsewhere or item == scope.statement.id} for text in column.path]
    if not says or says[-1] or any(said - {"flow"} or YEAR.search(text) for said, text in zip(says, column.path, strict=True)):
        return False
    return any(c.index != column.index and c.block == column.block and _meaning(c) == _meaning(column) for c in amounts)


def _is_named_by_group_alone(columns: Sequence[Column], amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether only the name over a group says what a column holds, though the names of its other columns divide the group.

    Other parts of 财政专户 than 教育收费 are 财政专户 too; another part of 财政拨款 than 一般公共预算 is of another fund.
    """
    own = _fund_from_source([(text, read_header_text(text)) for text in column.path])[-1][1] if len(column.path) > 1 else None
    if own is None or own.keys() - {"flow", "of_which"} or YEAR.search(without_year_and_unit(column.path[-1])):
        return False
    others = [c for c in columns if c.index != column.index and c.path and (c.block, c.path[:-1]) == (column.block, column.path[:-1])]
    beside, part = [read_header_text(c.path[-1]) for c in others], own.get("of_which")
    if column.nature == "of_which_other" or part:  # a part of which no more is said than of the whole, beside parts that are understood
        whole = [c for c in amounts if c.index != column.index and (c.path[:-1], _meaning(c)) == (column.path[:-1], _meaning(column))]
        return bool(whole or column.nature == "of_which_other") and any(said.get("of_which", part) != part for said in beside)
    parts = funds_within(column.fund) if column.fund else frozenset()
    return any(said.get("fund") in parts or said.get("nature", column.nature) != column.nature for said in beside)


def _read(column: Column, scope: _Scope) -> Column:
    says = _fund_from_source([(text, read_header_text(text)) for text in column.path])
    flow, unit_text, item, named = column.flow, column.unit_text, column.item, column.named
    for printed, (text, said) in zip(column.headers, says, strict=True):
        flow = said.get("flow") or said.get("total") or said.get("current_total") or flow
        if unit := UNIT_IN_BRACKETS.search(text):
            unit_text = unit[1]
        items = scope.statement.items
        if items and items in said and not _is_whole_header(text):
            item, named = said[items], printed
    fund = _fund(says, scope)
    nature = next((said["nature"] for _, said in reversed(says) if "nature" in said), None)
    of_which = _of_which(says, scope)
    measures = [m for text, said in says if (m := _measure(text, said, scope.fiscal_year))]
    if "change" not in measures and any(m.startswith("prior_year") for m in measures):
        words = "".join(text for text, said in says if YEAR.search(text) or "plain" in said or "measure" in said)
        measures.append(_measure(words, {}, scope.fiscal_year) or measures[-1])  # 2022年 over 执行数
    column = replace(
        column,
        flow=flow,
        fund=fund or scope.fund or "total",
        nature=of_which or nature or scope.nature or "total",
        measure=measures[-1] if measures else _default_measure(column, scope),
        item=item,
        named=named,
        unit_text=unit_text,
    )
    if scope.statement.sides == "revenue":
        return replace(column, flow="revenue", nature=of_which or "total")
    if scope.is_movement and (movement := _movement(column.path)):
        return _with_movement(column, movement, scope)
    if scope.statement.sides == "expenditure":
        return replace(column, flow=(not scope.statement.is_known and (flow or scope.flow)) or "expenditure")  # 政府性基金预算收入表
    return replace(column, flow=flow or ("revenue" if column.block == scope.income else "expenditure"))


def _block_of_income(columns: Sequence[Column], amounts: Sequence[Column]) -> int | None:
    """Return the block of income in a statement of two sides: the first one, if the heads do not say it the other way round."""
    if not any(c.block for c in columns):
        return None
    heads = {c.block: without_year_and_unit(c.path[0]) for c in reversed(amounts) if c.path}
    named = [block for block, head in heads.items() if _OF_INCOME.search(head)]
    return named[0] if named and 0 in heads and _OF_SPENDING.search(heads[0]) else 0


def _fund_from_source(says: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """Let what is spent below 单位资金 (事业支出, 上级补助支出 …) name the income of which it is spent."""
    own = next((n for n, (_, said) in enumerate(says) if said.get("fund") == "unit_funds"), len(says))
    below = [
        (text, read_header_text(text.removesuffix("支出") + "收入")) if text.endswith("支出") else (text, said)
        for text, said in says[own + 1 :]
    ]
    return says[: own + 1] + [(text, source if "fund" in source else read_header_text(text)) for text, source in below]


def _measured_as_whole(amounts: Sequence[Column], column: Column, scope: _Scope) -> Column:
    """Return the column, measured as the one left of it of which it is a part: 2024年执行数 ｜ 其中：… ｜ 2025年预算数 ｜ 其中：….

    Without 其中, a part is one that stands beside several wholes.
    """
    if not column.path or any(YEAR.search(text) or _measure(text, read_header_text(text), scope.fiscal_year) for text in column.path):
        return column
    beside = [c for c in amounts if c.path and (c.block, c.path[:-1]) == (column.block, column.path[:-1])]
    again = sum(c.path[-1] == column.path[-1] for c in beside) > 1
    if not OF_WHICH.match(column.path[-1]) and not (again and "of_which" in read_header_text(column.path[-1])):
        return column
    wholes = [
        c for c in beside if c.index < column.index and not OF_WHICH.match(c.path[-1]) and "of_which" not in read_header_text(c.path[-1])
    ]
    if not wholes:
        return column
    new = bool(without_year_and_unit(column.path[-1])) and not read_header_text(column.path[-1]) and wholes[-1].understood
    nature = "of_which_other" if new else column.nature
    return replace(column, measure=wholes[-1].measure, nature=nature, understood=column.understood or new)


def _mark_part(before: Sequence[Column], column: Column) -> Column:
    """Return the column, marked if it is headed 其中 and repeats some of the money of the column beside which it stands.

    So does one whose fund is no part of that column's fund, and one that says nothing else than that column does.
    """
    if not column.path or not OF_WHICH.match(column.path[-1]) or is_of_which(column.nature):
        return column
    beside = [c for c in before if c.block == column.block and c.path and not OF_WHICH.match(c.path[-1])]
    if any(_meaning(c) == _meaning(column) for c in beside):
        return replace(column, nature="of_which_other")
    if "fund" in read_header_text(column.path[-1]):
        whole = next((c.fund for c in reversed(beside) if c.path[: len(column.path) - 1] == column.path[:-1]), None)
        if whole and column.fund not in funds_within(whole):
            return replace(column, fund=whole, nature="of_which_other")
    return column


def _meaning(column: Column) -> tuple[str | None, ...]:
    return column.fund, column.nature, column.measure, column.flow, column.item


def _mark_share(amounts: Sequence[Column], column: Column) -> Column:
    """Return the column, marked if it shares a group's 小计 by something else than fund or nature (工资福利支出 under 基本支出)."""
    last = read_header_text(column.path[-1]) if len(column.path) > 1 else {}
    if len(column.path) < 2 or column.item or last.keys() & {"total", "plain", "current_total", "measure", "flow"}:
        return column
    for whole in amounts:
        beside = whole.index != column.index and (whole.block, whole.path[:-1], whole.measure, whole.flow) == (
            column.block, column.path[:-1], column.measure, column.flow,
        )  # fmt: skip
        if not beside or "total" not in read_header_text(whole.path[-1]):
            continue
        inside = whole.fund in _UNDIVIDED and column.fund not in funds_within(whole.fund)
        if whole.nature == column.nature and (whole.fund == column.fund or inside):
            column = replace(column, fund=whole.fund, nature="of_which_other")
    return column


def _movement(path: tuple[str, ...]) -> str | None:
    """Return which part of a year's movement a column is of: opening balance, income, spending or closing balance."""
    return next((part for text in path for words, part in meanings(_WORDS, "movement").items() if text.startswith(words)), None)


def _with_movement(column: Column, movement: str, scope: _Scope) -> Column:
    """Return the column as it is meant in a statement that leads from the opening balance through the year to the closing one."""
    own = (column.fund or "total").removeprefix("carryover_")
    fund = scope.fund or ("total" if own in ("carryover", "current_year") else own)
    nature = column.nature
    if movement == "opening":
        fund = f"carryover_{fund}" if fund in CARRYOVER_PARTS else "carryover"
    elif movement == "income":
        fund = "current_year" if fund == "total" else fund
    parts = [part for text in column.path if (part := read_header_text(text).get("nature")) in ("basic", "project")]
    if movement in ("opening", "closing") and len(parts) > 1:
        nature = f"of_which_carryforward_{parts[0]}" if movement == "closing" else f"of_which_{parts[0]}"
    elif movement == "closing":
        nature = f"of_which_carryforward_{parts[0]}" if parts else "carryforward"
    elif movement == "opening":
        nature = parts[0] if parts else scope.nature or "total"
    return replace(column, flow="revenue" if movement in ("opening", "income") else "expenditure", fund=fund, nature=nature)


def _fund(says: Sequence[tuple[str, dict[str, str]]], scope: _Scope) -> str | None:
    fund = None
    for text, said in says:
        fund = said.get("fund", fund)
        if said.get("fund") == "other" and "资金" in text and text in scope.groups:
            fund = "unit_funds"  # 其他资金 over several columns is a subtotal of them
        if "current_total" in said:
            fund = "current_year"
    carried = scope.fund is not None and scope.fund.startswith("carryover")
    if any("carryover" in said for _, said in says) or (carried and fund):
        whose = fund or scope.fund
        fund = f"carryover_{whose}" if whose in CARRYOVER_PARTS else "carryover"
    if scope.fund in SINGLE_FUNDS and fund in (None, "fiscal_appropriation", "total"):
        return scope.fund
    this_year = any("本年" in text and said.get("flow") == "revenue" for text, said in says[:-1])
    return "current_year" if fund is None and this_year and "total" in says[-1][1] else fund


def _of_which(says: Sequence[tuple[str, dict[str, str]]], scope: _Scope) -> str | None:
    found = None
    fund = False
    for text, said in says:
        fund = fund or "fund" in said
        if said.get("of_which", "") not in ("", *scope.statement.own_parts) and not _own_fund(said):
            found = said["of_which"]
        elif OF_WHICH.match(text) and without_year_and_unit(text) and "nature" not in said and not (fund and said):
            found = "of_which_other"
    return found


def _own_fund(said: dict[str, str]) -> bool:
    """Tell whether a part of the general public budget (非税收入) is said of another fund: 纳入专户管理的非税收入."""
    return said["of_which"] in _GENERAL_PARTS and said.get("fund", "general_public") not in ("general_public", "fiscal_appropriation")


def _is_whole_header(text: str) -> bool:
    """A header over the whole 三公 table says nothing of one column, unless it says 合计."""
    return "三公" in text and not _TOTAL.search(text)


def measure_of(folded: str, fiscal_year: int | None) -> str | None:
    """Return the measure that a folded header or row label says (its own year's budget has none of its own).

    `percent` is said of a share or rate: no amount.
    """
    return _measure(folded, read_header_text(folded), fiscal_year)


def measure_of_row(folded: str, fiscal_year: int | None) -> str | None:
    """Return the measure that a row's folded label says where it names nothing else (决算数 below 预算数).

    Other than in a header, 预算数 is said of this year's budget: the columns of a final account are final.
    """
    own_budget = "plain" in read_header_text(folded) and _says(folded, "budget")
    return measure_of(folded, fiscal_year) or ("budget" if own_budget else None)


def _measure(text: str, said: dict[str, str], fiscal_year: int | None) -> str | None:
    if "percent" in said:
        return "percent"
    measure = "change" if compares_years(text) else said.get("measure")
    year = YEAR.search(text)
    if measure != "change" and year and fiscal_year and int(year[1]) < fiscal_year:
        if _EXECUTED.search(text):
            return "prior_year_final"
        return "prior_year_budget" if "预算" in _FUND_BUDGET.sub("", text) else "prior_year"
    return measure


def _says(text: str, measure: str) -> bool:
    return any(word in text for word, known in meanings(_WORDS, "measure").items() if known == measure)


def _default_measure(column: Column, scope: _Scope) -> str:
    if scope.kind != "final_account":
        return "budget"
    joined = "".join(column.path)
    if _says(joined, "final") or (not scope.finals and scope.all_budget):
        return "final"  # 预算数 over all columns of a final account is left from the form of the budget
    if _says(joined, "adjusted_budget"):
        return "adjusted_budget"
    return "budget" if _says(joined, "budget") else "final"


def _name_totals(amounts: Sequence[Column]) -> list[Column]:
    """Return the columns, with what a bare 合计 or 小计 covers within a 三公 statement with its items in columns."""
    meetings = {c.path[:-1] for c in amounts if c.item in ("conference", "training")}
    named = []
    for column in amounts:
        headers = zip(column.headers, column.path, strict=True)
        whole = next((printed for printed, text in headers if "total" in read_header_text(text)), None)
        if column.item is None and whole:
            n = next(n for n, text in enumerate(column.path) if "total" in read_header_text(text))
            beside = {c.item for c in amounts if c.path[:n] == column.path[:n] and c.path[: n + 1] != column.path[: n + 1]}
            of_vehicles = n > 0 and beside == {"vehicle_purchase", "vehicle_operation"}  # whatever heads the group
            column = replace(column, item="vehicles" if of_vehicles else "total", named=whole)
        # A whole over columns of meetings and training includes them; a 小计 under 三公 beside them does not.
        if column.item == "total" and meetings and not any("三公" in t for t in column.path):
            column = replace(column, item="with_meetings_training")
        named.append(column)
    return named


def _of_all_funds_below(amounts: Sequence[Column], column: Column) -> Column:
    """Return the column, of no fund where it is the 小计 of a group named an appropriation (本年拨款) that covers other funds as well."""
    if column.fund != "fiscal_appropriation" or len(column.path) < 2 or "total" not in read_header_text(column.path[-1]):
        return column
    within = {column.fund, *funds_within(column.fund)}
    beside = [c for c in amounts if (c.block, c.path[:-1]) == (column.block, column.path[:-1]) and "fund" in read_header_text(c.path[-1])]
    return replace(column, fund="total") if any(c.fund not in within for c in beside) else column


def _name_subtotals(amounts: Sequence[Column], whole: Sequence[str | None]) -> list[Column]:
    """Name the year's own funds beside carry-over: columns under 本年支出, and of two that say the same the inner one or this year's."""
    first, named, own = set[tuple[object, ...]](), list[Column](), phrases(_WORDS, "this_year")
    for column in amounts:
        key = (column.block, column.measure, column.flow, column.fund, column.nature)
        outside = [c for c in amounts if c.block == column.block and c.path[:1] != column.path[:1]]
        inner = len(column.path) > 1 and (column.fund, column.nature) == ("total", "total")
        this_year = any(text.startswith(own) or _THIS_YEAR_WITHIN.search(text) for text in column.path) and column.nature != "carryforward"
        carried = any((c.fund or "").startswith("carryover") for c in outside)
        group = len(column.path) > 1 and column.path[0].startswith(own) and column.fund in whole
        unknown = bool(column.path) and says_nothing(column.path[-1])
        if carried and not column.item and not unknown and (group or (key in first and (inner or this_year))):
            column = replace(column, fund="current_year")
        first.add(key)
        named.append(column)
    return named
