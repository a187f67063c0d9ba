{{ config(alias="form_ii07b", meta={"distribute_by": "agency_code"}) }}

-- Form II.07b/VPCP/KSTT: procedures in force at the cut-off, through one-stop and with an internal process, each by
-- level (province, district, commune). A unit's own and by procedure sector; the province's are those of its units,
-- each procedure once a level. Where the contract version tells no internal process, columns 11 to 14 are empty.
-- Where units were merged since, also by today's tree (dimension tree=today): each procedure of theirs once a level.
with merged as (
    {{ merged_since() }}
),

held as (
    select
        unit.agency_code,
        unit.period_code,
        today.successor_code,
        fact.one_stop,
        unit_feed.contract_version > 1 as tells_process,
        coalesce(fact.level, unit.level) as level,
        coalesce(fact.national_code, fact.procedure_code) as code,
        nullif(btrim(fact.sector), '') as sector_vi,
        fact.internal_process_on <= unit.cutoff_on as has_process
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('unit_feed') }} as unit_feed
        on
            unit.agency_code = unit_feed.agency_code
            and unit_feed.feed = 'procedure_catalogue'
    inner join {{ ref('unit_successor') }} as today on unit.agency_code = today.agency_code
    inner join {{ ref('fct_procedure') }} as fact on unit.agency_code = fact.agency_code
    where
        unit.period_kind in ('quarter', 'half', 'nine_months', 'year')
        and (fact.in_force_from > unit.cutoff_on) is not true
        and (fact.in_force_to <= unit.cutoff_on) is not true
        and unit.kind <> 'province'
),

province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

-- of the province's units together a procedure is in one sector, and through one-stop where any handles it so
scoped as (
    select
        whose.agency_code,
        held.period_code,
        whose.tree,
        held.level,
        held.code,
        min(held.sector_vi) as sector_vi,
        bool_or(held.tells_process) as tells_process,
        coalesce(bool_or(held.one_stop), false) as one_stop,
        coalesce(bool_or(held.has_process), false) as has_process
    from held
    left join province on true
    cross join
        lateral (
            values
            (held.agency_code, ''),
            (province.agency_code, ''),
            (held.successor_code, 'tree=today')
        ) as whose (agency_code, tree)
    where
        whose.agency_code is not null
        and (
            whose.tree = ''
            or (held.successor_code, held.period_code) in (
                select
                    merged.successor_code,
                    merged.period_code
                from merged
            )
        )
    group by whose.agency_code, held.period_code, whose.tree, held.level, held.code
),

counted as (
    select
        scoped.agency_code,
        scoped.period_code,
        concat_ws(',', nullif(scope.dim, ''), nullif(scoped.tree, '')) as dim,
        scope.sector_vi,
        count(*) filter (where scoped.level = 'province') as c4,
        count(*) filter (where scoped.level = 'district') as c5,
        count(*) filter (where scoped.level = 'commune') as c6,
        count(*) filter (where scoped.level = 'province' and scoped.one_stop) as c8,
        count(*) filter (where scoped.level = 'district' and scoped.one_stop) as c9,
        count(*) filter (where scoped.level = 'commune' and scoped.one_stop) as c10,
        count(*) filter (where scoped.level = 'province' and scoped.has_process) as c12,
        count(*) filter (where scoped.level = 'district' and scoped.has_process) as c13,
        count(*) filter (where scoped.level = 'commune' and scoped.has_process) as c14,
        bool_or(scoped.tells_process) as tells_process
    from scoped
    cross join
        lateral (
            values
            ('', null), ('sector=lv-' || left(md5(coalesce(scoped.sector_vi, '')), 6), scoped.sector_vi)
        ) as scope (dim, sector_vi)
    group by scoped.agency_code, scoped.period_code, scoped.tree, scope.dim, scope.sector_vi
)

select
    agency_code,
    period_code,
    dim,
    sector_vi,
    c4 + c5 + c6 as c3,
    c4,
    c5,
    c6,
    c8 + c9 + c10 as c7,
    c8,
    c9,
    c10,
    case when tells_process then c12 + c13 + c14 end as c11,
    case when tells_process then c12 end as c12,
    case when tells_process then c13 end as c13,
    case when tells_process then c14 end as c14
from counted
