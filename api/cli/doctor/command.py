"""`idphoto doctor`: this machine's photo making, and the installation that the environment describes."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from api.cli.surroundings import describes_an_installation, environment, var_option

if TYPE_CHECKING:
    from photo_service.doctor import Symptom


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON: part, ok, found, why, advice.")
@var_option
def doctor(as_json: bool, var: Path | None) -> NoReturn:
    """Say what is wrong here, and what to do. Exit status 1 if anything is.

    Looks at what makes photos on this machine; then, where the environment describes an installation or --var names
    one, at its settings, database, Redis, files, workers, deliveries and WeChat. Changes nothing.
    """
    symptoms = []
    for symptom in _symptoms(var):
        symptoms.append(symptom)
        if not as_json:
            click.echo(str(symptom))
    if as_json:
        click.echo(json.dumps([symptom.to_json() for symptom in symptoms], ensure_ascii=False, indent=2))
    sys.exit(0 if all(symptom.well for symptom in symptoms) else 1)


def _symptoms(var: Path | None) -> Iterator["Symptom"]:
    from photo_service.doctor import examine
    from photo_service.models.store import models_home

    described = var is not None or describes_an_installation(os.environ)
    env = environment(os.environ, var=var) if described else os.environ
    yield from examine(models_home(env))
    if described:
        from api.cli.doctor.installation import examine_installation

        yield from examine_installation(env)
