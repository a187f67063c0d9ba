"""A home with an embedded server of its own, for what a shared test server can't show."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cchc.settings import Settings
from cchc.warehouse.embedded import EmbeddedServer


@contextmanager
def own_home(home: Path) -> Iterator[Settings]:
    """Settings of `home`, which does not exist yet; its server is stopped and everything removed at the end."""
    config = Settings(home=home, keys=home / "keys", inbox=home / "inbox", warehouse_url=None)
    try:
        yield config
    finally:
        server = EmbeddedServer(config)
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
        if not server.folder.is_relative_to(home):
            shutil.rmtree(server.folder.parent, ignore_errors=True)
