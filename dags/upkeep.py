"""Daily housekeeping: backup with verify, retention, vacuum, how far the calendar reaches, orphans."""

from typing import Any

from airflow.sdk import DAG, task

from cchc_dag import OWNER, RETRY, as_of_of, as_of_param, at, refuses_for_good

DOC = """
Housekeeping, each task on its own, so that one failure hides no other.

- `backup`: warehouse (with editions), byte store and province folder to `<home>/backup/`, then restored beside to
  verify; keys to `<home>/backup-keys/`
- `retention`: backups, logs and attachments past their days (reference setting `retention.<class>_days`) are removed
- `vacuum`: dead rows of the marts and the bookkeeping
- `calendar_horizon`: warns when working days or periods end within 120 days, red when within 30
- `orphans`: kept bytes without a delivery and the other way round, sources in the books without a YAML
"""


def backup() -> str:
    """Back up and verify; returns the folder."""
    from cchc.settings import settings
    from cchc.warehouse.backup import backup

    return str(backup(settings()))


def retention(params: dict[str, Any], dag_run: Any) -> list[str]:
    """Remove what is past its days; returns what went."""
    from cchc.intake.expiry import expire_attachments
    from cchc.settings import settings
    from cchc.warehouse import upkeep

    as_of = as_of_of(params, dag_run)
    return upkeep.retention(settings(), as_of) + expire_attachments(settings(), as_of)


def vacuum() -> int:
    """Vacuum and analyze; returns the number of tables."""
    from cchc.warehouse import upkeep

    return upkeep.vacuum()


def calendar_horizon(params: dict[str, Any], dag_run: Any) -> list[str]:
    """Warnings about reference data that end soon."""
    from cchc.settings import settings
    from cchc.warehouse import upkeep

    return upkeep.calendar_horizon(settings(), as_of_of(params, dag_run))


def orphans() -> list[str]:
    """What stands in one place and should stand in two."""
    from cchc.settings import settings
    from cchc.warehouse import upkeep

    found = upkeep.orphans(settings())
    for line in found:
        print(line)
    return found


with DAG(
    "upkeep",
    schedule=at("30 5 * * *"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": OWNER, **RETRY},
    params={"as_of": as_of_param()},
    doc_md=DOC,
    tags=["upkeep"],
) as upkeep_dag:
    task(task_id="backup")(refuses_for_good(backup))() >> task(task_id="retention")(refuses_for_good(retention))()
    task(task_id="vacuum")(refuses_for_good(vacuum))()
    task(task_id="calendar_horizon")(refuses_for_good(calendar_horizon))()
    task(task_id="orphans")(refuses_for_good(orphans))()
