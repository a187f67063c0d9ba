"""The generator: the same bytes every time, nothing done twice, the published totals in the files, codes that fit together."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from demo_files import PROVINCE, files, made_once, rows, senders

from cchc.connectors.sources import Source
from cchc.contracts import contract
from cchc.demo import DEFECTS, generate
from cchc.demo.facts import (
    CIVIL_SERVANTS,
    DESK_POSTS,
    FIRST_DAY,
    ISO_BODIES,
    LAST_DAY,
    NO_SHOP_BUT_DESK,
    NOBODY_AT_DESK,
    ONE_STOP_BODIES,
    PORTAL_SINCE,
    PUBLIC_EMPLOYEES,
)
from cchc.demo.province import Province
from cchc.demo.reports import MISPRINTS

END_OF_2013 = "2013-12-31T2359"
CUT_OFF = "2013-12-31"
UNITS = {row["agency_code"]: row for row in Province(PROVINCE).reference("unit")}
YES = ("có", "True")
BAD = {(d.body, d.file) for d in DEFECTS if d.status in ("refused", "held")}


def newest(inbox: Path, feed: str) -> dict[str, list[dict]]:
    """Each sender's newest good file of `feed` up to the end of 2013, as rows."""
    found = {}
    for slug, sender in senders().items():
        for source in (s for s in sender.sources.values() if s.feed == feed):
            good = [p for p in files(inbox, source, END_OF_2013) if (p.parts[-3], p.name) not in BAD]
            if good:
                found[slug] = rows(good[-1], source)
    return found


def tree(folder: Path) -> str:
    """A hash over names, bytes and modification times of all files that senders send."""
    total = sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        total.update(f"{path.relative_to(folder)} {path.stat().st_mtime_ns} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def test_two_runs_give_the_same_tree(demo_inbox: Path, second_inbox: Path):
    assert tree(second_inbox) == tree(demo_inbox)


def test_the_tree_has_the_promised_size(demo_inbox: Path):
    summary = generate(demo_inbox, PROVINCE)
    here = [p for p in demo_inbox.rglob("*") if p.is_file() and not p.name.startswith(".")]
    assert summary["files"] == len(here)
    assert summary["bytes"] == sum(p.stat().st_size for p in here)
    assert summary["bytes"] < 90_000_000
    stamps = [p.parent.name for p in here]
    assert min(stamps)[:10] == FIRST_DAY.isoformat()
    assert max(stamps)[:10] == LAST_DAY.isoformat()


def test_a_second_call_touches_nothing(demo_inbox: Path):
    before = {p: p.stat() for p in demo_inbox.rglob("*") if p.is_file()}
    generate(demo_inbox, PROVINCE)
    after = {p: p.stat() for p in demo_inbox.rglob("*") if p.is_file()}
    assert {p: (s.st_ino, s.st_mtime_ns) for p, s in after.items()} == {p: (s.st_ino, s.st_mtime_ns) for p, s in before.items()}


def test_files_of_another_province_folder_are_replaced(tmp_path: Path):
    province = small_province(tmp_path)
    inbox = tmp_path / "inbox"
    generate(inbox, province)
    (province / "sources/so-noi-vu.yaml").unlink()
    generate(inbox, province)
    assert not list(inbox.glob("so-noi-vu/*/*"))
    assert list(inbox.glob("ban-dan-toc/*/*"))


def small_province(folder: Path) -> Path:
    """The province folder with two senders only."""
    province = folder / "son-la"
    (province / "sources").mkdir(parents=True)
    (province / "reference").symlink_to(PROVINCE / "reference")
    for slug in ("so-noi-vu", "ban-dan-toc"):
        (province / f"sources/{slug}.yaml").write_bytes((PROVINCE / f"sources/{slug}.yaml").read_bytes())
    return province


def test_staff_in_post_on_31_12_2013_are_the_published_ones(demo_inbox: Path):
    count: Counter = Counter()
    for people in newest(demo_inbox, "staff").values():
        for person in people:
            left = person["in_post_to"]
            if iso(person["in_post_from"]) <= CUT_OFF and (left is None or iso(left) > CUT_OFF):
                count[person["kind"], UNITS[person["agency_code"]]["level"]] += 1
    expected = {("civil_servant", level): n for level, n in CIVIL_SERVANTS.items()}
    assert count == expected | {("public_employee", level): n for level, n in PUBLIC_EMPLOYEES.items()}
    assert sum(CIVIL_SERVANTS.values()) == 7209
    assert sum(PUBLIC_EMPLOYEES.values()) == 30027


def test_most_people_fit_their_post_and_some_do_not(demo_inbox: Path):
    """Registers follow version 2; bodies whose plan is finished have nobody who does not fit, no body has nobody who does."""
    assert {s.contract for sender in senders().values() for s in sender.sources.values() if s.feed == "staff"} == {2}
    unfit, everyone = {}, 0.0
    for slug, people in newest(demo_inbox, "staff").items():
        known = [(p["rank_fits"], p["qualification_fits"]) for p in people if p["rank_fits"] and p["qualification_fits"]]
        assert 0.95 < len(known) / len(people) <= 1
        unfit[slug] = sum("không" in fits or "False" in fits for fits in known) / len(known)
        everyone += len(known) * unfit[slug]
    assert 3 <= sum(share == 0 for share in unfit.values()) <= 10
    assert max(unfit.values()) < 0.3
    assert 0.02 < everyone / (7209 + 30027) < 0.1


def test_the_desks_of_one_stop_shops_have_people_but_where_planted(demo_inbox: Path):
    at_desk = Counter(p["agency_code"] for people in newest(demo_inbox, "staff").values() for p in people if p["at_one_stop"] in YES)
    shops = {s["agency_code"] for part in newest(demo_inbox, "organisation").values() for s in part if s["one_stop_since"]}
    assert shops - set(at_desk) == NOBODY_AT_DESK < shops
    assert set(at_desk) - shops == NO_SHOP_BUT_DESK
    exact = [unit for unit in shops if at_desk[unit] == DESK_POSTS[UNITS[unit]["kind"]]]
    assert 0.85 * len(shops) < len(exact) < len(shops)


def test_a_register_tells_nothing_that_has_not_happened_yet_and_keeps_what_did(demo_inbox: Path):
    """Reviews of December come with the year's last register, each with its own publication; people who left stay, with why."""
    for slug in ("so-noi-vu", "so-tai-nguyen-moi-truong", "huyen-van-ho"):
        source = senders()[slug].sources["staff"]
        days = [name for name, column in contract("staff", 2).columns.items() if column.type == "date"]
        for path in files(demo_inbox, source, END_OF_2013):
            told = rows(path, source)
            assert max(iso(row[day]) for row in told for day in days if row[day]) <= path.parent.name[:10]
            assert all((row["left_as"] is None) == (row["in_post_to"] is None) for row in told)
            assert all(iso(row["review_published_on"]) >= iso(row["reviewed_on"]) for row in told if row["review_published_on"])
        reviewed = [row for row in told if row["reviewed_on"] and iso(row["reviewed_on"]) > "2013-12-01"]
        assert len(reviewed) > 0.75 * len(told)
        assert any(row["review_published_on"] for row in reviewed) is (slug == "so-noi-vu"), "where work lags, they publish in January"


def test_one_stop_shops_and_portals_are_the_published_ones(demo_inbox: Path):
    statements = [row for part in newest(demo_inbox, "organisation").values() for row in part]
    assert len(statements) == len(UNITS) - 1  # every unit but the province itself
    shops = Counter(UNITS[s["agency_code"]]["kind"] for s in statements if s["one_stop_since"])
    assert shops == ONE_STOP_BODIES == {"department": 17, "district": 11, "commune": 198}
    portals = {UNITS[s["agency_code"]]["name_vi"] for s in statements if s["portal_since"]}
    assert portals == {
        "Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Y tế", "Sở Giao thông vận tải", "Sở Nội vụ",
        "Sở Thông tin và Truyền thông", "UBND huyện Thuận Châu", "UBND huyện Mộc Châu",
    }  # fmt: skip
    assert len(PORTAL_SINCE) > 8, "one more comes after 2013, so the date counts"


def test_autonomy_classes_certificates_and_mail_are_the_published_ones(demo_inbox: Path):
    """SL-152 §I.2: 285 agencies, 389 units, 31 certificates of ISO 9001, 64 classes with 4,559 learners, over 80 % with e-mail."""
    bodies = [row for row in newest(demo_inbox, "finance_autonomy")["ubnd-tinh"] if row["record"] == "body" and row["autonomous_since"]]
    kinds = Counter((row["body_kind"] == "agency", row["level"]) for row in bodies)
    assert kinds == {(True, "province"): 42, (True, "district"): 243, (False, "province"): 119, (False, "district"): 270}
    statements = [row for part in newest(demo_inbox, "organisation").values() for row in part]
    certified = [s for s in statements if s["iso_certified_on"] and iso(s["iso_certified_on"]) <= CUT_OFF <= iso(s["iso_valid_to"])]
    assert len(certified) == ISO_BODIES == 31
    classes = {row["class_code"]: row for path, source in told("training", demo_inbox) for row in rows(path, source)}
    held = [row for row in classes.values() if row["closed_on"] and iso(row["closed_on"])[:4] == "2013"]
    assert (len(held), sum(int(row["learners"]) for row in held)) == (64, 4559)
    december = [row for row in newest(demo_inbox, "edocument_usage")["ubnd-tinh"] if row["period"] == "2013-12"]
    assert sum(int(row["mailboxes_active"]) for row in december) > 0.8 * sum(int(row["staff"]) for row in december)
    assert Counter(row["portal_works"] for row in december) == {"True": 8, "False": 22}


def told(feed: str, inbox: Path) -> list[tuple[Path, Source]]:
    """All files of `feed` that UBND tỉnh sends, up to the end of 2013, in order."""
    source = next(s for s in senders()["ubnd-tinh"].sources.values() if s.feed == feed)
    return [(path, source) for path in files(inbox, source, END_OF_2013)]


COLLECTED = sorted({s.feed for s in senders()["ubnd-tinh"].sources.values()} - {"plan_task"})


@pytest.mark.parametrize("feed", COLLECTED)
def test_a_collector_tells_nothing_that_has_not_happened_yet(feed: str, demo_inbox: Path):
    """But for plans and deadlines every date of a file lies before its arrival; who wrote and what stays in the file."""
    ahead = {"due_on", "planned_on", "posting_due_on", "announce_due_on", "review_due_on", "roadmap_due_on", "in_force_to"}
    found = told(feed, demo_inbox)
    assert found
    for path, source in found:
        days = [c for c, column in contract(feed, source.contract).columns.items() if column.type in ("date", "instant") and c not in ahead]
        latest = max((iso(row[c]) for row in rows(path, source) for c in days if row.get(c)), default="")
        assert latest <= path.parent.name[:10], (path.name, latest)


def test_every_misprint_of_a_report_is_in_the_documentation_and_in_a_file(demo_inbox: Path):
    page = (PROVINCE.parents[2] / "docs/demonstration.md").read_text(encoding="utf-8")
    codes = {slug: sender.sender for slug, sender in senders().items()}
    lines = [row for path, source in told("report_submission", demo_inbox) for row in rows(path, source)]
    printed = {(row["agency_code"], row["period"], row["line_code"], row["value"]) for row in lines}
    for m in MISPRINTS:
        assert f"| `{m.slug}` | {m.period} | `{m.line}` | {m.what_en} |" in page
        assert (codes[m.slug], m.period, m.line, str(m.value)) in printed


def test_dossiers_name_procedures_of_the_catalogue(demo_inbox: Path):
    catalogue = {row["procedure_code"] for row in newest(demo_inbox, "procedure_catalogue")["ubnd-tinh"]}
    used = {row["procedure_code"] for log in newest(demo_inbox, "dossier_log").values() for row in log}
    assert len(used) > 100
    assert used <= catalogue


def test_every_required_source_has_a_good_file_of_its_last_period(demo_inbox: Path):
    last = {"month": "2013-12", "quarter": "2013-Q4", "half": "2013-H2", "year": "2013"}
    for slug, sender in senders().items():
        for source in (s for s in sender.sources.values() if s.required):
            names = {p.stem for p in files(demo_inbox, source, END_OF_2013)} - {n.split(".")[0] for b, n in BAD if b == slug}
            wanted = Path(source.drop.glob).stem.replace("*", last[source.every])
            assert any(name.startswith(wanted) for name in names), (slug, source.feed)


def test_every_file_belongs_to_exactly_one_source(demo_inbox: Path):
    taken = Counter(p for s in senders().values() for source in s.sources.values() for p in files(demo_inbox, source))
    assert set(taken) == {p for p in demo_inbox.rglob("*") if p.is_file() and not p.name.startswith(".")}
    assert set(taken.values()) == {1}


def test_single_dossiers_are_told_again_when_they_change(demo_inbox: Path):
    source = senders()["so-noi-vu"].sources["dossiers"]
    versions: dict[str, list[dict]] = {}
    for path in files(demo_inbox, source):
        for row in rows(path, source):
            versions.setdefault(row["dossier_code"], []).append(row)
    changed = [v for v in versions.values() if len(v) > 1]
    assert len(changed) > 50
    for history in changed:
        stamps = [row["updated_at"] for row in history]
        assert stamps == sorted(set(stamps)), "each telling is newer than the one before"
        assert len({row["received_at"] for row in history}) == 1


def test_no_row_knows_the_future(demo_inbox: Path):
    """But for the planted one, nothing in a file lies after its arrival."""
    for slug in ("so-tu-phap", "huyen-van-ho", "ban-dan-toc"):
        source = senders()[slug].sources["dossiers"]
        for path in files(demo_inbox, source):
            arrival = f"{path.parent.name[:13]}:{path.parent.name[13:]}"
            for row in rows(path, source):
                told = [row[c].replace(" ", "T")[:16] for c in ("received_at", "finished_at", "updated_at") if row[c]]
                assert max(told) <= arrival


@pytest.fixture(scope="module")
def demo_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory)


@pytest.fixture(scope="module")
def second_inbox(second_run: tuple[subprocess.Popen, Path]) -> Path:
    process, inbox = second_run
    assert process.wait(timeout=120) == 0
    return inbox


@pytest.fixture(scope="module", autouse=True)
def second_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.Popen, Path]:
    """A second generation in its own process, with another hash seed, while the first tests run."""
    inbox = tmp_path_factory.mktemp("second") / "inbox"
    code = "import sys; from pathlib import Path; from cchc.demo import generate; generate(*map(Path, sys.argv[1:]))"
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    return subprocess.Popen([sys.executable, "-c", code, str(inbox), str(PROVINCE)], env=environment), inbox


def iso(text: str) -> str:
    """A date cell of any sender as YYYY-MM-DD."""
    if text[2] == "/":
        day, month, year = text.split("/")
        return f"{year}-{month}-{day}"
    return date.fromisoformat(text[:10]).isoformat()
