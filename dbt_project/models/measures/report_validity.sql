{{ config(meta={"distribute_by": "agency_code"}) }}

-- Each report with the number of its figures that were compared with our own and that differ by more than the tolerance
-- (RPT-02): a unit's with what it and all units under it have. Made before the figures are put together, since it is
-- counted by one: from the models of measures, of which a night takes those whose measures a report names.
with
{% call reconciled(["report_submission"]) %}
counted as (
    {{ counted_where_wanted() }}
    -- collected and nothing to count is 0
    select
        unit.agency_code,
        unit.period_code,
        named.measure,
        named.version,
        '' as dim,
        0::numeric as numerator,
        null::numeric as denominator
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('unit_feed') }} as feed
        on
            unit.agency_code = feed.agency_code
            and unit.cutoff_on >= feed.first_on
    inner join {{ ref('measure') }} as named
        on
            feed.feed = named.feeds
            and named.kind = 'count'
            and unit.period_kind = any(string_to_array(named.periods, ' '))
    where named.measure in (select wanted.measure from wanted)
),

told_by_unit as (
    select
        counted.agency_code,
        counted.period_code,
        counted.measure,
        counted.version,
        counted.dim,
        counted.measure as source,
        sum(counted.numerator) as numerator,
        sum(counted.denominator) as denominator
    from counted
    where
        counted.period_code in (
            select report.period
            from {{ ref('fct_report_submission') }} as report
        )
    group by counted.agency_code, counted.period_code, counted.measure, counted.version, counted.dim
),

own_figure as (
    {{ of_its_tree("told_by_unit") }}
)
{% endcall %},

judged as (
    select
        agency_code,
        period_code,
        book,
        count(*) filter (where verdict in ('agree', 'differs')) as figures_compared,
        count(*) filter (where verdict = 'differs') as figures_differing
    from compared
    where own_from = 'measure'
    group by agency_code, period_code, book
)

select
    report.agency_code,
    report.period,
    report.report_code,
    report.report_kind,
    report.due_on,
    report.received_at,
    report.signer_role,
    coalesce(judged.figures_compared, 0) as figures_compared,
    coalesce(judged.figures_differing, 0) as figures_differing,
    report._delivery,
    report._line
from {{ ref('fct_report_submission') }} as report
left join judged
    on
        report.agency_code = judged.agency_code
        and report.period = judged.period_code
        and report.report_code = judged.book
where report.line_code = 'report'
