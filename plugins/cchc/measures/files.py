"""Every file that is made from the definitions; CI compares, `cchc measure sql|docs|seed` write."""

from pathlib import Path

from cchc.measures.docs import measures_page
from cchc.measures.facts import fact_sql, macro_sql
from cchc.measures.model import every_measure, measure_files
from cchc.measures.seed import seed_csv
from cchc.measures.sql import measure_sql


def sql_files(project: Path) -> dict[Path, str]:
    """Models and macro of the dbt project: path → text."""
    files, models = measure_files(), project / "dbt_project/models"
    made = {models / f"measures/{file.model}.sql": measure_sql(file) for file in files if file.model}
    made |= {models / f"facts/{file.made_fact}.sql": fact_sql(file) for file in files if file.made_fact}
    return made | {project / "dbt_project/macros/measured_feeds.sql": macro_sql(files)}


def seed_files(project: Path) -> dict[Path, str]:
    """The catalogue."""
    return {project / "dbt_project/seeds/measure.csv": seed_csv(every_measure())}


def doc_files(project: Path) -> dict[Path, str]:
    """The page."""
    return {project / "docs/measures.md": measures_page(measure_files())}
