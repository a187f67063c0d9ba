"""What a check says it assumed: only where the file itself does not tell, and with the words that state it."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from test_reader_formats import HEADERS, ROWS, as_xlsx, ask

from cchc.connectors.sources import Source
from cchc.contracts import contract
from cchc.intake.assumed import assumed
from cchc.intake.check import Context
from cchc.readers import Tally, read_rows

BASE = {"feed": "dossier_log", "every": "day", "connect": {"kind": "file_drop", "glob": "x"}, "read": {"kind": "csv"}}


def told(fees: list[str], tally: Tally | None = None, **words: str) -> list[str]:
    source = Source.model_validate(
        {"feed": "dossier_log", "every": "day", "connect": {"kind": "file_drop", "glob": "x"}, "read": {"kind": "csv"}} | words
    )
    none = pa.array([], pa.string())
    context = Context(contract("dossier_log"), source, none, none, datetime(2013, 1, 1, tzinfo=UTC), b"")
    return list(assumed([pa.RecordBatch.from_pydict({"fee_due": pa.array(fees, pa.string())})], tally or Tally(), context))


def test_thousands_or_a_fraction() -> None:
    [said] = told(["1,234", "12", "5"])
    assert "1,234 được đọc là 1234" in said and 'decimal: ","' in said
    assert told(["1,234"], decimal=".") == [], "stated"
    assert told(["1,234", "0.5"]) == [], "another cell tells"
    assert told(["1234", "12.5"]) == []


@pytest.mark.parametrize(("words", "left"), [({}, ["Tờ 2"]), ({"sheet": "Tờ 1"}, []), ({"sheets": ["*"]}, [])])
def test_the_first_of_several_sheets(words: dict, left: list[str]) -> None:
    tally = Tally()
    list(read_rows([as_xlsx([[*HEADERS.values()], *ROWS], **{"Tờ 2": [[*HEADERS.values()], *ROWS]})], ask("xlsx", **words), tally))
    assert tally.unread == left
    said = told([], tally)
    assert [words for words in said if "Tệp có 2 trang tính; đã đọc trang đầu tiên 'Tờ 1'" in words and 'sheet: "Tờ 1"' in words] == said
    assert len(said) == len(left)
