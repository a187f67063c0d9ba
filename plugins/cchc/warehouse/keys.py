"""Keys that lie outside the database: made once, with the warehouse. A lost one is put back, never made anew in silence."""

import secrets
from pathlib import Path

from cchc.errors import ConfigError
from cchc.settings import Settings

PERSON = "person.key"  # hashes of personal ids: another key would make everybody somebody else
RELEASE = "release.key"  # signatures of releases (Ed25519): another key would disown those before it


def make_keys(config: Settings) -> None:
    """Make the keys that are not there; for a warehouse without a schema only."""
    for name in (PERSON, RELEASE):
        path = config.keys_path / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_name(f".{name}")
            beside.touch(mode=0o600)
            beside.write_bytes(secrets.token_bytes(32))
            beside.rename(path)  # whole or not at all


def read_key(config: Settings, name: str) -> bytes:
    """One key's 32 bytes. Raises ConfigError when it is not there or cut short."""
    path: Path = config.keys_path / name
    word = path.read_bytes() if path.is_file() else b""
    if len(word) != 32:
        raise ConfigError(f"the key {path} is not there: put it back from the keys' backup (docs/runbook.md, A key is lost)")
    return word
