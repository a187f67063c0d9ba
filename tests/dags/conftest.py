"""Airflow in this process: its own tables in the run's server, no plugins, no examples. One import for all DAG tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from dag_folder import DAGS, HOME

from province import ONE_SENDER, write_reference


@pytest.fixture(scope="session")
def airflow(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Airflow configured, imported and its tables made; before anything else imports it."""
    assert "airflow" not in sys.modules, "another test imported Airflow before its database was there"
    from cchc.settings import Settings
    from cchc.stack.environment import environment
    from cchc.stack.local import prepare_home
    from cchc.stack.metadata import ensure_metadata

    config = Settings(home=HOME, keys=HOME / "keys")
    prepare_home(config)
    ensure_metadata(config)
    words = {k: v for k, v in environment(config, 9).items() if not k.startswith("CCHC_PROVINCE")}
    subprocess.run(
        [sys.executable, "-c", "from airflow.utils.db import upgradedb; upgradedb()"],
        env=words,
        check=True,
        capture_output=True,
    )
    os.environ.update({k: v for k, v in words.items() if k.startswith("AIRFLOW")} | {"AIRFLOW__CORE__UNIT_TEST_MODE": "False"})
    sys.path.insert(0, str(DAGS))
    import airflow.models
    import airflow.settings

    yield
    airflow.settings.dispose_orm()
    sys.path.remove(str(DAGS))


@pytest.fixture
def senders(config: "Settings") -> Callable[..., None]:  # noqa: F821
    """Writes senders' YAML files into the test's province: name → text (default: a good one)."""

    def write(**texts: str | None) -> None:
        for name, text in texts.items():
            (config.province / "sources" / f"{name.replace('_', '-')}.yaml").write_text(text or ONE_SENDER, encoding="utf-8")

    return write


@pytest.fixture
def small_province(config: "Settings", senders: Callable[..., None]) -> "Settings":  # noqa: F821
    """A province with one sender and one delivered file of 2012-01-10."""
    write_reference(config.province)
    senders(so_mot=None)
    file = config.inbox_path / "so-mot/2012-01-10T0800/organisation_2012-01-10T0800.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Mã cơ quan,Thực hiện một cửa từ\nX01.01,2011-05-01\n", encoding="utf-8")
    return config
