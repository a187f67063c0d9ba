"""What happens when there is no release at 05:00: a line in the audit and the log, and a mail to the operators.

Runs in the triggerer, which finds this module because the DAG folder is on its PYTHONPATH.
"""

import asyncio
import logging
from html import escape
from typing import TYPE_CHECKING, Any

from cchc_dag import MAIL_CONNECTION, mail_url

if TYPE_CHECKING:
    from cchc.settings import Settings

log = logging.getLogger(__name__)

ROLE = "operator"  # whom of reference.contact the mail goes to; everyone there when nobody has this role


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
    """Plan the mail and send it; without a mail server it stays planned, and the log says so."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException
    from pydantic import SecretStr

    from cchc.settings import settings

    if not addresses:
        return
    config = settings()
    if not (config.smtp_url and config.smtp_url.get_secret_value()):
        try:
            place = await BaseHook.aget_connection(MAIL_CONNECTION)
            config = config.model_copy(update={"smtp_url": SecretStr(mail_url(place))})
        except AirflowNotFoundException:
            log.warning("no mail sent: there is no Airflow connection %s and no CCHC_SMTP_URL (docs/operations.md)", MAIL_CONNECTION)
    await asyncio.to_thread(_plan_and_send, config, addresses, night, reason)


def _plan_and_send(config: "Settings", addresses: list[str], night: str, reason: str) -> None:
    from cchc import clock
    from cchc.mail.outbox import Message, deliver, plan
    from cchc.warehouse.connect import connect

    province = config.province.name
    text = (
        f"Kính gửi Quý cơ quan, đến 05:00 chưa có bản chốt số liệu của đêm {night} ({reason}). "
        "Bản chốt gần nhất vẫn được giữ nguyên. Đề nghị kiểm tra tác vụ nightly."
    )
    subject = "[CCHC] Chưa có bản chốt số liệu lúc 05:00"
    letter = Message("", f"late.{province}.{night.replace(':', '')}", "alert", ROLE, addresses, subject, text, f"<p>{escape(text)}</p>")
    with connect("cchc_loader") as warehouse:
        plan(warehouse, province, [letter], clock.now())
    deliver(config)
