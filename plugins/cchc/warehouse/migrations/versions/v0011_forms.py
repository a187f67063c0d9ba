"""The forms II.06a and II.07b as marts of the release."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0011"
down_revision = "0010"
upgrade = steps("0011_forms.sql")
downgrade = no_way_back
