{{ config(meta={"reference": true}) }}

-- The periods that have begun by the as-of, each with its cut-off. A period of day kind is kept for `day_window` days.
with bounds as (
    select
        period_code,
        kind,
        starts_on,
        ends_on,
        extract(year from ends_on)::int as year, -- of the plan, framework and index it belongs to
        least(ends_on, {{ as_of_day() }}) as cutoff_on,
        (ends_on + 1)::timestamptz - interval '1 microsecond' as ends_at
    from {{ source('reference', 'period') }}
    where
        province = {{ province() }}
        and starts_on <= {{ as_of_day() }}
        and (kind <> 'day' or ends_on > {{ as_of_day() }} - {{ var("day_window") | int }})
)

select
    period_code,
    kind,
    year,
    starts_on,
    ends_on,
    cutoff_on,
    ends_at > {{ as_of() }} as is_open,
    -- the plan's and the quota's year, as the regime bounds it
    coalesce(min(starts_on) filter (where kind = 'year') over same_year, make_date(year, 1, 1)) as year_starts_on,
    coalesce(max(ends_on) filter (where kind = 'year') over same_year, make_date(year, 12, 31)) as year_ends_on
from bounds
window same_year as (partition by year)
