"""What was assumed where a file could be read in two ways, and how to state it: nothing is guessed in silence."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from cchc.intake.check import Context
from cchc.intake.shape import look_of, spread
from cchc.readers import Tally

GROUPED = r"^[+-]?\d{1,3},\d{3}$"  # thousands under the default mark, a fraction under the other one


def assumed(first: list[pa.RecordBatch], tally: Tally, context: Context) -> Iterator[str]:
    """One sentence for each guess that the file itself does not settle, with what to write into the source."""
    source = context.source
    if tally.unread:
        yield (
            f"Tệp có {1 + len(tally.unread)} trang tính; đã đọc trang đầu tiên '{tally.sheets[0]}', không đọc: {', '.join(tally.unread)}. "
            f'Để nói rõ, ghi trong `read`: sheet: "{tally.sheets[0]}" hoặc sheets: ["*"]'
        )
    if first and "decimal" not in source.model_fields_set:
        yield from _numbers(first[0], context)


def _numbers(batch: pa.RecordBatch, context: Context) -> Iterator[str]:
    """1,234 is 1234 or a little more than one, and no cell of the column tells which."""
    sample = spread(batch)
    for name, column in context.contract.stored.items():
        if column.type not in ("integer", "amount", "decimal") or name not in batch.schema.names:
            continue
        cells = sample[name].drop_null()
        grouped = pc.match_substring_regex(cells, GROUPED)
        if len(cells) and pc.any(grouped).as_py() and look_of(cells, column.type) not in ("point", "comma"):
            example = cells.filter(grouped)[0].as_py()
            read = example.replace(",", "")
            yield (
                f"Cột '{column.vi}': {example} được đọc là {read} (dấu thập phân mặc định là dấu chấm). "
                'Để nói rõ, ghi: decimal: "." hoặc decimal: ","'
            )
