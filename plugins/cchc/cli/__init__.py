"""The command line: `cchc <noun> <verb>`. Data on stdout, talk on stderr; exit codes in docs/cli.md."""

from cchc.cli.app import main

__all__ = ["main"]
