"""Whom to write to: the province's roles and the senders' own contacts, from the reference data."""

from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

OPERATOR = "operator"  # machines
REFORM_OFFICE = "reform_office"  # data
DATA_OWNER = "data_owner"  # a sender's own clerk


class Contact(NamedTuple):
    """A line of contact.csv; without `agency_code` it is the province's."""

    agency_code: str | None
    role: str
    name_vi: str
    email: str
    phone: str | None

    @property
    def told(self) -> str:
        """Name and how to reach them."""
        return f"{self.name_vi}, " + (f"điện thoại {self.phone}, thư điện tử {self.email}" if self.phone else f"thư điện tử {self.email}")


def contacts(connection: psycopg.Connection, province: str) -> list[Contact]:
    """All contacts of the province, in a fixed order."""
    with connection.cursor(row_factory=class_row(Contact)) as cursor:
        columns = ", ".join(Contact._fields)
        query = f"select {columns} from reference.contact where province = %s order by role, agency_code, email"
        return cursor.execute(query, (province,)).fetchall()


def of_role(known: Sequence[Contact], role: str) -> list[Contact]:
    """The province's own contacts of a role."""
    return [one for one in known if one.role == role and not one.agency_code]


def of_sender(known: Sequence[Contact], sender_code: str) -> list[Contact]:
    """A sender's own data owners."""
    return [one for one in known if one.role == DATA_OWNER and one.agency_code == sender_code]


def helpers(known: Sequence[Contact]) -> list[Contact]:
    """Whom a sender may ask: the reform office, else the operators."""
    return of_role(known, REFORM_OFFICE) or of_role(known, OPERATOR)


def unit_names(connection: psycopg.Connection, province: str) -> dict[str, str]:
    """Official names by code."""
    return dict(connection.execute("select agency_code, name_vi from reference.unit where province = %s", (province,)).fetchall())
