"""Copies the marts of a passed night into the release, partition by partition, in one transaction (decisions 8, 18)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import psycopg
from psycopg.types.json import Jsonb

from cchc.clock import ZONE, now
from cchc.release.notes import notes_of
from cchc.release.sign import canonical, sign
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.query import one
from cchc.warehouse.roles import TRANSFORMER

MARTS = ("measure", "index_criterion", "index_unit", "compliance", "reconciliation", "form_ii06a", "form_ii07b")


@dataclass(frozen=True)
class Night:
    """The night that is frozen."""

    night_id: int
    cut_id: int
    province: str
    as_of: datetime


def freeze_night(config: Settings, night: Night, schema: str, warnings: list[dict[str, str]]) -> str:
    """Freeze the night's marts; returns the release id. The same content again is the release that is there.

    Marts are read in one REPEATABLE READ transaction; a partition (mart × period) whose hash is known is shared.
    """
    with connect(TRANSFORMER) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("select pg_advisory_xact_lock(hashtext('cchc freeze'))")
        partitions = [p for mart in MARTS for p in _freeze_mart(connection, mart, f"{schema}_reporting.{mart}", None)]
        partitions += _freeze_mart(connection, "coverage", _coverage_rows(), night)
        partitions += _freeze_mart(connection, "unit_coverage", _unit_coverage_rows(connection), night)
        notes = notes_of(connection, night.province, night.cut_id, schema, warnings)
        return _manifest(connection, config, night, sorted(partitions), notes)


def _coverage_rows() -> str:
    return """(select sender_code as agency_code, to_char((c.as_of at time zone 'Asia/Ho_Chi_Minh')::date, 'YYYY-MM-DD') as period_code,
                 source_id, feed, required, state, last_arrived_at
               from ops.coverage join ops.cut c using (cut_id) where cut_id = %(cut)s)"""


def _unit_coverage_rows(connection: psycopg.Connection) -> str:
    return f"(select {', '.join(columns_of(connection, 'unit_coverage'))} from ops.unit_coverage where cut_id = %(cut)s)"


def columns_of(connection: psycopg.Connection, mart: str) -> list[str]:
    """The columns of a release table that are hashed, in their order."""
    rows = connection.execute(
        """select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
           and attname <> 'partition_id' order by attnum""",
        (f"release.{mart}",),
    )
    return [row[0] for row in rows]


def _freeze_mart(connection: psycopg.Connection, mart: str, relation: str, night: Night | None) -> list[str]:
    """Hash each period's rows in a fixed order and text form, copy the partitions that are new; returns all hashes.

    The offset makes each row's text once: it is sorted by and added up, and would be made for both.
    """
    names = columns_of(connection, mart)
    listed = ", ".join(names)
    values = {"cut": night.cut_id} if night else None
    hashed = connection.execute(
        f"""select period_code, count(*),
              encode(sha256(convert_to('{mart}' || string_agg(told, E'\n' order by told collate "C"), 'UTF8')), 'hex')
            from (select period_code, row({listed})::text as told from {relation} m offset '0') texts group by period_code""",
        values,
    ).fetchall()
    fresh = _new_partitions(connection, mart, hashed)
    if fresh:
        named = ", ".join(f"m.{name}" for name in names)
        connection.execute(
            f"""insert into release.{mart} ({listed}, partition_id) select {named}, fresh.partition_id from {relation} m
                join unnest(%(periods)s::text[], %(numbers)s::bigint[]) as fresh (period_code, partition_id) using (period_code)""",
            {**(values or {}), "periods": list(fresh), "numbers": list(fresh.values())},
        )
    return [digest for _, _, digest in hashed]


def _new_partitions(connection: psycopg.Connection, mart: str, hashed: list[tuple]) -> dict[str, int]:
    """Write down the partitions that no release has yet; returns their numbers by period."""
    periods, counts, hashes = zip(*hashed, strict=True) if hashed else ((), (), ())
    rows = connection.execute(
        """insert into release.partition (partition_hash, mart, period_code, row_count)
           select partition_hash, %s, period_code, row_count
           from unnest(%s::text[], %s::text[], %s::bigint[]) as partition (partition_hash, period_code, row_count)
           on conflict (partition_hash) do nothing returning period_code, partition_id""",
        (mart, list(hashes), list(periods), list(counts)),
    )
    return dict(rows.fetchall())


def _manifest(connection: psycopg.Connection, config: Settings, night: Night, partitions: list[str], notes: dict) -> str:
    reference = one(connection.execute("select content_hash from reference.load where province = %s", (night.province,)))[0]
    provisional = bool(notes["coverage"]["missing_required"])
    digest = sha256(canonical(content_of(night.province, night.as_of, partitions, notes, reference, provisional))).hexdigest()
    known = connection.execute("select release_id from release.manifest where (province, as_of, content_hash) = (%s, %s, %s)",
                               (night.province, night.as_of, digest)).fetchone()  # fmt: skip
    if known:
        return known[0]
    release_id = _next_id(connection, night)
    connection.execute(
        "insert into release.manifest values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (release_id, night.province, night.as_of, night.cut_id, night.night_id, provisional, reference, digest,
         Jsonb(notes), sign(config, signed_text(release_id, digest)), now()),
    )  # fmt: skip
    connection.execute(
        "insert into release.manifest_partition select %s, partition_id from release.partition where partition_hash = any(%s)",
        (release_id, partitions),
    )
    connection.execute(
        "insert into audit.event (at, who, what, subject, hash_after) values (%s, 'cchc', 'released', %s, %s)", (now(), release_id, digest)
    )
    return release_id


def content_of(province: str, as_of: datetime, partitions: list[str], notes: dict, reference: str, provisional: bool) -> dict:
    """What a manifest's hash is taken of."""
    moment = as_of.astimezone(ZONE).isoformat()
    return {"province": province, "as_of": moment, "partitions": partitions, "notes": notes, "reference_hash": reference,
            "provisional": provisional}  # fmt: skip


def signed_text(release_id: str, digest: str) -> bytes:
    """What a release's signature stands under."""
    return f"{release_id}\n{digest}".encode()


def _next_id(connection: psycopg.Connection, night: Night) -> str:
    stem = f"{night.province}.{night.as_of:%Y-%m-%d}"
    count = one(connection.execute("select count(*) from release.manifest where release_id like %s", (f"{stem}.%",)))[0]
    return f"{stem}.{count + 1}"
