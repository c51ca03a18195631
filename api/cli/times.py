"""Moments as people type them: Beijing time, to the second."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import click

BEIJING = timezone(timedelta(hours=8))
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


class BeijingTime(click.ParamType[datetime]):
    """`2023-04-03 23:59:59`, read as Beijing time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment, in UTC."""
        if isinstance(value, datetime):
            return value
        read = next((moment for form in _FORMS if (moment := _read(value, form)) is not None), None)
        if read is None:
            self.fail(f"{value!r} is not a Beijing time such as '2023-04-03 23:59:59'", param, ctx)
        return read


def _read(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None


def beijing(moment: datetime) -> str:
    """Return a moment as the notices give it."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
