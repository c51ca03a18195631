"""What a spec asks of a student before the camera, for the poster: its own rules and nothing that only some ask for."""

from collections.abc import Iterator

from api.web.console.words import t
from photo_service.contract import Severity
from photo_service.spec import Spec

_POSE = {
    "head_turned": "front",
    "head_covered": "bareheaded",
    "ears_covered": "ears",
    "face_occluded": "face",
    "eyes_closed": "eyes",
    "mouth_open": "mouth",
}
"""The checks a person can do something about before the picture is taken, and what they read. Those that only warn are
not rules: a poster that asks for more than the notice does sends people to the hairdresser."""

_COLOURS = {"#FFFFFF": "white", "#64C5FF": "light_blue", "#438EDB": "blue", "#F0F0F0": "light_grey", "#FF0000": "red"}
_DAYS_A_MONTH = 30.5


def shooting_rules(spec: Spec) -> tuple[str, ...]:
    """Return the rules, in the language of the page, in the order in which one stands, looks and dresses."""
    pose = (t(f"campaign.rule.{word}") for check, word in _POSE.items() if spec.checks.get(check) is Severity.FAIL)
    return (*pose, *_glasses(spec), *_background(spec), *_recency(spec))


def _glasses(spec: Spec) -> Iterator[str]:
    if spec.glasses != "allowed":
        yield t(f"campaign.rule.glasses_{spec.glasses}")
    if spec.glasses != "forbidden" and spec.checks.get("glasses_glare") is Severity.FAIL:
        yield t("campaign.rule.glare")


def _background(spec: Spec) -> Iterator[str]:
    behind = spec.background
    if behind.wall:
        yield t("campaign.rule.wall", colours=_names(behind.wall))
    elif behind.colour is not None and not behind.any_colour:
        yield t("campaign.rule.background", colours=_names(behind.choices))


def _recency(spec: Spec) -> Iterator[str]:
    if spec.recency_days:
        yield t("campaign.rule.recent", months=max(1, round(spec.recency_days / _DAYS_A_MONTH)))


def _names(colours: tuple[tuple[int, int, int], ...]) -> str:
    return "/".join(_name("#" + bytes(colour).hex().upper()) for colour in colours)


def _name(number: str) -> str:
    return t(f"campaign.colour.{_COLOURS[number]}") if number in _COLOURS else number
