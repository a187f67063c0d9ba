-- What is kept though it looks odd: dossiers of procedures that no catalogue has, results before receipt.
with known as (
    select distinct substring(procedure_code from '^\d\.\d{6}') as national_code from {schema}_facts.fct_procedure
),
dossier as (
    select substring(procedure_code from '^\d\.\d{6}') as national_code, procedure_code, _flags from {schema}_facts.fct_dossier
)
select
    'dossier' as fact,
    count(*) filter (where procedure_code is not null and known.national_code is null) as unknown_procedure,
    count(*) filter (where _flags like '%%finished_before_received%%') as finished_before_received
from dossier
left join known using (national_code)
