-- The predicates that a duty may bind by: which units one holds for, from which day, until which (inclusive).
select
    agency_code,
    'one_stop' as predicate,
    one_stop_since as since,
    null::date as until
from {{ ref('fct_organisation') }}
where one_stop_since is not null
union all
select
    agency_code,
    'inspected' as predicate,
    min(found_on) as since,
    null::date as until
from {{ ref('stg_inspection') }}
where record = 'finding'
group by agency_code
union all
select
    agency_code,
    'drafting' as predicate,
    make_date(left(min(period), 4)::int, 1, 1) as since, -- of the year whose list names it
    null::date as until
from {{ ref('stg_legal_document') }}
group by agency_code
union all
select
    agency_code,
    'entitled' as predicate,
    make_date(left(min(period), 4)::int, 1, 1) as since,
    null::date as until
from {{ ref('stg_finance_autonomy') }}
where
    record = 'body'
    and entitled
group by agency_code
union all
select
    agency_code,
    'surveyed' as predicate,
    min(closed_on) as since,
    null::date as until
from {{ ref('stg_survey_round') }}
where
    sector is not null
    and closed_on is not null
group by agency_code
union all
select
    verifier as agency_code,
    'verifier' as predicate,
    make_date(min(year_from), 1, 1) as since,
    make_date(max(coalesce(year_to, 9999)), 12, 31) as until
from {{ source('reference', 'criterion') }}
where
    province = {{ province() }}
    and verifier is not null
group by verifier
