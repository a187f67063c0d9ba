"""The forms of TT 01/2020/TT-VPCP as data: title, heads of the columns, sums, by `forms/<form>.yaml`."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError

FOLDER = Path(__file__).parent / "forms"
FIRST = 3  # the form's columns 1 and 2 are the number and the name of a row


class Form(BaseModel):
    """A form's words; `columns` are the heads over column 3, 4, ..., from the top down."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: str
    version: int
    name_vi: str
    source_vi: str
    title_vi: str
    unit_vi: str
    sums_vi: str
    columns: tuple[tuple[str, ...], ...] = Field(min_length=1)

    @property
    def numbers(self) -> range:
        """The numbers of the columns that hold figures."""
        return range(FIRST, FIRST + len(self.columns))

    def column_vi(self, number: int) -> str:
        """`Số lượng hồ sơ tiếp nhận: trong kỳ, trực tuyến`."""
        first, *rest = self.columns[number - FIRST]
        return f"{first}: {', '.join(words[0].lower() + words[1:] for words in rest)}" if rest else first


@lru_cache
def form_of(name: str) -> Form:
    """The form `ii06a` or `ii07b`. Raises ConfigError naming the file and the key."""
    path = FOLDER / f"{name}.yaml"
    try:
        return Form.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(f"forms/{path.name}: {error}") from error
