"""The rival: a bare hand-written psql script. COPY as text, cast, deduplicate by key, aggregate by agency and month."""

import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cchc.settings import Settings
from cchc.warehouse.binaries import bin_folder, server_user
from cchc.warehouse.connect import admin_url

CAST = """
create table bare.typed as
select agency, dossier, procedure, channel, received::timestamptz as received_at, nullif(due, '')::timestamptz as due_at,
       nullif(finished, '')::timestamptz as finished_at, fee_due::numeric(18,2) as fee_due, fee_paid::numeric(18,2) as fee_paid,
       updated::timestamptz as updated_at from bare.text;
create table bare.dossier as
select distinct on (agency, dossier) * from bare.typed order by agency, dossier, updated_at desc;
create table bare.month as
select agency, date_trunc('month', finished_at) as month, count(*) as resolved,
       count(*) filter (where finished_at <= due_at) as on_time from bare.dossier group by 1, 2;
select sum(resolved), sum(on_time) from bare.month;
"""
DROP = "drop schema if exists bare cascade; create schema bare;"
TEXT = ("create table bare.text (agency text, dossier text, procedure text, channel text, received text, due text, finished text, "
        "fee_due text, fee_paid text, person text, updated text);")  # fmt: skip


def script(files: list[Path]) -> str:
    """The whole script for these files."""
    copies = "\n".join(f"\\copy bare.text from '{path}' with (format csv, header)" for path in files)
    return f"\\set ON_ERROR_STOP on\nset client_min_messages = warning;\n{DROP}\n{TEXT}\n{copies}\n{CAST}"


def run_psql(config: Settings, text: str) -> str:
    """Run a script with psql as the administrator; returns what it printed."""
    parts = urlsplit(admin_url(config))
    call = [str(bin_folder(config.home, server_user()) / "psql"), "-X", "-q", "-t", "-h", parts.hostname or "", "-p", str(parts.port),
            "-U", parts.username or "", "-d", parts.path.lstrip("/")]  # fmt: skip
    done = subprocess.run(call, input=text, text=True, capture_output=True, check=True, env={"PGPASSWORD": unquote(parts.password or "")})
    return done.stdout.strip()
