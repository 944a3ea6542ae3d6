"""Titles, fields and sentences in which a document says what it is.

Belongs here: the phrases, each turned into a claim. Does not belong here: weighing claims against each other (`identify.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.budget.characters import REMEMBERED, normalise_characters, translation
from pipeline.budget.patterns import ARABIC_NUMBER, FISCAL_YEAR, HAN, HAN_NUMBER, YEAR_DIGITS, with_year_digits
from pipeline.identity.named_places import CLAUSE_START, place_before, stands_alone, without_places
from pipeline.identity.words import any_word, either, words_of
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern

DEPARTMENT = "department"
UNIT = "unit"
BUDGET = "budget"
FINAL_ACCOUNT = "final_account"

_with_full_width_brackets = translation(dict(zip("()[]［］【】〔〕:０１２３４５６７８９", "（）（）（）（）（）：0123456789", strict=True)))
_TAIL = re.compile(r"(?<![.…·．\-—–])[.…·．\-—–]++\d*$|(?<![.…·．])[.…·．]{2}(?s:.*)")
_HINT_OF_TAIL = re.compile(r"[.…·．\-—–](?:\d*$|[.…·．])")  # as each tail has: found, or not, in a tenth of the time
_HEAD = WordPattern(
    lambda: (
        rf"(?:附件\d*：?|第{HAN_NUMBER}部分[：、]?|[{HAN}]{{1,3}}、|（{HAN_NUMBER}）|{ARABIC_NUMBER}[.、．](?=\D|{YEAR_DIGITS})|{either('preamble')})"
    )
)
_YEAR = re.compile(rf"(?<!\d)({FISCAL_YEAR})(?:年度?|度)")
_CENTURY = "20"  # every `FISCAL_YEAR` begins so: lines without it are not searched for one
_YEAR_FIELD = re.compile(rf"年[度份]：({FISCAL_YEAR})")
_YEAR_ALONE = re.compile(rf"（?({FISCAL_YEAR})（?年度?）?(?:(?:金额)?单位：?[万千亿]?元)?")


@cache
def _name() -> str:
    """Return the pattern of a body's name: it ends as bodies do; lazily, so that the shortest that is followed as asked for is taken.

    A zone that is a district as well bears both names: 某市高新区（某区）建设局.
    """
    han = r"[\u4e00-\u9fff]"
    return (
        rf"(?P<name>(?:{han}{{2,{_LONGEST_PLACE}}}?{either('place')}（{han}{{1,{_LONGEST_PLACE}}}?{either('place')}）)?"
        rf"[\u4e00-\u9fff·、“”XxＸ×*＊〇○]{{1,{_LONGEST_NAME}}}?{body_ending('name')}(?:（[^（）]{{0,8}}{either('name_part')}）)?)"
    )


@cache
def _title_end() -> str:
    return rf"(?:信息)?(?:{either('title_end')}){{0,{_MOST_TITLE_ENDS}}}"


@cache
def _marked() -> str:
    """Return the pattern of a body as it is printed: its name, its second name or signboard in brackets, and what of it is meant."""
    return rf"{_name()}(?:{_second_name()})?(?:（(?P<mark>{either('office')})）)?(?:{_second_name()})?"


@cache
def _second_name() -> str:
    return rf"（{either('signboard')}?[\u4e00-\u9fff·、“”]{{1,{_LONGEST_NAME}}}?{body_ending('name')}{either('signboard_end')}?）"


_BODY = WordPattern(lambda: rf"{_marked()}(?P<own>{either('own_office')})?{either('scope')}?(?:的)?")
_SCOPE = WordPattern(
    lambda: (
        rf"(?P<body>.*?){either('level')}?(?P<scope>{either('scope')}){either('breadth')}*(?P<kind>{either('kind')})(?P<rest>.{{0,{_LONGEST_REST}}})"
    )
)
_BARE = WordPattern(lambda: rf"(?P<kind>{either('kind')}){_title_end()}")
_REST = WordPattern(lambda: rf"{_title_end()}(?:（[^（）]*）)?")
_NAMED = WordPattern(lambda: rf"{_marked()}(?:的)?(?P<kind>{either('kind')}){_title_end()}")
_YEARLESS = WordPattern(
    lambda: rf"{_marked()}(?P<scope>{either('scope')})?(?:综合)?(?P<kind>{either('kind')})(?:信息)?{either('yearless_title_end')}*"
)
_FIELD = WordPattern(lambda: rf"(?P<label>{either('label')})(?:：|(?<=名称))(?:（?\d+）?[-—]?)?(?P<value>.+)")
_FIELD_END = WordPattern(lambda: rf"{either('field_end')}|第\d+页|{YEAR_DIGITS}年")
_OVERVIEW = WordPattern(
    lambda: (
        rf"(?:(?P<year>{FISCAL_YEAR})年度?)?{_marked()}{either('scope')}?(?:{either('overview')}"
        rf"|{either('money_of')}?(?:(?P<later>{FISCAL_YEAR})年度?)?(?P<short>{either('short_disclosure')}.{{0,{_LONGEST_REST}}}))[。：]?"
    )
)
_OVERVIEW_WORD = WordPattern(lambda: either("overview", "short_disclosure"))  # of a hundred lines one has any
_OF_GOVERNMENT = WordPattern(
    lambda: (
        rf"(?P<place>[\u4e00-\u9fff]{{0,{_LONGEST_PLACE}}}){FISCAL_YEAR}(?:年度?)?(?:(?P<level>{either('government_level')}){either('office_of_level')}*)?"
        rf"{either('money_of')}*{either('short_disclosure')}"
    )
)
_SENTENCE = WordPattern(lambda: rf"{_marked()}(?P<year>{FISCAL_YEAR})年度?{either('stated')}")
_ALL_MONEY = WordPattern(lambda: rf"(?:[^，。；：]{{0,{_LONGEST_REST}}}，)?{_marked()}的?{either('all_money')}")
_SENTENCE_WORD = WordPattern(lambda: any_word("copula", "all_money"))
_TREASURY = WordPattern(lambda: rf"{either('whole_place')}{either('treasury')}[^，。；]{{0,{_LONGEST_LINK}}}?\d[\d,，.]*[万亿]*元")
_LISTED = re.compile(rf"{ARABIC_NUMBER}[.、．]|（{HAN_NUMBER}）|{HAN_NUMBER}、")
_SELF = WordPattern(
    lambda: (
        rf"(?P<whole>(?:中共|[\u4e00-\u9fff]{{2,7}}?{either('place')}){_name()})(?:{_second_name()})?(?:（{either('called')}.{{2,20}}?）)?{either('copula')}"
    )
)
_PARENT = WordPattern(lambda: rf"(?:{either('parent')}(?:：|为)?|{either('parent_verb')}){_name()}(?=$|[，。；、]|{either('parent_end')})")
_PARENT_WORD = WordPattern(lambda: any_word("parent", "parent_verb"))  # of a hundred lines one has any
_SUBORDINATE = WordPattern(lambda: rf"{either('copula')}{_name()}(?:{_second_name()})?(?:的)?{either('subordinate')}")
_LED = WordPattern(lambda: rf"{either('led_by')}{_name()}(?:{_second_name()})?{either('led')}")
_TABLE = WordPattern(lambda: rf"(?<!\d)(?P<year>{FISCAL_YEAR})年度?[^，。；、\d]{{0,16}}(?P<kind>{either('kind')}){either('table')}")
_HEADING = WordPattern(
    lambda: rf"(?<!\d)(?P<year>{FISCAL_YEAR})年度?(?P<subject>[^，。；\d]{{0,{_LONGEST_SUBJECT}}}{either('heading_end')})(?:（[^（）]*）)?$"
)
_SHORT_HEADING = WordPattern(
    lambda: (
        rf"(?<!\d)(?P<year>{FISCAL_YEAR})年度?(?P<subject>[^，。；\d]{{0,{_LONGEST_SUBJECT}}}{either('short_disclosure')}[^，。；\d]{{0,{_LONGEST_REST}}})$"
    )
)
_SUBJECT = WordPattern(lambda: either("heading_subject", "kind"))
_KIND = WordPattern(lambda: either("kind"))
_KIND_WORD = WordPattern(lambda: any_word("kind"))
_OTHER_YEAR = WordPattern(lambda: either("other_year"))
_COMPARED_WITH = WordPattern(lambda: either("compared_with"))
_COMPARED_YEAR = WordPattern(lambda: rf"{either('compared_with')}({FISCAL_YEAR})年")
_STATED_YEAR = WordPattern(lambda: rf"(?<!\d)(?P<year>{FISCAL_YEAR})年度?(?:本?{either('scope')})?{either('stated_flow')}")
_SENTENCE_MARK = re.compile(r"[，。；]|元")
_FINAL_COLUMN = WordPattern(lambda: either("final_column"))
_BUDGET_COLUMN = WordPattern(lambda: either("budget_column"))
_COLUMN = WordPattern(lambda: rf"({FISCAL_YEAR})(?<!\d{{5}})年度?(?:当年)?({either('kind')})数")
_YEAR_OF_SELF = WordPattern(
    lambda: rf"本{body_ending('self_year')}({FISCAL_YEAR})年|({FISCAL_YEAR})(?<!\d{{5}})年度?，?(?:本|我){body_ending('self_year')}"
)
_PLACEHOLDER = WordPattern(lambda: rf"[XxＸ×*＊○〇]{{2,}}|{either('placeholder')}")
_ABOUT = WordPattern(lambda: rf"{either('about')}$")
_OF_ANOTHER_PAPER = WordPattern(lambda: rf"》|{either('letter')}")
"""What follows X关于2019年部门预算 where it is no title: the end of a cited one (根据《…的批复》), or the name of a letter to others."""

_CORRECTION = WordPattern(lambda: either("correction"))
_WORDLIKE = WordPattern(lambda: rf"{either('no_name')}|.*{either('no_name_within')}")

_LONGEST = 200  # characters: a longer line is text, or made to be slow
_LONGEST_PLACE = 24  # characters before the year: province, prefecture and county, each in full
_LONGEST_NAME = 48  # characters before the ending: the longest names of bodies have some forty
_LONGEST_SUBJECT = 40  # characters between year and the end of a heading: 一般公共预算财政拨款“三公”经费支出决算 has some twenty
_MOST_TITLE_ENDS = 3  # words such as 公开 and 说明 one after another at the end of a title
_LONGEST_REST = 24  # characters after 预算 in a title: 公开及说明 and the like
_LONGEST_LINK = 20  # characters between what a government takes in and its amount: 预算安排, 预计完成
_TITLE = range(6, 91)  # characters of a title: 2026年…预算 at least, and no sentence
_NAME = range(4, 51)  # characters of a line that is a body's name: 某市某局 at least
_SHORTEST_NAME = 3  # characters: shorter is a word that ends like one
_LONGEST_OVERVIEW = 60  # characters of a heading
_OWN = "own"  # value of the words for a body's own office
_OWN_OFFICE = "（本级）"  # in brackets after 部门预算 it is said of the body, not of the government
_LABEL_IN_CELLS = "单位名称"  # without a colon it heads a column of the bodies that run projects


class IdentityClaim(NamedTuple):
    """What one phrase says: year, body, what marks its own office alone (（本级）), scope, kind; None where it says nothing.

    `place` is what stands in place of a body: 某市某区2026年区级单位预算 names a place only. `heads_table` tells
    a field above a table from a cell inside it. `is_whole` tells a title that ends with 预算 or 公开说明
    from one that goes on (绩效评价报告).
    """

    year: int | None = None
    body: str | None = None
    own: str | None = None
    scope: str | None = None
    kind: str | None = None
    place: str | None = None
    heads_table: bool = False
    is_whole: bool = False


def normalised(line: str) -> str:
    """Return a line for matching: mended, without white space, full-width brackets and colons, years in digits."""
    text = _with_full_width_brackets("".join(normalise_characters(line).split()))
    if "二" in text:
        text = with_year_digits(text)
    return text


def title_claim(line: str) -> IdentityClaim | None:
    """Return what a title says: 2026年某市信访局部门预算, 某市民政局2021年部门综合预算, 2026年度单位预算表.

    Args:
        line: a line (see `plain`), or the lines of a cover joined.
    """
    if len(line) > _LONGEST or not _KIND_WORD.search(line):
        return None
    text = _stripped(line)
    if len(text) not in _TITLE:
        return None
    year = _YEAR.search(text)
    if not year:
        if not (match := _YEARLESS.fullmatch(text)) or _WORDLIKE.match(match["name"]):
            return None
        if not match["scope"] and not stands_alone(match["name"]):
            return None
        scope_said = words_of("scope")[match["scope"]] if match["scope"] else None
        return IdentityClaim(None, match["name"], _own_note(match["mark"]), scope_said, words_of("kind")[match["kind"]])
    before, after = _ABOUT.sub("", text[: year.start()]), text[year.end() :]
    if len(before) < year.start() and _OF_ANOTHER_PAPER.search(after):
        return None
    if not before and (named := _NAMED.fullmatch(after)) and stands_alone(named["name"]):
        return IdentityClaim(int(year[1]), named["name"], _own_note(named["mark"]), None, words_of("kind")[named["kind"]], is_whole=True)
    if scope := _SCOPE.fullmatch(after):
        name, own = _body(before or scope["body"])
        own = own or (_OWN_OFFICE if _OWN_OFFICE in after else None)
        place = None if name else place_before(before or scope["body"])
        whole = _REST.fullmatch(scope["rest"]) is not None
        return IdentityClaim(
            int(year[1]), name, own, words_of("scope")[scope["scope"]], words_of("kind")[scope["kind"]], place, is_whole=whole
        )
    if before and (bare := _BARE.fullmatch(after)):
        name, own = _body(before)
        if name:
            return IdentityClaim(int(year[1]), name, own, None, words_of("kind")[bare["kind"]], is_whole=True)
    return None


def field_claim(line: str) -> IdentityClaim | None:
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
    return IdentityClaim(body=name, own=own, scope=words_of("label")[match["label"]] or None, heads_table=heads_table)


def name_alone_claim(line: str) -> IdentityClaim | None:
    """Return the body where a line is its name and nothing else, as on covers; one with a number is one of a list (of units)."""
    name, own = _body(line) if len(line) in _NAME and not _LISTED.match(line) else (None, None)
    return IdentityClaim(body=name, own=own) if name else None


def overview_claim(line: str) -> IdentityClaim | None:
    """Return the body of a heading such as 第一部分 某市信访局概况 or …主要职能."""
    match = _OVERVIEW.fullmatch(_stripped(line)) if len(line) < _LONGEST_OVERVIEW and _OVERVIEW_WORD.search(line) else None
    if not match or _WORDLIKE.match(match["name"]) or len(match["name"]) < _NAME.start:
        return None
    year = match["year"] or match["later"]
    looks_back = match["short"] is None or any(not words_of("other_year")[word] for word in _OTHER_YEAR.compiled.findall(match["short"]))
    return IdentityClaim(None if year is None or looks_back else int(year), match["name"])


def sentence_claim(line: str) -> IdentityClaim | None:
    """Return what a line says that begins as 某市某局2019年度收入、支出预算总计 or 某市某局是市政府工作部门 does.

    So does 按照综合预算的原则，某市某局所有收入和支出均纳入部门预算管理.
    """
    if _CENTURY not in line and not _SENTENCE_WORD.search(line):
        return None
    text = _stripped(line[:_LONGEST])
    if _CENTURY in text and (match := _SENTENCE.match(text)):
        year, name = int(match["year"]), match["name"]
    elif match := _SELF.match(text):
        year, name = None, match["whole"]
    elif match := _ALL_MONEY.match(text):
        year, name = None, match["name"]
    else:
        return None
    return None if _WORDLIKE.match(name) or len(name) < _NAME.start else IdentityClaim(year, name)


def heading_claims(line: str) -> list[IdentityClaim]:
    """Return year and kind of the table or section that a line heads with its year; `（2026年度）` alone is one too.

    The names of funds (一般公共预算) say nothing of the kind, and headings of how another year went say nothing of the document.
    """
    if _CENTURY not in line:
        return []
    if match := _YEAR_ALONE.fullmatch(line) or _YEAR_FIELD.search(line):
        return [IdentityClaim(int(match[1]))]
    if len(line) > _LONGEST or is_sentence(line) or not (match := _HEADING.search(line) or _SHORT_HEADING.search(line)):
        return []
    subject = match["subject"]
    if not _SUBJECT.search(subject) or _OTHER_YEAR.search(subject) or len(set(_YEAR.findall(line))) > 1:
        return []  # 2016年决算数与2015年决算数对比情况: of neither alone
    kinds = {words_of("kind")[word] for word in _KIND.compiled.findall(subject)}
    return [IdentityClaim(int(match["year"]), kind=kinds.pop() if len(kinds) == 1 else None)]


def stated_claims(line: str) -> list[IdentityClaim]:
    """Return year and kind of each budget or part of one that a sentence speaks of with its year, but for those that it compares with."""
    found: list[IdentityClaim] = []
    if _CENTURY not in line or not is_sentence(line):
        return found
    for match in (*_TABLE.finditer(line), *_STATED_YEAR.finditer(line)):
        clause = CLAUSE_START.split(line[: match.start()])[-1]
        if not _COMPARED_WITH.search(clause):
            found.append(IdentityClaim(int(match["year"]), kind=words_of("kind").get(match.groupdict().get("kind", ""))))
    return found


def compared_years(text: str) -> set[int]:
    """Return the years that the text compares with (比2017年预算): a document compares with years before its own."""
    return {int(match[1]) for match in _COMPARED_YEAR.finditer(text)}


def counts_for_government(text: str) -> bool:
    """Tell whether a text gives the amount of what a whole place takes in or spends, as reports on a government's budget do.

    `负责全县一般公共预算收入征管` is a duty of one of its bodies.
    """
    return _TREASURY.search(text) is not None


def speaks_for_government(line: str) -> bool:
    """Tell whether a line heads what all offices of a government spend on 三公: its level, or its place alone, is in place of a body."""
    may_head = _CENTURY in line and len(line) < _LONGEST_OVERVIEW and not is_sentence(line)
    match = _OF_GOVERNMENT.match(_stripped(line)) if may_head else None
    if match is None or (match["place"] and without_places(match["place"])):
        return False
    return bool(match["place"]) or match["level"] is not None


@lru_cache(maxsize=REMEMBERED)
def is_sentence(line: str) -> bool:
    """Tell whether a line is text rather than a heading: it has clauses, or speaks of money."""
    return _SENTENCE_MARK.search(line) is not None


def kind_words(text: str) -> Counter[str]:
    """Return how often the text names each kind; the names of funds (一般公共预算) count for none."""
    return Counter(words_of("kind")[word] for word in _KIND.compiled.findall(text))


def heads_final_column(line: str) -> bool:
    """Tell whether a line heads a table with what was budgeted beside what was spent (预算数 ｜ 决算数), as no budget does."""
    return _BUDGET_COLUMN.search(line) is not None and _FINAL_COLUMN.search(line) is not None and not is_sentence(line)


def own_years(text: str) -> list[int]:
    """Return the years of which the text says 本部门…年 or …年本部门."""
    return [int(match[1] or match[2]) for match in _YEAR_OF_SELF.finditer(text)]


def column_years(text: str, kind: str | None) -> list[int]:
    """Return the years of columns headed 2026年预算数 (or 决算数, for final accounts)."""
    return [int(match[1]) for match in _COLUMN.finditer(text) if words_of("kind")[match[2]] == kind]


def parents(lines: Sequence[str], text: str) -> list[str]:
    """Return the bodies that a document calls the department in charge (主管部门：…, 隶属于…, 是…所属事业单位).

    Args:
        lines: of the document: what a field says ends with its line.
        text: the lines joined, as sentences go on over them.
    """
    named = (line for line in lines if len(line) < _LONGEST and _PARENT_WORD.search(line))
    fields = [match for line in named for match in _PARENT.finditer(line)]
    found = [*fields, *(match for pattern in (_PARENT, _SUBORDINATE, _LED) for match in pattern.finditer(text))]
    return [match["name"] for match in found if not _WORDLIKE.match(match["name"])]


def is_placeholder(text: str) -> bool:
    """Tell whether `text` leaves a name open: 某市XX局, 某某单位."""
    return _PLACEHOLDER.search(text) is not None


def is_correction(title: str) -> bool:
    """Tell whether a title says that it corrects an earlier publication."""
    return _CORRECTION.search(title) is not None


@lru_cache(maxsize=REMEMBERED)  # asked of each line by five questions
def _stripped(line: str) -> str:
    text = _TAIL.sub("", line) if _HINT_OF_TAIL.search(line) else line
    while match := _HEAD.match(text):
        text = text[match.end() :]
    return text


def _body(text: str) -> tuple[str | None, str | None]:
    """Return the body that `text` is the name of, and what is printed after it where its own office alone is meant."""
    match = _BODY.fullmatch(_stripped(text))
    if not match or len(match["name"]) < _SHORTEST_NAME or _WORDLIKE.match(match["name"]):
        return None, None
    return match["name"], match["own"] or _own_note(match["mark"])


def _own_note(mark: str | None) -> str | None:
    return f"（{mark}）" if mark is not None and words_of("office")[mark] == _OWN else None
