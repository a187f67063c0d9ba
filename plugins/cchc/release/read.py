"""Reading releases, as cchc_reader: the only tables that reports and pages see."""

from cchc.warehouse.connect import connect
from cchc.warehouse.roles import READER


def releases(province: str) -> list[tuple]:
    """Id, as-of, provisional, content hash and number of partitions of the province's releases, oldest first."""
    with connect(READER) as connection:
        return connection.execute(
            """select release_id, as_of, provisional, content_hash,
                 (select count(*) from release.manifest_partition p where p.release_id = m.release_id)
               from release.manifest m where province = %s order by as_of, created_at""",
            (province,),
        ).fetchall()


def ledger_lines(province: str) -> list[tuple[str, ...]]:
    """The keys of the ledger of the province's newest release: unit, period, check, book, about, line."""
    with connect(READER) as connection:
        return connection.execute(
            """select agency_code, period_code, check_id, book, about, line_code from release.reconciliation
               join release.manifest_partition using (partition_id)
               where release_id = (select release_id from release.manifest where province = %s
                                   order by as_of desc, created_at desc, release_id desc limit 1)
               order by 1, 2, 3, 4, 5, 6""",
            (province,),
        ).fetchall()
