"""The bell, over RQ: only ids go into Redis, as JSON, and a job is named after the ring it answers."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from api.domain.errors import QueueUnavailable
from api.domain.work import Ring, Work

JOBS = {
    Work.RENDER: "worker.jobs.render",
    Work.DELIVER: "worker.jobs.deliver",
    Work.NOTIFY: "worker.jobs.notify",
    Work.PUSH: "worker.jobs.handle_push",
    Work.MEDIA_CHECK: "worker.jobs.check_media",
    Work.EXHIBIT: "worker.jobs.make_exhibit",
    Work.OFFICE: "worker.jobs.do_office_work",
}
"""By dotted name: the API knows what the worker is called, not what it is."""

_KEEP_FAILED_S = 3600
_CONNECT_S, _ANSWER_S = 1.0, 3.0


def connect(url: str) -> "Redis":
    """Connect for a process that must not wait for Redis: one quick retry for a stale connection, then an error.

    The library's own default retries for several seconds, which a student would wait for.
    """
    return Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_S,
        socket_timeout=_ANSWER_S,
        retry=Retry(NoBackoff(), 1),
    )


class RqBell:
    """Ring for workers through queues, one per kind of work.

    `timeouts_s` is how long RQ lets a job run: as long as its lease, for after that its result counts for nothing.
    """

    def __init__(self, redis: "Redis", *, timeouts_s: Mapping[Work, int]) -> None:
        logging.getLogger("rq").setLevel(logging.WARNING)
        self._redis = redis
        self._timeouts_s = dict(timeouts_s)
        self._queues = {work: Queue(work.value, connection=redis, serializer=JSONSerializer) for work in Work}

    def ring(self, ring: Ring) -> None:
        """Put one job into the queue unless it waits there already. Raises QueueUnavailable.

        A job that exists but waits nowhere was lost by a worker that died between taking and starting it: it is put
        in again. Should it be alive after all, the claim in the database lets only one of the two do anything.
        """
        queue = self._queues[ring.work]
        with _redis_errors():
            try:
                self._enqueue(queue, ring, unique=True)
            except DuplicateJobError:
                if self._redis.lpos(queue.key, ring.id) is None:
                    self._enqueue(queue, ring, unique=False)

    def waiting(self, work: Work) -> frozenset[str]:
        """Return the names of the jobs in the queue. Raises QueueUnavailable."""
        with _redis_errors():
            return frozenset(self._queues[work].get_job_ids())

    def ping(self) -> None:
        """Raise QueueUnavailable when Redis does not answer."""
        with _redis_errors():
            self._redis.ping()

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _enqueue(self, queue: Queue, ring: Ring, *, unique: bool) -> None:
        queue.enqueue_call(
            JOBS[ring.work],
            args=(ring.thing_id,),
            job_id=ring.id,
            timeout=self._timeouts_s[ring.work],
            result_ttl=0,
            failure_ttl=_KEEP_FAILED_S,
            description=ring.id,
            unique=unique,
        )


@contextmanager
def _redis_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as fault:
        raise QueueUnavailable from fault
