-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/staff.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.discipline as by_discipline,
        fact.kind as by_kind,
        coalesce(fact.level, unit.level) as by_post_level,
        -- headcount@1
        count(*) filter (where fact.in_post_from <= unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- streamlining_rate@1
        count(*) filter (where fact.left_as = 'streamlined' and fact.in_post_to between unit.year_starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.left_as = 'streamlined' and fact.in_post_to between unit.year_starts_on and unit.cutoff_on))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- headcount_vs_quota@1
        case when count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and (strpos(fact.quota_years, unit.year::text) = 0)) > 0 then '-infinity'::numeric else 0 end as spoken_3,
        (count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and (strpos(fact.quota_years, unit.year::text) = 0) is not true))::numeric as numerator_3,
        null::numeric as denominator_3,
        -- position_fit_rate@1
        count(*) filter (where fact.in_post_from <= unit.cutoff_on) as spoken_4,
        (count(*) filter (where (fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and ((fact.rank_fits is null or fact.qualification_fits is null) is not true)) and fact.rank_fits and fact.qualification_fits))::numeric as numerator_4,
        (count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and ((fact.rank_fits is null or fact.qualification_fits is null) is not true)))::numeric as denominator_4,
        -- one_stop_staff_qualified_rate@1
        count(*) filter (where fact.at_one_stop and fact.in_post_from <= unit.cutoff_on) as spoken_5,
        (count(*) filter (where fact.at_one_stop and fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and fact.qualification_fits and fact.one_stop_trained_on <= unit.cutoff_on))::numeric as numerator_5,
        (count(*) filter (where fact.at_one_stop and fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true))::numeric as denominator_5,
        -- desk_vacancies@1
        0 as spoken_6,
        (sum(-1) filter (where fact.at_one_stop and fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true))::numeric as numerator_6,
        null::numeric as denominator_6,
        -- staff_reviewed_rate@1
        count(*) filter (where fact.in_post_from <= unit.cutoff_on) as spoken_7,
        (count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and (fact.in_post_from > unit.cutoff_on - interval '6 months') is not true and fact.reviewed_on between unit.year_starts_on and unit.cutoff_on and fact.review_published_on <= unit.cutoff_on))::numeric as numerator_7,
        (count(*) filter (where fact.in_post_from <= unit.cutoff_on and (fact.in_post_to <= unit.cutoff_on) is not true and (fact.in_post_from > unit.cutoff_on - interval '6 months') is not true))::numeric as denominator_7,
        -- recruited_count@1
        count(*) filter (where fact.recruited_on between unit.starts_on and unit.cutoff_on) as spoken_8,
        (count(*) filter (where fact.recruited_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_8,
        null::numeric as denominator_8,
        -- exam_appointed_count@1
        count(*) filter (where fact.in_post_from between unit.starts_on and unit.cutoff_on) as spoken_9,
        (count(*) filter (where fact.in_post_from between unit.starts_on and unit.cutoff_on and (fact.appointed_by_exam is not true) is not true))::numeric as numerator_9,
        null::numeric as denominator_9,
        -- disciplined_count@1
        count(*) filter (where fact.disciplined_on between unit.starts_on and unit.cutoff_on) as spoken_10,
        (count(*) filter (where fact.disciplined_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_10,
        null::numeric as denominator_10
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_staff') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_discipline, by_kind, by_post_level
),

pass_2 as (
    select
        unit.agency_code,
        unit.period_code,
        -- streamlining_rate@1
        count(*) filter (where fact.period = unit.year::text and fact.kind <> 'one_stop_desk') as spoken_1,
        null::numeric as numerator_1,
        (sum(fact.streamlining_target) filter (where fact.period = unit.year::text and fact.kind <> 'one_stop_desk'))::numeric as denominator_1,
        -- headcount_vs_quota@1
        count(*) filter (where fact.period = unit.year::text and fact.kind <> 'one_stop_desk' and fact.quota is not null) as spoken_2,
        (sum(-fact.quota) filter (where fact.period = unit.year::text and fact.kind <> 'one_stop_desk' and fact.quota is not null))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- desk_vacancies@1
        count(*) filter (where fact.period = unit.year::text and fact.kind = 'one_stop_desk' and fact.quota is not null) as spoken_3,
        (sum(fact.quota) filter (where fact.period = unit.year::text and fact.kind = 'one_stop_desk' and fact.quota is not null))::numeric as numerator_3,
        null::numeric as denominator_3
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_staff_quota') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
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
            ('headcount', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('headcount', 1, 'kind=' || pass_1.by_kind, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('headcount', 1, 'post_level=' || pass_1.by_post_level, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('headcount', 1, 'kind=' || pass_1.by_kind || ',' || 'post_level=' || pass_1.by_post_level, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('streamlining_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('headcount_vs_quota', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('position_fit_rate', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('one_stop_staff_qualified_rate', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('desk_vacancies', 1, '', pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('staff_reviewed_rate', 1, '', pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('recruited_count', 1, '', pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('exam_appointed_count', 1, '', pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('disciplined_count', 1, '', pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10),
            ('disciplined_count', 1, 'discipline=' || pass_1.by_discipline, pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10)
        ) as said (measure, version, dim, spoken, numerator, denominator)

    union all
    select
        pass_2.agency_code,
        pass_2.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_2
    cross join
        lateral (
            values
            ('streamlining_rate', 1, '', pass_2.spoken_1, pass_2.numerator_1, pass_2.denominator_1),
            ('headcount_vs_quota', 1, '', pass_2.spoken_2, pass_2.numerator_2, pass_2.denominator_2),
            ('desk_vacancies', 1, '', pass_2.spoken_3, pass_2.numerator_3, pass_2.denominator_3)
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
