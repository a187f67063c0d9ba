"""`python -m cchc.stack up|down|status|demo`: what make calls."""

import sys

from cchc.errors import CchcError
from cchc.settings import settings


def main(words: list[str]) -> int:
    """Run one command; returns the exit code (docs/cli.md)."""
    from cchc.stack.demo import demo
    from cchc.stack.local import Stack
    from cchc.stack.progress import say

    commands = {
        "up": lambda: Stack(settings()).up(say),
        "down": lambda: Stack(settings()).down(),
        "status": lambda: print("\n".join(f"{k}: {v}" for k, v in Stack(settings()).status().items())),
        "demo": lambda: demo(settings()),
    }
    if len(words) != 1 or words[0] not in commands:
        say("usage: python -m cchc.stack up|down|status|demo")
        return 2
    try:
        commands[words[0]]()
    except CchcError as error:
        say(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        say("stopped by hand; `make down` stops what was started")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
