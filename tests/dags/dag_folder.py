"""Where the DAGs are, and how tests read them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "dags"
HOME = PROJECT / "var" / f"test-{os.getpid()}"  # the run's own, as in tests/conftest.py


def load_dags() -> "DagBag":
    """The DAGs as Airflow reads them from the project's folder, for the settings of this moment."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(DAGS)
