"""Where a URL may lead: names are looked up once, the addresses judged, and the connection goes to the address that was judged."""

import socket
from ipaddress import ip_address

from cchc.errors import ConfigError, UnreachableError


def safe_address(host: str, port: int, allow_private: bool) -> str:
    """The address to connect to for `host`; a name that changes its answer afterwards gains nothing.

    Raises ConfigError when any of its addresses is this machine's, a private net's or otherwise not public and the source does
    not say `allow_private: true`; UnreachableError when the name is not known.
    """
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"the name {host!r} is not known here: correct the address or the name service") from error
    odd = [address for address in found if not ip_address(address.partition("%")[0]).is_global]
    if odd and not allow_private:
        raise ConfigError(
            f"{host} leads to {odd[0]}, this machine or a private net; if that is meant, the source says `allow_private: true`"
        )
    return found[0]
