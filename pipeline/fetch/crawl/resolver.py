"""Names of hosts, such that none ever leads to a machine that is not public.

Belongs here: what is proved of the very addresses that connections are made to, so that a name whose answer changes between two questions
gains nothing. Does not belong here: which addresses are public (`pipeline.fetch.addresses`).
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from pipeline.fetch.addresses import is_public

REFUSED: dict[str, str] = {}
"""Host → the address, not public, that its name last stood for."""


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses of a name that are public."""

    def __init__(self, receiver: Any, name: str) -> None:
        self._receiver = receiver
        self._name = name

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 (Twisted's names)
        """Pass on that it began."""
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Pass on an address, if it is public."""
        if is_public(ip_address(address.host)):
            self._receiver.addressResolved(address)
        else:
            REFUSED[self._name] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        """Pass on that it is complete."""
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class PublicResolver:
    """Looks up names as the reactor does; addresses that are not public are dropped, so that no connection to them can be made."""

    def __init__(self, reactor: Any, private: bool) -> None:
        """Keep the reactor whose resolver is asked, and whether addresses that are not public are passed on."""
        self._reactor = reactor
        self._resolver = reactor.nameResolver
        self._private = private

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PublicResolver:
        """Return the resolver of a crawler: what Scrapy asks its setting TWISTED_DNS_RESOLVER for."""
        return cls(reactor, crawler.settings.getbool("YUSUAN_PRIVATE"))

    def install_on_reactor(self) -> None:
        """Make the reactor ask this one."""
        self._reactor.installNameResolver(self)

    def resolveHostName(self, receiver: Any, name: str, *given: Any, **named: Any) -> Any:  # noqa: N802
        """Look up a name; further arguments are Twisted's."""
        return self._resolver.resolveHostName(receiver if self._private else _PublicOnly(receiver, name), name, *given, **named)
