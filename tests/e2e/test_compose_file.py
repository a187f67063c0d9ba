"""docker-compose.yml: valid, secrets only from the environment, nothing open without a login."""

import subprocess
import sys
from pathlib import Path

import pytest
from compose import PROJECT, resolved

SECRETS = ["POSTGRES_PASSWORD", "AIRFLOW_DB_PASSWORD", "REDIS_PASSWORD", "FERNET_KEY", "JWT_SECRET", "SESSION_SECRET", "ADMIN_PASSWORD"]
VALUES = {name: f"word-of-{name}" for name in SECRETS}


def services() -> dict:
    return resolved(VALUES)["services"]


def test_it_is_a_valid_compose_file() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", PROJECT / "docker-compose.yml"], check=True, capture_output=True)


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        resolved({key: value for key, value in VALUES.items() if key != name})
    with pytest.raises(KeyError, match=name):
        resolved(VALUES | {name: ""})


def test_the_example_names_every_variable() -> None:
    import re

    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", text)) == named
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == {*SECRETS, "RIBBON", "SMTP_URL"}


def test_only_the_api_server_is_published_and_on_loopback() -> None:
    ports = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:8080:8080"]}


def test_all_services_log_in_by_fab_and_restart_and_are_watched() -> None:
    found = services()
    assert set(found) == {"postgres", "redis", "airflow-init", "api-server", "scheduler", "dag-processor", "triggerer", "worker", "watch"}
    for name, service in found.items():
        if name == "airflow-init":
            assert service["restart"] == "on-failure:3"
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"], name
    assert not [word for word in found["watch"]["environment"] if word.startswith("AIRFLOW")], "it needs no secret of Airflow"
    for name in set(found) - {"postgres", "redis", "watch"}:
        words = found[name]["environment"]
        assert words["AIRFLOW__CORE__AUTH_MANAGER"].endswith("FabAuthManager"), name
        assert words["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor", name
    assert "cchc_admin" not in str({name: s for name, s in found.items() if name not in ("postgres", "airflow-init")})
    assert "--requirepass" in found["redis"]["command"]


def test_the_image_comes_from_the_lock() -> None:
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes --compile-bytecode -r requirements.lock" in text
    assert makefile.split("UV_VERSION := ")[1].split("\n")[0] == text.split("ARG UV_VERSION=")[1].split("\n")[0]
    assert text.rstrip().split("USER ")[1].startswith("cchc\n")
