"""Alembic's entry: one connection handed over by `cchc.warehouse.migrate`, one transaction for all steps."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="schema_version", version_table_schema="public")
with context.begin_transaction():
    context.run_migrations()
