"""Items of revenue: the fund that each is, by its name and what stands above it, and its level where it prints no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.budget.sums import funds_within
from pipeline.statements.meaning.headers.header_attributes import CARRYOVER_PARTS
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import Column, RowLabel
from schemas.vocabulary import read_row_label

_HALF_A_CHARACTER = 3.0  # points: what texts of one indentation differ by at most
_INCOME = "收入"
_DEEPEST = 3
_SURPLUS, _CARRIED_SURPLUS = "non_fiscal_surplus", "carryover_unit_funds"


class RevenueItems:
    """Reads the revenue items of one block, in printed order.

    Attributes:
        carryover: whether the items are parts of what is carried over.
        last_level: of the item above.
    """

    def __init__(self) -> None:
        """Start above the first item."""
        self.carryover = False
        self.last_level = 1
        self._whole: str | None = None
        self._seen: set[str] = set()
        self._of_carryover = False  # whether the item above is a part of what is carried over
        self._is_last = False  # whether what is carried over is numbered as items are, or stands below the total of the year
        self._unknown = False  # whether an item stands above of which nobody knows the fund

    def close(self) -> None:
        """Go on below a total: what follows is a part of no item above it."""
        self.carryover, self.last_level, self._whole = False, 1, None
        self._is_last, self._of_carryover = True, False

    def read(
        self,
        name: str,
        says: Mapping[str, str],
        level: int,
        *,
        of_which: bool,
        numbered: bool = False,
        group: str | None = None,
        unit: str | None = None,
    ) -> RowLabel:
        """Return what an item is about.

        Args:
            name: as it is published.
            says: what its words say (`read_row_label`).
            level: that its number or 其中 shows; 1 where neither does.
            of_which: whether 其中 stands before it.
            numbered: whether it has a number.
            group: the name printed left of it, of the items that it belongs to.
            unit: the budget unit whose rows these are.
        """
        fund = says.get("fund")
        if fund is None and group and "carryover" not in says:
            says = {**read_row_label(fold(clean_name(group)[0])), **says}
            fund = says.get("fund")
        if fund == _SURPLUS and self.carryover and level < self.last_level and not numbered and "drawn" not in says:
            says, level = {**says, "carryover": "carryover"}, self.last_level  # beside 其中：财政拨款结转
        if "carryover" in says:
            self.carryover = True
            fund = _CARRIED_SURPLUS if fund == _SURPLUS else f"carryover_{fund}" if fund in CARRYOVER_PARTS else "carryover"
        elif self.carryover and fund in CARRYOVER_PARTS and (fund in self._seen or (of_which and self._whole == "carryover")):
            fund = f"carryover_{fund}"
        elif self._of_carryover and not of_which and not numbered and fund in CARRYOVER_PARTS:
            fund = f"carryover_{fund}" if self._is_last else None  # another part below 其中, unless it is an item of its own
            level = self.last_level
        elif self._unknown and fund in CARRYOVER_PARTS and fund in self._seen:
            fund = None  # below 历年滚存 it may be carried over; the year's own stands above
        elif fund:
            self._seen.add(fund)
        self._unknown = self._unknown or not says
        self._is_last = self._is_last or (numbered and "carryover" in says)
        self._of_carryover = self.carryover and (of_which or (self._of_carryover and level == self.last_level and not numbered))
        self.last_level = level
        beside = of_which and self._whole is not None and fund is not None and fund not in funds_within(self._whole)
        part = of_which and (fund is None or beside)
        nature = read_header_text(fold(name)).get("of_which", "of_which_other") if part else None
        if nature:
            fund = self._whole  # 其中：财政拨款 below 一般公共预算 repeats some of its money
        elif not of_which:
            self._whole = fund
        return RowLabel(name, "revenue_item", level, fund=fund, nature=nature, unit=unit)


def blocks_of_income_codes(columns: Sequence[Column]) -> set[int]:
    """Return the blocks of columns with codes of income, which look like those of units: headed so (收入科目编码), or beside 收入项目."""
    coded = {c.block for c in columns if c.role == "code"}
    headed = {c.block for c in columns if c.role == "code" and c.path and _INCOME in c.path[-1]}
    return headed | {c.block for c in columns if c.role == "name" and c.path and c.path[-1].startswith(_INCOME)} & coded


def with_levels(labels: Sequence[RowLabel | None]) -> list[RowLabel | None]:
    """Return the labels of a half, its revenue items one level deeper than the item of which they name a part.

    An item without a number is such a part where its fund is one of that item's, and it is indented more, or that item is
    numbered. Words alone tell nothing (items of one indentation may stand beside each other), nor does indentation (text
    in the middle of its cell is indented by its length).

    Args:
        labels: of a block's rows in printed order.
    """
    found: list[RowLabel | None] = []
    around: list[RowLabel] = []  # the item above, and those that it is a part of
    for label in labels:
        if label is None or label.scheme != "revenue_item" or not label.level:
            around = around if label is None else []
        elif label.numbered or label.nature:
            around = [other for other in around if other.level < label.level]
        else:
            while around and not _is_part(label, around[-1]):
                around.pop()
            if around:
                label = replace(label, level=min(around[-1].level + 1, _DEEPEST))
        if label is not None and label.level and label.scheme == "revenue_item":
            around.append(label)
        found.append(label)
    return found


def with_open_funds(labels: Sequence[RowLabel | None], columns: Sequence[Column]) -> list[RowLabel | None]:
    """Return the labels of a block, with funds for its revenue items of which nobody knows one (投资收益).

    A numbered one has that of the item which it is a part of; another is of no fund that is known, not of all of them, as a column
    that names none would say.
    """
    if any(c.fund not in ("total", None) for c in columns if c.role == "amount"):
        return list(labels)
    found: list[RowLabel | None] = []
    above: dict[int, str | None] = {}  # level → fund
    for label in labels:
        if label is not None and label.scheme == "revenue_item" and label.level and label.nature is None:
            if label.fund is None:
                whole = above.get(label.level - 1) if label.numbered is not None else None
                label = replace(label, fund=whole) if whole else replace(label, fund_beside="")
            above = {level: fund for level, fund in above.items() if level < label.level} | {label.level: label.fund}
        found.append(label)
    return found


def _is_part(label: RowLabel, whole: RowLabel) -> bool:
    if label.fund is None or whole.fund is None or label.fund not in funds_within(whole.fund):
        return False
    return whole.numbered is not None or label.indent > whole.indent + _HALF_A_CHARACTER
