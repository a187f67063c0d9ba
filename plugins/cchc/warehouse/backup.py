"""Backup and restore: the database, the kept bytes and the province folder here, the keys in a folder of their own."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from cchc.clock import now
from cchc.errors import ConfigError, DataError, UnreachableError
from cchc.settings import Settings
from cchc.warehouse.binaries import bin_folder, server_user
from cchc.warehouse.connect import admin_url
from cchc.warehouse.migrate import prepare_database
from cchc.warehouse.query import one

CHECKED = ("ops.delivery", "quarantine.row", "reference.unit", "release.manifest", "release.measure", "audit.event")


def backup(config: Settings, out: Path | None = None, verify: bool = True) -> Path:
    """Write `<out>/<stamp>` with database dump, reference and manifest, kept bytes beside in `<out>/bytes`, and the keys
    to `<out>-keys/<stamp>`; returns the backup's folder. A backup that does not restore does not count.

    Raises DataError when the verification fails, UnreachableError when the server or the disk does.
    """
    root = out or config.home / "backup"
    folder = root / f"{now():%Y%m%dT%H%M%S}"
    folder.mkdir(parents=True)
    dump = folder / "warehouse.dump"
    run_program(config, "pg_dump", "--format=custom", "--compress=1", f"--file={dump}")
    copied = _copy_bytes(config.bytes_path, root / "bytes")
    shutil.copytree(config.province, folder / "province" / config.province.name)
    keys = root.with_name(f"{root.name}-keys") / folder.name
    shutil.copytree(config.keys_path, keys)
    keys.chmod(0o700)
    rows = _counts(admin_url(config))
    told = {"dump": sha256(dump.read_bytes()).hexdigest(), "rows": rows, "bytes": copied}
    if verify:
        _verify(config, dump, rows)
    (folder / "manifest.json").write_text(json.dumps(told, indent=1))  # written last: it makes the backup whole
    return folder


def restore(config: Settings, source: Path, keys: Path, dry_run: bool = False) -> None:
    """Restore a backup into an empty home; a dry run only looks whether that can be.

    Raises ConfigError when the home is not empty, the backup not whole or no keys are there, DataError when the dump was
    changed or does not give the same rows.
    """
    rows = _rows_of(source)
    if config.bytes_path.exists() or (config.keys_path / "roles.json").exists():
        raise ConfigError(f"{config.home} is not empty: restore into a new CCHC_HOME")
    if not (keys / "roles.json").is_file():
        raise ConfigError(f"{keys} holds no keys: name the folder beside the backup's, e.g. var/backup-keys/<stamp>")
    if dry_run:
        return
    shutil.copytree(keys, config.keys_path, dirs_exist_ok=True)
    config.keys_path.chmod(0o700)
    (config.keys_path / "postgres-admin").unlink(missing_ok=True)  # the new server makes its own
    shutil.copytree(source.parent / "bytes", config.bytes_path, dirs_exist_ok=True)
    prepare_database(config)
    run_program(config, "pg_restore", "--exit-on-error", str(source / "warehouse.dump"))
    if _counts(admin_url(config)) != rows:
        raise DataError("the restored warehouse does not hold the backup's rows")


def _rows_of(source: Path) -> dict[str, int]:
    """The row counts that a whole, unchanged backup tells of itself."""
    try:
        told = json.loads((source / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{source} is no whole backup: its manifest.json is not there") from error
    if sha256((source / "warehouse.dump").read_bytes()).hexdigest() != told["dump"]:
        raise DataError(f"{source}/warehouse.dump was changed since it was written: take an older backup")
    return told["rows"]


def _verify(config: Settings, dump: Path, rows: dict[str, int]) -> None:
    """Restore the dump into a scratch database of the same server and compare."""
    name = f"verify_{dump.parent.name.lower()}"
    with psycopg.connect(admin_url(config), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        try:
            run_program(config, "pg_restore", "--exit-on-error", str(dump), database=name)
            found = _counts(admin_url(config, name))
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    if found != rows:
        raise DataError(f"the backup does not restore to the same rows: {found} instead of {rows}")


def _copy_bytes(source: Path, target: Path) -> int:
    """Copy what is not there yet: the store is content-addressed, so a file once copied never changes."""
    copied = 0
    for path in source.glob("??/*.enc"):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_name(f".{place.name}")
            shutil.copyfile(path, beside)
            beside.rename(place)
            copied += 1
    target.mkdir(parents=True, exist_ok=True)
    return copied


def _counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return {t: one(connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(*t.split(".")))))[0] for t in CHECKED}


def run_program(config: Settings, program: str, *args: str, database: str | None = None) -> None:
    """Run one of PostgreSQL's programs on the warehouse as its administrator; the password goes by environment alone."""
    parts = urlsplit(admin_url(config, database))
    place = ["-h", parts.hostname or "", "-p", str(parts.port or 5432), "-U", parts.username or "", "-d", parts.path.lstrip("/")]
    try:
        path = bin_folder(config.home, server_user()) / program
        done = subprocess.run([path, *place, *args], env={"PGPASSWORD": unquote(parts.password or "")}, capture_output=True, text=True)
    except OSError as error:
        raise UnreachableError(f"{program} can't be run: {error}") from error
    if done.returncode != 0:
        raise UnreachableError(f"{program} failed: {done.stderr.strip()[-500:]}")
