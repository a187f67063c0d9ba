-- What is kept though it looks odd: dossiers of procedures that no catalogue has, results before receipt.
with known as (
    select distinct substring(procedure_code from '^\d\.\d{6}') as national_code from {schema}_facts.fct_procedure
),

handled as (  -- a procedure's code is read once, not with every dossier
    select
        procedure_code,
        substring(procedure_code from '^\d\.\d{6}') as national_code,
        sum(dossiers) as dossiers
    from {schema}_measures.agg_dossier_stretch
    where procedure_code <> ''
    group by procedure_code
),

unknown as (
    select coalesce(sum(handled.dossiers), 0) as dossiers
    from handled left join known using (national_code)
    where known.national_code is null
),

flagged as (
    select count(*) as dossiers from {schema}_facts.fct_dossier where _flags like '%%finished_before_received%%'
)

select
    'dossier' as fact,
    unknown.dossiers as unknown_procedure,
    flagged.dossiers as finished_before_received
from unknown cross join flagged
