"""How a source's HTTP API is declared in its YAML."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from cchc.contracts.model import Strict


class PageNumber(Strict):
    """`?page=1`, `?page=2`, ... until a page is empty."""

    kind: Literal["page"]
    param: str = "page"
    first: int = 1
    size_param: str | None = None
    size: int = Field(500, ge=1)


class Offset(Strict):
    """`?offset=0`, `?offset=<records so far>`, ... until a page is empty."""

    kind: Literal["offset"]
    param: str = "offset"
    size_param: str | None = "limit"
    size: int = Field(500, ge=1)


class Cursor(Strict):
    """Each page names the next one at the dotted path `next`: a token for `param`, or a whole address of the same host."""

    kind: Literal["cursor"]
    param: str = "cursor"
    next: str = "next"


class Watermark(Strict):
    """Only what changed since the newest version accepted, less an overlap: late rows are asked for twice, never missed."""

    param: str
    overlap_minutes: int = Field(24 * 60, ge=0)


class HttpApi(Strict):
    """A JSON API: records under the dotted path `records` of each page, its own total under `count`."""

    kind: Literal["http"]
    url: str
    connection: str | None = None  # the name of an Airflow Connection with login and password (or a token as password)
    auth: Literal["basic", "bearer"] = "bearer"
    params: dict[str, str] = Field(default_factory=dict)
    records: str = ""
    paging: Annotated[PageNumber | Offset | Cursor, Field(discriminator="kind")] | None = None
    count: str | None = None
    watermark: Watermark | None = None
    allow_private: bool = False
    timeout_seconds: float = Field(30, gt=0)  # without a byte; the whole fetch has `minutes`
    minutes: float = Field(30, gt=0)
    megabytes: int = Field(1024, ge=1)

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise ValueError("url is http(s)://host/path without login; secrets come from `connection`")
        return url
