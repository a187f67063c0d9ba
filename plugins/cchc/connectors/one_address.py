"""A road to one judged address: whatever a name, a redirect or a region says later, no other is connected to (aiohttp)."""

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from cchc.connectors.address import safe_address
from cchc.errors import ConfigError


class OneAddress:
    """Judges the address of a URL's host once, and holds every connection to it.

    Raises ConfigError when it is this machine or a private net and that is not allowed, UnreachableError when nobody knows the name.
    """

    def __init__(self, url: str, allow_private: bool):
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        self._address = safe_address(self._host, self._port, allow_private)
        self._turned_away: str | None = None

    def arguments(self) -> dict[str, Any]:
        """What aiohttp's connector is given: names resolve to the address, and a socket is made for it alone."""
        return {"resolver": _Known(self._name), "socket_factory": self._socket}

    def judge(self) -> None:
        """Raises ConfigError when somebody tried to lead us elsewhere."""
        if self._turned_away:
            raise ConfigError(f"{self._host} sends us on to {self._turned_away}: only the declared host is asked")

    def _name(self, host: str) -> str:
        if host != self._host:
            raise self._elsewhere(host)
        return self._address

    def _socket(self, info: tuple) -> socket.socket:
        family, kind, protocol, _, place = info
        if place[:2] != (self._address, self._port):
            raise self._elsewhere(f"{place[0]}:{place[1]}")
        return socket.socket(family, kind, protocol)

    def _elsewhere(self, where: str) -> OSError:
        self._turned_away = where
        return OSError("another address than the judged one")


class _Known(AbstractResolver):
    """Asks `address_of` instead of a name service."""

    def __init__(self, address_of: Callable[[str], str]):
        self._address_of = address_of

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        """The judged address for the declared name; OSError for any other."""
        address = self._address_of(host)
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)]

    async def close(self) -> None:
        """Nothing is open."""
