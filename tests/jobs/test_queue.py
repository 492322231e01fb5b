from uuid import UUID

import pytest
import rq
from pydantic import SecretStr
from rq.serializers import JSONSerializer

from config.settings import JobSettings, RedisSettings, Settings
from jobs.queue import Queue, QueueUnavailable, queue_of
from jobs.schedule import Run, Terms

RUN = Run("dataset", UUID(int=5), "2026-W47")


def test_an_offer_carries_names_and_terms_alone(redis_url: str, prefix: str) -> None:
    queue = Queue(redis_url, prefix)
    queue.offer([RUN], Terms(lease_s=2, timeout_s=100, again_s=50))
    with queue.connect() as connection:
        (job,) = rq.Queue(queue.name, connection=connection, serializer=JSONSerializer).jobs
    assert job.func_name == "jobs.tasks.run"
    assert job.args[:3] == ["dataset", str(UUID(int=5)), "2026-W47"]
    assert Terms(**job.args[3]) == Terms(lease_s=2, timeout_s=100, again_s=50)
    assert (job.timeout, job.ttl) == (160, 50)
    assert job.retries_left is None


def test_deployments_on_one_redis_do_not_work_for_each_other(redis_url: str, prefix: str) -> None:
    mine, theirs = Queue(redis_url, prefix), Queue(redis_url, f"{prefix}-other")
    theirs.offer([RUN], Terms())
    with mine.connect() as connection:
        assert rq.Queue(mine.name, connection=connection).count == 0
        assert rq.Queue(theirs.name, connection=connection).count == 1


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "unix:///tmp/nobody-listens-here.sock"])
def test_a_redis_that_does_not_answer_is_unavailable(url: str) -> None:
    with pytest.raises(QueueUnavailable):
        Queue(url).offer([RUN], Terms())


def test_jobs_may_have_a_redis_of_their_own() -> None:
    shared = Settings(redis=RedisSettings(url=SecretStr("redis://shared"), prefix="a"))
    assert queue_of(shared) == Queue("redis://shared", "a")
    own = Settings(redis=shared.redis, jobs=JobSettings(redis_url=SecretStr("redis://own")))
    assert queue_of(own).url == "redis://own"
    with pytest.raises(SystemExit, match="Jobs need a Redis"):
        queue_of(Settings(redis=RedisSettings(url=None)))
