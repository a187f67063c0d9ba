"""A person hands in a file for a source: kept for the next intake, with who did it in the audit."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cchc.clock import now
from cchc.connectors.sources import Upload, named_source
from cchc.connectors.upload import Handed, hand_in, inbox_of, plain_name
from cchc.errors import ConfigError
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER

AUDIT = "insert into audit.event (at, who, what, subject, hash_after) values (%s, %s, 'file handed in', %s, %s)"


def take_upload(config: Settings, wanted: str, name: str, content: BinaryIO, moment: datetime, dry_run: bool = False) -> Handed | None:
    """Keep a file for the source `wanted` (sender/source) until its next intake; None when only looking (`dry_run`).

    Raises ConfigError when the source is not one that takes uploads or the name is no plain file's, DataError for an empty
    or oversized file. A file that the audit can't note down is not kept.
    """
    place = named_source(config, wanted)
    if not isinstance(place.source.connect, Upload):
        raise ConfigError(f"{wanted} is connected by {place.source.connect.kind}, not by upload: say `connect: {{kind: upload}}`, "
                          "or hand the file over that way")  # fmt: skip
    plain_name(name)
    if dry_run:
        return None
    handed = hand_in(config, place.source_id, place.source.connect, name, content, moment)
    kept: Path = inbox_of(config, place.source_id) / handed.name
    try:
        with connect(LOADER) as connection:
            connection.execute(AUDIT, (now(), getpass.getuser(), f"{place.source_id}: {handed.name}", handed.sha256))
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    return handed
