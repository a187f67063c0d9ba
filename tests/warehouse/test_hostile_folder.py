"""A drop folder with every hostile file there is, and one good file of each format: the good ones come in, nothing is lost."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from cchc.clock import now
from cchc.intake.reference import load_reference
from cchc.intake.run import IngestResult, ingest_sender
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from hostile_files import CODE, FEE, GOOD, HOSTILE, OPTIONS
from province import write_reference

SOURCE = """\
  {kind}:
    feed: dossier_log
    every: day
    connect: {{kind: file_drop, glob: "so-mot/{kind}/*"}}
    read: {read}
    columns: {{dossier_code: "{code}", fee_due: "{fee}"}}
    constants: {{agency_code: X01.01, received_at: "2013-01-02T08:00"}}
"""


@pytest.fixture
def folder(config: Settings) -> Path:
    write_reference(config.province)
    load_reference(config)
    text = "sender: X01.01\nsynthetic: true\nsources:\n"
    for kind, options in OPTIONS.items():
        text += SOURCE.format(kind=kind, read=json.dumps({"kind": kind} | options), code=CODE, fee=FEE)
        (config.inbox_path / "so-mot" / kind).mkdir(parents=True)
    (config.province / "sources/so-mot.yaml").write_text(text, encoding="utf-8")
    return config.inbox_path / "so-mot"


@pytest.fixture
def written(folder: Path, config: Settings) -> Iterator[dict[str, str]]:
    """Every file in its place: name → its hash."""
    hashes = {}
    for name, hostile in HOSTILE.items():
        content = hostile.make()
        (folder / hostile.kind / name).write_bytes(content)
        hashes[f"so-mot/{hostile.kind}/{name}"] = sha256(content).hexdigest()
    for kind, make in GOOD.items():
        (folder / kind / "good").write_bytes(make())
    (folder / "csv/a link").symlink_to(config.home / "keys")
    (folder / "csv/another link").symlink_to("/etc/passwd")
    (folder / "csv/bell\x07").write_bytes(b"x")
    yield hashes


@pytest.fixture
def taken(config: Settings, written: dict[str, str]) -> IngestResult:
    return ingest_sender(config, config.province / "sources/so-mot.yaml", now())


def rows(query: str, *values: object) -> list[tuple]:
    with connect(LOADER) as connection:
        return connection.execute(query, values).fetchall()  # type: ignore[arg-type]


def test_the_good_come_in_the_hostile_are_refused_one_by_one_and_nothing_is_lost(
    config: Settings, written: dict[str, str], taken: IngestResult
) -> None:  # fmt: skip
    decided = {name: (status, rule) for name, status, rule in rows("select name, status, reason_rule from ops.delivery")}
    for name, hostile in HOSTILE.items():
        status, rule = decided[f"so-mot/{hostile.kind}/{name}"]
        if hostile.rule:
            assert (status, rule) == ("refused", hostile.rule), name
    assert {decided[f"so-mot/{kind}/good"][0] for kind in GOOD} == {"accepted"}
    assert len(taken.deliveries) == len(decided) == len(HOSTILE) + len(GOOD)
    kept = dict(rows("select name, sha256 from ops.delivery"))
    assert {name: kept[name] for name in written} == written
    small = next(name for name in written if "NaN" in name)
    assert sha256(b"".join(ByteStore(config).read(kept[small]))).hexdigest() == written[small]

    assert list(taken.failures) == [f"{config.province.name}/so-mot/csv"], "what was left is told, and only by its own source"
    assert [word in str(taken.failures) for word in ("a link", "another link", r"bell\\x07")] == [True, True, True]

    balance = "rows_read = rows_accepted + rows_unchanged + rows_quarantined + rows_skipped"
    assert rows(f"select name from ops.delivery where status = 'accepted' and not ({balance})") == []
    query = "select d.name, q.rule from quarantine.row q join ops.delivery d using (delivery_id)"
    assert {(name.rpartition("/")[2], rule) for name, rule in rows(query)} >= {
        ("NUL", "control_character"), ("1e999", "bad_number"),
        ("a JSON line of 100,000 levels", "ragged_row"), ("half a pair of signs in a line", "ragged_row"),
    }  # fmt: skip
    formula = "select dossier_code from accepted.dossier_log where dossier_code like '=%%'"
    assert rows(formula) == [("=cmd|' /C calc'!A0",)], "text stays text, and no SQL of a header was run"
