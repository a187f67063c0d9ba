"""The HTTP connector against a real server: paging, logins, retries, limits, and all records or none."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from api_server import Api, serving
from pydantic import ValidationError

from cchc.connectors.address import safe_address
from cchc.connectors.http_api import Api as FetchingApi
from cchc.connectors.http_api import fetch
from cchc.connectors.http_model import HttpApi
from cchc.connectors.links import Links
from cchc.errors import CchcError, ConfigError, UnreachableError

RECORDS = [{"Mã": f"hồ sơ {k}", "Phí": 1.10 + k, "updated": f"2013-01-{k + 1:02d}"} for k in range(11)]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr("cchc.connectors.again.FIRST_WAIT", 0.01)
    with serving(RECORDS) as served:
        yield served


def ask(api: Api, path: str, tmp_path: Path, since: datetime | None = None, **more: Any) -> list[dict]:
    declared = {"kind": "http", "url": api.url + path, "records": "data.items", "allow_private": True, "timeout_seconds": 0.5}
    target = tmp_path / "records.jsonl"
    fetched = fetch(HttpApi.model_validate(declared | more), since, target)
    found = [json.loads(line) for line in target.read_text().splitlines()]
    assert fetched == len(found)
    return found


INSIDE = ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "192.168.0.1", "0.0.0.0", "2130706433", "224.0.0.1",
          "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]"]  # fmt: skip
PAGINGS = [
    ("/numbered", {"kind": "page", "size_param": "limit", "size": 4}),
    ("/offset", {"kind": "offset", "size": 3}),
    ("/cursor", {"kind": "cursor", "next": "meta.next"}),
    ("/link", {"kind": "cursor", "next": "meta.next"}),
    ("/short", {"kind": "offset", "size": 4}),
]


@pytest.mark.parametrize(("path", "paging"), PAGINGS)
def test_every_kind_of_paging_brings_every_record_once(api: Api, tmp_path: Path, path: str, paging: dict) -> None:
    assert ask(api, path, tmp_path, paging=paging, count="meta.total") == RECORDS


def test_numbers_keep_the_digits_that_came(api: Api, tmp_path: Path) -> None:
    api.records = [{"Phí": 0.1, "Số": 12345678901234567890}]
    ask(api, "/numbered", tmp_path)
    assert (tmp_path / "records.jsonl").read_text() == '{"Phí": 0.1, "Số": 12345678901234567890}\n'


@pytest.mark.parametrize("fault", ["busy", "error", "dropped", "truncated", "stalling"])
def test_a_passing_fault_is_asked_again(api: Api, tmp_path: Path, fault: str) -> None:
    api.faults["/numbered"] = [fault]
    assert ask(api, "/numbered", tmp_path, paging={"kind": "page"}, count="meta.total") == RECORDS


@pytest.mark.parametrize("fault", ["error", "dropped", "truncated"])
def test_a_lasting_fault_is_told_and_bounded(api: Api, tmp_path: Path, fault: str) -> None:
    api.faults["/numbered"] = [fault] * 99
    with pytest.raises(UnreachableError, match="5 times"):
        ask(api, "/numbered", tmp_path)
    assert len(api.asked) == 5


@pytest.mark.parametrize("fault", ["forbidden", "elsewhere", "nested", "doubled"])
def test_what_trying_again_can_not_mend_is_asked_once(api: Api, tmp_path: Path, fault: str) -> None:
    api.faults["/numbered"] = [fault] * 99
    with pytest.raises(ConfigError):
        ask(api, "/numbered", tmp_path)
    assert len(api.asked) == 1


@pytest.mark.parametrize("off", [1, -1])
def test_a_fetch_that_differs_from_the_sources_own_count_takes_nothing(api: Api, tmp_path: Path, off: int) -> None:
    api.count_off = off
    with pytest.raises(UnreachableError, match="the source counts"):
        ask(api, "/numbered", tmp_path, paging={"kind": "page"}, count="meta.total")


def test_a_cursor_that_turns_in_circles_is_noticed(api: Api, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="twice"):
        ask(api, "/loop", tmp_path, paging={"kind": "cursor", "next": "meta.next"})


@pytest.mark.parametrize(("auth", "header"), [("bearer", "Bearer bí-mật"), ("basic", "Basic c8O0Okhvw6A=")])
def test_logins_come_from_the_connection_only(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: str, header: str
) -> None:  # fmt: skip
    secret = {"bearer": "http://:b%C3%AD-m%E1%BA%ADt@host", "basic": "http://s%C3%B4:Ho%C3%A0@host"}[auth]
    monkeypatch.setenv("AIRFLOW_CONN_SO_Y_TE", secret)
    ask(api, "/numbered", tmp_path, auth=auth, connection="so-y-te")
    sent = api.asked[0][2]["Authorization"]
    assert sent.encode("latin-1").decode() == header if auth == "bearer" else sent == header


def test_only_what_changed_is_asked_for(api: Api, tmp_path: Path) -> None:
    since = datetime(2013, 1, 9, tzinfo=timezone(timedelta(hours=7)))
    found = ask(api, "/numbered", tmp_path, since, paging={"kind": "page"}, count="meta.total", watermark={"param": "since"})
    assert [record["updated"] for record in found] == ["2013-01-10", "2013-01-11"]


def test_a_limit_of_bytes_and_of_time(api: Api, tmp_path: Path) -> None:
    api.records = [{"a": "x" * 3_000_000}]
    with pytest.raises(ConfigError, match="more than 1 MB"):
        ask(api, "/numbered", tmp_path, megabytes=1)
    api.faults["/numbered"] = ["stalling"] * 99
    with pytest.raises(CchcError):
        ask(api, "/numbered", tmp_path, minutes=0.01)


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_of_this_machine_or_a_private_net_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(CchcError, match=r"private net|not known"):
        fetch(HttpApi(kind="http", url=f"http://{host}:9/x"), None, tmp_path / "x")


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was judged is the one in the request; a name of which one address is private is refused whole."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 0)) for address in answers.pop(0)])
    asked = FetchingApi(HttpApi(kind="http", url="http://rebinding.test/x"), Links())._request("http://rebinding.test/x", {})
    assert (asked.url.host, asked.headers["Host"]) == ("93.184.216.34", "rebinding.test")
    for _ in range(2):
        with pytest.raises(ConfigError, match="private net"):
            safe_address("rebinding.test", 80, allow_private=False)


def test_a_lone_surrogate_is_kept_as_it_came(api: Api, tmp_path: Path) -> None:
    api.records = [{"Mã": "\ud800"}]
    ask(api, "/numbered", tmp_path)
    assert (tmp_path / "records.jsonl").read_text() == '{"Mã": "\\ud800"}\n'


def test_a_redirect_is_not_followed_even_where_private_is_allowed(api: Api, tmp_path: Path) -> None:
    api.faults["/numbered"] = ["elsewhere"]
    with pytest.raises(ConfigError, match="302"):
        ask(api, "/numbered", tmp_path)


def test_a_next_page_on_another_host_is_not_asked(api: Api, tmp_path: Path) -> None:
    api.url = "http://example.invalid"
    with pytest.raises(ConfigError, match=r"only the declared host|sends us on"):
        fetch(HttpApi(kind="http", url=f"http://127.0.0.1:{_port(api)}/link", records="data.items", allow_private=True,
                      paging={"kind": "cursor", "next": "meta.next"}), None, tmp_path / "x")  # type: ignore[arg-type]  # fmt: skip


def _port(api: Api) -> int:
    return api.port


@pytest.mark.parametrize("url", ["ftp://x/y", "http://me:secret@host/x", "file:///etc/passwd", "http:///x"])
def test_a_url_holds_no_login_and_no_other_scheme(url: str) -> None:
    with pytest.raises(ValidationError):
        HttpApi(kind="http", url=url)
