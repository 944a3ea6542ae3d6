"""What a web page is called, where its text does not say it: by its tab, its article's name, the end of the way that leads to it.

Belongs here: names of pages. Does not belong here: which of them is a budget's title, so that no list of words is asked: a new word opens
no document again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_ARTICLE = "articletitle"  # what sites of governments name a page's article by
_YEAR = re.compile(r"(?:19|20)\d\d年")
_PARTS = re.compile(r"[-–—_|｜]")
_HOME = "首页"
_WAY = re.compile(r"[>＞»›]{1,2}")
_STEPS = 3  # of a way: the home page, a list, the page itself
_LONGEST_STEP = 40  # characters: what is longer, or has marks of a sentence, is prose with such signs
_SENTENCE = re.compile("[，。；：]")
_KIND = re.compile("预算|决算")
_BODY = re.compile(
    r"(?:办事处|办公室|委员会|中心|政府|公司|机关|[局委厅部院处队学园站所馆团社库校])$"
)  # a line that ends so may name a body
_LONGEST_BODY = 30  # characters of a line that is a body's name alone


def title_of(tree: Any, above: Iterable[str]) -> str | None:
    """Return the name of a page that says a year and budget or account; None where its text begins with one of its own.

    What the site is called stands in the tab too, and names no document. Nor is the name the document's where a line is that of a body
    which it does not name: who publishes may be another than whose budget it is.

    Args:
        tree: of the page.
        above: the lines that it begins with.
    """
    lines = list(above)
    if any(_YEAR.search(line) for line in lines):
        return None
    bodies = {text for line in lines if (text := "".join(line.split())) and len(text) <= _LONGEST_BODY and _BODY.search(text)}
    told = [node.attributes.get("content") or "" for node in tree.css("meta") if (node.attributes.get("name") or "").lower() == _ARTICLE]
    tab = tree.css_first("head > title")
    told += _PARTS.split(tab.text()) if tab is not None else []
    names = (name for text in told if _YEAR.search(name := " ".join(text.split())) and _KIND.search(name))
    return next((name for name in names if all(body in "".join(name.split()) for body in bodies)), None)


def way_and_page(line: str) -> str:
    """Return a line, in two where it is the way from a site's home page to the page: its end is what the page is called."""
    steps = _WAY.split(line) if _HOME in line else []
    page = steps[-1].strip() if len(steps) >= _STEPS and all(map(_is_step, steps[1:])) else ""
    return f"{line.removesuffix(steps[-1])}\n{page}" if page else line


def _is_step(text: str) -> bool:
    return len(text.strip()) <= _LONGEST_STEP and not _SENTENCE.search(text)
