"""The catalogue of measures as dbt's seed, `dbt_project/seeds/measure.csv`: one row per measure and version."""

import csv
import io

from cchc.measures.model import Measure

HEADER = ("measure", "version", "kind", "unit_vi", "title_vi", "numerator_vi", "denominator_vi", "exclusions_vi", "empty_vi", "feeds",
          "periods", "decimals", "valid_from", "valid_to", "units", "collected_by", "guarded", "over_100", "below_0",
          "contract_versions", "made_of", "adds_up")  # fmt: skip


def seed_csv(measures: list[Measure]) -> str:
    """The seed's text. `units`, `collected_by`: plugins/cchc/measures/model.py; `contract_versions`: of each feed the least that has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_row(measure) for measure in measures)
    return out.getvalue()


def _row(measure: Measure) -> list[object]:
    return [
        measure.id, measure.version, measure.kind, measure.unit_vi, measure.title_vi, measure.numerator_vi, measure.denominator_vi,
        measure.exclusions_vi, measure.empty_vi, " ".join(measure.feeds), " ".join(measure.periods), measure.decimals,
        measure.valid_from or "", measure.valid_to or "", measure.units, measure.collected_by, str(measure.guarded).lower(),
        str(measure.over_100).lower(), str(measure.below_0).lower(), " ".join(str(number) for number in measure.contracts),
        measure.made_of, str(measure.adds_up).lower(),
    ]  # fmt: skip
