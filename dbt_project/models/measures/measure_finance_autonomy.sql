-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/finance_autonomy.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.body_kind as by_body_kind,
        coalesce(fact.level, unit.level) as by_body_level,
        fact.decree as by_decree,
        fact.purpose as by_purpose,
        -- autonomy_rate@1
        count(*) filter (where fact.record = 'body' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_1,
        (count(*) filter (where (fact.record = 'body' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.entitled is not true) is not true) and fact.autonomous_since <= unit.cutoff_on))::numeric as numerator_1,
        (count(*) filter (where fact.record = 'body' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.entitled is not true) is not true))::numeric as denominator_1,
        -- par_budget_execution_rate@1
        count(*) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_2,
        (sum(fact.spent) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.purpose = 'other') is not true and ((fact.allocated is null or fact.spent is null) is not true)))::numeric as numerator_2,
        (sum(fact.allocated) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.purpose = 'other') is not true and ((fact.allocated is null or fact.spent is null) is not true)))::numeric as denominator_2,
        -- allocation_rate@1
        count(*) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_3,
        (sum(fact.allocated) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.purpose not in ('par', 'one_stop')) is not true and ((fact.requested is null or fact.allocated is null) is not true)))::numeric as numerator_3,
        (sum(fact.requested) filter (where fact.record = 'budget' and fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.purpose not in ('par', 'one_stop')) is not true and ((fact.requested is null or fact.allocated is null) is not true)))::numeric as denominator_3,
        -- desk_allowance_decided@1
        count(*) filter (where fact.starts_on <= unit.cutoff_on) as spoken_4,
        (count(*) filter (where fact.starts_on <= unit.cutoff_on and fact.desk_allowance_decided_on <= unit.cutoff_on))::numeric as numerator_4,
        null::numeric as denominator_4
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_finance_autonomy') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'year')
    group by unit.agency_code, unit.period_code, by_body_kind, by_body_level, by_decree, by_purpose
),

said as (
    select
        pass_1.agency_code,
        pass_1.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_1
    cross join
        lateral (
            values
            ('autonomy_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('autonomy_rate', 1, 'decree=' || pass_1.by_decree, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('autonomy_rate', 1, 'body_kind=' || pass_1.by_body_kind, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('autonomy_rate', 1, 'body_level=' || pass_1.by_body_level, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('autonomy_rate', 1, 'body_kind=' || pass_1.by_body_kind || ',' || 'body_level=' || pass_1.by_body_level, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('par_budget_execution_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('par_budget_execution_rate', 1, 'purpose=' || pass_1.by_purpose, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('allocation_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('allocation_rate', 1, 'purpose=' || pass_1.by_purpose, pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('desk_allowance_decided', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    case when said.measure in ('desk_allowance_decided') then least(sum(said.numerator), 1) else sum(said.numerator) end as numerator,
    case when said.measure in ('desk_allowance_decided') then least(sum(said.denominator), 1) else sum(said.denominator) end as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)
