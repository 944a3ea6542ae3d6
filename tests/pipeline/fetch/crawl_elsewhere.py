"""The process that fetches, as if 127.0.0.1 were on the internet and some names were known.

Names: `office.test` is 127.0.0.1; `inside.test` is 127.0.0.9, which stays private; `turning.test` is the one at first, then the other.
"""

import socket
import sys
from ipaddress import ip_address

PUBLIC = "127.0.0.1"
asked = {"turning.test": 0}
usual = socket.getaddrinfo


def getaddrinfo(host: str, port: int, *rest: object, **more: object) -> object:
    if host in asked:
        asked[host] += 1
        host = PUBLIC if asked[host] == 1 else "127.0.0.9"
    return usual({"office.test": PUBLIC, "inside.test": "127.0.0.9"}.get(host, host), port, *rest, **more)


socket.getaddrinfo = getaddrinfo  # before Twisted takes it

from pipeline.fetch import addresses  # noqa: E402

usually_public = addresses.is_public
addresses.is_public = lambda address: address == ip_address(PUBLIC) or usually_public(address)

from pipeline.fetch.crawl.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
