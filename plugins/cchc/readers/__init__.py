"""Bytes to columns of text, in limited child processes (decision 16)."""

from cchc.readers.pool import read_rows
from cchc.readers.request import ABSENT, Refusal, Request, Tally

__all__ = ["ABSENT", "Refusal", "Request", "Tally", "read_rows"]
