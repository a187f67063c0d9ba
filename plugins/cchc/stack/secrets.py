"""The stack's secrets: made on first use, kept under the keys folder, readable by their owner alone."""

import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from cchc.settings import Settings

ADMIN_USER = "admin"


def admin_password(config: Settings) -> str:
    """The password of the UI's first user."""
    return _kept(config, "admin-password", secrets.token_urlsafe(12))


def admin_password_file(config: Settings) -> Path:
    """Where that password stands."""
    return config.keys_path / "airflow-admin-password"


def metadata_password(config: Settings) -> str:
    """The password of the database role that Airflow works as."""
    return _kept(config, "database-password", secrets.token_urlsafe(24))


def secret_environment(config: Settings) -> dict[str, str]:
    """Airflow's own keys as environment variables."""
    return {
        "AIRFLOW__CORE__FERNET_KEY": _kept(config, "fernet", urlsafe_b64encode(secrets.token_bytes(32)).decode()),
        "AIRFLOW__API_AUTH__JWT_SECRET": _kept(config, "jwt", secrets.token_urlsafe(64)),
        "AIRFLOW__API__SECRET_KEY": _kept(config, "session", secrets.token_urlsafe(32)),
    }


def _kept(config: Settings, name: str, fresh: str) -> str:
    path = config.keys_path / f"airflow-{name}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text()
