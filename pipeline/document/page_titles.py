"""What a web page is called, where its text does not say it: by its tab, its article's name, the end of the way that leads to it.

Belongs here: names of pages. Does not belong here: which of them is a budget's title.
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


def title_of(tree: Any, above: Iterable[str]) -> str | None:
    """Return the name of a page that has a year, as documents of a year are called; None where its text begins with one of its own.

    What the site is called stands in the tab too, and names no document.

    Args:
        tree: of the page.
        above: the lines that it begins with.
    """
    if any(_YEAR.search(line) for line in above):
        return None
    told = [node.attributes.get("content") or "" for node in tree.css("meta") if (node.attributes.get("name") or "").lower() == _ARTICLE]
    tab = tree.css_first("head > title")
    told += _PARTS.split(tab.text()) if tab is not None else []
    return next((name for text in told if _YEAR.search(name := " ".join(text.split()))), None)


def way_and_page(line: str) -> str:
    """Return a line, in two where it is the way from a site's home page to the page: its end is what the page is called."""
    steps = _WAY.split(line) if _HOME in line else []
    page = steps[-1].strip() if len(steps) >= _STEPS else ""
    return f"{line.removesuffix(steps[-1])}\n{page}" if page else line
