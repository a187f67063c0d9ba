"""The bench's night of many sources: 60 senders with 15 sources each, of which nothing changed since yesterday."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from cchc.bench import servers
from cchc.bench.files import write_reference
from cchc.clock import monotonic, now
from cchc.errors import ConfigError
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url

SENDERS, EACH = 60, 15
KINDS = ("file_drop", "http", "sftp", "sql")
ROWS = 20
HEADER = ("Mã cơ quan", "Mã hồ sơ", "Ngày tiếp nhận", "Cập nhật lúc")
SOURCE = """\
  n{number:02d}:
    feed: dossier_log
    every: day
    connect: {connect}
    read: {{kind: {read}}}
"""


def kind_of(sender: int, number: int) -> str:
    """Half of the 900 are file drops, the others HTTP, SFTP and SQL in turn."""
    place = sender * EACH + number
    return "file_drop" if place % 2 == 0 else KINDS[1 + place // 2 % 3]


def measure_sources(config: Settings) -> dict[str, float | int]:
    """`sources_s`: the night's intake, one process a sender and two at a time, as the ingest DAGs run it, Airflow's start
    apart but Python's and our imports' not; the same by kind, with the sources of that kind alone."""
    write_reference(config.province, SENDERS)
    load_reference(config)
    with _served(config) as connects:
        _declare(config, connects, KINDS)
        first = _intakes(config)
        _intakes(config)  # what asks by watermark has its overlap alone from now on
        before = _processor_s()
        figures = {"sources": SENDERS * EACH, "sources_first_s": first, "sources_s": _intakes(config)}
        figures["sources_processor_s"] = round(_processor_s() - before, 2)
        for kind in KINDS:
            _declare(config, connects, (kind,))
            figures[f"sources_{kind}_s"] = _intakes(config)
    return figures


def _processor_s() -> float:
    """Processor time of the intakes' processes so far, both cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _intakes(config: Settings) -> float:
    """Seconds for every sender's intake."""
    paths, moment = sorted((config.province / "sources").glob("*.yaml")), now().isoformat()

    def intake(path: Path) -> None:
        done = subprocess.run([sys.executable, "-m", "cchc.bench.sender", path, moment], capture_output=True, text=True)
        if done.returncode:
            raise ConfigError(f"the bench's own sender {path.stem} failed: {done.stderr[-2000:]}")

    begun = monotonic()
    with ThreadPoolExecutor(config.intake_workers) as workers:
        list(workers.map(intake, paths))
    return round(monotonic() - begun, 2)


@contextmanager
def _served(config: Settings) -> Iterator[dict[str, str]]:
    """Files, records and rows of every source, and the servers that give them; how each kind is connected."""
    folders = {kind: config.home / f"served/{kind}" for kind in ("http", "sftp")}
    for sender in range(SENDERS):
        for number in range(EACH):
            _offer(config, folders, sender, number)
    with ExitStack() as stack:
        url = stack.enter_context(servers.api(folders["http"]))
        port, key = stack.enter_context(servers.sftp(folders["sftp"]))
        _offer_rows(config)
        os.environ["AIRFLOW_CONN_BENCH_SFTP"] = f"sftp://{servers.LOGIN}:{servers.PASSWORD}@127.0.0.1:{port}"
        os.environ["AIRFLOW_CONN_BENCH_SQL"] = admin_url(config).replace("postgresql://", "postgresql+psycopg://", 1)
        query = 'select * from bench_source.n{place} where \\"Cập nhật lúc\\" >= :since'
        yield {
            "file_drop": '{{kind: file_drop, glob: "s{sender:02d}/n{number:02d}/*.csv"}}',
            "http": f'{{{{kind: http, url: "{url}/{{place}}", records: items, paging: {{{{kind: page}}}}, allow_private: true}}}}',
            "sftp": f'{{{{kind: sftp, connection: bench_sftp, host_key: "{key}", folder: "{{place}}", glob: "*.csv"}}}}',
            "sql": f'{{{{kind: sql, connection: bench_sql, query: "{query}"}}}}',
        }


def _rows(sender: int, number: int) -> list[tuple[str, ...]]:
    day = "2013-12-01T08:00:00+07:00"
    return [(f"B.{sender:02d}", f"HS-{number}-{row}", day, day) for row in range(ROWS)]


def _offer(config: Settings, folders: dict[str, Path], sender: int, number: int) -> None:
    kind, place = kind_of(sender, number), f"{sender * EACH + number}"
    csv = "\n".join(",".join(row) for row in [HEADER, *_rows(sender, number)]) + "\n"
    match kind:
        case "file_drop":
            path, text = config.inbox_path / f"s{sender:02d}/n{number:02d}/log.csv", csv
        case "sftp":
            path, text = folders["sftp"] / place / "log.csv", csv
        case "http":
            path, text = folders["http"] / place, json.dumps([dict(zip(HEADER, row, strict=True)) for row in _rows(sender, number)])
        case _:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _offer_rows(config: Settings) -> None:
    """The tables of another system, in a schema beside ours."""
    names = ", ".join(f'"{name}" text' for name in HEADER[:2]) + ", " + ", ".join(f'"{name}" timestamptz' for name in HEADER[2:])
    with psycopg.connect(admin_url(config)) as connection:
        connection.execute("create schema bench_source")
        for sender in range(SENDERS):
            for number in range(EACH):
                if kind_of(sender, number) == "sql":
                    table = f"bench_source.n{sender * EACH + number}"
                    connection.execute(f"create table {table} ({names})")
                    connection.cursor().executemany(f"insert into {table} values (%s, %s, %s, %s)", _rows(sender, number))


def _declare(config: Settings, connects: dict[str, str], kinds: tuple[str, ...]) -> None:
    """One YAML a sender with its sources of these kinds."""
    folder = config.province / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    for sender in range(SENDERS):
        text = f"sender: B.{sender:02d}\nsynthetic: true\nsources:\n"
        for number in range(EACH):
            kind = kind_of(sender, number)
            if kind in kinds:
                connect = connects[kind].format(sender=sender, number=number, place=sender * EACH + number)
                text += SOURCE.format(number=number, connect=connect, read="csv" if kind in ("file_drop", "sftp") else "jsonl")
        (folder / f"s{sender:02d}.yaml").write_text(text, encoding="utf-8")
