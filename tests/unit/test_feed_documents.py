"""Pages, example files and exports of the feeds are those of their contracts, and the examples are accepted."""

import csv
import io
import json
import re
from datetime import datetime
from importlib.resources import files

import jsonschema
import pyarrow as pa
import pytest
import yaml

from cchc.clock import ZONE
from cchc.connectors.sources import Source
from cchc.contracts import Contract, attachments, contract, feeds, versions
from cchc.contracts.docs import pages
from cchc.contracts.examples import ARRIVED, example_csv
from cchc.contracts.export import exported, odcs, table_schema
from cchc.intake.accept import request_for
from cchc.intake.check import Checked, Context, check
from cchc.readers import Tally, read_rows
from cchc.readers.text import plain
from house import PROJECT

EVERY = [agreed for feed in feeds() for agreed in versions(feed)]
NAMES = [f"{agreed.feed}@{agreed.version}" for agreed in EVERY]


def test_pages_are_made_from_the_contracts() -> None:
    """Mend with `cchc contract docs`."""
    folder = PROJECT / "docs/feeds"
    assert {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()} == pages(folder)


def checked(agreed: Contract, text: str) -> list[Checked]:
    """What the intake says to a file of a sender that has its own two units."""
    source = Source.model_validate(
        {"feed": agreed.feed, "contract": agreed.version, "every": "month", "connect": {"kind": "file_drop", "glob": "a"},
         "read": {"kind": "csv"}}
    )  # fmt: skip
    units = pa.array(["X01.01", "X01.02"])
    arrived = datetime.fromisoformat(ARRIVED).replace(tzinfo=ZONE)
    context = Context(agreed, source, units, units, arrived, b"secret")
    tally = Tally()
    found = [check(batch, context) for batch in read_rows([text.encode()], request_for(source, agreed), tally)]
    assert (tally.rows, tally.counted, tally.skipped, tally.ragged, tally.absent) == (2, 2, 0, [], [])
    return found


@pytest.mark.parametrize("feed", feeds())
def test_an_example_file_is_accepted_whole(feed: str) -> None:
    text = (PROJECT / f"docs/feeds/examples/{feed}.csv").read_text(encoding="utf-8")
    (found,) = checked(contract(feed), text)
    assert (found.problems, found.passes) == ([], None)
    assert found.columns["_flags"].null_count == 2
    keys = {tuple(found.columns[name][row].as_py() for name in contract(feed).key) for row in range(2)}
    assert len(keys) == 2 and all(None not in key for key in keys)


@pytest.mark.parametrize("feed", feeds())
def test_an_example_shows_every_column_and_no_person(feed: str) -> None:
    header, full, _ = csv.reader(io.StringIO(example_csv(contract(feed))))
    stored = contract(feed).stored
    assert header == [column.vi for column in stored.values() if not column.derived]
    assert sum(map(bool, full)) >= 0.5 * len(full)
    assert all(column.example for name, column in stored.items() if column.personal)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("visit", "audit", "not_allowed"),
        ("2013-03-06", "2013-04-06", "done_in_future"),
        (",19,", ",21,", "more_cards_than_people"),
        ("planned,,", ",,", "visit_without_kind"),
        (",0,visit,,", ",7,visit,,", "visit_is_item_zero"),
        ("X01.02", "X01.09", "unknown_unit"),
    ],
)
def test_a_spoiled_example_is_not(old: str, new: str, rule: str) -> None:
    text = example_csv(contract("inspection"))
    assert old in text
    (found,) = checked(contract("inspection"), text.replace(old, new))
    assert rule in [problem.rule for problem in found.problems]


@pytest.mark.parametrize("agreed", EVERY, ids=NAMES)
def test_headers_can_be_told_apart(agreed: Contract) -> None:
    """Headers match without accents, case and spaces, so they must differ in more than that."""
    headers = [plain(column.vi) for column in agreed.columns.values()]
    assert len(set(headers)) == len(headers)
    rules = [rule.id for rule in agreed.rows]
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize("agreed", EVERY, ids=NAMES)
def test_odcs_is_what_the_standard_asks(agreed: Contract) -> None:
    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    told = yaml.safe_load(exported(agreed, "odcs"))
    jsonschema.Draft201909Validator(schema).validate(told)
    assert told == odcs(agreed)
    (table,) = told["schema"]
    assert [p["name"] for p in table["properties"] if p.get("primaryKey")] == sorted(agreed.key, key=list(agreed.columns).index)
    assert len(table["quality"]) == len(agreed.rows) + len(agreed.delivery)


def test_the_odcs_schema_can_refuse() -> None:
    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    broken = odcs(contract("staff")) | {"kind": "Contract"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(schema).validate(broken)


FIELD_TYPES = {"string", "integer", "number", "date", "datetime", "boolean"}
CONSTRAINTS = {"required", "enum", "minimum", "maximum", "maxLength", "pattern"}


@pytest.mark.parametrize("agreed", EVERY, ids=NAMES)
def test_table_schema_is_what_its_specification_asks(agreed: Contract) -> None:
    told = json.loads(exported(agreed, "table-schema"))
    assert told == json.loads(json.dumps(table_schema(agreed)))
    fields = {field["name"]: field for field in told["fields"]}
    assert set(told["primaryKey"]) <= set(fields) and len(fields) == len(told["fields"])
    assert {field["type"] for field in fields.values()} <= FIELD_TYPES
    assert {word for field in fields.values() for word in field.get("constraints", {})} <= CONSTRAINTS
    assert all(fields[name]["constraints"]["required"] for name in agreed.key)
    assert not [name for name in fields if agreed.columns[name].personal == "drop" or agreed.columns[name].derived]


def test_every_column_named_in_the_walk_is_in_a_contract() -> None:
    """docs/feeds.md says for each duty and each criterion of QĐ 766 which columns give it."""
    document = (PROJECT / "docs/feeds.md").read_text(encoding="utf-8")
    known = {f"{feed}.{column}" for feed in feeds() for column in contract(feed).stored}
    named = {name for name in re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", document) if not re.match(r"ops\.|.*\.(csv|md)$", name)}
    assert len(named) > 100
    assert sorted(named - known) == []
    assert {name.split(".")[0] for name in named} == set(feeds())
    assert all(f"feeds/{feed}.md" in document for feed in [*feeds(), *attachments()])


def test_the_walk_has_every_duty_and_every_criterion() -> None:
    document = (PROJECT / "docs/feeds.md").read_text(encoding="utf-8")
    duties = re.findall(r"^\| ((?:PLN|RPT|INS|COM|HEA|LEG|PRC|DOS|FBK|ORG|STF|TRN|FIN|MOD|ONE|SUR|IDX)-\d\d) \|", document, re.MULTILINE)
    assert len(duties) == len(set(duties)) == 61
    criteria = re.findall(r"^\| (\d\.\w+) \|", document, re.MULTILINE)
    assert len(criteria) == len(set(criteria)) == 21
