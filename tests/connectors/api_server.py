"""A real HTTP server on loopback that serves records in pages, and misbehaves on demand."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 4


class Api:
    """What the server holds and how it behaves; `faults[path]` are answers given before the right one."""

    def __init__(self, records: list[dict[str, Any]]):
        self.records = records
        self.faults: dict[str, list[str]] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.count_off = 0
        self.calls: Counter[str] = Counter()
        self.url = ""
        self.port = 0

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """The document of one page."""
        rows = [r for r in self.records if str(r.get("updated", "")) >= query.get("since", "")]
        size = int(query.get("limit", PAGE))
        start = int(query["offset"]) if "offset" in query else (int(query.get("page", 1)) - 1) * size
        if path == "/cursor":
            start = int(query.get("cursor", 0))
        page = rows[start : start + size]
        if path == "/short":  # a page that is shorter than asked, in the middle
            page = page[: 2 if start == 0 else size]
        more = start + len(page) < len(rows)
        following = {"/cursor": str(start + size), "/link": f"{self.url}/link?page={int(query.get('page', 1)) + 1}"}.get(path)
        if path == "/loop":
            following = "1"
        return {"data": {"items": page}, "meta": {"total": len(rows) + self.count_off, "next": following if more else None}}


@contextmanager
def serving(records: list[dict[str, Any]]) -> Iterator[Api]:  # noqa: C901  (a handler with one method per fault)
    """Serve until the block ends."""
    api = Api(records)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            api.asked.append((parts.path, query, dict(self.headers)))
            faults = api.faults.get(parts.path, [])
            body = json.dumps(api.answer(parts.path, query), ensure_ascii=False).encode(errors="backslashreplace")
            getattr(self, f"_{faults.pop(0)}" if faults else "_well")(body)

        def _well(self, body: bytes, status: int = 200, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def _busy(self, body: bytes) -> None:
            self._well(b"", 429, Retry_After="1")

        def _error(self, body: bytes) -> None:
            self._well(b"", 500)

        def _forbidden(self, body: bytes) -> None:
            self._well(b"", 403)

        def _elsewhere(self, body: bytes) -> None:
            self._well(b"", 302, Location="http://169.254.169.254/latest/meta-data")

        def _dropped(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True

        def _truncated(self, body: bytes) -> None:
            self._well(body[: len(body) // 2])

        def _stalling(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            time.sleep(2)
            self.close_connection = True

        def _nested(self, body: bytes) -> None:
            self._well(b"[" * 200_000)

        def _doubled(self, body: bytes) -> None:
            self._well(b'{"data": {"items": [{"a": 1, "a": 2}]}}')

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.port = server.server_address[1]
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
