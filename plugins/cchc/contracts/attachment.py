"""Feeds without rows: files that are kept as they came, within limits of type and size."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from cchc.contracts.model import Strict
from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError

ATTACHMENTS = Path(__file__).parent / "attachments"


class Attachment(Strict):
    """What may come as an attachment of one feed; `retention` is a class of data (reference.setting retention.<class>_days)."""

    feed: str
    version: int
    title_vi: str
    purpose: str
    types: tuple[Literal["pdf", "docx", "xlsx", "jpg", "png"], ...] = Field(min_length=1)
    max_megabytes: int = Field(gt=0, le=200)
    retention: str


@lru_cache
def attachment(feed: str) -> Attachment:
    """The limits of an attachment feed. Raises ConfigError when there is none or it does not read."""
    if feed not in attachments():
        raise ConfigError(f"no attachment feed {feed!r}; there are: {', '.join(attachments())}")
    try:
        return Attachment.model_validate(read_yaml(ATTACHMENTS / f"{feed}.yaml"))
    except ValueError as error:
        raise ConfigError(f"{feed}.yaml: {error}") from error


def attachments() -> list[str]:
    """The names of all attachment feeds."""
    return sorted(path.stem for path in ATTACHMENTS.glob("*.yaml"))
