{{ config(materialized="view", pre_hook="{{ index_facts(ref('fct_dossier')) }}") }}

-- depends_on: {{ ref('dossier_period') }}
-- The keys of all dossiers, unique by the index that is made here: counts read whole tables and need none, and beside
-- the figures made of them, one after the other, a core is free to sort keys.
select
    agency_code,
    dossier_code
from {{ ref('fct_dossier') }}
