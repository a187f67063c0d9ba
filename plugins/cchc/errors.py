"""Errors that tell their reader what is wrong and how out of it; each knows its exit code."""

import re

VALUES = (  # of messages by PostgreSQL and Arrow: what follows these words is a cell
    re.compile(r"((?:invalid input syntax for type [\w ]+|out of range|value too long for type [\w() ]+): ).*", re.DOTALL),
    re.compile(r"\n\s*(?:DETAIL|CONTEXT|HINT|LINE \d+)\b.*", re.DOTALL),
)
QUOTED = re.compile(r"""(?<!\w)(["'])((?:(?!\1).)*)\1""", re.DOTALL)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.$-]*")


def without_values(message: str) -> str:
    """A foreign error's message without the data it may quote: names of tables and columns stay, cells go (decision 11)."""
    for pattern in VALUES:
        message = pattern.sub(lambda found: f"{found[1]}…" if found.re.groups else "", message)
    return QUOTED.sub(lambda found: found[0] if NAME.fullmatch(found[2]) else "…", message)


class CchcError(Exception):
    """Base of every expected failure. `exit_code` follows docs/cli.md."""

    exit_code = 70


class DataError(CchcError):
    """Data failed a check."""

    exit_code = 1


class ConfigError(CchcError):
    """A setting, a source or a reference file is wrong."""

    exit_code = 3


class UnreachableError(CchcError):
    """A server, a folder or a disk can't be reached."""

    exit_code = 4


class GateError(CchcError):
    """The gate refused a night; the last release stands."""

    exit_code = 5
