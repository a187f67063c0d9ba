{{ config(meta={"distribute_by": "agency_code"}, pre_hook="{{ hurry_sorts() }}") }}

-- Late or wrong dossiers whose apology came after the day they were resolved: such a letter counts in the periods
-- whose cut-off it meets. The others are in agg_dossier_day.
select
    agency_code,
    channel,
    closed_on,
    apology_on,
    count(*) as apologised_later
from {{ ref('fct_dossier') }}
where
    is_faulty
    and closed_at <= {{ as_of() }}
    and apology_on > closed_on
    and apology_on <= {{ as_of_day() }}
group by agency_code, channel, closed_on, apology_on
