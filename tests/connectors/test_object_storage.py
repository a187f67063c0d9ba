"""The object storage connector against a real store: new objects whole, once, and nothing half listed or half read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from store_server import BUCKET, KEY, SECRET, Road, Store, road_to, storing

from cchc.clock import ZONE
from cchc.connectors.gather import gathered
from cchc.connectors.object_model import ObjectStorage
from cchc.connectors.object_storage import fetched
from cchc.connectors.offers import Found, Offered
from cchc.connectors.sources import Source
from cchc.errors import CchcError, ConfigError, UnreachableError
from cchc.settings import Settings

AS_OF = datetime(2090, 1, 1, tzinfo=ZONE)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with storing(tmp_path_factory.mktemp("store")) as served:
        yield served


@pytest.fixture
def store(one_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("AIRFLOW_CONN_KHO", f"aws://{KEY}:b%C3%AD-m%E1%BA%ADt@")
    monkeypatch.setattr("cchc.connectors.again.FIRST_WAIT", 0.01)
    assert SECRET == "bí-mật"
    one_store.empty()
    return one_store


@pytest.fixture
def road(store: Store) -> Iterator[Road]:
    with road_to(store) as begun:
        yield begun


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[[], Path]:
    count = iter(range(1000))
    return lambda: tmp_path / f"scratch-{next(count)}"


def ask(at: Store | Road, scratch: Callable[[], Path], seen: set | None = None, **more: Any) -> Found:
    base = {"kind": "object_storage", "endpoint": at.url, "connection": "kho", "bucket": BUCKET, "allow_private": True}
    return fetched(ObjectStorage.model_validate(base | {"timeout_seconds": 0.5} | more), seen or set(), AS_OF, scratch)


def contents(offers: list[Offered]) -> dict[str, bytes]:
    return {offer.name: offer.path.read_bytes() for offer in offers}


def test_new_objects_come_whole_and_what_was_seen_stays(store: Store, scratch: Callable[[], Path]) -> None:
    for key in ("gui/2013/a.csv", "gui/b.csv", "gui/b.txt", "gui/.c.csv", "gui/d.csv.part", "khac/e.csv"):
        store.put(key, key.encode() * 200_000)
    first = ask(store, scratch, prefix="gui/", glob="**/*.csv")
    assert contents(first.offers) == {key: key.encode() * 200_000 for key in ("gui/2013/a.csv", "gui/b.csv")}
    assert [offer.name for offer in ask(store, scratch, prefix="gui/", glob="*.csv").offers] == ["gui/b.csv"]
    store.put("gui/b.csv", b"corrected")
    seen = {(offer.name, offer.size, offer.modified_at) for offer in first.offers}
    assert contents(ask(store, scratch, seen, prefix="gui/", glob="**/*.csv").offers) == {"gui/b.csv": b"corrected"}


def test_an_intake_gathers_objects_into_files_without_a_name(store: Store, tmp_path: Path) -> None:
    store.put("gui/a.csv", b"a")
    where = {
        "kind": "object_storage",
        "endpoint": store.url,
        "connection": "kho",
        "bucket": BUCKET,
        "prefix": "gui/",
        "allow_private": True,
    }
    source = Source.model_validate({"feed": "dossier_log", "every": "day", "connect": where, "read": {"kind": "csv"}})
    with gathered(Settings(home=tmp_path), "tinh/so/nguon", source, set(), None, AS_OF) as found:
        assert contents(found.offers) == {"gui/a.csv": b"a"}
        assert list(tmp_path.iterdir()) == []


def test_a_listing_goes_to_its_last_page(store: Store, scratch: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    for number in range(5):
        store.put(f"gui/{number}.csv", b"x")
    whole = S3FileSystem._call_s3

    async def by_two(self: S3FileSystem, method: str, *akwarglist: dict, **kwargs: Any) -> Any:
        return await whole(self, method, *akwarglist, **kwargs, **({"MaxKeys": 2} if method == "list_objects_v2" else {}))

    monkeypatch.setattr(S3FileSystem, "_call_s3", by_two)
    assert [offer.name for offer in ask(store, scratch, prefix="gui/").offers] == [f"gui/{number}.csv" for number in range(5)]


@pytest.mark.parametrize("fault", ["half_listed", "miscounted"])
def test_a_listing_that_is_not_whole_takes_nothing(store: Store, road: Road, scratch: Callable[[], Path], fault: str) -> None:
    store.put("gui/a.csv", b"a")
    store.put("gui/b.csv", b"b")
    road.faults["list-type"] = [fault]
    with pytest.raises(UnreachableError, match="not whole"):
        ask(road, scratch)


@pytest.mark.parametrize("fault", ["busy", "slow_down", "error", "dropped", "truncated", "stalling"])
def test_a_passing_fault_of_listing_or_object_is_asked_again(store: Store, road: Road, scratch: Callable[[], Path], fault: str) -> None:
    store.put("gui/a.csv", b"a" * 100_000)
    road.faults = {"list-type": [fault], "a.csv": [fault]}
    assert contents(ask(road, scratch).offers) == {"gui/a.csv": b"a" * 100_000}
    assert road.asked == {"list-type": 2, "a.csv": 2}


@pytest.mark.parametrize("fault", ["error", "truncated"])
def test_a_lasting_fault_is_told_and_bounded(store: Store, road: Road, scratch: Callable[[], Path], fault: str) -> None:
    store.put("gui/a.csv", b"a" * 100_000)
    road.faults["a.csv"] = [fault] * 99
    with pytest.raises(UnreachableError, match="5 times"):
        ask(road, scratch)
    assert road.asked["a.csv"] == 5


@pytest.mark.parametrize("fault", ["elsewhere", "to_a_name"])
def test_a_redirect_leads_nowhere(store: Store, road: Road, scratch: Callable[[], Path], fault: str) -> None:
    road.faults["list-type"] = [fault] * 99
    with pytest.raises(ConfigError, match="only the declared host"):
        ask(road, scratch)
    assert road.asked["list-type"] == 1


def test_a_store_that_answers_nothing_is_left_in_time(store: Store, road: Road, scratch: Callable[[], Path]) -> None:
    road.faults["list-type"] = ["stalling"] * 99
    with pytest.raises(UnreachableError, match="took longer"):
        ask(road, scratch, minutes=0.01)


def test_what_stands_in_the_way_is_named(store: Store, scratch: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="bucket"):
        ask(store, scratch, bucket="nowhere")
    monkeypatch.setenv("AIRFLOW_CONN_KHO", f"aws://{KEY}:wrong@")
    with pytest.raises(ConfigError, match="refuses our login") as caught:
        ask(store, scratch)
    assert "wrong" not in str(caught.value)
    with pytest.raises(ConfigError, match="private net"):
        ask(store, scratch, allow_private=False)


def test_names_that_lead_elsewhere_are_left_and_told_and_the_rest_is_taken(
    store: Store, road: Road, scratch: Callable[[], Path]
) -> None:  # fmt: skip
    for key in ("gui/bad.csv", "gui/\x07.csv", "gui/good.csv"):
        store.put(key, b"x")
    road.faults["list-type"] = ["lying"]
    found = ask(road, scratch, prefix="gui/")
    assert [offer.name for offer in found.offers] == ["gui/good.csv"]
    assert [word in " ".join(found.left) for word in ("../../bad.csv", r"\x07.csv")] == [True, True]


def test_a_bucket_beyond_the_limit_is_not_fetched(store: Store, scratch: Callable[[], Path]) -> None:
    store.put("gui/a.csv", b"x" * 2_000_000)
    with pytest.raises(ConfigError, match="more than 1 MB"):
        ask(store, scratch, megabytes=1)


def test_an_object_that_is_put_anew_meanwhile_is_left_for_the_next_time(store: Store, road: Road, scratch: Callable[[], Path]) -> None:
    store.put("gui/a.csv", b"a")
    answer = road.fault

    def renewed(path: str) -> str:
        if path.endswith("a.csv"):
            store.put("gui/a.csv", b"b")
        return answer(path)

    road.fault = renewed  # type: ignore[method-assign]
    with pytest.raises(UnreachableError, match="changed while"):
        ask(road, scratch)


@pytest.mark.parametrize("wrong", [{"endpoint": "http://me:secret@host"}, {"endpoint": "file:///x"}, {"bucket": "../x"}, {"bucket": "A_B"}])
def test_no_login_in_an_endpoint_and_no_path_in_a_bucket(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        ObjectStorage.model_validate({"kind": "object_storage", "endpoint": "https://kho", "connection": "x", "bucket": "abc"} | wrong)


def test_errors_are_ours(store: Store, scratch: Callable[[], Path]) -> None:
    with pytest.raises(CchcError):
        ask(store, scratch, endpoint="http://127.0.0.1:9")
