"""The key for hashes of personal ids; it lies outside the database (decision 11)."""

import secrets
from contextlib import suppress

from cchc.settings import Settings


def person_secret(config: Settings) -> bytes:
    """The province's key, made on first use. The same person has the same hash in every delivery."""
    path = config.keys_path / "person.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        beside = path.with_name(f".person.{secrets.token_hex(4)}")
        beside.touch(mode=0o600)
        beside.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(beside)
        finally:
            beside.unlink()
    return path.read_bytes()
