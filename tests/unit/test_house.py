"""Rules of the house that no linter knows: one clock, no path of a machine, no registry's name."""

import re
import subprocess

from house import PROJECT

CLOCK = re.compile(r"\b(datetime\.now|datetime\.today|datetime\.utcnow|date\.today|time\.time\(|pd\.Timestamp\.now|Timestamp\.today)")
SQL_CLOCK = re.compile(r"\b(now\(\)|current_date|current_timestamp|localtimestamp|clock_timestamp)", re.IGNORECASE)
# a letter in brackets each, so that this file holds none of them itself
PLACES = re.compile(r"(/wor[k]/|/roo[t]/|/hom[e]/\w|pyp[i]\.org|pythonhoste[d]|registry\.npmj[s]|deb\.debia[n]|ghc[r]\.io|qua[y]\.io)")
LONGEST_FILE = 320


def tracked(*patterns: str) -> list[str]:
    found = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return [name for name in found.stdout.splitlines() if (PROJECT / name).is_file()]


def hits(pattern: re.Pattern, names: list[str]) -> list[str]:
    lines = ((n, k, line) for n in names for k, line in enumerate((PROJECT / n).read_text(encoding="utf-8").splitlines(), 1))
    return [f"{name}:{number}: {line.strip()}" for name, number, line in lines if pattern.search(line)]


def test_only_the_clock_reads_the_wall_clock() -> None:
    python = [n for n in tracked("plugins/*.py", "dags/*.py") if not n.endswith("cchc/clock.py")]
    assert len(python) > 50
    assert hits(CLOCK, python) == []
    assert hits(SQL_CLOCK, tracked("dbt_project/*.sql", "expectations/*.sql", "plugins/*.sql")) == []


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    names = [n for n in tracked() if n.rsplit(".", 1)[-1] not in ("png", "lock", "xlsx")]
    assert hits(PLACES, names) == []
    assert hits(re.compile(r"https?://"), tracked("*.lock")) == []


def test_files_stay_small() -> None:
    long = {n: k for n in tracked("plugins/*.py", "dags/*.py") if (k := len((PROJECT / n).read_text().splitlines())) > LONGEST_FILE}
    assert long == {}
