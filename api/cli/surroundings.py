"""Which installation a command speaks of: the one the environment describes, or the embedded one under a directory."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.refusal import telling_refusals

if TYPE_CHECKING:
    from api.bootstrap import House

VAR = Path("var")
_DESCRIBES_AN_INSTALLATION = ("IDPHOTO_EMBEDDED", "DATABASE_URL", "DATABASE_URL_FILE")

var_option = click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the embedded installation. [var, unless the environment describes another installation]",
)


def embedded(env: Mapping[str, str], *, home: Path) -> dict[str, str]:
    """Answer `env` as the embedded installation under `home` needs it."""
    return {**env, "IDPHOTO_EMBEDDED": "1", "IDPHOTO_HOME": str(home), "IDPHOTO_MODELS": str(_models(env, home))}


def describes_an_installation(env: Mapping[str, str]) -> bool:
    """Tell whether the environment is that of an installation's services."""
    return any(env.get(name) for name in _DESCRIBES_AN_INSTALLATION)


def environment(env: Mapping[str, str], *, var: Path | None) -> dict[str, str]:
    """Answer the environment a command's settings are read from.

    On a server the service's environment describes the installation. On a developer's machine nothing does, and the
    embedded one under `var` is meant, as `idphoto up` runs it.
    """
    if var is None and describes_an_installation(env):
        return dict(env)
    return embedded(env, home=var or VAR)


@contextmanager
def open_house(var: Path | None) -> Iterator["House"]:
    """Open the house for one command; what it refuses is told in a line or two."""
    with telling_refusals():
        from api.bootstrap import build
        from api.config import Settings

        house = build(Settings.from_env(environment(os.environ, var=var)))
        try:
            yield house
        finally:
            house.close()


def _models(env: Mapping[str, str], home: Path) -> Path:
    """Find the networks: where the environment says, beside the installation, or in the checkout's own var."""
    given = env.get("IDPHOTO_MODELS")
    if given:
        return Path(given)
    checkout = Path(__file__).resolve().parents[2] / "var" / "models"
    return home / "models" if (home / "models").is_dir() or not checkout.is_dir() else checkout
