"""Titles, fields and sentences in which a document says what it is.

Belongs here: the phrases, each turned into a claim. Does not belong here: weighing claims against each other (`identify.py`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.budget.characters import mend
from pipeline.budget.patterns import ARABIC_NUMBER, FISCAL_YEAR, HAN, HAN_NUMBER, YEAR_DIGITS
from pipeline.identity.words import either, words_of
from schemas.vocabulary.bodies import body_ending
from schemas.vocabulary.phrases import WordPattern

DEPARTMENT = "department"
UNIT = "unit"
BUDGET = "budget"
FINAL_ACCOUNT = "final_account"

_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"二[〇○零][一二三四五六七八九〇○零]{2}(?=年)")
_BRACKETS = str.maketrans("()[]［］【】〔〕:０１２３４５６７８９", "（）（）（）（）（）：0123456789")
_TAIL = re.compile(r"(?<![.…·．\-—–])[.…·．\-—–]++\d*$|(?<![.…·．])[.…·．]{2}(?s:.*)")
_HEAD = WordPattern(
    lambda: (
        rf"(?:附件\d*：?|第{HAN_NUMBER}部分[：、]?|[{HAN}]{{1,3}}、|（{HAN_NUMBER}）|{ARABIC_NUMBER}[.、．](?=\D|{YEAR_DIGITS})|{either('preamble')})"
    )
)
_YEAR = re.compile(rf"(?<!\d)({FISCAL_YEAR})(?:年度?|度)")
_YEAR_FIELD = re.compile(rf"年[度份]：({FISCAL_YEAR})")
_YEAR_ALONE = re.compile(rf"（?({FISCAL_YEAR})（?年度?）?")


@cache
def _name() -> str:
    """Return the pattern of a body's name: it ends as bodies do; lazily, so that the shortest that is followed as asked for is taken."""
    return rf"(?P<name>[\u4e00-\u9fff·、“”XxＸ×*＊〇○]{{1,{_LONGEST_NAME}}}?{body_ending('name')})"


@cache
def _marked() -> str:
    return rf"{_name()}(?:（(?P<mark>{either('office')})）)?"


_BODY = WordPattern(lambda: rf"{_marked()}(?P<own>{either('own_office')})?{either('scope')}?(?:的)?")
_SCOPE = WordPattern(
    lambda: (
        rf"(?P<body>.*?){either('level')}?(?P<scope>{either('scope')}){either('breadth')}*(?P<kind>{either('kind')})(?P<rest>.{{0,{_LONGEST_REST}}})"
    )
)
_BARE = WordPattern(lambda: rf"(?P<kind>{either('kind')})(?:信息)?{either('title_end')}?")
_YEARLESS = WordPattern(
    lambda: rf"{_marked()}(?P<scope>{either('scope')})(?:综合)?(?P<kind>{either('kind')})(?:信息)?{either('yearless_title_end')}*"
)
_FIELD = WordPattern(lambda: rf"(?P<label>{either('label')})(?:：|(?<=名称))(?:（?\d+）?[-—]?)?(?P<value>.+)")
_FIELD_END = WordPattern(lambda: rf"{either('field_end')}|第\d+页|{YEAR_DIGITS}年")
_OVERVIEW = WordPattern(lambda: rf"{_marked()}{either('scope')}?{either('overview')}")
_SENTENCE = WordPattern(lambda: rf"{_marked()}(?P<year>{FISCAL_YEAR})年度?{either('stated')}")
_SELF = WordPattern(
    lambda: rf"(?P<whole>(?:中共|[\u4e00-\u9fff]{{2,7}}?{either('place')}){_name()})(?:（以下简称.{{2,20}}?）)?(?:是|为|系)(?!了)"
)
_PARENT = WordPattern(lambda: rf"(?:{either('parent')}(?:：|为)?|{either('parent_verb')}){_name()}(?=$|[，。；、]|{either('parent_end')})")
_TABLE = WordPattern(lambda: rf"(?<![比较与\d])({FISCAL_YEAR})年度?[^，。；、\d]{{0,16}}({either('kind')}){either('table')}")
_COLUMN = WordPattern(lambda: rf"(?<!\d)({FISCAL_YEAR})年度?(?:当年)?({either('kind')})数")
_YEAR_OF_SELF = WordPattern(
    lambda: rf"本{body_ending('self_year')}({FISCAL_YEAR})年|(?<!\d)({FISCAL_YEAR})年度?，?(?:本|我){body_ending('self_year')}"
)
_PLACEHOLDER = WordPattern(lambda: rf"[XxＸ×*＊○〇]{{2,}}|{either('placeholder')}")
_CORRECTION = WordPattern(lambda: either("correction"))
_WORDLIKE = WordPattern(lambda: rf"{either('no_name')}|.*{either('no_name_within')}")

_LONGEST = 200  # characters: a longer line is text, or made to be slow
_LONGEST_NAME = 48  # characters before the ending: the longest names of bodies have some forty
_LONGEST_REST = 24  # characters after 预算 in a title: 公开及说明 and the like
_TITLE = range(6, 91)  # characters of a title: 2026年…预算 at least, and no sentence
_NAME = range(4, 51)  # characters of a line that is a body's name: 某市某局 at least
_SHORTEST_NAME = 3  # characters: shorter is a word that ends like one
_LONGEST_OVERVIEW = 60  # characters of a heading
_OWN = "own"  # value of the words for a body's own office
_OWN_OFFICE = "本级"  # in brackets after 部门预算 it is said of the body, not of the government
_LABEL_IN_CELLS = "单位名称"  # without a colon it heads a column of the bodies that run projects


class Claim(NamedTuple):
    """What one phrase says: year, body, whether the body's own office alone (本级), scope, kind; None where it says nothing.

    `place` is what stands in place of a body: 某市某区2026年区级单位预算 names a place only. `heads_table` tells
    a field above a table from a cell inside it.
    """

    year: int | None = None
    body: str | None = None
    own: bool = False
    scope: str | None = None
    kind: str | None = None
    place: str | None = None
    heads_table: bool = False


def plain(line: str) -> str:
    """Return a line for matching: mended, without white space, full-width brackets and colons, years in digits."""
    text = "".join(mend(line).split()).translate(_BRACKETS)
    if "二" in text:
        text = _HAN_YEAR.sub(lambda match: match[0].translate(_HAN_DIGITS), text)
    return text


def title_claim(line: str) -> Claim | None:
    """Return what a title says: 2026年某市信访局部门预算, 某市民政局2021年部门综合预算, 2026年度单位预算表.

    Args:
        line: a line (see `plain`), or the lines of a cover joined.
    """
    if len(line) > _LONGEST or not any(word in line for word in words_of("kind")):
        return None
    text = _stripped(line)
    if len(text) not in _TITLE:
        return None
    year = _YEAR.search(text)
    if not year:
        if not (match := _YEARLESS.fullmatch(text)) or _WORDLIKE.match(match["name"]):
            return None
        return Claim(None, match["name"], _is_own(match["mark"]), words_of("scope")[match["scope"]], words_of("kind")[match["kind"]])
    before, after = text[: year.start()], text[year.end() :]
    if scope := _SCOPE.fullmatch(after):
        name, own = _body(before or scope["body"])
        own = own or f"（{_OWN_OFFICE}）" in after
        place = None if name else before or scope["body"] or None
        return Claim(int(year[1]), name, own, words_of("scope")[scope["scope"]], words_of("kind")[scope["kind"]], place)
    if before and (bare := _BARE.fullmatch(after)):
        name, own = _body(before)
        if name:
            return Claim(int(year[1]), name, own, None, words_of("kind")[bare["kind"]])
    return None


def field_claim(line: str) -> Claim | None:
    """Return what a field says: 部门名称：…, 编制单位：…, 部门：… 单位：万元.

    The scope is that of the label. A cell 单位名称 beside the name of whoever runs a project heads no table.
    """
    match = _FIELD.match(line[:_LONGEST])
    if not match:
        return None
    value = match["value"]
    if end := _FIELD_END.search(value):
        value = value[: end.start()]
    name, own = _body(value)
    if not name:
        return None
    heads_table = match["label"] != _LABEL_IN_CELLS or line.startswith(f"{_LABEL_IN_CELLS}：")
    return Claim(body=name, own=own, scope=words_of("label")[match["label"]] or None, heads_table=heads_table)


def lone_claim(line: str) -> Claim | None:
    """Return the body where a line is its name and nothing else, as on covers."""
    name, own = _body(line) if len(line) in _NAME else (None, False)
    return Claim(body=name, own=own) if name else None


def overview_claim(line: str) -> Claim | None:
    """Return the body of a heading such as 第一部分 某市信访局概况 or …主要职能."""
    match = _OVERVIEW.fullmatch(_stripped(line)) if len(line) < _LONGEST_OVERVIEW else None
    if not match or _WORDLIKE.match(match["name"]) or len(match["name"]) < _NAME.start:
        return None
    return Claim(body=match["name"])


def sentence_claim(line: str) -> Claim | None:
    """Return what a line says that begins as 某市某局2019年度收入、支出预算总计 or 某市某局是市政府工作部门 does."""
    text = _stripped(line[:_LONGEST])
    if match := _SENTENCE.match(text):
        year, name = int(match["year"]), match["name"]
    elif match := _SELF.match(text):
        year, name = None, match["whole"]
    else:
        return None
    return None if _WORDLIKE.match(name) or len(name) < _NAME.start else Claim(year, name)


def table_claims(line: str) -> list[Claim]:
    """Return year and kind of each table or section that a line names with its year; `（2026年度）` alone is one too."""
    if match := _YEAR_ALONE.fullmatch(line) or _YEAR_FIELD.search(line):
        return [Claim(int(match[1]))]
    return [Claim(int(match[1]), kind=words_of("kind")[match[2]]) for match in _TABLE.finditer(line)]


def own_years(text: str) -> list[int]:
    """Return the years of which the text says 本部门…年 or …年本部门."""
    return [int(match[1] or match[2]) for match in _YEAR_OF_SELF.finditer(text)]


def column_years(text: str, kind: str | None) -> list[int]:
    """Return the years of columns headed 2026年预算数 (or 决算数, for final accounts)."""
    return [int(match[1]) for match in _COLUMN.finditer(text) if words_of("kind")[match[2]] == kind]


def parents(text: str) -> list[str]:
    """Return the bodies that the text calls the department in charge (主管部门：…, 隶属于…)."""
    return [match["name"] for match in _PARENT.finditer(text) if not _WORDLIKE.match(match["name"])]


def is_placeholder(text: str) -> bool:
    """Tell whether `text` leaves a name open: 某市XX局, 某某单位."""
    return _PLACEHOLDER.search(text) is not None


def is_correction(title: str) -> bool:
    """Tell whether a title says that it corrects an earlier publication."""
    return _CORRECTION.search(title) is not None


def _stripped(line: str) -> str:
    text = _TAIL.sub("", line)
    while match := _HEAD.match(text):
        text = text[match.end() :]
    return text


def _body(text: str) -> tuple[str | None, bool]:
    """Return the body that `text` is the name of, and whether its own office alone is meant."""
    match = _BODY.fullmatch(_stripped(text))
    if not match or len(match["name"]) < _SHORTEST_NAME or _WORDLIKE.match(match["name"]):
        return None, False
    return match["name"], bool(match["own"]) or _is_own(match["mark"])


def _is_own(mark: str | None) -> bool:
    return mark is not None and words_of("office")[mark] == _OWN
