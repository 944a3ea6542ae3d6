"""Which addresses may be asked, and one spelling for each.

Belongs here: what is refused before anything is sent, of a web address and of the machine that its name stands for.
Does not belong here: whether a page is of interest (`finding.py`), how a request is made (`crawl/`).
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

LONGEST_ADDRESS = 2_000
"""Characters: browsers and servers agree on about so many; what is longer was made by a loop or to do harm."""

LOWEST_FREE_PORT = 1024
"""Ports below belong to other services than the web, but for 80 and 443."""

DOCUMENT_ENDINGS = frozenset(
    f".{ending}"
    for ending in "pdf doc docx xls xlsx xlsm xlsb et wps ofd ods odt rtf csv txt zip rar 7z".split()  # noqa: SIM905
)
OTHER_ENDINGS = frozenset(
    f".{ending}"
    for ending in "jpg jpeg png gif bmp ico svg webp css js json xml rss mp3 mp4 flv avi wmv swf apk exe ppt pptx ttf woff woff2".split()  # noqa: SIM905
)
"""What is neither a page nor a document."""

PAGE_ENDINGS = frozenset((".html", ".htm", ".shtml", ".jsp", ".do", ".asp", ".aspx", ".php"))
"""What pages are called, of those that are called anything."""

PLAIN_PAGE_ENDINGS = frozenset((".html", ".htm", ".shtml"))
"""What pages are called that no program makes when they are asked for: such an address never gives a document."""

_WEB_PORTS = {"http": 80, "https": 443}
_SHARED_LABELS = frozenset(("gov", "edu", "com", "org", "net", "ac", "mil"))
"""Labels below a country under which many register."""

_METADATA = frozenset({ip_address("168.63.129.16")})
"""Addresses in public ranges that give a machine in a cloud its secrets; the others of the kind are in ranges that are not public."""

_EMBEDDING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Ranges of IPv6 that lead to an address of IPv4 that stands in them."""

_PLACE = re.compile(r"^[^?#]*+")
_SPACES = re.compile(r"[\t\r\n]")
_SAFE = "!$&'()*+,-./:;=@_~%"


class Refused(Exception):
    """An address that is not asked; the message says why, in one sentence."""


def address_of(link: str, page: str = "", encoding: str = "utf-8") -> str:
    """Return the address that a link leads to, in one spelling: absolute, in ASCII, without fragment.

    Args:
        link: as it stands on a page or in a registry.
        page: address of the page, for links relative to it.
        encoding: of the page, in which browsers send what stands behind `?`.

    Raises:
        Refused: it is no address of the web.
    """
    try:
        parts = urlsplit(urljoin(page, _with_slashes(_SPACES.sub("", link.strip()))))
        host, port = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else "", parts.port
    except (ValueError, UnicodeError):
        raise Refused("It is no valid address.") from None
    if parts.scheme not in _WEB_PORTS:
        raise Refused(f"Its scheme is {parts.scheme or 'missing'}: only http and https are asked.")
    if not host:
        raise Refused("It names no host.")
    if parts.username is not None or parts.password is not None:
        raise Refused("It carries a user name or password.")
    named = f"[{host}]" if ":" in host else host
    place = named if port in (None, _WEB_PORTS[parts.scheme]) else f"{named}:{port}"
    path = quote(_without_dots(parts.path or "/"), safe=_SAFE)
    query = quote(parts.query.encode(encoding, "replace"), safe=_SAFE + "?")
    address = urlunsplit((parts.scheme, place, path, query, ""))
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"It is longer than {LONGEST_ADDRESS} characters.")
    return address


def _with_slashes(link: str) -> str:
    """Return a link as browsers read it: a backslash before `?` and `#` is a slash."""
    return _PLACE.sub(lambda place: place[0].replace("\\", "/"), link, count=1)


def _without_dots(path: str) -> str:
    """Return a path without the `..` that lead above the root, as browsers read it."""
    kept: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    if path.endswith(("/..", "/.")):
        kept.append("")
    return "/" + "/".join(kept)


def host_of(address: str) -> str:
    """Return the host of an address."""
    return urlsplit(address).hostname or ""


def site_of(address: str) -> str:
    """Return what the hosts of a site have in common: the name under which it was registered, such as `city.gov.cn`."""
    host = host_of(address)
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    return ".".join(labels[-3:] if labels[-2:-1] and labels[-2] in _SHARED_LABELS else labels[-2:])


def prove_allowed(address: str, *, private: bool) -> None:
    """Refuse an address of another scheme, with credentials, of a service that is none of the web's, or that names a machine not public.

    Names are not looked up here: what they stand for is proved where the connection is made.

    Args:
        address: as a request would name it.
        private: whether machines that are not public, and any port, may be asked: for tests.

    Raises:
        Refused: it may not be asked.
    """
    parts = urlsplit(address_of(address))
    port = parts.port or _WEB_PORTS[parts.scheme]
    if private:
        return
    if port < LOWEST_FREE_PORT and port not in _WEB_PORTS.values():
        raise Refused(f"Port {port} is that of another service than the web.")
    host = parts.hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise Refused(f"{host} names a machine that is not public.")
    try:
        literal = ip_address(host)
    except ValueError:
        return
    if not is_public(literal):
        raise Refused(f"{literal} is not a public address.")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is of a machine on the internet: not private, loopback, link-local, shared, reserved or of metadata."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _EMBEDDING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in _METADATA


def ending_of(address: str) -> str:
    """Return the ending of the file that an address names, in its path or, behind `?`, as one of its values; empty where it has none."""
    parts = urlsplit(address)
    ending = PurePosixPath(unquote(parts.path)).suffix.lower()
    if ending in DOCUMENT_ENDINGS:
        return ending
    named = [PurePosixPath(value.replace("\\", "/")).suffix.lower() for _, value in parse_qsl(parts.query)]
    return next((found for found in named if found in DOCUMENT_ENDINGS), ending)


def document_shown(address: str) -> str | None:
    """Return the document that a viewer shows, a page whose address names it by its place; None where an address is no such."""
    parts = urlsplit(address)
    if not parts.query or PurePosixPath(parts.path).suffix.lower() not in PLAIN_PAGE_ENDINGS:
        return None
    named = (value for _, value in parse_qsl(parts.query) if "/" in value)
    return next((value for value in named if PurePosixPath(urlsplit(value).path).suffix.lower() in DOCUMENT_ENDINGS), None)


def is_above(address: str, page: str) -> bool:
    """Return whether an address leads up from a page, to a folder that it lies in, or to itself."""
    one, other = urlsplit(address), urlsplit(page)
    folder = one.path if one.path.endswith("/") else one.path + "/"
    below = one.hostname == other.hostname and (other.path + "/").startswith(folder)
    return below and not one.query and (one.path != other.path or one.query == other.query)


def is_front_page(address: str) -> bool:
    """Return whether an address is the front page of a site."""
    parts = urlsplit(address)
    return parts.path in ("", "/", "/index.html", "/index.htm", "/index.shtml") and not parts.query
