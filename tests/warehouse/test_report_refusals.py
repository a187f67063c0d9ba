"""What can't be printed is refused with the reason and the way out, before a file is touched."""

import json
from decimal import Decimal

import pytest

import report_sample
from cchc.errors import ConfigError, DataError, UnreachableError
from cchc.reports import reading, run
from cchc.reports.run import print_report
from cchc.warehouse.connect import connect
from report_sample import PERIOD, config_fixture, drafts, notes, warehouse_fixture, write_release  # noqa: F401


@pytest.fixture
def released(config):
    write_release(config.province.name)
    return config


def nothing_was_written(config) -> bool:
    return not (config.home / "reports").exists() and drafts(config) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"period": "2013Q4"}, "2013-Q4"),
        ({"period": "../2013"}, "no period code"),
        ({"period": "2013-Q2"}, "not in the calendar"),
        ({"period": "2013-Q3"}, "holds no figure of period 2013-Q3"),
        ({"period": PERIOD, "scope": "H99"}, "unit H99 is not in release"),
        ({"period": PERIOD, "scope": "H52.31.01"}, "no figure of unit H52.31.01"),
        ({"period": PERIOD, "release_id": "no.such.1"}, "release no.such.1"),
    ],
)
def test_what_the_release_does_not_have_is_refused(released, asked, says):
    with pytest.raises(DataError, match=says):
        print_report(released, **asked)
    assert nothing_was_written(released)


def test_a_province_without_a_release_says_how_to_make_one(config):
    with pytest.raises(DataError, match="cchc run nightly"):
        print_report(config, PERIOD)


def test_an_unknown_format_is_refused(released):
    with pytest.raises(ConfigError, match="odt"):
        print_report(released, PERIOD, formats=("pdf", "odt"))
    assert nothing_was_written(released)


def test_another_province_s_release_is_not_printed(config):
    write_release(f"khac-{config.province.name}")
    with pytest.raises(DataError, match="province thu-nghiem"):
        print_report(config, PERIOD, release_id=f"khac-{config.province.name}.2013-12-31.1")


@pytest.mark.parametrize("key", list(notes()))
def test_notes_that_lack_a_key_are_refused_by_name(config, key):
    words = notes()
    del words[key]
    write_release(config.province.name, notes=json.dumps(words))
    with pytest.raises(DataError, match=key):
        print_report(config, PERIOD)


def test_a_measure_or_duty_without_words_is_refused_not_printed_by_its_id(config):
    words = notes()
    del words["measures"]["on_time_rate@1"]
    write_release(config.province.name, notes=json.dumps(words))
    with pytest.raises(DataError, match=r"measures\.on_time_rate@1"):
        print_report(config, PERIOD)
    words = notes()
    del words["obligations"]["DOS-01"]
    write_release(config.province.name, 2, notes=json.dumps(words))
    with pytest.raises(DataError, match=r"obligations\.DOS-01"):
        print_report(config, PERIOD)


@pytest.mark.parametrize("mart", ["compliance", "index_unit"])
def test_a_release_that_says_two_things_is_refused(config, monkeypatch, mart):
    rows = report_sample.marts_of_release()
    if mart == "compliance":
        rows["compliance", PERIOD][0]["value"] = Decimal("0.9")
    else:
        rows["index_unit", "2013"][0]["percent"] = Decimal(12)
    monkeypatch.setattr(report_sample, "marts_of_release", lambda: rows)
    write_release(config.province.name)
    with pytest.raises(DataError, match=r"but that figure is|is not 12 %"):
        print_report(config, PERIOD)
    assert nothing_was_written(config)


def test_the_newest_release_is_taken_by_its_as_of(released):
    from datetime import UTC, datetime

    write_release(released.province.name, 9, as_of=datetime(2013, 12, 1, tzinfo=UTC), created_at=datetime(2014, 6, 1, tzinfo=UTC))
    (path,) = print_report(released, PERIOD, formats=("json",))
    assert json.loads(path.read_bytes())["release"]["release_id"] == f"{released.province.name}.2013-12-31.1"


def test_figures_are_read_as_the_reader_of_releases_alone(released, monkeypatch):
    asked: list[str] = []

    def listening(role):
        asked.append(role)
        return connect(role)

    monkeypatch.setattr(reading, "connect", listening)
    monkeypatch.setattr(run, "connect", listening)
    print_report(released, PERIOD, formats=("json",))
    assert asked == ["cchc_reader", "cchc_transformer"]


def test_a_folder_that_cannot_be_written_is_told_and_leaves_no_draft(released, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnreachableError, match="--out"):
        print_report(released, PERIOD, out=tmp_path / "file")
    assert nothing_was_written(released)


def test_files_lie_by_period_and_scope(released, tmp_path):
    whole = print_report(released, PERIOD, out=tmp_path, formats=("json", "pdf"))
    unit = print_report(released, PERIOD, scope="H52.02", out=tmp_path, formats=("json",))
    assert [str(path.relative_to(tmp_path)) for path in (*whole, *unit)] == [
        f"2013-Q4/{released.province.name}/bao-cao-2013-Q4.json",
        f"2013-Q4/{released.province.name}/bao-cao-2013-Q4.pdf",
        "2013-Q4/h52-02/bao-cao-2013-Q4.json",
    ]
