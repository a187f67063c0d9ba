"""Reports due and received, by Sở Nội vụ, with the figures on dossiers that each body printed in its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from cchc.demo.defects import DEFECTS
from cchc.demo.dossiers import Cases, cases_of
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Sending
from cchc.demo.told import SINCE, Row, after, quarters, scored, so_far, whole

DUE_WORKING_DAYS = 2  # after the cut-off, as one province had it (domain/reports.md)
TOLD_IN = {  # file: the periods whose reports it lists
    "2012-Q4": ("2012-Q3",), "2013-Q1": ("2012",), "2013-Q2": ("2013-Q1",), "2013-Q3": ("2013-H1",),
    "2013-Q4": ("2013-Q3",), "2014-Q1": ("2013",), "2014-Q2": ("2014-Q1",),
}  # fmt: skip
FIGURES_FROM = 2013  # earlier reports are listed without their figures
LEADS = {"so-noi-vu": "1", "so-tu-phap": "3", "so-tai-chinh": "6", "so-thong-tin-truyen-thong": "7"}  # who leads which field
THEMATIC, DIRECTIVE = "BC-CHUYEN-DE", "BC-CHI-DAO"
DIRECTED = "so-noi-vu"  # reports on the carrying out of a directive
SIGNERS, SIGNER_WEIGHTS = ["head", "deputy", "authorised", "other"], [0.55, 0.38, 0.05, 0.02]


@dataclass(frozen=True)
class Misprint:
    """A figure that a body's report gives otherwise than its own dossiers do, on purpose."""

    slug: str
    period: str
    line: str
    value: Decimal
    what_en: str


MISPRINTS = (
    Misprint("so-tai-nguyen-moi-truong", "2013-Q3", "on_time_rate", Decimal("96.4"),
             "96.4 % on time, where its own dossiers give about ten points less"),
    Misprint("huyen-song-ma", "2013-H1", "received_count", Decimal(700),
             "a round 700 dossiers received, where its own log has fewer"),
    Misprint("huyen-sop-cop", "2013-Q1", "pending_count", Decimal(0),
             "nothing left open, where its own log has dossiers pending"),
)  # fmt: skip


def report_submissions(sender: Body, province: Province) -> Sending:
    """Each quarter's file lists the reports that were due since the one before."""
    periods = {row["period_code"]: row for row in province.reference("period")}

    def told(name: str, day: date) -> Iterator[Row]:
        for code in TOLD_IN[name]:
            start, end = (date.fromisoformat(periods[code][bound]) for bound in ("starts_on", "ends_on"))
            for body in scored(province):
                if body.since <= start:
                    yield from _of_body(sender, province, body, code, start, end, day)

    return whole("report_submission", quarters(sender, province), told)


def _of_body(sender: Body, province: Province, body: Body, code: str, start: date, end: date, day: date) -> Iterator[Row]:
    rng = sender.rng(f"report_submission/{body.code}/{code}")
    due = province.working_day_after(end, DUE_WORKING_DAYS)
    for report, kind, title in _owed(body, code):
        late = rng.random() > body.profile.plan + 0.02
        received = after(rng, due, 1, 6) if late else after(rng, end, 1, (due - end).days)
        head = {"agency_code": body.code, "period": code, "report_code": report, "report_kind": kind}
        row = head | {
            "line_code": "report", "title": f"{title} kỳ {code}", "document_on": received, "due_on": due,
            "received_at": at(received, 10, 0), "document_no": f"{int(rng.integers(5, 180))}/BC",
            "signer_role": str(rng.choice(SIGNERS, p=SIGNER_WEIGHTS)),
            "has_lead_progress": bool(rng.random() < 0.8) if body.slug in LEADS else None, SINCE: end,
        }  # fmt: skip
        yield so_far(row, day)
        if kind == "periodic" and received <= day and int(code[:4]) >= FIGURES_FROM:
            yield from (head | {"line_code": line, "value": value} for line, value in figures(body, province, code, start, end).items())


def _owed(body: Body, code: str) -> Iterator[tuple[str, str, str]]:
    yield "BC-CCHC", "periodic", "Báo cáo công tác cải cách hành chính"
    if "Q" in code:
        return
    if body.slug in LEADS:
        yield f"{THEMATIC}-{LEADS[body.slug]}", "thematic", f"Báo cáo chuyên đề lĩnh vực {LEADS[body.slug]}"
    if body.slug == DIRECTED:
        yield DIRECTIVE, "directive", "Báo cáo tình hình thực hiện văn bản chỉ đạo về cải cách hành chính (giả lập)"


def figures(body: Body, province: Province, code: str, start: date, end: date) -> dict[str, Decimal]:
    """What the body's report says of dossiers, its own and its communes': true to its log, but for the misprints."""
    months = start.isoformat()[:7], end.isoformat()[:7]
    flagged = (d for d in DEFECTS if d.body == body.slug and d.outcome == "flagged")  # accepted, so they count
    planted = sum(d.rows for d in flagged if months[0] <= d.period <= months[1])
    told = _counted(cases_of(body, province), body.source("dossier_log").due_precision, start, end, planted)
    return told | {misprint.line: misprint.value for misprint in MISPRINTS if (misprint.slug, misprint.period) == (body.slug, code)}


def _counted(cases: Cases, precision: str, start: date, end: date, planted: int) -> dict[str, Decimal]:
    first, beyond = np.datetime64(start), np.datetime64(end) + np.timedelta64(1, "D")
    received = (cases.received >= first) & (cases.received < beyond)
    finished = (cases.finished >= first) & (cases.finished < beyond) & (cases.closed_as == "")
    open_then = (cases.received < beyond) & ~(cases.finished < beyond)
    unit = "datetime64[D]" if precision == "day" else "datetime64[m]"
    dated = finished & ~np.isnat(cases.due)
    in_time = dated & (cases.finished.astype(unit) <= cases.due.astype(unit))
    counts = {"received_count": received.sum() + planted, "resolved_count": finished.sum() + planted, "pending_count": open_then.sum()}
    found = {name: Decimal(int(count)) for name, count in counts.items()}
    if dated.sum() + planted:
        rate = Decimal(int(in_time.sum()) + planted) * 100 / Decimal(int(dated.sum()) + planted)
        found["on_time_rate"] = rate.quantize(Decimal("0.01"))
    return found
