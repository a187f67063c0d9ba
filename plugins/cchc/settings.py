"""The one place for settings: environment variables with the prefix CCHC_ (docs/settings.md)."""

from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """What an installation may choose; everything has a default that runs on one machine."""

    model_config = SettingsConfigDict(env_prefix="CCHC_")

    warehouse_url: SecretStr | None = None  # postgresql://[admin:secret@]host:port/database; none = embedded server
    home: Path = PROJECT / "var"
    province: Path = PROJECT / "dags/provinces/son-la"
    inbox: Path | None = None  # where file drops lie; none = <home>/inbox
    keys: Path | None = None  # none = <home>/keys
    public_url: str = ""
    ribbon: str = ""  # e.g. THỬ NGHIỆM, printed on pages and documents
    font_path: Path | None = None
    intake_workers: int = 4
    smtp_url: SecretStr | None = None  # smtp[s]://[user:secret@]host[:port][/?tls=starttls&from=address]; none = mails stay planned
    ingest_minutes: int = 60  # how long after its schedule a sender's intake may take before the watcher names it

    @cached_property
    def inbox_path(self) -> Path:
        """Where file drops lie."""
        return self.inbox or self.home / "inbox"

    @cached_property
    def keys_path(self) -> Path:
        """Where secrets and keys lie; has a backup of its own."""
        return self.keys or self.home / "keys"

    @cached_property
    def bytes_path(self) -> Path:
        """Where the sealed bytes of deliveries lie."""
        return self.home / "bytes"

    @cached_property
    def project(self) -> Path:
        """The checkout: dbt_project/, expectations/, dags/."""
        return PROJECT


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; `settings.cache_clear()` after changing the environment in a test."""
    return Settings()
