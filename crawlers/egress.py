"""
Where a crawl may connect to: public addresses over HTTP, and the networks that the operator lists.

Two layers, so that nothing that the pages of others name reaches into the operator's own network. `EgressGuard` looks at every request,
redirects and media included, and says why it refuses. `GuardedResolver` is the reactor's only way to learn an address, of a name or of an
IP literal in any spelling, and gives out permitted ones only: a connection goes to the very address that was checked, so a name that
changes its address in between (DNS rebinding) gains nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

from footprint.errors import NotPermitted, SourceError

NETWORKS_SETTING = "EGRESS_ALLOWED_NETWORKS"
WEB_PORTS = frozenset({80, 443, 8080, 8443})
DEFAULT_PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address

# In these prefixes an IPv6 address stands for the IPv4 one in its last four bytes: RFC 6052, RFC 8215.
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class AddressRules:
    """Which addresses may be connected to."""

    def __init__(self, allowed_networks: Iterable[str]) -> None:
        self._allowed = tuple(ip_network(network) for network in allowed_networks)

    def lists(self, address: Address) -> bool:
        """Whether the operator lists a network that holds the address."""
        return any(address in network for network in self._allowed)

    def permits(self, address: Address) -> bool:
        """Whether the address is public or listed. What an IPv6 address stands for counts, not how it is spelled."""
        meant = _meant(address)
        return self.lists(meant) or (meant.is_global and not meant.is_multicast and not meant.is_reserved)


def _meant(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class EgressGuard:
    """Downloader middleware, the first that a request meets. Raises NotPermitted for what may not be fetched."""

    def __init__(self, crawler: Crawler) -> None:
        self._rules = AddressRules(crawler.settings.getlist(NETWORKS_SETTING))
        self._timeout_s = crawler.settings.getfloat("DNS_TIMEOUT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise."""
        host, port = target(request.url)
        addresses = await self._addresses(host)
        for address in addresses:
            if not self._rules.permits(address):
                raise NotPermitted(f"leads to {address}, which is not public and not in crawl.allowed_networks")
        if port not in WEB_PORTS and not all(map(self._rules.lists, addresses)):
            raise NotPermitted(f"port {port} of {host} is none of the web's")

    async def _addresses(self, host: str) -> Sequence[Address]:
        from twisted.internet import reactor  # installed by now

        resolver = cast(GuardedResolver, reactor.nameResolver)
        try:
            addresses = await asyncio.wait_for(resolver.look_up(host), self._timeout_s)
        except TimeoutError as error:
            raise SourceError(f"no answer on the address of {host}") from error
        if not addresses:
            raise SourceError(f"{host} has no address")
        return addresses


def target(url: str) -> tuple[str, int]:
    """
    Host and port that a URL leads to.

    Raises NotPermitted for another scheme than HTTP's, for credentials, and where there is no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise NotPermitted(f"only http and https are fetched, not {parts.scheme or 'a relative address'}")
    if "@" in parts.netloc:
        raise NotPermitted("the address carries credentials")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotPermitted(f"the address cannot be read: {error}") from error
    if not host:
        raise NotPermitted("the address names no host")
    return host, DEFAULT_PORTS[parts.scheme] if port is None else port


class GuardedResolver(CachingHostnameResolver):
    """TWISTED_DNS_RESOLVER that knows permitted addresses only."""

    rules: AddressRules

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Made by Scrapy when the reactor starts."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.rules = AddressRules(crawler.settings.getlist(NETWORKS_SETTING))
        return resolver

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Twisted's way to ask: tells the receiver the permitted addresses of a host, and of no other that there are."""
        receiver = _Receiver(resolutionReceiver, lambda address: self.rules.permits(_parsed(address)))
        return super().resolveHostName(
            cast(IResolutionReceiver, receiver), hostName, portNumber, addressTypes, transportSemantics
        )

    async def look_up(self, host: str) -> Sequence[Address]:
        """All addresses of a host, permitted or not."""
        found: asyncio.Future[Sequence[Address]] = asyncio.get_running_loop().create_future()
        super().resolveHostName(cast(IResolutionReceiver, _Collector(found)), host)
        return await found


def _parsed(address: IAddress) -> Address:
    return ip_address(str(address.host).partition("%")[0])


class _Receiver:
    """Passes on to another receiver what a test lets through."""

    def __init__(self, receiver: Any, permits: Callable[[IAddress], bool]) -> None:
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete
        self._pass_on = receiver.addressResolved
        self._permits = permits

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's name
        if self._permits(address):
            self._pass_on(address)


class _Collector:
    """Fulfils a future with all addresses that it is told."""

    def __init__(self, found: "asyncio.Future[Sequence[Address]]") -> None:
        self._found = found
        self._addresses: list[Address] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's name
        pass

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's name
        self._addresses.append(_parsed(address))

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        if not self._found.done():
            self._found.set_result(self._addresses)
