"""The day's mails: reminders to senders, alerts to roles."""

from typing import TYPE_CHECKING, Any

from airflow.sdk import DAG, task

from cchc_dag import MAIL_CONNECTION, OWNER, RETRY, as_of_of, as_of_param, at, mail_url, refuses_for_good

if TYPE_CHECKING:
    from cchc.settings import Settings

DOC = """
The **mails** of the day, each planned once however often this runs (`docs/deliveries.md`).

- `reminders`: senders that owe something 5 or 1 working days before its due day, on it, 1 or 3 after it; one mail each
- `alerts`: per role what is wrong and who owns it, what is being mended, what was solved; one mail each

Sent through `CCHC_SMTP_URL`, else through the connection `smtp_default`; without both they stay planned (`cchc outbox list`).
A message in doubt is never sent again by itself.
"""


def reminders(params: dict[str, Any], dag_run: Any) -> dict[str, str]:
    """Plan the reminders and send what is planned; returns message → state."""
    from cchc.mail.outbox import deliver
    from cchc.mail.reminders import plan_reminders

    config = with_mail_server()
    for sender in plan_reminders(config, as_of_of(params, dag_run)).nobody_to_tell:
        print(f"{sender} owes data and has no contact: add its data_owner to reference/contact.csv")
    return deliver(config)


def alerts(params: dict[str, Any], dag_run: Any) -> dict[str, str]:
    """Plan the alerts and send what is planned; returns message → state."""
    from cchc.mail.alerts import plan_alerts
    from cchc.mail.outbox import deliver

    config = with_mail_server()
    plan_alerts(config, as_of_of(params, dag_run))
    return deliver(config)


def with_mail_server() -> "Settings":
    """The settings, with Airflow's SMTP connection where they name no mail server."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException
    from pydantic import SecretStr

    from cchc.settings import settings

    config = settings()
    if config.smtp_url and config.smtp_url.get_secret_value():
        return config
    try:
        place = BaseHook.get_connection(MAIL_CONNECTION)
    except AirflowNotFoundException:
        return config
    return config.model_copy(update={"smtp_url": SecretStr(mail_url(place))})


with DAG(
    "mail",
    schedule=at("0 8 * * *"),
    catchup=False,
    max_active_runs=1,
    max_active_tasks=1,  # one at a time has the outbox
    default_args={"owner": OWNER, **RETRY},
    params={"as_of": as_of_param()},
    doc_md=DOC,
    tags=["mail"],
):
    task(task_id="reminders")(refuses_for_good(reminders))()
    task(task_id="alerts")(refuses_for_good(alerts))()
