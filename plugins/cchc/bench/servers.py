"""The other side of the bench's sources: a JSON API and an SFTP server on loopback, and another system's table."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import asyncssh

LOGIN, PASSWORD = "bench", "bench"  # of servers that end with the bench


class _Api(BaseHTTPRequestHandler):
    """`/<records>?page=n` gives the records of the file of that name, one page and then an empty one."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    folder: Path

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        rows = json.loads((self.folder / parts.path.lstrip("/")).read_text()) if parse_qs(parts.query)["page"] == ["1"] else []
        body = json.dumps({"items": rows}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Door(asyncssh.SSHServer):
    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (LOGIN, PASSWORD)


@contextmanager
def api(folder: Path) -> Iterator[str]:
    """Serve the files of `folder` as pages of records until the block ends; the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Api", (_Api,), {"folder": folder}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def sftp(folder: Path) -> Iterator[tuple[int, str]]:
    """Serve `folder` by SFTP until the block ends; the port and the host key as a source pins it."""
    loop, key = asyncio.new_event_loop(), asyncssh.generate_private_key("ssh-ed25519")
    Thread(target=loop.run_forever, daemon=True).start()

    def files(channel: asyncssh.SSHServerChannel) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    async def listening() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(_Door, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=files)

    acceptor = asyncio.run_coroutine_threadsafe(listening(), loop).result(10)
    try:
        yield acceptor.get_port(), key.export_public_key().decode().strip()
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)
