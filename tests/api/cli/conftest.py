"""The command line over a real embedded installation in a temporary directory."""

import pytest
from click.testing import CliRunner
from house_fakes import FakeRenderer, World
from made_once import lay_empty_database

from api.bootstrap import build
from api.cli import main
from api.cli.surroundings import embedded
from api.config import Settings


class Desk:
    """An operator at a terminal, an installation under `var`, and its house for setting the scene."""

    def __init__(self, var, house):
        self.var = var
        self.house = house
        self.world = World(house, *[None] * 5)

    def run(self, *arguments, expect=0):
        """Run `idphoto …`; answer what it printed, standard error after standard output."""
        result = CliRunner().invoke(main, [*arguments, "--var", str(self.var)])
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result.output

    def rows(self, *arguments):
        """Run a command that lists; answer its rows as dictionaries."""
        head, *lines = self.run(*arguments).splitlines()
        return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]

    def facts(self, *arguments):
        """Run a command that shows one thing; answer its fields."""
        return {row["field"]: row["value"] for row in self.rows(*arguments)}


@pytest.fixture
def desk(tmp_path):
    lay_empty_database(tmp_path / "idphoto.db")
    house = build(Settings.from_env(embedded({}, home=tmp_path)), renderer=FakeRenderer())
    yield Desk(tmp_path, house)
    house.close()
