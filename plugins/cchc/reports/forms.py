"""The forms of TT 01/2020/TT-VPCP as data: title, heads of the columns, sums, by `forms/<form>.yaml`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError

FOLDER = Path(__file__).parent / "forms"
FIRST = 3  # the form's columns 1 and 2 are the number and the name of a row


class Form(BaseModel):
    """A form's words; `columns` are the heads over column 3, 4, ..., from the top down. `counts`: what a row of the feed's fact
    gives to each column, over the tallies of the feed's definitions; `counts_by_setting` has other ones by `setting=value`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: str
    version: int
    name_vi: str
    source_vi: str
    title_vi: str
    unit_vi: str
    sums_vi: str
    columns: tuple[tuple[str, ...], ...] = Field(min_length=1)
    feed: str
    counts: tuple[str, ...] = ()
    counts_by_setting: dict[str, dict[int, str]] = Field(default_factory=dict)

    @property
    def numbers(self) -> range:
        """The numbers of the columns that hold figures."""
        return range(FIRST, FIRST + len(self.columns))

    def column_vi(self, number: int) -> str:
        """`Số lượng hồ sơ tiếp nhận: trong kỳ, trực tuyến`."""
        first, *rest = self.columns[number - FIRST]
        return f"{first}: {', '.join(words[0].lower() + words[1:] for words in rest)}" if rest else first

    def counted(self, number: int, setting: Mapping[str, str]) -> str:
        """What a column counts under a province's settings."""
        told = [counts for name, counts in self.counts_by_setting.items() if setting.get(name.partition("=")[0]) == name.partition("=")[2]]
        return next((counts[number] for counts in told if number in counts), self.counts[number - FIRST])


@lru_cache
def form_of(name: str) -> Form:
    """The form `ii06a` or `ii07b`. Raises ConfigError naming the file and the key."""
    path = FOLDER / f"{name}.yaml"
    try:
        return Form.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(f"forms/{path.name}: {error}") from error


def cell_of(measure: str, version: int) -> tuple[Form, int] | None:
    """`form_ii06a_c3`, 1 → the form and its column; None for what is no form's. Raises ConfigError for a column it does not have."""
    found = re.fullmatch(r"form_([a-z0-9]+)_c(\d+)", measure)
    if not found:
        return None
    known = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    if found[1] not in known:
        raise ConfigError(f"{measure}: there is no form {found[1]}; known are {', '.join(known)}")
    form = form_of(found[1])
    if int(found[2]) not in form.numbers or version != form.version:
        raise ConfigError(
            f"{measure}@{version}: form {form.form} has the columns c{form.numbers[0]} to c{form.numbers[-1]}, version {form.version}"
        )
    return form, int(found[2])
