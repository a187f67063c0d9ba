"""`cchc watch`: the outside watcher, a loop of its own."""

from time import sleep
from typing import Annotated

import typer

from cchc.cli.output import talk
from cchc.clock import now
from cchc.errors import CchcError, DataError
from cchc.settings import settings


def watch(
    once: Annotated[bool, typer.Option("--once", help="look once and end, e.g. from cron")] = False,
    check: Annotated[bool, typer.Option("--check", help="only say whether a watcher of this home is alive; 1 when not")] = False,
) -> None:
    """Name what is missing or failed at its deadline, every minute, without Airflow; tells the operators by mail."""
    from cchc.mail.watch import TICK, is_alive

    if check:
        if not is_alive(settings()):
            raise DataError("no watcher of this home has looked within five minutes: start `cchc watch`")
        return
    if once:
        _look()
        return
    while True:
        try:
            _look()
        except CchcError as error:  # it must outlive what it watches
            talk(f"✗ {error}")
        sleep(TICK)


def _look() -> None:
    from cchc.mail.outbox import deliver
    from cchc.mail.watch import beat, look

    for one in look(settings(), now()):
        print(f"{one.deadline.isoformat(timespec='minutes')}  {one.what}  {one.message_vi}", flush=True)
    deliver(settings())
    beat(settings())
