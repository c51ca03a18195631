"""The store of files, when it does not do what it is asked."""

from api.domain.errors import Fault

_AGAIN_S = 30
"""As with a full queue: long enough for a store that is throttling us, short enough for a student who waits."""


class StorageUnavailable(Fault):
    """Where the files lie is away, too busy or full, or refuses us.

    Nothing is said about a file: it may be there or not, and a write that failed may have arrived all the same. Nobody
    who catches this may take a file for gone or for kept. Facts: `reason`, a word for operators (`unreachable`,
    `timeout`, `denied`, `throttled`, `ENOSPC` …).
    """

    code = "storage_unavailable"

    def __init__(self, *, reason: str) -> None:
        super().__init__(retry_after=_AGAIN_S, reason=reason)
