-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/edocument_usage.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- e_document_rate@1
        count(*) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_1,
        (sum(fact.documents_sent_electronically) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on) is not true and ((fact.documents_sent is null or fact.documents_sent_electronically is null) is not true)))::numeric as numerator_1,
        (sum(fact.documents_sent) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on) is not true and ((fact.documents_sent is null or fact.documents_sent_electronically is null) is not true)))::numeric as denominator_1,
        -- email_usage_rate@1
        count(*) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_2,
        (sum(fact.mailboxes_active) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and ((fact.mailboxes_active is null or fact.staff is null) is not true)))::numeric as numerator_2,
        (sum(fact.staff) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and ((fact.mailboxes_active is null or fact.staff is null) is not true)))::numeric as denominator_2,
        -- portal_rate@1
        count(*) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_3,
        (count(*) filter (where (fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.portal_works is null) is not true) and fact.portal_works))::numeric as numerator_3,
        (count(*) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and (fact.portal_works is null) is not true))::numeric as denominator_3,
        -- portal_current_rate@1
        count(*) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on) as spoken_4,
        (sum(fact.portal_items_current) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and ((fact.portal_items_required is null or fact.portal_items_current is null) is not true)))::numeric as numerator_4,
        (sum(fact.portal_items_required) filter (where fact.starts_on >= unit.starts_on and fact.ends_on <= unit.ends_on and ((fact.next_ends_on <= unit.ends_on or (fact.whole_starts_on >= unit.starts_on and fact.whole_ends_on <= unit.ends_on)) is not true) and ((fact.portal_items_required is null or fact.portal_items_current is null) is not true)))::numeric as denominator_4
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_edocument_usage') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'month', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
),

said as (
    select
        pass_1.agency_code,
        pass_1.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_1
    cross join
        lateral (
            values
            ('e_document_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('email_usage_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('portal_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('portal_current_rate', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    sum(said.numerator) as numerator,
    sum(said.denominator) as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)
