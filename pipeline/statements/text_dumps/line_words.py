"""Text dumps: the words of a line, whatever spaces stand in them and are missing between them.

Belongs here: what is one word and what are two. Does not belong here: what a word means for a row (`text_rows.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.budget.amounts import GROUPED, is_misfit, parse_amount
from pipeline.budget.characters import fold
from pipeline.statements.column_numbers import numbers_columns
from schemas.vocabulary import read_header, read_row_label
from schemas.vocabulary.phrases import WordPattern, any_of

HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_INDENTED = re.compile(r"(?<!\u3000)(\u3000++)(\S++)")
"""A word behind wide spaces: what is left of a name's indentation, which runs of other spaces (the gaps of a layout) are not."""

_PAGE_NUMBER = re.compile(r"-+\d{1,4}-+|第\d{1,4}页(?:[,/]?共\d{1,4}页)?")
_COLUMN_SIGN = re.compile("[\u4e00-\u9fff*]")
_SURE_COLUMN_NUMBERS = 3  # without a sign, 1 and 2 may be amounts
_LABEL_AFTER_NUMBER = re.compile(r"([-△−]?¥?\d[\d,']*(?:\.\d+)?)([\u4e00-\u9fff].*)")
_LABEL_BEFORE_NUMBER = re.compile(rf"(.*[\u4e00-\u9fff）)])([-△−]?¥?(?:{GROUPED}(?:\.\d+)?|\d+\.\d+))")
_YEAR_APART = re.compile(r"(?<!\d)((?:19|20)\d\d)\s+(?=年(?![初末终]))")

_SCOPE = WordPattern(lambda: any_of("statement_words.csv", "title_scope"))

_LONGEST_SPREAD = 4  # characters: headings are spread out to fill their cells, and longer ones fill them
_LONGEST_TOTAL = 6  # characters of a total's name that is spread out all the same (本年收入合计)


def tokens_of(text: str) -> list[str]:
    """Return the words of a line.

    A number and a label that stand together without a space are two words; a word whose characters are spread out (收　入) is one,
    and so is a year with what it is the year of (2026 年预算数).
    """
    words = _YEAR_APART.sub(r"\1", text).split()
    return [part for token in _with_spread_words(words) for part in _split(token)]


def indents_of(text: str) -> dict[str, str]:
    """Return the words of a line that stand behind wide spaces, each with these."""
    return {tokens_of(word)[0]: indent for indent, word in reversed(_INDENTED.findall(text))}


def numbers_place(folded: str, words: Sequence[str], *, above_rows: bool) -> bool:
    """Tell whether a line numbers its page, or columns: with a sign of it (栏次, **), or above all rows from 1 on."""
    if _PAGE_NUMBER.fullmatch(folded):
        return True
    signed = any(_COLUMN_SIGN.search(word) for word in words)
    first = above_rows and len(words) >= _SURE_COLUMN_NUMBERS and fold(words[0]) == "1"
    return (signed or first) and numbers_columns(words)


def head_two_halves(tokens: Sequence[str]) -> bool:
    """Tell whether two words name the halves of a table: 财政拨款收入 财政拨款支出."""
    return (
        len(tokens) == 2
        and not read_row_label(fold(tokens[0])).get("total")
        and tokens[0].replace("收入", "支出") == tokens[1] != tokens[0]
    )


def heads_column(token: str) -> bool:
    """Tell whether a word can only be a column's heading, or, beside others, is more likely one than a row's label."""
    says = read_header(fold(token))
    return bool({"role", "plain", "flow"} & set(says)) or bool(read_row_label(fold(token)).get("total") == "total")


def is_note(folded: str) -> bool:
    """Tell whether a folded word stands in brackets of its own and says what the whole table takes in or leaves out: (不含上年结转)."""
    inside = folded[1:-1]
    return folded == f"({inside})" and not set("()") & set(inside) and _SCOPE.search(inside) is not None


def _with_spread_words(words: Sequence[str]) -> Iterator[str]:
    """Yield words, the single characters among them put together into known ones."""
    at = 0
    while at < len(words):
        end = at
        while end < min(len(words), at + _LONGEST_TOTAL) and len(words[end]) == 1 and HAN_CHARACTER.match(words[end]):
            end += 1
        taken = next((n for n in range(end - at, 1, -1) if _is_one_word("".join(words[at : at + n]))), 1)
        yield "".join(words[at : at + taken])
        at += taken


def _is_one_word(text: str) -> bool:
    """Tell whether characters are one known word: no heading of labels beside one of amounts (项目金额), and of many a total's name."""
    if len(text) > _LONGEST_SPREAD and not read_row_label(fold(text)).get("total"):
        return False
    two = any("role" in read_header(fold(text[:n])) and "plain" in read_header(fold(text[n:])) for n in range(2, len(text) - 1))
    return _is_known(text) and not two


def _is_known(word: str) -> bool:
    return bool(read_header(fold(word)) or read_row_label(fold(word)))


def _split(token: str) -> Iterator[str]:
    folded = fold(token)
    if len(folded) == len(token) and not is_misfit(token):
        if (match := _LABEL_AFTER_NUMBER.fullmatch(folded)) and parse_amount(match[1]) is not None:
            number = match[1]
            if "," in number or "." in number or read_row_label(match[2]).get("total"):
                yield from (token[: len(number)], token[len(number) :])
                return
        if (match := _LABEL_BEFORE_NUMBER.fullmatch(folded)) and parse_amount(match[2]) is not None:
            yield from (token[: len(match[1])], token[len(match[1]) :])
            return
    yield token
