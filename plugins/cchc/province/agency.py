"""One more agency: its row in unit.csv and its sender's YAML, both checked before either is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cchc.connectors.sources import proposed_sender, read_sender
from cchc.contracts import contract, feeds
from cchc.errors import ConfigError
from cchc.province.tables import csv_text, read_table, write_whole
from cchc.province.units import problems_of

EVERY = {"dossier_log": "month", "survey_response": "year", "organisation": "half"}


@dataclass(frozen=True)
class Agency:
    """A unit to be added, as reference/unit.csv has it, and the name of its sender's file."""

    unit: dict[str, str]  # agency_code, name_vi, kind, level, block, parent_code, valid_from, decree, source
    sender: str
    feeds: Sequence[str]


def add_agency(folder: Path, agency: Agency, dry_run: bool = False) -> dict[Path, bool]:
    """Add the unit and the sender to a province folder; what is there already stays. Returns file → whether it changes.

    Raises ConfigError when the code is another unit's, a value is wrong, or the sender's file speaks for another unit.
    """
    table, sources = folder / "reference/unit.csv", folder / "sources"
    unit_text = _with_unit(table, agency.unit)
    sender_path = sources / f"{agency.sender}.yaml"
    sender_text = None if sender_path.exists() else _sender_text(agency)
    _check_sender(sender_path, sender_text, agency.unit["agency_code"])
    if not dry_run:
        if unit_text is not None:
            write_whole(table, unit_text)
        if sender_text is not None:
            write_whole(sender_path, sender_text)
    return {table: unit_text is not None, sender_path: sender_text is not None}


def rhythm(feed: str) -> str:
    """How often a feed is expected where no text says so (ours): every quarter, dossiers monthly, surveys yearly."""
    return EVERY.get(feed, "quarter")


def _with_unit(path: Path, unit: dict[str, str]) -> str | None:
    """The table with the unit's row at its end; None when the very row is there."""
    header, rows = read_table(path)
    code = unit["agency_code"]
    there = next((row for row in rows if row["agency_code"] == code), None)
    if there:
        if differing := [name for name, value in unit.items() if value and there.get(name) != value]:
            raise ConfigError(
                f"{path.name}: {code} is there with another {', '.join(differing)}; correct that row by hand, with its decree"
            )
        return None
    rank = max((int(row["sort_rank"]) for row in rows), default=0) + 1
    rows.append(dict.fromkeys(header, "") | unit | {"sort_rank": str(rank)})
    lines = [(line, {"successor_codes": "", "valid_to": ""} | row) for line, row in enumerate(rows, start=2)]
    province = next((row["agency_code"] for row in rows if row["kind"] == "province"), "")
    if problems := [f"line {line}, column {column}: {what}" for line, column, what in problems_of(lines, province)]:
        raise ConfigError(f"{path.name} with {code}: " + "; ".join(problems))
    return csv_text(header, [[row[name] for name in header] for row in rows])


def _check_sender(path: Path, text: str | None, code: str) -> None:
    """Read the sender as the night would, also when it is not written yet."""
    found = read_sender(path) if text is None else proposed_sender(path, text)
    if found.sender != code:
        raise ConfigError(f"{path.name} speaks for {found.sender}, not for {code}: choose another name with --sender")


def _sender_text(agency: Agency) -> str:
    if unknown := sorted(set(agency.feeds) - set(feeds())):
        raise ConfigError(f"no contract for feed {', '.join(unknown)}; there are: {', '.join(feeds())}")
    head = HEAD.format(name=agency.unit["name_vi"], code=agency.unit["agency_code"])
    return head + "".join(_source_text(agency, feed) for feed in agency.feeds)


def _source_text(agency: Agency, feed: str) -> str:
    headers = ", ".join(f'{name}: "{column.vi}"' for name, column in contract(feed).columns.items() if column.required)
    return SOURCE.format(
        name=feed.replace("_", "-"), feed=feed, title=contract(feed).title_vi, version=contract(feed).version, headers=headers,
        every=rhythm(feed), sender=agency.sender, code=agency.unit["agency_code"],
    )  # fmt: skip


HEAD = """\
# {name}. Every key: docs/how-to-add-a-source.md
sender: {code}
schedule: "0 20 * * *"  # when its files are taken in, cron in Asia/Ho_Chi_Minh
sources:
"""
SOURCE = """\
  {name}:  # {title}
    feed: {feed}
    contract: {version}
    every: {every}  # day, month, quarter, half, year: how often it is expected
    required: true  # false: a night without it is not provisional
    connect: {{kind: file_drop, glob: "{sender}/{feed}*.csv"}}  # under the inbox; the arrival is the file's modification time
    read: {{kind: csv, delimiter: ",", encoding: utf-8, header_row: 1}}  # or {{kind: xlsx, sheet: "...", header_row: 3}}, {{kind: json}}
    # dates: "%d/%m/%Y"  # when the file's dates are not ISO 8601
    # decimal: ","  # when it writes 1.234,5
    # columns: {{{headers}}}  # contract column: header in the file, where they differ
    # constants: {{agency_code: {code}}}  # when the file has no column for the unit
    # skip_rows: ["Tổng cộng"]  # total rows
"""
