-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/procedure_catalogue.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.interlinked_scope as by_scope,
        -- one_stop_procedure_rate@1
        count(*) as spoken_1,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and fact.one_stop))::numeric as numerator_1,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true))::numeric as denominator_1,
        -- procedure_review_rate@1
        count(*) filter (where fact.review_due_on between unit.year_starts_on and unit.year_ends_on) as spoken_2,
        (count(*) filter (where fact.review_due_on between unit.year_starts_on and unit.year_ends_on and fact.reviewed_on between unit.year_starts_on and unit.cutoff_on))::numeric as numerator_2,
        (count(*) filter (where fact.review_due_on between unit.year_starts_on and unit.year_ends_on))::numeric as denominator_2,
        -- procedure_simplified_count@1
        count(*) filter (where fact.simplified_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.simplified_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_3,
        null::numeric as denominator_3,
        -- procedure_posted_rate@1
        count(*) as spoken_4,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.posting_due_on >= unit.cutoff_on) is not true and fact.posted_office_on <= fact.posting_due_on and fact.posted_web_on <= fact.posting_due_on and fact.content_complete))::numeric as numerator_4,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.posting_due_on >= unit.cutoff_on) is not true))::numeric as denominator_4,
        -- online_service_rate@1
        count(*) as spoken_5,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.roadmap_level is null) is not true and ((fact.roadmap_due_on <= unit.cutoff_on) is not true) is not true and case fact.online_level when 'partial' then '3' when 'full' then '4' else fact.online_level end >= case fact.roadmap_level when 'partial' then '3' when 'full' then '4' else fact.roadmap_level end and fact.online_since <= unit.cutoff_on))::numeric as numerator_5,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.roadmap_level is null) is not true and ((fact.roadmap_due_on <= unit.cutoff_on) is not true) is not true))::numeric as denominator_5,
        -- interlinked_procedure_count@1
        count(*) filter (where fact.interlinked) as spoken_6,
        (count(*) filter (where fact.interlinked and (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true))::numeric as numerator_6,
        null::numeric as denominator_6,
        -- procedure_announced_rate@1
        count(*) filter (where fact.announce_due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_7,
        (count(*) filter (where fact.announce_due_on + 1 between unit.starts_on and unit.cutoff_on and fact.announced_on <= fact.announce_due_on))::numeric as numerator_7,
        (count(*) filter (where fact.announce_due_on + 1 between unit.starts_on and unit.cutoff_on))::numeric as denominator_7,
        -- procedure_published_rate@1
        count(*) filter (where fact.posting_due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_8,
        (count(*) filter (where fact.posting_due_on + 1 between unit.starts_on and unit.cutoff_on and fact.posted_national_on <= fact.posting_due_on))::numeric as numerator_8,
        (count(*) filter (where fact.posting_due_on + 1 between unit.starts_on and unit.cutoff_on))::numeric as denominator_8,
        -- procedure_content_rate@1
        count(*) filter (where fact.posted_national_on <= unit.cutoff_on) as spoken_9,
        (count(*) filter (where fact.posted_national_on <= unit.cutoff_on and (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and fact.content_complete))::numeric as numerator_9,
        (count(*) filter (where fact.posted_national_on <= unit.cutoff_on and (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true))::numeric as denominator_9,
        -- online_procedure_rate@1
        count(*) as spoken_10,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and fact.online_level in ('3', '4', 'partial', 'full') and fact.online_since <= unit.cutoff_on))::numeric as numerator_10,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true))::numeric as denominator_10,
        -- payment_procedure_rate@1
        count(*) as spoken_11,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.financial_duty is not true) is not true and fact.online_payment_since <= unit.cutoff_on))::numeric as numerator_11,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.financial_duty is not true) is not true))::numeric as denominator_11,
        -- population_procedure_rate@1
        count(*) as spoken_12,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.population_db_required is not true) is not true and fact.population_db_since <= unit.cutoff_on))::numeric as numerator_12,
        (count(*) filter (where (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true and (fact.population_db_required is not true) is not true))::numeric as denominator_12
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_procedure') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_scope
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
            ('one_stop_procedure_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('procedure_review_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('procedure_simplified_count', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('procedure_posted_rate', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('online_service_rate', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('interlinked_procedure_count', 1, '', pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('interlinked_procedure_count', 1, 'scope=' || pass_1.by_scope, pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('procedure_announced_rate', 1, '', pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('procedure_published_rate', 1, '', pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('procedure_content_rate', 1, '', pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('online_procedure_rate', 1, '', pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10),
            ('payment_procedure_rate', 1, '', pass_1.spoken_11, pass_1.numerator_11, pass_1.denominator_11),
            ('population_procedure_rate', 1, '', pass_1.spoken_12, pass_1.numerator_12, pass_1.denominator_12)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    sum(said.numerator) as numerator,
    sum(said.denominator) as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)
