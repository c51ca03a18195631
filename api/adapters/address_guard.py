"""Which addresses an event may be sent to: a registry's URL must not become a way into our own network (SSRF)."""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from api.domain.trouble import SENTENCES, Trouble

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = IPv6Network("64:ff9b::/96")
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "169.254.0.23", "100.100.100.200", "fd00:ec2::254")))
"""Where clouds hand out a machine's own credentials: AWS and others, Tencent, Alibaba, AWS over IPv6."""


class AddressRefused(Exception):
    """The host cannot be resolved, or leads where no event may go. The text says which, and holds no URL."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(SENTENCES[trouble])
        self.trouble = trouble


def resolve_by_system(host: str, port: int) -> list[str]:
    """Answer the addresses the operating system knows for a host. Raises OSError, and UnicodeError for odd names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class AddressGuard:
    """Resolves a host once and answers the addresses that may be connected to.

    Public addresses always may; private ones and this machine's own only with `allow_private` or inside one of
    `allowed` (CIDRs: many a registry sits on the campus network's 10.x); link-local, multicast and cloud metadata
    addresses only inside `allowed`. Raises ValueError for a malformed CIDR.
    """

    def __init__(
        self, *, allow_private: bool, allowed: Iterable[str] = (), resolve: Resolve = resolve_by_system
    ) -> None:
        self._allow_private = allow_private
        self._allowed = tuple(ip_network(cidr) for cidr in allowed)
        self._resolve = resolve

    def addresses_of(self, host: str, port: int) -> list[str]:
        """Answer the checked addresses of `host`, to be connected to as they are, never by name again.

        One refused address refuses the host: a name that mixes public and private addresses is a trick or a mistake.
        Raises AddressRefused.
        """
        try:
            found = [ip_address(text.partition("%")[0]) for text in self._resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as fault:
            raise AddressRefused(Trouble.UNRESOLVED) from fault
        if not found:
            raise AddressRefused(Trouble.UNRESOLVED)
        for address in found:
            self._check(address)
        return [str(address) for address in found]

    def _check(self, address: Address) -> None:
        if any(address.version == network.version and address in network for network in self._allowed):
            return
        inner = _unwrapped(address)
        if inner in _METADATA or inner.is_link_local or inner.is_multicast or inner.is_unspecified:
            raise AddressRefused(Trouble.FORBIDDEN)
        if not inner.is_global and not self._allow_private:
            raise AddressRefused(Trouble.PRIVATE)


def _unwrapped(address: Address) -> Address:
    """Answer the IPv4 address that an IPv6 address is only a way of writing: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
