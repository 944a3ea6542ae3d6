"""Performance: how many projects have targets, were tracked or evaluated, and the money of these.

Belongs here: what sections on performance state of all projects, as printed: money that is given fund by fund has no whole.
Does not belong here: the targets themselves (`pipeline.targets`).
"""

from __future__ import annotations

import re

from pipeline.narrative.figures.recorder import FigureRecorder
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.subject_bounds import core_words
from pipeline.narrative.text.subject_names import year_named
from schemas.columns import PERFORMANCE_PARTS
from schemas.vocabulary.narrative import either, read_subject, word_value
from schemas.vocabulary.phrases import WordPattern

_TARGETS_SET = WordPattern(lambda: either("targets_set"))
_PROJECTS = (
    re.compile(r"(?<!\d)(?P<n>\d{1,6})个[^,;。:\d]{0,16}?(?:项目|政策)"),
    re.compile(r"项目(?:支出)?(?:绩效目标)?(?:共计|共有|共|有|为|数量|总数|数){0,3}(?P<n>\d{1,6})个"),
)
_OF_LEVEL = (
    r"(?:[一二]级(?:预算)?项目(?:支出)?(?:共计|共有|共|有|为)?\d{1,6}个|(?<!\d)\d{1,6}个[一二]级(?:预算)?项目)"  # 一级 are groups of 二级
)
_OF_ONE_LEVEL = re.compile(_OF_LEVEL)
_BY_LEVEL = WordPattern(
    lambda: (
        rf"(?:(?<=[,:(])|(?<=自评)|(?<=评价)|(?<=项目))(?:其中|包括|涉及)[,:]?(?P<counts>{_OF_LEVEL}(?:[,、和及]{_OF_LEVEL})?)"
        rf"(?=$|[;。]|[,、]?(?:共计|共)?{either('concerned')})"
    )
)
_BY_ITSELF = WordPattern(lambda: rf"(?:^|[,:、和及(]|(?:{either('carries_out')}[了的]?|项目|[以按])(?:绩效)?|[本我])$")
"""Before 部门评价: what the body itself does; 人大部门, 第三方部门 and what 报送部门评价 are others."""
_NOT_DONE = WordPattern(lambda: rf"(?:未|没有)[^,;。]{{0,4}}?{either('carries_out')}[^,;。]{{0,6}}?{either('evaluated')}")
_ITSELF = "department_evaluated"
_LEVEL = re.compile(r"(?P<first>一级)|二级")
_LEVEL_BEFORE = re.compile(r"(?:(?P<first>一级)|二级)(?:预算)?项目(?:支出)?(?:共计|共有|共|有|为)?$")
_LEVEL_BEHIND = re.compile(r"个(?:(?P<first>一级)|二级)(?:预算)?项目")
_DIGITS = re.compile(r"(?P<n>\d{1,6})个")
_LEVELS = ("first_level", "second_level")
_SHOWN = WordPattern(lambda: either("shown"))
_CLAUSE_MARKS = ",:"
_BESIDE = ("、", "和", "及", "与")
_OF_EVALUATION = WordPattern(lambda: either("evaluated"))
_MARK = WordPattern(lambda: rf"{either('mark')}(?:[为是达:]|达到){{0,2}}(?:\d{{1,3}}(?:\.\d{{1,4}})?)分(?!为|[钟类别])")
_GRADED = WordPattern(
    lambda: (
        rf"{either('grade_of')}[为是达:]{{0,2}}[\"']?{either('grade')}[\"']?的?(?:项目|政策)?(?:共有|共|有)?\d{{1,6}}个(?:项目|政策)?"
        rf"|(?<!\d)\d{{1,6}}个(?:项目|政策)?(?:的|绩效|评价){{0,3}}{either('grade_of')}[为是达:]{{0,2}}[\"']?{either('grade')}(?![^,;。、)\"'])"
        rf"|{either('found')}[^,;。\d]{{0,8}}?问题(?:共计|共有|共)?\d{{1,6}}[个项条]|{either('found')}(?:了|各类)?\d{{1,6}}[个项条]问题"
        rf"|{either('put_right')}的?(?:问题)?(?:共计|共有|共|有)?\d{{1,6}}[个项条]"
    )
)
RESULT_OF_EVALUATION = "a count of what an evaluation graded or found: no figure is one"
_YEAR_BEFORE = WordPattern(lambda: either("year_before"))
_MONEY_CONCERNED = WordPattern(
    lambda: rf"(?:{either('concerned')}(?P<words>[^,;。\d]{{0,24}}?)|(?<=\d个),资金(?:总额|共计|合计|共|为)?)(?=\d)"
)
_NEXT_PART = re.compile(r"[,、和]?(?P<of_which>其中[:,]?)?(?P<words>[^,;。:\d]{2,24}?)(?=\d)")
_WHOLE = WordPattern(lambda: either("whole_targets"))
_OF_PROJECTS = "project"  # 项目支出: of projects it is all that they spend
NOT_ALL = "a count of projects that need not be all"
SEVERAL_DONE = "a count of projects of which several things are said to be done"


class PerformanceReader:
    """Reads what sentences on performance state."""

    def __init__(self, figures: FigureRecorder) -> None:
        """Start; `figures` records them."""
        self._figures = figures

    def read(self, sentence: str, offset: int) -> None:
        """Record how many projects have targets, and the money of these projects, or else of the department's whole spending."""
        overall = None
        for part in re.finditer(r"[^;]+", sentence):
            text, at = part[0], offset + part.start()
            head = text.partition("其中")[0]
            if "目标" not in head:
                self._evaluated(text, head, at)
            if not _TARGETS_SET.search(text) or (_OF_EVALUATION.search(head) and "目标" not in head):
                continue
            counts = [m for pattern in _PROJECTS for m in pattern.finditer(head)]
            if counts:
                self._count(sorted(counts, key=lambda m: m.start()), head, at)
            if _WHOLE.search(head):
                overall = overall or (text, at)
                continue
            self._money_concerned("performance_amount", text if counts else head, at)
        if overall is not None:
            known = "performance_amount" in self._figures.ledger.figures
            self._money_concerned("performance_amount_overall" if known else "performance_amount", *overall)

    def _count(self, counts: list[re.Match[str]], head: str, offset: int) -> None:
        """Record how many projects have targets; of projects of several kinds, which no words add up, none."""
        levels = {count.start("n"): (_level_of(count), count) for count in counts}
        if any(level for level, _ in levels.values()):
            self._count_of_levels([*levels.values()], head, offset)
            return
        first, *more = counts
        if any(head[first.end() :].startswith(_BESIDE) and m.start("n") > first.end() for m in more):
            self._figures.remark(head[first.start() : more[-1].end()], offset + first.start(), "one of several counts of projects")
            return
        self._figures.record("performance_projects", first, "n", offset=offset)

    def _count_of_levels(self, counts: list[tuple[str | None, re.Match[str]]], head: str, offset: int) -> None:
        """Record how many projects of a level have targets: those of the first are groups of others, and no count of all."""
        levels = [level for level, _ in counts if level]
        whole = [int(count["n"]) for level, count in counts if not level]
        parts = [int(count["n"]) for level, count in counts if level]
        if len(set(levels)) != len(levels) or any(number not in (*parts, sum(parts)) for number in whole) or len(whole) > 1:
            begin, end = counts[0][1].start(), counts[-1][1].end()
            self._figures.remark(head[begin:end], offset + begin, "one of several counts of projects")
            return
        for level, count in counts:
            self._figures.record(f"performance_{level}_projects" if level else "performance_projects", count, "n", offset=offset)

    def _evaluated(self, text: str, head: str, offset: int) -> None:
        """Record how many projects were tracked, or evaluated by those who run them, and their money; nothing where both are said.

        Args:
            text: of a part of a sentence, folded.
            head: of it before 其中.
            offset: of it in the paragraph.
        """
        shown = _SHOWN.search(head)
        if shown is not None:  # …涉及金额356万元，自评结果随决算公开: what was counted before is no result
            head = text = head[: max(head.rfind(mark, 0, shown.start()) for mark in _CLAUSE_MARKS) + 1]
        said = [(kind, word) for word in _OF_EVALUATION.finditer(head) if (kind := word_value("evaluated", word[0]))]
        kinds = {kind for kind, word in said if kind != _ITSELF or _BY_ITSELF.search(head[: word.start()])}
        if _YEAR_BEFORE.search(head) or self._figures.is_other(year_named(head)):
            return
        if not said:  # 拟对3个项目开展重点绩效评价: by whom is not said
            counts = {m.start("n"): m for pattern in _PROJECTS for m in pattern.finditer(head)} if _OF_EVALUATION.search(head) else {}
            for count in counts.values():
                self._figures.remark(count[0], offset + count.start(), NOT_ALL)
            return
        by_level = _BY_LEVEL.search(text)
        end = min(len(head), by_level.start()) if by_level else len(head)
        counts = {m.start("n"): m for pattern in _PROJECTS for m in pattern.finditer(head, 0, end)}
        not_done = _NOT_DONE.search(head) is not None
        if len(kinds) != 1 or len(counts) > 1 or not_done:
            for count in counts.values():
                self._figures.remark(count[0], offset + count.start(), SEVERAL_DONE if len(kinds) > 1 else NOT_ALL)
        if len(kinds) != 1 or not_done:
            return
        (kind,) = kinds
        for count in counts.values() if len(counts) == 1 else ():
            self._figures.record(f"performance_{kind}_projects", count, "n", offset=offset)
        for some in _OF_ONE_LEVEL.finditer(text, len(head)) if by_level is None else ():
            self._figures.remark(some[0], offset + some.start(), NOT_ALL)
        if by_level and len(counts) <= 1:
            self._by_level(f"performance_{kind}", by_level, [int(count["n"]) for count in counts.values()], offset)
        self._money_concerned(f"performance_{kind}_amount", text, offset)

    def _by_level(self, indicator: str, said: re.Match[str], known: list[int], offset: int) -> None:
        """Record how many projects of the first level, and of the second that make them up, a list counts; not where it is of some of them.

        Args:
            indicator: the beginning of the indicators.
            said: the list.
            known: how many projects the words before it count.
            offset: of the text in the paragraph.
        """
        levels = [_LEVELS[0 if m["first"] else 1] for m in _LEVEL.finditer(said["counts"])]
        counts = [*_DIGITS.finditer(said.string, *said.span("counts"))]
        numbers = [int(count["n"]) for count in counts]
        if len(set(levels)) != len(counts) or (known and known[0] not in (*numbers, sum(numbers))):
            self._figures.remark(said[0], offset + said.start(), NOT_ALL)
            return
        for level, count in zip(levels, counts, strict=True):
            self._figures.record(f"{indicator}_{level}_projects", count, "n", offset=offset)

    def marks(self, text: str, offset: int) -> None:
        """Tell the marks that evaluations gave, how many projects have which grade, and what was found and put right: no figure is one.

        Args:
            text: of a part of a sentence, folded.
            offset: of it in the paragraph.
        """
        for said in _MARK.finditer(text):
            self._figures.remark(said[0], offset + said.start(), "a mark of an evaluation: no figure is one")
        for said in _GRADED.finditer(text):
            self._figures.remark(said[0], offset + said.start(), RESULT_OF_EVALUATION)

    def _money_concerned(self, indicator: str, text: str, offset: int) -> None:
        """Record the money that targets concern; of money that is given fund by fund, also each fund's."""
        found = ((m, MONEY.match(text, m.end())) for m in _MONEY_CONCERNED.finditer(text))
        match, money, value = next(((m, money, v) for m, money in found if money and (v := amount_of(money))), (None, None, None))
        if match is None or money is None or value is None:
            return
        named = _part_named(match["words"] or "")
        if named not in (None, *PERFORMANCE_PARTS):
            return  # of a fund or nature that no indicator names: told as a number that is in no table
        first = self._figures.place(offset + money.start(), value.text)
        parts = [(named, value, first)] if named else []
        at = money.end()
        while more := _NEXT_PART.match(text, at):
            money = MONEY.match(text, more.end())
            other, part = amount_of(money), _part_named(more["words"])
            if money is None or other is None or part not in PERFORMANCE_PARTS or not (named or more["of_which"] or parts):
                break
            parts.append((part, other, self._figures.place(offset + money.start(), other.text)))
            at = money.end()
        self._figures.unread.mark(offset + match.start(), offset + at)
        if named is None or [part for part, *_ in parts] == [_OF_PROJECTS]:  # one fund need not be all that there is
            self._figures.ledger.figure(indicator, value.yuan, "yuan", value, first)
        for part, money_of, place in parts:
            self._figures.ledger.figure(f"{indicator}_{part}", money_of.yuan, "yuan", money_of, place)


def _level_of(count: re.Match[str]) -> str | None:
    """Return the level of the projects that a count is of (一级项目5个, 5个一级项目), if it is of one."""
    level = _LEVEL_BEFORE.search(count.string, 0, count.start("n")) or _LEVEL_BEHIND.match(count.string, count.end("n"))
    return _LEVELS[0 if level["first"] else 1] if level else None


def _part_named(said: str) -> str | None:
    """Return the fund or nature whose money words name; None for money of all."""
    subject = read_subject(core_words(said))
    return (subject.fund or subject.nature) if subject is not None and subject.kind in ("fund", "nature") else None
