{{ config(materialized="table", meta={"distribute_by": "agency_code"}) }}

-- The points of every scored criterion. An empty denominator gives what the criterion says; a figure that was not
-- collected gives none: the criterion has not started and its points stay in the unit's maximum.
with banded as (
    select distinct on (figure.agency_code, figure.period_code, figure.framework, figure.version, figure.code)
        figure.agency_code,
        figure.period_code,
        figure.framework,
        figure.version,
        figure.code,
        band.points
    from {{ ref('criterion_figure') }} as figure
    inner join {{ ref('criterion_band') }} as band
        on
            figure.framework = band.framework
            and figure.version = band.version
            and figure.block = band.block
            and figure.code = band.code
    where
        case
            when band.is_ceiling then figure.value <= band.bound
            when band.is_strict then figure.value > band.bound
            else figure.value >= band.bound
        end
    order by
        figure.agency_code, figure.period_code, figure.framework, figure.version, figure.code, band.number
),

scored as (
    select
        figure.*,
        coalesce(figure.status, 'M') <> 'M' and figure.value is null as is_empty,
        case
            when coalesce(figure.status, 'M') = 'M' then null
            when figure.value is null
                then case figure.empty_result when 'zero' then 0 when 'full' then figure.points_max end
            when figure.rule = 'bands' then coalesce(banded.points, 0)
            when figure.value < coalesce((figure.parameters ->> 'floor')::numeric, 0) then 0
            when figure.rule = 'proportional'
                then
                    least(
                        figure.points_max * coalesce((figure.parameters ->> 'cap')::numeric, 1),
                        figure.points_max * figure.value / (figure.parameters ->> 'target')::numeric
                    )
        end as points
    from {{ ref('criterion_figure') }} as figure
    left join banded
        on
            figure.agency_code = banded.agency_code
            and figure.period_code = banded.period_code
            and figure.framework = banded.framework
            and figure.version = banded.version
            and figure.code = banded.code
)

select
    agency_code,
    period_code,
    period_kind,
    is_open,
    framework,
    version,
    block,
    code,
    figure,
    value,
    points_max,
    case when is_empty and empty_result = 'not_applicable' then 0 else points_max end as points_applicable,
    trim_scale(round(points, 12)) as points, -- so that a third and two thirds are one
    case
        when points is null and not (is_empty and empty_result = 'not_applicable') then 'not_started'
        else 'measured' -- what data give stands until somebody verifies it: no criterion is final before
    end as stage
from scored
