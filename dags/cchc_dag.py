"""What all DAGs share: owner, zone, retries, and which errors are worth another try."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

import pendulum
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from airflow.timetables.trigger import CronTriggerTimetable

P = ParamSpec("P")
T = TypeVar("T")

ZONE = pendulum.timezone("Asia/Ho_Chi_Minh")
MAIL_CONNECTION = "smtp_default"
OWNER = "so-noi-vu"  # the department that answers for the reports
RETRY = {
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
}


def as_of_param() -> Param:
    """The parameter that every DAG with an as-of has; a fresh one each, for Airflow keeps values in it."""
    return Param(
        None,
        type=["null", "string"],
        title="Thời điểm chốt",
        description="A date (2013-12-31: the end of that day) or an instant with zone. Empty: when the run was due.",
        pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2}|Z)?)?$",
        examples=["2013-12-31", "2013-12-31T23:59:59+07:00"],
    )


def at(cron: str) -> CronTriggerTimetable:
    """The schedule of `cron` in the province's zone; a DAG that is new or switched on waits for its next time.

    Raises AirflowTimetableInvalid on a wrong expression.
    """
    timetable = CronTriggerTimetable(cron, timezone=ZONE, run_immediately=timedelta())
    timetable.validate()
    return timetable


def refuses_for_good(task: Callable[P, T]) -> Callable[P, T]:
    """Our own refusals (data, configuration, gate) fail at once; an unreachable thing and surprises are tried again.

    A surprise reaches Airflow's log without the cells that its message may quote.
    """

    @wraps(task)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        from cchc.errors import CchcError, UnreachableError, without_values

        try:
            return task(*args, **kwargs)
        except (UnreachableError, AirflowException):
            raise
        except CchcError as error:
            raise AirflowFailException(str(error)) from None
        except Exception as error:  # noqa: BLE001  (told and raised again, without its cells)
            surprise = RuntimeError(f"{type(error).__name__}: {without_values(str(error))}")
            raise surprise.with_traceback(error.__traceback__) from None

    return run


def as_of_of(params: dict[str, Any], dag_run: Any) -> datetime:
    """The instant a run speaks for: its parameter, or the instant it was due, the same for every try."""
    from cchc.clock import ZONE, parse_as_of

    given = params.get("as_of")
    return parse_as_of(given) if given else dag_run.run_after.astimezone(ZONE)


def mail_url(place: Any) -> str:
    """An SMTP connection of Airflow as CCHC_SMTP_URL: its extra words disable_ssl, disable_tls and from_email count."""
    extra = place.extra_dejson
    plain = bool(extra.get("disable_ssl", False))
    user = f"{quote(place.login, safe='')}:{quote(place.password or '', safe='')}@" if place.login else ""
    options = {"from": extra["from_email"]} if extra.get("from_email") else {}
    options |= {"tls": "starttls"} if plain and not extra.get("disable_tls", False) else {}
    port = f":{place.port}" if place.port else ""
    return f"{'smtp' if plain else 'smtps'}://{user}{place.host}{port}/?{urlencode(options)}"
