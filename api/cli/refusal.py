"""End a command with what went wrong, in a line or two."""

from contextlib import AbstractContextManager

import click

from api.plain_words import in_words


class Refusal(click.ClickException):
    """An error on purpose: printed in a line or two, exit status 2."""

    exit_code = 2


def telling_refusals() -> AbstractContextManager[None]:
    """Turn what the house refuses, bad settings and a silent database into a Refusal."""
    return in_words(Refusal)
