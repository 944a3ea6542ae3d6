"""Characters: the one place that knows which glyphs mean the same character.

Names keep their printed punctuation (radicals mended, spaces removed); codes and numbers are folded whole (NFKC), but for digits
that are the mark of an item or a note (`①`, `⑴`, `⒈`, `²`): what stands beside one (`①1,234.56`) is a number without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

# NFKC maps U+2F00–2FD5; PDF fonts also emit U+2E80–2EFF, which it leaves alone: the ones seen in budgets.
_RADICALS = {
    "⺟": "母", "⺠": "民", "⻄": "西", "⻅": "见", "⻆": "角", "⻉": "贝", "⻋": "车", "⻓": "长", "⻔": "门",
    "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼",
    "⻥": "鱼", "⻦": "鸟", "⻩": "黄", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟", "⺎": "兀", "⺓": "幺",
    "⻁": "虎", "⻨": "麦", "⻫": "齐", "⻭": "齿", "⻯": "龙", "⺫": "目", "⺮": "竹", "⺾": "艹", "⻌": "辶",
}  # fmt: skip
_KANGXI = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
_COMPATIBILITY = {
    chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xF900, 0xFB00) if unicodedata.normalize("NFKC", chr(c)) != chr(c)
}
_HYPHENS = dict.fromkeys("\u2010\u2011\u2212\ufe63", "-")
"""What fonts say of one sign: the hyphen, that which does not break, the minus, the small one. En and em dashes are printed wider."""
_MENDED = {**_KANGXI, **_RADICALS, **_COMPATIBILITY, **_HYPHENS}
_INVISIBLES = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000-\uf8ff\x00-\x08\x0b\x0e-\x1f"
_INVISIBLE = re.compile(f"[{_INVISIBLES}]")
_TO_NORMALISE = re.compile(f"[{''.join(_MENDED)}{_INVISIBLES}]")
_ASCII_DIGITS = frozenset("0123456789")


def _is_mark_of_digits(char: str) -> bool:
    """Tell whether Unicode has a character as a number without being a decimal digit (`No`), of which NFKC makes digits."""
    return unicodedata.category(char) == "No" and not _ASCII_DIGITS.isdisjoint(unicodedata.normalize("NFKC", char))


_MARK_OF_DIGITS = re.compile(f"([{''.join(filter(_is_mark_of_digits, map(chr, (*range(0x80, 0x3400), *range(0x1F100, 0x1F10D)))))}])")

REMEMBERED = 50_000
"""Texts whose meaning is remembered by a process: tables repeat their words, and several readers ask about each."""


def translation(characters: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces single characters of a text.

    Few texts have any of them, and looking for one takes a tenth of the time of `str.translate`, which looks each character up.
    """
    table, any_of_them = str.maketrans(dict(characters)), re.compile(f"[{re.escape(''.join(characters))}]")

    def translate(text: str) -> str:
        return text.translate(table) if any_of_them.search(text) else text

    return translate


_mended = translation(_MENDED)
_WIDE_LETTERS = {chr(code + 0xFEE0): chr(code) for code in (*b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *b"abcdefghijklmnopqrstuvwxyz", *b"0123456789")}
_with_narrow_letters = translation(_WIDE_LETTERS)
_in_ascii = translation(dict(zip("（）：，；＝“”‘’／－—–【】［］〔〕．％", "():,;=\"\"''/---[][][].%", strict=True)))


def normalise_characters(text: str) -> str:
    """Return `text` with radicals and compatibility ideographs as the characters they stand for, invisibles removed."""
    return _INVISIBLE.sub("", _mended(text)) if _TO_NORMALISE.search(text) else text


def with_narrow_letters(text: str) -> str:
    """Return `text`, as long as it is, with full-width letters and digits as ASCII: what is looked for in it may be a code."""
    return _with_narrow_letters(text)


def _is_plain(text: str) -> bool:
    """Tell whether a text is ASCII in one line, as nearly all numbers are: nothing of it is to be mended or folded, but for its spaces."""
    return text.isascii() and text.isprintable()


@lru_cache(maxsize=REMEMBERED)
def without_spaces(text: str) -> str:
    """Return a name as it is compared and published: mended, without any white space or line break."""
    if _is_plain(text):
        return text.replace(" ", "")
    return "".join(normalise_characters(text).split())


def in_one_form(text: str) -> str:
    """Return `text` by NFKC, but for digits that mark an item or a note: `①12` is no 112."""
    if not _MARK_OF_DIGITS.search(text):
        return unicodedata.normalize("NFKC", text)
    return "".join(part if at % 2 else unicodedata.normalize("NFKC", part) for at, part in enumerate(_MARK_OF_DIGITS.split(text)))


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """Return `text` for matching phrases, codes and numbers: squeezed, NFKC but for marks of digits, punctuation as ASCII."""
    if _is_plain(text):
        return text.replace(" ", "")
    return _in_ascii("".join(in_one_form(normalise_characters(text)).split()))
