"""How a source in an object store (S3 and what speaks like it) is declared in its YAML."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from cchc.contracts.model import Strict


class ObjectStorage(Strict):
    """Objects of one bucket. `connection` is an Airflow Connection whose login is the access key and whose password its secret."""

    kind: Literal["object_storage"]
    endpoint: str  # https://host[:port] of the store; the bucket goes into the path
    connection: str
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    prefix: str = ""
    glob: str = "**"  # of the key after the prefix: * stays within a folder, ** goes through all
    arrived: str | None = None  # a pattern with one group: the stamp in the key
    region: str = "us-east-1"  # stores of one region take any name
    allow_private: bool = False
    timeout_seconds: float = Field(30, gt=0)
    minutes: float = Field(30, gt=0)
    megabytes: int = Field(1024, ge=1)

    @field_validator("endpoint")
    @classmethod
    def _is_web(cls, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password or parts.path.strip("/"):
            raise ValueError("endpoint is http(s)://host[:port] without login and path; secrets come from `connection`")
        return endpoint
