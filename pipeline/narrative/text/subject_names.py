"""What an amount is the amount of: from the words before a number to a classification, a fund, a nature or an indicator.

Belongs here: reading one subject by its own words. Does not belong here: which section it stands in (`sections.py`) and what
the sentences around it said (`sentence_reader.py`). A subject that is not understood whole is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.budget.characters import fold
from pipeline.budget.codes.book import DEPARTMENT_ECONOMIC, FUNCTION, GOVERNMENT_ECONOMIC, CodeList
from pipeline.budget.codes.printed_codes import is_code, level_of, parse_code
from pipeline.budget.codes.resolve import only_cheapest
from pipeline.budget.patterns import LEVEL_WORDS, YEAR_DIGITS
from pipeline.narrative.text.misprints import nearest_subject
from pipeline.narrative.text.subject_bounds import core_words, range_without_circled, trimmed_range
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import Subject, either, read_subject, word_value, words
from schemas.vocabulary.phrases import WordPattern, phrases

_YEAR = re.compile(rf"(?P<year>{YEAR_DIGITS})年(?:度|初)?")
_MARKED = re.compile(rf"(?<![^()])([^()]*(?:\((?!\d*[{LEVEL_WORDS}]\))[^()]*\)[^()]*){{0,8}}?)\((\d*)([{LEVEL_WORDS}])\)")
_LAST_YEAR = WordPattern(lambda: rf"^{either('last_year')}度?(?:(?:的)?{either('last_year_what')}|数?[:,]?$)")
_LEVELS = {word: level for level, word in enumerate(LEVEL_WORDS, start=1)}
_OWN_NAME = WordPattern(lambda: rf"(?<!\(){_no_government()}(?:本|我){body_ending('self')}(?:\(.{{1,8}}?\))?")
_OWNER = WordPattern(lambda: rf"[^\d,;:。\"]{{1,45}}(?:{body_ending('owner')}|\([^()]{{1,8}}\))")
_OWNER_END = WordPattern(lambda: rf"{body_ending('owner')}|\)")
_MEANS = WordPattern(lambda: rf"{either('means')}(?={either('means_of')})")
_YEAR_LAST = re.compile(_YEAR.pattern + "$")
_BUDGET_WORD = WordPattern(lambda: either("budget_word"))
_NOT_OWNER = WordPattern(lambda: either("not_owner"))
_CALLED = WordPattern(lambda: rf"\({either('called')}[:,]?(?P<name>[^()]+)\)")
_INNER_ASIDE = WordPattern(lambda: rf"\({either('aside')}[^()]*\)")
_FORM_LAST = WordPattern(lambda: rf"{either('form')}$")
_QUOTES = str.maketrans("", "", "\"'")
_BAD_FIGURE = WordPattern(lambda: either("not_figure"))
_AFTER_CODE = WordPattern(lambda: either("after_code") + "{1,8}$")
_AFTER_NAME = WordPattern(lambda: either("after_name") + "{1,8}$")
_BEFORE_NAME = WordPattern(lambda: "^" + either("before_name"))
NONE_PLANNED = WordPattern(lambda: rf"{either('none_planned')}|无(?={either('may_be_none')})")
"""Words that say that what a clause names has no amount."""

_LONGEST = 110  # characters: longer words before an amount are a sentence, no subject
_LONGEST_FIGURE = 24  # characters of a key figure's subject at the end of the words before an amount
_LONGEST_THREE_PUBLIC = 20  # characters of the name of a part of 三公: 公务用车购置及运行维护费支出 has fourteen
_ECONOMIC_DIGITS = 5  # of the finest code of an economic classification
_DEEPEST = 3  # levels of a classification


@dataclass(frozen=True, slots=True)
class SubjectMeaning:
    """What a subject says.

    Attributes:
        kind: `total`, `current`, `fund`, `nature`, `three_public`, `figure`, `code` (of a classification), or `bare`
            (only 预算数, 安排 and the like: the subject stands elsewhere).
        name: the subject as printed, without year, owner, numbering and linking words.
        flow, fund, nature: as `schemas.vocabulary.narrative.Subject`.
        code: classification code, 三公 part or indicator.
        code_source: `printed` or `name` for codes of a classification.
        scheme, level: of a code.
        year: the year that the subject names, if any.
        owner: the words before the subject that name whose it is (empty: the document's own).
        path: level → name, of a subject with level marks.
        words: the subject's words as folded (with 预算/决算, which decide the measure).
        misprinted: whether the words are only one misprint from a label: what they are of, a sum must decide.
        divides_basic: whether it is an economic class that its sentence lists as a part of basic spending.
    """

    kind: str
    name: str
    flow: str = ""
    fund: str = ""
    nature: str = ""
    code: str | None = None
    code_source: str | None = None
    scheme: str = ""
    level: int = 0
    year: int | None = None
    owner: str = ""
    path: tuple[tuple[int, str], ...] = ()
    words: str = ""
    misprinted: bool = False
    divides_basic: bool = False


def _no_government() -> str:
    """Return a pattern: what follows is not 本级 behind a kind of division (县本级), the level of a government and no body's own."""
    kinds = {level[-3] for level in phrases("identity_words.csv", "government_level") if level.endswith("本级")}
    return rf"(?<![{''.join(sorted(kinds))}](?=本级))"


def _starts(folded: str) -> list[tuple[int, str]]:
    """Return the places where the subject proper may start, with the owner that would stand before it."""
    cuts = [(m.end(), m.start()) for pattern in (_YEAR, _OWN_NAME, _MEANS) for m in pattern.finditer(folded)]
    cuts += [(m.end(), m.end()) for m in _OWNER_END.finditer(folded)]
    return [(0, ""), *((start, _YEAR.sub("", folded[:owner])) for start, owner in sorted(cuts))]


def _owner(text: str) -> str | None:
    """Return the owner that `text` (the words before a subject) names: empty for the document's own, None if it is no owner."""
    text = _OWN_NAME.sub("", text).strip(",")
    if not text or text in words("own"):
        return ""
    if _NOT_OWNER.search(text) or not _OWNER.fullmatch(text):
        return None
    return text


def is_elliptic(meaning: SubjectMeaning) -> bool:
    """Tell whether words such as 支出决算 may leave unsaid of what they are, in a final account that has named it before."""
    return meaning.kind == "total" and not meaning.owner and states_measure(meaning.words, "final")


def is_of_general_public(folded: str) -> bool:
    """Tell whether words say that 三公 are paid from the general public budget, and from no other fund beside it."""
    return any(word in folded for word in words("general_public")) and not any(word in folded for word in words("beside_general_public"))


def states_measure(folded: str, measure: str) -> bool:
    """Tell whether words state a measure (决算, 全年预算, 预算)."""
    return any(word in folded for word in words("measure") if word_value("measure", word) == measure)


def year_named(folded: str) -> int | None:
    """Return the year that words name last, None where they name none."""
    years = [int(m["year"]) for m in _YEAR.finditer(folded)]
    return years[-1] if years else None


def _with_aside(text: str) -> Subject | None:
    """Return the part of 三公 that has an aside inside its name (`公务用车(含执法执勤用车)运行费`); None for all else."""
    shorter = _INNER_ASIDE.sub("", text)
    found = read_subject(shorter) if shorter != text else None
    return found if found is not None and found.kind == "three_public" else None


def _misprinted(printed: str, folded: str, year: int | None) -> SubjectMeaning | None:
    """Return what words mean that are one misprint from a label; None where they are from none, or from several."""
    near = nearest_subject(core_words(folded.translate(_QUOTES)))
    if near is None:
        return None
    return SubjectMeaning(
        near.kind, printed, near.flow, near.fund, near.nature, near.code or None, year=year, words=folded, misprinted=True
    )


class Subjects:
    """Reads subjects with the help of a code book, for one fiscal year."""

    def __init__(self, book: CodeList, fiscal_year: int | None, department: str | None = None) -> None:
        self._book = book
        self._year = fiscal_year
        self._department = fold(department) if department else None
        self._meanings: dict[tuple[str, str, str | None, bool], SubjectMeaning | None] = {}

    def read(self, printed: str, folded: str, classification: str | None = None, misprints: bool = False) -> SubjectMeaning | None:
        """Return what the words before an amount mean, or None where they are not understood whole.

        Args:
            printed: the subject as printed.
            folded: the same, character by character, folded.
            classification: that the section is about: `function`, or an economic one (`economic` where unsaid which); None elsewhere.
            misprints: whether words that are no label may be one with a misprint.
        """
        asked = printed, folded, classification, misprints
        if asked not in self._meanings:
            self._meanings[asked] = self._read(*asked)
        return self._meanings[asked]

    def _read(self, printed: str, folded: str, classification: str | None, misprints: bool) -> SubjectMeaning | None:
        if called := _CALLED.search(folded):  # 出国、车辆、接待费用（简称“三公”经费）支出
            printed = printed[slice(*called.span("name"))] + printed[called.end() :]
            folded = called["name"] + folded[called.end() :]
        start, end = range_without_circled(printed, folded)
        printed, folded = printed[start:end], folded[start:end]
        if len(folded) > _LONGEST:
            return None
        year = year_named(folded)
        if not folded:
            return SubjectMeaning("bare", "", words="")
        if self._year and _LAST_YEAR.match(folded):
            return SubjectMeaning("bare", "", year=self._year - 1, words=folded)
        coded = self._coded(printed, folded, year)
        if coded:
            return coded
        if _MARKED.search(folded):
            return self._marked(printed, folded, year)
        figure = self._key_figure(printed, folded, year)
        if figure:
            return figure
        middle = next(_YEAR.finditer(folded, 1), None)
        if middle and not core_words(folded[middle.end() :]):  # 公务用车购置费2026年预算数
            named = self.read(printed[: middle.start()], folded[: middle.start()], classification)
            return replace(named, year=year) if named else None
        for at, before in _starts(folded):
            part = folded[at:]
            text = core_words(part.replace("安排的", "") if "三公" in part else part.translate(_QUOTES))
            if not text and not before.strip(","):
                return SubjectMeaning("bare", "", year=year, words=folded)
            if not text and _BUDGET_WORD.match(part) and (whose := _owner(before)):  # 某局（本级）预算: all that its section is about
                return SubjectMeaning("total", printed, year=year, owner=whose, words=folded)
            subject = (read_subject(text) or _with_aside(text)) if text else None
            owner = _owner(before) if subject else None
            if subject is None or owner is None:
                continue
            if owner and not _BUDGET_WORD.search(part) and not _YEAR_LAST.search(folded[:at]) and not self._is_own_name(owner):
                continue  # 办公室支出: words that end like a body's name
            begin = at + trimmed_range(part)[0] if at else at  # 2026年安排公务接待费
            name = printed[begin:].strip('“”"')
            return SubjectMeaning(
                subject.kind, name if subject.kind != "three_public" else printed[begin:], subject.flow, subject.fund, subject.nature,
                subject.code or None, year=year, owner=owner, words=folded,
            )  # fmt: skip
        return self._class(printed, folded, year, classification) or (_misprinted(printed, folded, year) if misprints else None)

    def _is_own_name(self, owner: str) -> bool:
        """Tell whether the words before a subject are the name of the document's own body, whatever follows them (`某镇卫生院支出`)."""
        return self._department is not None and _FORM_LAST.sub("", owner) == _FORM_LAST.sub("", self._department)

    def leading_three_public(self, printed: str, folded: str) -> SubjectMeaning | None:
        """Return the part of 三公 that a clause begins with, whatever it says of it; None where it begins with none."""
        start, _ = trimmed_range(folded)
        if re.search(r"\d", folded[start:]):
            return None  # 公务接待275批次 is beside an amount, not instead of one
        for end in range(min(len(folded), start + _LONGEST_THREE_PUBLIC), start, -1):
            found = read_subject(folded[start:end])
            if found is not None and found.kind == "three_public":
                return self.read(printed[:end], folded[:end])
        return None

    def without_amount(self, printed: str, folded: str, classification: str | None) -> SubjectMeaning | None:
        """Return what a clause says to have no amount (`公务接待费未安排`, `未安排公务接待费`); None where it names nothing, or two things.

        Args:
            printed: the clause as printed.
            folded: the same, folded.
            classification: as in `read`.
        """
        found = NONE_PLANNED.search(folded)
        if found is None:
            return None
        sides = (slice(0, found.start()), slice(found.end(), len(folded)))
        meanings = [self.read(printed[side], folded[side], classification) for side in sides]
        known = [m for m in meanings if m is not None and m.kind in ("three_public", "fund", "code", "nature")]
        return known[0] if len(known) == 1 else None

    def _key_figure(self, printed: str, folded: str, year: int | None) -> SubjectMeaning | None:
        said = _INNER_ASIDE.sub("", folded)
        if not any(w in said for w in words("figure_word")) or _BAD_FIGURE.search(said):
            return None
        text = core_words(said.translate(_QUOTES))
        for at in range(max(0, len(text) - _LONGEST_FIGURE), len(text)):
            subject = read_subject(text[at:])
            if subject and subject.kind == "figure":
                if at > 0 and text[at:].startswith(words("figure_part")):
                    return None
                return SubjectMeaning("figure", printed, code=subject.code, year=year, words=folded)
        return None

    def _coded(self, printed: str, folded: str, year: int | None) -> SubjectMeaning | None:
        """Read `行政运行(2010301)`, `2080501-行政单位离退休`, with or without a closing 支出 or 科目."""
        if not re.search(r"[235]\d\d", folded):
            return None
        text = _AFTER_CODE.sub("", folded) if re.search(r"\(\d+\)[^()]*$", folded) else folded
        stripped = re.sub(r"^\"|\"$", "", text)
        at = text.find(stripped)
        code = parse_code(printed[at : at + len(stripped)].strip("“”"))
        if code is None or not code.name or re.search(r"\d{4}年", code.name):
            return None
        scheme = self._book.scheme_of(code.code)
        if scheme is None or (scheme != FUNCTION and len(code.code) > _ECONOMIC_DIGITS):
            return None
        name = code.name.strip("“”")
        start, end = trimmed_range(name.translate(str.maketrans("（）", "()")))
        name = name[start:end]
        plain = re.sub(r"^\d{1,2}(?=[^\d])", "", name)  # a serial number without its point
        if plain != name and self._book.is_named(scheme, code.code, plain):
            name = plain
        return SubjectMeaning(
            "code", name, "expenditure", code=code.code, code_source="printed", scheme=scheme, level=level_of(code.code),
            year=year, words=folded,
        )  # fmt: skip

    def _marked(self, printed: str, folded: str, year: int | None) -> SubjectMeaning | None:
        """Read a path with level marks: `一般公共服务支出(类)…(款)行政运行(项)预算`."""
        path: list[tuple[int, str]] = []
        end, digits = 0, ""
        for match in _MARKED.finditer(folded):
            if match.start() != end:
                return None
            a, b = match.span(1)
            if not path:
                shift, _ = trimmed_range(folded[a:b])
                a += shift
                for found in _YEAR.finditer(folded, a, b):
                    a = found.end()
            name = printed[a:b].strip('“”"‘’-—')
            level = _LEVELS[match[3]]
            if not name or (path and level <= path[-1][0]):
                return None
            path.append((level, name))
            digits += match[2]
            end = match.end()
        rest = core_words(_YEAR.sub("", folded[end:]).translate(_QUOTES).replace("科目", ""))
        if rest not in ("", "支出", "支出支出"):
            return None
        # 公共安全支出(204类)司法(06款)行政运行(01项) prints the code piece by piece
        code = digits if len(digits) == 1 + 2 * path[-1][0] else None
        if digits and (code is None or not is_code(code)):
            return None
        return SubjectMeaning(
            "code", path[-1][1], "expenditure", code=code, code_source="printed" if code else None, scheme=FUNCTION,
            level=path[-1][0], year=year, path=tuple(path), words=folded[end:],
        )  # fmt: skip

    def _class(self, printed: str, folded: str, year: int | None, classification: str | None) -> SubjectMeaning | None:
        """Read a name of a classification without level marks: `教育支出`, `“住房保障支出”科目`, `工资福利支出`, `A-B-C`."""
        for found in _YEAR.finditer(folded):
            if found.start() == 0:
                printed, folded = printed[found.end() :], folded[found.end() :]
                break
        text = _AFTER_NAME.sub("", folded)
        text = _BEFORE_NAME.sub("", text)
        at = folded.find(text)
        name = printed[at : at + len(text)].strip('“”"‘’')
        names = [n for n in re.split(r"[-—–－]+", name) if n]
        if not names or len(names) > _DEEPEST:
            return None
        if len(names) > 1:
            path = tuple(enumerate(names, start=1))
            code = self.resolve(path)
            if code is None:
                return None
            return SubjectMeaning(
                "code", names[-1], "expenditure", code=code, code_source="name", scheme=FUNCTION, level=len(names), year=year,
                path=path, words=folded,
            )  # fmt: skip
        schemes = {
            None: (FUNCTION,), "function": (FUNCTION,), "economic": (DEPARTMENT_ECONOMIC, GOVERNMENT_ECONOMIC),
        }.get(classification, (classification or FUNCTION,))  # fmt: skip
        hits = [(s, c) for s in schemes if (c := self.resolve(((1, names[0]),), s))]
        if not hits and classification == FUNCTION and (code := self._item(names[0])):
            return SubjectMeaning(
                "code", names[0], "expenditure", code=code, code_source="name", scheme=FUNCTION, level=level_of(code), year=year,
                words=folded,
            )  # fmt: skip
        if len(hits) != 1:
            return None
        scheme, code = hits[0]
        return SubjectMeaning(
            "code", names[0], "expenditure", code=code, code_source="name", scheme=scheme, level=1, year=year,
            path=((1, names[0]),) if scheme == FUNCTION else (), words=folded,
        )  # fmt: skip

    def economic_class(self, printed: str, folded: str) -> SubjectMeaning | None:
        """Return the class of the departmental economic classification that a part of basic spending names; None where it names none."""
        found = self.read(printed, folded, DEPARTMENT_ECONOMIC)
        named = found is not None and found.kind == "code" and found.scheme == DEPARTMENT_ECONOMIC and found.code_source == "name"
        return replace(found, divides_basic=True) if found is not None and named else None

    def _item(self, name: str) -> str | None:
        """Return the code of the only 款 or 项 of a name, as lists by function print it; None if there are several."""
        return only_cheapest({c: cost for c, cost in self._book.candidates(FUNCTION, name, self._year).items() if level_of(c) > 1})

    def resolve(self, path: tuple[tuple[int, str], ...], scheme: str = FUNCTION) -> str | None:
        """Return the code of a path (level, name), outermost first; None if unknown or undecided.

        Each name given must be a name of the code's ancestor of that very level.
        """
        level, name = path[-1]
        found: dict[str, int] = {}
        for code, cost in self._book.candidates(scheme, name, self._year).items():
            if level_of(code) != level:
                continue
            if all(self._book.is_named(scheme, code[: 1 + 2 * own], parent) for own, parent in path[:-1]):
                found[code] = cost
        return only_cheapest(found)
