-- The form's own sums, for every unit and sector: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10, 11 = 12 + 13 + 14, 7 and 11 no more
-- than 3, level by level; sectors add up to their unit; the whole is what the measures count of a unit.
select
    form.agency_code,
    form.period_code,
    form.dim
from {{ ref('reporting_form_ii07b') }} as form
where
    form.c3 <> form.c4 + form.c5 + form.c6
    or form.c7 <> form.c8 + form.c9 + form.c10
    or form.c11 <> form.c12 + form.c13 + form.c14
    or form.c8 > form.c4
    or form.c9 > form.c5
    or form.c10 > form.c6
    or greatest(form.c7, form.c11) > form.c3
union all
select
    form.agency_code,
    form.period_code,
    'sums' as dim
from {{ ref('reporting_form_ii07b') }} as form
where form.dim not like '%tree=today'
group by form.agency_code, form.period_code
having
    sum(form.c3) filter (where form.dim = '') <> sum(form.c3) filter (where form.dim <> '')
    or sum(form.c7) filter (where form.dim = '') <> sum(form.c7) filter (where form.dim <> '')
    or sum(form.c11) filter (where form.dim = '') <> sum(form.c11) filter (where form.dim <> '')
union all
select
    form.agency_code,
    form.period_code,
    'measure' as dim
from {{ ref('reporting_form_ii07b') }} as form
inner join {{ ref('measure_unit') }} as counted
    on
        form.agency_code = counted.agency_code
        and form.period_code = counted.period_code
        and form.dim = counted.dim
inner join {{ ref('stg_unit') }} as unit on form.agency_code = unit.agency_code
where
    counted.measure = 'one_stop_procedure_rate'
    and counted.version = 1
    and unit.kind <> 'province'
    and form.c7 > counted.numerator -- equal, unless a unit holds local forms of one procedure
