"""Which links of a page lead to disclosures, each with the reason for taking or leaving it.

Belongs here: the decision, from words alone. Does not belong here: reading the page (`web_page.py`), asking for what was found (`crawl/`).
The words are rows of `schemas/vocabulary/link_words.csv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR, HAN, NAMED_YEAR, UNIT, with_year_digits
from pipeline.fetch.addresses import (
    DOCUMENT_ENDINGS,
    OTHER_ENDINGS,
    PLAIN_PAGE_ENDINGS,
    ending_of,
    host_of,
    is_above,
    is_front_page,
    site_of,
)
from pipeline.fetch.web_page import Link, WebPage
from schemas.vocabulary.entity_endings import entity_endings
from schemas.vocabulary.links import (
    ATTACHMENT,
    BUDGET_WORD,
    CORRECTION,
    DISCLOSURE,
    ERROR_PAGE,
    EXPLANATION,
    NO_OFFICE,
    OTHER_MATTER,
    PLACEHOLDER,
    RULES,
    SAYS_BUDGET,
    SAYS_FINAL_ACCOUNT,
    WHOLE_GOVERNMENT,
    before_budget,
    directories,
    more_words,
    next_page_words,
    sections,
)
from schemas.vocabulary.phrases import WordPattern

DOCUMENT, PAGE, NEXT = "document", "page", "next"
"""What a link is expected to lead to: a document, a page that lists or holds some, a further page of the same list."""

LONGEST_BODY_NAME = 40
"""Characters of a link that may be the name of an office, its number in the list included."""

LONGEST_ROW = 120
"""Characters of a row that says what one document is: number, title, size and date; a longer one is a paragraph."""

FEW_WORDS = 400
"""Characters of text on a page that has scripts and nothing of interest: its list is fetched by a script, if it has one."""

FEWEST_AMOUNTS = 5
"""Amounts of money in the text of a page that is itself the disclosure: an announcement of one names one or two."""

_YEAR = re.compile(rf"(?<![\d.\-/])({FISCAL_YEAR})(?![\d\-/.])(?!\s?[-/.]\d)")
_AMOUNT = re.compile(rf"\d\s?{UNIT}|\d\.\d\d(?!\d)")
_WIDE_DIGIT = re.compile("[０-９]")
_ARROWS = "<>‹›«»→"
_AROUND_MORE = _ARROWS + "[]()+.… "
_PAGE_NUMBER = re.compile(r"\d{1,3}")
_NUMBERING = re.compile(rf"^[\d{HAN}]{{1,3}}[.、．:：)）\s]*")
_YEAR_ALONE = re.compile(NAMED_YEAR)
_BEFORE_BUDGET = WordPattern(lambda: rf"(?:{before_budget()}|{FISCAL_YEAR}){{1,6}}$")
_TEMPLATE = re.compile(r"\{\{[^{}]{0,80}\}\}|\$\{[^{}]{0,80}\}|<%|v-for=|ng-repeat=")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One link with what is to be done about it.

    Attributes:
        link: the link.
        expects: `document`, `page` or `next`; empty for what is left.
        reason: why it is taken or left, in one sentence.
        words: what it says of itself; where that is no more than that there is something, its row.
        fiscal_year: that these words name, if they name one.
        kind: `budget` or `final_account`, if they say.
        correction: whether it says that it replaces something.
    """

    link: Link
    expects: str
    reason: str
    words: str = ""
    fiscal_year: int | None = None
    kind: str | None = None
    correction: bool = False

    @property
    def taken(self) -> bool:
        """Whether its address is to be asked."""
        return bool(self.expects)


def candidates_of(page: WebPage, years: tuple[int, int] | None = None) -> list[Candidate]:
    """Decide on every link of a page.

    Args:
        page: the page.
        years: first and last fiscal year that is wanted; None: those that the page is about, all if it names none.

    Returns:
        One entry per link, in the order of the page.
    """
    found = []
    for link in page.links:
        expects, reason = _decision(link, page, years)
        words = _words_of(link)
        year, kind = said_of(words)
        found.append(Candidate(link, expects, reason, words, year, kind, bool(CORRECTION.search(fold(words)))))
    if is_front_page(page.address) and not any(candidate.taken for candidate in found):
        return [_by_directory(candidate, page) for candidate in found]
    return found


def _by_directory(candidate: Candidate, page: WebPage) -> Candidate:
    """Take the directories of a front page that names no budgets: what an office discloses is listed below them."""
    link = candidate.link
    name = fold(link.text)
    if name not in directories() or site_of(link.address) != site_of(page.address) or is_above(link.address, page.address):
        return candidate
    return replace(candidate, expects=PAGE, reason=f"The front page names no budgets; it leads to its directory, {name}.")


def said_of(words: str) -> tuple[int | None, str | None]:
    """Return the fiscal year and the kind that words name, each None where they name none or several."""
    years = years_in(words)
    kinds = kinds_in(words)
    return (next(iter(years)) if len(years) == 1 else None), (next(iter(kinds)) if len(kinds) == 1 else None)


def years_in(words: str) -> set[int]:
    """Return the years that words name; dates are none."""
    # folded only where it must be: without spaces, a year and the number after it would be one
    return {int(year) for year in _YEAR.findall(with_year_digits(fold(words) if _WIDE_DIGIT.search(words) else words))}


def kinds_in(words: str) -> set[str]:
    """Return the kinds of documents that words name: `budget`, `final_account`, or both."""
    folded = fold(words)
    said = (("budget", SAYS_BUDGET), ("final_account", SAYS_FINAL_ACCOUNT))
    return {kind for kind, pattern in said if pattern.search(folded)}


def is_disclosure(words: str) -> bool:
    """Return whether words announce what departments disclose, and nothing around it."""
    folded = fold(words).lower()
    return bool(DISCLOSURE.search(folded)) and _matter_in(folded) is None


def is_itself_a_disclosure(page: WebPage) -> bool:
    """Return whether a page is no list but the document: its title announces one, and its text states amounts of money."""
    return is_disclosure(page.title) and len(_AMOUNT.findall(page.text)) >= FEWEST_AMOUNTS


def is_error_page(page: WebPage) -> bool:
    """Return whether a page stands for another that cannot be had."""
    words = fold(f"{page.title} {page.text[:FEW_WORDS]}").lower()
    return bool(ERROR_PAGE.search(words)) and len(page.text) < FEW_WORDS


def what_scripts_hide(page: WebPage, candidates: list[Candidate]) -> str | None:
    """Return what points to content that only a script would show, in one sentence; None if nothing does, or something was found."""
    if any(candidate.taken for candidate in candidates) or not page.scripts:
        return None
    seen = []
    if marks := _TEMPLATE.findall(page.text):
        seen.append(f"places that a script fills, such as {marks[0]}")
    if PLACEHOLDER.search(fold(page.text).lower()):
        seen.append("a note that it is loading")
    if len(page.text) < FEW_WORDS:
        seen.append(f"{len(page.text)} characters of text")
    if not seen:
        return None
    return (
        f"Its list is shown by scripts, which are not run: seen were {', '.join(seen)}, {len(page.links)} links and {page.scripts} scripts."
    )


def what_scripts_lead_on_to(page: WebPage, candidates: list[Candidate]) -> str | None:
    """Return that a list has further pages which only a script would show, in one sentence; None if nothing says so."""
    if any(candidate.expects == NEXT for candidate in candidates) or not any(candidate.taken for candidate in candidates):
        return None
    named = next((text for text in page.unreached if _says_next(text)), None)
    return named and f"Its list may go on: {named} leads nowhere without its scripts, which are not run."


def _decision(link: Link, page: WebPage, years: tuple[int, int] | None) -> tuple[str, str]:
    """Return what a link is expected to lead to (empty: it is left), and why."""
    if link.how == "list":
        return NEXT, "A call of the page's script writes a link to this further page of the list."
    ending = ending_of(link.address)
    document = ending in DOCUMENT_ENDINGS or link.attached or (ending not in PLAIN_PAGE_ENDINGS and _is_named_as_document(link))
    if ending in OTHER_ENDINGS:
        return "", f"{ending} is no form that documents have."
    if not document and _is_next(link, page):
        return NEXT, "It leads to a further page of the same list."
    if not document and link.how != "refresh" and is_above(link.address, page.address):
        return "", "It leads up, to a page above this one."
    name = fold(link.words or _file_name(link.address)).lower()
    if why := _matter_in(name) or _other_year(link, page, years) or _said_by_row(link, name):
        return "", why
    expects = DOCUMENT if document else PAGE
    if match := DISCLOSURE.search(name):
        return expects, f"Its words say {match[0]}."
    if not document and _without_numbering(name) in sections():
        return PAGE, f"It leads to a section named {_without_numbering(name)}."
    if why := _of_whole_government(name):
        return "", why
    if name.strip(_AROUND_MORE) in more_words() and (match := DISCLOSURE.search(said := _announced(link))) and _matter_in(said) is None:
        return PAGE, f"It leads to more of what is announced as {match[0]}."
    return _by_its_place(link, page, name, expects)


def _by_its_place(link: Link, page: WebPage, name: str, expects: str) -> tuple[str, str]:
    """Decide on a link whose words alone do not: by the title of the page, the block and the row that it stands in."""
    subject = fold(page.title).lower()
    about = DISCLOSURE.search(subject) if _matter_in(subject) is None else None
    if match := BUDGET_WORD.search(name):
        if about:
            return expects, f"Its words say {match[0]}, on a page about {about[0]}."
        if _names_a_body(name[: match.start()]):
            return expects, f"Its words name an office and say {match[0]}."
        return "", f"Its words say {match[0]}, but neither they nor the page's title name a department."
    if link.how in ("frame", "refresh") and (expects == DOCUMENT or about):
        return expects, f"The page shows it in itself ({link.how})."
    if about and link.block != "furniture":
        if expects == DOCUMENT:
            return DOCUMENT, f"It is attached to a page about {about[0]}."
        if is_front_page(link.address) and link.block != "body":
            return "", "It leads to the front page of a site."
        if why := _named_on_a_list(link, page, name):
            return PAGE, f"{why}, on a page about {about[0]}."
    row = fold(link.row).lower()
    if (match := DISCLOSURE.search(row)) and (expects == DOCUMENT or ATTACHMENT.fullmatch(name)) and _matter_in(row) is None:
        return expects, f"The row that it stands in says {match[0]}."
    if link.block == "furniture":
        return "", "It stands in what every page of the site shows, and its words do not speak of budgets."
    return "", "Its words do not speak of budgets."


def _named_on_a_list(link: Link, page: WebPage, name: str) -> str | None:
    """Return how a link on a page about disclosures is named for one: for an office, a year, an attachment; None if it is not."""
    here = link.block == "body"
    if here or site_of(link.address) == site_of(page.address):
        if ATTACHMENT.fullmatch(name) and _is_body_name(fold(link.row).lower().removesuffix(name)):
            return "It stands in the row of an office"
        if _YEAR_ALONE.fullmatch(name):
            return "It is named for a year"
    if here and ATTACHMENT.fullmatch(name):
        return "It leads to an attachment"
    if _is_body_name(name) and (here or _is_listed(link, page)):
        return "It is named for an office"
    return None


def _words_of(link: Link) -> str:
    """Return what a link says of itself; of one that says no more than that there is something, its row."""
    return link.row if link.row and _says_nothing(link) else link.words


def _says_nothing(link: Link) -> bool:
    """Return whether a link shows no words, or none but that there is something."""
    name = fold(link.words).lower()
    return not name or bool(ATTACHMENT.fullmatch(name))


def _is_named_as_document(link: Link) -> bool:
    """Return whether a link is named as files are, whatever its address is."""
    return any(said.strip().lower().endswith(tuple(DOCUMENT_ENDINGS)) for said in (link.text, link.title))


def _matter_in(name: str) -> str | None:
    for words, what in ((EXPLANATION, "explains budgets"), (RULES, "makes rules"), (OTHER_MATTER, "is of another matter")):
        if match := words.search(name):
            return f"What says {match[0]} {what}."
    return None


def _of_whole_government(name: str) -> str | None:
    whole = WHOLE_GOVERNMENT.search(name)
    return f"{whole[0]} is of the whole government, not of a department." if whole else None


def _said_by_row(link: Link, name: str) -> str | None:
    """Return why a link is left that says nothing of itself, but stands in the row of another matter."""
    row = fold(link.row).lower()
    if not _says_nothing(link) or len(row) > LONGEST_ROW or DISCLOSURE.search(row + name):
        return None
    return _matter_in(row) or _of_whole_government(row)


def _announced(link: Link) -> str:
    """Return what a link to more is about: what stands beside it, else the heading above it."""
    row = fold(link.row).lower()
    return row if len(fold(link.words)) < len(row) <= LONGEST_BODY_NAME else fold(link.heading).lower()


def _other_year(link: Link, page: WebPage, years: tuple[int, int] | None) -> str | None:
    """Return why a link is of a year that is not wanted; a page's own year counts for what is of the same kind."""
    named = years_in(link.words)
    if years is not None:
        first, last = years
        found = named or years_in(page.title)
        if found and not any(first <= year <= last for year in found):
            return f"It is of {_listed(found)}; wanted is {first}..{last}."
        return None
    of_page = years_in(page.title)
    if named and len(of_page) == 1 and not named & of_page and kinds_in(link.words) == kinds_in(page.title) != set():
        return f"It is of {_listed(named)}, the page of {_listed(of_page)}."
    return None


def _listed(years: set[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def _is_next(link: Link, page: WebPage) -> bool:
    """Return whether a link leads to a further page of the list: by its words, or as a number among such."""
    if host_of(link.address) != host_of(page.address) or link.address == page.address:
        return False
    numbered = _is_numbered_below(link.address, page.address)
    if not numbered and _folder(link.address) != _folder(page.address):
        return False
    if _says_next(link.text):
        return True
    return bool(_PAGE_NUMBER.fullmatch(fold(link.text))) and (numbered or _stem(link.address) == _stem(page.address))


def _is_numbered_below(address: str, page: str) -> bool:
    """Return whether an address names a number in the folder that is named for a page: `list/2.htm` of `list.htm`."""
    folder, _, name = urlsplit(address).path.rpartition("/")
    return folder == urlsplit(page).path.rpartition(".")[0] and bool(_PAGE_NUMBER.fullmatch(name.partition(".")[0]))


def _says_next(words: str) -> bool:
    text = fold(words).lower()
    return text in next_page_words() or text.strip(_ARROWS) in next_page_words()


def _folder(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[0]


def _stem(address: str) -> str:
    """Return the path of an address without what tells the pages of a list apart."""
    parts = urlsplit(address)
    folder, _, name = parts.path.rpartition("/")
    return folder + "/" + (re.sub(r"[-_]?\d{1,3}(?=\.|$)", "", name, count=1) or "index.html")


def _is_listed(link: Link, page: WebPage) -> bool:
    """Return whether a link stands in a list of offices: on a page that attaches no document, and to the same site."""
    attaches = any(ending_of(other.address) in DOCUMENT_ENDINGS and other.block != "furniture" for other in page.links)
    return not attaches and site_of(link.address) == site_of(page.address)


def _file_name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])


def _without_numbering(name: str) -> str:
    return _NUMBERING.sub("", name)


def _names_a_body(words: str) -> bool:
    """Return whether words that stand before 预算 end with the name of an office, but for the year and what is meant of it."""
    name = _BEFORE_BUDGET.sub("", words)
    return name.endswith(entity_endings("name")) and not NO_OFFICE.search(name)


def _is_body_name(name: str) -> bool:
    plain = re.sub(r"\([^()]{0,40}\)$", "", _without_numbering(name))
    return len(name) <= LONGEST_BODY_NAME and plain.endswith(entity_endings("name"))
