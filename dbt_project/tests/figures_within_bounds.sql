-- Shares lie in 0..1 (but for those that may pass 100 % or fall below 0), counts are not negative, and only what was
-- not collected lacks its numerator.
select
    figure.figure,
    figure.numerator,
    figure.denominator,
    figure.status
from {{ ref('reporting_measure') }} as figure
inner join {{ ref('measure') }} as measure
    on
        figure.measure = measure.measure
        and figure.version = measure.version
where
    (
        measure.kind in ('ratio', 'yes_no')
        and (
            (figure.numerator < 0 and not measure.below_0)
            or (figure.numerator > figure.denominator and not measure.over_100)
        )
    )
    or (measure.kind in ('count', 'duration') and figure.numerator < 0)
    or (figure.status = 'M' and figure.numerator is not null)
    or (figure.status <> 'M' and figure.numerator is null and measure.kind <> 'duration')
