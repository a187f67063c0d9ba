"""Long-running programs of the stack: each leads a session of its own, with a pid file and a log."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from cchc.clock import monotonic
from cchc.errors import UnreachableError

PATIENCE = 5.0  # seconds between asking to end and ending; what was cut short is taken up again at the next start


@dataclass(frozen=True)
class Program:
    """One program: its name, its command, and the folder of its pid file and log."""

    name: str
    command: tuple[str, ...]
    folder: Path

    @property
    def log(self) -> Path:
        """All that it ever said."""
        return self.folder / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def start(self, environment: dict[str, str]) -> None:
        """Start it, unless it runs."""
        if self.pid() is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as sink:
            child = subprocess.Popen(
                self.command, env=environment, cwd=self.folder, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._pid_file.write_text(json.dumps({"pid": child.pid, "born": psutil.Process(child.pid).create_time()}))

    def pid(self) -> int | None:
        """Its process id while it runs; a number that another process has taken over doesn't count."""
        noted = self._noted()
        if noted is None or _taken_over(*noted) or not psutil.pid_exists(noted[0]):
            return None
        return noted[0] if is_alive(psutil.Process(noted[0])) else None

    def _noted(self) -> tuple[int, float] | None:
        """Process id and birth as the pid file has them."""
        try:
            noted = json.loads(self._pid_file.read_text())
            return noted["pid"], noted["born"]
        except (OSError, ValueError, KeyError):
            return None

    def session(self) -> list[psutil.Process]:
        """All processes of its session: tasks lead process groups of their own, but stay in the session."""
        noted = self._noted()
        if noted is None or _taken_over(*noted):
            return []
        return [p for p in psutil.process_iter() if _session_of(p.pid) == noted[0] and is_alive(p)]

    def tail(self, characters: int = 600) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:].strip() if self.log.exists() else ""

    def forget(self) -> None:
        """Remove the pid file."""
        self._pid_file.unlink(missing_ok=True)


def stop_all(programs: Iterable[Program]) -> None:
    """Stop these programs and all they started, and nothing else.

    Raises UnreachableError when something of theirs can't be ended.
    """
    programs = list(programs)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in _sessions(programs):
            _send(process, number)
        end = monotonic() + PATIENCE
        while (left := _sessions(programs)) and monotonic() < end:
            time.sleep(0.1)
    if left:
        raise UnreachableError(f"these processes don't end: {', '.join(str(p.pid) for p in left)}. End them as their owner")
    for program in programs:
        program.forget()


def wait_until(what: str, holds: Callable[[], bool], seconds: float, every: float = 0.3) -> None:
    """Poll `holds` until it is true. Raises UnreachableError naming `what` after `seconds`."""
    end = monotonic() + seconds
    while not holds():
        if monotonic() > end:
            raise UnreachableError(f"{what}: nothing after {seconds:.0f} s")
        time.sleep(every)


def _taken_over(pid: int, born: float) -> bool:
    """Whether the number now belongs to a stranger: it is free for others only when the whole session is gone."""
    try:
        return psutil.Process(pid).create_time() != born
    except psutil.NoSuchProcess:
        return False


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; an ended child that nobody has fetched (a zombie) doesn't."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _sessions(programs: list[Program]) -> list[psutil.Process]:
    return [process for program in programs for process in program.session()]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise UnreachableError(f"process {process.pid} belongs to another user; run this as its owner") from error
