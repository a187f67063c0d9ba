"""Fetches a source's records from its HTTP API, page by page, into one file of JSON Lines; all of them or an error."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from cchc.clock import monotonic
from cchc.connectors.address import safe_address
from cchc.connectors.again import BUSY, TRIES, Again, asked_again, busy
from cchc.connectors.credentials import credentials
from cchc.connectors.http_model import Cursor, HttpApi, Offset, PageNumber
from cchc.connectors.json_lines import json_line
from cchc.connectors.links import Links, shared
from cchc.errors import ConfigError, UnreachableError

Page = tuple[list[dict[str, Any]], Any]  # its records, its document


class Api:
    """One fetch of one API: keeps to its limits of time and bytes."""

    def __init__(self, declared: HttpApi, links: Links):
        self.declared = declared
        self._deadline = monotonic() + declared.minutes * 60
        self._bytes = 0
        self._parts = urlsplit(declared.url)
        name = ("http", self._parts.scheme, self._parts.netloc)  # a connection made under one name serves no other
        self._client = links.kept(name, lambda stack: stack.enter_context(httpx.Client(follow_redirects=False, trust_env=False)))

    def page(self, url: str, params: dict[str, str]) -> Any:
        """One page's JSON document. Raises UnreachableError after the last try and ConfigError for what trying can't mend."""
        try:
            return self._ask(url, params)
        except Again as error:
            raise UnreachableError(f"{self._parts.hostname}: {error}, {TRIES} times") from error

    @asked_again
    def _ask(self, url: str, params: dict[str, str]) -> Any:
        request = self._request(url, params)
        try:
            response = self._client.send(request, stream=True, auth=self._auth())
            with closing(response):
                self._judge(response)
                body = b"".join(self._within(response.iter_bytes()))
            return json.loads(body, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_once)
        except httpx.TransportError as error:
            raise Again(f"no whole answer ({type(error).__name__})") from error
        except RecursionError as error:
            raise ConfigError(f"{self._parts.hostname} sends JSON nested beyond all measure") from error
        except ValueError as error:
            raise Again("the answer is no whole JSON document") from error

    def _request(self, url: str, params: dict[str, str]) -> httpx.Request:
        """To the address that was judged, under the name that was declared: TLS and Host still say the name."""
        named = httpx.URL(url).copy_merge_params(params) if params else httpx.URL(url)
        if (named.scheme, named.host) != (self._parts.scheme, self._parts.hostname):
            raise ConfigError(f"{self._parts.hostname} sends us on to {named.scheme}://{named.host}: only the declared host is asked")
        port = named.port or {"http": 80, "https": 443}[named.scheme]
        address = safe_address(named.host, port, self.declared.allow_private)
        extensions = {"sni_hostname": named.host, "timeout": httpx.Timeout(self.declared.timeout_seconds).as_dict()}
        return httpx.Request("GET", named.copy_with(host=address), headers={"Host": named.netloc.decode()}, extensions=extensions)

    def _auth(self) -> httpx.Auth | None:
        if not self.declared.connection:
            return None
        who = credentials(self.declared.connection)
        if self.declared.auth == "basic":
            return httpx.BasicAuth(who.login, who.password)
        return _Bearer(who.password)

    def _judge(self, response: httpx.Response) -> None:
        if response.status_code in BUSY:
            raise busy(response.status_code, response.headers.get("Retry-After"))
        if response.status_code in (401, 403):
            raise ConfigError(f"{self._parts.hostname} refuses our login ({response.status_code}): correct `connection`")
        if response.status_code != 200:
            raise ConfigError(f"{self._parts.hostname} answers {response.status_code} (redirects are not followed): correct `url`")

    def _within(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self._bytes += len(block)
            if self._bytes > self.declared.megabytes << 20:
                raise ConfigError(f"{self._parts.hostname} sent more than {self.declared.megabytes} MB: raise `megabytes` or ask for less")
            if monotonic() > self._deadline:
                raise UnreachableError(f"{self._parts.hostname} took longer than {self.declared.minutes:g} minutes; asked again next time")
            yield block


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ConfigError("the source sends a record that holds a key twice: which value counts can't be known")
    return found


class _Bearer(httpx.Auth):
    def __init__(self, token: str):
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def fetch(declared: HttpApi, since: datetime | None, target: Path, links: Links | None = None) -> int:
    """Write every record that changed since `since` (all of them without it) to `target`, one JSON object a line; returns how many.

    Raises UnreachableError when the source's own count or a page is missed, ConfigError when it can't be asked as declared.
    """
    fetched, told = 0, None
    with shared(links) as open_ones, target.open("w", encoding="utf-8", errors="backslashreplace") as lines:
        api = Api(declared, open_ones)
        for records, document in _pages(api, _params(declared, since)):
            lines.writelines(json_line(record, _value) for record in records)
            fetched += len(records)
            told = _told(declared, document, told)
    if told is not None and fetched != told:
        raise UnreachableError(f"{declared.url}: the source counts {told} records, {fetched} came; asked again next time")
    return fetched


def _params(declared: HttpApi, since: datetime | None) -> dict[str, str]:
    moved = {declared.watermark.param: since.isoformat()} if declared.watermark and since else {}
    return declared.params | moved


def _pages(api: Api, params: dict[str, str]) -> Iterator[Page]:
    paging, url = api.declared.paging, api.declared.url
    if isinstance(paging, Cursor):
        yield from _by_cursor(api, paging, url, params)
    elif paging is None:
        yield _page(api, url, params)
    else:
        yield from _by_number(api, paging, url, params)


def _by_number(api: Api, paging: PageNumber | Offset, url: str, params: dict[str, str]) -> Iterator[Page]:
    """Until an empty page: a short one is no sign of the end."""
    place = paging.first if isinstance(paging, PageNumber) else 0
    size = {paging.size_param: str(paging.size)} if paging.size_param else {}
    while True:
        records, document = _page(api, url, params | size | {paging.param: str(place)})
        yield records, document
        if not records:
            return
        place += 1 if isinstance(paging, PageNumber) else len(records)


def _by_cursor(api: Api, paging: Cursor, url: str, params: dict[str, str]) -> Iterator[Page]:
    seen: set[str] = set()
    while True:
        records, document = _page(api, url, params)
        yield records, document
        following = at(document, paging.next)
        if not following:
            return
        if following in seen:
            raise UnreachableError(f"{url}: the source names the same next page twice; nothing is taken in")
        seen.add(following)
        url, params = (following, {}) if str(following).startswith("http") else (url, params | {paging.param: str(following)})


def _page(api: Api, url: str, params: dict[str, str]) -> Page:
    document = api.page(url, params)
    records = at(document, api.declared.records)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ConfigError(f"{url}: no list of records at {api.declared.records or 'the top'!r} of the answer: correct `records`")
    return records, document


def _told(declared: HttpApi, document: Any, before: int | None) -> int | None:
    """The source's own count, from the page that tells it last: it may grow while we read."""
    if not declared.count:
        return None
    told = at(document, declared.count)
    return int(told) if told is not None else before


def at(document: Any, path: str) -> Any:
    """What stands at a dotted path of a JSON document; None when nothing does."""
    for step in filter(None, path.split(".")):
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _value(value: Any) -> str:
    """Numbers keep the digits that came."""
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
