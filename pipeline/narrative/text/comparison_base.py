"""What a comparison with the year before is based on, by the words before last year's amount: what was planned, spent, or not said.

Belongs here: those words alone. Does not belong here: the change (`clauses.py`), or of what the amount is (`amount_reader.py`).
"""

from __future__ import annotations

import re

from pipeline.budget.patterns import YEAR_DIGITS
from schemas.vocabulary.narrative import either, word_value, words
from schemas.vocabulary.phrases import WordPattern

_FUNDS = WordPattern(lambda: either("fund_budget", "no_measure"))
_OTHER_BUDGET = WordPattern(lambda: either("no_basis"))
_OTHER_MEASURE = WordPattern(lambda: rf"{either('no_basis')}[^,;。\d]{{0,4}}?(?:{either('basis')}|数)")
_PART_OF_YEAR = re.compile(r"[\d一二三四五六七八九十]月|季度|半年")
_KNOWN = WordPattern(
    lambda: (
        rf"(?:{either('basis', 'base_word', 'year_before', 'link')}|{YEAR_DIGITS}年度?)*+(?P<side>收入|支出)?"
        rf"{either('basis', 'base_word', 'link')}*+"
    )
)
_SIDES = {"收入": "revenue", "支出": "expenditure"}


def basis_in(said: str) -> str:
    """Return what words say of last year's amount: `prior_year_execution`, `prior_year_budget`, or only `prior_year`.

    一般公共预算 names a fund; what was spent of a budget (预算执行数) was spent; an adjusted budget, or an estimate, is neither.
    """
    if _OTHER_BUDGET.search(said) or is_of_part_of_year(said):
        return "prior_year"
    plain = _FUNDS.sub("", said)
    found = {word_value("basis", word) for word in words("basis") if word in plain}
    return next((basis for basis in ("prior_year_execution", "prior_year_budget") if basis in found), "prior_year")


def is_of_part_of_year(said: str) -> bool:
    """Tell whether words speak of some months of a year (上年1-9月执行数)."""
    return _PART_OF_YEAR.search(said) is not None


def is_of_other_measure(said: str) -> bool:
    """Tell whether words name what a budget of the year before became, or was thought to become: 上年调整预算数, 上年预计完成数."""
    return _OTHER_MEASURE.search(said) is not None


def names_nothing(said: str, flow: str) -> bool:
    """Tell whether all words of last year's amount are known and none names a thing but the side of the budget that it is said of.

    Args:
        said: the words, folded.
        flow: of what it is said beside.
    """
    known = _KNOWN.fullmatch(said)
    return known is not None and _SIDES.get(known["side"] or "", flow) == flow
