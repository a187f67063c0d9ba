"""Errors that tell their reader what is wrong and how out of it; each knows its exit code."""


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
