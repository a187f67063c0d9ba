"""The page of all measures, `docs/measures.md`: what each counts, in words and in the expressions that are run."""

from cchc.measures.model import Measure, MeasureFile, Part

HEAD = """# Measures

<!-- Made by `cchc measure docs` from plugins/cchc/measures/definitions; change those, not this page. -->

{count} measures. Of the rows for which *when* holds, those left out are named; each of the others is one of the denominator (or
*of amount*), and of the numerator (or *amount*) if *counts* holds. `row` is a row of the fact, `period` the unit's period (`unit_period`).
How to add one: [dbt_project/README.md](../dbt_project/README.md). `cchc measure show ID` prints one.
"""


def measures_page(files: list[MeasureFile]) -> str:
    """The page's text."""
    count = sum(len(file.measures) for file in files)
    parts = [HEAD.format(count=count)]
    for file in files:
        parts.append(f"\n## {file.feed}\n")
        parts += [f"Day `{name}`: {day.on}. Source: {day.source}.\n" for name, day in file.days.items()]
        parts += [measure_text(measure) for measure in file.measures]
    return "\n".join(parts)


def measure_text(measure: Measure) -> str:
    """One measure's section."""
    facts = {
        "kind, unit": f"{measure.kind}, {measure.unit_vi}",
        "duties": ", ".join(measure.duties),
        "numerator": measure.numerator_vi,
        "denominator": measure.denominator_vi,
        "left out": measure.exclusions_vi,
        "empty": measure.empty_vi,
        "feeds": ", ".join(measure.feeds),
        "periods": ", ".join(measure.periods),
        "units": measure.units if measure.units != "all" else "",
        "valid": f"{measure.valid_from or '…'} to {measure.valid_to or '…'}" if measure.valid_from or measure.valid_to else "",
        "broken down by": "; ".join(measure.dims),
        "cells under 5": "not printed" if measure.guarded else "",
        "adds up": "" if measure.adds_up else "no: the province has its own alone",
        "why": measure.why,
        "made": _made(measure),
    }
    rows = "".join(f"| {name} | {value} |\n" for name, value in facts.items() if value)
    return f"### {measure.key}\n\n{measure.title_vi}.\n\n| | |\n|---|---|\n{rows}"


def _made(measure: Measure) -> str:
    if measure.model:
        return f"by hand in `{measure.model}`"
    if measure.numerator is not None:
        return f"`{_line(measure.numerator)}`" + (f" / `{_line(measure.denominator)}`" if measure.denominator else "")
    return "<br>".join(_part(part) for part in measure.parts)


def _part(part: Part) -> str:
    said = {"of": part.agency if part.agency != "row.agency_code" else "", "when": part.when if part.when != "true" else "",
            "counts": part.counts if part.counts != "true" else "", "amount": part.amount, "of amount": part.of_amount,
            "date": part.date}  # fmt: skip
    left = [f"without `{_line(text)}` ({name}{': makes it M' if name in part.voids else ''})" for name, text in part.without.items()]
    words = [f"{name} `{_line(text)}`" for name, text in said.items() if text] + left
    side = "" if part.side == "both" else f", {part.side} only"
    return f"{part.rows}{side}: " + "; ".join(words or ["every row"])


def _line(expression: str) -> str:
    return " ".join(expression.split()).replace("|", "\\|")
