"""Which workers live, as Redis knows it: every one signs in there and renews its name while it lives."""

from collections.abc import Mapping

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from api.domain.errors import QueueUnavailable
from api.domain.work import Work

KINDS = (Work.RENDER, Work.DELIVER, Work.OFFICE)
"""The kinds of worker process there are; each also takes the lesser work of its kind (`worker.rounds`)."""


def living_workers(redis: "Redis") -> Mapping[Work, int]:
    """Return how many processes of each kind are signed in. Raises QueueUnavailable.

    One that ended in order signs out at once; one that was killed is forgotten after two minutes without a sign of
    life (RQ keeps the name for the worker's `worker_ttl` of 60 s and a minute more).
    """
    try:
        workers = SimpleWorker.all(connection=redis, serializer=JSONSerializer)
        taken = [set(worker.queue_names()) for worker in workers]
    except RedisError as fault:
        raise QueueUnavailable from fault
    return {kind: sum(kind.value in queues for queues in taken) for kind in KINDS}
