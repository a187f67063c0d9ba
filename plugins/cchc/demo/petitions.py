"""Feedback, complaints and denunciations, by Văn phòng UBND tỉnh; whoever wrote is invented and leaves at the intake."""

from collections.abc import Iterator
from datetime import date

from cchc.demo.people import names, phones
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Sending, choose
from cchc.demo.told import FIRST_YEAR, LAST_YEAR, SINCE, Row, after, changes, quarters, scored, some_day

KINDS, KIND_WEIGHTS = ["feedback", "complaint", "denunciation"], [65, 28, 7]
CHANNELS, CHANNEL_WEIGHTS = ["portal", "hotline", "post", "desk", "email"], [15, 20, 35, 25, 5]
ABOUT, ABOUT_WEIGHTS = ["procedure", "delay", "attitude", "fee", "regulation", "other"], [30, 30, 12, 8, 12, 8]
RESULTS, RESULT_WEIGHTS = ["upheld", "partly", "rejected", "withdrawn"], [35, 25, 32, 8]
RATINGS, RATING_WEIGHTS = [None, "very_satisfied", "satisfied", "neutral", "dissatisfied"], [60, 8, 20, 7, 5]
DAYS = {"feedback": (15, 20), "complaint": (30, 45), "denunciation": (60, 75)}  # allowed, of ours
SAMPLE_NAME = "Lò Văn Mẫu"  # as in the planted dossiers: one name to look for where none may be
OUT_OF_SCOPE, FORWARDED = 0.08, 0.1


def feedback(sender: Body, province: Province) -> Sending:
    """What came in and what was answered since the file before."""
    rows = [row for body in scored(province) for year in range(FIRST_YEAR, LAST_YEAR + 1) for row in _of_year(sender, body, year)]
    return changes("feedback", quarters(sender, province), rows)


def _of_year(sender: Body, body: Body, year: int) -> Iterator[Row]:
    rng = sender.rng(f"feedback/{body.code}/{year}")
    first, last = max(date(year, 1, 2), body.since), date(year, 12, 27)
    if first >= last:
        return
    size = int((3 + 60 * (1 - body.profile.on_time)) * rng.uniform(0.7, 1.3))
    who, phone = [SAMPLE_NAME, *names(rng, size)], phones(rng, size)
    for number in range(size):
        kind, channel, about, result, rating = (
            words[int(choose(rng, weights, 1)[0])]
            for words, weights in (
                (KINDS, KIND_WEIGHTS),
                (CHANNELS, CHANNEL_WEIGHTS),
                (ABOUT, ABOUT_WEIGHTS),
                (RESULTS, RESULT_WEIGHTS),
                (RATINGS, RATING_WEIGHTS),
            )
        )
        day = some_day(rng, first, last)
        due = after(rng, day, *DAYS[str(kind)])
        late, away = rng.random() > body.profile.on_time, kind == "feedback" and rng.random() < FORWARDED
        answered = after(rng, due, 2, 40) if late else after(rng, day, 4, (due - day).days)
        yield {
            "agency_code": body.code, "feedback_code": f"PA-{year}-{body.code[4:]}-{number + 1:03d}", "kind": kind, "channel": channel,
            "about": about, "received_at": at(day, 9, 0), "due_on": due, "answered_on": None if away else answered,
            "forwarded_on": answered if away else None, "forwarded_to": "Sở Tài nguyên và Môi trường" if away else None,
            "out_of_scope": bool(rng.random() < OUT_OF_SCOPE), "result": None if away else result,
            "rating": rating if kind == "feedback" and not away else None, "sender_name": who[number], "sender_phone": phone[number],
            "sender_address": "Bản Mẫu, tỉnh Sơn La", "content": "Nội dung giả lập", SINCE: day,
        }  # fmt: skip
