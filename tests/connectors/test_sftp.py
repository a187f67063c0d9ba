"""The SFTP connector against a real server on loopback."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import asyncssh
import pytest

from cchc.clock import ZONE
from cchc.connectors.offers import Offered
from cchc.connectors.sftp import fetched
from cchc.connectors.sftp_model import Sftp
from cchc.errors import CchcError, ConfigError, UnreachableError

AS_OF = datetime(2040, 1, 1, tzinfo=ZONE)


class Door(asyncssh.SSHServer):
    """Lets one clerk in, by password or key."""

    key: asyncssh.SSHKey

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("clerk", "bí mật")

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key == self.key


class Server:
    """A server with its own loop in a thread; `lies` are names it lists that are not there."""

    def __init__(self, root: Path):
        self.root = root
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.user_key = asyncssh.generate_private_key("ssh-ed25519")
        self.lies: list[str] = []
        self.grows = False
        self.fault = ""
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.acceptor = self.run(self._listen())
        self.port = self.acceptor.get_port()

    def run(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self) -> asyncssh.SSHAcceptor:  # noqa: C901  (a server with one method per fault)
        served = self

        class Files(asyncssh.SFTPServer):
            async def read(self, file: object, offset: int, size: int) -> bytes:
                if offset > 1_000_000:
                    match served.fault:
                        case "drops":
                            self.channel.get_connection().abort()
                        case "stalls":
                            await asyncio.sleep(1.2)
                        case "cuts":
                            return b""
                return super().read(file, offset, size)  # type: ignore[arg-type, return-value]

            def __init__(self, channel: asyncssh.SSHServerChannel):
                super().__init__(channel, chroot=str(served.root).encode())

            async def scandir(self, path: bytes):  # type: ignore[no-untyped-def]
                async for entry in super().scandir(path):
                    yield entry
                for lie in served.lies:
                    yield asyncssh.SFTPName(lie.encode(), b"", asyncssh.SFTPAttrs(permissions=0o100644, size=1, atime=0, mtime=0))

            def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
                if served.fault == "removes":
                    raise asyncssh.SFTPNoSuchFile("gone")
                if served.grows:
                    with open(served.root / path.decode().lstrip("/"), "ab") as file:
                        file.write(b"more\n")
                return super().open(path, pflags, attrs)

        door = type("OurDoor", (Door,), {"key": self.user_key.convert_to_public()})
        return await asyncssh.create_server(door, "127.0.0.1", 0, server_host_keys=[self.host_key], sftp_factory=Files)

    def public_key(self) -> str:
        return self.host_key.export_public_key().decode().strip()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.acceptor.close)  # closed by two threads it breaks
        self.loop.call_soon_threadsafe(self.loop.stop)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    root = tmp_path / "root"
    (root / "gui").mkdir(parents=True)
    served = Server(root)
    monkeypatch.setenv("AIRFLOW_CONN_SO_TAI_CHINH", f"sftp://clerk:b%C3%AD%20m%E1%BA%ADt@127.0.0.1:{served.port}")
    yield served
    served.stop()


def declared(server: Server, **more: object) -> Sftp:
    base = {"kind": "sftp", "connection": "so-tai-chinh", "host_key": server.public_key(), "folder": "gui", "glob": "*.csv*"}
    return Sftp.model_validate(base | {"timeout_seconds": 2} | more)


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[[], Path]:
    count = iter(range(1000))
    return lambda: tmp_path / f"scratch-{next(count)}"


def contents(offers: list[Offered]) -> dict[str, bytes]:
    return {offer.name: offer.path.read_bytes() for offer in offers}


def test_new_files_come_whole_and_what_was_seen_stays(server: Server, scratch: Callable[[], Path]) -> None:
    (server.root / "gui/a.csv").write_bytes(b"x" * 3_000_000)
    for name in ("b.txt", "c.csv.filepart", ".d.csv"):
        (server.root / "gui" / name).write_bytes(b"no")
    first = fetched(declared(server), set(), AS_OF, scratch).offers
    assert contents(first) == {"a.csv": b"x" * 3_000_000}
    (server.root / "gui/c.csv").write_bytes(b"c")
    seen = {(offer.name, offer.size, offer.modified_at) for offer in first}
    assert contents(fetched(declared(server), seen, AS_OF, scratch).offers) == {"c.csv": b"c"}


@pytest.mark.parametrize("lock", [None, "mật khẩu"], ids=["open", "locked"])
@pytest.mark.parametrize("form", ["uri", "json"])
def test_a_private_key_logs_in(
    server: Server, scratch: Callable[[], Path], monkeypatch: pytest.MonkeyPatch, form: str, lock: str | None
) -> None:  # fmt: skip
    key = server.user_key.export_private_key("pkcs8-pem", passphrase=lock).decode()
    told = {
        "conn_type": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "login": "clerk",
        "password": lock,
        "extra": {"private_key": key},
    }
    uri = f"sftp://clerk:{quote(lock or '')}@127.0.0.1:{server.port}/?private_key={quote(key, safe='')}"
    monkeypatch.setenv("AIRFLOW_CONN_SO_TAI_CHINH", uri if form == "uri" else json.dumps(told))
    (server.root / "gui/a.csv").write_bytes(b"a")
    assert contents(fetched(declared(server), set(), AS_OF, scratch).offers) == {"a.csv": b"a"}


def test_a_key_that_does_not_open_is_told(server: Server, scratch: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    key = quote(server.user_key.export_private_key("pkcs8-pem", passphrase="other").decode(), safe="")
    monkeypatch.setenv("AIRFLOW_CONN_SO_TAI_CHINH", f"sftp://clerk:wrong@127.0.0.1:{server.port}/?private_key={key}")
    with pytest.raises(ConfigError, match="private key does not read"):
        fetched(declared(server), set(), AS_OF, scratch)


def test_another_host_key_is_refused_before_the_password_is_sent(server: Server, scratch: Callable[[], Path]) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with pytest.raises(ConfigError, match="another key"):
        fetched(declared(server, host_key=other), set(), AS_OF, scratch)


@pytest.mark.parametrize(
    ("uri", "error"),
    [("sftp://clerk:wrong@127.0.0.1:{port}", ConfigError), ("sftp://clerk:x@127.0.0.1:9", UnreachableError)],
    ids=["wrong password", "nobody there"],
)
def test_what_stands_in_the_way_is_named(
    server: Server, scratch: Callable[[], Path], monkeypatch: pytest.MonkeyPatch, uri: str, error: type[CchcError]
) -> None:  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_SO_TAI_CHINH", uri.format(port=server.port))
    with pytest.raises(error) as caught:
        fetched(declared(server), set(), AS_OF, scratch)
    assert "wrong" not in str(caught.value)


def test_a_missing_folder_is_named(server: Server, scratch: Callable[[], Path]) -> None:
    with pytest.raises(ConfigError, match="folder"):
        fetched(declared(server, folder="nowhere"), set(), AS_OF, scratch)


def test_links_and_names_that_lead_elsewhere_are_left_and_the_rest_is_taken(server: Server, scratch: Callable[[], Path]) -> None:
    (server.root / "gui/link.csv").symlink_to("/etc/hostname")
    (server.root / "gui/good.csv").write_bytes(b"a")
    server.lies = ["../../etc/evil.csv", "a\\b.csv"]
    found = fetched(declared(server), set(), AS_OF, scratch)
    assert contents(found.offers) == {"good.csv": b"a"}
    assert [word in " ".join(found.left) for word in ("../../etc/evil.csv", "b.csv")] == [True, True]


@pytest.mark.parametrize(
    ("fault", "words"), [("drops", "while talking"), ("stalls", "stalls in a.csv"), ("cuts", "changed while"), ("removes", "changed while")]
)
def test_a_fault_in_mid_file_takes_nothing(server: Server, scratch: Callable[[], Path], fault: str, words: str) -> None:
    (server.root / "gui/a.csv").write_bytes(b"x" * 2_000_000)
    server.fault = fault
    with pytest.raises(UnreachableError, match=words):
        fetched(declared(server, timeout_seconds=0.5), set(), AS_OF, scratch)


def test_a_file_that_is_still_growing_is_left_for_the_next_time(server: Server, scratch: Callable[[], Path]) -> None:
    (server.root / "gui/a.csv").write_bytes(b"a")
    server.grows = True
    with pytest.raises(UnreachableError, match="changed while"):
        fetched(declared(server), set(), AS_OF, scratch)


def test_a_folder_beyond_the_limit_is_not_fetched(server: Server, scratch: Callable[[], Path]) -> None:
    (server.root / "gui/a.csv").write_bytes(b"x" * 2_000_000)
    with pytest.raises(ConfigError, match="more than 1 MB"):
        fetched(declared(server, megabytes=1), set(), AS_OF, scratch)


def test_a_server_that_stalls_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: Callable[[], Path]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AIRFLOW_CONN_SO_TAI_CHINH", f"sftp://clerk:x@127.0.0.1:{silent.getsockname()[1]}")
        key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        asked = Sftp(kind="sftp", connection="so-tai-chinh", host_key=key, timeout_seconds=0.5)
        with pytest.raises(UnreachableError):
            fetched(asked, set(), AS_OF, scratch)
