"""Starts reading processes and talks to them; the parent only ever sees Arrow columns and a verdict."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from queue import Empty, SimpleQueue

import pyarrow as pa

from cchc.readers.request import ENDS, Refusal, Request, Tally

DEADLINE_SECONDS = 900
BROKEN_VI = "Chương trình đọc tệp bị dừng (tệp quá lớn hoặc hỏng). Đề nghị kiểm tra và gửi lại."


class _Child:
    """One limited reading process; reads one delivery at a time."""

    def __init__(self, link: socket.socket, process: int):
        self._link = link
        self.process = process

    def ask(self, request: Request, descriptors: list[int]) -> None:
        """Hand over a request with the three descriptors it works on."""
        socket.send_fds(self._link, [json.dumps(vars(request)).encode()], descriptors)

    def kill(self) -> None:
        """End it now; whoever reads from it sees the end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self._link.close()


class _Server:
    """The loaded process that children are forked from, and the children that are idle; one per process of ours."""

    def __init__(self) -> None:
        self._link, theirs = _pair()
        call = [sys.executable, "-m", "cchc.readers.server", str(theirs.fileno())]
        self._process = subprocess.Popen(call, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._lock = threading.Lock()
        self.idle: SimpleQueue[_Child] = SimpleQueue()

    def child(self) -> _Child:
        """An idle child, or a new one."""
        with contextlib.suppress(Empty):
            return self.idle.get_nowait()
        ours, theirs = _pair()
        with self._lock, theirs:
            socket.send_fds(self._link, [b"f"], [theirs.fileno()])
            return _Child(ours, int(self._link.recv(64)))


def _pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


@lru_cache(maxsize=1)
def _server(_process_number: int) -> _Server:
    return _Server()


def read_rows(blocks: Iterable[bytes], request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of text columns (the request's names plus `_line`) read from `blocks` in a child process.

    `tally` is filled when the last batch is out. Raises Refusal when the child refuses or dies, and whatever
    `blocks` itself raises.
    """
    server = _server(os.getpid())
    child = server.child()
    (source, feed), (columns, out), (verdict, answer) = (os.pipe() for _ in range(3))
    child.ask(request, [source, out, answer])
    for theirs in (source, out, answer):
        os.close(theirs)
    failures: list[BaseException] = []
    feeder = threading.Thread(target=_feed, args=(blocks, feed, failures), daemon=True)
    feeder.start()
    watch = threading.Timer(DEADLINE_SECONDS, child.kill)
    watch.daemon = True  # who fails between two batches leaves this reading half-way, and must be able to end
    watch.start()
    answered = b""
    with os.fdopen(columns, "rb") as stream, os.fdopen(verdict, "rb") as last_word:
        try:
            yield from _batches(stream)
            answered = last_word.read()
            feeder.join()
        finally:
            watch.cancel()
            if answered and not failures and f'"{ENDS}"'.encode() not in answered:
                server.idle.put(child)
            else:
                child.kill()
    if failures:
        raise failures[0]
    vars(tally).update(vars(_verdict(answered)))


def _feed(blocks: Iterable[bytes], feed: int, failures: list[BaseException]) -> None:
    try:
        with os.fdopen(feed, "wb", buffering=0) as sink:
            for block in blocks:
                rest = memoryview(block)
                while rest:
                    rest = rest[sink.write(rest) :]
    except BrokenPipeError:
        return  # the child refused before the end; its verdict says why
    except BaseException as error:  # noqa: BLE001  (handed to the reading side, which raises it)
        failures.append(error)


def _batches(stream: object) -> Iterator[pa.RecordBatch]:
    """The child's Arrow stream; a stream that breaks off just ends here, the verdict tells why."""
    with contextlib.suppress(pa.ArrowInvalid):
        yield from pa.ipc.open_stream(stream)


def _verdict(answered: bytes) -> Tally:
    if not answered:
        raise Refusal("unreadable", BROKEN_VI)
    told = json.loads(answered)
    told.pop(ENDS, None)
    if "rule" in told:
        raise Refusal(told["rule"], told["message_vi"])
    return Tally(**told)
