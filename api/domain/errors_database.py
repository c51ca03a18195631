"""What the house says while its memory is away."""

from api.domain.errors import Fault


class DatabaseUnavailable(Fault):
    """The database does not answer, or not in time; `retry_after` is set.

    Nothing of the unit of work was kept. Only the answer to a commit can be lost after it was: whoever repeats is
    told apart by an idempotency key, or by a compare and swap.
    """

    code = "database_unavailable"
