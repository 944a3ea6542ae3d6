"""Pages of a PDF whose bytes are damaged: pdfium mends or leaves out what it cannot read there, and says nothing.

Belongs here: from damaged objects to the pages that print by them, and whether the list of pages holds together. Does not belong here:
what becomes of such pages (`pipeline.checks.of_pages.damaged_pages`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document.pdf.file_structure.objects import BLANK, PdfObjects, objects_of

_TAIL = BLANK + rb"++\d{1,5}" + BLANK + rb"++R"  # of a reference, behind the number of the object
_TO = BLANK + rb"*+(\d{1,10})" + _TAIL
_TYPE = rb"/Type" + BLANK + rb"*+/"
_REFERENCE = re.compile(rb"(\d{1,10})" + _TAIL + rb"(?![A-Za-z])")
_ROOT = re.compile(rb"/Root" + _TO)
_PAGES = re.compile(rb"/Pages" + _TO)
_KIDS = re.compile(rb"/Kids" + BLANK + rb"*+\[([^\[\]]*+)\]")
_PARENT = re.compile(rb"/Parent" + _TO)
_IS_PAGE = re.compile(_TYPE + rb"Page(?![A-Za-z])")
_IS_TREE = re.compile(_TYPE + rb"Pages(?![A-Za-z])")
_FONT_FILE = re.compile(rb"/FontFile[23]?+" + _TO)
_STREAMED = re.compile(rb"/(?:ToUnicode|FontFile[23]?+|Contents)" + BLANK + rb"*+(?:(\d{1,10})" + _TAIL + rb"|\[([\d\t\n\f\r R]++)\])")
_FONTS = re.compile(rb"/Font" + BLANK + rb"*+<<([^<>]*+)>>")
_DRAWN = re.compile(rb"/XObject" + BLANK + rb"*+<<([^<>]*+)>>")
_IS_DRAWN = re.compile(rb"/Subtype" + BLANK + rb"*+/(?:Form|Image|PS)(?![A-Za-z])")
_IS_OTHER = re.compile(_TYPE + rb"(?:XRef|ObjStm|XObject|Font|Pages?|Catalog)(?![A-Za-z])")
_IS_FONT = re.compile(rb"/(?:Font|Type0|Type1|TrueType|Type3|MMType1)(?![A-Za-z])")
_NOT_PRINTED = re.compile(rb"/(?:Parent|StructParent|P|Dest|Next|Prev)" + BLANK + rb"*+\d{1,10}" + _TAIL)
_CONTENT = re.compile(rb"/Contents" + BLANK + rb"*+\[?+" + BLANK + rb"*+(\d{1,10})" + _TAIL)
_FEWEST_ORDERED = 4
"""Pages whose order tells an exchange. Of three, one of the first and the last is the order of a writer that numbers from the end."""

_DEEPEST_TREE = 32
"""Levels of nodes between a page and the list of pages: writers use two or three."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is damaged in a document.

    Attributes:
        pages: numbers, from 1, of the pages that print by something damaged.
        listed: object numbers of the pages to which its list of pages leads, in order; None where that cannot be told.
        unlisted: whether there are pages to which it does not lead.
        exchanged: whether two pages stand in each other's place.
        shapes: bytes of the file at which damaged font programs begin of which the text does not depend.
    """

    pages: frozenset[int] = frozenset()
    listed: tuple[int, ...] | None = None
    unlisted: bool = False
    exchanged: bool = False
    shapes: tuple[int, ...] = ()

    def is_torn(self, pages: int) -> bool:
        """Tell whether pages may be missing, doubled or in another order in a document that opens with so many."""
        if self.exchanged:
            return True
        return self.listed is not None and (self.unlisted or not pages == len(self.listed) == len(set(self.listed)))


def damage_of(data: bytes) -> Damage:
    """Return what is damaged in a PDF.

    Args:
        data: its bytes.
    """
    objects = objects_of(data)
    listed = _listed(objects)
    known = set(listed)
    objects.damaged |= _others(listed, objects)
    unlisted = any(_IS_PAGE.search(body) for number, body in objects.bodies.items() if number not in known)
    told = None if objects.encrypted else tuple(listed)  # an encrypted list may stand in a stream
    exchanged = _are_exchanged(listed, objects)
    if not objects.damaged and not objects.searched:
        return Damage(listed=told, unlisted=unlisted, exchanged=exchanged)
    programs = {int(match[1]) for body in objects.bodies.values() for match in _FONT_FILE.finditer(body)} & objects.damaged
    touched = _touched(objects, programs)
    pages = frozenset(n for n, page in enumerate(listed, 1) if page in touched or not touched.isdisjoint(_inherited(page, objects)))
    return Damage(pages, told, unlisted, exchanged, tuple(sorted(objects.heads[number] for number in programs & objects.heads.keys())))


def without_shapes(data: bytes, damage: Damage) -> bytes:
    """Return a PDF without its damaged font programs: for their shapes, which pdfium would draw or leave out, its stand-in is taken."""
    if not damage.shapes:
        return data
    mended = bytearray(data)
    for head in damage.shapes:  # no object of that number begins there any more
        mended[head : data.index(b"obj", head)] = b" " * (data.index(b"obj", head) - head)
    return bytes(mended)


def _listed(objects: PdfObjects) -> list[int]:
    """Return the object numbers of the pages in their order, as far as the list of pages leads to them."""
    roots = [int(match[1]) for trailer in objects.trailers if (match := _ROOT.search(trailer))]
    trees = [match for root in roots[:1] if (match := _PAGES.search(objects.bodies.get(root, b"")))]
    found: list[int] = []
    todo = [(int(tree[1]), 0) for tree in trees]
    seen: set[int] = set()
    while todo:
        number, depth = todo.pop()
        body = objects.bodies.get(number, b"")
        kids = _KIDS.search(body)
        if kids and depth < _DEEPEST_TREE and not _IS_PAGE.search(body):
            if number not in seen:
                seen.add(number)
                todo += [(int(match[1]), depth + 1) for match in _REFERENCE.finditer(kids[1])][::-1]
        else:
            found.append(number)
    return found


def _are_exchanged(listed: Sequence[int], objects: PdfObjects) -> bool:
    """Tell whether two pages, not neighbours, stand in each other's place.

    Writers number what pages print in the order of the pages. Where it ascends but for two that would ascend if they were exchanged, what
    holds the one was written over the other: who moves pages moves the others along.
    """
    printed = [int(match[1]) for page in listed if (match := _CONTENT.search(objects.bodies.get(page, b"")))]
    if len(listed) < _FEWEST_ORDERED or len(set(printed)) < len(listed):
        return False
    moved = [n for n, (own, ordered) in enumerate(zip(printed, sorted(printed), strict=True)) if own != ordered]
    return len(moved) == 2 and moved[1] - moved[0] > 1


def _others(listed: Iterable[int], objects: PdfObjects) -> set[int]:
    """Return the numbers of objects that are of another kind than those that refer to them take them for."""
    bodies = objects.bodies
    found = {number for number in listed if not _IS_PAGE.search(bodies.get(number, b""))}
    for body in bodies.values():
        for match in _STREAMED.finditer(body):
            numbers = [int(match[1])] if match[1] else [int(own[1]) for own in _REFERENCE.finditer(match[2])]
            taken = {n: bodies[n] for n in numbers if n in bodies}
            found.update(n for n, own in taken.items() if n not in objects.streams and not own.lstrip().startswith(b"["))
            found.update(n for n, own in taken.items() if _IS_OTHER.search(own))
        for named, kind in ((_FONTS, _IS_FONT), (_DRAWN, _IS_DRAWN)):
            for match in named.finditer(body):
                numbers = [int(own[1]) for own in _REFERENCE.finditer(match[1])]
                found.update(n for n in numbers if n in bodies and not kind.search(bodies[n]))
    return found


def _touched(objects: PdfObjects, programs: Collection[int]) -> set[int]:
    """Return the numbers of all objects that print by something damaged or lost: found from there upwards, each once."""
    users: dict[int, list[int]] = defaultdict(list)
    for number, body in objects.bodies.items():
        printed = _NOT_PRINTED.sub(b"", _KIDS.sub(b"", body) if _IS_TREE.search(body) else body)
        for match in _REFERENCE.finditer(printed):
            users[int(match[1])].append(number)
    lost = users.keys() - objects.bodies.keys() if objects.searched else set()
    touched = _upwards((objects.damaged | lost) - set(programs), users, objects, through_maps=True)
    return touched | _upwards(programs, users, objects, through_maps=False)


def _upwards(damaged: Iterable[int], users: Mapping[int, Sequence[int]], objects: PdfObjects, *, through_maps: bool) -> set[int]:
    """Return what uses `damaged`, up to the pages; not fonts with a map, unless told: what they print follows from it, not from shapes."""
    first = set(damaged)
    seen = set(first)
    todo = list(seen)
    while todo:
        number = todo.pop()
        body = objects.bodies.get(number, b"")
        if number not in first and _IS_PAGE.search(body):
            continue
        for user in users.get(number, ()):
            if user not in seen and (through_maps or b"/ToUnicode" not in objects.bodies[user]):
                seen.add(user)
                todo.append(user)
    return seen


def _inherited(page: int, objects: PdfObjects) -> Iterator[int]:
    """Yield the nodes above a page: it may take its fonts from them."""
    for _ in range(_DEEPEST_TREE):
        parent = _PARENT.search(objects.bodies.get(page, b""))
        if parent is None:
            return
        page = int(parent[1])
        yield page
