"""The reading process: limited in memory, processor time and open files, it sees bytes and answers columns."""

import json
import os
import resource
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain, islice

import pyarrow as pa

from cchc.readers.csv_reader import read_csv
from cchc.readers.json_reader import read_json
from cchc.readers.jsonl_reader import read_jsonl
from cchc.readers.peek import read_peek
from cchc.readers.request import ABSENT, ENDS, Refusal, Request, Tally
from cchc.readers.text import fold
from cchc.readers.unpack import unpacked
from cchc.readers.xls_reader import read_xls
from cchc.readers.xlsx_reader import read_xlsx
from cchc.readers.xml_reader import read_xml

READERS = {"csv": read_csv, "xlsx": read_xlsx, "xls": read_xls, "json": read_json, "jsonl": read_jsonl, "xml": read_xml, "peek": read_peek}
MEMORY = 2 << 30
PROCESSOR_SECONDS = 600
MUCH = 512 << 10  # KiB: a process that held more gives its memory back by ending
LARGEST_PART = 64 << 20  # bytes of one piece of columns


def serve(request: Request, source: int, columns: int, verdict: int) -> bool:
    """Read descriptor `source`, write an Arrow stream to `columns`, then one verdict as JSON: a Tally or a Refusal.

    Returns whether this process may read another delivery: after a fault it may not.
    """
    _limit()
    sound = True
    with os.fdopen(verdict, "w") as last_word:
        answer: Tally | Refusal
        try:
            answer = _read(request, source, columns)
        except Refusal as refusal:
            answer = refusal
        except MemoryError:
            answer, sound = Refusal("too_large", "Tệp quá lớn để đọc. Đề nghị chia tệp nhỏ hơn."), False
        except pa.ArrowException as error:
            answer = Refusal("unreadable", f"Không đọc được tệp ({type(error).__name__}). Đề nghị kiểm tra và gửi lại.")
        except Exception as error:  # noqa: BLE001  (whatever a hostile file brings a library to: its sender is told, the process ends)
            answer, sound = Refusal("unreadable", f"Không đọc được tệp ({type(error).__name__}). Đề nghị kiểm tra và gửi lại."), False
        sound = sound and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MUCH
        told = asdict(answer) if isinstance(answer, Tally) else {"rule": answer.rule, "message_vi": answer.message_vi}
        json.dump(told | ({} if sound else {ENDS: True}), last_word)
    return sound


def _read(request: Request, source: int, columns: int) -> Tally:
    tally = Tally()
    with os.fdopen(source, "rb") as raw, os.fdopen(columns, "wb") as out:
        _stream(READERS[request.kind](unpacked(raw, request.kind), request, tally), request, tally, out)
    if tally.counted != tally.rows:
        raise Refusal("count_mismatch", f"Hai cách đếm cho số dòng khác nhau ({tally.rows} và {tally.counted}). "
                      "Đề nghị kiểm tra dấu ngoặc kép và ký tự xuống dòng trong tệp.")  # fmt: skip
    return tally


def _stream(batches: Iterator[pa.RecordBatch], request: Request, tally: Tally, out: object) -> None:
    if request.fold_by:
        table = pa.Table.from_batches(list(batches))
        folded = fold(table, request.fold_by)
        tally.skipped += table.num_rows - folded.num_rows
        batches = iter(folded.combine_chunks().to_batches())
    first = list(islice(batches, 1))
    absent = tally.absent if request.kind == "csv" else []  # only there one header speaks for every row
    schema = pa.schema([(name, pa.string()) for name in request.headers] + [("_line", pa.int64())], {ABSENT: " ".join(absent)})
    with pa.ipc.new_stream(out, schema) as writer:
        for batch in chain(first, batches):
            for part in _parts(batch):
                writer.write_batch(part)


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in pieces that the parent can hold whatever the file was: some formats are read in one."""
    rows = max(1, batch.num_rows * LARGEST_PART // max(batch.nbytes, LARGEST_PART))
    return (batch.slice(start, rows) for start in range(0, max(batch.num_rows, 1), max(rows, 1)))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
