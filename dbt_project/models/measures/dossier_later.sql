{{ config(meta={"distribute_by": "agency_code"}) }}

-- Dossiers with an instant after the as-of on the as-of's own day: counts by day take it for past. None when the as-of
-- ends its day.
select dossier.*
from {{ ref('fct_dossier') }} as dossier
where
    {{ as_of() }} < ({{ as_of_day() }} + 1)::timestamptz - interval '1 microsecond'
    and (
        (dossier.received_on = {{ as_of_day() }} and dossier.received_at > {{ as_of() }})
        or (dossier.closed_on = {{ as_of_day() }} and dossier.closed_at > {{ as_of() }})
        or (dossier.due_on = {{ as_of_day() }} and dossier.due_by >= {{ as_of() }})
    )
