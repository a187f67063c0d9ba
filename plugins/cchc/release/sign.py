"""Signs manifests with a key that lies outside the database (decision 8)."""

import base64
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cchc.settings import Settings


def canonical(value: Any) -> bytes:
    """JSON in one form only: sorted keys, no spaces, UTF-8, decimals and dates as text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def sign(config: Settings, message: bytes) -> str:
    """The release key's signature, base64."""
    return base64.b64encode(_key(config).sign(message)).decode()


def is_signed(config: Settings, message: bytes, signature: str) -> bool:
    """Whether `signature` is the release key's over `message`."""
    try:
        _key(config).public_key().verify(base64.b64decode(signature), message)
    except InvalidSignature:
        return False
    return True


def _key(config: Settings) -> Ed25519PrivateKey:
    path: Path = config.keys_path / "release.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        word = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        beside = path.with_name(f".release.{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_bytes(word)
        beside.rename(path)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
