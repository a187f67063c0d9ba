{{ config(alias="form_ii06a", meta={"distribute_by": "agency_code"}) }}
{%- set paused_aside = province_setting("form_ii06a_paused", "in_time") == "column_9" %}

-- Form II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP): each collected unit as a whole and by procedure sector; the province in
-- total and by level. `c4` is the form's column 4. What stands in 9 by the form's note is counted beside it; paused
-- dossiers stand in 12, or by the setting form_ii06a_paused in 9, and enter again in 6 when they are resumed.
-- Where units were merged or ended since, also by today's tree (dimension tree=today, as figure_by_today has it).
with merged as (
    {{ merged_since() }}
),

unit as (
    select
        unit_period.agency_code,
        unit_period.period_code,
        unit_period.level,
        today.successor_code,
        place.level as level_today
    from {{ ref('unit_period') }} as unit_period
    inner join {{ ref('unit_successor') }} as today on unit_period.agency_code = today.agency_code
    left join {{ ref('stg_unit') }} as place on today.successor_code = place.agency_code
    inner join {{ ref('unit_feed') }} as unit_feed on unit_period.agency_code = unit_feed.agency_code
    where
        unit_feed.feed = 'dossier_log'
        and unit_feed.first_on <= unit_period.cutoff_on
        and unit_period.period_kind in ('quarter', 'half', 'nine_months', 'year')
),

counted as (
    select
        agency_code,
        period_code,
        'sector=lv-' || left(md5(sector), 6) as dim,
        sector as sector_vi,
        received_online as c4,
        received_otherwise as c5,
        carried_over{{ " - carried_over_paused + resumed_in_time" if paused_aside }} as c6,
        closed{{ " + paused_in_time" if paused_aside }} as c7,
        early as c8,
        on_time + returned + stopped + no_due{{ " + paused_in_time" if paused_aside }} as c9,
        late as c10,
        pending{{ " - pending_paused_in_time" if paused_aside }} as c11,
        overdue as c13,
        returned,
        stopped,
        no_due,
        {{ "paused_in_time" if paused_aside else "pending_paused" }} as paused,
        {{ "resumed_in_time" if paused_aside else "0::numeric" }} as resumed
    from {{ ref('dossier_sector_period') }}
),

province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

told as (
    select
        unit.agency_code,
        unit.period_code,
        unit.level,
        unit.successor_code,
        unit.level_today,
        counted.dim as sector,
        counted.sector_vi,
        {{ each(form_columns(), "counted.#") }}
    from unit
    left join counted
        on
            unit.agency_code = counted.agency_code
            and unit.period_code = counted.period_code
),

-- a unit's sectors and the unit itself; the province's total and levels, its own dossiers among them
scoped as (
    select
        told.agency_code,
        told.period_code,
        scope.dim,
        scope.sector_vi,
        {{ each(form_columns(), "told.#") }}
    from told
    cross join lateral (values ('', null), (told.sector, told.sector_vi)) as scope (dim, sector_vi)
    where
        scope.dim is not null
        and told.agency_code not in (select province.agency_code from province)
    union all
    select
        province.agency_code,
        told.period_code,
        scope.dim,
        null as sector_vi,
        {{ each(form_columns(), "told.#") }}
    from told
    cross join province
    cross join lateral (values (''), ('level=' || told.level)) as scope (dim)
    union all
    select
        told.successor_code as agency_code,
        told.period_code,
        scope.dim,
        scope.sector_vi,
        {{ each(form_columns(), "told.#") }}
    from told
    cross join
        lateral (
            values ('tree=today', null), (told.sector || ',tree=today', told.sector_vi)
        ) as scope (dim, sector_vi)
    where
        scope.dim is not null
        and (told.successor_code, told.period_code) in (
            select
                merged.successor_code,
                merged.period_code
            from merged
        )
    union all
    select
        province.agency_code,
        told.period_code,
        coalesce('level=' || told.level_today, 'rest=no_successor') || ',tree=today' as dim,
        null as sector_vi,
        {{ each(form_columns(), "told.#") }}
    from told
    cross join province
    where told.period_code in (select merged.period_code from merged)
)

select
    agency_code,
    period_code,
    dim,
    sector_vi,
    sum(coalesce(c4 + c5 + c6, 0))::bigint as c3,
    {{ each(form_columns(), "sum(coalesce(#, 0))::bigint") }},
    sum(coalesce(c11 - c13, 0))::bigint as c12
from scoped
group by agency_code, period_code, dim, sector_vi
