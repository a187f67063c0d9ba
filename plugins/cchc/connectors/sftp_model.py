"""How a source on an SFTP server or in a database is declared in its YAML."""

from typing import Literal

from pydantic import Field, field_validator

from cchc.contracts.model import Strict


class Sftp(Strict):
    """Files in one folder. `connection` is an Airflow Connection sftp://login:password@host:port[/?private_key=...]."""

    kind: Literal["sftp"]
    connection: str
    host_key: str = Field(min_length=20)  # the server's public key as one line: "ssh-ed25519 AAAA..."
    folder: str = "."
    glob: str = "*"
    arrived: str | None = None  # a pattern with one group: the stamp in the file's name
    timeout_seconds: float = Field(30, gt=0)  # of one part; the whole fetch has `minutes`
    minutes: float = Field(30, gt=0)
    megabytes: int = Field(1024, ge=1)


class Database(Strict):
    """One read-only query of a database; `:since` in it is the newest version accepted less the overlap."""

    kind: Literal["sql"]
    connection: str  # an Airflow Connection whose URI SQLAlchemy understands: postgresql+psycopg://...
    query: str
    overlap_minutes: int = Field(24 * 60, ge=0)
    rows: int = Field(5_000_000, ge=1)
    megabytes: int = Field(2048, ge=1)
    timeout_seconds: float = Field(300, gt=0)  # of one part; the whole query has `minutes`
    minutes: float = Field(60, gt=0)

    @field_validator("query")
    @classmethod
    def _one_select(cls, query: str) -> str:
        if not query.lstrip().lower().startswith(("select", "with")) or ";" in query.rstrip().rstrip(";"):
            raise ValueError("query is one statement that starts with select or with")
        return query.rstrip().rstrip(";")
