"""Containers, units, alerts and runbook name only what exists."""

import re
import subprocess
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from web_world import make_world

from api.cli import main

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted(DEPLOY.glob("systemd/*.service"))


def settings() -> set[str]:
    """Every name the program reads."""
    code = "".join(file.read_text() for part in ("api", "photo_service") for file in (ROOT / part).rglob("*.py"))
    return set(re.findall(r"\"((?:IDPHOTO|WECHAT|AWS)_[A-Z_]+|[A-Z]+_URL)\"", code))


def test_every_setting_of_the_containers_and_units_exists():
    """A setting that nobody reads is a setting that does not work."""
    given = {name for service in COMPOSE["services"].values() for name in service.get("environment", {})}
    given |= set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "systemd/idphoto.env.example").read_text(), re.MULTILINE))
    ours = {name.removesuffix("_FILE") for name in given if name.startswith(("IDPHOTO_", "WECHAT_", "AWS_"))}

    assert ours <= settings()


@pytest.mark.parametrize("name", ["migrate", "api", "render", "deliver", "office"])
def test_every_command_of_a_container_exists(name):
    """And every secret it may read is one that compose mounts."""
    words = [word for word in COMPOSE["services"][name]["command"] if "$" not in word]

    assert words[0] == "idphoto"
    assert words[1] in main.list_commands(click.Context(main))
    assert set(COMPOSE["services"][name]["secrets"]) <= set(COMPOSE["secrets"])


def test_nothing_but_nginx_is_reachable_and_every_part_is_bounded():
    """No port of ours is published; memory, logs and rights have an end."""
    for name, service in COMPOSE["services"].items():
        assert ("ports" in service) == (name == "nginx")
        assert service["mem_limit"]
        assert service["logging"]["options"]["max-size"]
        assert name == "postgres" or service["read_only"]


def test_every_file_that_goes_into_the_image_is_there():
    """And tests, data and history are not among them."""
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert name in let_in
    assert not {"tests", "var", ".git", ".venv"} & set(let_in)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_starts_a_command_that_exists_and_does_not_loop(unit):
    """Status 2 and 3 say that a person must look."""
    text = unit.read_text()
    [command] = re.findall(r"^ExecStart=\S+/idphoto (.+)$", text, re.MULTILINE)

    assert command.split()[0] in main.list_commands(click.Context(main))
    assert "RestartPreventExitStatus=2 3" in text
    assert "NoNewPrivileges=yes" in text


def test_the_units_are_what_systemd_understands(tmp_path):
    """With the program where it is here."""
    if subprocess.run(["sh", "-c", "command -v systemd-analyze"], capture_output=True, check=False).returncode:
        pytest.skip("no systemd-analyze is installed here")
    files = []
    for unit in UNITS:
        text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        files.append(tmp_path / unit.name.replace("@.", "@1."))
        files[-1].write_text(re.sub(r"^EnvironmentFile=.*$", "", text, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 0, done.stderr


def test_every_metric_of_the_alerts_is_told(tmp_path):
    """An alert on a name that nobody tells never rings."""
    world = make_world(tmp_path)
    world.client().get("/healthz")
    world.house.settings.blob_dir.mkdir(exist_ok=True)
    told = world.client().get("/metrics").text
    world.house.close()
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"][0]["rules"]
    named = set(re.findall(r"(?:idphoto|http)_[a-z_]+", " ".join(rule["expr"] for rule in rules)))

    assert named
    assert named - {"idphoto_workers"} <= set(re.findall(r"^([a-z_]+)", told, re.MULTILINE))  # no Redis in this world
    assert '"idphoto_workers"' in (ROOT / "api/web/installation_metrics.py").read_text()


def test_every_command_of_the_runbook_exists():
    """And its links lead somewhere."""
    text = (DEPLOY / "runbook.md").read_text()

    for name in set(re.findall(r"`idphoto ([a-z-]+)", text)):
        assert CliRunner().invoke(main, [name, "--help"]).exit_code in {0, 2}
        assert name in main.list_commands(click.Context(main))
    assert all((DEPLOY / link).exists() for link in re.findall(r"\]\(([^)#:]+)\)", text))
