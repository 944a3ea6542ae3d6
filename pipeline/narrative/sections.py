"""Headings: which section of the narrative a paragraph stands in, and what that fixes for the amounts below it.

Belongs here: recognising headings, nesting them, and the statement that a section speaks of. Does not belong here: amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from pipeline.budget.characters import REMEMBERED
from pipeline.budget.patterns import HAN, YEAR_DIGITS
from pipeline.budget.sums import FUND_TREE
from pipeline.narrative.claims.open_classification import LEVEL_MARK
from pipeline.narrative.reasons import gives_reason
from pipeline.narrative.text.clauses import MONEY, read_change
from pipeline.narrative.text.paragraphs import LEVELS, NUMBERING, Paragraph
from pipeline.narrative.text.subject_names import NONE_PLANNED
from schemas.statement_kind import ECONOMIC
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import either, section_phrases, stated_in, words
from schemas.vocabulary.phrases import WordPattern

_SENTENCE_END = re.compile(r"[。;]")
_AFTER_WORDS = re.compile(r"[\d,;。:]")
_YEAR_FIRST = re.compile(rf"{YEAR_DIGITS}年(?:度|[初末底])?[,:]?")
_NUMBER_UNIT = re.compile(r"\d(?:万元|亿元|元|%)")
_TABLE_TITLE = re.compile(r"表(?:\(.{0,60}\))?(?:[.·…\s]*+\d*)$")
_SEE = WordPattern(lambda: rf"\({either('see')}[^()]*\)$")
_UNIT_NAME = WordPattern(lambda: rf".{{3,}}{body_ending('heading')}(?:\(.{{0,60}}\))?")
_CIRCLED = "".join(map(chr, range(ord("①"), ord("⑳") + 1)))
UNNUMBERED = 8
"""Level of headings without numbering."""

_YEAR_WITHIN = re.compile(r"\d{4}年")
_SCOPE = WordPattern(lambda: rf"{either('list_ahead')}|按.{{0,12}}{either('by_class')}")
_BY_SCHEME = re.compile(r"[^(\"]{0,8}按[^(\"]{2,28}")
_LONGEST_SCOPE = 60  # characters of a phrase that limits the list after it
_OUTER = (1, 2)  # 一、 and （一）
_CAPTION = re.compile(r"[图表附]\d|[图表]:")
_LOOKS_LIKE_HEADING = WordPattern(lambda: rf"{either('heading_end')}{either('heading_tail')}?$")
_CHANGE_WITHIN = 40  # characters at the start of a paragraph in which it goes on with a change
_LEFT_OUT = WordPattern(lambda: rf"{either('leaves_out')}[^(),;。的]*+")

_LONGEST = 60  # characters of a numbered heading
_LONGEST_UNNUMBERED = 40  # characters of a heading without numbering: it must be surer
_LONGEST_STOPPED = 12  # characters of a heading without numbering that ends in a full stop, as sentences do
_LONGEST_RUN_IN = 14  # characters of a heading without numbering before a colon or full stop

ON_FIGURES = ("agency", "procurement", "assets", "performance", "outsourcing", "meetings")
"""Topics of sections whose amounts are key figures."""

_RUN_IN = ON_FIGURES
"""Topics that a numbered heading before a colon may name without a word that ends headings (`（二）政府采购：2023年…`)."""

_NATURES = frozenset(("basic", "project"))
_PARTS_OF_APPROPRIATION = FUND_TREE["fiscal_appropriation"]
SEVERAL_FUNDS = "several"
"""What a section is limited to whose heading names some funds of the appropriation: of which an amount is, its own words must say."""

_OF_ALL_FUNDS = (None, "fiscal_appropriation", SEVERAL_FUNDS)
_STORY = ("project",)
_GIVES_WAY = {
    "three_public": ("project", "other", "meetings", "agency"),
    "performance": ("other", "project"),
    **dict.fromkeys(("agency", "procurement", "assets", "outsourcing"), _STORY),
}
"""Topic → topics that count only where a heading names nothing else: “三公”经费情况说明 is no story of a project."""


class Section(msgspec.Struct, frozen=True, gc=False):
    """What the headings above a paragraph say.

    Attributes:
        topic: `budget`, `three_public`, `agency`, `procurement`, `assets`, `performance`, `outsourcing`, `meetings`,
            `fees`, `organisation`, `project`, `other`; None where no heading said anything.
        fund: the fund that the section is limited to, or `SEVERAL_FUNDS`; None for all.
        aspect: `both`, `revenue`, `expenditure`, `basic` or `project`; None where unsaid.
        within_both: whether a section on revenue **and** expenditure encloses this one.
        scheme: `department_economic`, `government_economic`, `economic` (unsaid which), `function` or None.
        nature: `basic` or `project`, where a heading limits the section to it.
        unit: the heading's text, where it names a unit of the department.
        heading: its words, as folded.
    """

    topic: str | None = None
    fund: str | None = None
    aspect: str | None = None
    within_both: bool = False
    scheme: str | None = None
    nature: str | None = None
    unit: str | None = None
    heading: str = ""

    @property
    def classification(self) -> str | None:
        """The classification that names are read in here, where the section names one; None for the classes of the functional one."""
        if self.scheme is not None:
            return self.scheme
        return "department_economic" if self.aspect == "basic" else None


@dataclass(slots=True)
class Headings:
    """The stack of headings that are open, as sections by level (0 第…部分, 1 一、, 2 （一）, 3 1., …).

    `bare` tells that nothing has stood below the innermost one yet; `listed`: level and number of the last item of a list that begins
    with the numbering of its own heading again.
    """

    stack: list[tuple[int, Section]] = field(default_factory=list)
    bare: bool = False
    listed: tuple[int, int] | None = None

    @property
    def section(self) -> Section:
        """What the innermost open heading says, with what it takes from those around it."""
        return self.stack[-1][1] if self.stack else Section()

    def beside(self, folded: str) -> None:
        """Close the headings beside which a numbered paragraph stands; an unnumbered heading heads a list of inner levels.

        A paragraph that is the first of its kind of number stands below a heading of that kind: `（一）“三公”经费情况` over
        `（一）因公出国（境）费0万元…`, `（二）公务接待费…`.
        """
        level, at = heading_level(folded), number_of(folded)
        words_of_item = _AFTER_WORDS.split(_YEAR_FIRST.sub("", NUMBERING.sub("", folded, count=1), count=1), maxsplit=1)[0]
        about, section = read_heading(words_of_item), self.section
        of_fund = section.fund in _OF_ALL_FUNDS or about.fund in (section.fund, *_OF_ALL_FUNDS)
        of_flow = None in (about.aspect, section.aspect) or (about.aspect == "revenue") == (section.aspect == "revenue")
        fits = about.topic in (None, section.topic) and of_fund and of_flow
        if level is None or (fits and self._goes_on_list(level, at)):
            return
        self.listed = None
        numbered = next((i for i, (known, _) in enumerate(self.stack) if level <= known < UNNUMBERED), None)
        if numbered is not None:
            del self.stack[numbered:]
        elif level in _OUTER:
            self.stack = [entry for entry in self.stack if entry[0] < UNNUMBERED]

    def _goes_on_list(self, level: int, at: int) -> bool:
        """Tell whether a numbered paragraph is an item of a list below a heading of its own level."""
        begins = at == 1 and any(known == level for known, _ in self.stack)
        if not begins and self.listed != (level, at - 1):
            return False
        while self.stack and self.stack[-1][0] > level:
            self.stack.pop()
        self.listed = level, at
        return True

    def open(self, level: int, text: str) -> None:
        """Open a heading of `level`; it closes those of its own and deeper levels.

        The second line of a title (`某局2014年三公经费预算` over `增减情况说明`) says nothing of itself, and goes on with the first.
        """
        said = read_heading(text)
        unnumbered = heading_level(text) is None and heading_level(self.section.heading) is None
        if self.bare and self.stack and unnumbered and said == Section() and not _YEAR_WITHIN.search(text):
            return
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        self.listed = None
        if heading_level(text) is not None and said.fund == "fiscal_appropriation" and self.section.fund in _PARTS_OF_APPROPRIATION:
            said = replace(said, fund=self.section.fund)  # （一）财政拨款支出决算总体情况 below 五、一般公共预算财政拨款支出
        self.stack.append((level, replace(_below(self.section, said), heading=text.rstrip("。:"))))

    def limited_by(self, text: str, ahead: bool) -> bool:
        """Let a phrase inside the text (`按…经济分类`, `…主要内容如下`) limit what follows in the open section; tell whether it does.

        Args:
            text: a clause without an amount, folded.
            ahead: whether a mark stands behind it that may open a list.
        """
        may_open = ahead and self.section.topic in (None, "budget") and len(text) < _LONGEST_SCOPE and limits_list(text)
        by_scheme = _BY_SCHEME.fullmatch(text) is not None
        if not (may_open or by_scheme):
            return False
        said = read_heading(text)
        if not (may_open and said.topic == "budget") and not (by_scheme and said.scheme):
            return False
        level = self.stack[-1][0] if self.stack else UNNUMBERED
        base = self.section
        if self.stack:
            self.stack.pop()
        # a phrase inside a text names the fund and the classification of a list, not a statement of its own
        self.stack.append((level, replace(_below(base, replace(said, aspect=None, nature=None)), heading=base.heading)))
        return True


def limits_list(folded: str) -> bool:
    """Tell whether words say what a list is of: `按功能分类`, `主要内容如下`."""
    return _SCOPE.search(folded) is not None


@lru_cache(maxsize=REMEMBERED)
def heading_level(folded: str) -> int | None:
    """Return the level of the numbering that `folded` starts with, or None."""
    match = NUMBERING.match(folded)
    return LEVELS.index(match.lastgroup) if match and match.lastgroup else None


def number_of(folded: str) -> int:
    """Return the number that `folded` starts with, of whatever kind; 0 for none."""
    match = NUMBERING.match(folded)
    said = match[match.lastgroup] if match and match.lastgroup and match.lastgroup != "part" else ""
    if said.isascii():
        return int(said or 0)
    if said in _CIRCLED:
        return _CIRCLED.index(said) + 1
    tens, ten, ones = said.rpartition(HAN[-1])
    return (10 * (HAN.find(tens) + 1 if tens else 1) if ten else 0) + (HAN.find(ones) + 1 if ones else 0)


def split_heading(paragraph: Paragraph) -> tuple[int, int | None]:
    """Return where the paragraph's heading ends (0 if it has none) and the heading's level.

    A whole paragraph is a heading if it is short, ends no sentence and states no amount; otherwise a numbered or known
    phrase before the first `。` or `：` runs in (`1.机关运行经费情况。2022年，…`).
    """
    text = paragraph.folded
    level = heading_level(text)
    if _CAPTION.match(text) or _states(text) or gives_reason(text):
        return 0, None
    if len(text) <= _LONGEST and not _SENTENCE_END.search(text.rstrip("。:")) and not _NUMBER_UNIT.search(text):
        if text.endswith("。") and level is None:
            return (len(text), UNNUMBERED) if _LOOKS_LIKE_HEADING.search(text[:-1]) and len(text) <= _LONGEST_STOPPED else (0, None)
        if level is not None:
            return len(text), level
        if text[-1:] not in "。:;," and (
            _LOOKS_LIKE_HEADING.search(_SEE.sub("", text)) and "," not in text and len(text) <= _LONGEST_UNNUMBERED
        ):
            return len(text), 1 if text.endswith(words("outer_heading_end")) else UNNUMBERED
        return 0, None
    match = re.match(r"[^,。:;]{2,40}?[。:]", text)
    if match and not _NUMBER_UNIT.search(match[0]) and not re.search(r"\d{4}年", match[0]):
        head = match[0][:-1]
        if level is not None and match[0].endswith(":") and len(head) <= _LONGEST_RUN_IN and read_heading(head).topic in _RUN_IN:
            return match.end(), level
        if (level is not None or len(head) <= _LONGEST_RUN_IN) and _LOOKS_LIKE_HEADING.search(_SEE.sub("", head)):
            return match.end(), level if level is not None else UNNUMBERED
    return 0, None


def _states(text: str) -> bool:
    """Tell whether a short paragraph states a change, or that there is no amount, without a number (`…经费与上年预算持平。`)."""
    if len(text) > _LONGEST or not text.endswith("。"):
        return False
    changed = read_change(text)
    return NONE_PLANNED.search(text) is not None or (changed is not None and changed.sign is not None)


@lru_cache(maxsize=REMEMBERED)
def read_heading(folded: str) -> Section:
    """Return what one heading says by itself.

    A heading of the outer levels without any known word is taken for the name of a unit: what stands below it may be the
    unit's alone.
    """
    outer = heading_level(folded) in _OUTER
    text = NUMBERING.sub("", folded, count=1).rstrip("。:")
    text = _SEE.sub("", text)
    if _TABLE_TITLE.search(text) and "情况" not in text and "说明" not in text:
        return Section(topic="other")
    found: dict[str, str] = {}
    own = masked = _LEFT_OUT.sub("", text)
    for phrase, attribute, value in section_phrases():
        if phrase not in masked:
            continue
        if attribute == "topic":
            if found.get("topic") in (None, *_GIVES_WAY.get(value, ())):
                found["topic"] = value
            continue
        if attribute == "fund" and "fund" in found:
            if value == "fiscal_appropriation" or found["fund"] != "fiscal_appropriation":
                continue
        elif attribute in found:
            continue
        found[attribute] = value
        if attribute == "aspect" or attribute == "scheme":
            masked = masked.replace(phrase, " ")
    topic = found.get("topic")
    parts = {v for p, a, v in section_phrases() if a == "fund" and p in own and v in _PARTS_OF_APPROPRIATION}
    if len(parts) > 1:  # 一般公共预算及政府性基金财政拨款“三公”经费; 政府性基金预算和国有资本经营预算支出
        found["fund"] = "fiscal_appropriation" if topic == "three_public" or parts >= set(_PARTS_OF_APPROPRIATION) else SEVERAL_FUNDS
    if found.get("aspect") in _NATURES and {v for p, a, v in section_phrases() if a == "aspect" and p in own} >= _NATURES:
        found["aspect"] = "expenditure"  # 分为基本支出和项目支出: of neither alone
    if topic is None and ({"fund", "aspect", "scheme"} & set(found)):
        topic = "budget"
    named = _UNIT_NAME.fullmatch(text) or (outer and not _LOOKS_LIKE_HEADING.search(text) and not LEVEL_MARK.search(text))
    unit = text if not found and named and not folded.endswith(("。", ";")) else None
    aspect = found.get("aspect")
    nature = aspect if aspect in _NATURES else None
    return Section(topic, found.get("fund"), aspect, False, found.get("scheme"), nature, unit)


def fund_named(folded: str) -> str | None:
    """Return the one fund that words name (of 一般公共预算财政拨款 the narrower); None where they name none, or several."""
    named = {value for phrase, attribute, value in section_phrases() if attribute == "fund" and phrase in folded}
    narrower = named - {"fiscal_appropriation"} or named
    return narrower.pop() if len(narrower) == 1 else None


def _below(outer: Section, inner: Section) -> Section:
    """Return `inner` with what it leaves unsaid taken from the section that encloses it."""
    if inner.topic == "neutral":
        return Section(unit=outer.unit)
    if inner.unit:
        return replace(outer, unit=inner.unit)
    if inner.topic is None:
        return outer
    if inner.topic != "budget":
        return replace(inner, unit=outer.unit)
    if outer.topic not in (None, "budget", "three_public") and outer.topic != "organisation":
        # a heading inside a section on something else (政府采购 …支出) says nothing of the budget
        return replace(outer) if outer.topic != "other" or inner.aspect is None else replace(inner, unit=outer.unit)
    fund = inner.fund or outer.fund
    both = outer.aspect == "both" or outer.within_both
    # a section on one fund of its own leaves the summary that encloses it, unless it is 财政拨款 under 财政拨款
    own = inner.fund is not None and inner.fund != outer.fund
    if own:
        return Section("budget", fund, inner.aspect, False, inner.scheme, inner.nature, outer.unit)
    # （一）基本支出 inside a section on all spending is one of its items, not a statement of its own
    item = inner.nature is not None and inner.fund is None and outer.aspect is not None
    aspect = outer.aspect if item else inner.aspect or outer.aspect
    return Section("budget", fund, aspect, both, inner.scheme or outer.scheme, inner.nature or outer.nature, outer.unit)


def statement_of(section: Section, flow: str, fund: str | None, level: int, scheme: str) -> str | None:
    """Return the statement that an amount of `section` belongs to (`budget_lines.statement`), None if that cannot be said.

    Args:
        section: where the amount stands.
        flow: `revenue` or `expenditure`.
        fund: the fund that the amount's own phrase names, None if it names none.
        level: of the line (0 total, 1 类, 2 款, 3 项).
        scheme: of the line.
    """
    economic = scheme in ECONOMIC
    aspect = section.aspect or "unsaid"
    for row in stated_in():
        if (
            row.fund in (None, section.fund)
            and row.flow in (None, flow)
            and (not row.aspects or aspect in row.aspects)
            and (not row.levels or level in row.levels)
            and not (row.names_fund and fund is None)
            and not (row.within_both and not section.within_both)
            and not (row.economic and not economic)
        ):
            return row.statement
    return None


def goes_on(folded: str, in_usage: bool) -> bool:
    """Tell whether a paragraph opens with a change of what the one before it stated, or with the usage in which that ended."""
    if in_usage and heading_level(folded) is None and not MONEY.search(folded.partition("。")[0]):
        return True
    return folded.startswith(words("than")) and read_change(folded[:_CHANGE_WITHIN]) is not None
