"""Builds the one structure that every format renders."""

from cchc.reports.annexes import annexes, sheets
from cchc.reports.document import Report, Source
from cchc.reports.figures import Figures
from cchc.reports.head import head_of, look_of
from cchc.reports.outline import outline_of
from cchc.reports.reading import Release
from cchc.reports.text import body
from cchc.reports.units import unit_of


def build_report(release: Release, scope: str) -> Report:
    """The report of unit `scope` for the release's asked period.

    Raises DataError where the release contradicts itself or lacks words that are to be printed.
    """
    period = release.notes.periods[release.period]
    outline = outline_of(period.ends_on.year)
    figures = Figures(release)
    blocks = body(outline, figures, scope)
    attached = annexes(outline, figures, scope)
    beside = sheets(figures, scope)
    return Report(
        source=Source(
            release.release_id, release.province, release.as_of, release.content_hash, release.reference_hash,
            release.provisional, release.notes.synthetic,
        ),
        period=release.period,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        scope=scope,
        scope_vi=unit_of(release, scope).name_vi,
        look=look_of(release),
        outline=outline.outline,
        head=head_of(release, scope),
        blocks=blocks,
        annexes=attached,
        sheets=beside,
        figures=figures.all_printed(),
        tree=release.tree,
    )  # fmt: skip
