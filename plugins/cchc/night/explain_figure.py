"""Why the figure with an id is what it is: a measure's, or a cell's of a form."""

import re
from dataclasses import dataclass

from cchc.errors import ConfigError
from cchc.night.explain import Explained, explain
from cchc.night.explain_form import explain_cell
from cchc.night.explain_release import explain_release
from cchc.reports.forms import cell_of
from cchc.settings import Settings

ID = re.compile(r"(?P<measure>[a-z]\w*)@(?P<version>\d+):(?P<unit>[^\s:]+):(?P<period>[\w-]+)(?::(?P<dim>[a-z]\S*=\S+))?")


@dataclass(frozen=True)
class FigureId:
    """`<measure>@<version>:<unit>:<period>[:dim=value]`, taken apart."""

    measure: str
    version: int
    unit: str
    period: str
    dim: str


def figure_id(text: str) -> FigureId:
    """A figure's id as a report prints it. Raises ConfigError when it is none."""
    found = ID.fullmatch(text.strip())
    if not found:
        raise ConfigError(
            f"{text!r} is no figure's id; write e.g. on_time_rate@1:H52:2013-Q4 or form_ii06a_c3@1:H52.02:2013-Q4:sector=lv-…"
        )
    return FigureId(found["measure"], int(found["version"]), found["unit"], found["period"], found["dim"] or "")


def explain_figure(config: Settings, text: str, release: str = "") -> Explained:
    """The figure with this id, of the last night or of `release`, with everything that made it.

    Raises ConfigError for a text that is no id, or of no measure and no form's column; DataError when there is no such figure.
    """
    asked = figure_id(text)
    if cell := cell_of(asked.measure, asked.version):
        return explain_cell(config, *cell, asked.unit, asked.period, asked.dim, release)
    name = f"{asked.measure}@{asked.version}"
    if release:
        return explain_release(config, name, asked.unit, asked.period, asked.dim, release)
    return explain(config, name, asked.unit, asked.period, asked.dim)
