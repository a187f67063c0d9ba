"""A sender's YAML: which feeds it sends, where they lie and how they look."""

import re
import tempfile
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from cchc.connectors.http_model import HttpApi
from cchc.connectors.object_model import ObjectStorage
from cchc.connectors.sftp_model import Database, Sftp
from cchc.contracts import Drift, attachments, contract, feeds
from cchc.contracts.model import Strict
from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError
from cchc.settings import Settings


class FileDrop(Strict):
    """Files in a folder under the inbox; `arrived` finds the arrival stamp YYYY-MM-DD[THHMM] in the path."""

    kind: Literal["file_drop"]
    glob: str
    arrived: str | None = None
    megabytes: int = Field(4096, ge=1)  # of one file

    @field_validator("glob")
    @classmethod
    def _stays_inside(cls, glob: str) -> str:
        if glob.startswith("/") or ".." in Path(glob).parts:
            raise ValueError("glob stays under the inbox: no leading / and no ..")
        return glob

    @field_validator("arrived")
    @classmethod
    def _one_group(cls, pattern: str | None) -> str | None:
        if pattern is not None and re.compile(pattern).groups != 1:
            raise ValueError("arrived needs exactly one group, the stamp YYYY-MM-DD or YYYY-MM-DDTHHMM")
        return pattern


class Upload(Strict):
    """Files handed in one by one (`cchc source upload`), kept in the source's own inbox until the next intake."""

    kind: Literal["upload"]
    megabytes: int = Field(256, ge=1)  # of one file


class CsvFormat(Strict):
    """Separated text; `header_row` counts from 1."""

    kind: Literal["csv"]
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | Literal["auto"] = ","  # auto: the one that the headers tell
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    encoding: Literal["utf-8", "utf-16", "windows-1258", "tcvn3", "vni"] = "utf-8"
    header_row: int = Field(1, ge=1)


class SheetFormat(Strict):
    """A workbook, of today or from before 2007; without `sheet` or `sheets` its first one is read, with `["*"]` all of them."""

    kind: Literal["xlsx", "xls"]
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int = Field(1, ge=1)
    header_rows: Literal[1, 2] = 1  # 2: a header is the merged cell above and the one below, "Hồ sơ Tiếp nhận"
    groups: bool = False  # rows with one filled cell are names of groups, not data


class JsonFormat(Strict):
    """A JSON document with a list of flat records."""

    kind: Literal["json"]
    records: str = ""  # dotted path to the list; empty = the document itself


class JsonLinesFormat(Strict):
    """JSON Lines: one flat record a line."""

    kind: Literal["jsonl"]


class XmlFormat(Strict):
    """XML with one element a record; `record` is its name, its children or attributes are the columns."""

    kind: Literal["xml"]
    record: str = Field(pattern=r"^[^\W\d][\w.-]*$")


class AttachmentFormat(Strict):
    """A file that is kept as it came and never read for rows (feeds evidence, report_document)."""

    kind: Literal["attachment"]


class Fold(Strict):
    """An event log becomes one row per case: the first non-empty value of each column."""

    by: str


Format = Annotated[CsvFormat | SheetFormat | JsonFormat | JsonLinesFormat | XmlFormat | AttachmentFormat, Field(discriminator="kind")]


class Form(Strict):
    """How the files of a span of time look; what it says takes the place of the source's own, column by column and word by word."""

    valid_from: date
    valid_to: date | None = None  # the first day it is no more
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    read: Format | None = None
    dates: str | None = None
    instants: str | None = None
    decimal: Literal[".", ","] | None = None
    skip_rows: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _spans_time(self) -> "Form":
        if self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is the first day that the form is no more: it comes after valid_from")
        return self

    def holds(self, day: date) -> bool:
        """Whether a file of this day has this form."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Source(Strict):
    """One sender's one feed."""

    feed: str
    contract: int = 1
    every: Literal["day", "month", "quarter", "half", "year"]
    required: bool = True
    connect: Annotated[FileDrop | Upload | HttpApi | Sftp | Database | ObjectStorage, Field(discriminator="kind")]
    read: Format
    time_zone: str = "Asia/Ho_Chi_Minh"
    due_precision: Literal["day", "time"] = "day"
    dates: str | None = None  # strptime pattern, `excel` for bare serial numbers; none = ISO 8601
    instants: str | None = None
    decimal: Literal[".", ","] = "."
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    skip_rows: tuple[str, ...] = ()
    fold: Fold | None = None
    drift: Drift | None = None  # what it says takes the place of the contract's
    columns_by_period: tuple[Form, ...] = ()  # forms that changed over the years; a day of none of them has the source's own
    period_in_name: str | None = None  # pattern with one group, the period in the file's name; none = the day of arrival counts

    @model_validator(mode="after")
    def _columns_exist(self) -> "Source":
        if self.feed in attachments() or self.read.kind == "attachment":
            return self._is_an_attachment()
        if self.feed not in feeds():
            raise ValueError(f"feed {self.feed!r} has no contract; there are: {', '.join(feeds())}")
        known = contract(self.feed, self.contract).columns
        named = {*self.columns, *self.constants, *self.values, *([self.fold.by] if self.fold else [])}
        named |= {name for form in self.columns_by_period for name in (*form.columns, *form.values)}
        if unknown := sorted(named - set(known)):
            raise ValueError(f"columns {unknown} are not in the contract of {self.feed}; it has {', '.join(known)}")
        if self.connect.kind in ("http", "sql") and self.read.kind != "jsonl":
            raise ValueError(f"what `connect: {{kind: {self.connect.kind}}}` fetches is kept as JSON Lines: say `read: {{kind: jsonl}}`")
        if self.is_incremental and contract(self.feed, self.contract).version_column is None:
            raise ValueError(f"{self.feed} has no version column to ask for changes by: leave the watermark (`:since`) out and fetch all")
        return self

    @model_validator(mode="after")
    def _forms_are_told_apart(self) -> "Source":
        forms = sorted(self.columns_by_period, key=lambda form: form.valid_from)
        for earlier, later in pairwise(forms):
            if earlier.valid_to is None or later.valid_from < earlier.valid_to:
                raise ValueError(f"columns_by_period: the forms from {earlier.valid_from} and from {later.valid_from} overlap: "
                                 f"end the first with `valid_to: {later.valid_from}`")  # fmt: skip
        if self.period_in_name is not None and not (forms and re.compile(self.period_in_name).groups == 1):
            raise ValueError("period_in_name has exactly one group, the period (2012, 2012-Q3, 2012-07), and goes with columns_by_period")
        return self

    @property
    def drop(self) -> FileDrop:
        """The connection of a source that is a file drop. Raises ConfigError for any other."""
        if not isinstance(self.connect, FileDrop):
            raise ConfigError(f"this source of {self.feed} is connected by {self.connect.kind}, not by file drop")
        return self.connect

    @property
    def is_incremental(self) -> bool:
        """Whether only what changed since the newest version accepted is asked for."""
        asked = self.connect
        return (isinstance(asked, HttpApi) and asked.watermark is not None) or (isinstance(asked, Database) and ":since" in asked.query)

    def _is_an_attachment(self) -> "Source":
        if self.feed not in attachments() or self.read.kind != "attachment":
            raise ValueError(f"`read: {{kind: attachment}}` goes with the feeds {', '.join(attachments())} and only with them")
        if self.columns or self.constants or self.values or self.skip_rows or self.fold:
            raise ValueError(f"{self.feed} has no rows: columns, constants, values, skip_rows and fold say nothing here")
        return self


class Sender(Strict):
    """Who delivers, for itself and for the units under it."""

    sender: str
    synthetic: bool = False
    schedule: str = "0 20 * * *"
    sources: dict[str, Source] = Field(min_length=1)


def read_sender(path: Path) -> Sender:
    """The sender that a YAML file describes. Raises ConfigError naming the file and what is wrong."""
    try:
        return Sender.model_validate(read_yaml(path))
    except ValueError as error:
        raise ConfigError(f"{path.name}: {error}") from error


def proposed_sender(path: Path, text: str) -> Sender:
    """The sender that `path` would describe if it held `text`, read as the night would, and nothing left there."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / path.name
        trial.write_text(text, encoding="utf-8")
        return read_sender(trial)


def sender_files(config: Settings) -> list[Path]:
    """The province's sender files, in a fixed order."""
    return sorted((config.province / "sources").glob("*.yaml"))


def source_id(config: Settings, path: Path, name: str) -> str:
    """`<province>/<sender file>/<source name>`, unique in a warehouse."""
    return f"{config.province.name}/{path.stem}/{name}"


@dataclass(frozen=True)
class Place:
    """A source in its sender's file."""

    path: Path
    name: str
    sender: Sender
    source: Source
    source_id: str


def named_source(config: Settings, wanted: str) -> Place:
    """The source called `sender/source` or by its whole id. Raises ConfigError naming those there are, or what its YAML lacks."""
    sender, _, name = wanted.removeprefix(f"{config.province.name}/").partition("/")
    path = config.province / "sources" / f"{sender}.yaml"
    if path not in sender_files(config):
        raise ConfigError(f"no sender {sender!r}; there are: {', '.join(one.stem for one in sender_files(config))}")
    read = read_sender(path)
    if name not in read.sources:
        raise ConfigError(f"{path.name} has no source {name!r}; it has: {', '.join(read.sources)}")
    return Place(path, name, read, read.sources[name], source_id(config, path, name))
