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
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.document.forms.web_pages import decoded_page, prove_depth
from pipeline.fetch.addresses import Refused, address_of, document_shown
from pipeline.fetch.page_data import (
    LONGEST_CALL,
    Records,
    addresses_in_call,
    further_pages,
    is_address,
    named_addresses,
    records_in,
    sent_on,
)
from pipeline.fetch.page_head import SPACES, first_of, office_of, published_of, said_by_head, squeezed, title_of
from schemas.vocabulary.links import block_of

MOST_LINKS = 5_000
"""Links of a page that are looked at: the largest real lists have some hundred, and every page of a site about three hundred beside."""

MOST_TEXT = 300
"""Characters that are kept of a link's words, and of the row around it."""

_NUMBER_AT_END = re.compile(r"_\d{1,3}$")
_REFRESH = re.compile(r"""\s*+[\d.]{0,6}\s*+[;,]?\s*+url\s*+=\s*+["']?([^"'\s]{1,500})""", re.IGNORECASE)
_ROWS = frozenset(("li", "tr", "p", "dd", "dt", "td"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"))
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_UNSEEN = ("script", "style", "template", "noscript")
_FURNITURE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_MOST_ABOVE = 60  # elements above a link that are looked at
_NEAR = 3  # elements above a link that may hold its label beside it
_FEW_BESIDE = 60  # characters of such a label with the link; with more it is a block of the page
_MOST_INSIDE = 2_000  # elements and texts inside one that are looked at
_MOST_IN_SCRIPTS = 2 << 20  # characters of the scripts of a page that are looked at
_MOST_BODIES = 20  # blocks called body that are weighed
_SHORTEST_BODY = 60  # characters: with less, what the page is about stands elsewhere
_FEWEST_WORDS = 60  # characters: a page that sends on by a script shows fewer


@dataclass(frozen=True, slots=True)
class Link:
    """One way on from a page.

    Attributes:
        address: where it leads.
        text: what it shows; where it shows nothing, its title.
        title: what it says besides: its title, the name under which it is to be saved.
        how: `link`, `frame`, `script` (an address in a call of a script), `attribute` (in an attribute of data), `data` (in what a script
            holds), `refresh` or `list` (a further page of a list, by what writes the links to it).
        block: `body` where it stands in what the page is about, `furniture` in what all pages of a site show, else `unknown`.
        row: words of the row or paragraph that it stands in; in a table, of its whole row, unless that is longer than a row of a list;
            where it stands in none, the few words beside it.
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
        unreached: texts of what is made to be clicked on and leads nowhere without a script.
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
    unreached: tuple[str, ...] = ()
    holds_back: bool = False


@dataclass(slots=True)
class _Reading:
    address: str
    encoding: str
    base: str
    links: dict[str, Link] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)
    full: bool = False
    rows: dict[int, str] = field(default_factory=dict)
    blocks: dict[int, str | None] = field(default_factory=dict)

    def row_of(self, node: Any) -> str:
        """Return the first words of an element, as of a row."""
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
            if shown := document_shown(address):
                address = address_of(shown, address, self.encoding)
        except Refused as refused:
            if len(self.refused) < MOST_LINKS:
                self.refused.setdefault(target[:MOST_TEXT], str(refused))
            return
        found = replace(link, address=address, fragment=target.partition("#")[2][:MOST_TEXT])
        key = f"{address}#{found.fragment}"
        known = self.links.get(key)
        if known is not None and link.how == "data":
            return  # an element says better where it stands
        if known is None or len(link.words) > len(known.words) or (known.block == "furniture" and link.block != "furniture"):
            self.links[key] = found


def read_links(data: bytes, address: str, served_as: str | None = None) -> WebPage:
    """Read a web page, or what a page's script would ask for: a list as JSON, or as records of elements.

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
    scripts = [text] if is_data(text) else [node.text() for node in tree.css("script")]
    said = said_by_head(tree)
    reading = _Reading(address, "gb18030" if _is_gb(data, served_as) else "utf-8", _base_of(tree, address))
    for target in _refreshed(tree):
        reading.add(target, Link("", how="refresh"))
    for script in scripts:
        for target in further_pages(script, _own_name(address)):
            reading.add(target, Link("", how="list"))
    tree.strip_tags(list(_UNSEEN))
    root = tree.body or tree.root
    seen = list(_seen(root)) if root is not None else []
    _read_elements(seen, reading)
    shown = squeezed(f"{_body_text(seen, root)} {' '.join(_read_records(records_in(script), reading) for script in scripts)}")
    _read_scripts(scripts, shown, reading)
    return WebPage(
        address=address,
        title=title_of(tree, said),
        site=first_of(said, ("columnname", "sitename")) or "",
        published=published_of(said, shown),
        office=office_of(said, shown),
        links=tuple(reading.links.values()),
        refused=tuple(reading.refused.items()),
        text=shown,
        scripts=len(scripts),
        unreached=tuple(reading.unreached),
        holds_back=reading.full,
    )


def is_data(text: str) -> bool:
    """Return whether an answer is no page, but the data of one: JSON, or a list of records."""
    start = text[:MOST_TEXT].lstrip().lower()
    return start.startswith(("{", "[")) or (start.startswith(("<?xml", "<datastore")) and "<datastore" in start)


def _own_name(address: str) -> str:
    """Return the name of the file of a list without its number and ending; `index` where the address names a folder."""
    name = urlsplit(address).path.rpartition("/")[2].partition(".")[0]
    return _NUMBER_AT_END.sub("", name) or "index"


def _read_records(records: Records, reading: _Reading) -> str:
    """Read the rows of a list that is held as data; return their text."""
    if records.further:
        for node in LexborHTMLParser(f"<body>{records.further}").css("a[href]"):
            reading.add(node.attributes.get("href") or "", Link("", how="list"))
    if not records.rows:
        return ""
    tree = LexborHTMLParser(f"<body>{records.rows}")
    tree.strip_tags(list(_UNSEEN))
    if tree.body is None:
        return ""
    _read_elements(list(_seen(tree.body)), reading)
    return tree.body.text(separator=" ")


def _read_scripts(scripts: list[str], shown: str, reading: _Reading) -> None:
    rest = _MOST_IN_SCRIPTS
    for script in scripts:
        held, rest = script[:rest], max(rest - len(script), 0)
        for found in islice(named_addresses(held), MOST_LINKS):
            reading.add(found.address, Link("", found.words[:MOST_TEXT], how="data"))
        if len(shown) < _FEWEST_WORDS and (target := sent_on(script)):
            reading.add(target, Link("", how="refresh"))


def _is_gb(data: bytes, served_as: str | None) -> bool:
    if served_as:
        return served_as.lower().startswith("gb")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _base_of(tree: LexborHTMLParser, address: str) -> str:
    node = tree.css_first("base[href]")
    try:
        return address_of(node.attributes.get("href") or "", address) if node is not None else address
    except Refused:
        return address


def _refreshed(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh" and (
            match := _REFRESH.match(node.attributes.get("content") or "")
        ):
            yield match[1]


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
            if (
                ("onclick" in attributes or (attributes.get("href") or "").startswith("javascript:"))
                and len(reading.unreached) < MOST_LINKS
                and (text := _first_words(node))
            ):
                reading.unreached.append(text)
            continue
        block, row = _around(node, reading)
        own = reading.row_of(node)
        titles = [attributes.get(name) or "" for name in ("title", "download", "alt", "data-name", "data-filename")]
        if not own:
            pictures = (inner for inner in islice(node.traverse(), _MOST_INSIDE) if inner.tag == "img")
            titles += [picture.attributes.get(name) or "" for picture in pictures for name in ("alt", "title")]
        title = squeezed(" ".join(dict.fromkeys(part for part in titles if part and part != own)))[:MOST_TEXT]
        attached = "true" in (attributes.get("appendix"), attributes.get("data-appendix"))
        for target, how, named in targets:
            said = title if named in title else squeezed(f"{title} {named}")[:MOST_TEXT]
            reading.add(target, Link("", own or said, said, how, block, row, heading, attached))


def _targets(tag: str, attributes: dict[str, str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield where an element leads, how, and what is said with it: its link, addresses in calls of scripts and attributes of data."""
    link = (attributes.get("href") or "").strip() if tag in ("a", "area", "link") else ""
    scripted = link.lower().startswith("javascript:")
    if link and not scripted and not link.startswith("#") and tag != "link":
        yield link, "link", ""
    if tag == "option" and is_address((attributes.get("value") or "").strip()):
        yield (attributes["value"] or "").strip(), "link", ""
    for name, value in attributes.items():
        if not value or len(value) > LONGEST_CALL:
            continue
        if name in ("onclick", "ondblclick", "onmousedown") or (name == "href" and scripted):
            yield from ((found.address, "script", found.words) for found in addresses_in_call(value))
        elif name.startswith("data-") and is_address(value.strip()):
            yield value.strip(), "attribute", ""


def _around(node: Any, reading: _Reading) -> tuple[str, str]:
    """Return in which block of the page an element stands, and the words of its row, or those beside it."""
    row, beside, block = "", "", None
    own = len(reading.row_of(node))
    cell = False
    above, depth = node.parent, 0
    while above is not None and depth < _MOST_ABOVE and above.tag not in ("body", "html"):
        if (not row and above.tag in _ROWS) or (cell and above.tag == "tr"):
            found = reading.row_of(above)
            row = found if not row or len(found) < MOST_TEXT else row
            cell = above.tag == "td"
        elif not row and not beside and depth < _NEAR:
            found = reading.row_of(above)
            beside = found if own < len(found) else ""
        block = block or reading.block_of(above)
        above, depth = above.parent, depth + 1
    return block or "unknown", row or (beside if len(beside) <= _FEW_BESIDE else "")


def _first_words(node: Any) -> str:
    """Return the beginning of what an element shows."""
    parts, length = [], 0
    for inner in islice(node.traverse(include_text=True), _MOST_INSIDE):
        if inner.tag == "-text":
            part = SPACES.sub(" ", inner.text_content or "")
            parts.append(part)
            length += len(part)
            if length > MOST_TEXT:
                break
    return squeezed("".join(parts))[:MOST_TEXT]


def _names_of(node: Any) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"[:MOST_TEXT]


def _body_text(elements: list[Any], root: Any) -> str:
    """Return the text of the largest block that is known as the body of the page, else all of its text."""
    bodies = islice((node for node in elements if node.tag == "article" or block_of(_names_of(node)) == "body"), _MOST_BODIES)
    whole = root.text(separator=" ") if root is not None else ""
    body = max((node.text(separator=" ") for node in bodies), key=len, default="")
    return body if len(squeezed(body)) >= _SHORTEST_BODY else whole
