"""Return slips in `<home>/slips/<province>/<sender>/<delivery>.xlsx`; they can be written anew from the warehouse at any time."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from cchc.contracts import ADVISORY, BLOCKING
from cchc.intake.slip import read_slip
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER

NEEDED = f"""
select d.delivery_id, split_part(d.source_id, '/', 2), d.name, d.status, coalesce(d.rows_quarantined, 0),
       (select count(distinct q.line) from quarantine.row q where q.delivery_id = d.delivery_id and q.state = 'open')
from ops.delivery d
where d.province = %(province)s and (d.status in ('refused', 'held') or d.rows_quarantined > 0
       or d.reason_rule in ('{ADVISORY}', '{BLOCKING}'))
  and (%(only)s::bigint[] is null or d.delivery_id = any(%(only)s)) order by d.delivery_id"""


def needed_slips(config: Settings, only: Iterable[int] | None = None) -> list[tuple]:
    """Delivery, sender, file, status, refused rows, open rows and path of every slip; of `only` these deliveries."""
    values = {"province": config.province.name, "only": None if only is None else list(only)}
    with connect(LOADER) as connection:
        rows = connection.execute(NEEDED, values).fetchall()
    return [(*row, slip_path(config, row[1], row[0])) for row in rows]


def slip_path(config: Settings, sender: str, delivery: int) -> Path:
    """Where the slip of a sender's delivery lies."""
    return config.home / "slips" / config.province.name / sender / f"{delivery}.xlsx"


def write_slips(config: Settings, only: Iterable[int] | None = None) -> list[Path]:
    """Write the slips that are needed, all or of `only` these deliveries; the same state gives the same bytes."""
    from cchc.intake.slip_book import slip_bytes  # the writer of workbooks is loaded where there is something to return

    paths = []
    for delivery, *_, path in needed_slips(config, only):
        with connect(LOADER) as connection:
            content = slip_bytes(read_slip(connection, delivery))
        _put(path, content)
        paths.append(path)
    return paths


def _put(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.write_bytes(content)
    beside.replace(path)
