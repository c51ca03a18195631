"""The list of commands. Each is imported when it is asked for: `idphoto make` knows nothing of the back end."""

from collections.abc import Iterator
from importlib import import_module

import click

PHOTOS = "Photos"
RUNNING = "Running"
ADMINISTRATION = "Administration"

COMMANDS: dict[str, tuple[str, str, str]] = {
    "make": (PHOTOS, "photo_service.cli:make", "Selfies to photos; a directory too."),
    "sheet": (PHOTOS, "photo_service.cli:sheet", "Photos on paper, ready for the printer."),
    "check": (PHOTOS, "photo_service.cli:check", "Is a finished file compliant?"),
    "specs": (PHOTOS, "photo_service.cli:specs", "The catalogue of specifications."),
    "models": (PHOTOS, "photo_service.cli:models", "The networks: list, install."),
    "doctor": (PHOTOS, "api.cli.doctor:doctor", "What is wrong with this installation."),
    "up": (RUNNING, "api.cli.up:up", "Everything embedded, on this machine."),
    "demo": (RUNNING, "api.cli.demo.command:demo", "One real selfie through every step, no hands."),
    "serve": (RUNNING, "api.cli.parts:serve", "The API alone."),
    "worker": (RUNNING, "api.cli.parts:worker", "A worker alone."),
    "photo-service": (RUNNING, "photo_service.cli:photo_service", "The photo service alone, over HTTP."),
    "campaign": (ADMINISTRATION, "api.cli.campaign:campaign", "Campaigns: create, extend, list, show, stats."),
    "roster": (ADMINISTRATION, "api.cli.roster:roster", "The people of a campaign: list, import, errors."),
    "wechat": (ADMINISTRATION, "api.cli.wechat:wechat", "The mini-program: check its settings, poster codes."),
    "review": (ADMINISTRATION, "api.cli.review:review", "Submissions: list, show, history, approve, return, undo."),
    "registry": (ADMINISTRATION, "api.cli.registry:registry", "Receiving systems: add, ping, verify-endpoint …"),
    "deliveries": (ADMINISTRATION, "api.cli.deliveries:deliveries", "Events owed to registries: list, show, replay."),
    "export": (ADMINISTRATION, "api.cli.export:export", "Approved photos as a ZIP, with manifest and checksums."),
    "staff": (ADMINISTRATION, "api.cli.staff:staff", "Staff accounts: add, scope, reset-password, disable, audit."),
    "database": (ADMINISTRATION, "api.cli.database:database", "The database: status, upgrade, copy to another."),
    "backup": (ADMINISTRATION, "api.cli.backup:backup", "Database and pictures into a folder, without the keys."),
    "restore": (ADMINISTRATION, "api.cli.backup:restore", "Bring them back from there."),
    "keys": (ADMINISTRATION, "api.cli.keys:keys", "Data keys: what lies under old ones, seal it anew."),
    "storage": (ADMINISTRATION, "api.cli.storage:storage", "Where files lie: check it, copy everything elsewhere."),
    "sweep": (ADMINISTRATION, "api.cli.upkeep:sweep", "Put back what was lost, now."),
    "purge": (ADMINISTRATION, "api.cli.upkeep:purge", "Delete what has outlived its purpose, now."),
}
"""Name: section, where it lives, one line for the help."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and prints its help without importing any."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][1].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, lines in _sections():
            with formatter.section(section):
                formatter.write_dl(lines)


def _sections() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for wanted in (PHOTOS, RUNNING, ADMINISTRATION):
        yield wanted, [(name, summary) for name, (section, _, summary) in COMMANDS.items() if section == wanted]


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="campus-id-photo", prog_name="idphoto")
def main() -> None:
    """Campus ID Photo 校园证件照: a selfie in, a compliant ID photo out, or every reason why not."""
