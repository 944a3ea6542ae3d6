"""Reading web pages: what a browser shows of the file alone, no script run and nothing fetched.

Belongs here: from the bytes of an HTML file to paragraphs and tables. Does not belong here: which tables are tables (`flow.py`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import unquote_to_bytes

from selectolax.lexbor import LexborHTMLParser

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.forms.flow import NOTE, STRUCK, Block, FlowCell, FlowTable, Paragraph, Picture, pages_of
from pipeline.document.forms.typesetting import CHARACTER
from pipeline.document.page_titles import title_of, way_and_page
from pipeline.document.pictures_in_text import FilesOfPictures, sides_of
from pipeline.document.text_dump import decode

WEB_PAGE = "selectolax"
"""Name of the reader."""

MOST_DEEP = 200
"""Elements inside one another: pages laid out by tables within tables nest some fifty deep."""

_HEAD = 4096  # bytes in which a page says its encoding
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,256}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_UNICODE_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What pages call by these names is, and browsers read as, the wider encoding.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
_NO_TEXT = ("head", "script", "style", "template", "noframes", "object", "applet", "audio", "video", "canvas", "svg", "math", "iframe")
_CONTROLS = ("select", "datalist", "textarea", "input", "button", "dialog")
_UNSHOWN = frozenset((*_NO_TEXT, *_CONTROLS))
_SECTIONS = ("address", "article", "aside", "blockquote", "body", "center", "div", "footer", "frame", "frameset", "header", "html", "main")
_LISTS = ("dd", "details", "dir", "dl", "dt", "li", "menu", "nav", "ol", "summary", "ul")
_PARTS = ("caption", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "legend", "p", "pre", "section")
_BLOCKS = frozenset((*_SECTIONS, *_LISTS, *_PARTS))
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0+(?:px|pt|em|%)?\s*(?:;|$))", re.IGNORECASE
)
_NO_WIDTH, _COLLAPSED = ("0", "0px", "0pt"), re.compile(r"(?:^|;)\s*visibility\s*:\s*collapse", re.IGNORECASE)
_STRUCK = frozenset(("s", "strike", "del"))
_STRUCK_BY_STYLE = re.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)
_INDENT = re.compile(r"(?:^|;)\s*(text-indent|padding-left|margin-left)\s*:\s*(-?[\d.]+)\s*(px|pt|em|rem|cm|mm|in|[;!]|$)", re.IGNORECASE)
_PADDING = re.compile(r"(?:^|;)\s*padding\s*:\s*(?:[^\s;]{1,12}\s+){3}", re.IGNORECASE)  # of four sides, the left one last
_POINTS = {"px": 0.75, "pt": 1.0, "em": CHARACTER, "rem": CHARACTER, "cm": 28.35, "mm": 2.835, "in": 72.0}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAGS = re.compile(rb"<(/?)(?:div|span|table|font|center|b|i|a|section|ul)\b", re.IGNORECASE)
# a class that stands alone: `.menu .content` hides no content elsewhere
_CLASS_RULES = re.compile(r"(?:^|(?<=[},])|<!--|\*/)\s*+(?:td|tr|p|span|div|col)?\.([A-Za-z][\w-]*+)\s*+\{([^{}]*)\}")
_MEDIA = re.compile(r"@media[^{}@]*\{(?:[^{}@]*\{[^{}@]*\})*[^{}@]*\}")
_LATE, _PICTURES = ("data-original", "data-src"), (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".svg")
_LARGE = 2048  # bytes: a file of fewer shows no table
_PIXELS = re.compile(r"\s*+(\d{1,9})\s*+(?:px\s*+)?$")
_SMALL = 100  # pixels: no table with a smaller side can be read
_NAMED, _LONGEST_ADDRESS = 20, 200  # pictures that are named, and characters of such an address
_ASIDE = frozenset(("nav", "header", "footer", "aside", "button", "form"))  # what stands in these is no text of the page
_FRAMES = ("frameset", "iframe")
_LINES_OF_TITLE = 12  # among which a page's own title stands
_SHORT_PAGE = 200  # characters: a page with less, and frames, has its content in these
_MOST_SPANNED = (65_534, 1_000)  # rows and columns that a cell may cover, by the standard


def read_web_page(data: bytes) -> Content:
    """Read a web page: a page per table, with the paragraphs above it.

    Args:
        data: the bytes of the file, in the encoding that it declares, or UTF-8, UTF-16 or GB18030.

    Raises:
        UnreadableDocument: it shows no text, has its content in other files, or is nested too deeply.
    """
    prove_depth(data)
    text, warnings = decoded_page(data)
    tree = LexborHTMLParser(text)
    _apply_classes(tree)
    struck = _hide_struck(tree)
    root = tree.root
    blocks = list(_blocks(root, 0)) if root is not None else []
    if blocks and (title := title_of(tree, islice(_texts(blocks), _LINES_OF_TITLE))):
        blocks.insert(0, Paragraph(title))
    pictures = FilesOfPictures()
    pages = pages_of(blocks, WEB_PAGE, pictures)
    shown = sum(len(line.text) for page in pages for line in page.lines)
    if shown < _SHORT_PAGE and any(tree.css_first(frame) is not None for frame in _FRAMES):
        raise UnreadableDocument("The web page shows its content in frames, which are other files: give these.")
    if not shown:
        raise UnreadableDocument("The web page shows no text without running its scripts.")
    said = (*pictures.said("open it in a browser and save it as PDF"), *_elsewhere(tree))
    if struck:
        said = (*said, STRUCK.format(struck))
    return Content("grids", WEB_PAGE, pages, (*warnings, *said), printed=False)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the paragraphs of a page, those in tables too: tables lay pages out."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, FlowTable):
            yield from _texts(inner for row in block.rows for cell in row for inner in cell.blocks)


def _elsewhere(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Return what is said of pictures that are other files and may be tables: those of the text, not of links, menus or small signs."""
    found = [_address(image) for image in tree.css("img") if _may_be_table(image)]
    named = list(dict.fromkeys("".join(char for char in address if char.isprintable())[:_LONGEST_ADDRESS] for address in found if address))
    addresses = ", ".join(named[:_NAMED] + (["…"] if len(named) > _NAMED else []))
    return (f"Pictures that are files of their own were not read, give them if they show tables: {addresses}.",) if addresses else ()


def _address(image: Any) -> str:
    """Return the file that a picture is: of a small one that leads to a large one the large one; empty where the page holds it itself.

    Scripts load a picture late from an address of its own, which stands beside that of a sign in its place.
    """
    link = _link_around(image)
    if _is_picture(link):
        return link
    told = image.attributes
    first = _first(told.get(name) for name in (*_LATE, "src"))
    if first or _embedded(told.get("src")):
        return first
    around = image.parent
    sources = [image, *(node for node in (around.iter() if around is not None and around.tag == "picture" else ()) if node.tag == "source")]
    sets = (node.attributes.get(name) or "" for node in sources for name in ("srcset", "data-srcset"))
    return _first(address for own in sets if not own.strip().startswith("data:") for address in own.replace(",", " ").split()[:1])


def _first(addresses: Iterable[str | None]) -> str:
    """Return the first address of a file outside the page."""
    return next((own for address in addresses if (own := (address or "").strip()) and not own.lower().startswith("data:")), "")


def _embedded(address: str | None) -> bytes:
    """Return the bytes of a picture that the page holds itself, as they are where they cannot be decoded; of a sign none."""
    head, _, said = (address or "").strip().partition(",")
    kind = head.lower()
    if not kind.startswith("data:image/") or len(said) < _LARGE:
        return b""
    data = unquote_to_bytes(said)
    if kind.endswith(";base64"):
        with suppress(ValueError):
            data = base64.b64decode(data)
    return data if len(data) >= _LARGE else b""


def _may_be_table(image: Any, data: bytes = b"") -> bool:
    """Tell whether a picture of the page may be a table: by where it stands, and how large it is shown, or is if the page holds it."""
    sides = [int(match[1]) for side in ("width", "height") if (match := _PIXELS.match(image.attributes.get(side) or ""))]
    link = _link_around(image)
    if not _is_picture(link) and min((*sides, *sides_of(data), _SMALL)) < _SMALL:
        return False
    if not _shows(image):
        return False
    above = image.parent
    while above is not None:
        if above.tag in _ASIDE or (above.is_element_node and not _shows(above)):
            return False
        above = above.parent
    return not link or _is_picture(link)


def _link_around(image: Any) -> str:
    """Return where a picture leads; empty where it leads nowhere, or to a place of the same page."""
    above = image.parent
    while above is not None and above.tag != "a":
        above = above.parent
    address = ((above.attributes.get("href") if above is not None else None) or "").strip()
    return "" if address.lower().startswith(("#", "javascript:")) else address


def _is_picture(address: str) -> bool:
    return address.partition("?")[0].partition("#")[0].lower().endswith(_PICTURES)


def prove_depth(data: bytes) -> None:
    """Refuse a page whose elements nest so deeply that only laying out the tree of them would take hours."""
    depth = 0
    for match in _TAGS.finditer(data):
        depth = max(depth - 1, 0) if match[1] else depth + 1
        if depth > 10 * MOST_DEEP:
            raise UnreadableDocument(f"The elements of the web page are nested more than {10 * MOST_DEEP} deep.")


def decoded_page(data: bytes, served_as: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page as a browser decodes it, and what is to be said of that.

    Args:
        data: the bytes of the page.
        served_as: the encoding that its server named; what the page says of itself is asked where there is none.
    """
    encoding = next((name for mark, name in _UNICODE_MARKS if data.startswith(mark)), None)
    if encoding is None:
        declared = _DECLARED.search(data[:_HEAD])
        name = (served_as or (declared[1].decode("ascii", "replace") if declared else "")).lower()
        encoding = _WIDER.get(name, name) or None
        if encoding is not None and encoding.startswith("utf-16"):
            encoding = "utf-8"  # what could be read as ASCII is none, whatever it says of itself
    if encoding in ("utf-8", "gb18030") and (other := _other_encoding(data, encoding)):
        return data.decode(other).lstrip("\ufeff"), (f"The web page says that it is {encoding}, and is {other}.",)
    if encoding is None:
        try:
            return decode(data)[0].lstrip("\ufeff"), ()
        except UnreadableDocument:
            encoding = "gb18030"
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        text = data.decode("gb18030", "replace")
    broken = text.count("\ufffd")
    said = (f"{broken} characters of the web page are broken in its encoding {encoding}.",) if broken else ()
    return text.lstrip("\ufeff"), said


def _apply_classes(tree: LexborHTMLParser) -> None:
    """Do what the page's own style sheets say of a class alone, on every medium: spreadsheets saved as pages hide and set in by them."""
    for sheet in tree.css("style"):
        for name, rules in _CLASS_RULES.findall(_MEDIA.sub("", sheet.text(deep=True))):
            hides, sets_in = _HIDDEN.search(rules), _indent_of(rules)
            for node in tree.css(f".{name}") if hides or sets_in else ():
                if hides:
                    node.attrs["hidden"] = ""
                if sets_in:
                    node.attrs["style"] = f"{rules};{_style(node)}"  # what stands in the element itself counts for more


def _hide_struck(tree: LexborHTMLParser) -> int:
    """Mark as hidden what is struck through, which its publisher has taken back; return how many such elements show text."""
    struck = [node for node in tree.css("s, strike, del, [style]") if node.tag in _STRUCK or _STRUCK_BY_STYLE.search(_style(node))]
    for node in struck:
        node.attrs["hidden"] = ""
    return sum(bool(node.text(deep=True).strip()) for node in struck)


def _style(node: Any) -> str:
    return node.attributes.get("style") or ""


def _other_encoding(data: bytes, said: str) -> str | None:
    """Return the encoding that a page is in, where it is not the one it says: no other text is UTF-8 by chance."""
    try:
        is_unicode = data.decode("utf-8") and not data.isascii()
    except UnicodeDecodeError:
        is_unicode = False
    if said == "gb18030":
        return "utf-8" if is_unicode else None
    if is_unicode or data.isascii():
        return None
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "gb18030"


def _blocks(node: Any, depth: int) -> Iterator[Block]:
    """Yield the paragraphs and tables that an element shows."""
    line = _OpenLine()
    yield from _inside(node, depth, line)
    yield from line.closed()


class _OpenLine:
    """Text that goes on until a block begins or ends."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.indent = 0.0
        self.kept = False  # whether spaces and line breaks show as they are
        self.drawn = False

    def closed(self) -> Iterator[Paragraph]:
        text = "".join(self.parts)
        self.parts = []
        # spaces at the ends of lines do not show; those that may not be broken do
        text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n").replace("\xa0", " ").rstrip()
        if text.strip():
            yield Paragraph(way_and_page(text), self.indent)

    def ends_in_digit(self) -> bool:
        return bool(self.parts) and self.parts[-1][-1:].isdigit()

    def add(self, text: str) -> None:
        if self.kept:
            self.parts.append(text.replace("\r\n", "\n"))
            return
        text = _SPACES.sub(" ", text)
        ends = self.parts[-1][-1:] if self.parts else "\n"
        self.parts.append(text.removeprefix(" ") if ends in (" ", "\n") else text)
        if not self.parts[-1]:
            self.parts.pop()


def _inside(node: Any, depth: int, line: _OpenLine) -> Iterator[Block]:
    if depth > MOST_DEEP:
        raise UnreadableDocument(f"The elements of the web page are nested more than {MOST_DEEP} deep.")
    child = node.child
    while child is not None:
        if child.is_text_node:
            line.add(child.text_content or "")
        elif child.is_element_node and _shows(child):
            yield from _element(child, depth, line)
        child = child.next


def _element(node: Any, depth: int, line: _OpenLine) -> Iterator[Block]:
    tag = node.tag
    if tag == "br":
        line.parts.append("\n")
    elif tag == "img":
        line.drawn = True
        data = _embedded(node.attributes.get("src"))
        if data and _may_be_table(node, data):
            yield from line.closed()
            yield Picture(data)
    elif tag == "sup" and line.ends_in_digit() and NOTE.fullmatch(node.text(deep=True).strip()):
        return
    elif tag == "table":
        yield from line.closed()
        yield from _captions(node, depth)
        yield FlowTable(tuple(_rows(node, depth + 1)), frozenset(_hidden_columns(node)))
    elif tag in _BLOCKS:
        yield from line.closed()
        outer = line.indent, line.kept
        line.indent, line.kept = outer[0] + _indent(node), outer[1] or tag == "pre"
        yield from _inside(node, depth + 1, line)
        yield from line.closed()
        line.indent, line.kept = outer
    else:
        yield from _inside(node, depth + 1, line)


def _shows(node: Any) -> bool:
    if node.tag in _UNSHOWN:
        return False
    attributes = node.attributes
    return "hidden" not in attributes and not _HIDDEN.search(attributes.get("style") or "")


def _indent(node: Any) -> float:
    return _indent_of(_style(node))


def _indent_of(style: str) -> float:
    """Return by how many points a style sets the first line in: of what it says twice, the last word counts."""
    sides: dict[str, float] = {}
    for name, size, unit in _INDENT.findall(_PADDING.sub(";padding-left:", style)):
        with suppress(ValueError):
            sides[name.lower()] = float(size) * _POINTS.get(unit.lower(), 0.0)
    return max(sum(sides.values()), 0.0)


def _captions(table: Any, depth: int) -> Iterator[Block]:
    for child in table.iter():
        if child.tag == "caption" and _shows(child):
            yield from _blocks(child, depth + 1)


def _hidden_columns(table: Any) -> Iterator[int]:
    """Yield the columns of a table that are hidden, as spreadsheets saved as pages write it; one that but says to have no width shows."""
    at = 0
    for node in table.iter():
        columns = (
            [col for col in node.iter() if col.tag == "col"] or [node] if node.tag == "colgroup" else [node] if node.tag == "col" else []
        )
        for col in columns:
            width = _span(col, "span", _MOST_SPANNED[1])
            if _COLLAPSED.search(_style(col)) or ((col.attributes.get("width") or "").strip() in _NO_WIDTH and not _shows(col)):
                yield from range(at, at + width)
            at += width


def _rows(node: Any, depth: int) -> Iterator[tuple[FlowCell, ...]]:
    """Yield the rows of a table; its head comes first and its foot last, wherever they stand."""
    parts = [child for child in node.iter() if _shows(child)]
    for tag in ("thead", "tbody", "tfoot"):
        for part in parts:
            for row in part.iter() if part.tag == tag else ():
                if row.tag == "tr" and _shows(row):
                    yield tuple(_cell(cell, depth) for cell in row.iter() if cell.tag in ("td", "th") and _shows(cell))


def _cell(node: Any, depth: int) -> FlowCell:
    line = _OpenLine()
    line.indent = _indent(node)
    blocks = [*_inside(node, depth + 2, line), *line.closed()]
    rows, columns = (_span(node, name, most) for name, most in zip(("rowspan", "colspan"), _MOST_SPANNED, strict=True))
    return FlowCell(tuple(blocks), rows, max(columns, 1), line.drawn)


def _span(node: Any, name: str, most: int) -> int:
    match = re.match(r"\s*(\d{1,9})", node.attributes.get(name) or "")
    return min(int(match[1]), most) if match else 1
