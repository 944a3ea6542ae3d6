"""What a web page holds: its links with the words around them, and what it says of itself; no script is run.

Belongs here: from the bytes of a page to links, title, date, office. Does not belong here: which links are of interest (`finding.py`);
reading a page as a document (`pipeline.document.forms.web_pages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from pipeline.document.forms.web_pages import decoded_page, prove_depth
from pipeline.fetch.addresses import DOCUMENT_ENDINGS, Refused, address_of, ending_of
from schemas.vocabulary.links import DATE_LABEL, OFFICE_LABEL, block_of

MOST_LINKS = 5_000
"""Links of a page that are looked at: the largest real lists have some hundred, and every page of a site about three hundred beside."""

MOST_TEXT = 300
"""Characters that are kept of a link's words, and of the row around it."""

MOST_NEXT_PAGES = 200
"""Pages of one list: at twenty rows a page, more offices than any government has."""

_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"""["']([^"'<>\s]{3,500})["']""")
_LIST_CALL = re.compile(r"""createPage\w{0,20}\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*["']([\w-]{1,40})["']\s*,\s*["'](s?html?)["']""")
_REFRESH = re.compile(r"""\s*+[\d.]{0,6}\s*+[;,]?\s*+url\s*+=\s*+["']?([^"'\s]{1,500})""", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_AFTER_LABEL = re.compile(r"\s*[:：]\s*([^\s:：|,，;；]{2,40})")
_ROWS = frozenset(("li", "tr", "p", "dd", "dt", "td"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"))
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_UNSEEN = ("script", "style", "template", "noscript")
_FURNITURE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_MOST_ABOVE = 60  # elements above a link that are looked at
_MOST_BODIES = 20  # blocks called body that are weighed
_SHORTEST_BODY = 60  # characters: with less, what the page is about stands elsewhere
_LONGEST_CALL = 2_000  # characters of a call of a script, or an attribute, that are looked at

_DATE_NAMES = ("pubdate", "publishdate", "publish_date", "publishtime", "others_pubdate", "article:published_time")
_OFFICE_NAMES = ("contentsource", "source", "author_org", "publisher")


@dataclass(frozen=True, slots=True)
class Link:
    """One way on from a page.

    Attributes:
        address: where it leads.
        text: what it shows; where it shows nothing, its title.
        title: what it says besides: its title, the name under which it is to be saved.
        how: `link`, `frame`, `script` (an address in a call of a script), `attribute` (in an attribute of data), `refresh` or `list`
            (a further page of a list, by a call that writes the links to it).
        block: `body` where it stands in what the page is about, `furniture` in what all pages of a site show, else `unknown`.
        row: words of the row or paragraph that it stands in.
        heading: the last heading before it.
        attached: whether the page itself calls it an attachment.
        fragment: what stands behind `#`, which scripts may take for the name of a page of their own.
    """

    address: str
    text: str = ""
    title: str = ""
    how: str = "link"
    block: str = "unknown"
    row: str = ""
    heading: str = ""
    attached: bool = False
    fragment: str = ""

    @property
    def words(self) -> str:
        """All that it says of itself."""
        return f"{self.text} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class WebPage:
    """A web page.

    Attributes:
        address: where it was had.
        title: what it says that it is about.
        site: name of the site, or of its section.
        published: date of publication, `2026-03-02`; None where it says none.
        office: who published it, as it says itself.
        links: in the order of the page, each address once for each way.
        refused: links that lead to no address of the web, with the reason.
        text: what it shows, without furniture where that can be told.
        scripts: how many scripts it has.
        holds_back: whether more links stand on it than are looked at.
    """

    address: str
    title: str = ""
    site: str = ""
    published: str | None = None
    office: str | None = None
    links: tuple[Link, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    text: str = ""
    scripts: int = 0
    holds_back: bool = False


@dataclass(slots=True)
class _Reading:
    address: str
    encoding: str
    base: str
    links: dict[str, Link] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    full: bool = False
    rows: dict[int, str] = field(default_factory=dict)
    blocks: dict[int, str | None] = field(default_factory=dict)

    def row_of(self, node: Any) -> str:
        """Return the first words of a row."""
        if node.mem_id not in self.rows:
            self.rows[node.mem_id] = _first_words(node)
        return self.rows[node.mem_id]

    def block_of(self, node: Any) -> str | None:
        """Return what the tag, class and id of an element say of it."""
        if node.mem_id not in self.blocks:
            found = "furniture" if node.tag in _FURNITURE_TAGS else "body" if node.tag == "article" else block_of(_names_of(node))
            self.blocks[node.mem_id] = found
        return self.blocks[node.mem_id]

    def add(self, target: str, link: Link) -> None:
        """Keep a link; of several to one address the one that says most."""
        if len(self.links) >= MOST_LINKS:
            self.full = True
            return
        try:
            address = address_of(target, self.base, self.encoding)
        except Refused as refused:
            if len(self.refused) < MOST_LINKS:
                self.refused.setdefault(target[:MOST_TEXT], str(refused))
            return
        found = replace(link, address=address, fragment=target.partition("#")[2][:MOST_TEXT])
        key = f"{address}#{found.fragment}"
        known = self.links.get(key)
        if known is None or len(link.words) > len(known.words) or (known.block == "furniture" and link.block != "furniture"):
            self.links[key] = found


def read_links(data: bytes, address: str, served_as: str | None = None) -> WebPage:
    """Read a web page.

    Args:
        data: its bytes.
        address: where it was had, after redirects.
        served_as: the encoding that its server named.

    Raises:
        UnreadableDocument: its elements are nested too deeply.
    """
    prove_depth(data)
    text, broken = decoded_page(data, served_as)
    if broken and served_as:  # a server that names one encoding for all of its pages is wrong about the old ones
        text = min(text, decoded_page(data)[0], key=lambda read: read.count("\ufffd"))
    tree = LexborHTMLParser(text)
    scripts = [node.text() for node in tree.css("script")]
    said = _said_by_meta(tree)
    reading = _Reading(address, "gb18030" if _is_gb(data, served_as) else "utf-8", _base_of(tree, address))
    for target in _refreshed(tree):
        reading.add(target, Link("", how="refresh"))
    for target in _listed(scripts):
        reading.add(target, Link("", how="list"))
    tree.strip_tags(list(_UNSEEN))
    root = tree.body or tree.root
    seen = list(_seen(root)) if root is not None else []
    _read_elements(seen, reading)
    shown = _squeezed(_body_text(seen, root))
    return WebPage(
        address=address,
        title=_title_of(tree, said),
        site=_first(said, ("columnname", "sitename")) or "",
        published=_date_in(_first(said, _DATE_NAMES) or "") or _labelled_date(shown),
        office=_first(said, _OFFICE_NAMES) or _labelled_office(shown),
        links=tuple(reading.links.values()),
        refused=tuple(reading.refused.items()),
        text=shown,
        scripts=len(scripts),
        holds_back=reading.full,
    )


def _is_gb(data: bytes, served_as: str | None) -> bool:
    if served_as:
        return served_as.lower().startswith("gb")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _said_by_meta(tree: LexborHTMLParser) -> dict[str, str]:
    said: dict[str, str] = {}
    for node in tree.css("meta"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        content = _squeezed(node.attributes.get("content") or "")
        if name and content:
            said.setdefault(name, content)
    return said


def _first(said: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((said[name] for name in names if said.get(name)), None)


def _base_of(tree: LexborHTMLParser, address: str) -> str:
    node = tree.css_first("base[href]")
    try:
        return address_of(node.attributes.get("href") or "", address) if node is not None else address
    except Refused:
        return address


def _title_of(tree: LexborHTMLParser, said: dict[str, str]) -> str:
    """Return what the page is about: what it states of itself, else its first heading, else the title of its window."""
    if stated := said.get("articletitle"):
        return stated
    heading = next((_squeezed(node.text(separator=" ")) for node in tree.css("h1") if _squeezed(node.text())), "")
    window = tree.css_first("title")
    shown = _squeezed(window.text()) if window is not None else ""
    return heading if heading and heading in shown else shown or heading


def _refreshed(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh" and (
            match := _REFRESH.match(node.attributes.get("content") or "")
        ):
            yield match[1]


def _listed(scripts: list[str]) -> Iterator[str]:
    """Yield the further pages of a list whose links are written by a call with their number and name."""
    for script in scripts:
        for count, current, name, ending in _LIST_CALL.findall(script):
            for number in range(1, min(int(count), MOST_NEXT_PAGES)):
                if number != int(current):
                    yield f"{name}_{number}.{ending}"


def _seen(root: Any) -> Iterator[Any]:
    yield from (node for node in root.traverse() if node.tag and not node.tag.startswith("-"))


def _read_elements(elements: list[Any], reading: _Reading) -> None:
    heading = ""
    for node in elements:
        tag = node.tag
        if tag in _HEADINGS:
            heading = _first_words(node)
        attributes = node.attributes
        if tag in _FRAMES:
            if target := attributes.get(_FRAMES[tag]):
                block, row = _around(node, reading)
                reading.add(target, Link("", title=attributes.get("title") or "", how="frame", block=block, row=row, heading=heading))
            continue
        targets = list(_targets(tag, attributes))
        if not targets:
            continue
        block, row = _around(node, reading)
        own = _first_words(node)
        titles = [attributes.get(name) or "" for name in ("title", "download", "alt", "data-name", "data-filename")]
        title = _squeezed(" ".join(dict.fromkeys(part for part in titles if part and part != own)))[:MOST_TEXT]
        attached = "true" in (attributes.get("appendix"), attributes.get("data-appendix"))
        for target, how in targets:
            reading.add(target, Link("", own or title, title, how, block, row, heading, attached))


def _targets(tag: str, attributes: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield where an element leads: its link, and the addresses in its calls of scripts and attributes of data that look like such."""
    link = (attributes.get("href") or "").strip() if tag in ("a", "area", "link") else ""
    scripted = link.lower().startswith("javascript:")
    if link and not scripted and not link.startswith("#") and tag != "link":
        yield link, "link"
    for name, value in attributes.items():
        if not value or len(value) > _LONGEST_CALL:
            continue
        if name in ("onclick", "ondblclick", "onmousedown") or (name == "href" and scripted):
            yield from ((found, "script") for found in _QUOTED.findall(value) if _leads_somewhere(found))
        elif name.startswith("data-") and _leads_somewhere(value.strip()):
            yield value.strip(), "attribute"


def _leads_somewhere(value: str) -> bool:
    """Return whether a text is an address of a document or a page, and no word, number or selector."""
    if value.startswith(("#", "{", "[")) or " " in value or len(value) > MOST_TEXT * 2:
        return False
    if value.startswith(("http://", "https://", "//")):
        return True
    ending = ending_of(f"http://page/{value.lstrip('/')}") if "." in value else ""
    if ending in DOCUMENT_ENDINGS:
        return True
    return value.startswith(("/", "./", "../")) and ending in (".html", ".htm", ".shtml", ".jsp", ".do")


def _around(node: Any, reading: _Reading) -> tuple[str, str]:
    """Return in which block of the page an element stands, and the words of its row."""
    row, block = "", None
    above, depth = node.parent, 0
    while above is not None and depth < _MOST_ABOVE and above.tag not in ("body", "html"):
        if not row and above.tag in _ROWS:
            row = reading.row_of(above)
        block = block or reading.block_of(above)
        above, depth = above.parent, depth + 1
    return block or "unknown", row


def _first_words(node: Any) -> str:
    """Return the beginning of what an element shows."""
    parts, length = [], 0
    for inner in node.traverse(include_text=True):
        if inner.tag == "-text":
            part = _SPACES.sub(" ", inner.text_content or "")
            parts.append(part)
            length += len(part)
            if length > MOST_TEXT:
                break
    return _squeezed("".join(parts))[:MOST_TEXT]


def _names_of(node: Any) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"[:MOST_TEXT]


def _body_text(elements: list[Any], root: Any) -> str:
    """Return the text of the largest block that is known as the body of the page, else all of its text."""
    bodies = islice((node for node in elements if node.tag == "article" or block_of(_names_of(node)) == "body"), _MOST_BODIES)
    whole = root.text(separator=" ") if root is not None else ""
    body = max((node.text(separator=" ") for node in bodies), key=len, default="")
    return body if len(_squeezed(body)) >= _SHORTEST_BODY else whole


def _labelled_date(text: str) -> str | None:
    for match in DATE_LABEL.finditer(text):
        if date := _date_in(text[match.end() : match.end() + 20]):
            return date
    return None


def _labelled_office(text: str) -> str | None:
    for match in OFFICE_LABEL.finditer(text):
        if (found := _AFTER_LABEL.match(text, match.end())) and not _DATE.search(found[1]):
            return found[1]
    return None


def _date_in(text: str) -> str | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
