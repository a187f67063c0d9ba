-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/dossier_log.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="view") }}

select
    counted.agency_code,
    counted.period_code,
    measure.measure,
    measure.version,
    case when counted.channel = '' then '' else 'channel=' || counted.channel end as dim,
    measure.numerator,
    measure.denominator
from {{ ref('dossier_period') }} as counted
cross join
    lateral (
        values
        ('on_time_rate', 1, counted.early + counted.on_time, counted.early + counted.on_time + counted.late),
        ('early_rate', 1, counted.early, counted.early + counted.on_time + counted.late),
        ('on_time_of_due', 1, counted.due_met, counted.due),
        ('on_time_of_handled', 1, counted.received_due + counted.carried_over_due - counted.late - counted.overdue, counted.received_due + counted.carried_over_due),
        ('no_due_date_count', 1, counted.no_due, null),
        ('received_count', 1, counted.received, null),
        ('carried_over_count', 1, counted.carried_over, null),
        ('resolved_count', 1, counted.early + counted.on_time + counted.late + counted.no_due, null),
        ('pending_count', 1, counted.pending, null),
        ('returned_count', 1, counted.returned, null),
        ('stopped_count', 1, counted.stopped, null),
        ('apology_rate', 1, counted.apologised + counted.apologised_later, counted.faulty),
        ('fee_correct_rate', 1, counted.fee_correct, counted.fee_known),
        ('fee_difference', 1, counted.fee_difference, null),
        ('on_time_of_received', 1, counted.received_in_time, counted.received),
        ('paused_count', 1, counted.pending_paused, null),
        ('handling_time_cut', 1, counted.statutory_minutes - counted.worked_minutes, counted.statutory_minutes),
        ('handling_time_unknown_count', 1, counted.untimed, null),
        ('apology_proper_rate', 1, counted.apology_proper, counted.apology_owed),
        ('online_dossier_rate', 1, counted.received_online, counted.received),
        ('national_sync_rate', 1, counted.synced, counted.received),
        ('online_payment_rate', 1, counted.paid_online, counted.financial_duty),
        ('digital_result_rate', 1, counted.digital_result, counted.early + counted.on_time + counted.late + counted.no_due),
        ('digitised_rate', 1, counted.digitised, counted.received),
        ('data_reuse_rate', 1, counted.reused, counted.digitised),
        ('personal_store_rate', 1, counted.stored_personal, counted.digital_result),
        ('dossier_satisfaction_rate', 1, counted.satisfied, counted.rated),
        ('overdue_pending_count', 1, counted.overdue, null)
    ) as measure (measure, version, numerator, denominator)
where counted.channel = '' or measure.numerator <> 0 or measure.denominator <> 0
