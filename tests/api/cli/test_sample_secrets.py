"""The sample registry of `idphoto up` goes on believing us when its secret is changed while it runs."""

from datetime import timedelta

import pytest

from api.cli.sample_secrets import SampleSecrets
from api.domain.errors_database import DatabaseUnavailable


class Seconds:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def registry(desk):
    desk.house.add_registry("别的系统", url="https://other.example/hook")
    return desk.house.add_registry("示例教务系统", url="http://127.0.0.1:1/hook")


@pytest.fixture
def kept(desk, registry, seconds, tmp_path):
    secrets = SampleSecrets(tmp_path / "secrets", house=desk.house, registry_id=registry.id, monotonic=seconds)
    secrets.write()
    return secrets


def test_both_secrets_count_while_they_are_changed_and_then_the_newest_alone(desk, registry, kept, seconds, tmp_path):
    """Rotated at another terminal: the file follows within a second, at the start of the overlap and at its end."""
    file = tmp_path / "secrets"
    assert file.read_text().split() == list(registry.secrets)

    fresh = desk.run("registry", "rotate-secret", registry.id).splitlines()[0]
    kept.look()
    assert file.read_text().split() == list(registry.secrets), "not asked more than once a second"
    seconds.now += 1
    kept.look()
    assert file.read_text().split() == [fresh, *registry.secrets]

    desk.run("registry", "rotate-secret", registry.id, "--finish")
    seconds.now += 1
    kept.look()
    assert file.read_text().split() == [fresh]
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_old_secret_goes_when_the_overlap_is_over(desk, registry, kept, seconds, tmp_path):
    """Nobody said --finish: what signs decides, not what is stored."""
    desk.house.registry.rotate.begin(registry.id, overlap=timedelta(microseconds=1))
    seconds.now += 1
    kept.look()

    [only] = (tmp_path / "secrets").read_text().split()
    assert only not in registry.secrets


def test_a_database_that_is_away_for_a_moment_changes_nothing(registry, kept, seconds, tmp_path):
    """`idphoto up` goes on; the next turn asks again."""

    class Away:
        @staticmethod
        def list_registries():
            raise DatabaseUnavailable(retry_after=5)

    away = SampleSecrets(tmp_path / "secrets", house=Away(), registry_id=registry.id, monotonic=seconds)
    away.look()

    assert (tmp_path / "secrets").read_text().split() == list(registry.secrets)
