"""First service of docker-compose.yml: warehouse, Airflow's database and role, Airflow's tables, first user.

May run again at every start; changes nothing then.
"""

import runpy
from pathlib import Path

from cchc.settings import settings
from cchc.stack.metadata import ensure_metadata
from cchc.warehouse.migrate import migrate

if __name__ == "__main__":
    migrate(settings())
    ensure_metadata(settings())
    runpy.run_path(str(Path(__file__).with_name("airflow_init.py")), run_name="__main__")
