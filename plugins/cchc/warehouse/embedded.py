"""The embedded PostgreSQL: real binaries from the lock, one cluster per home, TCP on 127.0.0.1, scram."""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cchc.clock import monotonic
from cchc.errors import ConfigError, UnreachableError
from cchc.settings import Settings
from cchc.warehouse.binaries import bin_folder, packaged_root, reachable, refuge, server_user

ADMIN = "cchc_admin"
HELPERS = max(1, min(4, (os.cpu_count() or 2) - 1))  # the leader works too: more than the cores only takes turns
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "384MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "384MB",
    "effective_cache_size": "2GB",
    "wal_level": "minimal",  # one machine: tables made and filled in one transaction need no log
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "autovacuum_naptime": "5min",  # a night is over before it helps; what is filled is analysed by whoever fills it
    "jit": "off",
    "io_method": "sync",  # files lie in the system's cache; on few cores the I/O workers only take turns with us
    "max_parallel_workers_per_gather": str(HELPERS),
    "max_parallel_maintenance_workers": str(HELPERS),
    "timezone": "Asia/Ho_Chi_Minh",
    "log_timezone": "Asia/Ho_Chi_Minh",
    "log_min_messages": "log",  # an ERROR quotes cells ("invalid input syntax for type date: ..."); the client gets and tells it
    "log_min_error_statement": "panic",  # statements may carry values: they stay out of the log
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


class EmbeddedServer:
    """One cluster under `<home>/pg`, or beside it when root's unprivileged stand-in can't reach that."""

    def __init__(self, config: Settings):
        self.home = config.home.resolve()
        self.user = server_user()
        near = self.home / "pg"
        self.folder = near if reachable(near / "data", self.user) else refuge(self.home) / "pg"
        self.data = self.folder / "data"
        self.secret = config.keys_path / "postgres-admin"

    def start(self) -> None:
        """Make the cluster if need be and start it; does nothing when it runs.

        Raises UnreachableError with the server's own words when it does not come up.
        """
        with self._alone():
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            if not self._answers():
                self._start()

    def stop(self) -> None:
        """Stop this cluster, if it runs, and no other."""
        if self.is_running():
            self._pg("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def is_running(self) -> bool:
        """Whether this cluster answers pg_ctl."""
        return self.data.exists() and self._pg("pg_ctl", "-D", str(self.data), "status", check=False).returncode == 0

    def url(self, database: str = "cchc") -> str:
        """The administrator's URL of `database`. Raises ConfigError when the server was never started here."""
        try:
            return f"postgresql://{ADMIN}:{self.secret.read_text()}@127.0.0.1:{self._port()}/{database}"
        except FileNotFoundError as error:
            if self.data.exists():
                raise ConfigError(f"{error.filename} is not there: put it back (docs/runbook.md, A key is lost)") from error
            raise ConfigError(f"{self.home} holds no warehouse yet: run `cchc migrate`") from error

    def programs(self) -> Path:
        """The folder of `psql`, `pg_dump` and the rest."""
        return bin_folder(self.home, self.user)

    def _port(self) -> int:
        return json.loads((self.home / "pg-server.json").read_text())["port"]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / ".pg.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _answers(self) -> bool:
        """Whether the server is there to talk to.

        One that was killed counts as running, to pg_ctl too, until its parent has fetched it: that moment is waited for.
        Raises UnreachableError when it neither answers nor ends.
        """
        end = monotonic() + 30
        while self.is_running():
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port())) == 0:
                    return True
            if monotonic() > end:
                raise UnreachableError(f"the embedded PostgreSQL runs and does not answer: see {self.folder / 'server.log'}")
            time.sleep(0.2)
        return False

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            os.chown(self.folder, self.user.uid, self.user.gid)
        word = _secret_file(self.secret)
        handed = self.folder / "pwfile"
        handed.touch(mode=0o600)
        handed.write_text(word)
        if self.user:
            os.chown(handed, self.user.uid, self.user.gid)
        try:
            self._pg(
                "initdb", "-D", str(self.data), "-U", ADMIN, "--pwfile", str(handed), "--encoding=UTF8",
                *_locale(), "--auth=scram-sha-256", "--data-checksums",
            )  # fmt: skip
        finally:
            handed.unlink()

    def _start(self) -> None:
        port = self._choose_port()
        options = OPTIONS | {"port": str(port)} | json.loads(os.environ.get("CCHC_PG_OPTIONS", "{}"))
        words = " ".join(f"-c {name}={value!r}" for name, value in options.items())
        log = self.folder / "server.log"
        done = self._pg("pg_ctl", "-D", str(self.data), "-l", str(log), "-w", "-t", "60", "-o", words, "start", check=False)
        if done.returncode != 0:
            tail = log.read_text(errors="replace")[-800:] if log.exists() else done.stderr
            raise UnreachableError(f"the embedded PostgreSQL did not start; its log {log} ends:\n{tail}")
        (self.home / "pg-server.json").write_text(json.dumps({"port": port, "data": str(self.data)}))

    def _choose_port(self) -> int:
        try:
            wanted = self._port()
        except (FileNotFoundError, KeyError, ValueError):
            wanted = 0
        for port in (wanted, 0):
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return probe.getsockname()[1]
        raise UnreachableError("no free port on 127.0.0.1")

    def _pg(self, program: str, *args: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run one of the server's programs as the server's user, deaf to our own terminal and environment."""
        call = [str(self.programs() / program), *args]
        keep = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "Asia/Ho_Chi_Minh"}
        as_user = self.user.as_kwargs() if self.user else {}
        out = self.folder / f".{program}.out" if program == "pg_ctl" else None
        with open(out or os.devnull, "w") as sink:  # a pipe would be held open by the server it starts
            done = subprocess.run(
                call, env=keep, stdin=subprocess.DEVNULL, text=True, start_new_session=True, timeout=120,
                stdout=sink if out else subprocess.PIPE, stderr=subprocess.STDOUT if out else subprocess.PIPE, **as_user,
            )  # fmt: skip
        if check and done.returncode != 0:
            raise UnreachableError(f"{program} failed: {(done.stderr or done.stdout or '').strip()[-800:]}")
        return done


def _locale() -> list[str]:
    """Text in the order of its code points: PostgreSQL's own provider (17 and later) compares faster than the C library."""
    if packaged_root():
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _secret_file(path: Path) -> str:
    """The secret kept at `path`, made on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()
