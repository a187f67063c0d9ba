"""Check before you send and the night give one verdict: over every planted defect, each kind of rule among them."""

from datetime import date
from pathlib import Path

import pytest
from demo_files import made_once
from test_demo_intake import BEFORE, bring, of_son_la

from cchc.clock import end_of_day
from cchc.connectors.file_drop import offered
from cchc.connectors.sources import read_sender
from cchc.demo import DEFECTS, Defect
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_all
from cchc.night.cut import take_cut
from cchc.night.rehearse import Verdicts, rehearse
from cchc.settings import Settings
from cchc.warehouse.connect import connect

LAST = end_of_day(date(2014, 1, 31))
STORED = ("ops.delivery", "ops.source", "ops.arrival", "ops.delivery_unit", "ops.delivery_statistic", "quarantine.row", "audit.event",
          "accepted.dossier_log", "accepted.staff", "accepted.plan_task", "accepted.survey_response")  # fmt: skip
COUNTS = ("rows_read", "rows_counted", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_skipped", "keys_once")


def test_check_and_night_agree(config: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    config = of_son_la(monkeypatch)
    everything = made_once(tmp_path_factory)
    with_file = [d for d in DEFECTS if d.file]
    for defect in with_file:
        bring_only(defect, everything, config.inbox_path, BEFORE.get(defect.id))
    load_reference(config)
    ingest_all(config, LAST)
    take_cut(config, LAST)
    for defect in with_file:
        bring(defect, everything, config.inbox_path)
    before = stored()
    checked = {d.id: checked_now(config, d) for d in with_file}
    assert stored() == before, "a check stores nothing"
    ingest_all(config, LAST)
    take_cut(config, LAST)
    assert {d.id: said(checked[d.id]) for d in with_file} == {d.id: done(d) for d in with_file}
    assert {v.status for v in checked.values()} == {"accepted", "held", "refused"}
    assert [name for name, v in checked.items() if v.known] == ["re-sent-file"]
    assert len({e["rule"] for v in checked.values() for e in v.entries}) >= 8


def bring_only(defect: Defect, everything: Path, inbox: Path, name: str | None) -> None:
    for path in everything.glob(f"{defect.body}/*/{name}") if name else ():
        target = inbox / path.relative_to(everything)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def checked_now(config: Settings, defect: Defect) -> Verdicts:
    name = defect.source_id.split("/")[2]
    source = read_sender(config.province / f"sources/{defect.body}.yaml").sources[name]
    (offer,) = [o for o in offered(source.connect, config.inbox_path, LAST) if o.path.name == defect.file]
    return rehearse(config, offer.path, f"{defect.body}/{name}", offer.arrived_at)


def said(found: Verdicts) -> tuple:
    counts = tuple(found.counts.get(name) for name in COUNTS)
    return found.status, found.reason_rule, found.reason, counts, sorted((e["line"], e["rule"], e["column_name"]) for e in found.entries)


def done(defect: Defect) -> tuple:
    """What the intake and the night really made of the file."""
    with connect("cchc_loader") as connection:
        query = f"""select delivery_id, status, reason_rule, reason, {", ".join(COUNTS)}
                    from ops.delivery join ops.arrival a using (delivery_id) where a.source_id = %s and a.name like %s"""
        number, status, rule, reason, *counts = connection.execute(query, (defect.source_id, f"%/{defect.file}")).fetchone() or ()
        rows = connection.execute("select line, rule, column_name from quarantine.row where delivery_id = %s order by 1, 2, 3", (number,))
        read = counts[0] is not None
        return status, rule, reason, tuple(counts) if read else (None,) * len(COUNTS), rows.fetchall()


def stored() -> dict[str, list[tuple]]:
    with connect("cchc_owner") as connection:
        return {table: sorted(connection.execute(f"select t::text from {table} as t").fetchall()) for table in STORED}
