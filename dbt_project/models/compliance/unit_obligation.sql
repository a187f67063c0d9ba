-- Who owes what in which period: the duties of the directives that bind the province at the period's end, for every
-- unit that a duty applies to. A unit met by two rows of a duty owes it once, by the narrower one.
with binding as (
    select
        obligation.*,
        directive.valid_from as directive_from,
        directive.valid_to as directive_to
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
    unit.is_open,
    binding.obligation,
    binding.directive,
    binding.clause,
    binding.measure,
    binding.target,
    binding.target_kind,
    unit.ends_on >= binding.valid_from
    and (binding.valid_to is null or unit.ends_on < binding.valid_to) as is_in_force
from {{ ref('unit_period') }} as unit
inner join binding
    on
        unit.period_kind = any(string_to_array(binding.periods, ' '))
        and unit.ends_on >= binding.directive_from
        and (binding.directive_to is null or unit.ends_on < binding.directive_to)
left join {{ ref('fct_organisation') }} as organisation on unit.agency_code = organisation.agency_code
where
    case binding.applies_to
        when 'agency' then unit.block is not null
        when 'one_stop' then organisation.one_stop_since <= unit.cutoff_on
        else unit.kind = binding.applies_to
    end
order by
    unit.agency_code, unit.period_code, binding.obligation, binding.directive, binding.measure,
    binding.applies_to = 'agency', binding.applies_to = 'one_stop'
