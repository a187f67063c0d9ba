"""Feed contracts and their reader."""

from cchc.contracts.model import Column, Contract, DeliveryRule, Mode, Personal, RowRule, contract, feeds

__all__ = ["Column", "Contract", "DeliveryRule", "Mode", "Personal", "RowRule", "contract", "feeds"]
