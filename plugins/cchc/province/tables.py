"""Reading and writing a province folder's CSVs and the product's templates."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from cchc.errors import ConfigError

TEMPLATES = Path(__file__).parent / "templates"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A reference CSV's text."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a reference CSV. Raises ConfigError when it is not there or a row has another length."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigError(f"{path}: can't be read as a reference table ({error})") from error
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ConfigError(f"{path}, line {line}: {len(row)} cells where the header has {len(header)}")
    return header, [dict(zip(header, row, strict=True)) for row in rows]


def template(name: str) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a table that comes with the product (templates/<name>.csv)."""
    return read_table(TEMPLATES / f"{name}.csv")


def write_whole(path: Path, text: str) -> None:
    """Write beside and put in place: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.rename(path)
