{{ config(materialized="view") }}

-- The bounds of the 95 % interval by Wilson's formula beside each share of the satisfied, of units, levels, breakdowns
-- and the province: (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). Nobody asked: no interval.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

share as (
    select
        agency_code,
        period_code,
        version,
        dim,
        numerator / denominator as p,
        denominator as n,
        1.959964 as z
    from {{ ref('measure_unit') }}
    where
        measure = 'satisfaction_index'
        and denominator > 0
        and agency_code not in (select province.agency_code from province)
    union all
    select
        agency_code,
        period_code,
        version,
        dim,
        numerator / denominator as p,
        denominator as n,
        1.959964 as z
    from {{ ref('measure_province') }}
    where
        measure = 'satisfaction_index'
        and denominator > 0
),

bounded as (
    select
        agency_code,
        period_code,
        version,
        dim,
        n,
        p + z * z / (2 * n) as middle,
        z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) as half,
        1 + z * z / n as over
    from share
)

select
    bounded.agency_code,
    bounded.period_code,
    side.measure,
    bounded.version,
    bounded.dim,
    trim_scale(round(least(greatest((bounded.middle + side.sign * bounded.half) / bounded.over, 0), 1), 9) * bounded.n)
        as numerator,
    bounded.n as denominator,
    false as is_provisional
from bounded
cross join lateral (values ('satisfaction_lower', -1), ('satisfaction_upper', 1)) as side (measure, sign)
