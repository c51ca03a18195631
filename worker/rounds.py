"""One worker process: a warm house, one queue, no fork per job, and no end but by request."""

import signal
import time
import traceback
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from api.bootstrap import House
from api.domain.errors import RendererAway
from api.domain.work import Work
from worker import context
from worker.chores import Chores

QUEUES = {
    Work.RENDER: (Work.RENDER, Work.EXHIBIT),
    Work.DELIVER: (Work.PUSH, Work.NOTIFY, Work.DELIVER, Work.MEDIA_CHECK),
    Work.OFFICE: (Work.OFFICE,),
}
"""What each kind of worker process works on, the most urgent first: WeChat's part is rare and quick, a registry may be
slow; what reviewers look at is drawn when no student waits for a photo. The office's rosters and exports take minutes
and no worker leaves a job half done, so that they have a process of their own: a delivery never waits for them."""

_AGAIN_S = 1.0
_WORKER_TTL_S = 60


class WarmWorker(SimpleWorker):
    """RQ's worker without a fork: models stay loaded, and jobs see the house of this process.

    It remembers that it was asked to end. RQ's own loop also ends when Redis goes away, which must not end us.
    """

    asked_to_end = False
    max_connection_wait_time = 2.0  # RQ's minute would be a minute of nobody working after Redis is back

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log that a job broke off: kinds of error and places, never a text, which may quote what was written."""
        fault = exc_info[1]
        cause = fault.__cause__ if fault is not None else None
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(exc_info[2])[-5:]]
        structlog.get_logger("worker").error(
            "job_failed",
            job=job.id,
            error=type(fault).__name__,
            cause=type(cause).__name__ if cause is not None else None,
            at=places,
        )

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: Any = None,
        exc_string: str = "",  # noqa: ARG002 - RQ's signature
        execution: Any = None,
    ) -> None:
        """Keep in Redis that a job failed, not the traceback, which RQ would keep there: only ids go in."""
        super().handle_job_failure(job, queue, started_job_registry, execution=execution)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Finish the job at hand, then end; asked twice, end now."""
        self.asked_to_end = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call] # RQ is half typed


def work(house: House, what: Work, *, place: str | None = None) -> None:
    """Work on the queues of one kind of process until SIGTERM or SIGINT. Raises RendererAway without its models.

    `place` is this process's in its crew: nobody else is ever started in it while this one lives. What the one before
    was rendering when it died is put back first of all.

    Runs in the main thread, for RQ's time limits are signals.

    A job that a killed worker left half done stays in RQ's books until its registry is cleaned; nothing waits for
    that. Its place is taken again, or the photo's own lease runs out; then it is rung for under the next attempt's
    name, and the claim decides.
    """
    context.enter(house, place=place)
    ending = _Ending()
    chores = Chores(house)
    if what is Work.RENDER:
        _take_over(house, place)
        _warm(house)
    chores.start()
    structlog.get_logger("worker").info("working", queue=what.value)
    try:
        while not ending.asked:
            _rounds(house.settings.redis_url, what, ending)
    finally:
        chores.stop()
        context.leave()


def _take_over(house: House, place: str | None) -> None:
    """Put back what died with the one before: a student waits for it, and another worker may be free."""
    released = house.sweep.after_death(place) if place is not None else 0
    if released:
        structlog.get_logger("worker").warning("took_over", photos_released=released)


def _warm(house: House) -> None:
    """Load the models. A photo service on another machine may come later; models of our own that are missing do not."""
    try:
        house.warm()
    except RendererAway:
        if house.settings.photo_service_url is None:
            raise
        structlog.get_logger("worker").warning("photo_service_away")


class _Ending:
    """Whether we were asked to end. Listens itself while RQ, which brings its own handlers, is not running."""

    def __init__(self) -> None:
        self.asked = False
        self.listen()

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the handler's shape
        self.asked = True


def _rounds(redis_url: str, what: Work, ending: _Ending) -> None:
    """Let RQ work until it gives up, which it does when Redis goes away, or until we are asked to end."""
    redis: Redis = Redis.from_url(redis_url, retry=Retry(NoBackoff(), 1))
    try:
        worker = worker_on(redis, what)
        worker.work(logging_level="WARNING")
        ending.asked = ending.asked or worker.asked_to_end
    except RedisError:
        structlog.get_logger("worker").warning("redis_away", queue=what.value)
    finally:
        ending.listen()
        redis.close()
    if not ending.asked:
        time.sleep(_AGAIN_S)


def worker_on(redis: "Redis", what: Work) -> WarmWorker:
    """Return RQ's worker for one kind of process, not yet working."""
    queues: list[Any] = [Queue(one.value, connection=redis, serializer=JSONSerializer) for one in QUEUES[what]]
    return WarmWorker(
        queues,
        connection=redis,
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=_WORKER_TTL_S,
    )
