"""What counts are of: units of a department by kind; in sections on 三公, meetings and training journeys, visits, vehicles and people.

Belongs here: one count by its words. Does not belong here: finding counts (`key_figures.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import either, word_value
from schemas.vocabulary.phrases import WordPattern, any_of

_ASIDES = re.compile(r"\([^()]*\)")
_PART_OF_THREE_PUBLIC = WordPattern(lambda: either("counted_part"))
_GROUPS = WordPattern(lambda: either("groups"))
_COUNTED_PEOPLE = WordPattern(lambda: either("counted_people"))
_AFTER_A_COUNT = WordPattern(
    lambda: rf"(?:\d(?:人次|批次|[辆台人批个次])(?:团组|批次)?|\(境\))(?:\([^()]*\))?[,;、和及]?{either('count_lead')}*$"
)
_PARTICIPANTS = WordPattern(lambda: either("participants"))
_VEHICLE_STATES = {"purchased": WordPattern(lambda: either("buying")), "owned": WordPattern(lambda: either("owning"))}

_UNIT_KINDS = WordPattern(
    lambda: (
        rf"(?P<kind>{either('unit_kind')})(?:共计|共有|共|有|为)?(?P<n>\d{{1,6}})[家个]"
        rf"|(?<!\d)(?P<m>\d{{1,6}})[家个](?P<named>{either('unit_kind')})"
    )
)
_WHOSE = WordPattern(
    lambda: (
        rf"(?P<place>{any_of('identity_words.csv', 'whole_place')}|{either('place_at_large')})"
        rf"|(?P<own>(?:本|我){body_ending('self')}|{either('own_body')})|(?P<scope>{either('own_scope')})"
        rf"|(?P<system>{either('whole_system')})|(?P<task>{either('task')})"
    )
)
_PLACE_FIRST = WordPattern(lambda: rf"(?:从|据|就|在)?(?:{any_of('identity_words.csv', 'whole_place')}|{either('place_at_large')})")
_BODY_LAST = WordPattern(lambda: rf"(?:{body_ending('self')}|{either('own_body')})$")
_MAY_BE_OWN = WordPattern(lambda: rf"{either('system_word')}|{body_ending('self_year')}")
_BODY = WordPattern(lambda: body_ending("owner"))
_THE_BODY = "本部门"
_BODY_NAME_LAST = WordPattern(lambda: rf"{body_ending('name')}(?:\([^()]*\))?$")
_CLIENTS = WordPattern(lambda: rf"{either('of_clients')}.{{0,12}}$")
_TASK = WordPattern(lambda: either("task"))
_CLIENTS_OF_TASK = re.compile(r"[^的)有]{0,4}")
"""Between a task and the number of those whom it is done for (负责全部30家), and not the words of a longer name or phrase."""

_PARTS = WordPattern(lambda: either("parts"))
_ONE_OF_THEM = "之一"
_CLAUSE_MARKS = ",;。:"
_LONGEST_LEAD = 24  # characters between 其中 and the kind of units that it names: a number of them, a word or two
_PARTS_OR_END = WordPattern(lambda: rf"(?P<parts>{either('parts')})[^,、;)]{{0,{_LONGEST_LEAD}}}$|[);]")

_COUNT_OF_LIST = re.compile(r"(?:共计|共有|共)(?P<n>\d{1,4})[家个](?:基层|下属|所属|直属|二级|三级)?单位(?=[,;。]|$)")
_OPENS_LIST = re.compile(r"(?:包括|包含)[:,]?")
_OF_LIST = WordPattern(lambda: rf"\d{{4}}年|(?:本|我|该){body_ending('self')}|{either('own_body', 'of_units_list')}")
_NO_LIST = re.compile(r"[,;。:\d]")
_OFFICE_LAST = WordPattern(lambda: rf"{either('own_office')}$")

PARTICIPANTS = frozenset(("conference_participants", "training_participants"))
"""Indicators of those who take part in all meetings, or in all training."""


def indicator_of_count(words: str, counted: str, before: str) -> str | None:
    """Return the indicator of a count in a section on 三公, None where its words do not say what is counted.

    Args:
        words: of its clause.
        counted: the measure word behind it.
        before: everything before its clause, from the heading on: the part of 三公 that was named last.
    """
    named = list(_PART_OF_THREE_PUBLIC.finditer(_ASIDES.sub("", before) + words))
    part = word_value("counted_part", named[-1][0]) if named else None
    if counted in ("辆", "台"):
        state = next((s for s in ("purchased", "owned") if _VEHICLE_STATES[s].search(words)), None)
        return f"three_public_vehicles_{state}" if state else None
    people = counted in ("人", "人次")
    if (
        counted == "人"
        and part not in ("conference", "training")
        and not (_COUNTED_PEOPLE.search(words) or _AFTER_A_COUNT.search(before + words))
    ):
        return None  # staff of the body (在职人员25人), whatever part of 三公 the paragraph is on
    if part in ("conference", "training"):
        return f"{part}_participants" if people and _PARTICIPANTS.search(words) else None
    if part == "abroad":
        return "abroad_persons" if people else "abroad_groups" if _GROUPS.search(words) else None
    if part not in ("reception", "foreign_reception"):
        return None
    if not people and counted not in ("批", "批次") and not _GROUPS.search(words):
        return None
    return f"{part}_visitors" if people else f"{part}_batches"


def whose_units(sentence: str, start: int, end: int, department: str = "") -> str:
    """Return whose a count of units in a sentence is: `own`, `others`, or `unsure` (全系统 may be more than the body, 我市某局 is one).

    `全区共有预算单位30家`, `负责60家预算单位的会计核算`, `30家预算单位之一` are not what this body has.
    `全区改革后，本部门有预算单位3家` is, and `我局负责全市档案工作，共有预算单位3家`: the words of the count's own clause say it.

    Args:
        sentence: folded.
        start: offset of the count.
        end: behind it.
        department: whose document it is, folded; empty if unknown.
    """
    begin = max(sentence.rfind(mark, 0, start) for mark in _CLAUSE_MARKS) + 1
    after = next((at for at in range(end, len(sentence)) if sentence[at] in _CLAUSE_MARKS), len(sentence))
    clients = _CLIENTS.search(sentence, begin, start) is not None and _TASK.search(sentence, end, after) is not None
    if clients or sentence.startswith(_ONE_OF_THEM, end):
        return "others"
    while begin and _PARTS.match(sentence, begin):  # 其中 divides what the clause before it counts
        begin = max(sentence.rfind(mark, 0, begin - 1) for mark in _CLAUSE_MARKS) + 1
    before, clause = (text.replace(department, _THE_BODY) if department else text for text in (sentence[:begin], sentence[begin:start]))
    found = _of_clause(clause)
    if found is not None or not _WHOSE.search(before):
        return found or "own"
    kinds = [m.lastgroup for m in _WHOSE.finditer(before)]
    if "place" not in kinds:
        return "own"
    own = max((m.start() for m in _WHOSE.finditer(before) if m.lastgroup == "own"), default=-1)
    clauses = (at + 1 for at, char in enumerate(before) if char in _CLAUSE_MARKS)
    return "own" if own >= 0 and not any(at > own and _PLACE_FIRST.match(before, at) for at in clauses) else "unsure"


def _of_clause(clause: str) -> str | None:
    """Return whose a count is by the words before it in its clause; None where they do not say it."""
    named = list(_WHOSE.finditer(clause))
    if not named:
        return None
    kinds, last = [m.lastgroup for m in named], named[-1]
    if last.lastgroup == "own":
        return "own"
    if last.lastgroup == "task":
        return "others" if _CLIENTS_OF_TASK.fullmatch(clause, last.end()) else "unsure"
    if last.lastgroup == "place":
        return "unsure" if _MAY_BE_OWN.search(clause, last.end()) else "others"
    if last.lastgroup == "scope":  # 某市财政监督检查局下属 names a body, 负责全市所属 does not
        outer = next((m for m in reversed(named) if m.lastgroup != "scope"), None)
        if outer is None or outer.lastgroup in ("own", "system"):
            return "own"
        return "own" if outer.lastgroup == "task" and _BODY.search(clause, outer.end(), last.start()) else "unsure"
    return "own" if "own" in kinds or _BODY_LAST.search(clause[: last.start()]) else "unsure"


def listed_units(sentence: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield where a list of units begins in a sentence, folded, and the count behind it that proves it whole (`n`).

    It begins with the office itself: then it is of all that the office has.
    """
    for said in _COUNT_OF_LIST.finditer(sentence):
        begin = max((m.end() for m in _OPENS_LIST.finditer(sentence, 0, said.start())), default=said.start())
        names = _ASIDES.sub(lambda aside: aside[0].replace("、", ""), sentence[begin : said.start()]).split("、")
        is_list = len(names) == int(said["n"]) and _NO_LIST.search(sentence, begin, said.start()) is None
        if is_list and _OFFICE_LAST.search(names[0]) and all(_BODY_NAME_LAST.search(name) for name in names[1:]):
            yield begin, said


def opens_own_list(sentence: str, begin: int, department: str) -> bool:
    """Tell whether the words before a list of units say no more than that these are the body's: 责任单位包括…, 部门决算不包括… do.

    Args:
        sentence: folded.
        begin: of the list, behind 包括.
        department: whose document it is, folded; empty if unknown.
    """
    clauses = re.split(r"[,;。]", _OPENS_LIST.sub("", sentence[:begin]))
    lead = next((clause for clause in reversed(clauses) if clause), "")
    rest = _OF_LIST.sub("", _ASIDES.sub("", lead))
    return len(rest) != 1 and department.endswith(rest)


def may_be_of_others(sentence: str, department: str = "") -> bool:
    """Tell whether a sentence counts units by kind of what may be more than the body (`本系统现有行政单位1家`)."""
    return any(whose_units(sentence, *m.span(), department) == "unsure" for m in _UNIT_KINDS.finditer(sentence))


def kinds_of_units(sentence: str, department: str = "") -> dict[str, list[re.Match[str]]]:
    """Return the counts of a department's units in a sentence by kind, `administrative` and so on; group `n` or `m` of each is the number.

    Those of a whole place (全区共有行政单位30家) are not the department's; a kind behind 其中 is a part of the kind before it.

    Args:
        sentence: folded.
        department: whose document it is, folded; empty if unknown.
    """
    found: dict[str, list[re.Match[str]]] = {}
    if any(whose_units(sentence, *m.span(), department) != "own" for m in _UNIT_KINDS.finditer(sentence)):
        return found
    last, of_the_last = None, False
    for kind in _UNIT_KINDS.finditer(sentence):
        between = sentence[last.end() : kind.start()] if last is not None else ""
        for mark in _PARTS_OR_END.finditer(between):
            of_the_last = mark["parts"] is not None
        last = kind
        if not of_the_last:
            found.setdefault(word_value("unit_kind", kind["kind"] or kind["named"]), []).append(kind)
    return found
