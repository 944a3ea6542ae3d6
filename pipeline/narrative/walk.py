"""The walk through the narrative: sentence by sentence, with what was said before in mind, to budget lines and changes.

Belongs here: the state between clauses (section, subject, the total being split) and the decision to publish or hold back.
Does not belong here: how a subject, a heading or a clause is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.amounts import to_yuan
from pipeline.codes.book import CodeBook
from pipeline.narrative.claims import Change, Narrative, Number, Share, Target
from pipeline.narrative.clauses import MONEY, Changed, Clause, clauses, number, read_change, read_share, reason_at, usage_at
from pipeline.narrative.flow import Paragraph
from pipeline.narrative.sections import Headings, Section, read_heading, split_heading, statement_of
from pipeline.narrative.subjects import Meaning, Subjects, core
from pipeline.statements.line import Line

_THREE_PUBLIC_LEVELS = {"total": 0, "with_meetings_training": 0, "vehicle_purchase": 2, "vehicle_operation": 2}
_FUNDS_OF_APPROPRIATION = ("general_public", "government_fund", "state_capital")
_MARKED_PATH = re.compile(r"\((?:类|款|项)\)")
_SCOPE = re.compile(r"如下|以下|主要内容|按.{0,12}分类")
_SENTENCE = "。;"


@dataclass(slots=True)
class _Said:
    """What the sentences so far have said and the next may refer to."""

    last: list[Target]
    meaning: Meaning | None = None
    pending: Meaning | None = None
    whole: Target | None = None
    flow: str = ""
    changes: list[Change] | None = None
    basis: tuple[str, Number | None, str] | None = None
    skip: bool = False


class Walk:
    """Reads paragraphs in order into one `Narrative`."""

    def __init__(self, book: CodeBook, fiscal_year: int | None, final: bool) -> None:
        """Prepare for one document.

        Args:
            book: the code book.
            fiscal_year: of the document; None if unknown.
            final: whether the document is a final account.
        """
        self.narrative = Narrative()
        self._subjects = Subjects(book, fiscal_year)
        self._book = book
        self._year = fiscal_year
        self._final = final
        self._headings = Headings()
        self._said = _Said([])
        self._outer: list[_Said] = []
        self._path: dict[int, str] = {}
        self._known: dict[tuple[object, ...], Target] = {}
        self._named: dict[tuple[str, str, str, str, str | None], list[Target]] = {}
        self._owner: str | None = None
        self._three_public_fund = "fiscal_appropriation"
        self.figures: dict[str, Target] = {}

    @property
    def section(self) -> Section:
        return self._headings.section

    def paragraph(self, paragraph: Paragraph) -> None:
        """Read one paragraph."""
        start, level = split_heading(paragraph)
        if start and level is not None:
            self._heading(paragraph, start, level)
        if start == len(paragraph.folded) or self.section.topic == "other":
            return
        if start or not self._goes_on(paragraph.folded):
            self._said = _Said(self._said.last if not start else [], pending=self._said.pending, whole=self._said.whole, flow=self._said.flow)
        self._outer.clear()
        parts = clauses(paragraph.text, paragraph.folded, start)
        for place, clause in enumerate(parts):
            self._enter(paragraph, parts, place, clause)

    def _goes_on(self, folded: str) -> bool:
        return read_change(folded[:40]) is not None and folded[0] in "与比较同和"

    def _heading(self, paragraph: Paragraph, end: int, level: int) -> None:
        printed, folded = paragraph.text[:end], paragraph.folded[:end]
        before = self.section
        self._headings.open(level, folded)
        if self.section.topic == "three_public" and before.topic != "three_public":
            self._three_public_fund = "general_public" if self.section.fund == "general_public" else "fiscal_appropriation"
        bare = folded.rstrip("。:")
        meaning = self._subjects.read(printed[: len(bare)], bare, self._economic())
        self._said = _Said([], pending=meaning if meaning and meaning.kind != "bare" else None)
        if level <= 2 and not _MARKED_PATH.search(folded):
            self._path = {}
        if meaning and meaning.path and _MARKED_PATH.search(folded):
            self._remember(meaning)

    def _remember(self, meaning: Meaning) -> None:
        first = meaning.path[0][0]
        self._path = {k: v for k, v in self._path.items() if k < first} | dict(meaning.path)

    def _economic(self) -> str | None:
        section = self.section
        if section.scheme and "economic" in section.scheme:
            return section.scheme
        if section.scheme is None and section.aspect == "basic":
            return "department_economic"
        return None

    def _enter(self, paragraph: Paragraph, parts: list[Clause], place: int, clause: Clause) -> None:
        self._clause(paragraph, parts, place, clause)
        if clause.stop == "(":
            self._outer.append(replace(self._said, last=list(self._said.last)))
        elif clause.stop == ")" and self._outer:
            self._said = self._outer.pop()
        elif clause.stop in _SENTENCE:
            self._said.skip = False
            self._said.basis = None
            if clause.stop == "。":
                self._said.changes = self._said.changes if self._next_is_reason(paragraph, clause) else None

    @staticmethod
    def _next_is_reason(paragraph: Paragraph, clause: Clause) -> bool:
        return reason_at(paragraph.folded[clause.end + 1 : clause.end + 20]) is not None

    def _clause(self, paragraph: Paragraph, parts: list[Clause], place: int, clause: Clause) -> None:
        if self._said.skip or clause.start == clause.end:
            return
        text = paragraph.folded[clause.start : clause.end]
        at = 0
        while at < len(text):
            if text[at] in ",、和及且":
                at += 1
                continue
            rest = text[at:]
            reason = reason_at(rest)
            if reason:
                self._reason(paragraph, parts, place, clause.start + at + reason.end())
                return
            usage = usage_at(rest)
            if usage:
                if not _SCOPE.search(rest):
                    self._said.skip = clause.stop not in _SENTENCE
                return
            share = read_share(text, at)
            if share:
                self._share(*share[:2])
                at = share[2]
                continue
            at = self._step(paragraph, clause, text, at)

    def _step(self, paragraph: Paragraph, clause: Clause, text: str, at: int) -> int:
        """Read one change or one amount from `at` on; return where to go on."""
        money = next((m for m in MONEY.finditer(text, at)), None)
        changed = read_change(text, at, self._said.basis is not None)
        if changed and (money is None or not self._amount_first(text, at, money)):
            self._change(paragraph, clause, text, at, changed)
            return max(changed.end, at + 1)
        if money is None:
            self._subject_alone(paragraph, clause, at)
            return len(text)
        subject = slice(clause.start + at, clause.start + money.start())
        if money["tail"] or money["unit"] in ("亿元", "千元"):
            self._hold(paragraph, clause, "an amount of a kind that is not published" if not money["tail"] else "")
            return money.end()
        rest = text[money.end() :]
        if rest and not re.match(r"[(、,和及]|与|比|较|同|占|增|减|下降|上升|主要|用于|其中|。|;", rest):
            self._hold(paragraph, clause, "words after the amount that are not understood")
            return len(text)
        self._amount(paragraph, clause, subject, number(money, money["unit"]), clause.start + money.start())
        return money.end() + self._aside(rest)

    @staticmethod
    def _aside(rest: str) -> int:
        match = re.match(r"\([^()]*\)", rest)
        return match.end() if match else 0

    @staticmethod
    def _amount_first(text: str, at: int, money: re.Match[str]) -> bool:
        """Tell whether the first amount of the clause stands before any comparison or verb of change."""
        changed = read_change(text[: money.start()], at, True)
        return changed is None

    def _subject_alone(self, paragraph: Paragraph, clause: Clause, at: int) -> None:
        start = clause.start + at
        printed, folded = paragraph.text[start : clause.end], paragraph.folded[start : clause.end]
        if clause.stop in ":。" and _SCOPE.search(folded) and read_heading(folded).topic == "budget" and len(folded) < 60:
            self._headings.narrow(folded)
            return
        if "按" in folded and read_heading(folded).scheme:
            self._headings.narrow(folded)
            return
        if clause.stop not in "。,:(" or len(folded) > 110:
            return
        meaning = self._subjects.read(printed, folded, self._economic())
        if meaning and meaning.kind in ("code", "three_public", "nature") and meaning.owner == "":
            self._said.pending = meaning
            if meaning.path and _MARKED_PATH.search(folded):
                self._remember(meaning)

    def _hold(self, paragraph: Paragraph, clause: Clause, reason: str) -> None:
        if reason and self.section.topic in (None, "budget", "three_public"):
            self.narrative.held_back.append((paragraph.text[clause.start : clause.end], reason))

    # -- amounts -----------------------------------------------------------------------------------------------------

    def _amount(self, paragraph: Paragraph, clause: Clause, subject: slice, value: Number, offset: int) -> None:
        printed, folded = paragraph.text[subject], paragraph.folded[subject]
        meaning = self._subjects.read(printed, folded, self._economic())
        if meaning is None:
            self._said.last, self._said.meaning, self._said.pending = [], None, None
            self._hold(paragraph, clause, "a subject that is not known")
            return
        if meaning.year is not None and self._year is not None and meaning.year != self._year:
            return
        if "执行数" in meaning.words:
            return
        measure = self._measure(meaning)
        if measure is None:
            self._hold(paragraph, clause, "an amount of another measure")
            return
        resolved = self._refer(meaning, value)
        if resolved is None:
            self._hold(paragraph, clause, "an amount without a subject of its own")
            return
        if resolved.kind == "figure":
            self._figure(paragraph, clause, resolved, value)
            return
        if self.section.topic not in (None, "budget", "three_public"):
            return
        reason = self._publish(paragraph, resolved, value, measure, offset)
        if reason:
            self._said.last, self._said.meaning, self._said.pending = [], None, None
            self._hold(paragraph, clause, reason)

    def _measure(self, meaning: Meaning) -> str | None:
        said = meaning.words
        if not self._final:
            return None if "决算" in said else "budget"
        if "决算" in said:
            return "final"
        if "全年预算" in said or "调整预算" in said:
            return "adjusted_budget"
        return "budget" if "预算" in core_free(said) else "final"

    def _refer(self, meaning: Meaning, value: Number) -> Meaning | None:
        """Return the meaning of an amount whose own words may only say 预算数 or, in a final account, 支出决算."""
        said = self._said
        elliptic = meaning.kind == "bare" or (self._final and meaning.kind == "total" and not meaning.owner and "决算" in meaning.words)
        if elliptic and said.pending is not None:
            return said.pending
        if elliptic and said.meaning is not None and (self._final or self._repeats(value)):
            return said.meaning
        return None if meaning.kind == "bare" else meaning

    def _repeats(self, value: Number) -> bool:
        return any(t.number.value == value.value and t.number.unit == value.unit for t in self._said.last)

    def _publish(self, paragraph: Paragraph, meaning: Meaning, value: Number, measure: str, offset: int) -> str | None:
        """Publish the amount as one line or two; return the reason if it has to be held back."""
        section = self.section
        if section.unit:
            return "an amount of one unit of the department"
        if not self._same_owner(meaning.owner):
            return "an amount of another body"
        if (meaning.kind == "three_public") != (section.topic == "three_public"):
            return "a subject that does not belong to its section"
        flows = ("revenue", "expenditure") if meaning.flow == "both" else (meaning.flow or self._flow(),)
        if flows == ("",):
            return "neither said to be revenue nor expenditure"
        lines = []
        for flow in flows:
            line = self._line(meaning, flow, measure)
            if isinstance(line, str):
                return line
            lines.append(line)
        targets: list[Target] = []
        for line in lines:
            line.amount = to_yuan(value.value, value.unit)
            line.amount_text, line.unit_text = value.text, value.unit
            target = self._add(paragraph, line, meaning, value, offset)
            if target is None:
                return "contradicts an earlier sentence"
            targets.append(target)
        self._after(meaning, lines, targets)
        return None

    def _same_owner(self, owner: str) -> bool:
        if not owner:
            return True
        if self._owner is None:
            self._owner = owner
        plain = re.sub(r"\(.*?\)|部门$|单位$", "", owner)
        known = re.sub(r"\(.*?\)|部门$|单位$", "", self._owner)
        return plain in known or known in plain

    def _flow(self) -> str:
        if self._said.flow:
            return self._said.flow
        aspect = self.section.aspect
        return {"revenue": "revenue", "expenditure": "expenditure", "basic": "expenditure", "project": "expenditure"}.get(aspect or "", "")

    def _line(self, meaning: Meaning, flow: str, measure: str) -> Line | str:
        if meaning.kind == "three_public":
            return self._three_public(meaning, measure)
        if meaning.kind == "code":
            return self._coded(meaning, measure)
        section = self.section
        fund = meaning.fund or section.fund or "total"
        if section.fund and meaning.fund and meaning.fund != section.fund:
            if section.fund != "fiscal_appropriation" or not (meaning.fund in _FUNDS_OF_APPROPRIATION or meaning.fund.startswith("carryover")):
                return "a fund that does not belong to its section"
        if section.fund and meaning.kind == "fund" and flow == "revenue" and fund == "total":
            return "a fund that does not belong to its section"
        nature = "total" if flow == "revenue" else meaning.nature or section.nature or "total"
        own = meaning.fund if meaning.fund in ("fiscal_appropriation", *_FUNDS_OF_APPROPRIATION) else None
        level = 0
        if flow == "revenue" and meaning.kind == "fund" and fund != section.fund:
            level = 2 if fund in _FUNDS_OF_APPROPRIATION and section.fund is None and self._has_appropriation() else 1
        scheme = "revenue_item" if flow == "revenue" else "function"
        statement = statement_of(section, flow, own, level, scheme)
        if statement is None:
            return "a statement that cannot be told"
        if statement.endswith("basic_by_economic"):
            scheme = "department_economic"
            if nature not in ("basic", "basic_personnel", "basic_operating"):
                return "a nature that does not belong to its section"
        return _blank(statement, flow, scheme, level, meaning.name, fund, nature, measure)

    def _has_appropriation(self) -> bool:
        return any(
            line.flow == "revenue" and line.fund == "fiscal_appropriation" and line.statement == "revenue_expenditure_summary"
            for line in self.narrative.lines
        )

    def _three_public(self, meaning: Meaning, measure: str) -> Line | str:
        if meaning.code in ("total", "with_meetings_training"):
            if "一般公共" in meaning.words:
                self._three_public_fund = "general_public"
        level = _THREE_PUBLIC_LEVELS.get(meaning.code or "", 1)
        line = _blank("three_public", "expenditure", "three_public", level, meaning.name, self._three_public_fund, "total", measure)
        line.code = meaning.code
        return line

    def _coded(self, meaning: Meaning, measure: str) -> Line | str:
        section = self.section
        if section.topic != "budget":
            return "a classification outside the sections on the budget"
        if section.aspect == "revenue" and not section.within_both:
            return "a classification in a section on revenue"
        code, source, path = meaning.code, meaning.code_source, meaning.path
        if meaning.code is None:
            first = path[0][0]
            path = tuple(sorted((k, v) for k, v in self._path.items() if k < first)) + path
            code, source = self._subjects.resolve(path), "name"
            if code is None and not all(self._subjects.resolve(path[: i + 1]) for i in range(len(path) - 1)):
                return "a classification that is not known"
            if code is None and (path[0][0] != 1 or len(path) == 1):
                return "a classification that is not known"
        fund = section.fund or "total"
        statement = statement_of(section, "expenditure", None, meaning.level, meaning.scheme)
        if statement is None:
            return "a statement that cannot be told"
        if statement.endswith("by_function") != (meaning.scheme == "function") and statement.startswith(("general", "fiscal")) and not statement.endswith("summary"):
            return "a classification that does not belong to its section"
        nature = section.nature or "total"
        within = self._said.meaning
        if within and within.kind == "nature" and self._said.whole is None and within.nature != nature:
            return "a split of a part"
        line = _blank(statement, "expenditure", meaning.scheme, meaning.level, meaning.name, fund, nature, measure)
        line.code, line.code_source = code, source if code else None
        line.standard_name = self._book.standard_name(meaning.scheme, code, self._year) if code else None
        if meaning.path and _MARKED_PATH.search("(类)"):
            self._remember(replace(meaning, path=path))
        return line

    def _add(self, paragraph: Paragraph, line: Line, meaning: Meaning, value: Number, offset: int) -> Target | None:
        which = line.code or (line.name if line.scheme == "function" and line.level else "")
        key = (line.statement, line.flow, line.scheme, which, line.level, line.fund, line.nature, line.measure, meaning.kind == "current")
        known = self._known.get(key)
        if known is not None and known.line is not None:
            return known if _agree(known.number, value) else None
        place = paragraph.place(offset)
        line.page = place.page
        if place.box:
            line.x0, line.y0, line.x1, line.y1 = place.box
        self.narrative.lines.append(line)
        line.row = len(self.narrative.lines)
        target = Target(value, line=line.row - 1)
        self._known[key] = target
        return target

    def _after(self, meaning: Meaning, lines: list[Line], targets: list[Target]) -> None:
        said = self._said
        said.last, said.meaning, said.pending, said.changes, said.basis = targets, meaning, None, None, None
        self._named[_name_key(meaning)] = targets
        if meaning.kind in ("total", "current") or (meaning.kind == "fund" and lines[0].level == 0) or meaning.code == "total" or (
            meaning.kind == "nature" and self.section.aspect in ("basic", "project") and meaning.nature == self.section.nature
        ):
            said.whole = targets[0]
            said.flow = lines[0].flow if len(lines) == 1 else ""

    def _figure(self, paragraph: Paragraph, clause: Clause, meaning: Meaning, value: Number) -> None:
        indicator = meaning.code or ""
        if self.section.topic in ("three_public", "project", "other") or self.section.unit:
            return
        if indicator in ("procurement_goods", "procurement_works", "procurement_services") and "procurement_total" not in self.figures:
            return
        target = self.add_figure(indicator, to_yuan(value.value, value.unit), "yuan", value)
        if target is None:
            self.narrative.held_back.append((paragraph.text[clause.start : clause.end], "contradicts an earlier sentence"))
            self._said.last, self._said.meaning = [], None
            return
        self._said.last, self._said.meaning, self._said.pending, self._said.changes = [target], meaning, None, None
        self._named[_name_key(meaning)] = [target]

    def add_figure(self, indicator: str, value: Decimal, unit: str, printed: Number) -> Target | None:
        """Record a key figure; return its target, or None where an earlier sentence gives the indicator another value."""
        known = self.figures.get(indicator)
        if known is not None:
            return known if _agree(known.number, printed) else None
        self.narrative.key_figures.append({"indicator": indicator, "value": value.quantize(Decimal("0.01")), "unit": unit})
        target = Target(printed, figure=len(self.narrative.key_figures) - 1)
        self.narrative.printed[indicator] = printed
        self.figures[indicator] = target
        return target

    # -- changes and shares --------------------------------------------------------------------------------------------

    def _share(self, whole: str, percent: Number) -> None:
        if not self._said.last:
            return
        of: Target | None = self._said.whole
        if whole:
            meaning = self._subjects.read(whole, whole, None)
            named = self._named.get(_name_key(meaning)) if meaning and meaning.kind not in ("bare", "code") else None
            of = named[0] if named else None
        part = self._said.last[-1]
        if of is not part:
            self.narrative.shares.append(Share(part, of, percent))

    def _change(self, paragraph: Paragraph, clause: Clause, text: str, at: int, changed: Changed) -> None:
        said = self._said
        if changed.basis is not None:
            if changed.year is not None and self._year is not None and changed.year != self._year - 1:
                said.basis, said.changes = None, None
                return
            said.basis = (changed.basis, changed.base, "")
            said.changes = None
        if changed.sign is None:
            if changed.subject and changed.basis is not None:
                said.basis = (changed.basis, changed.base, changed.subject)
            return
        if said.changes and changed.basis is None and not changed.subject:
            self._complete(paragraph, clause, changed)
            return
        if said.basis is None:
            return
        words = changed.subject or said.basis[2]
        targets = self._changing(words)
        if not targets:
            self._hold(paragraph, clause, "a change of something that is not known")
            return
        said.changes = [
            Change(t, said.basis[0], changed.sign, changed.amount, changed.percent, said.basis[1], changed.sign == 0) for t in targets
        ]
        self.narrative.changes.extend(said.changes)

    def _changing(self, words: str) -> list[Target]:
        """Return what a change is a change of, by the words that name it; by default the last amount."""
        words = words.strip(",")
        if not words or core(words) in ("", "数", "金额", "支出预算", "经费"):
            return self._said.last
        meaning = self._subjects.read(words, words, self._economic())
        if meaning is None:
            return []
        if meaning.kind == "bare":
            return self._said.last
        same = self._said.meaning
        if same and _name_key(same) == _name_key(meaning):
            return self._said.last
        if meaning.owner and not self._same_owner(meaning.owner):
            return []
        return self._named.get(_name_key(meaning), [])

    def _complete(self, paragraph: Paragraph, clause: Clause, changed: Changed) -> None:
        """Add the percentage (or the word 持平) to the change that the sentence has begun."""
        for change in self._said.changes or ():
            if changed.sign == 0:
                change.flat = True
            elif change.sign not in (0, changed.sign) and not _zero(change):
                self._hold(paragraph, clause, "a change that contradicts itself")
            elif changed.percent is not None and change.percent is None:
                change.percent, change.sign = changed.percent, changed.sign or 0
            elif changed.amount is not None and change.amount is None:
                change.amount, change.sign = changed.amount, changed.sign or 0

    def _reason(self, paragraph: Paragraph, parts: list[Clause], place: int, start: int) -> None:
        end = next((c.end for c in parts[place:] if c.stop in _SENTENCE or c.stop == ")"), len(paragraph.text))
        reason = paragraph.text[start:end].strip("：:，,。；")
        for change in self._said.changes or ():
            if change.reason is None and reason:
                change.reason = reason
        self._said.skip = parts[place].stop not in _SENTENCE


def core_free(words: str) -> str:
    """Return a subject's words without the names that contain 预算 by themselves (一般公共预算 and the like)."""
    return re.sub(r"一般公共(?:财政)?预算|公共财政预算|政府性基金预算|国有资本经营预算|预算单位", "", words)


def _blank(statement: str, flow: str, scheme: str, level: int, name: str, fund: str, nature: str, measure: str) -> Line:
    return Line(
        statement=statement, statement_no=0, source="narrative", flow=flow, scheme=scheme, level=level, name=name, fund=fund,
        nature=nature, amount=Decimal(0), amount_text="", unit_text="", row=0, column=1, measure=measure,
    )  # fmt: skip


def _name_key(meaning: Meaning) -> tuple[str, str, str, str, str | None]:
    name = "/".join(n for _, n in meaning.path) if meaning.kind == "code" and meaning.code is None else ""
    return (meaning.kind, meaning.flow, meaning.fund, meaning.nature, meaning.code or name)


def _agree(known: Number, said: Number) -> bool:
    """Tell whether two printed numbers may be the same amount, each at its own precision."""
    if known.unit == said.unit and known.value == said.value:
        return True
    if known.unit == "%" or said.unit == "%" or "count" in (known.unit, said.unit):
        return False
    a, b = to_yuan(known.value, known.unit), to_yuan(said.value, said.unit)
    steps = [Decimal(10) ** -n.decimals * (10000 if n.unit == "万元" else 1) for n in (known, said)]
    return abs(a - b) <= max(steps) / 2


def _zero(change: Change) -> bool:
    return (change.amount is not None and change.amount.value == 0) or (change.percent is not None and change.percent.value == 0)
