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
