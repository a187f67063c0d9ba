"""The warehouse: connection, embedded server, migrations, roles, backup."""
