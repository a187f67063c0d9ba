"""The aggregate of a feed's measures, `dbt_project/models/measures/measure_<feed>.sql`: one pass over a fact for all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cchc.measures.model import Measure, MeasureFile, Part

MADE = "-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/{feed}.yaml: change that, not this.\n"
HEAD = '-- noqa: disable=LT05\n{{ config(materialized="%s") }}\n\n'  # a pass has one reader, measure_unit: no view of its own


def in_sql(expression: str) -> str:
    """An expression of a definition over the aliases used in SQL: `row` → fact, `period` → unit; as_of by its macro."""
    text = re.sub(r"\brow\.", "fact.", " ".join(expression.split()))
    return re.sub(r"\bperiod\.", "unit.", text)


@dataclass(frozen=True)
class Pass:
    """One reading of a fact: the measures' parts that take from it under the same unit."""

    rows: str
    agency: str
    parts: tuple[tuple[Measure, Part], ...]

    @property
    def dims(self) -> list[str]:
        """The dimensions that any of them is broken down by."""
        return sorted({name for measure, _ in self.parts for dim in measure.dims for name in dim.split(",")})


def passes(file: MeasureFile) -> list[Pass]:
    """The fewest passes that make all measures of a file."""
    grouped: dict[tuple[str, str], list[tuple[Measure, Part]]] = {}
    for measure in file.measures:
        for part in measure.parts:
            grouped.setdefault((part.rows, part.agency), []).append((measure, part))
    return [Pass(rows, agency, tuple(parts)) for (rows, agency), parts in grouped.items()]


def speaks(part: Part) -> str:
    """Which rows a measure looks at."""
    return in_sql(part.when)


def is_in(part: Part) -> str:
    """Which of them are not left out."""
    left_out = [f"({in_sql(text)}) is not true" for text in part.without.values()]
    return _all(speaks(part), *left_out)


def voiding(part: Part) -> str:
    """Which rows make the figure M; rows that another exclusion leaves out do not."""
    others = [f"({in_sql(text)}) is not true" for name, text in part.without.items() if name not in part.voids]
    return _all(speaks(part), *others, " or ".join(f"({in_sql(part.without[name])})" for name in part.voids))


def counts(part: Part) -> str:
    """Which of those the numerator counts."""
    return _all(is_in(part), in_sql(part.counts))


def _all(*predicates: str) -> str:
    asked = [text for text in predicates if text != "true"]
    loose = [f"({text})" if len(asked) > 1 and " or " in text else text for text in asked]
    return " and ".join(loose) or "true"


def _sum(amount: str | None, where: str) -> str:
    what = "count(*)" if amount is None else f"sum({in_sql(amount)})"
    return f"({what}{_filter(where)})::numeric"


def _filter(where: str) -> str:
    return f" filter (where {where})" if where != "true" else ""


def numerator(part: Part) -> str:
    """What a part gives to the numerator, aggregated."""
    return _sum(part.amount, counts(part)) if part.side != "denominator" else "null::numeric"


def denominator(measure: Measure, part: Part) -> str:
    """What a part gives to the denominator, aggregated."""
    if measure.kind != "ratio" or part.side == "numerator":
        return "null::numeric"
    return _sum(part.of_amount, is_in(part))


def measure_sql(file: MeasureFile) -> str:
    """The model of a feed's measures."""
    kind, body = ("view", _counted_sql(file)) if file.counted else ("ephemeral", _rows_sql(file))
    return MADE.format(feed=file.feed) + HEAD % kind + body


def _rows_sql(file: MeasureFile) -> str:
    found = passes(file)
    names = [f"pass_{number}" for number in range(1, len(found) + 1)]
    counted = ",\n\n".join(f"{name} as (\n{_pass_sql(one, file)})" for name, one in zip(names, found, strict=True))
    said = "\n    union all\n".join(_said_sql(name, one) for name, one in zip(names, found, strict=True))
    once = sorted({m.id for one in found for m, _ in one.parts if m.kind == "yes_no" or m.once})
    top, of = (f"sum(said.{side})" for side in ("numerator", "denominator"))
    if once:  # 1 of 1 however many rows say so; a yes/no's denominator is measure_unit's
        listed = ", ".join(f"'{name}'" for name in once)
        top, of = (f"case when said.measure in ({listed}) then least({text}, 1) else {text} end" for text in (top, of))
    return f"""with {counted},

said as (
{said})

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    {top} as numerator,
    {of} as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)
"""


def _pass_sql(one: Pass, file: MeasureFile) -> str:
    """What each measure counts per unit, period and the dimensions in use."""
    kinds = sorted({kind for measure, _ in one.parts for kind in measure.periods})
    dims = [f"        {in_sql(file.dimensions[name])} as by_{name}" for name in one.dims]
    counts = [line for number, pair in enumerate(one.parts, 1) for line in _count_lines(number, *pair)]
    columns = ",\n".join(["        unit.agency_code", "        unit.period_code", *dims, *counts])
    grouping = ", ".join(["unit.agency_code", "unit.period_code", *(f"by_{name}" for name in one.dims)])
    kind_list = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""    select
{columns}
    from {{{{ ref('unit_period') }}}} as unit
    inner join {{{{ ref('{one.rows}') }}}} as fact on unit.agency_code = {in_sql(one.agency)}
    where unit.period_kind in ({kind_list})
    group by {grouping}
"""


def _count_lines(number: int, measure: Measure, part: Part) -> Iterator[str]:
    spoken = f"count(*){_filter(speaks(part))}" if part.required or not any(p.required for p in measure.parts) else "0"
    if part.voids:
        spoken = f"case when count(*){_filter(voiding(part))} > 0 then '-infinity'::numeric else {spoken} end"
    yield f"        -- {measure.key}\n        {spoken} as spoken_{number}"
    yield f"        {numerator(part)} as numerator_{number}"
    yield f"        {denominator(measure, part)} as denominator_{number}"


def _said_sql(name: str, one: Pass) -> str:
    """The counts of a pass as rows: one for the whole and one for each of a measure's breakdowns."""
    values = [
        f"            ('{m.id}', {m.version}, {dim}, {name}.spoken_{n}, {name}.numerator_{n}, {name}.denominator_{n})"
        for n, (m, _) in enumerate(one.parts, 1)
        for dim in ["''", *(_dim_sql(name, dim) for dim in m.dims)]
    ]
    listed = ",\n".join(values)
    return f"""    select
        {name}.agency_code,
        {name}.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from {name}
    cross join
        lateral (
            values
{listed}
        ) as said (measure, version, dim, spoken, numerator, denominator)
"""


def _dim_sql(name: str, dim: str) -> str:
    """`kind=civil_servant,post_level=district`: names in alphabetical order; empty when one of them is."""
    return " || ',' || ".join(f"'{one}=' || {name}.by_{one}" for one in sorted(dim.split(",")))


def _counted_sql(file: MeasureFile) -> str:
    """Measures over the columns of a model of counts."""
    by = file.counted_by
    made = [m for m in file.measures if m.numerator is not None]
    values = ",\n".join(
        f"        ('{m.id}', {m.version}, {_over(m.numerator)}, {_over(m.denominator) if m.denominator else 'null'})" for m in made
    )
    return f"""select
    counted.agency_code,
    counted.period_code,
    measure.measure,
    measure.version,
    case when counted.{by} = '' then '' else '{by}=' || counted.{by} end as dim,
    measure.numerator,
    measure.denominator
from {{{{ ref('{file.counted}') }}}} as counted
cross join
    lateral (
        values
{values}
    ) as measure (measure, version, numerator, denominator)
where counted.{by} = '' or measure.numerator <> 0 or measure.denominator <> 0
"""


def _over(expression: str | None) -> str:
    """An expression over counts with its columns named in full: `early + on_time` → `counted.early + counted.on_time`."""
    return re.sub(r"([a-z]\w*)", r"counted.\1", " ".join((expression or "").split()))
