"""Titles, fields and sentences in which a document says what it is.

Belongs here: the phrases, each turned into a claim. Does not belong here: weighing claims against each other (`identity.py`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.characters import mend

DEPARTMENT = "department"
UNIT = "unit"
BUDGET = "budget"
FINAL_ACCOUNT = "final_account"

_SCOPES = {"部门": DEPARTMENT, "单位": UNIT}
_LABEL_SCOPES = {"编制单位": UNIT, "公开单位": UNIT} | dict.fromkeys(
    ("部门名称", "预算主管部门", "预算部门", "编制部门", "填报部门", "公开部门", "部门"), DEPARTMENT
)
_KINDS = {"预算": BUDGET, "决算": FINAL_ACCOUNT}
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"二[〇○零][一二三四五六七八九〇○零]{2}(?=年)")
_BRACKETS = str.maketrans("()[]［］【】〔〕:０１２３４５６７８９", "（）（）（）（）（）：0123456789")
_TAIL = re.compile(r"(?<![.…·．\-—–])[.…·．\-—–]++\d*$|(?<![.…·．])[.…·．]{2}(?s:.*)")
_HEAD = re.compile(
    r"(?:附件\d*：?|第[一二三四五六七八九十]+部分[：、]?|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]+）|\d{1,2}[.、．](?=\D|20\d\d)|关于公布|关于|《)"
)

# names of bodies end as bodies do; lazily, so that the shortest name that is followed as asked for is taken
_END = (
    r"(?:局|委|会|办|厅|部|院|中心|处|队|学|中|小|园|署|站|所|馆|团|政府|公司|社|库|场|台|室|校|镇|乡|街道|"
    r"基地|监狱|法庭|家|宫|厂|段|社区|苑|组|网|人大|政协|[妇残侨文]联|社科联|工商联|科协|作协)"
)
_NAME = rf"[\u4e00-\u9fff·、“”XxＸ×*＊〇○]{{1,48}}?{_END}"
_MARK = r"(?:（(?P<mark>本级|本部|机关|汇总|部门|单位|含下属单位|系统)）)?"
_BODY = re.compile(rf"(?P<name>{_NAME}){_MARK}(?P<own>本级|机关本级|本部)?(?:部门|单位)?(?:的)?")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?:年度?|度)")
_SCOPE = re.compile(
    r"(?P<body>.*?)(?:中央|省级|省本级|市级|市本级|区级|区本级|县级|县本级|本级)?(?P<scope>部门|单位)(?:整体|综合|收支|汇总|支出)*(?P<kind>预算|决算)(?P<rest>.{0,24})"
)
_BARE = re.compile(r"(?P<kind>预算|决算)(?:信息)?(?:公开|报告|说明|情况说明|编制说明|草案)?")
_YEARLESS = re.compile(
    rf"(?P<name>{_NAME}){_MARK}(?P<scope>部门|单位)(?:综合)?(?P<kind>预算|决算)(?:信息)?(?:公开|说明|公开说明|公开表|公开报表|情况说明|编制说明|报表)*"
)
_LABEL = (
    r"(?P<label>部门（单位）名称|部门单位名称|部门名称|单位名称|预算主管部门|预算部门|预算单位|编制部门|编制单位|填报单位|填报部门|公开部门|公开单位|部门（单位）|单位（部门）|部门[/／]单位|单位[/／]部门|"
    r"部门|单位)"
)
_FIELD = re.compile(rf"{_LABEL}(?:：|(?<=名称))(?:（?\d+）?[-—]?)?(?P<value>.+)")
_FIELD_END = re.compile(
    r"(?:金额)?单位：|（(?:公章|盖章|签章|章)）|填报日期|填表|编制日期|日期：|预算年度|财政拨款|(?:部门|单位|预算)(?:编码|代码)|负责人|制表|经办|审核|打印|第\d+页|20\d\d年"
)
_OVERVIEW = re.compile(rf"(?P<name>{_NAME}){_MARK}(?:部门|单位)?(?:概况|基本情况|主要职能|主要职责|机构设置|机构设置情况)")
_SENTENCE = re.compile(rf"(?P<name>{_NAME}){_MARK}(?P<year>20[0-3]\d)年度?(?:收入|支出|收支|财政拨款|一般公共预算|预算|决算|部门收|部门支)")
_SELF = re.compile(rf"(?P<name>(?:中共|[\u4e00-\u9fff]{{2,7}}?[市省区县州旗盟]){_NAME})(?:（以下简称.{{2,20}}?）)?(?:是|为|系)(?!了)")
_PARENT = re.compile(rf"(?:(?<!预算)主管部门(?:名称)?(?:：|为)?|隶属于|直属于|隶属)(?P<name>{_NAME})(?=$|[，。；、]|管理|的|领导)")
_TABLE = re.compile(r"(?<![比较与\d])(20[0-3]\d)年度?[^，。；、\d]{0,16}(预算|决算)(?:总表|表|支出|收支|安排|公开|说明|情况表|总体)")
_YEAR_FIELD = re.compile(r"(?:预算|决算|会计|所属)?年[度份]：(20[0-3]\d)")
_COLUMN = re.compile(r"(?<!\d)(20[0-3]\d)年度?(?:当年)?(预算|决算)数")
_YEAR_ALONE = re.compile(r"（?(20[0-3]\d)（?年度?）?")
_YEAR_OF_SELF = re.compile(r"本(?:部门|单位|局|委|院|办|厅)(20[0-3]\d)年|(?<!\d)(20[0-3]\d)年度?，?(?:本|我)(?:部门|单位|局|委|院|办|厅)")
_PLACEHOLDER = re.compile(r"[XxＸ×*＊○〇]{2,}|某某")
_CORRECTION = re.compile(r"更正|修订|更新版|重新公开|补充公开")
_WORDLIKE = re.compile(
    r"(?:本|该|各|我|其|全(?!国)|合计|总计|小计|部门|单位|上级|主管|所属)|.*(?:预算(?!编审|评审|审核|绩效)|决算|支出|(?<!非税)收入|年度|情况|名称|概况|任务)"
)

_LONGEST = 200  # a longer line is text, or made to be slow


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
    if len(line) > _LONGEST or ("预算" not in line and "决算" not in line):
        return None
    text = _stripped(line)
    if not 6 <= len(text) <= 90:
        return None
    year = _YEAR.search(text)
    if not year:
        if not (match := _YEARLESS.fullmatch(text)) or _WORDLIKE.match(match["name"]):
            return None
        return Claim(None, match["name"], match["mark"] in ("本级", "本部", "机关"), _SCOPES[match["scope"]], _KINDS[match["kind"]])
    before, after = text[: year.start()], text[year.end() :]
    if scope := _SCOPE.fullmatch(after):
        name, own = _body(before or scope["body"])
        own = own or "（本级）" in after
        place = None if name else before or scope["body"] or None
        return Claim(int(year[1]), name, own, _SCOPES[scope["scope"]], _KINDS[scope["kind"]], place)
    if before and (bare := _BARE.fullmatch(after)):
        name, own = _body(before)
        if name:
            return Claim(int(year[1]), name, own, None, _KINDS[bare["kind"]])
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
    heads_table = match["label"] != "单位名称" or line.startswith("单位名称：")
    return Claim(body=name, own=own, scope=_LABEL_SCOPES.get(match["label"]), heads_table=heads_table)


def lone_claim(line: str) -> Claim | None:
    """Return the body where a line is its name and nothing else, as on covers."""
    name, own = _body(line) if 4 <= len(line) <= 50 else (None, False)
    return Claim(body=name, own=own) if name else None


def overview_claim(line: str) -> Claim | None:
    """Return the body of a heading such as 第一部分 某市信访局概况 or …主要职能."""
    match = _OVERVIEW.fullmatch(_stripped(line)) if len(line) < 60 else None
    if not match or _WORDLIKE.match(match["name"]) or len(match["name"]) < 4:
        return None
    return Claim(body=match["name"])


def sentence_claim(line: str) -> Claim | None:
    """Return what a line says that begins as 某市某局2019年度收入、支出预算总计 or 某市某局是市政府工作部门 does."""
    text = _stripped(line[:_LONGEST])
    match = _SENTENCE.match(text) or _SELF.match(text)
    if not match or _WORDLIKE.match(match["name"]) or len(match["name"]) < 4:
        return None
    return Claim(int(match["year"]) if match.re is _SENTENCE else None, match["name"])


def table_claims(line: str) -> list[Claim]:
    """Return year and kind of each table or section that a line names with its year; `（2026年度）` alone is one too."""
    if match := _YEAR_ALONE.fullmatch(line) or _YEAR_FIELD.search(line):
        return [Claim(int(match[1]))]
    return [Claim(int(year), kind=_KINDS[kind]) for year, kind in _TABLE.findall(line)]


def own_years(text: str) -> list[int]:
    """Return the years of which the text says 本部门…年 or …年本部门."""
    return [int(before or after) for before, after in _YEAR_OF_SELF.findall(text)]


def column_years(text: str, kind: str | None) -> list[int]:
    """Return the years of columns headed 2026年预算数 (or 决算数, for final accounts)."""
    return [int(year) for year, word in _COLUMN.findall(text) if _KINDS[word] == kind]


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
    if not match or len(match["name"]) < 3 or _WORDLIKE.match(match["name"]):
        return None, False
    return match["name"], bool(match["own"]) or match["mark"] in ("本级", "本部", "机关")
