"""Runs every command of docs/runbook.md, in its order, on a small province, and compares what it prints."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cchc.clock import now
from cchc.settings import Settings, settings
from house import HOME, PROJECT, wait_until_free
from own_home import own_home
from province import _days, write_csv
from small_night import ROWS, make_province, send_dossiers, send_staff

SYMPTOMS = [
    "A sender is silent", "A wrong file was sent", "A lawful shrunk file is held", "The gate is red", "The disk is full",
    "The database is down", "A run is stuck", "A key is lost", "Restore",
]  # fmt: skip
HANGING = """\
import sys
from cchc.clock import parse_as_of
from cchc.night.run import take_cut
from cchc.settings import settings
from cchc.warehouse.locks import night_lock
take_cut(settings(), parse_as_of("2013-04-04"))
with night_lock(settings().province.name):
    print("holding", flush=True)
    sys.stdin.read()
"""


@dataclass
class Section:
    """One symptom of the runbook: scenes (str) and commands with what they print (tuple), in order."""

    title: str
    steps: list[str | tuple[str, list[str]]] = field(default_factory=list)


def runbook() -> list[Section]:
    """The runbook's sections; what stands before the first heading is one too."""
    sections, fence = [Section("First look")], ""
    for line in (PROJECT / "docs/runbook.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fence = "" if fence else line.removeprefix("```")
        elif fence == "console" and line.startswith("$ "):
            sections[-1].steps.append((line[2:], []))
        elif fence == "console":
            command = sections[-1].steps[-1]
            assert isinstance(command, tuple), f"{line!r} is printed by no command"
            command[1].append(line)
        elif line.startswith("## "):
            sections.append(Section(line[3:]))
        elif scene := re.fullmatch(r"<!-- scene: (.+) -->", line):
            sections[-1].steps.append(scene[1])
    return sections


def squeezed(text: str) -> list[str]:
    """Lines without the widths of columns."""
    return [re.sub(r" +", " ", line).strip() for line in text.strip("\n").splitlines()]


def agrees(expected: list[str], printed: str) -> bool:
    """Whether the output is the expected one; `...` stands for anything in a line, alone for any lines."""
    parts = ["(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n" for line in squeezed("\n".join(expected))]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in squeezed(printed))) is not None


@dataclass
class Stage:
    """The small province that the runbook is played on."""

    config: Settings
    folder: Path  # stands for the checkout: commands run here
    hanging: subprocess.Popen | None = None

    def run(self, command: str) -> str:
        """What the command prints, stdout and stderr together; it must end well."""
        words = {k: v for k, v in os.environ.items() if not k.startswith("COLUMNS")} | {"NO_COLOR": "1"}
        words["PATH"] = f"{Path(sys.executable).parent}:{words['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout

    def register_arrives(self) -> None:
        send_staff(self.config, "2013-04-01", 10, "so-hai")

    def small_register_arrives(self) -> None:
        send_staff(self.config, "2013-04-02", 2)

    def criterion_is_wrong(self) -> None:
        path = self.config.province / "reference/criterion.csv"
        line = 'demo-9,1,1,,Đúng hạn,10,measure,on_time_ratio,proportional,"{""target"": 1}",zero,,department,2013,true\n'
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")

    def criterion_is_right(self) -> None:
        path = self.config.province / "reference/criterion.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    def night_hangs(self) -> None:
        self.hanging = subprocess.Popen([sys.executable, "-c", HANGING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.hanging.stdout is not None and self.hanging.stdout.readline() == "holding\n"

    def night_is_ended(self) -> None:
        assert self.hanging is not None
        self.hanging.kill()
        self.hanging.wait()
        wait_until_free(f"cchc night {self.config.province.name}")

    def key_is_gone(self) -> None:
        (self.config.keys_path / "release.key").unlink()


SCENES: dict[str, Callable[[Stage], None]] = {
    "the missing register arrives": Stage.register_arrives,
    "a much smaller register arrives": Stage.small_register_arrives,
    "a criterion names a measure that nobody has": Stage.criterion_is_wrong,
    "the criterion is mended": Stage.criterion_is_right,
    "a night hangs": Stage.night_hangs,
    "the hung night is ended": Stage.night_is_ended,
    "the release key is gone": Stage.key_is_gone,
}


@pytest.fixture(scope="module")
def stage(server: str) -> Iterator[Stage]:
    """A home of its own, one night released without so-hai's register. `server`: for its fast options only."""
    folder = HOME / "runbook/checkout"
    with pytest.MonkeyPatch.context() as patch, own_home(folder / "var") as config, own_home(HOME / "runbook/cchc-moi"):
        for word in [w for w in os.environ if w.startswith("CCHC_") and w not in ("CCHC_PG_OPTIONS", "CCHC_SHARED")]:
            patch.delenv(word)
        patch.setenv("CCHC_HOME", str(config.home))
        patch.setenv("CCHC_PROVINCE", str(folder / "thu-nghiem"))
        patch.setenv("CCHC_INTAKE_WORKERS", "1")  # deliveries are numbered in a fixed order
        settings.cache_clear()
        stage = Stage(settings(), folder)
        try:
            yield opened(stage)
        finally:
            if stage.hanging:
                stage.hanging.kill()
    settings.cache_clear()


def opened(stage: Stage) -> Stage:
    from cchc.warehouse.migrate import migrate
    from small_night import night

    (stage.config.province / "sources").mkdir(parents=True)
    make_province(stage.config)
    days = list(_days(range(2011, now().year + 2)))
    write_csv(stage.config.province / "reference/calendar_day.csv", ["day", "is_working", "name_vi", "source"], days)
    migrate(stage.config)
    send_dossiers(stage.config, "2013-03-31", ROWS, "so-hai")
    send_dossiers(stage.config, "2013-03-31", ROWS, "so-mot")
    send_staff(stage.config, "2013-03-31", 10)
    night(stage.config, "2013-03-31")
    return stage


def test_the_runbook_knows_the_first_bad_nights() -> None:
    assert [section.title for section in runbook()[1:]] == SYMPTOMS
    assert {step for section in runbook() for step in section.steps if isinstance(step, str)} == set(SCENES)
    silent = [s.title for s in runbook() if not any(isinstance(step, tuple) for step in s.steps)]
    assert silent == ["The disk is full"], "the one symptom that no test can bring about"


def test_expected_output_is_really_compared() -> None:
    assert agrees(["a  ...", "...", "z"], "a b\nc\nd\nz\n")
    assert not agrees(["a ...", "z"], "a b\nc\nz\n")
    assert not agrees(["exit 4"], "exit 3\n")
    assert not agrees([], "said something\n")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("section", runbook(), ids=lambda section: section.title)
def test_the_commands_print_what_the_runbook_says(stage: Stage, section: Section) -> None:
    for step in section.steps:
        if isinstance(step, str):
            SCENES[step](stage)
            continue
        command, expected = step
        printed = stage.run(command)
        assert agrees(expected, printed), f"$ {command}\n{printed}"
