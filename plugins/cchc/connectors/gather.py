"""What a source has for us now, by whatever it is connected; fetched bytes lie in files without a name and end with us."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cchc.clock import now
from cchc.connectors import file_drop, upload
from cchc.connectors.http_model import HttpApi
from cchc.connectors.links import Links
from cchc.connectors.object_model import ObjectStorage
from cchc.connectors.offers import Found, Known, Offered
from cchc.connectors.sftp_model import Database, Sftp
from cchc.connectors.sources import Source, Upload
from cchc.settings import Settings


@contextmanager
def gathered(
    config: Settings, source_id: str, source: Source, seen: Known, newest: datetime | None, as_of: datetime, links: Links | None = None
) -> Iterator[Found]:  # fmt: skip
    """The source's new files up to `as_of`, in order of arrival, and what was left where it is, with why; `newest` is the
    newest version accepted from it so far. What was handed in is removed when the caller ends without an error.

    Each kind's library is loaded when a source asks for it: together they take a second.
    Raises UnreachableError when the source does not answer and ConfigError when it can't be asked as declared.
    """
    declared = source.connect
    with ExitStack() as open_files:

        def scratch() -> Path:
            """An unlinked file under the home: a killed intake leaves no plain bytes behind."""
            config.home.mkdir(parents=True, exist_ok=True)
            file = open_files.enter_context(tempfile.TemporaryFile(dir=config.home))
            return Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")

        match declared:
            case Sftp():
                from cchc.connectors import sftp

                yield sftp.fetched(declared, seen, as_of, scratch, links)
            case ObjectStorage():
                from cchc.connectors import object_storage

                yield object_storage.fetched(declared, seen, as_of, scratch)
            case HttpApi():
                from cchc.connectors import http_api

                overlap = declared.watermark.overlap_minutes if declared.watermark else 0
                yield _fetched("http", lambda path: http_api.fetch(declared, _since(newest, overlap), path, links), scratch(), as_of)
            case Database():
                from cchc.connectors import database

                since = _since(newest, declared.overlap_minutes)
                yield _fetched("sql", lambda path: database.query(declared, since, path, links), scratch(), as_of)
            case Upload():
                handed = upload.offered(config, source_id, as_of)
                yield Found([offer for offer in handed if not offer.is_known(seen)], [])
                upload.forget(handed)
            case _:
                found = file_drop.looked(declared, config.inbox_path, as_of)
                fresh = [offer for offer in found.offers if not offer.is_known(seen)]
                yield Found([offer for offer in fresh if not file_drop.is_being_written(offer.path)], found.left)


def _since(newest: datetime | None, overlap: int) -> datetime | None:
    return newest - timedelta(minutes=overlap) if newest else None


def _fetched(kind: str, fetch: Callable[[Path], int], target: Path, as_of: datetime) -> Found:
    """One delivery of all that was fetched; none when the source had nothing. Replays of the past fetch nothing."""
    moment = now()
    if as_of < moment - timedelta(days=1) or not fetch(target):
        return Found([], [])
    arrived = min(moment, as_of)
    return Found([Offered(f"{kind}/{arrived:%Y-%m-%dT%H%M%S}.jsonl", target, target.stat().st_size, moment, arrived)], [])
