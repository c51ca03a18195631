"""What the house says of a clock it does not believe."""

from api.domain.errors import Fault


class ClockAhead(Fault):
    """The clock is further ahead of what was last believed than an installation is ever silent: nothing is deleted.

    Facts: `now`, `latest`, both ISO 8601, and `days` between them.
    """

    code = "clock_ahead"
