"""What happens when there is no release at 05:00: a line in the audit and the log, and a mail to the operators.

Runs in the triggerer, which finds this module because the DAG folder is on its PYTHONPATH.
"""

import asyncio
import logging
from html import escape
from typing import Any

log = logging.getLogger(__name__)

ROLE = "operator"  # whom of reference.contact the mail goes to; everyone there when nobody has this role
CONNECTION = "smtp_default"


async def release_is_late(context: dict[str, Any]) -> None:
    """Record and tell that the night of `context["dag_run"]` has no release at its deadline."""
    night = str(context["dag_run"].get("logical_date") or context["dag_run"].get("run_id"))
    reason = await asyncio.to_thread(_record, night)
    addresses = await asyncio.to_thread(_addresses)
    log.error("no release of night %s at its deadline: %s; telling %s", night, reason, ", ".join(addresses) or "nobody")
    await _mail(addresses, night, reason)


def _record(night: str) -> str:
    """Write the audit event; returns what `ops.night` says of the newest night."""
    from cchc import clock
    from cchc.settings import settings
    from cchc.warehouse.connect import connect

    province = settings().province.name
    with connect("cchc_loader") as warehouse:
        row = warehouse.execute(
            "select state, coalesce(reason, '') from ops.night where province = %s order by night_id desc limit 1",
            (province,),
        ).fetchone()
        reason = "no night has begun" if row is None else ": ".join(word for word in row if word)
        warehouse.execute(
            "insert into audit.event (at, who, what, subject, reason) values (%s, 'airflow', 'deadline.missed', %s, %s)",
            (clock.now(), f"{province} {night}", reason),
        )
    return reason


def _addresses() -> list[str]:
    from cchc.settings import settings
    from cchc.warehouse.connect import connect

    with connect("cchc_loader") as warehouse:
        rows = warehouse.execute(
            "select role, email from reference.contact where province = %s order by email", (settings().province.name,)
        ).fetchall()
    return [email for role, email in rows if role == ROLE] or sorted({email for _, email in rows})


async def _mail(addresses: list[str], night: str, reason: str) -> None:
    """Send the mail when there is someone to send to and an SMTP connection; otherwise say so in the log."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    if not addresses:
        return
    try:
        await BaseHook.aget_connection(CONNECTION)
    except AirflowNotFoundException:
        log.warning("no mail sent: there is no Airflow connection %s (docs/operations.md)", CONNECTION)
        return
    text = (
        f"Kính gửi Quý cơ quan, đến 05:00 chưa có bản chốt số liệu của đêm {escape(night)} ({escape(reason)}). "
        "Bản chốt gần nhất vẫn được giữ nguyên. Đề nghị kiểm tra tác vụ nightly."
    )
    async with SmtpHook(smtp_conn_id=CONNECTION) as hook:
        await hook.asend_email_smtp(to=addresses, subject="[CCHC] Chưa có bản chốt số liệu lúc 05:00", html_content=f"<p>{text}</p>")
