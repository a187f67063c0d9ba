-- The form's own sums, for every unit, sector and level (TT 01/2020/TT-VPCP): 3 = 4 + 5 + 6 = 7 + 11, 7 = 8 + 9 + 10,
-- 11 = 12 + 13; nothing is negative; sectors add up to their unit, levels to the province, by either tree.
select
    form.agency_code,
    form.period_code,
    form.dim
from {{ ref('reporting_form_ii06a') }} as form
where
    form.c3 <> form.c4 + form.c5 + form.c6
    or form.c3 <> form.c7 + form.c11
    or form.c7 <> form.c8 + form.c9 + form.c10
    or form.c11 <> form.c12 + form.c13
    or least(form.c4, form.c5, form.c6, form.c8, form.c9, form.c10, form.c12, form.c13) < 0
union all
select
    form.agency_code,
    form.period_code,
    'sums' as dim
from {{ ref('reporting_form_ii06a') }} as form
where form.dim not like '%tree=today'
group by form.agency_code, form.period_code
having
    sum(form.c3) filter (where form.dim = '') <> sum(form.c3) filter (where form.dim <> '')
    or sum(form.c8) filter (where form.dim = '') <> sum(form.c8) filter (where form.dim <> '')
    or sum(form.c9) filter (where form.dim = '') <> sum(form.c9) filter (where form.dim <> '')
    or sum(form.c13) filter (where form.dim = '') <> sum(form.c13) filter (where form.dim <> '')
union all
select
    form.agency_code,
    form.period_code,
    'by tree' as dim
from {{ ref('reporting_form_ii06a') }} as form
where
    form.dim = ''
    or form.dim like 'level=%,tree=today'
    or form.dim like 'rest=%,tree=today'
group by form.agency_code, form.period_code
having
    sum(form.c3) filter (where form.dim = '') <> sum(form.c3) filter (where form.dim <> '')
    or sum(form.c7) filter (where form.dim = '') <> sum(form.c7) filter (where form.dim <> '')
