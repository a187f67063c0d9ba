"""Signs manifests with a key that lies outside the database (decision 8)."""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cchc.settings import Settings
from cchc.warehouse.keys import RELEASE, read_key


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
    return Ed25519PrivateKey.from_private_bytes(read_key(config, RELEASE))
