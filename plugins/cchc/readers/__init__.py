"""Bytes to columns of text, in limited child processes (decision 16)."""

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.pool import read_rows

__all__ = ["Refusal", "Request", "Tally", "read_rows"]
