"""A small process that has the readers loaded and forks limited children from itself.

Not multiprocessing's fork server: that one imports the caller's main module into every child (docs/adr/0005).
On the server's socket: one byte with a descriptor, the child's own socket; the answer is the child's number.
On a child's socket: the JSON of a Request with three descriptors (bytes in, columns out, verdict out), again and again.
"""

import io
import json
import os
import signal
import socket
import sys

from cchc.readers.child import serve
from cchc.readers.csv_reader import read_csv
from cchc.readers.request import Request, Tally

LARGEST_REQUEST = 1 << 20


def main() -> None:
    """Serve requests until the other side of the socket (descriptor in argv[1]) is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; our socket then closes
    link = socket.socket(fileno=int(sys.argv[1]))
    _warm()
    while True:
        message, descriptors, _, _ = socket.recv_fds(link, 1, 1)
        if not message:
            return
        process = os.fork()
        if process == 0:
            link.close()
            _serve_requests(socket.socket(fileno=descriptors[0]))
        os.close(descriptors[0])
        link.send(str(process).encode())


def _warm() -> None:
    """Read two rows, so that what pyarrow imports on first use is there before the first fork."""
    options = {"encoding": "utf-8", "delimiter": ",", "header_row": 1}
    list(read_csv(io.BytesIO("á,b\n1,2\n".encode()), Request("csv", options, {"a": "á", "b": "b"}, ()), Tally()))


def _serve_requests(requests: socket.socket) -> None:
    """Read one delivery after the other until the parent lets go; a child that met a fault dies with its verdict."""
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(requests, LARGEST_REQUEST, 3)
            if not message or not serve(Request(**json.loads(message)), *descriptors):
                break
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
