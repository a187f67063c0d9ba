-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/organisation.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        case when fact.modern_one_stop_live_on <= unit.cutoff_on then 'live' when fact.modern_one_stop_approved_on <= unit.cutoff_on then 'approved' when fact.modern_one_stop_appraised_on <= unit.cutoff_on then 'appraised' when fact.modern_one_stop_scheme_on <= unit.cutoff_on then 'scheme' when num_nonnulls(fact.modern_one_stop_scheme_on, fact.modern_one_stop_appraised_on, fact.modern_one_stop_approved_on) = 0 and fact.modern_one_stop_stage <> 'live' then fact.modern_one_stop_stage else 'none' end as by_stage,
        -- one_stop_body_count@1
        count(*) as spoken_1,
        (count(*) filter (where fact.one_stop_since <= unit.cutoff_on))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- modern_one_stop_rate@1
        count(*) as spoken_2,
        (count(*) filter (where (fact.modern_one_stop_listed is not true) is not true and fact.modern_one_stop_live_on <= unit.cutoff_on))::numeric as numerator_2,
        (count(*) filter (where (fact.modern_one_stop_listed is not true) is not true))::numeric as denominator_2,
        -- function_review_done@1
        count(*) as spoken_3,
        (count(*) filter (where fact.function_reviewed_on between unit.year_starts_on and unit.cutoff_on))::numeric as numerator_3,
        null::numeric as denominator_3,
        -- regulation_current@1
        count(*) as spoken_4,
        (count(*) filter (where fact.working_regulation_from <= unit.cutoff_on and (fact.working_regulation_to <= unit.cutoff_on) is not true))::numeric as numerator_4,
        null::numeric as denominator_4,
        -- iso_rate@1
        count(*) as spoken_5,
        (count(*) filter (where (fact.iso_required is not true) is not true and fact.iso_certified_on <= unit.cutoff_on and (fact.iso_valid_to < unit.cutoff_on) is not true))::numeric as numerator_5,
        (count(*) filter (where (fact.iso_required is not true) is not true))::numeric as denominator_5,
        -- one_stop_software_rate@1
        count(*) as spoken_6,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true and fact.one_stop_software_since <= unit.cutoff_on))::numeric as numerator_6,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true))::numeric as denominator_6,
        -- one_stop_regulation_rate@1
        count(*) as spoken_7,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true and fact.one_stop_regulation_from <= unit.cutoff_on and (fact.one_stop_regulation_to <= unit.cutoff_on) is not true))::numeric as numerator_7,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true))::numeric as denominator_7,
        -- facility_standard_rate@1
        count(*) as spoken_8,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true and (num_nulls(fact.one_stop_area_m2, fact.one_stop_area_required_m2, fact.one_stop_equipment_complete) > 0) is not true and fact.one_stop_area_m2 >= fact.one_stop_area_required_m2 and fact.one_stop_equipment_complete))::numeric as numerator_8,
        (count(*) filter (where ((fact.one_stop_since <= unit.cutoff_on) is not true) is not true and (num_nulls(fact.one_stop_area_m2, fact.one_stop_area_required_m2, fact.one_stop_equipment_complete) > 0) is not true))::numeric as denominator_8,
        -- provincial_centre_live@1
        count(*) as spoken_9,
        (count(*) filter (where fact.centre_live_on <= unit.cutoff_on))::numeric as numerator_9,
        null::numeric as denominator_9,
        -- centre_procedure_rate@1
        count(*) as spoken_10,
        (sum(fact.centre_procedures_moved) filter (where (fact.centre_procedures_moved is null or fact.centre_procedures_planned is null) is not true))::numeric as numerator_10,
        (sum(fact.centre_procedures_planned) filter (where (fact.centre_procedures_moved is null or fact.centre_procedures_planned is null) is not true))::numeric as denominator_10,
        -- certified_copy_rate@1
        count(*) as spoken_11,
        (count(*) filter (where (fact.certified_copy_required is not true) is not true and fact.certified_copy_since <= unit.cutoff_on))::numeric as numerator_11,
        (count(*) filter (where (fact.certified_copy_required is not true) is not true))::numeric as denominator_11
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_organisation') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_stage
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
            ('one_stop_body_count', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('modern_one_stop_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('modern_one_stop_rate', 1, 'stage=' || pass_1.by_stage, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('function_review_done', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('regulation_current', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('iso_rate', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('one_stop_software_rate', 1, '', pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('one_stop_regulation_rate', 1, '', pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('facility_standard_rate', 1, '', pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('provincial_centre_live', 1, '', pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('centre_procedure_rate', 1, '', pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10),
            ('certified_copy_rate', 1, '', pass_1.spoken_11, pass_1.numerator_11, pass_1.denominator_11)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    case when said.measure in ('function_review_done', 'provincial_centre_live', 'regulation_current') then least(sum(said.numerator), 1) else sum(said.numerator) end as numerator,
    case when said.measure in ('function_review_done', 'provincial_centre_live', 'regulation_current') then least(sum(said.denominator), 1) else sum(said.denominator) end as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)
