"""Takes in one registered delivery, whatever its feed; everything heavy is loaded with it, so that a night without news does without."""

from collections.abc import Callable

from cchc.connectors.offers import Offered
from cchc.connectors.sources import Sender, Source
from cchc.contracts import attachment, attachments, contract
from cchc.intake.accept import Outcome, accept
from cchc.intake.attachment import take_attachment
from cchc.intake.check import Context
from cchc.intake.delivery import Delivery
from cchc.intake.form import formed
from cchc.intake.register import Units
from cchc.intake.store import ByteStore
from cchc.readers import Refusal
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.roles import LOADER


def take(config: Settings, sender: Sender, source: Source, units: Units, offer: Offered, delivery: Delivery) -> str:
    """Read, check and load the delivery; its status then. A refusal is written into the books with its reason.

    Raises UnreachableError when the warehouse breaks off or a newer attempt has the source, and psycopg's errors as they
    are; nothing is loaded then.
    """
    try:
        outcome = _taker(config, sender, source, units, offer)(delivery, ByteStore(config))
    except Refusal as refusal:
        with connect(LOADER) as connection:
            connection.execute(
                "update ops.delivery set status = 'refused', reason_rule = %s, reason = %s where delivery_id = %s",
                (refusal.rule, refusal.message_vi, delivery.delivery_id),
            )
        return "refused"
    return outcome.status if isinstance(outcome, Outcome) else "accepted"


def _taker(config: Settings, sender: Sender, source: Source, units: Units, offer: Offered) -> Callable[[Delivery, ByteStore], object]:
    """What takes in one of the source's deliveries: rows against their contract, or a file that is kept as it came."""
    if source.feed in attachments():
        return lambda delivery, store: take_attachment(delivery, attachment(source.feed), sender.sender, offer.size, store)
    agreed = contract(source.feed, source.contract)
    source = formed(source, offer.name, offer.arrived_at)
    context = Context(agreed, source, *units.of(agreed), offer.arrived_at, read_key(config, PERSON))
    return lambda delivery, store: accept(delivery, context, store)
