"""Contracts: what is made from them is current, and mistakes in YAML are named."""

import re
from pathlib import Path

import pytest

from cchc.contracts import contract, feeds
from cchc.contracts.safe_yaml import read_yaml
from cchc.contracts.suites import compiled
from cchc.contracts.tables import table_sql
from cchc.errors import ConfigError
from house import PROJECT


def test_suites_are_compiled_from_the_contracts() -> None:
    """Mend with `cchc contract suites`."""
    folder = PROJECT / "expectations/feeds"
    assert {path: path.read_text(encoding="utf-8") for path in folder.glob("*.json")} == compiled(folder)


def test_migrations_hold_the_tables_of_the_contracts() -> None:
    """Mend with `cchc contract sql FEED` in a new migration."""
    text = "".join(p.read_text() for p in sorted((PROJECT / "plugins/cchc/warehouse/migrations").glob("*_feeds.sql")))
    for feed in feeds():
        assert table_sql(contract(feed)) in text


def test_every_table_has_agency_code_first() -> None:
    for path in (PROJECT / "plugins/cchc/warehouse/migrations").glob("*_feeds.sql"):
        tables = re.findall(r"create table accepted\.\w+ \(\n\s+(\w+) text not null", path.read_text())
        assert tables == ["agency_code"] * len(feeds())


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: 1\na: 2\n", "stands twice"), ("a: [1\n", "expected"), ("a: !!python/object:os.system x\n", "could not determine")],
)
def test_yaml_mistakes_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"bad\.yaml") as caught:
        read_yaml(path)
    assert words in str(caught.value)


def test_yaml_words_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("a: no\nb: 010\nc: 12:30\nd: 2013-12-31\ne: 7\nf: true\n")
    assert read_yaml(path) == {"a": "no", "b": "010", "c": "12:30", "d": "2013-12-31", "e": 7, "f": True}
