"""Arrow into a table, by binary COPY within the caller's transaction."""

from collections.abc import Iterable

import psycopg
import pyarrow as pa
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg.sql import SQL, Identifier


def copy_batches(connection: psycopg.Connection, table: tuple[str, ...], schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Append `batches`, all of `schema`, to `table` (schema and name), column by name; columns not named take their default.

    A column's type is its Arrow type's own: text, bigint, numeric, date, timestamptz, boolean. What `batches` raises is
    raised as it is, and the transaction is lost with it; psycopg's errors are the server's.
    """
    encoder = ArrowToPostgresBinaryEncoder(schema)
    columns = SQL(", ").join(map(Identifier, schema.names))
    statement = SQL("copy {} ({}) from stdin (format binary)").format(Identifier(*table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(encoder.write_header())
        for batch in batches:
            copy.write(encoder.write_batch(batch))
        copy.write(encoder.finish())
