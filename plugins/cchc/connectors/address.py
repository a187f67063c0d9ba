"""Where a URL may lead: names are looked up once, the addresses judged, and the connection goes to the address that was judged."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from cchc.errors import ConfigError, UnreachableError

TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of version 4


def safe_address(host: str, port: int, allow_private: bool) -> str:
    """The address to connect to for `host`; a name that changes its answer afterwards gains nothing.

    Raises ConfigError when any of its addresses is this machine's, a private net's or otherwise not public and the source does
    not say `allow_private: true`; UnreachableError when the name is not known.
    """
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"the name {host!r} is not known here: correct the address or the name service") from error
    odd = [address for address in found if not _is_public(ip_address(address.partition("%")[0]))]
    if odd and not allow_private:
        raise ConfigError(
            f"{host} leads to {odd[0]}, this machine or a private net; if that is meant, the source says `allow_private: true`"
        )
    return found[0]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, or the one of version 4 that it wraps, is somebody else's on the open net."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
