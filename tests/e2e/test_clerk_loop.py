"""The clerk's loop by commands alone: plays docs/how-to-return-slips.md and compares what it prints."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cchc.settings import Settings
from cchc.warehouse.connect import connect
from house import PROJECT
from province import write_csv
from small_night import DOSSIER, make_province

NEW = "X01.01.09"
ROWS = [(f"A-{n}", "2013-03-01T08:00", "2013-03-10T17:00", "", "2013-03-01T08:00") for n in range(1, 7)]


def lines(*changes: tuple[int, int, str], unit: str = "X01.01") -> list[list[str]]:
    """The good rows as a file's, with some cells changed: (row, column, text)."""
    rows = [[unit, code, "online", received, due, finished, updated, "Nguyễn Văn Mật"] for code, received, due, finished, updated in ROWS]
    for row, column, text in changes:
        rows[row][column] = text
    return rows


LATE, BROKEN = (1, 4, "2013-02-10T17:00"), (3, 3, "31/02/2013")


def bad_file(config: Settings, desk: Path) -> None:
    write_csv(config.inbox_path / "so-mot/2013-03-31/dossier.csv", DOSSIER, lines(LATE, BROKEN))


def half_mended(config: Settings, desk: Path) -> None:
    write_csv(desk / "dossier_sua.csv", DOSSIER, lines(BROKEN))


def mended(config: Settings, desk: Path) -> None:
    write_csv(desk / "dossier_sua.csv", DOSSIER, lines())


def sent(config: Settings, desk: Path) -> None:
    target = config.inbox_path / "so-mot/2013-04-01/dossier_sua.csv"
    target.parent.mkdir(parents=True)
    (desk / "dossier_sua.csv").rename(target)


def unit_missing(config: Settings, desk: Path) -> None:
    write_csv(config.inbox_path / "so-mot/2013-04-02/dossier.csv", DOSSIER, lines((0, 0, NEW), (0, 1, "B-1")))


def unit_added(config: Settings, desk: Path) -> None:
    path = config.province / "reference/unit.csv"
    path.write_text(path.read_text() + f"{NEW},Phòng Mới,department,province,,X01.01,9,2000-01-01,test\n")


SCENES: dict[str, Callable[[Settings, Path], None]] = {
    "a bad file arrives": bad_file,
    "a half mended file lies on the desk": half_mended,
    "the mended file lies on the desk": mended,
    "the mended file is sent": sent,
    "a row of a unit that is not there yet": unit_missing,
    "the unit is added": unit_added,
}


def steps() -> list[str | tuple[str, list[str]]]:
    """Scenes and commands with what they print, in the page's order."""
    found: list[str | tuple[str, list[str]]] = []
    fence = False
    for line in (PROJECT / "docs/how-to-return-slips.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fence = line == "```console"
        elif fence and line.startswith("$ "):
            found.append((line[2:], []))
        elif fence:
            found[-1][1].append(line)  # type: ignore[union-attr]
        elif scene := re.fullmatch(r"<!-- scene: (.+) -->", line):
            found.append(scene[1])
    return found


def agrees(expected: list[str], printed: str) -> bool:
    """Whether the output is the expected one, but for the widths of columns; `...` stands for anything in a line, alone for any lines."""
    squeezed = ["\n".join(re.sub(r" +", " ", line).strip() for line in text.splitlines()) for text in ("\n".join(expected), printed)]
    parts = ["(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n" for line in squeezed[0].splitlines()]
    return re.fullmatch("".join(parts), squeezed[1] + "\n") is not None


def test_the_loop_closes(config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_province(config)
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    played = steps()
    assert [step for step in played if isinstance(step, str)] == list(SCENES)
    for step in played:
        if isinstance(step, str):
            SCENES[step](config, desk)
            continue
        command, expected = step
        done = subprocess.run(["bash", "-c", command], cwd=desk, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        assert agrees(expected, done.stdout), f"$ {command}\n{done.stdout}"
    with connect("cchc_loader") as connection:
        books = connection.execute("select status, rows_read, rows_accepted, rows_quarantined from ops.delivery order by 1, 2").fetchall()
    assert books == [("accepted", 6, 4, 2), ("accepted", 6, 6, 0), ("accepted", 6, 6, 0)]
