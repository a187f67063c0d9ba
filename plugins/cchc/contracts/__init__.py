"""Feed contracts and their reader."""

from cchc.contracts.attachment import Attachment, attachment, attachments
from cchc.contracts.model import PERIOD, TEXT_TYPES, Column, Contract, DeliveryRule, Mode, Personal, RowRule, contract, feeds, versions

__all__ = [
    "PERIOD", "TEXT_TYPES", "Attachment", "Column", "Contract", "DeliveryRule", "Mode", "Personal", "RowRule", "attachment", "attachments",
    "contract", "feeds", "versions",
]  # fmt: skip
