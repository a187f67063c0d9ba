"""The marts' own suites: hand-written expectations over small profiles that SQL takes of the marts (decision 5)."""

from pathlib import Path

import pandas as pd
import psycopg

from cchc.errors import ConfigError
from cchc.quality.suites import Verdict, read_suite, run_suite
from cchc.settings import Settings


def mart_suites(config: Settings) -> list[Path]:
    """The suites that must run on every night, in a fixed order."""
    return sorted((config.project / "expectations/marts").glob("*.json"))


def run_mart_suites(connection: psycopg.Connection, config: Settings, schema: str, cut_id: int) -> list[Verdict]:
    """Run every mart suite; each `<suite>.sql` gives one row per subject in its first column."""
    verdicts: list[Verdict] = []
    for path in mart_suites(config):
        suite = read_suite(path)
        frame = _profile(connection, path.with_suffix(".sql"), schema, cut_id)
        verdicts += run_suite(suite, frame, str(frame.columns[0]))
    return verdicts


def _profile(connection: psycopg.Connection, path: Path, schema: str, cut_id: int) -> pd.DataFrame:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path.name} is not there: each mart suite needs its profile") from error
    with connection.cursor() as cursor:
        cursor.execute(text.replace("{schema}", schema), {"cut_id": cut_id})
        names = [column.name for column in cursor.description or []]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
    numbers = dict.fromkeys(names[1:], float)
    return frame.astype(numbers)
