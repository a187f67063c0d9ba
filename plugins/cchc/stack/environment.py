"""The environment of Airflow's processes: all of its configuration, nothing of the caller's own Airflow."""

import os
import sys
from pathlib import Path

from cchc.settings import Settings
from cchc.stack.metadata import metadata_url
from cchc.stack.secrets import ADMIN_USER, admin_password, secret_environment

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
KEPT_PREFIXES = ("CCHC_", "LC_", "AIRFLOW_CONN_", "AIRFLOW_VAR_")
KEPT = ("PATH", "LANG", "HOME", "USER", "LOGNAME", "TMPDIR", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
QUIET = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
}
SMALL = {  # one machine: wake quickly, hold little
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",  # a killed task is seen after a minute, not five
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",  # so are those of a killed scheduler
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "5",
}


def airflow_home(config: Settings) -> Path:
    """Where Airflow's logs, pid files and port lie."""
    return config.home.resolve() / "airflow"


def parallelism() -> int:
    """How many tasks run at once: one more than the cores, for some wait for the disk."""
    return 1 + max(2, os.cpu_count() or 2)


def environment(config: Settings, port: int) -> dict[str, str]:
    """Everything Airflow's processes are told; `port` is the api-server's. Holds secrets: never log it."""
    kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith(KEPT_PREFIXES)}
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    kept["HOME"] = kept.get("HOME") or str(config.home.resolve())
    kept |= {"CCHC_HOME": str(config.home.resolve()), "CCHC_PROVINCE": str(config.province.resolve())}
    return kept | QUIET | SMALL | _places(config) | _server(config, port) | secret_environment(config)


def _places(config: Settings) -> dict[str, str]:
    home, project = airflow_home(config), config.project
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONFIG": str(home / "empty.cfg"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(project / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project / "plugins"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "PYTHONPATH": str(project / "dags"),  # the triggerer imports the deadline's callback from there
    }


def _server(config: Settings, port: int) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__AUTH_MANAGER": FAB,
        "AIRFLOW__CORE__PARALLELISM": str(parallelism()),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",  # a demonstration's clock stands still
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url(config, "psycopg2"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata_url(config, "psycopg"),
        "CCHC_ADMIN_USER": ADMIN_USER,
        "CCHC_ADMIN_PASSWORD": admin_password(config),
    }
