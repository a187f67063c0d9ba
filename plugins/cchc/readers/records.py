"""Records of names and values (JSON Lines, XML) as batches of columns."""

import pyarrow as pa

from cchc.readers.request import Request, Tally
from cchc.readers.text import finish, match_headers


class Records:
    """Makes batches; a name met once is a column of the file, also where later records leave it out."""

    def __init__(self, request: Request, tally: Tally):
        self._request, self._tally = request, tally
        self._names: dict[str, None] = {}

    def batch(self, records: list[tuple[int, dict[str, str | None]]]) -> pa.RecordBatch:
        """The wanted columns of numbered records as text plus `_line`. Raises Refusal when a column is missing."""
        self._names.update(dict.fromkeys(name for _, record in records for name in record))
        headers = list(self._names)
        places, self._tally.absent = match_headers(headers, self._request)
        self._tally.found = []  # names come with the records
        self._tally.note(headers)
        columns = {name: pa.array([record.get(headers[at]) for _, record in records], pa.string()) for name, at in places.items()}
        return finish(columns, pa.array([number for number, _ in records], pa.int64()), self._request, self._tally)
