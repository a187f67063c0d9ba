"""The local stack: embedded server, Airflow's four programs with a LocalExecutor, one login, one free port."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from cchc.errors import ConfigError, UnreachableError
from cchc.settings import Settings
from cchc.stack.api import Api
from cchc.stack.environment import airflow_home, environment
from cchc.stack.metadata import ensure_metadata
from cchc.stack.processes import Program, stop_all, wait_until
from cchc.stack.secrets import ADMIN_USER, admin_password
from cchc.warehouse.embedded import EmbeddedServer
from cchc.warehouse.migrate import migrate

START_SECONDS = 180
COMPONENTS = {"metadatabase", "scheduler", "triggerer", "dag_processor"}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Stack:
    """The stack of one home; two homes never touch each other."""

    config: Settings

    @property
    def folder(self) -> Path:
        """Airflow's home."""
        return airflow_home(self.config)

    @property
    def url(self) -> str:
        """Where the UI is; the stack must have been started once."""
        return f"http://127.0.0.1:{self._noted_port()}"

    def programs(self, port: int = 0) -> list[Program]:
        """The four in the order of their start."""
        airflow = (sys.executable, "-m", "airflow")
        commands = {
            "api-server": ("api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            "dag-processor": ("dag-processor",),
            "triggerer": ("triggerer", "--skip-serve-logs"),
            "scheduler": ("scheduler", "--skip-serve-logs"),
        }
        return [Program(name, (*airflow, *words), self.folder) for name, words in commands.items()]

    def up(self, say: Say = lambda line: None) -> Api:
        """Start whatever of the stack doesn't run, and wait until it answers. Returns a logged-in client.

        Raises UnreachableError naming the program that did not come up and the end of its log.
        """
        prepare_home(self.config)
        migrate(self.config)
        if not self._all_running():
            self._start(say)
        wait_until("Airflow does not come up", self._answers, START_SECONDS)
        return self._api()

    def down(self) -> None:
        """Stop this home's programs, then its server; the port is free afterwards."""
        stop_all(self.programs())
        EmbeddedServer(self.config).stop()
        port = self._noted_port()
        if port and not is_free(port):
            raise UnreachableError(f"port {port} is still held, by a program that is not ours: find it with `ss -ltnp`")

    def status(self) -> dict[str, str]:
        """Program → "running (pid)" or "stopped"."""
        pids = {program.name: program.pid() for program in self.programs()}
        state = {name: f"running ({pid})" if pid else "stopped" for name, pid in pids.items()}
        return state | {"postgresql": "running" if EmbeddedServer(self.config).is_running() else "stopped"}

    def _start(self, say: Say) -> None:
        stop_all(self.programs())  # half a stack is started anew
        port = self._choose_port(say)
        words = environment(self.config, port)
        ensure_metadata(self.config)
        say("preparing Airflow's tables and login")
        self._initialise(words)
        say("starting api-server, dag-processor, triggerer, scheduler")
        *first, scheduler = self.programs(port)
        for program in first:
            program.start(words)
        wait_until("Airflow's api-server does not come up", lambda: self._alive(first) and self._port_is_ours(), START_SECONDS)
        scheduler.start(words)  # the last: tasks that wait for it ask the api-server at once, and a refusal costs them a try

    def _initialise(self, words: dict[str, str]) -> None:
        log = self.folder / "init.log"
        script = self.config.project / "docker/airflow_init.py"
        with open(log, "wb") as sink:
            done = subprocess.run([sys.executable, script], env=words, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, check=False)
        if done.returncode:
            raise UnreachableError(f"Airflow's tables could not be prepared; {log} ends:\n{log.read_text(errors='replace')[-600:]}")

    def _all_running(self) -> bool:
        return all(program.pid() for program in self.programs())

    def _alive(self, programs: list[Program]) -> bool:
        for program in programs:
            if program.pid() is None:
                raise UnreachableError(f"Airflow's {program.name} ended while starting; {program.log} ends:\n{program.tail()}")
        return True

    def _answers(self) -> bool:
        """Whether all four run and are healthy; raises as soon as one has ended."""
        self._alive(self.programs())
        if not self._port_is_ours():
            return False
        try:
            health = self._api().health()
        except UnreachableError:
            return False
        return all(health.get(name) == "healthy" for name in COMPONENTS)

    def _port_is_ours(self) -> bool:
        """Whether our own api-server holds the port: anyone's server may answer a poll."""
        return any(_listens(process, self._noted_port()) for process in self.programs()[0].session())

    def _api(self) -> Api:
        return Api(self.url, ADMIN_USER, admin_password(self.config))

    def _noted_port(self) -> int:
        try:
            return json.loads((self.folder / "port.json").read_text())["port"]
        except (OSError, ValueError, KeyError):
            return 0

    def _choose_port(self, say: Say) -> int:
        """The port of last time when it is free, otherwise another, remembered."""
        wanted = self._noted_port()
        if wanted and is_free(wanted):
            return wanted
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if wanted:
            say(f"port {wanted} is taken by another program: using {port}")
        (self.folder / "port.json").write_text(json.dumps({"port": port}))
        return port


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in process.net_connections("tcp"))
    except psutil.Error:  # it ended meanwhile
        return False


def is_free(port: int) -> bool:
    """Whether nothing listens on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare_home(config: Settings) -> None:
    """Make the home and Airflow's folder in it.

    Raises UnreachableError with the way out when that can't be,
    ConfigError with an outside warehouse.
    """
    if config.warehouse_url is not None:
        raise ConfigError("the local stack runs with the embedded server: unset CCHC_WAREHOUSE_URL, or use docker-compose.yml")
    try:
        config.home.mkdir(parents=True, exist_ok=True)
        for folder in (config.keys_path, airflow_home(config)):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (airflow_home(config) / "empty.cfg").write_text("# configuration comes by environment: plugins/cchc/stack/environment.py\n")
    except OSError as error:
        raise UnreachableError(
            f"{error.filename or config.home} can't be written ({error.strerror}): free some space or set CCHC_HOME to a folder of yours"
        ) from error
