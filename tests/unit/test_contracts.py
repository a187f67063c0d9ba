"""Contracts: what is made from them is current, and mistakes in YAML are named."""

import re
from pathlib import Path

import pytest

from cchc.contracts import Contract, Mode, feeds, versions
from cchc.contracts.safe_yaml import read_yaml
from cchc.contracts.staging import staging_files
from cchc.contracts.suites import compiled
from cchc.contracts.tables import alter_sql, steps_sql
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
        table, *changes = steps_sql(feed)
        assert table.split("create index")[0] in text
        for step in changes:
            assert step in text


def test_staging_is_made_from_the_contracts() -> None:
    """Mend with `cchc contract staging`; a model of a feed without contract is a leftover."""
    folder = PROJECT / "dbt_project/models/staging"
    made = staging_files(folder)
    own = {"stg_delivery.sql", "stg_delivery_period.sql", "stg_dossier_pause.sql", "stg_unit.sql", "_sources.yml", "_staging.yml"}
    assert {path: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name not in own} == made


def test_every_table_has_agency_code_first() -> None:
    text = "".join(path.read_text() for path in (PROJECT / "plugins/cchc/warehouse/migrations").glob("*_feeds.sql"))
    tables = re.findall(r"create table accepted\.(\w+) \(\n\s+(\w+) text not null", text)
    assert sorted(tables) == [(feed, "agency_code") for feed in feeds()]


def test_a_version_changes_no_type_mode_or_key() -> None:
    (old, new) = versions("staff")
    retyped = new.model_copy(update={"columns": new.columns | {"position": new.columns["in_post_from"]}})
    for changed in (retyped, new.model_copy(update={"mode": Mode.CHANGES}), new.model_copy(update={"key": ("agency_code",)})):
        with pytest.raises(ConfigError, match="make a new feed"):
            alter_sql([old], changed)


def test_a_column_no_longer_asked_for_may_be_empty() -> None:
    (old, new) = versions("staff")
    columns = {name: column for name, column in new.columns.items() if name != "kind"}
    assert "  alter column kind drop not null" in alter_sql([old], new.model_copy(update={"columns": columns}))


BASE = {
    "feed": "x", "version": 1, "title_vi": "X", "mode": "window", "period_column": "period", "key": ["agency_code", "period"],
    "columns": {"agency_code": {"type": "unit", "vi": "A"}, "period": {"type": "period", "vi": "B"},
                "name": {"type": "text", "vi": "C", "personal": "drop"}},
    "delivery": [{"id": "r", "statistic": "quarantined_share", "max": 0.2, "severity": "critical", "vi": "D"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"period_column": None}, "window"),
        ({"mode": "changes"}, "window"),
        ({"key": ["agency_code"]}, "part of the key"),
        ({"key": ["period", "agency_code"]}, "starts with agency_code"),
        ({"rows": [{"id": "r", "left": "name", "op": "requires", "right": "period", "vi": "E"}]}, "dropped columns"),
        ({"rows": [{"id": "r", "left": "period", "op": "requires", "right": "nobody", "vi": "E"}]}, "nobody"),
        ({"rows": [{"id": "r", "left": "period", "op": "=", "right": "2013", "when": {"kind": "a"}, "vi": "E"}]}, "kind"),
        *[
            ({"delivery": [{"id": "r", "statistic": name, "max": 1, "severity": "warning", "vi": "D"}]}, "unknown statistic")
            for name in ("rows", "completeness.due", "completeness.name", "age_days.period", "share.period.2013", "age_days_change.period")
        ],
        ({"delivery": [{"id": "r", "statistic": "quarantined_share", "severity": "warning", "vi": "D"}]}, "needs min or max"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(change: dict, words: str | None) -> None:
    if words is None:
        assert Contract.model_validate(BASE | change).feed == "x"
        return
    with pytest.raises(ValueError, match=words):
        Contract.model_validate(BASE | change)


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
