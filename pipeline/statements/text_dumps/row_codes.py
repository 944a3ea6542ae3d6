"""Text dumps: the names of a row's line by the code list, and the codes of several classifications that one row prints.

Belongs here: what the words of one line say of codes. Does not belong here: rows over several lines (`text_rows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.amounts import is_separated, parse_amount
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.book import DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC, CodeList
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT, is_code, join_code, parse_code
from pipeline.budget.sums import CODED
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.text_dumps.line_words import HAN_CHARACTER
from schemas.vocabulary import read_row_label

_LONGEST_ECONOMIC = 5  # digits; longer codes are local
_LEVELS = (3, 5, 7)  # digits of a code by its levels
_DIGITS_OF_LEVEL = 2  # below the first
_FEWEST_CLASSES = 2  # a row of one class is any row with a code


def names_a_row(book: CodeList, label: str) -> bool:
    """Tell whether a label is the name of a code, or says what its row is."""
    return bool(codes_named(book, label)) or bool(read_row_label(fold(clean_name(label)[0])))


def codes_named(book: CodeList, name: str) -> set[str]:
    """Return the codes of all classifications that bear a name."""
    return {code for scheme in CODED for code in book.candidates(scheme, name)}


def is_known_code(text: str, book: CodeList) -> bool:
    """Tell whether a number is the code of a class: no amount where amounts have decimals or commas."""
    code = fold(text)
    return is_code(code) and len(code) >= _LONGEST_ECONOMIC and any(book.knows(scheme, code) for scheme in CODED)


def prints_code(words: Sequence[str], book: CodeList) -> bool:
    """Tell whether a number is a code: beside amounts with decimals or commas, or before its name."""
    apart = any(parse_amount(text) is not None and is_separated(text) for text in map(fold, words))
    named = [HAN_CHARACTER.search(following) for following in [*words[1:], ""]]
    return any((apart or name) and is_known_code(text, book) for text, name in zip(words, named, strict=True))


def begins_name_of_first(words: Sequence[str], label: str, book: CodeList) -> bool:
    """Tell whether the first of some numbers, and no other, is a code, and a label the beginning of its name, or all of it."""
    code, begun = fold(words[0]), fold(label)
    if not begun or not is_known_code(words[0], book) or prints_code(words[1:], book):
        return False
    scheme = book.scheme_of(code)
    if scheme is None:
        return False
    return book.is_named(scheme, code, label) or fold(book.standard_name(scheme, code) or "").startswith(begun)


def classes_of_row(words: Sequence[str], book: CodeList) -> dict[str, str] | None:
    """Return the words in which a row names its class in several classifications, each with its code: `50101-奖金 30101-基本工资`.

    Args:
        words: of the row, up to its first number.
        book: bears witness that each name is of its code.

    Returns:
        The words by scheme; none if the row has not several codes with names, None if it has and not all of them are understood.
    """
    printed = [(code, word) for word in words if (code := parse_code(word)) and code.name]
    if len(printed) < _FEWEST_CLASSES:
        return {}
    found = {scheme: without_spaces(word) for code, word in printed if (scheme := _scheme_of(code.code, code.name, book))}
    return found if len(found) == len(words) else None


def _scheme_of(code: str, name: str, book: CodeList) -> str | None:
    """Return the classification of a code with its name; local items below an economic class bear names of their own."""
    scheme = SCHEME_OF_DIGIT.get(code[0])
    local = len(code) > _LONGEST_ECONOMIC and scheme != "function" and book.knows(scheme or "", code[:_LONGEST_ECONOMIC])
    return scheme if scheme and (local or book.is_named(scheme, code, name)) else None


def with_second_code(rest: list[str], code: str, book: CodeList, *, pointed: bool) -> tuple[tuple[str, str] | None, list[str]]:
    """Split off the code and name of the government's economic class beside the row's own: `30101 基本工资 50101 工资奖金津补贴`.

    Args:
        rest: the words behind the row's own code.
        code: of the row; empty where it prints none.
        book: tells whether the second is named as its code is.
        pointed: whether amounts print decimals or commas, so that no digits of a code can be one.
    """
    for at in range(1, len(rest) - 1 if code else 0):
        second, name = fold(rest[at]), without_spaces(rest[at + 1])
        beside_names = HAN_CHARACTER.search(rest[at - 1]) and HAN_CHARACTER.search(name) and parse_amount(name) is None
        if not (beside_names and is_code(second) and any(parse_amount(word) is not None for word in rest[at + 2 :])):
            continue
        economic = pointed and SCHEME_OF_DIGIT.get(code[0]) == DEPARTMENT_ECONOMIC
        if book.is_named(GOVERNMENT_ECONOMIC, second, name) or (economic and book.knows(GOVERNMENT_ECONOMIC, second)):
            return (second, name), [*rest[:at], *rest[at + 2 :]]
    return None, rest


def code_of_digits(parts: Sequence[str], name: str, before: str | None, book: CodeList) -> str | None:
    """Return the code that a row's digits give, behind the code of the row before it where they are of the last level alone.

    Args:
        parts: the digits, column by column.
        name: of the row: tells which level two digits are of.
        before: the last code printed.
        book: of codes and names.
    """
    if len(parts) <= len(_LEVELS) and (code := join_code(parts, before)):
        return code
    if len(parts) != 1 or len(parts[0]) != _DIGITS_OF_LEVEL or not before:
        return None
    scheme = book.scheme_of(before)
    codes = [before[:length] + parts[0] for length in _LEVELS if length <= len(before)]
    known = [code for code in codes if scheme and book.knows(scheme, code)]
    named = [code for code in known if scheme and book.is_named(scheme, code, name)]
    if len(named) == 1:
        return named[0]
    unnamed = [code for code in known if scheme and not book.bears_another_name(scheme, code, name)]
    return unnamed[0] if len(unnamed) == 1 else None


def may_be_of_row_above(code: str, name: str, book: CodeList) -> bool:
    """Tell whether a code on a line of its own may be of the row above it: it is known by a name that does not begin as the row's does."""
    scheme = book.scheme_of(code)
    if scheme is None or not book.knows(scheme, code) or book.is_named(scheme, code, name):
        return False
    return not (book.standard_name(scheme, code) or "").startswith(name)


def lacks_own_name(codes: Sequence[str], words: Sequence[str], book: CodeList) -> bool:
    """Tell whether a row prints the codes of two economic classifications, and behind them only the name of the second: its own is lost."""
    schemes = [SCHEME_OF_DIGIT.get(fold(code)[0]) if is_known_code(code, book) else None for code in codes[-2:]]
    if schemes != [DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC]:
        return False
    return not book.is_named(DEPARTMENT_ECONOMIC, fold(codes[-2]), without_spaces("".join(words)))


def code_beside_end(codes: Sequence[str], begun: str, end: str, book: CodeList) -> str | None:
    """Return the code that a line prints beside the end of a name that the row above it begins with: both together are its name."""
    code = fold(codes[0]) if len(codes) == 1 and begun else ""
    scheme = book.scheme_of(code) if is_code(code) else None
    if scheme is None or book.is_named(scheme, code, end):
        return None
    return code if book.is_named(scheme, code, begun + end) else None
