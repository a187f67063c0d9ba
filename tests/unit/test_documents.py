"""Documents that must be equal to the code: commands, settings, targets, links, reference data, versions."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from test_house import tracked

from cchc.cli.app import app
from cchc.connectors.sources import Sender, Source
from cchc.intake.reference import TABLES
from cchc.settings import Settings
from house import PROJECT

KINDS = {"read": "as_json", "write": "dry_run", "service": None}
PLAIN_READS = {"cchc contract sql", "cchc contract export"}  # print SQL, a format of others


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def first_cells(document: str) -> list[str]:
    """The words in backticks of each table row's first cell."""
    cells = [line.split("|")[1] for line in document.splitlines() if line.startswith("| ")]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def commands(group: Any, name: str = "cchc") -> Iterator[tuple[str, set[str]]]:
    """Every command with the names of its parameters."""
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", {parameter.name for parameter in command.params}


def test_the_command_line_s_document_lists_every_command() -> None:
    document = text("docs/cli.md").split("## Manners")[0]
    assert sorted(first_cells(document)) == sorted(name for name, _ in commands(typer.main.get_command(app)))


def test_reads_speak_json_and_writes_have_a_dry_run() -> None:
    rows = re.findall(r"^\| `(cchc [a-z ]+)` \| (\w+) \|", text("docs/cli.md"), re.MULTILINE)
    kinds = dict(rows)
    for name, parameters in commands(typer.main.get_command(app)):
        wanted = KINDS[kinds[name]]
        assert wanted is None or wanted in parameters or name in PLAIN_READS, f"{name} is a {kinds[name]} without {wanted}"


def test_exit_codes_are_those_of_the_errors() -> None:
    from cchc import errors

    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CchcError)}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", text("docs/cli.md"), re.MULTILINE)}
    assert listed == codes | {0, 2, 130}


def test_settings_are_those_of_the_model() -> None:
    document = text("docs/settings.md").split("## Not settings")[0]
    assert sorted(first_cells(document)) == sorted(f"CCHC_{name.upper()}" for name in Settings.model_fields)


def test_every_variable_of_ours_is_named() -> None:
    places = tracked("plugins/*", "dags/*.py", "dbt_project/*", "docker/*", "docker-compose.yml", "Dockerfile", "Makefile", "tests/*.py")
    used = {word for name in places for word in re.findall(r"\bCCHC_[A-Z_]*[A-Z]\b", text(name))}
    assert used - set(first_cells(text("docs/settings.md"))) == set()


def test_the_readme_lists_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE)
    assert [word.removeprefix("make ") for word in first_cells(text("README.md")) if word.startswith("make ")] == targets


def test_reference_data_name_every_file_and_column() -> None:
    document = text("docs/reference-data.md")
    for table in TABLES:
        assert f"{table}.csv" in document
        header = text(f"dags/provinces/son-la/reference/{table}.csv").split("\n", 1)[0].strip().split(",")
        assert [column for column in header if not re.search(rf"\b{column}\b", document)] == [], table


def test_how_to_add_a_source_names_every_key() -> None:
    document = text("docs/how-to-add-a-source.md")
    keys = [*Sender.model_fields, *Source.model_fields]
    assert [key for key in keys if not re.search(rf"\b{key}\b", document)] == []


@pytest.mark.parametrize("name", tracked("*.md"))
def test_links_lead_somewhere(name: str) -> None:
    document, folder = text(name), (PROJECT / name).parent
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", document) if not t.startswith(("https://", "http://"))]
    made_later = {"docs/images/report.png"}
    missing = [t for t in targets if t and not (folder / t).exists() and (folder / t).relative_to(PROJECT).as_posix() not in made_later]
    assert missing == []


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    files = sorted(path.name for path in (PROJECT / "docs/adr").glob("0*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert [name for name in files if name not in text("docs/adr/README.md")] == []
    for name in files:
        assert all(word in text(f"docs/adr/{name}") for word in ("**Context.**", "**Decision.**", "**Consequences.**")), name


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in text("CHANGELOG.md")


def test_the_layers_of_the_document_are_those_that_are_held() -> None:
    layers = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    held = [[word.strip().removeprefix("cchc.") for word in layer.split("|")] for layer in layers]
    block = re.search(r"## Rooms and directions\n\n```\n(.+?)```", text("docs/architecture.md"), re.DOTALL)
    assert block
    drawn = [re.split(r"\s{2,}", line)[0].replace(" ", "").split("·") for line in block[1].splitlines()]
    assert [sorted(layer) for layer in drawn[1:]] == [sorted(layer) for layer in held]


def test_words_have_one_meaning() -> None:
    words = [word.strip() for word in re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text("docs/glossary.md"), re.MULTILINE)]
    words = [part.strip() for word in words if word not in ("word", "---") for part in word.split(",")]
    assert len(words) > 50
    assert sorted(words) == sorted(set(words))
