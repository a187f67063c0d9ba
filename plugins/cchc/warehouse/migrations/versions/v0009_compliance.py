"""Duties by list, predicate and plan; programmes as periods; what stands beside a status in the compliance mart."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0009"
down_revision = "0008"
upgrade = steps("0009_compliance.sql")
downgrade = no_way_back
