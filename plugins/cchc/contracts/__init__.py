"""Feed contracts and their reader."""

from cchc.contracts.attachment import Attachment, attachment, attachments
from cchc.contracts.model import (
    ADVISORY,
    BLOCKING,
    PERIOD,
    TEXT_TYPES,
    Column,
    Contract,
    DeliveryRule,
    Drift,
    Mode,
    Personal,
    RowRule,
    contract,
    feeds,
    versions,
)  # fmt: skip

__all__ = [
    "ADVISORY", "BLOCKING", "PERIOD", "TEXT_TYPES", "Attachment", "Column", "Contract", "DeliveryRule", "Drift", "Mode", "Personal",
    "RowRule", "attachment", "attachments", "contract", "feeds", "versions",
]  # fmt: skip
