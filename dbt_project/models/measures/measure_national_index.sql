-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/national_index.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.criterion as by_field,
        -- national_rank@1
        count(*) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.rank is not null) as spoken_1,
        (sum(fact.rank) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.rank is not null))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- national_rank_change@1
        count(*) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.rank - fact.rank_before is not null) as spoken_2,
        (sum(fact.rank - fact.rank_before) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.rank - fact.rank_before is not null))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- national_score@1
        count(*) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points is not null) as spoken_3,
        (sum(fact.points) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points is not null))::numeric as numerator_3,
        null::numeric as denominator_3,
        -- national_score_change@1
        count(*) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points - fact.points_before is not null) as spoken_4,
        (sum(fact.points - fact.points_before) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion = 'total' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points - fact.points_before is not null))::numeric as numerator_4,
        null::numeric as denominator_4,
        -- points_announced@1
        count(*) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion ~ '^[0-9]+$' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points is not null) as spoken_5,
        (sum(fact.points) filter (where fact.index_code = 'PAR-INDEX' and fact.criterion ~ '^[0-9]+$' and left(fact.period, 4) = unit.year::text and fact.is_own and fact.points is not null))::numeric as numerator_5,
        null::numeric as denominator_5
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_national_index') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('year')
    group by unit.agency_code, unit.period_code, by_field
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
            ('national_rank', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('national_rank_change', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('national_score', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('national_score_change', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('points_announced', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('points_announced', 1, 'field=' || pass_1.by_field, pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5)
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
