"""Dossier logs: when people come, how long the work takes, and what each monthly file says about it."""

from dataclasses import dataclass

import numpy as np

from cchc.demo.calendar import month_ends
from cchc.demo.facts import FIRST_DAY, LAST_DAY, Profile
from cchc.demo.people import names, phones
from cchc.demo.procedures import handled_by
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending, choose, moments

# Share of the year's dossiers by month: a low at Tết, highs in spring and autumn (ours).
SEASON = np.array([0.9, 0.65, 1.15, 1.1, 1.05, 0.95, 0.95, 1.05, 1.15, 1.1, 1.05, 0.9])
GROWTH = {2011: 0.85, 2012: 0.88, 2013: 1.0, 2014: 1.12}  # dossiers, against 2013
ONLINE_GROWTH = {2011: 0.3, 2012: 0.4, 2013: 1.0, 2014: 1.9}
BETTER = {2011: -0.02, 2012: -0.012, 2013: 0.0, 2014: 0.006}  # on-time share, against 2013
RUSH = 0.015  # less on time in December and before Tết
POST = 0.02
RETURNED, STOPPED, WRONG = 0.012, 0.004, 0.004
MORNING, NOON, EVENING = 7 * 60, 16 * 60 + 20, 17 * 60
NEVER = np.datetime64("NaT")


@dataclass
class Cases:
    """All dossiers of a sender, one place per dossier in every array; times are local datetime64[m]."""

    unit: np.ndarray
    procedure: np.ndarray
    channel: np.ndarray
    received: np.ndarray
    due: np.ndarray
    finished: np.ndarray
    closed_as: np.ndarray
    apology: np.ndarray
    wrong: np.ndarray
    fee: np.ndarray
    collected: np.ndarray


def dossiers(body: Body, province: Province) -> Sending:
    """The sender's monthly files of changes: new dossiers, and those whose state changed since the file before."""
    rng = body.rng("dossier_log")
    cases = province.kept[body.slug] = _cases(body, province, rng)
    ends = month_ends(body)
    arrivals = np.array([arrival for _, arrival in ends], "datetime64[m]")
    case, file = _changes(cases, arrivals)
    columns = _columns(body, cases, case, arrivals[file], rng)
    deliveries = [Delivery(arrival, period, np.flatnonzero(file == k)) for k, (period, arrival) in enumerate(ends)]
    return Sending("dossier_log", columns, [d for d in deliveries if len(d.rows)])  # nobody sends an empty file


def cases_of(body: Body, province: Province) -> Cases:
    """All dossiers of a sender, for those who count them; the same that its files tell."""
    if body.slug not in province.kept:
        province.kept[body.slug] = _cases(body, province, body.rng("dossier_log"))
    return province.kept[body.slug]


def _cases(body: Body, province: Province, rng: np.random.Generator) -> Cases:
    days, weights = _days(body, province)
    sizes = _sizes(body, rng, float(weights.sum() / _weights_of_2013(province).sum()))
    unit = np.repeat(np.arange(len(sizes)), sizes)
    received_day = days[choose(rng, weights, len(unit))]
    order = np.lexsort((received_day, unit))
    return _work(body, province, rng, unit[order], received_day[order])


def _days(body: Body, province: Province) -> tuple[np.ndarray, np.ndarray]:
    """Working days on which the body takes dossiers, and how many come, relatively."""
    days = province.working_days
    days = days[(days >= np.datetime64(max(FIRST_DAY, body.since))) & (days <= np.datetime64(LAST_DAY))]
    return days, _weights(days)


def _weights_of_2013(province: Province) -> np.ndarray:
    days = province.working_days
    return _weights(days[days.astype("datetime64[Y]") == np.datetime64("2013")])


def _weights(days: np.ndarray) -> np.ndarray:
    return SEASON[_month(days) - 1] * _by_year(days, GROWTH)


def _sizes(body: Body, rng: np.random.Generator, years: float) -> np.ndarray:
    """Dossiers of the body and of each commune over the whole time (`years` of the volume of 2013)."""
    profile = body.profile
    communes = profile.commune * np.exp(rng.normal(0, 0.35, len(body.communes)))
    return np.round(np.concatenate(([profile.dossiers], communes)) * years).astype(int)


def _work(body: Body, province: Province, rng: np.random.Generator, unit: np.ndarray, day: np.ndarray) -> Cases:
    size, profile = len(unit), body.profile
    procedure, days, fee = _procedures(body, rng, unit)
    online = rng.random(size) < profile.online * _by_year(day, ONLINE_GROWTH) * (unit == 0)
    channel = np.where(online, "online", np.where((rng.random(size) < POST) & (unit == 0), "post", "desk"))
    clock = np.where(online, rng.integers(MORNING, 22 * 60, size), rng.integers(MORNING + 20, NOON, size))
    start = np.searchsorted(province.working_days, day) + (clock >= EVENING)  # after hours: the next session
    in_time = rng.random(size) < _on_time_share(body, unit, day)
    used = _days_used(profile, rng, days, in_time)
    due, finished = _due_and_finished(body, province, rng, clock, start, days, used)
    finished = np.where(~in_time & (rng.random(size) < profile.stuck), NEVER, finished)

    luck = rng.random(size)
    closed_as = np.where(luck < RETURNED, "returned", np.where(luck < RETURNED + STOPPED, "stopped", ""))
    wrong = (rng.random(size) < WRONG) & (closed_as == "")
    received = _moment(day, clock)
    apology = _apologies(province, rng, profile.apology, start + days, start + used, ~in_time, wrong)
    apology = np.maximum(apology, received + np.timedelta64(10, "m"))
    due = np.where(rng.random(size) < profile.no_due, NEVER, due)
    off = (rng.random(size) < profile.wrong_fee) & (fee > 0)
    collected = np.maximum(fee + np.where(off, rng.choice([-5000, 5000, 10000], size), 0), 0)
    return Cases(unit, procedure, channel, received, due, finished, closed_as, apology, wrong, fee, collected)


def _days_used(profile: Profile, rng: np.random.Generator, days: np.ndarray, in_time: np.ndarray) -> np.ndarray:
    """Working days from the first session to the result; late ones run over by a few days, some by many."""
    early = in_time & (rng.random(len(days)) < profile.early)
    used = np.where(early, np.floor(rng.beta(4, 2, len(days)) * days), days).astype(int)
    return used + np.where(in_time, 0, np.minimum(rng.geometric(0.25, len(days)), 40))


def _due_and_finished(
    body: Body,
    province: Province,
    rng: np.random.Generator,
    clock: np.ndarray,
    start: np.ndarray,
    days: np.ndarray,
    used: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """When the result is due and when it is ready; due at the hour of reception where the source counts hours."""
    size, by_hour = len(clock), body.source("dossier_log").due_precision == "time"
    due_clock = np.clip(clock, MORNING + 30, EVENING - 30) if by_hour else np.full(size, EVENING)
    due = _moment(province.working_days[start + days], due_clock)
    same_day = (used == 0) & (clock < EVENING)
    after_reception = np.minimum(clock + rng.integers(15, 200, size), EVENING - 1)
    end_clock = np.where(same_day, after_reception, rng.integers(MORNING + 30, EVENING, size))
    finished = _moment(province.working_days[start + used], end_clock)
    just_in_time = due - rng.integers(1, 25, size).astype("timedelta64[m]")
    return due, np.where(used == days, np.minimum(finished, just_in_time), finished)


def _moment(day: np.ndarray, clock: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[m]") + clock.astype("timedelta64[m]")


def _procedures(body: Body, rng: np.random.Generator, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Code, statutory working days and fee of each dossier's procedure."""
    own = handled_by(body.slug) or handled_by("district")
    commune = handled_by("commune")
    every = [*own, *commune]
    place = np.where(unit == 0, choose(rng, [p.weight for p in own], len(unit)),
                     len(own) + choose(rng, [p.weight for p in commune], len(unit)))  # fmt: skip
    code = np.array([p.local_code for p in every], object)
    return code[place], np.array([p.statutory_days for p in every])[place], np.array([p.fee for p in every])[place]


def _on_time_share(body: Body, unit: np.ndarray, day: np.ndarray) -> np.ndarray:
    """A commune's simple procedures fail less often than its district's."""
    own = body.profile.on_time
    if own == 1:
        return np.ones(len(unit))
    share = np.where(unit == 0, own, 1 - (1 - own) * 0.4) + _by_year(day, BETTER)
    return np.minimum(share - RUSH * np.isin(_month(day), (1, 12)), 1)


def _apologies(
    province: Province,
    rng: np.random.Generator,
    share: float,
    due: np.ndarray,
    end: np.ndarray,
    late: np.ndarray,
    wrong: np.ndarray,
) -> np.ndarray:
    """When the letter of apology went out: the working day before the due one or soon after; never for most."""
    size = len(due)
    before = rng.random(size) < 0.6
    for_late = np.where(before, due - 1, due + rng.integers(1, 4, size))
    place = np.where(late, for_late, end + rng.integers(1, 5, size))
    when = province.working_days[place].astype("datetime64[m]") + np.timedelta64(16 * 60, "m")
    return np.where((late | wrong) & (rng.random(size) < share), when, NEVER)


def _changes(cases: Cases, arrivals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (dossier, file) in which a dossier is new or changed: each event falls into the first file after it."""
    events = np.stack([cases.received, cases.apology, cases.finished], axis=1)
    file = np.searchsorted(arrivals, events)
    told = ~np.isnat(events) & (file < len(arrivals))
    case = np.broadcast_to(np.arange(len(events))[:, None], events.shape)
    pairs = np.unique(np.stack([case[told], file[told]], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _columns(body: Body, cases: Cases, case: np.ndarray, arrival: np.ndarray, rng: np.random.Generator) -> dict[str, list]:
    """The rows of all files: each dossier as it stood when the file went out."""

    def known(event: np.ndarray) -> np.ndarray:
        return np.where(event[case] <= arrival, event[case], NEVER)

    finished, apology = known(cases.finished), known(cases.apology)
    done = ~np.isnat(finished)
    received = cases.received[case]
    person = np.array(list(zip(names(rng, len(cases.unit)), phones(rng, len(cases.unit)), strict=True)), object)[case]
    return {
        "agency_code": np.array(body.units, object)[cases.unit[case]].tolist(),
        "dossier_code": _codes(body, cases)[case].tolist(),
        "procedure_code": cases.procedure[case].tolist(),
        "channel": cases.channel[case].tolist(),
        "received_at": moments(received),
        "due_at": moments(cases.due[case]),
        "finished_at": moments(finished),
        "closed_as": _or_none(cases.closed_as[case], done & (cases.closed_as[case] != "")),
        "apology_on": moments(apology.astype("datetime64[D]")),
        "has_error": _or_none(cases.wrong[case], done),
        "fee_due": cases.fee[case].tolist(),
        "fee_collected": _or_none(cases.collected[case], done),
        "applicant_name": person[:, 0].tolist(),
        "applicant_phone": person[:, 1].tolist(),
        "updated_at": moments(np.fmax(np.fmax(received, apology), finished)),
    }


def _codes(body: Body, cases: Cases) -> np.ndarray:
    """`<agency code>-<yymmdd>-<sequence>`, the sequence counted per unit and day in order of reception."""
    order = np.lexsort((cases.received, cases.unit))
    unit, day = cases.unit[order], cases.received[order].astype("datetime64[D]")
    fresh = np.ones(len(day), bool)
    fresh[1:] = (unit[1:] != unit[:-1]) | (day[1:] != day[:-1])
    first = np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    number = (np.arange(len(day)) - first + 1).tolist()
    dates = [d.strftime("%y%m%d") for d in moments(day)]
    units = np.array(body.units, object)[unit].tolist()
    codes = np.empty(len(day), object)
    codes[order] = [f"{u}-{d}-{n:04d}" for u, d, n in zip(units, dates, number, strict=True)]
    return codes


def _or_none(values: np.ndarray, where: np.ndarray) -> list:
    return [value if there else None for value, there in zip(values.tolist(), where.tolist(), strict=True)]


def _month(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[M]").astype(int) % 12 + 1


def _by_year(days: np.ndarray, table: dict[int, float]) -> np.ndarray:
    years = days.astype("datetime64[Y]").astype(int) + 1970
    return np.array([table[y] for y in range(min(table), max(table) + 1)])[years - min(table)]
