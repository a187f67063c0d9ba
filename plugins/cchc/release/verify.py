"""`release verify`, integrity: the signature, the manifest's hash and every partition's hash, from the stored rows."""

from collections.abc import Iterator
from hashlib import sha256

import psycopg

from cchc.errors import ConfigError
from cchc.release.freeze import MARTS, columns_of, content_of, signed_text
from cchc.release.sign import canonical, is_signed
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import READER

FORMER = {"compliance": 11}  # columns of a mart before a migration added more: older partitions were hashed over them


def verify_release(config: Settings, release_id: str) -> list[str]:
    """What does not hold in a release, in plain sentences; empty when everything does."""
    with connect(READER) as connection:
        row = connection.execute(
            """select province, as_of, provisional, reference_hash, content_hash, notes, signature from release.manifest
               where release_id = %s""",
            (release_id,),
        ).fetchone()
        if row is None:
            raise ConfigError(f"there is no release {release_id}: see `cchc release list`")
        province, as_of, provisional, reference, digest, notes, signature = row
        query = """select partition_hash from release.manifest_partition join release.partition using (partition_id)
                   where release_id = %s order by 1"""
        partitions = [r[0] for r in connection.execute(query, (release_id,))]
        problems = [] if is_signed(config, signed_text(release_id, digest), signature) else ["the signature is not ours"]
        if sha256(canonical(content_of(province, as_of, partitions, notes, reference, provisional))).hexdigest() != digest:
            problems.append("the manifest is not what was hashed")
        return problems + _changed_partitions(connection, partitions)


def _changed_partitions(connection: psycopg.Connection, partitions: list[str]) -> list[str]:
    problems: list[str] = []
    for mart in (*MARTS, "coverage", "unit_coverage"):
        names = columns_of(connection, mart)
        changed = dict(_changed(connection, mart, names, [], partitions))
        if changed and mart in FORMER:  # frozen by an older version: its columns tell, and the later ones must be empty
            wide = FORMER[mart]
            changed = dict(_changed(connection, mart, names[:wide], names[wide:], list(changed)))
        problems += changed.values()
    return problems


def _changed(
    connection: psycopg.Connection, mart: str, hashed: list[str], empty: list[str], partitions: list[str]
) -> Iterator[tuple[str, str]]:
    """The partitions whose stored rows are not those that were frozen, each with a sentence."""
    bare = f"num_nonnulls({', '.join(empty)}) = 0" if empty else "true"
    wanted = f"""select p.partition_hash, p.row_count, count(m.partition_id), bool_and(m.bare), encode(sha256(convert_to('{mart}' ||
            coalesce(string_agg(m.told, E'\n' order by m.told collate "C"), ''), 'UTF8')), 'hex')
        from release.partition p
        left join (select partition_id, row({", ".join(hashed)})::text as told, {bare} as bare from release.{mart}) m
          using (partition_id)
        where p.mart = %s and p.partition_hash = any(%s) group by p.partition_hash, p.row_count"""
    for known, rows, found, is_bare, actual in connection.execute(wanted, (mart, partitions)):
        if known != actual or rows != found or not is_bare:
            yield known, f"partition {known[:12]} of {mart} was changed ({rows} rows frozen, {found} there)"
