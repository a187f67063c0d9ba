"""What a source has for us at this moment, looked at and not taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cchc.connectors import file_drop, upload
from cchc.connectors.gather import gathered
from cchc.connectors.offers import Found
from cchc.connectors.sources import FileDrop, Place, Upload
from cchc.intake.register import known_files, newest_version
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER


@contextmanager
def on_offer(config: Settings, place: Place, as_of: datetime) -> Iterator[Found]:
    """All files of a folder or an inbox; of a server what is new to us, fetched into files that end with the block.

    Raises UnreachableError when the source does not answer and ConfigError when it can't be asked as declared.
    """
    declared = place.source.connect
    if isinstance(declared, FileDrop):
        yield file_drop.looked(declared, config.inbox_path, as_of)
    elif isinstance(declared, Upload):
        yield Found(upload.offered(config, place.source_id, as_of), [])
    else:
        with connect(LOADER) as connection:
            seen, newest = known_files(connection, place.source_id), newest_version(connection, place.source_id)
        with gathered(config, place.source_id, place.source, seen, newest, as_of) as found:
            yield found
