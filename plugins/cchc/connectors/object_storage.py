"""Objects of a bucket, by fsspec's S3: only the judged address is connected to, what we have seen is not fetched again."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError
from fsspec.utils import glob_translate
from s3fs import S3FileSystem

from cchc.clock import ZONE
from cchc.connectors.again import BUSY, TRIES, Again, asked_again, busy
from cchc.connectors.credentials import credentials
from cchc.connectors.file_drop import stamp
from cchc.connectors.object_model import ObjectStorage
from cchc.connectors.offers import Found, Known, Offered, gathered_up, is_under_way, leads_elsewhere, told
from cchc.connectors.one_address import OneAddress
from cchc.errors import ConfigError, UnreachableError

BLOCK = 1 << 20
BROKEN = (BotoCoreError, aiohttp.ClientError, OSError, TimeoutError)
REFUSED = {401, 403}


def fetched(declared: ObjectStorage, seen: Known, as_of: datetime, scratch: Callable[[], Path]) -> Found:
    """The objects under the prefix that are new to us, each downloaded into a new file of `scratch`, in order of arrival.

    Raises UnreachableError when the store does not answer in time or breaks off, ConfigError for a wrong login or bucket.
    """
    try:
        return asyncio.run(asyncio.wait_for(_fetch(declared, seen, as_of, scratch), declared.minutes * 60))
    except TimeoutError as error:
        raise UnreachableError(f"{declared.endpoint}: took longer than {declared.minutes:g} minutes; asked again next time") from error
    except Again as error:
        raise UnreachableError(f"{declared.endpoint}: {error}, {TRIES} times") from error


async def _fetch(declared: ObjectStorage, seen: Known, as_of: datetime, scratch: Callable[[], Path]) -> Found:
    async with _bucket(declared) as bucket:
        listed = [entry async for entry in bucket.objects() if _is_wanted(declared, entry)]
        found = gathered_up(listed, partial(_offer, declared), as_of)
        fresh = [offer for offer in found.offers if not offer.is_known(seen)]
        if sum(offer.size for offer in fresh) > declared.megabytes << 20:
            raise ConfigError(f"{declared.bucket}: more than {declared.megabytes} MB of new objects: raise `megabytes`")
        versions = {entry["Key"]: entry["ETag"] for entry in listed}
        here = [replace(offer, path=scratch()) for offer in fresh]
        for offer in here:
            await bucket.download(offer, versions[offer.name])
    return Found(here, found.left)


def _is_wanted(declared: ObjectStorage, entry: dict[str, Any]) -> bool:
    """No folder marker, no upload under way, and a key that fits the glob."""
    key = entry["Key"]
    fits = re.match(glob_translate(declared.glob), key.removeprefix(declared.prefix).lstrip("/"), re.DOTALL)
    return not key.endswith("/") and not is_under_way(key) and fits is not None


def _offer(declared: ObjectStorage, entry: dict[str, Any]) -> Offered:
    key = entry["Key"]
    if leads_elsewhere(key):
        raise ConfigError(f"{declared.bucket}: the key {told(key)} leads elsewhere or has signs that no file's name has: rename it")
    modified = entry["LastModified"].astimezone(ZONE)
    return Offered(key, Path(), entry["Size"], modified, stamp(key, declared.arrived) if declared.arrived else modified)


@asynccontextmanager
async def _bucket(declared: ObjectStorage) -> AsyncIterator["Bucket"]:
    who, road = credentials(declared.connection), OneAddress(declared.endpoint, declared.allow_private)
    store = S3FileSystem(
        key=who.login, secret=who.password, endpoint_url=declared.endpoint, asynchronous=True, skip_instance_cache=True,
        config_kwargs={
            "connect_timeout": declared.timeout_seconds, "read_timeout": declared.timeout_seconds, "region_name": declared.region,
            "proxies": {}, "retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}, "connector_args": road.arguments(),
        },
    )  # fmt: skip
    store.retries = 1  # we ask again ourselves, as every connector does
    client = await store.set_session()
    try:
        yield Bucket(store, declared, road)
    finally:
        await client.close()


class Bucket:
    """One bucket, listed to its last page and read whole."""

    def __init__(self, store: S3FileSystem, declared: ObjectStorage, road: OneAddress):
        self._store, self._declared, self._road = store, declared, road

    async def objects(self) -> AsyncIterator[dict[str, Any]]:
        """Every object under the prefix. Raises UnreachableError when the listing breaks off, turns in circles or lacks what it counts."""
        token, seen = "", set[str]()
        while True:
            page = await self._ask("list_objects_v2", Prefix=self._declared.prefix, **({"ContinuationToken": token} if token else {}))
            entries = page.get("Contents", [])
            token, more = page.get("NextContinuationToken", ""), page.get("IsTruncated", False)
            if page.get("KeyCount", len(entries)) != len(entries) or (more and (not token or token in seen)):
                raise UnreachableError(f"{self._declared.bucket}: the listing is not whole; nothing is taken in, asked again next time")
            for entry in entries:
                yield entry
            if not more:
                return
            seen.add(token)

    @asked_again
    async def download(self, offer: Offered, version: str) -> None:
        """The very object that was listed: one that was put anew meanwhile is left for the next time."""
        answer = await self._once("get_object", Key=offer.name, IfMatch=version)
        size = 0
        try:
            with offer.path.open("wb") as file:
                async with answer["Body"] as body:
                    while block := await body.read(BLOCK):
                        size += file.write(block)
                        if size > offer.size:
                            raise UnreachableError(f"{offer.name}: more came than was listed; nothing is taken in, asked again next time")
        except BROKEN as error:
            raise Again(f"{offer.name} breaks off ({type(error).__name__})") from error
        if size != offer.size:
            raise Again(f"{offer.name} breaks off after {size} of {offer.size} bytes")

    @asked_again
    async def _ask(self, what: str, **words: Any) -> dict[str, Any]:
        return await self._once(what, **words)

    async def _once(self, what: str, **words: Any) -> dict[str, Any]:
        try:
            return await self._store._call_s3(what, Bucket=self._declared.bucket, **words)
        except BROKEN as error:
            if isinstance(error.__cause__, ClientError):  # fsspec speaks in OSErrors
                raise self._judged(error.__cause__) from error
            self._road.judge()
            raise Again(f"no whole answer ({type(error).__name__})") from error

    def _judged(self, error: ClientError) -> Exception:
        """What an answer of the store means for us; its own words are not repeated."""
        told = error.response.get("ResponseMetadata", {})
        status, code = told.get("HTTPStatusCode", 0), error.response.get("Error", {}).get("Code", "")
        if status in BUSY:
            return busy(status, told.get("HTTPHeaders", {}).get("retry-after"))
        if status in REFUSED:
            return ConfigError(f"{self._declared.connection}: the store refuses our login or the bucket ({status}): correct the connection")
        if status == 412 or code == "NoSuchKey":
            return UnreachableError(f"{self._declared.bucket}: an object changed while it was fetched; taken next time")
        return ConfigError(f"{self._declared.bucket}: the store answers {status}: correct `endpoint` or `bucket`")
