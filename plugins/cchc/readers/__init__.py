"""Bytes to columns of text, in limited child processes (decision 16)."""

from cchc.readers.pool import read_rows
from cchc.readers.request import Refusal, Request, Tally

__all__ = ["Refusal", "Request", "Tally", "read_rows"]
