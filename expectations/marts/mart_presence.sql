-- Rows of each mart of the release, and sources of the cut.
select 'measure' as mart, count(*) as rows from {schema}_reporting.measure
union all select 'measure_catalogue', count(*) from {schema}_reporting.measure_catalogue
union all select 'coverage', count(*) from ops.coverage where cut_id = %(cut_id)s
order by 1
