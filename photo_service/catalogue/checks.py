"""Which checks a spec asks for, and whether that agrees with its other rules."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from photo_service.catalogue.table import SpecFault, SpecFileError, SpecTable
from photo_service.codes import FindingCode
from photo_service.contract import Severity
from photo_service.spec import Spec

T = TypeVar("T")

SETS_FILE: Final = "check_sets.toml"
_SEVERITIES: Final = ("fail", "warn", "off")


def read_checks(table: SpecTable) -> Mapping[str, Severity]:
    """Read a severity for every code: those of the set that `like` names, and what the file itself says over them.

    Without `like` the file must name every code, so that a check is never off because it was forgotten.
    """
    like = table.one_of("like", tuple(check_sets())) if table.has("like") else None
    said = _by_code(table, lambda code: table.one_of(code, _SEVERITIES))
    decided = {**(check_sets()[like] if like else {}), **said}
    if missing := [code for code in FindingCode if code not in decided]:
        table.fault(missing[0], "is missing: name every code, or a set of them by `like`")
    return {code: Severity(severity) for code, severity in decided.items() if severity != "off"}


def read_limits(table: SpecTable) -> Mapping[str, float]:
    """Read the limits that differ from a check's own, in the check's unit."""
    return _by_code(table, lambda code: table.number(code, -1e6, 1e6))


def agree_with_rules(table: SpecTable, spec: Spec) -> None:
    """Note where a rule of the spec is looked after by no check, or a check has no rule to hold anything against."""
    pairs = (
        ("glasses_worn", spec.glasses == "forbidden", 'glasses is "forbidden"'),
        ("photo_too_old", spec.recency_days is not None, "recency_days is given"),
        ("wrong_background", bool(spec.background.colour or spec.background.wall), "background has a colour or a wall"),
    )
    for code, ruled, rule in pairs:
        if ruled and code not in spec.checks:
            table.fault(f"checks.{code}", f"is off, although {rule}")
        elif not ruled and code in spec.checks:
            table.fault(f"checks.{code}", f"is on, but not: {rule}")


@cache
def check_sets() -> Mapping[str, Mapping[str, str]]:
    """Read the named sets of severities, each of which decides about every code.

    Raises SpecFileError when one does not.
    """
    tables = tomllib.loads((files("photo_service.catalogue") / SETS_FILE).read_text(encoding="utf-8"))
    faults: list[SpecFault] = []
    sets = {
        name: _set(SpecTable(codes, file=SETS_FILE, path=f"{name}.", faults=faults)) for name, codes in tables.items()
    }
    if faults:
        raise SpecFileError(tuple(faults))
    return sets


def _set(table: SpecTable) -> Mapping[str, str]:
    severities = {code.value: table.one_of(code, _SEVERITIES) for code in FindingCode}
    table.done()
    return severities


def _by_code(table: SpecTable, read: Callable[[str], T]) -> dict[str, T]:
    known = tuple(FindingCode)
    codes = [code for code in table.keys() if code != "like"]  # noqa: SIM118  a table of ours, not a dict
    for code in codes:
        if code not in known:
            table.fault(code, "is not a finding code")
    return {code: read(code) for code in codes if code in known}
