-- Where two periods adjoin, a unit's column 6 is its column 11 of the period before, and what was resumed where paused
-- dossiers stand in 9; columns 8, 10 and 13 are what the measures count. Of the province only the sum is asked
-- (form_ii06a_adds_up): what a unit had pending when it ended comes back as its successors tell it.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
)

select
    form.agency_code,
    form.period_code,
    form.dim
from {{ ref('reporting_form_ii06a') }} as form
inner join {{ ref('reporting_period') }} as period on form.period_code = period.period_code
inner join {{ ref('reporting_period') }} as earlier
    on
        period.kind = earlier.kind
        and period.starts_on = earlier.ends_on + 1
inner join {{ ref('reporting_form_ii06a') }} as before
    on
        form.agency_code = before.agency_code
        and earlier.period_code = before.period_code
        and form.dim = before.dim
where
    form.c6 <> before.c11 + form.resumed
    and form.agency_code not in (select province.agency_code from province)
    and form.dim not like '%tree=today'
union all
select
    form.agency_code,
    form.period_code,
    form.dim
from {{ ref('reporting_form_ii06a') }} as form
inner join {{ ref('dossier_period') }} as counted
    on
        form.agency_code = counted.agency_code
        and form.period_code = counted.period_code
where
    form.dim = ''
    and counted.channel = ''
    and form.agency_code not in (select province.agency_code from province)
    and (form.c13, form.c8, form.c10) <> (counted.overdue, counted.early, counted.late)
