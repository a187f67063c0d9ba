"""Feed contracts and their reader."""

from cchc.contracts.model import TEXT_TYPES, Column, Contract, DeliveryRule, Mode, Personal, RowRule, contract, feeds, versions

__all__ = ["TEXT_TYPES", "Column", "Contract", "DeliveryRule", "Mode", "Personal", "RowRule", "contract", "feeds", "versions"]
