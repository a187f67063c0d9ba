"""The rows behind a figure: every row a measure looks at, with what it gives to numerator and denominator, or why nothing."""

import re
from collections.abc import Callable

from cchc.errors import ConfigError
from cchc.measures.model import Measure, MeasureFile, Part, Tally
from cchc.measures.sql import counts, in_sql, is_in, speaks

COLUMNS = ("agency_code", "period_code", "fact", "delivery", "line", "numerator", "denominator", "left_out", "on_date", "dims", "row")
ASKED = """(%(units)s::text[] is null or unit.agency_code = any(%(units)s::text[]))
  and (%(periods)s::text[] is null or unit.period_code = any(%(periods)s::text[]))"""


def rows_sql(file: MeasureFile, measure: Measure, relation: Callable[[str], str], dims: str = "") -> str:
    """The query of a measure's rows, COLUMNS wide; `relation` gives the place of a model. It takes `units` and `periods`
    (lists of codes, none = all) and `as_of`. Of a unit and period the numerators add up to the figure's (of a yes/no: to at
    least 1 where it says yes), the denominators likewise. `row` is the fact's row, `dims` the breakdowns that it is in; given,
    an SQL array over `fact` that takes the place of the counts' own.

    Raises ConfigError for a hand-written measure.
    """
    if measure.model:
        raise ConfigError(f"{measure.key} is made by {measure.model}: its rows are those of the counts it is made from")
    if measure.numerator is not None:
        return _tallied(file, measure, relation, dims)
    return "\nunion all\n".join(_part_rows(file, measure, part, relation) for part in measure.parts)


def _select(fact: str, said: list[str], where: str, join: str, relation: Callable[[str], str]) -> str:
    top, of, left_out, on_date, dims = said
    return f"""select unit.agency_code, unit.period_code, '{fact}' as fact, fact._delivery as delivery, fact._line as line,
  ({top})::numeric as numerator, ({of})::numeric as denominator,
  {left_out} as left_out, {on_date} as on_date, {dims} as dims, to_jsonb(fact) as row
from {relation("unit_period")} as unit
inner join {relation(fact)} as fact on unit.agency_code = {join}
where {where}
  and {ASKED}"""


def _part_rows(file: MeasureFile, measure: Measure, part: Part, relation: Callable[[str], str]) -> str:
    top = "0" if part.side == "denominator" else _given(counts(part), part.amount)
    of = "null" if measure.kind != "ratio" else "0" if part.side == "numerator" else _given(is_in(part), part.of_amount)
    reasons = " ".join(f"when ({in_sql(text)}) then {quoted(name)}" for name, text in part.without.items())
    kinds = ", ".join(quoted(kind) for kind in measure.periods)
    dims = ", ".join(_dim(file, dim) for dim in measure.dims)
    said = [top, of, f"case {reasons} end" if reasons else "null::text", f"({in_sql(part.date)})::date" if part.date else "null::date",
            f"array[{dims}]::text[]"]  # fmt: skip
    return _select(part.rows, said, f"({speaks(part)})\n  and unit.period_kind in ({kinds})", in_sql(part.agency), relation)


def _given(where: str, amount: str | None) -> str:
    return f"case when {where} then {in_sql(amount) if amount else 1} else 0 end"


def _dim(file: MeasureFile, dim: str) -> str:
    return " || ',' || ".join(f"'{name}=' || ({in_sql(file.dimensions[name])})" for name in sorted(dim.split(",")))


def quoted(text: str) -> str:
    """A text as an SQL literal that psycopg passes on as it is."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _tallied(file: MeasureFile, measure: Measure, relation: Callable[[str], str], dims: str) -> str:
    """Rows of a measure over counts: a count of one row is 0 or 1 (or an amount), and the measure a sum of counts."""
    top = each_row(file, measure.numerator or "0")
    of = each_row(file, measure.denominator) if measure.denominator else "null"
    outside = {name: each_row(file, over) for name, over in measure.outside.items()}
    reasons = " ".join(f"when ({over}) <> 0 then {quoted(name)}" for name, over in outside.items())
    kinds = ", ".join(quoted(kind) for kind in measure.periods)
    touched = " or ".join(f"({over}) <> 0" for over in [top, *([of] if of != "null" else []), *outside.values()])
    dims = dims or f"array['{file.counted_by}=' || fact.{file.counted_by}]"
    said = [top, of, f"case {reasons} end" if reasons else "null::text", "null::date", dims]
    return _select(file.fact, said, f"({touched})\n  and unit.period_kind in ({kinds})", "fact.agency_code", relation)


def each_row(file: MeasureFile, expression: str) -> str:
    """An expression over counts as what one row gives to it."""
    return re.sub(r"[a-z]\w*", lambda found: _tally(file, file.tallies[str(found[0])]), expression)


def _tally(file: MeasureFile, tally: Tally) -> str:
    if tally.stock is not None:
        return "(" + re.sub(r"(start|finish)\.(\w+)", lambda found: _up_to(file.tallies[str(found[2])], str(found[1])), tally.stock) + ")"
    inside = f"{in_sql(tally.on)} between unit.starts_on and unit.cutoff_on and " if tally.on else ""
    return _worth(f"{inside}({in_sql(tally.when)})", tally.amount)


def _up_to(flow: Tally, bound: str) -> str:
    if flow.on is None:
        raise ConfigError("a stock is of flows: give the tally its day `on`")
    day = "< unit.starts_on" if bound == "start" else "<= unit.cutoff_on"
    return _worth(f"{in_sql(flow.on)} {day} and ({in_sql(flow.when)})", flow.amount)


def _worth(where: str, amount: str) -> str:
    told = f"(case when {where} then {in_sql(amount)} else 0 end)"
    return re.sub(r"\bas_of\b", "%(as_of)s::timestamptz", told)
