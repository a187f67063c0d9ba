"""A real object store on loopback (SeaweedFS), and a road to it on which answers go wrong on demand."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from s3fs import S3FileSystem

KEY, SECRET = "clerk", "bí-mật"
BUCKET = "so-tai-chinh"
WEED = Path(sys.executable).with_name("weed")


class Store:
    """The store's address, and a client of the agency that fills it."""

    def __init__(self, url: str):
        self.url = url
        self.files = S3FileSystem(key=KEY, secret=SECRET, endpoint_url=url, skip_instance_cache=True)

    def put(self, key: str, content: bytes) -> None:
        self.files.call_s3("put_object", Bucket=BUCKET, Key=key, Body=content)

    def empty(self) -> None:
        for entry in self.files.call_s3("list_objects_v2", Bucket=BUCKET).get("Contents", []):
            self.files.call_s3("delete_object", Bucket=BUCKET, Key=entry["Key"])


@contextmanager
def storing(folder: Path) -> Iterator[Store]:
    """One store until the block ends; half a second to start. It asks nobody outside: telemetry is off, all is on loopback."""
    ports = {name: _free_port() for name in ("master", "volume", "filer", "s3", "admin")}
    inner = {name: _free_port() for name in ports}
    words = [word for name in ports for word in (f"-{name}.port={ports[name]}", f"-{name}.port.grpc={inner[name]}")]
    words += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-webdav=false", "-admin.ui=false", "-master.telemetry=false",
              "-s3.port.iceberg=0", "-s3.port.lance=0", f"-bucket={BUCKET}"]  # fmt: skip
    place = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    process = subprocess.Popen([WEED, "mini", *words], cwd=folder, env=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        store = Store(f"http://127.0.0.1:{ports['s3']}")
        _wait_for(store, process)
        yield store
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        for port in (*ports.values(), *inner.values()):  # it puts sockets there whatever TMPDIR says
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)


def _wait_for(store: Store, process: subprocess.Popen) -> None:
    for _ in range(300):
        try:
            return store.put("ready", b"")
        except Exception:  # noqa: BLE001  (whatever it says while it starts)
            assert process.poll() is None, "the store did not start"
            time.sleep(0.1)
    raise AssertionError("the store did not start in 30 s")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Road:
    """Where the road begins, and the faults that the next answers have, by the word that the request's path contains."""

    def __init__(self) -> None:
        self.url = ""
        self.faults: dict[str, list[str]] = {}
        self.asked: Counter[str] = Counter()

    def fault(self, path: str) -> str:
        for word, faults in self.faults.items():
            if word in path:
                self.asked[word] += 1
                return faults.pop(0) if faults else "none"
        return "none"


@contextmanager
def road_to(store: Store) -> Iterator[Road]:  # noqa: C901  (a handler with one method per fault)
    """Passes every request on as it came, signature and all (the store checks the Host it was signed for), but for the faults."""
    road, port = Road(), int(store.url.rsplit(":", 1)[1])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fault = road.fault(self.path)
            if fault in ANSWERS:
                return self._say(*ANSWERS[fault])
            with closing(HTTPConnection("127.0.0.1", port)) as behind:
                behind.putrequest("GET", self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    behind.putheader(name, value)
                behind.endheaders()
                answer = behind.getresponse()
                body = answer.read()
                headers = {n: v for n, v in answer.getheaders() if n.lower() not in ("content-length", "connection", "transfer-encoding")}
            return getattr(self, f"_{fault}", self._none)(answer.status, body, headers)

        def _say(self, status: int, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body) if length is None else length)} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _none(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._say(status, body, headers)

        def _dropped(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._say(status, body[: len(body) // 2], headers, len(body))
            self.close_connection = True

        def _truncated(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._say(status, body[: len(body) // 2], {n: v for n, v in headers.items() if "checksum" not in n.lower()})

        def _stalling(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._say(status, body[:1], headers, len(body))
            time.sleep(1.5)
            self.close_connection = True

        def _half_listed(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            cut = body.replace(b"<IsTruncated>false", b"<IsTruncated>true")
            self._say(status, cut, headers)

        def _miscounted(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            first, last = body.index(b"<Contents>"), body.index(b"</Contents>") + len(b"</Contents>")
            self._say(status, body[:first] + body[last:], headers)

        def _lying(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self._say(status, body.replace(b"gui/bad.csv", b"gui/../../bad.csv"), headers)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    road.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield road
    finally:
        server.shutdown()
        server.server_close()


ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "busy": (429, b"", {"Retry-After": "0"}),
    "slow_down": (503, b"<Error><Code>SlowDown</Code></Error>", {}),
    "error": (500, b"", {}),
    "elsewhere": (302, b"", {"Location": "http://127.0.0.2:9/latest/meta-data"}),
    "to_a_name": (307, b"", {"Location": "http://example.invalid/latest"}),
}
