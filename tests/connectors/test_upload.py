"""Files handed in: whole or not at all, under a plain name, taken in once and then gone from the inbox."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cchc.clock import ZONE
from cchc.connectors.gather import gathered
from cchc.connectors.sources import Source, Upload
from cchc.connectors.upload import hand_in, inbox_of, offered
from cchc.errors import CchcError, ConfigError, DataError
from cchc.settings import Settings

MOMENT = datetime(2013, 12, 31, 8, 0, 0, 5, tzinfo=ZONE)
LATER = MOMENT + timedelta(hours=1)
SOURCE = "thu-nghiem/so-mot/hồ sơ"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def give(home: Settings, name: str, content: bytes = b"a,b\n", megabytes: int = 1, moment: datetime = MOMENT) -> str:
    return hand_in(home, SOURCE, Upload(kind="upload", megabytes=megabytes), name, io.BytesIO(content), moment).name


def test_what_is_handed_in_is_offered_once_with_its_moment(home: Settings) -> None:
    name = give(home, "Hồ sơ tháng 12.csv")
    assert name == "2013-12-31T080000.000005_Hồ sơ tháng 12.csv"
    found = offered(home, SOURCE, LATER)
    assert [(offer.name, offer.arrived_at, offer.size, offer.path.read_bytes()) for offer in found] == [(name, MOMENT, 4, b"a,b\n")]
    assert offered(home, SOURCE, MOMENT - timedelta(seconds=1)) == []
    assert found[0].path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "a/b.csv", "a\\b.csv", "", ".", "..", ".a.csv", "~$a.xlsx", "a.csv.part", "a\0.csv", "a\n.csv", "\ud800.csv", "á" * 200],
)
def test_a_name_that_is_a_path_or_odd_is_refused(home: Settings, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        give(home, name)
    assert str(caught.value).isprintable()
    assert not inbox_of(home, SOURCE).exists()


def test_a_file_above_the_limit_or_empty_or_broken_off_leaves_nothing(home: Settings) -> None:
    class BreaksOff(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("connection reset")
            return super().read(10)

    for content in (b"x" * (1 << 20) + b"x", b""):
        with pytest.raises(DataError):
            give(home, "a.csv", content)
    with pytest.raises(OSError, match="reset"):
        hand_in(home, SOURCE, Upload(kind="upload"), "a.csv", BreaksOff(b"x" * 100), MOMENT)
    assert list(inbox_of(home, SOURCE).iterdir()) == []


@pytest.fixture
def source() -> Source:
    return Source(feed="dossier_log", every="day", connect={"kind": "upload"}, read={"kind": "csv"})  # type: ignore[arg-type]


def test_an_intake_that_ends_well_removes_what_it_took_and_a_broken_one_keeps_it(home: Settings, source: Source) -> None:
    give(home, "a.csv")
    give(home, "b.csv", moment=LATER)
    with pytest.raises(CchcError), gathered(home, SOURCE, source, set(), None, MOMENT) as found:
        raise CchcError("the database is gone")
    assert len(list(inbox_of(home, SOURCE).iterdir())) == 2
    with gathered(home, SOURCE, source, set(), None, MOMENT) as found:
        assert [offer.name.partition("_")[2] for offer in found.offers] == ["a.csv"]
    assert [path.name.partition("_")[2] for path in inbox_of(home, SOURCE).iterdir()] == ["b.csv"]


def test_what_was_decided_before_a_kill_is_not_offered_again(home: Settings, source: Source) -> None:
    give(home, "a.csv")
    seen = {(offer.name, offer.size, offer.modified_at) for offer in offered(home, SOURCE, LATER)}
    with gathered(home, SOURCE, source, seen, None, LATER) as found:
        assert found.offers == []
    assert list(inbox_of(home, SOURCE).iterdir()) == []


@pytest.fixture(autouse=True)
def _no_leftovers(home: Settings) -> Iterator[None]:
    yield
    assert list(home.home.rglob(".*.part")) == []
