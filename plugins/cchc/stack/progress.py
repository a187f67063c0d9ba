"""Talk on stderr: one line per step, and on a terminal a line that counts."""

import sys


def say(line: str) -> None:
    """One line of talk."""
    print(line, file=sys.stderr, flush=True)


class Counter:
    """`what: done/total`, rewritten in place on a terminal, otherwise a line at the beginning and at the end."""

    def __init__(self, what: str, total: int):
        self.what, self.total, self._last = what, total, -1
        self._terminal = sys.stderr.isatty()

    def show(self, done: int) -> None:
        """Show that `done` of the total are done."""
        if done == self._last:
            return
        first, self._last = self._last < 0, done
        line = f"{self.what}: {done}/{self.total}"
        if self._terminal:
            print(f"\r\033[K{line}", end="\n" if done == self.total else "", file=sys.stderr, flush=True)
        elif first or done == self.total or done % 10 == 0:
            say(line)
