"""A small process that has the readers loaded and forks one limited child per delivery.

Not multiprocessing's fork server: that one imports the caller's main module into every child.
Talk on the socket: one message per request, the JSON of a Request with three file descriptors
(bytes in, columns out, verdict out); the answer is the child's process number.
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
        message, descriptors, _, _ = socket.recv_fds(link, LARGEST_REQUEST, 3)
        if not message:
            return
        process = os.fork()
        if process == 0:
            link.close()
            _read(Request(**json.loads(message)), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        link.send(str(process).encode())


def _warm() -> None:
    """Read two rows, so that what pyarrow imports on first use is there before the first fork."""
    options = {"encoding": "utf-8", "delimiter": ",", "header_row": 1}
    list(read_csv(io.BytesIO("á,b\n1,2\n".encode()), Request("csv", options, {"a": "á", "b": "b"}, ()), Tally()))


def _read(request: Request, source: int, columns: int, verdict: int) -> None:
    try:
        serve(request, source, columns, verdict)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
