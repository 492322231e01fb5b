"""RQ carries offers of jobs to worker processes; what it forgets is offered again.

`python -m jobs.queue` is a worker. It opens nothing but its own connection to Redis: what a job
needs is opened in the child that RQ forks for it.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import rq
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.serializers import JSONSerializer

from config.logging import configure
from config.settings import Settings
from jobs.schedule import Run, Terms
from services.lineage import end_with
from text.privacy import scrub

TASK: Final = "jobs.tasks.run"
KEEP_FAILURES_S: Final = 7 * 86_400
MONITOR_S: Final = 5
ANSWER_S: Final = 5.0


class QueueUnavailable(Exception):
    """Redis did not take the offer."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Deployments that share a Redis differ in `prefix`."""

    url: str
    prefix: str = "aprendiz"

    @property
    def name(self) -> str:
        return f"{self.prefix}-jobs"

    def connect(self) -> Redis:
        """RQ reads bytes itself: a client that decodes would leave every job queued for ever."""
        return Redis.from_url(
            self.url,
            protocol=2,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
        )

    def offer(self, runs: Sequence[Run], terms: Terms) -> None:
        """An offer nobody takes expires, so that offers of an idle night do not pile up."""
        try:
            with self.connect() as connection:
                queue = rq.Queue(self.name, connection=connection, serializer=JSONSerializer)
                for run in runs:
                    queue.enqueue_call(
                        TASK,
                        args=[run.name, str(run.shop), run.period, asdict(terms)],
                        timeout=terms.timeout_s + 60,
                        ttl=max(int(terms.again_s), 1),
                        failure_ttl=KEEP_FAILURES_S,
                        description=f"{run.name} {run.period} of {run.shop}",
                    )
        except (RedisError, OSError) as error:
            raise QueueUnavailable(str(error) or type(error).__name__) from error

    def work(self, *, burst: bool = False) -> None:
        worker = rq.Worker(
            [self.name],
            connection=self.connect(),
            serializer=JSONSerializer,
            job_monitoring_interval=MONITOR_S,
        )
        worker.work(burst=burst, logging_level="WARNING")


def queue_of(settings: Settings) -> Queue:
    url = settings.jobs.redis_url or settings.redis.url
    if url is None:
        sys.exit("Jobs need a Redis: set APRENDIZ_REDIS_URL or APRENDIZ_JOBS__REDIS_URL")
    return Queue(url.get_secret_value(), settings.redis.prefix)


def main() -> None:
    parser = argparse.ArgumentParser(description="Works off queued jobs until it is told to stop.")
    parser.add_argument("--parent", type=int, help="end when this process, our parent, does")
    parser.add_argument("--burst", action="store_true", help="end when the queue is empty")
    asked = parser.parse_args()
    if asked.parent is not None:
        end_with(asked.parent, signal.SIGTERM)
    # RQ would log to stdout, which belongs to whatever our parent prints for programs.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(message)s")
    configure(lambda said: scrub(said).text)
    queue_of(Settings()).work(burst=asked.burst)


if __name__ == "__main__":
    main()
