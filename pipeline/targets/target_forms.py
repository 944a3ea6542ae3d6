"""Forms of one project or of a whole department: what stands above the header of their indicators.

Belongs here: labelled fields, and the name in the heading of a form that has no field for it. Does not belong here: the header and
the rows of indicators (`target_headers.py`, `target_tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.patterns import HAN, UNIT, UNIT_IN_BRACKETS, YEAR_DIGITS
from pipeline.targets.target_headers import Rows, column_of, is_money, names
from pipeline.targets.target_rows import AMOUNTS, WHOLE_DEPARTMENT, read_printed_money, target_words
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of, phrases

_WORDS = "performance_words.csv"
_LONGEST_NAME = 60  # characters: a longer text is a sentence
_SHARE = "fiscal_share"
_PART = "其中"
_BOTH = 2  # ends of a period
_ROWS_OF_HEAD = 3  # rows above a text among which the head of its column is looked for
_SPANS = ("period", "start", "end")
_LEAST_ROWS = 3  # labelled rows that make a whole form
_LEAST_LABELS = 2  # labelled fields that make a grid without a header the upper part of a form
_NUMBERING = re.compile(rf"(?:[(（]?[{HAN}\d]{{1,3}}[)）]|[{HAN}]{{1,3}}[、.．]|\d{{1,2}}[、.．](?!\d)|[①-⑳]|附?[件表]\d*[-—\d]*[:：]?)\s*")
_BEHIND = re.compile(r"\([^()]*\)$")
_YEAR = re.compile(rf"\(?{YEAR_DIGITS}年?度?\)?年?|年度")
_QUOTED = re.compile(r"[“\"《「『](?P<name>[^”\"》」』]{2,60})[”\"》」』]")
_IN_BRACKETS = re.compile(r"[(（](?P<name>[^()（）]{2,60})[)）]")
_GOAL = WordPattern(lambda: rf"{any_of(_WORDS, 'goal_word')}+{any_of(_WORDS, 'goal_end')}")
_ENDS_AS_NAME = WordPattern(lambda: rf"[^,。:;]{{2,40}}{any_of(_WORDS, 'project_end', 'name_end')}")
_LABEL_BEFORE = re.compile(r"(?P<label>(?:其中[:：])?[^:：]{2,16}[:：])(?P<value>.+)")
_UNIT = re.compile(UNIT)
_LABELLED = WordPattern(lambda: rf"{any_of(_WORDS, 'label_before_name')}[{HAN}\d]{{0,3}}:(?P<name>.+)")
_NO_NAME = WordPattern(lambda: any_of(_WORDS, "form_of_no_name", "form_kind"))
_BODY = WordPattern(lambda: body_ending("name") + "$")


def _names_nothing(folded: str) -> bool:
    """Tell whether a text is made of words that name no project."""
    return not _NO_NAME.sub("", folded)


def _names_body(folded: str) -> bool:
    """Tell whether a text says whose targets, not of which project: 某市档案馆部门预算."""
    return _BODY.search(folded) is not None or any(
        _BODY.search(folded[: match.start()]) is not None and _names_nothing(folded[match.start() :]) for match in _NO_NAME.finditer(folded)
    )


def _title(folded: str) -> tuple[str, str] | None:
    """Return what stands before the kind of form that a title names, and what stands behind it; None where it is no such title."""
    for word in phrases(_WORDS, "form_title"):
        before, found, behind = folded.rpartition(word)
        if found and (not behind or behind[0] in "(-—:"):
            kinds = phrases(_WORDS, "form_kind")
            while kind := next((kind for kind in kinds if before.endswith(kind)), None):
                before = before.removesuffix(kind)
            return before, behind.strip("()-—:")
    return None


def runs_of(row: Sequence[str]) -> Iterator[str]:
    """Yield the different texts of a row, each once."""
    previous = None
    for text in row:
        if text and text != previous:
            yield text
        previous = text


@lru_cache(maxsize=REMEMBERED)
def _bare(text: str) -> str:
    """Return a label without its colon, the words before it that make it a part, and what stands in brackets behind it."""
    folded = fold(text).rstrip(":").removeprefix("其中:")
    folded = re.sub(r"^(?:其中|[(]?\d[)]?[、.])", "", folded)
    return folded if folded in target_words("label") else _BEHIND.sub("", folded)


@lru_cache(maxsize=REMEMBERED)
def is_label(text: str) -> bool:
    """Tell whether a text is a label or the head of a column, and so no field's value."""
    return (
        column_of(text) != ""
        or target_words("lone_column").get(fold(text)) is not None
        or _bare(text) in target_words("label")
        or _bare(text) in target_words("other_label")
        or _heads_goal(text)
        or _GOAL.fullmatch(_bare(text)) is not None
    )


def _label_and_value(text: str) -> tuple[str, ...]:
    """Part a cell that holds a label of a form and its value: 年度资金总额：10.00."""
    found = _LABEL_BEFORE.fullmatch(text)
    return (found["label"], found["value"]) if found and _bare(found["label"]) in target_words("label") else (text,)


def fields_of(rows: Rows) -> dict[str, str]:
    """Return the labelled fields of a form: each label's text to the right of it, or under 年度总体目标 below it.

    Label and text may stand in one cell.
    An amount whose label, or the label of its whole row, says a unit gets that unit behind it. The two dates of a period are one text.
    """
    said = _labelled(rows)
    if "amount" in said and "fiscal_amount" not in said and (together := _together(_shares(rows), said)):
        said["fiscal_amount"] = together
    return said


def _labelled(rows: Rows) -> dict[str, str]:
    labels = target_words("label")
    said: dict[str, str] = {}
    goal = ("", -1)  # the label and the row of the goal read last
    of_year = False  # whether the amount is the second of its row, the year's: then its parts are the second of theirs
    for number, row in enumerate(rows):
        in_row: set[str] = set()
        distinct = [part for text in runs_of(row) for part in _label_and_value(text)]
        if sum(column_of(text) != "" for text in distinct) == len(distinct):
            continue  # a header
        unit = ""
        for place, text in enumerate(distinct[:-1]):
            bracket = UNIT_IN_BRACKETS.search(fold(text))
            unit = bracket[1] if bracket else unit
            label = _bare(text)
            name, value = labels.get(label) or _made_up(label), distinct[place + 1]
            if (
                not name
                or name == _SHARE
                or not value
                or _bare(value) in labels
                or _heads_goal(value)
                or _bare(value) in target_words("other_label")
                or (name == "goal" and fold(value) in target_words("achieved"))
            ):
                continue
            if name in AMOUNTS:
                printed = read_printed_money(value)
                yearly = label.startswith(tuple(target_words("year")))
                # 中期资金总额 900 | 年度资金总额 300
                beside = name in in_row or (yearly and any(map(read_printed_money, distinct[:place])))
                second = beside and ((name == "amount" and yearly) or of_year)
                in_row.add(name)
                if printed is None or (name in said and not second and not label.startswith(tuple(target_words("year")))):
                    continue
                of_year = second if name == "amount" else of_year
                behind = distinct[place + 2] if place + 2 < len(distinct) else ""
                value = value if printed[1] else value + (behind if _UNIT.fullmatch(behind) else unit)
            elif name == "goal" and goal == (label, number - 1) and _goes_on(rows, number, text, value):
                # the label's cell goes on beside the rest
                value = said[name] if value in said[name] else said[name] + value
            elif name != "project" and name in said and not (name == "goal" and _is_rather_yearly(label, goal[0])):
                continue
            goal = (label, number) if name == "goal" else goal
            said[name] = value
    for above, row in enumerate(rows[:-1]):  # 项目总目标 | 年度总体目标 over their texts
        if not all(_heads_goal(text) or _bare(text) in labels for text in runs_of(row)):
            continue
        for text, value in zip(row, rows[above + 1], strict=False):  # of another grid, it may have other columns
            if _heads_goal(text) and value not in (text, "") and (fold(text).startswith(tuple(target_words("year"))) or "goal" not in said):
                said["goal"] = value
    span = [said.pop(end) for end in ("start", "end") if end in said]
    if len(span) == _BOTH:
        said.setdefault("period", "—".join(span))
    return said


def _heads_goal(text: str) -> bool:
    """Tell whether a text is a label whose goal stands below it, with or without its years: 中期目标（2026年—2028年）."""
    folded = fold(text)
    return folded in target_words("goal_below") or _BEHIND.sub("", folded) in target_words("goal_below")


def _made_up(label: str) -> str | None:
    """Return the field that a label names which the vocabulary has not as a whole: 年度履职目标, 2026年预算金额."""
    if is_money(label):
        return "amount"
    return "goal" if _GOAL.fullmatch(label) and label not in target_words("goal_below") else None


def _is_rather_yearly(label: str, known: str) -> bool:
    """Tell whether a label says the goal of the year, and the one read before that of the whole project: 项目总目标, 年度绩效目标."""
    year = tuple(target_words("year"))
    return label.startswith(year) and not known.startswith(year)


def _shares(rows: Rows) -> dict[str, list[str]]:
    """Return what each level of government pays, as printed; the unit of the row's label is behind it as in `fields_of`."""
    shares: dict[str, list[str]] = {}
    for row in rows:
        distinct = [part for text in runs_of(row) for part in _label_and_value(text)]
        unit = next((bracket[1] for text in distinct if (bracket := UNIT_IN_BRACKETS.search(fold(text)))), "")
        for text, value in pairwise(distinct):
            printed = read_printed_money(value) if target_words("label").get(_bare(text)) == _SHARE else None
            if printed is not None and shares and fold(text).startswith(_PART):
                return {}  # a part of the level before it: what is left of that is not said
            if printed is not None:
                shares.setdefault(_bare(text), []).append(value if printed[1] else value + unit)
    return shares


def _together(shares: Mapping[str, Sequence[str]], said: Mapping[str, str]) -> str | None:
    """Return the sum of what levels of government pay, as printed, where it makes up the amount, with what other funds pay.

    One of them may be a part of another (上级财政资金 of 中央财政资金), and of two amounts in a row nothing says which is the year's.
    """
    read = [read_printed_money(value) for values in shares.values() for value in values]
    amount, other = (read_printed_money(said.get(name, "")) for name in ("amount", "other_amount"))
    known = [money for money in (*read, amount, other) if money is not None]
    if amount is None or len(read) > len(shares) or len({unit for _, unit in known}) != 1:
        return None
    whole = sum((money[0] for money in read if money), Decimal(0))
    return f"{whole}{amount[1] or ''}" if whole + (other[0] if other else 0) == amount[0] else None


def _goes_on(rows: Rows, number: int, label: str, text: str) -> bool:
    """Tell whether a text of a row goes on with the one that stood right of its label a row above, in any of its columns.

    A text under another one, or under the label, has a head of its own: 实际完成情况 beside 预期目标.
    """
    row, above = rows[number], rows[number - 1]
    if label not in row or text not in row or label not in above:
        return True  # parts of a cell's text
    beside, column = row.index(label), row.index(text)
    before = next((said for said in above[beside:] if said not in (label, "")), "")
    heads = [said[column] for said in rows[max(0, number - _ROWS_OF_HEAD) : number] if said[beside] == label]
    if above[column] not in (before, ""):
        return False
    return not any(said == label or is_label(said) or fold(said) in target_words("achieved") for said in heads)


def is_form_title(text: str) -> bool:
    """Tell whether a line is the title of a form of targets, whether or not it names a project."""
    printed = "".join(text.split())
    start = _NUMBERING.match(printed)
    return _title(_BEHIND.sub("", fold(printed[start.end() :] if start else printed))) is not None


def opens_form(row: Sequence[str]) -> bool:
    """Tell whether a row of a grid opens a form: it says the project's name, or is the title of a form of one project."""
    distinct = list(runs_of(row))
    if len(distinct) == 1:
        return bool(distinct[0]) and len(set(row)) == 1 and name_in_heading(distinct[0]) is not None
    return bool(distinct) and target_words("label").get(_bare(distinct[0])) == "project" and not column_of(distinct[1])


@cache
def _labels() -> frozenset[str]:
    return frozenset((*target_words("label"), *target_words("other_label")))


def may_be_part_of_form(texts: Iterable[str]) -> bool:
    """Tell whether some texts have labels enough for the upper part of a form, as those of few grids of a budget."""
    return len(_labels() & {_bare(text) for text in texts if not text.isascii()}) >= _LEAST_LABELS


def is_part_of_form(rows: Rows) -> bool:
    """Tell whether a grid without a header is the upper part of a form."""
    said = set().union(*rows)
    return may_be_part_of_form(said) and (any(map(opens_form, rows)) or any(names("whole", text) for text in said))


def forms_alone(rows: Rows) -> list[dict[str, str]]:
    """Return the fields of each project of a grid that is a whole form without indicators: most rows are a label and what it says.

    Where the row of names says several, each has a column of its own. Empty where the grid is none: the head of a list names no project.
    """
    labelled = [row for row in rows if len(texts := list(runs_of(row))) > 1 and is_label(texts[0])]
    named = [row for row in labelled if target_words("label").get(_bare(next(runs_of(row)))) == "project"]
    opening = [at for at, row in enumerate(rows) if row in named]
    if len(opening) > 1:  # several below each other
        return [form for at, end in pairwise([*opening, len(rows)]) for form in forms_alone(rows[at:end])]
    if len(named) != 1 or len(labelled) < _LEAST_ROWS or 2 * len(labelled) < len([row for row in rows if any(row)]):
        return []
    if any(_names_years(row) for row in rows if any(row)):
        return []  # a column for each year
    values = [text for text in list(runs_of(named[0]))[1:] if fold(text) not in target_words("sum")]
    if not values or any(map(is_label, values)) or len(set(runs_of(named[0]))) == _BOTH:
        forms = [fields_of(rows)] if values and not is_label(values[0]) else []
    else:
        columns = [named[0].index(value) for value in values]
        beside = [row for row in labelled if len(row) == len(named[0])]  # rows of another grid have other columns
        forms = [fields_of([[next(runs_of(row)), row[column]] for row in beside]) for column in columns]
    if any(_may_be_of_all_years(*both) for both in pairwise(rows)):
        forms = [{name: said for name, said in form.items() if name not in AMOUNTS} for form in forms]
    named_so = (form for form in forms if fold(form.get("project", "")) not in ("", *target_words("no_project")))
    return [form for form in named_so if "amount" in form or "goal" in form]


def _names_years(row: Sequence[str]) -> bool:
    """Tell whether a row says several years beside each other behind its label."""
    label, *years = runs_of(row)
    return len(years) > 1 and target_words("label").get(_bare(label)) not in _SPANS and all(_YEAR.fullmatch(fold(text)) for text in years)


def _may_be_of_all_years(heads: Sequence[str], amounts: Sequence[str]) -> bool:
    """Tell whether several amounts of one label stand below heads, and the first is not said to be the year's: 总投资 | 本年安排."""
    label, *first = [*runs_of(heads), ""]
    other, *values = [*runs_of(amounts), ""]
    several = label == other and len([*filter(read_printed_money, values)]) > 1 and not any(map(read_printed_money, first))
    return several and is_money(_bare(label)) and not first[0].startswith(tuple(target_words("year")) + tuple(target_words("year_begin")))


def amounts_below(rows: Rows) -> dict[str, str]:
    """Return the amounts that stand below their labels, in the column where each label starts."""
    said: dict[str, str] = {}
    heads = target_words("head")
    for above, row in enumerate(rows):
        for column, text in enumerate(row):
            name = heads.get(fold(text))
            if name is None or name in said or (column and row[column - 1] == text):
                continue
            wide = [below for below in rows[above + 1 :] if column < len(below)]  # rows of another page may have fewer columns
            value = next((below[column] for below in wide if parse_amount(below[column]) is not None), None)
            if value is not None:
                said[name] = value
    return said if "amount" in said else {}


def name_in_heading(text: str) -> str | None:
    """Return the project that the heading of a form names (`“某项目”项目支出绩效目标表`), the whole department, or None for none.

    Args:
        text: one line, or one cell over the whole width of a grid.
    """
    printed = "".join(text.split())
    folded = fold(text)
    start = _NUMBERING.match(printed)
    printed = printed[start.end() :] if start else printed
    folded = fold(printed)
    if labelled := _LABELLED.fullmatch(folded):
        return _checked(printed[len(printed) - len(labelled["name"]) :] if len(printed) == len(folded) else labelled["name"])
    title = _title(_BEHIND.sub("", folded) if _is_aside(folded) else folded)
    if title is None:
        return None
    before = _YEAR.sub("", title[0])
    if before.endswith(tuple(target_words("whole"))):
        return WHOLE_DEPARTMENT
    if quoted := _QUOTED.search(printed):
        return _checked(quoted["name"])
    if before and not _names_nothing(before) and not _names_body(before):
        at = folded.find(before)
        return _checked(printed[at : at + len(before)] if at >= 0 and len(printed) == len(folded) else before)
    behind = title[1]
    return _checked(behind) if behind and not _YEAR.fullmatch(behind) and not re.search(UNIT, behind) else None


def name_in_headings(lines: Sequence[str]) -> str | None:
    """Return the project that the lines above a form name: in its title, or in a line beside a title that names none.

    Args:
        lines: nearest to the form first.
    """
    for place, line in enumerate(lines):
        if name := name_in_heading(line):
            return name
        if is_form_title(line):
            beside = (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2])
            return next((name for text in beside if (name := _name_alone(text))), None)
    return None


def _name_alone(text: str) -> str | None:
    """Return the project that a line is: between brackets or quotes, or numbered and ending as projects' names do."""
    printed = "".join(text.split())
    if labelled := name_in_heading(printed):
        return labelled
    start = _NUMBERING.match(printed)
    bare = printed[start.end() :] if start else printed
    whole = _QUOTED.fullmatch(bare) or _IN_BRACKETS.fullmatch(printed)
    if whole:
        name = whole["name"]
        return None if _YEAR.fullmatch(fold(name)) or re.search(UNIT, name) else _checked(name)
    return _checked(bare) if start and _ENDS_AS_NAME.fullmatch(fold(bare)) else None


def _is_aside(folded: str) -> bool:
    behind = _BEHIND.search(folded)
    return behind is not None and (_YEAR.fullmatch(behind[0].strip("()")) is not None or re.search(UNIT, behind[0]) is not None)


def _checked(name: str) -> str | None:
    name = name.strip("“”\"'：: ")
    return name if 1 < len(name) <= _LONGEST_NAME and not re.search("[。；;]", name) and not _names_nothing(fold(name)) else None
