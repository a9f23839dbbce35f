"""The images: nothing published but on loopback, no secret but as a file, and settings that there are."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from footprint.index.open import open_index
from footprint.settings import read

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


def test_the_services_are_these() -> None:
    """The service, its record and its index; all of them say whether they are well."""
    assert {*SERVICES} == {"footprint", "elasticsearch", "postgres"}
    assert all("healthcheck" in service for service in SERVICES.values())


@each_service
def test_nobody_gains_rights(service: dict[str, Any]) -> None:
    """No container is privileged, joins the host's network or may gain rights."""
    assert not {"privileged", "network_mode", "cap_add", "pid", "devices"} & {*service}
    assert "no-new-privileges:true" in service["security_opt"]


@each_service
def test_ports_are_published_on_loopback_only(service: dict[str, Any]) -> None:
    """Whoever is not on this machine reaches nothing without a proxy that the operator puts before it."""
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@each_service
def test_secrets_are_files(service: dict[str, Any]) -> None:
    """No password or key stands in the environment; what is named there is a mounted secret, which lies in a folder that git ignores."""
    mounted = {secret if isinstance(secret, str) else secret["source"] for secret in service["secrets"]}
    assert mounted <= {*COMPOSE["secrets"]}
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    for name, value in service["environment"].items():
        if re.search("PASSWORD|KEY|SECRET|TOKEN|PASSFILE", name):
            assert name.endswith("FILE")
            assert value.removeprefix("/run/secrets/") in mounted
        assert not re.search(r"//[^/]*:[^/]*@", value), "a URL with a password"
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_data_outlives_the_containers_in_named_volumes() -> None:
    """Nothing of the host is mounted, and everything that is kept is in a volume that the file declares."""
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert used == {*COMPOSE["volumes"]}


def test_the_record_and_the_index_reach_nobody() -> None:
    """The two servers sit on a network without a way out."""
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert all(SERVICES[name]["networks"] == ["back"] for name in ("elasticsearch", "postgres"))


def test_the_service_has_no_rights_and_a_root_filesystem_that_is_read_only() -> None:
    """What a hostile picture might take over can write its data and nothing else."""
    service = SERVICES["footprint"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["1000:1000"]


def test_the_environment_names_settings_that_there_are(tmp_path: Path) -> None:
    """The service starts with what the file says: settings that are known, and an index that can be opened."""
    file = tmp_path / "footprint.toml"
    file.touch()
    storage = read(file, SERVICES["footprint"]["environment"]).settings.storage
    open_index(storage.index).close()
    assert storage.record.startswith("postgresql+psycopg://")


def test_the_server_is_the_one_that_the_tests_start() -> None:
    """The image's version is the one that the launcher of the tests names."""
    version = SERVICES["elasticsearch"]["image"].partition(":")[2]
    assert f"Elasticsearch {version}" in (ROOT / "tests/servers/elasticsearch_server.py").read_text()


def test_the_image_is_built_from_the_locks_and_from_all_packages() -> None:
    """Nothing is installed but with its hash, and no package of the distribution is forgotten."""
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert all("--require-hashes" in line or "--no-deps wheels/" in line for line in installs)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for package in (name.rstrip("*") for name in packages):
        assert f"COPY {package} {package}\n" in DOCKERFILE
        assert f"!{package}" in ignored
