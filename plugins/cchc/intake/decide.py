"""A person's decision on a delivery: withdraw a wrong one, accept a held one; always with a reason, always audited."""

import getpass

from cchc.clock import now
from cchc.errors import ConfigError, DataError
from cchc.warehouse.connect import connect
from cchc.warehouse.quarantine import settle_delivery
from cchc.warehouse.roles import LOADER

ALLOWED = {"withdrawn": ("accepted", "held"), "accepted": ("held", "withdrawn")}


def deliveries(province: str, status: str | None = None, source: str | None = None) -> list[tuple]:
    """Number, source, status, arrival, counts, reason and file of the province's deliveries."""
    with connect(LOADER) as connection:
        return connection.execute(
            """select delivery_id, source_id, status, arrived_at, rows_read, rows_accepted, rows_unchanged, rows_quarantined,
                 rows_skipped, coalesce(reason_rule || ': ' || reason, reason), name from ops.delivery
               where province = %s and (%s::text is null or status = %s) and (%s::text is null or strpos(source_id, %s) > 0)
               order by delivery_id""",
            (province, status, status, source, source),
        ).fetchall()


def decide(province: str, number: int, status: str, reason: str, dry_run: bool = False) -> str:
    """Set a delivery's status; returns the status before. The next cut follows it, releases made before stay.

    Raises ConfigError for an unknown delivery or an empty reason, DataError when its state does not allow it.
    """
    if not reason.strip():
        raise ConfigError("a decision on a delivery needs a reason: --reason '...'")
    with connect(LOADER) as connection:
        row = connection.execute(
            "select status, sha256 from ops.delivery where delivery_id = %s and province = %s for update", (number, province)
        ).fetchone()
        if row is None:
            raise ConfigError(f"there is no delivery {number} in {province}: see `cchc delivery list`")
        if row[0] not in ALLOWED[status]:
            raise DataError(f"delivery {number} is {row[0]}; only {' or '.join(ALLOWED[status])} ones can become {status}")
        if not dry_run:
            connection.execute(
                "update ops.delivery set status = %s, judged = true, reason_rule = 'person', reason = %s where delivery_id = %s",
                (status, reason, number),
            )
            settle_delivery(connection, number, now())
            connection.execute(
                "insert into audit.event (at, who, what, subject, hash_before, reason) values (%s, %s, %s, %s, %s, %s)",
                (now(), getpass.getuser(), f"delivery {status}", f"delivery {number}", row[1], reason),
            )
    return row[0]
