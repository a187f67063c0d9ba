"""Which reports are due: periods that have ended and have no draft yet, each from the first release that covers it."""

from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from cchc.clock import ZONE, end_of_day
from cchc.reports.notes import read_notes
from cchc.settings import Settings
from cchc.warehouse.connect import connect

ASKED = {  # the reports the Ministry asks for (reports.md, Kinds); any other period is printed on demand
    "cv-581": frozenset({"Q1", "H1", "Q3", ""}),
}
EVERY = frozenset({"quarter", "half", "year"})
LATEST = 31  # days after the deadline: an older period, as when history is loaded, is printed on demand only


def due_periods(config: Settings, release_id: str | None = None) -> list[dict[str, Any]]:
    """`[{"period": "2013-Q4", "release_id": "son-la.2013-12-31.1"}, ...]` of the province, in order of their ends.

    With `release_id` only that release is looked at. Raises DataError when a release's notes are incomplete.
    """
    province = config.province.name
    with connect("cchc_reader") as connection:
        printed = _printed(connection, province)
        found: dict[str, tuple[date, str]] = {}
        for release in _releases(connection, province, release_id):
            notes = read_notes(release["release_id"], release["notes"])
            for code, period in notes.periods.items():
                if code in printed or code in found or code not in release["periods"] or not _asked(code, period.kind, period.regime):
                    continue
                if _covers(release["as_of"], period.ends_on, period.due_on):
                    found[code] = (period.ends_on, release["release_id"])
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    return [{"period": code, "release_id": name} for code, (_, name) in ordered]


def _asked(code: str, kind: str, regime: str) -> bool:
    if kind not in EVERY:
        return False
    asked = ASKED.get(regime)
    return asked is None or code.partition("-")[2] in asked


def _covers(as_of: datetime, ends_on: date, due_on: date) -> bool:
    """The release speaks for the period's whole last day, and the report isn't long past its deadline."""
    return as_of >= end_of_day(ends_on) and (as_of.astimezone(ZONE).date() - due_on).days <= LATEST


def _releases(connection: psycopg.Connection, province: str, release_id: str | None) -> list[dict[str, Any]]:
    """The last two months' releases, oldest first, each with the periods it holds measures of."""
    return (
        connection.cursor(row_factory=dict_row)
        .execute(
            """select m.release_id, m.as_of, m.notes, array(
                 select p.period_code from release.manifest_partition mp join release.partition p using (partition_id)
                 where mp.release_id = m.release_id and p.mart = 'measure') as periods
               from release.manifest m
               where m.province = %(province)s and (%(release)s::text is null or m.release_id = %(release)s)
                 and m.as_of > (select max(as_of) from release.manifest where province = %(province)s) - interval '2 months'
               order by m.as_of, m.created_at, m.release_id""",
            {"province": province, "release": release_id},
        )
        .fetchall()
    )


def _printed(connection: psycopg.Connection, province: str) -> set[str]:
    """Periods with a draft of the whole province by the tree of their time: its unit is the one whose code the notes call a province."""
    rows = connection.execute(
        """select distinct d.period_code from release.draft d join release.manifest m using (release_id)
           where m.province = %s and d.tree = 'then' and m.notes -> 'units' -> d.scope_code ->> 'kind' = 'province'""",
        (province,),
    )
    return {row[0] for row in rows}
