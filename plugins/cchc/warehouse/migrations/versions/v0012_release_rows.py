"""Rows of a release without a foreign key each."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0012"
down_revision = "0011"
upgrade = steps("0012_release_rows.sql")
downgrade = no_way_back
