"""Staff accounts on the command line."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from api.bootstrap import House
from api.cli.surroundings import open_house, var_option
from api.cli.tables import show
from api.cli.times import BeijingTime, beijing
from api.domain.audit import AuditFilter, AuditHead
from api.domain.reviewer import Role, Scope
from api.domain.staff import StaffMember, plain_login
from api.services.deeds import Deed
from api.services.staff_accounts import Issued

_ACTOR = "command line"
_PARTS = {"college": "college", "grade": "grade", "major": "major", "class": "class_"}


class ScopeText(click.ParamType[Scope]):
    """`college=软件学院,class=软件2201班`; what is left out means every one."""

    name = "scope"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Scope:
        """Return the assignment."""
        if isinstance(value, Scope):
            return value
        pairs = [part.partition("=") for part in str(value).split(",")]
        if not all(key.strip() in _PARTS and text.strip() for key, _, text in pairs):
            self.fail(
                f"{value!r} is not such as college=软件学院,grade=2022,major=软件技术,class=软件2201班", param, ctx
            )
        return Scope(**{_PARTS[key.strip()]: text.strip() for key, _, text in pairs})


@click.group()
def staff() -> None:
    """Counsellors and registrars: who has an account on the console, and what was done there."""


@staff.command("list")
@var_option
def list_staff(var: Path | None) -> None:
    """List every account."""
    with open_house(var) as house:
        found = house.staff.find()
    show(
        ("id", "login", "name", "role", "scopes", "state", "last login"),
        [
            (
                one.id,
                one.login,
                one.name,
                one.role,
                "; ".join(map(_told, one.scopes)) if one.role is Role.COUNSELLOR else "everyone",
                _state(one),
                one.last_login_at and beijing(one.last_login_at),
            )
            for one in found
        ],
    )


@staff.command()
@click.argument("login")
@click.option("--name", default="", help="The name that the history of a review shows. [the login]")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="counsellor", show_default=True)
@click.option("--scope", "scopes", type=ScopeText(), multiple=True, help="What a counsellor sees; may come again.")
@var_option
def add(login: str, name: str, role: str, scopes: tuple[Scope, ...], var: Path | None) -> None:
    """Open an account and print its one-time password, this once.

    \b
    idphoto staff add zhao --name 赵老师 --role registrar
    idphoto staff add lin --name 林老师 --scope college=软件学院,grade=2022 --scope class=陶瓷2202班
    """
    with open_house(var) as house:
        added = house.staff.note.deed(
            "staff.added",
            actor=_ACTOR,
            subject=lambda issued: issued.member.id,
            detail=lambda issued: {"login": issued.member.login, "role": role},
        )
        issued = house.staff.add(login, name=name, role=Role(role), scopes=scopes, deed=added)
    _print(issued)


@staff.command()
@click.argument("login")
@click.option("--add", "added", type=ScopeText(), multiple=True, help="Assign; may come again.")
@click.option("--remove", "removed", type=ScopeText(), multiple=True, help="Take away; may come again.")
@var_option
def scope(login: str, added: tuple[Scope, ...], removed: tuple[Scope, ...], var: Path | None) -> None:
    """Change what a counsellor sees, and print it.

    \b
    idphoto staff scope lin --add class=软件2201班 --remove college=陶瓷学院
    """
    with open_house(var) as house:
        member = house.staff.find.by_login(login)
        if added or removed:
            left = tuple(one for one in dict.fromkeys((*member.scopes, *added)) if one not in removed)
            told = {"added": "; ".join(map(_told, added)), "removed": "; ".join(map(_told, removed))}
            scoped = _deed(house, "staff.scoped", member, **{key: value for key, value in told.items() if value})
            member = house.staff.change(member.id, scopes=left, deed=scoped)
    show(("scope",), [(_told(one),) for one in member.scopes])


@staff.command("reset-password")
@click.argument("login")
@var_option
def reset_password(login: str, var: Path | None) -> None:
    """Print a new one-time password, this once; the old one and every session end.

    \b
    idphoto staff reset-password lin
    """
    with open_house(var) as house:
        member = house.staff.find.by_login(login)
        issued = house.staff.reset_password(member.id, deed=_deed(house, "staff.reset", member))
    _print(issued)


@staff.command()
@click.argument("login")
@var_option
def disable(login: str, var: Path | None) -> None:
    """Let an account open nothing from now on; its sessions end.

    \b
    idphoto staff disable lin
    """
    with open_house(var) as house:
        member = house.staff.find.by_login(login)
        house.staff.change(member.id, enabled=False, deed=_deed(house, "staff.disabled", member))
    click.echo(f"{member.login} is disabled, its sessions have ended")


@staff.command()
@click.argument("login")
@var_option
def enable(login: str, var: Path | None) -> None:
    """Let a disabled account open again what it did.

    \b
    idphoto staff enable lin
    """
    with open_house(var) as house:
        member = house.staff.find.by_login(login)
        house.staff.change(member.id, enabled=True, deed=_deed(house, "staff.enabled", member))
    click.echo(f"{member.login} is enabled")


@staff.command()
@click.option("--who", default="", help="The login of whoever did it.")
@click.option("--what", default="", help="An action, or how it begins: review, staff.login …")
@click.option("--subject", default="", help="The id of what it was done to.")
@click.option("--from", "start", type=BeijingTime(), help="From this Beijing time on.")
@click.option("--to", "end", type=BeijingTime(), help="Until before this Beijing time.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="The newest so many.")
@click.option("--verify", is_flag=True, help="Check the whole chain instead; exit status 1 where it does not hold.")
@click.option("--expect", metavar="NUMBER:MARK", help="With --verify: an end of the log that was printed earlier.")
@var_option
def audit(limit: int, verify: bool, expect: str | None, var: Path | None, **wanted: Any) -> None:
    """Show the audit log, newest first, or prove that nobody has changed it below the database.

    \b
    idphoto staff audit --who lin --from '2026-03-02 00:00'
    idphoto staff audit --verify
    """
    with open_house(var) as house:
        if verify:
            _verify(house, expect)
            return
        found = AuditFilter(
            actor=plain_login(wanted["who"]),
            action=wanted["what"],
            subject=wanted["subject"],
            start=wanted["start"],
            end=wanted["end"],
        )
        rows = house.staff.find_audit(found, limit=limit).rows
    show(
        ("no", "time", "who", "action", "subject", "detail", "address"),
        [
            (
                row.seq,
                beijing(row.at),
                row.actor or "?",
                row.action,
                row.subject,
                _pairs(row.detail.items()),
                row.address,
            )
            for row in rows
        ],
    )


def _verify(house: House, expect: str | None) -> None:
    number, _, mark = (expect or "0:").partition(":")
    if not number.isdecimal():
        raise click.BadParameter("is not NUMBER:MARK as --verify prints it", param_hint="--expect")
    proof = house.staff.verify_audit(expected=AuditHead(int(number), mark) if expect else None)
    if proof.fault is not None:
        raise click.ClickException(f"the audit log does not hold: {proof.fault} at row {proof.at}")
    click.echo(f"{proof.rows} rows hold; the end is {proof.last}:{proof.mark}")


def _deed(house: House, action: str, member: StaffMember, **detail: str) -> Deed:
    return house.staff.note.deed(action, actor=_ACTOR, subject=member.id, detail=detail)


def _print(issued: Issued) -> None:
    until = issued.member.one_time_until
    rows = [("login", issued.member.login), ("one-time password", issued.password)]
    show(("field", "value"), [*rows, ("good until", beijing(until) if until else "")])


def _state(member: StaffMember) -> str:
    if not member.enabled:
        return "disabled"
    return "one-time password" if member.must_change_password else "active"


def _told(scope: Scope) -> str:
    return _pairs((key, getattr(scope, part)) for key, part in _PARTS.items() if getattr(scope, part)).replace(" ", ",")


def _pairs(items: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{key}={value}" for key, value in items)
