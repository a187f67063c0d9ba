"""Writes the files that the demonstration's senders would send, once and always the same."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cchc.clock import ZONE
from cchc.demo.classes import training
from cchc.demo.defects import DEFECTS
from cchc.demo.documents import edocument_usage
from cchc.demo.dossiers import dossiers
from cchc.demo.facts import SEED, VERSION
from cchc.demo.finance import finance_autonomy
from cchc.demo.inspections import inspections
from cchc.demo.legal import legal_documents
from cchc.demo.look import cells, sent_columns
from cchc.demo.organisations import organisation
from cchc.demo.petitions import feedback
from cchc.demo.plans import plan_tasks
from cchc.demo.points import national_index, self_assessments, verifications
from cchc.demo.procedures import catalogue
from cchc.demo.province import Body, Province
from cchc.demo.publicity import communication
from cchc.demo.quotas import staff_quota
from cchc.demo.reports import report_submissions
from cchc.demo.rounds import survey_answers, survey_rounds
from cchc.demo.sending import Sending
from cchc.demo.spoil import Draft, draft
from cchc.demo.staff import staff
from cchc.demo.surveys import surveys

MARKER = ".cchc-demo.json"
MAKERS: dict[str, Callable[[Body, Province], Sending]] = {
    "dossier_log": dossiers,
    "staff": staff,
    "plan_task": plan_tasks,
    "organisation": organisation,
    "survey_response": surveys,
    "procedure_catalogue": catalogue,
    "legal_document": legal_documents,
    "finance_autonomy": finance_autonomy,
    "inspection": inspections,
    "edocument_usage": edocument_usage,
    "feedback": feedback,
    "communication": communication,
    "training": training,
    "staff_quota": staff_quota,
    "report_submission": report_submissions,
    "survey_round": survey_rounds,
    "survey_answer": survey_answers,
    "self_assessment": self_assessments,
    "verification": verifications,
    "national_index": national_index,
}


def generate(inbox: Path, province: Path) -> dict:
    """Write all files under `inbox`/<sender>/<YYYY-MM-DDTHHMM>/ and return the counts: files, bytes, rows by feed.

    `province` is the province folder; units, calendar and every file's form come from it. A finished run leaves a
    marker, and the next run with the same generator, seed and province folder touches nothing. A file's modification
    time is its arrival. Raises ConfigError when a source's YAML does not read, OSError when the inbox can't be written.
    """
    marker, wanted = inbox / MARKER, {"version": VERSION, "seed": SEED, "province": _digest(province)}
    found = json.loads(marker.read_text()) if marker.exists() else {}
    if found.get("made_from") == wanted:
        return found["summary"]
    for name in found.get("files", []):
        (inbox / name).unlink(missing_ok=True)
    marker.unlink(missing_ok=True)
    summary: dict = {"files": 0, "bytes": 0, "rows": dict.fromkeys(MAKERS, 0)}
    files = []
    for file in drafts(Province(province)):
        name, content = _path(file), file.content
        _write(inbox / name, content, file.at)
        files.append(name)
        summary["files"] += 1
        summary["bytes"] += len(content)
        summary["rows"][file.source.feed] += len(file.rows)
    beside = marker.with_suffix(".part")
    beside.write_text(json.dumps({"made_from": wanted, "summary": summary, "files": files}))
    beside.rename(marker)
    return summary


def drafts(province: Province) -> Iterator[Draft]:
    """Every file of every sender, spoilt where a defect is planted."""
    planted = {(d.body, d.feed, d.period): d for d in DEFECTS if d.file}
    for body in province.bodies:
        for source in body.sources.values():
            for period, file in _good_files(body, source.feed, province):
                defect = planted.get((body.slug, source.feed, period))
                yield from defect.spoil(file) if defect else [file]


def _good_files(body: Body, feed: str, province: Province) -> Iterator[tuple[str, Draft]]:
    sending, source = MAKERS[feed](body, province), body.source(feed)
    if not sending.deliveries:
        return
    empty = [None] * len(next(iter(sending.columns.values())))
    columns = [cells(source, name, sending.columns.get(name, empty)) for name in sent_columns(source)]
    rows = list(zip(*columns, strict=True))
    for delivery in sending.deliveries:
        yield (
            delivery.period,
            draft(source, body.code, delivery.at, delivery.period, [rows[n] for n in delivery.rows.tolist()]),
        )


def _path(file: Draft) -> str:
    return f"{Path(file.source.drop.glob).parts[0]}/{file.at:%Y-%m-%dT%H%M}/{file.name}"


def _write(path: Path, content: bytes, arrived: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (path.exists() and path.read_bytes() == content):
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(content)
        beside.rename(path)
    stamp = arrived.replace(tzinfo=ZONE).timestamp()
    os.utime(path, (stamp, stamp))


def _digest(province: Path) -> str:
    """Of everything in the province folder that the files depend on."""
    used = [
        *sorted((province / "sources").glob("*.yaml")),
        *(province / "reference" / f"{t}.csv" for t in ("unit", "calendar_day", "period", "criterion")),
    ]
    return sha256("".join(f"{p.name} {sha256(p.read_bytes()).hexdigest()}\n" for p in used).encode()).hexdigest()
