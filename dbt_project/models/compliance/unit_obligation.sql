-- Who owes what in which period: the duties of the directives that bind the province at the period's end, for every
-- unit that a duty applies to: a kind, a block, every agency, a list of names, or those a predicate holds for. A unit
-- met by two rows of a duty owes it once, by the narrower one.
with binding as (
    select
        obligation.*,
        directive.valid_from as directive_from,
        directive.valid_to as directive_to,
        case
            when obligation.applies_to = 'list' then 1
            when obligation.applies_to in ('province', 'department', 'district', 'commune') then 2
            when obligation.applies_to like 'block:%' then 3
            when obligation.applies_to = 'agency' then 5
            else 4
        end as breadth
    from {{ source('reference', 'obligation') }} as obligation
    inner join {{ source('reference', 'directive') }} as directive
        on
            obligation.province = directive.province
            and obligation.directive = directive.directive
    where obligation.province = {{ province() }}
)

select distinct on (
    unit.agency_code, unit.period_code, binding.obligation, binding.directive, binding.measure
)
    unit.agency_code,
    unit.period_code,
    unit.period_kind,
    unit.starts_on,
    unit.ends_on,
    unit.cutoff_on,
    unit.is_open,
    binding.obligation,
    binding.directive,
    binding.clause,
    binding.clause_rank,
    binding.measure,
    binding.target,
    binding.target_kind,
    binding.target_rule,
    coalesce(binding.direction, 'rising') as direction,
    (binding.due_periods is null or unit.period_kind = any(string_to_array(binding.due_periods, ' ')))
    and (binding.due_on is null or unit.ends_on >= binding.due_on) as falls_due,
    unit.ends_on >= binding.valid_from
    and (binding.valid_to is null or unit.ends_on < binding.valid_to) as is_in_force
from {{ ref('unit_period') }} as unit
inner join binding
    on
        unit.period_kind = any(string_to_array(binding.periods, ' '))
        and unit.ends_on >= binding.directive_from
        and (binding.directive_to is null or unit.ends_on < binding.directive_to)
left join {{ source('reference', 'obligation_unit') }} as named
    on
        binding.applies_to = 'list'
        and binding.province = named.province
        and binding.obligation = named.obligation
        and binding.directive = named.directive
        and unit.agency_code = named.agency_code
        and unit.ends_on >= named.valid_from
        and (named.valid_to is null or unit.ends_on < named.valid_to)
left join {{ ref('unit_predicate') }} as holds
    on
        unit.agency_code = holds.agency_code
        and binding.applies_to = holds.predicate
        and unit.cutoff_on >= holds.since
        and (holds.until is null or unit.cutoff_on <= holds.until)
where
    binding.applies_to in (unit.kind, 'block:' || unit.block)
    or (binding.applies_to = 'agency' and unit.block is not null)
    or named.agency_code is not null
    or holds.agency_code is not null
order by
    unit.agency_code, unit.period_code, binding.obligation, binding.directive, binding.measure, binding.breadth
