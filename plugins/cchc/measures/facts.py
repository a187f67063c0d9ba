"""The facts that need no thought: of each key the newest row. And which feeds have measures, for dbt's macros."""

from cchc.contracts import contract
from cchc.contracts.tables import columns_of
from cchc.measures.model import MeasureFile

FACT = """-- Made by `cchc measure sql` from the contract of {feed}: of each key the newest row.
-- {title}
with newest as (
    {{{{ current_row(ref('stg_{feed}'), [{key}]) }}}}
)

select
{columns}
from newest
"""


def fact_sql(file: MeasureFile) -> str:
    """The fact of a feed: every column of its contract, the delivery and line it came from."""
    agreed = contract(file.feed)
    names = [*columns_of(file.feed), "_delivery", "_line", "_flags"]
    return FACT.format(
        feed=file.feed,
        title=agreed.title_vi,
        key=", ".join(f'"{name}"' for name in agreed.key),
        columns=",\n".join(f"    {name}" for name in names),
    )


def macro_sql(files: list[MeasureFile]) -> str:
    """macros/measured_feeds.sql: which rows tell of whom a feed speaks and since when, and the models that are stacked."""
    feeds = "".join(
        f'        {{"feed": "{file.feed}", "rows": "{file.telling}", "first_on": {_quoted(file.first_on)}}},\n' for file in files
    )
    hand = dict.fromkeys(m.model for file in files for m in file.measures if m.model and m.made_of == "rows")
    late = dict.fromkeys(m.model for file in files for m in file.measures if m.model and m.made_of == "figures")
    models = "".join(f'        "{name}",\n' for name in [*(file.model for file in files if file.model), *hand])
    of_figures = "".join(f'        "{name}",\n' for name in late)
    days = "".join(f"""        "{name}": "date '{day.on}'",\n""" for file in files for name, day in file.days.items())
    return f"""{{# Made by `cchc measure sql` from plugins/cchc/measures/definitions: change those, not this. #}}

{{# The feeds that measures are made of: where their rows are, and the first day that any of them speaks of. #}}
{{% macro measured_feeds() %}}
    {{{{ return([
{feeds}    ]) }}}}
{{% endmacro %}}

{{# The models of measures, which measure_unit stacks. #}}
{{% macro measure_models() %}}
    {{{{ return([
{models}    ]) }}}}
{{% endmacro %}}

{{# The models of measures that are made of the others' figures, which reporting_measure stacks. #}}
{{% macro figure_models() %}}
    {{{{ return([
{of_figures}    ]) }}}}
{{% endmacro %}}

{{# A day that definitions rest on (`days` of their files; where each is from: docs/measures.md), as SQL. #}}
{{% macro day_of(name) %}}
    {{{{ return({{
{days}    }}[name]) }}}}
{{% endmacro %}}
"""


def _quoted(text: str | None) -> str:
    return f'"{text}"' if text else "none"
